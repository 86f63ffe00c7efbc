"""Sheets of a workbook saved by openpyxl, moved into another package: parts, styles, texts, names and cached values."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

from analyzer.xlsx.addresses import cell_range, letters
from analyzer.xlsx.container import Container, part_key
from analyzer.xlsx.edit import Graft, Value
from analyzer.xlsx.limits import Limits
from analyzer.xlsx.markup import outline
from analyzer.xlsx.package import (
    MAIN,
    PACKAGE_RELATIONS,
    RELATIONS,
    STRICT_MAIN,
    STRICT_RELATIONS,
    Package,
    SheetEntry,
    relations_key,
)
from analyzer.xlsx.styles import Styles
from analyzer.xlsx.tables import tables_of
from analyzer.xlsx.tree import Node, document, parse

_TRANSITIONAL = (
    (MAIN, STRICT_MAIN),
    (RELATIONS, STRICT_RELATIONS),
    ("http://schemas.openxmlformats.org/drawingml/2006/", "http://purl.oclc.org/ooxml/drawingml/"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/"),
)  # ISO/IEC 29500 part 1, annex A: the strict form has names of its own
_STYLED = ("c", "row", "col")
_DIFFERENTIALS = (
    "dxfId", "headerRowDxfId", "dataDxfId", "totalsRowDxfId", "headerRowBorderDxfId", "tableBorderDxfId",
    "totalsRowBorderDxfId",
)  # fmt: skip


@dataclass(slots=True)
class Grafted:
    """Parts to add: name -> bytes, content type by name, and the sheets with their part names, in tab order."""

    parts: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    sheets: list[tuple[str, str]] = field(default_factory=list)
    names: list[Node] = field(default_factory=list)  # defined names; localSheetId counts within ``sheets``


class Grafter:
    """Moves the sheets of one book. ``package`` is the target."""

    def __init__(self, graft: Graft, package: Package, styles: Styles, taken: set[str]) -> None:
        self._graft = graft
        self._target = package
        self._book = Package(Container(graft.book, Limits(ratio=10_000)))
        self._taken = taken
        self._cells, self._differentials = styles.graft(self._book.read(self._styles_part()), "the grafted book")
        self._texts = self._shared_texts()
        self._known = _Values(self._book, graft, self._texts)
        self._tables = _Tables(package, taken)
        sheets = (sheet for sheet in self._book.sheets if sheet.name in graft.sheets)
        tables = [table.name for sheet in sheets for table in tables_of(self._book, sheet)]
        self._renamed = {name: self._tables.name(name) for name in tables}
        self._result = Grafted()
        self._moved: dict[str, str] = {}

    def _styles_part(self) -> str:
        return self._book.related(self._book.workbook, "styles")[0]

    def _shared_texts(self) -> list[Node]:
        parts = self._book.related(self._book.workbook, "sharedStrings")
        return parse(self._book.read(parts[0]), "the grafted book").nodes if parts else []

    def run(self) -> Grafted:
        """All parts with their relations, renamed where the target has a part of that name."""
        by_name = {sheet.name: sheet for sheet in self._book.sheets}
        for name in self._graft.sheets:
            sheet = by_name[name]
            self._result.sheets.append((name, self._move(sheet.part)))
        self._names()
        return self._result

    def _move(self, part: str) -> str:
        """Take a part and all that it refers to; its new name comes back."""
        if part in self._moved:
            return self._moved[part]
        name = self._moved[part] = self._free(self._book.name(part))
        self._result.types[name] = self._book.content_type(part)
        relations = [
            (relation, relation.written if relation.external else f"/{self._move(relation.target)}")
            for relation in self._book.relations(part)
        ]
        if relations:
            root = Node("Relationships", {"xmlns": PACKAGE_RELATIONS})
            for relation, target in relations:
                mode = {"TargetMode": "External"} if relation.external else {}
                kind = self._strictly(relation.type.encode()).decode()
                root.children.append(Node("Relationship", {"Id": relation.id, "Type": kind, "Target": target} | mode))
            self._result.parts[relations_key(name)] = document(root)
        self._result.parts[name] = self._strictly(self._content(part))
        return name

    def _free(self, name: str) -> str:
        stem, suffix = posixpath.splitext(name)
        stem = stem.rstrip("0123456789")
        number = 1
        while part_key(f"{stem}{number}{suffix}") in self._taken:
            number += 1
        free = f"{stem}{number}{suffix}"
        self._taken |= {part_key(free), relations_key(part_key(free))}
        return free

    def _strictly(self, data: bytes) -> bytes:
        if self._target.strict:
            for usual, strict in _TRANSITIONAL:
                data = data.replace(usual.encode(), strict.encode())
        return data

    def _content(self, part: str) -> bytes:
        data = self._book.container.read(self._book.parts[part])
        if not part.endswith(".xml"):
            return data
        root = parse(data, part)
        if root.local == "worksheet":
            self._sheet(root, next(sheet for sheet in self._book.sheets if sheet.part == part))
        elif root.local == "table":
            self._table(root)
        elif root.local == "chartSpace":
            self._known.fill_chart(root)
        else:
            return data
        return document(root)

    def _sheet(self, root: Node, sheet: SheetEntry) -> None:
        values = self._graft.values.get(sheet.name, {})
        for node in root.every(*_STYLED, "sheetView", "cfRule"):
            if node.local == "sheetView":
                node.attributes.pop("tabSelected", None)
            elif node.local == "cfRule":
                self._renumber(node)
            else:
                self._restyle(node)
            if node.local == "c":
                self._cell(node, values)

    def _restyle(self, node: Node) -> None:
        for key in ("s", "style"):
            if key in node.attributes:
                node.attributes[key] = str(self._cells[int(node.attributes[key])])

    def _cell(self, node: Node, values: Mapping[str, Value]) -> None:
        formula = node.find("f")
        if node.attributes.get("t") == "s":
            value = node.find("v")
            node.attributes["t"] = "inlineStr"
            text = self._texts[int(value.text)] if value else Node("si")
            node.children = [Node("is", {}, text.children)]
        elif formula is not None:
            for name, free in self._renamed.items():
                if name != free:
                    formula.children = [re.sub(rf"\b{re.escape(name)}(?=\[)", free, formula.text)]
            _cache(node, formula, values.get(node.attributes.get("r", "")))

    def _renumber(self, node: Node) -> None:
        for key in _DIFFERENTIALS:
            if key in node.attributes:
                node.attributes[key] = str(self._differentials[int(node.attributes[key])])

    def _table(self, root: Node) -> None:
        self._renumber(root)
        for column in root.every("tableColumn"):
            self._renumber(column)
        root.attributes["id"] = str(self._tables.number())
        for key in ("name", "displayName"):
            if key in root.attributes:
                root.attributes[key] = self._renamed[root.attributes[key]]

    def _names(self) -> None:
        root = parse(self._book.workbook_xml, "the grafted book")
        order = [sheet.name for sheet in self._book.sheets]
        for node in root.every("definedName"):
            scope = node.attributes.get("localSheetId")
            sheet = order[int(scope)] if scope else None
            if sheet is not None and sheet in self._graft.sheets:
                node.attributes["localSheetId"] = str(self._graft.sheets.index(sheet))
                self._result.names.append(node)
            elif sheet is None:
                self._result.names.append(node)


def _cache(node: Node, formula: Node, value: Value | None) -> None:
    """Put a formula's result beside it."""
    node.attributes.pop("t", None)
    if value is None:
        node.children = [formula]
        return
    if isinstance(value, bool):
        node.attributes["t"] = "b"
    elif isinstance(value, str):
        node.attributes["t"] = "str"
    node.children = [formula, Node("v", {}, [_written(value)])]


