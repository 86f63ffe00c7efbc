"""Numbers and amounts as people write them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_values import read_column, status, values

from analyzer.intake.money import header_unit
from analyzer.intake.numbers import decimal_mark
from analyzer.settings import Settings
from analyzer.terms import Field

FTE, COST = Field.FTE, Field.ANNUAL_COST


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12.0),
        ("0.5", 0.5),
        ("3,5", 3.5),
        ("1 234,5", 1234.5),
        ("(3)", -3.0),
        ("3-", -3.0),
        ("5 FTE", 5.0),
        ("1.2k", 1200.0),
    ],
)
def test_a4_a_number_in_any_form_that_leaves_no_choice(text: str, number: float) -> None:
    assert values(Field.HOME_HEADCOUNT_CHANGE, [text]) == [number]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1-100", "value-is-a-band"),
        ("50,000+", "value-is-a-band"),
        ("<1", "value-is-a-band"),
        ("TBD", "value-unknown"),
        ("?", "value-unknown"),
        ("ten", "value-not-a-number"),
        ("1.234", "value-mark-unclear"),
        ("9007199254740993", "value-not-a-number"),
    ],
)
def test_a5_what_is_no_number_is_flagged_with_its_reason(text: str, code: str) -> None:
    read = read_column(FTE, [text])
    assert (read.frame["fte"][0], read.status["fte"][0]) == (None, "flagged")
    assert [(finding.code, finding.cells, finding.count) for finding in read.findings] == [(code, ("Tasks!A2",), 1)]


@pytest.mark.parametrize("text", ["-", "n/a", "none", "k.A.", "--", " "])
def test_a5_nothing_stated_is_blank_and_never_nought(text: str) -> None:
    assert values(FTE, [text]) == [None]
    assert status(FTE, text) == "blank"


@pytest.mark.parametrize(
    ("column", "mark"),
    [
        (["1,234.50", "1,234"], "."),
        (["1.234,50", "1.234"], ","),
        (["12,5", "1.234"], ","),
        (["1,234", "2,345", "12,000"], "groups"),
        (["1,234"], ""),
        (["1,5", "1.5"], "?"),
    ],
)
def test_the_column_votes_on_its_decimal_mark(column: list[str], mark: str) -> None:
    assert decimal_mark(pl.Series(column)) == mark


def test_a4_a_lone_mark_is_read_as_the_column_has_it() -> None:
    assert values(COST, ["1.234,50", "2.500"]) == [1234.5, 2500.0]
    assert values(COST, ["1,234.50", "2,500"]) == [1234.5, 2500.0]


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("£1.2m", 1_200_000.0, "GBP"),
        ("1.234,50 EUR", 1234.5, "EUR"),
        ("(500)", -500.0, None),
        ("CHF 1'234.50", 1234.5, "CHF"),
        ("1 234,50", 1234.5, None),
        ("2,5 Mio. €", 2_500_000.0, "EUR"),
        ("250 TEUR", 250_000.0, "EUR"),
        ("1,2 Mrd", 1_200_000_000.0, None),
        ("₹ 12,34,567", 1_234_567.0, "INR"),
        ("120k EUR p.a.", 120_000.0, "EUR"),
    ],
)
def test_a4_an_amount_with_its_unit_and_currency(text: str, amount: float, currency: str | None) -> None:
    read = read_column(COST, [text]).frame
    assert read.row(0) == (amount, currency)


@pytest.mark.parametrize("text", ["USD 40/h", "£500/day", "2.000 €/Monat", "0.05 USD per transaction"])
def test_a_rate_is_no_amount(text: str) -> None:
    read = read_column(COST, [text])
    assert read.frame["annual_cost"][0] is None
    assert [finding.code for finding in read.findings] == ["value-is-a-rate"]


@pytest.mark.parametrize(("home", "currency"), [("GB", "USD"), ("AU", "AUD"), ("CA", "CAD"), (None, "USD")])
def test_a_dollar_is_the_home_country_s_where_it_has_one(home: str | None, currency: str) -> None:
    assert read_column(COST, ["$5,000.00"], home=home).frame["annual_cost_currency"][0] == currency


def test_a_krone_of_nowhere_has_no_currency() -> None:
    assert read_column(COST, ["kr 5 000"]).frame.row(0) == (5000.0, None)
    assert read_column(COST, ["kr 5 000"], home="SE").frame.row(0) == (5000.0, "SEK")


@pytest.mark.parametrize(
    ("header", "scale", "currency"),
    [
        ("Annual cost (£k)", 1e3, "GBP"),
        ("Cost in k EUR", 1e3, "EUR"),
        ("Jahreskosten (TEUR)", 1e3, "EUR"),
        ("Spend USD m", 1e6, "USD"),
        ("Annual cost", 1.0, ""),
        ("Amount [EUR]", 1.0, "EUR"),
    ],
)
def test_a22_the_header_names_scale_and_currency(header: str, scale: float, currency: str) -> None:
    unit = header_unit(header)
    assert (unit.scale, unit.currency) == (scale, currency)


@pytest.mark.parametrize(
    "header",
    [
        "Cost (£000)",
        "Cost £'000",
        "Cost (£\u2019000s)",
        "Cost, £000s",
        "Cost in thousands of pounds",
        "Cost (x1,000)",
        "Cost x1000",
        "Kosten in T€",
        "Kosten in 1.000 €",
        "Kosten (1000 EUR)",
        "Coût (en milliers d'euros)",
        "Coste (miles de euros)",
        "Costo (migliaia di euro)",
        "Custo (milhares de euros)",
        "Kosten (duizenden euro)",
    ],
)
def test_a22_thousands_in_the_ways_headers_say_them(header: str) -> None:
    assert header_unit(header).scale == 1000


@pytest.mark.parametrize(
    "header", ["Contracts over £1,000", "Value (over £1,000)", "Spend > £1000", "Cost FY2000", "Cost per 1000 units"]
)
def test_a22_a_thousand_that_bounds_something_is_no_scale(header: str) -> None:
    assert header_unit(header).scale == 1


def test_a22_cells_of_a_column_in_thousands_are_multiplied_and_said_unless_they_name_a_scale() -> None:
    read = read_column(COST, ["250", "1.5m"], header="Annual cost (£k)")
    assert read.frame.rows() == [(250_000.0, "GBP"), (1_500_000.0, "GBP")]
    assert [(one.code, one.cells) for one in read.findings] == [("value-scaled-by-header", ("Tasks!A2",))]


def test_typed_cells_are_exact_whatever_the_texts_vote() -> None:
    assert values(COST, ["1.234", "1.234,50"], kinds=[2, 1]) == [1.234, 1234.5]


def test_a1_error_cells_are_errors_and_not_blank() -> None:
    read = read_column(COST, ["#REF!", "100"], kinds=[7, 2])
    assert read.status["annual_cost"].to_list() == ["error", "accepted"]
    assert [one.code for one in read.findings] == ["value-is-an-error"]


def test_notice_periods_become_days() -> None:
    texts: list[str | None] = ["3 months", "90 Tage", "30 days", "90", "1-3 months", "1 Jahr"]
    assert values(Field.NOTICE_DAYS, texts) == [90.0, 90.0, 30.0, 90.0, None, 365.0]


def test_a22_shares_as_fractions_are_per_cent() -> None:
    assert values(Field.JV_SHARE, ["0.49", "0.51"], kinds=[2, 2]) == [49.0, 51.0]
    assert values(Field.JV_SHARE, ["49 %", "51%"]) == [49.0, 51.0]


def test_e10_findings_are_grouped_with_five_cells_and_the_true_count() -> None:
    read = read_column(COST, [f"abc {number}" for number in range(312)])
    (finding,) = read.findings
    assert finding.count == 312
    assert finding.cells == ("Tasks!A2", "Tasks!A3", "Tasks!A4", "Tasks!A5", "Tasks!A6")


@given(st.integers(-(10**9), 10**9), st.sampled_from(["{:,}", "{}"]))
def test_a_whole_number_written_the_english_way_is_read_back(number: int, form: str) -> None:
    text = form.format(number)
    assert values(COST, [text, "1,234,567.89"])[0] == number


@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), min_size=1, max_size=8))
def test_any_text_keeps_its_row_and_gets_a_status(texts: list[str | None]) -> None:
    read = read_column(COST, texts, settings=Settings())
    assert read.frame.height == len(texts)
    assert set(read.status["annual_cost"]) <= {"blank", "accepted", "corrected", "flagged", "error"}
