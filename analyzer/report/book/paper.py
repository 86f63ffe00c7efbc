"""One new sheet on its way: single cells and charts by openpyxl, whole tables by the package's row builder."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import cast

import polars as pl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.chart._chart import ChartBase
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from analyzer import xlsx
from analyzer.report.book import palette
from analyzer.xlsx.addresses import letters

SERIF, SANS = "Georgia", "Calibri"
_A4, _MARGIN, _CHARTED = 9, 0.5, 20
_LINE, _TALLEST, _MEASURED = 15, 12, 3000  # points, lines, rows whose height is set
HEAD = xlsx.Style(
    bold=True, color=palette.INK, fill="EFEBE2", border=palette.RULE, wrap=True, vertical="center", horizontal="left"
)
HEAD_NUMBER = xlsx.Style(
    bold=True, color=palette.INK, fill="EFEBE2", border=palette.RULE, wrap=True, vertical="center", horizontal="right"
)
TITLE = xlsx.Style(font=SERIF, size=18, bold=True, color=palette.INK)
SECTION = xlsx.Style(font=SERIF, size=14, bold=True, color=palette.INK)
TEXT = xlsx.Style(color=palette.INK)
SMALL = xlsx.Style(color=palette.QUIET, size=10)


Look = tuple[xlsx.Style, str]  # style, colour of the edge


@dataclass(slots=True)
class Paper:
    """A sheet and what the graft needs beside it. Rows count from 1, columns from 0."""

    sheet: Worksheet
    width: int  # characters that a line of text may have
    looks: dict[Look, StyleArray]  # looks that a cell of the book has had
    row: int = 1
    columns: int = 1  # that print
    values: dict[str, xlsx.Value] = field(default_factory=dict)
    splices: list[xlsx.Splice] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)

    def put(
        self,
        row: int,
        column: int,
        value: xlsx.Value | None,
        style: xlsx.Style = TEXT,
        *,
        formula: str = "",
        edge: str = "",
        link: str = "",
    ) -> None:
        """Write a cell; with ``formula`` the value is its cached result. ``edge`` colours a thick left border."""
        cell = cast("Cell", self.sheet.cell(row, column + 1))  # what we add has no merged cells
        if formula:
            cell.value = f"={formula}"
            if value is not None:
                self.values[f"{letters(column)}{row}"] = value
        elif isinstance(value, str):
            cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
            cell.data_type = "s"  # text stays text, whatever it begins with
        else:
            cell.value = value
        self._dress(cell, (style, edge))
        if link:
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=link)

    def _dress(self, cell: Cell, look: Look) -> None:
        """Dress a cell; openpyxl takes half a millisecond to find out that it has had the look before."""
        known = self.looks.get(look)
        if known is None:
            dress(cell, *look)
            self.looks[look] = cell._style  # type: ignore[attr-defined]  # noqa: SLF001 - openpyxl has no other way to share a look
        else:
            cell._style = copy(known)  # type: ignore[attr-defined]  # noqa: SLF001 - as above

    def say(self, text: str, style: xlsx.Style = TEXT, *, column: int = 0) -> None:
        """Lines of text from the next row on, broken at the sheet's width: what we add has no merged cells."""
        for line in textwrap.wrap(text, self.width, break_long_words=False) or [""]:
            self.put(self.row, column, line, style)
            self.row += 1

    def title(self, text: str, *lines: str) -> None:
        """The sheet's headline and the lines under it; a blank row follows."""
        for line in textwrap.wrap(text, int(self.width * 0.6)):
            self.put(self.row, 0, line, TITLE)
            self.sheet.row_dimensions[self.row].height = 26
            self.row += 1
        for line in lines:
            self.say(line, SMALL)
        self.row += 1

    def section(self, text: str, *lines: str) -> None:
        """A heading within the sheet."""
        self.put(self.row, 0, text, SECTION)
        self.sheet.row_dimensions[self.row].height = 22
        self.row += 1
        for line in lines:
            self.say(line, SMALL)

    def widths(self, widths: Sequence[float]) -> None:
        """Widths of the columns from the first on, in characters."""
        self.columns = len(widths)
        for column, width in enumerate(widths):
            self.sheet.column_dimensions[letters(column)].width = width

    def table(self, columns: Sequence[xlsx.Column], *, main: bool = False, column: int = 0) -> int:
        """A table of whole columns from the next row on; its header's row comes back. ``main`` filters and freezes."""
        header = self.row
        height = columns[0].values.len()
        rows = pl.int_range(header + 1, header + 1 + height, dtype=pl.UInt32, eager=True)
        self.splices.append(xlsx.Splice(self.sheet.title, column, header, rows, tuple(columns), extend_filter=False))
        self._heights(columns, header)
        for number, item in enumerate(columns, start=column):
            self._charted(item, letters(number), header)
        if main:
            last = letters(column + len(columns) - 1)
            self.sheet.auto_filter.ref = f"{letters(column)}{header}:{last}{header + max(height, 1)}"
            self.sheet.freeze_panes = f"A{header + 1}"
            self.sheet.print_title_rows = f"{header}:{header}"
        self.row = header + height + 2
        return header

    def _heights(self, columns: Sequence[xlsx.Column], header: int) -> None:
        """Heights for wrapped text, which no program measures before a person opens the sheet."""
        tall = max(_lines(len(item.header), (item.width or 12) - 2) for item in columns)
        self.sheet.row_dimensions[header].height = _LINE * tall + 4
        wrapped = [item for item in columns if item.style and item.style.wrap and item.values.dtype == pl.String]
        if not wrapped or columns[0].values.len() > _MEASURED:
            return
        texts = zip(*(item.values.to_list() for item in wrapped), strict=True)
        for row, values in enumerate(texts, start=header + 1):
            lines = max(_lines(len(text or ""), item.width or 12) for text, item in zip(values, wrapped, strict=True))
            if lines > 1:
                self.sheet.row_dimensions[row].height = _LINE * lines

    def _charted(self, item: xlsx.Column, letter: str, header: int) -> None:
        """The first values of a table, for the cached points of charts."""
        self.values[f"{letter}{header}"] = item.header
        if item.values.dtype.is_numeric() or item.values.dtype == pl.String:
            for row, value in enumerate(item.values.head(_CHARTED), start=header + 1):
                if value is not None:
                    self.values[f"{letter}{row}"] = value

    def chart(self, chart: ChartBase, cell: str, alt: str) -> None:
        """A native chart with its alternative text."""
        self.sheet.add_chart(chart, cell)
        self.alts.append(alt)

    def printed(self, footer: str) -> None:
        """Landscape, one page wide, numbered pages."""
        sheet = self.sheet
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        if sheet.sheet_properties.pageSetUpPr is not None:
            sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.sheet_properties.tabColor = palette.INK
        sheet.sheet_view.showGridLines = False
        sheet.print_area = f"A1:{letters(self.columns - 1)}{max(self.row, 2)}"
        margins = sheet.page_margins
        margins.left = margins.right = margins.top = _MARGIN
        margins.bottom = 2 * _MARGIN * 0.75
        for part, text in (("left", footer.replace("&", "&&")), ("right", "Page &P of &N")):
            corner = getattr(sheet.oddFooter, part)
            corner.text, corner.size = text, 8


