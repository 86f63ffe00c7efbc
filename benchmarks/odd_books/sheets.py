"""Workbooks with odd rows, cells, columns and sections around them."""

from __future__ import annotations

import re

from benchmarks.odd_books.base import (
    BOOK,
    MAIN,
    OFFICE,
    SHEET,
    SHEET_RELS,
    SHEETML,
    STRINGS,
    STYLES,
    Odd,
    Twist,
    add,
    drop,
    end,
    every,
    pattern,
    relate,
    relation,
    row,
    swap,
    tail,
)


def _inline(text: str) -> str:
    return f'<is><t xml:space="preserve">{text}</t></is>'


def _cells(twist: str, old: str) -> Twist:
    return pattern(SHEET, old, twist)


def _head(xml: str) -> Twist:
    return swap(SHEET, "<sheetData>", f"{xml}<sheetData>")


def _columns(xml: str) -> Twist:
    return pattern(SHEET, "<cols>.*</cols>", xml)


def _views(xml: str) -> Twist:
    return pattern(SHEET, "<sheetViews>.*</sheetViews>", xml)


def _reversed(xml: str) -> str:
    rows = re.findall(r"<row .*?</row>", xml)
    return re.sub(r"<sheetData>.*</sheetData>", f"<sheetData>{''.join(reversed(rows))}</sheetData>", xml)


def _doubled(xml: str) -> str:
    return re.sub(r'(<row r="3")', r'<row r="3"><c r="F3"><v>9</v></c></row>\1', xml)


def _lower(xml: str) -> str:
    return re.sub(r'(?<=<c r=")[A-Z]', lambda found: found[0].lower(), xml)


def _shuffled(xml: str) -> str:
    return re.sub(r"(<c r=\"A\d.*?</c>)(<c r=\"B\d.*?</c>)", r"\2\1", xml)


ROWS: tuple[Odd, ...] = (
    Odd("rows without numbers", (pattern(SHEET, r'<row r="\d+"', "<row"),)),
    Odd("cells without addresses", (pattern(SHEET, r'<c r="\w+"', "<c"),)),
    Odd("no addresses at all", (pattern(SHEET, r'<(row|c) r="\w+"', r"<\1"),)),
    Odd("some cells without addresses", (pattern(SHEET, r'<c r="[BD]\d"', "<c"),)),
    Odd("address behind the format", (pattern(SHEET, r'<c (r="\w+") (s="\d")', r"<c \2 \1"),)),
    Odd("number behind the spans", (pattern(SHEET, r'<row (r="\d") (spans="1:5")', r"<row \2 \1"),)),
    Odd("lower-case addresses", (every(_lower, SHEET),)),
    Odd("spans that lie", (swap(SHEET, 'spans="1:5"', 'spans="3:9"'),)),
    Odd("no spans", (swap(SHEET, ' spans="1:5"', ""),)),
    Odd("rows downwards", (every(_reversed, SHEET),)),
    Odd("a row twice", (every(_doubled, SHEET),)),
    Odd("cells out of order", (every(_shuffled, SHEET),)),
    Odd("rows that are not there", (pattern(SHEET, '<row r="(5|9)".*?</row>', ""),)),
    Odd("empty rows between", (pattern(SHEET, '<row r="(5|9)".*?</row>', r'<row r="\1"/>'),)),
    Odd("self-closed rows behind", (swap(SHEET, "</sheetData>", '<row r="14"/><row r="15" ht="30"/></sheetData>'),)),
    Odd(
        "a row self-closed", (row(14, ""), swap(SHEET, '<row r="14"></row>', '<row r="14" ht="20" customHeight="1"/>'))
    ),
    Odd("far rows formatted", (row(1048576, '<c r="A1048576" s="1"/>'),)),
    Odd("deep outline", (pattern(SHEET, r'<row r="(\d)"', r'<row r="\1" outlineLevel="7" hidden="1" collapsed="1"'),)),
    Odd(
        "heights and borders",
        (swap(SHEET, ' spans="1:5"', ' spans="1:5" s="1" customFormat="1" ht="18" thickBot="1" ph="1"'),),
    ),
    Odd(
        "row attributes of Excel 2010",
        (
            swap(
                SHEET,
                "<worksheet ",
                '<worksheet xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" ',
            ),
            swap(SHEET, ' spans="1:5"', ' spans="1:5" x14ac:dyDescent="0.25"'),
        ),
    ),
    Odd("header only", (pattern(SHEET, r'<row r="2".*(?=</sheetData>)', ""),)),
    Odd(
        "a single cell",
        (
            pattern(
                SHEET, "<sheetData>.*</sheetData>", '<sheetData><row r="9"><c r="D9"><v>1</v></c></row></sheetData>'
            ),
        ),
    ),
    Odd("no rows", (pattern(SHEET, "<sheetData>.*</sheetData>", "<sheetData></sheetData>"),)),
    Odd("no rows, self-closed", (pattern(SHEET, "<sheetData>.*</sheetData>", "<sheetData/>"),)),
    Odd(
        "two sheets without rows",
        (
            pattern(SHEET, "<sheetData>.*</sheetData>", "<sheetData />"),
            drop("xl/worksheets/sheet2.xml"),
            pattern(BOOK, '<sheet name="Notes"[^>]*>', ""),
        ),
    ),
    Odd("dimension of one cell", (swap(SHEET, "A1:E13", "A1"),)),
    Odd("dimension far too large", (swap(SHEET, "A1:E13", "A1:XFD1048576"),)),
    Odd("dimension that is none", (swap(SHEET, "A1:E13", "no"),)),
    Odd("no dimension", (swap(SHEET, '<dimension ref="A1:E13"/>', ""),)),
)

