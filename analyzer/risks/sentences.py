"""Sentences from the outcomes, with the values that made them: one expression per risk, no loop over tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from analyzer.model import Inventory
from analyzer.policy.levels import PLACEHOLDER, Level, subject_of
from analyzer.risks.book import Chapter, Entry
from analyzer.risks.scoring import CREDIT, Scale
from analyzer.risks.wording import ARROW, MINUS, percent, plain, shown


def phrase(level: Level, value: Callable[[str], pl.Expr]) -> pl.Expr:
    """The words of a level with its {value} and {names} filled in by ``value``."""
    subject = subject_of(level)
    parts = PLACEHOLDER.split(level.because or (f"{subject} {{value}}" if subject else "always"))
    if len(parts) == 1:
        return pl.lit(parts[0])
    pieces = [
        pl.lit(part) if number % 2 == 0 else value(subject or "" if part == "value" else part).fill_null("not stated")
        for number, part in enumerate(parts)
    ]
    return pl.concat_str(pieces)


def scored_sentence(chapter: Chapter, scale: Scale, inventory: Inventory, columns: frozenset[str]) -> pl.Expr:
    """Score, points and credits in words: ``Misaligned interests 75 → 42 Medium: base ... 40; critical +15; ...``."""
    pieces = [_pieces(entry, scale, inventory, columns) for entry in chapter.entries]
    printed = (
        pl.when(pl.col("inherent") == pl.col("residual"))
        .then(pl.col("residual").cast(pl.String))
        .otherwise(pl.format(f"{{}} {ARROW} {{}}", "inherent", "residual"))
    )
    steps = [
        pl.when(pl.col("over") != 0).then(pl.lit("no more than 100")),
        pl.when(pl.col("over_credit") != 0).then(pl.lit(f"credits count up to {percent(scale.cap / CREDIT)}")),
        pl.when(pl.col("floor") != 0).then(pl.lit("held at the floor for a high inherent score")),
        pl.when(pl.col("edge") != 0).then(pl.lit(f"held in its band: fewer than {scale.controls} evidenced controls")),
    ]
    reasons = pl.concat_str([*pieces, *steps], separator="; ", ignore_nulls=True)
    coverage = (
        pl.when(pl.col("provisional"))
        .then(pl.format(" Provisional: {} of {} fields known.", "known", "fields"))
        .otherwise(pl.lit(""))
    )
    return pl.format("{} {} {}: {}.{}", pl.lit(chapter.risk.title), printed, pl.col("severity"), reasons, coverage)


def ruled_sentence(chapter: Chapter, inventory: Inventory, columns: frozenset[str]) -> pl.Expr:
    """Severity and reasons in words: ``Contract clock High: ends 2026-12-31, within 90 days.``."""
    pieces = [when_held(entry, _phrases(entry, inventory, columns)) for entry in chapter.of("rule", "credit")]
    reasons = pl.concat_str(pieces, separator="; ", ignore_nulls=True)
    return pl.format("{} {}: {}.", pl.lit(chapter.risk.title), pl.col("severity"), reasons)


def _pieces(entry: Entry, scale: Scale, inventory: Inventory, columns: frozenset[str]) -> pl.Expr:
    words = _phrases(entry, inventory, columns)
    if entry.kind != "credit":
        sign = "" if entry.kind == "base" else "+"
        tails = [f" {sign}{plain(level.weight)}" for level in entry.levels]
        return when_held(entry, [word + pl.lit(tail) for word, tail in zip(words, tails, strict=True)])
    full, stated = (
        [scale.credit(level, evidenced=proven) / CREDIT for level in entry.levels] for proven in (True, False)
    )
    tails_of = [
        pl.when(pl.col(entry.evidence_column))
        .then(pl.lit(f" {MINUS}{percent(sure)}"))
        .otherwise(pl.lit(f" (stated, no reference) {MINUS}{percent(bare)}"))
        for sure, bare in zip(full, stated, strict=True)
    ]
    return when_held(entry, [word + tail for word, tail in zip(words, tails_of, strict=True)])


def _phrases(entry: Entry, inventory: Inventory, columns: frozenset[str]) -> list[pl.Expr]:
    return [phrase(level, lambda name: shown(name, inventory, columns)) for level in entry.levels]


def when_held(entry: Entry, words: Sequence[pl.Expr]) -> pl.Expr:
    """The words of the level that held, null where none did or it weighs nothing."""
    chain: pl.Expr = pl.lit(None, pl.String)
    for number, (level, text) in enumerate(zip(entry.levels, words, strict=True), start=1):
        if entry.kind == "rule" or level.weight or level.severity:
            chain = pl.when(pl.col(entry.column) == number).then(text).otherwise(chain)
    return chain
