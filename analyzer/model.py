"""One frozen object per stage: the file to read first.

``file -> Inventory (+ Decisions) -> Placement -> Assessment -> Outlook -> Summary (+ Movement) -> Analysis -> files``

Frames of one stage join to the next by ``key``: UInt32, dense from 0, in the order of the file. A frame inside is
still mutable by Polars' own means; no stage changes what it is given (a test holds each stage to that).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from analyzer.errors import plain
from analyzer.fields import FIELDS, Kind
from analyzer.period import Period
from analyzer.terms import Field, Quadrant, Severity, ValueStatus
from analyzer.xlsx import PackageFacts

__all__ = [
    "DECISIONS_SCHEMA",
    "DTYPES",
    "KEY",
    "LEFT_OUT",
    "VALUE_STATUS",
    "Analysis",
    "Assessment",
    "Column",
    "Decisions",
    "Finding",
    "Grid",
    "Inventory",
    "Movement",
    "Outlook",
    "Period",
    "Placement",
    "Source",
    "Summary",
    "Table",
    "Tally",
    "dtype",
    "no_decisions",
]

KEY = "key"
LEFT_OUT = "(name left out)"  # stands for a person's name where the settings keep none in the archive

VALUE_STATUS = pl.Enum([status.value for status in ValueStatus])

DTYPES: dict[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.TEXTS: pl.List(pl.String()),
    Kind.ENUM: pl.String(),
    Kind.YES_NO: pl.String(),
    Kind.EVIDENCE: pl.String(),
    Kind.NUMBER: pl.Float64(),
    Kind.MONEY: pl.Float64(),
    Kind.DATE: pl.Date(),
    Kind.PLACE: pl.String(),
    Kind.PLACES: pl.List(pl.String()),
}


def dtype(name: Field) -> pl.DataType:
    """Polars dtype of a field in ``Inventory.tasks``."""
    return DTYPES[FIELDS[name].kind]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd that does not stop the run. ``code`` is a key of ``messages.CATALOGUE``.

    ``cells`` are the first few addresses (``Tasks!E7``), ``count`` is the true number, ``rows`` the task rows affected;
    ``values`` fills the catalogue's sentence.
    """

    code: str
    cells: tuple[str, ...] = ()
    count: int = 1
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """A field found in a sheet.

    ``index`` is the column of the sheet from 0, ``letter`` its letter; ``evidence`` says in words why the header was
    taken for the field; ``assumed`` marks an ambiguous header (Country, Owner, ...) that a person should confirm.
    """

    field: Field
    sheet: str
    index: int
    letter: str
    header: str
    evidence: str
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Where a sheet's task table lies. Rows count from 1 as in the sheet, columns from 0, both ends included."""

    sheet: str
    header_row: int  # the last row of the header, the one just above codes, types or data
    first_row: int
    last_row: int
    first_column: int
    last_column: int
    headers: tuple[str, ...]  # one per column from first_column on, as written, two-row headers joined
    unmatched: tuple[str, ...] = ()  # headers that no field took


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """All cells of a sheet that has no package to edit (.csv, .xls, .xlsb, .ods), for the fresh workbook.

    ``cells``: one String column per sheet column, row i of the frame = row i + 1 of the sheet; a number as its
    shortest exact text, a date in ISO form. ``kinds``: the same shape, UInt8: 0 blank, 1 text, 2 number, 3 yes-no,
    4 date, 5 date and time, 6 time, 7 error. Text that looks like a number stays kind 1, so leading zeros survive.
    """

    sheet: str
    cells: pl.DataFrame
    kinds: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Source:
    """The input file. ``sha256`` is that of its bytes as read; the writer checks it again.

    ``package`` is what intake saw in a workbook's package, so that the writer need not look again.
    """

    path: Path
    sha256: str
    size: int
    kind: str  # xlsx, xlsm, xls, xlsb, ods, csv
    sheets: tuple[str, ...]
    encoding: str = ""  # of a text file, with how it was found
    period: Period | None = None  # where the file is our own annotated output
    package: PackageFacts | None = None

    @property
    def name(self) -> str:
        """The file's name, for people."""
        return plain(self.path.name)


