"""What to change in a package, as data: columns to splice in, sheets to graft, names, properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

Value = float | int | bool | str


@dataclass(frozen=True, slots=True)
class Style:
    """A cell format. ``None`` leaves what the base has; ``like`` is the address of a cell of the same sheet as base.

    Colours are RRGGBB; ``border`` is the colour of thin lines around; ``size`` in points.
    """

    like: str | None = None
    font: str | None = None
    size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    color: str | None = None
    fill: str | None = None
    number_format: str | None = None
    horizontal: str | None = None
    vertical: str | None = None
    wrap: bool | None = None
    indent: int | None = None
    border: str | None = None
    locked: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column to write: one value per row of its splice.

    ``values``: String, Boolean, any integer, Float, Decimal, Date, Datetime or Time Series; null is a blank cell.
    ``formulas``: String Series, without the equals sign; ``values`` then are the cached results; null is a plain value.
    ``classes``: String Series naming each cell's style in ``styles``; null takes ``style``. ``links``: String Series of
    places in the book (``'Needs attention'!A5``), null for none. ``hidden`` makes a helper column. ``kinds``: UInt8
    Series for a String ``values`` of mixed cells: 0 blank, 1 text, 2 number, 3 yes-no (``true``, ``1``), 4 date, 5 date
    and time, 6 time (all ISO), 7 error.
    Text stays text whatever it begins with.
    """

    header: str
    values: pl.Series
    width: float | None = 12.0
    style: Style | None = None
    header_style: Style | None = None
    styles: Mapping[str, Style] = field(default_factory=dict)
    classes: pl.Series | None = None
    formulas: pl.Series | None = None
    links: pl.Series | None = None
    header_link: str | None = None
    kinds: pl.Series | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Validation:
    """A data validation on a column of its splice (``column`` counts from 0 there), over all its rows.

    ``formula1`` of a list: ``"a,b,c"`` in its own quotes, or a range.
    """

    column: int
    formula1: str
    kind: str = "list"
    formula2: str | None = None
    operator: str | None = None
    prompt_title: str = ""
    prompt: str = ""
    error_title: str = ""
    error: str = ""
    stop: bool = True  # False only warns


@dataclass(frozen=True, slots=True)
class Conditional:
    """A conditional format on columns of its splice, over all its rows.

    ``formula`` is true where the format holds, written for the top left cell: ``$P5="High"``.
    """

    columns: tuple[int, ...]
    formula: str
    style: Style
    stop: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Splice:
    """Columns beside what a sheet holds.

    ``rows``: UInt32 Series, the sheet's own row number (from 1) of each value, ascending. ``first_column`` counts from
    0; no cell may lie in the columns' window, see ``free_column``. ``header_row`` None writes no header. ``table``
    names the Excel table that takes the columns; its last column must be the one before. ``replaces``: first and last
    column (both included) of our own earlier output, cleared first. ``extend_filter`` widens a filter that ends at the
    column before.
    """

    sheet: str
    first_column: int
    header_row: int | None
    rows: pl.Series
    columns: tuple[Column, ...]
    table: str | None = None
    extend_filter: bool = True
    replaces: tuple[int, int] | None = None
    validations: tuple[Validation, ...] = ()
    conditionals: tuple[Conditional, ...] = ()


@dataclass(frozen=True, slots=True)
class Graft:
    """Sheets of a workbook that openpyxl saved, to be moved into the package.

    ``book``: its bytes. ``sheets``: names to take, in tab order; they must be free in the target (``free_name``) before
    the book is built, since charts and formulas refer to them. ``before``: those of them placed ahead of the user's
    sheets. ``values``: cached results of formulas, sheet -> address -> value; charts get their cached points from
    them too. Rows for a grafted sheet too large for openpyxl come as a ``Splice`` on its name.
    """

    book: bytes
    sheets: tuple[str, ...]
    before: tuple[str, ...] = ()
    values: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name, ``Name("decisions", "Inventory!$T$5:$T$900")``; one of the same name and scope is replaced."""

    name: str
    refers_to: str
    sheet: str | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """All changes to one package, made in one pass.

    ``properties``: custom document properties. ``active``: the sheet shown when the book opens; None leaves the user's.
    ``drop_sheets`` and ``drop_names``: of our own earlier output, removed first. ``strip_active`` leaves out macros,
    links, connections, embedded objects.
    """

    splices: tuple[Splice, ...] = ()
    graft: Graft | None = None
    names: tuple[Name, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    active: str | None = None
    drop_sheets: tuple[str, ...] = ()
    drop_names: tuple[str, ...] = ()
    strip_active: bool = False


Codec = Literal["fast", "small"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something the writer did that a person should know, by code, with the values of its sentence.

    Codes: ``signature-dropped``, ``table-not-extended`` (table, why), ``header-renamed`` (header, name), ``text-cut``
    (n, sheet), ``links-cut`` (n, sheet), ``active-left-out`` (what), ``template-saved-as-workbook``,
    ``calculation-chain-dropped``.
    """

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What ``apply`` did. ``headers``: the headers written per splice, made unique within an Excel table."""

    notes: tuple[Note, ...] = ()
    headers: tuple[tuple[str, ...], ...] = ()
