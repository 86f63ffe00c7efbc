"""Changes: the bridge that reconciles, the transition matrix, every change one by one."""

from __future__ import annotations

import polars as pl

from analyzer import xlsx
from analyzer.model import Movement
from analyzer.report.book import charts, palette
from analyzer.report.book.material import MOST_LINES, Material
from analyzer.report.book.paper import HEAD, HEAD_NUMBER, SMALL, Paper, column, counted
from analyzer.report.view.changes import ORDER
from analyzer.terms import Quadrant
from analyzer.xlsx.addresses import letters

WIDTHS = (30, *[15] * 7, 70)
_CUT_FROM = 8  # steps smaller than an eighth of the opening are hard to see beside it
_FLOWS = ("opening", "added", "removed", "moved_in", "moved_out", "changed")
_KINDS = {
    "new High": palette.chip(palette.SEVERITY_HIGH),
    "moved": palette.chip(palette.QUADRANTS[Quadrant.OUTSOURCED_ONSHORE]),
    "closed High": palette.chip(palette.SEVERITY_LOW),
}


def draw(paper: Paper, material: Material) -> None:
    """What moved since the period before, or why nothing can be said."""
    paper.widths(WIDTHS)
    view, movement = material.view.changes, material.analysis.movement
    if movement is None:
        paper.title(view.title, view.empty)
        return
    paper.title(view.title, view.lead, view.restated)
    formats = {"tasks": palette.COUNT, "fte": palette.FTE, "cost": palette.money(material.currency)}
    for measure, number_format in formats.items():
        lines = movement.bridge.filter(pl.col("measure") == measure)
        if measure == "tasks" or float((lines["opening"].abs() + lines["closing"].abs()).sum() or 0):
            _bridge(paper, material, lines, measure, number_format)
    _matrix(paper, material, movement)
    _list(paper, material, movement)
    _suggested(paper, movement)


def _bridge(paper: Paper, material: Material, lines: pl.DataFrame, measure: str, number_format: str) -> None:
    say = material.context.say
    said = say(f"changes.measure_{measure}")
    title = material.context.priced(said) if measure == "cost" else said
    paper.section(title, say("changes.bridge_table") if measure == "tasks" else "")
    if measure != "tasks":
        paper.row -= 1
    head = paper.row
    for number, text in enumerate(["Quadrant", *(say(f"changes.{flow}") for flow in (*_FLOWS, "closing"))]):
        paper.put(head, number, text, HEAD_NUMBER if number else HEAD)
    look = xlsx.Style(border=palette.RULE, number_format=number_format, horizontal="right", color=palette.INK)
    for row, line in enumerate(lines.iter_rows(named=True), start=head + 1):
        shade = palette.QUADRANTS[Quadrant(line["quadrant"])] if line["quadrant"] != "All" else None
        name = xlsx.Style(fill=shade.pale if shade else None, bold=True, border=palette.RULE)
        paper.put(row, 0, line["quadrant"], name, edge=shade.strong if shade else "")
        for number, flow in enumerate(_FLOWS, start=1):
            paper.put(row, number, line[flow], look)
        paper.put(row, 7, line["closing"], look, formula=f"B{row}+C{row}-D{row}+E{row}-F{row}+G{row}")
    paper.row = head + lines.height + 2
    if measure == "tasks":
        _waterfall(paper, lines, head)


def _waterfall(paper: Paper, lines: pl.DataFrame, head: int) -> None:
    """Opening, added, gone, closing: bars that stand on one another, on a helper table at the right."""
    total = lines.filter(pl.col("quadrant") == "All").row(0, named=True)
    opening, added, removed = total["opening"], total["added"], total["removed"]
    steps = [
        ("Opening", None, opening, None, None),
        ("Added", opening, None, added, None),
        ("Gone", opening + added - removed, None, None, removed),
        ("Closing", None, total["closing"], None, None),
    ]
    left, quiet = 10, xlsx.Style(color=palette.QUIET, size=9)
    paper.sheet.column_dimensions[letters(left)].width = 12
    for number, text in enumerate(("Chart data", "Base", "Total", "Added", "Gone")):
        paper.put(head, left + number, text, quiet)
    for row, step in enumerate(steps, start=head + 1):
        for number, value in enumerate(step):
            paper.put(row, left + number, value, quiet)

    def cells(number: int) -> str:
        letter = letters(left + number)
        return f"${letter}${head + 1}:${letter}${head + len(steps)}"

    colours = (palette.PAPER, "5B6B7F", "2F6DB5", "B0560F")
    series = [(f"${letters(left + n)}${head}", cells(n), colour) for n, colour in enumerate(colours, start=1)]
    start = _axis_from(opening, added, removed)
    title = "Tasks: opening to closing" + (f" (the axis begins at {start:,})" if start else "")
    chart = charts.bars(title, paper.sheet, series, cells(0), stacked=True, legend=False, size=(20, 7.6))
    chart.y_axis.scaling.min = start
    charts.hidden(chart.series[0])
    charts.labelled(chart, palette.COUNT, only=(1, 2, 3), colour=palette.PAPER)
    paper.chart(chart, f"A{paper.row}", "Waterfall: tasks at the opening, added, gone, and at the closing")
    paper.row += 17


