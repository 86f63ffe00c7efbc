"""Workbooks zipped in unusual ways."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from benchmarks.odd_books.base import SHEET, Odd, add, move, zipped

_UTF8, _DESCRIPTOR, _LOCKED = 0x800, 0x8, 0x1
_FULL = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as it is written: its packed bytes and what its two headers say."""

    name: bytes
    packed: bytes
    size: int
    crc: int
    method: int = 8
    flags: int = 0
    local_extra: bytes = b""
    central_extra: bytes = b""
    comment: bytes = b""
    wide: bool = False
    local_name: bytes | None = None


def item(name: str, data: bytes, encoding: str = "ascii", level: int = 6) -> Item:
    """A deflated entry."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    return Item(name.encode(encoding), packed, len(data), zlib.crc32(data))


def _written(
    items: list[Item], *, before: bytes = b"", behind: bytes = b"", comment: bytes = b"", end64: bytes | None = None
) -> bytes:
    out, central = bytearray(before), bytearray()
    for one in items:
        offset = len(out) - len(before)
        streamed = bool(one.flags & _DESCRIPTOR)
        sizes = (0, 0, 0) if streamed else (one.crc, len(one.packed), one.size)
        extra = one.local_extra
        if one.wide:
            sizes = (one.crc, _FULL, _FULL)
            extra += struct.pack("<2H2Q", 1, 16, one.size, len(one.packed))
        name = one.name if one.local_name is None else one.local_name
        out += struct.pack("<4s5H3L2H", b"PK\3\4", 20, one.flags, one.method, 0, 33, *sizes, len(name), len(extra))
        out += name + extra + one.packed
        if streamed:
            out += struct.pack("<4s3L", b"PK\7\10", one.crc, len(one.packed), one.size)
        wide = struct.pack("<2H3Q", 1, 24, one.size, len(one.packed), offset) if one.wide else b""
        said = (_FULL, _FULL) if one.wide else (len(one.packed), one.size)
        central_extra = one.central_extra + wide
        central += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 20, 20, one.flags, one.method, 0, 33, one.crc, *said, len(one.name),
            len(central_extra), len(one.comment), 0, 0, 0, _FULL if one.wide else offset,
        )  # fmt: skip
        central += one.name + central_extra + one.comment
    start = len(out) - len(before)
    count, size = len(items), len(central)
    out += central
    if end64 is not None:
        at = len(out) - len(before)
        out += struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44 + len(end64), 45, 45, 0, 0, count, count, size, start) + end64
        out += struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
        count, size, start = 0xFFFF, _FULL, _FULL
    out += struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, start, len(comment)) + comment
    return bytes(out) + behind


def written(
    parts: Mapping[str, bytes],
    change: Callable[[Item], Item] = lambda one: one,
    *,
    level: int = 6,
    more: tuple[Item, ...] = (),
    first: tuple[Item, ...] = (),
    before: bytes = b"",
    behind: bytes = b"",
    comment: bytes = b"",
    end64: bytes | None = None,
) -> bytes:
    """The parts as a zip with each entry changed."""
    items = [change(item(name, data, "utf-8", level)) for name, data in parts.items()]
    return _written([*first, *items, *more], before=before, behind=behind, comment=comment, end64=end64)


def _stored(one: Item) -> Item:
    return replace(one, packed=zlib.decompress(one.packed, -15), method=0)


def _only(name: str, change: Callable[[Item], Item]) -> Callable[[Item], Item]:
    return lambda one: change(one) if one.name == name.encode() else one


def _streamed(parts: Mapping[str, bytes]) -> bytes:
    """As Python's own writer streams to a pipe: sizes behind the data."""

    class Pipe(io.RawIOBase):
        data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]  # bytes are all that comes
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return pipe.data


def _overlapping(parts: Mapping[str, bytes]) -> bytes:
    data = written(parts)
    end = data.rindex(b"PK\5\6")
    count, size, start = struct.unpack_from("<H2L", data, end + 10)
    central = data[start : start + size]
    length = 46 + struct.unpack_from("<H", central, 28)[0]
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count + 1, count + 1, size + length, start, 0)
    return data[:start] + central + central[:length] + tail


def _reversed(parts: Mapping[str, bytes]) -> bytes:
    return written(dict(reversed(list(parts.items()))))


_STAMPS = struct.pack("<2HB3L", 0x5455, 13, 7, 1, 2, 3)
_FOLDERS = tuple(item(f"{name}/", b"") for name in ("xl", "xl/worksheets", "_rels", "xl/_rels", "docProps"))
_ACCENT = "xl/worksheets/t\xe2ches.xml"
_CP437 = _ACCENT.encode("cp437")


