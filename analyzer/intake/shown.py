"""Numbers that stand for a name, as a sheet shows them: with leading zeros, and with every digit that is stored."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from pathlib import Path

import polars as pl

from analyzer.intake.sheet_xml import part_chunks
from analyzer.intake.tab import CellKind
from analyzer.xlsx import Limits, cell_formats
from analyzer.xlsx.addresses import letters

KEPT_DIGITS = 15  # of a number; what a spreadsheet stores beyond them is not sure
LONG = rf"^-?\d{{{KEPT_DIGITS + 1},}}(\.|$)"
_MOST_DIGITS = 320  # of a number that a cell can hold
_LITERAL = r'"[^"]*"|\\.|[-() _]'
_PADDED = re.compile(rf"(?:{_LITERAL}|0)*0(?:{_LITERAL}|0)*")
_PIECE = re.compile(rf"{_LITERAL}|0")
_STORED = (
    rb"<(?:\w+:)?c\s(?=[^>]*\br\s*=\s*[\"']%s(\d+))(?![^>]*\bt\s*=\s*[\"'](?!n[\"']))([^>]*)>\s*"
    rb"(?:<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*)?<(?:\w+:)?v>([^<]+)<"
)
_STYLE = re.compile(rb"\bs\s*=\s*[\"'](\d+)")


def shown_numbers(path: Path, part: str, limits: Limits, column: int, *, long: bool) -> dict[int, str]:
    """Numbers of a column (from 0) by sheet row, as shown; none where no format pads them and none is ``long``."""
    formats = {style: code for style, code in cell_formats(path, limits).items() if is_padded(code)}
    if not formats and not long:
        return {}
    pattern = re.compile(_STORED % letters(column).encode())
    found = (match for chunk in part_chunks(path, part, limits) for match in pattern.findall(chunk))
    return {int(row): spelled(value.decode(), formats.get(_style(tag), "")) for row, tag, value in found}


def is_long(cells: pl.Series, kinds: pl.Series) -> pl.Series:
    """Which cells are numbers with more digits than a spreadsheet keeps."""
    return ((kinds == CellKind.NUMBER) & cells.str.contains(LONG)).fill_null(value=False)


def is_padded(code: str) -> bool:
    """Whether a number format is nothing but zeros and literal text, with more than the one zero of a plain number."""
    first = code.partition(";")[0]
    return first != "0" and _PADDED.fullmatch(first) is not None


def spelled(value: str, code: str = "") -> str:
    """A stored number in plain digits, filled into the zeros of a padded format where it is whole and not negative.

    ``7`` as ``00000`` is ``00007``; ``1.5E+18`` is ``1500000000000000000``.
    """
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        return value
    plain = format(number.normalize(), "f")
    return _padded(plain, code.partition(";")[0]) if code and plain.isdecimal() else plain


def _padded(digits: str, code: str) -> str:
    pieces = _PIECE.findall(code)
    places = pieces.count("0")
    head, rest = digits[: max(0, len(digits) - places)], digits[-places:].zfill(places)
    given = iter([head + rest[0], *rest[1:]])
    return "".join(next(given) if piece == "0" else piece.strip('"').removeprefix("\\") for piece in pieces)


def _style(tag: bytes) -> int:
    found = _STYLE.search(tag)
    return int(found[1]) if found else 0
