"""A workbook with all that a careless editor loses. ``python tests/kitchen_sink.py BOOK.xlsm`` writes it."""

from __future__ import annotations

import io
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import xlsxwriter

CHARTS: tuple[dict[str, str], ...] = (
    {"type": "area"},
    {"type": "area", "subtype": "stacked"},
    {"type": "area", "subtype": "percent_stacked"},
    {"type": "bar"},
    {"type": "bar", "subtype": "stacked"},
    {"type": "column"},
    {"type": "column", "subtype": "percent_stacked"},
    {"type": "doughnut"},
    {"type": "line"},
    {"type": "line", "subtype": "stacked"},
    {"type": "pie"},
    {"type": "radar"},
    {"type": "radar", "subtype": "filled"},
    {"type": "scatter"},
    {"type": "scatter", "subtype": "smooth_with_markers"},
    {"type": "stock"},
)
HEADERS = ("Task ID", "Task", "Provider", "Country", "FTE", "Annual cost", "Start", "Share")
ROWS = 40
_COUNTRIES = ("India", "Poland", "Great Britain", "Mexico")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def make(path: Path) -> Path:
    """Write the workbook; an .xlsm gets a (stub) macro project too."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    _tasks(book)
    _plain(book)
    _charts(book)
    _drawings(book)
    _rules(book)
    _prints(book)
    _properties(book)
    if path.suffix == ".xlsm":
        project: Any = io.BytesIO(b"\xd0\xcf\x11\xe0 no macros in here")
        book.add_vba_project(project, is_stream=True)
        book.set_vba_name("ThisWorkbook")
    book.close()
    path.write_bytes(_with_more(stream.getvalue()))
    return path


def _tasks(book: Any) -> None:
    sheet = book.add_worksheet("Tasks")
    sheet.add_table(
        2, 0, 2 + ROWS, len(HEADERS) - 1,
        {"name": "inventory", "columns": [{"header": header} for header in HEADERS], "style": "Table Style Medium 4"},
    )  # fmt: skip
    day = book.add_format({"num_format": "dd.mm.yyyy", "font_color": "#1F3864"})
    share = book.add_format({"num_format": "0.0%", "bg_color": "#FFF2CC", "border": 1})
    for number in range(ROWS):
        row = 3 + number
        sheet.write_row(row, 0, (f"T-{number:03}", f"Task {number} & more", f"Provider {number % 7}"))
        sheet.write(row, 3, _COUNTRIES[number % 4])
        sheet.write(row, 4, number / 4)
        sheet.write_formula(row, 5, f"=E{row + 1}*1000", None, number * 250)
        sheet.write_number(row, 6, 45_000 + number, day)
        sheet.write_number(row, 7, number / ROWS, share)
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
    sheet.write_rich_string("A1", "An ", bold, "inventory", " of ", red, "invented", " tasks")
    sheet.write_comment("B4", "Seen by Mara", {"author": "Mara", "visible": True})
    sheet.write_url("C1", "https://example.org/a?b=1&c=2", string="link")
    sheet.write_url("D1", "internal:'Charts & more'!A1")
    sheet.set_column("B:B", 30, None, {"level": 1})
    sheet.set_column("I:XFD", 11)
    sheet.set_row(5, 40, book.add_format({"italic": True}), {"level": 1, "hidden": True})
    sheet.add_sparkline("J4", {"range": "Tasks!E4:H4", "type": "column", "markers": True})
    sheet.freeze_panes(3, 2)
    sheet.ignore_errors({"number_stored_as_text": "A1:A9"})


def _plain(book: Any) -> None:
    sheet = book.add_worksheet("Plain")
    sheet.write_row(0, 0, ("Task", "Provider"))
    sheet.write_dynamic_array_formula("D1:D3", "=SORT(A1:A3)")
    sheet.write_array_formula("E1:E2", "{=A1:A2}")
    sheet.merge_range("A5:B6", "merged")
    sheet.autofilter("A1:B4")
    sheet.filter_column("A", "x == a*")
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.write_column("A2", ("a", "b", "c"))
    book.add_worksheet("Hidden").hide()
    book.add_worksheet("Very hidden").very_hidden()
    book.define_name("home", "=Plain!$A$1")
    book.define_name("Plain!local", "=Plain!$B$1")
    book.define_name("rate", "=1.19")


def _charts(book: Any) -> None:
    sheet = book.add_worksheet("Charts & more")
    for number, kind in enumerate(CHARTS):
        chart = book.add_chart(dict(kind))
        for column in ("E", "F", "H"):
            chart.add_series({
                "name": f"=Tasks!${column}$3",
                "categories": "=Tasks!$A$4:$A$12",
                "values": f"=Tasks!${column}$4:${column}$12",
                "trendline": {"type": "linear"} if kind["type"] in {"line", "scatter"} and len(kind) == 1 else None,
                "data_labels": {"value": True},
            })  # fmt: skip
        chart.set_title({"name": f"{kind}"})
        sheet.insert_chart(number // 4 * 16, number % 4 * 8, chart, {"description": "a chart"})
    combined = book.add_chart({"type": "column"})
    line = book.add_chart({"type": "line"})
    combined.add_series({"values": "=Tasks!$E$4:$E$12"})
    line.add_series({"values": "=Tasks!$F$4:$F$12", "y2_axis": True})
    combined.combine(line)
    tab = book.add_chartsheet("Chart tab")
    tab.set_chart(combined)


def _drawings(book: Any) -> None:
    sheet = book.add_worksheet("Drawings")
    sheet.insert_image("A1", "dot.png", {"image_data": io.BytesIO(picture()), "description": "a dot"})
    sheet.embed_image("H2", "dot.png", {"image_data": io.BytesIO(picture(7))})
    sheet.insert_textbox("C3", "A text box", {"font": {"bold": True}, "fill": {"color": "#DDEBF7"}})
    sheet.insert_button("C9", {"caption": "Press", "macro": "nothing"})
    sheet.insert_checkbox("D12", True)
    sheet.set_background(io.BytesIO(picture(5)))
    sheet.set_header("&L&G&CInventory", {"image_left": "dot.png", "image_data_left": io.BytesIO(picture(3))})


def _rules(book: Any) -> None:
    sheet = book.add_worksheet("Rules")
    sheet.write_column("A1", range(1, 20))
    style = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})
    for rule in (
        {"type": "cell", "criteria": ">", "value": 5, "format": style},
        {"type": "3_color_scale"},
        {"type": "data_bar", "data_bar_2010": True, "bar_negative_color_same": True},
        {"type": "icon_set", "icon_style": "5_arrows"},
        {"type": "duplicate", "format": style},
        {"type": "formula", "criteria": "=$A1>3", "format": style, "stop_if_true": True},
    ):
        sheet.conditional_format("A1:A19", rule)
    for number, check in enumerate((
        {"validate": "list", "source": ["accept", "mitigate", "move"]},
        {"validate": "list", "source": "=Tasks!$D$4:$D$9"},
        {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 9, "input_message": "1 to 9"},
        {"validate": "custom", "value": "=LEN(A1)<9", "error_type": "warning"},
    )):  # fmt: skip
        sheet.data_validation(number, 2, number + 5, 2, check)
    sheet.protect("secret", {"format_cells": True})
    sheet.unprotect_range("A1:B9", "open")


def _prints(book: Any) -> None:
    sheet = book.add_worksheet("Prints")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0, 1)
    sheet.print_area("A1:F30")
    sheet.fit_to_pages(1, 0)
    sheet.set_h_pagebreaks([10, 20])
    sheet.set_v_pagebreaks([3])
    sheet.set_footer("&CPage &P of &N")
    sheet.set_zoom(80)
    sheet.set_tab_color("#00B050")
    sheet.outline_settings(visible=True, symbols_below=False)
    sheet.split_panes(15, 8.43)


def _properties(book: Any) -> None:
    book.set_properties({"title": "Inventory", "author": "Mara", "comments": "invented"})
    book.set_custom_property("checked", True)
    book.set_custom_property("owner", "Mara")
    book.set_calc_mode("auto")
    book.set_size(2000, 1500)


def picture(size: int = 4) -> bytes:
    """A small PNG."""
    rows = b"".join(b"\0" + b"\x1f\x38\x64" * size for _ in range(size))
    chunks = (
        (b"IHDR", struct.pack(">2I5B", size, size, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _with_more(data: bytes) -> bytes:
    """Parts that XlsxWriter cannot make: custom XML, printer settings, a calculation chain, a slicer cache."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "[Content_Types].xml":
                content = content.replace(b"</Types>", _TYPES.encode() + b"</Types>")
            if item.filename == "xl/_rels/workbook.xml.rels":
                content = content.replace(b"</Relationships>", _BOOK_RELATIONS.encode() + b"</Relationships>")
            target.writestr(item, content)
        for name, text in _MORE.items():
            target.writestr(name, text)
    return stream.getvalue()


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'<Default Extension="bin" ContentType="{_SPREADSHEET}.printerSettings"/>'
    f'<Override PartName="/xl/calcChain.xml" ContentType="{_SPREADSHEET}.calcChain+xml"/>'
    '<Override PartName="/xl/slicerCaches/slicerCache1.xml" ContentType="application/vnd.ms-excel.slicerCache+xml"/>'
    '<Override PartName="/customXml/itemProps1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.customXmlProperties+xml"/>'
)
_BOOK_RELATIONS = (
    f'<Relationship Id="rId901" Type="{_OFFICE}/calcChain" Target="calcChain.xml"/>'
    f'<Relationship Id="rId902" Type="{_OFFICE}/customXml" Target="../customXml/item1.xml"/>'
    '<Relationship Id="rId903" Type="http://schemas.microsoft.com/office/2007/relationships/slicerCache" '
    'Target="slicerCaches/slicerCache1.xml"/>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MORE = {
    "xl/calcChain.xml": f'{_DECLARATION}<calcChain xmlns="{_MAIN}"><c r="F4" i="1"/></calcChain>',
    "xl/slicerCaches/slicerCache1.xml": (
        f'{_DECLARATION}<slicerCacheDefinition xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
        'name="Slicer_Country" sourceName="Country"/>'
    ),
    "xl/printerSettings/printerSettings1.bin": "\x00\x01 a printer",
    "customXml/item1.xml": f'{_DECLARATION}<invented xmlns="urn:invented"/>',
    "customXml/itemProps1.xml": f'{_DECLARATION}<ds:datastoreItem xmlns:ds="urn:ds" ds:itemID="{{0}}"/>',
    "customXml/_rels/item1.xml.rels": (
        f'{_DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/customXmlProps" Target="itemProps1.xml"/></Relationships>'
    ),
}


if __name__ == "__main__":
    sys.stdout.write(f"{make(Path(sys.argv[1]))}\n")
