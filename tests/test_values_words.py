"""Yes and no, enumerations, evidence and lists: listed words only."""

from __future__ import annotations

import pytest
from reading_values import read_column, values

from analyzer.fields import FIELDS, Kind
from analyzer.intake.reader import data
from analyzer.intake.values import fit
from analyzer.intake.words import meanings_of
from analyzer.places import folded
from analyzer.terms import Field


@pytest.mark.parametrize(
    "text", ["Yes", "y", "Ja", "Oui", "Sí", "Sim", "TRUE", "✓", "a) yes", "1 - Yes", "Yes (see annex)"]
)
def test_a7_yes(text: str) -> None:
    assert values(Field.CORE, [text]) == ["yes"]


@pytest.mark.parametrize("text", ["No", "n", "Nein", "Non", "Não", "Nee", "false"])
def test_a7_no(text: str) -> None:
    assert values(Field.CORE, [text]) == ["no"]


@pytest.mark.parametrize("text", ["1", "5", "120000", "?", "TBD", "N/A", "-", "maybe", ""])
def test_a7_what_says_neither_is_never_no(text: str) -> None:
    assert values(Field.CORE, [text]) == [None]


def test_a7_ones_and_noughts_are_read_where_a_column_holds_nothing_else() -> None:
    assert values(Field.CORE, ["1", "0", None]) == ["yes", "no", None]
    assert values(Field.CORE, ["1", "0", "7"]) == [None, None, None]


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (Field.STATUS, "In force", "active"),
        (Field.STATUS, "gekündigt", "ended"),
        (Field.PROVIDER_TYPE, "EXT", "third_party"),
        (Field.PROVIDER_TYPE, "Shared service centre", "group"),
        (Field.PROVIDER_TYPE, "Arbeitnehmerüberlassung", "staff_aug"),
        (Field.PRICING_MODEL, "T&M", "t_and_m"),
        (Field.PRICING_MODEL, "Festpreis", "fixed"),
        (Field.CRITICAL, "Tier 1", "critical"),
        (Field.CRITICAL, "Nicht wesentlich", "normal"),
        (Field.IN_PERSON, "Vor Ort", "required"),
        (Field.SUBSTITUTABILITY, "Not substitutable", "impossible"),
        (Field.SUBSTITUTABILITY, "Highly complex substitutability", "difficult"),
        (Field.EXIT_PLAN, "exists, not tested", "exists"),
        (Field.EXIT_PLAN, "None", "none"),
        (Field.REINTEGRATION, "Highly complex", "highly complex"),
        (Field.TRANSFER_BASIS, "Standard Contractual Clauses", "scc"),
        (Field.OFFSHORE_FLAG, "Inland", "onshore"),
        (Field.OFFSHORE_FLAG, "Yes", "offshore"),
        (Field.OFFSHORE_FLAG, "Domestic Only", "onshore"),
        (Field.OFFSHORE_FLAG, "100% offshore delivery", "offshore"),
        (Field.OUTSOURCED_FLAG, "fully outsourced", "yes"),
        (Field.OUTSOURCED_FLAG, "Nur intern", "no"),
        (Field.OUTSOURCED_FLAG, "not fully outsourced", None),
        (Field.OUTSOURCED_FLAG, "fully", None),
        (Field.KPI_FREQUENCY, "vierteljährlich", "quarterly"),
        (Field.INCENTIVE, "Service credits", "penalty"),
        (Field.OUTSOURCED_FLAG, "Developed in-house", "no"),
    ],
)
def test_enumerations_in_several_languages(field: Field, text: str, value: str | None) -> None:
    assert values(field, [text]) == [value]


def test_a_criticality_number_has_no_direction() -> None:
    assert values(Field.CRITICAL, ["1", "3"]) == [None, None]


