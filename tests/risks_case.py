"""Cases of risk tests: a small table of tasks and what a policy says of them, as of the end of October 2026."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl

from analyzer import policy, risks
from analyzer.model import Assessment, Inventory, Placement
from analyzer.policy import Policy
from analyzer.risks import examples

PERIOD = examples.PERIOD
HEAD = 'name = "mine"\nversion = "1"\n'


def stages(text: str) -> tuple[Inventory, Placement]:
    """An inventory and its placement from a table; without columns for it a task is outsourced offshore."""
    return examples.stages(*examples.table(text, "test"))


def assessed(text: str, rules: Policy | None = None) -> Assessment:
    """What the rules say of a table of tasks."""
    return risks.assess(*stages(text), rules or policy.default(), PERIOD)


def rules_of(text: str) -> Policy:
    """A policy from TOML without its name and version."""
    return policy.parse(HEAD + text, "mine.toml")


def score(assessment: Assessment, risk: str, key: int = 0) -> dict[str, Any]:
    """The scores of a task under a risk."""
    (row,) = assessment.scores.filter((pl.col("risk") == risk) & (pl.col("key") == key)).rows(named=True)
    return row


def severities(assessment: Assessment, risk: str) -> dict[int, str]:
    """Severity per task that the risk says something of."""
    found = assessment.scores.filter(pl.col("risk") == risk)
    return dict(found.select("key", "severity").rows())


def lines(assessment: Assessment, risk: str, key: int = 0) -> list[tuple[str, str, float | None, float | None]]:
    """Rule, kind, points and credit of a task's ledger under a risk."""
    found = assessment.ledger.filter((pl.col("risk") == risk) & (pl.col("key") == key))
    return found.select("rule", "kind", "points", "credit").rows()


def re_added(rows: list[tuple[str, str, float | None, float | None]]) -> tuple[int, int]:
    """Inherent and residual score from ledger lines alone, as an auditor adds them by hand."""
    points = sum(
        (Decimal(repr(p)) for _, kind, p, _ in rows if p is not None and kind not in {"floor", "band edge"}), Decimal()
    )
    credit = sum((Decimal(repr(c)) for *_, c in rows if c is not None), Decimal())
    lifts = sum(
        (Decimal(repr(p)) for _, kind, p, _ in rows if p is not None and kind in {"floor", "band edge"}), Decimal()
    )
    return half_up(points), half_up(points * (1 - credit) + lifts)


def half_up(number: Decimal) -> int:
    """Rounded as a person rounds: a half goes up."""
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))
