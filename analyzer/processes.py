"""Whether another process of this machine still works."""

from __future__ import annotations

import os
from pathlib import Path

_ENDED = ("Z", "X")  # ended, and nobody has asked how: where nothing collects orphans, in a container, it stays so


def lives(process: int) -> bool:
    """Whether another process of this number works on this machine."""
    if process == os.getpid():
        return False  # our own earlier attempt
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return not _facts(process).startswith(_ENDED)


def started(process: int) -> str:
    """When a process of this machine started, in its kernel's count; empty where that is not told."""
    facts = _facts(process).split()
    return facts[19] if facts else ""


def is_same(process: int, since: str) -> bool:
    """Whether the process that had this number since then still works; another may have it by now."""
    return (process == os.getpid() or lives(process)) and started(process) in {since, ""}


def _facts(process: int) -> str:
    """What the kernel tells of a process, from its state on; empty where it tells nothing."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(") ")[2]
    except (OSError, ValueError):
        return ""
