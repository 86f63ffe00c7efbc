"""Who a provider cell names."""

from __future__ import annotations

import pytest
from reading_values import read_column

from analyzer.settings import Aliases, Company, Settings
from analyzer.terms import Field

SETTINGS = Settings(
    company=Company(name="Contoso Ltd", home="GB", entities=("Contoso India Pvt Ltd",)),
    aliases=Aliases(providers={"acme bpo services": "Acme BPO"}),
)


@pytest.mark.parametrize(
    ("text", "reading", "names"),
    [
        ("Acme BPO", "named", ["Acme BPO"]),
        ("ACME BPO Services", "named", ["Acme BPO"]),
        ("Internal", "internal", None),
        ("eigene Mitarbeiter", "internal", None),
        ("N/A", "none word", None),
        ("-", "none word", None),
        ("", "blank", None),
        ("TBD", "unknown word", None),
        ("Acme?", "unknown word", None),
        ("CONTOSO LIMITED", "own company", None),
        ("Contoso India Private Ltd.", "own entity", ["Contoso India Private Ltd."]),
        ("Contoso Ltd, Dublin branch", "own branch", ["Contoso Ltd, Dublin branch"]),
        ("Finance team", "own department", None),
        ("IT dept", "own department", None),
        ("Warehouse", "own department", None),
        ("Dream Team GmbH", "named", ["Dream Team GmbH"]),
        ("Jane Fox", "person", ["Jane Fox"]),
        ("Herr B. Quill", "person", ["Herr B. Quill"]),
        ("John Fox Logistics", "named", ["John Fox Logistics"]),
        ("Hartley & Moss", "named", ["Hartley & Moss"]),
        ("Foo, Inc.", "named", ["Foo, Inc."]),
        ("Smith, Jones & Partners LLP", "named", ["Smith, Jones & Partners LLP"]),
        ("Acme BPO; Globex", "several", ["Acme BPO", "Globex"]),
        ("Globex Ltd, Initrode GmbH", "several", ["Globex Ltd", "Initrode GmbH"]),
        ("Internal + Acme", "shared", ["Acme"]),
        ("in-house and Acme", "shared", ["Acme"]),
        ("Finance team / Acme", "shared", ["Acme"]),
    ],
)
def test_the_reading_of_a_cell(text: str, reading: str, names: list[str] | None) -> None:
    read = read_column(Field.PROVIDER, [text], settings=SETTINGS, others={Field.FUNCTION: ["Warehouse"]}).frame
    assert (read["provider_reading"][0], read["providers"].to_list()[0]) == (reading, names)


def test_the_column_shows_that_parts_are_providers_of_their_own() -> None:
    read = read_column(Field.PROVIDER, ["Acme and Globex", "Acme", "Globex", "Moss and Hartley"]).frame
    assert read["provider_reading"].to_list() == ["several", "named", "named", "named"]


def test_a_stated_split_gives_own_staff_s_share() -> None:
    assert read_column(Field.PROVIDER, ["Internal 40% / Acme 60%"]).frame["own_share"].to_list() == [0.4]
    assert read_column(Field.PROVIDER, ["Internal / Acme 60%"]).frame["own_share"].to_list() == [None]


@pytest.mark.parametrize(
    ("text", "names", "shares"),
    [
        ("Acme 60% / Globex 40%", ["Acme", "Globex"], [0.6, 0.4]),
        ("Internal 50% / Acme 30% / Globex 20%", ["Acme", "Globex"], [0.3, 0.2]),
        ("Acme 40% / Globex 40% / Acme 20%", ["Acme", "Globex"], [0.6, 0.4]),
        ("Acme 60% / Globex", ["Acme", "Globex"], None),
        ("Acme 60% / Globex 30%", ["Acme", "Globex"], None),  # not the whole
        ("Acme / Globex", ["Acme", "Globex"], None),
        ("Acme", ["Acme"], None),
    ],
)
def test_a_stated_split_gives_each_provider_s_share(text: str, names: list[str], shares: list[float] | None) -> None:
    read = read_column(Field.PROVIDER, [text]).frame
    assert read["providers"].to_list() == [names]
    assert read["provider_shares"].to_list() == [shares and pytest.approx(shares)]


def test_a_name_like_the_company_s_own_is_said() -> None:
    read = read_column(Field.PROVIDER, ["Contoso Poland Sp. z o.o."], settings=SETTINGS)
    assert read.frame["provider_reading"][0] == "named"
    assert [one.code for one in read.findings] == ["provider-resembles-own"]


def test_an_error_cell_is_not_a_blank_provider() -> None:
    read = read_column(Field.PROVIDER, ["#REF!"], kinds=[7])
    assert (read.frame["provider_reading"][0], read.status["provider"][0]) == ("unknown word", "error")
