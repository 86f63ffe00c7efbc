"""The same work on a Dask cluster: the same results, and a file that fails is one line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import SheetMaker
from distributed import LocalCluster

from analyzer.cli import run_command_line

SHEET = "task | provider | country\nPayroll | | GB\nHelpline | Acme BPO | PH"


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    with LocalCluster(  # type: ignore[no-untyped-call]  # distributed has no types
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield str(cluster.scheduler_address)


def test_a_cluster_writes_what_one_machine_writes(
    sheet: SheetMaker, tmp_path: Path, scheduler: str, capsys: pytest.CaptureFixture[str]
) -> None:
    book = sheet(SHEET)
    (tmp_path / "broken.xlsx").write_bytes(b"%PDF-1.7")
    common = ["--home", "GB", "--period", "2026-10"]
    assert run_command_line(["run", str(tmp_path), *common, "-o", str(tmp_path / "here")]) == 3
    assert run_command_line(["run", str(tmp_path), *common, "-o", str(tmp_path / "there"), "--dask", scheduler]) == 3
    assert "2 files: 1 done, 1 not; 2 tasks" in capsys.readouterr().out
    for path in (tmp_path / "here").iterdir():
        assert path.read_bytes() == (tmp_path / "there" / path.name).read_bytes(), path.name
    assert book.exists()


def test_a_scheduler_that_is_not_there(sheet: SheetMaker, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["run", str(sheet(SHEET)), "--home", "GB", "--dask", "tcp://127.0.0.1:1"]) == 2
    assert "The Dask scheduler is not reached" in capsys.readouterr().err
