"""Risks of many tasks at once: concentration, lost capability, currencies, data quality. They raise no task's level."""

from __future__ import annotations

import polars as pl

from analyzer.places import country_name
from analyzer.policy.conditions import Scope, compile_condition
from analyzer.policy.levels import subject_of
from analyzer.policy.vocabulary import GROUPS, names
from analyzer.risks.book import Chapter, Entry, chapters
from analyzer.risks.facts import Ground
from analyzer.risks.groups import group
from analyzer.risks.outcomes import level_held, missing_names
from analyzer.risks.sentences import phrase, when_held
from analyzer.risks.status import NOTHING, Line, lacking
from analyzer.risks.wording import typed
from analyzer.terms import Severity

SCHEMA: dict[str, pl.DataType] = {
    "risk": pl.String(),
    "subject": pl.String(),
    "measure": pl.String(),
    "share": pl.Float64(),
    "known": pl.UInt32(),
    "tasks": pl.UInt32(),
    "severity": pl.String(),
    "why": pl.String(),
}


def portfolio(ground: Ground) -> tuple[pl.DataFrame, list[Line]]:
    """The portfolio's findings, worst measure first within a rule, and the status of each of its rules."""
    found, lines = [pl.DataFrame(schema=SCHEMA)], list[Line]()
    for chapter in chapters(ground.policy, portfolio=True):
        groups = tested(chapter, ground)
        if chapter.risk.severity_by_hits:
            found.append(_by_hits(chapter, groups))
        else:
            found += [_by_rule(chapter, entry, groups) for entry in chapter.entries]
        statuses = [_status(chapter, entry, groups, ground.inventory.tasks.columns) for entry in chapter.entries]
        found += [_not_assessed(chapter, line) for line in statuses if line[2] == "not run" and line[4] != NOTHING]
        lines += statuses
    return pl.concat(found), lines


def tested(chapter: Chapter, ground: Ground) -> pl.DataFrame:
    """The groups a risk is about, with the outcome of each of its rules."""
    groups = group(str(chapter.risk.of), ground)
    scope = Scope.of(ground.policy, groups.columns, ground.as_of, chapter.risk.of)
    gate = compile_condition(chapter.gate, scope)
    return groups.filter(gate).with_columns(
        level_held(entry.levels, scope).alias(entry.column) for entry in chapter.entries
    )


def _words(chapter: Chapter, entry: Entry, groups: pl.DataFrame) -> pl.Expr:
    vocabulary = names(chapter.risk.of)

    def value(name: str) -> pl.Expr:
        if name == "subject" and chapter.risk.of == "country":
            return pl.col(name).replace({code: country_name(code) for code in groups.get_column(name)})
        return typed(vocabulary[name]) if name in vocabulary and name in groups.columns else pl.lit(None, pl.String)

    return when_held(entry, [phrase(level, value) for level in entry.levels])


def _by_rule(chapter: Chapter, entry: Entry, groups: pl.DataFrame) -> pl.DataFrame:
    """A finding per group on which the rule holds."""
    vocabulary = GROUPS[str(chapter.risk.of)]
    subject = vocabulary[next(str(subject_of(level)) for level in entry.levels)]
    share = pl.col(subject.name) if subject.unit == "share" and subject.name in groups.columns else pl.lit(None)
    severity = when_held(entry, [pl.lit(level.severity) for level in entry.levels])
    title = pl.lit(chapter.risk.title)
    return groups.filter(pl.col(entry.column) > 0).select(
        pl.lit(chapter.slug).alias("risk"),
        pl.col("subject"),
        pl.lit(subject.title).alias("measure"),
        share.cast(pl.Float64).alias("share"),
        "known",
        "tasks",
        severity.alias("severity"),
        pl.format("{} {}: {}.", title, severity, _words(chapter, entry, groups)).alias("why"),
    )


def _by_hits(chapter: Chapter, groups: pl.DataFrame) -> pl.DataFrame:
    """A finding per group on which any rule holds; the more rules, the graver."""
    hits = pl.sum_horizontal([pl.col(entry.column) > 0 for entry in chapter.entries])
    bands = chapter.risk.severity_by_hits
    severity = (hits.clip(1, len(bands)) - 1).replace_strict(dict(enumerate(bands)), return_dtype=pl.String)
    reasons = pl.concat_str(
        [_words(chapter, entry, groups) for entry in chapter.entries], separator="; ", ignore_nulls=True
    )
    return groups.filter(hits > 0).select(
        pl.lit(chapter.slug).alias("risk"),
        "subject",
        pl.format("{} of {} signs", hits, pl.lit(len(chapter.entries))).alias("measure"),
        (pl.col("outsourced_share") if "outsourced_share" in groups.columns else pl.lit(None, pl.Float64)).alias(
            "share"
        ),
        "known",
        "tasks",
        severity.alias("severity"),
        pl.format("{} {}: {}: {}.", pl.lit(chapter.risk.title), severity, "subject", reasons).alias("why"),
    )


def _status(chapter: Chapter, entry: Entry, groups: pl.DataFrame, sheet: list[str]) -> Line:
    missing = [missing_names(level, frozenset(groups.columns)) for level in entry.levels]
    if all(missing):
        return (chapter.slug, entry.rule, "not run", 0, f"no column for {lacking(missing, sheet, chapter.risk.of)}")
    if not groups.height:
        return (chapter.slug, entry.rule, "not run", 0, NOTHING)
    hits = int((groups.get_column(entry.column) > 0).sum())
    return (chapter.slug, entry.rule, "ran" if hits else "nothing found", hits, "")


def _not_assessed(chapter: Chapter, line: Line) -> pl.DataFrame:
    _, _, _, _, why = line
    row = (chapter.slug, "", "", None, 0, 0, Severity.NOT_ASSESSED.value, f"{chapter.risk.title} not assessed: {why}.")
    return pl.DataFrame([row], schema=SCHEMA, orient="row")
