"""A column of texts through the readers, for the tests of values."""

from __future__ import annotations

from typing import Any

import polars as pl

from analyzer.fields import FIELDS
from analyzer.intake.values import ValueContext, ValuesRead, read_values
from analyzer.model import Column
from analyzer.settings import Settings
from analyzer.terms import Field


def read_column(
    field: Field,
    texts: list[str | None],
    *,
    header: str | None = None,
    home: str | None = "GB",
    settings: Settings | None = None,
    date1904: bool = False,
    kinds: list[int] | None = None,
    others: dict[Field, list[str | None]] | None = None,
) -> ValuesRead:
    """What becomes of a column of texts, from row 2 of Tasks on; ``others`` stand in the columns beside it."""
    columns = {field: texts, **(others or {})}
    raw = pl.DataFrame(
        {
            "sheet": ["Tasks"] * len(texts),
            "row": pl.Series(range(2, len(texts) + 2), dtype=pl.UInt32),
            "home": pl.Series([home] * len(texts), dtype=pl.String),
            **{name.value: pl.Series(cells, dtype=pl.String) for name, cells in columns.items()},
        }
    )
    found = tuple(
        Column(name, "Tasks", index, "ABCDEFG"[index], (name is field and header) or FIELDS[name].title, "")
        for index, name in enumerate(columns)
    )
    typed = None if kinds is None else pl.DataFrame({field.value: pl.Series(kinds, dtype=pl.UInt8)})
    return read_values(raw, ValueContext(found, settings or Settings(), date1904, typed))


def values(field: Field, texts: list[str | None], **context: Any) -> list[Any]:
    """The values alone."""
    return read_column(field, texts, **context).frame[field.value].to_list()


def status(field: Field, text: str, **context: Any) -> str:
    """The status of one cell."""
    return str(read_column(field, [text], **context).status[field.value][0])
