"""The Summary sheet: the page's first screen, alive."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import polars as pl
from openpyxl.chart import BarChart
from openpyxl.worksheet.pagebreak import Break

from analyzer import xlsx
from analyzer.report.book import charts, palette
from analyzer.report.book.live import Live
from analyzer.report.book.material import Material
from analyzer.report.book.paper import HEAD, HEAD_NUMBER, SMALL, TEXT, Paper, counted
from analyzer.report.numbers import DASH
from analyzer.report.view import View
from analyzer.report.view.context import OFFSHORE, OUTSOURCED, Context
from analyzer.terms import PLACED, Quadrant, Severity, TagColumn
from analyzer.xlsx.addresses import letters

WIDTHS = (22, *[12.5] * 6, *[12.5] * 6)
_LEVELS = [palette.LEVELS[severity.value] for severity in Severity]
_T = TagColumn
# columns of the table by quadrant
_NAME, _TASKS, _BEFORE, _CHANGE, _FTE, _COST, _SHARE, _LEVEL = 0, 1, 2, 3, 4, 5, 6, 7
_FTE_KNOWN, _COST_KNOWN = _LEVEL + len(_LEVELS), _LEVEL + len(_LEVELS) + 1
_BLOCKS = {
    Quadrant.INHOUSE_ONSHORE: (0, 1),
    Quadrant.OUTSOURCED_ONSHORE: (0, 4),
    Quadrant.INHOUSE_OFFSHORE: (1, 1),
    Quadrant.OUTSOURCED_OFFSHORE: (1, 4),
}
_BLOCK_ROWS = 6
_BIG = xlsx.Style(size=24, bold=True, color=palette.INK, horizontal="left", vertical="center", number_format="#,##0")
_FIGURE = xlsx.Style(size=15, bold=True, color=palette.INK, horizontal="left")
_NOTE = xlsx.Style(color=palette.QUIET, size=10, vertical="top")
_LABEL = xlsx.Style(color=palette.QUIET, size=10)


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the table by quadrant stands: its rows are referred to by all else."""

    head: int
    before: dict[Quadrant, float] | None

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

    def cells(self, column: int, *, placed: bool = False) -> str:
        """A column's cells over the quadrants."""
        last = self.head + (len(PLACED) if placed else len(Quadrant))
        return f"${letters(column)}${self.head + 1}:${letters(column)}${last}"


def draw(paper: Paper, material: Material) -> None:
    """All of the sheet."""
    context, view, live = material.context, material.view, material.live
    paper.widths(WIDTHS)
    hero = view.hero
    paper.title(hero.headline, f"{hero.lead} {hero.source}. {hero.lead_rest}".replace("..", "."), hero.reconcile)
    start = paper.row
    grid = Grid(start + 2 * _BLOCK_ROWS + 5, _opening(context))
    tally = live.tally()
    values = _values(tally)
    _square(paper, context, grid, values, start)
    _figures(paper, context, view, grid, values, start)
    _strip(paper, view, grid, values, start + 2 * _BLOCK_ROWS + 2)
    paper.row = grid.head - 1
    _table(paper, context, grid, live, values)
    _quality(paper, view)
    _decisions(paper, context, view)
    _charts(paper, context, grid)


Values = dict[Quadrant, dict[str, float]]


def _values(tally: pl.DataFrame) -> Values:
    return {Quadrant(row["at"]): {k: v for k, v in row.items() if k != "at"} for row in tally.iter_rows(named=True)}


def _sum(values: Values, key: str) -> float:
    return sum(value[key] for value in values.values())


