"""Faults of a workbook that Excel would offer to repair, found with code that shares nothing with the writer.

``problems(path)`` names them without places that an edit shifts, so that what a result has and its source had not is
the writer's own. Rules: ECMA-376 part 1 (order of elements, counts, references) and part 2 (names, types, relations).
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

_WORKSHEET = [
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
    "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors",
    "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "tableParts", "extLst",
]  # fmt: skip
_WORKBOOK = [
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr",
    "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst",
]  # fmt: skip
_STYLES = [
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles",
    "colors", "extLst",
]  # fmt: skip
_ORDERS = {"worksheet": _WORKSHEET, "workbook": _WORKBOOK, "styleSheet": _STYLES, "sst": ["si", "extLst"]}
_OURS = {"row", "c", "v", "f", "is", "t", "si", "xf", "col", "sheet", "definedName", "dxf", "tableColumn", "cfRule"}
_HIGHEST_SHEET_ID = 65_534  # what Excel accepts
_LAST_COLUMN = 16_384
_FIRST_OWN_FORMAT = 164


def problems(path: Path) -> set[str]:
    """All that is wrong with a package; an unreadable one has that as its only fault."""
    try:
        return set(_Package(path).faults())
    except (zipfile.BadZipFile, ET.ParseError, KeyError, ValueError, NotImplementedError) as error:
        return {f"not to be read: {type(error).__name__}"}


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _local(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _own(element: ET.Element, name: str) -> str:
    """An attribute by its local name."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _all(root: ET.Element | None, name: str) -> list[ET.Element]:
    return [] if root is None else [element for element in root.iter() if _local(element) == name]


def _first(root: ET.Element | None, name: str) -> ET.Element | None:
    return None if root is None else next((element for element in root if _local(element) == name), None)


def _twice(what: str, values: Iterable[str]) -> Iterator[str]:
    seen = set()
    for value in values:
        if value in seen:
            yield f"{what} {value} twice"
        seen.add(value)


