"""Three months of a company: reports, movement, carried decisions, mails."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from monthly_story import COMPANY, MONTHS, Told, review, tell


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    return list(tell(tmp_path_factory.mktemp("story") / "pemberton"))


def test_each_month_is_reported_and_mailed_once(story: list[Told]) -> None:
    assert [(told.month, told.status, told.letters) for told in story] == [
        (MONTHS[0], 0, 1),
        (MONTHS[1], 0, 2),
        (MONTHS[2], 0, 3),
    ]


def test_each_month_is_compared_with_the_one_before(story: list[Told]) -> None:
    assert [told.digest["previous"] for told in story] == [None, MONTHS[0], MONTHS[1]]


def test_no_row_is_lost(story: list[Told]) -> None:
    counts = [told.digest["counts"] for told in story]
    assert [(count["rows"], count["tasks"], count["set_aside"]) for count in counts] == [(9, 8, 1)] * 3


def test_tasks_move_where_the_export_moves_them(story: list[Told]) -> None:
    assert review(story[1].workbook, "P-06")["Quadrant"] == "In-house onshore"
    assert str(review(story[1].workbook, "P-06")["Changed"]).startswith(
        "Moved from Outsourced offshore to In-house onshore: Provider: Quillfast Ltd → Internal"
    )
    assert review(story[1].workbook, "P-09")["Changed"] == "New"
    assert "FTE: 40 → 55" in str(review(story[2].workbook, "P-03")["Changed"])


def test_decisions_come_back_every_month(story: list[Told]) -> None:
    for told in story[1:]:
        helpline = review(told.workbook, "P-03")
        assert (helpline["Decision"], helpline["Decision owner"]) == ("mitigate", "C. Reyes")
        assert helpline["Decision due"] == datetime(2026, 10, 15)  # noqa: DTZ001 - a day, as Excel keeps it
        assert helpline["Decision note"] == "Agree a service level"


def test_a_persons_quadrant_counts_and_the_rules_answer_stays_beside_it(story: list[Told]) -> None:
    desk = review(story[1].workbook, "P-07")
    assert (desk["Your quadrant"], desk["Quadrant"]) == ("Outsourced onshore", "Outsourced offshore")
    assert story[0].digest["quadrants"]["Outsourced onshore"]["tasks"] == 2
    assert story[1].digest["quadrants"]["Outsourced onshore"]["tasks"] == 2  # the guard gone, the desk counted here


def test_an_overdue_decision_stands_first(story: list[Told]) -> None:
    page = story[2].workbook.with_name(f"{COMPANY} tasks {MONTHS[2]}.report.html").read_text(encoding="utf-8")
    assert "Customer helpline" in page.partition('id="decisions"')[2][:4000]


def test_the_archive_reads_as_one_table(story: list[Told]) -> None:
    folder: Path = story[0].workbook.parents[3] / "archive"
    table = pl.scan_parquet(
        folder / "**/*.parquet", hive_partitioning=True, missing_columns="insert", extra_columns="ignore"
    )
    months = table.select("period", "task_id").collect().get_column("period").value_counts().sort("period")
    assert months.rows() == [(month, 8) for month in MONTHS]
