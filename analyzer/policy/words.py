"""Conditions and weights in plain words, for people who read rules and not TOML."""

from __future__ import annotations

from collections.abc import Mapping

from analyzer.policy.levels import Level
from analyzer.policy.schema import Condition
from analyzer.policy.vocabulary import Name


def described(condition: Condition, vocabulary: Mapping[str, Name]) -> str:
    """``Pricing model is t_and_m``; ``Criticality is critical and Exit plan is none``."""
    tests = [part for part in (*_tests(condition, vocabulary), *_compounds(condition, vocabulary)) if part]
    return " and ".join(tests)


_PHRASES: dict[str, str] = {
    "is_": "is {}",
    "in_": "is {}",
    "at_least": "is {} or more",
    "at_most": "is {} or less",
    "more_than": "is more than {}",
    "less_than": "is less than {}",
    "between": "is from {}",
    "older_than": "is more than {} ago",
    "within": "is within the last {}",
    "due_within": "is within the next {}",
    "in_table": "is in the table {}",
}
_SWITCHES: dict[str, tuple[str, str]] = {
    "given": ("is given", ""),
    "past": ("is past", "is not past"),
    "blank": ("is blank", "is not blank"),
    "unknown": ("is unknown", "is known"),
}


def _tests(condition: Condition, vocabulary: Mapping[str, Name]) -> list[str]:
    if condition.field is None:
        return []
    name = vocabulary[condition.field]
    texts = []
    for form, value in condition:
        if form in _SWITCHES and value is not None:
            texts.append(f"{name.title} {_SWITCHES[form][0 if value else 1]}")
        elif form in _PHRASES and value is not None:
            texts.append(f"{name.title} {_PHRASES[form].format(_value(value, name))}")
    return texts


def _value(value: object, name: Name) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return (" or " if isinstance(value[0], str) else " to ").join(str(part) for part in value)
    return number(value, name) if isinstance(value, float) else str(value)


def _compounds(condition: Condition, vocabulary: Mapping[str, Name]) -> list[str]:
    return [
        _joined(condition.all_, " and ", vocabulary),
        _joined(condition.any_, " or ", vocabulary),
        f"not ({described(condition.not_, vocabulary)})" if condition.not_ else "",
        "always" if condition.always else "",
    ]


def _joined(parts: tuple[Condition, ...] | None, word: str, vocabulary: Mapping[str, Name]) -> str:
    texts = [described(part, vocabulary) for part in parts or ()]
    return word.join(f"({text})" if " or " in text or " and " in text else text for text in texts)


def number(value: float, name: Name) -> str:
    """A threshold as the field is shown: shares in percent."""
    return f"{value * 100:g} %" if name.unit == "share" else f"{value:,g}"


def weighed(level: Level, kind: str) -> str:
    """A level's weight: ``+10``, ``-12 %``, ``High``."""
    if level.severity is not None:
        return level.severity
    if kind == "credit":
        return f"-{level.weight * 100:g} %"
    return f"{level.weight:g}" if kind == "base" else f"+{level.weight:g}"
