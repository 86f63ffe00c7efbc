"""Headers become fields: invented layouts in many languages, and the traps one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.intake.content import profile
from analyzer.intake.headers import normal, parse
from analyzer.intake.mapping import Mapped, assign
from analyzer.intake.matching import matches
from analyzer.intake.survey import layout_hash
from analyzer.terms import Field

LABELLED = Path(__file__).parent / "labelled"
ENOUGH = 0.95  # share of columns that must be right; wrong is never allowed


@dataclass(frozen=True)
class Line:
    header: str
    wanted: frozenset[str]  # "-" none, "?" anything
    values: tuple[str | None, ...]


def layouts(name: str) -> Iterator[tuple[str, list[Line]]]:
    for block in (LABELLED / name).read_text(encoding="utf-8").split("\n== ")[1:]:
        title, *lines = block.strip().splitlines()
        cells = [line.split(" | ") for line in lines]
        yield (
            title,
            [
                Line(h.strip(), frozenset(f.strip().split("/")), tuple(v.strip() or None for v in vs.split(";")))
                for h, f, vs in cells
            ],
        )


def mapped(headers: list[str], columns: list[tuple[str | None, ...]]) -> Mapped:
    profiles = {index: profile(pl.Series(values, dtype=pl.String)) for index, values in enumerate(columns)}
    return assign(dict(enumerate(headers)), profiles)


def fields(headers: str, *rows: str) -> dict[str, str]:
    """Header -> field of a one-line text table with a few rows."""
    names = [text.strip() for text in headers.split("|")]
    cells = [[text.strip() or None for text in row.split("|")] for row in rows]
    columns = [tuple(row[index] for row in cells) for index in range(len(names))]
    return {choice.header: choice.match.field.value for choice in mapped(names, columns).chosen}


ALL = [(file, *layout) for file in ("layouts_frozen.txt", "layouts.txt") for layout in layouts(file)]


@pytest.mark.parametrize(
    ("title", "lines"), [(title, lines) for _, title, lines in ALL], ids=[title for _, title, _ in ALL]
)
def test_a_layout_is_never_mapped_wrong(title: str, lines: list[Line]) -> None:
    found = {c.column: c.match.field.value for c in mapped([x.header for x in lines], [x.values for x in lines]).chosen}
    wrong = {
        line.header: found[index]
        for index, line in enumerate(lines)
        if index in found and not line.wanted & {found[index], "?"}
    }
    assert wrong == {}


@pytest.mark.parametrize("file", ["layouts_frozen.txt", "layouts.txt"])
def test_most_columns_of_the_layouts_are_found(file: str) -> None:
    right = total = 0
    for _, lines in layouts(file):
        found = {
            c.column: c.match.field.value for c in mapped([x.header for x in lines], [x.values for x in lines]).chosen
        }
        total += len(lines)
        right += sum(bool(line.wanted & {found.get(index, "-"), "?"}) for index, line in enumerate(lines))
    assert right >= ENOUGH * total


@pytest.mark.parametrize(
    "header",
    [
        "Cost centre",
        "System vendor",
        "County",
        "Vendor e-mail",
        "Payment terms",
        "Task category",
        "Date of birth",
        "Country manager",
        "Places",
        "Contact us",
        "Number of contracts",
        "Anzahl Verträge",
        "Vendor state",
        "Risk owner",
        "Payment date",
        "Contract state aid",
        "",
        "?",
        "2024",
    ],
)
def test_a_decoy_is_no_sure_field(header: str) -> None:
    assert [match for match in matches(header) if not match.assumed] == []


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("TASK NAME", "task_name"),
        ("task_name", "task_name"),
        ("taskName", "task_name"),
        ("Task\nname", "task_name"),
        ("  Task   name * ", "task_name"),
        ("Name of the task", "task_name"),
        ("Ｔａｓｋ", "task_name"),
        ("T\u200bask", "task_name"),
        ("Tаsk", "task_name"),  # a Cyrillic letter
        ("Aufgabe", "task_name"),
        ("TÂCHE", "task_name"),
        ("Annual cost (EUR)", "annual_cost"),
        ("Annual cost [k€]", "annual_cost"),
        ("Jährliche Kosten in TEUR", "annual_cost"),
        ("Jährliche Kosten in T€", "annual_cost"),
        ("Annual cost £'000", "annual_cost"),
        ("FEI (S/N)", "critical"),
        ("Outsourced? (Y/N)", "outsourced_flag"),
        ("Start date (dd/mm/yyyy)", "start_date"),
        ("Country of provision of the ICT services", "delivery_country"),
        ("Vendor HQ country", "provider_country"),
        ("Servise provider", "provider"),
    ],
)
def test_a19_spellings_of_a_header(header: str, field: str) -> None:
    assert matches(header)[0].field.value == field


def test_b3_a_typo_is_said() -> None:
    best = matches("Suplier")[0]
    assert (best.field, best.corrected) == (Field.PROVIDER, True)
    assert "supplier" in best.evidence


def test_a_bracket_that_qualifies_is_part_of_the_meaning() -> None:
    assert [match.field for match in matches("Country (HQ)")] == [Field.PROVIDER_COUNTRY]
    assert matches("FTE (planned)") == ()


@pytest.mark.parametrize("header", ["Country", "Location", "Company", "Service", "Amount", "Name"])
def test_an_ambiguous_header_is_assumed(header: str) -> None:
    assert matches(header)[0].assumed


def test_content_decides_what_a_provider_column_is() -> None:
    found = fields("Task | Contractor", "Payroll | Yes", "Reception | No", "Audit | Yes")
    assert found == {"Task": "task_name", "Contractor": "outsourced_flag"}


def test_content_that_cannot_be_the_field_leaves_it_unmapped() -> None:
    found = mapped(["Task", "Start date"], [("Payroll", "Audit"), ("Anna", "Ben")])
    assert found.fields == {Field.TASK_NAME}
    assert found.unfit == ((Field.START_DATE, 1),)


def test_twin_columns_in_two_languages_take_the_first() -> None:
    found = fields("Service (English) | Service (French)", "Payroll | Paie", "Reception | Accueil")
    assert found == {"Service (English)": "task_name"}


def test_a_description_names_the_task_where_nothing_else_does() -> None:
    found = mapped(["Ref", "Description"], [("1", "2"), ("Payroll", "Audit")])
    (task,) = (c for c in found.chosen if c.match.field is Field.TASK_NAME)
    assert (task.header, task.match.assumed) == ("Description", True)


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ("Process L1 | Process L2 | Process L3", {"Process L1": "function", "Process L3": "task_name"}),
        ("Level 1 process | Level 2 process", {"Level 1 process": "function", "Level 2 process": "task_name"}),
        ("L1 | L2 | L3", {"L1": "function", "L3": "task_name"}),
        ("Prozess Ebene 1 | Provider", {"Prozess Ebene 1": "task_name", "Provider": "provider"}),
    ],
)
def test_of_levels_of_a_process_the_deepest_is_the_task(headers: str, wanted: dict[str, str]) -> None:
    rows = ("Finance | Order to cash | Cash application", "Finance | Record to report | Month end", "IT | Run | Backup")
    assert fields(headers, *rows) == wanted


def test_of_a_places_city_and_country_the_country_is_taken() -> None:
    headers = "Task | Activity Location - City | Activity Location - Country"
    found = fields(headers, "Payroll | Denver | USA", "Helpdesk | Pune | India")
    assert found == {"Task": "task_name", "Activity Location - Country": "delivery_country"}


def test_of_two_years_the_later_is_the_cost() -> None:
    found = fields("Task | Spend FY23 | Spend FY24", "Payroll | 10 | 20", "Audit | 30 | 40")
    assert found["Spend FY24"] == "annual_cost"


def test_the_settings_are_never_questioned() -> None:
    profiles = {0: profile(pl.Series(["1", "2"])), 1: profile(pl.Series(["a", "b"]))}
    found = assign({0: "Task", 1: "Whatever"}, profiles, fixed={Field.TASK_NAME: 1})
    assert [(c.header, c.match.field) for c in found.chosen] == [("Whatever", Field.TASK_NAME)]


@settings(deadline=None)
@given(st.permutations(list(range(12))))
def test_the_order_of_columns_changes_no_mapping(order: list[int]) -> None:
    _, lines = next(layouts("layouts_frozen.txt"))
    lines = lines[:12]
    shuffled = [lines[index] for index in order]
    straight = {c.header: c.match.field for c in mapped([x.header for x in lines], [x.values for x in lines]).chosen}
    turned = {
        c.header: c.match.field for c in mapped([x.header for x in shuffled], [x.values for x in shuffled]).chosen
    }
    assert turned == straight


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_a_header_that_can_be_read(text: str) -> None:
    header = parse(text)
    assert normal(header.full) == header.full
    assert all(0 <= match.score <= 100 for match in matches(text))


def test_the_nearest_phrase_of_a_field_is_what_counts_for_a_suggestion() -> None:
    """Whichever of the header's words is looked up first: the order of a set differs from run to run."""
    mapped = assign({0: "Task", 1: "recipient-country/0/@code"}, {})

    assert mapped.suggested == ((Field.PROVIDER_COUNTRY, 1),)


def test_the_twin_of_a_header_in_use_is_no_suggestion() -> None:
    mapped = assign({0: "Service Name (English)", 1: "Service Name (French)"}, {})

    assert [choice.column for choice in mapped.chosen] == [0]
    assert mapped.suggested == ()


def test_a_layout_hash_holds_across_case_and_spacing() -> None:
    assert layout_hash(["Task", "Provider name"]) == layout_hash(["TASK ", "provider_name"])
    assert layout_hash(["Task", "Provider"]) != layout_hash(["Provider", "Task"])
