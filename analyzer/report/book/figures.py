"""The five key figures of the Summary sheet; the first three follow *Your quadrant*."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analyzer import xlsx
from analyzer.report.book import palette
from analyzer.report.book.material import Material
from analyzer.report.book.paper import Paper
from analyzer.report.book.quadrants import COST, FTE, LEVEL, TASKS, Grid
from analyzer.report.numbers import DASH
from analyzer.report.view.context import OFFSHORE, OUTSOURCED
from analyzer.terms import PLACED, Quadrant, Severity
from analyzer.xlsx.addresses import letters

_ROWS = (1, 3, 5, 8, 10)  # under the top, beside the square's
_NOTE = xlsx.Style(color=palette.QUIET, size=10, vertical="top")
_LABEL = xlsx.Style(bold=True, color=palette.INK, vertical="center")


@dataclass(frozen=True, slots=True)
class _Shown:
    value: xlsx.Value
    formula: str = ""
    number_format: str | None = None


def draw(paper: Paper, material: Material, grid: Grid, top: int) -> None:
    """The figures one under another, each with its label and note."""
    paper.put(top, 8, material.context.say("figures.title"), xlsx.Style(bold=True, color=palette.QUIET))
    alive = _alive(grid)
    for number, figure in zip(_ROWS, material.view.figures, strict=True):
        row, shown = top + number, alive.get(figure.code) or _Shown(_number(figure.value))
        style = xlsx.Style(
            size=15, bold=True, color=palette.INK, horizontal="left", vertical="center",
            number_format=shown.number_format,
        )  # fmt: skip
        paper.put(row, 8, shown.value, style, formula=shown.formula)
        paper.put(row, 10, figure.label, _LABEL)
        note = "; ".join(text for text in (figure.missing or figure.sub, figure.change) if text)
        paper.put(row + 1, 10, note, _NOTE)


def _number(text: str) -> xlsx.Value:
    plain = text.replace(",", "")
    return float(plain) if plain.replace(".", "", 1).isdecimal() else text


def _alive(grid: Grid) -> Mapping[str, _Shown]:
    """The figures that follow *Your quadrant*, by code."""
    figures = {"outsiders": _outsiders(grid), "abroad": _abroad(grid)}
    high = palette.LEVELS[Severity.HIGH.value]
    if any(grid.sum(palette.LEVELS[level.value]) for level in (Severity.HIGH, Severity.MEDIUM, Severity.LOW)):
        figures["high"] = _Shown(grid.sum(high), f"{letters(LEVEL)}{grid.total}", palette.COUNT)
    return figures


def _outsiders(grid: Grid) -> _Shown:
    """The share that outsiders have: of spend where it is stated, else of tasks."""
    column, key = (COST, "cost") if grid.sum("cost") > 0 else (TASKS, "tasks")
    total = f"{letters(column)}{grid.total}"
    formula = f"IF({total}=0,0,({_added(grid, OUTSOURCED, column)})/{total})"
    return _placed(grid, grid.share(key, *OUTSOURCED), formula, palette.SHARE)


def _abroad(grid: Grid) -> _Shown:
    """What is done abroad: FTE where they are stated, else tasks."""
    if grid.sum("fte_known") > 0:
        return _placed(grid, grid.sum("fte", OFFSHORE), _added(grid, OFFSHORE, FTE), f'{palette.FTE} "FTE"')
    return _placed(grid, grid.sum("tasks", OFFSHORE), _added(grid, OFFSHORE, TASKS), palette.COUNT)


def _placed(grid: Grid, value: float, formula: str, number_format: str) -> _Shown:
    """A figure, or a dash while no task is placed."""
    shown = value if grid.sum("tasks", PLACED) else DASH
    return _Shown(shown, f'IF(({_added(grid, PLACED, TASKS)})=0,"{DASH}",{formula})', number_format)


def _added(grid: Grid, quadrants: tuple[Quadrant, ...], column: int) -> str:
    return "+".join(f"{letters(column)}{grid.row(quadrant)}" for quadrant in quadrants)
