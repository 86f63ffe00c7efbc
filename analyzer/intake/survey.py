"""The tables of a book: where each lies and which column holds which field; then the one to read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from analyzer.errors import RefusedError
from analyzer.fields import FIELDS, Kind
from analyzer.intake.content import profile
from analyzer.intake.header_row import HeaderRow
from analyzer.intake.headers import normal
from analyzer.intake.layout import Layout, find_table, lay_out
from analyzer.intake.mapping import Choice, Mapped, assign
from analyzer.intake.opening import Book
from analyzer.intake.ours import is_ours, own_sheets, tag_columns, tag_headers
from analyzer.intake.shown import is_long
from analyzer.intake.tab import CellKind, Tab
from analyzer.settings import Columns, Settings
from analyzer.terms import Field, TagColumn
from analyzer.xlsx.addresses import column_number, letters

_WEIGHTS = {
    Field.TASK_NAME: 6.0,
    Field.PROVIDER: 3.0,
    Field.DELIVERY_COUNTRY: 3.0,
    Field.OUTSOURCED_FLAG: 2.0,
    Field.PROVIDER_TYPE: 2.0,
    Field.OFFSHORE_FLAG: 2.0,
}
_DISTINCT = 2.0  # what a table gains whose task names all differ
_EMPTY = 0.1  # of its score is left to a table without rows
_LETTERS = 3  # of a column at most
_LISTED = 8  # headers that a refusal lists


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A sheet's table with its mapping. ``tags`` are columns that we wrote in an earlier run."""

    tab: Tab
    layout: Layout
    mapped: Mapped
    tags: Mapping[TagColumn, int] = field(default_factory=dict)
    distinct: float = 0.0
    filled: frozenset[Field] = frozenset()  # fields whose merged cells hold for all cells they cover

    @property
    def own(self) -> frozenset[int]:
        """Our own columns."""
        return frozenset(self.tags.values())

    @property
    def headers(self) -> dict[int, str]:
        """The user's headers by column."""
        return {index: text for index, text in sorted(self.layout.headers.items()) if index not in self.own}

    def texts(self, choice: Choice) -> pl.Series:
        """A field's column, whole; a number that stands for a name (an id) as the sheet shows it."""
        cells, kinds = self.tab.cells[str(choice.column)], self.tab.kinds[str(choice.column)]
        numbers = kinds == CellKind.NUMBER
        if FIELDS[choice.match.field].kind is not Kind.TEXT or not numbers.any():
            return cells
        shown = self.tab.shown(choice.column, bool(is_long(cells, kinds).any()))
        rows = [row - 1 for row in shown if row <= cells.len() and numbers[row - 1]]
        return cells.clone().scatter(rows, [shown[row + 1] for row in rows]) if rows else cells

    @property
    def score(self) -> float:
        """How much this looks like the table of tasks."""
        fields = sum(
            _WEIGHTS.get(choice.match.field, 1.0) * min(1.0, choice.match.score / 100) for choice in self.mapped.chosen
        )
        return (fields + _DISTINCT * self.distinct) * (1.0 if self.layout.rows.len() else _EMPTY)


def layout_hash(headers: Iterable[str]) -> str:
    """Twelve digits that stay the same while a source keeps its headers, whatever their case and spacing."""
    return hashlib.sha256("\x1f".join(normal(text) for text in headers).encode()).hexdigest()[:12]


def survey(book: Book, settings: Settings, sheet: str | None = None) -> list[Found]:
    """The tables of the sheets that are read: those a person sees, or the one that is named."""
    names = [_named(book, sheet)] if sheet else [name for name in book.sheets if name not in book.hidden]
    ours = own_sheets(book)
    tabs = (book.tab(name) for name in names if name not in ours)
    return [found for tab in tabs if (found := examine(tab, settings, book)) is not None]


def _named(book: Book, sheet: str) -> str:
    match = next((name for name in book.sheets if name.casefold() == sheet.strip().casefold()), None)
    if match is None:
        listed = ", ".join(f'"{name}"' for name in book.sheets[:20])
        raise RefusedError(
            f'There is no sheet "{sheet}"', where=book.path.name, hint=f"Name one of its sheets with --sheet: {listed}"
        )
    return match


def examine(tab: Tab, settings: Settings, book: Book | None = None) -> Found | None:
    """The table of a sheet and its mapping, the settings' mapping first; nothing where no row reads like a header."""
    if not tab.cells.height or not tab.width:
        return None
    layout = _laid_out(tab, settings.columns)
    if layout is None:
        return None
    tags = tag_headers(layout.headers, ours=book is not None and is_ours(book))
    tags |= tag_columns(book, tab.name) if book is not None else {}
    own = frozenset(tags.values())
    entry = _entry(tab, layout, settings.columns, own)
    names = {index: text for index, text in layout.headers.items() if index not in own}
    rows = tab.cells[layout.rows - 1] if layout.rows.len() else tab.cells.clear()
    profiles = {index: profile(rows[str(index)]) for index in names}
    fixed = _fixed(tab, entry, layout.headers) if entry else {}
    ignored = frozenset(index for index, text in names.items() if entry and _is_named(text, entry.ignore))
    mapped = assign(names, profiles, layout.header.groups, fixed, ignored)
    task = next((c.column for c in mapped.chosen if c.match.field is Field.TASK_NAME), None)
    distinct = profiles[task].distinct if task in profiles else 0.0
    return Found(tab, layout, mapped, tags, distinct, frozenset(entry.fill_merged if entry else ()))


