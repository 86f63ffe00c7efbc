"""The two gates a task passes on its way abroad and to a provider: each rule's hits, then each gate's verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from analyzer.evidence import Evidence, joined_labels
from analyzer.model import KEY
from analyzer.policy import Policy
from analyzer.policy.conditions import Scope, compile_condition
from analyzer.policy.levels import fields_of
from analyzer.policy.readings import must_stay
from analyzer.policy.schema import GateRule
from analyzer.policy.vocabulary import names
from analyzer.terms import Feasibility, Field

FEASIBLE, CONDITIONAL = Feasibility.FEASIBLE, Feasibility.CONDITIONAL
NOT_FEASIBLE, UNKNOWN = Feasibility.NOT_FEASIBLE, Feasibility.UNKNOWN
WORST_FIRST = (NOT_FEASIBLE, UNKNOWN, CONDITIONAL, FEASIBLE)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What the gates are asked over.

    ``frame``: the tasks with texts as read and, where a person approved, ``approved`` String, the words for it.
    """

    evidence: Evidence
    frame: pl.DataFrame
    scope: Scope

    @classmethod
    def of(cls, evidence: Evidence, approvals: pl.DataFrame, policy: Policy, as_of: date) -> Ground:
        """The ground of an inventory; ``approvals``: ``key`` · ``approved``."""
        frame = evidence.frame.join(approvals, on=KEY, how="left", maintain_order="left")
        if evidence.inventory.has(Field.MUST_STAY_INHOUSE):
            frame = frame.with_columns(must_stay().alias("must_stay"))
        return cls(evidence, frame, Scope.of(policy, frame.columns, as_of))


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """What a rule says, of which tasks, and how bad it is."""

    holds: pl.Expr
    verdict: Feasibility
    said: pl.Expr

    @property
    def rank(self) -> pl.Expr:
        """The verdict's place from the worst on."""
        return pl.lit(WORST_FIRST.index(self.verdict), pl.UInt8)


def verdicts(ground: Ground, rules: Sequence[GateRule]) -> pl.DataFrame:
    """A gate's answer for each task in key order.

    ``key`` · ``verdict`` String (``Feasibility``) · ``said`` String, the rules behind it, null where none holds.
    """
    on = [rule for rule in rules if not rule.off]
    held = ground.frame.with_columns(
        compile_condition(rule.when, ground.scope).alias(_column(n)) for n, rule in enumerate(on)
    )
    answers = held.get_column(KEY).to_frame().join(_said(held, on, ground), on=KEY, how="left", maintain_order="left")
    return answers.select(KEY, pl.col("verdict").fill_null(FEASIBLE.value), "said")


def unchecked(ground: Ground, rules: Sequence[GateRule]) -> pl.Series:
    """String per task: titles of what the rules ask and the row does not answer, "" where it answers all."""
    titles: dict[str, list[pl.Expr]] = {}
    for rule in rules:
        if not rule.off:
            name = next(fields_of(rule.when), "")
            unknown = compile_condition(rule.when, ground.scope).is_null()
            titles.setdefault(names()[name].title if name else rule.id, []).append(unknown)
    return joined_labels(ground.frame, {title: pl.any_horizontal(unknown) for title, unknown in titles.items()})


def _said(held: pl.DataFrame, rules: Sequence[GateRule], ground: Ground) -> pl.DataFrame:
    """``key`` · ``verdict`` · ``said`` of the tasks a rule speaks of, the worst verdict's sentences joined."""
    lines = [line for n, rule in enumerate(rules) for line in _lines(n, rule, ground)]
    worst = pl.min_horizontal(
        pl.lit(len(WORST_FIRST), pl.UInt8), *(pl.when(line.holds).then(line.rank) for line in lines)
    )
    ranked = held.with_columns(worst.alias("worst"))
    speaks = ranked.select((line.holds & (pl.col("worst") == line.rank)).alias(str(n)) for n, line in enumerate(lines))
    spoken = [
        ranked.lazy().filter(holds).select(KEY, "worst", line.said.alias("said"))
        for line, holds in zip(lines, speaks, strict=True)
        if holds.any()
    ]
    schema = {KEY: pl.UInt32, "worst": pl.UInt8, "said": pl.String}
    verdict = pl.col("worst").replace_strict(list(range(len(WORST_FIRST))), [v.value for v in WORST_FIRST])
    return (
        pl.concat([pl.LazyFrame(schema=schema), *spoken])
        .group_by(KEY)
        .agg(pl.col("worst").first(), pl.col("said").str.join("; "))
        .with_columns(verdict.alias("verdict"))
        .collect()
    )


def _lines(n: int, rule: GateRule, ground: Ground) -> list[Line]:
    hit, sentence, verdict = pl.col(_column(n)), _sentence(rule, ground), Feasibility(rule.verdict)
    held_back = Line(hit, verdict, sentence)
    missing = [Line(hit.is_null(), UNKNOWN, _missing(rule, ground))] if rule.needed else []
    if not rule.unless_approved:
        return [held_back, *missing]
    approved = pl.col("approved").is_not_null()
    allowed = Line(hit & approved, CONDITIONAL, pl.format("{}; {}", sentence, "approved"))
    return [Line(hit & ~approved, verdict, sentence), allowed, *missing]


def _sentence(rule: GateRule, ground: Ground) -> pl.Expr:
    """``In person = "required" (Inventory!H7): it must be done in person``."""
    fields = [field for field in _cells(rule) if ground.evidence.inventory.has(field)]
    quoted = [ground.evidence.said(field) for field in fields[:1]]
    return pl.format("{}: {}", *quoted, pl.lit(rule.because)) if quoted else pl.lit(rule.because)


def _missing(rule: GateRule, ground: Ground) -> pl.Expr:
    """``In person (Inventory!H7) is blank``; the first cell the rule cannot do without."""
    field = next(iter(_cells(rule)), None)
    if field is None:
        return pl.lit(f"Not assessed: {rule.because}")
    header, cell = ground.evidence.header(field), ground.evidence.at(field)
    unread = pl.format("{} is not understood", ground.evidence.said(field))
    blank = pl.format("{}{} is blank", header, cell)
    absent = pl.format('No column "{}"', header)
    return (
        pl.when(~ground.evidence.present(field))
        .then(absent)
        .when(ground.evidence.unread(field))
        .then(unread)
        .otherwise(blank)
    )


def _cells(rule: GateRule) -> list[Field]:
    """The fields behind a rule's condition, facts by what they are read from."""
    found = []
    for name in fields_of(rule.when):
        entry = names()[name]
        found += [Field(name)] if entry.is_field else list(entry.sources)
    return list(dict.fromkeys(found))


def _column(number: int) -> str:
    return f"rule {number}"
