"""The words of every rule by its weights, so that an output can rebuild a ledger line's sentence from codes."""

from __future__ import annotations

from analyzer.policy.levels import Level, base_levels, fields_of, levels, rules_of
from analyzer.policy.schema import Policy


def phrases(policy: Policy) -> dict[str, tuple[tuple[float, str, str], ...]]:
    """``risk/rule`` -> (weight, fields named, words with {value}) of each level; a base is the rule ``base``."""
    found: dict[str, tuple[tuple[float, str, str], ...]] = {}
    for slug, risk in policy.risks.items():
        found[f"{slug}/base"] = tuple(_phrase(level) for level in base_levels(risk))
        found |= {f"{slug}/{rule.id}": tuple(_phrase(level) for level in levels(rule)) for rule in rules_of(risk)}
    return {name: kept for name, words in found.items() if (kept := tuple(word for word in words if word[2]))}


def _phrase(level: Level) -> tuple[float, str, str]:
    return level.weight, " ".join(fields_of(level.condition)), level.because
