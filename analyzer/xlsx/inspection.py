"""The look before any reader opens a file: what a package holds, and whether it is safe to open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from analyzer.errors import RefusedError
from analyzer.xlsx.addresses import column_number, letters
from analyzer.xlsx.columns import at_or_right
from analyzer.xlsx.container import Container
from analyzer.xlsx.extent import ExtentScan, parsed_cells, parsed_extent
from analyzer.xlsx.facts import Extent, Feature, NameFacts, PackageFacts, SheetFacts, State
from analyzer.xlsx.limits import MAX_COLUMNS, MAX_ROWS, Limits
from analyzer.xlsx.markup import encoding, outline
from analyzer.xlsx.package import Package, SheetEntry
from analyzer.xlsx.roles import roles
from analyzer.xlsx.sheets import sheet_chunks
from analyzer.xlsx.tables import tables_of
from analyzer.xlsx.text import ForbiddenScan

_KINDS = {
    "sheet.main": "xlsx",
    "sheet.macroenabled.main": "xlsm",
    "template.main": "xltx",
    "template.macroenabled.main": "xltm",
    "addin.macroenabled.main": "xlam",
}
_PROLOGUE = 4096
_MARKUP = (".xml", ".rels", ".vml")


def inspect(path: Path, limits: Limits | None = None, *, allow_sparse: bool = False) -> PackageFacts:
    """What a package holds.

    Raises ``RefusedError`` for what is no workbook, damaged, encrypted, or hostile: over a limit, overlapping or lying
    entries, document types, a sheet whose cells span more than ``limits.cells``. ``allow_sparse`` lets the last pass,
    for a reader that does not fill a grid; ``SheetFacts.extent`` then tells.
    """
    with Container(path, limits or Limits()) as container:
        package = Package(container)
        _refuse_document_types(package)
        _refuse_false_counts(package)
        return _facts(package, allow_sparse=allow_sparse)


def cell_formats(path: Path, limits: Limits | None = None) -> dict[int, str]:
    """The workbook's own number formats by the index of the cell style that has them; built-in ones are left out."""
    with Container(path, limits or Limits()) as container:
        package = Package(container)
        part = next(iter(package.related(package.workbook, "styles")), None)
        return dict(_cell_formats(package.read(part))) if part else {}


def _cell_formats(data: bytes) -> Iterator[tuple[int, str]]:
    """Style and format code; read by pattern, for a workbook may hold some 65,000 styles."""
    codes = {}
    for tag in _FORMAT.findall(data):
        number, code = _FORMAT_ID.search(tag), _FORMAT_CODE.search(tag)
        if number and code:
            codes[number[1]] = unescape((code[1] or code[2]).decode())
    section = _CELL_STYLES.search(data)
    if codes and section:
        for index, tag in enumerate(_STYLE.findall(section[1])):
            number = _FORMAT_ID.search(tag)
            if number and number[1] in codes:
                yield index, codes[number[1]]


_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s([^>]*)>")
_FORMAT_ID = re.compile(rb"\bnumFmtId\s*=\s*[\"'](\d+)")
_FORMAT_CODE = re.compile(rb"\bformatCode\s*=\s*(?:\"([^\"]*)|'([^']*))")
_CELL_STYLES = re.compile(rb"<(?:\w+:)?cellXfs[\s>](.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\s([^>]*)>")


def free_column(path: Path, sheet: str, first: int, width: int, limits: Limits | None = None) -> int:
    """The first column at or right of ``first`` (from 0) from which ``width`` columns hold no cell at all.

    Formatted blank cells count as cells. Raises ``RefusedError`` where a sheet is used up to its last column.
    """
    with Container(path, limits or Limits()) as container:
        package = Package(container)
        entry = named_sheet(package, sheet)
        used = _used_columns(package, entry.part, first)
        column = first
        while taken := [number for number in used if column <= number < column + width]:
            column = max(taken) + 1
        if column + width > MAX_COLUMNS:
            edge = letters(max(used, default=first - 1))
            raise container.refuse(
                f"The sheet {sheet} has no {width} free columns: its cells reach to {edge}",
                "Delete the empty formatted columns right of the table, or save the table to a new workbook",
            )
        return column


