"""The proof that a result kept its source: every part byte for byte, every cell, row, column and setting."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analyzer.errors import AnalyzerError
from analyzer.xlsx.active import inert
from analyzer.xlsx.addresses import letters
from analyzer.xlsx.cells import cells_of
from analyzer.xlsx.container import Container, Entry
from analyzer.xlsx.edit import Edit, Splice
from analyzer.xlsx.facts import TableFacts
from analyzer.xlsx.inspection import named_sheet
from analyzer.xlsx.limits import MAX_COLUMNS, Limits
from analyzer.xlsx.markup import first_element
from analyzer.xlsx.package import CONTENT_TYPES, Package, part_of_relations
from analyzer.xlsx.sheets import SheetParts, sheet_chunks
from analyzer.xlsx.tables import tables_of
from analyzer.xlsx.tree import Node, parse

_MOST = 20  # differences told one by one
_GROWS: Mapping[str, frozenset[str]] = {
    "dimension": frozenset({"ref"}),
    "autoFilter": frozenset({"ref"}),
    "table": frozenset({"ref"}),
    "sheetView": frozenset({"tabSelected"}),
    "workbookView": frozenset({"activeTab", "firstSheet"}),
}  # attributes that change by design
_COUNTS = frozenset({"count", "uniqueCount"})
_APART = frozenset({"definedNames", "cols"})  # compared by what they mean
_EXTENSION = re.compile(rb"<(?:[\w.-]+:)?extLst\b")
_SPANS = re.compile(rb' spans="[^"]*"')


@dataclass(frozen=True, slots=True)
class Differences:
    """What a result lacks of its source. ``lost`` and ``changed`` name the first few; the counts are true.

    ``parts`` and ``cells`` are how many were compared; ``same`` parts are equal byte for byte.
    """

    lost: tuple[str, ...]
    changed: tuple[str, ...]
    n_lost: int
    n_changed: int
    parts: int
    same: int
    cells: int

    def __bool__(self) -> bool:
        return bool(self.n_lost or self.n_changed)


def compare(
    source: Path, result: Path, edit: Edit | None = None, *, limits: Limits | None = None, thorough: bool = False
) -> Differences:
    """What ``result`` lost or changed of ``source`` beyond what ``edit`` says.

    ``thorough`` looks at each cell through a parser even where whole rows are plainly equal. Raises ``RefusedError``
    where one of them cannot be read.
    """
    within = limits or Limits()
    roomy = Limits(within.file_bytes * 2, within.unpacked_bytes * 4, 1e9, within.entries + 1000, within.cells)
    with Container(source, within) as before, Container(result, roomy) as after:
        return _Comparison(Package(before), Package(after), edit or Edit(), thorough=thorough).run()


class _Comparison:
    def __init__(self, before: Package, after: Package, edit: Edit, *, thorough: bool) -> None:
        self._before = before
        self._after = after
        self._edit = edit
        self._thorough = thorough
        self._found: Counter[str] = Counter()
        self._told: dict[str, list[str]] = {"lost": [], "changed": []}
        self._cells = 0
        self._same = 0
        self._sheets = {sheet.part: sheet.name for sheet in before.sheets if sheet.part}

    def run(self) -> Differences:
        expected = self._expected()
        for key, entry in self._before.parts.items():
            if key in expected:
                continue
            if key not in self._after.parts:
                self._tell("lost", f"part {entry.name}")
            elif self._equal(entry, self._after.parts[key]):
                self._same += 1
            else:
                self._part(key)
        return Differences(
            lost=tuple(self._told["lost"]),
            changed=tuple(self._told["changed"]),
            n_lost=self._found["lost"],
            n_changed=self._found["changed"],
            parts=len(self._before.parts),
            same=self._same,
            cells=self._cells,
        )

    def _tell(self, kind: str, what: str) -> None:
        self._found[kind] += 1
        if len(self._told[kind]) < _MOST:
            self._told[kind].append(what)

    def _expected(self) -> set[str]:
        """Parts that the edit leaves out."""
        gone = {key for key in self._before.parts if key.startswith("_xmlsignatures/")}
        sheets = self._edit.drop_sheets
        if self._edit.strip_active:
            left_out = inert(self._before)
            gone |= left_out.dropped | (left_out.replaced.keys() - self._sheets.keys())
            sheets += left_out.sheets
        dropped = {named_sheet(self._before, name).part for name in sheets}
        if dropped:
            gone |= self._before.only_reached_by(dropped)
        if dropped or any(splice.replaces for splice in self._edit.splices):
            gone |= set(self._before.related(self._before.workbook, "calcChain"))
        return gone

    def _equal(self, one: Entry, other: Entry) -> bool:
        if (one.packed, one.crc, one.size) == (other.packed, other.crc, other.size):
            pairs = zip(self._before.container.raw(one), self._after.container.raw(other), strict=True)
            if all(left == right for left, right in pairs):
                return True
        try:
            return self._before.container.read(one) == self._after.container.read(other)
        except AnalyzerError:
            return False

    def _part(self, key: str) -> None:
        if key in self._sheets and self._kind(key) == "worksheet":
            self._sheet(key)
        elif key == next(iter(self._before.related(self._before.workbook, "sharedStrings")), None):
            self._strings(key)
        elif key.endswith((".xml", ".rels")) or self._before.content_type(key).endswith("xml"):
            self._tree(key, parse(self._before.read(key), key), parse(self._after.read(key), key))
        else:
            self._tell("changed", f"part {key}")

    def _kind(self, key: str) -> str:
        return next(sheet.kind for sheet in self._before.sheets if sheet.part == key)

    def _strings(self, key: str) -> None:
        """The texts that were there come first and are the same, byte for byte."""
        one, other = (_inner(package.read(key)) for package in (self._before, self._after))
        texts, extension = _apart(one)
        if not (other.startswith(texts) and other.endswith(extension)):
            self._tell("changed", f"part {key}: its texts")

    def _tree(self, key: str, one: Node, other: Node) -> None:
        if key == self._before.workbook:
            self._names(one, other)
        if key == CONTENT_TYPES:
            self._content_types()
            return
        self._without_ours(key, one)
        for what in _lost(one, other, ""):
            self._tell("changed", f"part {key}: {what}")

    def _without_ours(self, key: str, one: Node) -> None:
        """Leave out of a source's part what the edit replaces: our own earlier sheets, columns, properties."""
        gone = {name.casefold() for name in self._edit.drop_sheets}
        for section in [one, *one.every("sheets")]:
            section.children = [
                child
                for child in section.nodes
                if not (child.local == "sheet" and child.attributes.get("name", "").casefold() in gone)
                and not (child.local == "property" and child.attributes.get("name") in self._edit.properties)
                and not (child.local == "Relationship" and self._dropped_relation(key, child))
            ] or section.children[:0]
        for table in self._tables(key):
            self._without_columns(one, table)

    def _tables(self, key: str) -> list[TableFacts]:
        sheets = [sheet for sheet in self._before.sheets if sheet.part]
        return [table for sheet in sheets for table in tables_of(self._before, sheet) if table.part == key]

    def _without_columns(self, one: Node, table: TableFacts) -> None:
        cleared = [splice.replaces for splice in self._edit.splices if splice.replaces and splice.sheet == table.sheet]
        for section in one.every("tableColumns"):
            section.children = [
                child
                for column, child in enumerate(section.nodes, start=table.first_column)
                if not any(first <= column <= last for first, last in cleared)
            ]

    def _dropped_relation(self, key: str, child: Node) -> bool:
        part = part_of_relations(key)
        gone = self._expected()
        return any(
            relation.id == child.attributes.get("Id") and relation.target in gone
            for relation in self._before.relations(part)
        )

    def _content_types(self) -> None:
        for key in self._before.parts:
            one, other = self._before.content_type(key), self._after.content_type(key)
            if key in self._after.parts and one not in ("", other) and "template" not in one:
                self._tell("changed", f"content type of {key}")

    def _names(self, one: Node, other: Node) -> None:
        """Defined names by what they say; the hidden one of a filter grows with it."""
        gone = {name.casefold() for name in self._edit.drop_names} | {name.name.casefold() for name in self._edit.names}
        before, after = Counter(_names_of(one)), Counter(_names_of(other))
        for name, scope, text in (before - after).elements():
            ours = scope in self._edit.drop_sheets or name.casefold() in gone or name == "_xlnm._FilterDatabase"
            if not ours:
                self._tell("lost", f"defined name {name} {text}")

    def _sheet(self, key: str) -> None:
        splices = [splice for splice in self._edit.splices if splice.sheet.casefold() == self._sheets[key].casefold()]
        before, after = (
            SheetParts(sheet_chunks(package, key), package.where(key)) for package in (self._before, self._after)
        )
        equal = not self._thorough and _rows_kept(before, after)
        if not equal:
            self._each_cell(key, splices)
            before, after = (
                SheetParts(sheet_chunks(package, key), package.where(key)) for package in (self._before, self._after)
            )
            for parts in (before, after):
                for _ in parts.body():
                    pass
        one, other = (parse(_frame(parts), key) for parts in (before, after))
        self._columns(key, one, other, splices)
        for what in _lost(one, other, "", _cleared(splices)):
            self._tell("changed", f"sheet {self._sheets[key]}: {what}")

    def _each_cell(self, key: str, splices: Sequence[Splice]) -> None:
        name, ours = self._sheets[key], [splice.replaces for splice in splices if splice.replaces]
        rows = cells_of(self._after, key)
        for number, row in cells_of(self._before, key).items():
            kept = rows.get(number)
            if kept is None:
                self._tell("lost", f"row {name}!{number}")
                continue
            if row.attributes != kept.attributes:
                self._tell("changed", f"row {name}!{number}")
            for column, text in row.cells.items():
                self._cells += 1
                if any(first <= column <= last for first, last in ours):
                    continue
                if column not in kept.cells:
                    self._tell("lost", f"cell {name}!{letters(column)}{number}")
                elif kept.cells[column] != text:
                    self._tell("changed", f"cell {name}!{letters(column)}{number}")

    def _columns(self, key: str, one: Node, other: Node, splices: Sequence[Splice]) -> None:
        ours = {splice.first_column + number for splice in splices for number in range(len(splice.columns))}
        ours |= {
            column
            for splice in splices
            if splice.replaces
            for column in range(splice.replaces[0], splice.replaces[1] + 1)
        }
        after = list(_column_ranges(other))
        for first, last, attributes in _column_ranges(one):
            for column in _edges(first, last, after):
                if column not in ours and not any(
                    low <= column <= high and attributes == kept for low, high, kept in after
                ):
                    self._tell("changed", f"column {self._sheets[key]}!{letters(column)}")
                    break


