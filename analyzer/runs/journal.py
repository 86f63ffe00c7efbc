"""What was mailed to whom: written before a mail is handed over and after, so that a crash between is known."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from analyzer import files
from analyzer.errors import SendError

NAME = ".analyzer-mail.jsonl"
SCHEMA_VERSION = 1


class State(StrEnum):
    """What is known of one report's mail to one recipient."""

    INTENDED = "intended"  # about to be handed over; alone in the journal it means: unknown
    SENT = "sent"
    FAILED = "failed"  # surely not delivered
    UNKNOWN = "unknown"  # the connection ended before the server's answer


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a report (its Message-ID), a recipient, and what is known."""

    message_id: str
    recipient: str
    state: State
    detail: str = ""
    schema_version: int = SCHEMA_VERSION


def states(folder: Path, message_id: str) -> dict[str, State]:
    """The last known state per recipient of a report. Raises ``SendError`` for a journal that cannot be read."""
    known: dict[str, State] = {}
    for entry in _read(folder / NAME):
        if entry.message_id == message_id:
            known[entry.recipient] = State.UNKNOWN if entry.state is State.INTENDED else entry.state
    return known


def write(folder: Path, entries: list[Entry]) -> None:
    """Append entries and force them to the disk before anything else happens. Raises ``WriteError``."""
    lines = "".join(json.dumps(asdict(entry)) + "\n" for entry in entries)
    files.append(folder / NAME, lines, "The mail journal")


def _read(path: Path) -> list[Entry]:
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    torn = lines.pop()  # a crash may have cut the last line; a whole line ends with a line break
    try:
        found = [Entry(**json.loads(line)) for line in lines]
        if torn:
            os.truncate(path, path.stat().st_size - len(torn.encode()))
    except (ValueError, TypeError, OSError):
        raise _damaged(path) from None
    if any(entry.schema_version > SCHEMA_VERSION for entry in found):
        raise _damaged(path)
    return [Entry(entry.message_id, entry.recipient, State(entry.state), entry.detail) for entry in found]


def _damaged(path: Path) -> SendError:
    return SendError(
        "The mail journal is damaged or of a newer version: nothing was sent, since it could go twice",
        where=str(path),
        hint="Look who got the mail, then move this file away",
    )