def _part(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _opening(context: Context) -> dict[Quadrant, float] | None:
    movement = context.analysis.movement
    if movement is None:
        return None
    lines = movement.bridge.filter(pl.col("measure") == "tasks")
    sizes = dict(lines.select("quadrant", "opening").iter_rows())
    return {quadrant: float(sizes.get(quadrant.value, 0)) for quadrant in Quadrant}


def _measure(context: Context) -> tuple[int, str, str]:
    """Column, key and word of what shares are shares of."""
    return {
        "spend": (_COST, "cost", "spend"),
        "fte": (_FTE, "fte", "FTE"),
        "tasks": (_TASKS, "tasks", "tasks"),
    }[context.measure]


def _square(paper: Paper, context: Context, grid: Grid, values: Values, start: int) -> None:
    """The 2 by 2, each number a reference to the table by quadrant."""
    for column, word in ((1, "axis.inhouse"), (4, "axis.outsourced")):
        paper.put(start, column, context.say(word), xlsx.Style(bold=True, color=palette.QUIET))
    for line, word in enumerate(("axis.onshore", "axis.offshore")):
        row = start + 1 + line * (_BLOCK_ROWS + 1)
        paper.put(row, 0, context.say(word), xlsx.Style(bold=True, color=palette.QUIET, horizontal="right"))
    for quadrant, (line, column) in _BLOCKS.items():
        _block(paper, context, grid, quadrant, values, start + 1 + line * (_BLOCK_ROWS + 1), column)
    paper.sheet.row_dimensions[start + 1 + _BLOCK_ROWS].height = 6


def _block(paper: Paper, context: Context, grid: Grid, quadrant: Quadrant, values: Values, top: int, left: int) -> None:
    shade, mine, at = palette.QUADRANTS[quadrant], values[quadrant], grid.row(quadrant)
    for row in range(top, top + _BLOCK_ROWS):
        for column in range(left, left + 3):
            paper.put(row, column, None, xlsx.Style(fill=shade.pale), edge=shade.strong if column == left else "")

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
    column, key, word = _measure(context)
    put(4, 0, f"Share of {word}")
    put(4, 1, _part(mine[key], _sum(values, key)), f"G{at}", number_format=palette.SHARE, horizontal="right", bold=True)
    mix = [(shape, letters(_LEVEL + n), mine[_LEVELS[n]]) for n, shape in enumerate(palette.SHAPES.values())]
    said = "   ".join(f"{shape} {int(number)}" for shape, _, number in mix)
    put(5, 0, said, '&"   "&'.join(f'"{shape} "&{letter}{at}' for shape, letter, _ in mix))
    paper.sheet.row_dimensions[top + 1].height = 32
    paper.sheet.row_dimensions[top].height = 20


def _figures(paper: Paper, context: Context, view: View, grid: Grid, values: Values, start: int) -> None:
    """The five key figures; the first three are alive."""
    paper.put(start, 8, context.say("figures.title"), xlsx.Style(bold=True, color=palette.QUIET))
    alive = _alive(grid, values)
    rows = [start + 1, start + 3, start + 5, start + 8, start + 10]
    for row, figure in zip(rows, view.figures, strict=True):
        value, formula, number_format = alive.get(figure.code, (_number(figure.value), "", None))
        style = xlsx.Style(
            size=15, bold=True, color=palette.INK, horizontal="left", vertical="center", number_format=number_format
        )
        paper.put(row, 8, value, style, formula=formula)
        paper.put(row, 10, figure.label, xlsx.Style(bold=True, color=palette.INK, vertical="center"))
        note = "; ".join(text for text in (figure.missing or figure.sub, figure.change) if text)
        paper.put(row + 1, 10, note, _NOTE)


def _number(text: str) -> xlsx.Value:
    plain = text.replace(",", "")
    return float(plain) if plain.replace(".", "", 1).isdecimal() else text


def _alive(grid: Grid, values: Values) -> dict[str, tuple[xlsx.Value, str, str | None]]:
    """The figures that follow *Your quadrant*: value, formula, number format; a dash while no task is placed."""

    def add(quadrants: tuple[Quadrant, ...], column: int) -> str:
        return "+".join(f"{letters(column)}{grid.row(quadrant)}" for quadrant in quadrants)

    def value(quadrants: tuple[Quadrant, ...], key: str) -> float:
        return sum(values[quadrant][key] for quadrant in quadrants)

    def placed(number: float, formula: str) -> tuple[xlsx.Value, str]:
        shown = number if value(PLACED, "tasks") else DASH
        return shown, f'IF(({add(PLACED, _TASKS)})=0,"{DASH}",{formula})'

    spend = _sum(values, "cost") > 0
    column, key = (_COST, "cost") if spend else (_TASKS, "tasks")
    total = f"{letters(column)}{grid.total}"
    fte = _sum(values, "fte_known") > 0
    abroad, abroad_key = (_FTE, "fte") if fte else (_TASKS, "tasks")
    share = f"IF({total}=0,0,({add(OUTSOURCED, column)})/{total})"
    figures: dict[str, tuple[xlsx.Value, str, str | None]] = {
        "outsiders": (*placed(_part(value(OUTSOURCED, key), _sum(values, key)), share), palette.SHARE),
        "abroad": (
            *placed(value(OFFSHORE, abroad_key), add(OFFSHORE, abroad)),
            f'{palette.FTE} "FTE"' if fte else palette.COUNT,
        ),
    }
    levels = {severity: palette.LEVELS[severity.value] for severity in (Severity.HIGH, Severity.MEDIUM, Severity.LOW)}
    if any(_sum(values, level) for level in levels.values()):
        high = levels[Severity.HIGH]
        figures["high"] = (_sum(values, high), f"{letters(_LEVEL)}{grid.total}", palette.COUNT)
    return figures


def _strip(paper: Paper, view: View, grid: Grid, values: Values, row: int) -> None:
    """Undetermined, apart and never a default."""
    shade = palette.QUADRANTS[Quadrant.UNDETERMINED]
    for column in range(1, 7):
        paper.put(row, column, None, xlsx.Style(fill=shade.pale), edge=shade.strong if column == 1 else "")
    at = grid.row(Quadrant.UNDETERMINED)
    tasks = int(values[Quadrant.UNDETERMINED]["tasks"])
    style = xlsx.Style(fill=shade.pale, color=palette.INK, bold=True)
    paper.put(row, 1, f"○ {tasks} undetermined", style, formula=f'"○ "&B{at}&" undetermined"', edge=shade.strong)
    paper.put(row, 3, view.hero.undetermined_why, xlsx.Style(fill=shade.pale, color=palette.INK, size=10))


def _table(paper: Paper, context: Context, grid: Grid, live: Live, values: Values) -> None:
    """Tasks, FTE, spend and risk level by quadrant: the live numbers."""
    word = _measure(context)[2]
    paper.section("By quadrant")
    heads = ["Quadrant", "Tasks", "Last period", "Change", "FTE", context.priced("Spend"), f"Share of {word}"]
    heads += [*_LEVELS, "FTE stated in", "Spend stated in"]
    for column, text in enumerate(heads):
        paper.put(grid.head, column, text, HEAD if column == 0 else HEAD_NUMBER)
    paper.sheet.row_dimensions[grid.head].height = 32
    for quadrant in Quadrant:
        _line(paper, context, grid, live, values, quadrant)
    _total(paper, context, grid, values)
    row = grid.total + 1
    outside = live.tags.filter(~pl.col(_T.IN_TOTALS).str.starts_with("yes")).height
    tasks = live.tags.height
    paper.put(row, 0, "Not in totals", SMALL)
    paper.put(row, 1, outside, xlsx.Style(color=palette.QUIET, number_format=palette.COUNT), formula=live.outside())
    good, bad = f"All {tasks:,} tasks are counted once", "Does not add up: look for a quadrant that is none of the five"
    paper.put(
        row,
        2,
        good,
        SMALL,
        formula=f'IF(B{grid.total}+B{row}={tasks},"{good}","{bad}")',
    )
    paper.row = row + 2


def _line(paper: Paper, context: Context, grid: Grid, live: Live, values: Values, quadrant: Quadrant) -> None:
    shade, mine, row = palette.QUADRANTS[quadrant], values[quadrant], grid.row(quadrant)
    name, five = f"$A{row}", grid.five
    paper.put(
        row, _NAME, quadrant.value, xlsx.Style(fill=shade.pale, bold=True, border=palette.RULE), edge=shade.strong
    )

    def put(column: int, value: float, formula: str, number_format: str) -> None:
        style = xlsx.Style(color=palette.INK, border=palette.RULE, number_format=number_format, horizontal="right")
        paper.put(row, column, value, style, formula=formula)

    put(_TASKS, mine["tasks"], live.tasks(name, five), palette.COUNT)
    if grid.before is not None:
        put(_BEFORE, grid.before[quadrant], "", palette.COUNT)
        put(_CHANGE, mine["tasks"] - grid.before[quadrant], f"B{row}-C{row}", palette.CHANGE)
    else:
        put(_BEFORE, None, "", palette.COUNT)  # type: ignore[arg-type]  # a first period has none
        put(_CHANGE, None, "", palette.COUNT)  # type: ignore[arg-type]  # the same
    put(_FTE, mine["fte"], live.total(_T.FTE_COUNTED, name, five), palette.FTE)
    put(_COST, mine["cost"], live.total(_T.COST_COUNTED, name, five), palette.money(context.currency))
    column, key, _ = _measure(context)
    whole = f"{letters(column)}${grid.total}"
    share = _part(mine[key], _sum(values, key))
    put(_SHARE, share, f"IF({whole}=0,0,{letters(column)}{row}/{whole})", palette.SHARE)
    for number, level in enumerate(_LEVELS):
        criterion = (_T.RISK_LEVEL, f"{letters(_LEVEL + number)}${grid.head}")
        put(_LEVEL + number, mine[level], live.tasks(name, five, criterion), palette.COUNT)
    put(_FTE_KNOWN, mine["fte_known"], live.tasks(name, five, (_T.FTE_COUNTED, '"<>"')), palette.COUNT)
    put(_COST_KNOWN, mine["cost_known"], live.tasks(name, five, (_T.COST_COUNTED, '"<>"')), palette.COUNT)


def _total(paper: Paper, context: Context, grid: Grid, values: Values) -> None:
    row = grid.total
    bold = {"bold": True, "color": palette.INK, "border": palette.RULE}
    paper.put(row, _NAME, "All in totals", xlsx.Style(**bold))  # type: ignore[arg-type]  # fields of Style
    sums: list[tuple[int, str, str]] = [
        (_TASKS, "tasks", palette.COUNT),
        (_FTE, "fte", palette.FTE),
        (_COST, "cost", palette.money(context.currency)),
        *((_LEVEL + number, level, palette.COUNT) for number, level in enumerate(_LEVELS)),
        (_FTE_KNOWN, "fte_known", palette.COUNT),
        (_COST_KNOWN, "cost_known", palette.COUNT),
    ]
    for column, key, number_format in sums:
        _put_sum(paper, grid, column, _sum(values, key), number_format)
    share = 1.0 if _sum(values, _measure(context)[1]) else 0.0
    _put_sum(paper, grid, _SHARE, share, palette.SHARE)
    if grid.before is not None:
        before = sum(grid.before.values())
        _put_sum(paper, grid, _BEFORE, before, palette.COUNT)
        _put_sum(paper, grid, _CHANGE, _sum(values, "tasks") - before, palette.CHANGE)


def _put_sum(paper: Paper, grid: Grid, column: int, value: float, number_format: str) -> None:
    style = xlsx.Style(
        bold=True, color=palette.INK, border=palette.RULE, number_format=number_format, horizontal="right"
    )
    cells = f"{letters(column)}{grid.head + 1}:{letters(column)}{grid.total - 1}"
    paper.put(grid.total, column, value, style, formula=f"SUM({cells})")


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
            paper.put(paper.row, 1, line, _LABEL)
        paper.row += 1
    rest = context.analysis.summary.top.height - len(view.decisions.rows)
    if rest > 0:
        more = counted(rest, "more task asks", "more tasks ask")
        paper.say(f"{more} for a decision: filter Risk level on the task sheet.", SMALL)
    paper.row += 1


def _charts(paper: Paper, context: Context, grid: Grid) -> None:
    """The 2 by 2, the risk levels, spend or FTE, and the movement: all of the live table, on a page of their own."""
    top = paper.row
    paper.sheet.row_breaks.append(Break(id=top - 1))
    paper.section("Charts", "The charts follow Your quadrant on the task sheet.")
    first, second = top + 2, top + 20
    paper.chart(_square_chart(paper, grid), f"A{first}", "Bars: tasks in each of the four quadrants and undetermined")
    paper.chart(
        _risk_chart(paper, grid), f"H{first}", "Stacked bars: each quadrant's tasks at high, medium, low, not assessed"
    )
    column, _, word = _measure(context)
    if word != "tasks":
        title = context.priced("Spend by quadrant") if column == _COST else "FTE by quadrant"
        paper.chart(_amount_chart(paper, grid, column, title), f"A{second}", f"Bars: {title.lower()}")
    if grid.before is not None:
        paper.chart(_moved_chart(paper, grid), f"H{second}", "Pairs of bars: tasks by quadrant, last period and now")
    paper.row = second + 17


_AXIS = '[>=1000000]0.#,,"m";[>=1000]0,"k";0'
_LEFT, _RIGHT = (17.6, 8.4), (14.0, 8.4)  # cm
_SHADES = [palette.QUADRANTS[quadrant].strong for quadrant in Quadrant]


def _head(grid: Grid, column: int) -> str:
    return f"${letters(column)}${grid.head}"


def _square_chart(paper: Paper, grid: Grid) -> BarChart:
    series = [(_head(grid, _TASKS), grid.cells(_TASKS), _SHADES[0])]
    chart = charts.bars(
        "Tasks by quadrant", paper.sheet, series, grid.cells(_NAME), points=[_SHADES], legend=False, size=_LEFT
    )
    charts.labelled(chart, "#,##0")
    return chart


def _risk_chart(paper: Paper, grid: Grid) -> BarChart:
    series = [
        (_head(grid, _LEVEL + n), grid.cells(_LEVEL + n), palette.SEVERITIES[severity].strong)
        for n, severity in enumerate(Severity)
    ]
    return charts.bars(
        "Risk level by quadrant, tasks",
        paper.sheet,
        series,
        grid.cells(_NAME),
        horizontal=True,
        stacked=True,
        size=_RIGHT,
    )


def _amount_chart(paper: Paper, grid: Grid, column: int, title: str) -> BarChart:
    series = [(_head(grid, column), grid.cells(column), _SHADES[0])]
    chart = charts.bars(
        title,
        paper.sheet,
        series,
        grid.cells(_NAME),
        points=[_SHADES],
        legend=False,
        horizontal=True,
        number_format=_AXIS,
        size=_LEFT,
    )
    charts.labelled(chart, palette.COUNT)
    return chart


def _moved_chart(paper: Paper, grid: Grid) -> BarChart:
    series = [
        (_head(grid, _BEFORE), grid.cells(_BEFORE), "C3C8CF"),
        (_head(grid, _TASKS), grid.cells(_TASKS), _SHADES[0]),
    ]
    chart = charts.bars(
        "Tasks, last period and now", paper.sheet, series, grid.cells(_NAME), points=[[], _SHADES], size=_RIGHT
    )
    charts.labelled(chart, "#,##0")
    return chart
