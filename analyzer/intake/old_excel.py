"""What the reader of .xls leaves blank or does not tell: error cells and hidden rows, from the records of the file.

Containers: [MS-CFB]; records: [MS-XLS] BoundSheet8, BoolErr, Formula, Row.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from analyzer.intake.open_document import SheetMarks

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BOUND_SHEET, _BOOL_ERR, _FORMULA, _ROW, _EOF = 0x0085, 0x0205, 0x0006, 0x0208, 0x000A
_FILE_PASS = 0x002F
_LAST_SECTOR = 0xFFFFFFFA  # numbers above it mark the end or free sectors
_SHORT_STREAM, _ENTRY, _START = 4096, 128, 116  # bytes; of a directory entry, and where its first sector stands
_HIDDEN_ROW = 0x20
_IS_ERROR, _NO_NUMBER = 2, 0xFFFF


def marks(path: Path) -> Mapping[str, SheetMarks]:
    """Marks of every sheet by name; none where the container is not as expected, which the reader itself says."""
    try:
        stream = _workbook(path.read_bytes())
        return {name: _sheet(stream, start) for name, start in _sheets(stream)}
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        return {}


def protection(path: Path) -> bytes:
    """The content of the record that says how the workbook is encrypted; empty where it is not."""
    try:
        records = _records(_workbook(path.read_bytes()), 0)
        return next((data for kind, data in records if kind == _FILE_PASS), b"")
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        return b""


def _workbook(data: bytes) -> bytes:
    """The workbook's stream: sectors chained by the container's table; a short stream in the sectors of the root's."""
    size, short_size = (1 << power for power in struct.unpack_from("<HH", data, 30))
    tables, directory, short_table = (struct.unpack_from("<L", data, place)[0] for place in (44, 48, 60))
    if tables > len(data) // size:
        raise ValueError("more tables than sectors")
    sectors = struct.unpack_from("<109L", data, 76)[:tables]
    table = [number for sector in sectors for number in struct.unpack_from(f"<{size // 4}L", data, (sector + 1) * size)]
    body = data[size:]
    entries = _chain(body, size, table, directory)
    root = _chain(body, size, table, struct.unpack_from("<L", entries, _START)[0])
    for place in range(0, len(entries), _ENTRY):
        letters, start, length = (
            struct.unpack_from(f, entries, place + at)[0] for f, at in (("<H", 64), ("<L", _START), ("<L", 120))
        )
        if entries[place : place + max(0, letters - 2)].decode("utf-16-le") in {"Workbook", "Book"}:
            if length >= _SHORT_STREAM:
                return _chain(body, size, table, start)[:length]
            short = _chain(body, size, table, short_table)
            return _chain(root, short_size, struct.unpack(f"<{len(short) // 4}L", short), start)[:length]
    return b""


def _chain(body: bytes, size: int, table: Sequence[int], sector: int) -> bytes:
    """The bytes of the sectors that follow one another in a table; a circle ends with the table."""
    parts: list[bytes] = []
    while sector < _LAST_SECTOR and len(parts) <= len(table):
        parts.append(body[sector * size : (sector + 1) * size])
        sector = table[sector]
    return b"".join(parts)


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    position = start
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        yield kind, stream[position + 4 : position + 4 + length]
        if kind == _EOF:
            return
        position += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for kind, data in _records(stream, 0):
        if kind == _BOUND_SHEET:
            start, count, wide = struct.unpack_from("<L", data)[0], data[6], data[7] & 1
            yield data[8 : 8 + count * (1 + wide)].decode("utf-16-le" if wide else "latin-1"), start


def _sheet(stream: bytes, start: int) -> SheetMarks:
    found = SheetMarks()
    for kind, data in _records(stream, start):
        if kind == _BOOL_ERR and data[7]:
            row, column = struct.unpack_from("<HH", data)
            found.errors[row + 1, column] = _ERRORS.get(data[6], "#ERROR!")
        elif kind == _FORMULA and struct.unpack_from("<H", data, 12)[0] == _NO_NUMBER and data[6] == _IS_ERROR:
            row, column = struct.unpack_from("<HH", data)
            found.errors[row + 1, column] = _ERRORS.get(data[8], "#ERROR!")
        elif kind == _ROW and struct.unpack_from("<H", data, 12)[0] & _HIDDEN_ROW:
            found.hidden.add(struct.unpack_from("<H", data)[0] + 1)
    return found
