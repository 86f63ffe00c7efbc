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

from analyzer.errors import LockedError
from analyzer.files import lives, write_error

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
        return cls(socket.gethostname(), os.getpid(), _started(os.getpid()), now, uuid.uuid4().hex)

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
    if _stale(path, holder):
        _set_aside(path, holder, owner.token)
        say(f"Took over the lock that {holder or 'an unfinished run'} left in {path.parent}")
    if not _create(path, owner):
        who = Owner.read(path) or holder or "just started"
        raise LockedError(f"Another run works here: {who}", where=str(path.parent), hint="Wait for it, then run again")


def _set_aside(path: Path, judged: Owner | None, token: str) -> None:
    """Remove a stale lock. Where another taker was faster, its fresh lock is what moved, and it is put back."""
    aside = path.with_name(f"{path.name}.{token}")
    with contextlib.suppress(OSError):
        path.rename(aside)
        if Owner.read(aside) != judged:
            os.link(aside, path)
    aside.unlink(missing_ok=True)


def _create(path: Path, owner: Owner) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    except OSError as error:
        raise write_error(path, error) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(asdict(owner), stream)
    return True


def _stale(path: Path, holder: Owner | None) -> bool:
    try:
        untouched = time.time() - path.stat().st_mtime
    except OSError:
        return False  # released meanwhile: free to be taken
    if holder is not None and holder.host == socket.gethostname():
        return _started(holder.process) != holder.started
    return untouched > STALE_SECONDS


def _started(process: int) -> str:
    """When a process of this host started, in its kernel's count; empty where no such process lives."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19]
    except OSError:
        return "alive" if not Path("/proc/self").exists() and lives(process) else ""


def _beat(path: Path, stop: threading.Event) -> None:
    while not stop.wait(BEAT_SECONDS):
        with contextlib.suppress(OSError):
            os.utime(path)
