"""Two periods under one policy: the bridge that reconciles, the 5x5 matrix, and each change with its input."""

from __future__ import annotations

import polars as pl

from analyzer.fields import FIELDS
from analyzer.history.matching import identities, named, suggestions
from analyzer.model import KEY, LEFT_OUT, Analysis, Movement
from analyzer.sums import total
from analyzer.terms import Field, Quadrant, Severity

MEASURES = ("tasks", "fte", "cost")
ALL = "All"
ADDED, REMOVED = "added", "removed"
_UNCOMPARED = {Field.TASK_ID, Field.DESCRIPTION}
_CHANGES: dict[str, pl.DataType] = {
    KEY: pl.UInt32(),
    "task_id": pl.String(),
    "task_name": pl.String(),
    "kind": pl.String(),
    "before": pl.String(),
    "after": pl.String(),
    "field": pl.String(),
    "why": pl.String(),
}


def compare(
    before: Analysis,
    current: Analysis,
    *,
    trend: pl.DataFrame | None = None,
    restated: bool = True,
) -> Movement:
    """What moved between two periods, both placed and assessed under the same policy.

    ``trend`` holds earlier periods as ``Movement.trend`` documents; ``restated`` says that the earlier period was
    first reported under another policy, or that nothing is known of it.
    """
    pairs = _pairs(before, current)
    inputs = _inputs(before, current, pairs)
    changes = _changes(pairs, inputs)
    return Movement(
        previous=before.period,
        restated=restated,
        bridge=_bridge(pairs),
        matrix=_matrix(pairs),
        changes=changes,
        changed=_column(changes),
        trend=_trend(before, current, trend),
        suggested=suggestions(pairs.filter(pl.col("now").is_null()), pairs.filter(pl.col("then").is_null())),
    )


def _side(analysis: Analysis) -> pl.DataFrame:
    """A task in totals a row: identity, names, quadrant, amounts and risk level."""
    placed = analysis.placement.frame.select(KEY, "quadrant", "in_totals")
    level = analysis.assessment.rows.select(KEY, "risk_level")
    names = named(analysis.inventory)
    joined = names.join(identities(names), on=KEY, maintain_order="left").join(placed, on=KEY, maintain_order="left")
    joined = joined.join(analysis.summary.counted, on=KEY, maintain_order="left").join(
        level, on=KEY, maintain_order="left"
    )
    return joined.filter("in_totals").select(
        KEY, "identity", "task_id", "task_name", "quadrant", "risk_level", pl.lit(1.0).alias("tasks"), "fte", "cost"
    )


def _pairs(before: Analysis, current: Analysis) -> pl.DataFrame:
    """A task a row, of either period: ``then`` and ``now`` are its quadrants, null where it was not in totals."""
    left = _side(before).rename({"quadrant": "then", "risk_level": "level_then", KEY: "key_then"})
    right = _side(current).rename({"quadrant": "now", "risk_level": "level_now"})
    paired = left.join(right, on="identity", how="full", suffix="_now", coalesce=True, maintain_order="right_left")
    return paired.select(
        KEY,
        "key_then",
        pl.coalesce("task_id_now", "task_id").alias("task_id"),
        pl.coalesce("task_name_now", "task_name").alias("task_name"),
        "then",
        "now",
        "level_then",
        "level_now",
        *(pl.col(name).fill_null(0.0).alias(f"{name}_then") for name in MEASURES),
        *(pl.col(f"{name}_now").fill_null(0.0).alias(f"{name}_now") for name in MEASURES),
    )


def _bridge(pairs: pl.DataFrame) -> pl.DataFrame:
    """Opening + added − removed + moved in − moved out + changed = closing, for each measure and quadrant."""
    groups = [*(quadrant.value for quadrant in Quadrant), ALL]
    return pl.concat(_bridge_of(pairs, measure, group) for measure in MEASURES for group in groups)


def _bridge_of(pairs: pl.DataFrame, measure: str, group: str) -> pl.DataFrame:
    everywhere = group == ALL
    was = pl.col("then").is_not_null() if everywhere else pl.col("then").eq_missing(group)
    is_ = pl.col("now").is_not_null() if everywhere else pl.col("now").eq_missing(group)
    then, now = pl.col(f"{measure}_then"), pl.col(f"{measure}_now")
    new, gone = pl.col("then").is_null(), pl.col("now").is_null()
    sums = pairs.select(
        then.filter(was).sum().alias("opening"),
        now.filter(is_ & new).sum().alias(ADDED),
        then.filter(was & gone).sum().alias(REMOVED),
        now.filter(is_ & ~was & ~new).sum().alias("moved_in"),
        then.filter(was & ~is_ & ~gone).sum().alias("moved_out"),
        (now - then).filter(was & is_).sum().alias("changed"),
        now.filter(is_).sum().alias("closing"),
    )
    return sums.select(pl.lit(measure).alias("measure"), pl.lit(group).alias("quadrant"), pl.all())


def _matrix(pairs: pl.DataFrame) -> pl.DataFrame:
    gone, after = pl.col("now").is_null(), pl.col("now").fill_null(REMOVED)
    return (
        pairs.with_columns(pl.col("then").fill_null(ADDED).alias("before"), after.alias("after"))
        .group_by("before", "after")
        .agg(
            pl.len().cast(pl.UInt32).alias("tasks"),
            total(pl.when(gone).then("fte_then").otherwise("fte_now")).alias("fte"),
            total(pl.when(gone).then("cost_then").otherwise("cost_now")).alias("cost"),
        )
        .sort("before", "after")
    )


