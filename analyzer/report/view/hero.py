"""The first screen: the headline, the 2 by 2 with Undetermined beside it, and how the rows add up."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analyzer.model import KEY, Tally
from analyzer.report.charts import Segment, stack
from analyzer.report.view.context import LEVEL_CODES, OFFSHORE, SHAPES, Amount, Context, Place
from analyzer.report.view.headline import headline, number_word
from analyzer.terms import PLACED, Quadrant, Severity

EXAMPLES = 2


@dataclass(frozen=True, slots=True)
class Mix:
    """How many tasks of a severity: shape, word, number and the segment of the bar."""

    code: str
    shape: str
    word: str
    tasks: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One quadrant of the 2 by 2."""

    place: Place
    tasks: str
    unit: str
    change: str  # empty in a first period
    change_said: str
    fte: str
    cost: Amount | None
    share: str
    gaps: str  # what is blank in this cell's sums
    mix: tuple[Mix, ...]
    bar: tuple[Segment, ...]
    mix_said: str
    examples: str


@dataclass(frozen=True, slots=True)
class Hero:
    """All of the first screen but the key figures."""

    headline: str
    lead: str
    source: str
    lead_rest: str
    cells: tuple[Cell, ...]  # in-house onshore, outsourced onshore, in-house offshore, outsourced offshore
    undetermined: str
    undetermined_why: str
    undetermined_any: bool
    reconcile: str
    others: tuple[str, ...]  # amounts in other currencies


def see(context: Context) -> Hero:
    """The first screen of an analysis."""
    undetermined = context.analysis.summary.quadrants.get(Quadrant.UNDETERMINED, Tally())
    return Hero(
        headline=headline(context),
        lead=_lead(context),
        source=context.analysis.inventory.source.name,
        lead_rest=_lead_rest(context),
        cells=tuple(_cell(context, quadrant) for quadrant in PLACED),
        undetermined=context.say("cell.undetermined", undetermined.tasks)
        if undetermined.tasks
        else context.say("cell.undetermined_none"),
        undetermined_why=_undetermined_why(context, undetermined),
        undetermined_any=undetermined.tasks > 0,
        reconcile=reconcile(context),
        others=tuple(
            context.say(
                "cell.other_currency", tally.tasks, currency=currency, money=context.money(tally.cost, currency)
            )
            for currency, tally in context.analysis.summary.other_currencies.items()
        ),
    )


def _lead(context: Context) -> str:
    total = context.total
    facts = [context.say("lead.tasks", context.analysis.summary.tasks)]
    if total.cost_known:
        facts.append(context.money(total.cost))
    if total.fte_known:
        facts.append(context.say("lead.fte", n_=context.fte(total.fte)))
    joined = facts[0] if len(facts) == 1 else context.say("lead.joined", first=", ".join(facts[:-1]), last=facts[-1])
    return context.say("lead.read", facts=joined)


def _lead_rest(context: Context) -> str:
    movement = context.analysis.movement
    if movement is None:
        return context.say("lead.first_time")
    abroad = {quadrant.value for quadrant in OFFSHORE}
    moved = movement.matrix.filter(pl.col("before").is_in(_PLACED) & pl.col("after").is_in(_PLACED))
    before, after = pl.col("before").is_in(abroad), pl.col("after").is_in(abroad)
    went = int(moved.filter(~before & after)["tasks"].sum())
    came = int(moved.filter(before & ~after)["tasks"].sum())
    month = context.numbers.words.month(movement.previous.month)
    went_said = (
        context.say("lead.moved_abroad", went, N=number_word(context, went), month=month)
        if went
        else context.say("lead.none_moved_abroad", month=month)
    )
    home = context.say("lead.came_home", came) if came else context.say("lead.none_came_home")
    return went_said + home


_PLACED = [quadrant.value for quadrant in PLACED]


def _cell(context: Context, quadrant: Quadrant) -> Cell:
    tally = context.analysis.summary.quadrants.get(quadrant, Tally())
    mix = severities(tally)
    change = task_change(context, quadrant)
    return Cell(
        place=context.place(quadrant.value),
        tasks=context.numbers.count(tally.tasks),
        unit=context.say("unit.tasks", tally.tasks),
        change="" if change is None else context.numbers.signed(change),
        change_said="" if change is None else _since(context, change),
        fte=context.say("lead.fte", n_=context.fte(tally.fte)) if tally.fte_known else "",
        cost=context.amount(tally.cost) if tally.cost_known else None,
        share=context.say(
            f"cell.share_{context.measure}",
            share=context.numbers.share(context.weight(tally), context.weight(context.total)),
        ),
        gaps=_gaps(context, tally),
        mix=tuple(
            Mix(
                LEVEL_CODES[severity],
                SHAPES[severity],
                context.numbers.words.severity(severity),
                context.numbers.count(n),
            )
            for severity, n in mix.items()
            if n
        ),
        bar=stack({LEVEL_CODES[severity]: float(n) for severity, n in mix.items()}),
        mix_said=_mix_said(context, tally),
        examples=_examples(context, quadrant),
    )


