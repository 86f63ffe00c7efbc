"""The gates' answers joined: what each quadrant is for a task, and why."""

from __future__ import annotations

import polars as pl

from analyzer.evidence import joined_labels
from analyzer.feasibility.gates import WORST_FIRST, Ground, unchecked, verdicts
from analyzer.model import KEY
from analyzer.policy.schema import Feasibility as Gates
from analyzer.terms import PLACED, Feasibility, Quadrant

ALWAYS = "No gate stands before it"
NOTHING = "No rule stands against it"


def quadrants(ground: Ground, gates: Gates, hints: pl.DataFrame) -> pl.DataFrame:
    """``key`` and per quadrant of ``PLACED`` its ``Feasibility`` and, as ``<quadrant> why``, what decided it.

    ``hints``: ``key`` · ``hint``, what words suggest of a task's place.
    """
    offshore, outsource = verdicts(ground, gates.offshore), verdicts(ground, gates.outsource)
    frame = pl.DataFrame(
        [
            ground.frame.get_column(KEY),
            offshore.get_column("verdict").alias("offshore"),
            offshore.get_column("said").alias("offshore said"),
            outsource.get_column("verdict").alias("outsource"),
            outsource.get_column("said").alias("outsource said"),
            unchecked(ground, gates.offshore).alias("offshore unchecked"),
            unchecked(ground, gates.outsource).alias("outsource unchecked"),
            unchecked(ground, (*gates.offshore, *gates.outsource)).alias("unchecked"),
        ]
    ).join(hints, on=KEY, how="left", maintain_order="left")
    far, away = _rank("offshore"), _rank("outsource")
    worst = (
        pl.when(far < away)
        .then("offshore said")
        .when(away < far)
        .then("outsource said")
        .otherwise(pl.concat_str("offshore said", "outsource said", separator="; "))
    )
    return frame.select(
        KEY,
        *_named(Quadrant.INHOUSE_ONSHORE, pl.lit(Feasibility.FEASIBLE.value), pl.lit(ALWAYS)),
        *_named(
            Quadrant.OUTSOURCED_ONSHORE, pl.col("outsource"), _why(pl.col("outsource said"), "outsource unchecked")
        ),
        *_named(
            Quadrant.INHOUSE_OFFSHORE, pl.col("offshore"), _why(pl.col("offshore said"), "offshore unchecked", "hint")
        ),
        *_named(
            Quadrant.OUTSOURCED_OFFSHORE,
            pl.when(far <= away).then("offshore").otherwise("outsource"),
            _why(worst, "unchecked", "hint"),
        ),
    )


def _why(said: pl.Expr, unasked: str, *also: str) -> pl.Expr:
    """The rules that hold; else that none does and what could not be asked; then what words suggest."""
    open_ = (
        pl.when(pl.col(unasked) == "")
        .then(pl.lit(NOTHING))
        .otherwise(pl.format("{}; not assessed: {}", pl.lit(NOTHING), unasked))
    )
    return pl.concat_str(pl.coalesce(said, open_), *also, separator="; ", ignore_nulls=True)


def could_move_to(quadrants: pl.DataFrame, own: pl.Series) -> pl.Series:
    """String per task: the feasible quadrants other than its ``own``, in one text."""
    frame = quadrants.with_columns(own.alias("own"))
    open_ = {
        quadrant.value: (pl.col(quadrant.value) == Feasibility.FEASIBLE) & (pl.col("own") != quadrant.value)
        for quadrant in PLACED
    }
    return joined_labels(frame, open_).alias("could_move_to")


def _named(quadrant: Quadrant, verdict: pl.Expr, why: pl.Expr) -> list[pl.Expr]:
    return [verdict.alias(quadrant.value), why.alias(f"{quadrant.value} why")]


def _rank(gate: str) -> pl.Expr:
    ranks = {verdict.value: rank for rank, verdict in enumerate(WORST_FIRST)}
    return pl.col(gate).replace_strict(ranks, return_dtype=pl.UInt8)
