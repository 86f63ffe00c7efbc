"""The headline: one sentence with the number that matters, made from the data."""

from __future__ import annotations

import polars as pl

from analyzer.model import Tally
from analyzer.report.view.context import Context
from analyzer.terms import Quadrant

_ABOUT = 0.015  # a share this close to a quarter, a third or a half is said in words
_FRACTIONS = {
    1 / 4: "quarter",
    1 / 3: "third",
    1 / 2: "half",
    2 / 3: "two_thirds",
    3 / 4: "three_quarters",
}


def headline(context: Context) -> str:
    """One sentence with the number that matters, made from the data."""
    total, undetermined = context.total, context.tally([Quadrant.UNDETERMINED])
    count = context.numbers.count
    if total.tasks == 0:
        return context.say("headline.nothing")
    if undetermined.tasks == total.tasks:
        return context.say("headline.all_unplaced", whole=count(total.tasks))
    if undetermined.tasks * 2 >= total.tasks:
        return context.say("headline.unplaced", Part=number_word(context, undetermined.tasks), whole=count(total.tasks))
    for quadrant, key in (
        (Quadrant.OUTSOURCED_OFFSHORE, "goes_abroad_out"),
        (Quadrant.OUTSOURCED_ONSHORE, "goes_out"),
        (Quadrant.INHOUSE_OFFSHORE, "goes_abroad"),
    ):
        tally = context.tally([quadrant])
        if tally.tasks:
            return _share_said(context, tally, key) + _high_said(context, tally)
    placed = total.tasks - undetermined.tasks
    return context.say("headline.all_home", placed) + _high_said(context, context.tally([Quadrant.INHOUSE_ONSHORE]))


def _share_said(context: Context, tally: Tally, key: str) -> str:
    measure = context.measure if context.weight(tally) > 0 else "tasks"
    part, whole = (
        (context.weight(tally), context.weight(context.total)) if measure != "tasks" else _tasks(context, tally)
    )
    now = "_now" if key == "goes_abroad_out" and _grew(context) else ""
    plural = "_tasks" if measure == "tasks" else ""
    share = context.say(f"headline.of_{measure}", Share=_fraction(context, part, whole))
    return context.say(f"headline.{key}{now}{plural}", of=share)


def _tasks(context: Context, tally: Tally) -> tuple[float, float]:
    return float(tally.tasks), float(context.total.tasks)


def _fraction(context: Context, part: float, whole: float) -> str:
    near = next((name for value, name in _FRACTIONS.items() if abs(part / whole - value) <= _ABOUT), None)
    if part == whole:
        near = "all"
    return context.say(f"headline.{near}") if near else context.numbers.share(part, whole)


def _grew(context: Context) -> bool:
    movement = context.analysis.movement
    if movement is None:
        return False
    line = movement.bridge.filter(
        (pl.col("measure") == "tasks") & (pl.col("quadrant") == Quadrant.OUTSOURCED_OFFSHORE.value)
    )
    return line.height > 0 and line["closing"][0] > line["opening"][0]


def _high_said(context: Context, tally: Tally) -> str:
    say, total = context.say, context.total
    if tally.high:
        return say("headline.high", tally.high, number=number_word(context, tally.high).lower())
    if total.high:
        return say("headline.high_elsewhere", total.high)
    return say("headline.none_known")


def number_word(context: Context, number: int) -> str:
    """A number up to twelve as a word, to begin a sentence with."""
    word = context.numbers.words.small(number)
    return word[:1].upper() + word[1:] if word else context.numbers.count(number)
