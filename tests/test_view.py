"""What the page says, from the data: headline, figures, bridges that reconcile, empty states that say what to add."""

import re
from dataclasses import fields, replace

import polars as pl
import pytest
from report_case import IF, IO, OF, OO, UN, case, first_month

from analyzer.model import Analysis, Tally
from analyzer.report.view import View, of
from analyzer.report.view.concentration import Shares
from analyzer.terms import Field, Quadrant


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def with_quadrants(**tallies: Tally) -> Analysis:
    """The case with other numbers in its quadrants: ``io``, ``oo``, ``ih`` (in-house offshore), ``of``, ``un``."""
    places = {"io": IO, "oo": OO, "ih": IF, "of": OF, "un": UN}
    quadrants = dict.fromkeys(Quadrant, Tally()) | {places[name]: tally for name, tally in tallies.items()}
    analysis = first_month()
    return replace(analysis, summary=replace(analysis.summary, quadrants=quadrants))


def no_fte(tally: Tally) -> Tally:
    return replace(tally, fte=0.0, fte_known=0)


def no_cost(tally: Tally) -> Tally:
    return replace(tally, cost=0.0, cost_known=0)


def without(*absent: Field) -> Analysis:
    """The first month of a file that lacks some columns."""
    analysis = first_month()
    inventory, summary = analysis.inventory, analysis.summary
    kept = replace(inventory, tasks=inventory.tasks.drop(absent), raw=inventory.raw.drop(absent))
    counted = summary.counted
    quadrants = dict(summary.quadrants)
    for field, name, blank in ((Field.FTE, "fte", no_fte), (Field.ANNUAL_COST, "cost", no_cost)):
        if field in absent:
            counted = counted.with_columns(pl.lit(None, pl.Float64).alias(name))
            quadrants = {quadrant: blank(tally) for quadrant, tally in quadrants.items()}
    return replace(analysis, inventory=kept, summary=replace(summary, counted=counted, quadrants=quadrants))


def cost(tasks: int, money: float, **levels: int) -> Tally:
    return Tally(tasks=tasks, cost=money, cost_known=tasks, **levels)


@pytest.mark.parametrize(
    ("quadrants", "headline"),
    [
        ({}, "No task is running in this period."),
        ({"un": Tally(tasks=7)}, "None of the 7 tasks can be placed yet."),
        ({"un": Tally(tasks=7), "io": Tally(tasks=5)}, "Seven of 12 tasks cannot be placed yet."),
        (
            {"of": cost(3, 25.0, high=2), "io": cost(9, 75.0, low=9)},
            "A quarter of spend goes to outsiders abroad, and two of those tasks carry high risk.",
        ),
        (
            {"of": cost(1, 46.0, medium=1), "io": cost(9, 54.0, low=9)},
            "46 % of spend goes to outsiders abroad, and no high risk is known among them.",
        ),
        (
            {"of": cost(1, 46.0, medium=1), "io": cost(9, 54.0, not_assessed=1)},
            "46 % of spend goes to outsiders abroad, and no high risk is known among them.",
        ),
        (
            {"oo": Tally(tasks=4, fte=10, fte_known=4, low=4), "io": Tally(tasks=4, fte=10, fte_known=4, low=4)},
            "Half of the work goes to outsiders at home, and no high risk is known among them.",
        ),
        (
            {"oo": Tally(tasks=1, high=1), "io": Tally(tasks=2, low=2)},
            "A third of tasks go to outsiders at home, and one of those tasks carries high risk.",
        ),
        (
            {"ih": cost(2, 10.0, low=2), "io": cost(2, 90.0, high=1)},
            "10 % of spend is done abroad by the company itself; 1 task carries high risk.",
        ),
        (
            {"io": cost(12, 90.0, low=12)},
            "All 12 tasks that could be placed are done in-house at home, and no high risk is known among them.",
        ),
    ],
)
def test_the_headline_is_made_from_the_data(quadrants: dict[str, Tally], headline: str) -> None:
    assert plain(of(with_quadrants(**quadrants)).hero.headline) == headline


def test_rows_read_are_tasks_and_rows_set_aside() -> None:
    said = plain(of(case()).hero.reconcile)
    assert said == (
        "16 rows read = 14 tasks + 2 set aside. 14 tasks = 12 placed + 1 undetermined + 1 not in totals (1 planned)."
    )


def test_five_figures_whatever_the_file_lacks() -> None:
    bare = of(without(Field.FTE, Field.ANNUAL_COST, Field.END_DATE, Field.HOME_FTE_DISPLACED))
    said = {figure.code: (figure.value, figure.missing) for figure in bare.figures}
    assert said["outsiders"] == ("46\u00a0%", "No annual cost column in this file: add one and this fills")
    assert said["abroad"] == ("5", "No FTE column in this file: add one and this fills")
    assert said["contracts"] == ("–", "No contract end column in this file: add one and this fills")
    assert said["displaced"] == ("–", "No column for home jobs displaced in this file: add one and this fills")
    assert len(said) == 5


