"""From the stages to the Summary: tallies, tables, key figures and the decisions to take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from analyzer.messages import CATALOGUE, Weight
from analyzer.model import (
    KEY,
    Assessment,
    Decisions,
    Finding,
    Inventory,
    Outlook,
    Period,
    Placement,
    Summary,
    Tally,
)
from analyzer.settings import Settings
from analyzer.summary import clocks, tables
from analyzer.summary.counting import Counted, count
from analyzer.summary.facts import facts
from analyzer.sums import total
from analyzer.terms import Field, Quadrant, Severity

TOP = 25


def summarise(
    inventory: Inventory,
    placement: Placement,
    assessment: Assessment,
    outlook: Outlook,
    decisions: Decisions,
    settings: Settings,
    period: Period,
    *,
    counted: Counted | None = None,
    titles: Mapping[str, str] | None = None,
) -> Summary:
    """All stages summed up; every frame as ``Summary`` documents it, the key figures as ``facts`` documents them."""
    amounts = counted or count(inventory, settings)
    rows = _rows(placement, assessment, amounts)
    inside = rows.filter("in_totals")
    providers = tables.providers(inventory, inside)
    contracts = clocks.contracts(inventory, inside, period.as_of)
    stages = (inventory, amounts, placement, assessment, outlook, decisions)
    return Summary(
        quadrants=_quadrants(inside),
        outside=_tally(rows.filter(~pl.col("in_totals"))),
        rows=inventory.rows,
        set_aside=inventory.set_aside.height,
        currency=amounts.currency,
        other_currencies=_other_currencies(rows, amounts.currency),
        confidence=_confidence(inside),
        severities=_severities(inside),
        risks=_risks(assessment, inside, titles or {}),
        providers=providers,
        countries=tables.countries(inventory, inside),
        functions=tables.functions(inventory, inside),
        contracts=contracts,
        top=_top(inventory, inside, _reasons(placement, assessment), decisions, contracts, period.as_of),
        counted=amounts.frame.select(KEY, "fte", "cost"),
        findings=_ranked(finding for stage in stages for finding in stage.findings),
        facts=facts(inventory, inside, providers, contracts, period.as_of),
    )


def _rows(placement: Placement, assessment: Assessment, amounts: Counted) -> pl.DataFrame:
    """A row per task in key order: placement and risk level, amounts; the sentences stay where they are."""
    placed = placement.frame.select(KEY, "quadrant", "sourcing", "location", "confidence", "in_totals", "conflict")
    level = assessment.rows.select("risk_level")
    return pl.concat([placed, level, amounts.frame.drop(KEY)], how="horizontal")


def _tally(rows: pl.DataFrame) -> Tally:
    return next(iter(_tallies(rows.with_columns(pl.lit("all").alias("group")), "group").values()), Tally())


def _tallies(rows: pl.DataFrame, by: str) -> dict[str, Tally]:
    def at(severity: Severity) -> pl.Expr:
        return (pl.col("risk_level") == severity.value).sum()

    sums = rows.group_by(by).agg(
        pl.len().alias("tasks"),
        total("fte"),
        pl.col("fte").count().alias("fte_known"),
        total("cost"),
        pl.col("cost").count().alias("cost_known"),
        at(Severity.HIGH).alias("high"),
        at(Severity.MEDIUM).alias("medium"),
        at(Severity.LOW).alias("low"),
        at(Severity.NOT_ASSESSED).alias("not_assessed"),
    )
    return {row.pop(by): Tally(**row) for row in sums.to_dicts()}


def _quadrants(inside: pl.DataFrame) -> dict[Quadrant, Tally]:
    tallies = _tallies(inside, "quadrant")
    return {quadrant: tallies.get(quadrant.value, Tally()) for quadrant in Quadrant}


def _other_currencies(rows: pl.DataFrame, reporting: str) -> dict[str, Tally]:
    foreign = rows.filter(
        "in_totals", pl.col("cost").is_null(), pl.col("amount").is_not_null(), pl.col("currency") != reporting
    )
    tallies = _tallies(foreign.with_columns(pl.col("amount").alias("cost")), "currency")
    return dict(sorted(tallies.items()))


def _counts(inside: pl.DataFrame, column: str) -> dict[str, int]:
    counts = inside.get_column(column).drop_nulls().value_counts()
    return dict(counts.iter_rows())


def _confidence(inside: pl.DataFrame) -> dict[str, int]:
    placed = inside.filter(pl.col("quadrant") != Quadrant.UNDETERMINED.value)
    counts = _counts(placed, "confidence")
    return {level: counts.get(level, 0) for level in ("high", "medium", "low")}


def _severities(inside: pl.DataFrame) -> dict[Severity, int]:
    counts = _counts(inside, "risk_level")
    return {severity: counts.get(severity.value, 0) for severity in Severity}


def _risks(assessment: Assessment, inside: pl.DataFrame, titles: Mapping[str, str]) -> pl.DataFrame:
    by = ["risk", "quadrant", "severity", "inherent_severity"]
    counts = (
        assessment.scores.join(inside.select(KEY, "quadrant"), on=KEY, how="inner")
        .group_by(by)
        .agg(pl.len().cast(pl.UInt32).alias("tasks"))
        .sort(by)
    )
    named = counts.with_columns(pl.col(by).cast(pl.String))
    return named.select("risk", pl.col("risk").replace(dict(titles)).alias("title"), *by[1:], "tasks")


def _reasons(placement: Placement, assessment: Assessment) -> pl.LazyFrame:
    """``key`` · ``why`` of each task's place · ``risk_why`` of its risks."""
    columns = [placement.frame.lazy().select(KEY, "why"), assessment.rows.lazy().select(risk_why="why")]
    return pl.concat(columns, how="horizontal")


