"""Deflate: isal where it is there, else zlib. Both release the GIL."""

from __future__ import annotations

import zlib
from types import ModuleType
from typing import Protocol

from analyzer.xlsx.edit import Codec

_module: ModuleType
try:
    from isal import isal_zlib as _module
except ImportError:  # pragma: no cover - platforms without isal
    _module = zlib

ERRORS: tuple[type[Exception], ...] = (zlib.error, _module.error)
_LEVEL = 1  # isal: 693 MB/s for 1.2 times the size of zlib's level 6


class Deflater(Protocol):
    """A raw deflate stream."""

    def compress(self, data: bytes, /) -> bytes:
        """Packed bytes so far."""

    def flush(self) -> bytes:
        """The rest."""


class Inflater(Protocol):
    """A raw inflate stream."""

    eof: bool
    unconsumed_tail: bytes

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes:
        """At most ``max_length`` unpacked bytes."""


def deflater(codec: Codec) -> Deflater:
    """A new raw deflate stream: ``fast`` or ``small``."""
    if codec == "small":
        return zlib.compressobj(6, zlib.DEFLATED, -15)
    stream: Deflater = _module.compressobj(_LEVEL, zlib.DEFLATED, -15)
    return stream


def inflater() -> Inflater:
    """A new raw inflate stream."""
    stream: Inflater = _module.decompressobj(-15)
    return stream


def crc32(data: bytes, value: int = 0) -> int:
    """CRC-32 as zip uses it."""
    return int(_module.crc32(data, value))
