"""Tasks that are there twice: an id that several share, rows that are the same. Each is kept, and both are named."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from analyzer.intake.survey import Found
from analyzer.model import Column, Finding
from analyzer.places import alike
from analyzer.terms import Field
from analyzer.xlsx.addresses import letters

_SHOWN = 5
_WIDTH = 60  # of a text that is shown


def repeated_ids(tasks: pl.DataFrame, columns: tuple[Column, ...]) -> Iterator[Finding]:
    """Ids of several tasks, over all sheets read. ``tasks``: ``sheet`` String · ``row`` UInt32 · ``task_id`` String."""
    if Field.TASK_ID not in tasks.columns:
        return
    spelled = alike(pl.col(Field.TASK_ID))
    letters = {column.sheet: column.letter for column in columns if column.field is Field.TASK_ID}
    place = pl.col("sheet").replace_strict(letters, default="", return_dtype=pl.String)
    cell = pl.col("sheet") + "!" + place + pl.col("row").cast(pl.String)
    written = tasks.select(cell.alias("cell"), pl.col(Field.TASK_ID).alias("text"), spelled.alias("id"))
    header = next(column.header for column in columns if column.field is Field.TASK_ID)
    yield from _shared("ids-repeated", written.filter(pl.col("id") != ""), {"header": header})


def identical_rows(found: Found) -> Iterator[Finding]:
    """Tasks of a table that are alike in every column, those included that no field took."""
    rows = found.layout.rows
    if not rows.len():
        return
    cells = found.tab.cells.select(str(column) for column in found.headers)[(rows - 1).to_list()]
    task = next((c.column for c in found.mapped.chosen if c.match.field is Field.TASK_NAME), min(found.headers))
    place = f"{found.tab.name}!{letters(task)}"
    alike = pl.DataFrame(
        {
            "cell": place + rows.cast(pl.String),
            "text": found.tab.cells[str(task)].gather(rows - 1),
            "id": cells.hash_rows(),
        }
    )
    yield from _shared("rows-identical", alike, {})


def _shared(code: str, frame: pl.DataFrame, values: dict[str, str]) -> Iterator[Finding]:
    """One finding for all rows whose ``id`` another row has: those of the first such id come first."""
    repeated = frame.filter(pl.col("id").is_duplicated())
    if repeated.height:
        first = repeated.sort(pl.int_range(pl.len()).min().over("id"), maintain_order=True)
        text = str(first["text"][0] or "")[:_WIDTH]
        yield Finding(code, tuple(first["cell"].head(_SHOWN)), repeated.height, {**values, "text": text})