def _top(
    inventory: Inventory,
    inside: pl.DataFrame,
    reasons: pl.LazyFrame,
    decisions: Decisions,
    contracts: pl.DataFrame,
    as_of: date,
) -> pl.DataFrame:
    """Decisions to take: overdue ones, then conflicts and High risks, the dearest first, each task once."""
    owner = inventory.tasks.select(KEY, inventory.value(Field.OWNER).alias("task_owner"))
    made = decisions.frame.filter(pl.col(KEY).is_not_null()).select(KEY, "decision", "decision_owner", "decision_due")
    clock = contracts.group_by(KEY, maintain_order=True).agg(pl.col("date").first().alias("deadline"))
    high = pl.col("risk_level") == Severity.HIGH.value
    overdue = pl.col("decision_due") < as_of
    open_ = pl.col("decision").is_null() | overdue
    pressing = (
        inside.select(KEY, "risk_level", "conflict", "cost")
        .join(made.unique(KEY, keep="last"), on=KEY, how="left")
        .filter(((high | pl.col("conflict")) & open_) | overdue)
        .sort(
            [overdue.fill_null(value=False), high.fill_null(value=False), pl.col("cost").fill_null(0), KEY],
            descending=[True, True, True, False],
        )
        .head(TOP)
    )
    return (
        pressing.join(owner, on=KEY, how="left", maintain_order="left")
        .join(clock, on=KEY, how="left", maintain_order="left")
        .join(reasons.join(pressing.lazy(), on=KEY, how="semi").collect(), on=KEY, how="left", maintain_order="left")
        .select(
            KEY,
            pl.col("risk_level").alias("severity"),
            pl.when(overdue).then(_late()).otherwise(pl.when(high).then("risk_why").otherwise("why")).alias("why"),
            pl.coalesce("decision_owner", "task_owner").alias("owner"),
            pl.coalesce("decision_due", "deadline").alias("due"),
        )
    )


def _late() -> pl.Expr:
    decision = pl.coalesce(pl.col("decision"), pl.lit("a decision"))
    return pl.format("Overdue: {} was due on {}. {}", decision, "decision_due", pl.coalesce("risk_why", "why"))


def _ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    order = list(Weight)
    return tuple(sorted(findings, key=lambda finding: (order.index(CATALOGUE[finding.code].weight), -finding.count)))
