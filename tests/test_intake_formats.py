"""The same table in other formats, and small files that would kill a reader."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from conftest import SheetMaker

from analyzer import intake
from analyzer.errors import RefusedError
from analyzer.settings import Settings
from benchmarks import formats

TABLE = "Task | Provider | Delivery country\nPayroll | Acme Ltd | IN\nReception | Desk Ltd | GB"

ROWS: formats.Rows = (("Task", "Provider", "Delivery country"), ("Payroll", "Acme", "IN"), ("Reception", "Desk", "GB"))


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with an error, a date, a decimal and a hidden row."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Tasks"
    for row in (
        ["Task", "Provider", "Annual cost", "Start date"],
        ["Payroll", "=NA()", 120000.25, date(2022, 1, 31)],
        ["Reception", "Desk Ltd", "=1/0", date(2023, 5, 1)],
    ):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    path = tmp_path_factory.mktemp("formats") / "tasks.xlsx"
    book.save(path)
    return path


@pytest.mark.office
@pytest.mark.parametrize("kind", ["ods", "xls", "xlsx"])
def test_a1_errors_dates_and_hidden_rows_are_seen_in_every_format(
    spoilt: Path, soffice: str, tmp_path: Path, kind: str
) -> None:
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={tmp_path.as_uri()}/profile",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            tmp_path,
            spoilt,
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    inventory = intake.read(tmp_path / f"tasks.{kind}", Settings())
    assert inventory.source.kind == kind
    assert inventory.raw["provider"].to_list() == ["#N/A", "Desk Ltd"]
    assert inventory.status["provider"].to_list() == ["error", "accepted"]
    assert inventory.raw["annual_cost"].to_list() == ["120000.25", "#DIV/0!"]
    assert inventory.tasks["start_date"].to_list() == [date(2022, 1, 31), date(2023, 5, 1)]
    assert inventory.tasks["hidden"].to_list() == [False, True]


def patched(source: Path, target: Path, change: Callable[[str, bytes], bytes]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target


def with_rows(xml: bytes) -> Callable[[str, bytes], bytes]:
    return lambda name, part: part.replace(b"</sheetData>", xml + b"</sheetData>") if "sheet1.xml" in name else part


@pytest.mark.parametrize("cell", ["XFD1048576", "XFD9", "AZZ5000"])
def test_b9_a_stray_cell_is_named_and_harmless(sheet: SheetMaker, tmp_path: Path, cell: str) -> None:
    row = "".join(filter(str.isdigit, cell))
    xml = f'<row r="{row}"><c r="{cell}" t="inlineStr"><is><t>left over</t></is></c></row>'
    inventory = intake.read(patched(sheet(TABLE), tmp_path / "stray.xlsx", with_rows(xml.encode())), Settings())
    assert inventory.tasks["task_name"].to_list() == ["Payroll", "Reception"]


def test_b9_the_farthest_stray_cell_is_named(sheet: SheetMaker, tmp_path: Path) -> None:
    xml = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    inventory = intake.read(patched(sheet(TABLE), tmp_path / "stray.xlsx", with_rows(xml)), Settings())
    (finding,) = (one for one in inventory.findings if one.code == "cells-stray")
    assert finding.cells == ("Inventory!XFD1048576",)


def test_d2_a_sheet_that_unpacks_to_gigabytes_is_refused(sheet: SheetMaker, tmp_path: Path) -> None:
    path = patched(sheet(TABLE), tmp_path / "bomb.xlsx", with_rows(b" " * 50_000_000))
    with pytest.raises(RefusedError, match="limit"):
        intake.read(path, Settings())


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9])
def test_d1_half_a_copy_is_refused(sheet: SheetMaker, tmp_path: Path, keep: float) -> None:
    whole = sheet(TABLE).read_bytes()
    path = tmp_path / "half.xlsx"
    path.write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(RefusedError, match="not complete"):
        intake.read(path, Settings())


def test_d1_a_package_damaged_anywhere_is_read_or_refused(sheet: SheetMaker, tmp_path: Path) -> None:
    good, path = sheet(TABLE).read_bytes(), tmp_path / "damaged.xlsx"
    ends: set[type] = set()
    for place in range(30, 1500, 13):
        path.write_bytes(good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :])
        try:
            ends.add(type(intake.read(path, Settings())))
        except RefusedError as refused:
            ends.add(type(refused))
    assert RefusedError in ends


def without_end(name: str, part: bytes) -> bytes:
    return part[: part.index(b"Reception")] if name == "content.xml" else part


def with_type(name: str, part: bytes) -> bytes:
    declared = b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    return (
        part.replace(b"?>", b"?>" + declared, 1).replace(b"Reception", b"&secret;") if name == "content.xml" else part
    )


@pytest.mark.parametrize(("change", "words"), [(without_end, "no well-formed XML"), (with_type, "document type")])
def test_d1_d4_an_open_document_is_proved_before_it_is_read(
    tmp_path: Path, change: Callable[[str, bytes], bytes], words: str
) -> None:
    whole = formats.ods(tmp_path / "whole.ods", ROWS)
    with pytest.raises(RefusedError, match=words):
        intake.read(patched(whole, tmp_path / "damaged.ods", change), Settings())


def test_d3_an_open_document_of_more_rows_than_a_sheet_holds_is_refused(tmp_path: Path) -> None:
    path = formats.ods(tmp_path / "list.ods", ROWS, repeat=4_294_967_295)
    with pytest.raises(RefusedError, match="a sheet holds 1,048,576"):
        intake.read(path, Settings())


def test_b9_a_stray_cell_in_an_old_workbook_is_named_and_harmless(tmp_path: Path) -> None:
    rows = [*ROWS, *[()] * 20_000, (*[""] * 255, "left over")]
    inventory = intake.read(formats.xls(tmp_path / "stray.xls", rows), Settings())
    assert inventory.tasks["task_name"].to_list() == ["Payroll", "Reception"]
    (finding,) = (one for one in inventory.findings if one.code == "cells-stray")
    assert finding.cells == ("Tasks!IV20004",)


def test_c1_c10_other_packages_are_named(tmp_path: Path) -> None:
    for inside, words in (
        ("word/document.xml", "Word"),
        ("ppt/slides.xml", "PowerPoint"),
        ("a/tasks.xlsx", "1 spreadsheet"),
    ):
        path = tmp_path / "package.xlsx"
        with zipfile.ZipFile(path, "w") as package:
            package.writestr(inside, b"x")
        with pytest.raises(RefusedError, match=words):
            intake.read(path, Settings())
