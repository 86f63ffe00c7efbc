"""A disk that is full at any one step: the last good results stay whole, nothing is left over, and it is said.

Each step of writing is made to fail at its n-th call, n = 1, 2, 3 ... until the work goes through without a fault.
"""

import errno
import os
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import SheetMaker
from full_disk import Disk, refusal

from analyzer import files, pipeline
from analyzer.errors import ExitStatus
from analyzer.period import Period
from analyzer.report import workbook
from analyzer.runs import claims, failure, lock
from analyzer.runs.inbox import Inbox
from analyzer.runs.job import Outcome, perform
from analyzer.runs.plan import Job, Request
from analyzer.settings import Inbox as InboxSettings
from analyzer.settings import Settings

SHEET = """
    ID  | Task     | Provider | Delivery country | FTE
    T-1 | Payroll  |          | GB               | 4
    T-2 | Helpline | Acme BPO | PH               | 40
"""


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".bak"}


@pytest.fixture
def made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written is made once a month: only the writing is tried again and again."""
    monkeypatch.setattr(pipeline, "analyze", remembered(pipeline.analyze, lambda arguments: arguments[3]))
    monkeypatch.setattr(workbook, "_edit", remembered(workbook._edit, lambda arguments: arguments[0].period))


def remembered(work: Callable[..., Any], key: Callable[[tuple[Any, ...]], Period]) -> Callable[..., Any]:
    made: dict[Period, Any] = {}

    def recall(*arguments: Any, **options: Any) -> Any:
        if key(arguments) not in made:
            made[key(arguments)] = work(*arguments, **options)
        return made[key(arguments)]

    return recall


@pytest.mark.usefixtures("made_once")
@pytest.mark.parametrize(
    ("step", "stride"),
    [("open_new", 1), ("make_folder", 1), ("sync", 1), ("rename", 1), ("sync_folder", 1), ("write", 29)],
)
def test_e4_a_job_whose_disk_is_full_at_any_step_changes_nothing_and_says_so(
    sheet: SheetMaker, tmp_path: Path, disk: Disk, step: str, stride: int
) -> None:
    source, out, archive = sheet(SHEET), tmp_path / "out", tmp_path / "archive"
    settings = Settings.model_validate({"company": {"home": "GB"}})

    def run(month: int) -> Outcome:
        return perform(Job(Request(settings, Period(2026, month)), source, out, source.stem, "", archive))

    run(9)
    old, left = contents(out), []
    for at in disk.full_at(step, stride):
        outcome = run(10)
        assert [path for path in tmp_path.rglob("*") if path.name.endswith(files.TEMPORARY)] == [], at
        if disk.struck:
            assert outcome.status is ExitStatus.NOT_WRITTEN, at
            assert ": The result was not written: the disk is full" in outcome.message, at
            left.append(contents(out))
    assert outcome.status is ExitStatus.DONE
    new = contents(out)
    assert new != old
    assert len(left) >= 2
    assert [one.keys() for one in left if one not in (old, new)] == []
    assert left[0] == old


def done(jobs: Sequence[Job]) -> Iterator[Outcome]:
    for job in jobs:
        refused = job.source.name == "b.csv"
        yield Outcome(job.source, ExitStatus.REFUSED if refused else ExitStatus.DONE, "why")


@pytest.mark.parametrize("step", ["make_folder", "open_only_new", "open_new", "write", "sync", "rename", "sync_folder"])
def test_f7_g3_an_inbox_whose_disk_is_full_at_any_step_keeps_each_file_in_one_place(
    tmp_path: Path, disk: Disk, step: str
) -> None:
    settings = Settings(inbox=InboxSettings(settle_seconds=0, period="last-month"))
    for at in disk.full_at(step):
        folder = tmp_path / str(at)
        folder.mkdir()
        for name in ("a.csv", "b.csv", "c.csv", "d.csv"):
            (folder / name).write_text("same" if name > "b.csv" else name, encoding="utf-8")
        watched = Inbox(folder, Request(settings, Period(2026, 10)), done)
        said = refusal(partial(deque, watched.work(watched.look())))
        assert bool(said) is disk.struck, at
        assert said is None or said.message.endswith("was not written: the disk is full"), at
        found = [path for path in folder.rglob("*.csv") if claims.SEEN not in path.parts]
        assert sorted(path.name for path in found) == ["a.csv", "b.csv", "c.csv", "d.csv"], at
        disk.free()
        for _ in range(2):  # of two with the same content the second may have to wait for the first
            list(watched.work(watched.look()))
        places = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.csv"))
        assert places in (
            ["done/a.csv", "done/c.csv", "duplicate/d.csv", "refused/b.csv"],
            ["done/a.csv", "done/d.csv", "duplicate/c.csv", "refused/b.csv"],
        ), at
        assert not list(folder.rglob(f"*{files.TEMPORARY}")), at


@pytest.mark.parametrize("step", ["make_folder", "open_only_new", "write"])
def test_e4_a_lock_that_has_no_room_is_not_held(tmp_path: Path, disk: Disk, step: str) -> None:
    def held() -> None:
        with lock.held(tmp_path):
            pass

    for _ in disk.full_at(step):
        said = refusal(held)
        assert (said and said.message) == ("The lock was not written: the disk is full" if disk.struck else None)
        assert list(tmp_path.iterdir()) == []


def test_e4_without_room_for_the_log_an_internal_error_is_still_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> tuple[int, str]:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "mkstemp", full)
    assert failure.record(ZeroDivisionError()).startswith("not kept, since ")
    assert failure.record(ZeroDivisionError()).endswith(" cannot be written (No space left on device)")


def analyzer(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "analyzer", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_e4_a_real_disk_that_is_full(sheet: SheetMaker, tmp_path: Path) -> None:
    source, out = sheet(SHEET), tmp_path / "small"
    out.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=260k", "none", str(out)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small disk here")
    try:
        words: list[str | Path] = ["run", source, "--home", "GB", "-q", "-o", out, "--period"]
        first = analyzer(*words, "2026-09")
        assert (first.returncode, first.stderr) == (0, "")
        old = contents(out)
        second = analyzer(*words, "2026-10")
        assert second.returncode == ExitStatus.NOT_WRITTEN
        assert "was not written: the disk is full\n  Free some space" in second.stderr
        assert contents(out) == old
    finally:
        subprocess.run(["umount", str(out)], check=True)