def test_shares_of_nothing_placed_are_dashes() -> None:
    nowhere = of(with_quadrants(un=cost(3, 90.0)))
    said = {figure.code: (figure.value, figure.missing) for figure in nowhere.figures}
    assert said["outsiders"] == said["abroad"] == ("–", "No task could be placed: see what is missing on the tasks")


def test_figures_of_the_case() -> None:
    said = {
        figure.code: (plain(figure.value), plain(figure.sub), plain(figure.change)) for figure in of(case()).figures
    }
    assert said == {
        "outsiders": ("49 %", "£2.3 m of £4.7 m", "+8 pt on last month"),
        "abroad": ("94 FTE", "of 124.5 placed (76 %)", "+23 on last month"),
        "high": ("3", "of 8 tasks assessed", "±0 on last month"),
        "contracts": ("3", "£620 k; none past its notice date", ""),
        "displaced": ("93", "in 3 functions", ""),
    }


def figure(text: str) -> float:
    """The number in ``+£165 k`` or ``·``."""
    scale = {"k": 1e3, "m": 1e6}.get(text[-1], 1.0)
    digits = "".join(letter for letter in text if letter.isdigit() or letter == ".") or "0"
    return float(digits) * scale * (-1 if text.startswith("−") else 1)


@pytest.mark.parametrize("measure", ["tasks", "fte"])
def test_every_line_of_a_bridge_reconciles_as_printed(measure: str) -> None:
    bridge = next(bridge for bridge in of(case()).changes.bridges if bridge.code == measure)
    for line in bridge.lines:
        opening, *flows, closing = (figure(plain(number)) for number in line.numbers)
        assert opening + sum(flows) == pytest.approx(closing), line.name


def test_the_matrix_agrees_with_the_bridge() -> None:
    changes = of(case()).changes
    assert changes.matrix is not None
    tasks = next(bridge for bridge in changes.bridges if bridge.code == "tasks")
    then = [row.cells[-1].tasks for row in changes.matrix.rows[:5]]
    now = [cell.tasks for cell in changes.matrix.rows[-1].cells[:5]]
    assert then == [line.numbers[0] for line in tasks.lines[:5]]
    assert now == [line.numbers[-1] for line in tasks.lines[:5]]


def test_a_first_month_has_no_change_and_says_so() -> None:
    view = of(first_month())
    assert view.changes.empty.startswith("This is the first period known")
    assert {cell.change for cell in view.hero.cells} == {""}


def bars(shares: Shares) -> list[tuple[str, str, str]]:
    return [(bar.name, plain(bar.share), bar.level.word if bar.level else "") for bar in shares.bars]


def test_shares_name_their_level_from_the_threshold_on() -> None:
    view = of(case())
    assert bars(view.concentration.providers)[:2] == [
        ("Tidewater Contact Services", "68 %", "High"),
        ("Oakridge BPO", "15 %", ""),
    ]
    assert bars(view.concentration.countries) == [
        ("Philippines", "39 %", "High"),
        ("India", "31 %", "Medium"),
        ("United Kingdom", "24 %", ""),
        ("Poland", "6 %", ""),
    ]


def test_empty_sections_say_what_would_fill_them() -> None:
    analysis = without(Field.FUNCTION, Field.PROVIDER, Field.DELIVERY_COUNTRY, Field.END_DATE)
    summary, outlook = analysis.summary, analysis.outlook
    nothing = replace(
        summary,
        providers=summary.providers.clear(),
        countries=summary.countries.clear(),
        functions=summary.functions.clear(),
        contracts=summary.contracts.clear(),
        top=summary.top.clear(),
    )
    view: View = of(replace(analysis, summary=nothing, outlook=replace(outlook, savings=outlook.savings.clear())))
    assert "add a provider column" in view.concentration.providers.empty
    assert "Add a delivery country column" in view.concentration.countries.empty
    assert "add one and this fills" in view.functions.empty
    assert "add one and this fills" in view.contracts.empty
    assert "add a home cost benchmark and a target cost" in view.opportunities.lead
    assert view.decisions.lead.startswith("Nothing in this file presses")


def test_a_mixed_currency_is_told_and_not_added() -> None:
    analysis = first_month()
    summary = replace(analysis.summary, other_currencies={"EUR": Tally(tasks=2, cost=40_000.0, cost_known=2)})
    assert [plain(other) for other in of(replace(analysis, summary=summary)).hero.others] == [
        "Amounts in EUR (€40 k, 2 tasks) are not in the sums: no rate is set."
    ]


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_sentence_is_left_unfilled(language: str) -> None:
    view = of(replace(case(), language=language))
    said = "".join(repr(getattr(view, section.name)) for section in fields(view) if section.name != "numbers")
    assert re.findall(r"\{[a-z_]+\}", said) == []
    assert " | " not in said
