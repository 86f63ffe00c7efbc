"""Whole books edited: nothing of the user's is lost, and what is new stands where it should."""

from __future__ import annotations

import dataclasses
import io
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl
import polars as pl
import pytest
from kitchen_sink import HEADERS, ROWS, make
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.table import Table

from analyzer.errors import RefusedError
from analyzer.xlsx import (
    ACTIVE,
    Column,
    Edit,
    Graft,
    Name,
    Outcome,
    Splice,
    Style,
    apply,
    compare,
    fresh,
    inspect,
    pages,
)
from analyzer.xlsx.package import MAIN
from analyzer.xlsx.strings import SharedStrings

pytestmark = pytest.mark.filterwarnings("ignore:.*:UserWarning:openpyxl")  # openpyxl says what it would lose
ILL_FORMED = {"exceljs__invalid-xml.xlsx", "openspout__one_sheet_with_invalid_xml_characters.xlsx"}
QUADRANTS = ("In-house onshore", "Outsourced offshore")


def graft(**more: Any) -> Graft:
    """Two sheets: a chart over a table with a formula, and a plain one."""
    book = openpyxl.Workbook()
    summary = book.worksheets[0]
    summary.title = "Summary"
    for row in (("Quadrant", "Tasks"), (QUADRANTS[0], 5), (QUADRANTS[1], 7)):
        summary.append(row)
    summary["B4"] = "=SUM(B2:B3)"
    summary["A1"].font = Font(bold=True, color="1F3864")
    summary["B2"].fill = PatternFill("solid", fgColor="FFF2CC")
    summary["B2"].number_format = '0.0 "tasks"'
    summary["A6"] = "=B4>3"
    summary.add_table(Table(displayName="quadrants", ref="A1:B3"))
    chart = BarChart()
    chart.add_data(Reference(summary, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    chart.set_categories(Reference(summary, min_col=1, min_row=2, max_row=3))
    summary.add_chart(chart, "D2")
    summary.print_title_rows = "1:1"
    book.create_sheet("Ledger")["A1"] = "Rule"
    stream = io.BytesIO()
    book.save(stream)
    values: dict[str, dict[str, float | str | bool]] = {"Summary": {"B4": 12, "A6": True}}
    return dataclasses.replace(Graft(stream.getvalue(), ("Summary", "Ledger"), ("Summary",), values), **more)


def tags(sheet: str = "Tasks", first: int = len(HEADERS), header: int = 3, rows: int = ROWS) -> Splice:
    numbers = range(header + 1, header + 1 + rows)
    return Splice(
        sheet=sheet,
        first_column=first,
        header_row=header,
        rows=pl.Series(numbers, dtype=pl.UInt32),
        columns=(
            Column("Quadrant", pl.Series([QUADRANTS[row % 2] for row in numbers]), style=Style(like="B4")),
            Column("country", pl.Series([None] * rows, dtype=pl.String), style=Style(fill="FFF2CC", locked=False)),
        ),
    )


def edited(source: Path, edit: Edit, name: str = "result") -> tuple[Path, Outcome]:
    target = source.with_name(f"{name}{source.suffix}")
    with target.open("w+b") as stream:
        outcome = apply(source, stream, edit)
    return target, outcome


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        return package.namelist()


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("sink") / "inventory.xlsm")


@pytest.fixture(scope="module")
def whole(sink: Path) -> tuple[Path, Edit, Outcome]:
    """The kitchen sink with all kinds of changes at once."""
    edit = Edit(
        splices=(dataclasses.replace(tags(), table="inventory"), tags("Ledger", 0, 1, 9)),
        graft=graft(values={"Summary": {"B4": 12, "A6": True}}),
        names=(Name("decisions", "Tasks!$J$4:$J$43"),),
        properties={"policy": "default 1.0", "owner": "Anna"},
    )
    edit = dataclasses.replace(edit, splices=(edit.splices[0], dataclasses.replace(edit.splices[1], first_column=1)))
    result, outcome = edited(sink, edit)
    return result, edit, outcome


def test_b11_b12_b13_nothing_of_the_kitchen_sink_is_lost(sink: Path, whole: tuple[Path, Edit, Outcome]) -> None:
    result, edit, _ = whole
    found = compare(sink, result, edit, thorough=True)
    assert (found.lost, found.changed) == ((), ())
    assert found.parts > 60
    assert found.parts - found.same <= 9  # the sheet, its table, workbook, styles, texts, types, relations, properties


def test_only_the_parts_that_must_change_do(sink: Path, whole: tuple[Path, Edit, Outcome]) -> None:
    with zipfile.ZipFile(sink) as before, zipfile.ZipFile(whole[0]) as after:
        changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    assert changed == {
        "[Content_Types].xml",
        "docProps/custom.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/tables/table1.xml",
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
    }


def test_e8_readers_see_the_same_values_and_the_new_ones(sink: Path, whole: tuple[Path, Edit, Outcome]) -> None:
    before, after = (fastexcel.read_excel(str(path)) for path in (sink, whole[0]))
    assert after.sheet_names == ["Summary", *before.sheet_names, "Ledger"]
    tasks = after.load_sheet("Tasks", header_row=2, dtypes="string").to_polars()
    assert tasks.columns[len(HEADERS) :][:2] == ["Quadrant", "country 2"]
    assert set(tasks["Quadrant"]) == set(QUADRANTS)
    old = before.load_sheet("Tasks", header_row=2, dtypes="string").to_polars()
    assert tasks.select(old.columns).equals(old)


def test_the_table_takes_the_columns_with_headers_of_its_own(whole: tuple[Path, Edit, Outcome]) -> None:
    result, _, outcome = whole
    (table,) = [table for table in inspect(result).tables if table.name == "inventory"]
    assert table.columns == (*HEADERS, "Quadrant", "country 2")
    assert (table.first_column, table.last_column, table.last_row) == (0, 9, 43)
    assert outcome.headers == (("Quadrant", "country 2"), ("Quadrant", "country"))
    assert ("header-renamed", {"header": "country", "name": "country 2"}) in [
        (note.code, note.values) for note in outcome.notes
    ]


def test_names_keep_their_sheets_when_tabs_shift(whole: tuple[Path, Edit, Outcome]) -> None:
    found = {(name.name, name.sheet): name.refers_to for name in inspect(whole[0]).names}
    assert found["local", "Plain"] == "Plain!$B$1"
    assert found["_xlnm._FilterDatabase", "Plain"] == "Plain!$A$1:$B$4"
    assert found["_xlnm.Print_Titles", "Summary"].endswith("$1:$1")
    assert found["decisions", None] == "Tasks!$J$4:$J$43"
    assert inspect(whole[0]).active_sheet == "Tasks"


def test_properties_join_those_that_are_there(whole: tuple[Path, Edit, Outcome]) -> None:
    assert dict(inspect(whole[0]).properties) == {"checked": "true", "policy": "default 1.0", "owner": "Anna"}


def test_grafted_cells_look_and_say_what_they_did(whole: tuple[Path, Edit, Outcome]) -> None:
    values = openpyxl.load_workbook(whole[0], data_only=True)["Summary"]
    book = openpyxl.load_workbook(whole[0])["Summary"]
    assert (values["B4"].value, values["A6"].value, book["B4"].value) == (12, True, "=SUM(B2:B3)")
    assert book["A1"].font.bold
    assert book["A1"].font.color.rgb == "001F3864"
    assert book["B2"].number_format == '0.0 "tasks"'
    assert book["B2"].fill.fgColor.rgb == "00FFF2CC"
    assert list(book.tables) == ["quadrants"]


def test_a_grafted_chart_has_its_points_cached(whole: tuple[Path, Edit, Outcome]) -> None:
    new = [name for name in names(whole[0]) if "/charts/chart" in name][-1]
    chart = part(whole[0], new)
    assert re.findall(r"<(?:\w+:)?v>([^<]*)</", chart) == ["Tasks", *QUADRANTS, "5", "7"]


def test_large_sheets_come_as_rows_on_a_grafted_one(whole: tuple[Path, Edit, Outcome]) -> None:
    ledger = openpyxl.load_workbook(whole[0])["Ledger"]
    assert [cell.value for cell in ledger[1]] == ["Rule", "Quadrant", "country"]
    assert ledger["B10"].value == QUADRANTS[0]


def test_new_cells_look_like_their_neighbour(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    tab = book.worksheets[0]
    tab["A1"], tab["A2"] = "task", "payroll"
    tab["A2"].font = Font(name="Georgia", size=9, italic=True)
    book.save(tmp_path / "inventory.xlsx")
    column = Column("Quadrant", pl.Series(["x"]), style=Style(like="A2", fill="DDEBF7", bold=True, wrap=True))
    new = Splice("Sheet", 1, 1, pl.Series([2], dtype=pl.UInt32), (column,))
    result, _ = edited(tmp_path / "inventory.xlsx", Edit(splices=(new,)))
    made = openpyxl.load_workbook(result).worksheets[0]["B2"]
    assert (made.font.name, made.font.size, made.font.italic, made.font.bold) == ("Georgia", 9, True, True)
    assert (made.fill.fgColor.rgb, made.alignment.wrap_text) == ("FFDDEBF7", True)


def test_e12_running_again_replaces_and_does_not_double(sink: Path, whole: tuple[Path, Edit, Outcome]) -> None:
    first, edit, _ = whole
    again = dataclasses.replace(
        edit,
        splices=(dataclasses.replace(edit.splices[0], replaces=(8, 9)), edit.splices[1]),
        drop_sheets=("Summary", "Ledger"),
    )
    second, _ = edited(first, again, "second")
    assert not compare(first, second, again)
    one, two = inspect(first), inspect(second)
    assert [sheet.name for sheet in two.sheets] == [sheet.name for sheet in one.sheets]
    assert two.tables == tuple(
        dataclasses.replace(table, part=found.part) for table, found in zip(one.tables, two.tables, strict=True)
    )
    assert (two.names, two.properties) == (one.names, one.properties)
    assert len(names(second)) == len(names(first)) - 1  # the calculation chain is Excel's to make anew
    assert part(second, "xl/worksheets/sheet1.xml") == part(first, "xl/worksheets/sheet1.xml")


def test_styles_that_nothing_refers_to_keep_their_numbers_and_are_referred_to(tmp_path: Path) -> None:
    source, stray = make(tmp_path / "inventory.xlsx"), tmp_path / "stray.xlsx"
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(stray, "w") as target:
        for name in package.namelist():
            target.writestr(name, re.sub(rb"<Relationship [^>]*styles.xml[^>]*>", b"", package.read(name)))
    edit = Edit(splices=(tags(),))
    result, _ = edited(stray, edit)
    assert not compare(stray, result, edit)
    assert [name for name in names(result) if "styles" in name] == ["xl/styles.xml"]
    assert part(result, "xl/_rels/workbook.xml.rels").count("/xl/styles.xml") == 1


def test_d6_active_content_is_left_out_and_said(sink: Path) -> None:
    result, outcome = edited(sink, Edit(strip_active=True), "inert")
    assert not inspect(result).features & ACTIVE
    assert [(note.code, note.values["what"]) for note in outcome.notes] == [("active-left-out", "macros")]
    assert not compare(sink, result, Edit(strip_active=True), thorough=True)


def test_d6_a_chart_without_its_embedded_workbook_refers_to_none(tmp_path: Path) -> None:
    source, embedding = make(tmp_path / "inventory.xlsx"), tmp_path / "embedding.xlsx"
    chart = "xl/charts/chart1.xml"
    link = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/package" '
        'Target="../embeddings/data.xlsx"/></Relationships>'
    )
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(embedding, "w") as target:
        for name in package.namelist():
            data = package.read(name)
            if name == chart:
                data = data.replace(b"</c:chartSpace>", b'<c:externalData r:id="rId1"/></c:chartSpace>')
            target.writestr(name, data)
        target.writestr("xl/charts/_rels/chart1.xml.rels", link)
        target.writestr("xl/embeddings/data.xlsx", b"PK")
    result, _ = edited(embedding, Edit(strip_active=True), "inert")
    assert part(result, chart) == part(source, chart)
    assert "data.xlsx" not in part(result, "xl/charts/_rels/chart1.xml.rels")
    assert "xl/embeddings/data.xlsx" not in names(result)


def test_a_signature_is_dropped_and_said(tmp_path: Path) -> None:
    source = make(tmp_path / "signed.xlsx")
    with zipfile.ZipFile(source, "a") as package:
        package.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    result, outcome = edited(source, Edit(properties={"a": "b"}))
    assert [note.code for note in outcome.notes] == ["signature-dropped"]
    assert not [name for name in names(result) if "signature" in name]


def test_a_chosen_active_sheet_is_the_only_one_selected(tmp_path: Path) -> None:
    source = make(tmp_path / "inventory.xlsx")
    result, _ = edited(source, Edit(graft=graft(), active="Summary"))
    assert inspect(result).active_sheet == "Summary"
    with zipfile.ZipFile(result) as package:
        selected = [name for name in package.namelist() if b'tabSelected="1"' in package.read(name)]
    assert len(selected) == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [({"first_column": 9}, "are not free"), ({"table": "absent"}, "not there"), ({"header_row": 2}, "are not free")],
)
def test_a_table_that_cannot_grow_is_left_and_said(sink: Path, change: dict[str, Any], why: str) -> None:
    wanted: dict[str, Any] = {"table": "inventory", "extend_filter": False} | change
    splice = dataclasses.replace(tags(), **wanted)
    _, outcome = edited(sink, Edit(splices=(splice,)), "beside")
    assert [note.code for note in outcome.notes] == ["table-not-extended"]
    assert why in outcome.notes[0].values["why"]


