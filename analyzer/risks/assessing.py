"""Placement to Assessment: facts, outcomes, scores, ledger, sentences, in that order."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from analyzer.model import KEY, Assessment, Inventory, Period, Placement
from analyzer.policy import Policy
from analyzer.policy.levels import fields_of
from analyzer.risks.amounts import amounts
from analyzer.risks.book import Chapter, chapters
from analyzer.risks.facts import Ground, facts
from analyzer.risks.ledger import Lines, hit_lines, ledger, step_lines
from analyzer.risks.outcomes import Outcomes, outcomes
from analyzer.risks.portfolio import portfolio
from analyzer.risks.rows import rows
from analyzer.risks.ruled import ruled, undecided
from analyzer.risks.scoring import Scale, scored
from analyzer.risks.sentences import ruled_sentence, scored_sentence
from analyzer.risks.status import not_runnable, rule_status, status_frame
from analyzer.risks.wording import cells
from analyzer.terms import Severity

SCORES: dict[str, pl.DataType] = {
    KEY: pl.UInt32(),
    "risk": pl.Categorical(),
    "inherent": pl.UInt8(),
    "residual": pl.UInt8(),
    "inherent_severity": pl.Categorical(),
    "severity": pl.Categorical(),
    "known": pl.UInt8(),
    "fields": pl.UInt8(),
    "provisional": pl.Boolean(),
    "why": pl.String(),
}


STRETCH = 100_000  # tasks whose sentences are built at once: it bounds the memory between the stages


@dataclass(slots=True)
class _Desk:
    """What is gathered while the risks are gone through."""

    scores: list[pl.DataFrame] = field(default_factory=list)
    lines: list[Lines] = field(default_factory=list)
    undecided: dict[str, pl.Series] = field(default_factory=dict)  # keys per risk


def assess(
    inventory: Inventory,
    placement: Placement,
    policy: Policy,
    period: Period,
    *,
    counted: pl.DataFrame | None = None,
    currency: str = "",
) -> Assessment:
    """Tag every task with its risks under a policy, all clocks at the period's last day.

    ``counted``: ``key`` · ``fte`` Float64 · ``cost`` Float64 in the reporting ``currency``, where rates made amounts
    comparable; without it shares are over the sheet's most frequent currency.
    """
    ground = Ground(inventory, placement, policy, period.as_of, amounts(inventory, placement, counted, currency))
    known, book = facts(ground), chapters(policy)
    found = outcomes(inventory, known, book, policy, period.as_of)
    starts = range(0, max(known.height, 1), STRETCH)
    parts = [_stretch(known.slice(start, STRETCH), start, ground, found, book) for start in starts]
    scores, lines, levels = (pl.concat(frames) for frames in zip(*parts, strict=True))
    wide, wide_status = portfolio(ground)
    return Assessment(
        scores=scores,
        ledger=lines,
        rows=levels,
        portfolio=wide,
        rule_status=status_frame([*rule_status(found, book), *wide_status]),
        policy_name=policy.name,
        policy_version=policy.version,
        policy_hash=policy.hash,
    )


def _stretch(
    known: pl.DataFrame, start: int, ground: Ground, found: Outcomes, book: tuple[Chapter, ...]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Scores, ledger and rows of a stretch of tasks; the facts have seen all of them."""
    read = {name: None for chapter in book for entry in chapter.entries for name in entry.shown}
    texts = cells(ground.inventory.raw.slice(start, STRETCH), read)
    outcome = found.frame.slice(start, STRETCH).drop(KEY)
    placed = ground.placement.frame.slice(start, STRETCH)
    sheet = pl.concat([known, texts, outcome], how="horizontal").lazy()
    running = sheet.filter(~placed.get_column("outside").eq_missing("ended"))
    desk = _Desk()
    for chapter in book:
        _assess_risk(desk, chapter, running, found, ground)
    scores = pl.concat([pl.DataFrame(schema=SCORES), *desk.scores])
    return scores, ledger(desk.lines), rows(scores, desk.undecided, ground.policy, placed)


