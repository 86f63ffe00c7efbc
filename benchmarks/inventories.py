"""An invented inventory of any size as Excel stores it: fifteen columns, shared strings, numbers, dates.

Made column by column, so that a million rows take seconds and not what is measured with them.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl

from benchmarks.hostile import BOOK, BOOK_RELS, MAIN, RELS, TYPES

COLUMNS = 15
_PIECE = 50_000  # rows put into the package at once
_DAY_STYLE = 1
_FIRST_DAY = 45_000  # Excel's number of 2023-03-15

_PLACES = (
    *("United Kingdom", "GB", "India", "Bangalore", "Philippines", "Manila", "Poland", "Kraków, Poland", "Germany"),
    *("Mexico", "Remote - India", "London", "UK", "Portugal", "Bulgaria", "Ireland", "South Africa", "Dublin"),
)
_PROVIDERS = ("Tidewater Services", "Oakridge BPO", "Quillfast Ltd", "Fernhill Digital", "Brightmoor Partners")
_VERBS = ("Reconcile", "Approve", "Prepare", "Review", "Collect", "Answer", "Monitor", "Archive", "Plan", "Test")
_OBJECTS = ("supplier invoices", "payroll changes", "customer complaints", "access rights", "sales orders")
_FUNCTIONS = ("Finance", "HR", "IT", "Customer care", "Legal", "Logistics", "Marketing", "Procurement", "Facilities")

_STYLES = (
    f'<?xml version="1.0"?><styleSheet {MAIN}><numFmts count="0"/>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
_STYLE_TYPE = (
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
)
_STYLE_LINK = (
    '<Relationship Id="rId3" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
    "</Relationships>"
)


def tasks(rows: int) -> pl.DataFrame:
    """``rows`` invented tasks: texts, FTE and cost as numbers, two dates as Excel's day numbers; blanks in between."""
    number = pl.int_range(rows, dtype=pl.UInt64)

    def pick(seed: int, words: tuple[str, ...], blank: int = 0) -> pl.Expr:
        """One of the words per row, ``blank`` of ten left out."""
        chosen = pl.lit(pl.Series(words)).gather(number.hash(seed) % len(words))
        return pl.when(number.hash(seed + 100) % 10 >= blank).then(chosen)

    def dice(seed: int, sides: int) -> pl.Expr:
        return number.hash(seed) % sides

    return pl.select(
        pl.format("T-{}", number + 1).alias("Task ID"),
        pl.format("{} {} {}", pick(1, _VERBS), pick(2, _OBJECTS), number // 3).alias("Task"),
        pick(3, _FUNCTIONS).alias("Department"),
        pl.format("Owner {}", dice(4, 400)).alias("Owner"),
        pl.when(dice(5, 10) < 4).then(pl.format("{} {}", pick(6, _PROVIDERS), dice(7, 60))).alias("Provider"),
        pick(8, _PLACES, 1).alias("Delivery country"),
        (dice(9, 80) / 4).alias("FTE"),
        (dice(10, 900_000) / 10).round(1).alias("Annual cost (GBP)"),
        (dice(11, 900) + _FIRST_DAY).alias("Contract start"),
        pl.when(dice(12, 10) < 6).then(dice(13, 1500) + _FIRST_DAY + 900).alias("Contract end"),
        pick(14, ("critical", "important", "normal"), 2).alias("Criticality"),
        pick(15, ("Yes", "No"), 3).alias("Personal data"),
        pick(16, ("Yes", "No"), 3).alias("Customer-facing"),
        pick(17, ("none", "exists", "tested"), 5).alias("Exit plan"),
        pl.when(dice(18, 10) < 3).then(pl.format("see note {}", dice(19, 9_000))).alias("Comment"),
    )


def make(path: Path, rows: int) -> Path:
    """The inventory as a workbook."""
    frame = tasks(rows)
    words = _words(frame)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        package.writestr("[Content_Types].xml", TYPES.replace("</Types>", _STYLE_TYPE))
        package.writestr("_rels/.rels", RELS)
        package.writestr("xl/workbook.xml", BOOK)
        package.writestr("xl/_rels/workbook.xml.rels", BOOK_RELS.replace("</Relationships>", _STYLE_LINK))
        package.writestr("xl/styles.xml", _STYLES)
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<?xml version="1.0"?><worksheet {MAIN}><sheetData>'.encode())
            sheet.write(_rows(pl.DataFrame({name: [name] for name in frame.columns}), words, 1))
            for start in range(0, rows, _PIECE):
                sheet.write(_rows(frame.slice(start, _PIECE), words, start + 2))
            sheet.write(b"</sheetData></worksheet>")
        package.writestr("xl/sharedStrings.xml", _strings(words))
    return path


def _words(frame: pl.DataFrame) -> pl.Series:
    """Every text once: the header's, then the columns'."""
    texts = [frame[name].drop_nulls() for name, kind in frame.schema.items() if kind == pl.String]
    return pl.concat([pl.Series(frame.columns), *texts]).unique(maintain_order=True)


def _strings(words: pl.Series) -> bytes:
    items = words.to_frame("text").select(pl.format("<si><t>{}</t></si>", "text").str.join(""))
    return f'<?xml version="1.0"?><sst {MAIN} uniqueCount="{words.len()}">{items.item()}</sst>'.encode()


def _rows(frame: pl.DataFrame, words: pl.Series, first: int) -> bytes:
    """Rows of the sheet's XML, the first of them at row ``first``."""
    kind = pl.Enum(words)
    number = pl.int_range(first, first + frame.height, dtype=pl.UInt32).cast(pl.String)
    cells = []
    for letter, (name, dtype) in zip("ABCDEFGHIJKLMNO", frame.schema.items(), strict=True):
        style = f' s="{_DAY_STYLE}"' if name.startswith("Contract") and dtype != pl.String else ""
        if dtype == pl.String:
            cell = pl.format(
                f'<c r="{letter}{{}}" t="s"><v>{{}}</v></c>', number, pl.col(name).cast(kind).to_physical()
            )
        else:
            cell = pl.format(f'<c r="{letter}{{}}"{style}><v>{{}}</v></c>', number, pl.col(name))
        cells.append(cell.fill_null(""))
    row = pl.concat_str(pl.format('<row r="{}">', number), *cells, pl.lit("</row>"))
    text: str = frame.select(row.str.join("")).item()
    return text.encode()
