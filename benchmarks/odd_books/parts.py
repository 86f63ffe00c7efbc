"""Workbooks with further parts: tables, comments, drawings, pivots, macros, links, signatures."""

from __future__ import annotations

from benchmarks.odd_books.base import (
    BOOK,
    BOOK_RELS,
    HEADERS,
    MAIN,
    OFFICE,
    ROOT_RELS,
    SHEET,
    SHEET_RELS,
    SHEETML,
    TYPES,
    Odd,
    Parts,
    Twist,
    add,
    drop,
    end,
    every,
    relate,
    relation,
    row,
    swap,
)
from benchmarks.odd_books.markup import encoded, prefixed, single_quoted

_TABLE = "xl/tables/table1.xml"
_TABLE_KIND = f"{SHEETML}.table+xml"


def _table_xml(
    ref: str = "A1:E13", more: str = "", inside: str = "", columns: tuple[str, ...] = HEADERS, column: str = "/>"
) -> str:
    lines = "".join(f'<tableColumn id="{n}" name="{name}"{column}' for n, name in enumerate(columns, start=1))
    name = "" if "displayName" in more else ' name="jobs" displayName="jobs"'
    return (
        f'<table xmlns="{MAIN}" id="1"{name} ref="{ref}"{more}>{inside}'
        f'<tableColumns count="{len(columns)}">{lines}</tableColumns></table>'
    )


def _table(xml: str, count: str = ' count="1"', target: str = "../tables/table1.xml") -> tuple[Twist, ...]:
    return (
        end(f'<tableParts{count}><tablePart r:id="rId5"/></tableParts>'),
        relate(SHEET_RELS, relation("rId5", "table", target)),
        add(_TABLE, xml, _TABLE_KIND),
    )


_FILTER = '<autoFilter ref="A1:E13"/>'
_STYLE = '<tableStyleInfo name="TableStyleMedium2" showRowStripes="1"/>'
_TOTALS = row(
    14, '<c r="A14" t="inlineStr"><is><t>Total</t></is></c><c r="E14"><f>SUBTOTAL(109,jobs[FTE])</f><v>6.75</v></c>'
)
_SORT = '<sortState ref="A2:E13"><sortCondition ref="B2:B13"/></sortState>'

