"""Sheets of .xlsx and .xlsm: texts from the fast reader, kinds and what it drops from the sheet's own XML."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import fastexcel
import polars as pl

from analyzer.intake import sheet_xml
from analyzer.intake.shown import shown_numbers
from analyzer.intake.tab import UNCALCULATED, CellKind, Hidden, Tab, blank_to_null, kinds_of_text
from analyzer.xlsx import Limits, SheetFacts

_MAYBE_NO_TEXT = r"^-?\d|^true$|^false$"
_NUMBER = r"^-?\d+(\.\d+)?$"
_MOMENT = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$"
_NO_DAY = r"^(1899-12-3[01]|1904-01-01) "
_MIDNIGHT = " 00:00:00"


def read_sheet(path: Path, facts: SheetFacts, limits: Limits) -> Tab:
    """A sheet as text with the kinds of its cells, row numbers and column letters its own.

    The reader gives a number with at most nine decimals, which is finer than any amount, head count or share.
    """
    sheet = fastexcel.read_excel(path).load_sheet(
        facts.name, header_row=None, skip_rows=0, dtypes="string", schema_sample_rows=1
    )
    indexes = [column.absolute_index for column in sheet.selected_columns]
    cells = blank_to_null(_from_column_a(sheet.to_polars(), indexes))
    kinds = _kinds(cells)
    unsure = [int(name) for name in kinds.columns if (kinds[name] > CellKind.TEXT).any()]
    found = sheet_xml.scan(sheet_xml.part_chunks(path, facts.part, limits), unsure)
    kinds = _with_texts(cells, kinds, found.stored)
    cells = _iso(cells, kinds)
    cells, kinds = _marked(cells, kinds, found)
    hidden = Hidden(found.hidden.rows, found.hidden.columns, facts.filtered)
    return Tab(
        facts.name,
        cells,
        kinds,
        facts.state.value == "visible",
        hidden,
        tuple(found.merges),
        formulas=found.formulas,
        outward=tuple(found.outward),
        shown=lambda column, long: shown_numbers(path, facts.part, limits, column, long=long),
    )


def _from_column_a(frame: pl.DataFrame, indexes: list[int]) -> pl.DataFrame:
    """Columns named by their index from 0, with the blank ones that the reader left out on the left or between."""
    found = dict(zip(indexes, frame.columns, strict=True))
    width = max(indexes, default=-1) + 1
    blank = pl.lit(None, pl.String)
    return frame.select((pl.col(found[i]) if i in found else blank).alias(str(i)) for i in range(width))


def _kinds(cells: pl.DataFrame) -> pl.DataFrame:
    """The kinds that the texts look like; of most columns one look tells that all are texts."""
    odd = cells.select(pl.all().str.contains(_MAYBE_NO_TEXT).any())
    looked_at = cells.select(_kind(pl.col(name)).alias(name) for name in cells.columns if odd[name][0])
    return kinds_of_text(cells).with_columns(looked_at.get_columns())


def _kind(cell: pl.Expr) -> pl.Expr:
    """The kind that a text looks like: exact where the sheet stores the cell as no text."""
    return (
        pl.when(cell.is_null())
        .then(CellKind.BLANK)
        .when(cell.str.contains(_NUMBER))
        .then(CellKind.NUMBER)
        .when(cell.str.contains(_MOMENT))
        .then(
            pl.when(cell.str.contains(_NO_DAY))
            .then(CellKind.TIME)
            .when(cell.str.ends_with(_MIDNIGHT))
            .then(CellKind.DATE)
            .otherwise(CellKind.DATE_TIME)
        )
        .when(cell.is_in(["true", "false"]))
        .then(CellKind.YES_NO)
        .otherwise(CellKind.TEXT)
        .cast(pl.UInt8)
    )


def _with_texts(cells: pl.DataFrame, kinds: pl.DataFrame, stored: Mapping[int, list[int]]) -> pl.DataFrame:
    """Kinds corrected where the sheet stores as text what looks like a number or a date."""
    return kinds.with_columns(
        _set(kinds[str(column)], rows, CellKind.TEXT, where=cells[str(column)].is_not_null())
        for column, rows in stored.items()
    )


def _set(series: pl.Series, rows: list[int], kind: CellKind, where: pl.Series) -> pl.Series:
    """A column with some rows, counted from 1, of another kind."""
    places = pl.Series(rows, dtype=pl.UInt32) - 1
    places = places.filter(places < series.len())
    places = places.filter(where.gather(places)) if places.len() else places
    return series.clone().scatter(places, int(kind)) if places.len() else series


def _iso(cells: pl.DataFrame, kinds: pl.DataFrame) -> pl.DataFrame:
    """Dates without their midnight, times without their day."""
    return cells.with_columns(
        pl.when(kinds[name] == CellKind.DATE)
        .then(pl.col(name).str.strip_suffix(_MIDNIGHT))
        .when(kinds[name] == CellKind.TIME)
        .then(pl.col(name).str.slice(11))
        .otherwise(pl.col(name))
        .alias(name)
        for name in cells.columns
        if (kinds[name] >= CellKind.DATE).any()
    )


def _marked(cells: pl.DataFrame, kinds: pl.DataFrame, found: sheet_xml.SheetScan) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Error cells and formulas without a stored result, which the reader gives as blank, said in their place."""
    places = {**found.errors, **dict.fromkeys(found.uncalculated, UNCALCULATED)}
    by_column: dict[int, dict[int, str]] = {}
    for (row, column), text in places.items():
        if row <= cells.height and column < cells.width:
            by_column.setdefault(column, {})[row - 1] = text
    for column, texts in by_column.items():
        name, rows = str(column), list(texts)
        cells = cells.with_columns(cells[name].clone().scatter(rows, pl.Series(list(texts.values()), dtype=pl.String)))
        kinds = kinds.with_columns(kinds[name].clone().scatter(rows, int(CellKind.ERROR)))
    return cells, kinds