@pytest.mark.parametrize(
    ("field", "header", "text", "value"),
    [
        (Field.OUTSOURCED_FLAG, "Insourced?", "Yes", "no"),
        (Field.OUTSOURCED_FLAG, "Outsourced?", "Yes", "yes"),
        (Field.OFFSHORE_FLAG, "Onshore (Y/N)", "No", "offshore"),
        (Field.OFFSHORE_FLAG, "Onshore/Offshore", "Yes", "offshore"),
    ],
)
def test_a_header_that_asks_the_opposite_turns_the_answer(field: Field, header: str, text: str, value: str) -> None:
    assert values(field, [text], header=header) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Yes", "stated"),
        ("No", "none"),
        ("not agreed", "none"),
        ("SLA-2024-03", "evidenced"),
        ("99.5 % uptime", "evidenced"),
        ("https://contoso.example/sla", "evidenced"),
        ("planned", None),
        ("N/A", None),
    ],
)
def test_evidence_is_a_reference_and_not_a_bare_yes(text: str, value: str | None) -> None:
    assert values(Field.SLA, [text]) == [value]


def test_a_dated_cell_is_evidence() -> None:
    assert values(Field.STAFF_CONSULTED, ["2025-05-01"], kinds=[4]) == ["evidenced"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Acme | Globex", ["Acme", "Globex"]),
        ("Acme; Foo, Inc.", ["Acme", "Foo, Inc"]),
        ("Acme, Globex", ["Acme", "Globex"]),
        ("Acme\nGlobex", ["Acme", "Globex"]),
        ("none", []),
        ("N/A", None),
    ],
)
def test_lists_of_names(text: str, names: list[str] | None) -> None:
    assert values(Field.SUBCONTRACTORS, [text]) == [names]


@pytest.mark.parametrize(
    ("header", "text", "value"),
    [
        ("Prestation essentielle (O/N)", "O", "critical"),
        ("Prestation essentielle (O/N)", "N", "normal"),
        ("Prestation essentielle", "O", None),
        ("Esencial (S/N)", "S", "critical"),
    ],
)
def test_a_header_says_which_letter_is_a_yes(header: str, text: str, value: str | None) -> None:
    assert meanings_of(Field.CRITICAL, header).get(folded(text)) == value


def test_a_remark_is_left_out_and_said() -> None:
    read = read_column(Field.CRITICAL, ["Critical - since 2021"])
    assert read.frame["critical"][0] == "critical"
    assert [one.code for one in read.findings] == ["word-with-remark"]


def test_every_enumeration_has_words_and_only_its_own_values() -> None:
    for field, spec in FIELDS.items():
        if spec.kind in {Kind.ENUM, Kind.YES_NO}:
            assert set(meanings_of(field, "").values()) == set(spec.values), field


def test_words_are_listed_as_they_are_looked_up() -> None:
    words = data("words")
    spellings = [word for lists in words["field"].values() for words_ in lists.values() for word in words_]
    spellings += [*words["blank"], *words["unknown"], *(word for lists in words["yes_no"].values() for word in lists)]
    assert [word for word in spellings if folded(word) != word] == []


def test_no_word_has_two_meanings_in_a_field() -> None:
    for field, lists in data("words")["field"].items():
        spellings = [word for words in lists.values() for word in dict.fromkeys(words)]
        assert sorted({word for word in spellings if spellings.count(word) > 1}) == [], field


def test_fit_tells_columns_apart() -> None:
    import polars as pl  # noqa: PLC0415 - only here

    countries = pl.Series(["India", "Poland", "GB", None, "Manila"])
    assert fit(Field.DELIVERY_COUNTRY, countries) == 1.0
    assert fit(Field.FTE, countries) == 0.0
    assert fit(Field.FTE, pl.Series(["1", "2.5", "x", None])) == pytest.approx(2 / 3)
    assert fit(Field.FTE, pl.Series([], dtype=pl.String)) == 0.0


def test_an_owner_who_is_not_known_is_no_owner() -> None:
    read = read_column(Field.OWNER, ["Jane Fox", "TBD", "N/A"])
    assert read.frame["owner"].to_list() == ["Jane Fox", None, None]
    assert read.status["owner"].to_list() == ["accepted", "flagged", "blank"]


def test_a6_a_task_may_bear_any_name() -> None:
    assert values(Field.TASK_NAME, ["Check", "Open", None]) == ["Check", "Open", None]
