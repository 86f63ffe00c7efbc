"""Where a sheet's cells really lie: a scan by patterns, cheap on honest sheets, exact on all.

A declared dimension is not believed: a cell in XFD1048576 makes a reader that fills a grid ask for 550 GB.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from xml.parsers import expat

from analyzer.xlsx.addresses import column_number
from analyzer.xlsx.columns import at_or_right, left_of
from analyzer.xlsx.facts import Extent
from analyzer.xlsx.markup import damaged, local, parser

_ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*[\"'](\d+)[\"']")
_PLAIN_ROW = re.compile(rb'<row r="(\d+)"')
_ANY_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{1,3})(\d+)")
_PLAIN_REFERENCE = re.compile(rb'<c r="([A-Z]{1,3})(\d+)')
_ODD_REFERENCE = re.compile(rb'<c r="(?:[A-Z]{4}|[^A-Z])')  # readers take small letters too
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_BEFORE_NAME = re.compile(rb"</(?:[\w.-]+:)?$")
_NAME = 64  # bytes before a name in which its tag begins
_NEAR = 64 * 1024
_CARRY = 512  # bytes kept so that no tag is cut between two chunks


class ExtentScan:
    """Fed with a sheet's chunks; ``extent`` is exact but for cells without addresses, which ``unaddressed`` tells."""

    def __init__(self) -> None:
        self._last_row = 0
        self._last_column = -1
        self._cells = 0
        self._references = 0
        self._carry = b""
        self._prefixed = False
        self._bare = False
        self._ended = False
        self.tail = b""  # what comes after the rows

    def feed(self, chunk: bytes) -> None:
        """Look at the next chunk."""
        data = self._carry + chunk
        cut = data.rfind(b"<", max(0, len(data) - _CARRY))
        self._carry, data = (data[cut:], data[:cut]) if cut > 0 else (b"", data)
        self._look(data)

    def finish(self) -> Extent:
        """The extent after the last chunk."""
        self._look(self._carry)
        self._carry = b""
        return Extent(self._last_row, self._last_column, self._cells)

    @property
    def unaddressed(self) -> bool:
        """Whether there are rows without a number or cells without an address as Excel writes it."""
        return self._bare or self._references < self._cells

    def _look(self, data: bytes) -> None:
        self._look_around(data)
        numbers = _PLAIN_ROW.findall(data)
        plain_rows = not self._prefixed and _tags(data, b"<row", len(numbers))
        last = max(self._last_row, 0, *map(int, numbers)) if plain_rows else self._last_row
        if plain_rows and not _outside(self._last_column, len(str(last))).search(data):
            cells = data.count(b'<c r="')
            self._cells, self._references, self._last_row = self._cells + cells, self._references + cells, last
            return
        self._look_closely(data, numbers, plain_rows=plain_rows)

    def _look_around(self, data: bytes) -> None:
        """Where the rows end, and whether tags have prefixes."""
        at = data.rfind(b"sheetData")
        if at >= 0:
            before = _BEFORE_NAME.search(data[max(0, at - _NAME) : at])
            self._prefixed = self._prefixed or data[at - 1 : at] == b":"
            self._ended = self._ended or before is not None or data[at + 9 : at + 11] == b"/>"
        if self._ended:
            self.tail += data[max(at, 0) :]

    def _look_closely(self, data: bytes, numbers: list[bytes], *, plain_rows: bool) -> None:
        """Cells further right or down than any before, tags with prefixes, and addresses that are none."""
        cells = data.count(b'<c r="')
        plain = plain_rows and _tags(data, b"<c", cells)
        reference = _PLAIN_REFERENCE if plain else _REFERENCE
        if not plain:
            cells = sum(1 for _ in _CELL.finditer(data))
            numbers = _ROW.findall(data)
            self._bare = self._bare or len(numbers) < sum(1 for _ in _ANY_ROW.finditer(data))
        self._cells += cells
        self._references += cells if plain else sum(1 for _ in _REFERENCE.finditer(data))
        self._last_row = max(self._last_row, 0, *map(int, numbers))
        self._bare = self._bare or _ODD_REFERENCE.search(data) is not None
        start = reference.pattern.partition(b"(")[0]
        self._look_at_columns(data, start, reference)
        longer = re.compile(start + rb"[A-Z]{1,3}\d{%d,}" % (len(str(self._last_row)) + 1))
        if longer.search(data):
            self._last_row = max(self._last_row, *(int(row) for _, row in reference.findall(data)))

    def _look_at_columns(self, data: bytes, start: bytes, reference: re.Pattern[bytes]) -> None:
        while found := _beyond(start, self._last_column + 1).search(data):
            near = reference.findall(data, found.start(), found.end() + _NEAR)
            self._last_column = max(self._last_column, *(column_number(text.decode()) for text, _ in near))


def _tags(data: bytes, start: bytes, expected: int) -> bool:
    """Whether so many tags have this name; other names that begin with it are told apart only where there are any."""
    if data.count(start) == expected:
        return True
    return sum(data.count(start + follower) for follower in (b" ", b">", b"/", b"\n", b"\r", b"\t")) == expected


@lru_cache(maxsize=256)
def _outside(column: int, digits: int) -> re.Pattern[bytes]:
    """Finds a cell right of a column, in a row of more digits, or with an address that is none."""
    return re.compile(rb'<c(?=[\s/>])(?! r="(?:%s)\d{1,%d}")' % (left_of(column + 1).encode(), digits))


@lru_cache(maxsize=256)
def _beyond(start: bytes, column: int) -> re.Pattern[bytes]:
    return re.compile(start + rb"(?:%s)\d" % at_or_right(min(column, _LAST_LETTERS)).encode())


_LAST_LETTERS = column_number("ZZZ")


def parsed_extent(chunks: Iterable[bytes], where: str) -> Extent:
    """The extent of a sheet whose cells carry no addresses, by parsing it."""
    row, last_row, last_column, cells = 0, 0, -1, 0
    for row, column, _ in parsed_cells(chunks, where):
        last_row, last_column, cells = max(last_row, row), max(last_column, column), cells + 1
    return Extent(last_row, last_column, cells)


def parsed_cells(chunks: Iterable[bytes], where: str) -> Iterator[tuple[int, int, dict[str, str]]]:
    """Row, column and attributes of every cell, those without an address counted on from the one before."""
    made = parser(where)
    position = [0, -1]
    found: list[tuple[int, int, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        kind = local(name)
        if kind == "row":
            position[0] = int(attributes.get("r") or position[0] + 1)
            position[1] = -1
            if position[0] < 0:
                raise ValueError(attributes["r"])
        elif kind == "c":
            address = attributes.get("r", "")
            letters = address.rstrip("0123456789")
            position[0] = int(address.removeprefix(letters) or position[0])  # goes before the number of its row
            position[1] = column_number(letters) if letters else position[1] + 1
            found.append((position[0], position[1], attributes))

    made.StartElementHandler = start
    try:
        for chunk in chunks:
            made.Parse(chunk, False)
            yield from found
            found.clear()
    except (expat.ExpatError, ValueError):
        raise damaged(where) from None
