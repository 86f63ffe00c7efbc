"""Workbooks whose XML is written in a way of its own: quotes, prefixes, encodings, comments, blanks."""

from __future__ import annotations

import codecs
import re
from functools import partial

from benchmarks.odd_books.base import (
    BOOK,
    BOOK_RELS,
    DECLARATION,
    MAIN,
    NOTES,
    OFFICE,
    ROOT_RELS,
    SHEET,
    STRINGS,
    STYLES,
    TYPES,
    Odd,
    every,
    pattern,
    swap,
)

_EVERY = (TYPES, ROOT_RELS, BOOK_RELS, BOOK, SHEET, NOTES, STYLES, STRINGS)
_MAINS = (BOOK, SHEET, NOTES, STYLES, STRINGS)


def single_quoted(xml: str) -> str:
    """Attributes in single quotes."""
    return re.sub(r'="([^"\']*)"', r"='\1'", xml)


def prefixed(xml: str, prefix: str = "x") -> str:
    """Elements of the default namespace with a prefix."""
    xml = re.sub(r"<(/?)(\w+)(?=[\s/>])", rf"<\1{prefix}:\2", xml)
    return re.sub(r'(?<=\s)xmlns="', f'xmlns:{prefix}="', xml)


def strict(xml: str) -> str:
    """The namespaces of the strict form."""
    xml = xml.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
    return xml.replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")


def encoded(xml: str, name: str, mark: bytes = b"", said: str = "") -> bytes:
    """In another encoding, declared."""
    return mark + xml.replace('encoding="UTF-8"', f'encoding="{said or name}"').encode(name)


def spread(xml: str) -> str:
    """Each element on a line of its own, as a pretty-printer writes it."""
    return re.sub(r">(?=<(?!/t>|/v>|/f>))", ">\r\n\t", xml)


def wide_tags(xml: str) -> str:
    """Line ends within tags, blanks around their equals signs and before their ends."""
    xml = re.sub(r'(?<=[\w"]) (?=[\w:]+=")', "\n\t", xml.removeprefix(DECLARATION))
    xml = re.sub(r'(\w)="', r'\1 = "', xml)
    return DECLARATION + re.sub(r"(?<=[\w\"])(/?)>", r" \1>", xml)


def without_declaration(xml: str) -> str:
    """No XML declaration."""
    return xml.removeprefix(DECLARATION)


def with_comments(xml: str) -> str:
    """A comment that looks like the end of everything, and an instruction, before and within the root."""
    trap = "<!-- </row></sheetData></worksheet> <si><t>no</t></si> <xf/></cellXfs> </sheets> </Types> -->"
    head, root, rest = re.split(r"(<(?:\w+:)?[a-zA-Z]+ [^>]*>)", xml, maxsplit=1)
    return f"{head}<?editor none?>{trap}{root}{trap}{rest}{trap}<?editor end?>"


def entities(xml: str) -> str:
    """Characters of attributes as numbers."""
    return re.sub(r'(name|Target|PartName)="(.)', lambda found: f'{found[1]}="&#x{ord(found[2]):X};', xml)


def redeclared(xml: str) -> str:
    """The namespace said again on inner elements."""
    return re.sub(r"<(sheetData|row|c|sheets|fonts|si|cellXfs)(?=[ >])", rf'<\1 xmlns="{MAIN}"', xml)


_COMPATIBILITY = (
    f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" '
    'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" mc:Ignorable="x14ac xr" '
    'xr:uid="{00000000-0001-0000-0000-000000000000}">'
)
_CHOICE = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="x15"><x15ac:absPath xmlns:x15ac="urn:x15ac" url="C:\\Users\\"/></mc:Choice></mc:AlternateContent>'
)
_ENCODINGS = {
    "UTF-16 little-endian": partial(encoded, name="utf-16-le", mark=codecs.BOM_UTF16_LE, said="UTF-16"),
    "UTF-16 big-endian": partial(encoded, name="utf-16-be", mark=codecs.BOM_UTF16_BE, said="UTF-16"),
    "a byte order mark": partial(encoded, name="utf-8", mark=codecs.BOM_UTF8),
    "Latin-1": partial(encoded, name="iso-8859-1"),
    "Windows-1252": partial(encoded, name="windows-1252"),
    "ASCII": partial(encoded, name="us-ascii"),
}

