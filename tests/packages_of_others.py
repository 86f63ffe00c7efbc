"""Workbooks in the manner of other programs, made by hand: one table, each time in that program's own XML."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Row(NamedTuple):
    """A task, as it has to be read."""

    id: str
    name: str
    provider: str | None
    fte: float
    cost: float
    country: str
    start: date
    facing: str
    quadrant: str


ROWS = (
    Row("0007", "Payroll", None, 3.0, 120000.5, "GB", date(2022, 1, 31), "no", "In-house onshore"),
    Row("0008", "Helpdesk & chat", "Oakridge BPO", 5.5, 1234.5, "IN", date(2023, 5, 1), "yes", "Outsourced offshore"),
    Row("0009", "Cleaning", "Sparkle Ltd", 2.0, 300.0, "GB", date(2024, 2, 29), "no", "Outsourced onshore"),
)
HEADERS = (
    "Task id", "Task", "Provider", "FTE", "Annual cost", "Delivery country", "Start date", "Customer-facing"
)  # fmt: skip
Cell = Callable[[str, object, int], str]  # address, value, style -> XML; styles: 0 plain, 1 date


def write(path: Path, parts: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return path


def content_types(overrides: Mapping[str, str]) -> str:
    lines = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in overrides.items())
    return (
        f'{HEAD}<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{lines}</Types>"
    )


def relations(kinds: Mapping[str, str], office: str = OFFICE) -> str:
    """Relationships rId1, rId2 ... of kinds by target."""
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{office}/{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(kinds.items(), start=1)
    )
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{lines}</Relationships>'


def styles(main: str = MAIN, prefix: str = "") -> str:
    tag = f"{prefix}:" if prefix else ""
    space = f"xmlns:{prefix}" if prefix else "xmlns"
    text = (
        '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
        '<fonts count="1"><font><sz val="10"/><name val="Arial"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
        '</fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" '
        'fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" '
        'borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" '
        'applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
        "</cellStyles>"
    )
    if prefix:
        text = text.replace("</", "\0").replace("<", f"<{tag}").replace("\0", f"</{tag}")
    return f'{HEAD}<{tag}styleSheet {space}="{main}">{text}</{tag}styleSheet>'


def escaped(text: object) -> str:
    return str(text).replace("&", "&amp;").replace("<", "&lt;")


def serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days


def values(row: Row) -> tuple[object, ...]:
    return (row.id, row.name, row.provider, row.fte, row.cost, row.country, row.start, row.facing == "yes")


def grid(cell: Cell, row: str = '<row r="{n}">{cells}</row>') -> str:
    """The rows of the table; blank cells are left out."""
    lines = []
    for number, texts in enumerate((HEADERS, *map(values, ROWS)), start=1):
        cells = "".join(
            cell(f"{letter}{number}", value, int(isinstance(value, date)))
            for letter, value in zip("ABCDEFGH", texts, strict=True)
            if value is not None
        )
        lines.append(row.format(n=number, cells=cells))
    return "".join(lines)


class Shared:
    """Texts of a shared strings part, counted as cells ask for them."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def place(self, text: object) -> int:
        if str(text) not in self.texts:
            self.texts.append(str(text))
        return self.texts.index(str(text))

    def part(self, main: str = MAIN, item: str = "<si><t>{}</t></si>") -> str:
        items = "".join(item.format(escaped(text)) for text in self.texts)
        return f'{HEAD}<sst xmlns="{main}" count="99" uniqueCount="{len(self.texts)}">{items}</sst>'


