"""The five key figures, each with what it is a part of, its change and its trend."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

from analyzer.model import KEY, Tally
from analyzer.report.charts import spark
from analyzer.report.numbers import DASH
from analyzer.report.view.context import OFFSHORE, OUTSOURCED, Context
from analyzer.terms import PLACED, Field, Quadrant

CLOSE = 90  # days
LEAST_TREND = 3  # periods worth a line


@dataclass(frozen=True, slots=True)
class Trend:
    """A sparkline and what it says."""

    points: str
    x: str
    y: str
    said: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure. ``missing`` says which column would fill it; ``link`` filters the tasks."""

    code: str
    label: str
    value: str
    exact: str
    sub: str
    change: str = ""
    trend: Trend | None = None
    missing: str = ""
    link: str = ""


def see(context: Context) -> tuple[Figure, ...]:
    """The five figures, always five."""
    return (_outsiders(context), _abroad(context), _high(context), _contracts(context), _displaced(context))


def _outsiders(context: Context) -> Figure:
    spend = context.total.cost_known > 0 and context.total.cost > 0
    tally, total = context.tally(OUTSOURCED), context.total
    part, whole = (tally.cost, total.cost) if spend else (float(tally.tasks), float(total.tasks))
    said: Callable[[float], str] = context.money if spend else context.numbers.count
    label = context.say("figures.outsiders_spend" if spend else "figures.outsiders_tasks")
    measure = "cost" if spend else "tasks"
    if not _placed(context).tasks:
        return Figure("outsiders", label, DASH, "", "", missing=context.say("figures.nothing_placed"))
    return Figure(
        "outsiders",
        label,
        context.numbers.share(part, whole),
        context.numbers.exact_money(part, context.currency) if spend else "",
        context.say("figures.of_total", part=said(part), whole=said(whole)),
        _share_change(context, measure, OUTSOURCED),
        _trend(context, label, measure, OUTSOURCED, shares=True),
        "" if context.has(Field.ANNUAL_COST) or spend else context.say("figures.no_cost"),
        "quadrant=oo,of",
    )


def _abroad(context: Context) -> Figure:
    tally, total, placed = context.tally(OFFSHORE), context.total, _placed(context)
    fte = total.fte_known > 0
    part, whole = (tally.fte, placed.fte) if fte else (float(tally.tasks), float(placed.tasks))
    said: Callable[[float], str] = context.fte if fte else context.numbers.count
    label = context.say("figures.abroad_fte" if fte else "figures.abroad_tasks")
    value = context.say("lead.fte", n_=said(part)) if fte else said(part)
    measure = "fte" if fte else "tasks"
    blank = placed.tasks - placed.fte_known
    if not placed.tasks:
        return Figure("abroad", label, DASH, "", "", missing=context.say("figures.nothing_placed"))
    return Figure(
        "abroad",
        label,
        value,
        context.say("figures.blank_fte", blank) if fte and blank else "",
        context.say("figures.of_placed", whole=said(whole), share=context.numbers.share(part, whole)),
        _size_change(context, measure, OFFSHORE),
        _trend(context, label, measure, OFFSHORE, shares=False),
        "" if context.has(Field.FTE) or fte else context.say("figures.no_fte"),
        "quadrant=if,of",
    )


def _placed(context: Context) -> Tally:
    return context.tally(PLACED)


def _high(context: Context) -> Figure:
    total = context.total
    assessed = total.high + total.medium + total.low
    label = context.say("figures.high")
    trend = _trend(context, label, "high", tuple(Quadrant), shares=False)
    return Figure(
        "high",
        label,
        context.numbers.count(total.high) if assessed else DASH,
        "",
        context.say("figures.of_assessed", assessed) if assessed else "",
        _trend_change(context, "high"),
        trend,
        "" if assessed else context.say("figures.nothing_assessed"),
        "level=hi",
    )