def _rows_kept(before: SheetParts, after: SheetParts) -> bool:
    """Whether each row of one stands whole at the beginning of a row of the other, in order."""
    end_tag = f"</{before.prefix}row>".encode()
    there = _pieces(after, end_tag)
    kept = True
    for piece in _pieces(before, end_tag):
        bare = _SPANS.sub(b"", piece, count=1)
        kept = kept and any(other in (piece, bare) or other.startswith(bare) for other in there)
    for _ in there:
        pass
    return kept


def _pieces(parts: SheetParts, end_tag: bytes) -> Iterator[bytes]:
    pending = b""
    for chunk in parts.body():
        *whole, pending = (pending + chunk).split(end_tag)
        yield from (piece.lstrip() for piece in whole)
    if pending.strip():
        yield pending.lstrip()


def _frame(parts: SheetParts) -> bytes:
    return parts.head + parts.tail


def _inner(data: bytes) -> bytes:
    """What stands between the root's tags."""
    root = first_element(data, "")
    return data[root.content : root.close].strip()


def _apart(texts: bytes) -> tuple[bytes, bytes]:
    """The texts of shared strings, and the extension that stands behind them."""
    found = _EXTENSION.search(texts)
    at = found.start() if found else len(texts)
    return texts[:at], texts[at:]