def counted(number: int, one: str, many: str) -> str:
    """``1 task is``, ``1,200 tasks are``."""
    return f"{number:,} {one if number == 1 else many}"


def _lines(length: int, width: float) -> int:
    """Lines that a text takes in a column; a character is a little narrower than the unit of widths."""
    return min(max(math.ceil(length / max(width - 1, 1)), 1), _TALLEST)


def column(
    header: str,
    values: pl.Series,
    width: float,
    number_format: str | None = None,
    *,
    chips: Mapping[str, xlsx.Style] | None = None,
    links: pl.Series | None = None,
    wrap: bool = True,
) -> xlsx.Column:
    """A column of a table in the sheets' look: numbers right, text left and wrapped."""
    number = values.dtype.is_numeric()
    base = xlsx.Style(
        color=palette.LINK if links is not None else palette.INK,
        underline=True if links is not None else None,
        vertical="top",
        horizontal="right" if number else "left",
        wrap=None if number or not wrap else True,
        number_format=number_format,
    )
    return xlsx.Column(
        header,
        values,
        width,
        style=base,
        header_style=HEAD_NUMBER if number else HEAD,
        styles=chips or {},
        classes=values if chips else None,
        links=links,
    )


def dress(cell: Cell, style: xlsx.Style, edge: str = "") -> None:
    """An openpyxl cell in one of our styles."""
    side = Side(style="thin", color=style.border) if style.border else None
    left = Side(style="thick", color=edge) if edge else side
    cell.font = Font(
        name=style.font or SANS, size=style.size or 11, bold=style.bold, italic=style.italic,
        underline="single" if style.underline else None, color=style.color or palette.INK,
    )  # fmt: skip
    if style.fill:
        cell.fill = PatternFill("solid", fgColor=style.fill)
    if side or left:
        cell.border = Border(left=left, right=side, top=side, bottom=side)
    if style.number_format:
        cell.number_format = style.number_format
    cell.alignment = Alignment(
        horizontal=style.horizontal, vertical=style.vertical, wrap_text=style.wrap, indent=style.indent or 0
    )
