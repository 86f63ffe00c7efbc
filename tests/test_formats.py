"""Formats beside .xlsx: protected and full .xls, what Excel wrote before, binary and macro books, long text files."""

from __future__ import annotations

import hashlib
import struct
import time
import zipfile
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from conftest import SheetMaker
from kitchen_sink import make

from analyzer import intake, pipeline, policy, xlsx
from analyzer.errors import RefusedError
from analyzer.intake import protection
from analyzer.period import Period
from analyzer.report import workbook
from analyzer.settings import Settings
from benchmarks import formats

ROWS: formats.Rows = (
    ("Task", "Provider", "Delivery country", "FTE"),
    ("Payroll", "Acme", "IN", 2.5),
    ("Reception", "Désk Ltd", "GB", 1.0),
)
SALT = bytes(range(16))


def file_pass(password: str) -> bytes:
    """What an .xls says of its encryption (RC4) under a password."""
    secret = hashlib.md5(password.encode("utf-16-le"), usedforsecurity=False).digest()[:5]
    secret = hashlib.md5((secret + SALT) * 16, usedforsecurity=False).digest()[:5]
    key = hashlib.md5(secret + bytes(4), usedforsecurity=False).digest()
    verifier = bytes(range(100, 116))
    clear = verifier + hashlib.md5(verifier, usedforsecurity=False).digest()
    return struct.pack("<3H", 1, 1, 1) + SALT + protection.rc4(key, clear)


@pytest.mark.parametrize(
    ("password", "words"),
    [("VelvetSweatshop", "protected against changes"), ("4711", "needs a password to be opened")],
)
def test_c3_a_workbook_that_excel_opens_without_asking_is_told_apart(tmp_path: Path, password: str, words: str) -> None:
    path = formats.xls(tmp_path / "list.xls", ROWS, protection=file_pass(password))
    with pytest.raises(RefusedError, match=words) as refused:
        intake.read(path, Settings())
    assert "save" in refused.value.hint.lower()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "opens"),
    [
        ("xls/ExcelDataReader__TestExcel_2040.xls", True),
        ("xls/test_files__password_2002_40_972000.xls", False),
        ("odd/ExcelDataReader__Test_git_issue_242_std_rc4_pwd_password.xls", False),
    ],
)
def test_c2_c3_real_protected_workbooks_are_told_apart(shared: Path, name: str, opens: bool) -> None:
    with pytest.raises(RefusedError, match="against changes" if opens else "needs a password"):
        intake.read(shared / "corpus" / name, Settings())


def test_c4_a_key_of_four_billion_rounds_is_never_derived(tmp_path: Path) -> None:
    info = (
        '<encryption><keyEncryptors><keyEncryptor><encryptedKey spinCount="4294967295" saltSize="16" '
        'hashAlgorithm="SHA512"/></keyEncryptor></keyEncryptors></encryption>'
    )
    streams = {"EncryptionInfo": struct.pack("<2HL", 4, 4, 0x40) + info.encode(), "EncryptedPackage": bytes(5000)}
    path = tmp_path / "list.xlsx"
    path.write_bytes(formats.compound(streams))
    start = time.process_time()
    with pytest.raises(RefusedError, match="needs a password"):
        intake.read(path, Settings())
    assert time.process_time() - start < 1


def test_c7_a_text_file_longer_than_a_sheet_is_analysed_and_written_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "long.csv", tmp_path / "long.annotated.xlsx"
    source.write_text(
        "Task,Provider,Delivery country\n" + "".join(f"Task {n},Acme,India\n" for n in range(25)), encoding="utf-8"
    )
    monkeypatch.setattr(xlsx, "pages", partial(xlsx.pages, most=10))
    monkeypatch.setattr(workbook, "MAX_ROWS", 10)
    settings = Settings.model_validate({"company": {"home": "GB"}})
    analysis = pipeline.analyze(source, settings, policy.default(), Period(2026, 10))
    written = workbook.write_workbook(analysis, target)
    (finding,) = (one for one in written.findings if one.code == "workbook-rows-split")
    assert (finding.count, finding.values["sheets"]) == (26, "long, long (2), long (3)")
    book = openpyxl.load_workbook(target, read_only=True)
    rows = [row for name in ("long", "long (2)", "long (3)") for row in book[name].iter_rows(values_only=True)]
    tagged = [(row[0], row[3]) for row in rows if str(row[0]).startswith("Task ")]
    assert tagged == [(f"Task {n}", "Outsourced offshore") for n in range(25)]


def test_c8_a_full_xls_says_that_rows_may_be_missing(tmp_path: Path) -> None:
    rows = [("Task", "Provider"), *(("Payroll", "Acme"),) * 65_535]
    full, few = (formats.xls(tmp_path / f"{n}.xls", rows[:n]) for n in (65_536, 9))
    inventory = intake.read(full, Settings())
    assert inventory.rows == 65_535
    assert "rows-at-old-limit" in {finding.code for finding in inventory.findings}
    assert "rows-at-old-limit" not in {finding.code for finding in intake.read(few, Settings()).findings}


@pytest.mark.parametrize("make_book", [formats.xls, formats.xlsb, formats.ods])
def test_c9_other_formats_are_read_as_well(tmp_path: Path, make_book: formats.Maker) -> None:
    inventory = intake.read(make_book(tmp_path / f"list.{make_book.__name__}", ROWS), Settings())
    assert inventory.source.kind == make_book.__name__
    assert inventory.raw["provider"].to_list() == ["Acme", "Désk Ltd"]
    assert inventory.tasks["fte"].to_list() == [2.5, 1.0]


def test_c9_rows_that_an_ods_repeats_are_all_tasks(tmp_path: Path) -> None:
    inventory = intake.read(formats.ods(tmp_path / "list.ods", ROWS, repeat=40), Settings())
    assert inventory.tasks["row"].to_list() == list(range(2, 43))
    assert inventory.raw["task_name"].to_list() == ["Payroll", *["Reception"] * 40]


def test_c9_a_macro_book_and_a_template_are_read(sheet: SheetMaker, tmp_path: Path) -> None:
    assert intake.read(make(tmp_path / "sink.xlsm"), Settings()).source.kind == "xlsm"
    template = tmp_path / "list.xltx"
    plain = sheet("Task | Provider\nPayroll | Acme")
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(template, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"sheet.main+xml", b"template.main+xml"))
    assert intake.read(template, Settings()).raw["provider"].to_list() == ["Acme"]


@pytest.mark.parametrize(
    ("head", "version"),
    [
        (b"\x09\x00\x04\x00\x02\x00\x10\x00", "Excel 2.0"),
        (b"\x09\x02\x06\x00\x00\x00\x10\x00\x00\x00", "Excel 3.0"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00", "Excel 4.0"),
    ],
)
def test_c9_what_excel_wrote_before_its_workbooks_is_named(tmp_path: Path, head: bytes, version: str) -> None:
    path = tmp_path / "list.xls"
    path.write_bytes(head + bytes(200))
    with pytest.raises(RefusedError, match=f"This is an {version} sheet") as refused:
        intake.read(path, Settings())
    assert "save it as .xlsx" in refused.value.hint


def test_c9_a_binary_workbook_that_panics_its_reader_is_a_plain_refusal(tmp_path: Path) -> None:
    path = formats.xlsb(tmp_path / "list.xlsb", ROWS)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/worksheets/sheet1.bin"] = parts["xl/worksheets/sheet1.bin"][:40]
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    with pytest.raises(RefusedError, match="damaged or not complete"):
        intake.read(path, Settings())