def named_sheet(package: Package, name: str) -> SheetEntry:
    """A worksheet by name. Raises ``RefusedError`` where there is none."""
    for sheet in package.sheets:
        if sheet.name.casefold() == name.casefold() and sheet.part:
            return sheet
    raise package.container.refuse(f"The workbook holds no sheet {name!r}", "Name one of its sheets with --sheet")


def _used_columns(package: Package, part: str, first: int) -> set[int]:
    where = package.where(part)
    scan, pattern = ExtentScan(), re.compile(rb"\sr\s*=\s*[\"'](%s)\d" % at_or_right(first).encode())
    used: set[bytes] = set()
    carry = b""
    for chunk in sheet_chunks(package, part):
        scan.feed(chunk)
        used.update(pattern.findall(carry + chunk))
        carry = chunk[-32:]
    scan.finish()
    if scan.unaddressed:
        cells = parsed_cells(sheet_chunks(package, part), where)
        return {column for _, column, _ in cells if column >= first}
    return {column_number(text.decode()) for text in used}


def _facts(package: Package, *, allow_sparse: bool) -> PackageFacts:
    sheets = tuple(_sheet_facts(package, sheet, allow_sparse=allow_sparse) for sheet in package.sheets)
    if not any(sheet.part for sheet in sheets):
        raise package.container.refuse("The workbook holds no sheet", "Open it in Excel and save it anew")
    properties = package.section("workbookPr")
    protection = package.section("workbookProtection")
    calculation = package.section("calcPr")
    kind = package.content_type(package.workbook).lower().partition("+xml")[0].rpartition("ml.")[2]
    return PackageFacts(
        kind=next(
            (short for long, short in _KINDS.items() if kind.endswith(long) and kind[: -len(long)] in _LEADS), "xlsx"
        ),
        sheets=sheets,
        tables=tuple(table for sheet in package.sheets if sheet.part for table in tables_of(package, sheet)),
        names=tuple(_names(package)),
        features=frozenset(_features(package)),
        strict=package.strict,
        date1904=properties is not None and _on(properties.get("date1904")),
        structure_protected=protection is not None and _on(protection.get("lockStructure")),
        active_sheet=_active(package),
        properties=tuple(_properties(package)),
        recalculate=calculation is not None
        and (calculation.get("calcMode") == "manual" or _on(calculation.get("fullCalcOnLoad"))),
        refusal=_refusal(package, sheets),
    )


def _refusal(package: Package, sheets: tuple[SheetFacts, ...]) -> str:
    """Why the package cannot be edited: a copy of what strict readers refuse would be refused as well."""
    where = [f'the sheet "{sheet.name}"' for sheet in sheets if sheet.forbidden]
    for part in package.related(package.workbook, "sharedStrings"):
        scan = ForbiddenScan()
        for chunk in sheet_chunks(package, part):
            scan.feed(chunk)
        where += ["its texts"] if scan.found else []
    return f"Control characters, which no workbook may hold, stand in {where[0]}" if where else ""


_LEADS = ("", "application/vnd.ms-excel.")


def _on(value: str | None) -> bool:
    return value in {"1", "true", "on"}


_FILTERED = re.compile(rb"[<:]filterColumn")


def _sheet_facts(package: Package, sheet: SheetEntry, *, allow_sparse: bool) -> SheetFacts:
    state = State(sheet.state) if sheet.state in set(State) else State.VISIBLE
    if sheet.kind != "worksheet" or not sheet.part:
        return SheetFacts(sheet.name, sheet.part, sheet.kind, state)
    scan, odd = ExtentScan(), ForbiddenScan()
    for chunk in sheet_chunks(package, sheet.part):
        scan.feed(chunk)
        odd.feed(chunk)
    extent = scan.finish()
    protected, filtered = b"sheetProtection" in scan.tail, _FILTERED.search(scan.tail) is not None
    if scan.unaddressed:
        extent = parsed_extent(sheet_chunks(package, sheet.part), package.where(sheet.part))
    _check_extent(package, sheet.name, extent, allow_sparse=allow_sparse)
    return SheetFacts(sheet.name, sheet.part, sheet.kind, state, protected, filtered, extent, odd.found)


