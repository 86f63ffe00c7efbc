"""Where an unexpected error lies, for its author: the frames alone, never its text, which could hold data."""

from __future__ import annotations

import os
import tempfile
import traceback


def record(error: BaseException) -> str:
    """Write the kind of an error and its frames to a log of its own: the log's path, or why there is none."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    try:
        descriptor, name = tempfile.mkstemp(prefix="analyzer-", suffix=".log", text=True)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(f"{type(error).__name__}\n{frames}")
    except OSError as fault:
        return f"not kept, since {tempfile.tempdir or 'the temporary folder'} cannot be written ({fault.strerror})"
    return name