def _axis_from(opening: float, added: float, removed: float) -> int:
    """Where the axis begins: at nothing, or near the steps where they would be too small to see."""
    step = max(added, removed)
    if not step or opening < _CUT_FROM * step:
        return 0
    return int((opening - removed - 3 * step) // 10 * 10)


def _matrix(paper: Paper, material: Material, movement: Movement) -> None:
    """Five quadrants by five, with added and gone; it reconciles with the bridge."""
    month = material.context.numbers.month(movement.previous)
    say = material.context.say
    paper.section(say("changes.matrix", month=month), say("changes.matrix_note"))
    counts = {(b, a): n for b, a, n in movement.matrix.select("before", "after", "tasks").iter_rows()}
    names = [quadrant.value for quadrant in Quadrant]
    head = paper.row
    for number, text in enumerate(["Then, now", *names, "Gone", "Then in all"]):
        paper.put(head, number, text, HEAD_NUMBER if number else HEAD)
    paper.sheet.row_dimensions[head].height = 32
    for row, before in enumerate([*names, "added"], start=head + 1):
        paper.put(row, 0, "Added" if before == "added" else before, xlsx.Style(bold=True, border=palette.RULE))
        for number, after in enumerate([*names, "removed"], start=1):
            if (before, after) == ("added", "removed"):
                continue
            _count(paper, row, number, counts.get((before, after), 0), moved=before != after)
        value = sum(counts.get((before, after), 0) for after in [*names, "removed"])
        _sum(paper, row, 7, value, f"SUM(B{row}:G{row})")
    last = head + len(names) + 2
    paper.put(last, 0, "Now in all", xlsx.Style(bold=True, border=palette.RULE))
    for number, after in enumerate([*names, "removed"], start=1):
        value = sum(counts.get((before, after), 0) for before in [*names, "added"])
        letter = letters(number)
        _sum(paper, last, number, value, f"SUM({letter}{head + 1}:{letter}{last - 1})")
    paper.row = last + 2


def _count(paper: Paper, row: int, number: int, value: int, *, moved: bool) -> None:
    fill = palette.QUADRANTS[Quadrant.OUTSOURCED_ONSHORE].pale if value and moved else None
    look = xlsx.Style(
        border=palette.RULE, fill=fill, horizontal="right", number_format=palette.COUNT, color=palette.INK,
        bold=bool(value and moved),
    )  # fmt: skip
    paper.put(row, number, value, look)


def _sum(paper: Paper, row: int, number: int, value: int, formula: str) -> None:
    look = xlsx.Style(border=palette.RULE, bold=True, horizontal="right", number_format=palette.COUNT)
    paper.put(row, number, value, look, formula=formula)


def _list(paper: Paper, material: Material, movement: Movement) -> None:
    rank = pl.col("kind").replace_strict({kind: n for n, kind in enumerate(ORDER)}, default=len(ORDER))
    frame = movement.changes.sort(rank, "key", maintain_order=True)
    paper.section("The changes one by one", counted(frame.height, "change.", "changes."))
    if not frame.height:
        return
    shown = material.joined(frame.head(MOST_LINES))
    paper.table(
        [
            column("Task", shown["task_name"], 30),
            column("What", shown["kind"], 15, chips=_KINDS),
            column("Task id", shown["task_id"], 15),
            column("Field", shown["field"], 15),
            column("Before", shown["before"], 15),
            column("Now", shown["after"], 15),
            column("Owner", shown["owner"], 15),
            column(material.context.priced("Spend"), shown["cost"], 15, palette.money(material.currency)),
            column("Why", shown["why"], 70),
        ],
        main=True,
    )
    if frame.height > MOST_LINES:
        paper.say(f"The first {MOST_LINES:,} of {frame.height:,} changes are here.", SMALL)


def _suggested(paper: Paper, movement: Movement) -> None:
    frame = movement.suggested
    if not frame.height:
        return
    paper.section(
        "Perhaps the same task under another name",
        "Only a person may join them: give both the same task id and run again.",
    )
    texts = [name for name in frame.columns if frame[name].dtype == pl.String]
    paper.table([column(name.replace("_", " ").capitalize(), frame[name], 26) for name in texts])
