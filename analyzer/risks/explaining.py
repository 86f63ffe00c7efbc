"""Every rule for one task: what it read, whether it fired, and what would lower the risk most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import polars as pl

from analyzer.model import KEY, Inventory, Period, Placement
from analyzer.policy import Policy
from analyzer.policy.levels import Level, fields_of
from analyzer.policy.vocabulary import names
from analyzer.policy.words import described, weighed
from analyzer.risks.amounts import amounts
from analyzer.risks.book import Chapter, Entry, chapters
from analyzer.risks.facts import Ground, facts
from analyzer.risks.outcomes import Outcomes, outcomes
from analyzer.risks.scoring import CREDIT, Scale, scored
from analyzer.risks.status import not_runnable
from analyzer.risks.wording import cells, shown
from analyzer.terms import Field

FIRED, NOT_FIRED, NOT_ASSESSED, NOT_RUN = "fired", "not fired", "not assessed", "not run"


@dataclass(frozen=True, slots=True)
class Reading:
    """A value a rule looked at: as read, and the cell it stands in. Facts have no cell."""

    field: str
    title: str
    value: str | None
    cell: str | None


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule: ``outcome`` is fired, not fired, not assessed or not run; ``test`` says what it asks, in words."""

    rule: str
    kind: str
    outcome: str
    test: str
    readings: tuple[Reading, ...]
    points: float | None = None
    credit: float | None = None
    severity: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Lever:
    """Controls that are not there, and the score they would bring with evidence."""

    controls: tuple[str, ...]
    residual: int
    severity: str


