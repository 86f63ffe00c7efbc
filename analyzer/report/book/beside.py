"""Where the tag columns stand beside each task table, and where an earlier run left its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analyzer import xlsx
from analyzer.model import Inventory, Table
from analyzer.terms import TagColumn
from analyzer.xlsx.addresses import column_number, letters
from analyzer.xlsx.limits import MAX_COLUMNS

PREFIX = "analyzer_"
SHEETS_PROPERTY = "analyzer sheets"
_NAME = re.compile(r"analyzer_(?P<slug>[a-z_]+?)(?:_(?P<number>\d+))?")
_COLUMN = re.compile(r"^(?P<sheet>.+)!\$?(?P<letters>[A-Z]{1,3})\$?\d+(?::\$?(?P=letters)\$?\d+)?$")


def slug(column: TagColumn) -> str:
    """``analyzer_your_quadrant``: the defined name by which a column is found again."""
    return PREFIX + column.value.lower().replace(" ", "_")


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """The tag columns of one task sheet. ``tasks``: ``key`` · ``row`` UInt32, by row; columns count from 0."""

    number: int  # 1 for the first task sheet
    table: Table
    tasks: pl.DataFrame
    first_column: int
    excel_table: str | None = None
    replaces: tuple[int, int] | None = None

    @property
    def sheet(self) -> str:
        """The sheet's name."""
        return self.table.sheet

    def name(self, column: TagColumn) -> str:
        """The defined name of a column's cells; sheets after the first carry their number."""
        return slug(column) + (f"_{self.number}" if self.number > 1 else "")

    def cells(self, column: TagColumn) -> str:
        """``'Inventory'!$T$5:$T$900``: from the first task to the last."""
        letter = letters(self.first_column + list(TagColumn).index(column))
        rows = self.tasks.get_column("row")
        return f"{quoted(self.sheet)}!${letter}${rows[0]}:${letter}${rows[-1]}"

    def names(self) -> Iterable[xlsx.Name]:
        """A defined name per column."""
        return (xlsx.Name(self.name(column), self.cells(column)) for column in TagColumn)


def quoted(sheet: str) -> str:
    """A sheet's name as references write it."""
    return "'" + sheet.replace("'", "''") + "'"


def spots(inventory: Inventory, path: Path, facts: xlsx.PackageFacts) -> tuple[Spot, ...]:
    """Where the columns go on each sheet that holds tasks. Raises ``RefusedError`` where a sheet has no room."""
    earlier = earlier_columns(facts)
    found: list[Spot] = []
    for table in inventory.tables:
        tasks = inventory.tasks.filter(pl.col("sheet") == table.sheet).select("key", "row").sort("row")
        if tasks.height and all(spot.sheet != table.sheet for spot in found):
            found.append(_spot(len(found) + 1, table, tasks, path, facts, earlier.get(table.sheet)))
    return tuple(found)


def _spot(
    number: int,
    table: Table,
    tasks: pl.DataFrame,
    path: Path,
    facts: xlsx.PackageFacts,
    earlier: tuple[int, int] | None,
) -> Spot:
    excel = next((item for item in facts.tables if item.sheet == table.sheet and _covers(item, table)), None)
    name = excel.name if excel else None
    if earlier is not None:
        inside = excel is not None and excel.last_column == earlier[1]
        return Spot(number, table, tasks, earlier[0], name if inside else None, earlier)
    edge = max(table.last_column, excel.last_column if excel else 0) + 1
    first = edge if _is_beyond(edge, facts, table) else xlsx.free_column(path, table.sheet, edge, len(TagColumn))
    inside = excel is not None and excel.extensible and first == excel.last_column + 1
    return Spot(number, table, tasks, first, name if inside else None)


def _is_beyond(column: int, facts: xlsx.PackageFacts, table: Table) -> bool:
    """Whether no cell of the sheet lies at or right of the column, and our columns fit there."""
    sheet = facts.sheet(table.sheet)
    return sheet is not None and sheet.extent.last_column < column <= MAX_COLUMNS - len(TagColumn)


def _covers(excel: xlsx.TableFacts, table: Table) -> bool:
    return (
        excel.header
        and excel.first_row == table.header_row
        and excel.first_column <= table.last_column
        and excel.last_column >= table.first_column
    )


def earlier_columns(facts: xlsx.PackageFacts) -> Mapping[str, tuple[int, int]]:
    """First and last column of an earlier run's columns by sheet, where they still stand together and whole."""
    places: dict[str, set[int]] = {}
    for sheet, column in _named(facts):
        places.setdefault(sheet, set()).add(column)
    width = len(TagColumn)
    return {
        sheet: (min(columns), max(columns))
        for sheet, columns in places.items()
        if len(columns) == width and max(columns) - min(columns) == width - 1
    }


def _named(facts: xlsx.PackageFacts) -> Iterable[tuple[str, int]]:
    slugs = {slug(column) for column in TagColumn}
    for name in facts.names:
        known = _NAME.fullmatch(name.name)
        place = _COLUMN.match(name.refers_to)
        if known and place and PREFIX + known["slug"] in slugs:
            sheet = place["sheet"].strip("'").replace("''", "'")
            yield sheet, column_number(place["letters"])


def earlier_sheets(facts: xlsx.PackageFacts) -> tuple[str, ...]:
    """The sheets that an earlier run added and that are still there."""
    written = dict(facts.properties).get(SHEETS_PROPERTY, "")
    return tuple(name for name in written.split("|") if name and facts.sheet(name))


def earlier_names(facts: xlsx.PackageFacts) -> tuple[str, ...]:
    """The defined names that an earlier run added."""
    return tuple(name.name for name in facts.names if name.name.startswith(PREFIX))
