"""What the fast reader does not tell, from the sheet's own XML: errors, uncalculated formulas, hidden rows, merges.

The scan looks for a few byte patterns first and parses only what they promise, so an honest sheet costs its inflation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analyzer.intake.tab import Hidden, Span
from analyzer.xlsx import Limits
from analyzer.xlsx.addresses import column_number, letters
from analyzer.xlsx.container import Container, part_key

_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_ATTRIBUTE = {
    name: re.compile(rb'\b%s\s*=\s*["\']([^"\']*)' % name) for name in (b"r", b"t", b"hidden", b"min", b"max", b"ref")
}
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_FORMULA_MARKS = (b"<f>", b"<f ", b"<f/")  # a search for fixed bytes is ten times a pattern's
_PREFIXED_FORMULA_MARKS = (b":f>", b":f ", b":f/")
_OUTWARD_NAMES = (b"WEBSERVICE", b"IMAGE", b"HYPERLINK", b"RTD", b"CALL", b"REGISTER.ID", b"SQL.REQUEST")
_OUTWARD = re.compile(rb"<(?:\w+:)?f[^>]*>[^<]*?\b(%s)\(" % b"|".join(map(re.escape, _OUTWARD_NAMES)))
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s([^>]*)>")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
_TEXT_CELL = (
    rb"<(?:\w+:)?c\s(?=[^>]*\br\s*=\s*[\"'](?:%s)\d)(?=[^>]*\bt\s*=\s*[\"'](?:s|str|inlineStr)[\"'])"
    rb"[^>]*\br\s*=\s*[\"']([A-Z]+)(\d+)"
)
_PLAIN_TEXT_CELL = rb'<c r="(%s)(\d+)"(?: s="\d+")? t="(?:s|str|inlineStr)"'
_MOST_COLUMNS = 16_384


@dataclass(slots=True)
class SheetScan:
    """Findings of one pass: cells by (row from 1, column from 0); ``outward`` with the function that leads outside."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Span] = field(default_factory=list)
    stored: dict[int, list[int]] = field(default_factory=dict)  # rows by column of cells stored as text
    formulas: bool = False
    outward: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def hidden(self) -> Hidden:
        """Hidden rows and columns."""
        return Hidden(frozenset(self.hidden_rows), frozenset(self.hidden_columns))


def part_chunks(path: Path, part: str, limits: Limits) -> Iterator[bytes]:
    """A part of the package, unpacked, cut between rows."""
    with Container(path, limits) as container:
        key = part_key(part)
        entry = next(entry for entry in container.entries if entry.key == key)
        carry = b""
        for chunk in container.chunks(entry):
            data = carry + chunk
            cut = max(data.rfind(b"<row "), data.rfind(b":row ", 0, -1) - _PREFIX)
            carry, data = (data[cut:], data[:cut]) if cut > 0 else (data, b"")
            if data:
                yield data
        yield carry


_PREFIX = 16  # bytes before ":row " in which its "<" and prefix stand


def scan(chunks: Iterable[bytes], columns: Sequence[int] = ()) -> SheetScan:
    """One pass over a sheet's XML. ``columns``: those of which it matters which cells are stored as text."""
    found = SheetScan()
    texts = _TextCells(columns) if columns else None
    for chunk in chunks:
        if texts:
            texts.look(chunk, found)
        if b"hidden" in chunk:
            _hidden(chunk, found)
        if b"<col" in chunk or b":col " in chunk:
            _columns(chunk, found)
        calculated = _has_formulas(chunk)
        found.formulas |= calculated
        if calculated and any(name in chunk for name in _OUTWARD_NAMES):
            _outward(chunk, found)
        if calculated or b't="e"' in chunk or (b"'" in chunk and b"t='e'" in chunk):
            _cells(chunk, found)
        if b"mergeCell " in chunk:
            found.merges += (
                span for match in _MERGE.finditer(chunk) if (span := span_of(_attribute(match[1], b"ref")))
            )
    return found


def _has_formulas(chunk: bytes) -> bool:
    """Whether a formula stands in it. One byte is looked for first where it settles the matter: that is soon done."""
    if b"<f" in chunk and any(mark in chunk for mark in _FORMULA_MARKS):
        return True
    return b":" in chunk and any(mark in chunk for mark in _PREFIXED_FORMULA_MARKS)


def _attribute(tag: bytes, name: bytes) -> str:
    match = _ATTRIBUTE[name].search(tag)
    return match[1].decode("utf-8", "replace") if match else ""


def _hidden(chunk: bytes, found: SheetScan) -> None:
    for match in _ROW.finditer(chunk):
        if _attribute(match[1], b"hidden") in {"1", "true"} and (row := _attribute(match[1], b"r")).isdecimal():
            found.hidden_rows.add(int(row))


def _columns(chunk: bytes, found: SheetScan) -> None:
    for match in _COLUMN.finditer(chunk):
        if _attribute(match[1], b"hidden") in {"1", "true"}:
            first, last = _attribute(match[1], b"min"), _attribute(match[1], b"max")
            if first.isdecimal() and last.isdecimal():
                found.hidden_columns.update(range(int(first) - 1, min(int(last), _MOST_COLUMNS)))


def _cells(chunk: bytes, found: SheetScan) -> None:
    for match in _CELL.finditer(chunk):
        place = place_of(_attribute(match[1], b"r"))
        if place is None:
            continue
        kind = _attribute(match[1], b"t")
        value = _VALUE.search(match[2])
        if kind == "e":
            found.errors[place] = value[1].decode("utf-8", "replace") if value else "#ERROR!"
        elif kind != "str" and (value is None or not value[1]) and _FORMULA.search(match[2]):
            found.uncalculated.append(place)


def _outward(chunk: bytes, found: SheetScan) -> None:
    for match in _CELL.finditer(chunk):
        place, function = place_of(_attribute(match[1], b"r")), _OUTWARD.search(match[2])
        if place and function:
            found.outward.append((*place, function[1].decode()))


def place_of(reference: str) -> tuple[int, int] | None:
    """Row from 1 and column from 0 of ``E7``."""
    match = _REFERENCE.fullmatch(reference)
    return (int(match[2]), column_number(match[1])) if match else None


def span_of(reference: str) -> Span | None:
    """The rectangle of ``A1:B2``."""
    start, _, end = reference.partition(":")
    first, last = place_of(start), place_of(end or start)
    return Span(*first, *last) if first and last else None


class _TextCells:
    """Finds the cells of some columns that the sheet stores as text."""

    def __init__(self, columns: Iterable[int]) -> None:
        names = "|".join(letters(index) for index in columns).encode()
        self._plain = re.compile(_PLAIN_TEXT_CELL % names)
        self._careful = re.compile(_TEXT_CELL % names)

    def look(self, chunk: bytes, found: SheetScan) -> None:
        """Note the text cells of a chunk."""
        plain = chunk.count(b"<c ") == chunk.count(b'<c r="') and b":c " not in chunk
        for name, row in (self._plain if plain else self._careful).findall(chunk):
            found.stored.setdefault(column_number(name.decode()), []).append(int(row))