def severities(tally: Tally) -> dict[Severity, int]:
    """A tally's tasks by severity, worst first."""
    return {
        Severity.HIGH: tally.high,
        Severity.MEDIUM: tally.medium,
        Severity.LOW: tally.low,
        Severity.NOT_ASSESSED: tally.not_assessed,
    }


def task_change(context: Context, quadrant: Quadrant) -> float | None:
    """Closing less opening tasks of a quadrant, None in a first period."""
    movement = context.analysis.movement
    if movement is None:
        return None
    line = movement.bridge.filter((pl.col("measure") == "tasks") & (pl.col("quadrant") == quadrant.value))
    return float(line["closing"][0] - line["opening"][0]) if line.height else 0.0


def _since(context: Context, change: float) -> str:
    movement = context.analysis.movement
    month = context.numbers.words.month(movement.previous.month) if movement else ""
    return context.say("cell.since", change=context.numbers.signed(change), month=month)


def _gaps(context: Context, tally: Tally) -> str:
    gaps = []
    if 0 < tally.fte_known < tally.tasks:
        gaps.append(context.say("cell.fte_known", tally.tasks, known=context.numbers.count(tally.fte_known)))
    if 0 < tally.cost_known < tally.tasks:
        gaps.append(context.say("cell.cost_known", tally.tasks, known=context.numbers.count(tally.cost_known)))
    return ", ".join(gaps)


def _mix_said(context: Context, tally: Tally) -> str:
    if not any(severities(tally).values()):
        return context.say("cell.no_risk") if tally.tasks else context.say("cell.none")
    count = context.numbers.count
    return context.say(
        "cell.risk_mix",
        high=count(tally.high),
        medium=count(tally.medium),
        low=count(tally.low),
        not_assessed=count(tally.not_assessed),
    )


def _examples(context: Context, quadrant: Quadrant) -> str:
    mine = context.tasks.filter(
        (pl.col("quadrant") == quadrant.value) & pl.col("in_totals") & pl.col("name").is_not_null()
    )
    top = mine.sort("cost", "fte", KEY, descending=[True, True, False], nulls_last=True).head(EXAMPLES)
    return ", ".join(top["name"].to_list())


def _undetermined_why(context: Context, tally: Tally) -> str:
    if not tally.tasks:
        return ""
    parts = []
    if context.measure != "tasks" and context.weight(tally):
        share = context.numbers.share(context.weight(tally), context.weight(context.total))
        parts.append(context.say(f"cell.share_{context.measure}", share=share))
    reasons = unplaced_reasons(context).head(2)
    parts += [f"{reason} ({context.numbers.count(n)})" for reason, n in reasons.iter_rows()]
    return "; ".join(parts)


def unplaced_reasons(context: Context) -> pl.DataFrame:
    """Why tasks are undetermined: ``reason`` String without cells · ``tasks`` UInt32, most tasks first."""
    frame = context.analysis.placement.frame.filter(
        (pl.col("quadrant") == Quadrant.UNDETERMINED.value) & pl.col("in_totals")
    )
    unknown = (
        pl.when(pl.col("location").is_in(["unknown", "mixed"]))
        .then(pl.col("location_why"))
        .otherwise(pl.col("sourcing_why"))
    )
    plain = unknown.str.replace_all(r"\s*\([^()]*![A-Z]{1,3}\d+\)", "").str.strip_chars(" .")
    return frame.select(reason=plain).group_by("reason").len("tasks").sort("tasks", "reason", descending=[True, False])


def reconcile(context: Context) -> str:
    """Rows read = tasks + set aside; tasks = placed + undetermined + not in totals: every output says it."""
    summary, count = context.analysis.summary, context.numbers.count
    undetermined = context.tally([Quadrant.UNDETERMINED]).tasks
    values = {
        "rows": count(summary.rows),
        "tasks": count(summary.tasks),
        "aside": count(summary.set_aside),
        "placed": count(summary.total.tasks - undetermined),
        "undetermined": count(undetermined),
    }
    if not summary.outside.tasks:
        return context.say("cell.reconcile_none_outside", **values)
    return context.say("cell.reconcile", **values, outside=count(summary.outside.tasks), what=_outside(context))


def _outside(context: Context) -> str:
    counts = context.analysis.placement.frame.filter(~pl.col("in_totals")).group_by("outside").len().sort("outside")
    known = [(why, n) for why, n in counts.iter_rows() if why in {"planned", "ended"}]
    return ", ".join(context.say(f"cell.{why}", n) for why, n in known)
