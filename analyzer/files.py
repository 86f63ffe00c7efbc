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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from analyzer import processes
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
        make_folder(target.parent)
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
            make_folder(staged)
        except OSError as error:
            raise write_error(folder, error) from error
        yield staged
        _arrive(staged, folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _arrive(staged: Path, folder: Path) -> None:
    """Move all files or none: where one cannot arrive, those that were replaced come back."""
    target = folder
    try:
        with contextlib.ExitStack() as undo:
            for file in sorted(staged.iterdir()):
                target = folder / file.name
                undo.callback(_replaced(file, target))
            sync_folder(folder)
            undo.pop_all()
    except OSError as error:
        raise write_error(target, error) from error


def _replaced(file: Path, target: Path) -> Callable[[], None]:
    """Move a file over its target; how to undo that comes back."""
    before, was_there = file.with_name(f"{file.name}.before"), target.exists()
    with contextlib.suppress(OSError):  # without hard links the file before is not kept, and the new one stays
        os.link(target, before)
    rename(file, target)

    def undo() -> None:
        with contextlib.suppress(OSError):
            if before.exists():
                before.replace(target)
            elif not was_there:
                target.unlink()

    return undo


def sweep(target: Path) -> None:
    """Remove what a killed run left beside a target, or of names that begin with it. What a living one writes stays."""
    for stale in _unfinished(target):
        owner = stale.name.removesuffix(TEMPORARY).rpartition(".")[2]
        if owner.isdecimal() and processes.lives(int(owner)):
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


def write(target: Path, content: bytes | memoryview | str) -> None:
    """Write a whole file at once, text as UTF-8. Raises ``WriteError``."""
    with replacing(target) as stream:
        stream.write(content.encode() if isinstance(content, str) else content)


def create(target: Path, text: str, what: str) -> bool:
    """Create a small file that is not there yet, which one alone can on network shares too; False where it is there.

    Raises ``WriteError`` that says ``what`` was not written; nothing of it is left then.
    """
    try:
        make_folder(target.parent)
        with open_only_new(target) as stream:
            try:
                _put(stream, text.encode())
            except BaseException:
                target.unlink()
                raise
    except FileExistsError:
        return False
    except OSError as error:
        raise write_error(target, error, what) from error
    return True


def append(target: Path, lines: str, what: str) -> None:
    """Add lines to a file and force them to the disk; where that fails, no half line is left.

    Raises ``WriteError`` that says ``what`` was not written.
    """
    content = lines.encode()
    try:
        with open_to_append(target) as stream:
            before = stream.tell()
            try:
                _put(stream, content)
                sync(stream.fileno())
            except BaseException:
                if stream.tell() == target.stat().st_size <= before + len(content):  # else another wrote meanwhile
                    os.truncate(target, before)
                raise
    except OSError as error:
        raise write_error(target, error, what) from error


def _put(stream: IO[bytes], content: bytes) -> None:
    while content:  # an unbuffered write may take a part
        content = content[stream.write(content) :]


def make_folder(folder: Path) -> None:
    """Make a folder and those above it."""
    folder.mkdir(parents=True, exist_ok=True)


def open_new(path: Path) -> IO[bytes]:
    """Open a new file for writing and reading; the package writer seeks in it."""
    return path.open("w+b")


def open_only_new(path: Path) -> IO[bytes]:
    """Open a file that must not be there yet, unbuffered."""
    return path.open("xb", buffering=0)


def open_to_append(path: Path) -> IO[bytes]:
    """Open a file at its end, unbuffered."""
    return path.open("ab", buffering=0)


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


def is_full(error: OSError) -> bool:
    """Whether an error says that there is no room left."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT}


def write_error(target: Path, error: OSError, what: str = "The result") -> WriteError:
    """The sentence for ``what`` the system refused to write."""
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
    why, hint = reasons.get(error.errno or 0, (error.strerror or type(error).__name__, "Choose another folder with -o"))
    return WriteError(f"{what} was not written: {why}", where=str(target), hint=hint)


def sha256(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
