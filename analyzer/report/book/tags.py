"""The tag and review columns, made by expressions over all tasks at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from analyzer import xlsx
from analyzer.model import KEY, Analysis, Table
from analyzer.report.book import palette
from analyzer.report.book.beside import Spot
from analyzer.terms import DECISIONS, REVIEW_COLUMNS, Quadrant, Sheet, TagColumn
from analyzer.xlsx.addresses import letters

YES = "yes"
_T = TagColumn
_WIDTHS: Mapping[TagColumn, float] = {
    _T.QUADRANT: 20,
    _T.WHY: 56,
    _T.CONFIDENCE: 11,
    _T.RISK_LEVEL: 15,
    _T.RISKS: 30,
    _T.WHY_RISKS: 62,
    _T.COULD_MOVE_TO: 22,
    _T.CHANGED: 22,
    _T.FTE_COUNTED: 11,
    _T.COST_COUNTED: 15,
    _T.IN_TOTALS: 12,
    _T.YOUR_QUADRANT: 20,
    _T.DECISION: 14,
    _T.DECISION_OWNER: 18,
    _T.DECISION_DUE: 14,
    _T.DECISION_NOTE: 36,
}
_LINKS = {_T.YOUR_QUADRANT: Sheet.SUMMARY, _T.DECISION: Sheet.LEDGER, _T.DECISION_NOTE: Sheet.METHOD}
# in headers of our own colour: some programs paint a link blue, which no dark header of a user's own can bear
_QUADRANT_LIST = f'"{",".join(Quadrant)}"'
_DECISION_LIST = f'"{",".join(DECISIONS)}"'
_EARLIEST = "36526"  # 1 January 2000 as a serial number


def tagged(analysis: Analysis) -> pl.DataFrame:
    """``key`` and a column per ``TagColumn``, a row per task in key order; what the task sheets show."""
    movement = analysis.movement
    changed = (
        movement.changed.select(KEY, changed="text").unique(KEY, keep="first")
        if movement
        else pl.DataFrame(schema={KEY: pl.UInt32, "changed": pl.String})
    )
    known = (
        analysis.placement.frame.select(KEY, "rule_quadrant", "why", "confidence", "in_totals", "outside"),
        analysis.assessment.rows.select("risk_level", "risks", "not_assessed", risks_why="why"),
        analysis.outlook.frame.select("could_move_to"),
        analysis.summary.counted.drop(KEY),
    )
    frame = pl.concat(known, how="horizontal")  # each in key order
    for other in (changed, _decided(analysis)):
        if other.height:
            frame = frame.join(other, on=KEY, how="left", maintain_order="left")
        else:
            frame = frame.with_columns(pl.lit(None, kind).alias(name) for name, kind in other.drop(KEY).schema.items())
    return frame.select(KEY, *(expression.alias(column) for column, expression in _expressions().items()))


def _decided(analysis: Analysis) -> pl.DataFrame:
    frame = analysis.decisions.frame.filter(pl.col(KEY).is_not_null())
    names = ("your_quadrant", "decision", "decision_owner", "decision_due", "decision_note")
    return frame.unique(KEY, keep="last", maintain_order=True).select(KEY, *names)


def _expressions() -> Mapping[TagColumn, pl.Expr]:
    gap = pl.when(pl.col("not_assessed") != "").then(pl.format("not assessed: {}", "not_assessed"))
    found = pl.when(pl.col("risks") != "").then(pl.col("risks"))
    listed = pl.concat_str([found, gap], separator="; ", ignore_nulls=True)
    in_totals = pl.when("in_totals").then(pl.lit(YES)).otherwise(pl.format("no ({})", pl.col("outside").fill_null("")))
    return {
        _T.QUADRANT: pl.col("rule_quadrant"),
        _T.WHY: pl.col("why"),
        _T.CONFIDENCE: pl.col("confidence"),
        _T.RISK_LEVEL: pl.col("risk_level").replace_strict(palette.LEVELS, default=None, return_dtype=pl.String),
        _T.RISKS: pl.when(listed != "").then(listed),
        _T.WHY_RISKS: pl.when(pl.col("risks_why") != "").then(pl.col("risks_why")),
        _T.COULD_MOVE_TO: pl.when(pl.col("could_move_to") != "").then(pl.col("could_move_to")),
        _T.CHANGED: pl.col("changed"),
        _T.FTE_COUNTED: pl.col("fte"),
        _T.COST_COUNTED: pl.col("cost"),
        _T.IN_TOTALS: in_totals,
        _T.YOUR_QUADRANT: pl.col("your_quadrant"),
        _T.DECISION: pl.col("decision"),
        _T.DECISION_OWNER: pl.col("decision_owner"),
        _T.DECISION_DUE: pl.col("decision_due"),
        _T.DECISION_NOTE: pl.col("decision_note"),
    }


@dataclass(frozen=True, slots=True)
class Places:
    """Names that the new sheets got in this book: a user's own sheet of that name keeps it."""

    names: Mapping[Sheet, str]

    def link(self, sheet: Sheet, cell: str = "A1") -> str:
        """A place in a new sheet, for a link."""
        return f"'{self.names[sheet]}'!{cell}"


