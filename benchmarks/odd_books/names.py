"""Workbooks whose parts lie elsewhere or are named, typed and related in unusual ways."""

from __future__ import annotations

import re

from benchmarks.odd_books.base import (
    BOOK,
    BOOK_RELS,
    NOTES,
    OFFICE,
    ROOT_RELS,
    SHEET,
    SHEETML,
    STRINGS,
    STYLES,
    TYPES,
    Odd,
    Parts,
    Twist,
    add,
    drop,
    every,
    move,
    pattern,
    relate,
    relation,
    swap,
    text,
)

_BOOK_KIND = f"{SHEETML}.sheet.main+xml"


def _book_at(name: str, target: str = "") -> tuple[Twist, ...]:
    """The workbook part elsewhere; its relationships move along and name their targets from the root."""
    folder, _, last = name.rpartition("/")

    def rels(parts: Parts) -> None:
        data = re.sub(r'Target="(\w+)', r'Target="/xl/\1', text(parts, BOOK_RELS))
        parts[f"{folder}/_rels/{last}.rels".lstrip("/")] = data
        del parts[BOOK_RELS]

    return rels, move(BOOK, name, target or name, ROOT_RELS, BOOK)


def _renamed(old: str, new: str) -> Twist:
    """A part's name in the zip alone, as its content type and relationship do not say it."""

    def twist(parts: Parts) -> None:
        made = {new if name == old else name: data for name, data in parts.items()}
        parts.clear()
        parts.update(made)

    return twist


def _every_name(change: str) -> Twist:
    def twist(parts: Parts) -> None:
        made = dict(parts)
        parts.clear()
        for name, data in made.items():
            parts[getattr(name, change)() if name != TYPES else name] = data

    return twist


def _backslashed(parts: Parts) -> None:
    made = dict(parts)
    parts.clear()
    parts.update({name.replace("/", "\\"): data for name, data in made.items()})


def _led(parts: Parts) -> None:
    made = dict(parts)
    parts.clear()
    parts.update({f"/{name}": data for name, data in made.items()})