def strict(path: Path) -> Path:
    """ISO 29500 strict: other namespaces, dates as text in ISO form."""
    shared = Shared()

    def cell(place: str, value: object, style: int) -> str:
        if isinstance(value, bool):
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        if isinstance(value, date):
            return f'<c r="{place}" s="{style}" t="d"><v>{value.isoformat()}T00:00:00</v></c>'
        if isinstance(value, float):
            return f'<c r="{place}"><v>{value!r}</v></c>'
        return f'<c r="{place}" t="s"><v>{shared.place(value)}</v></c>'

    rows = grid(cell)
    return write(path, {
        "[Content_Types].xml": content_types({
            "xl/workbook.xml": f"{SHEET_ML}.sheet.main+xml", "xl/worksheets/sheet1.xml": f"{SHEET_ML}.worksheet+xml",
            "xl/styles.xml": f"{SHEET_ML}.styles+xml", "xl/sharedStrings.xml": f"{SHEET_ML}.sharedStrings+xml",
        }),
        "_rels/.rels": relations({"xl/workbook.xml": "officeDocument"}, STRICT_OFFICE),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{STRICT_MAIN}" xmlns:r="{STRICT_OFFICE}" conformance="strict">'
        '<workbookPr dateCompatibility="0"/><sheets><sheet name="Tasks" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            {"worksheets/sheet1.xml": "worksheet", "styles.xml": "styles", "sharedStrings.xml": "sharedStrings"},
            STRICT_OFFICE,
        ),
        "xl/worksheets/sheet1.xml": f'{HEAD}<worksheet xmlns="{STRICT_MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/styles.xml": styles(STRICT_MAIN),
        "xl/sharedStrings.xml": shared.part(STRICT_MAIN),
    })  # fmt: skip


def google(path: Path) -> Path:
    """Google Sheets: an empty drawing on each sheet, a thousand styled blank rows, parts without properties."""
    shared = Shared()

    def cell(place: str, value: object, style: int) -> str:
        if isinstance(value, bool):
            return f'<c r="{place}" s="{style}" t="b"><v>{int(value)}</v></c>'
        if isinstance(value, date):
            return f'<c r="{place}" s="{style}"><v>{serial(value)}.0</v></c>'
        if isinstance(value, float):
            return f'<c r="{place}" s="{style}"><v>{value!r}</v></c>'
        return f'<c r="{place}" s="{style}" t="s"><v>{shared.place(value)}</v></c>'

    rows = grid(cell, '<row r="{n}" ht="15.75" customHeight="1">{cells}</row>')
    rows += "".join(f'<row r="{n}" ht="15.75" customHeight="1"/>' for n in range(len(ROWS) + 2, 1001))
    spaces = (
        f'xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:mx="http://schemas.microsoft.com/office/mac/excel/2008/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:x14="http://schemas.microsoft.com/'
        'office/spreadsheetml/2009/9/main"'
    )
    return write(path, {
        "xl/theme/theme1.xml": f'{HEAD}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'name="Sheets"><a:themeElements/></a:theme>',
        "xl/workbook.xml": f'{HEAD}<workbook {spaces}><workbookPr/><sheets><sheet state="visible" name="Tasks" '
        'sheetId="1" r:id="rId4"/></sheets><definedNames/><calcPr/></workbook>',
        "xl/worksheets/sheet1.xml": f'{HEAD}<worksheet {spaces}><sheetPr><outlinePr summaryBelow="0"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr customHeight="1" '
        f'defaultColWidth="12.63" defaultRowHeight="15.75"/><sheetData>{rows}</sheetData><drawing r:id="rId1"/>'
        "</worksheet>",
        "xl/worksheets/_rels/sheet1.xml.rels": relations({"../drawings/drawing1.xml": "drawing"}),
        "xl/drawings/drawing1.xml": f'{HEAD}<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/'
        'spreadsheetDrawing"/>',
        "xl/styles.xml": styles(),
        "xl/sharedStrings.xml": shared.part(item='<si><t xml:space="preserve">{}</t></si>'),
        "xl/_rels/workbook.xml.rels": relations({
            "theme/theme1.xml": "theme", "styles.xml": "styles", "sharedStrings.xml": "sharedStrings",
            "worksheets/sheet1.xml": "worksheet",
        }),
        "_rels/.rels": relations({"xl/workbook.xml": "officeDocument"}),
        "[Content_Types].xml": content_types({
            "xl/drawings/drawing1.xml": "application/vnd.openxmlformats-officedocument.drawing+xml",
            "xl/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
            "xl/worksheets/sheet1.xml": f"{SHEET_ML}.worksheet+xml", "xl/styles.xml": f"{SHEET_ML}.styles+xml",
            "xl/sharedStrings.xml": f"{SHEET_ML}.sharedStrings+xml", "xl/workbook.xml": f"{SHEET_ML}.sheet.main+xml",
        }),
    })  # fmt: skip


