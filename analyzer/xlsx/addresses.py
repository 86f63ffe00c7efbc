"""Cell addresses: ``AB12``, ``$A$1:$C$9``; rows from 1, columns from 0."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from analyzer.xlsx.limits import MAX_COLUMNS, MAX_ROWS

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")

_COLUMNS = re.compile(r"[A-Za-z]{1,3}")


@lru_cache(maxsize=MAX_COLUMNS)
def letters(column: int) -> str:
    """A column's letters: 0 -> A, 26 -> AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_number(text: str) -> int:
    """A column from its letters: A -> 0, AA -> 26."""
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def cell(text: str) -> tuple[int, int] | None:
    """Row and column of an address, None where it is none."""
    found = _CELL.fullmatch(text.strip())
    return (int(found.group(2)), column_number(found.group(1))) if found else None


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __str__(self) -> str:
        first = f"{letters(self.first_column)}{self.first_row}"
        last = f"{letters(self.last_column)}{self.last_row}"
        return first if first == last else f"{first}:{last}"

    @property
    def absolute(self) -> str:
        """``$A$1:$C$9``."""
        return f"${letters(self.first_column)}${self.first_row}:${letters(self.last_column)}${self.last_row}"


def cell_range(text: str) -> Range | None:
    """A range from ``A1:C9``, ``$A$1`` or whole columns or rows; None where it is none."""
    first, _, last = text.strip().replace("$", "").partition(":")
    last = last or first
    ends = cell(first), cell(last)
    if ends[0] and ends[1]:
        return Range(ends[0][0], ends[0][1], ends[1][0], ends[1][1])
    if _COLUMNS.fullmatch(first) and _COLUMNS.fullmatch(last):
        return Range(1, column_number(first), MAX_ROWS, column_number(last))
    if first.isdecimal() and last.isdecimal():
        return Range(int(first), 0, int(last), MAX_COLUMNS - 1)
    return None
