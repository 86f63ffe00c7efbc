"""Start a worker's process; light to import, so that it can be done before anything else."""

from __future__ import annotations

import subprocess
import sys

CHILD = (sys.executable, "-m", "analyzer.runs.child")


def launch(command: tuple[str, ...] = CHILD) -> subprocess.Popen[bytes]:
    """A worker's process, waiting for its first job."""
    return subprocess.Popen(  # noqa: S603 - our own module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches the supervisor alone, which ends its children
        bufsize=0,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """End a worker's process at once."""
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
