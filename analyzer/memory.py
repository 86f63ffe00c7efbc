"""Memory that a stage needed and the next does not."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Hand what the C library keeps for later back to the system; only glibc keeps much, and can."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):  # musl, macOS, Windows
        return
    trim(0)