CELLS: tuple[Odd, ...] = (
    Odd("inline texts", (_cells(rf' t="inlineStr">{_inline("Task &amp; more")}</c>', r' t="s"><v>[5-9]</v></c>'),)),
    Odd(
        "rich inline text",
        (row(14, '<c r="B14" t="inlineStr"><is><r><rPr><b/></rPr><t>Bo</t></r><r><t>ld</t></r></is></c>'),),
    ),
    Odd("rich shared text", (swap(STRINGS, "<t>Payroll</t>", "<r><t>Pay</t></r><r><rPr><b/></rPr><t>roll</t></r>"),)),
    Odd(
        "phonetic text",
        (swap(STRINGS, "<t>Payroll</t>", '<t>Payroll</t><rPh sb="0" eb="1"><t>pe</t></rPh><phoneticPr fontId="0"/>'),),
    ),
    Odd("escaped characters", (swap(STRINGS, "Payroll", "Pay_x000D_roll_x005F_x000D_"),)),
    Odd("formula texts", (row(14, '<c r="B14" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>'),)),
    Odd("errors", (row(14, '<c r="B14" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C14" t="e"><v>#N/A</v></c>'),)),
    Odd(
        "ISO dates", (row(14, '<c r="B14" t="d"><v>2026-10-01T00:00:00</v></c><c r="C14" t="d"><v>2026-10-01</v></c>'),)
    ),
    Odd("yes and no", (row(14, '<c r="B14" t="b"><v>1</v></c><c r="C14" t="b"><v>0</v></c>'),)),
    Odd(
        "numbers said to be numbers",
        (row(14, '<c r="B14" t="n"><v>1E+3</v></c><c r="C14" t="n"/><c r="D14"><v/></c>'),),
    ),
    Odd("empty text cells", (row(14, '<c r="B14" t="s"/><c r="C14" t="str"><v></v></c><c r="D14" t="inlineStr"/>'),)),
    Odd(
        "shared formulas",
        (
            row(
                14,
                '<c r="D14"><f t="shared" ref="D14:E14" si="0">A2*2</f><v>2</v></c><c r="E14"><f t="shared" si="0"/><v>1</v></c>',
            ),
        ),
    ),
    Odd(
        "array formula",
        (
            row(
                14,
                '<c r="D14"><f t="array" ref="D14:E14" aca="1" ca="1">A2:B2*2</f><v>2</v></c><c r="E14"><v>1</v></c>',
            ),
        ),
    ),
    Odd(
        "data table",
        (row(14, '<c r="D14"><f t="dataTable" ref="D14:E14" dt2D="1" dtr="1" r1="A1" r2="A2"/><v>2</v></c>'),),
    ),
    Odd("empty formula", (row(14, '<c r="D14"><f/><v>2</v></c><c r="E14"><f></f></c>'),)),
    Odd("formula over the new columns", (row(14, '<c r="D14"><f>SUM(F2:K13)</f><v>0</v></c>'),)),
    Odd("extension in a cell", (row(14, '<c r="D14"><v>2</v><extLst><ext uri="{x}"><c r="Z99"/></ext></extLst></c>'),)),
    Odd(
        "extension in a row",
        (swap(SHEET, "</row></sheetData>", '<extLst><ext uri="{x}"/></extLst></row></sheetData>'),),
    ),
    Odd("formats out of range", (pattern(SHEET, r's="2"', 's="77"'),)),
    Odd("text that is not there", (row(14, '<c r="B14" t="s"><v>9999</v></c>'),)),
    Odd("cells where the columns go", (row(3, '<c r="A3"><v>1</v></c><c r="G3"><v>7</v></c>'),)),
    Odd("formatted cells to Z", (row(1, '<c r="A1" t="s"><v>0</v></c><c r="Z1" s="1"/>'),)),
    Odd("formatted cells to ZZ", (row(15, '<c r="ZZ15" s="1"/>'),)),
    Odd("a hole that is too narrow", (row(3, '<c r="A3"><v>1</v></c><c r="I3"><v>7</v></c><c r="T3"><v>7</v></c>'),)),
    Odd("cells up to the last column", (row(15, '<c r="XFD15"><v>1</v></c>'),), refused="no 6 free columns"),
    Odd("cells up to the last but five", (row(15, '<c r="XEX15"><v>1</v></c>'),)),
    Odd("a cell beyond the sheet", (row(15, '<c r="XFE15"><v>1</v></c>'),), refused="beyond"),
    Odd("very long text", (swap(STRINGS, "Payroll", "x" * 32_767),)),
    Odd("texts with lone blanks", (swap(STRINGS, "<t>Payroll</t>", '<t xml:space="preserve">  Payroll\n </t>'),)),
)