class _Package:
    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as file:
            self._entries = [_key(name) for name in file.namelist() if not name.endswith("/")]
            self._data = {_key(name): file.read(name) for name in file.namelist()}
        self._roots: dict[str, ET.Element] = {}

    def faults(self) -> Iterator[str]:
        yield from _twice("entry", self._entries)
        yield from self._types()
        for key in self._entries:
            if key.endswith(".rels"):
                yield from self._relations(key)
        book = self._book()
        yield from self._workbook(book)
        yield from self._tables(book)
        for key in self._entries:
            yield from self._part(key, book)

    def root(self, key: str) -> ET.Element:
        if key not in self._roots:
            self._roots[key] = ET.fromstring(self._data[key])  # noqa: S314 - the writer's own or a trusted sample
        return self._roots[key]

    def _types(self) -> Iterator[str]:
        root = self.root("[content_types].xml")
        overrides = [_key(_own(item, "PartName")) for item in _all(root, "Override")]
        defaults = [_own(item, "Extension").lower() for item in _all(root, "Default")]
        yield from _twice("type of", [*overrides, *(f".{name}" for name in defaults)])
        for name in set(overrides) - set(self._entries):
            yield f"type of {name}, which is not there"
        for key in self._entries:
            if key not in overrides and key.rpartition(".")[2] not in defaults and key != "[content_types].xml":
                yield f"no type of {key}"

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Id -> kind and target key of a part's relationships within the package."""
        folder, name = posixpath.split(part)
        key = posixpath.join(folder, "_rels", f"{name}.rels")
        if key not in self._data:
            return {}
        found = {}
        for item in _all(self.root(key), "Relationship"):
            target = unquote(_own(item, "Target").replace("\\", "/").partition("#")[0])
            inside = _own(item, "TargetMode").lower() != "external"
            place = _key(posixpath.normpath(posixpath.join("/", folder, target))) if inside else ""
            rooted = _key(posixpath.normpath(posixpath.join("/", target))) if inside else ""
            known = rooted if place not in self._data and rooted in self._data else place
            found[_own(item, "Id")] = (_own(item, "Type").rpartition("/")[2], known)
        return found

    def _relations(self, key: str) -> Iterator[str]:
        yield from _twice(f"{key} id", [_own(item, "Id") for item in _all(self.root(key), "Relationship")])
        part = key.replace("_rels/", "").removesuffix(".rels")
        for kind, target in self.relations(part).values():
            if target and target not in self._data:
                yield f"{key}: a {kind} that is not there"

    def _book(self) -> str:
        found = [target for kind, target in self.relations("").values() if kind == "officeDocument"]
        return next((key for key in [*found, *self._entries] if key in self._data and self._is_book(key)), "")

    def _is_book(self, key: str) -> bool:
        return key.endswith(".xml") and _local(self.root(key)) == "workbook"

    def _workbook(self, book: str) -> Iterator[str]:
        root, relations = self.root(book), self.relations(book)
        sheets = _all(_first(root, "sheets"), "sheet")
        yield from _twice("sheet", [_own(sheet, "name").casefold() for sheet in sheets])
        yield from _twice("sheet id", [_own(sheet, "sheetId") for sheet in sheets])
        for sheet in sheets:
            number = _own(sheet, "sheetId")
            if not number.isdecimal() or not 1 <= int(number) <= _HIGHEST_SHEET_ID:
                yield f"sheet id {number}"
            if relations.get(_own(sheet, "id"), ("", ""))[1] not in self._data:
                yield f"sheet {_own(sheet, 'name')} without a part"
            if len(_own(sheet, "name").encode("utf-16-le")) > 2 * 31:
                yield f"sheet name too long: {_own(sheet, 'name')}"
        for view in _all(root, "workbookView"):
            tabs = [int(_own(view, name) or 0) for name in ("activeTab", "firstSheet")]
            if max(tabs) >= len(sheets):
                yield "a tab that is not there"
            elif _own(sheets[tabs[0]], "state") not in {"", "visible"}:
                yield "a hidden active tab"
        names = _all(root, "definedName")
        order = {str(place): _own(sheet, "name") for place, sheet in enumerate(sheets)}
        scopes = [order.get(_own(name, "localSheetId"), "") for name in names]
        said = [f"{_own(name, 'name').casefold()} {scope}" for name, scope in zip(names, scopes, strict=True)]
        yield from _twice("name", said)
        for name in names:
            scope = _own(name, "localSheetId")
            if scope and (not scope.isdecimal() or int(scope) >= len(sheets)):
                yield f"name {_own(name, 'name')} of no sheet"

    def _tables(self, book: str) -> Iterator[str]:
        tables = [self.root(key) for key in self._entries if "/tables/" in key and key.endswith(".xml")]
        tables = [table for table in tables if _local(table) == "table"]
        names = [_own(name, "name") for name in _all(self.root(book), "definedName") if not _own(name, "localSheetId")]
        yield from _twice(
            "table or name", [name.casefold() for name in [*names, *(_own(t, "displayName") for t in tables)]]
        )
        yield from _twice("table id", [_own(table, "id") for table in tables])

    def _part(self, key: str, book: str) -> Iterator[str]:
        if not key.endswith((".xml", ".rels", ".sheet", ".styles", ".strings")):
            return
        root = self.root(key)
        yield from _ordered(key, root)
        yield from _namespaces(key, root)
        if _local(root) == "worksheet":
            yield from self._worksheet(key, root, book)
        elif _local(root) == "styleSheet":
            yield from _styles(root)

    def _related(self, book: str, kind: str) -> ET.Element | None:
        found = [target for name, target in self.relations(book).values() if name == kind and target in self._data]
        return self.root(found[0]) if found else None

    def _worksheet(self, key: str, root: ET.Element, book: str) -> Iterator[str]:
        yield from _rows(key, root)
        yield from _sections(key, root)
        styles, strings = self._related(book, "styles"), self._related(book, "sharedStrings")
        yield from _looks(key, root, styles)
        yield from _shared(key, root, strings)
        relations = self.relations(key)
        for element in root.iter():
            for name, value in element.attrib.items():
                if name.endswith("/relationships}id") and value not in relations and value:
                    yield f"{key}: {_local(element)} refers to nothing"
        for kind, place in relations.values():
            if kind == "table" and place in self._data:
                yield from _table(key, root, self.root(place), strings)


def _looks(key: str, root: ET.Element, styles: ET.Element | None) -> Iterator[str]:
    formats, differentials = (_first(styles, name) for name in ("cellXfs", "dxfs"))
    n_formats = max(1, len(formats)) if formats is not None else 1
    n_differentials = len(differentials) if differentials is not None else 0
    for cell in _all(root, "c"):
        if int(cell.get("s") or 0) >= n_formats:
            yield f"{key}: a format that is not there"
    for rule in _all(root, "cfRule"):
        if int(rule.get("dxfId") or -1) >= n_differentials:
            yield f"{key}: a differential format that is not there"
        if not 1 <= int(rule.get("priority") or 0) < 1 << 31:
            yield f"{key}: a priority that is none"


def _shared(key: str, root: ET.Element, strings: ET.Element | None) -> Iterator[str]:
    n_strings = 0 if strings is None else sum(_local(item) == "si" for item in strings)
    for cell in _all(root, "c"):
        value = _first(cell, "v")
        if cell.get("t") == "s" and value is not None and value.text and int(value.text) >= n_strings:
            yield f"{key}: a text that is not there"


def _ordered(key: str, root: ET.Element) -> Iterator[str]:
    order = _ORDERS.get(_local(root), [])
    places = [order.index(_local(child)) for child in root if _local(child) in order]
    if places != sorted(places):
        yield f"{key}: elements out of order"
    once = [order[place] for place in places if order[place] not in {"si", "conditionalFormatting"}]
    yield from _twice(f"{key}: element", once)


