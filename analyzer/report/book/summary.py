"""The Summary sheet: the page's first screen, alive."""

from __future__ import annotations

import textwrap

from analyzer import xlsx
from analyzer.report.book import figures, palette, quadrants, square, summary_charts
from analyzer.report.book.material import Material
from analyzer.report.book.paper import SMALL, TEXT, Paper, counted
from analyzer.report.view import View
from analyzer.report.view.context import Context

WIDTHS = (22, *[12.5] * 12)


def draw(paper: Paper, material: Material) -> None:
    """All of the sheet, top to bottom."""
    context, view = material.context, material.view
    paper.widths(WIDTHS)
    hero = view.hero
    paper.title(hero.headline, f"{hero.lead} {hero.source}. {hero.lead_rest}".replace("..", "."), hero.reconcile)
    top = paper.row
    section = top + square.HEIGHT + 1
    grid = quadrants.grid(material, section + 1)
    square.draw(paper, context, grid, top)
    figures.draw(paper, material, grid, top)
    square.undetermined(paper, material, grid, top)
    paper.row = section
    quadrants.draw(paper, material, grid)
    _quality(paper, view)
    _decisions(paper, context, view)
    summary_charts.draw(paper, context, grid)


def _quality(paper: Paper, view: View) -> None:
    paper.say(view.decisions.quality, SMALL)
    for other in view.hero.others:
        paper.say(other, SMALL)
    paper.row += 1


def _decisions(paper: Paper, context: Context, view: View) -> None:
    """The most pressing decisions, each with its reason under it."""
    paper.section("Decisions to take", view.decisions.lead)
    for item in view.decisions.rows:
        level = item.level
        if level:
            severity = next(s for s, shape in palette.SHAPES.items() if shape == level.shape)
            paper.put(paper.row, 0, f"{level.shape} {level.word}", palette.chip(palette.SEVERITIES[severity]))
        paper.put(paper.row, 1, item.name, xlsx.Style(bold=True, color=palette.INK))
        facts = [item.place.name, item.cost, item.owner or "no owner", f"due {item.due}", item.decided]
        paper.put(paper.row, 4, "  ·  ".join(fact for fact in facts if fact), TEXT)
        for line in textwrap.wrap(item.why or "", paper.width - 24):
            paper.row += 1
            paper.put(paper.row, 1, line, SMALL)
        paper.row += 1
    rest = context.analysis.summary.top.height - len(view.decisions.rows)
    if rest > 0:
        more = counted(rest, "more task asks", "more tasks ask")
        paper.say(f"{more} for a decision: filter Risk level on the task sheet.", SMALL)
    paper.row += 1
