"""Chosen tables become an Inventory: rows stacked, merged cells resolved, values read, every row accounted for."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from analyzer.files import sha256
from analyzer.intake.merges import resolved
from analyzer.intake.opening import Book
from analyzer.intake.repeats import repeated_ids
from analyzer.intake.survey import Found
from analyzer.intake.values import ValueContext, read_values
from analyzer.model import KEY, Column, Finding, Grid, Inventory, Source, Table
from analyzer.period import Period
from analyzer.settings import Settings
from analyzer.terms import Field
from analyzer.xlsx.addresses import letters

SET_ASIDE = {"sheet": pl.String(), "row": pl.UInt32(), "reason": pl.String(), "text": pl.String()}


def build(
    book: Book, tables: list[Found], settings: Settings, findings: Iterable[Finding], period: Period | None = None
) -> Inventory:
    """The inventory of one or several tables with the same headers."""
    columns = tuple(column for found in tables for column in _columns(found))
    parts = [_stacked(found) for found in tables]
    stacked = pl.concat([texts for texts, _ in parts], how="diagonal")
    kinds = pl.concat([part for _, part in parts], how="diagonal").fill_null(0)
    fields = [name for name in stacked.columns if name not in _PLACE]
    frame = stacked.with_columns(_home(stacked, settings))
    date1904 = book.facts.date1904 if book.facts else False
    read = read_values(frame.drop("hidden"), ValueContext(columns, settings, date1904, kinds))
    key = pl.int_range(frame.height, dtype=pl.UInt32, eager=True).alias(KEY)
    tasks = pl.DataFrame([key]).hstack(frame.select(*_PLACE, "home")).hstack(read.frame.get_columns())
    inventory = Inventory(
        source=_source(book, period),
        tasks=tasks,
        raw=pl.DataFrame([key]).hstack(stacked.select(fields).get_columns()),
        status=pl.DataFrame([key]).hstack(read.status.get_columns()),
        columns=columns,
        tables=tuple(_table(found) for found in tables),
        set_aside=_set_aside(tables),
        findings=(*findings, *repeated_ids(stacked, columns), *read.findings),
        grids=_grids(book, tables),
    )
    _conserve(inventory, tables)
    return inventory


_PLACE = ("sheet", "row", "hidden")


def _columns(found: Found) -> Iterable[Column]:
    for choice in found.mapped.chosen:
        match = choice.match
        yield Column(
            match.field,
            found.tab.name,
            choice.column,
            letters(choice.column),
            choice.header,
            match.evidence,
            match.assumed,
        )


def _stacked(found: Found) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Place, texts and kinds of a table's tasks, a column per field."""
    rows = found.layout.rows - 1
    columns = {choice.match.field.value: resolved(found, choice) for choice in found.mapped.chosen}
    texts = pl.DataFrame(
        {
            "sheet": pl.Series([found.tab.name], dtype=pl.String).new_from_index(0, len(rows)),
            "row": found.layout.rows,
            "hidden": found.layout.rows.is_in(sorted(found.tab.hidden.rows)),
            **{name: cells.gather(rows) for name, (cells, _) in columns.items()},
        }
    )
    return texts, pl.DataFrame({name: kinds.gather(rows) for name, (_, kinds) in columns.items()})


def _home(frame: pl.DataFrame, settings: Settings) -> pl.Expr:
    """The country of the row's own entity where the settings know it, else the company's home."""
    company = pl.lit(settings.company.home, pl.String)
    countries = {name.strip().casefold(): code for name, code in settings.company.entity_countries.items()}
    if Field.LEGAL_ENTITY not in frame.columns or not countries:
        return company.alias("home")
    entity = pl.col(Field.LEGAL_ENTITY).str.strip_chars().str.to_lowercase()
    return entity.replace_strict(countries, default=None, return_dtype=pl.String).fill_null(company).alias("home")


def _table(found: Found) -> Table:
    headers, rows = found.headers, found.layout.rows
    width = range(min(headers), max(headers) + 1)
    names = {
        index: f"{group} / {headers[index]}" for index, group in found.layout.header.groups.items() if index in headers
    }
    return Table(
        found.tab.name,
        found.layout.header.row,
        rows[0] if rows.len() else 0,
        rows[-1] if rows.len() else 0,
        width.start,
        width.stop - 1,
        tuple(names.get(index, headers.get(index, "")) for index in width),
        tuple(headers[index] for index in found.mapped.unmatched),
    )


def _set_aside(tables: list[Found]) -> pl.DataFrame:
    rows = [(f.tab.name, item.row, item.reason.value, item.text) for f in tables for item in f.layout.aside]
    return pl.DataFrame(rows, SET_ASIDE, orient="row")


def _grids(book: Book, tables: list[Found]) -> tuple[Grid, ...]:
    """What a fresh workbook is made of: the tables read; all sheets of a package that can be read but not edited."""
    if book.facts is None:
        return tuple(Grid(found.tab.name, found.tab.cells, found.tab.kinds) for found in tables)
    read = {found.tab.name: found.tab for found in tables}
    tabs = (read.get(name) or book.tab(name) for name in book.sheets if book.facts.refusal)
    return tuple(Grid(tab.name, tab.cells, tab.kinds) for tab in tabs)


def _source(book: Book, period: Period | None) -> Source:
    return Source(
        path=book.path,
        sha256=sha256(book.path),
        size=book.path.stat().st_size,
        kind=book.kind,
        sheets=book.sheets,
        encoding=book.encoding,
        period=period,
        package=book.facts,
    )


def _conserve(inventory: Inventory, tables: list[Found]) -> None:
    """Every row under a header that is not blank is a task or set aside: a breach is a programming error."""
    expected = sum(found.layout.rows.len() + len(found.layout.aside) for found in tables)
    if inventory.rows != expected or inventory.tasks.height != sum(found.layout.rows.len() for found in tables):
        raise RuntimeError("rows under the header differ from tasks and rows set aside")
