"""The package inside the zip: parts, content types, relationships, the workbook and its sheets (ECMA-376 part 2)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from analyzer.errors import RefusedError
from analyzer.xlsx.container import Container, Entry, part_key
from analyzer.xlsx.limits import Limits
from analyzer.xlsx.markup import Element, outline, utf8

CONTENT_TYPES = "[content_types].xml"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a part. ``kind`` is the last word of its type; ``target`` a part key, or a URI if external."""

    id: str
    type: str
    target: str
    external: bool
    written: str  # the target as it stands in the file

    @property
    def kind(self) -> str:
        """``worksheet``, ``table``, ``drawing``, ..."""
        return self.type.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook lists it; ``part`` is its key, empty where it is missing."""

    name: str
    id: str
    state: str
    kind: str
    part: str
    element: Element


def relations_key(part: str) -> str:
    """Where a part's relationships lie: ``xl/workbook.xml`` -> ``xl/_rels/workbook.xml.rels``."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def part_of_relations(key: str) -> str:
    """Whose relationships a part holds: ``xl/_rels/workbook.xml.rels`` -> ``xl/workbook.xml``."""
    folder, name = posixpath.split(key)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


def _is_book(content_type: str) -> bool:
    kind = content_type.lower()
    return kind.endswith(".main+xml") and ("spreadsheetml" in kind or "ms-excel" in kind)


def resolve(part: str, target: str) -> str:
    """The key of a relationship's target as seen from its part."""
    path = unquote(target.replace("\\", "/").partition("#")[0])
    joined = path if path.startswith("/") else posixpath.join(posixpath.dirname(part), path)
    return part_key(posixpath.normpath(joined))


