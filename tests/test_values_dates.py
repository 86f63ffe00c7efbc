"""Dates as cells, serial numbers and text."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from reading_values import read_column, values

from analyzer.settings import Columns, Settings
from analyzer.terms import Field

START, END = Field.START_DATE, Field.END_DATE


def only(text: str, field: Field = START, **context: Any) -> Any:
    return values(field, [text], **context)[0]


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "05.03.2024",
        "5.3.24",
        "5 March 2024",
        "March 5, 2024",
        "5-Mar-24",
        "5. März 2024",
        "5 mars 2024",
        "5 de marzo de 2024",
        "5 de março de 2024",
        "5 marzo 2024",
        "5 maart 2024",
        "20240305",
        "2024-03-05 14:30",
        "2024-03-05T00:00:00Z",
    ],
)
def test_one_day_in_many_languages(text: str) -> None:
    assert only(text) == date(2024, 3, 5)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["03/04/2024", "31/12/2024"], date(2024, 4, 3)),
        (["03/04/2024", "12/31/2024"], date(2024, 3, 4)),
        (["03/04/2024"], None),
        (["03/04/2024", "31/12/2024", "12/31/2024"], None),
    ],
)
def test_a11_the_column_decides_between_day_and_month(column: list[str | None], expected: date | None) -> None:
    assert values(START, column)[0] == expected


def test_another_date_column_of_the_sheet_decides_where_the_column_does_not() -> None:
    assert values(START, ["03/04/2024"], others={END: ["31/12/2025"]}) == [date(2024, 4, 3)]


@pytest.mark.parametrize(("day_first", "expected"), [(True, date(2024, 4, 3)), (False, date(2024, 3, 4))])
def test_a11_the_settings_decide_over_all(day_first: bool, expected: date) -> None:
    settings = Settings(columns=(Columns(day_first=day_first),))
    assert only("03/04/2024", settings=settings) == expected


@pytest.mark.parametrize("text", ["2024-02-30", "30/02/2024", "29.02.2023", "31/04/2025", "13/13/2024", "25-Jul"])
def test_a11_a_day_that_the_calendar_has_not_is_flagged(text: str) -> None:
    read = read_column(START, [text])
    assert (read.frame["start_date"][0], read.status["start_date"][0]) == (None, "flagged")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Jul-25", date(2025, 7, 1), date(2025, 7, 31)),
        ("01/2024", date(2024, 1, 1), date(2024, 1, 31)),
        ("Q3 2024", date(2024, 7, 1), date(2024, 9, 30)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_span_is_its_first_day_and_in_an_end_date_its_last(text: str, first: date, last: date) -> None:
    assert (only(text), only(text, END)) == (first, last)
    assert [one.code for one in read_column(START, [text]).findings] == ["date-of-a-span"]


@pytest.mark.parametrize(
    ("serial", "date1904", "expected"),
    [
        ("45356", False, date(2024, 3, 5)),
        ("45356", True, date(2028, 3, 6)),
        ("43894", True, date(2024, 3, 5)),
        ("60", False, None),
        ("0", False, None),
        ("-5", False, None),
        ("2958466", False, None),
    ],
)
def test_a10_serial_numbers_of_both_epochs(serial: str, date1904: bool, expected: date | None) -> None:
    assert only(serial, kinds=[2], date1904=date1904) == expected


@pytest.mark.parametrize("text", ["unbefristet", "open-ended", "31.12.9999"])
def test_no_end_is_said_and_is_not_a_gap(text: str) -> None:
    read = read_column(END, [text])
    assert (read.frame["end_date"][0], read.status["end_date"][0]) == (None, "corrected")
    assert [one.code for one in read.findings] == ["date-open-ended"]


def test_typed_dates_need_no_vote() -> None:
    assert only("2024-04-03T10:00:00", kinds=[5]) == date(2024, 4, 3)
