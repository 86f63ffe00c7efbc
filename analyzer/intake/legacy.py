"""Sheets of .xls, .xlsb and .ods, and the second reader for workbooks on which the first one fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import python_calamine

from analyzer.intake.open_document import SheetMarks
from analyzer.intake.tab import CellKind, Hidden, Tab, blank_to_null, frames

_GAP_ROWS, _GAP_COLUMNS = 1000, 200  # blank rows or columns after which what follows is stray
_SPARSE, _SMALL = (
    20,
    1_000_000,
)  # places in a grid to each of its cells, and places beside them, before it is too wasteful
_MIDNIGHT = dt.time()


class SheetList:
    """The sheets of a workbook of an older or other format, each read when asked for."""

    def __init__(self, path: Path) -> None:
        self._book = python_calamine.CalamineWorkbook.from_path(str(path))
        self.names = tuple(sheet.name for sheet in self._book.sheets_metadata if _is_worksheet(sheet))
        self.hidden = tuple(sheet.name for sheet in self._book.sheets_metadata if not _is_visible(sheet))

    def tab(self, name: str) -> Tab:
        """A sheet as text with the kinds of its cells."""
        rows = list(_rows(self._book.get_sheet_by_name(name)))
        width = max(map(len, rows), default=0)
        if width * len(rows) > _SMALL + _SPARSE * sum(len(row) - row.count("") for row in rows):
            return _core_tab(name, _scattered(rows), Hidden(), visible=name not in self.hidden)
        columns = [[row[index] if index < len(row) else "" for row in rows] for index in range(width)]
        texts, kinds = zip(*(_column(column) for column in columns), strict=True) if columns else ((), ())
        cells, shapes = frames(texts, kinds)
        cells = blank_to_null(cells)
        shapes = shapes.with_columns(
            pl.when(cells[n].is_null()).then(0).otherwise(pl.col(n)).cast(pl.UInt8).alias(n) for n in cells.columns
        )
        return Tab(name, cells, shapes, name not in self.hidden, Hidden())


def _rows(sheet: Any) -> Iterator[list[Any]]:
    """Rows from row 1 and column A on, without the blanks behind their last cell."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        if row.count("") == len(row):
            yield []
            continue
        while row[-1] == "":
            row.pop()
        yield left + row


def _scattered(rows: Iterable[Sequence[Any]]) -> dict[tuple[int, int], tuple[str | None, int]]:
    return {
        (number, column): said(value)
        for number, row in enumerate(rows, start=1)
        for column, value in enumerate(row)
        if value != ""
    }


def marked(tab: Tab, marks: SheetMarks) -> Tab:
    """A tab with the error cells that its reader left blank, and its hidden rows."""
    cells, kinds = tab.cells, tab.kinds
    for (row, column), text in marks.errors.items():
        if row <= cells.height and column < cells.width:
            name = str(column)
            cells = cells.with_columns(cells[name].clone().scatter(row - 1, text))
            kinds = kinds.with_columns(kinds[name].clone().scatter(row - 1, int(CellKind.ERROR)))
    return replace(tab, cells=cells, kinds=kinds, hidden=Hidden(frozenset(marks.hidden), filtered=marks.filtered))


def _is_worksheet(sheet: Any) -> bool:
    return str(sheet.typ).endswith("WorkSheet")


def _is_visible(sheet: Any) -> bool:
    return str(sheet.visible).endswith(".Visible")


def _column(values: Sequence[Any]) -> tuple[list[str | None], list[int]]:
    read = [said(value) for value in values]
    return [text for text, _ in read], [kind for _, kind in read]


def said(value: Any) -> tuple[str | None, int]:
    """Text and kind of a value as a reader gives it: numbers shortest, dates in ISO form."""
    for types, say in _SAYINGS:
        if isinstance(value, types):
            return say(value)
    return str(value), CellKind.TEXT


def _number(value: float) -> tuple[str, int]:
    """The shortest digits that mean the number, never with an exponent."""
    return format(Decimal(repr(value)).normalize(), "f"), CellKind.NUMBER


def _moment(value: dt.datetime) -> tuple[str, int]:
    if value.time() == _MIDNIGHT:
        return value.date().isoformat(), CellKind.DATE
    return value.isoformat(sep=" "), CellKind.DATE_TIME


def _text(value: str) -> tuple[str | None, int]:
    return (value, CellKind.TEXT) if value else (None, CellKind.BLANK)


_SAYINGS: tuple[tuple[type | tuple[type, ...], Callable[[Any], tuple[str | None, int]]], ...] = (
    (str, _text),
    (bool, lambda value: ("true" if value else "false", CellKind.YES_NO)),
    ((int, float), _number),
    (dt.datetime, _moment),
    (dt.date, lambda value: (value.isoformat(), CellKind.DATE)),
    (dt.time, lambda value: (value.isoformat(), CellKind.TIME)),
    (dt.timedelta, lambda value: (str(value), CellKind.TIME)),
    (type(None), lambda _: (None, CellKind.BLANK)),
)


def read_sparse(path: Path, name: str, hidden: Hidden, *, visible: bool) -> Tab:
    """A sheet of .xlsx cell by cell, slower: for sheets with cells far apart and for books the first reader refuses."""
    import openpyxl  # noqa: PLC0415 - 430 ms that few files need

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        sheet: Any = book[name]
        sheet.reset_dimensions()  # a declared dimension may lie
        cells = {
            (cell.row, cell.column - 1): _cell(cell)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None and cell.value != ""
        }
    finally:
        book.close()
    return _core_tab(name, cells, hidden, visible=visible)


def _core_tab(
    name: str, cells: Mapping[tuple[int, int], tuple[str | None, int]], hidden: Hidden, *, visible: bool
) -> Tab:
    """Cells by (row from 1, column from 0) up to the first wide gap; what lies beyond it is stray."""
    rows = _core(sorted({row for row, _ in cells}), _GAP_ROWS)
    columns = _core(sorted({column for row, column in cells if row <= rows}), _GAP_COLUMNS)
    stray = tuple((r, c, str(text)) for (r, c), (text, _) in sorted(cells.items()) if r > rows or c > columns)
    texts: list[list[str | None]] = [[None] * rows for _ in range(columns + 1)]
    kinds: list[list[int]] = [[CellKind.BLANK] * rows for _ in range(columns + 1)]
    for (row, column), (text, kind) in cells.items():
        if row <= rows and column <= columns:
            texts[column][row - 1], kinds[column][row - 1] = text, kind
    frame, shapes = frames(texts, kinds)
    return Tab(name, blank_to_null(frame), shapes, visible, hidden, stray=stray)


def _cell(cell: Any) -> tuple[str | None, int]:
    text, kind = said(cell.value)
    return (text, CellKind.ERROR) if getattr(cell, "data_type", "") == "e" else (text, kind)


def _core(places: Iterable[int], gap: int) -> int:
    """The last place before the first wide gap."""
    last = -1
    for place in places:
        if last >= 0 and place - last > gap:
            break
        last = place
    return max(last, 0)