def splice(spot: Spot, tags: pl.DataFrame, currency: str, places: Places) -> xlsx.Splice:
    """The columns of one task sheet. ``tags`` as ``tagged`` gives them."""
    if spot.tasks[KEY].equals(tags[KEY]):
        mine = tags.with_columns(spot.tasks["row"])
    else:
        mine = spot.tasks.join(tags, on=KEY, how="left", maintain_order="left")
    return xlsx.Splice(
        sheet=spot.sheet,
        first_column=spot.first_column,
        header_row=spot.table.header_row,
        rows=mine.get_column("row").cast(pl.UInt32),
        columns=tuple(_column(column, mine, spot.table, currency, places) for column in TagColumn),
        table=spot.excel_table,
        replaces=spot.replaces,
        validations=tuple(_validations()),
        conditionals=tuple(_conditionals(spot)),
    )


def header(column: TagColumn, currency: str) -> str:
    """A column's header; costs name the currency they are counted in."""
    return f"{column.value} ({currency})" if column is _T.COST_COUNTED and currency else column.value


def _column(column: TagColumn, frame: pl.DataFrame, table: Table, currency: str, places: Places) -> xlsx.Column:
    values = frame.get_column(column)
    chips = {_T.QUADRANT: palette.QUADRANT_CHIPS, _T.RISK_LEVEL: palette.LEVEL_CHIPS}.get(column)
    return xlsx.Column(
        header(column, currency),
        values,
        width=_WIDTHS[column],
        style=_style(column, currency),
        header_style=_header_style(column, table),
        styles=chips or {},
        classes=values if chips else None,
        header_link=places.link(_LINKS[column]) if column in _LINKS else None,
    )


def _style(column: TagColumn, currency: str) -> xlsx.Style:
    if column in REVIEW_COLUMNS:
        due = palette.DATE if column is _T.DECISION_DUE else None
        return xlsx.Style(
            color=palette.INK,
            fill=palette.INPUT,
            border=palette.INPUT_RULE,
            vertical="top",
            horizontal="left",
            number_format=due,
            locked=False,
        )
    formats = {_T.FTE_COUNTED: palette.FTE, _T.COST_COUNTED: palette.money(currency)}
    if column in formats:
        return xlsx.Style(color=palette.QUIET, vertical="top", horizontal="right", number_format=formats[column])
    if column is _T.IN_TOTALS:
        return xlsx.Style(color=palette.QUIET, vertical="top", horizontal="left")
    return palette.PLAIN


def _header_style(column: TagColumn, table: Table) -> xlsx.Style:
    """The user's own header, in bold; the review columns in the colour of inputs."""
    theirs = f"{letters(table.last_column)}{table.header_row}"
    if column in REVIEW_COLUMNS:
        return xlsx.Style(
            like=theirs, bold=True, wrap=True, color=palette.INK, fill="F6E3B4", border=palette.INPUT_RULE
        )
    return xlsx.Style(like=theirs, bold=True, wrap=True)


def _validations() -> Iterable[xlsx.Validation]:
    order = list(TagColumn)
    yield xlsx.Validation(
        order.index(_T.YOUR_QUADRANT),
        _QUADRANT_LIST,
        prompt_title="Your quadrant",
        prompt="Choose one to overrule the rules. Summary and its charts follow at once, the risks at the next run. "
        "Clear it to go back.",
        error_title="Not a quadrant",
        error="Choose one of the five in the list, or clear the cell.",
    )
    yield xlsx.Validation(
        order.index(_T.DECISION),
        _DECISION_LIST,
        prompt_title="Decision",
        prompt="accept, mitigate, move or investigate. It changes no score and comes back in the next report.",
        error_title="Not a decision",
        error="Choose accept, mitigate, move or investigate, or clear the cell.",
    )
    yield xlsx.Validation(
        order.index(_T.DECISION_OWNER),
        "80",
        kind="textLength",
        operator="lessThanOrEqual",
        prompt_title="Decision owner",
        prompt="Who will see to it.",
        error_title="Long name",
        error="A name of at most 80 characters is expected.",
        stop=False,
    )
    yield xlsx.Validation(
        order.index(_T.DECISION_DUE),
        _EARLIEST,
        kind="date",
        operator="greaterThanOrEqual",
        prompt_title="Decision due",
        prompt="A date, as in 2026-12-31.",
        error_title="Not a date",
        error="Write a date, as in 2026-12-31.",
        stop=False,
    )


def _conditionals(spot: Spot) -> Iterable[xlsx.Conditional]:
    """*Your quadrant* takes the colour of what is chosen; the rule's answer beside it steps back."""
    order = list(TagColumn)
    row = spot.tasks.get_column("row")[0]
    chosen = order.index(_T.YOUR_QUADRANT)
    cell = f"${letters(spot.first_column + chosen)}{row}"
    rule = order.index(_T.QUADRANT)
    for quadrant, shade in palette.QUADRANTS.items():
        yield xlsx.Conditional((chosen,), f'{cell}="{quadrant}"', xlsx.Style(fill=shade.pale, bold=True))
    yield xlsx.Conditional((rule,), f'{cell}<>""', xlsx.Style(italic=True, color=palette.QUIET, fill=palette.PAPER))
