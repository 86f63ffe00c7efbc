"""HTML templates, compiled once."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket

from analyzer import compiled
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

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket; it stays empty where nothing fitting is kept."""
        try:
            with _place(bucket).open("rb") as content:
                bucket.load_bytecode(content)
        except (OSError, EOFError, ValueError, TypeError, pickle.UnpicklingError):  # not there, or damaged
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        compiled.keep(_place(bucket), bucket.bytecode_to_string())


def _place(bucket: Bucket) -> Path:
    return compiled.place(templates() / bucket.key[:16], f".{_MADE_BY}")


def environment() -> jinja2.Environment:
    """Templates with every value escaped; a name the view lacks is an error, never an empty string."""
    return jinja2.Environment(  # noqa: S701 - autoescape is among the options
        loader=jinja2.FileSystemLoader(templates()), bytecode_cache=Compiled(), **_OPTIONS
    )
