"""What could move and what it might be worth: ranges, never a promise."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analyzer.model import KEY
from analyzer.report.charts import Scale
from analyzer.report.view.context import Context, Level, Place
from analyzer.terms import PLACED, Feasibility, Quadrant

SHOWN = 8
CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class Range:
    """A saving from low to high, with the risk before and after."""

    key: int
    task: str
    to: Place | None
    range: str
    base: str
    before: Level | None
    after: Level | None
    x: str
    width: str
    x_base: str
    loss: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """How many tasks could be done in a quadrant."""

    place: Place
    could: str
    conditional: str
    barred: str
    unknown: str


@dataclass(frozen=True, slots=True)
class Opportunities:
    """The section."""

    lead: str
    rows: tuple[Range, ...]
    zero: str
    excluded: str
    reach: tuple[Reach, ...]
    candidates: str
    candidate_names: tuple[str, ...]


def see(context: Context) -> Opportunities:
    """The outlook of an analysis."""
    savings = context.analysis.outlook.savings.sort("base", KEY, descending=[True, False])
    low = min([0.0, *savings["low"].drop_nulls().to_list()])
    high = max([0.0, *savings["high"].drop_nulls().to_list()])
    scale = Scale(low, high)
    shown = context.named(savings.head(SHOWN), "name")
    candidates = _candidates(context)
    return Opportunities(
        lead=_lead(context, savings),
        rows=tuple(_range(context, scale, row) for row in shown.iter_rows(named=True)),
        zero=scale.at(0),
        excluded=context.say("opportunities.excluded", context.analysis.outlook.excluded) if savings.height else "",
        reach=tuple(_reach(context)),
        candidates=context.say("opportunities.candidates", len(candidates)) if candidates else "",
        candidate_names=tuple(candidates[:CANDIDATES]),
    )


def _lead(context: Context, savings: pl.DataFrame) -> str:
    if not savings.height:
        return context.say("opportunities.none")
    currencies = savings["currency"].unique().to_list()
    if len(currencies) > 1:
        return context.say("opportunities.sum_currency")
    low, high = (_two_figures(float(savings[column].sum())) for column in ("low", "high"))
    currency = currencies[0] or context.currency
    return context.say(
        "opportunities.lead", savings.height, low=context.money(low, currency), high=context.money(high, currency)
    )


def _two_figures(value: float) -> float:
    """An estimate says no more than two figures."""
    return float(f"{value:.1e}")


def _range(context: Context, scale: Scale, row: dict[str, object]) -> Range:
    low, base, high = (_two_figures(float(str(row[column]))) for column in ("low", "base", "high"))
    currency = str(row["currency"] or context.currency)
    return Range(
        key=int(str(row[KEY])),
        task=context.name(str(row["name"] or "")),
        to=context.place(str(row["to"])) if row["to"] else None,
        range=context.say("opportunities.span", low=context.money(low, currency), high=context.money(high, currency)),
        base=context.money(base, currency),
        before=context.level(str(row["risk_before"])) if row["risk_before"] else None,
        after=context.level(str(row["risk_after"])) if row["risk_after"] else None,
        x=scale.at(low),
        width=scale.length(low, high),
        x_base=scale.at(base),
        loss=base < 0,
    )


def _reach(context: Context) -> list[Reach]:
    """Tasks in totals that could be done in each quadrant, those that are there already among them."""
    running = context.tasks.filter("in_totals").select(KEY)
    frame = context.analysis.outlook.frame.join(running, on=KEY, how="semi")
    return [_reach_of(context, frame[quadrant.value], quadrant) for quadrant in PLACED]


def _reach_of(context: Context, column: pl.Series, quadrant: Quadrant) -> Reach:
    counts = {value: context.numbers.count(int((column == value.value).sum())) for value in Feasibility}
    return Reach(
        context.place(quadrant.value),
        counts[Feasibility.FEASIBLE],
        counts[Feasibility.CONDITIONAL],
        counts[Feasibility.NOT_FEASIBLE],
        counts[Feasibility.UNKNOWN],
    )


def _candidates(context: Context) -> list[str]:
    known = context.analysis.outlook.frame.filter(pl.col("candidate").is_not_null() & (pl.col("candidate") != ""))
    return [context.name(name) for name in context.named(known, "name")["name"].to_list()]
