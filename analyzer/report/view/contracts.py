"""Contracts by deadline, on a line of twelve months from the as-of date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from analyzer.model import KEY
from analyzer.report.charts import Scale
from analyzer.report.view.context import Context, Level, Place
from analyzer.terms import Field

SHOWN = 14
PAST = 5  # of those past, the largest, so that what comes is in sight
SOON, YEAR = 90, 365
BEFORE = 45  # days left of the as-of date, where what is past stands


@dataclass(frozen=True, slots=True)
class Tick:
    """A month's first day on the line."""

    x: str
    label: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """An event of a contract."""

    key: int
    task: str
    place: Place
    level: Level | None
    event: str
    date: str
    due: str
    cost: str
    x: str
    past: bool


@dataclass(frozen=True, slots=True)
class Contracts:
    """The section; ``empty`` stands alone."""

    lead: str
    empty: str = ""
    past_more: str = ""
    rows: tuple[Deadline, ...] = ()
    today: str = ""
    ticks: tuple[Tick, ...] = ()
    more: str = ""


def see(context: Context) -> Contracts:
    """What ends, renews or needs notice, nearest first."""
    contracts = context.analysis.summary.contracts
    known = context.has(Field.END_DATE) or context.has(Field.RENEWAL_DATE)
    if not contracts.height and not known:
        return Contracts("", empty=context.say("contracts.none"))
    due = contracts.filter(pl.col("days") <= YEAR).sort("date", KEY, "event")
    if not due.height:
        return Contracts("", empty=context.say("contracts.none_due"))
    scale = Scale(-BEFORE, YEAR, margin=1.5)
    named = context.named(due, "name", "quadrant", "cost")
    past = named.filter(pl.col("days") < 0)
    largest = past.sort("cost", "date", descending=[True, False], nulls_last=True).head(PAST).sort("date", KEY)
    shown = pl.concat([largest, named.filter(pl.col("days") >= 0).head(SHOWN - largest.height)])
    unseen = past.height - largest.height
    return Contracts(
        lead=_lead(context, due),
        rows=tuple(_deadline(context, scale, row) for row in shown.iter_rows(named=True)),
        today=scale.at(0),
        ticks=tuple(_ticks(context, scale)),
        past_more=context.say("contracts.past_more", past.height, shown=context.numbers.count(PAST)) if unseen else "",
        more=context.say("contracts.more", due.height - shown.height) if due.height > shown.height else "",
    )


def _lead(context: Context, due: pl.DataFrame) -> str:
    nearest = due.group_by(KEY).agg(pl.col("days").min())["days"]
    count = context.numbers.count
    return context.say(
        "contracts.lead",
        past=count(int((nearest < 0).sum())),
        soon=count(int(nearest.is_between(0, SOON).sum())),
        later=count(int((nearest > SOON).sum())),
    )


def _deadline(context: Context, scale: Scale, row: dict[str, object]) -> Deadline:
    days, cost = int(str(row["days"])), row["cost"]
    event = "notice_past" if row["event"] == "notice" and days < 0 else str(row["event"])
    return Deadline(
        key=int(str(row[KEY])),
        task=context.name(str(row["name"] or "")),
        place=context.place(str(row["quadrant"])),
        level=context.level(str(row["severity"])) if row["severity"] else None,
        event=context.say(f"contracts.{event}"),
        date=context.day(row["date"]),
        due=context.say("unit.days_ago", -days) if days < 0 else context.say("unit.days", days),
        cost=context.money(cost) if isinstance(cost, float) else "",
        x=scale.at(days),
        past=days < 0,
    )


def _ticks(context: Context, scale: Scale) -> list[Tick]:
    as_of = context.analysis.period.as_of
    ticks, day = [], as_of + timedelta(days=1)
    while (day - as_of).days <= YEAR:
        ticks.append(Tick(scale.at((day - as_of).days), context.numbers.words.month_short(day.month)))
        day = _later(day, 3)
    return ticks


def _later(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)