def _inputs(before: Analysis, current: Analysis, pairs: pl.DataFrame) -> pl.DataFrame:
    """A changed cell a row: ``key`` · ``field`` · ``before`` · ``after``, as written in the two files."""
    both = pairs.filter(pl.col("then").is_not_null() & pl.col("now").is_not_null()).select(KEY, "key_then")
    names = [
        name
        for name in FIELDS
        if name not in _UNCOMPARED and name in before.inventory.raw.columns and name in current.inventory.raw.columns
    ]
    now = both.join(current.inventory.raw.select(KEY, *names), on=KEY)
    then = before.inventory.raw.select(
        pl.col(KEY).alias("key_then"), *(pl.col(name).alias(f"{name} then") for name in names)
    )
    side = now.join(then, on="key_then")
    found = [_differing(side, name) for name in names]
    empty = pl.DataFrame(schema={KEY: pl.UInt32, "field": pl.String, "before": pl.String, "after": pl.String})
    return pl.concat([empty, *found])


def _differing(side: pl.DataFrame, name: str) -> pl.DataFrame:
    now, then = (pl.col(column).fill_null("").str.strip_chars() for column in (name, f"{name} then"))
    named = (now != LEFT_OUT) & (then != LEFT_OUT)  # a name kept by neither month cannot have changed
    return side.filter(now != then, named).select(
        KEY, pl.lit(str(name)).alias("field"), then.alias("before"), now.alias("after")
    )


def _changes(pairs: pl.DataFrame, inputs: pl.DataFrame) -> pl.DataFrame:
    told = (
        inputs.select(KEY, _told().alias("told")).group_by(KEY, maintain_order=True).agg(pl.col("told").str.join("; "))
    )
    rows = pairs.join(told, on=KEY, how="left", maintain_order="left")
    new, gone = pl.col("then").is_null(), pl.col("now").is_null()
    high = Severity.HIGH.value
    was_high, is_high = pl.col("level_then").eq_missing(high), pl.col("level_now").eq_missing(high)
    kinds = {
        "added": (new, pl.lit(None), pl.col("now")),
        "gone": (gone, pl.col("then"), pl.lit(None)),
        "moved": (~new & ~gone & (pl.col("then") != pl.col("now")), pl.col("then"), pl.col("now")),
        "new High": (is_high & ~was_high, pl.col("level_then"), pl.col("level_now")),
        "closed High": (was_high & ~is_high, pl.col("level_then"), pl.col("level_now")),
    }
    why = pl.col("told").fill_null("").alias("why")
    field = pl.lit(None, pl.String).alias("field")
    whole = [
        rows.filter(when).select(
            *(KEY, "task_id", "task_name"),
            pl.lit(kind).alias("kind"),
            before.cast(pl.String).alias("before"),
            after.cast(pl.String).alias("after"),
            field,
            why,
        )
        for kind, (when, before, after) in kinds.items()
    ]
    cells = inputs.join(pairs.select(KEY, "task_id", "task_name"), on=KEY, maintain_order="left").select(
        KEY, "task_id", "task_name", pl.lit("changed").alias("kind"), "before", "after", "field", _told().alias("why")
    )
    return pl.concat([*whole, cells]).select(pl.col(name).cast(kind) for name, kind in _CHANGES.items())


def _told() -> pl.Expr:
    titles = {str(name): spec.title for name, spec in FIELDS.items()}
    shown = [pl.when(pl.col(side) == "").then(pl.lit("blank")).otherwise(pl.col(side)) for side in ("before", "after")]
    return pl.format("{}: {} → {}", pl.col("field").replace(titles), *shown)


def _column(changes: pl.DataFrame) -> pl.DataFrame:
    """The sentence of the *Changed* column, a task a row."""
    kind, why = pl.col("kind"), pl.col("why")
    because = pl.when(why != "").then(": " + why).otherwise(pl.lit(""))
    text = (
        pl.when(kind == "added")
        .then(pl.lit("New"))
        .when(kind == "moved")
        .then(pl.format("Moved from {} to {}{}", "before", "after", because))
        .when(kind == "new High")
        .then(pl.lit("Risk level now High"))
        .when(kind == "closed High")
        .then(pl.lit("Risk level no longer High"))
        .when(kind == "changed")
        .then(why)
    )
    told = changes.filter(pl.col(KEY).is_not_null()).select(KEY, "kind", text.alias("text"))
    moved = told.filter(pl.col("kind") == "moved").select(KEY)
    told = told.filter(pl.col("kind") != "changed").vstack(
        told.filter(pl.col("kind") == "changed").join(moved, on=KEY, how="anti")
    )
    return told.group_by(KEY, maintain_order=True).agg(pl.col("text").drop_nulls().str.join(". ")).sort(KEY)


def _trend(before: Analysis, current: Analysis, earlier: pl.DataFrame | None) -> pl.DataFrame:
    own = pl.concat([trend_of(before), trend_of(current)])
    if earlier is None:
        return own
    older = earlier.filter(~pl.col("period").is_in(own.get_column("period").implode()))
    return pl.concat([older.select(own.columns), own]).sort("period", maintain_order=True)


def trend_of(analysis: Analysis) -> pl.DataFrame:
    """A period as lines of the trend: ``period`` · ``quadrant`` · ``tasks`` · ``fte`` · ``cost`` · ``high``."""
    rows = [
        (str(analysis.period), quadrant.value, tally.tasks, tally.fte, tally.cost, tally.high)
        for quadrant, tally in analysis.summary.quadrants.items()
    ]
    schema = {
        "period": pl.String,
        "quadrant": pl.String,
        "tasks": pl.UInt32,
        "fte": pl.Float64,
        "cost": pl.Float64,
        "high": pl.UInt32,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
