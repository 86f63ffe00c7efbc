"""Which providers perform a task, and how much of it each: what sums by provider are made of."""

from __future__ import annotations

import polars as pl

from analyzer.model import KEY, Inventory
from analyzer.terms import Field, Sourcing


def performers(inventory: Inventory, placed: pl.DataFrame) -> pl.DataFrame:
    """``key`` · ``provider`` String, trimmed · ``part`` Float64 in 0..1, a row per task and provider named.

    ``placed``: ``key`` · ``sourcing``, of tasks that are outsourced or shared. A provider's group stands for it. One
    provider does all of a task, or what own staff leaves of it; several do what their cell says. ``part`` is null where
    that is not stated: a split is never taken to be equal.
    """
    frame = inventory.tasks.select(KEY, *_read(inventory)).join(placed.select(KEY, "sourcing"), on=KEY)
    count = pl.col("provider").list.len()
    shared = pl.col("sourcing") == Sourcing.MIXED.value
    alone = pl.when(count == 1).then(pl.when(shared).then(1 - pl.col("own")).otherwise(1.0))
    stated = pl.when(count == pl.col("parts").list.len()).then("parts")
    part = pl.coalesce(stated, alone.repeat_by(count))
    return (
        frame.select(KEY, "provider", part.alias("part"))
        .explode("provider", "part", empty_as_null=False, keep_nulls=False)
        .with_columns(pl.col("provider").str.strip_chars())
    )


def _read(inventory: Inventory) -> list[pl.Expr]:
    """The names of the cell, or the group's; the parts stated of the names; own staff's."""
    group = inventory.value(Field.PROVIDER_GROUP).str.strip_chars()
    grouped = group.str.len_chars() > 0
    written = inventory.companion("providers", pl.List(pl.String()))
    several = pl.when(written.list.len() > 0).then(written)
    names = pl.coalesce(several, pl.concat_list(inventory.value(Field.PROVIDER)))
    parts = inventory.companion("provider_shares", pl.List(pl.Float64()))
    return [
        pl.when(grouped).then(pl.concat_list(group)).otherwise(names).list.drop_nulls().alias("provider"),
        pl.when(~grouped.fill_null(value=False)).then(parts).alias("parts"),
        inventory.companion("own_share", pl.Float64()).alias("own"),
    ]
