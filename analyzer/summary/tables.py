"""Tables over tasks in totals: providers, countries, functions. Each share is a share of what is known."""

from __future__ import annotations

import polars as pl

from analyzer.model import KEY, Inventory
from analyzer.performers import performers
from analyzer.places import alike, country_name
from analyzer.sums import total
from analyzer.terms import Field, Location, Quadrant, Severity, Sourcing

HIGH_SHARE, MEDIUM_SHARE = 0.35, 0.20  # of outsourced spend or of FTE; thresholds of published outsourcing registers


def providers(inventory: Inventory, rows: pl.DataFrame) -> pl.DataFrame:
    """Outsourced and shared tasks by provider, or by its group where known; spelling aside, as first written.

    ``share`` is of the spend whose provider is known. FTE and cost of a task of several providers, or shared with
    own staff, are in no provider's sums unless the split is stated; FTE and cost are null where no task has any.
    """
    shared = rows.filter(pl.col("sourcing").is_in([Sourcing.OUTSOURCED.value, Sourcing.MIXED.value]))
    named = (
        shared.join(performers(inventory, shared), on=KEY, maintain_order="left_right")
        .with_columns((pl.col(name) * pl.col("part")).alias(name) for name in ("fte", "cost"))
        .with_columns(alike(pl.col("provider")).alias("spelling"))
    )
    return (
        named.group_by("spelling", maintain_order=True)
        .agg(pl.col("provider").first(), pl.len().cast(pl.UInt32).alias("tasks"), _known("fte"), _known("cost"))
        .with_columns((pl.col("cost") / pl.col("cost").sum()).fill_nan(None).alias("share"))
        .sort(["cost", "tasks", "provider"], descending=[True, True, False], nulls_last=True)
        .with_columns(pl.col("share").cum_sum().alias("cumulative"), _band(pl.col("share")).alias("severity"))
        .select("provider", "tasks", "fte", "cost", "share", "cumulative", "severity")
    )


def _known(column: str) -> pl.Expr:
    return pl.when(pl.col(column).count() > 0).then(total(column)).alias(column)


def _band(share: pl.Expr) -> pl.Expr:
    return (
        pl.when(share >= HIGH_SHARE)
        .then(pl.lit(Severity.HIGH.value))
        .when(share >= MEDIUM_SHARE)
        .then(pl.lit(Severity.MEDIUM.value))
        .when(share.is_not_null())
        .then(pl.lit(Severity.LOW.value))
        .otherwise(pl.lit(Severity.NOT_ASSESSED.value))
    )


def countries(inventory: Inventory, rows: pl.DataFrame) -> pl.DataFrame:
    """Tasks by the country they are done in; only what is done outside the row's home can be a concentration.

    ``share`` is of all FTE in totals. A split task counts by its shares; without them it counts as a task of each
    country, and its FTE and cost in none.
    """
    spread = (
        rows.join(_places(inventory, rows), on=KEY, how="left", maintain_order="left")
        .filter(pl.col("country").list.len() > 0)
        .explode("country", "part", empty_as_null=False, keep_nulls=False)
        .with_columns((pl.col(name) * pl.col("part")).alias(name) for name in ("fte", "cost"))
    )
    whole = float(rows.get_column("fte").sum() or 0)
    abroad = pl.col("country") != pl.col("home")
    away = total(pl.col("fte").filter(abroad)) / whole if whole else pl.lit(None, pl.Float64)
    found = spread.group_by("country").agg(
        pl.len().cast(pl.UInt32).alias("tasks"),
        _known("fte"),
        _known("cost"),
        away.alias("away"),
        abroad.any().alias("abroad"),
    )
    share = pl.col("fte") / whole if whole else pl.lit(None, pl.Float64)
    names = {code: country_name(code) for code in found.get_column("country")}
    band = pl.when("abroad").then(_band(pl.col("away"))).otherwise(pl.lit(Severity.LOW.value))
    return found.sort(["fte", "tasks", "country"], descending=[True, True, False], nulls_last=True).select(
        "country",
        pl.col("country").replace(names).alias("name"),
        "tasks",
        "fte",
        "cost",
        share.alias("share"),
        band.alias("severity"),
    )


def _places(inventory: Inventory, rows: pl.DataFrame) -> pl.DataFrame:
    """``key`` · ``home`` · ``country`` List · ``part`` List: where each task is done, as far as its placement knows."""
    written = inventory.value(Field.DELIVERY_COUNTRY)
    shares = inventory.companion("delivery_shares", pl.List(pl.Float64()))
    places = inventory.tasks.select(
        KEY, "home", written.alias("written"), shares.alias("shares"), inventory.value(Field.PROVIDER_COUNTRY)
    ).join(rows.select(KEY, "location"), on=KEY, maintain_order="left")
    onshore = pl.col("location") == Location.ONSHORE.value
    offshore = pl.col("location") == Location.OFFSHORE.value
    seat = pl.when(offshore & (pl.col(Field.PROVIDER_COUNTRY) != pl.col("home"))).then(pl.col(Field.PROVIDER_COUNTRY))
    single = pl.when(onshore).then(pl.col("home")).otherwise(seat)
    country = pl.when(pl.col("written").list.len() > 0).then("written").otherwise(pl.concat_list(single))
    size = pl.col("country").list.len()
    stated = pl.when(pl.col("shares").list.len() == size).then("shares")
    part = pl.when(size == 1).then(pl.lit([1.0])).otherwise(stated)
    unknown = pl.lit(None, pl.Float64).repeat_by(size)
    return places.with_columns(country.list.drop_nulls().alias("country")).select(
        KEY, "home", "country", pl.coalesce(part, unknown).alias("part")
    )


def functions(inventory: Inventory, rows: pl.DataFrame) -> pl.DataFrame:
    """Tasks by business function and quadrant; shares of FTE where it is known for every task of it, else of tasks."""
    name = inventory.value(Field.FUNCTION).str.strip_chars()
    tasks = inventory.tasks.select(KEY, name.alias("function"), alike(name).alias("spelling"))
    named = rows.join(tasks, on=KEY, how="left", maintain_order="left").filter(pl.col("spelling").str.len_chars() > 0)
    weight = pl.when((pl.col("fte").is_not_null().all() & (pl.col("fte").sum() > 0)).over("spelling")).then("fte")
    of = {
        "offshore_share": (Quadrant.INHOUSE_OFFSHORE.value, Quadrant.OUTSOURCED_OFFSHORE.value),
        "outsourced_share": (Quadrant.OUTSOURCED_ONSHORE.value, Quadrant.OUTSOURCED_OFFSHORE.value),
    }
    return (
        named.with_columns(weight.fill_null(1.0).alias("weight"))
        .group_by("spelling")
        .agg(
            pl.col("function").first(),
            *((pl.col("quadrant") == item.value).sum().cast(pl.UInt32).alias(item.value) for item in Quadrant),
            _known("fte"),
            _known("cost"),
            *(
                (total(pl.col("weight").filter(pl.col("quadrant").is_in(quadrants))) / total("weight")).alias(key)
                for key, quadrants in of.items()
            ),
            pl.len().alias("size"),
        )
        .sort(["size", "function"], descending=[True, False])
        .drop("size", "spelling")
    )