@dataclass(frozen=True, slots=True)
class RiskLines:
    """One risk: ``applies`` is yes, no or not assessed; scores are None where it does not apply."""

    risk: str
    title: str
    applies: str
    test: str
    readings: tuple[Reading, ...]
    rules: tuple[RuleLine, ...]
    inherent: int | None = None
    residual: int | None = None
    severity: str | None = None
    levers: tuple[Lever, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """The one task: facts, cells and outcomes in a frame of one row."""

    row: pl.DataFrame
    found: Outcomes
    inventory: Inventory
    addresses: dict[str, str | None]

    def readings(self, read: tuple[str, ...]) -> tuple[Reading, ...]:
        return tuple(self.reading(name) for name in dict.fromkeys(read))

    def reading(self, name: str) -> Reading:
        value = self.row.select(shown(name, self.inventory, self.found.columns)).item()
        return Reading(name, names()[name].title, value, self.addresses.get(name))


def explain(
    inventory: Inventory,
    placement: Placement,
    policy: Policy,
    period: Period,
    key: int,
    *,
    counted: pl.DataFrame | None = None,
    currency: str = "",
) -> tuple[RiskLines, ...]:
    """Every risk and rule of single tasks for the task of a key, in the order of the policy."""
    ground = Ground(inventory, placement, policy, period.as_of, amounts(inventory, placement, counted, currency))
    known, book = facts(ground), chapters(policy)
    found = outcomes(inventory, known, book, policy, period.as_of)
    texts = cells(inventory.raw, inventory.raw.columns[1:])
    sheet = pl.concat([known, texts, found.frame.select(pl.exclude(KEY))], how="horizontal")
    fields = [column.field for column in inventory.columns]
    at = inventory.tasks.filter(pl.col(KEY) == key).select(
        inventory.cell(name).alias(name) for name in dict.fromkeys(fields)
    )
    addresses = at.row(0, named=True) if at.width else {}
    task = _Task(sheet.filter(pl.col(KEY) == key), found, inventory, addresses)
    return tuple(_risk(chapter, task, Scale.of(policy)) for chapter in book)


def _risk(chapter: Chapter, task: _Task, scale: Scale) -> RiskLines:
    applies = task.row.get_column(chapter.gate_column).item()
    lines = RiskLines(
        chapter.slug,
        chapter.risk.title,
        {True: "yes", False: "no", None: NOT_ASSESSED}[applies],
        described(chapter.gate, names()),
        task.readings(tuple(fields_of(chapter.gate))),
        tuple(_rule(entry, task, scale) for entry in chapter.entries) if applies else (),
    )
    if not (applies and chapter.risk.scored):
        return lines
    score = scored(task.row, chapter, scale).row(0, named=True)
    return replace(
        lines,
        inherent=score["inherent"],
        residual=score["residual"],
        severity=score["severity"],
        levers=_levers(chapter, task, scale, score["residual"]),
    )


def _rule(entry: Entry, task: _Task, scale: Scale) -> RuleLine:
    held = task.row.get_column(entry.column).item()
    missing = not_runnable(entry, task.found.columns)
    readings = task.readings(entry.names)
    if held:
        level = entry.levels[held - 1]
        return RuleLine(
            entry.rule, entry.kind, FIRED, _test(entry, level), readings, *_weight(entry, level, task, scale)
        )
    asked = "; ".join(_test(entry, level) for level in entry.levels)
    if missing:
        return RuleLine(entry.rule, entry.kind, NOT_RUN, asked, readings, why=f"no column for {missing}")
    outcome, why = (NOT_ASSESSED, "a value is missing") if held is None else (NOT_FIRED, "")
    return RuleLine(entry.rule, entry.kind, outcome, asked, readings, why=why)


def _test(entry: Entry, level: Level) -> str:
    return f"{described(level.condition, names())}: {weighed(level, entry.kind)}"


def _weight(entry: Entry, level: Level, task: _Task, scale: Scale) -> tuple[float | None, float | None, str | None]:
    if entry.kind != "credit":
        return (None if level.severity else level.weight, None, level.severity)
    proven = bool(task.row.get_column(entry.evidence_column).item())
    return (None, scale.credit(level, evidenced=proven) / CREDIT, level.severity)


def _levers(chapter: Chapter, task: _Task, scale: Scale, residual: int) -> tuple[Lever, ...]:
    """The one, the two, and all controls whose evidence would lower the score most, where they lower it."""
    controls = chapter.of("credit")
    chosen = [*combinations(controls, 1), *combinations(controls, 2), controls]
    if not controls:
        return ()
    trials = pl.concat([_with(task.row, set_) for set_ in chosen])
    results = scored(trials, chapter, scale).select("residual", "severity").rows()
    levers: list[Lever] = []
    for size in dict.fromkeys(len(set_) for set_ in chosen):
        tried = [(result, set_) for result, set_ in zip(results, chosen, strict=True) if len(set_) == size]
        (score, severity), set_ = min(tried, key=lambda trial: trial[0][0])
        if score < min([residual, *(lever.residual for lever in levers)]):
            levers.append(Lever(tuple(entry.rule for entry in set_), score, severity))
    return tuple(levers)


def _with(row: pl.DataFrame, controls: tuple[Entry, ...]) -> pl.DataFrame:
    """The task as if these controls stood there with evidence, each at its best level."""
    best = {entry: max(range(len(entry.levels)), key=lambda n: entry.levels[n].weight) + 1 for entry in controls}
    return row.with_columns(
        *(pl.lit(level, pl.UInt8).alias(entry.column) for entry, level in best.items()),
        *(pl.lit(value=True).alias(entry.evidence_column) for entry in controls),
    )


def find(inventory: Inventory, wanted: str) -> list[int]:
    """Keys of the tasks of an id, a name or a row number, in this order: the first that matches any task counts."""
    tasks, text = inventory.tasks, wanted.strip().lower()
    for name in (Field.TASK_ID, Field.TASK_NAME):
        if inventory.has(name):
            found = tasks.filter(pl.col(name).str.strip_chars().str.to_lowercase() == text)
            if found.height:
                return [int(key) for key in found.get_column(KEY)]
    rows = tasks.filter(pl.col("row").cast(pl.String) == text.removeprefix("row "))
    return [int(key) for key in rows.get_column(KEY)]
