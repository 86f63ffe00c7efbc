"""Every form of a condition on both sides of its threshold; a missing value is never false."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer import policy
from analyzer.fields import FIELDS, YES_NO, Kind
from analyzer.model import dtype
from analyzer.policy.conditions import Scope, ahead, back, compile_condition
from analyzer.policy.schema import Condition, CountryTable
from analyzer.policy.vocabulary import names
from analyzer.policy.words import described
from analyzer.terms import Field

AS_OF = date(2026, 10, 31)
TABLE = {"near": CountryTable(as_of=AS_OF, countries=("PL", "CZ"))}
RULES = policy.default().model_copy(update={"tables": TABLE})


def asked(condition: dict[str, Any], **columns: list[Any]) -> list[bool | None]:
    """What a condition says of rows whose columns are given."""
    frame = pl.DataFrame([pl.Series(name, values, dtype(Field(name))) for name, values in columns.items()])
    expression = compile_condition(Condition.model_validate(condition), Scope.of(RULES, columns, AS_OF))
    return frame.with_columns(expression.alias("holds")).get_column("holds").to_list()


CASES: list[tuple[dict[str, Any], Field, list[Any], list[bool | None]]] = [
    # form, field, values, what it says
    ({"is": True}, Field.CORE, ["yes", "partly", "no", None], [True, True, False, None]),
    ({"is": False}, Field.CORE, ["yes", "partly", "no", None], [False, False, True, None]),
    ({"is": "yes"}, Field.CORE, ["yes", "partly", "no", None], [True, False, False, None]),
    ({"is": True}, Field.SLA, ["evidenced", "stated", "none", None], [True, True, False, None]),
    ({"is": False}, Field.SLA, ["evidenced", "stated", "none", None], [False, False, True, None]),
    ({"is": "critical"}, Field.CRITICAL, ["critical", "normal", None], [True, False, None]),
    ({"in": ["critical", "important"]}, Field.CRITICAL, ["important", "normal", None], [True, False, None]),
    ({"is": "Support"}, Field.FUNCTION, ["support", "SUPPORT", "IT", None], [True, True, False, None]),
    ({"in": ["bode PLC"]}, Field.ALTERNATIVES, [["Ada", "Bode plc"], ["Ada"], [], None], [True, False, False, None]),
    ({"is": "IN"}, Field.DELIVERY_COUNTRY, [["GB", "IN"], ["GB"], None], [True, False, None]),
    ({"in_table": "near"}, Field.PROVIDER_COUNTRY, ["PL", "IN", None], [True, False, None]),
    ({"in_table": "near"}, Field.DELIVERY_COUNTRY, [["IN", "CZ"], ["IN"], None], [True, False, None]),
    ({"at_least": 10}, Field.FTE, [9.999, 10.0, 10.001, None], [False, True, True, None]),
    ({"at_most": 10}, Field.FTE, [9.999, 10.0, 10.001, None], [True, True, False, None]),
    ({"more_than": 10}, Field.FTE, [9.999, 10.0, 10.001, None], [False, False, True, None]),
    ({"less_than": 10}, Field.FTE, [9.999, 10.0, 10.001, None], [True, False, False, None]),
    ({"at_least": 5, "less_than": 10}, Field.FTE, [4.9, 5.0, 9.9, 10.0, None], [False, True, True, False, None]),
    (
        {"between": [date(2026, 1, 1), date(2026, 12, 31)]},
        Field.END_DATE,
        [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1), None],
        [False, True, True, False, None],
    ),
    (
        {"older_than": "24 months"},
        Field.LAST_REVIEW,
        [date(2024, 10, 30), date(2024, 10, 31), None],
        [True, False, None],
    ),
    (
        {"within": "24 months"},
        Field.LAST_REVIEW,
        [date(2024, 10, 30), date(2024, 10, 31), AS_OF, date(2026, 11, 1), None],
        [False, True, True, False, None],
    ),
    (
        {"due_within": "90 days"},
        Field.END_DATE,
        [date(2026, 10, 30), AS_OF, date(2027, 1, 29), date(2027, 1, 30), None],
        [False, True, True, False, None],
    ),
    ({"past": True}, Field.END_DATE, [date(2026, 10, 30), AS_OF, None], [True, False, None]),
    ({"past": False}, Field.END_DATE, [date(2026, 10, 30), AS_OF, None], [False, True, None]),
    ({"given": True}, Field.OWNER, ["Noor", None], [True, None]),
    ({"given": True}, Field.SUBCONTRACTORS, [["Bode"], [], None], [True, False, None]),
    ({"blank": True}, Field.OWNER, ["Noor", None], [False, True]),
    ({"blank": False}, Field.OWNER, ["Noor", None], [True, False]),
    ({"blank": True}, Field.SUBCONTRACTORS, [["Bode"], [], None], [False, True, True]),
    ({"unknown": True}, Field.OWNER, ["Noor", None], [False, True]),
    ({"unknown": False}, Field.OWNER, ["Noor", None], [True, False]),
]


@pytest.mark.parametrize(("form", "field", "values", "expected"), CASES)
def test_j7_a_form_on_both_sides(
    form: dict[str, Any], field: Field, values: list[Any], expected: list[bool | None]
) -> None:
    assert asked({"field": field.value, **form}, **{field.value: values}) == expected


@pytest.mark.parametrize(("form", "field"), [case[:2] for case in CASES if "unknown" not in case[0]])
def test_j2_an_absent_column_is_not_assessed(form: dict[str, Any], field: Field) -> None:
    assert asked({"field": field.value, **form}, task_name=["Payroll"]) == [None]


def test_unknown_tells_an_absent_column_too() -> None:
    assert asked({"field": "owner", "unknown": True}, task_name=["Payroll"]) == [True]
    assert asked({"field": "owner", "unknown": False}, task_name=["Payroll"]) == [False]


YES, NO, MISSING = ("yes", "no", None)
CORE, OWN = {"field": "core", "is": True}, {"field": "own_name", "is": True}


@pytest.mark.parametrize(
    ("core", "own", "both", "either"),
    [
        (YES, YES, True, True),
        (YES, NO, False, True),
        (NO, NO, False, False),
        (YES, MISSING, None, True),
        (NO, MISSING, False, None),
        (MISSING, MISSING, None, None),
    ],
)
def test_j2_all_any_and_not_keep_what_is_missing(
    core: str | None, own: str | None, both: bool | None, either: bool | None
) -> None:
    columns = {"core": [core], "own_name": [own]}
    assert asked({"all": [CORE, OWN]}, **columns) == [both]
    assert asked({"any": [CORE, OWN]}, **columns) == [either]
    assert asked({"not": {"all": [CORE, OWN]}}, **columns) == [None if both is None else not both]
    assert asked({"always": True}, **columns) == [True]


@pytest.mark.parametrize(
    ("span", "before", "after"),
    [
        ("1 day", date(2026, 10, 30), date(2026, 11, 1)),
        ("1 month", date(2026, 9, 30), date(2026, 11, 30)),
        ("8 months", date(2026, 2, 28), date(2027, 6, 30)),
        ("32 months", date(2024, 2, 29), date(2029, 6, 30)),
        ("1 year", date(2025, 10, 31), date(2027, 10, 31)),
        ("10 months", date(2025, 12, 31), date(2027, 8, 31)),
        ("9999 years", date(1, 10, 31), date(9998, 10, 31)),
    ],
)
def test_a_span_stays_inside_its_month(span: str, before: date, after: date) -> None:
    assert (back(AS_OF, span), ahead(AS_OF, span)) == (before, after)


SIMPLE = st.sampled_from(
    [
        {"field": "core", "is": True},
        {"field": "critical", "is": "critical"},
        {"field": "fte", "at_least": 5},
        {"field": "end_date", "past": True},
        {"field": "owner", "given": True},
        {"field": "subcontractors", "given": True},
    ]
)
TREES = st.recursive(
    SIMPLE,
    lambda part: st.one_of(
        st.lists(part, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(part, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        part.map(lambda one: {"not": one}),
    ),
    max_leaves=6,
)


@given(TREES)
def test_j2_nothing_known_is_never_false(tree: dict[str, Any]) -> None:
    columns = {name: [None] for name in ("core", "critical", "fte", "end_date", "owner", "subcontractors")}
    assert asked(tree, **columns) == [None]
    assert asked(tree, task_name=["Payroll"]) == [None]


def test_a_condition_in_words() -> None:
    tree = {"all": [CORE, {"any": [OWN, {"not": {"field": "fte", "at_least": 5, "less_than": 10}}]}]}
    words = described(Condition.model_validate(tree), names())
    assert words == "Core is yes and (Own name is yes or (not (FTE is 5 or more and FTE is less than 10)))"


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"field": "provider_spend_share", "at_least": 0.35}, "Provider's share is 35 % or more"),
        ({"field": "critical", "in": ["critical", "important"]}, "Criticality is critical or important"),
        ({"field": "core", "is": False}, "Core is no"),
        ({"field": "last_review", "older_than": "5 years"}, "Last review is more than 5 years ago"),
        ({"field": "end_date", "past": False}, "End date is not past"),
        ({"field": "owner", "blank": True}, "Owner is blank"),
        (
            {"field": "end_date", "between": [date(2026, 1, 1), date(2026, 2, 1)]},
            "End date is from 2026-01-01 to 2026-02-01",
        ),
        ({"always": True}, "always"),
    ],
)
def test_each_form_has_words(condition: dict[str, Any], words: str) -> None:
    assert described(Condition.model_validate(condition), names()) == words


def test_every_field_and_fact_can_be_named() -> None:
    vocabulary = names()
    assert set(Field) <= vocabulary.keys()
    assert all(name.values == YES_NO for name in vocabulary.values() if name.kind is Kind.YES_NO)
    assert all(source in FIELDS for name in vocabulary.values() for source in name.sources)
