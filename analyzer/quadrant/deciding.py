"""A decision table over a frame: the first case that holds decides a row, and says so in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from analyzer.model import KEY
from analyzer.terms import Confidence, Field

CHOSEN = "chosen"
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Case:
    """A line of the decision table.

    ``number`` is that of docs/quadrants.md, 0 for what needs no special case; ``when`` a Boolean expression, null
    reads as false; ``value`` the axis' value, ``counted`` the one that a split task is joined by where it differs;
    ``why`` a sentence whose ``{slots}`` are phrases. ``finding`` and ``cell`` tell whoever has to look at it.
    """

    number: int
    when: pl.Expr
    value: str
    confidence: Confidence
    why: str
    counted: str = ""
    conflict: bool = False
    finding: str = ""
    cell: Field | None = None
    capped: bool = False  # rests on a column whose header is ambiguous, where it is one


def choose(frame: pl.DataFrame, cases: Sequence[Case]) -> pl.Series:
    """UInt8 position of the first case that holds for each row. The last case must hold everywhere."""
    first = pl.coalesce(pl.when(case.when).then(pl.lit(n, pl.UInt8)) for n, case in enumerate(cases))
    return frame.select(first).to_series()


def looked_up(chosen: pl.Series, values: Sequence[str | int | bool | None], kind: pl.DataType) -> pl.Series:
    """What each row's case says in one column of the table."""
    return pl.Series(values, dtype=kind).gather(chosen)


def sentences(
    frame: pl.DataFrame, chosen: pl.Series, cases: Sequence[Case], phrases: Mapping[str, pl.Expr]
) -> pl.Series:
    """Each row's sentence. Only the rows of a case are written with its words, so the time is linear in rows."""
    marked = frame.with_columns(chosen.alias(CHOSEN)).lazy()
    parts = [
        marked.filter(pl.col(CHOSEN) == n).select(KEY, worded(cases[n].why, phrases).alias("why"))
        for n in sorted(chosen.unique())
    ]
    written = pl.concat(pl.collect_all(parts)) if parts else pl.DataFrame(schema={KEY: pl.UInt32, "why": pl.String})
    return written.sort(KEY).get_column("why")


def worded(why: str, phrases: Mapping[str, pl.Expr]) -> pl.Expr:
    """A sentence as a String expression; a phrase without a value reads as a question mark, never as no sentence."""
    slots = [phrases[name].fill_null("?") for name in _SLOT.findall(why)]
    return pl.format(_SLOT.sub("{}", why), *slots) if slots else pl.lit(why)