def _namespaces(key: str, root: ET.Element) -> Iterator[str]:
    space = str(root.tag).rpartition("}")[0]
    if _local(root) not in {*_ORDERS, "table"}:
        return
    for element in root.iter():
        if _local(element) in _OURS and not str(element.tag).startswith("{"):
            yield f"{key}: {_local(element)} in no namespace"
    for child in root:
        if _local(child) in _ORDERS.get(_local(root), []) and str(child.tag).rpartition("}")[0] != space:
            yield f"{key}: {_local(child)} in another namespace"


def _rows(key: str, root: ET.Element) -> Iterator[str]:
    last_row = 0
    for row in _first(root, "sheetData") or []:
        number = int(row.get("r") or last_row + 1)
        if number <= last_row:
            yield f"{key}: rows out of order"
        last_row, last = number, 0
        for cell in row:
            if _local(cell) != "c":
                continue
            place = coordinate_to_tuple(cell.get("r", "").upper()) if cell.get("r") else (number, last + 1)
            if place[1] <= last:
                yield f"{key}: cells out of order in row {number}"
            if place[0] != number:
                yield f"{key}: a cell of another row"
            last = place[1]


def _sections(key: str, root: ET.Element) -> Iterator[str]:
    last = 0
    for column in _all(_first(root, "cols"), "col"):
        low, high = int(column.get("min") or 0), int(column.get("max") or 0)
        if not last < low <= high <= _LAST_COLUMN:
            yield f"{key}: widths that overlap or lead beyond the sheet"
        last = high
    for name in ("cols", "dataValidations", "hyperlinks", "mergeCells"):
        section = _first(root, name)
        if section is not None and not len(section):
            yield f"{key}: {name} is empty"
        if section is not None and section.get("count") not in {None, str(len(section))}:
            yield f"{key}: {name} with a false count"


def _styles(root: ET.Element) -> Iterator[str]:
    sizes = {_local(section): len(section) for section in root}
    codes = [_own(item, "numFmtId") for item in _first(root, "numFmts") or []]
    yield from _twice("number format", codes)
    for section in root:
        if _local(section) in _STYLES[:8] and section.get("count") not in {None, str(len(section))}:
            yield f"{_local(section)} with a false count"
    for name_of, kinds in (("cellXfs", ("xfId", "fontId", "fillId", "borderId")), ("cellStyleXfs", ("fontId",))):
        for item in _first(root, name_of) or []:
            for name in kinds:
                there = sizes.get({"xfId": "cellStyleXfs"}.get(name, f"{name[:-2]}s"), 0)
                if item.get(name) is not None and int(item.get(name) or 0) >= there:
                    yield f"{name_of}: {name} that is not there"
            number = int(item.get("numFmtId") or 0)
            if number >= _FIRST_OWN_FORMAT and str(number) not in codes:
                yield f"{name_of}: a number format that is not there"


def _table(key: str, sheet: ET.Element, table: ET.Element, strings: ET.Element | None) -> Iterator[str]:
    low, top, high, bottom = (int(edge or 0) for edge in range_boundaries(table.get("ref", "")))
    columns = [_own(column, "name") for column in _all(_first(table, "tableColumns"), "tableColumn")]
    yield from _twice(f"{key}: table column", [name.casefold() for name in columns])
    yield from _twice(
        f"{key}: table column id", [_own(c, "id") for c in _all(_first(table, "tableColumns"), "tableColumn")]
    )
    if len(columns) != high - low + 1:
        yield f"{key}: a table with columns that do not fit its range"
    section = _first(table, "tableColumns")
    if section is not None and section.get("count") not in {None, str(len(columns))}:
        yield f"{key}: table columns with a false count"
    span = _first(table, "autoFilter")
    if span is not None and span.get("ref"):
        left, first, right, last = (int(edge or 0) for edge in range_boundaries(span.get("ref", "")))
        if (left, first, right) != (low, top, high) or last > bottom:
            yield f"{key}: a table's filter of another range"
    if table.get("headerRowCount") != "0":
        texts = _texts_of(sheet, top, strings)
        for place, name in enumerate(columns, start=low):
            if texts.get(place, "").replace("\n", "_x000a_").casefold() != name.replace("\n", "_x000a_").casefold():
                yield f"{key}: a table column {name} under another header"


def _texts_of(sheet: ET.Element, number: int, strings: ET.Element | None) -> dict[int, str]:
    shared = [] if strings is None else [item for item in strings if _local(item) == "si"]
    found: dict[int, str] = {}
    for row in _all(_first(sheet, "sheetData"), "row"):
        if row.get("r") != str(number):
            continue
        for cell in _all(row, "c"):
            holder: ET.Element | None = cell
            value = _first(cell, "v")
            if cell.get("t") == "s" and value is not None:
                place = int(value.text or 0)
                holder = shared[place] if place < len(shared) else None
            texts = [text.text or "" for text in _all(holder, "t")]
            column = coordinate_to_tuple(cell.get("r", "").upper())[1] if cell.get("r") else len(found) + 1
            found[column] = "".join(texts) or (value.text or "" if value is not None else "")
    return found
