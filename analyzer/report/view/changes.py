"""What changed since the period before: the bridge that reconciles, the transition matrix, the changes one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from analyzer.model import KEY, Movement
from analyzer.report.charts import Step, Waterfall, waterfall
from analyzer.report.view.context import Context, Place
from analyzer.terms import Quadrant

SHOWN = 12
FIELDS_SHOWN = 3
FLOWS = ("added", "removed", "moved_in", "moved_out", "changed")
ORDER = ("new High", "moved", "added", "gone", "closed High", "changed")
_KIND_WORDS = {kind: f"changes.kind_{kind.lower().replace(' ', '_')}" for kind in ORDER}


@dataclass(frozen=True, slots=True)
class BridgeLine:
    """A quadrant's bridge, as said; ``place`` is None for all of them together."""

    place: Place | None
    name: str
    numbers: tuple[str, ...]  # opening, added, removed, moved in, moved out, changed, closing


@dataclass(frozen=True, slots=True)
class Bridge:
    """A measure's bridge: a chart over all, a table by quadrant."""

    code: str
    title: str
    said: str
    chart: Waterfall
    lines: tuple[BridgeLine, ...]


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """``kind``: same, moved, added, removed, sum, or none for nothing."""

    kind: str
    tasks: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A row of the transition matrix."""

    place: Place | None
    name: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Five quadrants by five, with added and gone, and what each side adds up to."""

    columns: tuple[Place, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One task's change."""

    kind: str
    task: str
    task_id: str
    from_to: str
    why: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The section; ``empty`` stands alone in a first period."""

    title: str
    empty: str = ""
    lead: str = ""
    restated: str = ""
    bridges: tuple[Bridge, ...] = ()
    cut: bool = False
    matrix: Matrix | None = None
    matrix_caption: str = ""
    rows: tuple[Change, ...] = ()
    more: str = ""
    suggested: str = ""


def see(context: Context) -> Changes:
    """The movement of an analysis, or why there is none."""
    movement = context.analysis.movement
    if movement is None:
        return Changes(context.say("changes.none_title"), empty=context.say("changes.first"))
    month = context.numbers.month(movement.previous)
    bridges = tuple(_bridge(context, movement, measure) for measure in _measures(movement))
    changes = _ordered(movement)
    return Changes(
        title=context.say("changes.title", month=month),
        lead=_lead(context, movement, month),
        restated=context.say("changes.restated") if movement.restated else "",
        bridges=bridges,
        cut=any(bridge.chart.cut for bridge in bridges),
        matrix=_matrix(context, movement),
        matrix_caption=context.say("changes.matrix", month=month),
        rows=tuple(_change(context, row) for row in changes.head(SHOWN).iter_rows(named=True)),
        more=context.say("changes.more", changes.height - SHOWN) if changes.height > SHOWN else "",
        suggested=context.say("changes.suggested", movement.suggested.height) if movement.suggested.height else "",
    )


def _measures(movement: Movement) -> list[str]:
    """Tasks always; FTE and cost where any is known."""
    sizes = movement.bridge.group_by("measure").agg((pl.col("opening").abs() + pl.col("closing").abs()).sum())
    known = {measure for measure, size in sizes.iter_rows() if size}
    return ["tasks", *(measure for measure in ("fte", "cost") if measure in known)]


def _lead(context: Context, movement: Movement, month: str) -> str:
    line = _all(movement, "tasks")
    places = [quadrant.value for quadrant in Quadrant]
    moves = movement.matrix.filter(
        pl.col("before").is_in(places) & pl.col("after").is_in(places) & (pl.col("before") != pl.col("after"))
    )
    moved = int(moves["tasks"].sum())
    if not (line["added"] or line["removed"] or moved or movement.changes.height):
        return context.say("changes.unchanged", month=month)
    count = context.numbers.count
    return context.say("changes.lead", added=count(line["added"]), removed=count(line["removed"]), moved=count(moved))


def _all(movement: Movement, measure: str) -> dict[str, float]:
    lines = movement.bridge.filter((pl.col("measure") == measure) & (pl.col("quadrant") == "All"))
    return lines.row(0, named=True) if lines.height else dict.fromkeys(("opening", *FLOWS, "closing"), 0.0)


def _writer(context: Context, measure: str) -> Callable[[float], str]:
    return {"tasks": context.numbers.count, "fte": context.fte, "cost": context.money}[measure]


def _signed(context: Context, measure: str) -> Callable[[float], str]:
    if measure == "cost":
        return lambda value: context.numbers.signed_money(value, context.currency)
    return lambda value: context.numbers.signed(value, 1)


def _bridge(context: Context, movement: Movement, measure: str) -> Bridge:
    line, write, sign = _all(movement, measure), _writer(context, measure), _signed(context, measure)
    steps = [
        Step("total", context.say("changes.opening"), write(line["opening"]), line["opening"]),
        Step("step", context.say("changes.added"), sign(line["added"]), line["added"]),
        Step("step", context.say("changes.removed"), sign(-line["removed"]), -line["removed"]),
        Step("total", context.say("changes.closing"), write(line["closing"]), line["closing"]),
    ]
    if measure != "tasks":
        steps.insert(3, Step("step", context.say("changes.changed"), sign(line["changed"]), line["changed"]))
    title = context.say(f"changes.measure_{measure}")
    return Bridge(
        code=measure,
        title=title,
        said=", ".join(f"{step.label} {step.value}" for step in steps),
        chart=waterfall(steps),
        lines=tuple(_lines(context, movement, measure)),
    )


def _lines(context: Context, movement: Movement, measure: str) -> list[BridgeLine]:
    write, sign = _writer(context, measure), _signed(context, measure)
    lines = []
    for row in movement.bridge.filter(pl.col("measure") == measure).iter_rows(named=True):
        place = None if row["quadrant"] == "All" else context.place(row["quadrant"])
        flows = (row["added"], -row["removed"], row["moved_in"], -row["moved_out"], row["changed"])
        figures = (write(row["opening"]), *(sign(flow) if flow else "·" for flow in flows), write(row["closing"]))
        lines.append(BridgeLine(place, place.name if place else context.say("changes.all"), figures))
    return lines


def _matrix(context: Context, movement: Movement) -> Matrix:
    counts = {(before, after): n for before, after, n in movement.matrix.select("before", "after", "tasks").iter_rows()}
    names = [quadrant.value for quadrant in Quadrant]
    rows = [
        _matrix_row(
            context, context.place(before), [counts.get((before, after), 0) for after in (*names, "removed")], at
        )
        for at, before in enumerate(names)
    ]
    added = [counts.get(("added", after), 0) for after in names]
    rows.append(_matrix_row(context, None, [*added, 0], len(names)))
    now = [sum(counts.get((before, after), 0) for before in (*names, "added")) for after in names]
    sums = tuple(MatrixCell("sum", context.numbers.count(n)) for n in now)
    last = MatrixRow(None, context.say("changes.matrix_now"), (*sums, MatrixCell("none", ""), _sum(context, sum(now))))
    return Matrix(tuple(context.place(name) for name in names), (*rows, last))


def _sum(context: Context, number: int) -> MatrixCell:
    return MatrixCell("sum", context.numbers.count(number))


def _matrix_row(context: Context, place: Place | None, counts: list[int], at: int) -> MatrixRow:
    """Cells of a row; the column under ``at`` is where nothing moved, the last is gone or, for added tasks, no case."""
    last = len(counts) - 1
    cells = []
    for index, number in enumerate(counts):
        kind = "same" if place and index == at else "removed" if index == last else "moved" if place else "added"
        cells.append(MatrixCell(kind if number else "none", context.numbers.count(number) if number else "·"))
    name = place.name if place else context.say("changes.matrix_added")
    return MatrixRow(place, name, (*cells, _sum(context, sum(counts))))


def _ordered(movement: Movement) -> pl.DataFrame:
    rank = pl.col("kind").replace_strict({kind: n for n, kind in enumerate(ORDER)}, default=len(ORDER))
    return movement.changes.sort(rank, KEY, maintain_order=True)


def _change(context: Context, row: dict[str, str | None]) -> Change:
    ends = [_said(context, row["before"]), _said(context, row["after"])]
    kind = row["kind"] or ""
    return Change(
        kind=context.say(_KIND_WORDS[kind]) if kind in _KIND_WORDS else kind,
        task=context.name(row["task_name"]),
        task_id=row["task_id"] or "",
        from_to=" → ".join(end for end in ends if end),
        why=_shortened(context, row["why"] or ""),
    )


def _shortened(context: Context, why: str) -> str:
    """The first few changed fields; the workbook lists them all."""
    parts = why.split("; ")
    rest = len(parts) - FIELDS_SHOWN
    return "; ".join(parts[:FIELDS_SHOWN]) + (f"; {context.say('attention.more', rest)}" if rest > 0 else "")


def _said(context: Context, value: str | None) -> str:
    """A quadrant or severity in the page's language, anything else as it is."""
    if value in {quadrant.value for quadrant in Quadrant}:
        return context.place(str(value)).name
    return value or ""
