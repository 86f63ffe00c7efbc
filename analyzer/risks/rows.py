"""What the task sheet shows of the risks: level, titles, reasons, and what could not be assessed."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from analyzer.model import KEY
from analyzer.policy import Policy
from analyzer.risks.scoring import RANKS
from analyzer.terms import Severity

NOTHING_FOUND = "No risk of its own found."
ENDED = "Ended: risks are not assessed."
AXIS_UNKNOWN = "Not assessed: who performs the task or where is unknown."


def rows(
    scores: pl.DataFrame, undecided: Mapping[str, pl.Series], policy: Policy, placed: pl.DataFrame
) -> pl.DataFrame:
    """``key`` · ``risk_level`` · ``risks`` · ``why`` · ``not_assessed``, a row per task in key order."""
    listed = _listed(scores, policy)
    axis = [slug for slug, keys in undecided.items() if policy.risk[slug].scored and len(keys)]
    unknown = pl.concat([pl.Series(KEY, [], pl.UInt32), *(undecided[slug] for slug in axis)]).unique()
    ended = pl.col("outside").eq_missing("ended")
    silent = (
        pl.when(ended)
        .then(pl.lit(ENDED))
        .when(pl.col("axis"))
        .then(pl.lit(AXIS_UNKNOWN))
        .otherwise(pl.lit(NOTHING_FOUND))
    )
    level = (
        pl.when(ended | pl.col("axis")).then(pl.lit(Severity.NOT_ASSESSED.value)).otherwise(pl.lit(Severity.LOW.value))
    )
    return (
        placed.select(KEY, "outside")
        .with_columns(pl.col(KEY).is_in(unknown.implode()).alias("axis"))
        .join(listed, on=KEY, how="left", maintain_order="left")
        .select(
            KEY,
            pl.coalesce("risk_level", level),
            pl.col("risks").fill_null(""),
            pl.coalesce("why", silent),
            _gaps(undecided, policy).alias("not_assessed"),
        )
    )


def _listed(scores: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The assessed risks of each task, worst first: severity, then score, then the order of the policy."""
    titles = policy.titles()
    order = {slug: number for number, slug in enumerate(titles)}
    ranks = {severity.value: rank for severity, rank in RANKS.items()}
    return (
        scores.lazy()
        .filter(pl.col("severity") != Severity.NOT_ASSESSED.value)
        .with_columns(
            pl.col("severity").replace_strict(ranks, return_dtype=pl.Int8).alias("rank"),
            pl.col("risk").replace_strict(order, return_dtype=pl.UInt16).alias("order"),
            pl.col("risk").replace_strict(titles, return_dtype=pl.String).alias("title"),
        )
        .sort([KEY, "rank", "residual", "order"], descending=[False, True, True, False], nulls_last=True)
        .group_by(KEY, maintain_order=True)
        .agg(
            pl.col("severity").first().cast(pl.String).alias("risk_level"),
            pl.col("title").str.join(", ").alias("risks"),
            pl.col("why").str.join(" "),
        )
        .collect(engine="in-memory")
    )


def _gaps(undecided: Mapping[str, pl.Series], policy: Policy) -> pl.Expr:
    """Titles of the risks that could not be assessed, per task."""
    titles = [
        pl.when(pl.col(KEY).is_in(keys.implode())).then(pl.lit(policy.risk[slug].title))
        for slug, keys in undecided.items()
    ]
    return pl.concat_str(pl.lit(None, pl.String), *titles, separator=", ", ignore_nulls=True)
