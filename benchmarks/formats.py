"""Small workbooks of other formats, made byte by byte: .xls in its container, .xlsb, .ods.

Containers: [MS-CFB]; records of .xls: [MS-XLS]; of .xlsb: [MS-XLSB]; .ods: OpenDocument 1.3.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol
from xml.sax.saxutils import escape

from benchmarks.hostile import BOOK_RELS, RELS, TYPES

Rows = Sequence[Sequence[str | float]]


class Maker(Protocol):
    """One that writes rows as a workbook."""

    __name__: str

    def __call__(self, path: Path, rows: Rows) -> Path:
        """The workbook's path."""


_SECTOR, _MINI, _ENTRY = 512, 4096, 128  # bytes: of a sector, of the shortest stream kept in them, of a directory entry
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_NUMBERS = _SECTOR // 4  # sector numbers in a sector


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A container of streams under its root; short ones are filled with zeros to the length of a long one."""
    padded = {name: data.ljust(_MINI, b"\0") for name, data in streams.items()}
    bodies = [_whole(data) for data in padded.values()]
    directory = -(-(1 + len(padded)) * _ENTRY // _SECTOR)
    used = directory + sum(len(body) // _SECTOR for body in bodies)
    tables = -(-used // (_NUMBERS - 1))
    table = [_TABLE] * tables + _chain(tables, directory)
    starts = []
    for body in bodies:
        starts.append(len(table))
        table += _chain(len(table), len(body) // _SECTOR)
    table += [_FREE] * (tables * _NUMBERS - len(table))
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    for number, (name, start) in enumerate(zip(padded, starts, strict=True), start=1):
        right = number + 1 if number < len(padded) else _FREE
        entries.append(_entry(name, 2, start, len(padded[name]), right=right))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9L", 0, tables, tables, 0, _MINI, _END, 0, _END, 0)
    head += struct.pack("<109L", *range(tables), *[_FREE] * (109 - tables))
    return head + struct.pack(f"<{len(table)}L", *table) + _whole(b"".join(entries)) + b"".join(bodies)


def _whole(data: bytes) -> bytes:
    return data + bytes(-len(data) % _SECTOR)


def _chain(first: int, count: int) -> list[int]:
    return [*range(first + 1, first + count), _END]


def _entry(name: str, kind: int, start: int, size: int, *, child: int = _FREE, right: int = _FREE) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<BB3L", kind, 1, _FREE, right, child)
    return (
        letters.ljust(64, b"\0") + struct.pack("<H", len(letters)) + links + bytes(36) + struct.pack("<LQ", start, size)
    )


def xls(path: Path, rows: Rows, name: str = "Tasks", protection: bytes = b"") -> Path:
    """An Excel 97 workbook of one sheet; ``protection`` is the content of a FilePass record."""
    stream = _bof(5) + (_record(0x2F, protection) if protection else b"") + _record(0x42, struct.pack("<H", 1200))
    path.write_bytes(compound({"Workbook": _stream(stream, rows, name)}))
    return path


def _stream(before: bytes, rows: Rows, name: str) -> bytes:
    bound = struct.pack("<BBBB", 0, 0, len(name), 0) + name.encode("latin-1")
    start = len(before) + 4 + 4 + len(bound) + 4
    size = struct.pack("<2L3H", 0, len(rows), 0, max(map(len, rows)), 0)
    sheet = _bof(16) + _record(0x200, size) + b"".join(_cells(rows)) + _record(0x0A)
    return before + _record(0x85, struct.pack("<L", start) + bound) + _record(0x0A) + sheet


def _bof(kind: int) -> bytes:
    return _record(0x809, struct.pack("<4H2L", 0x600, kind, 0x1CFE, 1997, 0, 6))


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


def _cells(rows: Rows) -> Iterator[bytes]:
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            place = struct.pack("<3H", row, column, 0)
            if isinstance(value, str):
                yield _record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
            else:
                yield _record(0x203, place + struct.pack("<d", value))


def xlsb(path: Path, rows: Rows, name: str = "Tasks") -> Path:
    """A binary workbook of one sheet."""
    book = _part(131) + _part(143) + _part(156, struct.pack("<2L", 0, 1) + _wide("rId1") + _wide(name))
    corner = struct.pack("<4L", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    sheet = _part(129) + _part(148, corner) + _part(145) + b"".join(_rows(rows)) + _part(146) + _part(130)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES.replace("workbook.xml", "workbook.bin").replace("sheet1.xml", "sheet1.bin"),
        "_rels/.rels": RELS.replace("workbook.xml", "workbook.bin"),
        "xl/_rels/workbook.bin.rels": BOOK_RELS.replace("sheet1.xml", "sheet1.bin").replace(
            "sharedStrings.xml", "s.bin"
        ),
        "xl/workbook.bin": book + _part(144) + _part(132),
        "xl/worksheets/sheet1.bin": sheet,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return path


def _rows(rows: Rows) -> Iterator[bytes]:
    for row, cells in enumerate(rows):
        yield _part(0, struct.pack("<2LH3BL", row, 0, 300, 0, 0, 0, 0))
        for column, value in enumerate(cells):
            place = struct.pack("<2L", column, 0)
            yield (
                _part(6, place + _wide(value)) if isinstance(value, str) else _part(5, place + struct.pack("<d", value))
            )


def _part(kind: int, data: bytes = b"") -> bytes:
    """A record: its kind and its length in groups of seven bits, then its content."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, digits = len(data), b""
    while length > 127:
        digits, length = digits + bytes([length & 0x7F | 0x80]), length >> 7
    return head + digits + bytes([length]) + data


def _wide(text: str) -> bytes:
    return struct.pack("<L", len(text)) + text.encode("utf-16-le")


def ods(path: Path, rows: Rows, name: str = "Tasks", repeat: int = 1) -> Path:
    """An OpenDocument sheet; the last row stands ``repeat`` times, said once as the format does."""
    lines = "".join(
        f'<table:table-row table:number-rows-repeated="{repeat if number == len(rows) - 1 else 1}">'
        + "".join(map(_ods_cell, row))
        + "</table:table-row>"
        for number, row in enumerate(rows)
    )
    spaces = "".join(
        f' xmlns:{word}="urn:oasis:names:tc:opendocument:xmlns:{word}:1.0"' for word in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content{spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="{escape(name)}">{lines}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", kind, zipfile.ZIP_STORED)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return path


def _ods_cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