NAMES: tuple[Odd, ...] = (
    Odd("sheet in another folder", (move(SHEET, "xl/sheets/tasks.xml", "sheets/tasks.xml"),)),
    Odd("sheet at the root", (move(SHEET, "tasks.xml", "../tasks.xml"),)),
    Odd("sheet at the root, absolute", (move(SHEET, "tasks.xml", "/tasks.xml"),)),
    Odd("sheet beside the workbook", (move(SHEET, "xl/tasks.xml", "tasks.xml"),)),
    Odd("absolute targets", (every(lambda xml: re.sub(r'Target="(\w)', r'Target="/xl/\1', xml), BOOK_RELS),)),
    Odd(
        "absolute targets of the package", (every(lambda xml: re.sub(r'Target="(\w)', r'Target="/\1', xml), ROOT_RELS),)
    ),
    Odd(
        "targets from the root without slash",
        (every(lambda xml: re.sub(r'Target="(\w)', r'Target="xl/\1', xml), BOOK_RELS),),
    ),
    Odd("targets by detours", (every(lambda xml: re.sub(r'Target="(\w)', r'Target="./../xl/./\1', xml), BOOK_RELS),)),
    Odd(
        "targets with backslashes",
        (every(lambda xml: xml.replace('Target="worksheets/', 'Target="worksheets\\'), BOOK_RELS),),
    ),
    Odd("package targets with backslashes", (swap(ROOT_RELS, "xl/workbook.xml", "\\xl\\workbook.xml"),)),
    Odd(
        "targets in upper case",
        (every(lambda xml: xml.replace('Target="worksheets/s', 'Target="WorkSheets/S'), BOOK_RELS),),
    ),
    Odd("content types in upper case", (every(lambda xml: xml.replace("/xl/worksheets/", "/XL/WorkSheets/"), TYPES),)),
    Odd("extensions in upper case", (swap(TYPES, 'Extension="xml"', 'Extension="XML"'),)),
    Odd("parts in upper case", (_renamed(SHEET, "xl/worksheets/Sheet1.XML"),)),
    Odd("relationships in upper case", (_renamed(BOOK_RELS, "xl/_Rels/Workbook.xml.rels"),)),
    Odd("content types in lower case", (_renamed(TYPES, "[content_types].xml"),)),
    Odd("all parts in upper case", (_every_name("upper"),)),
    Odd("part names with backslashes", (_backslashed,)),
    Odd("part names with a leading slash", (_led,)),
    Odd("names with blanks", (move(SHEET, "xl/worksheets/my sheet.xml", "worksheets/my%20sheet.xml"),)),
    Odd("names with blanks, not escaped", (move(SHEET, "xl/worksheets/my sheet.xml", "worksheets/my sheet.xml"),)),
    Odd("names with accents", (move(SHEET, "xl/worksheets/t\xe2ches.xml", "worksheets/t\xe2ches.xml"),)),
    Odd("names with accents, escaped", (move(SHEET, "xl/worksheets/t\xe2ches.xml", "worksheets/t%C3%A2ches.xml"),)),
    Odd("workbook at the root", _book_at("workbook.xml")),
    Odd("workbook of another name", _book_at("xl/book1.xml")),
    Odd("workbook in another folder", _book_at("office/spreadsheet/main.xml", "/office/spreadsheet/main.xml")),
    Odd("no package relationships", (drop(ROOT_RELS),)),
    Odd("package relationships without a workbook", (pattern(ROOT_RELS, '<Relationship Id="rId1"[^>]*>', ""),)),
    Odd("workbook of another name, only by its type", (*_book_at("xl/book1.xml"), drop(ROOT_RELS))),
    Odd(
        "workbook's relationship of another kind",
        (
            swap(
                ROOT_RELS,
                f"{OFFICE}/officeDocument",
                "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument",
            ),
        ),
    ),
    Odd("styles in another folder", (move(STYLES, "xl/look/style1.xml", "look/style1.xml"),)),
    Odd("shared strings of another name", (move(STRINGS, "xl/strings.xml", "strings.xml"),)),
    Odd("shared strings that nothing refers to", (pattern(BOOK_RELS, '<Relationship Id="rId4"[^>]*>', ""),)),
    Odd(
        "styles that nothing refers to",
        (pattern(BOOK_RELS, '<Relationship Id="rId3"[^>]*>', ""), pattern(SHEET, r' s="\d"', "")),
    ),
    Odd(
        "styles only referred to",
        (drop(STYLES), relate(BOOK_RELS, relation("rId3", "styles", "styles.xml")), pattern(SHEET, r' s="\d"', "")),
    ),
    Odd(
        "ids of other kinds",
        (swap(BOOK, "rId1", "R3fae90"), swap(BOOK_RELS, "rId1", "R3fae90"), swap(BOOK_RELS, "rId3", "_7")),
    ),
    Odd("ids far up", (swap(BOOK, "rId1", "rId4294967295"), swap(BOOK_RELS, "rId1", "rId4294967295"))),
    Odd("ids in lower case", (swap(BOOK, "rId2", "rid3"), swap(BOOK_RELS, "rId2", "rid3"))),
    Odd(
        "relationships in another order", (pattern(BOOK_RELS, "(<Relationship Id=.rId1.[^>]*>)(.*)(?=</Rel)", r"\2\1"),)
    ),
    Odd(
        "relationship attributes in another order",
        (pattern(BOOK_RELS, r'(Id="\w+") (Type="[^"]+") (Target="[^"]+")', r"\3 \2 \1"),),
    ),
    Odd("relationships said to be inside", (pattern(BOOK_RELS, r'(Target="[^"]+")', r'\1 TargetMode="Internal"'),)),
    Odd(
        "unknown relationships",
        (
            relate(BOOK_RELS, relation("rId77", "urn:own:thing", "/own/thing.dat")),
            relate(ROOT_RELS, relation("rId77", "urn:own:thing", "own/thing.dat")),
            add("own/thing.dat", b"\0\1\2"),
        ),
    ),
    Odd(
        "relationships that lead nowhere",
        (relate(BOOK_RELS, relation("rId77", "theme", "theme/theme9.xml"), relation("rId78", "calcChain", "NULL")),),
    ),
    Odd(
        "external relationships",
        (
            relate(BOOK_RELS, relation("rId77", "externalLinkPath", "file:///C:\\x.xlsx", "External")),
            relate(ROOT_RELS, relation("rId9", "hyperlink", "http://example.org", "External")),
        ),
    ),
    Odd(
        "an external relationship named as our part",
        (relate(BOOK_RELS, relation("rId77", "worksheet", "xl/worksheets/sheet3.xml", "External")),),
    ),
    Odd("target with a fragment", (swap(BOOK_RELS, "worksheets/sheet2.xml", "worksheets/sheet2.xml#A1"),)),
    Odd(
        "empty relationships of a sheet",
        (
            add(
                "xl/worksheets/_rels/sheet1.xml.rels",
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
            ),
        ),
    ),
    Odd("unknown parts", (add("secret/data.bin", b"\0" * 99), add("xl/own.json", "{}"), add("readme", "none"))),
    Odd(
        "parts named as ours will be",
        (
            add("xl/worksheets/sheet3.xml", "<x/>"),
            add("xl/charts/chart1.xml", "<x/>"),
            add("xl/tables/table1.xml", "<x/>"),
            add("xl/drawings/drawing1.xml", "<x/>"),
            add("docProps/custom.xml", "<x/>"),
        ),
    ),
    Odd(
        "a part named as ours in other case",
        (add("xl/Worksheets/SHEET3.xml", "<x/>"), add("xl/Charts/_rels/Chart1.xml.rels", "<x/>")),
    ),
    Odd(
        "content types by default alone",
        (
            *(
                move(old, f"xl/{new}", new)
                for old, new in ((SHEET, "a.sheet"), (NOTES, "b.sheet"), (STYLES, "s.styles"), (STRINGS, "t.strings"))
            ),
            pattern(TYPES, '<Override PartName="/xl/(?!workbook)[^>]*>', ""),
            swap(
                TYPES,
                "<Override",
                f'<Default Extension="sheet" ContentType="{SHEETML}.worksheet+xml"/><Default Extension="styles" ContentType="{SHEETML}.styles+xml"/><Default Extension="strings" ContentType="{SHEETML}.sharedStrings+xml"/><Override',
                1,
            ),
        ),
    ),
    Odd(
        "sheets as the default of xml",
        (
            swap(TYPES, 'ContentType="application/xml"', f'ContentType="{SHEETML}.worksheet+xml"'),
            pattern(TYPES, '<Override PartName="/xl/worksheets[^>]*>', ""),
        ),
    ),
    Odd("no defaults", (pattern(TYPES, "<Default[^>]*>", ""),)),
    Odd("content types behind, defaults last", (pattern(TYPES, "(<Default.*/>)(<Override.*/>)(?=</Types>)", r"\2\1"),)),
    Odd("types without a leading slash", (swap(TYPES, 'PartName="/', 'PartName="'),)),
    Odd("types twice", (pattern(TYPES, f'(<Override PartName="/{SHEET}"[^>]*>)', r"\1\1"),)),
    Odd(
        "types of parts that are not there",
        (
            swap(
                TYPES,
                "</Types>",
                f'<Override PartName="/xl/worksheets/sheet3.xml" ContentType="{SHEETML}.worksheet+xml"/><Override PartName="/xl/theme/theme1.xml" ContentType="x/y"/></Types>',
            ),
        ),
    ),
    Odd("no type of the workbook", (pattern(TYPES, f'<Override PartName="/{BOOK}"[^>]*>', ""),)),
    Odd("no document properties", (drop("docProps/core.xml", "docProps/app.xml"),)),
    Odd("no content types", (_renamed(TYPES, "types.xml"),), refused="holds no workbook"),
)
_CUSTOM = '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"{}'
_CUSTOM_KIND = "application/vnd.openxmlformats-officedocument.custom-properties+xml"


