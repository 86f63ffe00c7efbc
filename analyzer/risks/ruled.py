"""Risks with a severity by rule: the worst rule that holds, lowered by a control with evidence."""

from __future__ import annotations

import polars as pl

from analyzer.model import KEY
from analyzer.risks.book import Chapter, Entry
from analyzer.risks.scoring import RANKS
from analyzer.risks.status import not_runnable
from analyzer.terms import Severity

WORDS = {rank: severity.value for severity, rank in RANKS.items()}


def ruled(held: pl.DataFrame, chapter: Chapter) -> pl.DataFrame:
    """The tasks of ``held`` on which a rule holds, with ``inherent_severity`` and ``severity``; scores are null."""
    worst = pl.max_horizontal([pl.lit(0, pl.Int8), *(_rank(entry) for entry in chapter.of("rule"))])
    left = pl.min_horizontal(["worst", *(_lowered(entry) for entry in chapter.of("credit"))])
    found = held.with_columns(worst.alias("worst")).filter(pl.col("worst") > 0).with_columns(left.alias("left"))
    return found.with_columns(
        pl.lit(None, pl.UInt8).alias("inherent"),
        pl.lit(None, pl.UInt8).alias("residual"),
        pl.col("worst").replace_strict(WORDS, return_dtype=pl.String).alias("inherent_severity"),
        pl.col("left").replace_strict(WORDS, return_dtype=pl.String).alias("severity"),
    )


def undecided(held: pl.DataFrame, chapter: Chapter, columns: frozenset[str]) -> pl.DataFrame:
    """Keys of the tasks of ``held`` on which no rule holds and one could not be assessed.

    A rule whose columns are absent leaves the others to decide; where that is every rule, nothing is decided.
    """
    rules = chapter.of("rule")
    runnable = [entry for entry in rules if not not_runnable(entry, columns)]
    asked = [entry for entry in runnable if not entry.optional] if runnable else rules
    none = pl.all_horizontal(
        pl.lit(value=True), *((pl.col(entry.column) == 0).fill_null(value=True) for entry in rules)
    )
    unsure = pl.any_horizontal(pl.lit(value=False), *(pl.col(entry.column).is_null() for entry in asked))
    return held.filter(none & unsure).select(KEY)


def _rank(entry: Entry) -> pl.Expr:
    return _by_level(entry, pl.lit(value=True), 0)


def _lowered(entry: Entry) -> pl.Expr:
    return _by_level(entry, pl.col(entry.evidence_column), None)


def _by_level(entry: Entry, holds: pl.Expr, otherwise: int | None) -> pl.Expr:
    chain: pl.Expr = pl.lit(otherwise, pl.Int8)
    for number, level in enumerate(entry.levels, start=1):
        rank = RANKS[Severity(str(level.severity))]
        chain = pl.when((pl.col(entry.column) == number) & holds).then(pl.lit(rank, pl.Int8)).otherwise(chain)
    return chain
