"""A run gives the same tags whatever the machine's clock, zone, language and memory are, and what it read at start."""

import gc
import json
import locale
import os
import pickle
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from inspect import CO_GENERATOR
from pathlib import Path
from types import FrameType
from typing import Any, Self

import pytest
from conftest import SheetMaker

import analyzer
from analyzer.cli import run_command_line
from analyzer.errors import ExitStatus
from analyzer.period import Period
from analyzer.runs import child
from analyzer.runs.job import Outcome, perform
from analyzer.runs.plan import Job, Request
from analyzer.settings import Settings

SHEET = """
    ID  | Task     | Provider | Delivery country | FTE | Annual cost | Criticality | End date
    T-1 | Payroll  |          | GB               | 4,5 | 200000      |             | 2026-12-31
    T-2 | Helpline | Acme BPO | INDIA            | 40  | 900.000,00  | critical    | 31.01.2027
    T-3 | Cleaning | Bright   | İstanbul         | 1   | 40000       | INTERNAL    | 2026-02-29
"""
HOME = Settings.model_validate({"company": {"home": "GB"}})
OCTOBER = Period(2026, 10)


def job(source: Path, out: Path, period: Period = OCTOBER) -> Job:
    return Job(Request(HOME, period), source, out, source.stem)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".bak"}


CODE = str(Path(analyzer.__file__).parent)


class Memory:
    """Memory that runs out at the n-th call of a function of ours, once.

    Generators are left out: an error while one that is no longer wanted gets closed reaches nobody.
    """

    def __init__(self, runs_out_at: int = 0) -> None:
        self.calls, self.runs_out_at = 0, runs_out_at

    def __enter__(self) -> Self:
        self._before = sys.gettrace()
        sys.settrace(self._count)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _count(self, frame: FrameType, _event: str, _argument: object) -> None:
        if frame.f_code.co_filename.startswith(CODE) and not frame.f_code.co_flags & CO_GENERATOR:
            self.calls += 1
            if self.calls == self.runs_out_at:
                raise MemoryError


POINTS = 10


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a library's file, closed late
def test_g4_memory_that_runs_out_at_any_call_refuses_the_file_and_leaves_whole_results(
    sheet: SheetMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = sheet(SHEET), tmp_path / "out"
    monkeypatch.setattr(child, "_limit_memory", lambda _mb: None)  # it would bind the tests' own process
    perform(job(source, out, Period(2026, 9)))
    old = contents(out)
    with Memory() as memory:
        perform(job(source, tmp_path / "clean"))
    new = contents(tmp_path / "clean")
    for point in range(POINTS):
        at = int(memory.calls * (point + 0.5) / POINTS)
        with Memory(runs_out_at=at):
            outcome = Outcome.from_data(child._answer(pickle.dumps(job(source, out))))
        assert outcome.status in {ExitStatus.INTERNAL, ExitStatus.REFUSED}, at
        assert outcome.message.startswith("inventory.xlsx: "), at
        left = contents(out)
        assert left.keys() == old.keys(), at
        assert [name for name, content in left.items() if content not in (old[name], new[name])] == [], at
    gc.collect()


SURROUNDINGS = (  # TZ (None: unset), LC_ALL
    (None, "C"),
    ("Pacific/Kiritimati", "de_DE"),
    ("<odd>-13:45<even>,M1.1.0/0,M12.5.0/24", "tr_TR"),
    (":no/such/zone", "no_SUCH"),
)


@pytest.fixture
def locales(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """German and Turkish, compiled here where the machine has their sources; zone and language are put back after."""
    spoken, localedef = locale.setlocale(locale.LC_ALL), shutil.which("localedef")
    for name, letters in (("de_DE", "ISO-8859-1"), ("tr_TR", "ISO-8859-9")):
        if localedef:
            subprocess.run([localedef, "-c", "-i", name, "-f", letters, str(tmp_path / name)], check=False)
    monkeypatch.setenv("LOCPATH", str(tmp_path))
    yield
    monkeypatch.undo()
    time.tzset()
    locale.setlocale(locale.LC_ALL, spoken)


@pytest.mark.usefixtures("locales")
def test_g5_zone_and_language_of_the_machine_change_no_byte(
    sheet: SheetMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = sheet(SHEET)
    perform(job(source, tmp_path / "here"))
    for zone, language in SURROUNDINGS:
        monkeypatch.setenv("TZ", zone or "")
        if zone is None:
            monkeypatch.delenv("TZ")
        monkeypatch.setenv("LC_ALL", language)
        time.tzset()
        if language == "C" or (tmp_path / language).exists():
            locale.setlocale(locale.LC_ALL, "")
        perform(job(source, tmp_path / "out" / language))
        assert contents(tmp_path / "out" / language) == contents(tmp_path / "here"), (zone, language)


def test_g5_a_clock_that_jumps_changes_no_byte(
    sheet: SheetMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = sheet(SHEET)
    perform(job(source, tmp_path / "steady"))
    jumps = iter(range(10_000))
    monkeypatch.setattr(time, "time", lambda: 2e9 * (next(jumps) % 2))  # 1970, 2033, 1970, ...
    os.utime(source, (4e9, 4e9))
    perform(job(source, tmp_path / "jumping"))
    assert contents(tmp_path / "jumping") == contents(tmp_path / "steady")


SETTINGS = """
schema_version = 1
policy = "rules.toml"
[company]
home = "GB"
[hooks]
on_start = {hook}
"""
RULES = """
schema_version = 1
name = "{name}"
version = "1"
"""
CHANGE = """
import sys
from pathlib import Path
for path in Path(sys.argv[1]).glob("*.toml"):
    path.write_text(path.read_text().replace('"GB"', '"PH"').replace("first", "second"))
"""


def test_g6_settings_and_rules_changed_during_a_run_are_those_of_the_next(sheet: SheetMaker, tmp_path: Path) -> None:
    source = sheet(SHEET)
    (tmp_path / "change.py").write_text(CHANGE, encoding="utf-8")
    hook = json.dumps([sys.executable, str(tmp_path / "change.py"), str(tmp_path)])
    (tmp_path / "analyzer.toml").write_text(SETTINGS.format(hook=hook), encoding="utf-8")
    (tmp_path / "rules.toml").write_text(RULES.format(name="first"), encoding="utf-8")

    def told() -> dict[str, Any]:
        assert run_command_line(["run", str(source), "--period", "2026-10", "-q"]) == 0
        digest: dict[str, Any] = json.loads((tmp_path / "inventory.summary.json").read_text(encoding="utf-8"))
        return digest

    during, after = told(), told()
    assert (during["policy"]["name"], after["policy"]["name"]) == ("first", "second")
    assert during["policy"]["hash"] != after["policy"]["hash"]
    assert during["settings_hash"] != after["settings_hash"]
    assert (during["quadrants"]["In-house onshore"]["tasks"], after["quadrants"]["In-house onshore"]["tasks"]) == (1, 0)
