"""The README does what it says: its first run is executed, its tables are the code's."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from conftest import ROOT

from analyzer.cli import COMMANDS
from analyzer.errors import WORST_FIRST, ExitStatus

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_run_prints_what_the_readme_shows(tmp_path: Path) -> None:
    block = re.search(r"```console\n\$ analyzer (run [^\n]+)\n(.*?)```", README, re.DOTALL)
    assert block is not None
    shutil.copytree(ROOT / "sample_inputs", tmp_path / "sample_inputs")
    done = subprocess.run(
        [sys.executable, "-m", "analyzer", *block[1].split()],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    shown = block[2].replace("/home/you/analyzer", str(tmp_path))
    assert done.stdout == shown


def test_every_command_named_exists() -> None:
    named = set(re.findall(r"(?:^\$ |`)analyzer ([a-z]+)", README, re.MULTILINE))
    assert named - COMMANDS.keys() == set()
    assert named >= {"run", "check", "explain", "init", "template", "schedule", "watch", "send", "policy"}


def test_every_exit_status_is_listed_and_the_order_of_the_worst() -> None:
    table = README.partition("## Exit statuses")[2].partition("##")[0]
    listed = {int(number) for row in re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE) for number in row.split(",")}
    assert listed == {int(status) for status in ExitStatus}
    order = re.search(r"the worst wins: ([\d, ]+)\.", table)
    assert order is not None
    worst_first = [int(status) for status in WORST_FIRST if status is not ExitStatus.USAGE]
    assert [int(number) for number in order[1].split(",")] == worst_first


def test_ten_promises_each_with_a_test() -> None:
    promises = README.partition("## Ten promises")[2].partition("\n## ")[0]
    numbered = re.findall(r"^(\d+)\. (.*(?:\n {3,}.*)*)", promises, re.MULTILINE)
    assert [number for number, _ in numbered] == [str(number) for number in range(1, 11)]
    assert [number for number, promise in numbered if "](tests/test_" not in promise] == []


def test_every_link_and_picture_is_there() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    missing = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert missing == []
