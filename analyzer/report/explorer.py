"""The task list of the page: filters with their counts, the most pressing tasks as a plain table, and the parcel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analyzer.model import KEY
from analyzer.report.parcel import MOST_TASKS, ordered, pack
from analyzer.report.view.context import LEVEL_CODES, QUADRANT_CODES, Context, Level
from analyzer.terms import Field


@dataclass(frozen=True, slots=True)
class TopTask:
    """A task of the plain table that stands where scripts are off."""

    key: int
    name: str
    note: str
    quadrant: str
    quadrant_name: str
    level: Level | None
    provider: str
    place: str
    fte: str
    cost: str
    why: str


TOP = 50


@dataclass(frozen=True, slots=True)
class Explorer:
    """The section: filters with their counts, the top tasks as a table, and the parcel."""

    said: str  # where scripts are off
    capped: str
    top: tuple[TopTask, ...]
    quadrants: tuple[tuple[str, str, str], ...]  # code, name, tasks
    levels: tuple[tuple[str, str, str, str], ...]  # code, shape, word, tasks
    functions: tuple[str, ...]
    any_changed: bool
    any_conflict: bool
    parcel: str


MOST_FUNCTIONS = 300


def see(context: Context, most: int = MOST_TASKS) -> Explorer:
    """The explorer of an analysis."""
    tasks = context.tasks
    count = context.numbers.count
    total, shown = tasks.height, min(tasks.height, TOP)
    pressing = ordered(context)
    parcel, held = pack(context, most, pressing=pressing)
    top = tasks.join(pressing.head(TOP).to_frame(KEY), on=KEY, how="right", maintain_order="right")
    quadrants = dict(tasks.group_by("quadrant").len().iter_rows())
    levels = dict(tasks.group_by("level").len().iter_rows())
    functions = sorted(tasks["function"].drop_nulls().unique().to_list(), key=str.casefold)
    return Explorer(
        said=context.say("tasks.fallback" if total > shown else "tasks.fallback_all", total, shown=count(shown)),
        capped=context.say("tasks.capped", total, shown=count(held)) if total > held else "",
        top=tuple(_top(context, row) for row in top.iter_rows(named=True)),
        quadrants=tuple(
            (code, context.place(quadrant.value).name, count(quadrants.get(quadrant.value, 0)))
            for quadrant, code in QUADRANT_CODES.items()
        ),
        levels=tuple(
            (level.code, level.shape, level.word, count(levels.get(severity.value, 0)))
            for severity in LEVEL_CODES
            if (level := context.level(severity.value)) and levels.get(severity.value)
        ),
        functions=tuple(functions) if context.has(Field.FUNCTION) and len(functions) <= MOST_FUNCTIONS else (),
        any_changed=tasks["changed"].is_not_null().any(),
        any_conflict=bool(tasks["conflict"].any()),
        parcel=parcel,
    )


def _top(context: Context, row: dict[str, Any]) -> TopTask:
    place = context.place(row["quadrant"])
    return TopTask(
        key=row[KEY],
        name=context.name(row["name"]),
        note=" · ".join(part for part in (row["task_id"], row["function"]) if part),
        quadrant=place.code,
        quadrant_name=place.name,
        level=context.level(row["level"]),
        provider=row["provider"] or "",
        place=row["place"] or "",
        fte=context.fte(row["fte"]),
        cost=context.numbers.exact_money(row["cost"], context.currency)
        if row["cost"] is not None
        else context.money(None),
        why=row["risks"] or row["why"] or "",
    )


def levels(context: Context) -> tuple[Level, ...]:
    """The four levels as shape and word, worst first."""
    return tuple(level for severity in LEVEL_CODES if (level := context.level(severity.value)))


def quadrant_names(context: Context) -> dict[str, str]:
    """Quadrant names by code."""
    return {code: context.place(quadrant.value).name for quadrant, code in QUADRANT_CODES.items()}