TABLES: tuple[Odd, ...] = (
    Odd("table", _table(_table_xml(inside=_FILTER).replace("</table>", f"{_STYLE}</table>"))),
    Odd("table without filter", _table(_table_xml(more=' totalsRowShown="0"'))),
    Odd("table with totals", (*_table(_table_xml("A1:E14", ' totalsRowCount="1"', _FILTER)), _TOTALS)),
    Odd("table without header", _table(_table_xml("A2:E13", ' headerRowCount="0"'))),
    Odd(
        "table with calculated column",
        _table(
            _table_xml(column="><calculatedColumnFormula>ROW()</calculatedColumnFormula></tableColumn>", inside=_FILTER)
        ),
    ),
    Odd(
        "table with formats",
        _table(
            _table_xml(
                more=' headerRowDxfId="0" dataDxfId="0" tableBorderDxfId="0"',
                column=' dataDxfId="0" totalsRowLabel="T"/>',
            )
        ),
    ),
    Odd("table bound to a query", _table(_table_xml(more=' tableType="queryTable"'))),
    Odd("table bound to XML", _table(_table_xml(more=' tableType="xml"'))),
    Odd("table sorted", _table(_table_xml(inside=_FILTER + _SORT))),
    Odd(
        "table filtered",
        _table(_table_xml(inside='<autoFilter ref="A1:E13"><filterColumn colId="4" hiddenButton="1"/></autoFilter>')),
    ),
    Odd(
        "table of Excel 2016",
        _table(
            _table_xml(
                more=' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="xr" xmlns:xr="urn:xr" xr:uid="{0}"',
                column=' xmlns:xr3="urn:xr3" xr3:uid="{1}"/>',
            ).replace("</table>", '<extLst><ext uri="{x}"/></extLst></table>')
        ),
    ),
    Odd("table with a high id", _table(_table_xml().replace('id="1" name="jobs"', 'id="4294967294" name="jobs"'))),
    Odd("table called as ours", _table(_table_xml(more=' name="analyzer_tasks" displayName="analyzer_tasks"'))),
    Odd(
        "name called as our table",
        (
            swap(
                BOOK,
                "<calcPr",
                '<definedNames><definedName name="Analyzer_Tasks">1</definedName></definedNames><calcPr',
            ),
        ),
    ),
    Odd(
        "table with our headers",
        (
            *_table(_table_xml(columns=("Why", "Task", "Quadrant", "Quadrant 2", "FTE"))),
            row(
                1,
                "".join(
                    f'<c r="{letter}1" t="inlineStr"><is><t>{name}</t></is></c>'
                    for letter, name in zip("ABCDE", ("Why", "Task", "Quadrant", "Quadrant 2", "FTE"), strict=True)
                ),
            ),
        ),
    ),
    Odd(
        "table header over lines",
        (
            *_table(_table_xml(columns=("Task ID", "Task", "Provider", "Country", "FTE_x000a_now"))),
            row(
                1,
                '<c r="A1" t="s"><v>0</v></c><c r="E1" t="inlineStr"><is><t xml:space="preserve">FTE\nnow</t></is></c>',
            ),
        ),
    ),
    Odd(
        "table header over lines as entity",
        _table(_table_xml(columns=("Task ID", "Task", "Provider", "Country", "FTE&#10;now"))),
    ),
    Odd("table without columns' count", _table(_table_xml().replace('<tableColumns count="5">', "<tableColumns>"))),
    Odd("table of an absolute target", _table(_table_xml(), target="/xl/tables/table1.xml")),
    Odd("table parts without count", _table(_table_xml(), count="")),
    Odd("prefixed table", (*_table(_table_xml(inside=_FILTER)), every(prefixed, _TABLE))),
    Odd("table in single quotes", (*_table(_table_xml(inside=_FILTER)), every(single_quoted, _TABLE))),
    Odd(
        "table in UTF-16",
        (
            *_table(f'<?xml version="1.0" encoding="UTF-8"?>{_table_xml()}'),
            every(lambda xml: encoded(xml, "utf-16"), _TABLE),
        ),
    ),
    Odd("narrow table", _table(_table_xml("A1:C13", columns=HEADERS[:3]))),
    Odd(
        "two tables",
        (
            *_table(_table_xml("A1:B13", columns=HEADERS[:2])),
            swap(SHEET, '<tablePart r:id="rId5"/>', '<tablePart r:id="rId5"/><tablePart r:id="rId6"/>'),
            relate(SHEET_RELS, relation("rId6", "table", "../tables/table2.xml")),
            add(
                "xl/tables/table2.xml",
                _table_xml("C1:E13", columns=HEADERS[2:]).replace(
                    'id="1" name="jobs" displayName="jobs"', 'id="2" name="more" displayName="more"'
                ),
                _TABLE_KIND,
            ),
        ),
    ),
    Odd(
        "table that is not there",
        (
            end('<tableParts count="1"><tablePart r:id="rId5"/></tableParts>'),
            relate(SHEET_RELS, relation("rId5", "table", "../tables/table1.xml")),
        ),
    ),
    Odd(
        "single cell bound to XML",
        (
            relate(SHEET_RELS, relation("rId5", "tableSingleCells", "../tables/tableSingleCells1.xml")),
            add(
                "xl/tables/tableSingleCells1.xml",
                f'<singleXmlCells xmlns="{MAIN}"><singleXmlCell id="1" r="A2" connectionId="0"><xmlCellPr id="1"><xmlPr mapId="1" xpath="/a" xmlDataType="string"/></xmlCellPr></singleXmlCell></singleXmlCells>',
                f"{SHEETML}.tableSingleCells+xml",
            ),
        ),
    ),
)

