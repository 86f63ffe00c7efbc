"""What a move might be worth a year: the user's own baseline and price, less what a quoted price leaves out.

``net = baseline - price * (1 + hidden)``. There is no built-in table of wages or prices, and a loss is shown as one.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analyzer.evidence import Evidence
from analyzer.model import KEY, Assessment, Finding, Placement
from analyzer.policy.schema import HiddenCost
from analyzer.settings import Currency
from analyzer.terms import Feasibility, Field, Quadrant, Severity

SAVINGS: dict[str, pl.DataType] = {
    KEY: pl.UInt32(),
    "to": pl.String(),
    "currency": pl.String(),
    "baseline": pl.Float64(),
    "price": pl.Float64(),
    "low": pl.Float64(),
    "base": pl.Float64(),
    "high": pl.Float64(),
    "risk_before": pl.String(),
    "risk_after": pl.String(),
    "why": pl.String(),
}
STEPS = {  # where a quoted price most likely is for; the sheet does not say
    Quadrant.INHOUSE_ONSHORE: (
        Quadrant.OUTSOURCED_OFFSHORE,
        Quadrant.OUTSOURCED_ONSHORE,
        Quadrant.INHOUSE_OFFSHORE,
    ),
    Quadrant.INHOUSE_OFFSHORE: (Quadrant.OUTSOURCED_OFFSHORE,),
    Quadrant.OUTSOURCED_ONSHORE: (Quadrant.OUTSOURCED_OFFSHORE,),
}
WHOLE, FIGURES = 1.0, 2


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Tasks with a baseline and a price in one currency, and those whose currencies cannot be compared.

    ``frame``: ``key`` · ``to`` · ``currency`` · ``baseline`` · ``price`` · ``said`` String, both amounts with cells.
    """

    frame: pl.DataFrame
    findings: tuple[Finding, ...]


def estimates(evidence: Evidence, placement: Placement, quadrants: pl.DataFrame, currency: Currency) -> Estimates:
    """The tasks in totals that have both amounts; a currency of another kind is converted only with rates."""
    priced = _priced(evidence, placement, quadrants)
    rates = dict(currency.rates) | ({currency.reporting: WHOLE} if currency.reporting else {})
    own, other = pl.col("currency"), pl.col("price_currency")
    rate = pl.when(own.eq_missing(other)).then(WHOLE).otherwise(_rate(other, rates) / _rate(own, rates))
    compared = priced.with_columns(pl.col("price") * rate)
    apart = compared.filter(pl.col("price").is_null())
    cells = tuple(apart.head(5).select(evidence.inventory.cell(Field.TARGET_COST)).to_series().drop_nulls())
    found = (Finding("saving-currencies", cells, apart.height),) if apart.height else ()
    return Estimates(compared.drop_nulls("price"), found)


def savings(found: Estimates, hidden: HiddenCost, before: Assessment, after: Assessment | None) -> pl.DataFrame:
    """The ranges, as ``Outlook.savings``, with the risk level before and after the move."""
    level = pl.col("risk_level")
    now = before.rows.select(KEY, level.alias("risk_before"))
    then = (after or before).rows.select(KEY, level.alias("moved"))
    ranged = found.frame.with_columns(
        (pl.col("baseline") - pl.col("price") * (1 + share)).round(2).alias(name)
        for name, share in (("low", hidden.high), ("base", hidden.base), ("high", hidden.low))
    )
    joined = ranged.join(now, on=KEY, how="left", maintain_order="left").join(
        then, on=KEY, how="left", maintain_order="left"
    )
    settled = pl.col("to").is_not_null() | (pl.col("quadrant") == Quadrant.OUTSOURCED_OFFSHORE)
    return joined.with_columns(
        pl.when(settled).then("moved").fill_null(Severity.NOT_ASSESSED.value).alias("risk_after"),
        _why(hidden),
    ).select(pl.col(name).cast(kind) for name, kind in SAVINGS.items())


def _priced(evidence: Evidence, placement: Placement, quadrants: pl.DataFrame) -> pl.DataFrame:
    inventory = evidence.inventory
    annual, benchmark = inventory.value(Field.ANNUAL_COST), inventory.value(Field.HOME_COST_BENCHMARK)
    annual_currency, benchmark_currency, price_currency = (
        inventory.companion(f"{name}_currency", pl.String())
        for name in (Field.ANNUAL_COST, Field.HOME_COST_BENCHMARK, Field.TARGET_COST)
    )
    own = annual > 0
    placed = placement.frame.select(KEY, "quadrant", "in_totals")
    priced = evidence.where(inventory.value(Field.TARGET_COST) >= 0).frame
    said = pl.when(own).then(evidence.said(Field.ANNUAL_COST)).otherwise(evidence.said(Field.HOME_COST_BENCHMARK))
    return (
        priced.lazy()
        .join(placed.lazy(), on=KEY, maintain_order="left")
        .join(quadrants.lazy(), on=KEY, maintain_order="left")
        .with_columns(
            pl.when(own).then(annual).otherwise(benchmark).alias("baseline"),
            pl.when(own).then(annual_currency).otherwise(benchmark_currency).alias("currency"),
            inventory.value(Field.TARGET_COST).alias("price"),
            price_currency.alias("price_currency"),
        )
        .filter("in_totals", pl.col("baseline") > 0)
        .with_columns(_destination(), pl.format("{}; {}", said, evidence.said(Field.TARGET_COST)).alias("said"))
        .collect()
    )


def _destination() -> pl.Expr:
    """The first feasible step from where a task is, else the first conditional one, else null."""
    steps = [
        pl.when((pl.col("quadrant") == own) & (pl.col(to.value) == verdict)).then(pl.lit(to.value))
        for own, nexts in STEPS.items()
        for verdict in (Feasibility.FEASIBLE, Feasibility.CONDITIONAL)
        for to in nexts
    ]
    return pl.coalesce(steps).alias("to")


def _rate(currency: pl.Expr, rates: dict[str, float]) -> pl.Expr:
    return currency.replace_strict(rates, default=None, return_dtype=pl.Float64)


def _why(hidden: HiddenCost) -> pl.Expr:
    figures = [
        pl.col(name).round_sig_figs(FIGURES).cast(pl.String).str.strip_suffix(".0") for name in ("low", "base", "high")
    ]
    place = pl.when(pl.col("to").is_not_null()).then(pl.format("; the price is taken to be for {}", "to"))
    hidden_words = f"{hidden.low:.0%} to {hidden.high:.0%} of the price"
    return pl.format(
        "{}{}: {} to {} a year, about {}, with hidden costs of {}; one-off costs of the move are not in it",
        "said",
        place.otherwise(pl.lit("")),
        figures[0],
        figures[2],
        figures[1],
        pl.lit(hidden_words),
    ).alias("why")
