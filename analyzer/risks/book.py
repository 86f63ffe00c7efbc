"""The policy made ready to run: every rule with its column among the outcomes, and the fields it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from analyzer.fields import Kind
from analyzer.policy import Policy
from analyzer.policy.levels import Level, base_levels, fields_of, levels, mentioned
from analyzer.policy.schema import Condition, Control, Indicator, Risk, Rule, SeverityRule
from analyzer.policy.vocabulary import names
from analyzer.terms import Field

BASE = "base"


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule ready to run. ``kind`` is that of its ledger lines: base, points, credit, rule."""

    risk: str
    rule: str
    kind: str
    levels: tuple[Level, ...]
    evidence: str | None = None  # for credits: value or cell
    optional: bool = False  # for severity rules: a blank cell leaves it out
    source: str = ""

    @property
    def column(self) -> str:
        """Name of its column among the outcomes."""
        return f"{self.risk}/{self.rule}"

    @property
    def evidence_column(self) -> str:
        """Name of the column that says whether a credit is evidenced."""
        return f"{self.column}/evidenced"

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns among the outcomes."""
        return (self.column, self.evidence_column) if self.kind == "credit" else (self.column,)

    @property
    def shown(self) -> tuple[str, ...]:
        """Fields and facts its sentence may show."""
        return (*self.names, *(name for level in self.levels for name in mentioned(level)))

    @property
    def names(self) -> tuple[str, ...]:
        """Fields and facts it reads, once each, in order."""
        return tuple(dict.fromkeys(name for level in self.levels for name in fields_of(level.condition)))


@dataclass(frozen=True)
class Chapter:
    """One risk ready to run."""

    slug: str
    risk: Risk
    entries: tuple[Entry, ...]

    @property
    def gate(self) -> Condition:
        """The tasks it is about."""
        return self.risk.applies or Condition(always=True)

    @property
    def gate_column(self) -> str:
        """Name of the gate's column among the outcomes."""
        return f"{self.slug}/applies"

    def of(self, *kinds: str) -> tuple[Entry, ...]:
        """Its entries of some kinds."""
        return tuple(entry for entry in self.entries if entry.kind in kinds)

    @cached_property
    def coverage(self) -> tuple[Field, ...]:
        """The fields its indicators, controls and rules read: the m of "n of m"."""
        vocabulary = names(self.risk.of)
        read = (name for entry in self.of("points", "credit", "rule") for name in entry.names)
        return tuple(dict.fromkeys(source for name in read for source in vocabulary[name].sources))


def chapters(policy: Policy, *, portfolio: bool = False) -> tuple[Chapter, ...]:
    """The risks of single tasks, or those of groups, in the order of the policy."""
    return tuple(
        Chapter(slug, risk, _entries(slug, risk)) for slug, risk in policy.risks.items() if risk.portfolio == portfolio
    )


def _entries(slug: str, risk: Risk) -> tuple[Entry, ...]:
    base = (Entry(slug, BASE, BASE, base_levels(risk)),) if risk.scored else ()
    rules: tuple[Rule, ...] = (*risk.indicator, *risk.rule, *risk.control)
    return (*base, *(_entry(slug, rule, risk.of) for rule in rules if not rule.off))


def _entry(slug: str, rule: Rule, group: str | None) -> Entry:
    kind = {Indicator: "points", Control: "credit", SeverityRule: "rule"}[type(rule)]
    found = levels(rule)
    evidence = None
    if isinstance(rule, Control):
        evidence = rule.evidence or _evidence([name for level in found for name in fields_of(level.condition)], group)
    optional = isinstance(rule, SeverityRule) and rule.optional
    return Entry(slug, rule.id, kind, found, evidence, optional, rule.source)


def _evidence(read: list[str], group: str | None) -> str:
    """A bare word proves nothing: a name, a date or a number is evidence by itself, a yes needs a reference."""
    vocabulary: Mapping[str, object] = {name: names(group)[name].kind for name in read}
    words = {Kind.ENUM, Kind.YES_NO, Kind.EVIDENCE}
    return "cell" if words & set(vocabulary.values()) else "value"
