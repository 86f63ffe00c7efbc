"""What people decided goes before the rules; what the rules said stays beside it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analyzer.model import KEY, Decisions, Finding
from analyzer.terms import PLACED, Confidence, Location, Quadrant, Sourcing

_SIDES = {
    Quadrant.INHOUSE_ONSHORE: (Sourcing.IN_HOUSE, Location.ONSHORE),
    Quadrant.OUTSOURCED_ONSHORE: (Sourcing.OUTSOURCED, Location.ONSHORE),
    Quadrant.INHOUSE_OFFSHORE: (Sourcing.IN_HOUSE, Location.OFFSHORE),
    Quadrant.OUTSOURCED_OFFSHORE: (Sourcing.OUTSOURCED, Location.OFFSHORE),
    Quadrant.UNDETERMINED: (Sourcing.UNKNOWN, Location.UNKNOWN),
}


@dataclass(frozen=True, slots=True, eq=False)
class Overridden:
    """The placements after people's decisions, and what is to be said of those."""

    frame: pl.DataFrame
    findings: tuple[Finding, ...]


def overridden(frame: pl.DataFrame, decisions: Decisions) -> Overridden:
    """The placements with ``quadrant`` · ``overridden`` and the effective axes.

    An axis that a person did not change keeps its value, a split its share. A decision counts as high confidence and
    settles a conflict.
    """
    given = decisions.frame.filter(pl.col(KEY).is_not_null() & pl.col("your_quadrant").is_not_null())
    valid = given.filter(pl.col("your_quadrant").is_in([quadrant.value for quadrant in Quadrant]))
    chosen = valid.unique(KEY, keep="last").select(KEY, "your_quadrant", pl.col("cell").alias("written"))
    joined = frame.join(chosen, on=KEY, how="left", maintain_order="left")
    decided = pl.col("your_quadrant").is_not_null()
    placed = joined.with_columns(
        pl.coalesce("your_quadrant", "rule_quadrant").alias("quadrant"),
        decided.alias("overridden"),
        pl.col("conflict") & ~decided,
        pl.when(decided).then(pl.lit(Confidence.HIGH.value)).otherwise(pl.col("confidence")).alias("confidence"),
        pl.when(decided).then(_why()).otherwise(pl.col("why")).alias("why"),
        *_effective("sourcing", 0),
        *_effective("location", 1),
    )
    onshore = pl.col("overridden") & (pl.col("location") == Location.ONSHORE)
    offshore = pl.col("overridden") & (pl.col("location") == Location.OFFSHORE)
    unknown = pl.col("overridden") & (pl.col("location") == Location.UNKNOWN)
    share = pl.when(onshore).then(0.0).when(offshore).then(1.0).when(~unknown).then(pl.col("offshore_share"))
    return Overridden(placed.with_columns(share.alias("offshore_share")), _findings(given, valid, placed))


def _why() -> pl.Expr:
    cell = pl.format(" ({})", "written").fill_null("")
    return pl.format(
        'Your quadrant = "{}"{}, set by a person; the rules say {}: {}',
        "your_quadrant",
        cell,
        "rule_quadrant",
        "why",
    )


def _effective(axis: str, side: int) -> list[pl.Expr]:
    """The axis after a decision: its value where it is the decided one, else the decided one with its own sentence."""
    values = {quadrant.value: sides[side].value for quadrant, sides in _SIDES.items()}
    wanted = pl.col("your_quadrant").replace_strict(values, default=None, return_dtype=pl.String)
    changed = wanted.is_not_null() & (wanted != pl.col(f"{axis}_counted"))
    decided = pl.col("your_quadrant").is_not_null()
    return [
        pl.when(changed).then(wanted).otherwise(pl.col(axis)).alias(axis),
        pl.coalesce(wanted, f"{axis}_counted").alias(f"{axis}_counted"),
        pl.when(decided)
        .then(pl.lit(Confidence.HIGH.value))
        .otherwise(pl.col(f"{axis}_confidence"))
        .alias(f"{axis}_confidence"),
        pl.when(changed)
        .then(pl.format("Set by a person: {}; the rules say: {}", wanted, f"{axis}_why"))
        .otherwise(pl.col(f"{axis}_why"))
        .alias(f"{axis}_why"),
    ]


def _findings(given: pl.DataFrame, valid: pl.DataFrame, placed: pl.DataFrame) -> tuple[Finding, ...]:
    found = []
    count = placed.filter("overridden").height
    if count:
        cells = valid.get_column("cell").drop_nulls().head(5)
        found.append(Finding("quadrant-decided", tuple(cells), count))
    unknown = given.join(valid, on=KEY, how="anti")
    if unknown.height:
        cells = unknown.get_column("cell").drop_nulls().head(5)
        words = ", ".join(unknown.get_column("your_quadrant").unique().sort().head(3))
        known = ", ".join(quadrant.value for quadrant in PLACED)
        found.append(Finding("quadrant-not-known", tuple(cells), unknown.height, {"said": words, "known": known}))
    return tuple(found)