def _in_cp437(one: Item) -> Item:
    return replace(one, name=_CP437) if one.name == _ACCENT.encode() else one


def _with_unicode_path(one: Item) -> Item:
    if one.name != _ACCENT.encode():
        return one
    said = b"\1" + struct.pack("<L", zlib.crc32(_CP437)) + one.name
    extra = struct.pack("<2H", 0x7075, len(said)) + said
    return replace(one, name=_CP437, local_extra=extra, central_extra=extra)


_MOVED = (move(SHEET, _ACCENT, "worksheets/t\xe2ches.xml"),)

ZIPS: tuple[Odd, ...] = (
    Odd("stored", pack=partial(zipped, method=zipfile.ZIP_STORED)),
    Odd("some stored", pack=partial(written, change=_only(SHEET, _stored))),
    Odd("packed lightly", pack=partial(written, level=1)),
    Odd("packed not at all", pack=partial(written, level=0)),
    Odd("sizes behind the data", pack=partial(written, change=lambda one: replace(one, flags=_DESCRIPTOR))),
    Odd("streamed", pack=_streamed),
    Odd("zip64 entries", pack=partial(written, change=lambda one: replace(one, wide=True))),
    Odd("zip64 end", pack=partial(written, end64=b"")),
    Odd("zip64 end with more data", pack=partial(written, end64=b"\1\2\3\0\0\0abc" * 9)),
    Odd(
        "zip64 throughout, put behind a stub",
        pack=partial(written, change=lambda one: replace(one, wide=True), end64=b"x" * 5, before=b"PK\0\0stub"),
    ),
    Odd("folders as entries", pack=partial(written, first=_FOLDERS)),
    Odd("folders behind", pack=partial(written, more=_FOLDERS)),
    Odd(
        "extra fields",
        pack=partial(
            written, change=lambda one: replace(one, local_extra=_STAMPS, central_extra=_STAMPS[:9], comment=b"entry")
        ),
    ),
    Odd(
        "cut extra fields", pack=partial(written, change=lambda one: replace(one, central_extra=b"\x07\x00\xff\x00ab"))
    ),
    Odd("comment", pack=partial(written, comment=b"made by hand")),
    Odd("comment that looks like an end", pack=partial(written, comment=b"PK\5\6" + b"\0" * 18 + b"!")),
    Odd("bytes behind the end", pack=partial(written, behind=b"\0" * 700)),
    Odd("bytes before the beginning", pack=partial(written, before=b"PKSFX stub" * 40)),
    Odd("other entry first", (), partial(written, first=(item("mimetype", b"application/x"),))),
    Odd("content types last", pack=_reversed),
    Odd("names flagged as UTF-8", _MOVED, partial(written, change=lambda one: replace(one, flags=_UTF8))),
    Odd("names in UTF-8 without flag", _MOVED, written),
    Odd("names in code page 437", _MOVED, partial(written, change=_in_cp437)),
    Odd("names in code page 437 with UTF-8 beside", _MOVED, partial(written, change=_with_unicode_path)),
    Odd(
        "names that differ in the local header",
        pack=partial(written, change=_only(SHEET, lambda one: replace(one, local_name=b"sheet"))),
    ),
    Odd(
        "unknown entry names in another code page",
        (add("own/\xe4.bin", b"x"),),
        partial(written, change=lambda one: replace(one, name=one.name.replace(b"\xc3\xa4", b"\xe4"))),
    ),
    Odd(
        "a part twice", pack=lambda parts: written(parts, more=(item("docProps/core.xml", parts["docProps/core.xml"]),))
    ),
    Odd("a sheet twice, the first one stale", pack=lambda parts: written(parts, first=(item(SHEET, b"<worksheet/>"),))),
    Odd("parts that share bytes", pack=_overlapping, refused="share the same bytes"),
    Odd(
        "packed by another method",
        pack=partial(written, change=_only(SHEET, lambda one: replace(one, method=9))),
        refused="method",
    ),
    Odd("with a password", pack=partial(written, change=lambda one: replace(one, flags=_LOCKED)), refused="password"),
    Odd(
        "false checksum", pack=partial(written, change=_only(SHEET, lambda one: replace(one, crc=1))), refused="damaged"
    ),
    Odd("cut short", pack=lambda parts: zipped(parts)[:-40], refused="not complete"),
    Odd("empty", pack=lambda _: b"", refused="empty"),
)
