"""Cells spliced into a sheet's rows, chunk by chunk.

A chunk whose rows look as Excel writes them is one string expression; any other goes through a parser that knows each
row's and cell's place. Both leave every byte of what is there, but for the ``spans`` hint of rows that grow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, repeat
from operator import lt
from xml.parsers import expat

import polars as pl

from analyzer.errors import RefusedError
from analyzer.xlsx.addresses import column_number, letters
from analyzer.xlsx.columns import left_of, window
from analyzer.xlsx.limits import MAX_COLUMNS
from analyzer.xlsx.markup import Patch, damaged, local, parser, patched, tag_end
from analyzer.xlsx.rows import CELLS, FIRST, ROW, Additions, joined
from analyzer.xlsx.sheets import SheetParts

_BLOCK = 2 << 20  # bytes spliced at once; larger ones cost page faults
_ROWS = 5_000  # new rows made at once
_CELL_END = b"</c>"
_TAG = 120  # bytes in which a row's start tag mostly ends


class UnsortedError(Exception):
    """Rows do not ascend from chunk to chunk: the whole sheet has to be seen at once."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Columns that are written to, from 0, both ends included, and columns cleared first."""

    written: tuple[tuple[int, int], ...]
    cleared: tuple[tuple[int, int], ...] = ()

    def holds(self, column: int, *, cleared: bool) -> bool:
        """Whether a column is written to, or cleared."""
        ranges = self.cleared if cleared else self.written
        return any(first <= column <= last for first, last in ranges)


@dataclass(slots=True)
class _RowPlace:
    number: int
    start: int
    content: int = 0
    close: int = 0
    closed: bool = False  # <row/>
    cells: list[tuple[int, int, int]] = field(default_factory=list)  # column, start, end


