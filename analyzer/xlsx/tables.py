"""Excel tables of a sheet: found, and widened by new columns."""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.xlsx.addresses import Range, cell_range
from analyzer.xlsx.facts import TableFacts
from analyzer.xlsx.markup import Element, Patch, outline, patched, prefix, quoted, with_attributes
from analyzer.xlsx.package import Package, SheetEntry

_COLUMN_DEPTH = 2


def tables_of(package: Package, sheet: SheetEntry) -> list[TableFacts]:
    """The Excel tables of a sheet; ``xl/tables`` also holds single cells bound to XML, which are none."""
    parts = package.related(sheet.part, "table")
    return [facts for part in parts if (facts := _table(package, sheet.name, part))]


def _table(package: Package, sheet: str, part: str) -> TableFacts | None:
    elements = outline(package.read(part), package.where(part), depth=_COLUMN_DEPTH)
    root = elements[0]
    place = cell_range(root.get("ref") or "")
    if root.local != "table" or place is None:
        return None
    return TableFacts(
        name=root.get("displayName") or root.get("name") or "",
        sheet=sheet,
        part=part,
        first_row=place.first_row,
        last_row=place.last_row,
        first_column=place.first_column,
        last_column=place.last_column,
        columns=tuple(element.get("name") or "" for element in elements if element.local == "tableColumn"),
        header=root.get("headerRowCount") != "0",
        totals_row=(root.get("totalsRowCount") or "0") != "0",
        extensible=root.get("tableType") in {None, "worksheet"} and root.get("headerRowCount") != "0",
    )


def unique_headers(wanted: Sequence[str], taken: Sequence[str]) -> tuple[str, ...]:
    """Headers that no column of the table has, compared without case: ``Decision`` -> ``Decision 2``."""
    used = {name.casefold() for name in taken}
    made = []
    for header in wanted:
        name, number = header, 1
        while name.casefold() in used:
            number += 1
            name = f"{header} {number}"
        used.add(name.casefold())
        made.append(name)
    return tuple(made)


def widened(data: bytes, where: str, headers: Sequence[str], replaced: int = 0) -> bytes:
    """A table part with columns added at its right edge; ``replaced`` counts those at the edge that give way first."""
    elements = outline(data, where, depth=_COLUMN_DEPTH)
    root, section = elements[0], next(element for element in elements if element.local == "tableColumns")
    columns = [element for element in elements if element.local == "tableColumn"]
    kept = columns[: len(columns) - replaced]
    place = cell_range(root.get("ref") or "")
    if place is None:
        return data
    last = place.first_column + len(kept) + len(headers) - 1
    widest = Range(place.first_row, place.first_column, place.last_row, last)
    return patched(data, [
        with_attributes(data, root, {"ref": str(widest)}),
        *_filter_patches(data, elements, last),
        *_column_patches(data, section, columns, len(kept), headers),
    ])  # fmt: skip


def _filter_patches(data: bytes, elements: list[Element], last_column: int) -> list[Patch]:
    found = next((element for element in elements if element.local == "autoFilter"), None)
    place = cell_range(found.get("ref") or "") if found else None
    if found is None or place is None:
        return []
    wide = Range(place.first_row, place.first_column, place.last_row, last_column)
    return [with_attributes(data, found, {"ref": str(wide)})]


def _column_patches(
    data: bytes, section: Element, columns: list[Element], kept: int, headers: Sequence[str]
) -> list[Patch]:
    highest = max((int(column.get("id") or 0) for column in columns), default=0)
    name = f"{prefix(section.name)}tableColumn"
    added = "".join(
        f'<{name} id="{number}" name={quoted(_table_name(header))}/>'
        for number, header in enumerate(headers, start=highest + 1)
    )
    start = columns[kept].start if kept < len(columns) else section.close
    return [
        with_attributes(data, section, {"count": str(kept + len(headers))}),
        Patch(start, section.close, added.encode()),
    ]


def _table_name(header: str) -> str:
    """Excel writes a line feed in a column's name as ``_x000a_``."""
    return header.replace("\n", "_x000a_")
