"""The live part: formulas over the task sheets' own columns, and the values they have now.

A task's quadrant is *Your quadrant* where that names one of the five, else *Quadrant*. The formulas read whole columns
through defined names, so that sorting, filtering and inserting rows breaks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from analyzer.report.book import palette
from analyzer.report.book.beside import Spot
from analyzer.report.book.tags import YES
from analyzer.sums import total
from analyzer.terms import Quadrant, Severity, TagColumn

_T = TagColumn


@dataclass(frozen=True, slots=True, eq=False)
class Live:
    """Formulas and their values. ``tags`` as ``tags.tagged`` gives them."""

    spots: Sequence[Spot]
    tags: pl.DataFrame

    @property
    def effective(self) -> pl.DataFrame:
        """The tags of all tasks in totals, with ``at``: the quadrant that counts."""
        five = [quadrant.value for quadrant in Quadrant]
        chosen = pl.when(pl.col(_T.YOUR_QUADRANT).is_in(five)).then(pl.col(_T.YOUR_QUADRANT))
        frame = self.tags.filter(pl.col(_T.IN_TOTALS) == YES)
        return frame.with_columns(pl.coalesce(chosen, pl.col(_T.QUADRANT)).alias("at"))

    def tasks(self, quadrant: str, five: str, *more: tuple[TagColumn, str]) -> str:
        """Formula: tasks of a quadrant. ``quadrant`` and ``five`` are cell references to its name and to all names."""
        return self._moved("COUNTIFS(", quadrant, five, more)

    def total(self, column: TagColumn, quadrant: str, five: str) -> str:
        """Formula: the sum of a counted column over a quadrant."""
        return "+".join(self._parts(f"SUMIFS({spot.name(column)},", spot, quadrant, five, ()) for spot in self.spots)

    def outside(self) -> str:
        """Formula: tasks that are not in totals."""
        return "+".join(f'COUNTIFS({spot.name(_T.IN_TOTALS)},"no*")' for spot in self.spots)

    def _moved(self, start: str, quadrant: str, five: str, more: Iterable[tuple[TagColumn, str]]) -> str:
        extra = tuple(more)
        return "+".join(self._parts(start, spot, quadrant, five, extra) for spot in self.spots)

    def _parts(self, start: str, spot: Spot, quadrant: str, five: str, more: Iterable[tuple[TagColumn, str]]) -> str:
        """What the rules say, less what people moved, plus what they chose."""
        rule, yours = spot.name(_T.QUADRANT), spot.name(_T.YOUR_QUADRANT)
        rest = "".join(f",{spot.name(column)},{criterion}" for column, criterion in more)
        rest = f'{spot.name(_T.IN_TOTALS)},"{YES}"{rest})'
        return (
            f"{start}{rule},{quadrant},{rest}"
            f"-SUMPRODUCT({start}{rule},{quadrant},{yours},{five},{rest})"
            f"+{start}{yours},{quadrant},{rest}"
        )

    def tally(self) -> pl.DataFrame:
        """The values now: ``at`` · ``tasks`` · ``fte`` · ``cost`` · ``fte_known`` · ``cost_known`` · a column per
        level, a row per quadrant in their order.
        """  # noqa: D205 - the columns are one list
        levels = [palette.LEVELS[severity.value] for severity in Severity]
        sums = self.effective.group_by("at").agg(
            pl.len().cast(pl.Int64).alias("tasks"),
            total(_T.FTE_COUNTED).alias("fte"),
            total(_T.COST_COUNTED).alias("cost"),
            pl.col(_T.FTE_COUNTED).count().cast(pl.Int64).alias("fte_known"),
            pl.col(_T.COST_COUNTED).count().cast(pl.Int64).alias("cost_known"),
            *((pl.col(_T.RISK_LEVEL) == level).sum().cast(pl.Int64).alias(level) for level in levels),
        )
        every = pl.DataFrame({"at": [quadrant.value for quadrant in Quadrant]})
        return every.join(sums, on="at", how="left", maintain_order="left").fill_null(0)
