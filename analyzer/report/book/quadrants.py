"""The table by quadrant on the Summary sheet: the live numbers that its square, figures and charts refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from analyzer import xlsx
from analyzer.report.book import palette
from analyzer.report.book.live import Live
from analyzer.report.book.material import Material
from analyzer.report.book.paper import HEAD, HEAD_NUMBER, SMALL, Paper
from analyzer.report.view.context import Context
from analyzer.terms import Quadrant, Severity, TagColumn
from analyzer.xlsx.addresses import letters

LEVELS = tuple(palette.LEVELS[severity.value] for severity in Severity)
# columns of the table
NAME, TASKS, BEFORE, CHANGE, FTE, COST, SHARE, LEVEL = range(8)
_FTE_KNOWN, _COST_KNOWN = LEVEL + len(LEVELS), LEVEL + len(LEVELS) + 1
_T = TagColumn


@dataclass(frozen=True, slots=True)
class Measure:
    """What shares are shares of."""

    column: int
    key: str  # of a tally
    word: str


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Where the table stands, and what its cells hold now. Rows count from 1, columns from 0."""

    head: int  # the row of its headers
    values: Mapping[Quadrant, Mapping[str, float]]  # by the columns of ``Live.tally``
    before: Mapping[Quadrant, float] | None  # tasks of the last period, if there was one

    def row(self, quadrant: Quadrant) -> int:
        """A quadrant's row."""
        return self.head + 1 + list(Quadrant).index(quadrant)

    @property
    def total(self) -> int:
        """The row of sums."""
        return self.head + 1 + len(Quadrant)

    @property
    def five(self) -> str:
        """The cells of the five names."""
        return f"$A${self.head + 1}:$A${self.head + len(Quadrant)}"

    def cells(self, column: int) -> str:
        """A column's cells over the quadrants."""
        return f"${letters(column)}${self.head + 1}:${letters(column)}${self.head + len(Quadrant)}"

    def sum(self, key: str, quadrants: Iterable[Quadrant] = Quadrant) -> float:
        """What some quadrants hold together."""
        return sum(self.values[quadrant][key] for quadrant in quadrants)

    def share(self, key: str, *quadrants: Quadrant) -> float:
        """What some quadrants hold of all, 0 to 1; 0 of nothing."""
        whole = self.sum(key)
        return self.sum(key, quadrants) / whole if whole else 0.0


def grid(material: Material, head: int) -> Grid:
    """The table as it will stand with its headers in a row."""
    rows = material.live.tally().iter_rows(named=True)
    values = {Quadrant(row["at"]): {key: value for key, value in row.items() if key != "at"} for row in rows}
    return Grid(head, values, _opening(material))


def _opening(material: Material) -> dict[Quadrant, float] | None:
    movement = material.analysis.movement
    if movement is None:
        return None
    lines = movement.bridge.filter(pl.col("measure") == "tasks")
    sizes = dict(lines.select("quadrant", "opening").iter_rows())
    return {quadrant: float(sizes.get(quadrant.value, 0)) for quadrant in Quadrant}


def measure(context: Context) -> Measure:
    """Spend where it is stated, else FTE, else tasks."""
    return {
        "spend": Measure(COST, "cost", "spend"),
        "fte": Measure(FTE, "fte", "FTE"),
        "tasks": Measure(TASKS, "tasks", "tasks"),
    }[context.measure]


def draw(paper: Paper, material: Material, grid: Grid) -> None:
    """Tasks, FTE, spend and risk level by quadrant, their sums, and that every task is counted once."""
    context = material.context
    paper.section("By quadrant")
    share = f"Share of {measure(context).word}"
    heads = ["Quadrant", "Tasks", "Last period", "Change", "FTE", context.priced("Spend"), share]
    heads += [*LEVELS, "FTE stated in", "Spend stated in"]
    for column, text in enumerate(heads):
        paper.put(grid.head, column, text, HEAD_NUMBER if column else HEAD)
    paper.sheet.row_dimensions[grid.head].height = 32
    for quadrant in Quadrant:
        _line(paper, material, grid, quadrant)
    _sums(paper, context, grid)
    _reconciled(paper, material.live, grid)