@dataclass(frozen=True, slots=True, eq=False)
class Inventory:
    """What a file says, read: the first stage.

    ``tasks``, a row per task: ``key`` UInt32 · ``sheet`` String · ``row`` UInt32, the sheet's own number · ``hidden``
    Boolean · ``home`` String, ISO code of the row's home country · the fields that were found, named and typed by
    ``fields.py`` (``dtype``); a field whose column is absent is no column here. Companions, present with their field:
    ``<money>_currency`` String ISO 4217 or null; ``provider_reading`` String (``ProviderReading``), ``providers``
    List(String), the names in the cell; ``delivery_reading`` String (``PlaceReading``), ``delivery_shares``
    List(Float64) in 0..1 beside ``delivery_country`` or null, ``delivery_abroad`` Boolean, true where the place is
    surely not home though its country is unknown; ``delivery_zone`` String, the one IANA zone of the cities and states
    named in the first country, or null; ``own_share`` Float64 in 0..1, own staff's part of a shared task where stated;
    ``provider_shares`` List(Float64) in 0..1 beside ``providers`` where each part of the cell states one, or null;
    ``provider_country_reading`` String (``PlaceReading``); ``provider_country_abroad`` Boolean.

    ``raw``: ``key`` and, per found field, the cell's text as read (String). ``status``: ``key`` and, per found field,
    its ``VALUE_STATUS``. ``columns``: the fields found, per sheet. ``set_aside``: ``sheet`` String · ``row`` UInt32 ·
    ``reason`` String (total, subtotal, note, repeated header, group row, code row) · ``text`` String.
    """

    source: Source
    tasks: pl.DataFrame
    raw: pl.DataFrame
    status: pl.DataFrame
    columns: tuple[Column, ...]
    tables: tuple[Table, ...]
    set_aside: pl.DataFrame
    findings: tuple[Finding, ...] = ()
    grids: tuple[Grid, ...] = ()  # empty for a package that can be edited

    def has(self, name: Field) -> bool:
        """Whether the field's column was found."""
        return name in self.tasks.columns

    def value(self, name: Field) -> pl.Expr:
        """The field over ``tasks``, null of its dtype where its column is absent."""
        return pl.col(name) if self.has(name) else pl.lit(None, dtype(name)).alias(name)

    def companion(self, name: str, kind: pl.DataType) -> pl.Expr:
        """A companion column over ``tasks``, null of ``kind`` where absent."""
        return pl.col(name) if name in self.tasks.columns else pl.lit(None, kind).alias(name)

    def cell(self, name: Field) -> pl.Expr:
        """String expression over ``tasks``: ``Tasks!E7``, null where the row's sheet has no such column."""
        places = {column.sheet: f"{column.sheet}!{column.letter}" for column in self.columns_of(name)}
        return self.by_sheet(places) + pl.col("row").cast(pl.String)

    def by_sheet(self, texts: Mapping[str, str], default: str | None = None) -> pl.Expr:
        """String expression over ``tasks``: what the row's sheet has in ``texts``; a literal where all agree."""
        said = {texts.get(table.sheet, default) for table in self.tables}
        if len(said) == 1:
            return pl.lit(said.pop(), pl.String)
        return pl.col("sheet").replace_strict(texts, default=default, return_dtype=pl.String)

    def in_sheets(self, sheets: Collection[str]) -> pl.Expr:
        """Boolean expression over ``tasks``: whether the row's sheet is among them; a literal where all or none is."""
        inside = {table.sheet in sheets for table in self.tables}
        return pl.lit(inside.pop()) if len(inside) == 1 else pl.col("sheet").is_in(list(sheets))

    def columns_of(self, name: Field) -> list[Column]:
        """The columns of a field, one per sheet that has it."""
        return [column for column in self.columns if column.field == name]

    def column(self, name: Field) -> Column | None:
        """The first sheet's column of a field."""
        return next(iter(self.columns_of(name)), None)

    @property
    def rows(self) -> int:
        """Non-blank rows under the header: tasks + set aside."""
        return self.tasks.height + self.set_aside.height


DECISIONS_SCHEMA: dict[str, pl.DataType] = {
    KEY: pl.UInt32(),
    "task_id": pl.String(),
    "task_name": pl.String(),
    "function": pl.String(),
    "cell": pl.String(),
    "your_quadrant": pl.String(),
    "decision": pl.String(),
    "decision_owner": pl.String(),
    "decision_due": pl.Date(),
    "decision_note": pl.String(),
}


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """What people filled into the review columns of an earlier workbook.

    ``frame``: ``key`` UInt32, the task of this run (null where none matches) · ``task_id`` String · ``task_name``
    String · ``function`` String · ``cell`` String, where it was written · ``your_quadrant`` String (``Quadrant``) ·
    ``decision`` String · ``decision_owner`` String · ``decision_due`` Date · ``decision_note`` String.
    """

    frame: pl.DataFrame
    origin: str = ""  # the file they come from
    findings: tuple[Finding, ...] = ()