_COMMENTS = f'<comments xmlns="{MAIN}"><authors><author>Mara</author></authors><commentList><comment ref="B2" authorId="0"><text><t>Seen</t></text></comment></commentList></comments>'
_VML = '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape id="s1" type="#t"><x:ClientData ObjectType="Note"><x:Row>1</x:Row><x:Column>1</x:Column></x:ClientData></v:shape><br></xml>'
_VML_TYPE = swap(
    TYPES,
    "<Override",
    '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/><Override',
    1,
)
_WITH_COMMENTS: tuple[Twist, ...] = (
    end('<legacyDrawing r:id="rId6"/>'),
    relate(
        SHEET_RELS,
        relation("rId5", "comments", "../comments1.xml"),
        relation("rId6", "vmlDrawing", "../drawings/vmlDrawing1.vml"),
    ),
    add("xl/comments1.xml", _COMMENTS, f"{SHEETML}.comments+xml"),
    add("xl/drawings/vmlDrawing1.vml", _VML),
    _VML_TYPE,
)
_MS = "http://schemas.microsoft.com/office"
_DRAWING = '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"/>'
_LINKED = f'<externalLink xmlns="{MAIN}" xmlns:r="{OFFICE}"><externalBook r:id="rId1"><sheetNames><sheetName val="S"/></sheetNames></externalBook></externalLink>'
_MACRO_TYPE = every(
    lambda xml: xml.replace(f"{SHEETML}.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"), TYPES
)
_MACROS: tuple[Twist, ...] = (
    relate(BOOK_RELS, relation("rId9", f"{_MS}/2006/relationships/vbaProject", "vbaProject.bin")),
    add("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 none", "application/vnd.ms-office.vbaProject"),
    _MACRO_TYPE,
)


def _book_kind(kind: str) -> Twist:
    return swap(TYPES, f"{SHEETML}.sheet.main+xml", kind)