class Package:
    """An open package. Raises ``RefusedError`` for what is damaged, hostile or no workbook."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.parts: dict[str, Entry] = {entry.key: entry for entry in container.entries}
        self._relations: dict[str, tuple[Relation, ...]] = {}

    @classmethod
    def open(cls, path: Path, limits: Limits) -> Package:
        """The package of a file; close it by its container."""
        return cls(Container(path, limits))

    def read(self, key: str) -> bytes:
        """A part's XML as UTF-8 without byte order mark."""
        return utf8(self.container.read(self.parts[key]), self.where(key))

    def where(self, key: str) -> str:
        """A part for a message: ``book.xlsx: xl/workbook.xml``."""
        return f"{self.container.path.name}: {key}"

    def name(self, key: str) -> str:
        """A part's name as the file writes it, without a leading slash."""
        return self.parts[key].name.replace("\\", "/").lstrip("/")

    def relations(self, part: str) -> tuple[Relation, ...]:
        """The relationships of a part; ``""`` is the package itself."""
        if part not in self._relations:
            self._relations[part] = tuple(self._read_relations(part))
        return self._relations[part]

    def related(self, part: str, kind: str) -> list[str]:
        """The parts of a kind that a part refers to and that are there."""
        return [
            relation.target
            for relation in self.relations(part)
            if relation.kind == kind and not relation.external and relation.target in self.parts
        ]

    def only_reached_by(self, gone: set[str]) -> set[str]:
        """Parts that nothing refers to any more once ``gone`` are left out, ``gone`` and relationships among them."""
        lost = self._reached(set()) - self._reached(gone)
        return lost | {key for part in lost if (key := relations_key(part)) in self.parts}

    def _reached(self, without: set[str]) -> set[str]:
        seen, waiting = set(without), [""]
        while waiting:
            for relation in self.relations(waiting.pop()):
                if not relation.external and relation.target in self.parts and relation.target not in seen:
                    seen.add(relation.target)
                    waiting.append(relation.target)
        return seen - without

    def _read_relations(self, part: str) -> Iterator[Relation]:
        key = relations_key(part)
        if key not in self.parts:
            return
        for element in outline(self.read(key), self.where(key)):
            if element.local != "Relationship":
                continue
            written = element.get("Target") or ""
            external = (element.get("TargetMode") or "").lower() == "external"
            target = written if external else self._located(part, written)
            yield Relation(element.get("Id") or "", element.get("Type") or "", target, external, written)

    def _located(self, part: str, written: str) -> str:
        """Some writers give a target from the package's root without the leading slash; readers forgive it."""
        target = resolve(part, written)
        from_root = resolve("", written)
        return from_root if target not in self.parts and from_root in self.parts else target

    @cached_property
    def workbook(self) -> str:
        """The workbook part's key."""
        related = self.related("", "officeDocument")
        typed = [key for key in self.parts if CONTENT_TYPES in self.parts and _is_book(self.content_type(key))]
        named = [key for key in self.parts if key.endswith("workbook.xml")]
        workbook = next((key for key in (*related, *typed, *named) if not key.endswith(".bin")), None)
        if workbook is None:
            raise self._not_a_workbook()
        return workbook

    @cached_property
    def known(self) -> frozenset[str]:
        """Keys of all parts, and of those that are only named in relationships or content types: none is free."""
        return frozenset({*self.parts, *self.kinds, *self.content_types[0]})

    @cached_property
    def kinds(self) -> dict[str, set[str]]:
        """The kinds of the relationships that lead to each part, whether it is there or not."""
        found: dict[str, set[str]] = {}
        for part in ("", *(part_of_relations(key) for key in self.parts if key.endswith(".rels"))):
            for relation in self.relations(part):
                if not relation.external:
                    found.setdefault(relation.target, set()).add(relation.kind)
        return found

    def _not_a_workbook(self) -> RefusedError:
        kinds = {
            "xl/workbook.bin": ("The file is an .xlsb workbook", "Save it as .xlsx"),
            "word/document.xml": ("This is a Word file, not a workbook", "Choose the workbook"),
            "ppt/presentation.xml": ("This is a PowerPoint file, not a workbook", "Choose the workbook"),
            "content.xml": ("The file is an OpenDocument file, not an .xlsx", "Save it as .xlsx"),
        }
        what, hint = next(
            (said for key, said in kinds.items() if key in self.parts),
            ("The zip file holds no workbook", "Open it in Excel and save it as .xlsx"),
        )
        return self.container.refuse(what, hint)

    @cached_property
    def workbook_xml(self) -> bytes:
        """The workbook part."""
        data = self.read(self.workbook)
        if not outline(data, self.where(self.workbook), depth=0)[0].local == "workbook":
            raise self._not_a_workbook()
        return data

    @cached_property
    def workbook_outline(self) -> list[Element]:
        """The workbook's elements two levels deep."""
        return outline(self.workbook_xml, self.where(self.workbook), depth=2)

    @cached_property
    def strict(self) -> bool:
        """Whether the workbook is in the strict form of the standard."""
        return STRICT_MAIN in self.workbook_outline[0].attributes.values()

    @cached_property
    def sheets(self) -> tuple[SheetEntry, ...]:
        """All sheets in tab order."""
        relations = {relation.id: relation for relation in self.relations(self.workbook)}
        found = []
        for element in self.below("sheets"):
            relation = relations.get(element.get("id") or "")
            there = relation is not None and not relation.external and relation.target in self.parts
            found.append(
                SheetEntry(
                    name=element.get("name") or "",
                    id=element.get("sheetId") or "",
                    state=element.get("state") or "visible",
                    kind=_SHEET_KINDS.get(relation.kind, "worksheet") if relation else "worksheet",
                    part=relation.target if relation and there else "",
                    element=element,
                )
            )
        return tuple(found)

    def section(self, name: str) -> Element | None:
        """A section of the workbook part: ``sheets``, ``definedNames``, ``bookViews``."""
        return next((item for item in self.workbook_outline if item.depth == 1 and item.local == name), None)

    def below(self, parent: str) -> list[Element]:
        """The elements of a section of the workbook part."""
        section = self.section(parent)
        if section is None:
            return []
        return [item for item in self.workbook_outline if section.content <= item.start < section.close]

    def content_type(self, key: str) -> str:
        """A part's content type, or an empty text."""
        overrides, defaults = self.content_types
        return overrides.get(key) or defaults.get(key.rpartition(".")[2], "")

    @cached_property
    def content_types(self) -> tuple[dict[str, str], dict[str, str]]:
        """Content types by part key and by extension."""
        overrides: dict[str, str] = {}
        defaults: dict[str, str] = {}
        if CONTENT_TYPES not in self.parts:
            raise self.container.refuse("The zip file holds no workbook", "Open it in Excel and save it as .xlsx")
        for element in outline(self.read(CONTENT_TYPES), self.where(CONTENT_TYPES)):
            kind = element.get("ContentType") or ""
            if element.local == "Override":
                overrides[resolve("", element.get("PartName") or "")] = kind
            elif element.local == "Default":
                defaults[(element.get("Extension") or "").lower()] = kind
        return overrides, defaults


_SHEET_KINDS = {
    "worksheet": "worksheet",
    "chartsheet": "chartsheet",
    "dialogsheet": "dialogsheet",
    "xlMacrosheet": "macrosheet",
    "xlIntlMacrosheet": "macrosheet",
}
