"""Writing a zip: entries copied compressed, new ones deflated; no clock, so the same input gives the same bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import BinaryIO

from analyzer.errors import WriteError
from analyzer.xlsx.codec import crc32, deflater
from analyzer.xlsx.container import DEFLATED, Container, Entry
from analyzer.xlsx.edit import Codec

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_STAMP = 0x00210000  # 1 January 1980, the earliest a zip can say, and what Excel itself writes
_DESCRIPTOR, _UTF8 = 0x8, 0x800
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF


class ZipWriter:
    """A zip written to a stream that can seek."""

    def __init__(self, stream: BinaryIO, codec: Codec) -> None:
        self._stream = stream
        self._codec = codec
        self._base = stream.tell()
        self._central: list[bytes] = []

    def copy(self, container: Container, entry: Entry) -> None:
        """An entry as it is: its packed bytes, name and time."""
        flags = entry.flags & ~_DESCRIPTOR
        offset = self._local(entry.raw_name, flags, entry.method, entry.stamp, entry.crc, entry.packed, entry.size)
        for data in container.raw(entry):
            self._stream.write(data)
        self._record(
            entry.raw_name, flags, entry.method, entry.stamp, entry.crc, entry.packed, entry.size, offset,
            entry.attributes,
        )  # fmt: skip

    def write(self, name: str, chunks: Iterable[bytes], stamp: int = _STAMP) -> None:
        """A new entry from unpacked chunks."""
        raw_name = name.encode()
        flags = 0 if name.isascii() else _UTF8
        offset = self._local(raw_name, flags, DEFLATED, stamp, 0, 0, 0)
        checksum, size, packed = 0, 0, 0
        stream = deflater(self._codec)
        for data in chunks:
            checksum = crc32(data, checksum)
            size += len(data)
            packed += self._put(stream.compress(data))
        packed += self._put(stream.flush())
        end = self._stream.tell()
        self._stream.seek(offset + self._base)
        self._local(raw_name, flags, DEFLATED, stamp, checksum, packed, size)
        self._stream.seek(end)
        self._record(raw_name, flags, DEFLATED, stamp, checksum, packed, size, offset, 0)

    def mark(self) -> int:
        """Where the next entry begins; ``rewind`` goes back to it."""
        return self._stream.tell()

    def rewind(self, mark: int) -> None:
        """Forget an entry that was begun at ``mark`` and not finished."""
        self._stream.seek(mark)
        self._stream.truncate()

    def close(self) -> None:
        """Write the directory. Raises ``WriteError`` where the zip grew past what its plain form holds."""
        start = self._stream.tell() - self._base
        directory = b"".join(self._central)
        if start + len(directory) > _FULL32 or len(self._central) >= _FULL16:
            raise WriteError("The workbook would be larger than 4 GB", hint="Split the inventory")
        self._stream.write(directory)
        count = len(self._central)
        self._stream.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0))

    def _put(self, data: bytes) -> int:
        self._stream.write(data)
        return len(data)

    def _local(self, name: bytes, flags: int, method: int, stamp: int, crc: int, packed: int, size: int) -> int:
        if max(packed, size) > _FULL32:
            raise WriteError("A sheet would be larger than 4 GB", hint="Split the inventory")
        offset = self._stream.tell() - self._base
        time, date = stamp & _FULL16, stamp >> 16
        header = _LOCAL.pack(b"PK\x03\x04", 20, flags, method, time, date, crc, packed, size, len(name), 0)
        self._stream.write(header + name)
        return offset

    def _record(
        self,
        name: bytes,
        flags: int,
        method: int,
        stamp: int,
        crc: int,
        packed: int,
        size: int,
        offset: int,
        attributes: int,
    ) -> None:
        time, date = stamp & _FULL16, stamp >> 16
        header = _CENTRAL.pack(
            b"PK\x01\x02", 20, 20, flags, method, time, date, crc, packed, size, len(name), 0, 0, 0, 0,
            attributes, offset,
        )  # fmt: skip
        self._central.append(header + name)