def _assess_risk(desk: _Desk, chapter: Chapter, sheet: pl.LazyFrame, found: Outcomes, ground: Ground) -> None:
    scale = Scale.of(ground.policy)
    held = _held(sheet, chapter, ground, found.columns)
    decided = _decided(held, chapter, scale, ground, found)
    desk.scores.append(_typed(decided))
    desk.lines += hit_lines(held, chapter, scale, ground.inventory, found.columns)
    if chapter.risk.scored:
        desk.lines += step_lines(decided, chapter.slug)
    ungated = sheet.filter(pl.col(chapter.gate_column).is_null()).select(KEY).collect(engine="in-memory")
    unsure = pl.concat([ungated, undecided(held, chapter, found.columns)])
    desk.undecided[chapter.slug] = unsure.get_column(KEY)
    if unsure.height and _runnable(chapter, found.columns):
        desk.scores.append(_typed(_not_assessed(unsure, chapter)))


def _held(sheet: pl.LazyFrame, chapter: Chapter, ground: Ground, columns: frozenset[str]) -> pl.DataFrame:
    """The tasks a risk applies to: its outcomes, coverage, and the cells its sentences show."""
    read = list(dict.fromkeys(name for entry in chapter.entries for name in entry.shown))
    texts = [f"raw {name}" for name in read if name in ground.inventory.raw.columns]
    facts = [name for name in read if name in columns and f"raw {name}" not in texts]
    outcome = [column for entry in chapter.entries for column in entry.columns]
    return (
        sheet.filter(pl.col(chapter.gate_column))
        .select(KEY, *outcome, *facts, *texts, *_coverage(chapter, ground, columns))
        .collect(engine="in-memory")
    )


def _coverage(chapter: Chapter, ground: Ground, columns: frozenset[str]) -> list[pl.Expr]:
    present = [pl.col(name).is_not_null() for name in chapter.coverage if name in columns]
    known = pl.sum_horizontal([pl.lit(0, pl.UInt8), *present])
    fields = len(chapter.coverage)
    share = ground.policy.scoring.provisional_below if chapter.risk.scored else 0
    return [
        known.alias("known"),
        pl.lit(fields, pl.UInt8).alias("fields"),
        (known < share * fields).alias("provisional"),
    ]


def _decided(held: pl.DataFrame, chapter: Chapter, scale: Scale, ground: Ground, found: Outcomes) -> pl.DataFrame:
    if chapter.risk.scored:
        decided = scored(held, chapter, scale)
        sentence = scored_sentence(chapter, scale, ground.inventory, found.columns)
    else:
        decided, sentence = ruled(held, chapter), ruled_sentence(chapter, ground.inventory, found.columns)
    return decided.with_columns(pl.lit(chapter.slug).alias("risk"), sentence.alias("why"))


def _typed(scores: pl.DataFrame) -> pl.DataFrame:
    return scores.select(pl.col(name).cast(kind) for name, kind in SCORES.items())


def _runnable(chapter: Chapter, columns: frozenset[str]) -> bool:
    gate = all(name in columns for name in fields_of(chapter.gate))
    return gate and (chapter.risk.scored or any(not not_runnable(entry, columns) for entry in chapter.of("rule")))


def _not_assessed(unsure: pl.DataFrame, chapter: Chapter) -> pl.DataFrame:
    why = f"{chapter.risk.title} not assessed: a value it needs is missing."
    return unsure.select(
        KEY,
        pl.lit(chapter.slug).alias("risk"),
        pl.lit(None, pl.UInt8).alias("inherent"),
        pl.lit(None, pl.UInt8).alias("residual"),
        pl.lit(Severity.NOT_ASSESSED.value).alias("inherent_severity"),
        pl.lit(Severity.NOT_ASSESSED.value).alias("severity"),
        pl.lit(0, pl.UInt8).alias("known"),
        pl.lit(len(chapter.coverage), pl.UInt8).alias("fields"),
        pl.lit(value=False).alias("provisional"),
        pl.lit(why).alias("why"),
    )