HEAD: tuple[Odd, ...] = (
    Odd("widths to the last column", (_columns('<cols><col min="1" max="16384" width="9" style="1"/></cols>'),)),
    Odd(
        "widths that overlap",
        (_columns('<cols><col min="1" max="9" width="9"/><col min="5" max="7" width="7"/></cols>'),),
    ),
    Odd(
        "widths out of order",
        (_columns('<cols><col min="8" max="9" width="9"/><col min="1" max="2" width="7"/></cols>'),),
    ),
    Odd(
        "widths in two sections",
        (_columns('<cols><col min="1" max="2" width="9"/></cols><cols><col min="6" max="8" width="7"/></cols>'),),
    ),
    Odd("widths beyond the sheet", (_columns('<cols><col min="3" max="99999" width="9"/></cols>'),)),
    Odd(
        "widths without number",
        (_columns('<cols><col min="6" max="7" hidden="1" outlineLevel="2" collapsed="1"/></cols>'),),
    ),
    Odd("widths in long form", (_columns('<cols><col min="1" max="30" width="9"></col></cols>'),)),
    Odd(
        "widths with blanks",
        (_columns('<cols>\n <col min="1" max="3" width="9"/>\n <col min="4" max="9" width="8"/>\n</cols>'),),
    ),
    Odd("empty widths", (_columns("<cols/>"),)),
    Odd("no widths", (_columns(""),)),
    Odd("no views", (_views(""),)),
    Odd("empty views", (_views('<sheetViews><sheetView workbookViewId="0"></sheetView></sheetViews>'),)),
    Odd(
        "frozen panes",
        (
            _views(
                '<sheetViews><sheetView tabSelected="true" workbookViewId="0"><pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/><selection pane="bottomRight" activeCell="C3" sqref="C3"/></sheetView></sheetViews>'
            ),
        ),
    ),
    Odd(
        "split panes",
        (
            _views(
                '<sheetViews><sheetView workbookViewId="0" showGridLines="0" view="pageBreakPreview" zoomScale="60"><pane xSplit="2000" ySplit="900"/></sheetView></sheetViews>'
            ),
        ),
    ),
    Odd(
        "two views",
        (
            _views(
                '<sheetViews><sheetView tabSelected="1" workbookViewId="0"/><sheetView workbookViewId="1"/></sheetViews>'
            ),
            swap(BOOK, "</bookViews>", '<workbookView activeTab="1" firstSheet="1"/></bookViews>'),
        ),
    ),
    Odd("right to left", (_views('<sheetViews><sheetView rightToLeft="1" workbookViewId="0"/></sheetViews>'),)),
    Odd(
        "sheet properties",
        (
            swap(
                SHEET,
                "<dimension ",
                '<sheetPr codeName="Sheet1" filterMode="1"><tabColor rgb="FFFF0000"/><outlinePr summaryBelow="0"/><pageSetUpPr fitToPage="1"/></sheetPr><dimension ',
            ),
        ),
    ),
    Odd("properties with an extension", (_head('<extLst><ext uri="{x}"/></extLst>'),)),
    Odd("no default height", (pattern(SHEET, "<sheetFormatPr[^>]*>", ""),)),
)

