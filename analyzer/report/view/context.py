"""What every section of the view is made from: the analysis, its tasks in one frame, and how numbers are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from analyzer.model import KEY, Analysis, Tally
from analyzer.report.numbers import DASH, Numbers
from analyzer.report.words import load
from analyzer.terms import Field, Quadrant, Severity

QUADRANT_CODES = {
    Quadrant.INHOUSE_ONSHORE: "io",
    Quadrant.OUTSOURCED_ONSHORE: "oo",
    Quadrant.INHOUSE_OFFSHORE: "if",
    Quadrant.OUTSOURCED_OFFSHORE: "of",
    Quadrant.UNDETERMINED: "un",
}
LEVEL_CODES = {Severity.HIGH: "hi", Severity.MEDIUM: "me", Severity.LOW: "lo", Severity.NOT_ASSESSED: "na"}
SHAPES = {Severity.HIGH: "▲", Severity.MEDIUM: "◆", Severity.LOW: "●", Severity.NOT_ASSESSED: "○"}
RANK = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.NOT_ASSESSED: 2, Severity.LOW: 3}
OUTSOURCED = (Quadrant.OUTSOURCED_ONSHORE, Quadrant.OUTSOURCED_OFFSHORE)
OFFSHORE = (Quadrant.INHOUSE_OFFSHORE, Quadrant.OUTSOURCED_OFFSHORE)


@dataclass(frozen=True, slots=True)
class Level:
    """A severity as a shape and a word, never as a colour alone."""

    code: str  # hi, me, lo, na
    shape: str
    word: str


@dataclass(frozen=True, slots=True)
class Place:
    """A quadrant by its code (io, oo, if, of, un) and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as said and, in full, for those who ask."""

    text: str
    exact: str


@dataclass(frozen=True)
class Context:
    """An analysis and the voice it is told in."""

    analysis: Analysis
    numbers: Numbers

    @classmethod
    def of(cls, analysis: Analysis) -> Context:
        """The context in the analysis' own language and locale."""
        return cls(analysis, Numbers(analysis.locale, load(analysis.language)))

    def say(self, key: str, n: float | None = None, /, **values: str) -> str:
        """A sentence of the catalogue."""
        return self.numbers.say(key, n, **values)

    @property
    def currency(self) -> str:
        """The reporting currency."""
        return self.analysis.summary.currency

    @cached_property
    def total(self) -> Tally:
        """All tasks in totals."""
        return self.analysis.summary.total

    @cached_property
    def measure(self) -> str:
        """What shares are shares of: spend where stated, else FTE, else tasks."""
        if self.total.cost_known and self.total.cost > 0:
            return "spend"
        return "fte" if self.total.fte_known and self.total.fte > 0 else "tasks"

    def weight(self, tally: Tally) -> float:
        """A tally in the measure."""
        return {"spend": tally.cost, "fte": tally.fte, "tasks": float(tally.tasks)}[self.measure]

    def tally(self, quadrants: Iterable[Quadrant]) -> Tally:
        """The tallies of some quadrants, added."""
        return sum((self.analysis.summary.quadrants.get(quadrant, Tally()) for quadrant in quadrants), Tally())

    def money(self, value: float | None, currency: str | None = None) -> str:
        """Money as said; a dash where unknown."""
        return DASH if value is None else self.numbers.money(value, currency or self.currency)

    def priced(self, text: str) -> str:
        """``Spend (GBP)``; the text alone where no amount names a currency."""
        return f"{text} ({self.currency})" if self.currency else text

    def amount(self, value: float | None) -> Amount:
        """Money as said and in full."""
        if value is None:
            return Amount(DASH, "")
        return Amount(self.money(value), self.numbers.exact_money(value, self.currency))

    def fte(self, value: float | None) -> str:
        """FTE as said; a dash where unknown."""
        return DASH if value is None else self.numbers.fte(value)

    def day(self, value: object) -> str:
        """A date near the period."""
        return self.numbers.day(value, self.analysis.period.as_of)  # type: ignore[arg-type]  # a cell of a Date column

    def level(self, severity: str | None) -> Level | None:
        """A severity as shape and word; None where no risk applies."""
        if severity is None:
            return None
        known = Severity(severity)
        return Level(LEVEL_CODES[known], SHAPES[known], self.numbers.words.severity(severity))

    def place(self, quadrant: str) -> Place:
        """A quadrant as code and name."""
        return Place(QUADRANT_CODES[Quadrant(quadrant)], self.numbers.words.quadrant(quadrant))

    def has(self, field: Field) -> bool:
        """Whether the file has the field's column."""
        return self.analysis.inventory.has(field)

    @cached_property
    def tasks(self) -> pl.DataFrame:
        """A row per task in key order: ``key`` · ``sheet`` · ``row`` · ``task_id``, ``name``, ``function``, ``owner``,
        ``provider``, ``place`` String as read · ``fte``, ``cost`` Float64 as counted · ``quadrant`` · ``confidence`` ·
        ``why`` · ``in_totals`` · ``outside`` · ``conflict`` · ``overridden`` · ``level``, ``risks``, ``risks_why``,
        ``not_assessed`` · ``could_move_to`` · ``changed`` · ``decision`` (String or null).
        """  # noqa: D205 - the columns are one list
        analysis = self.analysis
        raw, tasks = analysis.inventory.raw, analysis.inventory.tasks
        texts = {
            "task_id": Field.TASK_ID,
            "name": Field.TASK_NAME,
            "function": Field.FUNCTION,
            "owner": Field.OWNER,
            "provider": Field.PROVIDER,
            "place": Field.DELIVERY_COUNTRY,
        }
        shown = raw.select(
            (pl.col(f) if f in raw.columns else pl.lit(None, pl.String)).alias(name) for name, f in texts.items()
        )
        known = (
            tasks.select(KEY, "sheet", "row"),
            shown,
            analysis.summary.counted.drop(KEY),
            analysis.placement.frame.select(*_PLACEMENT),
            analysis.assessment.rows.select(**_ROWS),
            analysis.outlook.frame.select("could_move_to"),
        )
        return (
            pl.concat(known, how="horizontal")  # each in key order
            .join(self._changed(), on=KEY, how="left", maintain_order="left")
            .join(self._decisions(), on=KEY, how="left", maintain_order="left")
        )

    def _changed(self) -> pl.DataFrame:
        movement = self.analysis.movement
        if movement is None:
            return pl.DataFrame(schema={KEY: pl.UInt32, "changed": pl.String})
        return movement.changed.select(KEY, changed="text").unique(KEY, keep="first", maintain_order=True)

    def _decisions(self) -> pl.DataFrame:
        frame = self.analysis.decisions.frame.filter(pl.col(KEY).is_not_null() & pl.col("decision").is_not_null())
        return frame.select(KEY, "decision").unique(KEY, keep="last", maintain_order=True)

    def named(self, frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
        """A frame with ``key``, and the name and other columns of each task."""
        return frame.join(self.tasks.select(KEY, *columns), on=KEY, how="left", maintain_order="left")

    def name(self, value: str | None) -> str:
        """A task's name, or that it has none."""
        return value or self.say("tasks.unnamed")


_PLACEMENT = ("quadrant", "confidence", "why", "in_totals", "outside", "conflict", "overridden")
_ROWS = {"level": "risk_level", "risks": "risks", "risks_why": "why", "not_assessed": "not_assessed"}
