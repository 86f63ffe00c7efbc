"""Gaps and conflicts of a policy, found before a run."""

from __future__ import annotations

import pytest

from analyzer import policy

HEAD = 'name = "mine"\nversion = "1"\n[risk.r]\ntitle = "R"\n'


def found(text: str) -> list[tuple[str, str]]:
    conflicts = policy.conflicts(policy.parse(HEAD + text, "mine.toml"))
    assert all(conflict.where.startswith("risk.r") for conflict in conflicts)
    return [(conflict.kind, conflict.text) for conflict in conflicts]


def indicator(name: str, body: str) -> str:
    return f'[[risk.r.indicator]]\nid = "{name}"\n{body}\n'


def test_j3_the_default_policy_has_none() -> None:
    assert policy.conflicts(policy.default()) == ()


BASE = "base = 40\n"
CORE = 'when = { field = "core", is = true }\npoints = 3'


SHADOWED = [("dead", "band 2 never counts: an earlier band holds wherever it does")]
CRITICAL = '{ field = "critical", is = "critical", points = 9 }'


@pytest.mark.parametrize(
    ("bands", "expected"),
    [
        (CRITICAL + ', { is = "normal", points = 0 }', [("gap", "no band covers critical important")]),
        (CRITICAL + ', { in = ["normal", "important"], points = 1 }', []),
        (CRITICAL + ', { field = "core", is = "yes", points = 1 }', []),
        ('{ field = "fte", at_least = 1, points = 5 }, { at_least = 10, points = 9 }', SHADOWED),
        ('{ field = "fte", at_least = 10, points = 9 }, { at_least = 1, points = 5 }', []),
        ('{ field = "fte", at_least = 1, points = 5 }, { at_least = 1, points = 9 }', SHADOWED),
        ('{ field = "fte", at_most = 10, points = 9 }, { at_most = 1, points = 5 }', SHADOWED),
        ('{ field = "fte", at_most = 1, points = 9 }, { at_most = 10, points = 5 }', []),
        ('{ field = "fte", at_least = 1, less_than = 5, points = 9 }, { at_least = 2, points = 5 }', []),
        ('{ field = "fte", at_least = 1, points = 9 }, { at_least = 2, less_than = 5, points = 5 }', []),
        ('{ field = "fte", at_least = 1, points = 9 }, { field = "contract_value", at_least = 2, points = 5 }', []),
        ('{ field = "home", in = ["PL", "CZ"], points = 9 }, { in = ["CZ", "PL"], points = 5 }', SHADOWED),
        ('{ field = "home", in = ["PL", "CZ"], points = 9 }, { in = ["CZ", "SK"], points = 5 }', []),
        ('{ always = true, points = 9 }, { field = "fte", at_least = 2, points = 5 }', SHADOWED),
        (
            '{ field = "critical", in = ["critical", "normal"], points = 9 }, { in = ["normal"], points = 5 }',
            [("gap", "no band covers critical important"), *SHADOWED],
        ),
    ],
)
def test_j3_bands(bands: str, expected: list[tuple[str, str]]) -> None:
    assert found(BASE + indicator("a", f"bands = [{bands}]")) == expected


GATE = 'applies = { field = "location", in = ["offshore", "mixed"] }\n'
CONTROL = '[[risk.r.control]]\nid = "c"\nwhen = { field = "sla", is = true }\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BASE + indicator("a", CORE), []),
        (BASE + indicator("a", CORE) + indicator("b", CORE), [("double", "tests the same condition as a")]),
        (BASE + indicator("a", CORE) + indicator("b", CORE + "\noff = true"), []),
        (BASE + indicator("a", CORE + "\noff = true") + indicator("b", CORE), []),
        (
            BASE + GATE + indicator("a", 'when = { field = "location", is = "onshore" }\npoints = 3'),
            [("dead", "band 1 never counts: the risk applies only to mixed, offshore")],
        ),
        (BASE + GATE + indicator("a", 'when = { field = "location", is = "mixed" }\npoints = 3'), []),
        ("base = 100\n" + indicator("a", CORE), [("dead", "the base is 100 already: no indicator can add to it")]),
        ("base = 99\n" + indicator("a", CORE), []),
        (BASE + indicator("a", 'when = { field = "core", is = true }\npoints = 0'), [("dead", "weighs nothing")]),
        (BASE + CONTROL + "credit = 0.7", [("dead", "its credit is over scoring.credit_cap, which cuts it")]),
        (BASE + CONTROL + "credit = 0.7\noff = true", []),
        (BASE + CONTROL + "credit = 0.6", []),
        (
            '[[risk.r.rule]]\nid = "c"\nbands = [{ field = "critical", is = "critical", severity = "High" }]',
            [],
        ),
    ],
)
def test_j3_rules(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected
