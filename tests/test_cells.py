"""Cells as people and exports leave them: each is kept, read in the one way possible, or named."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from xml.parsers import expat

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from reading_values import read_column

from analyzer import intake, pipeline, policy, report
from analyzer.messages import render
from analyzer.model import Analysis, Finding, Inventory
from analyzer.period import Period
from analyzer.settings import Company, Settings
from analyzer.terms import Field

Rows = list[list[Any]]
Touch = Callable[[Any], None]
BookMaker = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path) -> BookMaker:
    """A workbook of lists of rows on the sheet Tasks; ``touch`` gets the openpyxl workbook."""

    def make(rows: Rows, touch: Touch | None = None, name: str = "inventory.xlsx") -> Path:
        made = openpyxl.Workbook()
        made.worksheets[0].title = "Tasks"
        for row in rows:
            made.worksheets[0].append(row)
        if touch:
            touch(made)
        made.save(tmp_path / name)
        return tmp_path / name

    return make


def patched(source: Path, part: str, change: Callable[[str], str]) -> Path:
    """The workbook with one part's XML changed."""
    target = source.with_name(f"patched {source.name}")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data.decode()).encode() if name == part else data)
    return target


def found(inventory: Inventory, code: str) -> list[Finding]:
    return [finding for finding in inventory.findings if finding.code == code]


def said(inventory: Inventory, code: str) -> str:
    (finding,) = found(inventory, code)
    return render(code, finding.count, finding.values)


# --- A3: stored results that may be old ------------------------------------------------------------------------------

CALCULATION = {"by hand": '<calcPr calcMode="manual"/>', "when opened": '<calcPr fullCalcOnLoad="1"/>'}


@pytest.mark.parametrize("calculation", CALCULATION.values(), ids=CALCULATION.keys())
def test_a3_stored_results_are_used_and_said_once_for_each_sheet(book: BookMaker, calculation: str) -> None:
    def second(made: Any) -> None:
        for row in ([*"ab"], ["Task", "FTE"], ["Audit", "=1+1"]):
            made.create_sheet("South") if row == [*"ab"] else made["South"].append(row)
        made.create_sheet("Plain")
        for row in (["Task", "FTE"], ["Mail", 2]):
            made["Plain"].append(row)

    path = book([["Task", "FTE"], ["Payroll", "=2+2"], ["Desk", "=3+3"]], second)
    for sheet in ("sheet1", "sheet2"):
        path = patched(path, f"xl/worksheets/{sheet}.xml", lambda xml: re.sub(r"<v ?/>|<v></v>", "<v>7</v>", xml))
    path = patched(path, "xl/workbook.xml", lambda xml: re.sub(r"<calcPr[^>]*/>", calculation, xml))
    inventory = intake.read(path, Settings())
    assert inventory.raw["fte"].to_list() == ["7", "7", "7", "2"]
    assert [finding.values["sheet"] for finding in found(inventory, "values-may-be-stale")] == ["Tasks", "South"]


def test_a3_a_workbook_that_calculates_by_itself_is_not_doubted(book: BookMaker) -> None:
    path = book([["Task", "FTE"], ["Payroll", "=2+2"]])
    path = patched(path, "xl/worksheets/sheet1.xml", lambda xml: re.sub(r"<v ?/>|<v></v>", "<v>4</v>", xml))
    path = patched(path, "xl/workbook.xml", lambda xml: re.sub(r"<calcPr[^>]*/>", '<calcPr calcId="1"/>', xml))
    assert not found(intake.read(path, Settings()), "values-may-be-stale")


# --- A6: words that look like nothing --------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a6_names_that_look_like_nothing_stay_texts(book: BookMaker, tmp_path: Path, suffix: str) -> None:
    rows: Rows = [
        ["Task", "Department", "Provider", "Delivery country"],
        ["null", "None", "Nan Services", "NA"],
        ["nan", "NA", "Null & Co", "DE"],
        ["None", "null", "True Ltd", "FR"],
        ["NA", "nan", "NA Staffing", "PL"],
    ]
    path = tmp_path / "tasks.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    inventory = intake.read(path if suffix == "csv" else book(rows), Settings())
    assert inventory.tasks["task_name"].to_list() == [row[0] for row in rows[1:]]
    assert inventory.tasks["function"].to_list() == [row[1] for row in rows[1:]]
    assert inventory.tasks["provider"].to_list() == [row[2] for row in rows[1:]]
    assert inventory.tasks["delivery_country"].to_list() == [["NA"], ["DE"], ["FR"], ["PL"]]  # Namibia


# --- A8: numbers that a field cannot have ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (Field.JV_SHARE, "100", 100.0),
        (Field.JV_SHARE, "0", 0.0),
        (Field.JV_SHARE, "3.5", 3.5),
        (Field.JV_SHARE, "100.1", None),
        (Field.JV_SHARE, "-1", None),
        (Field.FTE, "0", 0.0),
        (Field.FTE, "-1", None),
        (Field.FTE, "(2)", None),
        (Field.FTE, "1e309", None),
        (Field.HOME_FTE_DISPLACED, "-6", None),
        (Field.HOME_HEADCOUNT_CHANGE, "-6", -6.0),
        (Field.COMPANY_HEADCOUNT, "10000001", None),
        (Field.NOTICE_DAYS, "-30", None),
        (Field.NOTICE_DAYS, "36525", 36_525.0),
        (Field.NOTICE_DAYS, "400000", None),
        (Field.EXIT_NOTICE_DAYS, "-1 days", None),
        (Field.ANNUAL_COST, "1e309", None),
        (Field.ANNUAL_COST, "-5", -5.0),  # a credit note
    ],
)
def test_a8_a_number_out_of_range_is_flagged_and_never_cut_to_it(field: Field, text: str, value: float | None) -> None:
    read = read_column(field, ["30", text])
    assert read.frame[field.value].to_list() == [30.0, value]
    assert read.status[field.value].to_list() == ["accepted", "flagged" if value is None else "accepted"]


def test_a8_the_finding_names_the_range_and_the_cells(book: BookMaker) -> None:
    rows: Rows = [["Task", "Joint venture share"], ["Payroll", 6], ["Desk", -1], ["Mail", 101], ["Audit", 45]]
    inventory = intake.read(book(rows), Settings())
    (finding,) = found(inventory, "value-out-of-range")
    assert finding.cells == ("Tasks!B3", "Tasks!B4")
    assert "outside 0 to 100" in said(inventory, "value-out-of-range")
    assert inventory.tasks["jv_share"].to_list() == [6.0, None, None, 45.0]


# --- A9: ids -------------------------------------------------------------------------------------------------------


def ids(book: BookMaker, cells: list[tuple[Any, str]]) -> Inventory:
    """Ids with their number formats, behind a header."""

    def form(made: Any) -> None:
        for row, (_, code) in enumerate(cells, start=2):
            made["Tasks"].cell(row, 1).number_format = code

    rows: Rows = [["Task id", "Task"], *([value, f"Task {n}"] for n, (value, _) in enumerate(cells))]
    return intake.read(book(rows, form), Settings())


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("0042", "@", "0042"),
        ("1234567890123456789", "@", "1234567890123456789"),
        ("1E5", "@", "1E5"),
        (7, "00000", "00007"),
        (7.0, "General", "7"),
        (7, '"T-"000', "T-007"),
        (123456789, "000-00-0000", "123-45-6789"),
        (1234567, "00000", "1234567"),
        (12.5, "00000", "12.5"),
        (-7, "000", "-7"),
        (1234567890123456, "General", "1234567890123456"),
        (1e20, "0.00E+00", "100000000000000000000"),
        (123456789012, "General", "123456789012"),
    ],
)
def test_a9_an_id_is_kept_as_shown(book: BookMaker, value: Any, code: str, shown: str) -> None:
    inventory = ids(book, [(value, code), ("X", "@")])
    assert inventory.tasks["task_id"].to_list() == [shown, "X"]


@pytest.mark.parametrize(
    ("stored", "digits"),
    [
        ("1234567890123456789", "1234567890123456789"),
        ("1.2345678901234568E+18", "1234567890123456800"),
        ("1234567890123456.0", "1234567890123456"),
    ],
)
@pytest.mark.parametrize("tag", ['<c r="A2" s="0">', '<c s="0" r="A2" t="n">', "<c r='A2'><f>A9</f>"])
def test_a9_every_digit_that_is_stored_is_kept(book: BookMaker, tag: str, stored: str, digits: str) -> None:
    cell = f"{tag}<v>{stored}</v></c>"
    path = patched(
        book([["Task id", "Task"], [5, "Payroll"], [6, "Desk"]]),
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(r'<c r="A2".*?</c>', cell, xml),
    )
    assert intake.read(path, Settings()).tasks["task_id"].to_list() == [digits, "6"]


