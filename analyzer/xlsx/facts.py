"""What a package holds, before any reader opens it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Whether a sheet's tab is shown."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    VERY_HIDDEN = "veryHidden"


class Feature(StrEnum):
    """Things in a package that a reader ignores and a person should know of."""

    MACROS = "macros"
    MACRO_SHEETS = "Excel 4 macro sheets"
    SIGNATURE = "digital signature"
    EXTERNAL_LINKS = "links to other workbooks"
    DDE = "DDE links"
    CONNECTIONS = "data connections"
    QUERIES = "query tables"
    OLE = "embedded objects"
    ACTIVE_X = "ActiveX controls"
    FORM_CONTROLS = "form controls"
    CUSTOM_XML = "custom XML"
    CUSTOM_UI = "ribbon extensions"
    WEB_EXTENSIONS = "add-ins"
    PIVOT_TABLES = "pivot tables"
    SLICERS = "slicers"
    TIMELINES = "timelines"
    CHARTS = "charts"
    IMAGES = "images"
    COMMENTS = "comments"
    THREADED_COMMENTS = "threaded comments"
    RICH_DATA = "rich data types"
    DATA_MODEL = "data model"
    SHARED_WORKBOOK = "change tracking"


ACTIVE = frozenset(
    {
        Feature.MACROS,
        Feature.MACRO_SHEETS,
        Feature.EXTERNAL_LINKS,
        Feature.DDE,
        Feature.CONNECTIONS,
        Feature.QUERIES,
        Feature.OLE,
        Feature.ACTIVE_X,
        Feature.CUSTOM_UI,
        Feature.WEB_EXTENSIONS,
    }
)  # what could run or fetch something; strip_active leaves it out


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a sheet's cells lie: rows from 1, columns from 0, both ends included; ``cells`` is how many there are.

    ``cells`` counts formatted blank ones too. An empty sheet has ``last_row`` 0 and ``last_column`` -1.
    """

    last_row: int = 0
    last_column: int = -1
    cells: int = 0

    @property
    def area(self) -> int:
        """Cells of the rectangle from A1: what a reader that fills a grid has to hold."""
        return self.last_row * (self.last_column + 1)


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """One sheet in tab order. ``kind`` is worksheet, chartsheet, dialogsheet or macrosheet."""

    name: str
    part: str
    kind: str = "worksheet"
    state: State = State.VISIBLE
    protected: bool = False
    filtered: bool = False  # rows are hidden by a filter
    extent: Extent = Extent()
    forbidden: bool = False  # it holds characters that XML cannot hold


@dataclass(frozen=True, slots=True)
class TableFacts:
    """An Excel table: ``first_row`` is its header's, rows from 1, columns from 0, both ends included."""

    name: str
    sheet: str
    part: str
    first_row: int
    last_row: int
    first_column: int
    last_column: int
    columns: tuple[str, ...]
    header: bool = True
    totals_row: bool = False
    extensible: bool = True  # False for tables bound to a query or to XML


@dataclass(frozen=True, slots=True)
class NameFacts:
    """A defined name; ``sheet`` where it belongs to one."""

    name: str
    refers_to: str
    sheet: str | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """What ``inspect`` found. ``kind`` is xlsx, xlsm, xltx, xltm or xlam by content, not by file name.

    ``refusal`` is the sentence why the package can be read but not edited, else empty: write a fresh workbook beside.
    """

    kind: str
    sheets: tuple[SheetFacts, ...]
    tables: tuple[TableFacts, ...] = ()
    names: tuple[NameFacts, ...] = ()
    features: frozenset[Feature] = frozenset()
    strict: bool = False
    date1904: bool = False
    structure_protected: bool = False
    active_sheet: str = ""
    properties: tuple[tuple[str, str], ...] = ()  # custom document properties
    recalculate: bool = False  # calculation is manual or set to happen on load: cached values may be stale
    refusal: str = ""

    def sheet(self, name: str) -> SheetFacts | None:
        """A sheet by name, compared as Excel does: without case."""
        return next((sheet for sheet in self.sheets if sheet.name.casefold() == name.casefold()), None)

    def free_name(self, wanted: str, taken: tuple[str, ...] = ()) -> str:
        """A sheet name that no sheet has, and none of ``taken``, at most 31 long: ``Summary``, ``Summary (2)``."""
        used = {sheet.name.casefold() for sheet in self.sheets} | {name.casefold() for name in taken}
        name, number = wanted[:31], 1
        while name.casefold() in used:
            number += 1
            suffix = f" ({number})"
            name = wanted[: 31 - len(suffix)] + suffix
        return name
