"""The charts of the Summary sheet, all of its live table by quadrant."""

from __future__ import annotations

from openpyxl.chart import BarChart
from openpyxl.worksheet.pagebreak import Break

from analyzer.report.book import charts, palette
from analyzer.report.book.paper import Paper
from analyzer.report.book.quadrants import BEFORE, COST, LEVEL, NAME, TASKS, Grid, measure
from analyzer.report.view.context import Context
from analyzer.terms import Quadrant, Severity
from analyzer.xlsx.addresses import letters

_AXIS = '[>=1000000]0.#,,"m";[>=1000]0,"k";0'
_LEFT, _RIGHT = (17.6, 8.4), (14.0, 8.4)  # cm
_SHADES = [palette.QUADRANTS[quadrant].strong for quadrant in Quadrant]


def draw(paper: Paper, context: Context, grid: Grid) -> None:
    """The 2 by 2, the risk levels, spend or FTE, and the movement, on a page of their own."""
    top = paper.row
    paper.sheet.row_breaks.append(Break(id=top - 1))
    paper.section("Charts", "The charts follow Your quadrant on the task sheet.")
    first, second = top + 2, top + 20
    paper.chart(_tasks(paper, grid), f"A{first}", "Bars: tasks in each of the four quadrants and undetermined")
    paper.chart(
        _levels(paper, grid), f"H{first}", "Stacked bars: each quadrant's tasks at high, medium, low, not assessed"
    )
    of = measure(context)
    if of.column != TASKS:
        title = context.priced("Spend by quadrant") if of.column == COST else "FTE by quadrant"
        paper.chart(_amounts(paper, grid, of.column, title), f"A{second}", f"Bars: {title.lower()}")
    if grid.before is not None:
        paper.chart(_moved(paper, grid), f"H{second}", "Pairs of bars: tasks by quadrant, last period and now")
    paper.row = second + 17


def _series(grid: Grid, column: int, colour: str) -> tuple[str, str, str]:
    return f"${letters(column)}${grid.head}", grid.cells(column), colour


def _tasks(paper: Paper, grid: Grid) -> BarChart:
    series = [_series(grid, TASKS, _SHADES[0])]
    chart = charts.bars(
        "Tasks by quadrant", paper.sheet, series, grid.cells(NAME), points=[_SHADES], legend=False, size=_LEFT
    )
    charts.labelled(chart, palette.COUNT)
    return chart


def _levels(paper: Paper, grid: Grid) -> BarChart:
    shades = (palette.SEVERITIES[severity].strong for severity in Severity)
    series = [_series(grid, column, shade) for column, shade in enumerate(shades, start=LEVEL)]
    title = "Risk level by quadrant, tasks"
    return charts.bars(title, paper.sheet, series, grid.cells(NAME), horizontal=True, stacked=True, size=_RIGHT)


def _amounts(paper: Paper, grid: Grid, column: int, title: str) -> BarChart:
    chart = charts.bars(
        title,
        paper.sheet,
        [_series(grid, column, _SHADES[0])],
        grid.cells(NAME),
        points=[_SHADES],
        legend=False,
        horizontal=True,
        number_format=_AXIS,
        size=_LEFT,
    )
    charts.labelled(chart, palette.COUNT)
    return chart


def _moved(paper: Paper, grid: Grid) -> BarChart:
    series = [_series(grid, BEFORE, "C3C8CF"), _series(grid, TASKS, _SHADES[0])]
    title = "Tasks, last period and now"
    chart = charts.bars(title, paper.sheet, series, grid.cells(NAME), points=[[], _SHADES], size=_RIGHT)
    charts.labelled(chart, palette.COUNT)
    return chart
