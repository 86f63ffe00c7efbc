"""Where the table lies, and what each row under the header is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import SheetMaker

from analyzer import intake
from analyzer.errors import RefusedError
from analyzer.model import Inventory
from analyzer.settings import Columns, Company, Settings
from analyzer.terms import Field

Rows = list[list[Any]]
HEADER = ["Task", "Provider", "Delivery country", "FTE", "Annual cost"]
BODY: Rows = [
    ["Payroll", "Acme Ltd", "IN", 3, 120000],
    ["Reception", "Desk Ltd", "GB", 2, 60000],
    ["Audit", "Tick LLP", "GB", 1, 45000],
]


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """A workbook of lists of rows: ``book({"Tasks": rows}, touch)``; ``touch`` gets the openpyxl workbook."""

    def make(sheets: dict[str, Rows], touch: Callable[[Any], None] | None = None) -> Path:
        made = openpyxl.Workbook()
        made.remove(made.worksheets[0])
        for title, rows in sheets.items():
            tab = made.create_sheet(title)
            for row in rows:
                tab.append(row)
        if touch:
            touch(made)
        path = tmp_path / "inventory.xlsx"
        made.save(path)
        return path

    return make


def names(inventory: Inventory) -> list[str | None]:
    return inventory.tasks["task_name"].to_list()


def aside(inventory: Inventory) -> list[tuple[int, str]]:
    return list(zip(inventory.set_aside["row"], inventory.set_aside["reason"], strict=True))


def codes(inventory: Inventory) -> set[str]:
    return {finding.code for finding in inventory.findings}


ABOVE: dict[str, Rows] = {
    "nothing": [],
    "a title": [["Task inventory 2026"], []],
    "a title and a date": [["Alder plc"], ["As of", "2026-10-31"], []],
    "blank rows": [[], [], []],
    "prose": [["This list names every task of the company, who performs it and where, as the owners reported it."], []],
    "sixty lines": [[f"Instruction {n}"] for n in range(60)],
}


@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE.keys())
def test_b1_the_header_is_found_under_what_stands_above(book: Callable[..., Path], above: Rows) -> None:
    inventory = intake.read(book({"Tasks": [*above, HEADER, *BODY]}), Settings())
    assert inventory.tables[0].header_row == len(above) + 1
    assert inventory.tasks["row"].to_list() == [len(above) + 2 + n for n in range(3)]


def test_a_header_deep_in_the_sheet(book: Callable[..., Path]) -> None:
    above: Rows = [["x", n] for n in range(400)]
    assert intake.read(book({"Tasks": [*above, HEADER, *BODY]}), Settings()).tables[0].header_row == 401


def test_b8_blank_columns_on_the_left_keep_their_letters(book: Callable[..., Path]) -> None:
    rows = [[None, None, *row] for row in [HEADER, *BODY]]
    inventory = intake.read(book({"Tasks": [[], *rows]}), Settings())
    assert [column.letter for column in inventory.columns] == ["C", "D", "E", "F", "G"]
    assert inventory.tasks.select(inventory.cell(Field.PROVIDER)).to_series()[0] == "Tasks!D3"


BELOW: dict[str, tuple[Rows, list[tuple[int, str]]]] = {
    "a total": ([["Total", None, None, 6, 225000]], [(5, "total")]),
    "a grand total after a gap": ([[], ["Grand total", None, None, 6, 225000]], [(6, "total")]),
    "a German sum": ([["Summe", None, None, 6, 225000]], [(5, "total")]),
    "a subtotal": ([["Finance total", None, None, 6, 225000], ["Legal", "Lex", "GB", 1, 5]], [(5, "subtotal")]),
    "a total without a label": ([[None, None, None, 6, 225000]], [(5, "total")]),
    "a note": ([[], ["Note: costs are estimates of the owners"]], [(6, "note")]),
    "a source line": ([[], ["Source: ledger"]], [(6, "note")]),
    "a repeated header": ([HEADER, ["Legal", "Lex LLP", "GB", 1, 5]], [(5, "repeated header")]),
    "a form's zeros": ([[None, None, None, 0, 0]], []),
}


@pytest.mark.parametrize(("below", "expected"), BELOW.values(), ids=BELOW.keys())
def test_a15_rows_that_are_no_tasks_are_set_aside_with_a_reason(
    book: Callable[..., Path], below: Rows, expected: list[tuple[int, str]]
) -> None:
    inventory = intake.read(book({"Tasks": [HEADER, *BODY, *below]}), Settings())
    assert aside(inventory) == expected
    assert names(inventory)[:3] == ["Payroll", "Reception", "Audit"]


@pytest.mark.parametrize(
    "row",
    [
        ["Total rewards administration", "Acme Ltd", "IN", 3, 5],
        ["Summe der Meldungen prüfen", "Acme Ltd", "IN", 3, 5],
        ["Note taking", None, None, None, None],
        ["Reception", None, None, None, None],
        [None, "Acme Ltd", "IN", 3, 5],
    ],
)
def test_a15_a_task_is_not_taken_for_a_total_or_a_note(book: Callable[..., Path], row: list[Any]) -> None:
    inventory = intake.read(book({"Tasks": [HEADER, *BODY, row, *BODY]}), Settings())
    assert (inventory.tasks.height, aside(inventory)) == (7, [])


def test_headings_between_the_tasks_are_group_rows(book: Callable[..., Path]) -> None:
    header, body = [*HEADER, "Owner"], [[*row, "A. Lee"] for row in BODY]
    inventory = intake.read(book({"Tasks": [header, ["Finance"], *body, ["Facilities"], *body]}), Settings())
    assert aside(inventory) == [(2, "group row"), (6, "group row")]


def test_code_and_type_rows_are_skipped(book: Callable[..., Path]) -> None:
    coded = [f"b_01.{n:04}" for n in range(5)]
    typed = ["Text", "Text", "Country", "Number", "Monetary"]
    inventory = intake.read(book({"Tasks": [coded, HEADER, typed, *BODY]}), Settings())
    assert (inventory.tables[0].header_row, aside(inventory)) == (2, [(3, "code row")])


def test_b1_two_header_rows_are_joined(book: Callable[..., Path]) -> None:
    rows: Rows = [
        ["Task", "Contract", None, "Provider", None],
        [None, "Start date", "End date", "Name", "Country"],
        ["Payroll", "2022-01-01", "2026-12-31", "Acme Ltd", "IN"],
        ["Audit", "2023-01-01", "2027-12-31", "Tick LLP", "GB"],
    ]

    def merge(made: Any) -> None:
        for area in ("A1:A2", "B1:C1", "D1:E1"):
            made["Tasks"].merge_cells(area)

    inventory = intake.read(book({"Tasks": rows}, merge), Settings())
    assert inventory.tables[0].header_row == 2
    assert {column.letter: column.field.value for column in inventory.columns} == {
        "A": "task_name",
        "B": "start_date",
        "C": "end_date",
        "D": "provider",
        "E": "provider_country",
    }


def test_b8_a_table_beside_is_left_out_and_said(book: Callable[..., Path]) -> None:
    beside: Rows = [["Code", "Meaning"], ["a", "b"], ["c", "d"], [None, None]]
    rows = [[*row, None, *right] for row, right in zip([HEADER, *BODY], beside, strict=True)]
    rows += [[*[None] * 6, "e", "f"]]
    inventory = intake.read(book({"Tasks": rows}), Settings())
    assert names(inventory) == ["Payroll", "Reception", "Audit"]
    assert "table-beside" in codes(inventory)


def test_b7_the_sheet_with_the_tasks_is_chosen_and_said(book: Callable[..., Path]) -> None:
    sheets: dict[str, Rows] = {
        "Read me": [["How to fill this in"]],
        "Lists": [["Country", "Code"], ["India", "IN"]],
        "Inventory": [HEADER, *BODY],
        "Retired": [["Task", "Provider"], ["Telex", "Acme Ltd"]],
    }
    inventory = intake.read(book(sheets), Settings())
    assert inventory.tables[0].sheet == "Inventory"
    assert "sheet-chosen" in codes(inventory)
    assert names(intake.read(book(sheets), Settings(), sheet="retired")) == ["Telex"]


def test_b7_sheets_with_the_same_headers_are_read_as_one(book: Callable[..., Path]) -> None:
    inventory = intake.read(book({"North": [HEADER, *BODY], "South": [HEADER, *BODY[:1]]}), Settings())
    assert inventory.tasks["sheet"].to_list() == ["North"] * 3 + ["South"]
    assert inventory.tasks["key"].to_list() == [0, 1, 2, 3]
    assert "sheets-joined" in codes(inventory)


def test_an_unknown_sheet_is_refused_with_those_there_are(book: Callable[..., Path]) -> None:
    with pytest.raises(RefusedError, match="no sheet") as refusal:
        intake.read(book({"Tasks": [HEADER, *BODY]}), Settings(), sheet="Nope")
    assert '"Tasks"' in refusal.value.hint


def test_b4_b6_hidden_rows_columns_and_sheets_are_told(book: Callable[..., Path]) -> None:
    def hide(made: Any) -> None:
        made["Tasks"].row_dimensions[3].hidden = True
        made["Tasks"].column_dimensions["B"].hidden = True
        made["Secret"].sheet_state = "veryHidden"

    inventory = intake.read(book({"Tasks": [HEADER, *BODY], "Secret": [HEADER, *BODY]}, hide), Settings())
    assert inventory.tasks["hidden"].to_list() == [False, True, False]
    assert {"rows-hidden", "columns-hidden", "sheets-hidden"} <= codes(inventory)


def test_b5_rows_hidden_by_a_filter_are_told_as_such(book: Callable[..., Path]) -> None:
    def hide(made: Any) -> None:
        made["Tasks"].auto_filter.ref = "A1:E4"
        made["Tasks"].auto_filter.add_filter_column(1, ["Acme Ltd"])
        made["Tasks"].row_dimensions[3].hidden = True

    assert "rows-filtered" in codes(intake.read(book({"Tasks": [HEADER, *BODY]}, hide), Settings()))


def test_a1_a2_error_cells_and_uncalculated_formulas_are_never_blank(book: Callable[..., Path]) -> None:
    def spoil(made: Any) -> None:
        made["Tasks"]["B2"] = "#REF!"
        made["Tasks"]["B3"] = '=A1&"x"'

    inventory = intake.read(book({"Tasks": [HEADER, *BODY]}, spoil), Settings())
    assert inventory.status["provider"].to_list()[:2] == ["error", "error"]
    assert "formulas-uncalculated" in codes(inventory)


def test_a4_a_number_stored_as_text_is_told_apart(book: Callable[..., Path]) -> None:
    rows = [HEADER, ["Payroll", "Acme Ltd", "IN", "3", 120000.5], *BODY[1:]]
    inventory = intake.read(book({"Tasks": rows}), Settings())
    assert inventory.raw["annual_cost"].to_list() == ["120000.5", "60000", "45000"]
    (finding,) = (one for one in inventory.findings if one.code == "numbers-as-text")
    assert finding.cells == ("Tasks!D2",)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([HEADER], "no task rows"),
        ([], "empty"),
        ([["alpha", "beta"], ["gamma", "delta"]], "No row reads like the header"),
        ([["Provider", "Annual cost"], ["Acme Ltd", 5]], "No column says what the task is"),
    ],
)
def test_b3_b10_a_sheet_without_a_table_is_refused_in_words(book: Callable[..., Path], rows: Rows, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        intake.read(book({"Tasks": rows}), Settings())


def test_the_settings_map_columns_by_header_or_letter(book: Callable[..., Path]) -> None:
    path = book({"Tasks": [["alpha", "beta", "gamma"], ["Payroll", "Acme Ltd", "IN"]]})
    entry = Columns(header_row=1, fields={"task_name": "alpha", "provider": "B", "delivery_country": "gamma"})
    inventory = intake.read(path, Settings(columns=(entry,)))
    assert inventory.raw.row(0) == (0, "Payroll", "Acme Ltd", "IN")


def test_a_headerless_sheet_is_read_with_letters(book: Callable[..., Path]) -> None:
    path = book({"Tasks": BODY})
    entry = Columns(header_row=0, fields={"task_name": "A", "provider": "B"})
    inventory = intake.read(path, Settings(columns=(entry,)))
    assert names(inventory) == ["Payroll", "Reception", "Audit"]
    assert inventory.tasks["row"].to_list() == [1, 2, 3]


def test_home_is_the_entity_s_country_else_the_company_s(sheet: SheetMaker) -> None:
    path = sheet("Task | Legal entity\nPayroll | Alder GmbH\nAudit | Alder plc")
    company = Company(home="GB", entity_countries={"alder gmbh": "DE"})
    assert intake.read(path, Settings(company=company)).tasks["home"].to_list() == ["DE", "GB"]


def test_b2_two_columns_of_one_name_are_refused_unless_the_settings_say_which(book: Callable[..., Path]) -> None:
    path = book({"Tasks": [["Task", "Provider", "Country", "Country"], ["Payroll", "Acme Ltd", "India", "France"]]})
    with pytest.raises(RefusedError, match="C and D"):
        intake.read(path, Settings())
    told = Settings(columns=(Columns(fields={"delivery_country": "D"}),))
    assert intake.read(path, told).raw["delivery_country"].to_list() == ["France"]


def test_b2_two_columns_of_one_name_that_mean_nothing_do_not_matter(book: Callable[..., Path]) -> None:
    path = book({"Tasks": [["Task", "Remark", "Remark"], ["Payroll", "x", "y"]]})
    assert names(intake.read(path, Settings())) == ["Payroll"]
