"""Start a worker's process; light to import, so that it can be done before anything else."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

CHILD = (sys.executable, "-m", "analyzer.runs.child")
_SPARING = {  # frames and libraries hand memory back soon: a fifth less at the peak
    "_RJEM_MALLOC_CONF": "background_thread:true,dirty_decay_ms:100,muzzy_decay_ms:0,narenas:2",  # Polars' own
    "MALLOC_ARENA_MAX": "1",  # the C library's
}
_waiting: list[subprocess.Popen[bytes]] = []


@contextlib.contextmanager
def waiting(*, needed: bool) -> Iterator[None]:
    """A worker's process that reads its libraries while its supervisor still reads its own; ended if none takes it."""
    if needed:
        _waiting.append(launch())
    try:
        yield
    finally:
        while _waiting:
            end(_waiting.pop())


def first() -> subprocess.Popen[bytes]:
    """The process that waits, else a new one."""
    return _waiting.pop() if _waiting else launch()


def launch(command: tuple[str, ...] = CHILD) -> subprocess.Popen[bytes]:
    """A worker's process, waiting for its first job."""
    return subprocess.Popen(  # noqa: S603 - our own module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches the supervisor alone, which ends its children
        bufsize=0,
        env={**_SPARING, **os.environ} if sys.platform == "linux" else None,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """End a worker's process at once."""
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
