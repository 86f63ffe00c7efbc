"""Risks by severity and quadrant, and inherent against residual."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analyzer.model import KEY, Tally
from analyzer.report.charts import Scale
from analyzer.report.view.context import Context, Level, Place
from analyzer.report.view.hero import severities
from analyzer.terms import Quadrant, Severity

MEDIUM_FROM, HIGH_FROM, FULL = 40, 70, 100
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Count:
    """A number of tasks at a level; ``tint`` 0 to 3 deepens with its share of the row."""

    level: str
    tasks: str
    tint: int
    link: str


@dataclass(frozen=True, slots=True)
class QuadrantRow:
    """A quadrant's tasks by level."""

    place: Place
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A risk's tasks: High before controls, and each level after."""

    title: str
    tasks: str
    before: str
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """A task's score before and after controls."""

    key: int
    task: str
    risk: str
    level: Level | None
    before: str
    after: str
    x_before: str
    x_after: str
    x: str
    width: str
    said: str


@dataclass(frozen=True, slots=True)
class Risks:
    """The section."""

    lead: str
    unknown: str
    levels: tuple[Level, ...]
    by_quadrant: tuple[QuadrantRow, ...]
    by_risk: tuple[RiskRow, ...]
    dumbbells: tuple[Dumbbell, ...]
    medium_at: str
    high_at: str
    dumbbell_note: str


def see(context: Context) -> Risks:
    """The section of an analysis."""
    scale = Scale(0, FULL)
    total = context.total
    return Risks(
        lead=_lead(context),
        unknown=context.say("risks.lead_unknown", total.not_assessed) if total.not_assessed else "",
        levels=tuple(level for level in (context.level(severity.value) for severity in Severity) if level),
        by_quadrant=tuple(_quadrant_row(context, quadrant) for quadrant in Quadrant if _tasks(context, quadrant)),
        by_risk=tuple(_risk_rows(context)),
        dumbbells=tuple(_dumbbells(context, scale)),
        medium_at=scale.at(MEDIUM_FROM),
        high_at=scale.at(HIGH_FROM),
        dumbbell_note=context.say("risks.dumbbell_note", medium=str(MEDIUM_FROM), high=str(HIGH_FROM)),
    )


def _tasks(context: Context, quadrant: Quadrant) -> int:
    return sum(severities(context.analysis.summary.quadrants.get(quadrant, Tally())).values())


def _lead(context: Context) -> str:
    total = context.total
    if total.high:
        worst = max(Quadrant, key=lambda quadrant: context.tally([quadrant]).high)
        return context.say("risks.lead_high", total.high, quadrant=context.place(worst.value).name)
    assessed = total.high + total.medium + total.low
    return context.say("risks.lead_none" if assessed else "risks.lead_nothing")


def _tint(number: int, whole: int) -> int:
    return 0 if not number else 1 + min(2, int(3 * number / whole))


def _quadrant_row(context: Context, quadrant: Quadrant) -> QuadrantRow:
    mix = severities(context.analysis.summary.quadrants[quadrant])
    place = context.place(quadrant.value)
    return QuadrantRow(place, _counts(context, mix, f"quadrant={place.code}&"))


def _counts(context: Context, mix: dict[Severity, int], link: str = "") -> tuple[Count, ...]:
    whole = sum(mix.values())
    counts = []
    for severity, number in mix.items():
        level = context.level(severity.value)
        code = level.code if level else ""
        target = f"{link}level={code}" if link and number else ""
        counts.append(Count(code, context.numbers.count(number), _tint(number, whole), target))
    return tuple(counts)


def _risk_rows(context: Context) -> list[RiskRow]:
    frame = context.analysis.summary.risks
    rank = pl.col("severity") == Severity.HIGH.value
    order = frame.group_by("risk", "title", maintain_order=True).agg(
        pl.col("tasks").sum(),
        pl.col("tasks").filter(rank).sum().alias("high"),
        pl.col("tasks").filter(pl.col("inherent_severity") == Severity.HIGH.value).sum().alias("before"),
    )
    sizes = {
        (risk, severity): n
        for risk, severity, n in frame.group_by("risk", "severity").agg(pl.col("tasks").sum()).iter_rows()
    }
    return [
        RiskRow(
            title=row["title"],
            tasks=context.numbers.count(row["tasks"]),
            before=context.numbers.count(row["before"]),
            counts=_counts(context, {severity: sizes.get((row["risk"], severity.value), 0) for severity in Severity}),
        )
        for row in order.sort("high", "tasks", "title", descending=[True, True, False]).iter_rows(named=True)
    ]


def _dumbbells(context: Context, scale: Scale) -> list[Dumbbell]:
    running = context.tasks.filter("in_totals").select(KEY)
    scored = context.analysis.assessment.scores.filter(
        pl.col("inherent").is_not_null() & pl.col("residual").is_not_null()
    )
    top = (
        scored.join(running, on=KEY, how="semi")
        .sort("residual", "inherent", KEY, descending=[True, True, False])
        .unique(KEY, keep="first", maintain_order=True)
        .head(SHOWN)
    )
    rows = context.named(top, "name")
    return [_dumbbell(context, scale, row) for row in rows.iter_rows(named=True)]


def _dumbbell(context: Context, scale: Scale, row: dict[str, int | str]) -> Dumbbell:
    before, after = int(row["inherent"]), int(row["residual"])
    titles = context.analysis.risk_titles
    return Dumbbell(
        key=int(row[KEY]),
        task=context.name(str(row["name"] or "")),
        risk=titles.get(str(row["risk"]), str(row["risk"])),
        level=context.level(str(row["severity"])),
        before=str(before),
        after=str(after),
        x_before=scale.at(before),
        x_after=scale.at(after),
        x=scale.at(min(before, after)),
        width=scale.length(before, after),
        said=f"{before} → {after}",
    )
