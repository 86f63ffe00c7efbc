"""Every rule against every task in one pass: which level held, none, or not assessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from analyzer.fields import Kind
from analyzer.model import KEY, Inventory
from analyzer.policy import Policy
from analyzer.policy.conditions import Scope, compile_condition
from analyzer.policy.levels import Level, fields_of
from analyzer.policy.vocabulary import names
from analyzer.risks.book import Chapter, Entry

EVIDENCE_TEXT = r"\d|https?:|www\."  # a reference or a date: something another person can look up


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What every rule said of every task.

    ``frame``, a row per task in key order: ``key``; per risk ``<risk>/applies`` Boolean; per rule
    ``<risk>/<rule>`` UInt8, 0 none, k the level that held, null not assessed; per credit
    ``<risk>/<rule>/evidenced`` Boolean. ``failed``: rule columns that could not be computed, and why.
    """

    frame: pl.DataFrame
    columns: frozenset[str]  # fields and facts at hand
    failed: Mapping[str, str]


def outcomes(
    inventory: Inventory, facts: pl.DataFrame, book: tuple[Chapter, ...], policy: Policy, as_of: date
) -> Outcomes:
    """Run every rule of single tasks."""
    columns = frozenset(facts.columns)
    scope = Scope.of(policy, columns, as_of)
    expressions: dict[str, pl.Expr] = {}
    for chapter in book:
        expressions[chapter.gate_column] = compile_condition(chapter.gate, scope)
        for entry in chapter.entries:
            expressions[entry.column] = level_held(entry.levels, scope)
            if entry.kind == "credit":
                expressions[entry.evidence_column] = _evidenced(entry, scope, inventory)
    texts = inventory.raw.select(pl.exclude(KEY).name.prefix("raw "))
    frame, failed = _computed(pl.concat([facts, texts], how="horizontal"), expressions)
    return Outcomes(frame, columns, failed)


def level_held(levels: tuple[Level, ...], scope: Scope) -> pl.Expr:
    """UInt8: the first level that holds, from 1; 0 where none does; null where that cannot be told."""
    held = [compile_condition(level.condition, scope) for level in levels]
    if len(held) == 1:
        return held[0].cast(pl.UInt8)
    chain = pl.when(held[0]).then(pl.lit(1, pl.UInt8))
    for number, condition in enumerate(held[1:], start=2):
        chain = chain.when(condition).then(pl.lit(number, pl.UInt8))  # type: ignore[assignment]  # a longer chain
    return chain.when(pl.all_horizontal(condition.is_not_null() for condition in held)).then(pl.lit(0, pl.UInt8))


def _evidenced(entry: Entry, scope: Scope, inventory: Inventory) -> pl.Expr:
    if entry.evidence == "value":
        return pl.lit(True)
    read = [name for name in entry.names if name in scope.columns]
    tests = [_evidence_of(name, inventory) for name in read]
    return pl.any_horizontal(pl.lit(False), *tests)


def _evidence_of(name: str, inventory: Inventory) -> pl.Expr:
    kind = names()[name].kind
    if kind is Kind.EVIDENCE:
        return pl.col(name) == "evidenced"
    if kind in {Kind.ENUM, Kind.YES_NO} and name in inventory.raw.columns:
        return pl.col(f"raw {name}").str.contains(EVIDENCE_TEXT)
    return pl.lit(kind not in {Kind.ENUM, Kind.YES_NO}) & pl.col(name).is_not_null()


def _computed(frame: pl.DataFrame, expressions: dict[str, pl.Expr]) -> tuple[pl.DataFrame, dict[str, str]]:
    """All expressions at once; where one fails, each alone, so that the others still count."""
    try:
        return frame.lazy().select(KEY, **expressions).collect(engine="in-memory"), {}
    except pl.exceptions.PolarsError:
        done, failed = frame.select(KEY), {}
        for column, expression in expressions.items():
            try:
                done = done.hstack(frame.select(expression.alias(column)))
            except pl.exceptions.PolarsError as error:
                failed[column] = type(error).__name__
                done = done.with_columns(pl.lit(None, pl.UInt8).alias(column))
        return done, failed


def missing_names(level: Level, columns: Collection[str]) -> tuple[str, ...]:
    """Fields and facts of a level that the sheet does not have."""
    return tuple(name for name in dict.fromkeys(fields_of(level.condition)) if name not in columns)