MARKUP: tuple[Odd, ...] = (
    Odd("single quotes everywhere", (every(single_quoted),)),
    *(Odd(f"single quotes in {name}", (every(single_quoted, name),)) for name in _EVERY),
    *(Odd(f"prefix in {name}", (every(prefixed, name),)) for name in _EVERY),
    Odd("prefix everywhere", (every(prefixed, *_EVERY),)),
    Odd("long prefix in all main parts", (every(partial(prefixed, prefix="ns0.x-y"), *_MAINS),)),
    Odd("prefix and single quotes", (every(prefixed, *_EVERY), every(single_quoted, *_EVERY))),
    Odd("strict", (every(strict),)),
    Odd("strict and prefixed", (every(strict), every(prefixed, *_MAINS))),
    Odd("strict sheet in a usual book", (every(strict, SHEET),)),
    *(Odd(f"{what} in all parts", (every(change),)) for what, change in _ENCODINGS.items()),
    *(
        Odd(f"UTF-16 in {name}", (every(_ENCODINGS["UTF-16 little-endian"], name),))
        for name in (TYPES, ROOT_RELS, BOOK_RELS, BOOK, SHEET, STYLES, STRINGS)
    ),
    Odd("UTF-16 without mark in the sheet", (every(partial(encoded, name="utf-16-le", said="UTF-16"), SHEET),)),
    Odd("Latin-1 with an accent", (swap(STRINGS, "Payroll", "Pr\xe4mie"), every(_ENCODINGS["Latin-1"], STRINGS))),
    Odd("no declaration", (every(without_declaration),)),
    Odd("declaration of 1.0 only", (every(lambda xml: xml.replace(DECLARATION, '<?xml version="1.0"?>')),)),
    Odd(
        "declaration in lower case",
        (
            swap(STRINGS, "Payroll", "Pr\xe4mie"),
            every(lambda xml: xml.replace("UTF-8", "utf8"), SHEET, STYLES, STRINGS),
        ),
    ),
    Odd("blank lines before the end", (every(lambda xml: f"{xml}\r\n\r\n"),)),
    Odd("pretty-printed", (every(spread),)),
    Odd("wide tags", (every(wide_tags),)),
    *(Odd(f"wide tags in {name}", (every(wide_tags, name),)) for name in (BOOK, SHEET, STYLES, STRINGS)),
    Odd("wide tags in single quotes", (every(wide_tags), every(single_quoted))),
    Odd("comments everywhere", (every(with_comments),)),
    *(Odd(f"comments in {name}", (every(with_comments, name),)) for name in _EVERY),
    Odd("comments between rows", (pattern(SHEET, "<row ", "<!-- </row> --><row "),)),
    Odd("comments between cells", (pattern(SHEET, "<c ", '<!-- <c r="Z9"/> --><c '),)),
    Odd("comments within cells", (pattern(SHEET, "<v>", "<!-- </c> --><v>"),)),
    Odd("comments between formats", (pattern(STYLES, "<xf ", '<!-- <xf numFmtId="9"/> --><xf '),)),
    Odd("comments between texts", (pattern(STRINGS, "<si>", "<!-- <si/> --><si>"),)),
    Odd("comment with an apostrophe", (swap(SHEET, "<sheetData>", "<!-- Mara's \" > --><sheetData>"),)),
    Odd("instruction between rows", (pattern(SHEET, "<row ", "<?here r?><row "),)),
    Odd("CDATA in shared texts", (swap(STRINGS, "Payroll", "<![CDATA[Pay & <si> roll]]>"),)),
    Odd("CDATA in values", (pattern(SHEET, "<v>1</v>", "<v><![CDATA[1]]></v>"),)),
    Odd("numbered characters in attributes", (every(entities, TYPES, BOOK, BOOK_RELS, ROOT_RELS),)),
    Odd("line feed in a name", (swap(BOOK, 'name="Notes"', 'name="Not&#10;es"'),)),
    Odd("namespace said again within", (every(redeclared, BOOK, SHEET, STYLES, STRINGS),)),
    Odd(
        "relationship prefix of its own", (every(lambda xml: xml.replace("r:", "rel:").replace(":r=", ":rel="), BOOK),)
    ),
    Odd(
        "relationship namespace on each sheet",
        (
            swap(BOOK, f' xmlns:r="{OFFICE}"', ""),
            pattern(BOOK, "<sheet ", f'<sheet xmlns:d="{OFFICE}" '),
            swap(BOOK, "r:id", "d:id"),
        ),
    ),
    Odd(
        "r means another thing", (swap(BOOK, "r:id", "rr:id"), swap(BOOK, "xmlns:r=", 'xmlns:r="urn:other" xmlns:rr='))
    ),
    Odd("prefix declared and not used", (swap(SHEET, "<worksheet ", f'<worksheet xmlns:x="{MAIN}" '),)),
    Odd("compatibility at the root", (pattern(SHEET, "<worksheet [^>]*>", _COMPATIBILITY),)),
    Odd("alternate content in the book", (swap(BOOK, "<bookViews>", f"{_CHOICE}<bookViews>"),)),
    Odd("alternate content in the sheet", (swap(SHEET, "</worksheet>", f"{_CHOICE}</worksheet>"),)),
    Odd("alternate content before the rows", (swap(SHEET, "<dimension ", f"{_CHOICE}<dimension "),)),
    Odd("blanks kept", (swap(SHEET, "<worksheet ", '<worksheet xml:space="preserve" '),)),
    Odd("document type", (swap(SHEET, "<worksheet ", "<!DOCTYPE worksheet><worksheet "),), refused="document type"),
    Odd("not well-formed", (swap(SHEET, "</row>", "</raw>", 1),), refused="well-formed"),
    Odd("unknown encoding", (every(lambda xml: xml.replace("UTF-8", "EBCDIC-9"), SHEET),), refused="well-formed"),
    Odd("illegal character", (swap(STRINGS, "Payroll", "Pay\x0broll"),), refused="well-formed"),
    Odd("ampersand alone", (swap(BOOK, 'name="Notes"', 'name="Not & es"'),), refused="well-formed"),
)
