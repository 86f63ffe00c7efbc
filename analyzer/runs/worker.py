"""A process of its own for reading, tagging and writing, under limits of memory and time.

Tiny hostile files make a reader abort its whole process; here that is one plain refusal. The supervisor sends a job
as a pickle and gets plain JSON back, so nothing that read a stranger's file can hand objects to its parent.
"""

from __future__ import annotations

import json
import os
import pickle
import selectors
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from analyzer.errors import ExitStatus, plain
from analyzer.runs.job import Outcome, size_of
from analyzer.runs.launch import CHILD, end, launch
from analyzer.runs.plan import Job
from analyzer.runs.wire import receive, send
from analyzer.settings import Limits

_LOOK_EVERY = 0.2  # seconds between looks at a worker's memory and time


class Worker:
    """A child process that performs jobs one after another; a context manager, so that no child outlives its parent."""

    def __init__(self, command: tuple[str, ...] = CHILD, started: subprocess.Popen[bytes] | None = None) -> None:
        self._command = command
        self._process = started
        self._job: Job | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def do(self, job: Job) -> Outcome:
        """Perform a job in the child. A child that dies or oversteps a limit is one refusal, and is replaced."""
        process, self._job = self._started(), job
        limits = job.request.settings.limits
        try:
            send(_pipe(process.stdin), pickle.dumps(job))
            ended = _wait(process, limits, limits.memory_for(size_of(job.source)))
            reply = None if ended else receive(_pipe(process.stdout))
        except (BrokenPipeError, EOFError, ValueError):  # ValueError: stopped from another thread meanwhile
            reply, ended = None, ""
        except BaseException:
            self.stop()
            raise
        if reply is not None:
            return Outcome.from_data(json.loads(reply))
        self.stop()
        return Outcome(job.source, ExitStatus.REFUSED, f"{plain(job.source.name)}: {ended or _death(process)}")

    def stop(self) -> None:
        """End the child at once; what it was writing goes, the last good results stay."""
        process, self._process = self._process, None
        if process is not None:
            end(process)
            if self._job is not None:
                self._job.sweep()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = launch(self._command)
        return self._process


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise EOFError
    return stream


def _wait(process: subprocess.Popen[bytes], limits: Limits, memory_mb: float) -> str:
    """Wait for the child's answer; a limit that it oversteps comes back as a sentence."""
    deadline = time.monotonic() + limits.seconds
    with selectors.DefaultSelector() as selector:
        selector.register(_pipe(process.stdout), selectors.EVENT_READ)
        while not selector.select(_LOOK_EVERY):
            if time.monotonic() > deadline:
                return f"Reading it took longer than the limit of {limits.seconds:g} s (settings: limits.seconds)"
            if _memory_mb(process.pid) > memory_mb:
                return f"Reading it took more than {memory_mb:,.0f} MB of memory (settings: limits.memory_mb)"
    return ""


def _memory_mb(process: int) -> float:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


def _death(process: subprocess.Popen[bytes]) -> str:
    code = process.wait()
    how = signal.Signals(-code).name if code < 0 and -code in set(signal.Signals) else f"status {code}"
    return (
        f"The file ended the reading process ({how}): it is damaged or hostile. It was left as it is.\n"
        "  Open it in Excel, save it under another name, and try again"
    )
