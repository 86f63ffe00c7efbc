"""A file that kills its reader is one refusal; the worker is replaced and the next job is done."""

import subprocess
import sys
from pathlib import Path

import pytest

from analyzer import processes
from analyzer.errors import ExitStatus
from analyzer.period import Period
from analyzer.runs import batch, worker
from analyzer.runs.launch import launch
from analyzer.runs.plan import Job, Request
from analyzer.runs.worker import Worker
from analyzer.settings import Limits, Settings


def job(path: Path, **limits: float) -> Job:
    settings = Settings(limits=Limits(**limits))  # type: ignore[arg-type]  # a case names only the limits it changes
    return Job(Request(settings, Period(2026, 10)), path, path.parent / "out", path.stem)


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_d3_an_abort_is_one_refusal_and_the_worker_is_replaced(tmp_path: Path) -> None:
    with Worker(python("import os, sys; sys.stdin.buffer.read(8); os.abort()")) as one:
        first = one.do(job(tmp_path / "hostile.xlsx"))
        second = one.do(job(tmp_path / "hostile too.xlsx"))
    assert (first.status, second.status) == (ExitStatus.REFUSED, ExitStatus.REFUSED)
    assert first.message.startswith("hostile.xlsx: The file ended the reading process (SIGABRT)")


def test_d8_too_long_is_said_with_the_limit(tmp_path: Path) -> None:
    with Worker(python("import time; time.sleep(60)")) as one:
        outcome = one.do(job(tmp_path / "slow.xlsx", seconds=0.5))
    assert outcome.status is ExitStatus.REFUSED
    assert outcome.message.endswith("longer than the limit of 0.5 s (settings: limits.seconds)")


def test_d8_too_much_memory_is_said_with_the_limit(tmp_path: Path) -> None:
    with Worker(python("import time; held = bytearray(300_000_000); time.sleep(60)")) as one:
        outcome = one.do(job(tmp_path / "large.xlsx", memory_mb=100))
    assert outcome.status is ExitStatus.REFUSED
    assert "100 MB of memory" in outcome.message


@pytest.mark.parametrize(
    ("set_mb", "file_mb", "most_mb"),
    [(None, 1, 4096), (None, 51, 4096), (None, 52, 4160), (100, 1, 100), (100, 99, 100)],
)
def test_d8_a_large_file_may_take_more_memory_unless_the_settings_say(
    set_mb: int | None, file_mb: int, most_mb: int
) -> None:
    assert Limits(memory_mb=set_mb).memory_for(file_mb * 1024**2) == most_mb


def test_a_refused_file_does_not_stop_the_others(tmp_path: Path) -> None:
    good = tmp_path / "good.csv"
    good.write_text("Task,Provider,Country\nPayroll,,GB\nHelpline,Acme BPO,IN\n", encoding="utf-8")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 half of it")
    settings = Settings.model_validate({"company": {"home": "GB"}})
    jobs = [Job(Request(settings, Period(2026, 10)), path, tmp_path / "out", path.stem) for path in (broken, good)]
    outcomes = {outcome.source.name: outcome for outcome in batch.run(jobs, workers=2)}
    assert outcomes["broken.xlsx"].status is ExitStatus.REFUSED
    assert outcomes["good.csv"].status is ExitStatus.DONE, outcomes["good.csv"].message
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "good.annotated.xlsx",
        "good.report.html",
        "good.summary.json",
    ]


def test_a_pool_keeps_its_workers_from_one_batch_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    def launching(command: tuple[str, ...]) -> subprocess.Popen[bytes]:
        process = launch(command)
        started.append(process.pid)
        return process

    monkeypatch.setattr(worker, "launch", launching)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"%PDF-1.7")
    with batch.Pool(workers=2) as pool:
        ends = [outcome.status for _ in range(3) for outcome in pool.run([job(broken)])]
    assert (ends, len(started)) == ([ExitStatus.REFUSED] * 3, 1)
    assert not any(processes.lives(process) for process in started)


@pytest.mark.parametrize("text", ["", "a message with “quotes”"])
def test_an_outcome_crosses_as_plain_data(tmp_path: Path, text: str) -> None:
    from analyzer.runs.job import Outcome  # noqa: PLC0415 - only this case needs it

    outcome = Outcome(tmp_path / "a.xlsx", ExitStatus.REFUSED, text, {"counts": {"tasks": 3}}, (tmp_path / "b",))
    assert Outcome.from_data(outcome.as_data()) == outcome
