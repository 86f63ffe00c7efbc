"""Cell formats added to a package's own: fonts, fills, borders, number formats, cell and differential formats."""

from __future__ import annotations

from collections.abc import Callable

from analyzer.errors import RefusedError
from analyzer.xlsx.edit import Style
from analyzer.xlsx.limits import MAX_STYLES
from analyzer.xlsx.markup import Element, Patch, outline, patched, prefix, with_attributes
from analyzer.xlsx.package import MAIN, STRICT_MAIN
from analyzer.xlsx.tree import Node, parse, render

SECTIONS = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip
_FIRST_OWN_FORMAT = 164  # number format ids below are built in (ECMA-376 part 1, 18.8.30)
_BUILT_IN = {
    "General": 0, "0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4, "0%": 9, "0.00%": 10, "mm-dd-yy": 14, "@": 49,
}  # fmt: skip
_FONT_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family",
    "charset", "scheme",
)  # fmt: skip


def blank_styles(*, strict: bool) -> bytes:
    """The styles of a package that has none."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<styleSheet xmlns="{STRICT_MAIN if strict else MAIN}">'
        '<fonts count="1"><font><sz val="11"/><color theme="1"/><name val="Calibri"/><family val="2"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    ).encode()


class Styles:
    """A styles part with additions. What is there stays as it is; equal additions are made once."""

    def __init__(self, data: bytes, where: str) -> None:
        self._data = data
        elements = outline(data, where, depth=2)
        self._root = elements[0]
        self._prefix = prefix(self._root.name)
        self._sections = {item.local: item for item in elements if item.depth == 1 and item.local in SECTIONS}
        self._items = {name: self._children(elements, section) for name, section in self._sections.items()}
        self._added: dict[str, list[bytes]] = {}
        self._known: dict[tuple[str, bytes], int] = {}
        self._cells: dict[tuple[Style, int, bool], int] = {}
        self._formats = self._number_formats()
        for section in ("fonts", "fills", "borders", "cellXfs"):
            self._ensure(section)

    def _children(self, elements: list[Element], section: Element) -> list[bytes]:
        inside = (item for item in elements if section.content <= item.start and item.end <= section.close)
        return [self._data[item.start : item.end] for item in inside if item.depth == 2]  # noqa: PLR2004 - below it

    def _number_formats(self) -> dict[str, int]:
        nodes = [self._node(item) for item in self._items.get("numFmts", [])]
        return {node.attributes.get("formatCode", ""): int(node.attributes.get("numFmtId", 0)) for node in nodes}

    def _node(self, item: bytes) -> Node:
        return parse(item, "xl/styles.xml")

    def _ensure(self, section: str) -> None:
        """An index of 0 has to mean what it meant: the default."""
        if not self._items.get(section):
            for item in _DEFAULTS[section]:
                self._add(section, parse(item.encode(), "").renamed(self._prefix), dedupe=False)

    def _add(self, section: str, node: Node, *, dedupe: bool = True) -> int:
        data = render(node)
        if dedupe and (section, data) in self._known:
            return self._known[section, data]
        items = self._items.get(section, [])
        added = self._added.setdefault(section, [])
        index = items.index(data) if dedupe and data in items else len(items) + len(added)
        if index >= len(items):
            added.append(data)
        self._known[section, data] = index
        if section == "cellXfs" and index >= MAX_STYLES:
            raise RefusedError("The workbook has used up all cell formats that Excel allows", where="xl/styles.xml")
        return index

    def reserve(self, count: int) -> None:
        """Make the first ``count`` cell formats the default one, for a book whose cells name formats it has not."""
        for _ in range(len(self._items.get("cellXfs", [])), min(count, MAX_STYLES)):
            self._add("cellXfs", self._item("cellXfs", 0), dedupe=False)

    def _item(self, section: str, index: int) -> Node:
        items = [*self._items.get(section, []), *self._added.get(section, [])]
        return self._node(items[index] if 0 <= index < len(items) else items[0])

    def _format_id(self, code: str) -> int:
        if code in _BUILT_IN:
            return _BUILT_IN[code]
        if code not in self._formats:
            number = max([_FIRST_OWN_FORMAT - 1, *self._formats.values()]) + 1
            self._formats[code] = number
            node = Node(f"{self._prefix}numFmt", {"numFmtId": str(number), "formatCode": code})
            self._add("numFmts", node, dedupe=False)
        return self._formats[code]

    def cell(self, style: Style | None, base: int = 0, *, quote: bool = False) -> int:
        """The index of a cell format: that of ``base`` with what the style changes."""
        if style is None and not quote:
            return base
        wanted = style or Style(), base, quote
        if wanted not in self._cells:
            self._cells[wanted] = self._cell(*wanted)
        return self._cells[wanted]

    def _cell(self, style: Style, base: int, quote: bool) -> int:  # noqa: FBT001 - as its one caller has it
        node = self._item("cellXfs", base)
        attributes = node.attributes
        if style.number_format is not None:
            attributes |= {"numFmtId": str(self._format_id(style.number_format)), "applyNumberFormat": "1"}
        self._apply(node, "fontId", "fonts", "applyFont", self._font(style))
        self._apply(node, "fillId", "fills", "applyFill", self._fill(style))
        self._apply(node, "borderId", "borders", "applyBorder", self._border(style))
        self._align(node, style)
        attributes.pop("quotePrefix", None)
        if quote:
            attributes["quotePrefix"] = "1"
        return self._add("cellXfs", node)

    def _apply(self, node: Node, key: str, section: str, flag: str, change: Callable[[Node], Node] | None) -> None:
        if change is not None:
            base = self._item(section, int(node.attributes.get(key, 0)))
            node.attributes |= {key: str(self._add(section, change(base))), flag: "1"}

    def _font(self, style: Style) -> Callable[[Node], Node] | None:
        wanted: dict[str, dict[str, str] | None] = {}
        for name, on in (("b", style.bold), ("i", style.italic), ("u", style.underline)):
            if on is not None:
                wanted[name] = {} if on else None
        if style.size is not None:
            wanted["sz"] = {"val": f"{style.size:g}"}
        if style.color is not None:
            wanted["color"] = {"rgb": f"FF{style.color}"}
        if style.font is not None:
            wanted |= {"name": {"val": style.font}, "scheme": None, "family": None}
        return (lambda base: self._changed_font(base, wanted)) if wanted else None

    def _changed_font(self, base: Node, wanted: dict[str, dict[str, str] | None]) -> Node:
        kept = [child for child in base.nodes if child.local not in wanted]
        new = [Node(self._prefix + name, values) for name, values in wanted.items() if values is not None]
        order = {name: place for place, name in enumerate(_FONT_ORDER)}
        return Node(base.name, {}, [*sorted([*kept, *new], key=lambda child: order.get(child.local, len(order)))])

    def _fill(self, style: Style) -> Callable[[Node], Node] | None:
        if style.fill is None:
            return None
        colours: list[Node | str] = [
            Node(f"{self._prefix}fgColor", {"rgb": f"FF{style.fill}"}),
            Node(f"{self._prefix}bgColor", {"indexed": "64"}),
        ]
        pattern = Node(f"{self._prefix}patternFill", {"patternType": "solid"}, colours)
        return lambda base: Node(base.name, {}, [pattern])

    def _border(self, style: Style) -> Callable[[Node], Node] | None:
        if style.border is None:
            return None
        colour = {"rgb": f"FF{style.border}"}
        sides: list[Node | str] = [
            Node(self._prefix + side, {"style": "thin"}, [Node(f"{self._prefix}color", dict(colour))])
            for side in ("left", "right", "top", "bottom")
        ]
        return lambda base: Node(base.name, {}, [*sides, Node(f"{self._prefix}diagonal")])

    def _align(self, node: Node, style: Style) -> None:
        flags = {"horizontal": style.horizontal, "vertical": style.vertical}
        changes = {name: value for name, value in flags.items() if value is not None}
        if style.wrap is not None:
            changes["wrapText"] = str(int(style.wrap))
        if style.indent is not None:
            changes["indent"] = str(style.indent)
        if changes:
            self._child(node, "alignment", changes, first=True)
            node.attributes["applyAlignment"] = "1"
        if style.locked is not None:
            self._child(node, "protection", {"locked": str(int(style.locked))}, first=False)
            node.attributes["applyProtection"] = "1"

    def _child(self, node: Node, name: str, changes: dict[str, str], *, first: bool) -> None:
        child = node.find(name)
        if child is None:
            child = Node(self._prefix + name)
            node.children.insert(0 if first else 1 if node.find("alignment") else 0, child)
        child.attributes |= changes

    def differential(self, style: Style) -> int:
        """The index of a differential format, for conditional formats."""
        node = Node(f"{self._prefix}dxf")
        if font := self._font(style):
            node.children.append(font(Node(f"{self._prefix}font")))
        if style.fill is not None:
            colour = Node(f"{self._prefix}bgColor", {"rgb": f"FF{style.fill}"})
            node.children.append(Node(f"{self._prefix}fill", {}, [Node(f"{self._prefix}patternFill", {}, [colour])]))
        if border := self._border(style):
            made = border(Node(f"{self._prefix}border"))
            made.children = [side for side in made.nodes if side.local != "diagonal"]
            node.children.append(made)
        return self._add("dxfs", node)

    def graft(self, other: bytes, where: str) -> tuple[list[int], list[int]]:
        """Take over another part's formats: for each of its cell and differential formats the index here."""
        root = parse(other, where)
        lists = {section.local: section.nodes for section in root.nodes}
        codes = {node.attributes["numFmtId"]: node.attributes["formatCode"] for node in lists.get("numFmts", [])}
        moved = {
            section: [self._add(section, node.renamed(self._prefix)) for node in lists.get(section, [])]
            for section in ("fonts", "fills", "borders")
        }
        cells = [self._add("cellXfs", self._moved(node, moved, codes)) for node in lists.get("cellXfs", [])]
        differentials = [self._add("dxfs", self._renumbered(node, codes)) for node in lists.get("dxfs", [])]
        return cells, differentials

    def _moved(self, node: Node, moved: dict[str, list[int]], codes: dict[str, str]) -> Node:
        made = node.renamed(self._prefix)
        for key, section in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            made.attributes[key] = str(moved[section][int(made.attributes.get(key, 0))])
        flags = {"applyFont": "1", "applyFill": "1", "applyBorder": "1", "applyNumberFormat": "1"}
        made.attributes |= flags | {"xfId": "0"}
        code = codes.get(made.attributes.get("numFmtId", "0"))
        if code is not None:
            made.attributes["numFmtId"] = str(self._format_id(code))
        if "cellStyleXfs" not in self._sections:
            del made.attributes["xfId"]
        return made

    def _renumbered(self, node: Node, codes: dict[str, str]) -> Node:
        """A differential number format carries its own code; its id has to be free or the same code's."""
        made = node.renamed(self._prefix)
        for number in made.every("numFmt"):
            code = number.attributes.get("formatCode") or codes.get(number.attributes.get("numFmtId", ""), "General")
            number.attributes |= {"numFmtId": str(self._format_id(code)), "formatCode": code}
        return made

    @property
    def changed(self) -> bool:
        """Whether anything was added."""
        return any(self._added.values())

    def render(self) -> bytes:
        """The part with all additions."""
        data, root = self._data, self._root
        if root.closed:
            data = data[: root.end - 2].rstrip() + f"></{root.name}>".encode() + data[root.end :]
            end = data.rindex(b"</", 0, data.rindex(b">"))
        else:
            end = root.close
        return patched(data, [patch for name in SECTIONS for patch in self._section_patches(name, end)])

    def _section_patches(self, name: str, end: int) -> list[Patch]:
        added = b"".join(self._added.get(name, []))
        if not added:
            return []
        count = str(len(self._items.get(name, [])) + len(self._added[name]))
        tag = f"{self._prefix}{name}"
        section = self._sections.get(name)
        whole = f'<{tag} count="{count}">'.encode() + added + f"</{tag}>".encode()
        if section is None:
            return [Patch(self._place(name, end), self._place(name, end), whole)]
        if section.closed:
            return [Patch(section.start, section.end, whole)]
        return [
            with_attributes(self._data, section, {"count": count}),
            Patch(section.close, section.close, added),
        ]

    def _place(self, name: str, end: int) -> int:
        """Where a missing section goes: before the first one that comes after it in the standard's order."""
        later = SECTIONS[SECTIONS.index(name) + 1 :]
        return min([section.start for key, section in self._sections.items() if key in later], default=end)


_DEFAULTS = {
    "fonts": ['<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'],
    "fills": [
        '<fill><patternFill patternType="none"/></fill>',
        '<fill><patternFill patternType="gray125"/></fill>',
    ],
    "borders": ["<border><left/><right/><top/><bottom/><diagonal/></border>"],
    "cellXfs": ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'],
}
