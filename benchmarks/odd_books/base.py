"""The plain workbook that every odd one is a twist of, and the twists' few verbs."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Parts = dict[str, str | bytes]
Twist = Callable[[Parts], None]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

TYPES = "[Content_Types].xml"
ROOT_RELS = "_rels/.rels"
BOOK = "xl/workbook.xml"
BOOK_RELS = "xl/_rels/workbook.xml.rels"
SHEET = "xl/worksheets/sheet1.xml"
SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"
NOTES = "xl/worksheets/sheet2.xml"
STYLES = "xl/styles.xml"
STRINGS = "xl/sharedStrings.xml"

HEADERS = ("Task ID", "Task", "Provider", "Country", "FTE")
TASKS = (
    ("Payroll", "Acme BPO", "India"),
    ("Tax returns", "Own staff", "United Kingdom"),
    ("Service desk", "Bluebird", "Poland"),
    ("Invoices", "Acme BPO", "India"),
    ("Recruiting", "Own staff", "United Kingdom"),
    ("Claims", "Delta & Sons", "Mexico"),
)
_TEXTS = list(dict.fromkeys([*HEADERS, *(text for task in TASKS for text in task), "About these tasks"]))


def types(*more: str) -> str:
    """The content types of the plain workbook."""
    overrides = {
        f"/{BOOK}": f"{SHEETML}.sheet.main+xml",
        f"/{SHEET}": f"{SHEETML}.worksheet+xml",
        f"/{NOTES}": f"{SHEETML}.worksheet+xml",
        f"/{STYLES}": f"{SHEETML}.styles+xml",
        f"/{STRINGS}": f"{SHEETML}.sharedStrings+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    }
    lines = [f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items()]
    return (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{"".join([*lines, *more])}</Types>'
    )


def relation(number: str, kind: str, target: str, mode: str = "") -> str:
    """A relationship element; ``kind`` is its last word, or a whole type."""
    uri = kind if ":" in kind else f"{OFFICE}/{kind}"
    external = f' TargetMode="{mode}"' if mode else ""
    return f'<Relationship Id="{number}" Type="{uri}" Target="{target}"{external}/>'


def relations(*lines: str) -> str:
    """A relationships part."""
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _rows() -> str:
    lines = [[f'<c r="{letter}1" s="1" t="s"><v>{n}</v></c>' for n, letter in enumerate("ABCDE")]]
    for row, texts in enumerate(TASKS * 2, start=2):
        cells = [f'<c r="A{row}"><v>{row - 1}</v></c>']
        cells += [
            f'<c r="{letter}{row}" t="s"><v>{_TEXTS.index(text)}</v></c>'
            for letter, text in zip("BCD", texts, strict=True)
        ]
        lines.append([*cells, f'<c r="E{row}" s="2"><v>{row / 4}</v></c>'])
    return "".join(f'<row r="{row}" spans="1:5">{"".join(cells)}</row>' for row, cells in enumerate(lines, start=1))


def plain() -> Parts:
    """The parts of a small honest workbook: tasks, a sheet of notes, styles, shared strings, properties."""
    texts = "".join(f"<si><t>{text.replace('&', '&amp;')}</t></si>" for text in _TEXTS)
    return {
        TYPES: types(),
        ROOT_RELS: relations(
            relation("rId1", "officeDocument", "xl/workbook.xml"),
            relation("rId2", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            relation("rId3", "extended-properties", "docProps/app.xml"),
        ),
        "docProps/core.xml": (
            f'{DECLARATION}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Mara</dc:creator></cp:coreProperties>'
        ),
        "docProps/app.xml": (
            f'{DECLARATION}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
            'extended-properties"><Application>Microsoft Excel</Application></Properties>'
        ),
        BOOK: (
            f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr/>'
            '<bookViews><workbookView activeTab="0"/></bookViews>'
            '<sheets><sheet name="Tasks" sheetId="1" r:id="rId1"/><sheet name="Notes" sheetId="2" r:id="rId2"/></sheets>'
            '<calcPr calcId="191029"/></workbook>'
        ),
        BOOK_RELS: relations(
            relation("rId1", "worksheet", "worksheets/sheet1.xml"),
            relation("rId2", "worksheet", "worksheets/sheet2.xml"),
            relation("rId3", "styles", "styles.xml"),
            relation("rId4", "sharedStrings", "sharedStrings.xml"),
        ),
        SHEET: (
            f'{DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><dimension ref="A1:E13"/>'
            '<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'
            '<sheetFormatPr defaultRowHeight="15"/><cols><col min="2" max="2" width="30" customWidth="1"/></cols>'
            f"<sheetData>{_rows()}</sheetData>"
            '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>'
        ),
        NOTES: (
            f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="s">'
            f"<v>{len(_TEXTS) - 1}</v></c></row></sheetData></worksheet>"
        ),
        STYLES: (
            f'{DECLARATION}<styleSheet xmlns="{MAIN}">'
            '<numFmts count="1"><numFmt numFmtId="164" formatCode="0.00 &quot;FTE&quot;"/></numFmts>'
            '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
            '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
            '<fills count="2"><fill><patternFill patternType="none"/></fill>'
            '<fill><patternFill patternType="gray125"/></fill></fills>'
            '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
            '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
            '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            '<dxfs count="1"><dxf><font><b/></font></dxf></dxfs></styleSheet>'
        ),
        STRINGS: (f'{DECLARATION}<sst xmlns="{MAIN}" count="{len(_TEXTS)}" uniqueCount="{len(_TEXTS)}">{texts}</sst>'),
    }


@dataclass(frozen=True, slots=True)
class Odd:
    """One odd workbook: its twists, how it is zipped, and a piece of the sentence that refuses it, where it should."""

    name: str
    twists: tuple[Twist, ...] = ()
    pack: Callable[[Mapping[str, bytes]], bytes] | None = None
    refused: str = ""
    suffix: str = ".xlsx"

    def content(self) -> bytes:
        """The file's bytes."""
        parts = plain()
        for twist in self.twists:
            twist(parts)
        ready = {name: data if isinstance(data, bytes) else data.encode() for name, data in parts.items()}
        return (self.pack or zipped)(ready)


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a plain zip with fixed times."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as target:
        for name, data in parts.items():
            item = zipfile.ZipInfo(name)
            item.compress_type = method
            target.writestr(item, data)
    return stream.getvalue()


