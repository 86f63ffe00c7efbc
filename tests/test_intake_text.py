"""Text files: encodings, separators, line ends, and what is no text."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer import intake
from analyzer.errors import RefusedError
from analyzer.intake.delimited import decode, dialect
from analyzer.settings import Settings

LINES = "Aufgabe;Dienstleister;Land\nPrüfung;Müller & Söhne;Österreich\nEmpfang;Café Zürich;Schweiz\n"
POLISH = (
    "Zadanie;Provider;Country\nObsługa płac;Łódź Usługi;Polska\nKsięgowość;Żółw Śnieg;Polska\nŹródła;Ćwierć;Polska\n"
)


def written(tmp_path: Path, content: bytes, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_c5_encodings_are_told(tmp_path: Path, encoding: str) -> None:
    inventory = intake.read(
        written(tmp_path, (LINES * 20).replace("\nAufgabe;Dienstleister;Land", "").encode(encoding)), Settings()
    )
    assert inventory.raw["provider"].to_list()[:2] == ["Müller & Söhne", "Café Zürich"]
    assert inventory.source.encoding


def test_c5_central_european_letters(tmp_path: Path) -> None:
    text, encoding = decode((POLISH * 10).encode("cp1250"))
    assert "Księgowość" in text
    assert "1250" in encoding


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_c5_separators_are_told_by_the_number_of_fields(separator: str) -> None:
    rows = [["Task", "Provider", "Cost"], ["Payroll", "Acme, Ltd; UK", "1,5"], ["Audit", "Tick | Co", "2,5"]]
    text = "\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    assert dialect(text) == separator


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Task,Provider\rPayroll,Acme\rAudit,Tick\r", [2, 3]),
        ("Task,Provider\r\nPayroll,Acme\r\n\r\nAudit,Tick\r\n", [2, 4]),
        ('Task,Provider\n"Pay\nroll",Acme\nAudit,Tick\n', [2, 3]),
        ("sep=;\nTask;Provider\nPayroll;Acme\nAudit;Tick\n", [3, 4]),
        ("Task,Provider\nPay\x00roll,Acme\nAudit,Tick\n", [2, 3]),
        ("\n\nTask,Provider\nPayroll,Acme\n\nAudit,Tick", [4, 6]),
    ],
)
def test_a14_every_record_keeps_its_row(tmp_path: Path, text: str, rows: list[int]) -> None:
    inventory = intake.read(written(tmp_path, text.encode()), Settings())
    assert inventory.tasks["row"].to_list() == rows


def test_c6_ragged_rows_are_kept_and_told(tmp_path: Path) -> None:
    text = "Task,Provider,Country\nPayroll,Acme, Ltd,IN\nAudit\nReception,Desk,GB\nMail,Post,GB\n"
    inventory = intake.read(written(tmp_path, text.encode()), Settings())
    (finding,) = (one for one in inventory.findings if one.code == "rows-ragged")
    assert (inventory.rows, finding.count) == (4, 2)


def test_c6_a_field_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="never closed"):
        intake.read(written(tmp_path, b'Task,Provider\n"' + b"x" * 2_000_000), Settings())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"   \n\n", "nothing but blanks"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"\xff\xd8\xff\xe0....", "picture"),
        (b"<!DOCTYPE html><html><body><table>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 1\n", "git-LFS"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "2003"),
        (b'{"tasks": [{"name": "Payroll"}]}', "JSON"),
        (b"{\\rtf1\\ansi Payroll}", "RTF"),
        (b"PAR1....", "Parquet"),
        (b"SQLite format 3\x00....", "database"),
        (b"\x1f\x8b\x08\x00....", "gzip"),
        (bytes(range(256)) * 20, "binary or damaged"),
        (b"PK\x03\x04 half a workbook", "not complete"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old Office file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 40, "password"),
        (b"\x04Anna" + b"\x20" * 50 + b"\x00\x04\x00" + b"A\x00n\x00n\x00a\x00" * 10, "lock file"),
    ],
)
@pytest.mark.parametrize("name", ["inventory.xlsx", "inventory.csv"])
def test_c2_c10_what_is_no_spreadsheet_is_named(tmp_path: Path, content: bytes, words: str, name: str) -> None:
    with pytest.raises(RefusedError, match=words) as refusal:
        intake.read(written(tmp_path, content, name), Settings())
    assert refusal.value.hint
    assert refusal.value.where == name


def test_c1_a_csv_named_xls_is_read_as_what_it_is(tmp_path: Path) -> None:
    inventory = intake.read(written(tmp_path, b"Task,Provider\nPayroll,Acme\n", "list.xls"), Settings())
    assert inventory.source.kind == "csv"
    assert "file-named-otherwise" in {finding.code for finding in inventory.findings}


def test_a_file_over_the_limit_is_refused_with_the_setting(tmp_path: Path) -> None:
    settings = Settings.model_validate({"limits": {"file_mb": 0.001}})
    with pytest.raises(RefusedError, match="the limit is") as refusal:
        intake.read(written(tmp_path, b"Task,Provider\n" + b"Payroll,Acme\n" * 200), settings)
    assert "file_mb" in refusal.value.hint
