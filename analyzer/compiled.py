"""What is made of packaged files, kept where Python keeps its compiled modules, and made anew once a file has changed.

Where that folder cannot be written, or Python is told to write no compiled files, it is made at each start. A worker
that gets nothing to do makes all that is kept: ``python -m analyzer.runs.child < /dev/null``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pickle
import sys
import tomllib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

_Made = TypeVar("_Made")
_DAMAGED = (OSError, EOFError, ValueError, TypeError, AttributeError, ImportError, IndexError, pickle.UnpicklingError)


def place(source: Path, mark: str = "") -> Path:
    """Where what is made of a file is kept: a name for this Python alone."""
    return Path(importlib.util.cache_from_source(str(source.with_name(f"{source.name}{mark}.py"))))


def keep(target: Path, content: bytes) -> None:
    """Keep it for the next start, where that may and can be done."""
    if sys.dont_write_bytecode:
        return
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    with suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(content)
        fresh.replace(target)


def made_of(sources: Sequence[Path], make: Callable[[], _Made], by: str = "") -> _Made:
    """What ``make`` makes of packaged files, or what it made of the very same bytes before.

    ``sources``: the data first, then the modules that make of it what it becomes; ``by``: the version of a library
    whose objects are kept. What is kept is a pickle: whoever can change it can change the compiled modules beside it.
    """
    digest = hashlib.sha256(b"\0".join([*(source.read_bytes() for source in sources), by.encode()])).digest()
    target = place(sources[0])
    with suppress(*_DAMAGED):
        known = target.read_bytes()
        if known.startswith(digest):
            kept: _Made = pickle.loads(known[len(digest) :])  # noqa: S301 - trusted as compiled modules are
            return kept
    made = make()
    keep(target, digest + pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
    return made


def toml(source: Path) -> dict[str, Any]:
    """A packaged TOML file."""
    return made_of([source], lambda: tomllib.loads(source.read_text(encoding="utf-8")))
