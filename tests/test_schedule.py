"""Printed scheduler files: valid for their scheduler, whatever the path is called, and due once a month."""

import re
import shlex
import shutil
import subprocess
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from analyzer.period import Period
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


YEARS = range(2025, 2036)


def times_due(text: str) -> set[tuple[int, int, int]]:
    """Day, hour and minute that a printed file names."""
    cron = re.findall(r'^(?:    - cron: ")?(\d+) (\d+) (\d+) \* \*', text, re.MULTILINE)
    calendar = re.findall(r"OnCalendar=\*-\*-(\d+) (\d+):(\d+):00", text)
    boundary = re.findall(r"<StartBoundary>\d+-\d+-(\d+)T(\d+):(\d+):00", text)
    return {
        (int(day), int(hour), int(minute)) for day, hour, minute in (*(one[::-1] for one in cron), *calendar, *boundary)
    }


@pytest.mark.parametrize("form", sorted(schedule.FORMS))
def test_i2_a_run_is_due_once_in_every_month_of_every_zone(form: str) -> None:
    ((day, hour, minute),) = times_due(schedule.FORMS[form](PLAIN))
    due = [datetime(year, month, day, hour, minute) for year in YEARS for month in range(1, 13)]  # noqa: DTZ001 - on the wall
    for name in sorted(zoneinfo.available_timezones()):
        zone = zoneinfo.ZoneInfo(name)
        for wall in due:
            instants = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
            assert instants[0] == instants[1], f"{wall} is missing or twice in {name}"


def test_i2_whatever_the_day_of_the_run_last_month_is_the_month_before() -> None:
    days = [date(2024, 1, 1) + timedelta(number) for number in range(5 * 365)]
    for day in days:
        month = Period.of(day).previous
        assert month.as_of == day.replace(day=1) - timedelta(1), day
    assert {Period.of(day).previous.as_of.day for day in days if day.month == 3} == {28, 29}


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
