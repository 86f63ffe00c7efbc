"""What every new sheet is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from analyzer.model import KEY, Analysis
from analyzer.report.book import palette
from analyzer.report.book.live import Live
from analyzer.report.view import View
from analyzer.report.view.context import Context
from analyzer.terms import Sheet

MOST_LINES = 100_000  # of any list in the workbook; the true total is always said
MOST_LINKS = 60_000  # of a list; Excel's limit is 65,530 a sheet


@dataclass(frozen=True)
class Material:
    """An analysis, told in English, and the names its sheets have in this book."""

    context: Context
    view: View
    live: Live
    names: Mapping[Sheet, str]

    @property
    def analysis(self) -> Analysis:
        """All stages."""
        return self.context.analysis

    @property
    def currency(self) -> str:
        """The reporting currency."""
        return self.analysis.summary.currency

    @cached_property
    def tasks(self) -> pl.DataFrame:
        """``key`` · ``sheet`` · ``row`` · ``name`` · ``task_id`` · ``function`` · ``owner`` · ``provider`` ·
        ``quadrant`` · ``level`` · ``fte`` · ``cost`` · ``in_totals``, in key order.
        """  # noqa: D205 - the columns are one list
        return self.context.tasks.select(
            KEY,
            "sheet",
            "row",
            pl.col("name").fill_null(""),
            "task_id",
            "function",
            "owner",
            "provider",
            "quadrant",
            "level",
            "fte",
            "cost",
            "in_totals",
            "why",
        )

    def joined(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A frame with ``key`` and what is known of its tasks, ``located``."""
        return located(frame.join(self.tasks, on=KEY, how="left", maintain_order="left"))


def located(frame: pl.DataFrame) -> pl.DataFrame:
    """Beside ``sheet`` and ``row``: ``place`` String, ``Inventory!A7``, and ``link`` String, as links write it."""
    cell = pl.concat_str(pl.lit("A"), pl.col("row").cast(pl.String))
    place = pl.concat_str("sheet", pl.lit("!"), cell)
    return frame.with_columns(place.alias("place"), place_link(pl.col("sheet"), cell).alias("link"))


def place_link(sheet: pl.Expr, cell: pl.Expr) -> pl.Expr:
    """``'Task list'!E7``, a place as links write it."""
    quoted = sheet.str.replace_all("'", "''", literal=True)
    return pl.concat_str(pl.lit("'"), quoted, pl.lit("'!"), cell)


def linked(cell: pl.Expr) -> pl.Expr:
    """The link of an address as findings write it: ``Task list!E7``."""
    sheet = cell.str.extract(r"^(.*)![A-Z]{0,3}\d*$")
    return pl.when(sheet.is_not_null()).then(place_link(sheet, cell.str.extract(r"!([A-Z]{1,3}\d+)$")))


def level(column: str = "severity") -> pl.Expr:
    """A severity as shape and word."""
    return pl.col(column).replace_strict(palette.LEVELS, default=None, return_dtype=pl.String)