def text(parts: Parts, name: str) -> str:
    """A part that is still a text."""
    data = parts[name]
    if isinstance(data, bytes):
        raise TypeError(f"{name} is encoded already")
    return data


def swap(name: str, old: str, new: str, count: int = -1) -> Twist:
    """``old`` becomes ``new`` in a part; it has to be there."""

    def twist(parts: Parts) -> None:
        before = text(parts, name)
        if old not in before:
            raise ValueError(f"{name} holds no {old}")
        parts[name] = before.replace(old, new, count)

    return twist


def pattern(name: str, old: str, new: str, count: int = 0) -> Twist:
    """What matches ``old`` becomes ``new`` in a part; something has to."""

    def twist(parts: Parts) -> None:
        made, n = re.subn(old, new, text(parts, name), count=count)
        if not n:
            raise ValueError(f"{name} holds nothing like {old}")
        parts[name] = made

    return twist


def every(change: Callable[[str], str | bytes], *names: str) -> Twist:
    """A change of some parts, or of all."""

    def twist(parts: Parts) -> None:
        for name in names or tuple(parts):
            parts[name] = change(text(parts, name))

    return twist


def add(name: str, content: str | bytes, kind: str = "") -> Twist:
    """A new part, with its content type where it has one."""

    def twist(parts: Parts) -> None:
        parts[name] = content
        if kind:
            line = f'<Override PartName="/{name}" ContentType="{kind}"/>'
            parts[TYPES] = text(parts, TYPES).replace("</Types>", f"{line}</Types>")

    return twist


def relate(rels: str, *lines: str) -> Twist:
    """Relationships added to a part's own, which are made where there are none."""

    def twist(parts: Parts) -> None:
        before = text(parts, rels) if rels in parts else relations()
        parts[rels] = before.replace("</Relationships>", f"{''.join(lines)}</Relationships>")

    return twist


def drop(*names: str) -> Twist:
    """Parts left out, with their content types and the workbook's and package's relationships to them."""

    def twist(parts: Parts) -> None:
        for name in names:
            del parts[name]
            parts[TYPES] = re.sub(rf'<Override PartName="/{re.escape(name)}"[^>]*>', "", text(parts, TYPES))
            for rels, target in ((ROOT_RELS, name), (BOOK_RELS, name.removeprefix("xl/"))):
                if rels in parts:
                    line = rf'<Relationship [^>]*Target="{re.escape(target)}"[^>]*>'
                    parts[rels] = re.sub(line, "", text(parts, rels))

    return twist


def move(old: str, new: str, target: str, rels: str = BOOK_RELS, written: str = "") -> Twist:
    """A part under another name; ``target`` is how its relationship now says it, ``written`` how it said it before."""

    def twist(parts: Parts) -> None:
        made = {new if name == old else name: data for name, data in parts.items()}
        parts.clear()
        parts.update(made)
        swap(TYPES, f'"/{old}"', f'"/{new}"')(parts)
        swap(rels, f'"{written or old.removeprefix("xl/")}"', f'"{target}"')(parts)

    return twist


def tail(xml: str, name: str = SHEET) -> Twist:
    """A sheet with more behind its rows: before the page margins, or at the end where the piece comes later."""
    return swap(name, "<pageMargins ", f"{xml}<pageMargins ")


def end(xml: str, name: str = SHEET) -> Twist:
    """A sheet with more at its end."""
    return swap(name, "</worksheet>", f"{xml}</worksheet>")


def row(number: int, xml: str, attributes: str = "") -> Twist:
    """A row put in place of one of the plain sheet, or behind its last."""
    line = f'<row r="{number}"{attributes}>{xml}</row>'
    if number > 2 * len(TASKS) + 1:
        return swap(SHEET, "</sheetData>", f"{line}</sheetData>")
    return pattern(SHEET, rf'<row r="{number}" .*?</row>', line.replace("\\", r"\\"))
