"""The 2 by 2 of the Summary sheet, with Undetermined on a strip under it: references to the table by quadrant."""

from __future__ import annotations

from analyzer import xlsx
from analyzer.report.book import palette
from analyzer.report.book.material import Material
from analyzer.report.book.paper import Paper
from analyzer.report.book.quadrants import LEVEL, LEVELS, Grid, measure
from analyzer.report.view.context import Context
from analyzer.terms import Quadrant
from analyzer.xlsx.addresses import letters

_BLOCKS = {  # line of blocks, column of the sheet
    Quadrant.INHOUSE_ONSHORE: (0, 1),
    Quadrant.OUTSOURCED_ONSHORE: (0, 4),
    Quadrant.INHOUSE_OFFSHORE: (1, 1),
    Quadrant.OUTSOURCED_OFFSHORE: (1, 4),
}
_ROWS, _COLUMNS = 6, 3  # of a block
_STRIP = 1 + 2 * _ROWS + 1  # after the words of the axis, and two blocks with a gap between
HEIGHT = _STRIP + 1  # rows, with the strip


def draw(paper: Paper, context: Context, grid: Grid, top: int) -> None:
    """The four blocks with the words of their axes."""
    for column, word in ((1, "axis.inhouse"), (4, "axis.outsourced")):
        paper.put(top, column, context.say(word), xlsx.Style(bold=True, color=palette.QUIET))
    for line, word in enumerate(("axis.onshore", "axis.offshore")):
        look = xlsx.Style(bold=True, color=palette.QUIET, horizontal="right")
        paper.put(_block_row(top, line), 0, context.say(word), look)
    for quadrant, (line, column) in _BLOCKS.items():
        _block(paper, context, grid, quadrant, _block_row(top, line), column)
    paper.sheet.row_dimensions[top + 1 + _ROWS].height = 6


def _block_row(top: int, line: int) -> int:
    return top + 1 + line * (_ROWS + 1)


def _block(paper: Paper, context: Context, grid: Grid, quadrant: Quadrant, top: int, left: int) -> None:
    shade, mine, at = palette.QUADRANTS[quadrant], grid.values[quadrant], grid.row(quadrant)
    for row in range(top, top + _ROWS):
        _ground(paper, shade, row, range(left, left + _COLUMNS))

    def put(row: int, column: int, value: xlsx.Value | None, formula: str = "", **look: object) -> None:
        usual = {"color": palette.INK, "indent": 1 if column == 0 else None, "horizontal": "left"}
        style = xlsx.Style(fill=shade.pale, **{**usual, **look})  # type: ignore[arg-type]  # fields of Style
        edge = shade.strong if column == 0 else ""
        paper.put(top + row, left + column, value, style, formula=formula, edge=edge)

    put(0, 0, context.place(quadrant.value).name, bold=True, size=12)
    put(1, 0, mine["tasks"], f"B{at}", bold=True, size=24, horizontal="left", number_format=palette.COUNT)
    put(1, 1, "tasks", vertical="center")
    if grid.before is not None:
        change = mine["tasks"] - grid.before[quadrant]
        put(1, 2, change, f"D{at}", bold=True, horizontal="right", vertical="center", number_format=palette.CHANGE)
    put(2, 0, "FTE")
    put(2, 1, mine["fte"], f"E{at}", number_format=palette.FTE, horizontal="right")
    put(3, 0, context.priced("Spend"))
    put(3, 1, mine["cost"], f"F{at}", number_format=palette.money(context.currency), horizontal="right")
    of = measure(context)
    put(4, 0, f"Share of {of.word}")
    share = grid.share(of.key, quadrant)
    put(4, 1, share, f"G{at}", number_format=palette.SHARE, horizontal="right", bold=True)
    put(5, 0, *_mix(grid, quadrant))
    paper.sheet.row_dimensions[top + 1].height = 32
    paper.sheet.row_dimensions[top].height = 20


def _ground(paper: Paper, shade: palette.Shade, row: int, columns: range) -> None:
    for column in columns:
        edge = shade.strong if column == columns.start else ""
        paper.put(row, column, None, xlsx.Style(fill=shade.pale), edge=edge)


def _mix(grid: Grid, quadrant: Quadrant) -> tuple[str, str]:
    """A quadrant's tasks by risk level in one line, and its formula."""
    mine, at = grid.values[quadrant], grid.row(quadrant)
    shapes = list(palette.SHAPES.values())
    said = "   ".join(f"{shape} {int(mine[level])}" for shape, level in zip(shapes, LEVELS, strict=True))
    cells = (f'"{shape} "&{letters(column)}{at}' for column, shape in enumerate(shapes, start=LEVEL))
    return said, '&"   "&'.join(cells)


def undetermined(paper: Paper, material: Material, grid: Grid, top: int) -> None:
    """The strip of Undetermined: apart and never a default."""
    shade, row = palette.QUADRANTS[Quadrant.UNDETERMINED], top + _STRIP
    _ground(paper, shade, row, range(1, 1 + 2 * _COLUMNS))
    at = grid.row(Quadrant.UNDETERMINED)
    tasks = int(grid.values[Quadrant.UNDETERMINED]["tasks"])
    style = xlsx.Style(fill=shade.pale, color=palette.INK, bold=True)
    paper.put(row, 1, f"○ {tasks} undetermined", style, formula=f'"○ "&B{at}&" undetermined"', edge=shade.strong)
    why = material.view.hero.undetermined_why
    paper.put(row, 3, why, xlsx.Style(fill=shade.pale, color=palette.INK, size=10))
