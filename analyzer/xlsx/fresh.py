"""A new package from grids of cells, written by the same row builder: values as they are, text stays text."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl

from analyzer.xlsx.container import Container
from analyzer.xlsx.edit import Codec, Column, Edit, Outcome, Splice, Style
from analyzer.xlsx.editing import Editing
from analyzer.xlsx.limits import MAX_ROWS, Limits
from analyzer.xlsx.markup import quoted
from analyzer.xlsx.package import MAIN, PACKAGE_RELATIONS, RELATIONS, Package
from analyzer.xlsx.parts import RELATIONS_TYPE
from analyzer.xlsx.styles import blank_styles
from analyzer.xlsx.zipwriter import ZipWriter

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_SAMPLE = 500  # rows a column's width is taken from
_NARROW, _WIDE = 8.0, 48.0
_BLANK, _TEXT = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One sheet of a grid: ``first`` .. ``last`` are its rows on it; a row's number here is less by ``shift``."""

    sheet: str
    splice: Splice
    first: int
    last: int
    shift: int
    header_row: int


def pages(
    sheet: str,
    cells: pl.DataFrame,
    kinds: pl.DataFrame,
    *,
    header_row: int = 1,
    taken: Sequence[str] = (),
    header_style: Style | None = None,
    most: int = MAX_ROWS,
) -> tuple[Page, ...]:
    """A grid's cells as sheets of at most ``most`` rows; each further one repeats the rows down to the header.

    ``cells``: String columns, row i = row i + 1 of the grid; ``kinds``: UInt8 columns (0 blank, 1 text, 2 number,
    3 yes-no, 4 date, 5 date and time, 6 time, 7 error). Further sheets are named ``Tasks (2)``.
    """
    header_row = min(header_row, most - 1, cells.height)
    used = {name.casefold() for name in taken}
    made: list[Page] = []
    first = 1
    while first <= cells.height or not made:
        shift = 0 if not made else first - header_row - 1
        last = min(cells.height, most + shift)
        name = _page_name(sheet, len(made) + 1, used)
        used.add(name.casefold())
        numbers = [*range(1, header_row + 1)] if made else []
        splice = _splice(name, cells, kinds, numbers, first, last, header_row, header_style)
        made.append(Page(name, splice, first, last, shift, header_row))
        first = last + 1
    return tuple(made)


def fresh(grid: Sequence[Page], target: BinaryIO, edit: Edit | None = None, *, codec: Codec = "fast") -> Outcome:
    """Write a new package with the pages' sheets and ``edit`` made to it; its splices may name these sheets.

    Raises ``RefusedError`` where columns would cover cells, and whatever the stream raises.
    """
    skeleton = _skeleton(grid)
    wanted = edit or Edit()
    whole = dataclasses.replace(wanted, splices=(*(page.splice for page in grid), *wanted.splices))
    with Container(skeleton, Limits()) as container:
        outcome = Editing(Package(container), whole).write(ZipWriter(target, codec))
    return Outcome(outcome.notes, outcome.headers[len(grid) :])


def _page_name(sheet: str, number: int, used: set[str]) -> str:
    while True:
        suffix = "" if number == 1 else f" ({number})"
        name = (sheet or "Sheet1")[: 31 - len(suffix)] + suffix
        if name.casefold() not in used:
            return name
        number += 1


def _splice(
    sheet: str,
    cells: pl.DataFrame,
    kinds: pl.DataFrame,
    repeated: list[int],
    first: int,
    last: int,
    header_row: int,
    header_style: Style | None,
) -> Splice:
    height = len(repeated) + last - first + 1
    columns = []
    for name, kind_name in zip(cells.columns, kinds.columns, strict=True):
        values = pl.concat([cells[name].head(len(repeated)), cells[name].slice(first - 1, last - first + 1)])
        kind = pl.concat([kinds[kind_name].head(len(repeated)), kinds[kind_name].slice(first - 1, last - first + 1)])
        columns.append(_column(values, kind, header_row, header_style))
    rows = pl.Series("row", range(1, height + 1), dtype=pl.UInt32)
    return Splice(sheet, 0, None, rows, tuple(columns), extend_filter=False)


def _column(values: pl.Series, kinds: pl.Series, header_row: int, header_style: Style | None) -> Column:
    width = min(_WIDE, max(_NARROW, float(_longest(values)) + 2))
    style: dict[str, Style] = {}
    classes = None
    if header_style is not None and header_row:
        style = {"header": header_style}
        at = pl.int_range(values.len(), eager=True)
        classes = pl.select(pl.when(at == header_row - 1).then(pl.lit("header"))).to_series()
    if kinds.is_in([_BLANK, _TEXT]).all():
        blank = pl.DataFrame({"v": values, "k": kinds})
        values = blank.select(pl.when(pl.col("k") == _TEXT).then(pl.col("v")).alias("v")).to_series()
        return Column("", values, width, styles=style, classes=classes)
    return Column("", values, width, styles=style, classes=classes, kinds=kinds)


def _longest(values: pl.Series) -> int:
    longest = values.head(_SAMPLE).str.len_chars().max()
    return longest if isinstance(longest, int) else 0


def _skeleton(grid: Sequence[Page]) -> bytes:
    """An empty package with the sheets; the filter and the frozen header stand where the header does."""
    sheets = [("worksheet", f"/xl/worksheets/sheet{number}.xml") for number in _numbers(grid)]
    parts = {
        "[Content_Types].xml": _content_types(len(grid)),
        "_rels/.rels": _relations([("officeDocument", "/xl/workbook.xml")]),
        "xl/workbook.xml": _workbook([page.sheet for page in grid]),
        "xl/_rels/workbook.xml.rels": _relations([*sheets, ("styles", "/xl/styles.xml")]),
        "xl/styles.xml": blank_styles(strict=False).decode(),
    }
    for number, page in zip(_numbers(grid), grid, strict=True):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(page, selected=number == 1)
    stream = io.BytesIO()
    writer = ZipWriter(stream, "fast")
    for name, text in parts.items():
        writer.write(name, [text.encode()])
    writer.close()
    return stream.getvalue()


def _numbers(grid: Sequence[Page]) -> range:
    return range(1, len(grid) + 1)


def _content_types(sheets: int) -> str:
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}worksheet+xml"/>'
        for number in range(1, sheets + 1)
    )
    return (
        f'{_DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{RELATIONS_TYPE}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}sheet.main+xml"/>{overrides}'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}styles+xml"/></Types>'
    )


def _relations(targets: list[tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_DECLARATION}<Relationships xmlns="{PACKAGE_RELATIONS}">{lines}</Relationships>'


def _workbook(names: list[str]) -> str:
    sheets = "".join(
        f'<sheet name={quoted(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    return (
        f'{_DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def _sheet(page: Page, *, selected: bool) -> str:
    chosen = ' tabSelected="1"' if selected else ""
    top = page.header_row
    pane = f'<pane ySplit="{top}" topLeftCell="A{top + 1}" activePane="bottomLeft" state="frozen"/>' if top else ""
    return (
        f'{_DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}"><dimension ref="A1"/>'
        f'<sheetViews><sheetView{chosen} workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><sheetData/></worksheet>'
    )
