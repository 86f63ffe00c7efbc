"""Cells spliced into rows of every shape: what was there stays, what is new stands where it belongs."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import RefusedError
from analyzer.xlsx import Column, Conditional, Edit, Splice, Style, Validation, apply, compare
from analyzer.xlsx.text import cell_item, cell_text, item_text, traits

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MARGINS = '<pageMargins left="1" right="1" top="1" bottom="1" header="0" footer="0"/>'
WIDTH = '<col min="3" max="3" width="20" customWidth="1"/>'
SECTIONS = [
    "mergeCells",
    "conditionalFormatting",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "pageMargins",
]


def package(path: Path, sheet: str | bytes, **others: str | bytes) -> Path:
    """A package around one sheet's XML."""
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = sheet if name == "xl/worksheets/sheet1.xml" else others.get(name, source.read(name))
            target.writestr(name, content)
    return path


def worksheet(rows: str, before: str = "", after: str = "", prefix: str = "") -> str:
    name = prefix.rstrip(":")
    xmlns = f'xmlns:{name}="{MAIN}"' if name else f'xmlns="{MAIN}"'
    p = prefix
    return f"<{p}worksheet {xmlns}>{before}<{p}sheetData>{rows}</{p}sheetData>{after}</{p}worksheet>"


def splice(rows: list[int], first: int = 2, **more: object) -> Splice:
    """One column ``N`` of numbers at C, by default without a header."""
    values = pl.Series([row * 10 for row in rows], dtype=pl.Int64)
    wanted: dict[str, object] = {
        "sheet": "Sheet",
        "first_column": first,
        "header_row": None,
        "rows": pl.Series(rows, dtype=pl.UInt32),
        "columns": (Column("N", values, width=None),),
    }
    return Splice(**(wanted | more))  # type: ignore[arg-type]  # keyword arguments by name


def edited(source: Path, edit: Edit) -> Path:
    target = source.with_name("result.xlsx")
    with target.open("w+b") as stream:
        apply(source, stream, edit)
    return target


