"""Printed scheduler files: valid for their scheduler, whatever the path is called."""

import shlex
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from analyzer.runs import schedule

ODD = schedule.Monthly(
    "/opt/a b/analyzer", '/data/100% of "it" & more', "/data/o'brien/analyzer.toml", "/data/100% of it"
)
PLAIN = schedule.Monthly("/usr/bin/true", "/data/in", "/data/analyzer.toml", "/tmp")  # noqa: S108 - a folder that exists


def test_a_cron_line_means_the_same_words() -> None:
    line = schedule.cron(ODD).splitlines()[-1]
    minute, hour, day, month, weekday, command = line.split(maxsplit=5)
    assert (minute, hour, day, month, weekday) == ("30", "6", "1", "*", "*")
    assert shlex.split(command.replace(r"\%", "%")) == ["cd", ODD.home, "&&", ODD.program, *ODD.arguments]
    assert "%" not in command.replace(r"\%", "")


def test_i1_i3_a_windows_task_is_xml_and_makes_up_a_missed_run() -> None:
    root = ET.fromstring(schedule.windows(ODD).partition("?>")[2])  # noqa: S314 - our own text
    names = {element.tag.rpartition("}")[2]: element.text for element in root.iter()}
    assert names["Command"] == ODD.program
    assert names["StartWhenAvailable"] == "true"
    assert names["MultipleInstancesPolicy"] == "IgnoreNew"


def test_i1_the_timer_catches_up_and_the_month_is_the_last_one() -> None:
    assert "Persistent=true" in schedule.systemd_timer(PLAIN)
    assert "--period last-month" in schedule.systemd_service(PLAIN)


@pytest.mark.parametrize("job", [PLAIN, schedule.Monthly("/usr/bin/true", ODD.folder, ODD.config, "/tmp")])  # noqa: S108 - a folder that exists
def test_systemd_finds_no_fault(tmp_path: Path, job: schedule.Monthly) -> None:
    verifier = shutil.which("systemd-analyze")
    if verifier is None:
        pytest.skip("systemd-analyze is not installed")
    (tmp_path / "analyzer.service").write_text(schedule.systemd_service(job), encoding="utf-8")
    (tmp_path / "analyzer.timer").write_text(schedule.systemd_timer(job), encoding="utf-8")
    done = subprocess.run(
        [verifier, "verify", "--man=no", str(tmp_path / "analyzer.timer"), str(tmp_path / "analyzer.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "analyzer." in line]
    assert (done.returncode, ours) == (0, [])


def test_a_workflow_names_the_run() -> None:
    text = schedule.github(PLAIN)
    assert "- run: analyzer run /data/in --config /data/analyzer.toml --period last-month -o out" in text
    assert 'cron: "30 6 1 * *"' in text
