"""A rule as a list of levels, whether it was written with ``when`` or with ``bands``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from analyzer.policy.schema import Condition, Control, CreditBand, Indicator, PointsBand, Risk, Rule, SeverityBand

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
Weighted = PointsBand | CreditBand | SeverityBand


@dataclass(frozen=True, slots=True)
class Level:
    """One condition of a rule with its weight: points, a credit (a share), or a severity."""

    condition: Condition
    weight: float
    severity: str | None
    because: str


def levels(rule: Rule) -> tuple[Level, ...]:
    """The rule's levels in order; the first whose condition holds counts. A band without a field keeps the last one."""
    if rule.when is not None:
        return (Level(rule.when, _weight(rule), _severity(rule), rule.because),)
    found = []
    field = None
    for band in rule.bands if isinstance(rule, Indicator | Control) else getattr(rule, "bands", ()):
        bare = band.field is None and not _compound(band)
        condition = band.model_copy(update={"field": field}) if bare else band
        field = condition.field or field
        found.append(Level(condition, _weight(band), _severity(band), band.because or rule.because))
    return tuple(found)


def base_levels(risk: Risk) -> tuple[Level, ...]:
    """The base of a scored risk as levels."""
    if risk.base is None:
        return ()
    if isinstance(risk.base, tuple):
        return tuple(Level(band, band.points, None, band.because) for band in risk.base)
    return (Level(Condition(always=True), risk.base, None, ""),)


def fields_of(condition: Condition) -> Iterator[str]:
    """Every field or fact a condition names, in order, repeats included."""
    if condition.field is not None:
        yield condition.field
    for part in (*(condition.all_ or ()), *(condition.any_ or ()), *((condition.not_,) if condition.not_ else ())):
        yield from fields_of(part)


def mentioned(level: Level) -> tuple[str, ...]:
    """The {names} in a level's words, {value} aside."""
    return tuple(name for name in PLACEHOLDER.findall(level.because) if name != "value")


def names_of(rule: Rule) -> tuple[str, ...]:
    """Every field or fact a rule names, once each, in order."""
    return tuple(dict.fromkeys(name for level in levels(rule) for name in fields_of(level.condition)))


def subject_of(level: Level, columns: Collection[str] = ()) -> str | None:
    """The field whose value stands for {value}: the first one named that is at hand, else the first one named."""
    named = list(fields_of(level.condition))
    return next((name for name in named if name in columns), named[0] if named else None)


def rules_of(risk: Risk) -> tuple[Rule, ...]:
    """Indicators, controls and severity rules that are on."""
    return tuple(rule for rule in (*risk.indicator, *risk.control, *risk.rule) if not rule.off)


def _compound(condition: Condition) -> bool:
    return any(part is not None for part in (condition.all_, condition.any_, condition.not_, condition.always))


def _weight(rule: object) -> float:
    points = getattr(rule, "points", None)
    credit = getattr(rule, "credit", None)
    return float(points if points is not None else credit or 0)


def _severity(rule: object) -> str | None:
    return getattr(rule, "severity", None) or getattr(rule, "lowers_to", None)
