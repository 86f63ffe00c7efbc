"""One sheet as read: every cell as text with its kind, at the sheet's own row and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

import polars as pl

from analyzer.xlsx.addresses import letters

UNCALCULATED = "(formula not calculated)"  # stands in a cell whose formula has no stored result

MERGED = "(within a merged cell)"  # stands in a cell whose merged range has its value in another one


class CellKind(IntEnum):
    """Kinds of cells, as documented in ``model.Grid``."""

    BLANK = 0
    TEXT = 1
    NUMBER = 2
    YES_NO = 3
    DATE = 4
    DATE_TIME = 5
    TIME = 6
    ERROR = 7


@dataclass(frozen=True, slots=True)
class Span:
    """A rectangle of cells: rows from 1, columns from 0, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __str__(self) -> str:
        start = f"{letters(self.first_column)}{self.first_row}"
        end = f"{letters(self.last_column)}{self.last_row}"
        return start if start == end else f"{start}:{end}"


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a person who looks at the sheet does not see."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    filtered: bool = False


Shown = Callable[[int, bool], Mapping[int, str]]  # column from 0, whether it has long numbers -> texts by sheet row


def as_read(_column: int, _long: bool) -> Mapping[int, str]:  # noqa: FBT001 - a Shown
    """No number is shown otherwise than it is read."""
    return {}


@dataclass(frozen=True, slots=True, eq=False)
class Tab:
    """A sheet: ``cells`` and ``kinds`` have a column per sheet column from A on and a row per sheet row from 1 on.

    ``cells``: String, null where blank; a number as its shortest text, a date in ISO form, an error as its code.
    ``kinds``: UInt8 (``CellKind``). ``stray``: cells far outside the rest, left out of both frames. ``ragged``: rows
    of a text file with more or fewer fields than the others. ``formulas``: whether some cell is calculated.
    ``outward``: cells whose formula asks for or leads to something outside, with the function's name.
    ``shown``: numbers of a column as the sheet shows them, asked for only where they stand for a name.
    """

    name: str
    cells: pl.DataFrame
    kinds: pl.DataFrame
    visible: bool = True
    hidden: Hidden = Hidden()
    merges: tuple[Span, ...] = ()
    stray: tuple[tuple[int, int, str], ...] = ()
    ragged: tuple[int, ...] = ()
    formulas: bool = False
    outward: tuple[tuple[int, int, str], ...] = ()
    shown: Shown = as_read

    @property
    def width(self) -> int:
        """Columns of the sheet."""
        return self.cells.width

    def row(self, number: int) -> tuple[str, ...]:
        """Texts of one sheet row, blank cells as empty text."""
        return tuple(text or "" for text in self.cells.row(number - 1))

    def address(self, row: int, column: int) -> str:
        """``Tasks!E7`` of a sheet row (from 1) and column (from 0)."""
        return f"{self.name}!{letters(column)}{row}"


def first(items: Iterable[str], count: int = 5) -> tuple[str, ...]:
    """The first few addresses of many."""
    return tuple(islice(items, count))


def frames(
    columns: Sequence[Sequence[str | None]], kinds: Sequence[Sequence[int]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Frames of a tab from lists of texts and kinds, a list per column."""
    names = [str(number) for number in range(len(columns))]
    cells = pl.DataFrame({n: pl.Series(n, c, pl.String) for n, c in zip(names, columns, strict=True)})
    shapes = pl.DataFrame({n: pl.Series(n, k, pl.UInt8) for n, k in zip(names, kinds, strict=True)})
    return cells, shapes


def blank_to_null(cells: pl.DataFrame) -> pl.DataFrame:
    """Texts of nothing but white space or invisible characters are blank."""
    return cells.with_columns(
        pl.when(pl.all().str.contains(r"[^\s\u00a0\u200b-\u200f\u2060\ufeff]")).then(pl.all()).name.keep()
    )


def kinds_of_text(cells: pl.DataFrame) -> pl.DataFrame:
    """Kinds of cells that are all text."""
    return cells.select(pl.all().is_not_null().cast(pl.UInt8))
