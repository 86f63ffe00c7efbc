"""A person's decision to outsource, with a name and a date: what a gate's "decided to stay" gives way to."""

from __future__ import annotations

import polars as pl

from analyzer.model import KEY, Decisions
from analyzer.terms import Quadrant

OUTSOURCED = (Quadrant.OUTSOURCED_ONSHORE.value, Quadrant.OUTSOURCED_OFFSHORE.value)


def approvals(decisions: Decisions) -> pl.DataFrame:
    """``key`` UInt32 · ``approved`` String, who said so and when, one row per task."""
    words = pl.format("outsourcing approved by {}, {}", "decision_owner", "decision_due")
    return (
        decisions.frame.filter(
            pl.col(KEY).is_not_null(),
            pl.col("your_quadrant").is_in(OUTSOURCED),
            pl.col("decision_owner").str.strip_chars() != "",
            pl.col("decision_due").is_not_null(),
        )
        .unique(KEY, keep="last")
        .select(KEY, words.alias("approved"))
    )
