"""The contract clock: what ends, renews or must be given notice of, seen from the period's last day."""

from __future__ import annotations

from datetime import date

import polars as pl

from analyzer.model import KEY, Inventory
from analyzer.terms import Field, Severity

SOON, LATER, HORIZON = 90, 180, 365  # days to a contract's end or renewal: High, Medium, shown
NOTICE_SOON = 30  # days to a notice deadline: High
LONGEST_NOTICE = 36_500  # days; a longer notice is a slip of the keyboard

EVENTS: dict[str, pl.DataType] = {
    KEY: pl.UInt32(),
    "event": pl.String(),
    "date": pl.Date(),
    "days": pl.Int32(),
    "severity": pl.String(),
}


def contracts(inventory: Inventory, rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Ends, renewals and notice deadlines of ``rows`` up to a year ahead, and those gone by, as ``EVENTS``.

    A contract without an end is open-ended, not expired. A renewal gone by has happened; a notice deadline is of no
    use once the contract has ended.
    """
    end, renewal = inventory.value(Field.END_DATE), inventory.value(Field.RENEWAL_DATE)
    clocks = {"ends": end, "renews": renewal, "notice": pl.coalesce(end, renewal) - _notice(inventory)}
    running = inventory.tasks.join(rows.select(KEY), on=KEY, how="semi", maintain_order="left")
    dated = pl.concat(
        running.select(KEY, pl.lit(name).alias("event"), day.alias("date")) for name, day in clocks.items()
    ).drop_nulls("date")
    days = (pl.col("date") - pl.lit(as_of)).dt.total_days().cast(pl.Int32)
    due = dated.with_columns(days.alias("days")).filter(pl.col("days") <= HORIZON)
    gone, event = pl.col("days") < 0, pl.col("event")
    ended = due.filter(gone & (event == "ends")).get_column(KEY)
    past = (event == "renews") & gone
    idle = (event == "notice") & pl.col(KEY).is_in(ended.implode())
    return (
        due.filter(~past & ~idle)
        .with_columns(
            pl.when(gone & (event == "ends")).then(pl.lit("ended")).otherwise(event).alias("event"),
            _severity().alias("severity"),
        )
        .sort(["days", KEY, "event"])
        .select(pl.col(name).cast(kind) for name, kind in EVENTS.items())
    )


def _notice(inventory: Inventory) -> pl.Expr:
    days = inventory.value(Field.NOTICE_DAYS)
    sane = pl.when(days.is_between(0, LONGEST_NOTICE)).then(days.round())
    return pl.duration(days=sane.cast(pl.Int64))


def _severity() -> pl.Expr:
    notice, days = pl.col("event") == "notice", pl.col("days")
    high = pl.when(notice).then(days <= NOTICE_SOON).otherwise(days <= SOON)
    medium = pl.when(notice).then(days <= SOON).otherwise(days <= LATER)
    return (
        pl.when(high)
        .then(pl.lit(Severity.HIGH.value))
        .when(medium)
        .then(pl.lit(Severity.MEDIUM.value))
        .otherwise(pl.lit(Severity.LOW.value))
    )
