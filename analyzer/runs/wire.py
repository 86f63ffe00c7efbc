"""How a supervisor and its worker talk: a length, then so many bytes."""

from __future__ import annotations

import struct
from typing import IO

_HEADER = struct.Struct(">Q")


def send(stream: IO[bytes], content: bytes) -> None:
    """Write one message."""
    stream.write(_HEADER.pack(len(content)) + content)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """Read one message. Raises ``EOFError`` where the other side is gone."""
    (size,) = _HEADER.unpack(_exactly(stream, _HEADER.size))
    return _exactly(stream, size)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    pieces = []
    while size:
        piece = stream.read(size)
        if not piece:
            raise EOFError
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