def test_a9_ids_beyond_what_a_number_holds_are_named(book: BookMaker) -> None:
    inventory = ids(book, [(123456789012345, "0"), (1234567890123456, "0"), ("1234567890123456789", "@")])
    assert found(inventory, "ids-too-long")[0].cells == ("Tasks!A3",)


def test_a9_a_number_that_is_no_id_is_not_spelled_by_its_format(book: BookMaker) -> None:
    def form(made: Any) -> None:
        made["Tasks"]["B2"].number_format = '0" people"'

    assert intake.read(book([["Task", "FTE"], ["Payroll", 7]], form), Settings()).tasks["fte"].to_list() == [7.0]


def test_a9_ids_of_a_text_file_are_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    path.write_text("Task id,Task\n0042,Payroll\n1234567890123456789,Desk\n1.0,Mail\n1E5,Audit\n", encoding="utf-8")
    assert intake.read(path, Settings()).tasks["task_id"].to_list() == ["0042", "1234567890123456789", "1.0", "1E5"]


# --- A10, A12: dates and times at the edge of the calendar ----------------------------------------------------------


@pytest.mark.parametrize(
    ("date1904", "serial", "expected"),
    [
        (False, 45356, date(2024, 3, 5)),
        (True, 43894, date(2024, 3, 5)),
        (True, 45356, date(2028, 3, 6)),  # 1,462 days later than in a workbook of 1900
        (False, 18264, date(1950, 1, 1)),
        (False, 60, None),
        (False, 0, None),
        (False, -1, None),
        (False, 2958465, None),
        (False, 2958466, None),
        (True, 0, None),
        (True, -1, None),
    ],
)
@pytest.mark.parametrize("code", ["yyyy-mm-dd", "General"])
def test_a10_a_serial_number_is_the_right_day_or_a_finding(
    book: BookMaker, date1904: bool, serial: int, expected: date | None, code: str
) -> None:
    def form(made: Any) -> None:
        for row in (2, 3):
            made["Tasks"].cell(row, 2).number_format = code
        made.epoch = CALENDAR_MAC_1904 if date1904 else CALENDAR_WINDOWS_1900

    inventory = intake.read(book([["Task", "Start date"], ["Payroll", serial], ["Desk", 44000]], form), Settings())
    shift = timedelta(days=1462 if date1904 else 0)
    assert inventory.tasks["start_date"].to_list() == [expected, date(2020, 6, 18) + shift]
    told = [finding for finding in inventory.findings if "Tasks!B2" in finding.cells]
    assert bool(told) == (expected is None)


@pytest.mark.parametrize(
    "value",
    [timedelta(hours=30), timedelta(days=500), time(23, 59, 59), "24:00", "24:00:00", "25:61", "99:99:99.999", 1.5],
    ids=str,
)
@pytest.mark.parametrize("header", ["Start date", "FTE", "Notice days", "Task id"])
def test_a12_times_beyond_a_day_are_read_or_named(book: BookMaker, value: Any, header: str) -> None:
    path = book([["Task", header], ["Payroll", value], *([f"Task {n}", n + 1] for n in range(3))])
    inventory = intake.read(path, Settings())
    assert inventory.rows == 4


def test_a12_midnight_at_the_end_of_a_day_is_that_day() -> None:
    assert read_column(Field.END_DATE, ["2024-03-05 24:00"]).frame["end_date"].to_list() == [date(2024, 3, 5)]


# --- A13: merged cells ------------------------------------------------------------------------------------------------

MERGED: Rows = [
    ["Task id", "Task", "Department", "Provider", "Delivery country", "Provider country", "FTE", "Annual cost"],
    ["T-1", "Payroll", "Finance", "Acme Ltd", "GB", "France", 3, 120000],
    ["T-2", "Ledger", None, None, "FR", None, 2, None],
    ["T-3", "Audit", "Legal", "Tick LLP", "Poland", None, 1, 45000],
]