def _laid_out(tab: Tab, entries: Sequence[Columns]) -> Layout | None:
    for entry in entries:
        if entry.header_row is not None and entry.sheet in {None, tab.name}:
            if entry.header_row == 0:
                return lay_out(tab, HeaderRow(0, 0, {index: letters(index) for index in range(tab.width)}, {}, 0.0))
            found = find_table(tab, entry.header_row)
            if found is not None and (not entry.layout or entry.layout == layout_hash(found.headers.values())):
                return found
    return find_table(tab)


def _entry(tab: Tab, layout: Layout, entries: Sequence[Columns], own: frozenset[int]) -> Columns | None:
    """The settings' mapping for this layout: one with its hash, else one without any."""
    fitting = [entry for entry in entries if entry.sheet in {None, tab.name}]
    digest = layout_hash(text for index, text in sorted(layout.headers.items()) if index not in own)
    exact = next((entry for entry in fitting if entry.layout == digest), None)
    return exact or next((entry for entry in fitting if not entry.layout), None)


def _fixed(tab: Tab, entry: Columns, headers: dict[int, str]) -> dict[Field, int]:
    """Columns of the fields that the settings name, by header or by letter.

    Raises ``RefusedError`` for an absent one where the mapping was written for this very layout.
    """
    found = {}
    for name, wanted in entry.fields.items():
        column = next((index for index, text in headers.items() if _is_named(text, (wanted,))), None)
        if column is None and wanted.isalpha() and wanted.isupper() and len(wanted) <= _LETTERS:
            column = column_number(wanted) if column_number(wanted) < tab.width else None
        if column is None:
            if entry.layout:
                raise RefusedError(
                    f'The settings map {name} to "{wanted}", and the table has no such column',
                    where=tab.name,
                    hint="Correct it under [[columns]] in analyzer.toml",
                )
            continue
        found[Field(name)] = column
    return found


def _is_named(text: str, wanted: Iterable[str]) -> bool:
    return any(text == name or normal(text) == normal(name) != "" for name in wanted)


def choose(book: Book, tables: list[Found], sheet: str | None = None) -> list[Found]:
    """The table to read, with those of other sheets that have the same headers.

    Raises ``RefusedError`` where none has a column of tasks, or none has a row.
    """
    if not tables:
        raise _no_table(book, sheet)
    with_tasks = [found for found in tables if Field.TASK_NAME in found.mapped.fields]
    if not with_tasks:
        raise _no_tasks(book, max(tables, key=lambda found: found.score))
    best = max(with_tasks, key=lambda found: (round(found.score, 3), found.layout.rows.len()))
    if not best.layout.rows.len():
        place = best.tab.address(best.layout.header.row, min(best.layout.headers))
        raise RefusedError(
            f"There are no task rows under the header in {place}",
            where=book.path.name,
            hint="Fill the table in, or name another sheet with --sheet",
        )
    _one_column_each(book, best)
    same = layout_hash(best.headers.values())
    return [f for f in with_tasks if layout_hash(f.headers.values()) == same and (f is best or f.layout.rows.len())]


def _one_column_each(book: Book, best: Found) -> None:
    """Refuse two columns of the same name and different values where the field decides a quadrant."""
    for name, taken, other in best.mapped.rivals:
        header = best.headers[taken]
        alike = normal(header) == normal(best.headers[other])
        if (
            name in _WEIGHTS
            and alike
            and not best.tab.cells[str(taken)].equals(best.tab.cells[str(other)], null_equal=True)
        ):
            one, two = letters(taken), letters(other)
            raise RefusedError(
                f'Two columns are headed "{header.strip()}" ({one} and {two}) and hold different values: '
                f"which one is the {FIELDS[name].title.lower()}?",
                where=f"{book.path.name} > {best.tab.address(best.layout.header.row, taken)}",
                hint=f'Say so in analyzer.toml: [[columns]] with fields = {{ {name} = "{one}" }}',
            )


def _no_table(book: Book, sheet: str | None) -> RefusedError:
    if not book.sheets:
        return RefusedError(
            "The workbook has no worksheet", where=book.path.name, hint="Save the inventory as a sheet of cells"
        )
    visible = [name for name in book.sheets if name not in book.hidden] or list(book.sheets)
    names = [sheet] if sheet else visible
    where = book.path.name if book.kind == "csv" else f"{book.path.name} > {', '.join(names[:5])}"
    blank = all(not book.tab(_named(book, name)).cells.height for name in names)
    if blank:
        return RefusedError(
            "The sheet is empty: no cell holds anything", where=where, hint="Give the file with its rows"
        )
    return RefusedError(
        "No row reads like the header of a table of tasks: a column for the task is needed (Task, Process, "
        "Service ...) and one more that is known",
        where=where,
        hint="Write headers above the columns, or name the columns: analyzer init writes a mapping to fill in",
    )


def _no_tasks(book: Book, best: Found) -> RefusedError:
    headers = list(best.headers.values())
    found = ", ".join(f'"{text.strip()}"' for text in headers[:_LISTED])
    found += f" and {len(headers) - _LISTED} more" if len(headers) > _LISTED else ""
    near = next(
        (best.layout.headers[column] for field, column in best.mapped.suggested if field is Field.TASK_NAME), ""
    )
    nearest = f'; the nearest is "{near}"' if near else ""
    place = best.tab.address(best.layout.header.row, min(best.layout.headers))
    return RefusedError(
        f"No column says what the task is (Task, Process, Service ...). The header in {place} has {found}{nearest}",
        where=book.path.name,
        hint='Name it in analyzer.toml: [[columns]] with fields = { task_name = "the header" }; init writes it',
    )
