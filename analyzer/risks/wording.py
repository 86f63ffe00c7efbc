"""Values and numbers as a reader sees them: the cell as read, shares in percent, points without idle decimals."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from analyzer.fields import Kind
from analyzer.model import Inventory
from analyzer.policy.vocabulary import Name, names

MINUS = "\N{MINUS SIGN}"
ARROW = "\N{RIGHTWARDS ARROW}"
LONGEST = 80  # characters of a cell shown inside a sentence


def cells(raw: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """The cells of some fields as sentences show them: on one line, at most ``LONGEST`` characters."""
    return pl.DataFrame([_tidy(raw.get_column(name)).alias(f"raw {name}") for name in names if name in raw.columns])


def _tidy(column: pl.Series) -> pl.Series:
    """Most columns are short lines already: a look is cheaper than cleaning a million cells."""
    longest = column.str.len_bytes().max()
    if not column.str.contains("\n", literal=True).any() and (not isinstance(longest, int) or longest <= LONGEST):
        return column
    return column.str.replace_all(r"\s+", " ").str.strip_chars().str.slice(0, LONGEST)


def shown(name: str, inventory: Inventory, columns: frozenset[str]) -> pl.Expr:
    """A field's cell as read, a fact as computed: String over a frame with facts and ``cells``."""
    if name not in columns:
        return pl.lit(None, pl.String)
    return pl.col(f"raw {name}") if name in inventory.raw.columns else typed(names()[name])


def typed(name: Name) -> pl.Expr:
    """A typed value in words."""
    column = pl.col(name.name)
    if name.unit == "share":
        return pl.format("{} %", (column * 100).round(0, mode="half_away_from_zero").cast(pl.Int64))
    if name.kind in {Kind.NUMBER, Kind.MONEY}:
        return column.round(2).cast(pl.String).str.replace(r"\.0$", "")
    if name.kind in {Kind.TEXTS, Kind.PLACES}:
        return column.list.join(", ")
    return column.cast(pl.String)


def plain(number: float) -> str:
    """12.0 -> "12", 8.4 -> "8.4"."""
    return f"{number:.3f}".rstrip("0").rstrip(".")


def percent(credit: float) -> str:
    """0.084 -> "8.4 %"."""
    return f"{plain(credit * 100)} %"