def merge(*ranges: str) -> Touch:
    def touch(made: Any) -> None:
        for one in ranges:
            made["Tasks"].merge_cells(one)

    return touch


def filling(*fields: str) -> Settings:
    return Settings.model_validate({"columns": [{"fill_merged": fields}]})


def test_a13_a_merged_cell_holds_for_its_first_row_alone_and_its_range_is_named(book: BookMaker) -> None:
    inventory = intake.read(book(MERGED, merge("C2:C3", "D2:D3", "H2:H3")), Settings())
    assert {finding.cells for finding in found(inventory, "cells-merged")} == {
        ("Tasks!C2:C3",),
        ("Tasks!D2:D3",),
        ("Tasks!H2:H3",),
    }
    assert inventory.tasks["function"].to_list() == ["Finance", None, "Legal"]
    assert inventory.tasks["annual_cost"].to_list() == [120000.0, None, 45000.0]
    assert inventory.status["annual_cost"].to_list() == ["accepted", "flagged", "accepted"]


def test_a13_a_provider_under_a_merged_cell_is_unknown_and_never_own_staff(book: BookMaker) -> None:
    inventory = intake.read(book(MERGED, merge("D2:D3")), Settings())
    assert inventory.tasks["provider"].to_list() == ["Acme Ltd", None, "Tick LLP"]
    assert inventory.tasks["provider_reading"].to_list() == ["named", "unknown word", "named"]


def test_a13_the_settings_fill_a_column_down(book: BookMaker) -> None:
    path = book(MERGED, merge("C2:C3", "D2:D3", "H2:H3"))
    inventory = intake.read(path, filling("provider", "function"))
    assert inventory.tasks["provider"].to_list() == ["Acme Ltd", "Acme Ltd", "Tick LLP"]
    assert inventory.tasks["function"].to_list() == ["Finance", "Finance", "Legal"]
    assert [one.cells for one in found(inventory, "cells-merged-filled")] == [("Tasks!C2:C3",), ("Tasks!D2:D3",)]
    assert [one.cells for one in found(inventory, "cells-merged")] == [("Tasks!H2:H3",)]


def test_a13_the_settings_fill_a_column_from_the_left(book: BookMaker) -> None:
    path = book(MERGED, merge("E4:F4"))
    open_, filled = intake.read(path, Settings()), intake.read(path, filling("provider_country"))
    assert open_.tasks["provider_country"].to_list() == ["FR", None, None]
    assert [one.cells for one in found(open_, "cells-merged")] == [("Tasks!E4:F4",)]
    assert filled.tasks["provider_country"].to_list() == ["FR", None, "PL"]
    assert filled.tasks["delivery_country"].to_list() == [["GB"], ["FR"], ["PL"]]


def test_a13_a_block_is_filled_down_and_right(book: BookMaker) -> None:
    rows: Rows = [MERGED[0], ["T-1", "Payroll", "Finance", "Acme", "GB", None, 1, 5], ["T-2", "Ledger"], MERGED[3]]
    inventory = intake.read(book(rows, merge("E2:F3")), filling("delivery_country", "provider_country"))
    assert inventory.tasks["delivery_country"].to_list() == [["GB"], ["GB"], ["PL"]]
    assert inventory.tasks["provider_country"].to_list() == ["GB", "GB", None]


def test_a13_merged_cells_beside_the_tasks_are_no_matter(book: BookMaker) -> None:
    rows: Rows = [["Our tasks"], MERGED[0], *MERGED[1:], ["Note: as the owners reported"]]
    inventory = intake.read(book(rows, merge("A1:H1", "A6:H6")), Settings())
    assert not found(inventory, "cells-merged")


def test_a13_a_field_that_is_none_is_refused_in_the_settings() -> None:
    with pytest.raises(ValueError, match="fill_merged"):
        filling("providers")


# --- A16: the same thing twice ----------------------------------------------------------------------------------------


def test_a16_tasks_of_one_id_are_both_kept_and_both_named(book: BookMaker) -> None:
    rows: Rows = [["Task id", "Task"], ["T-1", "Payroll"], ["T-2", "Desk"], ["t-1 ", "Audit"], [None, "A"], [None, "B"]]
    inventory = intake.read(book(rows), Settings())
    assert inventory.tasks["task_name"].to_list() == ["Payroll", "Desk", "Audit", "A", "B"]
    (finding,) = found(inventory, "ids-repeated")
    assert (finding.count, finding.cells) == (2, ("Tasks!A2", "Tasks!A4"))


