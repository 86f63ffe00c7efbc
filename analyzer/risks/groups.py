"""Tasks grouped by provider, country, function and currency, with the measures that portfolio rules test.

Each frame has a row per group: ``subject`` String · the measures of ``policy.vocabulary.GROUPS`` · ``known`` UInt32
of ``tasks`` UInt32, the tasks whose amount is known. A measure whose fields are absent is no column.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import polars as pl

from analyzer.model import KEY
from analyzer.places import alike
from analyzer.policy.vocabulary import GROUPS
from analyzer.risks.facts import OUTSIDE, Ground, provider_spend
from analyzer.sums import total
from analyzer.terms import Field, Quadrant, ValueStatus

ALL_PROVIDERS = "All providers"
FULL_INDEX = 10_000  # the Herfindahl-Hirschman index of a single provider
STALE = timedelta(days=365)
UNREAD = (ValueStatus.ERROR.value, ValueStatus.FLAGGED.value)
HARD = ("difficult", "highly complex", "impossible")


def group(name: str, ground: Ground) -> pl.DataFrame:
    """The groups of one kind."""
    frame = _GROUPS[name](ground)
    lacking = [
        measure
        for measure, spec in GROUPS[name].items()
        if any(not ground.inventory.has(source) for source in spec.sources if source is not Field.PROVIDER)
    ]
    return frame.drop(lacking, strict=False)


def _counted(ground: Ground, *columns: pl.Expr | str) -> pl.DataFrame:
    """Some columns of the tasks in totals."""
    return ground.joined.lazy().filter(pl.col("in_totals")).select(*columns).collect(engine="in-memory")


def _providers(ground: Ground) -> pl.DataFrame:
    """Providers of the outsourced and shared tasks; a split counts by its shares, and not at all without them."""
    tasks = _counted(ground, KEY, "sourcing").filter(pl.col("sourcing").is_in(OUTSIDE))
    named = provider_spend(ground).filter(pl.col("spend").is_not_null())
    spend = named.group_by("group", maintain_order=True).agg(
        pl.col("provider").first().alias("subject"), total("spend"), pl.len().alias("known")
    )
    shares = spend.with_columns((pl.col("spend") / pl.col("spend").sum()).alias("spend_share"))
    index = pl.when(pl.len() > 0).then((pl.col("spend_share") ** 2).sum() * FULL_INDEX)
    whole = shares.select(
        pl.lit(ALL_PROVIDERS).alias("subject"),
        index.round(0).alias("hhi"),
        (FULL_INDEX / index).round(1).alias("effective_providers"),
        pl.len().alias("providers"),
        pl.lit(named.get_column(KEY).n_unique()).alias("known"),
    )
    ranked = shares.sort(["spend_share", "subject"], descending=[True, False]).select("subject", "spend_share", "known")
    return _counts(pl.concat([whole, ranked], how="diagonal_relaxed"), tasks.height)


def _counts(frame: pl.DataFrame, tasks: int) -> pl.DataFrame:
    return frame.with_columns(pl.col("known").cast(pl.UInt32), pl.lit(tasks, pl.UInt32).alias("tasks"))


def _countries(ground: Ground) -> pl.DataFrame:
    """Countries outside home; a task of several countries counts by its shares, and not at all without them."""
    tasks = _counted(
        ground,
        pl.col("home"),
        ground.inventory.value(Field.DELIVERY_COUNTRY).alias("subject"),
        ground.inventory.companion("delivery_shares", pl.List(pl.Float64)).alias("share"),
        pl.col("fte_counted").alias("fte"),
        pl.col("cost_counted").alias("cost"),
    )
    alone = pl.col("subject").list.len() == 1
    weighed = tasks.with_columns(
        pl.when(alone)
        .then(pl.lit([1.0]))
        .when(pl.col("subject").list.len() == pl.col("share").list.len())
        .then("share")
        .alias("share")
    ).filter(pl.col("share").is_not_null())
    totals = {name: float(tasks.get_column(name).sum()) for name in ("fte", "cost")}
    known = weighed.get_column("fte").count() or weighed.get_column("cost").count()
    spread = weighed.explode(["subject", "share"], empty_as_null=False, keep_nulls=False)
    abroad = spread.filter(pl.col("subject") != pl.col("home"))
    measures = [
        (total(pl.col(name) * pl.col("share")) / whole if whole else pl.lit(None, pl.Float64)).alias(measure)
        for name, measure, whole in (("fte", "fte_share", totals["fte"]), ("cost", "spend_share", totals["cost"]))
    ]
    return _counts(
        abroad.group_by("subject").agg(*measures).sort("subject").with_columns(pl.lit(known).alias("known")),
        tasks.height,
    )


def _functions(ground: Ground) -> pl.DataFrame:
    inventory = ground.inventory
    name = inventory.value(Field.FUNCTION).str.strip_chars()
    placed = pl.col("sourcing").is_in(["outsourced", "in-house"])
    outsourced, fte = pl.col("outsourced"), pl.col("fte")
    reintegration = pl.col("reintegration").filter(outsourced)
    tasks = _counted(
        ground,
        name.alias("subject"),
        alike(name).alias("group"),
        (pl.col("sourcing") == "outsourced").alias("outsourced"),
        pl.when(placed).then(pl.col("fte_counted")).alias("fte"),
        inventory.value(Field.OWNER),
        inventory.value(Field.REINTEGRATION),
    )
    return (
        tasks.filter(pl.col("group").is_not_null())
        .group_by("group")
        .agg(
            pl.col("subject").first(),
            outsourced.sum().alias("outsourced_tasks"),
            pl.when(total(fte) > 0).then(total(fte.filter(outsourced)) / total(fte)).alias("outsourced_share"),
            pl.col("owner").filter(outsourced).count().alias("owners"),
            pl.when(reintegration.count() > 0).then(reintegration.is_in(HARD).sum()).alias("hard_to_reintegrate"),
            fte.count().alias("known"),
            pl.len().alias("tasks"),
        )
        .sort("group")
        .drop("group")
    )


def _currencies(ground: Ground) -> pl.DataFrame:
    inventory = ground.inventory
    written = inventory.companion(f"{Field.ANNUAL_COST}_currency", pl.String()).alias("subject")
    tasks = _counted(ground, written, inventory.value(Field.ANNUAL_COST).alias("amount"))
    groups = (
        tasks.drop_nulls()
        .group_by("subject")
        .agg(total("amount"), pl.len().alias("known"))
        .sort("subject")
        .with_columns(
            pl.when(pl.col("subject") == ground.amounts.currency)
            .then(pl.lit("no"))
            .otherwise(pl.lit("yes"))
            .alias("foreign")
        )
    )
    return _counts(groups, tasks.height)


def _inventory(ground: Ground) -> pl.DataFrame:
    inventory, tasks = ground.inventory, ground.joined
    away = (pl.col("sourcing") == "outsourced") | pl.col("location").is_in(["offshore", "mixed"])
    old = inventory.value(Field.LAST_REVIEW) < ground.as_of - STALE
    unreadable = sum(int(column.is_in(UNREAD).sum()) for column in inventory.status.drop(KEY))
    return tasks.select(
        pl.lit(inventory.source.name).alias("subject"),
        pl.col("conflict").sum().alias("contradictory"),
        (pl.col("quadrant") == Quadrant.UNDETERMINED.value).sum().alias("undetermined"),
        pl.lit(unreadable).alias("unreadable"),
        (away & old).sum().alias("stale"),
        pl.len().alias("known"),
        pl.len().alias("tasks"),
    )


_GROUPS: dict[str, Callable[[Ground], pl.DataFrame]] = {
    "provider": _providers,
    "country": _countries,
    "function": _functions,
    "currency": _currencies,
    "inventory": _inventory,
}
