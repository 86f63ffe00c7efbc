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
    tasks = inventory.tasks.select(KEY, *_read(inventory)).join(placed.select(KEY, "sourcing"), on=KEY)
    shared = pl.col("sourcing") == Sourcing.MIXED.value
    several = (pl.col("names").list.len() > 1).fill_null(value=False) & pl.col("group").is_null()
    alone = tasks.filter(~several).select(
        KEY,
        pl.coalesce("group", pl.col("names").list.first(), "name").str.strip_chars().alias("provider"),
        pl.when(shared).then(1 - pl.col("own")).otherwise(1.0).alias("part"),
    )
    count = pl.col("names").list.len()
    stated = pl.when(count == pl.col("parts").list.len()).then("parts")
    unknown = pl.lit(None, pl.Float64).repeat_by(count)
    split = (
        tasks.filter(several)
        .select(KEY, pl.col("names").alias("provider"), pl.coalesce(stated, unknown).alias("part"))
        .explode("provider", "part", empty_as_null=False, keep_nulls=False)
        .with_columns(pl.col("provider").str.strip_chars())
    )
    return pl.concat([alone.filter(pl.col("provider").is_not_null()), split]).sort(KEY, maintain_order=True)


def _read(inventory: Inventory) -> list[pl.Expr]:
    """The group, the cell as one name, its names, the parts stated of them, and own staff's."""
    group = inventory.value(Field.PROVIDER_GROUP).str.strip_chars()
    return [
        pl.when(group.str.len_chars() > 0).then(group).alias("group"),
        inventory.value(Field.PROVIDER).alias("name"),
        inventory.companion("providers", pl.List(pl.String())).alias("names"),
        inventory.companion("provider_shares", pl.List(pl.Float64())).alias("parts"),
        inventory.companion("own_share", pl.Float64()).alias("own"),
    ]