def libreoffice(path: Path) -> Path:
    """LibreOffice: every attribute written out, yes and no as true and false, styles to the last column."""
    shared = Shared()

    def cell(place: str, value: object, style: int) -> str:
        if isinstance(value, bool):
            formula = "TRUE()" if value else "FALSE()"
            return f'<c r="{place}" s="0" t="b"><f aca="false">{formula}</f><v>{int(value)}</v></c>'
        if isinstance(value, date):
            return f'<c r="{place}" s="{style}" t="n"><v>{serial(value)}</v></c>'
        if isinstance(value, float):
            return f'<c r="{place}" s="0" t="n"><v>{value:g}</v></c>' if value != 120000.5 else _exact(place, value)
        return f'<c r="{place}" s="0" t="s"><v>{shared.place(value)}</v></c>'

    row = (
        '<row r="{n}" customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0" '
        'collapsed="false">{cells}</row>'
    )
    rows = grid(cell, row)
    return write(path, {
        "_rels/.rels": relations({"xl/workbook.xml": "officeDocument"}),
        "xl/_rels/workbook.xml.rels": relations(
            {"styles.xml": "styles", "worksheets/sheet1.xml": "worksheet", "sharedStrings.xml": "sharedStrings"}
        ),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><fileVersion appName="Calc"/>'
        '<workbookPr backupFile="false" showObjects="all" date1904="false"/><workbookProtection/><bookViews>'
        '<workbookView showHorizontalScroll="true" tabRatio="600" firstSheet="0" activeTab="0"/></bookViews><sheets>'
        '<sheet name="Tasks" sheetId="1" state="visible" r:id="rId2"/></sheets><calcPr iterateCount="100" '
        'refMode="A1" iterate="false" iterateDelta="0.001"/></workbook>',
        "xl/worksheets/sheet1.xml": f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheetPr filterMode="false">'
        '<pageSetUpPr fitToPage="false"/></sheetPr><dimension ref="A1:H4"/><sheetViews><sheetView '
        'showFormulas="false" tabSelected="true" workbookViewId="0"/></sheetViews><sheetFormatPr '
        'defaultColWidth="11.53515625" defaultRowHeight="12.8" zeroHeight="false" outlineLevelRow="0" '
        'outlineLevelCol="0"/><cols><col collapsed="false" customWidth="false" hidden="false" outlineLevel="0" '
        f'max="16384" min="1" style="0" width="11.53"/></cols><sheetData>{rows}</sheetData></worksheet>',
        "xl/styles.xml": styles(),
        "xl/sharedStrings.xml": shared.part(item='<si><t xml:space="preserve">{}</t></si>'),
        "[Content_Types].xml": content_types({
            "xl/workbook.xml": f"{SHEET_ML}.sheet.main+xml", "xl/worksheets/sheet1.xml": f"{SHEET_ML}.worksheet+xml",
            "xl/styles.xml": f"{SHEET_ML}.styles+xml", "xl/sharedStrings.xml": f"{SHEET_ML}.sharedStrings+xml",
        }),
    })  # fmt: skip


def _exact(place: str, value: float) -> str:
    return f'<c r="{place}" s="0" t="n"><v>{value!r}</v></c>'


