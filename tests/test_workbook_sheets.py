"""The annotated workbook over sheets as people keep them: filtered, hidden, merged, protected, as a table, split."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from analyzer import pipeline, policy
from analyzer.period import Period
from analyzer.report.workbook import verify, write_workbook
from analyzer.settings import Company, Settings
from analyzer.terms import TagColumn

TABLE = """
Task     | Provider     | Delivery country | FTE | Annual cost
Payroll  |              | GB               | 3   | 1000
Helpdesk | Oakridge BPO | India            | 5   | 2000
Cleaning | Sparkle Ltd  | GB               | 2   | 300
Coding   | Quill        | Poland           | 4   | 900
"""
QUADRANTS = ["In-house onshore", "Outsourced offshore", "Outsourced onshore", "Outsourced offshore"]
HEADER, FIRST_COLUMN = 2, 1  # counted from 0: the table stands at B3
Change = Callable[[xlsxwriter.Workbook, "xlsxwriter.worksheet.Worksheet"], object]


def filtered(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    sheet.autofilter(HEADER, 1, 6, 5)
    sheet.filter_column(2, "x == Oakridge*")
    for row in (3, 5, 6):
        sheet.set_row(row, None, None, {"hidden": True})


def hidden(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    sheet.set_row(4, None, None, {"hidden": True})
    sheet.set_column("D:D", None, None, {"hidden": True})


def merged(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    sheet.merge_range("B1:F1", "Our inventory")
    sheet.merge_range("G4:G6", "one remark for three rows")


def noted(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    sheet.write(8, 1, "Note: figures are those of last year and exclude tax")


def protected(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    sheet.protect("secret")
    sheet.freeze_panes(3, 2)


def as_table(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    headers = [{"header": text} for text in rows()[0]]
    sheet.add_table(HEADER, 1, 6, 5, {"name": "Inventory", "columns": headers})


def charted(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    chart = book.add_chart({"type": "column"})
    assert chart is not None
    chart.add_series({"values": "=Tasks!$E$4:$E$7"})
    sheet.insert_chart("B12", chart)


def rows() -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]


def book(path: Path, change: Change, sheets: tuple[str, ...]) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": True}) as made:
        for name in sheets:
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows()):
                sheet.write_row(HEADER + number, FIRST_COLUMN, row)
            change(made, sheet)
    return path


@pytest.mark.parametrize(
    ("change", "sheets"),
    [(change, ("Tasks",)) for change in (filtered, hidden, merged, noted, protected, as_table, charted)]
    + [(noted, ("Tasks", "South"))],
    ids=lambda value: getattr(value, "__name__", str(len(value)) if isinstance(value, tuple) else None),
)
def test_b4_b5_b11_b12_tags_stand_on_their_rows_and_nothing_is_lost(
    tmp_path: Path, change: Change, sheets: tuple[str, ...]
) -> None:
    source = book(tmp_path / "inventory.xlsx", change, sheets)
    settings = Settings(company=Company(home="GB"))
    analysis = pipeline.analyze(source, settings, policy.default(), Period.parse("2026-10"))
    write_workbook(analysis, tmp_path / "out.xlsx")
    assert not verify(analysis, tmp_path / "out.xlsx")
    for name in sheets:
        sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")[name]
        (column,) = (cell.column for cell in sheet[HEADER + 1] if cell.value == TagColumn.QUADRANT)
        assert [sheet.cell(HEADER + 2 + number, column).value for number in range(4)] == QUADRANTS
        assert sheet.cell(HEADER + 1 + len(QUADRANTS) + 1, column).value is None
