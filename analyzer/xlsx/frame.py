"""What stands around a sheet's rows: widths, the filter, validations, conditional formats, links."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from analyzer.xlsx.addresses import Range, cell_range, letters
from analyzer.xlsx.edit import Splice, Style
from analyzer.xlsx.limits import MAX_COLUMNS, MAX_LINKS
from analyzer.xlsx.markup import Element, Patch, escape, outline, patched, quoted, with_attributes
from analyzer.xlsx.sheets import SheetParts
from analyzer.xlsx.text import quoted_value

TAIL_ORDER = (
    "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
    "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks",
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties",
    "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture",
    "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
# order of CT_Worksheet, ECMA-376 part 1, 18.3.1.99
_WIDTH = 9.140625  # Excel's own for its default font


@dataclass(frozen=True, slots=True)
class Frame:
    """Head and tail of one sheet with the splices made to them."""

    parts: SheetParts
    splices: tuple[Splice, ...]
    where: str
    differential: Callable[[Style], int]
    unselect: bool = False
    select: bool = False

    def head(self) -> bytes:
        """The bytes before the rows."""
        data = self.parts.head
        closing = f"</{self.parts.rows_name}></{_root_name(self.parts)}>".encode()
        elements = outline(data + closing, self.where, depth=2)
        patches = [*self._dimension(data, elements), *self._widths(data, elements), *self._selection(data, elements)]
        return patched(data, patches)

    def _dimension(self, data: bytes, elements: list[Element]) -> list[Patch]:
        found = next((item for item in elements if item.depth == 1 and item.local == "dimension"), None)
        place = cell_range(found.get("ref") or "") if found else None
        if found is None or place is None or not self.splices:
            return []
        rows = [row for splice in self.splices for row in _row_span(splice)]
        lasts = [splice.first_column + len(splice.columns) - 1 for splice in self.splices]
        firsts = [splice.first_column for splice in self.splices]
        wide = Range(
            min([place.first_row, *rows]),
            min([place.first_column, *firsts]),
            max([place.last_row, *rows]),
            max([place.last_column, *lasts]),
        )
        return [with_attributes(data, found, {"ref": str(wide)})]

    def _selection(self, data: bytes, elements: list[Element]) -> list[Patch]:
        views = [item for item in elements if item.local == "sheetView" and item.depth == 2]  # noqa: PLR2004 - below sheetViews
        if self.select and views:
            return [with_attributes(data, views[0], {"tabSelected": "1"})]
        return [with_attributes(data, view, {"tabSelected": None}) for view in views] if self.unselect else []

    def _widths(self, data: bytes, elements: list[Element]) -> list[Patch]:
        wanted = {
            index: _column_element(self.parts.prefix, index, column.width, hidden=column.hidden)
            for splice in self.splices
            for index, column in enumerate(splice.columns, start=splice.first_column)
            if column.width is not None or column.hidden
        }
        cleared = [splice.replaces for splice in self.splices if splice.replaces]
        if not wanted and not cleared:
            return []
        section = [item for item in elements if item.depth == 1 and item.local == "cols"]
        existing = [
            item
            for item in elements
            if item.depth == 2 and item.local == "col" and any(_within(item, cols) for cols in section)  # noqa: PLR2004 - below cols
        ]
        lines = sorted([*_kept(data, existing, wanted, cleared), *wanted.items()])
        text = b"".join(line for _, line in lines)
        if section:
            whole = f"<{self.parts.prefix}cols>".encode() + text + f"</{self.parts.prefix}cols>".encode()
            first = Patch(section[0].start, section[0].end, whole)
            return [first, *(Patch(more.start, more.end, b"") for more in section[1:])]
        at = next(item.start for item in elements if item.depth == 1 and item.local == "sheetData")
        return [Patch(at, at, f"<{self.parts.prefix}cols>".encode() + text + f"</{self.parts.prefix}cols>".encode())]

    def tail(self, links: Sequence[str]) -> tuple[bytes, int]:
        """The bytes behind the rows, and how many of ``links`` (hyperlinks of new cells) the sheet has no room for."""
        opening = self.parts.root + f"<{self.parts.rows_name}>".encode()
        data = opening + self.parts.tail
        elements = [item for item in outline(data, self.where, depth=2) if item.start > 0]
        room = max(0, MAX_LINKS - self._kept(elements, "hyperlinks")) if links else 0
        patches = [
            *self._filter(data, elements),
            *self._cleared(elements),
            *self._conditionals(data, elements),
            *self._section(data, elements, "dataValidations", self._validations()),
            *self._section(data, elements, "hyperlinks", links[:room]),
        ]
        return patched(data, patches)[len(opening) :], max(0, len(links) - room)

    def _filter(self, data: bytes, elements: list[Element]) -> list[Patch]:
        found = next((item for item in elements if item.depth == 1 and item.local == "autoFilter"), None)
        wide = widened_filter(found.get("ref") or "", self.splices) if found else None
        return [with_attributes(data, found, {"ref": str(wide)})] if found and wide else []

    def _cleared(self, elements: list[Element]) -> list[Patch]:
        """What our own earlier output left: validations, conditional formats and links that lie within it."""
        cleared = [splice.replaces for splice in self.splices if splice.replaces]
        names = {"dataValidation", "hyperlink", "conditionalFormatting"}
        gone = [
            item
            for item in elements
            if cleared and item.local in names and _all_within(item.get("sqref") or item.get("ref") or "", cleared)
        ]
        patches = [Patch(item.start, item.end, b"") for item in gone]
        for name, child in (("dataValidations", "dataValidation"), ("hyperlinks", "hyperlink")):
            section = next((item for item in elements if item.depth == 1 and item.local == name), None)
            children = [item for item in elements if item.local == child and section and _within(item, section)]
            if section and children and all(item in gone for item in children):
                patches = [patch for patch in patches if not section.start <= patch.start < section.end]
                patches.append(Patch(section.start, section.end, b""))
        return patches

    def _kept(self, elements: list[Element], name: str) -> int:
        """Elements of a section that stay."""
        section = next((item for item in elements if item.depth == 1 and item.local == name), None)
        gone = {(patch.start, patch.end) for patch in self._cleared(elements)}
        if section is None or (section.start, section.end) in gone:
            return 0
        inside = [item for item in elements if item.depth == 2 and _within(item, section)]  # noqa: PLR2004 - below it
        return sum((item.start, item.end) not in gone for item in inside)

    def _section(self, data: bytes, elements: list[Element], name: str, children: Sequence[str]) -> list[Patch]:
        if not children:
            return []
        text = "".join(children).encode()
        tag = f"{self.parts.prefix}{name}"
        section = next((item for item in elements if item.depth == 1 and item.local == name), None)
        kept = self._kept(elements, name)
        if section is None or not kept:
            at = section.end if section else self._place(elements, name)
            count = f' count="{len(children)}"' if name == "dataValidations" else ""
            whole = f"<{tag}{count}>".encode() + text + f"</{tag}>".encode()
            gone = {(patch.start, patch.end) for patch in self._cleared(elements)}
            gone_empty = (
                [Patch(section.start, section.end, b"")] if section and (section.start, section.end) not in gone else []
            )
            return [*gone_empty, Patch(at, at, whole)]
        changes = {"count": str(kept + len(children))} if "count" in section.attributes else {}
        return [with_attributes(data, section, changes), Patch(section.close, section.close, text)]

    def _place(self, elements: list[Element], name: str) -> int:
        """Where a missing section goes: before the first one that comes after it in the standard's order."""
        later = TAIL_ORDER[TAIL_ORDER.index(name) + 1 :]
        known = [item for item in elements if item.depth == 1 and item.local != "sheetData"]
        following = [item.start for item in known if item.local in later]
        if following:
            return min(following)
        before = [item.end for item in known if item.local in TAIL_ORDER[: TAIL_ORDER.index(name) + 1]]
        rows = next(item.end for item in elements if item.depth == 1 and item.local == "sheetData")
        return max([rows, *before])

    def _validations(self) -> list[str]:
        return [line for splice in self.splices for line in _validation_lines(self.parts.prefix, splice)]

    def _conditionals(self, data: bytes, elements: list[Element]) -> list[Patch]:
        priorities = [int(text) for text in re.findall(rb"\spriority\s*=\s*[\"'](\d{1,9})[\"']", data)]
        priority = max(priorities, default=0)
        name, lines = self.parts.prefix, []
        for splice in self.splices:
            for format_ in splice.conditionals:
                priority += 1
                areas = " ".join(str(_area(splice, column)) for column in format_.columns)
                stop = ' stopIfTrue="1"' if format_.stop else ""
                lines.append(
                    f'<{name}conditionalFormatting sqref="{areas}"><{name}cfRule type="expression" '
                    f'dxfId="{self.differential(format_.style)}" priority="{priority}"{stop}>'
                    f"<{name}formula>{escape(format_.formula)}</{name}formula></{name}cfRule></{name}conditionalFormatting>"
                )
        at = self._place(elements, "conditionalFormatting")
        return [Patch(at, at, "".join(lines).encode())] if lines else []


