"""A sheet's rows and cells through a parser, in a form that can be compared. For proofs, not for the hot path."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from analyzer.xlsx.addresses import column_number
from analyzer.xlsx.markup import damaged, local, parser
from analyzer.xlsx.package import Package
from analyzer.xlsx.sheets import sheet_chunks


@dataclass(slots=True)
class RowCells:
    """A row: its attributes but for the ``spans`` hint, and per column (from 0) all that its cell says."""

    attributes: dict[str, str]
    cells: dict[int, tuple[object, ...]] = field(default_factory=dict)


def cells_of(package: Package, part: str) -> dict[int, RowCells]:
    """All rows of a sheet by number. Raises ``RefusedError`` where it is no well-formed XML."""
    return _Reader(package, part).rows


class _Text(str):
    """What stands between tags."""

    __slots__ = ()


class _Reader:
    def __init__(self, package: Package, part: str) -> None:
        self.rows: dict[int, RowCells] = {}
        self._number = 0
        self._column = -1
        self._row: RowCells | None = None
        self._cell: list[object] | None = None
        self._depth = 0
        made = parser(package.where(part))
        made.StartElementHandler, made.EndElementHandler = self._start, self._end
        made.CharacterDataHandler = self._text
        try:
            for chunk in sheet_chunks(package, part):
                made.Parse(chunk, False)
            made.Parse(b"", True)
        except (expat.ExpatError, ValueError):
            raise damaged(package.where(part)) from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        kind = local(name)
        if self._cell is not None:
            self._cell += [name, tuple(sorted(attributes.items()))]
        elif self._depth == 3 and kind == "row":  # noqa: PLR2004 - worksheet, sheetData, row
            self._number = int(attributes.get("r") or self._number + 1)
            self._column = -1
            rest = {key: value for key, value in attributes.items() if key != "spans"}
            self._row = self.rows.setdefault(self._number, RowCells(rest))
        elif self._depth == 4 and kind == "c" and self._row is not None:  # noqa: PLR2004 - and its cells
            reference = (attributes.get("r") or "").rstrip("0123456789")
            self._column = column_number(reference) if reference else self._column + 1
            self._cell = [tuple(sorted(attributes.items()))]

    def _text(self, text: str) -> None:
        """Text comes in pieces where chunks end; only the whole is said."""
        if self._cell is None:
            return
        if isinstance(self._cell[-1], _Text):
            self._cell[-1] = _Text(self._cell[-1] + text)
        else:
            self._cell.append(_Text(text))

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._cell is not None and self._depth == 3 and self._row is not None:  # noqa: PLR2004 - the cell ends
            self._row.cells[self._column] = (*self._row.cells.get(self._column, ()), *self._cell)
            self._cell = None
        elif self._cell is not None:
            self._cell.append(f"/{name}")
        elif self._depth == 2:  # noqa: PLR2004 - the row ends
            self._row = None