def _names_of(book: Node) -> Iterator[tuple[str, str, str]]:
    sheets = [node.attributes.get("name", "") for node in book.every("sheet")]
    for node in book.every("definedName"):
        scope = node.attributes.get("localSheetId")
        known = scope is not None and scope.isdecimal() and int(scope) < len(sheets)
        yield node.attributes.get("name", ""), sheets[int(scope)] if known and scope else "", node.text


def _column_ranges(sheet: Node) -> Iterator[tuple[int, int, dict[str, str]]]:
    for node in sheet.every("col"):
        rest = {name: value for name, value in node.attributes.items() if name not in {"min", "max"}}
        last = min(int(node.attributes.get("max", 1)), MAX_COLUMNS) - 1
        yield int(node.attributes.get("min", 1)) - 1, last, rest


def _edges(first: int, last: int, ranges: list[tuple[int, int, dict[str, str]]]) -> list[int]:
    """Columns of a range at which another list of ranges may change."""
    edges = {first, last, *(low for low, _, _ in ranges), *(high for _, high, _ in ranges)}
    edges |= {column + 1 for column in edges} | {column - 1 for column in edges}
    return sorted(column for column in edges if first <= column <= last)


def _cleared(splices: Sequence[Splice]) -> bool:
    return any(splice.replaces for splice in splices)


def _lost(one: Node, other: Node, path: str, cleared: bool = False) -> Iterator[str]:  # noqa: FBT001, FBT002 - inner
    """What of an element is not in another: attributes, text, children in their order."""
    here = f"{path}/{one.local}"
    grown = _COUNTS | _GROWS.get(one.local, frozenset())
    for name, value in one.attributes.items():
        if name not in grown and other.attributes.get(name) != value:
            yield f"{here} {name}"
    if one.name != other.name or _own_text(one) != _own_text(other):
        yield f"{here} text"
    candidates = iter(other.nodes)
    for child in one.nodes:
        if child.local in _APART or (cleared and child.local in _CLEARED):
            continue
        if not any(_same(child, candidate, here) for candidate in candidates):
            yield f"{here}/{child.local}"
            candidates = iter(other.nodes)


_CLEARED = frozenset({"dataValidations", "hyperlinks", "conditionalFormatting"})


def _same(one: Node, other: Node, path: str) -> bool:
    return one == other or (one.name == other.name and next(_lost(one, other, path), None) is None)


def _own_text(node: Node) -> str:
    return "".join(child for child in node.children if isinstance(child, str)).strip()
