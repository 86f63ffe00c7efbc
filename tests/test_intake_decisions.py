"""An annotated workbook comes back: its decisions are read, its tags are not a table's columns."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from conftest import SheetMaker
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from analyzer import intake
from analyzer.settings import Settings
from analyzer.terms import TagColumn

TABLE = """
    Task id | Task      | Provider
    T1      | Payroll   | Acme Ltd
    T2      | Reception |
    T3      | Audit     | Tick LLP
"""


def annotate(path: Path, decisions: dict[str, str], *, named: bool = True) -> Path:
    """Tag columns right of the table as the writer leaves them; ``decisions``: cell text by ``Column@row``."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for offset, tag in enumerate(TagColumn):
        column = 4 + offset
        sheet.cell(1, column, "Cost counted (GBP)" if tag is TagColumn.COST_COUNTED else tag.value)
        if named:
            letter = get_column_letter(column)
            name = "analyzer_" + tag.value.lower().replace(" ", "_")
            book.defined_names[name] = DefinedName(name, attr_text=f"'{sheet.title}'!${letter}$2:${letter}$4")
        for place, text in decisions.items():
            header, _, row = place.partition("@")
            if header == tag.value:
                sheet.cell(int(row), column, text)
    book.create_sheet("Summary")["A1"] = "Task"
    book.save(path)
    return path


def test_decisions_come_back_with_their_task_and_cell(sheet: SheetMaker) -> None:
    path = annotate(
        sheet(TABLE), {"Decision@2": "Accept", "Decision note@4": "ask again", "Your quadrant@4": "outsourced offshore"}
    )
    frame = intake.read_decisions(path, Settings()).frame
    assert frame.select("task_id", "your_quadrant", "decision", "decision_note", "cell").rows() == [
        ("T1", None, "accept", None, "Inventory!O2"),
        ("T3", "Outsourced offshore", None, "ask again", "Inventory!O4"),
    ]


@pytest.mark.parametrize("written", ["2026-12-31", "31.12.2026", "31/12/2026", "31 December 2026"])
def test_a_due_day_is_read(sheet: SheetMaker, written: str) -> None:
    frame = intake.read_decisions(annotate(sheet(TABLE), {"Decision due@3": written}), Settings()).frame
    assert frame["decision_due"].to_list() == [date(2026, 12, 31)]


def test_what_is_none_of_our_words_is_left_out_and_said(sheet: SheetMaker) -> None:
    path = annotate(sheet(TABLE), {"Decision@2": "perhaps", "Your quadrant@3": "nowhere", "Decision due@4": "soon"})
    decisions = intake.read_decisions(path, Settings())
    assert {finding.code for finding in decisions.findings} == {
        "decision-unknown",
        "decision-no-quadrant",
        "decision-no-day",
    }
    assert decisions.frame["decision"].null_count() == 3


def test_the_columns_are_found_by_their_headers_too(sheet: SheetMaker) -> None:
    path = annotate(sheet(TABLE), {"Decision@2": "move"}, named=False)
    assert intake.read_decisions(path, Settings()).frame["decision"].to_list() == ["move"]


def test_a_plain_inventory_holds_no_decisions(sheet: SheetMaker) -> None:
    assert intake.read_decisions(sheet(TABLE), Settings()).frame.height == 0


def test_e12_our_own_tags_and_sheets_are_not_read_as_the_user_s(sheet: SheetMaker) -> None:
    inventory = intake.read(annotate(sheet(TABLE), {"Decision@2": "accept"}), Settings())
    assert [table.headers for table in inventory.tables] == [("Task id", "Task", "Provider")]
    assert inventory.tasks.height == 3


def test_a_user_s_own_decision_column_stays_his(sheet: SheetMaker) -> None:
    inventory = intake.read(sheet("Task | Provider | Decision | Risks\nPayroll | Acme | keep | none"), Settings())
    assert inventory.tables[0].unmatched == ("Decision", "Risks")
