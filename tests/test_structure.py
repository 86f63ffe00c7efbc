"""Sheets as programs and people shape them: protected, grouped, drawn on, huge in one respect, by other programs."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl
import pytest
import xlsxwriter
from packages_of_others import MAKERS, ROWS

from analyzer import intake, pipeline, policy
from analyzer.model import Analysis
from analyzer.period import Period
from analyzer.report.workbook import verify, write_workbook
from analyzer.settings import Company, Settings
from analyzer.terms import TagColumn
from analyzer.xlsx.limits import MAX_LINKS, MAX_STYLES

TABLE: list[list[Any]] = [
    ["Task id", "Task", "Provider", "Delivery country", "FTE"],
    ["T-1", "Payroll", "", "GB", 3],
    ["T-2", "Helpdesk", "Oakridge BPO", "India", 5],
    ["T-3", "Cleaning", "Sparkle Ltd", "GB", 2],
]
QUADRANTS = ["In-house onshore", "Outsourced offshore", "Outsourced onshore"]
SETTINGS = Settings(company=Company(home="GB"))
Change = Callable[[Any, Any], object]


def workbook(path: Path, change: Change, table: list[list[Any]] = TABLE) -> Path:
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet("Tasks")
        for number, row in enumerate(table):
            sheet.write_row(number, 0, row)
        change(made, sheet)
    return path


def annotated(source: Path) -> tuple[Analysis, Path]:
    """The copy, which keeps every part and cell of its source."""
    analysis = pipeline.analyze(source, SETTINGS, policy.default(), Period.parse("2026-10"))
    target = source.with_name("copy.xlsx")
    write_workbook(analysis, target)
    assert not verify(analysis, target)
    return analysis, target


def quadrants(path: Path) -> list[Any]:
    tab = openpyxl.load_workbook(path)["Tasks"]
    (column,) = (cell.column for cell in tab[1] if cell.value == TagColumn.QUADRANT)
    cells = (tab.cell(row, column).value for row in range(2, tab.max_row + 1))
    return [value for value in cells if value is not None]


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


# --- B11, B12, B13: what a copy has to keep ---------------------------------------------------------------------------


def test_b11_a_protected_sheet_in_a_locked_workbook_is_read_and_stays_so(tmp_path: Path) -> None:
    path = workbook(tmp_path / "tasks.xlsx", lambda _, sheet: sheet.protect("secret", {"format_cells": True}))
    locked = tmp_path / "locked.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(locked, "w") as new:
        for name in old.namelist():
            lock = b'<workbookProtection workbookPassword="CC1A" lockStructure="1"/><bookViews>'
            new.writestr(name, old.read(name).replace(b"<bookViews>", lock))
    analysis, copy = annotated(locked)
    facts = analysis.inventory.source.package
    assert facts is not None
    assert facts.structure_protected
    assert quadrants(copy) == QUADRANTS
    assert openpyxl.load_workbook(copy).security.lockStructure
    found = [re.findall(r"<sheetProtection [^>]*>", part(one, "xl/worksheets/sheet1.xml")) for one in (locked, copy)]
    assert found[0]
    assert found[1] == found[0]


def furnished(book: Any, sheet: Any) -> None:
    """Panes, groups, an outline, what is printed, names, and a list of choices on whole columns."""
    sheet.freeze_panes(1, 2)
    sheet.set_column("AZ:BB", None, None, {"level": 1, "collapsed": True, "hidden": True})
    sheet.set_row(2, None, None, {"level": 1})
    sheet.set_row(3, None, None, {"level": 2})
    sheet.print_area("A1:E4")
    sheet.repeat_rows(0)
    sheet.set_h_pagebreaks([2])
    book.define_name("home", "=Tasks!$D$2")
    book.define_name("Tasks!people", "=Tasks!$E:$E")
    for column in range(5):
        sheet.data_validation(0, column, 1_048_575, column, {"validate": "list", "source": ["a", "b"]})


def test_b12_panes_groups_prints_names_and_choices_on_whole_columns_stay(tmp_path: Path) -> None:
    started = time.monotonic()
    _, copy = annotated(workbook(tmp_path / "tasks.xlsx", furnished))
    assert time.monotonic() - started < 30
    book = openpyxl.load_workbook(copy)
    sheet = book["Tasks"]
    assert sheet.freeze_panes == "C2"
    assert [sheet.row_dimensions[row].outlineLevel for row in (3, 4)] == [1, 2]
    assert (sheet.column_dimensions["AZ"].outlineLevel, sheet.column_dimensions["AZ"].hidden) == (1, True)
    assert (sheet.print_area, sheet.print_title_rows) == ("'Tasks'!$A$1:$E$4", "$1:$1")
    assert [mark.id for mark in sheet.row_breaks.brk] == [2]
    assert book.defined_names["home"].attr_text == "Tasks!$D$2"
    assert sheet.defined_names["people"].attr_text == "Tasks!$E:$E"
    whole = [check for check in sheet.data_validations.dataValidation if str(check.sqref).endswith("1048576")]
    assert len(whole) == 5
    assert quadrants(copy) == QUADRANTS


def drawn_on(book: Any, sheet: Any) -> None:
    """What readers of cells lose: sparklines, a text box, rich text, data bars of 2010, a spilling formula."""
    sheet.add_sparkline("G2", {"range": "Tasks!E2:E4"})
    sheet.insert_textbox("G6", "A text box")
    sheet.write_rich_string("F2", "plain ", book.add_format({"bold": True}), "bold", " plain")
    sheet.conditional_format("E2:E4", {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
    sheet.write_dynamic_array_formula("J2:J4", "=SORT(E2:E4)")


KEPT = {
    "sparklines": ("xl/worksheets/sheet1.xml", r"<x14:sparkline>.*?</x14:sparkline>"),
    "text box": ("xl/drawings/drawing1.xml", r"A text box"),
    "rich text": ("xl/sharedStrings.xml", r"<si><r>.*?<b/>.*?</si>"),
    "data bars": ("xl/worksheets/sheet1.xml", r"<x14:dataBar[ >].*?</x14:dataBar>"),
    "dynamic array": ("xl/worksheets/sheet1.xml", r'<c r="J2" cm="1">.*?</c>'),
    "its metadata": ("xl/metadata.xml", r"XLDAPR.*"),
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    source = workbook(tmp_path_factory.mktemp("drawn") / "tasks.xlsx", drawn_on)
    return source, annotated(source)[1]


@pytest.mark.parametrize(("name", "pattern"), KEPT.values(), ids=KEPT.keys())
def test_b13_what_readers_of_cells_lose_is_kept(drawn: tuple[Path, Path], name: str, pattern: str) -> None:
    before, after = (re.findall(pattern, part(path, name), re.DOTALL) for path in drawn)
    assert before
    assert after == before


def test_b13_a_copy_that_cannot_hold_it_is_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "tasks.xlsx", drawn_on)
    odd = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(odd, "w") as new:
        for name in old.namelist():
            new.writestr(
                name, old.read(name).replace(b"A text box", b"A text box").replace(b"Helpdesk", b"Help\x01desk")
            )
    analysis = pipeline.analyze(odd, SETTINGS, policy.default(), Period.parse("2026-10"))
    (finding,) = write_workbook(analysis, tmp_path / "copy.xlsx").findings
    assert finding.code == "workbook-written-fresh"
    assert "Control characters" in finding.values["why"]


# --- B14: one respect in which a sheet is huge ------------------------------------------------------------------------

SECONDS = 30.0
MERGES, LINKS, STYLES = 50_000, MAX_LINKS - 1, 60_000


@pytest.fixture(scope="module")
def huge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifty thousand merged ranges, links up to the limit of a sheet, and styles near that of a workbook, by hand."""
    folder = tmp_path_factory.mktemp("huge")
    source = workbook(folder / "small.xlsx", lambda *_: None)
    target = folder / "huge.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            change = {"xl/worksheets/sheet1.xml": _crowded, "xl/styles.xml": _styled}.get(name, str)
            new.writestr(name, change(old.read(name).decode()))
    return target