_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_LINK = relation("rId9", "hyperlink", "https://example.org/?a=1&amp;b=2", "External")
_FORMAT = '<conditionalFormatting sqref="E2:E13"><cfRule type="cellIs" dxfId="0" priority="{}" operator="greaterThan"><formula>1</formula></cfRule></conditionalFormatting>'
_RULE = '<dataValidation type="whole" allowBlank="1" sqref="E2:E13"><formula1>0</formula1><formula2>9</formula2></dataValidation>'

TAIL: tuple[Odd, ...] = (
    Odd("filter", (tail('<autoFilter ref="A1:E13"/>'),)),
    Odd(
        "filter in use",
        (
            tail(
                '<autoFilter ref="A1:E13"><filterColumn colId="3"><filters><filter val="India"/></filters></filterColumn><sortState ref="A2:E13"><sortCondition ref="B2:B13"/></sortState></autoFilter>'
            ),
            pattern(SHEET, '<row r="3"', '<row r="3" hidden="1"'),
        ),
    ),
    Odd(
        "filter with its name",
        (
            tail('<autoFilter ref="A1:E13"/>'),
            swap(
                BOOK,
                "<calcPr",
                '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">Tasks!$A$1:$E$13</definedName></definedNames><calcPr',
            ),
        ),
    ),
    Odd(
        "filter with a cut name",
        (
            tail('<autoFilter ref="A1:E13"/>'),
            swap(
                BOOK,
                "<calcPr",
                '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">#REF!</definedName></definedNames><calcPr',
            ),
        ),
    ),
    Odd("narrow filter", (tail('<autoFilter ref="A1:C13"/>'),)),
    Odd("filter without range", (tail("<autoFilter/>"),)),
    Odd("merged title", (tail('<mergeCells count="1"><mergeCell ref="A1:E1"/></mergeCells>'),)),
    Odd("merged over the new columns", (tail('<mergeCells count="1"><mergeCell ref="A1:P1"/></mergeCells>'),)),
    Odd("merges without count", (tail('<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="B2:B3"/></mergeCells>'),)),
    Odd("conditional formats", (tail(_FORMAT.format(1)),)),
    Odd("conditional format of high priority", (tail(_FORMAT.format(2147483647)),)),
    Odd(
        "conditional formats with extension",
        (
            end(
                f'<extLst><ext xmlns:x14="{_X14}" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}"><x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:cfRule type="expression" priority="3" id="{{0}}"><xm:f>TRUE</xm:f></x14:cfRule><xm:sqref>A2:A3</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>'
            ),
        ),
    ),
    Odd("validations", (tail(f'<dataValidations count="1">{_RULE}</dataValidations>'),)),
    Odd("validations without count", (tail(f"<dataValidations>{_RULE}</dataValidations>"),)),
    Odd(
        "validations with a false count",
        (tail(f'<dataValidations count="7" disablePrompts="1">{_RULE}</dataValidations>'),),
    ),
    Odd("empty validations", (tail('<dataValidations count="0"/>'),)),
    Odd("validations opened and empty", (tail('<dataValidations count="0"></dataValidations>'),)),
    Odd(
        "validations of Excel 2010",
        (
            end(
                f'<extLst><ext xmlns:x14="{_X14}" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}"><x14:dataValidations count="1" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidation type="list"><x14:formula1><xm:f>Notes!$A$1</xm:f></x14:formula1><xm:sqref>D2</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>'
            ),
        ),
    ),
    Odd(
        "links",
        (
            tail(
                '<hyperlinks><hyperlink ref="B2" r:id="rId9"/><hyperlink ref="B3" location="Notes!A1" display="n"/></hyperlinks>'
            ),
            relate(SHEET_RELS, _LINK),
        ),
    ),
    Odd("empty links", (tail("<hyperlinks/>"),)),
    Odd(
        "printing",
        (
            tail('<printOptions gridLines="1"/>'),
            end(
                '<pageSetup orientation="landscape" r:id="rId8"/><headerFooter><oddHeader>&amp;L"x"&amp;C&amp;P</oddHeader></headerFooter><rowBreaks count="1" manualBreakCount="1"><brk id="3" man="1"/></rowBreaks><colBreaks/>'
            ),
            relate(SHEET_RELS, relation("rId8", "printerSettings", "../printerSettings/printerSettings1.bin")),
            add("xl/printerSettings/printerSettings1.bin", b"\0\1", f"{SHEETML}.printerSettings"),
        ),
    ),
    Odd(
        "ignored errors and tags",
        (
            end(
                '<customProperties><customPr name="x" r:id="rId8"/></customProperties><cellWatches><cellWatch r="A1"/></cellWatches><ignoredErrors><ignoredError sqref="A1" numberStoredAsText="1"/></ignoredErrors><smartTags><cellSmartTags r="A1"/></smartTags>'
            ),
            relate(SHEET_RELS, relation("rId8", "customProperty", "../customProperty1.bin")),
            add("xl/customProperty1.bin", b"\0", f"{SHEETML}.customProperty"),
        ),
    ),
    Odd(
        "protected sheet",
        (
            tail(
                '<sheetProtection algorithmName="SHA-512" hashValue="YQ==" saltValue="YQ==" spinCount="100000" sheet="1" objects="1" scenarios="1"/><protectedRanges><protectedRange sqref="E2:E13" name="r"/></protectedRanges>'
            ),
        ),
    ),
    Odd(
        "scenarios and consolidation",
        (
            tail(
                '<scenarios current="0"><scenario name="s" count="1"><inputCells r="A2" val="1"/></scenario></scenarios><sortState ref="A2:E13"><sortCondition ref="A2"/></sortState><dataConsolidate function="sum"/>'
            ),
        ),
    ),
    Odd(
        "views of each user",
        (
            tail(
                '<customSheetViews><customSheetView guid="{11111111-1111-1111-1111-111111111111}" showAutoFilter="1"><pageMargins left="1" right="1" top="1" bottom="1" header="1" footer="1"/><autoFilter ref="A1:E13"/></customSheetView></customSheetViews>'
            ),
        ),
    ),
    Odd("phonetic properties", (tail('<phoneticPr fontId="1" type="noConversion"/>'),)),
    Odd("unknown element", (end('<w:own xmlns:w="urn:w"><w:row r="1"/></w:own>'),)),
    Odd("unknown elements between", (tail('<w:own xmlns:w="urn:w"/>'), _head('<w:own xmlns:w="urn:w"/>'))),
    Odd(
        "sections out of order",
        (
            swap(
                SHEET,
                "</worksheet>",
                '<mergeCells><mergeCell ref="A1:B1"/></mergeCells><autoFilter ref="A1:E13"/></worksheet>',
            ),
        ),
    ),
    Odd("nothing behind the rows", (pattern(SHEET, "<pageMargins [^>]*>", ""),)),
    Odd(
        "nothing but rows",
        (
            pattern(SHEET, "<worksheet [^>]*>.*<sheetData>", f'<worksheet xmlns="{MAIN}"><sheetData>'),
            pattern(SHEET, "<pageMargins [^>]*>", ""),
        ),
    ),
    Odd(
        "a section that names rows in text",
        (end('<w:own xmlns:w="urn:w">&lt;row r="1"&gt; &lt;/sheetData&gt;</w:own>'),),
    ),
)