def _cache(parts: Parts) -> None:
    for twist in (
        add(
            "xl/pivotCache/pivotCacheDefinition1.xml",
            f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="rId1" refreshedVersion="6" recordCount="0"><cacheSource type="worksheet"><worksheetSource ref="A1:E13" sheet="Tasks"/></cacheSource><cacheFields count="1"><cacheField name="Task ID" numFmtId="0"><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>',
            f"{SHEETML}.pivotCacheDefinition+xml",
        ),
        relate(
            "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels",
            relation("rId1", "pivotCacheRecords", "pivotCacheRecords1.xml"),
        ),
        add(
            "xl/pivotCache/pivotCacheRecords1.xml",
            f'<pivotCacheRecords xmlns="{MAIN}" count="0"/>',
            f"{SHEETML}.pivotCacheRecords+xml",
        ),
        relate(BOOK_RELS, relation("rId9", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")),
        swap(BOOK, "</workbook>", '<pivotCaches><pivotCache cacheId="1" r:id="rId9"/></pivotCaches></workbook>'),
        relate("xl/worksheets/_rels/sheet2.xml.rels", relation("rId1", "pivotTable", "../pivotTables/pivotTable1.xml")),
        relate(
            "xl/pivotTables/_rels/pivotTable1.xml.rels",
            relation("rId1", "pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml"),
        ),
        add(
            "xl/pivotTables/pivotTable1.xml",
            f'<pivotTableDefinition xmlns="{MAIN}" name="P" cacheId="1" dataCaption="v"><location ref="C3:C4" firstHeaderRow="1" firstDataRow="1" firstDataCol="0"/><pivotFields count="1"><pivotField showAll="0"/></pivotFields></pivotTableDefinition>',
            f"{SHEETML}.pivotTable+xml",
        ),
    ):
        twist(parts)


MORE: tuple[Odd, ...] = (
    Odd("comments", _WITH_COMMENTS),
    Odd(
        "comments without their shapes",
        (
            relate(SHEET_RELS, relation("rId5", "comments", "../comments1.xml")),
            add("xl/comments1.xml", _COMMENTS, f"{SHEETML}.comments+xml"),
        ),
    ),
    Odd(
        "threaded comments",
        (
            *_WITH_COMMENTS,
            relate(
                SHEET_RELS,
                relation(
                    "rId7", f"{_MS}/2017/10/relationships/threadedComment", "../threadedComments/threadedComment1.xml"
                ),
            ),
            add(
                "xl/threadedComments/threadedComment1.xml",
                '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"/>',
                "application/vnd.ms-excel.threadedcomments+xml",
            ),
            relate(BOOK_RELS, relation("rId8", f"{_MS}/2017/10/relationships/person", "persons/person.xml")),
            add(
                "xl/persons/person.xml",
                '<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"/>',
                "application/vnd.ms-excel.person+xml",
            ),
        ),
    ),
    Odd(
        "drawing",
        (
            end('<drawing r:id="rId5"/>'),
            relate(SHEET_RELS, relation("rId5", "drawing", "../drawings/drawing1.xml")),
            add("xl/drawings/drawing1.xml", _DRAWING, "application/vnd.openxmlformats-officedocument.drawing+xml"),
        ),
    ),
    Odd(
        "controls in alternate content",
        (
            end(
                '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="x14"><controls><control shapeId="1" r:id="rId5" name="Box"/></controls></mc:Choice></mc:AlternateContent>'
            ),
            relate(SHEET_RELS, relation("rId5", "ctrlProp", "../ctrlProps/ctrlProp1.xml")),
            add(
                "xl/ctrlProps/ctrlProp1.xml",
                f'<formControlPr xmlns="{_MS}/spreadsheetml/2009/9/main" objectType="CheckBox"/>',
                "application/vnd.ms-excel.controlproperties+xml",
            ),
        ),
    ),
    Odd(
        "background picture",
        (
            end('<picture r:id="rId5"/>'),
            relate(SHEET_RELS, relation("rId5", "image", "../media/image1.png")),
            add("xl/media/image1.png", b"\x89PNG"),
            swap(TYPES, "<Override", '<Default Extension="png" ContentType="image/png"/><Override', 1),
        ),
    ),
    Odd("pivot table", (_cache,)),
    Odd(
        "calculation chain",
        (
            row(14, '<c r="D14"><f>A2</f><v>1</v></c>'),
            relate(BOOK_RELS, relation("rId9", "calcChain", "calcChain.xml")),
            add(
                "xl/calcChain.xml",
                f'<calcChain xmlns="{MAIN}"><c r="D14" i="1"/></calcChain>',
                f"{SHEETML}.calcChain+xml",
            ),
        ),
    ),
    Odd(
        "dynamic array",
        (
            row(14, '<c r="D14" cm="1" vm="1"><f t="array" ref="D14:D15">_xlfn.UNIQUE(D2:D13)</f><v>1</v></c>'),
            relate(BOOK_RELS, relation("rId9", "sheetMetadata", "metadata.xml")),
            add(
                "xl/metadata.xml",
                f'<metadata xmlns="{MAIN}"><metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" cellMeta="1"/></metadataTypes><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>',
                f"{SHEETML}.sheetMetadata+xml",
            ),
        ),
    ),
    Odd(
        "custom XML",
        (
            relate(BOOK_RELS, relation("rId9", "customXml", "../customXml/item1.xml")),
            add("customXml/item1.xml", "<own/>"),
            relate("customXml/_rels/item1.xml.rels", relation("rId1", "customXmlProps", "itemProps1.xml")),
            add("customXml/itemProps1.xml", "<props/>"),
        ),
    ),
    Odd(
        "link to another workbook",
        (
            relate(BOOK_RELS, relation("rId9", "externalLink", "externalLinks/externalLink1.xml")),
            add("xl/externalLinks/externalLink1.xml", _LINKED, f"{SHEETML}.externalLink+xml"),
            relate(
                "xl/externalLinks/_rels/externalLink1.xml.rels",
                relation("rId1", "externalLinkPath", "other.xlsx", "External"),
            ),
            swap(
                BOOK,
                "<calcPr",
                '<externalReferences><externalReference r:id="rId9"/></externalReferences><definedNames><definedName name="far">[1]S!$A$1</definedName></definedNames><calcPr',
            ),
        ),
    ),
    Odd(
        "data connection",
        (
            relate(BOOK_RELS, relation("rId9", "connections", "connections.xml")),
            add(
                "xl/connections.xml",
                f'<connections xmlns="{MAIN}"><connection id="1" name="c" type="1" refreshedVersion="6"><dbPr connection="x" command="y"/></connection></connections>',
                f"{SHEETML}.connections+xml",
            ),
        ),
    ),
    Odd(
        "shared workbook",
        (
            relate(BOOK_RELS, relation("rId9", "revisionHeaders", "revisions/revisionHeaders.xml")),
            add(
                "xl/revisions/revisionHeaders.xml",
                f'<headers xmlns="{MAIN}" guid="{{0}}"/>',
                f"{SHEETML}.revisionHeaders+xml",
            ),
        ),
    ),
    Odd("macros", _MACROS, suffix=".xlsm"),
    Odd(
        "macros of another name",
        (
            relate(BOOK_RELS, relation("rId9", f"{_MS}/2006/relationships/vbaProject", "/own/code.dat")),
            add("own/code.dat", b"\xd0\xcf\x11\xe0 none", "application/vnd.ms-office.vbaProject"),
            _MACRO_TYPE,
        ),
        suffix=".xlsm",
    ),
    Odd(
        "macros and a ribbon",
        (
            *_MACROS,
            relate(ROOT_RELS, relation("rId9", f"{_MS}/2006/relationships/ui/extensibility", "customUI/customUI.xml")),
            add("customUI/customUI.xml", "<customUI/>"),
        ),
        suffix=".xlsm",
    ),
    Odd("template", (_book_kind(f"{SHEETML}.template.main+xml"),)),
    Odd(
        "template with macros",
        (*_MACROS[:2], _book_kind("application/vnd.ms-excel.template.macroEnabled.main+xml")),
        suffix=".xlsm",
    ),
    Odd("macro-enabled without macros", (_MACRO_TYPE,), suffix=".xlsm"),
    Odd(
        "signature",
        (
            relate(
                ROOT_RELS,
                relation(
                    "rId9",
                    "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin",
                    "_xmlsignatures/origin.sigs",
                ),
            ),
            add("_xmlsignatures/origin.sigs", b"", "application/vnd.openxmlformats-package.digital-signature-origin"),
            relate(
                "_xmlsignatures/_rels/origin.sigs.rels",
                relation(
                    "rId1",
                    "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/signature",
                    "sig1.xml",
                ),
            ),
            add(
                "_xmlsignatures/sig1.xml",
                "<Signature/>",
                "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml",
            ),
        ),
    ),
    Odd(
        "thumbnail",
        (
            relate(
                ROOT_RELS,
                relation(
                    "rId9",
                    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail",
                    "docProps/thumbnail.wmf",
                ),
            ),
            add("docProps/thumbnail.wmf", b"\xd7"),
            swap(TYPES, "<Override", '<Default Extension="wmf" ContentType="image/x-wmf"/><Override', 1),
        ),
    ),
    Odd(
        "theme",
        (
            relate(BOOK_RELS, relation("rId9", "theme", "theme/theme1.xml")),
            add(
                "xl/theme/theme1.xml",
                '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Own"/>',
                "application/vnd.openxmlformats-officedocument.theme+xml",
            ),
        ),
    ),
    Odd(
        "a binary workbook",
        (
            drop(BOOK),
            add("xl/workbook.bin", b"\0"),
            relate(ROOT_RELS, relation("rId1", "officeDocument", "xl/workbook.bin")),
        ),
        refused="xlsb",
    ),
)

FURTHER = (*TABLES, *MORE)
