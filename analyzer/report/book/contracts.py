"""Contracts by deadline."""

from __future__ import annotations

import polars as pl

from analyzer.model import KEY
from analyzer.report.book import palette
from analyzer.report.book.material import MOST_LINES, MOST_LINKS, Material, level
from analyzer.report.book.paper import SMALL, Paper, column

WIDTHS = (16, 24, 14, 11, 34, 30, 22, 22, 18, 18)


def draw(paper: Paper, material: Material) -> None:
    """All that ends, renews or needs notice, nearest first."""
    paper.widths(WIDTHS)
    view = material.view.contracts
    frame = material.analysis.summary.contracts
    as_of = material.context.numbers.long_day(material.analysis.period.as_of)
    note = material.context.say("contracts.note")
    if not frame.height:
        paper.title(material.context.say("contracts.title"), view.empty or view.lead, note)
        return
    paper.title(
        material.context.say("contracts.title"), f"{view.lead or view.empty} Every clock stands at {as_of}.", note
    )
    shown = material.joined(frame.sort("date", KEY, "event").head(MOST_LINES))
    late = (pl.col("event") == "notice") & (pl.col("days") < 0)
    event = pl.when(late).then(pl.lit("notice_past")).otherwise(pl.col("event"))
    known = ("ended", "ends", "renews", "notice", "notice_past")
    words = {name: material.context.say(f"contracts.{name}") for name in known}
    links = shown.select(pl.when(pl.int_range(pl.len()) < MOST_LINKS).then("link").alias("link")).to_series()
    paper.table(
        [
            column("Level", shown.select(level()).to_series(), 16, chips=palette.LEVEL_CHIPS),
            column("What", shown.select(event.replace(words)).to_series(), 24),
            column("Date", shown["date"], 14, palette.DATE),
            column("Days", shown["days"], 11, palette.CHANGE),
            column("Task", shown["name"], 34),
            column("Provider", shown["provider"], 30),
            column("Quadrant", shown["quadrant"], 22, chips=palette.QUADRANT_CHIPS),
            column("Owner", shown["owner"], 22),
            column(material.context.priced("Spend a year"), shown["cost"], 18, palette.money(material.currency)),
            column("Row", shown["place"], 18, links=links),
        ],
        main=True,
    )
    if frame.height > MOST_LINES:
        paper.say(f"The nearest {MOST_LINES:,} of {frame.height:,} are here.", SMALL)
