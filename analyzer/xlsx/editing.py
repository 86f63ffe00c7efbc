"""``apply``: an edit made to a package in one pass. Parts that nothing touches are copied compressed, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from analyzer.xlsx.active import inert
from analyzer.xlsx.body import UnsortedError
from analyzer.xlsx.book import Book, BookChanges, NewSheet
from analyzer.xlsx.container import Container, part_key
from analyzer.xlsx.edit import Codec, Edit, Name, Note, Outcome, Splice
from analyzer.xlsx.graft import Grafted, Grafter
from analyzer.xlsx.inspection import named_sheet
from analyzer.xlsx.limits import Limits
from analyzer.xlsx.package import CONTENT_TYPES, RELATIONS, STRICT_RELATIONS, Package, relations_key, resolve
from analyzer.xlsx.parts import PROPERTIES_TYPE, NewRelation, content_types, custom_properties, free_ids, relations
from analyzer.xlsx.sheetedit import SheetEdit
from analyzer.xlsx.sheets import sheet_chunks
from analyzer.xlsx.strings import SharedStrings, blank_strings
from analyzer.xlsx.styles import Styles, blank_styles
from analyzer.xlsx.tables import tables_of, widened
from analyzer.xlsx.zipwriter import ZipWriter

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_TEMPLATES = {
    f"{_TYPE}template.main+xml": f"{_TYPE}sheet.main+xml",
    "application/vnd.ms-excel.template.macroenabled.main+xml": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
}
_SIGNATURES = "_xmlsignatures/"
_FORMAT = re.compile(rb"\ss(?:tyle)?\s*=\s*[\"'](\d{1,5})[\"']")


def apply(
    source: Path, target: BinaryIO, edit: Edit, *, codec: Codec = "fast", limits: Limits | None = None
) -> Outcome:
    """Write the package ``source`` with ``edit`` made to ``target``, a stream that can seek.

    Raises ``RefusedError`` where the package is damaged or the new columns would cover cells, and whatever the stream
    raises; what was written until then is of no use. The same package and edit give the same bytes.
    """
    with Container(source, limits or Limits()) as container:
        return Editing(Package(container), edit).write(ZipWriter(target, codec))


class Editing:
    """One edit on its way: planned whole, then written in one pass."""

    def __init__(self, package: Package, edit: Edit) -> None:
        self._package = package
        self._edit = edit
        self._notes: list[Note] = []
        self._dropped: set[str] = set()
        self._replaced: dict[str, bytes] = {}
        self._sheets: dict[str, SheetEdit] = {}
        self._new: dict[str, bytes | SheetEdit] = {}
        self._types: dict[str, str] = {}
        self._changed_types: dict[str, str] = {}
        self._relations: list[tuple[str, str]] = []  # of the workbook: kind, part name
        self._headers: dict[int, tuple[str, ...]] = {}
        self._gone_sheets = edit.drop_sheets
        self._uri = STRICT_RELATIONS if package.strict else RELATIONS
        self._plan()

    def write(self, writer: ZipWriter) -> Outcome:
        """Write all entries in the order of the source, then the new ones."""
        last = {entry.key: number for number, entry in enumerate(self._package.container.entries)}
        for number, entry in enumerate(self._package.container.entries):
            if entry.key in self._dropped:
                continue
            if entry.key not in self._replaced and entry.key not in self._sheets:
                writer.copy(self._package.container, entry)
            elif last[entry.key] == number:
                self._write_part(writer, entry.name, self._replaced.get(entry.key) or self._sheets[entry.key])
        for name, content in self._new.items():
            self._write_part(writer, name, content)
        writer.close()
        return self._outcome()

    def _outcome(self) -> Outcome:
        notes = [*self._notes, *(note for sheet in self._edited() for note in sheet.notes)]
        headers = tuple(self._headers[number] for number in range(len(self._edit.splices)))
        return Outcome(tuple(notes), headers)

    def _edited(self) -> Iterator[SheetEdit]:
        yield from self._sheets.values()
        yield from (content for content in self._new.values() if isinstance(content, SheetEdit))

    def _write_part(self, writer: ZipWriter, name: str, content: bytes | SheetEdit) -> None:
        if isinstance(content, bytes):
            writer.write(name, [content])
            return
        mark = writer.mark()
        try:
            writer.write(name, content.stream())
        except UnsortedError:
            writer.rewind(mark)
            writer.write(name, content.whole())

    def _plan(self) -> None:
        self._plan_drops()
        styles_part = self._styles_part()
        self._styles = Styles(
            self._package.read(styles_part) if styles_part else blank_styles(strict=self._package.strict),
            self._package.where(styles_part or "xl/styles.xml"),
        )
        if styles_part is None:
            self._styles.reserve(_formats_named(self._package))
        strings_part = next(iter(self._package.related(self._package.workbook, "sharedStrings")), None)
        unrelated = strings_part is None and any(key.endswith("sharedstrings.xml") for key in self._package.parts)
        self._strings = None if unrelated else self._shared_strings(strings_part)
        grafted = self._plan_graft()
        self._plan_sheets(grafted)
        self._put(styles_part, "styles", "xl/styles.xml", self._styles)
        if self._strings is not None:
            self._put(strings_part, "sharedStrings", "xl/sharedStrings.xml", self._strings)
        self._plan_book(grafted)
        self._plan_properties()
        self._plan_types()

    def _styles_part(self) -> str | None:
        """The styles, also where nothing refers to them: some readers go by the usual name."""
        usual = resolve(self._package.workbook, "styles.xml")
        found = [*self._package.related(self._package.workbook, "styles"), usual]
        return next((part for part in found if part in self._package.parts), None)

    def _shared_strings(self, part: str | None) -> SharedStrings:
        data = self._package.read(part) if part else blank_strings(strict=self._package.strict)
        return SharedStrings(data, self._package.where(part or "xl/sharedStrings.xml"))

    def _plan_drops(self) -> None:
        signed = {key for key in self._package.parts if key.startswith(_SIGNATURES)}
        if signed:
            self._dropped |= signed
            self._notes.append(Note("signature-dropped"))
        kind = self._package.content_type(self._package.workbook)
        if kind.lower() in {name.lower() for name in _TEMPLATES}:
            names = {name.lower(): usual for name, usual in _TEMPLATES.items()}
            self._changed_types[self._package.workbook] = names[kind.lower()]
            self._notes.append(Note("template-saved-as-workbook"))
        if self._edit.strip_active:
            self._plan_inert()
        gone = [named_sheet(self._package, name).part for name in self._gone_sheets]
        if gone:
            self._dropped |= self._package.only_reached_by(set(gone))
        if gone or any(splice.replaces for splice in self._edit.splices):
            chain = self._package.related(self._package.workbook, "calcChain")
            self._dropped |= set(chain)
            self._notes += [Note("calculation-chain-dropped")] if chain else []

    def _plan_inert(self) -> None:
        made = inert(self._package)
        self._dropped |= made.dropped
        self._replaced |= made.replaced
        self._gone_sheets += made.sheets
        if made.features:
            self._notes.append(Note("active-left-out", {"what": ", ".join(made.features)}))

    def _plan_graft(self) -> Grafted:
        if self._edit.graft is None:
            return Grafted()
        taken = {part_key(name) for name in ("xl/styles.xml", "xl/sharedStrings.xml", "docProps/custom.xml")}
        taken |= set(self._package.known) - self._dropped
        return Grafter(self._edit.graft, self._package, self._styles, taken).run()

    def _plan_sheets(self, grafted: Grafted) -> None:
        new = dict(grafted.sheets)
        self._new |= grafted.parts
        self._types |= grafted.types
        wanted: dict[str, list[int]] = {}
        for number, splice in enumerate(self._edit.splices):
            wanted.setdefault(splice.sheet, []).append(number)
        for name in {*self._selections()} - {*wanted}:
            wanted[name] = []
        for name, numbers in wanted.items():
            splices = [self._edit.splices[number] for number in numbers]
            edited = self._sheet_edit(name, new.get(name), splices)
            for number, headers in zip(numbers, edited.headers, strict=True):
                self._headers[number] = headers

    def _selections(self) -> Iterator[str]:
        """Sheets whose selected tab changes: two selected ones would be edited together."""
        if self._edit.active is None:
            return
        yield self._edit.active
        for sheet in self._package.sheets:
            if sheet.part and sheet.kind != "macrosheet" and sheet.name not in self._gone_sheets:
                head = next(sheet_chunks(self._package, sheet.part), b"")
                if b"tabSelected" in head and sheet.kind == "worksheet":
                    yield sheet.name

    def _sheet_edit(self, name: str, grafted: str | None, splices: list[Splice]) -> SheetEdit:
        selected = None if self._edit.active is None else name == self._edit.active
        properties = self._package.section("workbookPr")
        date1904 = properties is not None and properties.get("date1904") in {"1", "true", "on"}
        make = partial(SheetEdit, styles=self._styles, strings=self._strings, date1904=date1904, selected=selected)
        if grafted is not None:
            data = self._new[grafted]
            edited = make(_chunks(data), grafted, splices, [])
            self._new[grafted] = edited
            return edited
        entry = named_sheet(self._package, name)
        tables = tables_of(self._package, entry) if any(splice.table for splice in splices) else []
        changed = self._replaced.pop(entry.part, None)
        chunks = _chunks(changed) if changed is not None else partial(sheet_chunks, self._package, entry.part)
        edited = make(chunks, self._package.where(entry.part), splices, tables)
        self._sheets[entry.part] = edited
        for table in tables:
            if splice := edited.widened.get(table.name):
                headers = edited.headers[edited.splices.index(splice)]
                replaced = max(0, table.last_column - splice.first_column + 1)
                data = self._replaced.get(table.part) or self._package.read(table.part)
                self._replaced[table.part] = widened(data, self._package.where(table.part), headers, replaced)
        return edited

    def _put(self, part: str | None, kind: str, name: str, content: Styles | SharedStrings) -> None:
        if not content.changed:
            return
        if part is not None:
            self._replaced[part] = content.render()
            name = self._package.name(part)
        else:
            self._new[name] = content.render()
        if part in self._package.related(self._package.workbook, kind):
            return
        self._types[name] = f"{_TYPE}{kind}+xml"
        self._relations.append((f"{self._uri}/{kind}", name))

    def _plan_book(self, grafted: Grafted) -> None:
        workbook = self._package.workbook
        ahead = set(self._edit.graft.before) if self._edit.graft else set()
        existing = self._package.relations(workbook)
        added = [(f"{self._uri}/worksheet", part) for _, part in grafted.sheets] + self._relations
        ids = free_ids((relation.id for relation in existing), len(added))
        new = [NewRelation(id_, kind, part) for id_, (kind, part) in zip(ids, added, strict=True)]
        sheets = [NewSheet(name, id_, name in ahead) for (name, _), id_ in zip(grafted.sheets, ids, strict=False)]
        changes = BookChanges(
            new=sheets,
            dropped=frozenset(self._gone_sheets),
            names=[*self._edit.names, *_grafted_names(grafted)],
            dropped_names=frozenset(self._edit.drop_names),
            active=self._edit.active,
            splices=self._edit.splices,
        )
        data = Book(self._package, changes).render()
        if data != self._package.workbook_xml:
            self._replaced[workbook] = data
        gone = [relation.id for relation in existing if relation.target in self._dropped and not relation.external]
        if new or gone:
            self._change_relations(workbook, new, gone)

    def _change_relations(self, part: str, add: list[NewRelation], drop: list[str]) -> None:
        key = relations_key(part)
        there = key in self._package.parts
        before = self._replaced.get(key) or (self._package.read(key) if there else None)
        data = relations(before, self._package.where(key), add, drop)
        if there:
            self._replaced[key] = data
        else:
            self._new[relations_key(self._package.name(part) if part else "")] = data

    def _plan_properties(self) -> None:
        existing = self._package.related("", "custom-properties")
        roots = self._package.relations("")
        gone = [relation.id for relation in roots if not relation.external and relation.target in self._dropped]
        add = []
        if self._edit.properties:
            data = self._package.read(existing[0]) if existing else None
            made = custom_properties(data, self._package.where("docProps/custom.xml"), self._edit.properties)
            if existing:
                self._replaced[existing[0]] = made
            else:
                name = "docProps/custom.xml" if "docprops/custom.xml" not in self._package.parts else "docProps/own.xml"
                self._new[name] = made
                self._types[name] = PROPERTIES_TYPE
                kind = f"{self._uri}/custom-properties"
                add = [NewRelation(free_ids((relation.id for relation in roots), 1)[0], kind, name)]
        if add or gone:
            self._change_relations("", add, gone)

    def _plan_types(self) -> None:
        if not (self._types or self._dropped or self._changed_types):
            return
        data = self._package.read(CONTENT_TYPES)
        where = self._package.where(CONTENT_TYPES)
        self._replaced[CONTENT_TYPES] = content_types(data, where, self._types, self._dropped, self._changed_types)


def _chunks(data: bytes | SheetEdit) -> Callable[[], Iterator[bytes]]:
    if isinstance(data, SheetEdit):
        raise TypeError("a grafted sheet is spliced once")
    return lambda: iter([data])


def _formats_named(package: Package) -> int:
    """How many cell formats the sheets of a book without any name: those numbers must not come to mean ours."""
    parts = [sheet.part for sheet in package.sheets if sheet.part]
    named = (number for part in parts for chunk in sheet_chunks(package, part) for number in _FORMAT.findall(chunk))
    return max((int(number) + 1 for number in named), default=0)


def _grafted_names(grafted: Grafted) -> Iterator[Name]:
    for node in grafted.names:
        scope = node.attributes.get("localSheetId")
        sheet = grafted.sheets[int(scope)][0] if scope is not None else None
        yield Name(node.attributes["name"], node.text, sheet, node.attributes.get("hidden") == "1")