def _contracts(context: Context) -> Figure:
    label = context.say("figures.contracts")
    if not context.has(Field.END_DATE) and not context.has(Field.RENEWAL_DATE):
        return Figure("contracts", label, DASH, "", "", missing=context.say("figures.no_end"))
    contracts = context.analysis.summary.contracts
    ending = contracts.filter(pl.col("event").is_in(["ends", "renews"]) & pl.col("days").is_between(0, CLOSE))
    tasks = ending.select(KEY).unique(maintain_order=True).join(context.analysis.summary.counted, on=KEY, how="left")
    past = contracts.filter((pl.col("event") == "notice") & (pl.col("days") < 0))[KEY].n_unique()
    late = context.say("figures.contracts_plain", past) if past else context.say("figures.contracts_none")
    cost = float(tasks["cost"].sum())
    known = tasks["cost"].drop_nulls().len() > 0
    return Figure(
        "contracts",
        label,
        context.numbers.count(tasks.height),
        context.numbers.exact_money(cost, context.currency) if known else "",
        f"{context.money(cost)}; {late}" if known else late,
    )


def _displaced(context: Context) -> Figure:
    label = context.say("figures.displaced")
    if not context.has(Field.HOME_FTE_DISPLACED):
        return Figure("displaced", label, DASH, "", "", missing=context.say("figures.no_displaced"))
    moved = context.tasks.join(context.analysis.inventory.tasks.select(KEY, "home_fte_displaced"), on=KEY).filter(
        (pl.col("home_fte_displaced") > 0) & pl.col("in_totals")
    )
    where = (
        context.say("figures.displaced_sub", moved["function"].drop_nulls().n_unique())
        if context.has(Field.FUNCTION)
        else context.say("figures.displaced_tasks", moved.height)
    )
    return Figure("displaced", label, context.fte(float(moved["home_fte_displaced"].sum())), "", where)


def _bridge(context: Context, measure: str, quadrants: Iterable[Quadrant], column: str) -> float:
    movement = context.analysis.movement
    assert movement is not None  # noqa: S101 - callers asked first
    values = [quadrant.value for quadrant in quadrants]
    return float(
        movement.bridge.filter((pl.col("measure") == measure) & pl.col("quadrant").is_in(values))[column].sum()
    )


def _share_change(context: Context, measure: str, quadrants: tuple[Quadrant, ...]) -> str:
    if context.analysis.movement is None:
        return ""
    before, after = (
        (_bridge(context, measure, quadrants, end), _bridge(context, measure, tuple(Quadrant), end))
        for end in ("opening", "closing")
    )
    if not before[1] or not after[1]:
        return ""
    return _delta(context, context.numbers.points(after[0] / after[1] - before[0] / before[1]))


def _size_change(context: Context, measure: str, quadrants: tuple[Quadrant, ...]) -> str:
    if context.analysis.movement is None:
        return ""
    change = _bridge(context, measure, quadrants, "closing") - _bridge(context, measure, quadrants, "opening")
    return _delta(context, context.numbers.signed(change, 1))


def _trend_change(context: Context, measure: str) -> str:
    movement = context.analysis.movement
    if movement is None:
        return ""
    sizes = movement.trend.group_by("period", maintain_order=True).agg(pl.col(measure).sum())[measure].to_list()
    return _delta(context, context.numbers.signed(float(sizes[-1]) - float(sizes[-2]))) if len(sizes) > 1 else ""


def _delta(context: Context, change: str) -> str:
    movement = context.analysis.movement
    assert movement is not None  # noqa: S101 - callers asked first
    if movement.previous == context.analysis.period.previous:
        return context.say("figures.delta", change=change)
    return context.say("figures.delta_since", change=change, month=context.numbers.month(movement.previous))


def _trend(
    context: Context, label: str, measure: str, quadrants: tuple[Quadrant, ...], *, shares: bool
) -> Trend | None:
    movement = context.analysis.movement
    if movement is None:
        return None
    mine = pl.col("quadrant").is_in([quadrant.value for quadrant in quadrants])
    size = pl.col(measure).cast(pl.Float64)
    value = size.filter(mine).sum() / size.sum() if shares else size.filter(mine).sum()
    known = movement.trend.group_by("period", maintain_order=True).agg(value.alias("value"))
    known = known.filter(pl.col("value").is_not_null() & pl.col("value").is_not_nan())
    if known.height < LEAST_TREND:
        return None
    values = known["value"].to_list()
    points, x, y = spark(values)
    write: Callable[[float], str] = context.numbers.ratio if shares else context.fte
    said = context.say(
        "figures.trend",
        label=label,
        first=str(known["period"][0]),
        last=str(known["period"][-1]),
        values=", ".join(write(number) for number in values),
    )
    return Trend(points, x, y, said)
