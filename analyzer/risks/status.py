"""For each rule of a run: ran and found n, ran and found nothing, not run and why, failed."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from analyzer.fields import FIELDS
from analyzer.policy.vocabulary import names
from analyzer.risks.book import Chapter, Entry
from analyzer.risks.outcomes import Outcomes, missing_names

SCHEMA: dict[str, pl.DataType] = {
    "risk": pl.String(),
    "rule": pl.String(),
    "status": pl.String(),
    "hits": pl.UInt32(),
    "why": pl.String(),
}
NOTHING = "nothing in scope"
Line = tuple[str, str, str, int, str]


def rule_status(outcomes: Outcomes, book: tuple[Chapter, ...]) -> list[Line]:
    """A line per rule of single tasks."""
    hits = _hits(outcomes, book)
    return [_line(outcomes, chapter, entry, hits) for chapter in book for entry in chapter.entries]


def _hits(outcomes: Outcomes, book: tuple[Chapter, ...]) -> dict[str, int]:
    counts = [pl.col(chapter.gate_column).sum() for chapter in book]
    counts += [
        ((pl.col(entry.column) > 0) & pl.col(chapter.gate_column)).sum()
        for chapter in book
        for entry in chapter.entries
    ]
    return outcomes.frame.select(counts).row(0, named=True) if counts else {}


def _line(outcomes: Outcomes, chapter: Chapter, entry: Entry, hits: dict[str, int]) -> Line:
    found, scope = int(hits[entry.column] or 0), int(hits[chapter.gate_column] or 0)
    if entry.column in outcomes.failed:
        return (chapter.slug, entry.rule, "failed", 0, outcomes.failed[entry.column])
    missing = not_runnable(entry, outcomes.columns)
    if missing and not found:
        return (chapter.slug, entry.rule, "not run", 0, f"no column for {missing}")
    if not scope:
        return (chapter.slug, entry.rule, "not run", 0, NOTHING)
    return (chapter.slug, entry.rule, "ran" if found else "nothing found", found, "")


def not_runnable(entry: Entry, columns: Collection[str]) -> str:
    """The fields for want of which none of a rule's levels can run; empty where one can."""
    absent = [missing_names(level, columns) for level in entry.levels]
    return lacking(absent, columns) if all(absent) else ""


def lacking(absent: list[tuple[str, ...]], columns: Collection[str], group: str | None = None) -> str:
    """Titles of the absent fields, those of a fact by the fields it is computed from."""
    vocabulary = names(group)
    sources = dict.fromkeys(source for level in absent for name in level for source in vocabulary[name].sources)
    return ", ".join(FIELDS[source].title for source in sources if source not in columns)


def status_frame(lines: list[Line]) -> pl.DataFrame:
    """``risk`` · ``rule`` · ``status`` · ``hits`` · ``why``."""
    return pl.DataFrame(lines, schema=SCHEMA, orient="row")
