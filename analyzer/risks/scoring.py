"""Points and credits to inherent and residual scores, in whole numbers, so that every sum re-adds exactly.

``inherent = min(100, base + points)``; ``credit = min(cap, credits)``; ``residual = inherent x (1 - credit)``, not
under the floor where the inherent score is High, nor under its band's edge without enough evidenced controls.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analyzer.policy import Policy
from analyzer.policy.levels import Level
from analyzer.risks.book import Chapter, Entry
from analyzer.terms import Severity

POINT = 1_000  # points are counted in thousandths,
CREDIT = 1_000_000  # credits in millionths,
SCORE = POINT * CREDIT  # so a score is exact in these units: 100 of them fit a 64-bit integer many times over
TOP = 100
RANKS = {Severity.NOT_ASSESSED: 0, Severity.LOW: 1, Severity.MEDIUM: 2, Severity.HIGH: 3}


@dataclass(frozen=True, slots=True)
class Scale:
    """The policy's numbers in whole units."""

    medium: int
    high: int
    cap: int
    floor: int
    stated: int
    controls: int

    @classmethod
    def of(cls, policy: Policy) -> Scale:
        """The scale of a policy."""
        scoring = policy.scoring
        return cls(
            medium=round(policy.bands.medium * POINT) * CREDIT,
            high=round(policy.bands.high * POINT) * CREDIT,
            cap=round(scoring.credit_cap * CREDIT),
            floor=round(scoring.floor * POINT) * CREDIT,
            stated=round(scoring.stated_share * CREDIT),
            controls=scoring.controls_to_leave_band,
        )

    def credit(self, level: Level, *, evidenced: bool) -> int:
        """A control's credit in millionths, as evidenced or as a bare statement."""
        full = round(level.weight * CREDIT)
        return full if evidenced else full * self.stated // CREDIT

    def severity(self, score: pl.Expr) -> pl.Expr:
        """Band of a printed score, a whole number of points."""
        exact = score.cast(pl.Int64) * SCORE
        return (
            pl.when(exact >= self.high)
            .then(pl.lit(Severity.HIGH.value))
            .when(exact >= self.medium)
            .then(pl.lit(Severity.MEDIUM.value))
            .otherwise(pl.lit(Severity.LOW.value))
        )

    def edge(self, score: pl.Expr) -> pl.Expr:
        """Lower edge of the band of a printed score, in score units."""
        exact = score.cast(pl.Int64) * SCORE
        return pl.when(exact >= self.high).then(self.high).when(exact >= self.medium).then(self.medium).otherwise(0)


def scored(outcomes: pl.DataFrame, chapter: Chapter, scale: Scale) -> pl.DataFrame:
    """Scores of one risk with all steps between, a row per task given.

    Adds ``sum`` and ``over`` (points above 100), ``credits`` and ``over_credit`` (credits above the cap), ``floor``
    and ``edge`` (what each lifts), all Int64 in the units of this module; ``inherent`` and ``residual`` UInt8;
    ``inherent_severity`` and ``severity`` String.
    """
    points = pl.sum_horizontal(_points(entry) for entry in chapter.of("base", "points"))
    controls = chapter.of("credit")
    earned = pl.sum_horizontal([pl.lit(0, pl.Int64), *(_credit(entry, scale) for entry in controls)])
    proven = pl.sum_horizontal([pl.lit(0, pl.Int64), *(_proven(entry) for entry in controls)])
    top, taken = pl.col("sum") - pl.col("over"), pl.col("credits") - pl.col("over_credit")
    reduced = top * (CREDIT - taken)
    floored = pl.max_horizontal(
        "reduced", pl.when(pl.col("inherent_severity") == Severity.HIGH.value).then(scale.floor)
    )
    edge = pl.when(pl.col("proven") < scale.controls).then(scale.edge(pl.col("inherent"))).otherwise(0)
    return (
        outcomes.lazy()
        .with_columns(points.alias("sum"), earned.alias("credits"), proven.alias("proven"))
        .with_columns(
            (pl.col("sum") - TOP * POINT).clip(lower_bound=0).alias("over"),
            (pl.col("credits") - scale.cap).clip(lower_bound=0).alias("over_credit"),
        )
        .with_columns(_half_up(top * CREDIT).alias("inherent"), reduced.alias("reduced"))
        .with_columns(scale.severity(pl.col("inherent")).alias("inherent_severity"))
        .with_columns(floored.alias("floored"))
        .with_columns(pl.max_horizontal(pl.col("floored"), pl.min_horizontal(edge, top * CREDIT)).alias("lifted"))
        .with_columns(
            (pl.col("floored") - pl.col("reduced")).alias("floor"),
            (pl.col("lifted") - pl.col("floored")).alias("edge"),
            _half_up(pl.col("lifted")).alias("residual"),
        )
        .with_columns(scale.severity(pl.col("residual")).alias("severity"))
        .drop("reduced", "floored", "lifted")
        .collect(engine="in-memory")
    )


def by_level(entry: Entry, values: list[int]) -> pl.Expr:
    """Int64 for the level that held, 0 where none did or it is not assessed."""
    held = pl.col(entry.column)
    chain: pl.Expr = pl.lit(0, pl.Int64)
    for number, value in enumerate(values, start=1):
        if value:
            chain = pl.when(held == number).then(pl.lit(value, pl.Int64)).otherwise(chain)
    return chain


def _points(entry: Entry) -> pl.Expr:
    return by_level(entry, [round(level.weight * POINT) for level in entry.levels])


def _credit(entry: Entry, scale: Scale) -> pl.Expr:
    full, stated = ([scale.credit(level, evidenced=proven) for level in entry.levels] for proven in (True, False))
    return pl.when(pl.col(entry.evidence_column)).then(by_level(entry, full)).otherwise(by_level(entry, stated))


def _proven(entry: Entry) -> pl.Expr:
    return (pl.col(entry.column) > 0) & pl.col(entry.evidence_column)


def _half_up(score: pl.Expr) -> pl.Expr:
    return ((score + SCORE // 2) // SCORE).cast(pl.UInt8)
