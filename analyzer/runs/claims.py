"""Which host works on which dropped file, and which content was done: files and renames, so that any share will do.

A claim is a folder of its own under ``working/`` with a lock in it; the dropped file is renamed into it, and one
rename wins. A content mark under ``.seen/`` is created with O_EXCL, so the same content is done once for a period,
however many names it is dropped under and however many hosts look.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import json
import os
import stat
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analyzer import files
from analyzer.errors import LockedError, WriteError
from analyzer.runs import lock

WORKING, SEEN = "working", ".seen"
DONE, REFUSED, DUPLICATE = "done", "refused", "duplicate"
KEPT = (DONE, REFUSED, DUPLICATE)


@dataclass(frozen=True, slots=True)
class Claim:
    """A dropped file in hand: where it was, where it is while it is worked on, and the claim's own name."""

    dropped: Path
    file: Path
    token: str
    stamp: tuple[int, int]  # size and time when it was claimed

    def is_unchanged(self) -> bool:
        """Whether nobody wrote to the file, or took it away, since it was claimed."""
        try:
            return stamp(self.file) == self.stamp
        except OSError:
            return False


def stamp(path: Path) -> tuple[int, int] | None:
    """Size and time of a regular file, never of what a link leads to; None for anything else."""
    facts = path.lstat()
    return (facts.st_size, facts.st_mtime_ns) if stat.S_ISREG(facts.st_mode) else None


@contextlib.contextmanager
def claimed(inbox: Path, dropped: Path) -> Iterator[Claim | None]:
    """Take a dropped file for the block; None where another was faster. What is left in the claim goes back.

    The claim keeps the file's own place in the inbox, so that a company's file goes back to its company's folder.
    """
    token = uuid.uuid4().hex
    folder = inbox / WORKING / token
    file = folder / dropped.relative_to(inbox)
    try:
        with lock.held(folder):
            taken = _take(dropped, file)
            try:
                yield Claim(dropped, file, token, taken) if taken else None
            finally:
                give_back(folder, inbox)
    finally:
        _remove(folder)  # while it is there, the content counts as being worked on


def _take(dropped: Path, file: Path) -> tuple[int, int] | None:
    """Rename a dropped file into its claim; None where another was faster. Raises ``WriteError`` for a full disk."""
    try:
        files.make_folder(file.parent)
        dropped.rename(file)
        return stamp(file)
    except OSError as error:
        if files.is_full(error):
            raise files.write_error(file, error) from error
        return None


def give_back(folder: Path, inbox: Path) -> list[Path]:
    """Return what a claim still holds to where it was dropped; a name taken meanwhile is numbered."""
    return [place(file, (inbox / file.relative_to(folder)).parent) for file in _left(folder, inbox)]


def _left(folder: Path, inbox: Path) -> list[Path]:
    held = (path for path in sorted(folder.rglob("*")) if not path.name.startswith(lock.NAME))
    files_held = [path for path in held if path.is_symlink() or not path.is_dir()]
    return [file for file in files_held if not _is_put_away(file, inbox)]


def recover(inbox: Path) -> list[Path]:
    """Return the files of claims whose owner is dead. Claims of the living, and those just being made, are left.

    A kill may strike between a file's work and its move: a file that is marked as done goes to the done ones.
    """
    returned: list[Path] = []
    for folder in sorted((inbox / WORKING).glob("*")):
        if (folder / lock.NAME).exists() or _is_old(folder):
            with contextlib.suppress(LockedError, OSError), lock.held(folder):
                if _is_finished(folder.name, inbox):
                    for file in _left(folder, inbox):
                        place(file, inbox / DONE)
                returned += give_back(folder, inbox)
            _remove(folder)
    return returned


def _is_finished(token: str, inbox: Path) -> bool:
    """Whether a claim's content is marked as done."""
    marks = (Mark(path).read() for path in (inbox / SEEN).glob("*.json"))
    return any(mark.get("claim") == token and mark.get("done") for mark in marks)


def _is_old(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        return time.time() - folder.stat().st_mtime > lock.STALE_SECONDS
    return False


def _remove(folder: Path) -> None:
    """Remove a claim's empty folders; what another still writes there stays."""
    for path in (*sorted(folder.glob("*/"), reverse=True), folder):
        with contextlib.suppress(OSError):
            path.rmdir()


def _is_put_away(file: Path, inbox: Path) -> bool:
    """Whether a kill struck between a file's two names: it has arrived already, so its old name goes."""
    with contextlib.suppress(OSError):
        if file.lstat().st_nlink > 1:
            beside = (path for name in KEPT for path in (inbox / name).glob(f"{glob.escape(file.stem)}*"))
            if any(path.samefile(file) for path in beside):
                file.unlink()
                return True
    return False


def place(file: Path, folder: Path) -> Path:
    """Move a file into a folder; a name that is taken is numbered, never overwritten. Raises ``WriteError``."""
    try:
        files.make_folder(folder)
        for number in range(1, 10_000):
            target = folder / (file.name if number == 1 else f"{file.stem} ({number}){file.suffix}")
            with contextlib.suppress(FileExistsError):
                _move(file, target)
                return target
    except OSError as error:
        raise files.write_error(folder / file.name, error) from error
    raise WriteError("10,000 files of this name are there already", where=str(folder / file.name))


def _move(file: Path, target: Path) -> None:
    """Move a file to a name that is free. Raises ``FileExistsError`` where it is taken, as a rename would not."""
    try:
        os.link(file, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: the free name is taken first, then moved over
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        file.replace(target)
    else:
        file.unlink()


@dataclass(frozen=True, slots=True)
class Mark:
    """A content's mark: whose claim works on it, or the name it was done under."""

    path: Path

    @classmethod
    def of(cls, inbox: Path, file: Path, purpose: str) -> Mark:
        """The mark of a file's bytes for a purpose (company and period)."""
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256")
        digest.update(purpose.encode())
        return cls(inbox / SEEN / f"{digest.hexdigest()}.json")

    def take(self, claim: Claim, inbox: Path) -> str | None:
        """Take the mark for a claim. None where it is taken now; else the name of the file that has this content.

        Raises ``LockedError`` where another claim works on the same content at this moment, ``WriteError``.
        """
        for _ in range(2):
            if self._create(claim):
                return None
            held = self.read()
            if held.get("done"):
                return str(held.get("name", ""))
            if (inbox / WORKING / str(held.get("claim", "-"))).exists():
                break
            self.drop()
        raise LockedError("The same content is being worked on", where=claim.dropped.name)

    def _create(self, claim: Claim) -> bool:
        return files.create(self.path, self._text(claim, done=False), "A note of what was done")

    def finish(self, claim: Claim) -> None:
        """Say that this content is done. Raises ``WriteError``; the content is then as good as not done."""
        try:
            files.write(self.path, self._text(claim, done=True))
        except WriteError:
            self.drop()
            raise

    @staticmethod
    def _text(claim: Claim, *, done: bool) -> str:
        return json.dumps({"claim": claim.token, "name": claim.dropped.name, "done": done})

    def drop(self) -> None:
        """Forget the mark, so that the content can be dropped again."""
        self.path.unlink(missing_ok=True)

    def read(self) -> dict[str, object]:
        """What stands in the mark; nothing where it is gone or torn."""
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}