def test_a16_ids_are_compared_over_all_sheets_that_are_read(book: BookMaker) -> None:
    def second(made: Any) -> None:
        for row in (["Task id", "Task"], ["T-1", "Desk"]):
            made["South"].append(row) if "South" in made else made.create_sheet("South").append(row)

    inventory = intake.read(book([["Task id", "Task"], ["T-1", "Payroll"]], second), Settings())
    assert found(inventory, "ids-repeated")[0].cells == ("Tasks!A2", "South!A2")


def test_a16_rows_that_are_the_same_are_all_kept_and_named(book: BookMaker) -> None:
    same = ["Payroll", "Acme Ltd", "x"]
    rows: Rows = [["Task", "Provider", "Remark"], same, ["Desk", "Desk Ltd", "x"], same, ["Payroll", "Acme Ltd", "y"]]
    inventory = intake.read(book(rows), Settings())
    assert inventory.tasks.height == 4
    (finding,) = found(inventory, "rows-identical")
    assert (finding.count, finding.cells) == (2, ("Tasks!A2", "Tasks!A4"))


# --- A14: blank rows --------------------------------------------------------------------------------------------------


def test_a14_blank_rows_are_skipped_and_counted_and_rows_keep_their_numbers(book: BookMaker) -> None:
    def tail(made: Any) -> None:
        for row in range(9, 400):
            made["Tasks"].cell(row, 1).number_format = "0.00"
            made["Tasks"].cell(row, 2).fill = PatternFill("solid", "FFEEEEEE")

    rows: Rows = [["Task", "Provider"], ["Payroll", "Acme"], [], [None, " "], ["Desk", "Acme"], [], ["Audit", "Tick"]]
    inventory = intake.read(book(rows, tail), Settings())
    assert inventory.tasks["row"].to_list() == [2, 5, 7]
    assert inventory.rows == 3
    (finding,) = found(inventory, "rows-blank")
    assert (finding.count, finding.cells) == (3, ("Tasks!A3", "Tasks!A4", "Tasks!A6"))


def test_a14_rows_set_aside_are_not_blank_ones(book: BookMaker) -> None:
    rows: Rows = [["Task", "FTE"], ["Payroll", 2], ["Total", 2], [], ["Note: as reported"], ["Desk", 1], ["Total", 3]]
    inventory = intake.read(book(rows), Settings())
    assert found(inventory, "rows-blank")[0].cells == ("Tasks!A4",)
    assert not found(intake.read(book([row for row in rows if row]), Settings()), "rows-blank")


# --- A17, A18, A21: texts that a copy has to keep ---------------------------------------------------------------------


def analysed(source: Path) -> Analysis:
    return pipeline.analyze(source, Settings(company=Company(home="GB")), policy.default(), Period.parse("2026-10"))


def annotated(source: Path) -> tuple[openpyxl.Workbook, dict[str, Any]]:
    """The annotated copy, every part of it XML that a strict reader takes, and what the summary says."""
    out = source.with_name("out")
    out.mkdir()
    targets = report.Targets(out / "copy.xlsx", out / "page.html", out / "summary.json")
    report.write(analysed(source), targets, report.Options(verify=True))
    with zipfile.ZipFile(targets.workbook) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels", ".vml")):
                expat.ParserCreate().Parse(package.read(name), True)
    summary: dict[str, Any] = json.loads(targets.digest.read_text(encoding="utf-8"))
    return openpyxl.load_workbook(targets.workbook), summary


LONG = {
    "as many characters as a cell holds": "x" * 32_767,
    "as many lines as a cell shows": "\n".join(["a line"] * 254),
    "tabs and carriage returns": "a\tb\r\nc\rd",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_a17_long_and_broken_texts_are_kept(book: BookMaker, text: str) -> None:
    copy, _ = annotated(book([["Task", "Provider", "Remark"], [text, "Acme", text], ["Desk", "Acme", "short"]]))
    read = [copy["Tasks"].cell(2, column).value for column in (1, 3)]
    assert [re.sub(r"\r\n?", "\n", str(value)) for value in read] == [re.sub(r"\r\n?", "\n", text)] * 2
    texts = (cell.value for sheet in copy for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str))
    assert max(len(text) for text in texts) <= 32_767


