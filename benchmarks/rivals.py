"""What a capable script would do instead: the same tags beside the table and the same ledger sheet, three ways.

``python -m benchmarks.rivals NAME SOURCE TARGET READY`` does one of them; ``benchmarks.side_by_side`` runs and measures
them. A script gets its tags ready made (``ready``), so that tagging costs it nothing: what is compared is reading the
inventory and writing the annotated one. The analyzer tags, and writes a summary with charts, six more sheets, a page
and an archive as well.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analyzer.terms import Sheet, TagColumn

TAGS, LEDGER = "tags.parquet", "ledger.parquet"
FIRST_LINE = 5  # of the ledger sheet: title, two sentences, a blank row, the header


def ready(annotated: Path, folder: Path) -> Path:
    """The tags and the ledger sheet of an annotated workbook as two frames in a folder, which comes back."""
    import polars as pl  # noqa: PLC0415 - each rival pays for its own libraries alone

    logging.getLogger("fastexcel").setLevel(logging.ERROR)  # it warns of columns that nobody has filled in
    tasks = pl.read_excel(annotated, sheet_id=1)
    tasks[:, tasks.columns.index(TagColumn.QUADRANT) :].write_parquet(folder / TAGS)
    options = {"header_row": FIRST_LINE - 1}
    pl.read_excel(annotated, sheet_name=Sheet.LEDGER, read_options=options).write_parquet(folder / LEDGER)
    return folder


def pandas_openpyxl(source: Path, target: Path, tags: Path) -> None:
    """``read_excel`` and ``to_excel``, both with openpyxl, as most scripts have it."""
    import pandas as pd  # noqa: PLC0415 - as above

    frame: Any = pd.read_excel(source, engine="openpyxl")
    book: Any = pd.ExcelWriter(target, engine="openpyxl")
    with book:
        pd.concat([frame, pd.read_parquet(tags / TAGS)], axis=1).to_excel(book, sheet_name="Tasks", index=False)
        pd.read_parquet(tags / LEDGER).to_excel(book, sheet_name=Sheet.LEDGER, index=False)


def openpyxl_in_place(source: Path, target: Path, tags: Path) -> None:
    """The user's own workbook loaded, the tags written beside the table, the ledger into a new sheet, saved."""
    import openpyxl  # noqa: PLC0415 - as above
    import polars as pl  # noqa: PLC0415 - as above

    book = openpyxl.load_workbook(source)
    sheet: Any = book.active
    frame, first = pl.read_parquet(tags / TAGS), sheet.max_column + 1
    for number, row in enumerate((frame.columns, *frame.iter_rows()), start=1):
        for column, value in enumerate(row, first):
            if value is not None:
                sheet.cell(number, column, value)
    lines, ledger = pl.read_parquet(tags / LEDGER), book.create_sheet(Sheet.LEDGER)
    for row in (lines.columns, *lines.iter_rows()):
        ledger.append(row)
    book.save(target)


def polars_xlsxwriter(source: Path, target: Path, tags: Path) -> None:
    """Read by calamine, written anew by XlsxWriter: fast, and the user's own workbook is lost."""
    import polars as pl  # noqa: PLC0415 - as above
    import xlsxwriter  # noqa: PLC0415 - as above

    frame = pl.read_excel(source, engine="calamine")
    book: Any = xlsxwriter.Workbook(target)
    with book:
        pl.concat([frame, pl.read_parquet(tags / TAGS)], how="horizontal").write_excel(book, "Tasks")
        pl.read_parquet(tags / LEDGER).write_excel(book, Sheet.LEDGER)


def reader(source: Path, target: Path, tags: Path) -> None:  # noqa: ARG001 - every task has all three
    """The floor of reading: the table as a frame, nothing else."""
    import polars as pl  # noqa: PLC0415 - as above

    pl.read_excel(source, engine="calamine")


def package(source: Path, target: Path, tags: Path) -> None:  # noqa: ARG001 - as above
    """The floor of writing: the package copied, its sheet inflated and deflated with the analyzer's own codec."""
    from benchmarks.splice import floor  # noqa: PLC0415 - as above

    floor(source, target)


TASKS: dict[str, Callable[[Path, Path, Path], None]] = {
    "pandas": pandas_openpyxl,
    "openpyxl": openpyxl_in_place,
    "polars": polars_xlsxwriter,
    "reader": reader,
    "package": package,
}

if __name__ == "__main__":
    TASKS[sys.argv[1]](*(Path(text) for text in sys.argv[2:5]))