def _custom(content: str, name: str = "docProps/custom.xml") -> tuple[Twist, ...]:
    return add(name, content, _CUSTOM_KIND), relate(ROOT_RELS, relation("rId4", "custom-properties", name))


_PROPERTY = (
    '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{}" name="{}"><vt:lpwstr>x</vt:lpwstr></property>'
)

PROPERTIES: tuple[Odd, ...] = (
    Odd("custom properties", _custom(_CUSTOM.format(f">{_PROPERTY.format(2, 'owner')}</Properties>"))),
    Odd("empty custom properties", _custom(_CUSTOM.format("/>"))),
    Odd(
        "custom properties elsewhere",
        _custom(_CUSTOM.format(f">{_PROPERTY.format(99, 'a &amp; b')}</Properties>"), "docs/own-props.xml"),
    ),
    Odd("custom property of our name", _custom(_CUSTOM.format(f">{_PROPERTY.format(2, 'policy')}</Properties>"))),
    Odd(
        "titles of parts",
        (
            pattern(
                "docProps/app.xml",
                "</Properties>",
                '<TitlesOfParts><vt:vector xmlns:vt="urn:vt" size="2" baseType="lpstr"><vt:lpstr>Tasks</vt:lpstr><vt:lpstr>Notes</vt:lpstr></vt:vector></TitlesOfParts></Properties>',
            ),
        ),
    ),
)


