"""Two periods: tasks found again, decisions carried over, a bridge and a matrix that reconcile."""

from dataclasses import replace

import polars as pl
import pytest
from builders import inventory
from hypothesis import given
from hypothesis import strategies as st
from report_case import case

from analyzer import history
from analyzer.model import DECISIONS_SCHEMA, KEY, Analysis, Decisions, Inventory
from analyzer.terms import Quadrant


def decided(*rows: tuple[str, str, str, str]) -> Decisions:
    """Decisions by task id, task name, function and the word decided."""
    data = [
        {"task_id": task_id, "task_name": name, "function": function, "decision": word, "cell": f"Tasks!U{number}"}
        for number, (task_id, name, function, word) in enumerate(rows, start=5)
    ]
    return Decisions(pl.DataFrame(data, schema=DECISIONS_SCHEMA), "october.annotated.xlsx")


def carried(decisions: Decisions, now: Inventory) -> list[tuple[int | None, str]]:
    matched = history.match(decisions, now)
    return list(matched.frame.select(KEY, "decision").iter_rows())


SHEET = """
    task_id | task_name | function | provider | delivery_country
    T-1     | Payroll   | Finance  |          | GB
    T-2     | Helpline  | Care     | Acme     | PH
    T-3     | Cleaning  | Sites    | Bright   | GB
    T-4     | Cleaning  | Sites    | Bright   | GB
"""


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("T-2", "anything", "", "move"), 1),
        (("t-2 ", "", "", "move"), 1),
        (("", "helpline", "care", "move"), 1),
        (("T-99", "Helpline", "Care", "move"), 1),
        (("", "Cleaning", "Sites", "move"), None),  # two tasks of that name: a person must say which
        (("T-99", "Gone", "Care", "move"), None),
        (("", "Helpline", "Finance", "move"), None),  # the same name in another function is another task
    ],
)
def test_a_decision_finds_its_task(row: tuple[str, str, str, str], expected: int | None) -> None:
    assert carried(decided(row), inventory(SHEET)) == [(expected, "move")]


def test_a_decision_whose_task_is_gone_is_kept_and_said() -> None:
    matched = history.match(decided(("T-9", "Gone", "", "accept")), inventory(SHEET))
    assert matched.frame.height == 1
    assert [(finding.code, finding.cells) for finding in matched.findings] == [("decision-without-task", ("Tasks!U5",))]


def test_the_latest_word_wins_and_the_older_one_is_said() -> None:
    sheet = inventory(SHEET)
    older = history.match(decided(("T-1", "", "", "accept"), ("T-2", "", "", "move")), sheet)
    newer = history.match(decided(("T-1", "", "", "mitigate"), ("T-2", "", "", "move")), sheet)
    merged = history.merge([older, newer])
    assert dict(merged.frame.select(KEY, "decision").iter_rows()) == {0: "mitigate", 1: "move"}
    assert [(finding.code, finding.count) for finding in merged.findings] == [("decision-replaced", 1)]


def other_month(analysis: Analysis, shown: list[bool], quadrants: list[Quadrant], factor: float) -> Analysis:
    """The case as another month: some tasks out of totals, some in another quadrant, other amounts."""
    frame = analysis.placement.frame.with_columns(
        pl.Series("in_totals", shown), pl.Series("quadrant", [quadrant.value for quadrant in quadrants])
    )
    counted = analysis.summary.counted.with_columns(pl.col("fte", "cost") * factor)
    return replace(
        analysis,
        placement=replace(analysis.placement, frame=frame),
        summary=replace(analysis.summary, counted=counted),
        period=analysis.period.previous,
        movement=None,
    )


TASKS = case().inventory.tasks.height


@given(
    before=st.lists(st.booleans(), min_size=TASKS, max_size=TASKS),
    after=st.lists(st.booleans(), min_size=TASKS, max_size=TASKS),
    quadrants=st.lists(st.sampled_from(list(Quadrant)), min_size=TASKS, max_size=TASKS),
    factor=st.sampled_from([0.0, 0.5, 1.0, 2.0]),
)
def test_bridge_and_matrix_reconcile(
    before: list[bool], after: list[bool], quadrants: list[Quadrant], factor: float
) -> None:
    now = case()
    same = [Quadrant(name) for name in now.placement.frame.get_column("quadrant")]
    movement = history.compare(other_month(now, before, quadrants, factor), other_month(now, after, same, 1.0))
    residue = movement.bridge.select(
        (
            pl.col("opening")
            + pl.col("added")
            - pl.col("removed")
            + pl.col("moved_in")
            - pl.col("moved_out")
            + pl.col("changed")
            - pl.col("closing")
        )
        .abs()
        .max()
    ).item()
    assert residue < 1e-6
    tasks = movement.matrix.get_column("tasks").sum()
    assert tasks == sum(then or now_ for then, now_ in zip(before, after, strict=True))
    opening = movement.bridge.filter(measure="tasks", quadrant="All").item(0, "opening")
    assert movement.matrix.filter(pl.col("before") != "added").get_column("tasks").sum() == opening == sum(before)


def test_each_change_names_its_input() -> None:
    analysis = case()
    then = other_month(analysis, [True] * TASKS, [Quadrant.INHOUSE_ONSHORE] * TASKS, 1.0)
    raw = then.inventory.raw.with_columns(pl.lit("Someone else").alias("provider"))
    then = replace(then, inventory=replace(then.inventory, raw=raw))
    movement = history.compare(then, analysis)
    moved = movement.changes.filter(kind="moved", task_id="T-10")
    assert moved.item(0, "before") == "In-house onshore"
    assert moved.item(0, "why").startswith("Provider: Someone else → ")
    text = dict(movement.changed.iter_rows())
    key = analysis.inventory.tasks.filter(task_id="T-10").item(0, KEY)
    assert text[key].startswith("Moved from In-house onshore to Outsourced offshore: Provider: Someone else → ")


def test_nothing_changed_is_no_change() -> None:
    analysis = case()
    movement = history.compare(analysis, analysis)
    assert movement.changes.height == 0
    assert movement.matrix.filter(pl.col("before") != pl.col("after")).height == 0


def test_a_renamed_task_is_only_suggested() -> None:
    analysis = case()
    tasks = analysis.inventory.tasks
    renamed = tasks.with_columns(
        pl.when(pl.col("task_id") == "T-10").then(pl.lit("T-77")).otherwise("task_id").alias("task_id"),
        pl.when(pl.col("task_id") == "T-10").then(pl.col("task_name") + "s").otherwise("task_name").alias("task_name"),
    )
    then = replace(analysis, inventory=replace(analysis.inventory, tasks=renamed))
    movement = history.compare(then, analysis)
    assert movement.suggested.height == 1
    assert set(movement.changes.get_column("kind")) >= {"added", "gone"}


def movement_schema() -> dict[str, pl.DataType]:
    return dict(history.compare(case(), case()).trend.schema)


def test_the_trend_keeps_earlier_periods_once() -> None:
    analysis = case()
    then = other_month(analysis, [True] * TASKS, [Quadrant.INHOUSE_ONSHORE] * TASKS, 1.0)
    older = pl.DataFrame(
        [("2026-01", "Undetermined", 7, 0.0, 0.0, 0), (str(then.period), "Undetermined", 999, 0.0, 0.0, 0)],
        schema=movement_schema(),
        orient="row",
    )
    movement = history.compare(then, analysis, trend=older)
    assert sorted(set(movement.trend.get_column("period"))) == ["2026-01", str(then.period), str(analysis.period)]
    assert 999 not in movement.trend.get_column("tasks")
