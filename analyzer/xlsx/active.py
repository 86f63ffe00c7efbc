"""What could run or fetch something, left out: macros and controls go, links and connections lead nowhere.

A link's part stays, since formulas name it and hold its last values; only its address goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from analyzer.xlsx.facts import Feature
from analyzer.xlsx.markup import Element, Patch, outline, patched, with_attributes
from analyzer.xlsx.package import Package, part_of_relations, relations_key
from analyzer.xlsx.roles import roles
from analyzer.xlsx.sheets import sheet_chunks

_GONE = frozenset({Feature.MACROS, Feature.ACTIVE_X, Feature.OLE, Feature.CUSTOM_UI, Feature.WEB_EXTENSIONS})
_DISARMED = frozenset({Feature.EXTERNAL_LINKS, Feature.CONNECTIONS, Feature.QUERIES})
_NOWHERE = "link-left-out"
_ADDRESSES: Mapping[str, Mapping[str, str | None]] = {
    "ddeLink": {"ddeService": _NOWHERE, "ddeTopic": _NOWHERE},
    "dbPr": {"connection": "", "command": ""},
    "webPr": {"url": "", "editPage": None, "post": None},
    "textPr": {"sourceFile": ""},
    "olapPr": {"localConnection": None},
    "connection": {"refreshOnLoad": None, "interval": None, "odcFile": None, "sourceFile": None, "savePassword": None},
    "queryTable": {"refreshOnLoad": None, "backgroundRefresh": None},
}  # attributes that name a place to fetch from, or when
_PLACED = frozenset({"control", "oleObject"})
_AROUND = frozenset({"controls", "oleObjects", "Choice", "Fallback", "AlternateContent"})
_DEEP = 8


@dataclass(slots=True)
class Inert:
    """What to leave out and what to change: part keys and new contents, and the features that went."""

    dropped: set[str] = field(default_factory=set)
    replaced: dict[str, bytes] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    features: tuple[Feature, ...] = ()


def inert(package: Package) -> Inert:
    """The changes that leave a package without active content."""
    made = Inert()
    parts = roles(package)
    found = {feature for features in parts.values() for feature in features & _GONE}
    made.dropped = {key for key, features in parts.items() if features & _GONE}
    made.dropped |= {key for part in made.dropped if (key := relations_key(part)) in package.parts}
    made.sheets = tuple(sheet.name for sheet in package.sheets if sheet.kind == "macrosheet")
    found |= {Feature.MACRO_SHEETS} if made.sheets else set()
    found |= set(_disarmed(package, made, parts))
    _let_go(package, made)
    made.features = tuple(sorted(found))
    return made


def _disarmed(package: Package, made: Inert, parts: Mapping[str, frozenset[Feature]]) -> Iterator[Feature]:
    """Links, connections and queries without their addresses."""
    for key, features in parts.items():
        for feature in features & _DISARMED:
            yield feature
            made.replaced[key] = _without_addresses(package.read(key), package.where(key))
            if feature is Feature.EXTERNAL_LINKS and relations_key(key) in package.parts:
                made.replaced[relations_key(key)] = _nowhere(package, relations_key(key))


def _without_addresses(data: bytes, where: str) -> bytes:
    patches = []
    for item in outline(data, where, depth=_DEEP):
        wanted = _ADDRESSES.get(item.local, {})
        changes = {name: value for name, value in wanted.items() if name in item.attributes}
        if changes:
            patches.append(with_attributes(data, item, changes))
    return patched(data, patches)


def _nowhere(package: Package, key: str) -> bytes:
    data = package.read(key)
    items = [item for item in outline(data, package.where(key))[1:] if item.get("TargetMode")]
    return patched(data, [with_attributes(data, item, {"Target": _NOWHERE}) for item in items])


def _let_go(package: Package, made: Inert) -> None:
    """Take the dropped parts out of the relationships of those that stay, and out of the sheets that show them."""
    for key in [key for key in package.parts if key.endswith(".rels") and key not in made.dropped]:
        part = part_of_relations(key)
        gone = {relation.id for relation in package.relations(part) if relation.target in made.dropped}
        if not gone:
            continue
        data = made.replaced.get(key) or package.read(key)
        items = [item for item in outline(data, package.where(key))[1:] if item.get("Id") in gone]
        made.replaced[key] = patched(data, [Patch(item.start, item.end, b"") for item in items])
        if any(sheet.part == part for sheet in package.sheets):
            sheet = b"".join(sheet_chunks(package, part))
            made.replaced[part] = _without_placed(sheet, package.where(part), gone)
        elif part in package.parts and b"externalData" in (data := package.read(part)):
            made.replaced[part] = _without_data(data, package.where(part), gone)


def _without_data(data: bytes, where: str, gone: set[str]) -> bytes:
    """A chart without the workbook it was made from; it holds the values it shows."""
    items = [item for item in outline(data, where) if item.local == "externalData" and item.get("id") in gone]
    return patched(data, [Patch(item.start, item.end, b"") for item in items])


def _without_placed(data: bytes, where: str, gone: set[str]) -> bytes:
    """A sheet without the controls and objects of some relationships, nor what then stands empty around them."""
    items = outline(data, where, depth=_DEEP)
    removed = [item for item in items if item.local in _PLACED and item.get("id") in gone]
    around = [item for item in items if item.local in _AROUND]
    for item in sorted(around, key=lambda item: -item.depth):
        inside = [other for other in items if _inside(other, item) and other.depth == item.depth + 1]
        if inside and all(other in removed for other in inside):
            removed.append(item)
    outer = [item for item in removed if not any(_inside(item, other) for other in removed)]
    return patched(data, [Patch(item.start, item.end, b"") for item in outer])


def _inside(item: Element, outer: Element) -> bool:
    return outer.start < item.start and item.end <= outer.end
