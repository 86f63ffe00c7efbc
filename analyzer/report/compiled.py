"""HTML templates, compiled once: ``python -m analyzer.report.compiled`` compiles all, a run those that it needs.

They are kept where Python keeps its compiled modules. Where that folder cannot be written, or Python is told to write
no compiled files, a template is compiled at each use.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pickle
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket

from analyzer.report.words import templates

_OPTIONS: dict[str, Any] = {
    "autoescape": True,
    "undefined": jinja2.StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
}
_MADE_BY = hashlib.sha256(repr((jinja2.__version__, _OPTIONS)).encode()).hexdigest()[:8]  # not looked at by Jinja


class Compiled(jinja2.BytecodeCache):
    """Compiled templates on disk; Jinja checks that one is of this source and this Python."""

    def __init__(self, *, keep: bool) -> None:
        self._keep = keep

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket; it stays empty where nothing fitting is kept."""
        try:
            with _place(bucket).open("rb") as content:
                bucket.load_bytecode(content)
        except (OSError, EOFError, ValueError, TypeError, pickle.UnpicklingError):  # not there, or damaged
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, where it may and can be kept."""
        if not self._keep:
            return
        place = _place(bucket)
        fresh = place.with_name(f"{place.name}.{os.getpid()}")
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(bucket.bytecode_to_string())
            fresh.replace(place)


def _place(bucket: Bucket) -> Path:
    return Path(importlib.util.cache_from_source(str(templates() / f"{bucket.key[:16]}.{_MADE_BY}.py")))


def environment(*, keep: bool = not sys.dont_write_bytecode) -> jinja2.Environment:
    """Templates with every value escaped; a name the view lacks is an error, never an empty string."""
    return jinja2.Environment(  # noqa: S701 - autoescape is among the options
        loader=jinja2.FileSystemLoader(templates()), bytecode_cache=Compiled(keep=keep), **_OPTIONS
    )


if __name__ == "__main__":
    made = environment(keep=True)
    for name in made.list_templates(filter_func=lambda text: text.endswith(".html.j2")):
        made.get_template(name)
