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


class Compiled(jinja2.BytecodeCache):
    """Compiled templates on disk; Jinja checks that one is of this source and this Python.

    ``options``: the environment's, which Jinja does not look at.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        told = {name: getattr(option, "__qualname__", option) for name, option in options.items()}
        self._mark = hashlib.sha256(repr((jinja2.__version__, told)).encode()).hexdigest()[:8]

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket; it stays empty where nothing fitting is kept."""
        try:
            with self._place(bucket).open("rb") as content:
                bucket.load_bytecode(content)
        except (OSError, EOFError, ValueError, TypeError, pickle.UnpicklingError):  # not there, or damaged
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        compiled.keep(self._place(bucket), bucket.bytecode_to_string())

    def _place(self, bucket: Bucket) -> Path:
        return compiled.place(templates() / bucket.key[:16], f".{self._mark}")


def environment(**changes: Any) -> jinja2.Environment:
    """Templates with every value escaped; a name the view lacks is an error, never an empty string.

    ``changes``: options that differ.
    """
    options = _OPTIONS | changes
    return jinja2.Environment(  # noqa: S701 - autoescape is among the options
        loader=jinja2.FileSystemLoader(templates()), bytecode_cache=Compiled(options), **options
    )
