"""What a package holds is told, and what is hostile is refused, before any reader opens it."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from analyzer.errors import RefusedError
from analyzer.xlsx import Feature, Limits, State, free_column, inspect

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def book(path: Path, **parts: str | bytes) -> Path:
    """A small workbook with the sheet's rows or whole parts put in: ``sheet``, ``strings``, or a part's name."""
    stream = io.BytesIO()
    made = openpyxl.Workbook()
    made.worksheets[0]["A1"] = "task"
    made.save(stream)
    sheet = parts.pop("sheet", None)
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if sheet is not None and name == "xl/worksheets/sheet1.xml":
                data = re.sub(rb"<sheetData>.*</sheetData>", f"<sheetData>{sheet!s}</sheetData>".encode(), data)
            put: str | bytes = parts.pop(name, data)
            target.writestr(name, put)
        for name, more in parts.items():
            target.writestr(name, more)
    return path


def cell(address: str) -> str:
    row = re.sub("[A-Z]", "", address)
    return f'<row r="{row}"><c r="{address}"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"task,provider\n", "not an .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old .xls workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "needs a password"),
        (b"PK\x03\x04" + b"\0" * 100, "not complete"),
        (b"PK\x05\x06" + b"\0" * 18, "holds no workbook"),
    ],
)
def test_what_is_no_workbook_is_refused_by_name(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "inventory.xlsx"
    path.write_bytes(content)
    with pytest.raises(RefusedError, match=re.escape(sentence)):
        inspect(path)


def test_c1_a_word_file_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "inventory.xlsx"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("[Content_Types].xml", "<Types/>")
        target.writestr("word/document.xml", "<w/>")
    with pytest.raises(RefusedError, match="Word file"):
        inspect(path)


@pytest.mark.parametrize("cut", [1, 30, 1000, 3000])
def test_d1_a_file_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    path = book(tmp_path / "inventory.xlsx")
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(RefusedError):
        inspect(path)


BOMBS = {
    "ratio": ({"xl/media/image1.bin": b"\0" * 20_000_000}, "times its size; the limit is 100"),
    "document type": ({"xl/theme/theme1.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x/>'}, "document type"),
    "document type in a relation": ({"xl/_rels/workbook.xml.rels": "<!DOCTYPE x><x/>"}, "document type"),
    "UTF-16 document type": ({"docProps/app.xml": "<!DOCTYPE x><x/>".encode("utf-16")}, "document type"),
    "way out": ({"../../etc/passwd": b""}, "points outside"),
    "far cell": ({"sheet": cell("A1") + cell("XFD1048576")}, "reaches to XFD1048576"),
    "far cell in a near row": ({"sheet": '<row r="1"><c r="XFD1048576"/></row>'}, "reaches to XFD1048576"),
    "cell without an end": ({"sheet": cell("A1") + cell("A4294967295")}, "beyond the last one"),
    "texts that are not there": (
        {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}" count="1" uniqueCount="4294967295"><si><t>a</t></si></sst>'},
        "says that it holds 4,294,967,295 texts",
    ),
    "no XML": ({"xl/workbook.xml": "<workbook>"}, "no well-formed XML"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_d2_d3_d4_d5_hostile_files_are_refused_with_the_limit(tmp_path: Path, name: str) -> None:
    parts, sentence = BOMBS[name]
    with pytest.raises(RefusedError, match=re.escape(sentence)):
        inspect(book(tmp_path / "inventory.xlsx", **parts))  # type: ignore[arg-type]  # text and bytes mixed


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (Limits(file_bytes=100), "the limit is 0 MB"),
        (Limits(unpacked_bytes=100), "unpacks to"),
        (Limits(entries=3), "more parts than the limit of 3"),
        (Limits(cells=0), "the limit is 0"),
    ],
)
def test_d2_each_limit_is_named(tmp_path: Path, limits: Limits, sentence: str) -> None:
    with pytest.raises(RefusedError, match=sentence):
        inspect(book(tmp_path / "inventory.xlsx"), limits)


def test_d2_entries_that_share_bytes_are_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "inventory.xlsx")
    data = bytearray(path.read_bytes())
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]  # both point to one local header
    path.write_bytes(bytes(data))
    with pytest.raises(RefusedError, match="share the same bytes"):
        inspect(path)


def test_d2_sizes_that_lie_are_found_while_unpacking(tmp_path: Path) -> None:
    path = book(tmp_path / "inventory.xlsx")
    data = bytearray(path.read_bytes())
    at = data.find(b"xl/workbook.xml", data.find(b"PK\x01\x02")) - 46
    size = struct.unpack_from("<L", data, at + 24)[0]
    struct.pack_into("<L", data, at + 24, size - 5)
    path.write_bytes(bytes(data))
    with pytest.raises(RefusedError, match="unpacks to more than the file says"):
        inspect(path)


def test_a_stray_cell_passes_where_the_reader_fills_no_grid(tmp_path: Path) -> None:
    path = book(tmp_path / "inventory.xlsx", sheet=cell("A1") + cell("XFD1048576"))
    (sheet,) = inspect(path, allow_sparse=True).sheets
    assert (sheet.extent.last_row, sheet.extent.last_column, sheet.extent.cells) == (1_048_576, 16_383, 2)


@pytest.mark.parametrize(
    ("rows", "extent"),
    [
        ("", (0, -1, 0)),
        ('<row r="1"/>', (1, -1, 0)),
        (cell("B3") + cell("AB7"), (7, 27, 2)),
        ('<row r="2"><c><v>1</v></c><c s="0"><v>2</v></c></row>', (2, 1, 2)),
        ('<row><c r="A1"/></row><row><c/><c/></row>', (2, 1, 3)),
        ("<row r='5'><c s='0' r='C5'/></row>", (5, 2, 1)),
        ('<row r="9"><c\nr="D9"><v>1</v></c></row>', (9, 3, 1)),
        ('<row r="2"><c r="d9"/></row>', (9, 3, 1)),
        ('<row r="2"><c r="A2"/><c r="xfd9"/></row>', (9, 16_383, 2)),
    ],
)
def test_the_extent_is_that_of_the_cells(tmp_path: Path, rows: str, extent: tuple[int, int, int]) -> None:
    (sheet,) = inspect(book(tmp_path / "inventory.xlsx", sheet=rows)).sheets
    assert (sheet.extent.last_row, sheet.extent.last_column, sheet.extent.cells) == extent


@pytest.mark.parametrize(
    ("first", "width", "free"),
    [(0, 2, 4), (1, 2, 4), (1, 1, 1), (2, 1, 4), (4, 9, 4), (5, 1, 5), (14, 3, 14), (15, 3, 18)],
)
def test_a_free_column_has_room_for_the_whole_width(tmp_path: Path, first: int, width: int, free: int) -> None:
    rows = cell("A1") + cell("C2") + cell("D9") + cell("R11")
    assert free_column(book(tmp_path / "inventory.xlsx", sheet=rows), "sheet", first, width) == free


def test_a_sheet_used_up_to_its_last_column_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "inventory.xlsx", sheet=cell("XFC1"))
    with pytest.raises(RefusedError, match="no 3 free columns: its cells reach to XFC"):
        free_column(path, "Sheet", 16_380, 3)


@pytest.mark.parametrize("row", ["1e308", "-1", "x"])
def test_d1_a_row_of_no_number_is_damage(tmp_path: Path, row: str) -> None:
    path = book(tmp_path / "inventory.xlsx", sheet=f'<row r="1"><c r="A1"/></row><row r="{row}"><c r="A2"/></row>')
    with pytest.raises(RefusedError):
        inspect(path, allow_sparse=True)


def test_d3_an_address_of_four_letters_lies_beyond_the_sheet(tmp_path: Path) -> None:
    path = book(tmp_path / "inventory.xlsx", sheet='<row r="2"><c r="A2"/><c r="AXFD9"/></row>')
    with pytest.raises(RefusedError, match="beyond the last one of a sheet: AXFD9"):
        inspect(path, allow_sparse=True)


def test_sheets_tables_names_and_features_are_told(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    tab = made.worksheets[0]
    tab.title = "Tasks"
    tab.append(["task", "provider"])
    tab.append(["payroll", "Ardent"])
    tab.add_table(Table(displayName="inventory", ref="A1:B2"))
    tab.protection.enable()
    made.create_sheet("Notes").sheet_state = "veryHidden"
    made.defined_names["home"] = DefinedName("home", attr_text="Tasks!$A$1")
    made.epoch = CALENDAR_MAC_1904
    made.save(tmp_path / "inventory.xlsx")
    with zipfile.ZipFile(tmp_path / "inventory.xlsx", "a") as target:
        target.writestr("xl/vbaProject.bin", b"macros")
    facts = inspect(tmp_path / "inventory.xlsx")
    assert [(sheet.name, sheet.state, sheet.protected) for sheet in facts.sheets] == [
        ("Tasks", State.VISIBLE, True),
        ("Notes", State.VERY_HIDDEN, False),
    ]
    assert [(table.name, table.last_row, table.last_column, table.columns) for table in facts.tables] == [
        ("inventory", 2, 1, ("task", "provider"))
    ]
    assert [(name.name, name.refers_to) for name in facts.names] == [("home", "Tasks!$A$1")]
    assert facts.features == {Feature.MACROS}
    assert (facts.kind, facts.date1904, facts.strict, facts.active_sheet) == ("xlsx", True, False, "Tasks")
    assert facts.free_name("tasks") == "tasks (2)"


def test_d1_a_damaged_byte_never_ends_in_anything_but_a_refusal(tmp_path: Path) -> None:
    path = book(tmp_path / "inventory.xlsx")
    good = path.read_bytes()
    outcomes = set()
    for place in range(0, len(good), 41):
        path.write_bytes(good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :])
        try:
            inspect(path)
            outcomes.add("read")
        except RefusedError:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}