def no_decisions() -> Decisions:
    """Decisions of a first run: none."""
    return Decisions(pl.DataFrame(schema=DECISIONS_SCHEMA))


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """Each task's quadrant and why.

    ``frame``, a row per task in key order: ``key`` · ``quadrant`` String, the effective one (a person's where given)
    · ``rule_quadrant`` String, what the rules said · ``overridden`` Boolean · ``sourcing`` String (``Sourcing``) ·
    ``sourcing_case`` UInt8 · ``sourcing_confidence`` String · ``sourcing_why`` String · ``location`` String
    (``Location``) · ``location_case`` UInt8 · ``location_confidence`` String · ``location_why`` String ·
    ``confidence`` String, the lower of both · ``why`` String, the sentence shown · ``subtypes`` List(String) ·
    ``offshore_share`` Float64 in 0..1 (null where a split is not stated) · ``in_totals`` Boolean · ``outside`` String:
    planned, ended, or null · ``conflict`` Boolean.
    The axes are the effective ones: an override sets them too.
    """

    frame: pl.DataFrame
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """The risks of each task, with every point and credit.

    ``scores``, a row per task and risk that applies: ``key`` · ``risk`` Categorical · ``inherent`` UInt8 · ``residual``
    UInt8, 0..100 (null for risks with a severity by rule) · ``inherent_severity`` · ``severity`` Categorical
    (``Severity``) · ``known`` UInt8 of ``fields`` UInt8, the coverage n of m · ``provisional`` Boolean · ``why``
    String, the sentence. ``ledger``, a row per rule hit: ``key`` · ``risk`` · ``rule`` Categorical · ``kind``
    Categorical (base, points, credit, cap, floor, band edge, rule) · ``field`` Categorical or null · ``value`` String
    or null, as read · ``points`` Float64 · ``credit`` Float64. ``rows``, a row per task in key order: ``key`` ·
    ``risk_level`` String · ``risks`` String, the titles, worst first · ``why`` String · ``not_assessed`` String, risks
    that could not be.
    ``portfolio``, a row per finding over many tasks: ``risk`` · ``subject`` String (a provider, country, function) ·
    ``measure`` String (share of outsourced spend, ...) · ``share`` Float64 in 0..1 · ``known`` UInt32 of ``tasks``
    UInt32 · ``severity`` String · ``why`` String. ``rule_status``, a row per rule: ``risk`` · ``rule`` · ``status``
    String (ran, nothing found, not run, failed) · ``hits`` UInt32 · ``why`` String.
    """

    scores: pl.DataFrame
    ledger: pl.DataFrame
    rows: pl.DataFrame
    portfolio: pl.DataFrame
    rule_status: pl.DataFrame
    policy_name: str
    policy_version: str
    policy_hash: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """Where each task could be done, and what that might be worth.

    ``frame``, a row per task in key order: ``key`` · one String column per quadrant of ``PLACED``, named by its value
    (``Feasibility``) · ``<quadrant> why`` String, the blocking rule · ``could_move_to`` String, the feasible quadrants
    other than its own · ``candidate`` String or null, the no-capacity candidate's sentence. ``savings``, a row per
    task with the user's own baseline and target price: ``key`` · ``to`` String (``Quadrant`` or null) · ``currency``
    · ``baseline`` · ``price`` · ``low`` · ``base`` · ``high`` Float64 a year · ``risk_before`` · ``risk_after`` String
    (``Severity``) · ``why`` String. ``excluded``: tasks without an estimate.
    """

    frame: pl.DataFrame
    savings: pl.DataFrame
    excluded: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts that add. Blank FTE and cost are left out of the sums and counted: ``fte_known`` of ``tasks``."""

    tasks: int = 0
    fte: float = 0.0
    fte_known: int = 0
    cost: float = 0.0
    cost_known: int = 0
    high: int = 0
    medium: int = 0
    low: int = 0
    not_assessed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.tasks + other.tasks,
            self.fte + other.fte,
            self.fte_known + other.fte_known,
            self.cost + other.cost,
            self.cost_known + other.cost_known,
            self.high + other.high,
            self.medium + other.medium,
            self.low + other.low,
            self.not_assessed + other.not_assessed,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """The numbers of all outputs, computed once.

    Cost is a year's, in ``currency`` (the reporting one, or the only one of the file); ``other_currencies`` are
    tallied apart and never added. Frames: ``risks``: ``risk`` · ``title`` · ``quadrant`` · ``severity`` ·
    ``inherent_severity`` · ``tasks`` UInt32. ``providers``: ``provider`` (group where known) · ``tasks`` · ``fte`` ·
    ``cost`` · ``share`` · ``cumulative`` · ``severity``. ``countries``: ``country`` ISO · ``name`` · ``tasks`` ·
    ``fte`` · ``cost`` · ``share`` of FTE in totals · ``severity``. ``functions``: ``function`` · a UInt32 per quadrant
    value · ``fte`` · ``cost`` · ``offshore_share`` · ``outsourced_share``. ``contracts``: ``key`` · ``event`` String
    (ended, ends, renews, notice) · ``date`` Date · ``days`` Int32 from the as-of date · ``severity``. ``top``:
    decisions to take, a row each, most pressing first: ``key`` · ``severity`` · ``why`` · ``owner`` · ``due`` Date.
    ``counted``, a row per task in key order: ``key`` · ``fte`` Float64 · ``cost`` Float64, what this task adds to the
    totals in the reporting currency (null where unknown).
    """

    quadrants: Mapping[Quadrant, Tally]
    outside: Tally  # planned and ended
    rows: int
    set_aside: int
    currency: str
    other_currencies: Mapping[str, Tally]
    confidence: Mapping[str, int]
    severities: Mapping[Severity, int]
    risks: pl.DataFrame
    providers: pl.DataFrame
    countries: pl.DataFrame
    functions: pl.DataFrame
    contracts: pl.DataFrame
    top: pl.DataFrame
    counted: pl.DataFrame
    findings: tuple[Finding, ...] = ()  # of all stages, grouped, worst first
    facts: Mapping[str, float] = field(default_factory=dict)  # key figures by name

    @property
    def total(self) -> Tally:
        """All tasks in totals, the undetermined among them."""
        return sum(self.quadrants.values(), Tally())

    @property
    def tasks(self) -> int:
        """All tasks, in totals or not."""
        return self.total.tasks + self.outside.tasks


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """Last period against this one, both under this policy.

    ``bridge``: ``measure`` String (tasks, fte, cost) · ``opening`` · ``added`` · ``removed`` · ``moved_in`` ·
    ``moved_out`` · ``changed`` · ``closing`` Float64, per ``quadrant`` String and for "All". ``matrix``: ``before`` ·
    ``after`` String (``Quadrant``, or added / removed) · ``tasks`` UInt32 · ``fte`` · ``cost``. ``changes``, a row per
    change: ``key`` UInt32 (null where gone) · ``task_id`` · ``task_name`` · ``kind`` String (added, gone, moved,
    changed, new High, closed High) · ``before`` · ``after`` · ``field`` · ``why`` String. ``changed``: ``key`` ·
    ``text`` String for the *Changed* column. ``trend``: ``period`` · ``quadrant`` · ``tasks`` · ``fte`` · ``cost`` ·
    ``high``, all periods known, oldest first. ``suggested``: likely same tasks that only a person may join.
    """

    previous: Period
    restated: bool
    bridge: pl.DataFrame
    matrix: pl.DataFrame
    changes: pl.DataFrame
    changed: pl.DataFrame
    trend: pl.DataFrame
    suggested: pl.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """All stages of one file: what the outputs are written from."""

    inventory: Inventory
    decisions: Decisions
    placement: Placement
    assessment: Assessment
    outlook: Outlook
    summary: Summary
    period: Period
    company: str
    home: str  # ISO code of the company's home country
    group_view: str  # which group_as was on
    risk_titles: Mapping[str, str] = field(default_factory=dict)
    method: Mapping[str, str] = field(default_factory=dict)  # lines of the method section: settings hash, versions, ...
    movement: Movement | None = None
    language: str = "en"  # of page and mail
    locale: str = "en_GB"  # how they write numbers, dates and money
    rule_words: Mapping[str, tuple[tuple[float, str, str], ...]] = field(default_factory=dict)  # policy.phrases