def _crowded(xml: str) -> str:
    rows = "".join(_rows())
    merges = "".join(f'<mergeCell ref="F{row}:G{row}"/>' for row in range(5, MERGES + 3))
    places = (f"{'HIJ'[number % 3]}{number // 3 + 2}" for number in range(LINKS))
    links = "".join(f'<hyperlink ref="{place}" location="Tasks!A1"/>' for place in places)
    tail = f'<mergeCells><mergeCell ref="C5:C6"/>{merges}</mergeCells><hyperlinks>{links}</hyperlinks>'
    return xml.replace("</sheetData>", f"{rows}</sheetData>{tail}")


def _rows() -> Iterator[str]:
    cell = '<c r="{}{}" t="inlineStr"><is><t>{}</t></is></c>'
    for row in range(5, MERGES + 3):
        texts = (f"T-{row}", f"Task {row}", "Sparkle Ltd", "GB") if row != 6 else ("T-6", "Task 6", None, "GB")
        cells = (cell.format(letter, row, text) for letter, text in zip("ABCD", texts, strict=True) if text)
        yield f'<row r="{row}">{"".join(cells)}<c r="F{row}" s="{row % STYLES}"/></row>'


def _styled(xml: str) -> str:
    form = '<xf numFmtId="{}" fontId="0" fillId="0" borderId="0" xfId="0"><alignment indent="{}"/></xf>'
    formats = "".join(form.format(number % 40, number * 7919 % 250) for number in range(STYLES))
    return re.sub(r'<cellXfs count="\d+">.*?</cellXfs>', f'<cellXfs count="{STYLES}">{formats}</cellXfs>', xml)


