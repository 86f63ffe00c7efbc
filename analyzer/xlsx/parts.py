"""The package's own small parts with changes: relationships, content types, custom properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analyzer.xlsx.container import part_key
from analyzer.xlsx.markup import Element, Patch, escape, outline, patched, prefix, quoted
from analyzer.xlsx.package import PACKAGE_RELATIONS, resolve

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VARIANTS = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_PROPERTY_SET = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the set for custom properties, [MS-OLEPS] 2.18
RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"


@dataclass(frozen=True, slots=True)
class NewRelation:
    """A relationship to add; ``target`` is a part's name from the package's root."""

    id: str
    type: str
    target: str


def free_ids(taken: Iterable[str], count: int) -> list[str]:
    """Relationship ids that no other has: rId7, rId8."""
    used = set(taken)
    numbers = (number for number in range(1, len(used) + count + 1) if f"rId{number}" not in used)
    return [f"rId{next(numbers)}" for _ in range(count)]


def inserted(data: bytes, root: Element, text: str) -> Patch:
    """Text put in at the end of the root element."""
    if root.closed:
        opened = data[root.start : root.end - 2].rstrip() + b">"
        return Patch(root.start, root.end, opened + text.encode() + f"</{root.name}>".encode())
    return Patch(root.close, root.close, text.encode())


def relations(data: bytes | None, where: str, add: Iterable[NewRelation], drop: Iterable[str] = ()) -> bytes:
    """A relationships part with some added and those of the ids ``drop`` left out."""
    data = data or f'{_DECLARATION}<Relationships xmlns="{PACKAGE_RELATIONS}"/>'.encode()
    elements, gone = outline(data, where), set(drop)
    name = prefix(elements[0].name)
    text = "".join(
        f"<{name}Relationship Id={quoted(new.id)} Type={quoted(new.type)} Target={quoted('/' + new.target)}/>"
        for new in add
    )
    removed = [Patch(item.start, item.end, b"") for item in elements[1:] if item.get("Id") in gone]
    return patched(data, [*removed, inserted(data, elements[0], text)] if text else removed)


def content_types(
    data: bytes, where: str, add: Mapping[str, str], drop: Iterable[str] = (), change: Mapping[str, str] | None = None
) -> bytes:
    """The content types with ``add`` (part name -> type), without the part keys ``drop``, ``change`` by part key."""
    elements, gone, changed = outline(data, where), {*drop, *(part_key(name) for name in add)}, change or {}
    name = prefix(elements[0].name)
    patches, text = [], ""
    for item in elements[1:]:
        key = resolve("", item.get("PartName") or "") if item.local == "Override" else ""
        if key in changed:
            line = f"<{name}Override PartName={quoted(item.get('PartName') or '')} ContentType={quoted(changed[key])}/>"
            patches.append(Patch(item.start, item.end, line.encode()))
        elif key and key in gone:
            patches.append(Patch(item.start, item.end, b""))
    if not any(item.local == "Default" and (item.get("Extension") or "").lower() == "rels" for item in elements):
        text += f'<{name}Default Extension="rels" ContentType="{RELATIONS_TYPE}"/>'
    text += "".join(
        f"<{name}Override PartName={quoted('/' + part)} ContentType={quoted(kind)}/>" for part, kind in add.items()
    )
    return patched(data, [*patches, inserted(data, elements[0], text)] if text else patches)


def custom_properties(data: bytes | None, where: str, values: Mapping[str, str]) -> bytes:
    """The custom properties with texts set; one of the same name gives way."""
    data = data or f'{_DECLARATION}<Properties xmlns="{_PROPERTIES}" xmlns:vt="{_VARIANTS}"/>'.encode()
    elements = outline(data, where)
    name = prefix(elements[0].name)
    kept = [item for item in elements[1:] if item.get("name") not in values]
    gone = [Patch(item.start, item.end, b"") for item in elements[1:] if item.get("name") in values]
    first = max([1, *(int(item.get("pid") or 1) for item in kept)]) + 1
    text = "".join(
        f'<{name}property fmtid="{_PROPERTY_SET}" pid="{number}" name={quoted(key)}>'
        f'<vt:lpwstr xmlns:vt="{_VARIANTS}">{escape(value)}</vt:lpwstr></{name}property>'
        for number, (key, value) in enumerate(values.items(), start=first)
    )
    return patched(data, [*gone, inserted(data, elements[0], text)])