def wps(path: Path) -> Path:
    """WPS Office: a part of pictures in cells that no other program knows, a formula for one, its own properties."""
    shared = Shared()

    def cell(place: str, value: object, style: int) -> str:
        if isinstance(value, bool):
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        if isinstance(value, date):
            return f'<c r="{place}" s="{style}"><v>{serial(value)}</v></c>'
        if isinstance(value, float):
            return f'<c r="{place}"><v>{value!r}</v></c>'
        return f'<c r="{place}" t="s"><v>{shared.place(value)}</v></c>'

    picture = '<c r="I2" t="str"><f>_xlfn.DISPIMG("ID_1F",1)</f><v>=DISPIMG("ID_1F",1)</v></c>'
    rows = grid(cell, '<row r="{n}" spans="1:9">{cells}</row>').replace(
        '</c></row><row r="3"', f'</c>{picture}</row><row r="3"'
    )
    pictures = "http://www.wps.cn/officeDocument/2017/etCustomData"
    return write(path, {
        "_rels/.rels": relations({"xl/workbook.xml": "officeDocument", "docProps/custom.xml": "custom-properties"}),
        "docProps/custom.xml": f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        'custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property '
        'fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer"><vt:lpwstr>2052-12.1'
        "</vt:lpwstr></property></Properties>",
        "xl/cellimages.xml": f'{HEAD}<etc:cellImages xmlns:etc="{pictures}"/>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><fileVersion appName="xl" '
        'lastEdited="3" lowestEdited="5" rupBuild="9302"/><workbookPr/><bookViews><workbookView windowWidth="27945" '
        'windowHeight="12255"/></bookViews><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>'
        '<calcPr calcId="144525"/></workbook>',
        "xl/_rels/workbook.xml.rels": relations({
            "worksheets/sheet1.xml": "worksheet", "styles.xml": "styles", "sharedStrings.xml": "sharedStrings",
            "cellimages.xml": "cellImage",
        }),
        "xl/worksheets/sheet1.xml": f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:etc="{pictures}">'
        f'<sheetPr/><dimension ref="A1:I4"/><sheetData>{rows}</sheetData><pageMargins left="0.75" right="0.75" top="1" '
        'bottom="1" header="0.5" footer="0.5"/><headerFooter/></worksheet>',
        "xl/styles.xml": styles(),
        "xl/sharedStrings.xml": shared.part(),
        "[Content_Types].xml": content_types({
            "xl/workbook.xml": f"{SHEET_ML}.sheet.main+xml", "xl/worksheets/sheet1.xml": f"{SHEET_ML}.worksheet+xml",
            "xl/styles.xml": f"{SHEET_ML}.styles+xml", "xl/sharedStrings.xml": f"{SHEET_ML}.sharedStrings+xml",
            "xl/cellimages.xml": "application/vnd.wps-officedocument.cellimage+xml",
            "docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
        }),
    })  # fmt: skip


def sap(path: Path) -> Path:
    """An export of SAP: prefixed elements, cells without addresses, targets from the root, figures and days as text."""

    def cell(_: str, value: object, style: int) -> str:
        if isinstance(value, bool):
            text = "Ja" if value else "Nein"
        elif isinstance(value, date):
            text = value.strftime("%d.%m.%Y")
        elif isinstance(value, float):
            text = f"{value:,.2f} ".translate(str.maketrans(",.", ".,"))
        else:
            text = str(value)
        return f'<x:c t="inlineStr"><x:is><x:t>{escaped(text)}</x:t></x:is></x:c>'

    rows = []
    for texts in (HEADERS, *map(values, ROWS)):
        cells = (cell("", value, 0) if value is not None else "<x:c/>" for value in texts)
        rows.append(f"<x:row>{''.join(cells)}</x:row>")
    return write(path, {
        "[Content_Types].xml": content_types({
            "xl/workbook.xml": f"{SHEET_ML}.sheet.main+xml", "xl/worksheets/sheet.xml": f"{SHEET_ML}.worksheet+xml",
            "xl/styles.xml": f"{SHEET_ML}.styles+xml",
        }),
        "_rels/.rels": relations({"/xl/workbook.xml": "officeDocument"}),
        "xl/workbook.xml": f'{HEAD}<x:workbook xmlns:x="{MAIN}" xmlns:r="{OFFICE}"><x:sheets><x:sheet name="SAPUI5 '
        'Export" sheetId="1" r:id="rId1"/></x:sheets></x:workbook>',
        "xl/_rels/workbook.xml.rels": relations({"/xl/worksheets/sheet.xml": "worksheet", "/xl/styles.xml": "styles"}),
        "xl/worksheets/sheet.xml": f'{HEAD}<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{"".join(rows)}</x:sheetData>'
        "</x:worksheet>",
        "xl/styles.xml": styles(prefix="x"),
    })  # fmt: skip


MAKERS: dict[str, Callable[[Path], Path]] = {
    "strict": strict,
    "Google Sheets": google,
    "LibreOffice": libreoffice,
    "WPS": wps,
    "SAP": sap,
}
