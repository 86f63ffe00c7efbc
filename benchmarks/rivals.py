"""What a capable script would do instead: the same two tags per task written beside the table, three ways.

``python -m benchmarks.rivals NAME SOURCE TARGET`` does one of them; ``benchmarks.side_by_side`` runs and measures them.
The tags are a fair minimum: quadrant, a score for each of two risks with the reason, and the worse severity. The
analyzer tags 17 risks and writes a report, a page and an archive as well.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOME = {"United Kingdom", "GB", "UK", "London"}
HIGH, MEDIUM = 60, 30
TAGS = ("Quadrant", "Misaligned interests", "Local hiring criticism", "Risk level", "Why")


def tagged(provider: object, place: object, fte: object, cost: object, criticality: object) -> tuple[object, ...]:
    """Quadrant, two scores, severity and a sentence for one task: the rules of a careful spreadsheet."""
    outside, abroad = bool(provider), bool(place) and place not in HOME
    sourcing, where = ("Outsourced" if outside else "In-house"), ("offshore" if abroad else "onshore")
    quadrant = f"{sourcing} {where}" if place else "Undetermined"
    interests = 30 * outside + 25 * (outside and criticality == "critical") + 20 * (outside and _over(cost, 50_000))
    hiring = 35 * abroad + 20 * (abroad and _over(fte, 10)) + 15 * (abroad and not outside)
    worst = max(interests, hiring)
    level = "High" if worst >= HIGH else "Medium" if worst >= MEDIUM else "Low"
    why = f"Provider {provider or 'none'} delivers from {place or 'nowhere named'}: {quadrant.lower()}."
    return quadrant, interests, hiring, level, why


def _over(value: object, bound: float) -> bool:
    return isinstance(value, int | float) and value > bound


def pandas_openpyxl(source: Path, target: Path) -> None:
    """``read_excel``, tags column by column, ``to_excel``; both with openpyxl, as most scripts have it."""
    import numpy as np  # noqa: PLC0415 - each rival pays for its own libraries alone
    import pandas as pd  # noqa: PLC0415 - as above

    frame: Any = pd.read_excel(source, engine="openpyxl")
    place, cost, fte = frame["Delivery country"], frame["Annual cost (GBP)"], frame["FTE"]
    outside, abroad = frame["Provider"].notna(), place.notna() & ~place.isin(HOME)
    sourcing = np.where(outside, "Outsourced ", "In-house ")
    quadrant = pd.Series(sourcing, dtype=object) + pd.Series(np.where(abroad, "offshore", "onshore"), dtype=object)
    quadrant = quadrant.where(place.notna(), "Undetermined")
    interests = 30 * outside + 25 * (outside & (frame["Criticality"] == "critical")) + 20 * (outside & (cost > 50_000))
    hiring = 35 * abroad + 20 * (abroad & (fte > 10)) + 15 * (abroad & ~outside)
    worst = np.maximum(interests, hiring)
    reasons = "Provider " + frame["Provider"].fillna("none") + " delivers from " + place.fillna("nowhere named")
    frame["Quadrant"], frame["Misaligned interests"], frame["Local hiring criticism"] = quadrant, interests, hiring
    frame["Risk level"] = np.select([worst >= HIGH, worst >= MEDIUM], ["High", "Medium"], "Low")
    frame["Why"] = reasons + ": " + quadrant.str.lower() + "."
    frame.to_excel(target, engine="openpyxl", index=False)


def openpyxl_in_place(source: Path, target: Path) -> None:
    """The user's own workbook loaded, the tags written into cells beside the table, saved."""
    import openpyxl  # noqa: PLC0415 - as above

    book = openpyxl.load_workbook(source)
    sheet: Any = book.active
    header = [cell.value for cell in sheet[1]]
    wanted = ("Provider", "Delivery country", "FTE", "Annual cost (GBP)", "Criticality")
    provider, place, fte, cost, criticality = (header.index(name) for name in wanted)
    first = len(header) + 1
    for column, name in enumerate(TAGS, first):
        sheet.cell(1, column, name)
    for number, row in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
        tags = tagged(row[provider], row[place], row[fte], row[cost], row[criticality])
        for column, value in enumerate(tags, first):
            sheet.cell(number, column, value)
    book.save(target)


def polars_xlsxwriter(source: Path, target: Path) -> None:
    """Read by calamine, tagged in Polars, a new workbook by XlsxWriter: fast, and the user's own workbook is lost."""
    import polars as pl  # noqa: PLC0415 - as above

    frame = pl.read_excel(source, engine="calamine")
    place, provider = pl.col("Delivery country"), pl.col("Provider")
    outside, abroad = provider.is_not_null(), (place.is_not_null() & ~place.is_in(HOME)).fill_null(value=False)
    costly, critical = (
        pl.col("Annual cost (GBP)") > 50_000,
        (pl.col("Criticality") == "critical").fill_null(value=False),
    )
    sourcing = pl.when(outside).then(pl.lit("Outsourced ")).otherwise(pl.lit("In-house "))
    where = pl.when(abroad).then(pl.lit("offshore")).otherwise(pl.lit("onshore"))
    frame = frame.with_columns(
        pl.when(place.is_null()).then(pl.lit("Undetermined")).otherwise(sourcing + where).alias("Quadrant"),
        (30 * outside + 25 * (outside & critical) + 20 * (outside & costly)).alias("Misaligned interests"),
        (35 * abroad + 20 * (abroad & (pl.col("FTE") > 10)) + 15 * (abroad & ~outside)).alias("Local hiring criticism"),
    )
    worst = pl.max_horizontal("Misaligned interests", "Local hiring criticism")
    level = pl.when(worst >= HIGH).then(pl.lit("High")).when(worst >= MEDIUM).then(pl.lit("Medium"))
    named, placed = provider.fill_null("none"), place.fill_null("nowhere named")
    why = pl.format("Provider {} delivers from {}: {}.", named, placed, pl.col("Quadrant").str.to_lowercase())
    frame.with_columns(level.otherwise(pl.lit("Low")).alias("Risk level"), why.alias("Why")).write_excel(target)


def reader(source: Path, target: Path) -> None:  # noqa: ARG001 - every task has both
    """The floor of reading: the table as a frame, nothing else."""
    import polars as pl  # noqa: PLC0415 - as above

    pl.read_excel(source, engine="calamine")


def package(source: Path, target: Path) -> None:
    """The floor of writing: the package copied, its sheet inflated and deflated with the analyzer's own codec."""
    from benchmarks.splice import floor  # noqa: PLC0415 - as above

    floor(source, target)


TASKS: dict[str, Callable[[Path, Path], None]] = {
    "pandas": pandas_openpyxl,
    "openpyxl": openpyxl_in_place,
    "polars": polars_xlsxwriter,
    "reader": reader,
    "package": package,
}

if __name__ == "__main__":
    TASKS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
