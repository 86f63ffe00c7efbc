"""Writing that leaves the old file or the new one, never half of either: the one seam where faults are injected.

Every output of the project goes through ``replacing``: a temporary file in the target's folder, fsync, rename, fsync
of the folder (as borg's SaveFile).
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from analyzer.errors import WriteError

TEMPORARY = ".analyzer-tmp"
_BUSY = (0.05, 0.1, 0.2, 0.4, 0.75, 1.0)  # seconds between tries while another program holds the target open


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[IO[bytes]]:
    """A binary file that becomes ``target`` when the block ends well, and vanishes when it does not.

    Raises ``WriteError`` naming the path and what to do where the disk, the folder or the rename refuses.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}{TEMPORARY}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with open_new(temporary) as stream:
            yield stream
            stream.flush()
            sync(stream.fileno())
        rename(temporary, target)
        sync_folder(target.parent)
    except OSError as error:
        raise write_error(target, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def together(folder: Path, name: str) -> Iterator[Path]:
    """A folder beside the results: what is written there moves to ``folder`` when the block ends well, or vanishes.

    All that may run out of room is done before the first result is replaced. Raises ``WriteError``.
    """
    staged = folder / f".{name}.{os.getpid()}{TEMPORARY}"
    try:
        try:
            staged.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_error(folder, error) from error
        yield staged
        for file in sorted(staged.iterdir()):
            _arrive(file, folder / file.name)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _arrive(file: Path, target: Path) -> None:
    try:
        rename(file, target)
        sync_folder(target.parent)
    except OSError as error:
        raise write_error(target, error) from error


def sweep(target: Path) -> None:
    """Remove what a killed run left beside a target, or of names that begin with it. What a living one writes stays."""
    for stale in _unfinished(target):
        owner = stale.name.removesuffix(TEMPORARY).rpartition(".")[2]
        if owner.isdecimal() and lives(int(owner)):
            continue
        if stale.is_dir():
            shutil.rmtree(stale, ignore_errors=True)
        else:
            stale.unlink(missing_ok=True)


def _unfinished(target: Path) -> list[Path]:
    names = os.listdir(target.parent) if target.parent.is_dir() else []  # noqa: PTH208 - paths of ten thousand take long
    return [
        target.with_name(name) for name in names if name.startswith(f".{target.name}.") and name.endswith(TEMPORARY)
    ]


def lives(process: int) -> bool:
    """Whether another process of this number lives on this machine."""
    if process == os.getpid():
        return False  # our own earlier attempt
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def write(target: Path, content: bytes | str) -> None:
    """Write a whole file at once, text as UTF-8. Raises ``WriteError``."""
    with replacing(target) as stream:
        stream.write(content.encode() if isinstance(content, str) else content)


def open_new(path: Path) -> IO[bytes]:
    """Open a new file for writing and reading; the package writer seeks in it."""
    return path.open("w+b")


def sync(descriptor: int) -> None:
    """Force a file's bytes to the disk."""
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Force a rename to the disk; file systems without folder handles (Windows) do it by themselves."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename(source: Path, target: Path) -> None:
    """Rename over the target; where another program holds it open (Windows 5, 32, 33), try for 2.5 seconds."""
    for pause in _BUSY:
        try:
            source.replace(target)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in {5, 32, 33}:
                raise
            time.sleep(pause)
        else:
            return
    source.replace(target)


def write_error(target: Path, error: OSError) -> WriteError:
    """The sentence for a write that the system refused."""
    reasons = {
        errno.ENOSPC: ("the disk is full", "Free some space, or choose another folder with -o"),
        errno.EDQUOT: ("the disk quota is used up", "Free some space, or choose another folder with -o"),
        errno.EACCES: (
            "no permission to write there",
            "Choose another folder with -o, or close the file where it is open",
        ),
        errno.EPERM: (
            "no permission to write there",
            "Choose another folder with -o, or close the file where it is open",
        ),
        errno.EROFS: ("the folder is read-only", "Choose another folder with -o"),
        errno.ENAMETOOLONG: ("the name is too long", "Choose a folder with a shorter path with -o"),
    }
    what, hint = reasons.get(
        error.errno or 0, (error.strerror or type(error).__name__, "Choose another folder with -o")
    )
    return WriteError(f"The result was not written: {what}", where=str(target), hint=hint)


def sha256(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
