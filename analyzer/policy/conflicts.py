"""Gaps and conflicts of a policy, found before a run: legal, but surely not meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from analyzer.fields import Kind
from analyzer.policy.levels import base_levels, levels, rules_of
from analyzer.policy.schema import Condition, Policy, Risk, Rule
from analyzer.policy.vocabulary import names

FULL = 100


@dataclass(frozen=True, slots=True)
class Conflict:
    """``kind`` is gap (a value no band covers), double (two rules on one condition), dead (can never count)."""

    kind: str
    where: str
    text: str


def conflicts(policy: Policy) -> tuple[Conflict, ...]:
    """All gaps and conflicts of a policy, in its order."""
    return tuple(conflict for slug, risk in policy.risks.items() for conflict in _of_risk(policy, slug, risk))


def _of_risk(policy: Policy, slug: str, risk: Risk) -> Iterator[Conflict]:
    for rule in rules_of(risk):
        where = f"risk.{slug}.{rule.id}"
        yield from _gaps(rule, where, risk)
        yield from _shadowed(rule, where)
        yield from _outside_gate(rule, where, risk)
    yield from _doubles(slug, risk)
    yield from _weightless(policy, slug, risk)


def _gaps(rule: Rule, where: str, risk: Risk) -> Iterator[Conflict]:
    """An enum in several bands, where a value has none: forgotten, or worth 0 points, which is then to be said."""
    vocabulary = names(risk.of)
    found = levels(rule)
    tested = {level.condition.field for level in found if level.condition.is_ or level.condition.in_}
    if len(found) < 2 or len(tested) != 1 or any(level.condition.field is None for level in found):  # noqa: PLR2004 - one band is a choice
        return
    name = vocabulary[str(tested.pop())]
    if name.kind is not Kind.ENUM or any(level.severity for level in found) or rule in risk.control:
        return
    covered = {value for level in found for value in values_of(level.condition)}
    missing = [value for value in name.values if value not in covered]
    if missing:
        yield Conflict("gap", where, f"no band covers {name.name} {', '.join(missing)}")


def values_of(condition: Condition) -> tuple[str, ...]:
    """The values a simple condition names."""
    return (*(condition.in_ or ()), *([condition.is_] if isinstance(condition.is_, str) else []))


def _shadowed(rule: Rule, where: str) -> Iterator[Conflict]:
    """A band that can never count, because those before it hold wherever it does."""
    found = levels(rule)
    for number, level in enumerate(found):
        if any(_implies(level.condition, earlier.condition) for earlier in found[:number]):
            yield Conflict("dead", where, f"band {number + 1} never counts: an earlier band holds wherever it does")


def _implies(late: Condition, early: Condition) -> bool:
    """Whether the earlier condition holds wherever the later one does, as far as their own words tell."""
    if early.always or late == early or _bare(late) == _bare(early):
        return True
    if late.field is None or late.field != early.field:
        return False
    if early.at_least is not None and late.at_least is not None:
        return early.at_least <= late.at_least and _only(early, "at_least") and _only(late, "at_least")
    if early.at_most is not None and late.at_most is not None:
        return early.at_most >= late.at_most and _only(early, "at_most") and _only(late, "at_most")
    here, before = set(values_of(late)), set(values_of(early))
    return bool(here) and here <= before


def _bare(condition: Condition) -> Condition:
    return Condition.model_validate({name: getattr(condition, name) for name in Condition.model_fields})


def _only(condition: Condition, form: str) -> bool:
    return all(value is None for name, value in _bare(condition) if name not in {form, "field"})


def _outside_gate(rule: Rule, where: str, risk: Risk) -> Iterator[Conflict]:
    """A condition on the very field of the gate that the gate shuts out."""
    gate = risk.applies
    allowed = set(values_of(gate)) if gate is not None else set()
    for number, level in enumerate(levels(rule), start=1):
        wanted = set(values_of(level.condition))
        if gate is not None and allowed and wanted and level.condition.field == gate.field and not wanted & allowed:
            yield Conflict(
                "dead", where, f"band {number} never counts: the risk applies only to {', '.join(sorted(allowed))}"
            )


def _doubles(slug: str, risk: Risk) -> Iterator[Conflict]:
    """Two indicators, or two controls, on one condition count the same thing twice."""
    for rules in (risk.indicator, risk.control):
        conditions = [(rule.id, _bare(level.condition)) for rule in rules if not rule.off for level in levels(rule)]
        for (first, left), (second, right) in combinations(conditions, 2):
            if first != second and left == right:
                yield Conflict("double", f"risk.{slug}.{second}", f"tests the same condition as {first}")


def _weightless(policy: Policy, slug: str, risk: Risk) -> Iterator[Conflict]:
    """Points that never change a score, credits over the cap alone."""
    bases = base_levels(risk)
    if bases and min(level.weight for level in bases) >= FULL:
        yield Conflict("dead", f"risk.{slug}", "the base is 100 already: no indicator can add to it")
    for control in risk.control:
        over = [level for level in levels(control) if risk.scored and level.weight > policy.scoring.credit_cap]
        if over and not control.off:
            yield Conflict("dead", f"risk.{slug}.{control.id}", "its credit is over scoring.credit_cap, which cuts it")
    for rule in (*risk.indicator, *risk.control):
        if not rule.off and not any(level.weight or level.severity for level in levels(rule)):
            yield Conflict("dead", f"risk.{slug}.{rule.id}", "weighs nothing")