def test_a17_a_text_longer_than_a_cell_is_cut_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    path.write_text(f"Task,Provider,Remark\nPayroll,Acme,{'x' * 40_000}\nDesk,Acme,short\n", encoding="utf-8")
    copy, summary = annotated(path)
    assert len(str(copy.worksheets[0]["C2"].value)) == 32_767
    assert "workbook-text-cut" in {finding["code"] for finding in summary["findings"]}


ESCAPES = ["a_x000B_b", "a_x000D_", "_x0000_", "_xD800_", "_x005F_x000D_", "a&#13;&#10;b", "\u0085\u2028", "_xFFFE_"]
FORBIDDEN = {"a control character": b"\x0b", "NUL": b"\x00", "a reference to one": b"&#11;", "U+FFFF": b"\xef\xbf\xbf"}


def with_texts(source: Path, text: bytes) -> Path:
    """The workbook with every @@ in its sheet replaced."""
    target = source.with_name("odd.xlsx")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"@@", text))
    return target


def test_a18_escapes_and_odd_characters_are_kept_and_the_copy_opens(book: BookMaker) -> None:
    rows: Rows = [["Task", "Provider"], *(["@@", f"Acme {n}"] for n in range(len(ESCAPES)))]
    path = book(rows)
    for text in ESCAPES:
        path = patched(path, "xl/worksheets/sheet1.xml", lambda xml, text=text: xml.replace("@@", text, 1))  # type: ignore[misc] # bound at once
    before, copy = openpyxl.load_workbook(path)["Tasks"], annotated(path)[0]["Tasks"]
    assert [cell.value for cell in copy["A"]] == [cell.value for cell in before["A"]]


@pytest.mark.parametrize("text", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_a18_what_xml_forbids_is_written_so_that_the_copy_opens(book: BookMaker, text: bytes) -> None:
    def second(made: Any) -> None:
        made.create_sheet("Notes")["A1"] = "theirs"

    path = with_texts(book([["Task", "Provider"], ["Pay@@roll", "Ac@@me"], ["Desk", "Acme"]], second), text)
    copy, summary = annotated(path)
    assert "workbook-written-fresh" in {finding["code"] for finding in summary["findings"]}
    assert copy.sheetnames[:2] == ["Tasks", "Notes"]
    assert re.fullmatch(r"Pay(.|_x[0-9A-F]{4}_)?roll", str(copy["Tasks"]["A2"].value))
    assert copy["Notes"]["A1"].value == "theirs"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"a\x0bb", ""),
        (b"a\x00b", ""),
        (b"\x7f\x80\xed\xa0\x80", ""),
        ("lone \ud800 and \udc00".encode("utf-16-le", "surrogatepass"), "utf-16-le"),
    ],
    ids=["vertical tab", "NUL", "bytes of a surrogate", "lone surrogates"],
)
def test_a18_odd_bytes_of_a_text_file_raise_nothing(tmp_path: Path, content: bytes, encoding: str) -> None:
    head, tail = "Task,Provider\nPay", "roll,Acme\n" + "Desk services,Desk Limited\n" * 30
    mark = b"\xff\xfe" if encoding else b""
    path = tmp_path / "tasks.csv"
    path.write_bytes(mark + head.encode(encoding or "utf-8") + content + tail.encode(encoding or "utf-8"))
    assert annotated(path)[0].worksheets[0].max_row == 32


RICH = (
    '<is><r><rPr><b/></rPr><t>Pay</t></r><r><t xml:space="preserve">roll run</t></r>'
    '<rPh sb="0" eb="1"><t>ペイ</t></rPh><phoneticPr fontId="1"/></is>'
)