def _written(value: Value) -> str:
    return str(int(value)) if isinstance(value, bool) else value if isinstance(value, str) else repr(value)


class _Tables:
    """Ids and names of tables are unique in a workbook, their names among the book's defined names too."""

    def __init__(self, package: Package, kept: set[str]) -> None:
        kinds = (key for key in package.parts if package.content_type(key).lower().endswith(".table+xml"))
        roots = [outline(package.read(key), package.where(key), depth=0)[0] for key in kinds if key in kept]
        names = [root.get("displayName") or "" for root in roots]
        names += [element.get("name") or "" for element in package.below("definedNames")]
        self._numbers = {root.get("id") for root in roots}
        self._names = {name.casefold() for name in names}

    def number(self) -> int:
        """A free id."""
        number = next(number for number in count(1) if str(number) not in self._numbers)
        self._numbers.add(str(number))
        return number

    def name(self, wanted: str) -> str:
        """A free name."""
        names = (wanted, *(f"{wanted}_{number}" for number in range(2, len(self._names) + 3)))
        free = next(name for name in names if name.casefold() not in self._names)
        self._names.add(free.casefold())
        return free


class _Values:
    """Values of the grafted sheets' cells, for the cached points of charts."""

    def __init__(self, book: Package, graft: Graft, texts: list[Node]) -> None:
        self._book = book
        self._graft = graft
        self._texts = texts
        self._sheets: dict[str, dict[str, str]] = {}

    def fill_chart(self, root: Node) -> None:
        """Give each reference of a chart its cached points, so that a viewer that computes nothing draws it."""
        for reference in list(root.every("numRef", "strRef")):
            formula = reference.find("f")
            points = self._points(formula.text) if formula else None
            if formula and points and len(reference.nodes) == 1:
                prefix = formula.name.removesuffix("f")
                if any(value is not None and not _is_number(value) for value in points):
                    reference.name = f"{prefix}strRef"  # openpyxl takes all categories for numbers
                reference.children = [formula, _cache_node(prefix, reference.local[:3] + "Cache", points)]

    def _points(self, reference: str) -> list[str | None] | None:
        sheet, _, area = reference.rpartition("!")
        place = cell_range(area)
        values = self._of(sheet.strip("'").replace("''", "'"))
        if place is None or values is None:
            return None
        return [
            values.get(f"{letters(column)}{row}")
            for row in range(place.first_row, place.last_row + 1)
            for column in range(place.first_column, place.last_column + 1)
        ]

    def _of(self, name: str) -> dict[str, str] | None:
        sheet = next((sheet for sheet in self._book.sheets if sheet.name == name), None)
        if sheet is None:
            return None
        if name not in self._sheets:
            cached = {place: _written(value) for place, value in self._graft.values.get(name, {}).items()}
            self._sheets[name] = self._constants(sheet) | cached
        return self._sheets[name]

    def _constants(self, sheet: SheetEntry) -> dict[str, str]:
        cells = parse(self._book.read(sheet.part), sheet.part).every("c")
        return {node.attributes["r"]: text for node in cells if (text := self._constant(node))}

    def _constant(self, node: Node) -> str:
        inline, value = node.find("is"), node.find("v")
        if inline is not None:
            return inline.text
        if value is None or not value.text:
            return ""
        return self._texts[int(value.text)].text if node.attributes.get("t") == "s" else value.text


def _cache_node(prefix: str, cache: str, points: list[str | None]) -> Node:
    children: list[Node | str] = [Node(f"{prefix}ptCount", {"val": str(len(points))})]
    if cache == "numCache":
        children.insert(0, Node(f"{prefix}formatCode", {}, ["General"]))
    for number, value in enumerate(points):
        if value is not None and (cache == "strCache" or _is_number(value)):
            point = Node(f"{prefix}pt", {"idx": str(number)}, [Node(f"{prefix}v", {}, [value])])
            children.append(point)
    return Node(prefix + cache, {}, children)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
