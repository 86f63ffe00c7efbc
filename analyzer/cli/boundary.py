"""The one boundary where errors become sentences and exit statuses."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn

import click

from analyzer.errors import AnalyzerError, ExitStatus
from analyzer.runs.failure import record


class Terminated(BaseException):
    """SIGTERM arrived: unwind as Ctrl-C does, so that nothing stays half-written."""


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


def say(text: str) -> None:
    """Talk to the user on stderr; results alone go to stdout."""
    click.echo(text, err=True)


def guarded(work: Callable[[], Any]) -> int:  # noqa: PLR0911 - one return for each way to end
    """Run ``work``; whatever it raises becomes one message and an exit status."""
    previous = signal.signal(signal.SIGTERM, _terminate)
    try:
        return int(work() or ExitStatus.DONE)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as fault:
        fault.show()
        return ExitStatus.USAGE
    except (click.Abort, KeyboardInterrupt):
        say("Interrupted; nothing is half-written.")
        return ExitStatus.INTERRUPTED
    except Terminated:
        say("Terminated; nothing is half-written.")
        return ExitStatus.TERMINATED
    except AnalyzerError as error:
        say(f"Error: {error}")
        return error.status
    except SystemExit as stop:
        if isinstance(stop.__context__, OSError) and stop.__context__.errno == errno.EPIPE:
            return ExitStatus.DONE  # the reader of our output has seen enough: analyzer run ... | head
        raise
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # else the interpreter complains again while it closes stdout
        return ExitStatus.DONE
    except BaseException as error:  # noqa: BLE001 - the last resort: a reader's panic is a BaseException
        say(f"Internal error ({type(error).__name__}). The results that were complete stay. Details: {record(error)}")
        return ExitStatus.INTERNAL
    finally:
        signal.signal(signal.SIGTERM, previous)