def _sheet_kind(kind: str, root: str, relation_kind: str = "") -> tuple[Twist, ...]:
    name = f"xl/{kind}s/sheet9.xml"
    content = f'<{root} xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"/></sheetViews></{root}>'
    return (
        add(name, content, f"{SHEETML}.{kind}+xml"),
        relate(BOOK_RELS, relation("rId9", relation_kind or kind, f"{kind}s/sheet9.xml")),
        swap(BOOK, "<sheets>", '<sheets><sheet name="Other" sheetId="9" r:id="rId9"/>'),
    )


def _names_of(lines: str) -> Twist:
    return swap(BOOK, "<calcPr", f"<definedNames>{lines}</definedNames><calcPr")


def _called(name: str) -> Odd:
    return Odd(f"sheet called {name}", (swap(BOOK, 'name="Tasks"', f'name="{name}"'),))


BOOKS: tuple[Odd, ...] = (
    *(
        _called(name)
        for name in (
            "Summary",
            "SUMMARY (2)",
            "It's",
            "Q1 &amp; Q2",
            "\U0001f4ca Tasks",
            "\u4efb\u52a1",
            "T" * 31,
            " Tasks ",
            "A1",
            "Stra\xdfe",
            "Method",
        )
    ),
    Odd(
        "sheets called as ours",
        (swap(BOOK, 'name="Tasks"', 'name="summary"'), swap(BOOK, 'name="Notes"', 'name="Summary (2)"')),
    ),
    Odd("hidden sheet", (swap(BOOK, 'sheetId="2"', 'sheetId="2" state="hidden"'),)),
    Odd(
        "first sheet very hidden",
        (swap(BOOK, 'sheetId="1"', 'sheetId="1" state="veryHidden"'), swap(BOOK, 'activeTab="0"', 'activeTab="1"')),
    ),
    Odd("chart sheet first", _sheet_kind("chartsheet", "chartsheet")),
    Odd("dialog sheet first", _sheet_kind("dialogsheet", "dialogsheet")),
    Odd(
        "macro sheet first",
        _sheet_kind("macrosheet", "macrosheet", "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"),
    ),
    Odd(
        "a sheet that is not there", (swap(BOOK, "</sheets>", '<sheet name="Gone" sheetId="7" r:id="rId7"/></sheets>'),)
    ),
    Odd(
        "a sheet without its part",
        (drop(NOTES), relate(BOOK_RELS, relation("rId2", "worksheet", "worksheets/sheet2.xml"))),
    ),
    Odd("sheet ids at the limit", (swap(BOOK, 'sheetId="2"', 'sheetId="65534"'),)),
    Odd("sheet ids beyond the limit", (swap(BOOK, 'sheetId="2"', 'sheetId="4294967295"'),)),
    Odd("no views of the book", (pattern(BOOK, "<bookViews>.*</bookViews>", ""),)),
    Odd("empty views of the book", (pattern(BOOK, "<bookViews>.*</bookViews>", "<bookViews/>"),)),
    Odd("active tab far off", (swap(BOOK, 'activeTab="0"', 'activeTab="42" firstSheet="17"'),)),
    Odd("view without active tab", (swap(BOOK, ' activeTab="0"', ' firstSheet="1" visibility="visible"'),)),
    Odd(
        "protected structure",
        (swap(BOOK, "<bookViews>", '<workbookProtection workbookPassword="CC1A" lockStructure="1"/><bookViews>'),),
    ),
    Odd(
        "book for one writer",
        (
            swap(
                BOOK,
                "<workbookPr/>",
                '<fileVersion appName="xl"/><fileSharing readOnlyRecommended="1" userName="Mara"/><workbookPr codeName="ThisWorkbook" date1904="true"/>',
            ),
        ),
    ),
    Odd(
        "calculation by hand",
        (
            swap(
                BOOK,
                '<calcPr calcId="191029"/>',
                '<calcPr calcMode="manual" fullCalcOnLoad="1" iterate="1"/><oleSize ref="A1"/><customWorkbookViews><customWorkbookView name="v" guid="{11111111-1111-1111-1111-111111111111}" windowWidth="1" windowHeight="1" activeSheetId="1"/></customWorkbookViews><fileRecoveryPr autoRecover="0"/><extLst><ext uri="{x}"/></extLst>',
            ),
        ),
    ),
    Odd("little more than sheets", (pattern(BOOK, "<workbookPr/>|<bookViews>.*</bookViews>|<calcPr[^>]*>", ""),)),
    Odd(
        "names of the book",
        (
            _names_of(
                '<definedName name="all">Tasks!$A$1:$E$13</definedName><definedName name="one" comment="c" function="0">1</definedName>'
            ),
        ),
    ),
    Odd(
        "names of a sheet",
        (
            _names_of(
                '<definedName name="_xlnm.Print_Area" localSheetId="0">Tasks!$A$1:$E$13</definedName><definedName name="_xlnm.Print_Titles" localSheetId="1">Notes!$1:$1</definedName>'
            ),
        ),
    ),
    Odd("names of no sheet", (_names_of('<definedName name="lost" localSheetId="42">Tasks!$A$1</definedName>'),)),
    Odd(
        "names in bad form",
        (
            _names_of(
                '<definedName name="lost" localSheetId="x">#REF!</definedName><definedName name="none"/><definedName name="blank"></definedName>'
            ),
        ),
    ),
    Odd("no names in their section", (swap(BOOK, "<calcPr", "<definedNames/><calcPr"),)),
    Odd("no names in their open section", (_names_of(""),)),
    Odd("names with signs", (_names_of("<definedName name=\"q\">'It''s &amp;'!$A$1&amp;\"&lt;\"</definedName>"),)),
    Odd("names spread over lines", (_names_of('\n <definedName name="one">\n Tasks!$A$1 </definedName>\n'),)),
    Odd("no sheets", (pattern(BOOK, "<sheets>.*</sheets>", "<sheets/>"),), refused="holds no sheet"),
    Odd(
        "workbook of another root",
        (swap(BOOK, "<workbook ", "<book "), swap(BOOK, "</workbook>", "</book>")),
        refused="holds no workbook",
    ),
)

NAMED = (*NAMES, *PROPERTIES, *BOOKS)
