"""The workbook part with changes: sheets in tab order, defined names, the active tab."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from analyzer.xlsx.addresses import cell_range
from analyzer.xlsx.edit import Name, Splice
from analyzer.xlsx.frame import widened_filter
from analyzer.xlsx.markup import Element, Patch, escape, patched, prefix, quoted, with_attributes
from analyzer.xlsx.package import RELATIONS, STRICT_RELATIONS, Package, SheetEntry

_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "AlternateContent", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "definedNames",
)  # fmt: skip
# the beginning of CT_Workbook, ECMA-376 part 1, 18.2.27
_FILTER = "_xlnm._FilterDatabase"
_HIGHEST = 65_534  # id of a sheet that Excel still takes


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet to list: its name and the id of its relationship."""

    name: str
    relation: str
    ahead: bool


@dataclass(frozen=True, slots=True)
class BookChanges:
    """What changes in the workbook part. ``splices`` widen the hidden names of their sheets' filters."""

    new: Sequence[NewSheet] = ()
    dropped: frozenset[str] = frozenset()  # names of sheets
    names: Sequence[Name] = ()
    dropped_names: frozenset[str] = frozenset()
    active: str | None = None
    splices: Sequence[Splice] = ()
    without: frozenset[str] = frozenset()  # sections left out


class Book:
    """The workbook part being changed."""

    def __init__(self, package: Package, changes: BookChanges) -> None:
        self._package = package
        self._changes = changes
        self._data = package.workbook_xml
        self._root = package.workbook_outline[0]
        self._prefix = prefix(self._root.name)
        ahead = [sheet for sheet in changes.new if sheet.ahead]
        behind = [sheet for sheet in changes.new if not sheet.ahead]
        kept = [sheet.name for sheet in package.sheets if not self._gone(sheet)]
        self.order = [*(sheet.name for sheet in ahead), *kept, *(sheet.name for sheet in behind)]
        self._ahead, self._behind = ahead, behind

    def render(self) -> bytes:
        """The part with all changes."""
        return patched(self._data, [*self._sheets(), *self._views(), *self._names(), *self._left_out()])

    def _gone(self, sheet: SheetEntry) -> bool:
        return sheet.name.casefold() in {name.casefold() for name in self._changes.dropped}

    def _sheets(self) -> list[Patch]:
        section = self._package.section("sheets")
        if section is None:
            return []
        numbers = self._free_numbers()
        first = "".join(self._line(sheet, next(numbers)) for sheet in self._ahead)
        last = "".join(self._line(sheet, next(numbers)) for sheet in self._behind)
        gone = [
            Patch(sheet.element.start, sheet.element.end, b"") for sheet in self._package.sheets if self._gone(sheet)
        ]
        return [
            Patch(section.content, section.content, first.encode()),
            *gone,
            Patch(section.close, section.close, last.encode()),
        ]

    def _free_numbers(self) -> Iterator[int]:
        """Ids that no sheet has: above the highest, and below it where the numbers end."""
        used = {int(sheet.id) for sheet in self._package.sheets if sheet.id.isdecimal()}
        highest = max((number for number in used if number <= _HIGHEST), default=0)
        return (number for number in chain(range(highest + 1, _HIGHEST + 1), range(1, highest)) if number not in used)

    def _line(self, sheet: NewSheet, number: int) -> str:
        uri = STRICT_RELATIONS if self._package.strict else RELATIONS
        bound = [name for name, value in self._root.attributes.items() if value == uri and name.startswith("xmlns:")]
        short = bound[0].removeprefix("xmlns:") if bound else "r"
        declared = "" if bound else f' xmlns:r="{uri}"'
        place = f'sheetId="{number}" {short}:id="{sheet.relation}"'
        return f"<{self._prefix}sheet{declared} name={quoted(sheet.name)} {place}/>"

    def _new_index(self, old: str | None) -> int | None:
        """Where a sheet stands now that stood at ``old``; None where it is gone."""
        sheets = self._package.sheets
        if old is None or not old.isdecimal() or int(old) >= len(sheets) or self._gone(sheets[int(old)]):
            return None
        before = sum(not self._gone(sheet) for sheet in sheets[: int(old)])
        return len(self._ahead) + before

    def _of_sheet(self, scope: str | None) -> SheetEntry | None:
        """The sheet that a name belongs to; None for a name of the book, or of no sheet there is."""
        known = scope is not None and scope.isdecimal() and int(scope) < len(self._package.sheets)
        return self._package.sheets[int(scope)] if known and scope is not None else None

    def _views(self) -> list[Patch]:
        views = [view for view in self._package.below("bookViews") if view.local == "workbookView"]
        active = self._active()
        if not views:
            text = (
                f'<{self._prefix}bookViews><{self._prefix}workbookView activeTab="{active}"/></{self._prefix}bookViews>'
            )
            section, at = self._package.section("bookViews"), self._place("bookViews")
            place = (section.start, section.end) if section else (at, at)
            return [Patch(*place, text.encode())] if self._changes.active or self._ahead else []
        patches = []
        for view in views:
            changes: dict[str, str | None] = {}
            now = self._new_index(view.get("activeTab") or "0")
            wanted = active if self._changes.active else now if now is not None else active
            if wanted != int(view.get("activeTab") or 0):
                changes["activeTab"] = str(wanted)
            if view.get("firstSheet"):
                changes["firstSheet"] = (
                    "0" if self._changes.active else str(self._new_index(view.get("firstSheet")) or 0)
                )
            if changes:
                patches.append(with_attributes(self._data, view, changes))
        return patches

    def _active(self) -> int:
        if self._changes.active in self.order:
            return self.order.index(self._changes.active)
        return self._new_index("0") or 0

    def _names(self) -> list[Patch]:
        section = self._package.section("definedNames")
        elements = self._package.below("definedNames")
        patches = [patch for element in elements for patch in self._name_patches(element)]
        text = "".join(self._name_line(name) for name in self._changes.names)
        if section is None:
            at = self._place("definedNames")
            tag = f"{self._prefix}definedNames"
            return [Patch(at, at, f"<{tag}>{text}</{tag}>".encode())] if text else []
        left = [element for element in elements if not self._replaced(element)]
        if not left and not text:
            return [Patch(section.start, section.end, b"")]
        if section.closed:
            tag = section.name
            return [Patch(section.start, section.end, f"<{tag}>{text}</{tag}>".encode())] if text else []
        return [*patches, Patch(section.close, section.close, text.encode())]

    def _replaced(self, element: Element) -> bool:
        of_sheet = self._of_sheet(element.get("localSheetId"))
        if of_sheet is not None and self._gone(of_sheet):
            return True
        sheet = of_sheet.name.casefold() if of_sheet else None
        name = (element.get("name") or "").casefold()
        if name in {gone.casefold() for gone in self._changes.dropped_names}:
            return True
        return any(
            name == new.name.casefold() and sheet == (new.sheet.casefold() if new.sheet else None)
            for new in self._changes.names
        )

    def _name_patches(self, element: Element) -> list[Patch]:
        if self._replaced(element):
            return [Patch(element.start, element.end, b"")]
        patches = []
        scope = element.get("localSheetId")
        index = self._new_index(scope)
        if index is None and scope is not None and scope.isdecimal():
            index = int(scope) + len(self._changes.new)  # of no sheet it was, and so it stays
        if scope is not None and index is not None and index != int(scope):
            patches.append(with_attributes(self._data, element, {"localSheetId": str(index)}))
        of_sheet = self._of_sheet(scope)
        if of_sheet is not None and element.get("name") == _FILTER:
            patches += self._filter(element, of_sheet.name)
        return patches

    def _filter(self, element: Element, sheet: str) -> list[Patch]:
        text = self._data[element.content : element.close].decode()
        lead, mark, ref = text.rpartition("!")
        here = [splice for splice in self._changes.splices if splice.sheet.casefold() == sheet.casefold()]
        wide = widened_filter(ref, here) if mark and cell_range(ref) else None
        return [Patch(element.content, element.close, f"{lead}!{wide.absolute}".encode())] if wide else []

    def _name_line(self, name: Name) -> str:
        scope = ""
        if name.sheet is not None:
            places = [sheet.casefold() for sheet in self.order]
            scope = f' localSheetId="{places.index(name.sheet.casefold())}"'
        hidden = ' hidden="1"' if name.hidden else ""
        tag = f"{self._prefix}definedName"
        return f"<{tag} name={quoted(name.name)}{scope}{hidden}>{escape(name.refers_to)}</{tag}>"

    def _left_out(self) -> list[Patch]:
        sections = [self._package.section(name) for name in sorted(self._changes.without)]
        return [Patch(section.start, section.end, b"") for section in sections if section]

    def _place(self, name: str) -> int:
        """Where a missing section goes: behind the last one that comes before it in the standard's order."""
        earlier = set(_ORDER[: _ORDER.index(name)])
        ends = [item.end for item in self._package.workbook_outline if item.depth == 1 and item.local in earlier]
        return max(ends, default=self._root.content)