def part(path: Path, name: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(path) as package_:
        return package_.read(name).decode()


def spliced(tmp_path: Path, sheet: str | bytes, *splices: Splice) -> str:
    """The sheet's XML afterwards, proved to have kept what it had."""
    source = package(tmp_path / "source.xlsx", sheet)
    edit = Edit(splices=splices)
    result = edited(source, edit)
    for thorough in (False, True):
        assert not compare(source, result, edit, thorough=thorough)
    return part(result)


def rows_of(xml: str) -> str:
    return xml[xml.index(">", xml.index("sheetData")) + 1 : xml.rindex("</", 0, xml.rindex("sheetData"))]


CASES = {
    "as Excel writes it": (
        '<row r="1" spans="1:2" ht="15"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" s="0"/></row>',
        (
            '<row r="1" ht="15"><c r="A1"><v>1</v></c><c r="C1"><v>10</v></c></row>'
            '<row r="2"><c r="A2" s="0"/><c r="C2"><v>20</v></c></row>'
        ),
    ),
    "no rows at all": ("", '<row r="1"><c r="C1"><v>10</v></c></row><row r="2"><c r="C2"><v>20</v></c></row>'),
    "empty rows, self-closed": (
        '<row r="1"/><row r="2" ht="20" />',
        '<row r="1"><c r="C1"><v>10</v></c></row><row r="2" ht="20"><c r="C2"><v>20</v></c></row>',
    ),
    "rows without numbers": (
        '<row><c r="A1"/></row><row><c><v>5</v></c></row>',
        '<row><c r="A1"/><c r="C1"><v>10</v></c></row><row><c><v>5</v></c><c r="C2"><v>20</v></c></row>',
    ),
    "a missing row before": (
        '<row r="2"><c r="A2"/></row>',
        '<row r="1"><c r="C1"><v>10</v></c></row><row r="2"><c r="A2"/><c r="C2"><v>20</v></c></row>',
    ),
    "missing rows around": (
        '<row r="7"><c r="A7"/></row>',
        '<row r="1"><c r="C1"><v>10</v></c></row><row r="2"><c r="C2"><v>20</v></c></row><row r="7"><c r="A7"/></row>',
    ),
    "cells right of the window": (
        '<row r="1"><c r="A1"/><c r="E1"/></row><row r="2"><c r="D2"/></row>',
        (
            '<row r="1"><c r="A1"/><c r="C1"><v>10</v></c><c r="E1"/></row>'
            '<row r="2"><c r="C2"><v>20</v></c><c r="D2"/></row>'
        ),
    ),
    "the address not first": (
        '<row r="1"><c s="0" r="A1"><v>1</v></c></row><row ht="9" r="2"><c r="B2"/></row>',
        (
            '<row r="1"><c s="0" r="A1"><v>1</v></c><c r="C1"><v>10</v></c></row>'
            '<row ht="9" r="2"><c r="B2"/><c r="C2"><v>20</v></c></row>'
        ),
    ),
    "rows that do not ascend": (
        '<row r="9"><c r="A9"/></row><row r="2"><c r="A2"/></row>',
        (
            '<row r="1"><c r="C1"><v>10</v></c></row><row r="9"><c r="A9"/></row>'
            '<row r="2"><c r="A2"/><c r="C2"><v>20</v></c></row>'
        ),
    ),
    "a comment that looks like rows": (
        '<row r="1"><c r="A1"/></row><!-- </row></sheetData><row r="2"> --><row r="2"><c r="A2"/></row>',
        (
            '<row r="1"><c r="A1"/><c r="C1"><v>10</v></c></row><!-- </row></sheetData><row r="2"> -->'
            '<row r="2"><c r="A2"/><c r="C2"><v>20</v></c></row>'
        ),
    ),
    "CDATA": (
        '<row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[</row><c r="Z9"/>]]></t></is></c></row>',
        (
            '<row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[</row><c r="Z9"/>]]></t></is></c>'
            '<c r="C1"><v>10</v></c></row><row r="2"><c r="C2"><v>20</v></c></row>'
        ),
    ),
    "extensions within a row": (
        '<row r="1"><c r="A1"><v>1</v><extLst><ext uri="x"><c r="Z1"/></ext></extLst></c></row><row r="2"></row>',
        (
            '<row r="1"><c r="A1"><v>1</v><extLst><ext uri="x"><c r="Z1"/></ext></extLst></c>'
            '<c r="C1"><v>10</v></c></row><row r="2"><c r="C2"><v>20</v></c></row>'
        ),
    ),
    "line breaks between everything": (
        '\r\n  <row r="1">\n <c r="A1"/>\n </row>\n  <row r="2">\n</row >\n ',
        (
            '\r\n  <row r="1">\n <c r="A1"/><c r="C1"><v>10</v></c>\n </row>\n'
            '  <row r="2"><c r="C2"><v>20</v></c>\n</row >\n '
        ),
    ),
    "rich text with spans in it": (
        '<row r="1"><c r="A1" t="inlineStr"><is><t> spans="1:2"</t></is></c></row><row r="2"><c r="B2"/></row>',
        (
            '<row r="1"><c r="A1" t="inlineStr"><is><t> spans="1:2"</t></is></c><c r="C1"><v>10</v></c></row>'
            '<row r="2"><c r="B2"/><c r="C2"><v>20</v></c></row>'
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_rows_of_every_shape(tmp_path: Path, name: str) -> None:
    before, after = CASES[name]
    got = rows_of(spliced(tmp_path, worksheet(before), splice([1, 2])))
    assert re.sub(r">\s*<c r=\"C", '><c r="C', got) == re.sub(r">\s*<c r=\"C", '><c r="C', after)


def test_a_prefix_is_kept(tmp_path: Path) -> None:
    got = spliced(tmp_path, worksheet('<x:row r="1"><x:c r="A1"/></x:row>', prefix="x:"), splice([1, 2]))
    assert rows_of(got) == (
        '<x:row r="1"><x:c r="A1"/><x:c r="C1"><x:v>10</x:v></x:c></x:row>'
        '<x:row r="2"><x:c r="C2"><x:v>20</x:v></x:c></x:row>'
    )


def test_a_sheet_that_says_it_has_no_rows(tmp_path: Path) -> None:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData/>{MARGINS}</worksheet>'
    got = spliced(tmp_path, sheet, splice([1]))
    assert '<sheetData><row r="1"><c r="C1"><v>10</v></c></row></sheetData><pageMargins' in got


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = '<row r="1"><c r="A1" t="inlineStr"><is><t>Zürich</t></is></c></row>'
    sheet = f'<?xml version="1.0" encoding="{declared}"?>' + worksheet(text)
    got = spliced(tmp_path, sheet.encode(encoding), splice([1]))
    assert 'encoding="UTF-8"' in got or encoding == "utf-8-sig"
    assert '<t>Zürich</t></is></c><c r="C1"><v>10</v></c>' in got


def test_a_cell_is_never_covered(tmp_path: Path) -> None:
    source = package(tmp_path / "source.xlsx", worksheet('<row r="1"><c r="A1"/><c r="C1" s="0"/></row>'))
    with pytest.raises(RefusedError, match=re.escape("would cover a cell that is there: C1")):
        edited(source, Edit(splices=(splice([1]),)))


def test_a_sheet_cut_off_is_refused(tmp_path: Path) -> None:
    source = package(tmp_path / "source.xlsx", worksheet('<row r="1"><c r="A1"/></row>')[:-30])
    with pytest.raises(RefusedError, match="no well-formed XML"):
        edited(source, Edit(splices=(splice([1]),)))


def test_two_splices_in_one_sheet(tmp_path: Path) -> None:
    one, two = splice([1, 2], first=5), splice([2, 3], first=1)
    got = rows_of(spliced(tmp_path, worksheet('<row r="2"><c r="A2"/><c r="D2"/></row>'), one, two))
    assert got == (
        '<row r="1"><c r="F1"><v>10</v></c></row>'
        '<row r="2"><c r="A2"/><c r="B2"><v>20</v></c><c r="D2"/><c r="F2"><v>20</v></c></row>'
        '<row r="3"><c r="B3"><v>30</v></c></row>'
    )


def test_our_own_columns_are_replaced_and_not_doubled(tmp_path: Path) -> None:
    sheet = worksheet(
        '<row r="1"><c r="A1"/><c r="C1" t="s"><v>0</v></c><c r="D1"><f>1</f></c><c r="F1"/></row>'
        '<row r="4"><c r="B4"/><c r="D4"/></row>'
    )
    got = rows_of(spliced(tmp_path, sheet, splice([1, 2], replaces=(2, 3))))
    assert got == (
        '<row r="1"><c r="A1"/><c r="C1"><v>10</v></c><c r="F1"/></row><row r="2"><c r="C2"><v>20</v></c></row>'
        '<row r="4"><c r="B4"/></row>'
    )


FRAMES = {
    "dimension": ('<dimension ref="A1:B9"/>', f'<dimension ref="A1:C9"/><cols>{WIDTH}</cols>'),
    "no widths yet": ("", f"<cols>{WIDTH}</cols>"),
    "widths of all columns": (
        '<cols><col min="2" max="16384" width="9" style="0"/></cols>',
        f'<cols><col min="2" max="2" width="9" style="0"/>{WIDTH}<col min="4" max="16384" width="9" style="0"/></cols>',
    ),
    "long-form widths": (
        '<cols><col min="1" max="2" width="9"></col></cols>',
        f'<cols><col min="1" max="2" width="9"></col>{WIDTH}</cols>',
    ),
}


@pytest.mark.parametrize("name", FRAMES)
def test_what_stands_before_the_rows(tmp_path: Path, name: str) -> None:
    before, after = FRAMES[name]
    wide = splice([2], header_row=1, columns=(Column("N", pl.Series([1]), width=20.0),))
    got = spliced(tmp_path, worksheet('<row r="1"><c r="A1"/></row>', before), wide)
    assert got.partition(f'xmlns="{MAIN}">')[2].partition("<sheetData>")[0] == after


@pytest.mark.parametrize(
    ("before", "after"),
    [("A1:B9", "A1:C9"), ("A3:B9", "A3:B9"), ("A1:A9", "A1:A9")],
    ids=["ends right before", "has another header", "ends further left"],
)
def test_a_filter_widens_only_where_it_ends_right_before(tmp_path: Path, before: str, after: str) -> None:
    new = splice([2], header_row=1)
    got = spliced(tmp_path, worksheet('<row r="1"/>', after=f'<autoFilter ref="{before}"/>'), new)
    assert f'<autoFilter ref="{after}"/>' in got


def test_validations_formats_and_links_join_those_that_are_there(tmp_path: Path) -> None:
    tail = (
        '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
        '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="4"><formula>1</formula></cfRule>'
        "</conditionalFormatting>"
        '<dataValidations count="1"><dataValidation type="list" sqref="A1"><formula1>"x"</formula1></dataValidation>'
        f"</dataValidations>{MARGINS}"
    )
    column = Column("N", pl.Series([1]), width=None, links=pl.Series(["'A & B'!A1"]))
    new = splice(
        [2],
        columns=(column,),
        validations=(Validation(0, '"a,b"', prompt='say "yes"'),),
        conditionals=(Conditional((0,), "$C2<5", Style(bold=True)),),
    )
    got = spliced(tmp_path, worksheet('<row r="1"/>', after=tail), new)
    names = re.findall(r"<(\w+)[ >]", got[got.index("</sheetData>") :])
    assert [name for name in names if name in SECTIONS] == SECTIONS
    assert 'priority="5"><formula>$C2&lt;5</formula>' in got
    assert '<dataValidations count="2">' in got
    assert 'prompt="say &quot;yes&quot;" sqref="C2"><formula1>"a,b"</formula1>' in got
    assert '<hyperlinks><hyperlink ref="C2" location="\'A &amp; B\'!A1"/></hyperlinks>' in got


VALUES = {
    "text": (pl.Series(["a"]), '<c r="C1" t="inlineStr"><is><t>a</t></is></c>'),
    "text that looks like a formula": (pl.Series(["=1+1"]), '<c r="C1" s="1" t="inlineStr"><is><t>=1+1</t></is></c>'),
    "markup": (pl.Series(["<&>"]), '<c r="C1" t="inlineStr"><is><t>&lt;&amp;&gt;</t></is></c>'),
    "outer blanks": (pl.Series([" a "]), '<c r="C1" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>'),
    "control characters": (pl.Series(["a\x0b\r"]), '<c r="C1" t="inlineStr"><is><t>a_x000B__x000D_</t></is></c>'),
    "what looks escaped": (pl.Series(["_x000D_"]), '<c r="C1" t="inlineStr"><is><t>_x005F_x000D_</t></is></c>'),
    "nothing": (pl.Series([None], dtype=pl.String), ""),
    "whole number": (pl.Series([12345678901234]), '<c r="C1"><v>12345678901234</v></c>'),
    "fraction": (pl.Series([0.1]), '<c r="C1"><v>0.1</v></c>'),
    "no number": (pl.Series([float("nan")]), ""),
    "yes": (pl.Series([True]), '<c r="C1" t="b"><v>1</v></c>'),
    "date": (pl.Series([dt.date(2026, 10, 31)]), '<c r="C1" s="1"><v>46326</v></c>'),
    "first of March 1900": (pl.Series([dt.date(1900, 3, 1)]), '<c r="C1" s="1"><v>61</v></c>'),
    "end of February 1900": (pl.Series([dt.date(1900, 2, 28)]), '<c r="C1" s="1"><v>59</v></c>'),
    "noon": (pl.Series(["2026-10-31T12:00"]).str.to_datetime(), '<c r="C1" s="1"><v>46326.5</v></c>'),
    "time": (pl.Series([dt.time(6)]), '<c r="C1" s="1"><v>0.25</v></c>'),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_as_cells(tmp_path: Path, name: str) -> None:
    values, cell = VALUES[name]
    got = spliced(tmp_path, worksheet('<row r="1"></row>'), splice([1], columns=(Column("N", values, width=None),)))
    assert rows_of(got) == f'<row r="1">{cell}</row>'


def test_dates_of_a_1904_workbook(tmp_path: Path) -> None:
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr date1904="1"/>'
        '<sheets><sheet name="Sheet" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    source = package(tmp_path / "source.xlsx", worksheet(""), **{"xl/workbook.xml": book})
    day = Column("N", pl.Series([dt.date(2026, 10, 31)]), width=None)
    assert "<v>44864</v>" in part(edited(source, Edit(splices=(splice([1], columns=(day,)),))))


def test_a_formula_has_its_cached_value(tmp_path: Path) -> None:
    column = Column("N", pl.Series(["x & y"]), width=None, formulas=pl.Series(['IF(A1<2,"x & y","")']))
    got = spliced(tmp_path, worksheet(""), splice([1], columns=(column,)))
    assert '<c r="C1" t="str"><f>IF(A1&lt;2,"x &amp; y","")</f><v>x &amp; y</v></c>' in got


def test_a17_long_text_is_cut_and_said(tmp_path: Path) -> None:
    source = package(tmp_path / "source.xlsx", worksheet(""))
    column = Column("N", pl.Series(["x" * 40_000, "\U0001f600" * 20_000]), width=None)
    with (tmp_path / "result.xlsx").open("w+b") as stream:
        outcome = apply(source, stream, Edit(splices=(splice([1, 2], columns=(column,)),)))
    assert [(note.code, note.values["n"]) for note in outcome.notes] == [("text-cut", "2")]
    tab = openpyxl.load_workbook(tmp_path / "result.xlsx").worksheets[0]
    assert len(str(tab["C1"].value)) == 32_767
    assert len(str(tab["C2"].value)) == 16_383


@pytest.mark.parametrize(
    "text",
    ["a & b < c", " led", "trailed\N{NO-BREAK SPACE}", "two\nlines", "\x1f", "_x000B_", "x" * 32_768, "é" * 32_767, ""],
)
def test_a_header_is_written_as_a_cell_of_its_text(text: str) -> None:
    values = pl.Series("text", [text])
    texts, cut = cell_text(values, *traits([values]))
    item = texts.to_frame().select(item_text(pl.col("text"), "x:")).item()
    assert cell_item(text, "x:") == (item, bool(cut))


def test_the_same_edit_gives_the_same_bytes(tmp_path: Path) -> None:
    source = package(tmp_path / "source.xlsx", worksheet('<row r="1"><c r="A1"/></row>'))
    texts = Column("N", pl.Series(["a", "b"] * 50), width=None)
    edit = Edit(splices=(splice(list(range(1, 101)), columns=(texts,)),))
    results = []
    for _ in range(2):
        stream = io.BytesIO()
        apply(source, stream, edit)
        results.append(stream.getvalue())
    assert results[0] == results[1]


_cells = st.lists(st.sampled_from(["A", "B", "D", "AA"]), unique=True, max_size=4).map(sorted)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.dictionaries(st.integers(1, 12), _cells, max_size=8),
    additions=st.sets(st.integers(1, 14), min_size=1),
    ascending=st.booleans(),
)
def test_e8_nothing_is_lost_whatever_the_rows(
    tmp_path_factory: pytest.TempPathFactory,
    rows: dict[int, list[str]],
    additions: set[int],
    ascending: bool,
) -> None:
    order = sorted(rows) if ascending else list(rows)
    xml = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{column}{row}"><v>{row}</v></c>' for column in sorted(rows[row], key=lambda c: (len(c), c)))
        + "</row>"
        for row in order
    )
    folder = tmp_path_factory.mktemp("rows")
    got = spliced(folder, worksheet(xml), splice(sorted(additions)))
    found = dict(re.findall(r'<c r="C(\d+)"><v>(\d+)</v>', got))
    assert {int(row): int(value) for row, value in found.items()} == {row: row * 10 for row in additions}
