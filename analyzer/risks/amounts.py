"""What each task adds to sums: FTE, and cost in one currency. Amounts of different currencies are never added."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analyzer.model import KEY, Inventory, Placement
from analyzer.terms import Field


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """``frame``, a row per task in key order: ``key`` · ``fte`` Float64 · ``cost`` Float64, null where it adds nothing.

    ``currency`` is the one ``cost`` is in; null amounts are those of another currency, or unknown.
    """

    frame: pl.DataFrame
    currency: str


def amounts(inventory: Inventory, placement: Placement, counted: pl.DataFrame | None, currency: str = "") -> Amounts:
    """The amounts given by the summary, else the sheet's own in its most frequent currency.

    ``counted``: ``key`` · ``fte`` · ``cost`` of tasks in totals. Tasks out of totals add nothing either way.
    """
    tasks = inventory.tasks
    if counted is not None:
        frame = tasks.select(KEY).join(counted, on=KEY, how="left", maintain_order="left")
        return Amounts(_in_totals(frame, placement), currency)
    chosen = currency or main_currency(inventory)
    written = inventory.companion(f"{Field.ANNUAL_COST}_currency", pl.String())
    comparable = written.is_null() | (written == chosen)
    cost = pl.when(comparable).then(inventory.value(Field.ANNUAL_COST))
    frame = tasks.select(KEY, inventory.value(Field.FTE), cost.alias("cost"))
    return Amounts(_in_totals(frame, placement), chosen)


def main_currency(inventory: Inventory) -> str:
    """The currency most amounts are in, the first of the alphabet among equals; empty where none is written."""
    name = f"{Field.ANNUAL_COST}_currency"
    if name not in inventory.tasks.columns:
        return ""
    counts = (
        inventory.tasks.get_column(name).drop_nulls().value_counts().sort(["count", name], descending=[True, False])
    )
    return str(counts.item(0, name)) if counts.height else ""


def _in_totals(frame: pl.DataFrame, placement: Placement) -> pl.DataFrame:
    inside = placement.frame.get_column("in_totals")
    return frame.with_columns(pl.when(inside & (pl.col(name) > 0)).then(pl.col(name)) for name in ("fte", "cost"))
