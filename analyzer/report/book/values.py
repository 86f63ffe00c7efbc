"""A fresh workbook where there is no package to edit: the values first, unchanged, then the same columns and sheets."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import polars as pl
from openpyxl import load_workbook

from analyzer import xlsx
from analyzer.errors import RefusedError
from analyzer.model import Grid, Inventory, Table
from analyzer.report.book.beside import Spot
from analyzer.report.book.paper import HEAD
from analyzer.terms import TagColumn
from analyzer.xlsx.limits import MAX_COLUMNS, Limits

_BLANK, _TEXT, _NUMBER, _YES_NO, _DATE, _DATE_TIME, _TIME = range(7)


def pages(inventory: Inventory, grids: tuple[Grid, ...], taken: tuple[str, ...] = ()) -> tuple[xlsx.Page, ...]:
    """The sheets of a fresh workbook; rows beyond what a sheet holds go on in further ones."""
    made: list[xlsx.Page] = []
    for grid in grids:
        table = next((table for table in inventory.tables if table.sheet == grid.sheet), None)
        names = (*taken, *(page.sheet for page in made))
        header = table.header_row if table else 1
        style = HEAD if table else None
        made += xlsx.pages(grid.sheet, grid.cells, grid.kinds, header_row=header, taken=names, header_style=style)
    return tuple(made)


def spots(inventory: Inventory, grids: tuple[Grid, ...], made: tuple[xlsx.Page, ...]) -> tuple[Spot, ...]:
    """Where the tag columns go on each page: right of all that its grid holds."""
    found: list[Spot] = []
    for page, grid in _of_grids(grids, made):
        table = next((table for table in inventory.tables if table.sheet == grid.sheet), None)
        if table is None:
            continue
        rows = inventory.tasks.filter(
            (pl.col("sheet") == grid.sheet) & pl.col("row").is_between(page.first, page.last)
        ).select("key", (pl.col("row").cast(pl.Int64) - page.shift).cast(pl.UInt32))
        if rows.height:
            found.append(_spot(len(found) + 1, table, page, rows.sort("row"), grid.cells.width))
    return tuple(found)


def _spot(number: int, table: Table, page: xlsx.Page, rows: pl.DataFrame, width: int) -> Spot:
    first = max(table.last_column + 1, width)
    first = first if first + len(TagColumn) <= MAX_COLUMNS else table.last_column + 1
    placed = replace(table, sheet=page.sheet, header_row=page.header_row)
    return Spot(number, placed, rows, first)


def _of_grids(grids: tuple[Grid, ...], made: tuple[xlsx.Page, ...]) -> list[tuple[xlsx.Page, Grid]]:
    """Each page with its grid: the first page of a grid starts at row 1."""
    pairs: list[tuple[xlsx.Page, Grid]] = []
    number = -1
    for page in made:
        number += page.first == 1
        pairs.append((page, grids[number]))
    return pairs


def read_values(path: Path) -> tuple[Grid, ...]:
    """All sheets of a package that cannot be edited, as grids of values. Formulas give their stored results.

    Raises ``RefusedError`` where the values cannot be read either, or a sheet spans more than a grid can hold.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return tuple(_grid(path, name, rows) for name, rows in _sheets(path))
    except (RefusedError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - the reader raises anything over a damaged file
        raise RefusedError(
            "The workbook is damaged: neither a copy of it nor one of its values can be written",
            where=path.name,
            hint="Open it in Excel or LibreOffice, save it as .xlsx, and run again",
        ) from None


def _sheets(path: Path) -> Iterator[tuple[str, list[list[tuple[str | None, int]]]]]:
    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # a declared dimension may lie
            yield sheet.title, [[_value(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    finally:
        book.close()


def _grid(path: Path, name: str, rows: list[list[tuple[str | None, int]]]) -> Grid:
    width = max([1, *map(len, rows)])
    if width * len(rows) > Limits().cells:
        raise RefusedError(
            f"The sheet {name} spans {width * len(rows):,} cells, more than a new workbook can be made of",
            where=path.name,
            hint="Delete what stands far from the table",
        )
    names = [f"column_{number}" for number in range(width)]
    columns = [[row[n] if n < len(row) else (None, _BLANK) for row in rows] for n in range(width)]
    texts = {key: [text for text, _ in column] for key, column in zip(names, columns, strict=True)}
    kinds = {key: [kind for _, kind in column] for key, column in zip(names, columns, strict=True)}
    return Grid(
        name,
        pl.DataFrame(texts, schema=dict.fromkeys(names, pl.String)),
        pl.DataFrame(kinds, schema=dict.fromkeys(names, pl.UInt8)),
    )


_KINDS: tuple[tuple[type, int], ...] = (  # a yes-no is a whole number and an instant a date, so they come first
    (bool, _YES_NO),
    (int, _NUMBER),
    (float, _NUMBER),
    (datetime, _DATE_TIME),
    (date, _DATE),
    (time, _TIME),
)


def _value(value: object) -> tuple[str | None, int]:
    if value is None:
        return None, _BLANK
    kind = next((code for known, code in _KINDS if isinstance(value, known)), _TEXT)
    if isinstance(value, date | time):
        return value.isoformat(), kind
    return str(value).lower() if kind == _YES_NO else str(value), kind
