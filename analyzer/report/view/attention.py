"""Needs attention: findings with their cells, tasks without a quadrant, rows set aside, columns worth adding."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analyzer.messages import CATALOGUE, Weight, render
from analyzer.model import KEY, Finding
from analyzer.report.view.context import Context
from analyzer.terms import Quadrant

CELLS = 5
ITEMS = 16
SHOWN = 10
_WEIGHTS = list(Weight)
_COLUMN = "(?i)^no column"  # how a rule says that its column is missing


@dataclass(frozen=True, slots=True)
class Item:
    """A finding's group: what, where, what to do."""

    weight: str
    weight_word: str
    title: str
    text: str
    cells: tuple[str, ...]
    more: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A task without a quadrant, and the reason with its cell."""

    key: int
    task: str
    row: str
    why: str


@dataclass(frozen=True, slots=True)
class Aside:
    """Rows set aside for one reason."""

    reason: str
    rows: str
    first: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A column that is missing and the rules that wait for it."""

    why: str
    rules: str


@dataclass(frozen=True, slots=True)
class Attention:
    """The section."""

    lead: str
    items: tuple[Item, ...]
    items_more: str
    unplaced: tuple[Unplaced, ...]
    unplaced_more: str
    aside: tuple[Aside, ...]
    missing: tuple[Missing, ...]


def see(context: Context) -> Attention:
    """All that a person should look at, worst first."""
    findings = sorted(context.analysis.summary.findings, key=_order)
    places = sum(finding.count for finding in findings)
    unplaced = context.tasks.filter((pl.col("quadrant") == Quadrant.UNDETERMINED.value) & pl.col("in_totals"))
    rest = unplaced.height - SHOWN
    lead = context.say("attention.lead", len(findings), cells=context.numbers.count(places))
    return Attention(
        lead=lead if findings else context.say("attention.none"),
        items=tuple(_item(context, finding) for finding in findings[:ITEMS]),
        items_more=context.say("attention.items_more", len(findings) - ITEMS) if len(findings) > ITEMS else "",
        unplaced=tuple(
            Unplaced(row[KEY], context.name(row["name"]), f"{row['sheet']}!{row['row']}", row["why"] or "")
            for row in unplaced.head(SHOWN).iter_rows(named=True)
        ),
        unplaced_more=context.say("attention.undetermined_more", rest) if rest > 0 else "",
        aside=tuple(_aside(context)),
        missing=tuple(_missing(context)),
    )


def _order(finding: Finding) -> tuple[int, int, str]:
    return (_WEIGHTS.index(CATALOGUE[finding.code].weight), -finding.count, finding.code)


def _item(context: Context, finding: Finding) -> Item:
    message = CATALOGUE[finding.code]
    cells = finding.cells[:CELLS]
    rest = finding.count - len(cells) if cells else 0
    return Item(
        weight=message.weight.value,
        weight_word=context.say(f"attention.{message.weight.value}"),
        title=message.title,
        text=render(finding.code, finding.count, finding.values),
        cells=cells,
        more=context.say("attention.more", rest) if rest > 0 else "",
        remedy=message.remedy.format(n=context.numbers.count(finding.count), **finding.values),
    )


def _aside(context: Context) -> list[Aside]:
    frame = context.analysis.inventory.set_aside
    groups = frame.group_by("reason", maintain_order=True).agg(
        pl.len().alias("rows"), (pl.col("sheet") + "!" + pl.col("row").cast(pl.String)).head(CELLS).alias("first")
    )
    return [
        Aside(
            _reason(context, reason),
            context.say("attention.rows", rows),
            tuple(first),
            context.say("attention.more", rows - len(first)) if rows > len(first) else "",
        )
        for reason, rows, first in groups.sort("rows", descending=True, maintain_order=True).iter_rows()
    ]


def _reason(context: Context, reason: str) -> str:
    key = f"aside.{reason.replace(' ', '_')}"
    return context.say(key) if key in context.numbers.words.texts else reason


def _missing(context: Context) -> list[Missing]:
    idle = context.analysis.assessment.rule_status.filter(
        (pl.col("status") == "not run") & pl.col("why").str.contains(_COLUMN)
    )
    groups = idle.group_by("why", maintain_order=True).len("rules").sort("rules", descending=True, maintain_order=True)
    return [
        Missing(why[:1].upper() + why[1:], context.say("attention.rules", rules))
        for why, rules in groups.head(SHOWN).iter_rows()
    ]
