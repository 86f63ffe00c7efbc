"""A home country for every row, or a plain sentence: it is never guessed."""

from __future__ import annotations

import polars as pl

from analyzer.errors import UsageError
from analyzer.model import Inventory
from analyzer.terms import Field


def require_homes(inventory: Inventory) -> None:
    """Raise ``UsageError`` where a task has no home country, naming the file's most frequent country to try."""
    tasks = inventory.tasks
    missing = tasks.filter(pl.col("home").is_null() | (pl.col("home") == ""))
    if missing.is_empty():
        return
    first = missing.row(0, named=True)
    of = "any task" if missing.height == tasks.height else f"{missing.height:,} of {tasks.height:,} tasks"
    raise UsageError(
        f"No home country is known for {of}, so no task can be onshore or offshore",
        where=f"{inventory.source.name} > {first['sheet']}!{first['row']}",
        hint=_hint(_frequent(inventory)),
    )


def _hint(country: str | None) -> str:
    if country is None:
        return "Name it by its two letters, for example --home GB, or in analyzer.toml: [company] home"
    return (
        f"If home is {country}, the most frequent country of the file, type: --home {country}; "
        f'or write it into analyzer.toml: [company] home = "{country}"'
    )


def _frequent(inventory: Inventory) -> str | None:
    """The most frequent delivery country, else provider country; of equals the first in the alphabet."""
    tasks = inventory.tasks
    delivery = tasks.select(inventory.value(Field.DELIVERY_COUNTRY).alias("place")).explode("place")
    provider = tasks.select(inventory.value(Field.PROVIDER_COUNTRY).alias("place"))
    for places in (delivery, provider):
        counts = places.drop_nulls().group_by("place").len().sort(["len", "place"], descending=[True, False])
        if counts.height:
            return str(counts.item(0, "place"))
    return None
