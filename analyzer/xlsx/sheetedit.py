"""One sheet with its splices: its part as a new stream of bytes, and the Excel tables that grow with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from analyzer.xlsx.addresses import cell
from analyzer.xlsx.body import Body, Windows
from analyzer.xlsx.edit import Note, Splice, Style
from analyzer.xlsx.extent import parsed_cells
from analyzer.xlsx.facts import TableFacts
from analyzer.xlsx.frame import Frame, link_lines
from analyzer.xlsx.rows import Additions, Line, Rows, StyleIndex, Target, header_row
from analyzer.xlsx.sheets import SheetParts
from analyzer.xlsx.strings import SharedStrings
from analyzer.xlsx.styles import Styles
from analyzer.xlsx.tables import unique_headers
from analyzer.xlsx.threads import ahead

Chunks = Callable[[], Iterator[bytes]]  # a sheet's bytes from their beginning, as often as asked


class SheetStyles(StyleIndex):
    """Formats of new cells; a style's ``like`` is looked up among the sheet's cells."""

    def __init__(self, styles: Styles, bases: dict[str, int]) -> None:
        self._styles = styles
        self._bases = bases

    def __call__(self, style: Style | None, number_format: str | None = None, *, quote: bool = False) -> int:
        """The index in ``cellXfs``."""
        base = self._bases.get(style.like, 0) if style is not None and style.like else 0
        wanted = style
        if number_format and (style is None or style.number_format is None):
            wanted = dataclasses.replace(style or Style(), number_format=number_format)
        return self._styles.cell(wanted, base, quote=quote)


class SheetEdit:
    """A worksheet being spliced. Made before anything is written: it registers styles and texts."""

    def __init__(
        self,
        chunks: Chunks,
        where: str,
        splices: Sequence[Splice],
        tables: Sequence[TableFacts],
        styles: Styles,
        strings: SharedStrings | None,
        *,
        date1904: bool = False,
        selected: bool | None = None,
    ) -> None:
        self._chunks = chunks
        self._where = where
        self._selected = selected
        self.notes: list[Note] = []
        self.splices = tuple(splices)
        self._styles = styles
        parts = SheetParts(chunks(), where)
        look = SheetStyles(styles, _formats_of(chunks(), _likes(splices), where))
        self._target = Target(parts.prefix, date1904, look, strings)
        self.widened = {splice.table: splice for splice in splices if self._takes(splice, tables)}
        self.headers = tuple(self._headers(splice, tables) for splice in splices)
        self._conditional = {
            format_.style: styles.differential(format_.style) for splice in splices for format_ in splice.conditionals
        }
        self._sources = self._make_rows()
        self.notes += self._cuts()

    def _takes(self, splice: Splice, tables: Sequence[TableFacts]) -> bool:
        """Whether the Excel table that the splice names can take its columns."""
        if splice.table is None:
            return False
        table = next((table for table in tables if table.name.casefold() == splice.table.casefold()), None)
        edge = {splice.first_column - 1, splice.replaces[1] if splice.replaces else -1}
        if table is None or not table.extensible:
            why = "it is bound to a query or has no header" if table else "it is not there"
        elif table.last_column not in edge or table.first_row != splice.header_row:
            why = "the cells right of it are not free"
        else:
            return True
        self.notes.append(Note("table-not-extended", {"table": splice.table, "why": why}))
        return False

    def _headers(self, splice: Splice, tables: Sequence[TableFacts]) -> tuple[str, ...]:
        wanted = tuple(column.header for column in splice.columns)
        table = next((table for table in tables if splice.table in self.widened and table.name == splice.table), None)
        if table is None:
            return wanted
        kept = [
            name
            for column, name in enumerate(table.columns, start=table.first_column)
            if not splice.replaces or not splice.replaces[0] <= column <= splice.replaces[1]
        ]
        made = unique_headers(wanted, kept)
        for header, name in zip(wanted, made, strict=True):
            if header != name:
                self.notes.append(Note("header-renamed", {"header": header, "name": name}))
        return made

    def _make_rows(self) -> list[Rows | Line]:
        sources: list[Rows | Line] = []
        for splice, headers in zip(self.splices, self.headers, strict=True):
            header = header_row(splice, headers, self._target)
            sources += [Rows(splice, self._target), *([header] if header else [])]
        return sources

    def _cuts(self) -> Iterator[Note]:
        cut = sum(rows.cut for rows in self._sources)
        if cut:
            yield Note("text-cut", {"n": str(cut), "sheet": self.splices[0].sheet})

    def _tail(self, frame: Frame) -> bytes:
        """What stands behind the rows; a link that the sheet has no room for beside its own is left out and said."""
        links = [line for splice in self.splices for line in link_lines(self._target.prefix, splice)]
        tail, cut = frame.tail(links)
        if cut:
            self.notes.append(Note("links-cut", {"n": str(cut), "sheet": self.splices[0].sheet}))
        return tail

    def stream(self) -> Iterator[bytes]:
        """The sheet with its splices. Raises ``UnsortedError`` where ``whole`` is the way."""
        body, frame = self._opened()
        yield frame.head()
        yield from ahead(body.stream())
        yield self._tail(frame)

    def whole(self) -> Iterator[bytes]:
        """The same for a sheet whose rows do not ascend: all of it at once."""
        self._sources = self._make_rows()
        body, frame = self._opened()
        yield frame.head()
        yield body.whole()
        yield self._tail(frame)

    def _opened(self) -> tuple[Body, Frame]:
        parts = SheetParts(ahead(self._chunks()), self._where)
        windows = Windows(
            tuple((splice.first_column, splice.first_column + len(splice.columns) - 1) for splice in self.splices),
            tuple(splice.replaces for splice in self.splices if splice.replaces),
        )
        sheet = self.splices[0].sheet if self.splices else ""
        body = Body(parts, Additions(self._sources), windows, sheet, self._where)
        frame = Frame(
            parts,
            self.splices,
            self._where,
            self._conditional.__getitem__,
            unselect=self._selected is False,
            select=self._selected is True,
        )
        return body, frame


_PIECE = 64 * 1024  # bytes parsed at once: the cells that are asked for mostly stand at the top


def _likes(splices: Sequence[Splice]) -> set[str]:
    styles = [
        style
        for splice in splices
        for column in splice.columns
        for style in (column.style, column.header_style, *column.styles.values())
    ]
    return {style.like for style in styles if style is not None and style.like}


def _formats_of(chunks: Iterator[bytes], addresses: set[str], where: str) -> dict[str, int]:
    """Format indexes of some cells; reading stops behind the last of them."""
    found: dict[str, int] = {}
    places = {place: address for address in addresses if (place := cell(address))}
    last = max((row for row, _ in places), default=0)
    pieces = (chunk[at : at + _PIECE] for chunk in chunks for at in range(0, len(chunk), _PIECE))
    for row, column, attributes in parsed_cells(pieces, where) if places else ():
        if (row, column) in places:
            style = attributes.get("s", "")
            found[places[row, column]] = int(style) if style.isdecimal() else 0
        if row > last or len(found) == len(places):
            break
    return found
