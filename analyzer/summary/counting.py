"""What each task adds to totals: FTE, and a year's cost in one currency. Amounts of two currencies are never added."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analyzer.model import KEY, Finding, Inventory
from analyzer.settings import Settings
from analyzer.terms import Field

DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What each task adds.

    ``frame``, a row per task in key order: ``key`` · ``fte`` Float64 · ``cost`` Float64, a year's in the reporting
    ``currency`` (null where unknown, or in another currency without a rate) · ``currency`` String, the one the amount
    is written in · ``amount`` Float64, a year's cost in that one.
    """

    frame: pl.DataFrame
    currency: str
    findings: tuple[Finding, ...] = ()


def count(inventory: Inventory, settings: Settings) -> Counted:
    """FTE and yearly cost per task; a contract's total becomes a year's cost only where both dates are there."""
    amounts = inventory.tasks.select(KEY, *_amounts(inventory))
    reporting = settings.currency.reporting or _most_frequent(amounts)
    rates = {**settings.currency.rates, reporting: 1.0}
    written = pl.col("currency").fill_null(reporting)
    rate = written.replace_strict(rates, default=None, return_dtype=pl.Float64)
    frame = amounts.select(
        KEY,
        pl.when(pl.col("fte").is_finite() & (pl.col("fte") >= 0)).then(pl.col("fte")).alias("fte"),
        (pl.col("amount") * rate).alias("cost"),
        written.alias("currency"),
        "amount",
        "from_total",
    )
    return Counted(frame.drop("from_total"), reporting, tuple(_findings(inventory, frame, reporting)))


def _amounts(inventory: Inventory) -> list[pl.Expr]:
    yearly, total = _finite(inventory, Field.ANNUAL_COST), _finite(inventory, Field.CONTRACT_VALUE)
    start, end = inventory.value(Field.START_DATE), inventory.value(Field.END_DATE)
    years = ((end - start).dt.total_days() + 1) / DAYS_A_YEAR
    of_total = pl.when(years > 0).then(total / pl.max_horizontal(years, 1.0))  # a contract of months is a year's spend
    currency = pl.coalesce(
        pl.when(yearly.is_not_null()).then(_currency(inventory, Field.ANNUAL_COST)),
        _currency(inventory, Field.CONTRACT_VALUE),
    )
    return [
        inventory.value(Field.FTE).alias("fte"),
        pl.coalesce(yearly, of_total).alias("amount"),
        (yearly.is_null() & of_total.is_not_null()).alias("from_total"),
        currency.alias("currency"),
    ]


def _finite(inventory: Inventory, name: Field) -> pl.Expr:
    value = inventory.value(name)
    return pl.when(value.is_finite()).then(value)


def _currency(inventory: Inventory, name: Field) -> pl.Expr:
    return inventory.companion(f"{name}_currency", pl.String())


def _most_frequent(amounts: pl.DataFrame) -> str:
    named = amounts.filter(pl.col("amount").is_not_null()).get_column("currency").drop_nulls()
    ranked = named.value_counts().sort(["count", "currency"], descending=[True, False])
    return str(ranked.item(0, "currency")) if ranked.height else ""


def _findings(inventory: Inventory, frame: pl.DataFrame, reporting: str) -> list[Finding]:
    found = []
    foreign = frame.filter(pl.col("amount").is_not_null() & pl.col("cost").is_null())
    if foreign.height:
        others = ", ".join(foreign.get_column("currency").unique().sort().to_list())
        values = {"currencies": others, "reporting": reporting}
        found.append(
            Finding("currency-without-rate", _cells(inventory, Field.ANNUAL_COST, foreign), foreign.height, values)
        )
    yearly = frame.filter("from_total")
    if yearly.height:
        found.append(Finding("total-made-yearly", _cells(inventory, Field.CONTRACT_VALUE, yearly), yearly.height))
    bare = (
        inventory.tasks.select(
            KEY,
            (inventory.value(Field.CONTRACT_VALUE).is_not_null() & inventory.value(Field.ANNUAL_COST).is_null()).alias(
                "bare"
            ),
        )
        .filter("bare")
        .join(frame.filter(pl.col("amount").is_null()), on=KEY, how="semi")
    )
    if bare.height:
        found.append(Finding("total-without-dates", _cells(inventory, Field.CONTRACT_VALUE, bare), bare.height))
    return found


def _cells(inventory: Inventory, name: Field, rows: pl.DataFrame) -> tuple[str, ...]:
    first = inventory.tasks.join(rows.head(5), on=KEY, how="semi", maintain_order="left")
    other = Field.CONTRACT_VALUE if name is Field.ANNUAL_COST else Field.ANNUAL_COST
    return tuple(first.select(pl.coalesce(inventory.cell(name), inventory.cell(other))).to_series().drop_nulls())
