"""How a cell is quoted: its text as read, its header and its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from analyzer.fields import FIELDS, Kind
from analyzer.model import KEY, Inventory
from analyzer.terms import Field

_LONGEST = 60  # characters of a cell's text in a sentence


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Expressions over ``frame`` that quote the inventory's cells.

    ``frame``: the tasks with the texts as read beside them, as ``raw <field>``.
    """

    inventory: Inventory
    frame: pl.DataFrame

    @classmethod
    def of(cls, inventory: Inventory) -> Evidence:
        """The evidence of an inventory."""
        texts = inventory.raw.select(pl.exclude(KEY).name.prefix("raw "))
        return cls(inventory, inventory.tasks.hstack(texts))

    def where(self, holds: pl.Expr) -> Evidence:
        """The evidence of the tasks for which something holds."""
        # Polars 2.1 refuses a predicate over literals alone, an absent column's, on some 10,000 rows: a series first.
        held = self.frame.select(pl.when(pl.col(KEY).is_not_null()).then(holds)).to_series()
        return Evidence(self.inventory, self.frame.filter(held))

    def raw(self, name: Field) -> pl.Expr:
        """The cell's text as read, else its value as text."""
        if f"raw {name}" in self.frame.columns:
            return pl.col(f"raw {name}")
        if FIELDS[name].kind in {Kind.TEXTS, Kind.PLACES}:
            return self.inventory.value(name).list.join("; ")
        return self.inventory.value(name).cast(pl.String)

    def quoted(self, name: Field) -> pl.Expr:
        """``"Acme BPO" (Inventory!D7)``: on one line, shortened."""
        text = self.raw(name).str.replace_all(r"\s+", " ").str.strip_chars()
        short = pl.when(text.str.len_chars() > _LONGEST).then(text.str.head(_LONGEST) + "…").otherwise(text)
        return pl.format('"{}"{}', short, self.at(name))

    def said(self, name: Field) -> pl.Expr:
        """``Outsourced = "No" (Inventory!E7)``, under the sheet's own header."""
        return self.header(name) + " = " + self.quoted(name)

    def at(self, name: Field) -> pl.Expr:
        """`` (Inventory!E7)``, nothing where no cell is known."""
        return (" (" + self.inventory.cell(name) + ")").fill_null("")

    def header(self, name: Field) -> pl.Expr:
        """The header of the field in the row's sheet."""
        headers = {column.sheet: column.header for column in self.inventory.columns_of(name)}
        return self.inventory.by_sheet(headers, default=FIELDS[name].title)

    def present(self, name: Field) -> pl.Expr:
        """Whether the row's sheet has a column of the field."""
        sheets = [column.sheet for column in self.inventory.columns_of(name)]
        return self.inventory.in_sheets(sheets) if sheets else pl.lit(self.inventory.has(name))

    def assumed(self, name: Field) -> pl.Expr:
        """Whether the field's header is an ambiguous one in the row's sheet."""
        return self.inventory.in_sheets([column.sheet for column in self.inventory.columns_of(name) if column.assumed])

    def unread(self, name: Field) -> pl.Expr:
        """Whether something stands in the cell that could not be read."""
        filled = (self.raw(name).str.strip_chars().str.len_chars() > 0).fill_null(value=False)
        return filled & self.inventory.value(name).is_null()


def labels(frame: pl.DataFrame, holding: Mapping[str, pl.Expr]) -> pl.Series:
    """List(String) per row: the labels whose expression holds, in their order."""
    masks, found = _combinations(frame, holding)
    return pl.Series(found, dtype=pl.List(pl.String)).gather(masks)


def joined_labels(frame: pl.DataFrame, holding: Mapping[str, pl.Expr]) -> pl.Series:
    """The ``labels`` of each row in one text, "" where none holds."""
    masks, found = _combinations(frame, holding)
    return pl.Series([", ".join(each) for each in found], dtype=pl.String).gather(masks)


def _combinations(frame: pl.DataFrame, holding: Mapping[str, pl.Expr]) -> tuple[pl.Series, list[list[str]]]:
    """Each row's position in the combinations of labels that occur, and those.

    Rows share few combinations, so that words are put together once for each and not for each row. At most 64 labels.
    """
    bits = [
        holds.fill_null(value=False).cast(pl.UInt64) * pl.lit(1 << n, pl.UInt64)
        for n, holds in enumerate(holding.values())
    ]
    mask = pl.sum_horizontal(pl.lit(0, pl.UInt64), *bits).alias("mask")
    masks = frame.select(KEY, mask).get_column("mask")  # a lone literal would have one row
    found = masks.unique()
    positions = masks.replace_strict(found, list(range(found.len())), return_dtype=pl.UInt32)
    return positions, [[label for n, label in enumerate(holding) if each >> n & 1] for each in found]
