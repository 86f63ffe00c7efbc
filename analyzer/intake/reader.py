"""What a reader of values is given, and the form of its answer.

A reader gets the distinct cells of one column: ``text`` String, stripped · ``folded`` String, ``spelling.fold`` of it
· ``kind`` UInt8 (``tab.CellKind``) · ``home`` String. It answers row by row: ``value``, of the field's dtype, null
where it was not read · ``code`` String, the finding that goes with the cell or null · companions. A value without a
code was accepted, a value with one was corrected, a code without a value flags the cell; neither means that the
reader could make nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from analyzer.compiled import toml
from analyzer.settings import Settings
from analyzer.terms import Field


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The sheet a column stands in: its ``raw`` texts, the headers of its fields, the company's settings."""

    name: str
    raw: pl.DataFrame
    headers: Mapping[Field, str]
    settings: Settings
    date1904: bool = False

    def texts(self, field: Field) -> pl.Series:
        """Distinct non-blank texts of another column of the sheet; empty where it has none."""
        if field not in self.raw.columns:
            return pl.Series(dtype=pl.String)
        texts = self.raw[field].str.strip_chars()
        return texts.filter(texts != "").unique()


Reader = Callable[[pl.DataFrame, Field, Sheet], pl.DataFrame]


@cache
def data(name: str) -> dict[str, Any]:
    """A word list of this room: ``words``, ``amounts``, ``calendar``."""
    return toml(Path(__file__).with_name(f"{name}.toml"))


def code(condition: pl.Expr, name: str) -> pl.Expr:
    """A finding's code where ``condition`` holds, else null."""
    return pl.when(condition).then(pl.lit(name))


def in_turn(texts: pl.Series, ways: Iterable[Callable[[pl.Series], pl.Series]], kind: type[pl.DataType]) -> pl.Series:
    """What ``ways`` to read make of texts (of dtype ``kind``): each is asked for what those before it left null."""
    read = pl.Series([None], dtype=kind).new_from_index(0, texts.len())
    for way in ways:
        left = (read.is_null() & texts.is_not_null()).arg_true()
        if left.is_empty():
            break
        read = read.scatter(left, way(texts.gather(left)))
    return read