class Body:
    """The rows of one sheet with additions."""

    def __init__(self, parts: SheetParts, additions: Additions, windows: Windows, sheet: str, where: str) -> None:
        self._parts = parts
        self._additions = additions
        self._windows = windows
        self._sheet = sheet
        self._where = where
        self._last = 0
        name = parts.prefix
        self._end = f"</{name}row>".encode()
        self._row = f"<{name}row".encode()
        self._row_starts = re.compile(rf'<{name}row(?: r="(\d+)")?( spans="[^"]*")?[^>]*?(/?)>'.encode())
        first = min([low for low, _ in windows.written], default=MAX_COLUMNS)
        self._odd_cell = re.compile(rf'<{name}c(?! r="(?:{left_of(first)})\d)'.encode())
        self._clear = [
            re.compile(rf'(?s)<{name}c r="(?:{window(low, high)})\d+"[^>]*?(?:/>|>.*?</{name}c>)'.encode())
            for low, high in windows.cleared
        ]

    def stream(self) -> Iterator[bytes]:
        """The rows in chunks. Raises ``UnsortedError``, then ``whole`` is the way."""
        pending = b""
        end_tag = self._end
        body = self._parts.body()
        for chunk in body:
            pending += chunk
            if self._parts.commented:
                yield self._careful(b"".join([pending, *body]), last=True)
                return
            cut = pending.rfind(end_tag) + len(end_tag)
            if len(pending) >= _BLOCK and cut >= len(end_tag):
                yield self._spliced(pending[:cut])
                pending = pending[cut:]
        yield self._spliced(pending) if end_tag in pending else self._careful(pending, last=False)
        for until in range(self._last + _ROWS, self._additions.last_row, _ROWS):
            yield self._new_rows(self._additions.take(until))
        yield self._new_rows(self._additions.take(None))

    def whole(self) -> bytes:
        """All rows at once, whatever their order."""
        return self._careful(b"".join(self._parts.body()), last=True)

    def _spliced(self, data: bytes) -> bytes:
        fast = self._fast(data)
        return self._careful(data, last=False) if fast is None else fast

    def _fast(self, data: bytes) -> bytes | None:
        """Rows as Excel writes them, all at once; None where anything is unusual.

        As many start as end tags of rows, each start tag with its number first, and every cell's tag with an address
        left of the new columns first: then each row's end tag is where its new cells go.
        """
        cleared = self._cleared(data) if self._clear else data
        *pieces, rest = cleared.split(self._end)
        starts = self._starts(pieces)
        if not pieces or len(starts) != len(pieces) or rest.strip() or self._odd_cell.search(cleared):
            return None
        if {piece[-len(_CELL_END) :] for piece in pieces} != {_CELL_END} and b"extLst" in data:
            return None  # a row's extension comes behind its cells
        named, spans, closings = zip(*starts, strict=True)
        if any(closings) or not all(named):
            return None
        numbers = list(map(int, named))
        if numbers[0] <= self._last or not all(map(lt, numbers, numbers[1:])):
            return None
        self._last = numbers[-1]
        cells = joined(self._additions.take(self._last))
        if cells.is_empty():
            return cleared
        bare = [piece.replace(span, b"", 1) for piece, span in zip(pieces, spans, strict=True)]
        return self._merged(numbers, bare, cells) + rest

    def _starts(self, pieces: list[bytes]) -> list[tuple[bytes, bytes, bytes]]:
        """Number, ``spans`` and closing slash of the start tags in what lies between end tags of rows.

        A row without an end tag of its own stands before the next one's start tag: what begins a piece tells of it.
        """
        found = self._row_starts.findall(b"\n".join([piece[:_TAG] for piece in pieces]))
        return found if len(found) == len(pieces) else self._row_starts.findall(b"".join(pieces))

    def _cleared(self, data: bytes) -> bytes:
        for pattern in self._clear:
            data = pattern.sub(b"", data)
        return data

    def _merged(self, numbers: list[int], pieces: list[bytes], cells: pl.DataFrame) -> bytes:
        """Each row with its new cells. Rows come without the hint which columns they span: optional, and wrong now."""
        rows, texts = cells[ROW].to_list(), cells[CELLS].cast(pl.Binary).to_list()
        if rows == numbers:
            return b"".join(chain.from_iterable(zip(pieces, texts, repeat(self._end), strict=False)))
        new = dict(zip(rows, texts, strict=True))
        lines = [
            (number, piece + new.pop(number, b"") + self._end) for number, piece in zip(numbers, pieces, strict=True)
        ]
        missing = [(number, self._whole_row(number, text)) for number, text in new.items()]
        return b"".join(line for _, line in (sorted([*lines, *missing]) if missing else lines))

    def _new_rows(self, cells: pl.DataFrame) -> bytes:
        """Rows that the sheet does not have."""
        opened = pl.concat_str(pl.lit(f'{self._row.decode()} r="'), pl.col(ROW).cast(pl.String), pl.lit('">'))
        lines = joined(cells).select(pl.concat_str(opened, CELLS, pl.lit(self._end.decode())).cast(pl.Binary))
        return b"".join(lines.to_series().to_list())

    def _careful(self, data: bytes, *, last: bool) -> bytes:
        rows = self._places(data)
        if rows and min(row.number for row in rows) <= self._last:
            raise UnsortedError
        highest = max([self._last, *(row.number for row in rows)])
        pending = _by_row(self._additions.take(None if last else highest))
        patches: list[Patch] = []
        for row in rows:
            patches += self._row_patches(data, row, pending.pop(row.number, []))
        patches += self._missing(rows, pending, len(data))
        self._last = highest
        return patched(data, patches)

    def _row_patches(self, data: bytes, row: _RowPlace, additions: list[tuple[int, str]]) -> Iterator[Patch]:
        kept = []
        for column, start, end in row.cells:
            if self._windows.holds(column, cleared=True):
                yield Patch(start, end, b"")
            else:
                kept.append((column, end))
                if self._windows.holds(column, cleared=False) and additions:
                    raise occupied(self._sheet, column, row.number)
        if not additions:
            return
        tag = data[row.start : row.content]
        tag = re.sub(rb"\s+spans\s*=\s*(\"[^\"]*\"|'[^']*')", b"", tag, count=1)
        if row.closed:
            text = "".join(cells for _, cells in additions)
            yield Patch(row.start, row.content, tag[:-2].rstrip() + b">" + text.encode() + self._end)
            return
        yield Patch(row.start, row.content, tag)
        for first, cells in additions:
            at = max([row.content, *(end for column, end in kept if column < first)])
            yield Patch(at, at, cells.encode())

    def _missing(self, rows: list[_RowPlace], pending: dict[int, list[tuple[int, str]]], end: int) -> Iterator[Patch]:
        """Rows that the sheet does not have, each before the first row with a greater number."""
        numbers = iter(sorted(pending))
        number = next(numbers, None)
        highest = 0
        for row in rows:
            highest = max(highest, row.number)
            while number is not None and number < row.number:
                yield Patch(row.start, row.start, self._whole_row(number, _together(pending[number])))
                number = next(numbers, None)
        while number is not None:
            yield Patch(end, end, self._whole_row(number, _together(pending[number])))
            number = next(numbers, None)

    def _whole_row(self, number: int, cells: bytes) -> bytes:
        return b'%s r="%d">%s%s' % (self._row, number, cells, self._end)

    def _places(self, data: bytes) -> list[_RowPlace]:
        return _Places(self._parts.root, data, self._last, self._where).rows


