"""Providers and countries: shares with their levels, and the functions."""

from __future__ import annotations

import polars as pl

from analyzer.report.book import charts, palette
from analyzer.report.book.material import MOST_LINES, Material, level
from analyzer.report.book.paper import SMALL, Paper, column
from analyzer.report.view.concentration import HIGH_SHARE, MEDIUM_SHARE
from analyzer.terms import Quadrant

WIDTHS = (38, 16, 14, 14, 18, 12, *[14] * 7)
_CHARTED = 10


def draw(paper: Paper, material: Material) -> None:
    """Providers, countries, functions, and the concentrations that the rules speak of."""
    paper.widths(WIDTHS)
    view, summary = material.view.concentration, material.analysis.summary
    limits = f"From {MEDIUM_SHARE:.0%} on a share counts as Medium, from {HIGH_SHARE:.0%} on as High."
    paper.title("Providers and countries", view.lead, limits)
    _providers(paper, material, summary.providers, view.providers.empty)
    _countries(paper, material, summary.countries, view.countries.empty)
    _portfolio(paper, material)
    _functions(paper, material, summary.functions)


def _providers(paper: Paper, material: Material, frame: pl.DataFrame, empty: str) -> None:
    paper.section("Providers")
    if not frame.height:
        paper.say(empty or material.context.say("concentration.none_providers"), SMALL)
        paper.row += 1
        return
    shown = frame.head(MOST_LINES)
    header = paper.table(
        [
            column("Provider", shown["provider"], 38),
            column("Level", shown.select(level()).to_series(), 16, chips=palette.LEVEL_CHIPS),
            column("Tasks", shown["tasks"], 14, palette.COUNT),
            column("FTE", shown["fte"], 14, palette.FTE),
            column(material.context.priced("Spend"), shown["cost"], 18, palette.money(material.currency)),
            column("Share", shown["share"], 12, palette.SHARE),
            column("Running total", shown["cumulative"], 14, palette.SHARE),
        ],
        main=True,
    )
    _shares(paper, "Largest providers, share of outsourced spend", header, shown, "share", "I")
    if frame.height > MOST_LINES:
        paper.say(f"The first {MOST_LINES:,} of {frame.height:,} providers are here.", SMALL)


def _shares(paper: Paper, title: str, header: int, frame: pl.DataFrame, measure: str, at: str) -> None:
    """A chart of the largest shares, beside the table's first rows."""
    most = min(frame.height, _CHARTED)
    if not frame[measure].head(most).drop_nulls().len():
        return
    letter = "F"
    chart = charts.bars(
        title,
        paper.sheet,
        [(f"${letter}${header}", f"${letter}${header + 1}:${letter}${header + most}", "5B6B7F")],
        f"$A${header + 1}:$A${header + most}",
        horizontal=True,
        number_format="0%",
        legend=False,
        size=(13.5, max(4.5, 1.6 + 0.62 * most)),
    )
    charts.labelled(chart, "0%")
    paper.chart(chart, f"{at}{header}", f"Bars: {title.lower()}, {most} shown")
    paper.row = max(paper.row, header + int(max(4.5, 1.6 + 0.62 * most) / 0.5) + 2)


def _countries(paper: Paper, material: Material, frame: pl.DataFrame, empty: str) -> None:
    paper.section("Countries of delivery")
    if not frame.height:
        paper.say(empty or material.context.say("concentration.none_countries"), SMALL)
        paper.row += 1
        return
    home = pl.col("country") == material.analysis.home
    name = pl.concat_str(pl.coalesce("name", "country"), pl.when(home).then(pl.lit(" (home)")).otherwise(pl.lit("")))
    header = paper.table(
        [
            column("Country", frame.select(name).to_series(), 38),
            column("Level", frame.select(level()).to_series(), 16, chips=palette.LEVEL_CHIPS),
            column("Tasks", frame["tasks"], 14, palette.COUNT),
            column("FTE", frame["fte"], 14, palette.FTE),
            column(material.context.priced("Spend"), frame["cost"], 18, palette.money(material.currency)),
            column("Share of FTE", frame["share"], 12, palette.SHARE),
            column("Code", frame["country"], 14),
        ]
    )
    _shares(paper, "Share of all FTE by country", header, frame, "share", "I")


def _portfolio(paper: Paper, material: Material) -> None:
    frame = material.analysis.assessment.portfolio
    paper.section(
        "Risks over many tasks", "Concentrations are reported on their own and never raise the level of a single task."
    )
    if not frame.height:
        paper.say("None was found, or none could be assessed: see Method for the rules that ran.", SMALL)
        paper.row += 1
        return
    titles = dict(material.analysis.risk_titles)
    known = frame.select(pl.format("{} of {}", "known", "tasks")).to_series()
    paper.table(
        [
            column("Subject", frame["subject"], 38),
            column("Level", frame.select(level()).to_series(), 16, chips=palette.LEVEL_CHIPS),
            column("Risk", frame.select(pl.col("risk").replace(titles)).to_series(), 14),
            column("Share", frame["share"], 14, palette.SHARE),
            column("of", frame["measure"], 18),
            column("Stated in", known, 12),
            column("Why", frame["why"], 14, wrap=False),
        ]
    )


def _functions(paper: Paper, material: Material, frame: pl.DataFrame) -> None:
    paper.section("Functions", material.view.functions.lead)
    if not frame.height:
        return
    names = [quadrant.value for quadrant in Quadrant]
    ordered = frame.with_columns(pl.sum_horizontal(names).alias("all")).sort(
        "all", descending=True, maintain_order=True
    )
    shown = ordered.head(MOST_LINES)
    paper.table(
        [
            column("Function", shown["function"], 38),
            column("Tasks", shown["all"], 16, palette.COUNT),
            column("FTE", shown["fte"], 14, palette.FTE),
            column("Outsourced share", shown["outsourced_share"], 14, palette.SHARE),
            column(material.context.priced("Spend"), shown["cost"], 18, palette.money(material.currency)),
            column("Offshore share", shown["offshore_share"], 12, palette.SHARE),
            *(column(name, shown[name], 14, palette.COUNT) for name in names),
        ]
    )
