"""What strangers install: wheel and sdist hold all that is needed, and the command works outside the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

BUILD = "from setuptools import build_meta as b; b.build_{kind}({folder!r})"
SKIPPED = shutil.ignore_patterns(".*", "out", "build", "dist", "*.egg-info", "__pycache__", "*.actual*")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy to build in, so that nothing is left in the checkout."""
    copy = tmp_path_factory.mktemp("checkout") / "analyzer"
    shutil.copytree(ROOT, copy, ignore=SKIPPED)
    return copy


def built(checkout: Path, kind: str) -> Path:
    """What the build backend makes, without a network."""
    folder = checkout.parent / kind
    command = [sys.executable, "-c", BUILD.format(kind=kind, folder=str(folder))]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True)
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(checkout: Path) -> Path:
    return built(checkout, "wheel")


@pytest.fixture(scope="module")
def site(wheel: Path) -> Path:
    """The wheel as it lies after its installation."""
    folder = wheel.parent.parent / "site"
    with zipfile.ZipFile(wheel) as package:
        package.extractall(folder)  # noqa: S202 - our own wheel
    return folder


def python(site: Path, *words: str, at: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the installed package, away from the checkout."""
    environment = {**os.environ, "PYTHONPATH": str(site), **variables}
    return subprocess.run([sys.executable, *words], cwd=at, env=environment, capture_output=True, text=True, check=True)


def names(folder: Path) -> set[str]:
    """Paths of all files of a folder but what Python leaves there."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in paths if "__pycache__" not in path.parts}


def test_the_wheel_holds_every_module_and_all_data(site: Path) -> None:
    assert names(site / "analyzer") == names(ROOT / "analyzer") | {
        f"templates/{one}" for one in names(ROOT / "templates")
    }


def test_the_wheel_names_licence_notice_command_and_types(site: Path) -> None:
    (about,) = site.glob("*.dist-info")
    assert {"LICENSE", "NOTICE"} <= names(about / "licenses")
    assert "analyzer = analyzer.__main__:main" in (about / "entry_points.txt").read_text(encoding="utf-8")
    assert (site / "analyzer" / "py.typed").exists()
    said = (about / "METADATA").read_text(encoding="utf-8")
    assert "License-Expression: MIT" in said
    assert "Requires-Python: >=3.11" in said


def test_the_sdist_can_be_built_and_tested_from(checkout: Path) -> None:
    with tarfile.open(built(checkout, "sdist")) as package:
        held = {name.partition("/")[2] for name in package.getnames()}
    wanted = {"pyproject.toml", "constraints.txt", "Makefile", "README.md", "LICENSE", "NOTICE", "CHANGELOG.md"}
    assert wanted <= held
    for folder in ("analyzer", "templates", "sample_inputs", "docs", "tests", "benchmarks"):
        assert {f"{folder}/{name}" for name in names(checkout / folder)} - held == set()


def test_the_installed_command_works_outside_the_checkout(site: Path, tmp_path: Path) -> None:
    where = python(site, "-c", "import analyzer; print(analyzer.__file__)", at=tmp_path).stdout
    assert Path(where.strip()).is_relative_to(site)
    assert python(site, "-m", "analyzer", "--version", at=tmp_path).stdout.startswith("analyzer 0.")
    shutil.copy(ROOT / "sample_inputs" / "small-firm.xlsx", tmp_path)
    words = ("-m", "analyzer", "run", "small-firm.xlsx", "--home", "GB", "--period", "2026-10", "-o", "out", "--json")
    digest = json.loads(python(site, *words, at=tmp_path).stdout)
    assert digest["counts"]["tasks"] == 12
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "small-firm.annotated.xlsx",
        "small-firm.report.html",
        "small-firm.summary.json",
    ]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("analyzer ru", "run"), ("analyzer policy di", "diff"), ("analyzer run --fail-on h", "high")],
)
def test_the_shell_completes_commands_options_and_values(site: Path, tmp_path: Path, typed: str, offered: str) -> None:
    variables = {
        "_ANALYZER_COMPLETE": "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split()) - 1),
    }
    assert f"plain,{offered}" in python(site, "-m", "analyzer", at=tmp_path, **variables).stdout.split()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_documented_line_prints_a_completion_script(site: Path, tmp_path: Path, shell: str) -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"_ANALYZER_COMPLETE={shell}_source analyzer" in page
    script = python(site, "-m", "analyzer", at=tmp_path, _ANALYZER_COMPLETE=f"{shell}_source").stdout
    assert f"_ANALYZER_COMPLETE={shell}_complete" in script
