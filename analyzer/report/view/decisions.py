"""Decisions to take, most pressing first, and the line that says how sure the report is."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analyzer.model import KEY
from analyzer.report.view.context import Context, Level, Place
from analyzer.terms import Confidence, Field, Quadrant

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """A task that asks for a decision. ``decided`` is what a person wrote into the workbook."""

    key: int
    name: str
    place: Place
    cost: str
    level: Level | None
    why: str
    also: str
    owner: str
    due: str
    dated: bool
    decided: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """The most pressing ones; ``more`` says how many stand elsewhere."""

    lead: str
    rows: tuple[Decision, ...]
    more: str
    quality: str


def see(context: Context) -> Decisions:
    """The top of ``Summary.top`` with names, places and what was decided already."""
    top = context.analysis.summary.top
    shown = _with_worst(context, context.named(top.head(SHOWN), "name", "quadrant", "cost", "decision", "risks"))
    rest = top.height - shown.height
    return Decisions(
        lead=context.say("decisions.lead", shown.height) if shown.height else context.say("decisions.none"),
        rows=tuple(
            Decision(
                key=row[KEY],
                name=context.name(row["name"]),
                place=context.place(row["quadrant"]),
                cost=context.money(row["cost"]) if row["cost"] is not None else "",
                level=context.level(row["severity"]),
                why=row["worst"] or row["why"],
                also=_also(context, row),
                owner=row["owner"] or "",
                due=context.day(row["due"]),
                dated=row["due"] is not None,
                decided=context.say("decisions.decided", decision=row["decision"]) if row["decision"] else "",
            )
            for row in shown.iter_rows(named=True)
        ),
        more=context.say("decisions.more", rest) if rest else "",
        quality=quality(context),
    )


def _with_worst(context: Context, top: pl.DataFrame) -> pl.DataFrame:
    """The rows with ``worst``: the sentence of the risk that weighs most, where ``why`` begins with it; else null."""
    scores = context.analysis.assessment.scores.select(KEY, "risk", worst="why").filter(pl.col("worst") != "")
    first = (
        top.select(KEY, "why")
        .join(scores, on=KEY, how="inner", maintain_order="left")
        .filter(pl.col("why").str.starts_with(pl.col("worst")))
        .unique(KEY, keep="first", maintain_order=True)
    )
    return top.join(first.select(KEY, "risk", "worst"), on=KEY, how="left", maintain_order="left")


def _also(context: Context, row: dict[str, str | None]) -> str:
    """The titles of a task's other risks, where one alone is told."""
    if not row["worst"] or not row["risks"]:
        return ""
    told = context.analysis.risk_titles.get(row["risk"] or "", "")
    others = [title for title in row["risks"].split(", ") if title != told]
    return context.say("decisions.also", risks=", ".join(others)) if others else ""


def quality(context: Context) -> str:
    """How many tasks were placed and how surely, and what is blank: one line."""
    summary, count, total = context.analysis.summary, context.numbers.count, context.total
    undetermined = context.tally([Quadrant.UNDETERMINED])
    levels = {level.value: count(summary.confidence.get(level.value, 0)) for level in Confidence}
    parts = [
        context.say("quality.placed", total.tasks, placed=count(total.tasks - undetermined.tasks)),
        context.say("quality.levels", **levels),
    ]
    if undetermined.tasks:
        parts.append(_undetermined(context))
    overridden = int(context.tasks["overridden"].sum())
    if overridden:
        parts.append(context.say("quality.overridden", overridden))
    return " ".join([*parts, *_blanks(context)])


def _undetermined(context: Context) -> str:
    tally = context.tally([Quadrant.UNDETERMINED])
    if context.measure != "spend" or not tally.cost:
        return context.say("quality.undetermined_tasks", tally.tasks)
    share = context.numbers.share(tally.cost, context.total.cost)
    return context.say("quality.undetermined", tally.tasks, share=share)


def _blanks(context: Context) -> list[str]:
    total = context.total
    sentences = []
    for field, known, word in ((Field.FTE, total.fte_known, "fte"), (Field.ANNUAL_COST, total.cost_known, "cost")):
        blank = total.tasks - known
        if not context.has(field) and not known:
            sentences.append(context.say(f"quality.no_{word}"))
        elif blank:
            sentences.append(context.say(f"quality.blank_{word}", blank))
    return sentences or [context.say("quality.blank_none")]