def widened_filter(ref: str, splices: Sequence[Splice]) -> Range | None:
    """A filter's range with the new columns, where it ends right before them (or with those they replace)."""
    place = cell_range(ref)
    if place is None:
        return None
    for splice in splices:
        edges = {splice.first_column - 1, splice.replaces[1] if splice.replaces else -1}
        last = splice.first_column + len(splice.columns) - 1
        if splice.extend_filter and place.first_row == splice.header_row and place.last_column in edges:
            return Range(place.first_row, place.first_column, place.last_row, last)
    return None


def link_lines(prefix: str, splice: Splice) -> list[str]:
    """The hyperlink elements of a splice, header first."""
    lines = [
        f'<{prefix}hyperlink ref="{letters(splice.first_column + number)}{splice.header_row}" '
        f"location={quoted(column.header_link)} display={quoted(column.header)}/>"
        for number, column in enumerate(splice.columns)
        if column.header_link and splice.header_row
    ]
    for number, column in enumerate(splice.columns):
        if column.links is not None:
            letter = letters(splice.first_column + number)
            frame = pl.DataFrame({"row": splice.rows, "link": column.links}).drop_nulls()
            line = pl.concat_str(
                pl.lit(f'<{prefix}hyperlink ref="{letter}'), pl.col("row").cast(pl.String), pl.lit('" location="'),
                quoted_value(pl.col("link")), pl.lit('"/>'),
            )  # fmt: skip
            lines += frame.select(line).to_series().to_list()
    return lines