def _line(paper: Paper, material: Material, grid: Grid, quadrant: Quadrant) -> None:
    live, context = material.live, material.context
    shade, mine, row = palette.QUADRANTS[quadrant], grid.values[quadrant], grid.row(quadrant)
    name, five = f"$A{row}", grid.five
    look = xlsx.Style(fill=shade.pale, bold=True, border=palette.RULE)
    paper.put(row, NAME, quadrant.value, look, edge=shade.strong)

    def put(column: int, value: float | None, formula: str, number_format: str) -> None:
        style = xlsx.Style(color=palette.INK, border=palette.RULE, number_format=number_format, horizontal="right")
        paper.put(row, column, value, style, formula=formula)

    put(TASKS, mine["tasks"], live.tasks(name, five), palette.COUNT)
    if grid.before is None:
        put(BEFORE, None, "", palette.COUNT)
        put(CHANGE, None, "", palette.COUNT)
    else:
        put(BEFORE, grid.before[quadrant], "", palette.COUNT)
        put(CHANGE, mine["tasks"] - grid.before[quadrant], f"B{row}-C{row}", palette.CHANGE)
    put(FTE, mine["fte"], live.total(_T.FTE_COUNTED, name, five), palette.FTE)
    put(COST, mine["cost"], live.total(_T.COST_COUNTED, name, five), palette.money(context.currency))
    of = measure(context)
    whole = f"{letters(of.column)}${grid.total}"
    share = f"IF({whole}=0,0,{letters(of.column)}{row}/{whole})"
    put(SHARE, grid.share(of.key, quadrant), share, palette.SHARE)
    for column, level in enumerate(LEVELS, start=LEVEL):
        criterion = (_T.RISK_LEVEL, f"{letters(column)}${grid.head}")
        put(column, mine[level], live.tasks(name, five, criterion), palette.COUNT)
    put(_FTE_KNOWN, mine["fte_known"], live.tasks(name, five, (_T.FTE_COUNTED, '"<>"')), palette.COUNT)
    put(_COST_KNOWN, mine["cost_known"], live.tasks(name, five, (_T.COST_COUNTED, '"<>"')), palette.COUNT)


def _sums(paper: Paper, context: Context, grid: Grid) -> None:
    bold = xlsx.Style(bold=True, color=palette.INK, border=palette.RULE)
    paper.put(grid.total, NAME, "All in totals", bold)
    keys: list[tuple[int, str, str]] = [
        (TASKS, "tasks", palette.COUNT),
        (FTE, "fte", palette.FTE),
        (COST, "cost", palette.money(context.currency)),
        *((column, level, palette.COUNT) for column, level in enumerate(LEVELS, start=LEVEL)),
        (_FTE_KNOWN, "fte_known", palette.COUNT),
        (_COST_KNOWN, "cost_known", palette.COUNT),
    ]
    for column, key, number_format in keys:
        _sum(paper, grid, column, grid.sum(key), number_format)
    _sum(paper, grid, SHARE, 1.0 if grid.sum(measure(context).key) else 0.0, palette.SHARE)
    if grid.before is not None:
        before = sum(grid.before.values())
        _sum(paper, grid, BEFORE, before, palette.COUNT)
        _sum(paper, grid, CHANGE, grid.sum("tasks") - before, palette.CHANGE)


def _sum(paper: Paper, grid: Grid, column: int, value: float, number_format: str) -> None:
    style = xlsx.Style(
        bold=True, color=palette.INK, border=palette.RULE, number_format=number_format, horizontal="right"
    )
    cells = f"{letters(column)}{grid.head + 1}:{letters(column)}{grid.total - 1}"
    paper.put(grid.total, column, value, style, formula=f"SUM({cells})")


def _reconciled(paper: Paper, live: Live, grid: Grid) -> None:
    """What is not in totals, and whether all adds up."""
    row, tasks = grid.total + 1, live.tags.height
    outside = live.tags.filter(~pl.col(_T.IN_TOTALS).str.starts_with("yes")).height
    paper.put(row, 0, "Not in totals", SMALL)
    paper.put(row, 1, outside, xlsx.Style(color=palette.QUIET, number_format=palette.COUNT), formula=live.outside())
    good, bad = f"All {tasks:,} tasks are counted once", "Does not add up: look for a quadrant that is none of the five"
    paper.put(row, 2, good, SMALL, formula=f'IF(B{grid.total}+B{row}={tasks},"{good}","{bad}")')
    paper.row = row + 2
