"""The words of rules, as an output rebuilds sentences from codes, and what the vocabulary says of a name."""

from __future__ import annotations

from analyzer import policy
from analyzer.policy.vocabulary import names
from analyzer.terms import Field

RULES = """
name = "mine"
version = "1"
[risk.r]
title = "R"
base = [
  { field = "location", is = "offshore", points = 40, because = "far away" },
  { always = true, points = 35, because = "outside" },
]
[[risk.r.indicator]]
id = "jobs"
bands = [{ field = "fte", at_least = 50, points = 15 }, { at_least = 1, points = 5 }]
because = "{value} jobs"
[[risk.r.indicator]]
id = "silent"
when = { field = "core", is = true }
points = 8
[[risk.r.control]]
id = "stated"
when = { all = [{ field = "sla", is = true }, { field = "kpi", is = true }] }
credit = 0.2
because = "it is measured"
"""


def test_words_of_each_level_stand_by_weight_with_the_fields_named() -> None:
    assert policy.phrases(policy.parse(RULES, "mine.toml")) == {
        "r/base": ((40.0, "location", "far away"), (35.0, "", "outside")),
        "r/jobs": ((15.0, "fte", "{value} jobs"), (5.0, "fte", "{value} jobs")),
        "r/stated": ((0.2, "sla kpi", "it is measured"),),
    }


def test_a_rule_without_words_is_left_out() -> None:
    assert "r/silent" not in policy.phrases(policy.parse(RULES, "mine.toml"))


def test_a_field_has_a_cell_and_a_fact_has_none() -> None:
    assert (names()[Field.FTE].is_field, names()["overlap_hours"].is_field) == (True, False)