@pytest.mark.parametrize(
    "items",
    [
        "<si><t>theirs</t></si><si/>",
        "<si><t>theirs</t></si><si />",
        '<si xml:space="preserve"/><si ><t>theirs</t></si >',
    ],
)
def test_added_texts_stand_behind_all_that_are_there(items: str) -> None:
    strings = SharedStrings(f'<sst xmlns="{MAIN}">{items}</sst>'.encode(), "xl/sharedStrings.xml")
    assert strings.places(pl.Series(["ours", "theirs, too", "ours"])).to_list() == [2, 3, 2]


def test_an_unknown_sheet_is_refused(sink: Path) -> None:
    with pytest.raises(RefusedError, match="holds no sheet 'Nowhere'"):
        edited(sink, Edit(splices=(tags("Nowhere"),)), "nowhere")


def test_a_lost_cell_or_part_is_told(sink: Path, whole: tuple[Path, Edit, Outcome], tmp_path: Path) -> None:
    torn = tmp_path / "torn.xlsm"
    with zipfile.ZipFile(whole[0]) as source, zipfile.ZipFile(torn, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = data.replace(b'<c r="E9"', b'<c r="E9" cm="1"').replace(b"hidden=", b"collapsed=")
            if name != "xl/media/image1.png":
                target.writestr(name, data)
    found = compare(sink, torn, whole[1])
    assert found.lost == ("part xl/media/image1.png",)
    assert "cell Tasks!E9" in found.changed
    assert "row Tasks!6" in found.changed


def test_a_fresh_book_keeps_text_numbers_dates_and_zeros(tmp_path: Path) -> None:
    cells = pl.DataFrame({
        "a": ["id", "00123", "=1+1", None, " x "],
        "b": ["n", "12345678901234567890", "0.1", "-5", "1e300"],
        "c": ["d", "2026-10-31", "2026-10-31T12:30:00", "06:00:00", "TRUE"],
        "d": ["e", "#N/A", "b", None, "c"],
    })  # fmt: skip
    kinds = pl.DataFrame(
        {"a": [1, 1, 1, 0, 1], "b": [1, 2, 2, 2, 2], "c": [1, 4, 5, 6, 3], "d": [1, 7, 1, 0, 1]},
        schema=dict.fromkeys("abcd", pl.UInt8),
    )
    grid = pages("Tasks", cells, kinds, header_style=Style(bold=True))
    with (tmp_path / "fresh.xlsx").open("w+b") as stream:
        fresh(grid, stream, Edit(splices=(tags("Tasks", 4, 1, 4),), graft=graft()))
    tab = openpyxl.load_workbook(tmp_path / "fresh.xlsx")["Tasks"]
    rows = [[cell.value for cell in row[:4]] for row in tab.iter_rows()]
    assert [row[0] for row in rows] == ["id", "00123", "=1+1", None, " x "]
    assert [row[1] for row in rows[1:]] == [12345678901234567890, 0.1, -5, 1e300]
    assert [str(row[2]) for row in rows[1:]] == ["2026-10-31 00:00:00", "2026-10-31 12:30:00", "06:00:00", "True"]
    assert [row[3] for row in rows] == ["e", "#N/A", "b", None, "c"]
    assert [tab["A3"].data_type, tab["A3"].quotePrefix, tab["D2"].data_type] == ["s", True, "e"]
    assert (tab["A1"].font.bold, tab["E1"].value, tab.freeze_panes) == (True, "Quadrant", "A2")


def test_c7_more_rows_than_a_sheet_holds_are_split_and_none_is_dropped(tmp_path: Path) -> None:
    cells = pl.DataFrame({"a": ["head", *map(str, range(25))]})
    kinds = pl.DataFrame({"a": [1] * 26}, schema={"a": pl.UInt8})
    grid = pages("Tasks", cells, kinds, most=10)
    assert [(page.sheet, page.first, page.last, page.shift) for page in grid] == [
        ("Tasks", 1, 10, 0),
        ("Tasks (2)", 11, 19, 9),
        ("Tasks (3)", 20, 26, 18),
    ]
    with (tmp_path / "fresh.xlsx").open("w+b") as stream:
        fresh(grid, stream)
    book = openpyxl.load_workbook(tmp_path / "fresh.xlsx")
    columns = [[cell.value for cell in tab["A"]] for tab in book.worksheets]
    assert [column[0] for column in columns] == ["head"] * 3
    assert [value for column in columns for value in column[1:]] == list(map(str, range(25)))


@pytest.mark.office
def test_e8_libreoffice_opens_and_recalculates_the_result(
    whole: tuple[Path, Edit, Outcome], soffice: str, tmp_path: Path
) -> None:
    command = [
        soffice,
        f"-env:UserInstallation=file://{tmp_path}/office",
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    subprocess.run([*command, "--outdir", str(tmp_path), str(whole[0])], check=True, capture_output=True, timeout=180)
    book = openpyxl.load_workbook(tmp_path / "result.xlsx", data_only=True)
    assert book.sheetnames[:2] == ["Summary", "Tasks"]
    assert book["Summary"]["B4"].value == 12
    assert book["Tasks"]["I3"].value == "Quadrant"
    assert book["Tasks"]["I43"].value in QUADRANTS
    assert any("/charts/chart" in name for name in names(tmp_path / "result.xlsx"))


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["features", "odd"])
def test_b12_b13_the_corpus_keeps_all_it_has(shared: Path, tmp_path: Path, folder: str) -> None:
    done = 0
    for source in sorted((shared / "corpus" / folder).glob("*.xls[xm]")):
        try:
            facts = inspect(source, allow_sparse=True)
        except RefusedError:
            continue
        sheet = next((sheet for sheet in facts.sheets if sheet.kind == "worksheet" and sheet.extent.cells), None)
        if sheet is None:
            continue
        wanted = Edit(splices=(tags(sheet.name, sheet.extent.last_column + 1, 1, 1 + sheet.extent.last_row // 2),))
        target = tmp_path / f"result{source.suffix}"
        try:
            with target.open("w+b") as stream:
                apply(source, stream, wanted)
            found = compare(source, target, wanted, thorough=True)
        except RefusedError:
            assert source.name in ILL_FORMED
            continue
        assert (source.name, found.lost, found.changed) == (source.name, (), ())
        done += 1
    assert done > 30
