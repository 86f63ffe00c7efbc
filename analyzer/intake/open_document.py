"""What the reader of .ods leaves blank or does not tell: error cells, hidden rows, from the document's own XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from analyzer.errors import RefusedError
from analyzer.xlsx import Limits
from analyzer.xlsx.container import Container
from analyzer.xlsx.limits import MAX_COLUMNS, MAX_ROWS
from analyzer.xlsx.markup import damaged, parser

_ERROR = re.compile(r"#(REF!|N/A|DIV/0!|NAME\?|VALUE!|NUM!|NULL!)|Err:\d{3}")
_HIDDEN = {"collapse", "filter"}


@dataclass(slots=True)
class SheetMarks:
    """Errors by (row from 1, column from 0), hidden rows, and whether a filter hides them."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    filtered: bool = False


def marks(path: Path, limits: Limits) -> Mapping[str, SheetMarks]:
    """Marks of every sheet by name; none where the document is encrypted, which the reader itself says.

    Raises ``RefusedError`` for a package over its limits, a document type, and XML cut short, over which the reader
    would turn in circles.
    """
    scan = _Scan(path.name)
    made = parser(path.name)
    made.StartElementHandler = scan.start
    made.EndElementHandler = scan.end
    made.CharacterDataHandler = scan.text
    with Container(path, limits) as container:
        parts = {entry.key: entry for entry in container.entries}
        manifest, content = parts.get("meta-inf/manifest.xml"), parts.get("content.xml")
        if content is None or (manifest and b"encryption-data" in container.read(manifest)):
            return {}
        try:
            for chunk in container.chunks(content):
                made.Parse(chunk)
            made.Parse(b"", True)
        except expat.ExpatError:
            raise damaged(path.name) from None
    return scan.sheets


class _Scan:
    def __init__(self, where: str) -> None:
        self._where = where
        self.sheets: dict[str, SheetMarks] = {}
        self._sheet = SheetMarks()
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._error = False
        self._words = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._sheet = self.sheets.setdefault(attributes.get("table:name", ""), SheetMarks())
            self._row = 0
        elif name == "table:table-row":
            self._column, self._rows = 0, int(attributes.get("table:number-rows-repeated", "1"))
            visibility = attributes.get("table:visibility", "")
            if visibility in _HIDDEN and self._rows < _MANY:
                self._sheet.hidden.update(range(self._row + 1, self._row + 1 + self._rows))
                self._sheet.filtered |= visibility == "filter"
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            self._columns = int(attributes.get("table:number-columns-repeated", "1"))
            formula = "table:formula" in attributes
            self._error = attributes.get("calcext:value-type") == "error" or formula
            self._words = ""

    def text(self, words: str) -> None:
        if self._error and len(self._words) < _MANY:
            self._words += words

    def end(self, name: str) -> None:
        if name == "table:table-row":
            self._row += self._rows
            if self._row > MAX_ROWS:
                raise self._beyond("rows", self._row, MAX_ROWS)
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            if self._error and _ERROR.fullmatch(self._words.strip()):
                self._sheet.errors[self._row + 1, self._column] = self._words.strip()
            self._error = False
            self._column += self._columns
            if self._column > MAX_COLUMNS:
                raise self._beyond("columns", self._column, MAX_COLUMNS)

    def _beyond(self, what: str, count: int, limit: int) -> RefusedError:
        return RefusedError(
            f"A sheet says that it has {count:,} {what}; a sheet holds {limit:,}",
            where=self._where,
            hint="Open it in LibreOffice and save it as .xlsx",
        )


_MANY = 10_000  # rows repeated, or letters, beyond which a mark says nothing of a task