def _check_extent(package: Package, sheet: str, extent: Extent, *, allow_sparse: bool) -> None:
    limit = package.container.limits.cells
    far = f"{letters(max(extent.last_column, 0))}{extent.last_row}"
    if extent.last_row > MAX_ROWS or extent.last_column >= MAX_COLUMNS:
        raise package.container.refuse(f"The sheet {sheet} has a cell beyond the last one of a sheet: {far}")
    if extent.cells > limit or (extent.area > limit and not allow_sparse):
        raise package.container.refuse(
            f"The sheet {sheet} reaches to {far}: {extent.area:,} cells, of which {extent.cells:,} are there; "
            f"the limit is {limit:,}",
            f"Delete what stands far outside of the table ({far}), or raise limits.cells in the settings",
        )


def _names(package: Package) -> Iterator[NameFacts]:
    names = [sheet.name for sheet in package.sheets]
    for element in package.below("definedNames"):
        scope = element.get("localSheetId")
        refers_to = package.workbook_xml[element.content : element.close].decode()
        sheet = names[int(scope)] if scope and scope.isdecimal() and int(scope) < len(names) else None
        yield NameFacts(element.get("name") or "", unescape(refers_to), sheet, _on(element.get("hidden")))


def unescape(text: str) -> str:
    """Text from an element's content."""
    for written, meant in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(written, meant)
    return text


def _active(package: Package) -> str:
    views = package.below("bookViews")
    number = views[0].get("activeTab") if views else None
    at = int(number) if number and number.isdecimal() else 0
    return package.sheets[at].name if at < len(package.sheets) else ""


def _features(package: Package) -> Iterator[Feature]:
    found = roles(package)
    yield from {feature for features in found.values() for feature in features}
    if any(sheet.kind == "macrosheet" for sheet in package.sheets):
        yield Feature.MACRO_SHEETS
    links = (key for key, features in found.items() if Feature.EXTERNAL_LINKS in features)
    if any(b"ddeLink" in package.read(key) for key in links):
        yield Feature.DDE


def _properties(package: Package) -> Iterator[tuple[str, str]]:
    for part in package.related("", "custom-properties"):
        data = package.read(part)
        for element in outline(data, package.where(part)):
            if element.local == "property":
                text = re.sub(rb"<[^>]*>", b"", data[element.content : element.close]).decode()
                yield element.get("name") or "", unescape(text)


def _refuse_document_types(package: Package) -> None:
    """Entities and outside files come with a document type; no spreadsheet program writes one."""
    for key, entry in package.parts.items():
        if key.endswith(_MARKUP) and b"<!DOCTYPE" in _prologue(package.container.chunks(entry)):
            raise RefusedError(
                "The workbook declares an XML document type, which no spreadsheet program writes",
                where=package.where(key),
                hint="Open it in Excel and save it anew",
            )


def _prologue(chunks: Iterable[bytes]) -> bytes:
    head = next(iter(chunks), b"")[:_PROLOGUE]
    name = encoding(head)
    return head.decode(name, "ignore").encode() if name.startswith("utf-16") else head


def _refuse_false_counts(package: Package) -> None:
    """Readers reserve memory by what a part says of itself: more strings than bytes is a lie."""
    related = package.related(package.workbook, "sharedStrings")
    for part in {*related, *(key for key in package.parts if key.endswith("sharedstrings.xml"))}:
        entry = package.parts[part]
        head = _prologue(package.container.chunks(entry))
        for written in re.findall(rb"uniqueCount\s*=\s*[\"']\s*(\d+)", head[:1000]):
            if int(written) > entry.size:
                raise package.container.refuse(
                    f"The workbook says that it holds {int(written):,} texts in {entry.size:,} bytes",
                    "Open it in Excel and save it anew",
                )
