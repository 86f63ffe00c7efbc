"""The sample inputs: made by their script, and each one through all stages with the numbers it was made to show."""

from __future__ import annotations

import runpy
import zipfile
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import polars as pl
import pytest

from analyzer import policy, settings
from analyzer.model import KEY, Analysis
from analyzer.period import Period
from analyzer.pipeline import Earlier, analyze
from analyzer.report.machine import describe, json_schema
from analyzer.runs.plan import Request, find, job
from analyzer.runs.plan import company_of as company
from analyzer.terms import Quadrant

SAMPLES = Path(__file__).parent.parent / "sample_inputs"
SETTINGS = settings.load(SAMPLES / "analyzer.toml")
OCTOBER = Period(2026, 10)
SEPTEMBER = "alderwick-tasks-2026-09.xlsx"


class Sample(NamedTuple):
    """What a sample shows: rows read, and tasks per quadrant in the order of ``Quadrant``, then those not in totals."""

    name: str
    rows: int
    set_aside: int
    tasks: tuple[int, int, int, int, int]
    outside: int
    currency: str
    encoding: str = ""


EXPECTED = (
    Sample(SEPTEMBER, 215, 17, (69, 61, 17, 43, 4), 4, "GBP"),
    Sample("alderwick-tasks-2026-10.xlsx", 217, 17, (64, 63, 20, 45, 4), 4, "GBP"),
    Sample("every-contradiction.xlsx", 25, 0, (4, 6, 3, 9, 2), 1, "GBP"),
    Sample("small-firm.xlsx", 12, 0, (4, 5, 0, 3, 0), 0, ""),
    Sample("steinbrueck-aufgaben.csv", 36, 1, (14, 12, 3, 5, 1), 0, "EUR", "Windows-1252"),
    Sample("verlaine-prestations.ods", 30, 0, (12, 11, 0, 6, 1), 0, "EUR"),
)


@cache
def analysed(name: str) -> Analysis:
    """A sample as the demo runs it."""
    source = SAMPLES / name
    request = Request(SETTINGS, OCTOBER)
    in_force = job(source, request, company(source, SETTINGS)).request.settings
    return analyze(source, in_force, policy.load(None), OCTOBER)


@pytest.mark.parametrize("sample", EXPECTED, ids=lambda sample: sample.name)
def test_each_sample_shows_what_it_was_made_for(sample: Sample) -> None:
    found = analysed(sample.name).summary
    assert (found.rows, found.set_aside, found.outside.tasks) == (sample.rows, sample.set_aside, sample.outside)
    assert tuple(found.quadrants[quadrant].tasks for quadrant in Quadrant) == sample.tasks
    assert sum(sample.tasks) + sample.outside + sample.set_aside == sample.rows
    assert found.currency == sample.currency
    assert analysed(sample.name).inventory.source.encoding.startswith(sample.encoding)


@pytest.mark.parametrize("sample", EXPECTED, ids=lambda sample: sample.name)
def test_each_digest_follows_the_schema(sample: Sample) -> None:
    digest = describe(analysed(sample.name), (), mail={})
    jsonschema.validate(digest, json_schema(), jsonschema.Draft202012Validator)
    assert digest["counts"]["rows"] == sample.rows


def test_all_samples_are_tested() -> None:
    assert {path.name for path in find([SAMPLES])} == {sample.name for sample in EXPECTED}


def test_the_script_makes_the_samples(tmp_path: Path) -> None:
    made: Any = runpy.run_path(str(SAMPLES / "make.py"))["make"]
    made(tmp_path)
    assert {path.name: parts(path) for path in tmp_path.iterdir()} == {
        sample.name: parts(SAMPLES / sample.name) for sample in EXPECTED
    }


def parts(path: Path) -> dict[str, bytes]:
    """A file's parts unpacked: how they are packed is the system's own."""
    if not zipfile.is_zipfile(path):
        return {"": path.read_bytes()}
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_the_story_of_the_demo() -> None:
    """About a quarter of spend is outsourced abroad, some twenty tasks are High, home jobs were moved."""
    summary = analysed("alderwick-tasks-2026-10.xlsx").summary
    abroad = summary.quadrants[Quadrant.OUTSOURCED_OFFSHORE]
    assert 0.2 < abroad.cost / summary.total.cost < 0.3
    assert 10 <= summary.total.high <= 25
    assert summary.facts["home_jobs_moved"] == 147
    assert summary.other_currencies == {}  # amounts in euros have a rate
    assert summary.providers.get_column("provider").to_list()[0] == "Quillane Inc"


def test_a_month_later() -> None:
    source = SAMPLES / "alderwick-tasks-2026-10.xlsx"
    alderwick = job(source, Request(SETTINGS, OCTOBER), "alderwick").request.settings
    found = analyze(
        source, alderwick, policy.load(None), OCTOBER, earlier=Earlier(previous=SAMPLES / SEPTEMBER)
    ).movement
    assert found is not None
    kinds = dict(found.changes.get_column("kind").value_counts().iter_rows())
    assert {kind: kinds.get(kind, 0) for kind in ("added", "gone", "moved")} == {"added": 5, "gone": 3, "moved": 4}
    moved = found.changes.filter(pl.col("kind") == "moved").select("task_name", "before", "after").rows()
    assert sorted(moved) == [
        ("Bank reconciliations", "In-house onshore", "In-house offshore"),
        ("Delivery slot planning", "In-house onshore", "Outsourced offshore"),
        ("Fixed assets", "In-house onshore", "In-house offshore"),
        ("Quality testing of products", "In-house onshore", "Outsourced offshore"),
    ]
    for line in found.bridge.iter_rows(named=True):
        flows = line["added"] - line["removed"] + line["moved_in"] - line["moved_out"] + line["changed"]
        assert line["opening"] + flows == pytest.approx(line["closing"])


def test_every_case_of_the_decision_table_occurs() -> None:
    analysis = analysed("every-contradiction.xlsx")
    cases = analysis.placement.frame.select(KEY, "sourcing_case", "location_case").rows()
    lacking = [key + 1 for key, who, where in cases if key + 1 not in {who, where} and key + 1 not in {23, 24}]
    assert lacking == []
    assert analysis.placement.frame.get_column("outside").to_list()[23] == "planned"
    assert (22, "in-person-conflict") in analysis.assessment.scores.select(KEY, "risk").rows()
