"""Readers that talk to the terminal by themselves, kept silent: their words are not for the user."""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Iterator

_STDERR = 2


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Nothing that native code or a warning writes to stderr gets through: a reader's panic prints its stack there."""
    try:
        kept = os.dup(_STDERR)
    except OSError:  # no stderr at all, as under a service
        yield
        return
    silence = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(silence, _STDERR)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)
        os.close(silence)
