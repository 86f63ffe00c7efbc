"""Amounts added up so that the same rows give the same sum to the last digit."""

from __future__ import annotations

import polars as pl


def total(amount: str | pl.Expr) -> pl.Expr:
    """The sum of a column of numbers within each group, added in the order of its rows; 0 where nothing is known.

    A bare ``sum`` is added in parts by several threads, and which part comes first differs from run to run.
    """
    return (pl.col(amount) if isinstance(amount, str) else amount).drop_nulls().sum()
