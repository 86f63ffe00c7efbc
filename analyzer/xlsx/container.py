"""The zip file, entry by entry: read under limits, never unpacked to disk.

The directory is read here and not by ``zipfile``, so that its size is bounded before it is held and entries can be
copied compressed. Layout: PKWARE APPNOTE 6.3.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from analyzer.errors import RefusedError
from analyzer.xlsx.codec import ERRORS, crc32, inflater
from analyzer.xlsx.limits import GRACE, MB, Limits

STORED, DEFLATED = 0, 8
CHUNK = MB  # larger ones cost page faults
_PACKED_CHUNK = 512 * 1024
_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_DIRECTORY_LIMIT = 64 * MB
_ENCRYPTED, _UTF8 = 0x1, 0x800
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the zip as its directory has it. ``start`` is where its packed bytes begin."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    stamp: int  # DOS date and time
    crc: int
    packed: int
    size: int
    start: int
    attributes: int

    @property
    def key(self) -> str:
        """The part name as compared: forward slashes, no leading one, without case."""
        return part_key(self.name)


def part_key(name: str) -> str:
    r"""``/xl\Workbook.xml`` -> ``xl/workbook.xml``: part names are compared without case (ECMA-376 part 2)."""
    return name.replace("\\", "/").lstrip("/").lower()


class Container:
    """A zip file opened for reading. Raises ``RefusedError`` for what is damaged, hostile or not a zip."""

    def __init__(self, source: Path | bytes, limits: Limits) -> None:
        self.path = source if isinstance(source, Path) else Path("book.xlsx")
        self.limits = limits
        try:
            self._stream: BinaryIO = source.open("rb") if isinstance(source, Path) else io.BytesIO(source)
        except OSError as error:
            raise RefusedError(f"The file cannot be read: {error.strerror or error}", where=self.path.name) from None
        try:
            self.size = self._stream.seek(0, 2)
            self.entries = self._checked(list(islice(self._directory(), limits.entries + 1)))
        except BaseException:
            self._stream.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def refuse(self, what: str, hint: str = "") -> RefusedError:
        """The refusal of this file."""
        return RefusedError(what, where=self.path.name, hint=hint)

    def raw(self, entry: Entry) -> Iterator[bytes]:
        """The entry's packed bytes, in chunks."""
        left, position = entry.packed, entry.start
        while left:
            self._stream.seek(position)
            data = self._stream.read(min(left, _PACKED_CHUNK))
            if not data:
                raise self.damaged(entry)
            left -= len(data)
            position += len(data)
            yield data

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """The entry's unpacked bytes in chunks of at most ``CHUNK``; size and checksum are proved at the end."""
        total, checksum = 0, 0
        for data in self._inflated(entry):
            total += len(data)
            if total > entry.size:
                raise self.refuse(f"The part {entry.name} unpacks to more than the file says", _REPAIR)
            checksum = crc32(data, checksum)
            yield data
        if total != entry.size or checksum != entry.crc:
            raise self.damaged(entry)

    def read(self, entry: Entry) -> bytes:
        """The entry's unpacked bytes."""
        return b"".join(self.chunks(entry))

    def damaged(self, entry: Entry) -> RefusedError:
        """The refusal of a part whose bytes are not what the directory says."""
        return self.refuse(f"The part {entry.name} is damaged or not complete", _REPAIR)

    def _inflated(self, entry: Entry) -> Iterator[bytes]:
        if entry.method == STORED:
            yield from self.raw(entry)
            return
        if entry.method != DEFLATED:
            raise self.refuse(f"The part {entry.name} is packed by a method that Excel does not use", _REPAIR)
        stream = inflater()
        try:
            for packed in self.raw(entry):
                pending = packed
                while pending and not stream.eof:
                    data = stream.decompress(pending, CHUNK)
                    pending = stream.unconsumed_tail
                    if data:
                        yield data
                    elif pending:
                        raise self.damaged(entry)
            while not stream.eof and (data := stream.decompress(b"", CHUNK)):
                yield data
        except ERRORS:
            raise self.damaged(entry) from None
        if not stream.eof:
            raise self.damaged(entry)

    def _directory(self) -> Iterator[Entry]:
        offset, size, shift = self._end()
        self._stream.seek(offset)
        data = self._stream.read(size)
        position = 0
        while position + _CENTRAL.size <= len(data):
            fields = _CENTRAL.unpack_from(data, position)
            if fields[0] != b"PK\x01\x02":
                raise self.refuse("The file is damaged: its list of parts cannot be read", _REPAIR)
            name_end = position + _CENTRAL.size + fields[10]
            raw_name = data[position + _CENTRAL.size : name_end]
            extra = data[name_end : name_end + fields[11]]
            yield self._entry(fields, raw_name, extra, shift)
            position = name_end + fields[11] + fields[12]

    def _entry(self, fields: tuple[int, ...], raw_name: bytes, extra: bytes, shift: int) -> Entry:
        flags = fields[3]
        packed, size, offset = _wide(fields[8], fields[9], fields[16], extra)
        name = _decoded(raw_name, flagged=bool(flags & _UTF8))
        return Entry(
            name=name,
            raw_name=raw_name,
            flags=flags,
            method=fields[4],
            stamp=fields[5] | fields[6] << 16,
            crc=fields[7],
            packed=packed,
            size=size,
            start=self._start(offset + shift, name),
            attributes=fields[15],
        )

    def _start(self, offset: int, name: str) -> int:
        self._stream.seek(min(offset, self.size))
        header = self._stream.read(_LOCAL.size)
        if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            raise self.refuse(f"The file is damaged: the part {name} is not where its list says", _REPAIR)
        fields = _LOCAL.unpack(header)
        return offset + _LOCAL.size + int(fields[9]) + int(fields[10])

    def _end(self) -> tuple[int, int, int]:
        """Offset and size of the directory, and how far the whole zip is shifted by bytes put before it."""
        if self.size > self.limits.file_bytes:
            raise self.refuse(
                f"The file has {self.size // MB:,} MB; the limit is {self.limits.file_bytes // MB:,} MB",
                "Raise limits.file_mb in the settings",
            )
        self._not_a_zip()
        tail_start = max(0, self.size - _END.size - _FULL16)
        self._stream.seek(tail_start)
        tail = self._stream.read()
        at = _last_end(tail)
        if at < 0 or len(tail) - at < _END.size:
            raise self.refuse(
                "The workbook is not complete: its end is missing",
                "If it is still being copied, wait; else ask for it again",
            )
        fields = _END.unpack_from(tail, at)
        size, offset, end = fields[5], fields[6], tail_start + at
        if _FULL32 in {size, offset} or fields[4] == _FULL16:
            size, offset, end = self._end64(size, offset, end)
        if size > min(end, _DIRECTORY_LIMIT) or offset > end - size:
            raise self.refuse("The file is damaged: its list of parts does not fit into it", _REPAIR)
        return end - size, size, end - size - offset

    def _end64(self, size: int, offset: int, end: int) -> tuple[int, int, int]:
        self._stream.seek(max(0, end - _END64_LOCATOR.size))
        locator = self._stream.read(_END64_LOCATOR.size)
        if locator[:4] != b"PK\x06\x07":
            return size, offset, end
        last = end - _END64_LOCATOR.size - _END64.size
        nearest = max(0, last - _FULL16)  # it may carry data of a length of its own
        self._stream.seek(nearest)
        data = self._stream.read(end - _END64_LOCATOR.size - nearest)
        at = data.rfind(b"PK\x06\x06")
        if at < 0 or len(data) - at < _END64.size:
            raise self.refuse("The file is damaged: its end cannot be read", _REPAIR)
        fields = _END64.unpack_from(data, at)
        return int(fields[8]), int(fields[9]), nearest + at

    def _not_a_zip(self) -> None:
        self._stream.seek(0)
        head = self._stream.read(8)
        if not head:
            raise self.refuse("The file is empty", "Ask for it again")
        if head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise self._compound()
        if not head.startswith(b"PK"):
            raise self.refuse("The file is not an .xlsx or .xlsm workbook", "Open it in Excel and save it as .xlsx")

    def _compound(self) -> RefusedError:
        self._stream.seek(0)
        if "EncryptedPackage".encode("utf-16-le") in self._stream.read():
            return self.refuse("The workbook needs a password to be opened", "Save it without a password")
        return self.refuse("The file is an old .xls workbook, not an .xlsx", "Save it as .xlsx")

    def _checked(self, entries: list[Entry]) -> tuple[Entry, ...]:
        limits = self.limits
        if len(entries) > limits.entries:
            raise self.refuse(
                f"The file holds more parts than the limit of {limits.entries:,}",
                "Raise limits.entries in the settings if you trust the file",
            )
        unpacked = sum(entry.size for entry in entries)
        if unpacked > limits.unpacked_bytes:
            raise self.refuse(
                f"The file unpacks to {unpacked // MB:,} MB; the limit is {limits.unpacked_bytes // MB:,} MB",
                "Raise limits.unpacked_mb in the settings if you trust the file",
            )
        for entry in entries:
            self._check(entry)
        self._check_overlap(entries)
        return tuple(entries)

    def _check(self, entry: Entry) -> None:
        if entry.flags & _ENCRYPTED:
            raise self.refuse("The file is a zip with a password", "Save it without a password")
        if entry.start + entry.packed > self.size:
            raise self.damaged(entry)
        if entry.size > GRACE and entry.size > entry.packed * self.limits.ratio:
            raise self.refuse(
                f"The part {entry.name} unpacks to {entry.size / max(entry.packed, 1):,.0f} times its size; "
                f"the limit is {self.limits.ratio:,.0f}",
                "Raise limits.ratio in the settings if you trust the file",
            )
        pieces = entry.name.replace("\\", "/").split("/")
        if ".." in pieces or ":" in pieces[0]:
            raise self.refuse(f"The file holds a part that points outside of it: {entry.name!r}", _REPAIR)

    def _check_overlap(self, entries: list[Entry]) -> None:
        end = 0
        for entry in sorted(entries, key=lambda entry: entry.start):
            if entry.start < end:
                raise self.refuse("The file is hostile: two of its parts share the same bytes", _REPAIR)
            end = entry.start + entry.packed


_REPAIR = "Open it in Excel and save it anew"


def _decoded(raw_name: bytes, *, flagged: bool) -> str:
    """A name in UTF-8, which many do not flag, or in the zip's own code page."""
    try:
        return raw_name.decode()
    except UnicodeDecodeError:
        return raw_name.decode("utf-8", "replace") if flagged else raw_name.decode("cp437")


def _last_end(tail: bytes) -> int:
    """Where the end record begins: a comment behind it may hold what looks like one."""
    last = at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        if at + _END.size <= len(tail) and at + _END.size + _END.unpack_from(tail, at)[7] == len(tail):
            return at
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return last


def _wide(packed: int, size: int, offset: int, extra: bytes) -> tuple[int, int, int]:
    """Sizes and offset with their zip64 values where the directory's own fields are full."""
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, position)
        if kind == 1:
            wide = iter(struct.unpack_from(f"<{length // 8}Q", extra[position + 4 :].ljust(length, b"\0")))
            size = next(wide, size) if size == _FULL32 else size
            packed = next(wide, packed) if packed == _FULL32 else packed
            offset = next(wide, offset) if offset == _FULL32 else offset
        position += 4 + length
    return packed, size, offset
