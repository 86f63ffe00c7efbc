"""One run per folder, on this machine or on a share.

The lock is a file created with O_EXCL, which holds on network shares where flock does not. Its owner touches it while
it works; a lock whose owner is dead, or has not touched it for long, is taken over, and that is said.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from analyzer import files, processes
from analyzer.errors import LockedError

NAME = ".analyzer.lock"
BEAT_SECONDS = 15.0
STALE_SECONDS = 300.0  # of another host's owner; on this host the process itself is asked


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a lock. ``started`` tells a process from a later one of the same number."""

    host: str
    process: int
    started: str
    since: str
    token: str

    @classmethod
    def this(cls) -> Self:
        """This process, now."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(socket.gethostname(), os.getpid(), processes.started(os.getpid()), now, uuid.uuid4().hex)

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """The owner written in a lock; None where it is gone or not yet written."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def __str__(self) -> str:
        return f"process {self.process} on {self.host} since {self.since}"


@contextlib.contextmanager
def held(folder: Path, say: Callable[[str], None] = lambda _text: None) -> Iterator[Path]:
    """Hold a folder's lock for the block. Raises ``LockedError`` naming the holder, ``WriteError`` for the folder."""
    path = folder / NAME
    owner = Owner.this()
    _take(path, owner, say)
    stop = threading.Event()
    beat = threading.Thread(target=_beat, args=(path, stop), daemon=True)
    beat.start()
    try:
        yield path
    finally:
        stop.set()
        beat.join()
        if Owner.read(path) == owner:
            with contextlib.suppress(OSError):
                path.unlink()


def _take(path: Path, owner: Owner, say: Callable[[str], None]) -> None:
    if _create(path, owner):
        return
    holder = Owner.read(path)
    if not _lives_here(holder) and _remove_stale(path):
        say(f"Took over the lock that {holder or 'an unfinished run'} left in {path.parent}")
    if not _create(path, owner):
        who = Owner.read(path) or holder or "just started"
        raise LockedError(f"Another run works here: {who}", where=str(path.parent), hint="Wait for it, then run again")


def _remove_stale(path: Path) -> bool:
    """Remove a lock whose owner is gone. Only who holds the guard beside it may, so that no fresh lock is taken for it.

    Its age is told by the guard's own time: both are stamped by the clock of the file system, whatever a host's says.
    """
    guard = path.with_name(f"{path.name}.taking")
    with contextlib.suppress(OSError):
        if time.time() - guard.stat().st_mtime > STALE_SECONDS:
            guard.unlink()  # of a taker that was killed
    with contextlib.suppress(OSError):
        os.close(os.open(guard, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        try:
            untouched = guard.stat().st_mtime - path.stat().st_mtime
            if _is_dead(Owner.read(path), untouched):
                path.unlink()
                return True
        finally:
            guard.unlink()
    return False


def _create(path: Path, owner: Owner) -> bool:
    return files.create(path, json.dumps(asdict(owner)), "The lock")


def _lives_here(holder: Owner | None) -> bool:
    return (
        holder is not None and holder.host == socket.gethostname() and processes.is_same(holder.process, holder.started)
    )


def _is_dead(holder: Owner | None, untouched: float) -> bool:
    """Whether a lock's owner is gone: on this host the process is asked, another one's heart must have stopped."""
    if holder is not None and holder.host == socket.gethostname():
        return not _lives_here(holder)
    return untouched > STALE_SECONDS


def _beat(path: Path, stop: threading.Event) -> None:
    while not stop.wait(BEAT_SECONDS):
        with contextlib.suppress(OSError):
            os.utime(path)
