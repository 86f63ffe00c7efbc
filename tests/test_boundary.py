"""What an error becomes: one message and an exit status, never a traceback."""

import errno
import signal
import sys
from collections.abc import Callable

import click
import pytest

from analyzer.cli.boundary import guarded
from analyzer.errors import (
    AnalyzerError,
    ExitStatus,
    LockedError,
    RefusedError,
    SendError,
    UsageError,
    WriteError,
    worst,
)


def raising(error: BaseException) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UsageError("no home country", hint="--home GB"), 2),
        (RefusedError("not a spreadsheet", where="a.xlsx"), 3),
        (WriteError("the disk is full"), 4),
        (SendError("refused"), 5),
        (LockedError("held"), 6),
        (KeyboardInterrupt(), 130),
        (click.UsageError("no such option"), 2),
        (click.exceptions.Exit(7), 7),
        (ZeroDivisionError("cell value 4711"), 1),
        (BaseException("a panic with cell value 4711"), 1),
    ],
)
def test_each_error_has_its_status(error: BaseException, status: int) -> None:
    assert guarded(raising(error)) == status


def test_g8_g9_an_unknown_error_is_one_line_without_data(capsys: pytest.CaptureFixture[str]) -> None:
    guarded(raising(ZeroDivisionError("cell value 4711")))
    said = capsys.readouterr().err
    assert said.startswith("Internal error (ZeroDivisionError).")
    assert said.count("\n") == 1
    assert "4711" not in said
    log = said.rpartition("Details: ")[2].strip()
    with open(log, encoding="utf-8") as stream:  # noqa: PTH123 - a path as a user would paste it
        assert "4711" not in stream.read()


def test_g3_termination_unwinds_and_ends_with_143() -> None:
    assert guarded(lambda: signal.raise_signal(signal.SIGTERM)) == 143


def test_work_that_ends_well_gives_its_own_status() -> None:
    assert guarded(lambda: None) == 0
    assert guarded(lambda: ExitStatus.GATE) == 7


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], 0),
        ([0, 0], 0),
        ([0, 3], 3),
        ([3, 4], 4),
        ([7, 5], 5),
        ([3, 5], 3),
        ([6, 4], 6),
        ([1, 6], 1),
        ([1, 130], 130),
    ],
)
def test_in_a_batch_the_worst_wins(statuses: list[int], expected: int) -> None:
    assert worst([ExitStatus(status) for status in statuses]) == expected


def test_an_error_says_where_what_and_what_next() -> None:
    error = AnalyzerError("what was found", where="a.xlsx > Tasks!E7", hint="what to type")
    assert str(error) == "a.xlsx > Tasks!E7: what was found\n  what to type"


def test_a_reader_that_has_seen_enough_is_no_error(capfd: pytest.CaptureFixture[str]) -> None:
    def closed_pipe() -> None:
        try:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        except OSError:
            sys.exit(1)  # what click makes of it

    assert guarded(closed_pipe) == 0
    assert capfd.readouterr().err == ""
