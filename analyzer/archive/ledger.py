"""The whole ledger as Parquet, where it is longer than a sheet holds."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import polars as pl

from analyzer import files
from analyzer.archive.storing import ROWS_AT_ONCE
from analyzer.model import KEY, Analysis
from analyzer.terms import Field


def write_ledger(analysis: Analysis, target: Path) -> None:
    """A line per rule hit: ``Assessment.ledger`` with the task's names and ``cell``. Raises ``WriteError``."""
    content = BytesIO()  # Polars has errors of its own for a full disk
    ledger_of(analysis).sink_parquet(content, row_group_size=ROWS_AT_ONCE)
    files.write(target, content.getbuffer())


def ledger_of(analysis: Analysis) -> pl.LazyFrame:
    """The ledger with the task's names and the cell each value came from."""
    inventory = analysis.inventory
    letters = pl.DataFrame(
        [(column.sheet, column.field.value, column.letter) for column in inventory.columns],
        schema={"sheet": pl.String, "field": pl.Categorical, "letter": pl.String},
        orient="row",
    ).unique(["sheet", "field"], keep="last")
    names = inventory.tasks.lazy().select(
        KEY, "sheet", "row", inventory.value(Field.TASK_ID), inventory.value(Field.TASK_NAME)
    )
    named = analysis.assessment.ledger.lazy().join(names, on=KEY, how="left", maintain_order="left")
    lettered = named.join(letters.lazy(), on=["sheet", "field"], how="left", maintain_order="left")
    cell = pl.concat_str("sheet", pl.lit("!"), "letter", pl.col("row").cast(pl.String))
    return lettered.with_columns(cell.alias("cell")).drop("letter")
