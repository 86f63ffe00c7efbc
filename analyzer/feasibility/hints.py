"""Words of tasks that suggest what a blank cell leaves open: said beside the verdict, never as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analyzer.evidence import Evidence
from analyzer.feasibility.words import suggestion
from analyzer.fields import FIELDS
from analyzer.model import KEY, Finding
from analyzer.policy.schema import Hint
from analyzer.terms import Field

_SHOWN = 5


@dataclass(frozen=True, slots=True, eq=False)
class Hints:
    """``texts``: ``key`` · ``hint`` String of the tasks that words suggest something of."""

    texts: pl.DataFrame
    findings: tuple[Finding, ...]


def hinted(evidence: Evidence, rules: Sequence[Hint]) -> Hints:
    """What the policy's hints suggest of each task, and a finding for each hint that found something."""
    texts = [_suggested(evidence, rule) for rule in rules]
    found = [_finding(evidence, rule, frame) for rule, frame in zip(rules, texts, strict=True) if frame.height]
    none = pl.DataFrame(schema={KEY: pl.UInt32, "hint": pl.String})
    together = pl.concat([none, *texts]).group_by(KEY).agg(pl.col("hint").str.join("; "))
    return Hints(together, tuple(found))


def _suggested(evidence: Evidence, rule: Hint) -> pl.DataFrame:
    asked = pl.lit(True) if rule.unless_given is None else evidence.inventory.value(Field(rule.unless_given)).is_null()
    return suggestion(evidence.where(asked), [Field(name) for name in rule.fields], rule.words, rule.suggests)


def _finding(evidence: Evidence, rule: Hint, hinted_: pl.DataFrame) -> Finding:
    rows = evidence.frame.join(hinted_.head(_SHOWN), on=KEY, how="semi", maintain_order="left")
    cells = rows.select(evidence.inventory.cell(Field(rule.fields[0]))).to_series().drop_nulls()
    header = FIELDS[Field(rule.unless_given)].title if rule.unless_given else ""
    return Finding("words-suggest", tuple(cells), hinted_.height, {"suggests": rule.suggests, "column": header})
