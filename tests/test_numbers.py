"""Numbers as a person says them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.report.numbers import Numbers
from analyzer.report.words import load

EN = Numbers("en_GB", load("en"))
DE = Numbers("de_DE", load("de"))


def plain(text: str) -> str:
    """Spaces of all widths as plain ones."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        (0, "£0", "0 £"),
        (845, "£845", "845 £"),
        (999.6, "£1 k", "1 Tsd. £"),
        (60_000, "£60 k", "60 Tsd. £"),
        (9_840, "£9.8 k", "9,8 Tsd. £"),
        (999_960, "£1 m", "1 Mio. £"),
        (46_612_000, "£46.6 m", "46,6 Mio. £"),
        (123_456_789, "£123 m", "123 Mio. £"),
        (-4_000, "−£4 k", "−4 Tsd. £"),
        (2_500_000_000, "£2.5 bn", "2,5 Mrd. £"),
    ],
)
def test_money_has_three_figures_at_most(value: float, english: str, german: str) -> None:
    assert plain(EN.money(value, "GBP")) == english
    assert plain(DE.money(value, "GBP")) == german


@pytest.mark.parametrize(
    ("currency", "english"), [("EUR", "€1 k"), ("CHF", "CHF 1 k"), ("SEK", "SEK 1 k"), ("USD", "$1 k")]
)
def test_a_currency_without_a_sign_is_named(currency: str, english: str) -> None:
    assert plain(EN.money(1000, currency)) == english


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(1, 1000, "<1 %"), (999, 1000, ">99 %"), (0, 10, "0 %"), (10, 10, "100 %"), (46, 100, "46 %"), (1, 0, "–")],
)
def test_a_share_never_says_nothing_for_one_nor_all_for_all_but_one(part: int, whole: int, said: str) -> None:
    assert plain(EN.share(part, whole)) == said


@given(st.integers(1, 10_000_000), st.data())
def test_only_nothing_is_0_percent_and_only_all_is_100_percent(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    said = plain(EN.share(part, whole))
    assert (said == "0 %") == (part == 0)
    assert (said == "100 %") == (part == whole)


@pytest.mark.parametrize(("value", "said"), [(2, "+2"), (-5, "−5"), (0, "±0"), (0.04, "±0"), (-1.5, "−1.5")])
def test_a_change_has_a_sign_and_a_true_minus(value: float, said: str) -> None:
    assert EN.signed(value, 1) == said


@pytest.mark.parametrize(("value", "said"), [(829.5, "829.5"), (38.0, "38"), (0.01, "<0.1"), (12_345.6, "12,346")])
def test_people_are_counted_to_one_place(value: float, said: str) -> None:
    assert EN.fte(value) == said


def test_a_day_near_the_period_needs_no_year() -> None:
    assert plain(EN.day(date(2026, 11, 30), date(2026, 10, 31))) == "30 Nov"
    assert plain(EN.day(date(2027, 1, 15), date(2026, 10, 31))) == "15 Jan 2027"
    assert plain(DE.day(date(2026, 11, 30), date(2026, 10, 31))) == "30. Nov."
    assert plain(DE.long_day(date(2026, 10, 31))) == "31. Oktober 2026"
    assert EN.day(None) == "–"


@pytest.mark.parametrize(
    ("locale", "said"),
    [("en_GB", "1,234.5"), ("de_DE", "1.234,5"), ("de_CH", "1’234.5"), ("fr_FR", "1 234,5"), ("xx", "1,234.5")],
)
def test_marks_are_those_of_the_locale(locale: str, said: str) -> None:
    assert plain(Numbers(locale, load("en")).number(1234.5, 1)) == said


@given(st.floats(-1e11, 1e11, allow_nan=False))
def test_money_never_shows_a_hyphen_or_more_than_four_figures(value: float) -> None:
    said = EN.money(value, "GBP")
    assert "-" not in said
    assert sum(letter.isdigit() for letter in said) <= 4


@pytest.mark.parametrize(("currency", "said"), [("", "893"), ("GBP", "£893"), ("CHF", "CHF\N{NO-BREAK SPACE}893")])
def test_money_of_no_named_currency_has_no_gap_before_it(currency: str, said: str) -> None:
    assert EN.money(893, currency) == said