class _Places:
    """Where the rows and cells of a fragment stand; rows and cells without an address count on."""

    def __init__(self, root: bytes, data: bytes, last: int, where: str) -> None:
        self.rows: list[_RowPlace] = []
        self._data = root + data
        self._shift = len(root)
        self._number = last
        self._depth = 0
        self._cell: tuple[int, int] | None = None
        self._column = -1
        self._parser = parser(where)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        name = re.match(rb"<([^\s>]+)", root)
        try:
            self._parser.Parse(self._data, False)
            self._parser.Parse(b"</%s>" % (name.group(1) if name else b""), True)
        except (expat.ExpatError, ValueError):
            raise damaged(where) from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 2 and local(name) == "row":  # noqa: PLR2004 - the rows lie right below the fragment's root
            self._number = int(attributes.get("r") or self._number + 1)
            self._column = -1
            start = self._parser.CurrentByteIndex
            content = tag_end(self._data, start) - self._shift
            closed = self._data[content + self._shift - 2 : content + self._shift] == b"/>"
            self.rows.append(_RowPlace(self._number, start - self._shift, content, closed=closed))
        elif self._depth == 3 and local(name) == "c":  # noqa: PLR2004 - and cells below them
            reference = (attributes.get("r") or "").rstrip("0123456789")
            self._column = column_number(reference) if reference else self._column + 1
            self._cell = (self._column, self._parser.CurrentByteIndex)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._depth == 2 and self._cell:  # noqa: PLR2004 - a cell ends
            column, start = self._cell
            self.rows[-1].cells.append((column, start - self._shift, self._end_of(start) - self._shift))
            self._cell = None
        elif self._depth == 1 and self.rows and not self.rows[-1].close and local(name) == "row":
            row = self.rows[-1]
            row.close = row.content if row.closed else self._parser.CurrentByteIndex - self._shift

    def _end_of(self, start: int) -> int:
        content = tag_end(self._data, start)
        if self._data[content - 2 : content] == b"/>":
            return content
        return tag_end(self._data, self._parser.CurrentByteIndex)


def occupied(sheet: str, column: int, row: int) -> RefusedError:
    """The refusal to write over a cell."""
    place = f"{letters(column)}{row}"
    return RefusedError(
        f"The new columns would cover a cell that is there: {place}",
        where=f"{sheet}!{place}",
        hint="Delete what stands right of the table, or leave more room there",
    )


def _together(additions: list[tuple[int, str]]) -> bytes:
    return "".join(cells for _, cells in additions).encode()


def _by_row(cells: pl.DataFrame) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    for row, first, text in cells.select(ROW, FIRST, CELLS).iter_rows():
        found.setdefault(row, []).append((first, text))
    return found
