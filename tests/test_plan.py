"""Which files a run takes, and under which names its results go."""

from pathlib import Path

import pytest

from analyzer.errors import UsageError
from analyzer.period import Period
from analyzer.runs import plan
from analyzer.settings import Company, Outputs, Settings


def request(**changes: object) -> plan.Request:
    return plan.Request(**{"settings": Settings(), "period": Period(2026, 10), **changes})  # type: ignore[arg-type]  # a case names only what it changes


def touch(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return paths


def test_results_go_beside_the_input(tmp_path: Path) -> None:
    (source,) = touch(tmp_path, "inventory.xlsx")
    (job,) = plan.jobs([source], request())
    assert [target.name for target in job.targets] == [
        "inventory.annotated.xlsx",
        "inventory.report.html",
        "inventory.summary.json",
        "inventory.ledger.parquet",
    ]
    assert {target.parent for target in job.targets} == {tmp_path}


@pytest.mark.parametrize(
    ("source", "workbook"),
    [
        ("inventory.csv", "inventory.annotated.xlsx"),
        ("inventory.xls", "inventory.annotated.xlsx"),
        ("macros.xlsm", "macros.annotated.xlsm"),
        ("inventory.annotated.xlsx", "inventory.annotated.xlsx"),
    ],
)
def test_names_of_the_workbook(tmp_path: Path, source: str, workbook: str) -> None:
    (path,) = touch(tmp_path, source)
    (job,) = plan.jobs([path], request(out=tmp_path / "out"))
    assert job.workbook == tmp_path / "out" / workbook


def test_macros_left_out_make_an_xlsx(tmp_path: Path) -> None:
    (path,) = touch(tmp_path, "macros.xlsm")
    (job,) = plan.jobs([path], request(strip_active=True))
    assert job.workbook.name == "macros.annotated.xlsx"


def test_two_inputs_of_one_stem_keep_their_endings(tmp_path: Path) -> None:
    paths = touch(tmp_path, "inventory.csv", "inventory.xlsx")
    names = {job.workbook.name for job in plan.jobs(paths, request())}
    assert names == {"inventory.csv.annotated.xlsx", "inventory.xlsx.annotated.xlsx"}


def test_a_folder_is_a_batch_of_its_spreadsheets(tmp_path: Path) -> None:
    touch(
        tmp_path,
        "b.csv",
        "a.xlsx",
        "sub/c.ods",
        "notes.txt",
        "~$a.xlsx",
        ".~lock.a.xlsx#",
        "half.xlsx.part",
        "a.annotated.xlsx",
        "a.report.html",
    )
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "a.xlsx")
    assert [path.name for path in plan.find([tmp_path])] == ["a.xlsx", "b.csv", "c.ods"]


def test_a_result_never_replaces_an_input(tmp_path: Path) -> None:
    (path,) = touch(tmp_path, "inventory.annotated.xlsx")
    with pytest.raises(UsageError, match="over an input") as refused:
        plan.jobs([path], request())
    assert refused.value.hint == "Choose another folder: -o OUT"


def test_two_results_of_one_name_are_found_before_the_first_write(tmp_path: Path) -> None:
    paths = touch(tmp_path, "a/inventory.xlsx", "b/inventory.xlsx")
    with pytest.raises(UsageError, match="Two inputs would write the same result"):
        plan.jobs(paths, request(out=tmp_path / "out"))


@pytest.mark.parametrize("name", ["absent.xlsx", "empty"])
def test_nothing_to_read_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"no such file|No spreadsheet"):
        plan.find([tmp_path / name])


def test_a_company_gets_its_folder_and_its_home(tmp_path: Path) -> None:
    settings = Settings(
        companies={"northwind": Company(home="GB", files=("northwind*",)), "contoso": Company(home="DE")},
        outputs=Outputs(folder=str(tmp_path / "out")),
    )
    paths = touch(tmp_path, "northwind tasks.xlsx", "contoso/tasks.xlsx", "other.xlsx")
    jobs = {job.source.name: job for job in plan.jobs(paths, request(settings=settings))}
    assert jobs["northwind tasks.xlsx"].folder == tmp_path / "out" / "northwind" / "2026-10"
    assert jobs["tasks.xlsx"].request.settings.company.home == "DE"
    assert jobs["other.xlsx"].folder == tmp_path / "out"


@pytest.mark.parametrize(
    ("kept", "target", "expected"),
    [
        ("acme/2026-09/tasks.annotated.xlsx", "acme/2026-10/tasks", True),
        ("acme/2026-11/tasks.annotated.xlsx", "acme/2026-10/tasks", False),  # a later month
        ("acme/2026-09/other.annotated.xlsx", "acme/2026-10/tasks", False),
        ("out/tasks 2026-09.annotated.xlsx", "out/tasks 2026-10", True),
        ("out/tasks.annotated.xlsx", "out/tasks", False),  # the target itself
    ],
)
def test_last_months_workbook_is_found(tmp_path: Path, kept: str, target: str, expected: bool) -> None:
    (path,) = touch(tmp_path, kept)
    place = tmp_path / target
    job = plan.Job(request(), tmp_path / "tasks.xlsx", place.parent, place.name)
    assert plan.last_workbook(job) == (path if expected else None)


def test_of_several_earlier_months_the_latest_counts(tmp_path: Path) -> None:
    paths = touch(tmp_path, *(f"acme/2026-0{month}/tasks.annotated.xlsx" for month in (7, 9, 8)))
    job = plan.Job(request(), tmp_path / "tasks.xlsx", tmp_path / "acme" / "2026-10", "tasks")
    assert plan.last_workbook(job) == paths[1]