def test_a21_rich_text_is_read_plain_and_comments_and_links_stay(book: BookMaker) -> None:
    def note(made: Any) -> None:
        made["Tasks"]["A2"].comment = Comment("ask them", "A. Lee")
        made["Tasks"]["B2"].hyperlink = "https://example.test/acme"

    path = book([["Task", "Provider"], ["@@", "Acme Ltd"], ["Desk", "Desk Ltd"]], note)
    path = patched(path, "xl/worksheets/sheet1.xml", lambda xml: re.sub(r"<is><t>@@</t></is>", RICH, xml))
    inventory = intake.read(path, Settings())
    assert inventory.raw.select("task_name", "provider").row(0) == ("Payroll run", "Acme Ltd")
    copy = annotated(path)[0]["Tasks"]
    assert copy["A2"].comment.text == "ask them"
    assert copy["B2"].hyperlink.target == "https://example.test/acme"
    with zipfile.ZipFile(next(path.parent.glob("out/*.xlsx"))) as package:
        assert RICH in package.read("xl/worksheets/sheet1.xml").decode()


# --- A19: letters that are not what they seem -------------------------------------------------------------------------

SPELLINGS = {
    "zero width": ("G\u200bB", "GB"),
    "byte order mark": ("\ufeffFrance", "FR"),
    "right-to-left mark": ("\u202eIndia\u202c", "IN"),
    "full width": ("Ｇｅｒｍａｎｙ", "DE"),
    "decomposed": ("Co\u0302te d\u2019Ivoire", "CI"),
    "composed": ("C\u00f4te d'Ivoire", "CI"),
    "Turkish capital": ("\u0130reland", "IE"),
}


@pytest.mark.parametrize(("written", "code"), SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a19_codes_and_words_are_read_in_any_width_and_form(book: BookMaker, written: str, code: str) -> None:
    rows: Rows = [["Task", "Delivery country", "Outsourced"], ["Payroll", written, "\u202eyes"], ["Desk", "GB", "no"]]
    inventory = intake.read(book(rows), Settings())
    assert inventory.tasks["delivery_country"].to_list() == [[code], ["GB"]]
    assert inventory.tasks["outsourced_flag"].to_list() == ["yes", "no"]
    assert inventory.raw["delivery_country"][0] == written


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("T\u200b-3", True),
        ("\u0422-3", True),  # a Cyrillic letter alone
        ("T\u0415-3", True),
        ("\u202eT-3", True),
        ("T-3", False),
        ("Tâche-3", False),
        ("\u0416-3", False),  # no Latin letter looks so
    ],
)
def test_a19_look_alikes_in_a_code_are_named(book: BookMaker, text: str, named: bool) -> None:
    rows: Rows = [["Task id", "Task"], ["T-1", "Payroll"], ["T-2", "Desk"], [text, "Audit"], ["T-4", "Mail"]]
    inventory = intake.read(book(rows), Settings())
    assert inventory.tasks["task_id"][2] == text
    assert [finding.cells for finding in found(inventory, "cells-look-alike")] == ([("Tasks!A4",)] if named else [])


def test_a19_a_column_in_cyrillic_is_no_look_alike(book: BookMaker) -> None:
    rows: Rows = [["Task id", "Task"], ["\u0410-1", "Оса"], ["\u0410-2", "Рассылка"]]
    assert not found(intake.read(book(rows), Settings()), "cells-look-alike")


def test_a19_ids_and_providers_that_look_the_same_are_the_same(book: BookMaker) -> None:
    rows: Rows = [
        ["Task id", "Task", "Provider", "Delivery country", "Annual cost"],
        ["T-1", "Payroll", "Acme Ltd", "GB", 10],
        ["T\u200b-1", "Desk", "Ac\u00adme\u00a0 Ltd", "GB", 30],
        ["T-2", "Audit", "Ａｃｍｅ Ltd", "GB", 60],
    ]
    analysis = analysed(book(rows))
    assert found(analysis.inventory, "ids-repeated")[0].cells == ("Tasks!A2", "Tasks!A3")
    assert analysis.summary.providers.select("provider", "tasks", "cost").rows() == [("Acme Ltd", 3, 100.0)]


def test_a19_a_header_with_invisible_letters_is_read_and_named(book: BookMaker) -> None:
    inventory = intake.read(book([["T\u200bask", "Provid\u0435r"], ["Payroll", "Acme Ltd"]]), Settings())
    assert {"task_name", "provider"} <= set(inventory.tasks.columns)
    assert found(inventory, "look-alikes")[0].cells == ("Tasks!A1", "Tasks!B1")