def test_b14_merges_links_and_styles_by_the_ten_thousand(huge: Path) -> None:
    started = time.process_time()
    analysis = pipeline.analyze(huge, SETTINGS, policy.default(), Period.parse("2026-10"))
    read = time.process_time()
    target = huge.with_name("copy.xlsx")
    findings = write_workbook(analysis, target).findings
    assert read - started < SECONDS
    assert time.process_time() - read < SECONDS
    assert analysis.inventory.tasks.height == MERGES + 1
    (merged,) = (finding for finding in analysis.inventory.findings if finding.code == "cells-merged")
    assert merged.cells == ("Tasks!C5:C6",)
    sheet = part(target, "xl/worksheets/sheet1.xml")
    assert sheet.count("<hyperlink ") == MAX_LINKS
    assert sheet.count("<mergeCell ") == MERGES - 1
    assert int(re.findall(r'<cellXfs count="(\d+)"', part(target, "xl/styles.xml"))[0]) <= MAX_STYLES
    assert [finding.code for finding in findings] == ["workbook-links-cut"]


# --- B15: packages of other programs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MAKERS)
def test_b15_packages_of_other_programs_are_read_and_annotated(tmp_path: Path, name: str) -> None:
    path = MAKERS[name](tmp_path / "tasks.xlsx")
    analysis, copy = annotated(path)
    tasks = analysis.inventory.tasks
    assert tasks.select("task_id", "task_name", "provider", "fte", "annual_cost").rows() == [row[:5] for row in ROWS]
    assert tasks["delivery_country"].to_list() == [[row.country] for row in ROWS]
    assert tasks["start_date"].to_list() == [row.start for row in ROWS]
    assert tasks["customer_facing"].to_list() == [row.facing for row in ROWS]
    read = fastexcel.read_excel(copy).load_sheet(analysis.inventory.tables[0].sheet).to_polars()
    assert read[TagColumn.QUADRANT].drop_nulls().to_list() == [row.quadrant for row in ROWS]
    assert intake.read(copy, SETTINGS).tasks["task_name"].to_list() == [row.name for row in ROWS]
