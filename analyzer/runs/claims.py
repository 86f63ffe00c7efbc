"""Which host works on which dropped file, and which content was done: files and renames, so that any share will do.

A claim is a folder of its own under ``working/`` with a lock in it; the dropped file is renamed into it, and one
rename wins. A content mark under ``.seen/`` is created with O_EXCL, so the same content is done once for a period,
however many names it is dropped under and however many hosts look.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analyzer.errors import LockedError
from analyzer.runs import lock

WORKING, SEEN = "working", ".seen"


@dataclass(frozen=True, slots=True)
class Claim:
    """A dropped file in hand: where it was, and where it is while it is worked on."""

    dropped: Path
    file: Path

    @property
    def token(self) -> str:
        """The claim's own name."""
        return self.file.parent.name


@contextlib.contextmanager
def claimed(inbox: Path, dropped: Path) -> Iterator[Claim | None]:
    """Take a dropped file for the block; None where another was faster. What is left in the claim goes back."""
    folder = inbox / WORKING / uuid.uuid4().hex
    with lock.held(folder):
        try:
            dropped.rename(folder / dropped.name)
        except OSError:
            yield None
        else:
            try:
                yield Claim(dropped, folder / dropped.name)
            finally:
                give_back(folder, dropped.parent)
    with contextlib.suppress(OSError):
        folder.rmdir()


def give_back(folder: Path, to: Path) -> list[Path]:
    """Return what a claim still holds to where it was dropped; a name taken meanwhile is numbered."""
    return [place(file, to) for file in sorted(folder.iterdir()) if not file.name.startswith(lock.NAME)]


def recover(inbox: Path) -> list[Path]:
    """Return the files of claims whose owner is dead. Claims of the living are left alone."""
    returned: list[Path] = []
    for folder in sorted((inbox / WORKING).glob("*")):
        with contextlib.suppress(LockedError, OSError), lock.held(folder):
            returned += give_back(folder, inbox)
        with contextlib.suppress(OSError):
            folder.rmdir()
    return returned


def place(file: Path, folder: Path) -> Path:
    """Move a file into a folder; a name that is taken is numbered, never overwritten."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, 10_000):
        target = folder / (file.name if number == 1 else f"{file.stem} ({number}){file.suffix}")
        try:
            os.link(file, target, follow_symlinks=False)  # fails where the name is taken, as rename would not
        except FileExistsError:
            continue
        except OSError:  # a file system without hard links
            if target.exists():
                continue
            shutil.move(file, target)
            return target
        file.unlink()
        return target
    raise FileExistsError(folder / file.name)


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

        Raises ``LockedError`` where another claim works on the same content at this moment.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(2):
            with contextlib.suppress(FileExistsError):
                descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
                with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                    json.dump({"claim": claim.token, "name": claim.dropped.name, "done": False}, stream)
                return None
            held = self._read()
            if held.get("done"):
                return str(held.get("name", ""))
            if (inbox / WORKING / str(held.get("claim", "-"))).exists():
                raise LockedError("The same content is being worked on", where=claim.dropped.name)
            self.drop()
        raise LockedError("The same content is being worked on", where=claim.dropped.name)

    def finish(self, claim: Claim) -> None:
        """Say that this content is done."""
        done = self.path.with_suffix(f".{claim.token}")
        done.write_text(json.dumps({"claim": claim.token, "name": claim.dropped.name, "done": True}), encoding="utf-8")
        done.replace(self.path)

    def drop(self) -> None:
        """Forget the mark, so that the content can be dropped again."""
        self.path.unlink(missing_ok=True)

    def _read(self) -> dict[str, object]:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}