def _root_name(parts: SheetParts) -> str:
    return re.match(r"<([^\s>/]+)", parts.root.decode())[1]  # type: ignore[index]  # a parsed root has a name


def _row_span(splice: Splice) -> list[int]:
    ends = [int(splice.rows[0]), int(splice.rows[-1])] if splice.rows.len() else []
    return [*ends, splice.header_row] if splice.header_row else ends


def _column_element(prefix: str, column: int, width: float | None, *, hidden: bool) -> bytes:
    shown = ' hidden="1"' if hidden else ""
    place = f'min="{column + 1}" max="{column + 1}"'
    return f'<{prefix}col {place} width="{width or _WIDTH:g}" customWidth="1"{shown}/>'.encode()


def _kept(
    data: bytes, existing: list[Element], wanted: dict[int, bytes], cleared: list[tuple[int, int]]
) -> list[tuple[int, bytes]]:
    """The user's column elements without the columns that are ours; a range that spans them is split."""
    ours = set(wanted) | {column for first, last in cleared for column in range(first, last + 1)}
    lines = []
    for item in existing:
        first, last = int(item.get("min") or 1) - 1, min(int(item.get("max") or 1), MAX_COLUMNS) - 1
        inside = sorted(column for column in ours if first <= column <= last)
        if not inside:
            lines.append((first, data[item.start : item.end]))
            continue
        edges = [first, *(column + 1 for column in inside)]
        ends = [*(column - 1 for column in inside), last]
        for low, high in zip(edges, ends, strict=True):
            if low <= high:
                tag = with_attributes(data, item, {"min": str(low + 1), "max": str(high + 1)}).data
                lines.append((low, tag + data[item.content : item.end]))
    return lines


def _within(item: Element, section: Element) -> bool:
    return section.start < item.start and item.end <= section.end


def _all_within(areas: str, ranges: list[tuple[int, int]]) -> bool:
    places = [cell_range(area) for area in areas.split()]
    return bool(places) and all(
        place is not None and any(low <= place.first_column and place.last_column <= high for low, high in ranges)
        for place in places
    )


def _area(splice: Splice, column: int) -> Range:
    index = splice.first_column + column
    return Range(int(splice.rows[0]), index, int(splice.rows[-1]), index)


def _validation_lines(prefix: str, splice: Splice) -> list[str]:
    if not splice.rows.len():
        return []
    lines = []
    for rule in splice.validations:
        texts = {
            "errorTitle": rule.error_title,
            "error": rule.error,
            "promptTitle": rule.prompt_title,
            "prompt": rule.prompt,
        }
        shown = "".join(f" {name}={quoted(text)}" for name, text in texts.items() if text)
        style = "" if rule.stop else ' errorStyle="warning"'
        operator = f' operator="{rule.operator}"' if rule.operator else ""
        second = f"<{prefix}formula2>{escape(rule.formula2)}</{prefix}formula2>" if rule.formula2 else ""
        lines.append(
            f'<{prefix}dataValidation type="{rule.kind}"{style}{operator} allowBlank="1" showInputMessage="1" '
            f'showErrorMessage="1"{shown} sqref="{_area(splice, rule.column)}">'
            f"<{prefix}formula1>{escape(rule.formula1)}</{prefix}formula1>{second}</{prefix}dataValidation>"
        )
    return lines