LOOKS: tuple[Odd, ...] = (
    Odd("no styles", (drop(STYLES), pattern(SHEET, r' s="\d"', ""))),
    Odd("no styles and formats out of range", (drop(STYLES),)),
    Odd(
        "empty styles",
        (pattern(STYLES, "(?s)<styleSheet.*", f'<styleSheet xmlns="{MAIN}"/>'), pattern(SHEET, r' s="\d"', "")),
    ),
    Odd(
        "opened and empty styles",
        (
            pattern(STYLES, "(?s)<styleSheet.*", f'<styleSheet xmlns="{MAIN}"></styleSheet>'),
            pattern(SHEET, r' s="\d"', ""),
        ),
    ),
    *(
        Odd(
            f"formats without {name}",
            (
                pattern(STYLES, f"<{name} .*</{name}>", ""),
                pattern(SHEET, r' s="\d"', ""),
                pattern(STYLES, r'(fontId|fillId|borderId|numFmtId)="\d+"', r'\1="0"'),
            ),
        )
        for name in ("numFmts", "fonts", "fills", "borders", "cellXfs", "cellStyles", "dxfs")
    ),
    Odd(
        "formats without named ones",
        (
            pattern(STYLES, "<cellStyleXfs .*</cellStyleXfs>", ""),
            swap(STYLES, ' xfId="0"', ""),
            pattern(STYLES, "<cellStyles .*</cellStyles>", ""),
        ),
    ),
    Odd("formats without counts", (pattern(STYLES, r' count="\d+"', ""),)),
    Odd("formats with false counts", (pattern(STYLES, r' count="\d+"', ' count="99"'),)),
    Odd("self-closed differential formats", (pattern(STYLES, "<dxfs.*</dxfs>", '<dxfs count="0"/>'),)),
    Odd("blank differential formats", (pattern(STYLES, "<dxfs.*</dxfs>", "<dxfs><dxf/><dxf></dxf></dxfs>"),)),
    Odd("number formats of high ids", (swap(STYLES, "164", "4000"),)),
    Odd(
        "number format twice",
        (
            pattern(
                STYLES,
                "<numFmts.*</numFmts>",
                '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/><numFmt numFmtId="165" formatCode="yyyy-mm-dd"/></numFmts>',
            ),
        ),
    ),
    Odd(
        "formats with extensions",
        (
            swap(
                STYLES,
                "</styleSheet>",
                '<tableStyles count="0" defaultTableStyle="TableStyleMedium2"/><colors><mruColors><color rgb="FF00FF00"/></mruColors></colors><extLst><ext uri="{x}"><fonts/></ext></extLst></styleSheet>',
            ),
        ),
    ),
    Odd("formats only with extensions", (pattern(STYLES, "<dxfs.*</dxfs>", '<extLst><ext uri="{x}"/></extLst>'),)),
    Odd(
        "fonts of Excel 2010",
        (
            swap(
                STYLES,
                '<fonts count="2"',
                '<fonts xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" count="2" x14ac:knownFonts="1"',
            ),
        ),
    ),
    Odd(
        "format with its own extension",
        (
            pattern(
                STYLES,
                '(<xf numFmtId="0" fontId="1"[^>]*)/>',
                r'\1><alignment wrapText="1"/><protection locked="0"/><extLst><ext uri="{x}"/></extLst></xf>',
            ),
        ),
    ),
    Odd(
        "base format with odd quotes",
        (pattern(STYLES, '<numFmt numFmtId="164"[^>]*>', "<numFmt numFmtId='164' formatCode='0.0 \"F\"'/>"),),
    ),
    Odd(
        "no shared strings",
        (
            drop(STRINGS),
            pattern(SHEET, r' t="s"><v>\d+</v>', ' t="inlineStr"><is><t>Text</t></is>'),
            pattern("xl/worksheets/sheet2.xml", r' t="s"><v>\d+</v>', ">"),
        ),
    ),
    Odd(
        "self-closed shared strings",
        (
            pattern(STRINGS, "(?s)<sst.*", f'<sst xmlns="{MAIN}" count="0" uniqueCount="0"/>'),
            pattern(SHEET, r' t="s"><v>\d+</v>', ' t="inlineStr"><is><t>Text</t></is>'),
            pattern("xl/worksheets/sheet2.xml", r' t="s"><v>\d+</v>', ">"),
        ),
    ),
    Odd("shared strings without counts", (pattern(STRINGS, r' (count|uniqueCount)="\d+"', ""),)),
    Odd("shared strings with small counts", (pattern(STRINGS, r' (count|uniqueCount)="\d+"', r' \1="1"'),)),
    Odd(
        "shared strings with an extension",
        (swap(STRINGS, "</sst>", '<extLst><ext uri="{x}"><si/></ext></extLst></sst>'),),
    ),
    Odd("empty shared strings", (swap(STRINGS, "<si><t>Payroll</t></si>", "<si/>"),)),
    Odd(
        "shared strings with a false count",
        (pattern(STRINGS, r'uniqueCount="\d+"', 'uniqueCount="4000000000"'),),
        refused="texts in",
    ),
    Odd("links prefix of drawings", (swap(SHEET, f' xmlns:r="{OFFICE}"', ""),)),
)

SHEETS = (*ROWS, *CELLS, *HEAD, *TAIL, *LOOKS)
