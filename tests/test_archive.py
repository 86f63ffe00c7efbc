"""Past periods on disk: what is stored comes back, re-runs replace, damage is said, people can be left out."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from report_case import case

from analyzer import archive, history
from analyzer.errors import WriteError
from analyzer.model import LEFT_OUT, Analysis
from analyzer.period import Period
from analyzer.pipeline import assess
from analyzer.policy import load as load_policy
from analyzer.settings import Company, Outputs, Settings
from analyzer.terms import Field

SETTINGS = Settings(company=Company(home="GB"))
OCTOBER = Period(2026, 10)


def month(period: Period, name: str = "harbour lane tasks.xlsx") -> Analysis:
    analysis = case()
    inventory = replace(analysis.inventory, source=replace(analysis.inventory.source, path=Path(name)))
    return replace(analysis, period=period, inventory=inventory)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def test_what_is_stored_comes_back(shelf: Path) -> None:
    now = month(OCTOBER)
    archive.store(now, shelf, "harbour")
    stored = archive.load(shelf, "harbour", OCTOBER, "harbour lane tasks.xlsx")
    assert stored is not None
    for part in ("tasks", "raw", "status"):
        then, wanted = getattr(stored.inventory, part), getattr(now.inventory, part)
        assert then.select(wanted.columns).equals(wanted), part
    assert stored.inventory.columns == now.inventory.columns
    assert stored.inventory.tables == now.inventory.tables
    assert stored.inventory.rows == now.inventory.rows
    assert stored.policy_hash == now.assessment.policy_hash
    assert stored.decisions.frame.select("key", "decision", "decision_due").rows() == (
        now.decisions.frame.select("key", "decision", "decision_due").rows()
    )


def test_the_zone_of_a_place_is_stored_and_an_older_file_without_it_is_read(shelf: Path) -> None:
    now = month(OCTOBER)
    zoned = now.inventory.tasks.with_columns(pl.lit("Europe/Lisbon").alias("delivery_zone"))
    path = archive.store(replace(now, inventory=replace(now.inventory, tasks=zoned)), shelf, "harbour")
    stored = archive.load(shelf, "harbour", OCTOBER, now.inventory.source.name)
    assert stored is not None
    assert set(stored.inventory.tasks["delivery_zone"]) == {"Europe/Lisbon"}
    pl.read_parquet(path).drop("delivery_zone").write_parquet(path, metadata=dict(pl.read_parquet_metadata(path)))
    older = archive.load(shelf, "harbour", OCTOBER, now.inventory.source.name)
    assert older is not None
    assert "delivery_zone" not in older.inventory.tasks.columns


def test_a_past_month_is_assessed_again(shelf: Path) -> None:
    now = case()
    policy = load_policy(None)
    fresh = assess(now.inventory, now.decisions, SETTINGS, policy, OCTOBER)
    archive.store(fresh, shelf, "harbour")
    stored = archive.load(shelf, "harbour", OCTOBER, now.inventory.source.name)
    assert stored is not None
    again = assess(stored.inventory, stored.decisions, SETTINGS, policy, OCTOBER)
    assert again.placement.frame.equals(fresh.placement.frame)
    assert again.assessment.scores.equals(fresh.assessment.scores)
    assert history.compare(again, fresh).changes.height == 0


def test_a_run_again_replaces_its_period(shelf: Path) -> None:
    first = archive.store(month(OCTOBER), shelf, "harbour")
    again = archive.store(month(OCTOBER), shelf, "harbour")
    assert first == again
    assert [path.name for path in first.parent.iterdir()] == ["harbour lane tasks.parquet"]


def test_the_same_month_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (archive.store(month(OCTOBER), tmp_path / name, "harbour") for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_all_periods_and_companies_are_one_table(shelf: Path) -> None:
    for period in (OCTOBER, OCTOBER.previous):
        for company in ("harbour", "other"):
            archive.store(month(period), shelf, company)
    table = pl.read_parquet(shelf / "**/*.parquet", hive_partitioning=True)
    counts = table.group_by("company", "period").len().sort("company", "period")
    assert counts.rows() == [(c, p, 14) for c in ("harbour", "other") for p in ("2026-09", "2026-10")]
    assert set(Field) <= set(table.columns)


def test_exports_of_each_month_are_one_source(shelf: Path) -> None:
    archive.store(month(OCTOBER.previous, "tasks 2026-09.xlsx"), shelf, "harbour")
    archive.store(month(OCTOBER.previous, "other.xlsx"), shelf, "harbour")
    stored = archive.latest(shelf, "harbour", month(OCTOBER, "tasks-2026-10.annotated.xlsx"))
    assert stored is not None
    assert (stored.period, stored.inventory.source.name) == (OCTOBER.previous, "tasks 2026-09.xlsx")


def test_the_latest_period_before_this_one(shelf: Path) -> None:
    for number in (6, 8, 10, 11):
        archive.store(month(Period(2026, number)), shelf, "harbour")
    stored = archive.latest(shelf, "harbour", month(OCTOBER))
    assert stored is not None
    assert str(stored.period) == "2026-08"
    assert archive.latest(shelf, "harbour", month(Period(2026, 6))) is None
    assert archive.latest(shelf, "another", month(OCTOBER)) is None


def test_the_trend_holds_every_period(shelf: Path) -> None:
    for number in (8, 9):
        archive.store(month(Period(2026, number)), shelf, "harbour")
    trend = archive.trend(shelf, "harbour", month(OCTOBER))
    assert trend.group_by("period").agg(pl.col("tasks").sum()).sort("period").rows() == [
        ("2026-08", 13),
        ("2026-09", 13),
    ]
    movement = history.compare(month(Period(2026, 9)), month(OCTOBER), trend=trend)
    assert movement.trend.get_column("period").unique().sort().to_list() == ["2026-08", "2026-09", "2026-10"]


@pytest.mark.parametrize("damage", [b"", b"PAR1 and no more", None], ids=["empty", "cut", "newer"])
def test_i5_what_cannot_be_read_is_said_and_the_one_before_it_is_used(
    shelf: Path, damage: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.store(month(Period(2026, 8)), shelf, "harbour")
    if damage is None:
        monkeypatch.setattr("analyzer.archive.storing.SCHEMA_VERSION", 99)
    path = archive.store(month(Period(2026, 9)), shelf, "harbour")
    if damage is not None:
        path.write_bytes(damage)
    stored = archive.latest(shelf, "harbour", month(OCTOBER))
    assert stored is not None
    assert str(stored.period) == "2026-08"
    assert [dict(finding.values) for finding in archive.unreadable(shelf, "harbour")] == [
        {"file": "period=2026-09/harbour lane tasks.parquet"}
    ]
    assert set(archive.trend(shelf, "harbour", month(OCTOBER)).get_column("period")) == {"2026-08"}


def test_old_periods_of_the_same_source_go(shelf: Path) -> None:
    settings = Settings(outputs=Outputs(keep_periods=2))
    archive.store(month(Period(2026, 5), "other.xlsx"), shelf, "harbour", settings)
    for number in (5, 6, 7, 8):
        archive.store(month(Period(2026, number)), shelf, "harbour", settings)
    assert [str(period) for period in archive.periods(shelf, "harbour")] == ["2026-05", "2026-07", "2026-08"]
    assert archive.load(shelf, "harbour", Period(2026, 5), "other.xlsx") is not None


def test_names_of_people_can_be_left_out(shelf: Path) -> None:
    now = month(OCTOBER)
    path = archive.store(now, shelf, "harbour", Settings(outputs=Outputs(store_people=False)))
    frame = pl.read_parquet(path)
    owners = [name for name in now.inventory.tasks.get_column("owner") if name]
    text = "\n".join(str(row) for row in frame.rows())
    assert [name for name in owners if name in text] == []
    assert set(frame.get_column("owner")) == {LEFT_OUT, None}
    stored = archive.load(shelf, "harbour", OCTOBER, now.inventory.source.name)
    assert stored is not None
    assert stored.inventory.raw.get_column("owner").drop_nulls().unique().to_list() == [LEFT_OUT]


def test_a_folder_that_is_a_file_is_refused_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("", encoding="utf-8")
    with pytest.raises(WriteError, match="not written"):
        archive.store(month(OCTOBER), tmp_path / "archive", "harbour")


def test_strange_company_names_stay_inside_the_archive(shelf: Path) -> None:
    path = archive.store(month(OCTOBER), shelf, "../../etc")
    assert path.is_relative_to(shelf)
    assert ".." not in path.relative_to(shelf).parts


def test_the_ledger_names_task_and_cell(tmp_path: Path) -> None:
    target = tmp_path / "tasks.ledger.parquet"
    archive.write_ledger(case(), target)
    ledger = pl.read_parquet(target)
    assert ledger.height == case().assessment.ledger.height
    line = ledger.row(by_predicate=(pl.col("rule") == "jobs-displaced"), named=True)
    assert (line["task_id"], line["task_name"], line["cell"], line["points"]) == (
        "T-10",
        "Service helpline",
        "Inventory!M14",
        15.0,
    )
