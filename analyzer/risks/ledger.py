"""One line per rule hit; the lines of a task and risk re-add to its printed scores.

``inherent = half_up(points of base, points and cap)``;
``residual = half_up(that sum x (1 - all credits) + points of floor and band edge)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analyzer.model import KEY, Inventory
from analyzer.policy.levels import Level, subject_of
from analyzer.policy.vocabulary import names
from analyzer.risks.book import Chapter, Entry
from analyzer.risks.scoring import CREDIT, POINT, SCORE, Scale
from analyzer.risks.wording import shown

SCHEMA: dict[str, pl.DataType] = {
    KEY: pl.UInt32(),
    "risk": pl.Categorical(),
    "rule": pl.Categorical(),
    "kind": pl.Categorical(),
    "field": pl.Categorical(),
    "value": pl.String(),
    "points": pl.Float64(),
    "credit": pl.Float64(),
}


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines that differ only in task, value and amount. ``frame``: ``key`` · ``value`` String · ``amount`` Float64."""

    risk: str
    rule: str
    kind: str
    field: str | None
    is_credit: bool
    frame: pl.DataFrame


def hit_lines(
    held: pl.DataFrame, chapter: Chapter, scale: Scale, inventory: Inventory, columns: frozenset[str]
) -> list[Lines]:
    """The lines of every rule of a risk. ``held``: outcomes, facts and raw cells of the tasks it applies to."""
    weighing = [
        (entry, number, level)
        for entry in chapter.entries
        for number, level in enumerate(entry.levels, start=1)
        if level.weight or level.severity
    ]
    fields = [subject_of(level, columns) for _, _, level in weighing]
    frames = pl.collect_all(
        [
            held.lazy()
            .filter(pl.col(entry.column) == number)
            .select(
                KEY,
                (shown(field, inventory, columns) if field in names() else pl.lit(None, pl.String)).alias("value"),
                _amount(entry, level, scale).alias("amount"),
            )
            for (entry, number, level), field in zip(weighing, fields, strict=True)
        ],
        engine="in-memory",
    )
    return [
        Lines(entry.risk, entry.rule, entry.kind, field, entry.kind == "credit", frame)
        for (entry, _, _), field, frame in zip(weighing, fields, frames, strict=True)
    ]


def _amount(entry: Entry, level: Level, scale: Scale) -> pl.Expr:
    if level.severity is not None:
        return pl.lit(None, pl.Float64)
    if entry.kind != "credit":
        return pl.lit(level.weight)
    full, stated = (scale.credit(level, evidenced=proven) / CREDIT for proven in (True, False))
    return pl.when(pl.col(entry.evidence_column)).then(full).otherwise(stated)


def step_lines(scores: pl.DataFrame, slug: str) -> list[Lines]:
    """The lines of what bounds a score: points over 100, credits over the cap, the floor, the band's edge."""
    steps = (
        ("cap", "at-most-100", "over", -POINT),
        ("cap", "credit-cap", "over_credit", -CREDIT),
        ("floor", "floor", "floor", SCORE),
        ("band edge", "band-edge", "edge", SCORE),
    )
    return [
        Lines(slug, rule, kind, None, column == "over_credit", _step(scores, column, unit))
        for kind, rule, column, unit in steps
    ]


def _step(scores: pl.DataFrame, column: str, unit: int) -> pl.DataFrame:
    amount = (pl.col(column) / unit).alias("amount")
    return scores.filter(pl.col(column) != 0).select(KEY, pl.lit(None, pl.String).alias("value"), amount)


def ledger(lines: list[Lines]) -> pl.DataFrame:
    """All lines by task, in the order of the policy within one task: sorted narrow, the words put in last."""
    if not lines:
        return pl.DataFrame(schema=SCHEMA)
    heights = pl.Series([one.frame.height for one in lines], dtype=pl.UInt32)
    stamp = pl.int_range(len(lines), dtype=pl.UInt16, eager=True).repeat_by(heights).explode().drop_nulls()
    narrow = pl.concat([one.frame for one in lines]).with_columns(stamp.alias("stamp")).sort(KEY, maintain_order=True)
    stamps = pl.DataFrame(
        [(one.risk, one.rule, one.kind, one.field) for one in lines],
        schema={name: SCHEMA[name] for name in ("risk", "rule", "kind", "field")},
        orient="row",
    )
    credited = [number for number, one in enumerate(lines) if one.is_credit]
    is_credit = pl.col("stamp").is_in(credited)
    return narrow.select(
        KEY,
        *(pl.lit(stamps.get_column(name)).gather(pl.col("stamp")) for name in stamps.columns),
        "value",
        pl.when(~is_credit).then("amount").alias("points"),
        pl.when(is_credit).then("amount").alias("credit"),
    )
