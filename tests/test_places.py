"""Places as people write them: a country, several, none, or doubt."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_values import read_column

from analyzer.places import country_name, overlap_hours, resolve, zone_of
from analyzer.places.table import table
from analyzer.settings import Aliases, Settings
from analyzer.terms import Field


def place(text: str, home: str | None = "GB", beside: tuple[str, ...] = ()) -> dict[str, Any]:
    texts = pl.Series([text, *beside])
    return resolve(texts, pl.Series([home] * len(texts), dtype=pl.String)).row(0, named=True)


@pytest.mark.parametrize(
    ("home", "text", "codes"),
    [
        ("GB", "Indien", ["IN"]),
        ("GB", "Côte d’Ivoire", ["CI"]),
        ("GB", "Korea, Republic of", ["KR"]),
        ("GB", "Burma", ["MM"]),
        ("GB", "U.S.A.", ["US"]),
        ("US", "San Martin CA", ["US"]),
        ("GB", "Austin, TX", ["US"]),
        ("CA", "London, ON", ["CA"]),
        ("US", "Birmingham, AL", ["US"]),
        ("GB", "Birmingham", ["GB"]),
        ("GB", "Toronto, CA", ["CA"]),
        ("GB", "Berlin, DE", ["DE"]),
        ("US", "Wilmington, DE", ["US"]),
        ("GB", "Manila, PH - Tower 3", ["PH"]),
        ("GB", "BLR-2", ["IN"]),
        ("GB", "Hong Kong, China", ["HK"]),
        ("GB", "Mumbai & Pune", ["IN"]),
        ("GB", "India, Philippines", ["IN", "PH"]),
        ("GB", "UK + India", ["GB", "IN"]),
        ("GB", "Bosnia and Herzegovina", ["BA"]),
        ("GB", "Offshore - India", ["IN"]),
        ("GB", "Remote (Poland)", ["PL"]),
        ("GB", "Phillipines", ["PH"]),
    ],
)
def test_countries(home: str, text: str, codes: list[str]) -> None:
    assert place(text, home)["codes"] == codes


@pytest.mark.parametrize(
    ("home", "text"),
    [
        ("US", "Birmingham"),
        ("CA", "London"),
        ("US", "Georgia"),
        ("GB", "India?"),
        ("GB", "prob. Poland"),
        ("GB", "India or Poland"),
        ("GB", "Onshore (India)"),
        ("GB", "Offshore (UK)"),
        ("GB", "Onshore/Offshore"),
        ("GB", "Narnia"),
        ("GB", "IT"),
        ("GB", "India 70% Poland 40%"),
        ("GB", "70/30 India/UK"),
        ("GB", "not India"),
        ("GB", "UK / elsewhere"),
    ],
)
def test_doubt_never_names_a_country(home: str, text: str) -> None:
    read = place(text, home)
    assert read["codes"] is None
    assert read["reading"] in {"doubtful", "unreadable"}


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("IN 60 % / GB 40 %", {"IN": 0.6, "GB": 0.4}),
        ("60% India, 40% UK", {"IN": 0.6, "GB": 0.4}),
        ("India (60) UK (40)", {"IN": 0.6, "GB": 0.4}),
        ("Pune 30%, Chennai 30%, Leeds 40%", {"IN": 0.6, "GB": 0.4}),
    ],
)
def test_shares(text: str, shares: dict[str, float]) -> None:
    read = place(text)
    assert dict(zip(read["codes"], read["shares"], strict=True)) == pytest.approx(shares)


@pytest.mark.parametrize(
    ("home", "text", "reading", "abroad"),
    [
        ("GB", "APAC", "region", True),
        ("IN", "APAC", "region", None),
        ("DE", "DACH", "region", None),
        ("GB", "DACH", "region", True),
        ("GB", "EU", "region", True),
        ("GB", "EMEA", "region", None),
        (None, "APAC", "region", None),
        ("GB", "Domestic", "home word", None),
        ("GB", "Ausland", "abroad word", True),
        ("GB", "Outside UK", "abroad word", True),
        ("GB", "Global", "nowhere", None),
        ("GB", "Homeoffice", "nowhere", None),
    ],
)
def test_words_about_places(home: str | None, text: str, reading: str, abroad: bool | None) -> None:
    read = place(text, home)
    assert (read["codes"], read["reading"], read["abroad"]) == (None, reading, abroad)


@pytest.mark.parametrize(
    ("text", "beside", "codes"),
    [
        ("IN", ("DE", "FR", "PL"), ["IN"]),
        ("NA", ("DE", "FR", "PL"), ["NA"]),
        ("IN", ("NY", "TX", "OH", "WA"), ["US"]),
        ("IND", ("DEU", "FRA", "POL"), ["IN"]),
        ("UK", ("DE", "FR", "PL"), ["GB"]),
        ("IN", ("GB",), ["IN"]),
        ("IN", ("TX",), ["US"]),
        ("IN", ("DE",), None),
        ("IN", (), None),
        ("IN", ("Germany", "France", "Poland"), None),
    ],
)
def test_a6_the_column_says_what_two_letters_are(text: str, beside: tuple[str, ...], codes: list[str] | None) -> None:
    assert place(text, beside=beside)["codes"] == codes


def test_na_among_names_is_blank() -> None:
    read = read_column(Field.DELIVERY_COUNTRY, ["NA", "Germany", "France"])
    assert read.frame["delivery_reading"].to_list() == ["blank", "country", "country"]
    assert read.status["delivery_country"].to_list() == ["blank", "accepted", "accepted"]


def test_an_alias_of_the_settings_wins() -> None:
    known = Settings(aliases=Aliases(places={"Site Seven": "PL"}))
    assert read_column(Field.DELIVERY_COUNTRY, ["site seven"], settings=known).frame["delivery_country"].to_list() == [
        ["PL"]
    ]


def test_a_field_of_one_place_leaves_several_open() -> None:
    read = read_column(Field.PROVIDER_COUNTRY, ["India / Poland", "India"])
    assert read.frame["provider_country"].to_list() == [None, "IN"]
    assert [one.code for one in read.findings] == ["place-several"]


def test_data_kept_at_home_is_in_the_home_country() -> None:
    assert read_column(Field.DATA_COUNTRY, ["domestic"], home="DE").frame["data_country"].to_list() == [["DE"]]


def test_the_named_city_s_zone_comes_with_it() -> None:
    read = read_column(Field.DELIVERY_COUNTRY, ["San Francisco, CA", "India"], home="US").frame
    assert read["delivery_zone"].to_list() == ["America/Los_Angeles", None]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("California", "America/Los_Angeles"),
        ("Texas", "America/Chicago"),
        ("Ontario", "America/Toronto"),
        ("NSW", "Australia/Sydney"),
        ("Bavaria", None),  # no zone but its country's
        ("Nunavut", None),  # no city of it is known
        ("New York and San Francisco", None),  # not of one zone
    ],
)
def test_a_state_has_the_zone_most_of_its_people_live_in(text: str, zone: str | None) -> None:
    assert resolve(pl.Series([text]), pl.Series(["GB"]))["zone"].to_list() == [zone]


def test_a_column_of_state_codes_has_their_zones() -> None:
    texts = pl.Series(["CA", "TX", "NY", "FL", "WA"])
    assert resolve(texts, pl.Series(["US"] * 5))["zone"].to_list() == [
        "America/Los_Angeles",
        "America/Chicago",
        "America/New_York",
        "America/New_York",
        "America/Los_Angeles",
    ]


@pytest.mark.parametrize(
    ("home", "country", "hours"),
    [
        ("GB", "IN", 2.5),  # 9-17 in India is 3:30-11:30 UTC, in London 9-17 UTC in winter
        ("GB", "GB", 8.0),
        ("GB", "PH", 0.0),
        ("US", "IN", 0.0),
        ("DE", "PL", 8.0),
        ("GB", "America/New_York", 3.0),
        ("GB", "XX", None),
    ],
)
def test_overlap_is_that_of_the_worse_season(home: str, country: str, hours: float | None) -> None:
    assert overlap_hours(home, country) == hours


def test_names_for_people() -> None:
    assert (country_name("GB"), country_name("GB", "de"), country_name("XX")) == (
        "United Kingdom",
        "Vereinigtes Königreich",
        "XX",
    )


def test_every_country_has_a_name_that_reads_back_and_a_zone() -> None:
    codes = list(table().countries)
    names = pl.Series([country_name(code) for code in codes])
    read = resolve(names, pl.Series(["GB"] * len(codes)))
    wrong = [
        (code, got) for code, got in zip(codes, read["codes"], strict=True) if got is not None and list(got) != [code]
    ]
    assert wrong == []
    assert [code for code in ("IN", "US", "PL", "PH", "ZA", "BR") if zone_of(code) is None] == []


@settings(max_examples=50)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=6))
def test_any_text_is_read_without_losing_a_row(texts: list[str]) -> None:
    read = resolve(pl.Series(texts, dtype=pl.String), pl.Series(["GB"] * len(texts)))
    assert read.height == len(texts)
    assert set(read["codes"].drop_nulls().explode().drop_nulls()) <= set(table().countries)
