"""What a changed policy would change: the tasks whose tags differ, before and after."""

from __future__ import annotations

import polars as pl

from analyzer.model import KEY, Inventory, Period, Placement
from analyzer.policy import Policy
from analyzer.risks.assessing import assess

NONE = "none"


def differences(
    inventory: Inventory,
    placement: Placement,
    old: Policy,
    new: Policy,
    period: Period,
    *,
    counted: pl.DataFrame | None = None,
    currency: str = "",
) -> pl.DataFrame:
    """Risks of tasks that differ under two policies, by task.

    ``key`` UInt32 · ``risk`` String · ``before`` · ``after`` String, a severity or none · ``score_before`` ·
    ``score_after`` UInt8 (null for risks with a severity by rule) · ``level_before`` · ``level_after`` String.
    """
    first, second = (
        assess(inventory, placement, policy, period, counted=counted, currency=currency) for policy in (old, new)
    )
    scores = [one.scores.select(KEY, "risk", "severity", "residual") for one in (first, second)]
    joined = scores[0].join(scores[1], on=[KEY, "risk"], how="full", coalesce=True, suffix="_after")
    changed = joined.filter(
        pl.col("severity").ne_missing(pl.col("severity_after"))
        | pl.col("residual").ne_missing(pl.col("residual_after"))
    )
    before, after = (one.rows.select(KEY, "risk_level") for one in (first, second))
    levels = before.join(after, on=KEY, suffix="_after")
    return (
        changed.join(levels, on=KEY, how="left")
        .select(
            KEY,
            "risk",
            pl.col("severity").fill_null(NONE).alias("before"),
            pl.col("severity_after").fill_null(NONE).alias("after"),
            pl.col("residual").alias("score_before"),
            pl.col("residual_after").alias("score_after"),
            pl.col("risk_level").alias("level_before"),
            pl.col("risk_level_after").alias("level_after"),
        )
        .sort(KEY, "risk")
    )
