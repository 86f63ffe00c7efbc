"""Much of everything: sheets over a limit, many files in one batch, paths of any length."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from statistics import median

import pytest
from conftest import SheetMaker

from analyzer import intake, pipeline, policy
from analyzer.errors import ExitStatus, RefusedError
from analyzer.period import Period
from analyzer.report import workbook
from analyzer.runs import batch
from analyzer.runs.plan import Job, Request
from analyzer.settings import Settings

GB = Settings.model_validate({"company": {"home": "GB"}})
OCTOBER = Period(2026, 10)
TABLE = "Task | Provider | Delivery country\nPayroll | Acme Ltd | India\nReception | Desk Ltd | GB"


@pytest.mark.parametrize(("rows", "columns"), [(100, 8), (8, 100)])
def test_k1_a_sheet_of_more_cells_than_the_limit_is_refused_with_it(sheet: SheetMaker, rows: int, columns: int) -> None:
    header = " | ".join(["Task", "Provider", *(f"more {n}" for n in range(columns - 2))])
    lines = (" | ".join([f"Task {n}", *["x"] * (columns - 1)]) for n in range(rows - 1))
    path = sheet("\n".join([header, *lines]))
    assert intake.read(path, Settings.model_validate({"limits": {"cells": 800}})).rows == rows - 1
    with pytest.raises(RefusedError, match="800 cells, of which 800 are there; the limit is 799") as refused:
        intake.read(path, Settings.model_validate({"limits": {"cells": 799}}))
    assert "limits.cells" in refused.value.hint


def test_k1_a_table_without_room_beside_it_is_refused_with_the_limit(
    sheet: SheetMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysis = pipeline.analyze(sheet(TABLE), GB, policy.default(), OCTOBER)
    monkeypatch.setattr(workbook, "MAX_COLUMNS", 10)
    with pytest.raises(RefusedError, match="3 columns and a sheet holds 10: there is no room"):
        workbook.write_workbook(analysis, analysis.inventory.source.path.with_name("copy.xlsx"))


def open_files(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def children() -> list[int]:
    found = Path("/proc/self/task").glob("*/children")
    return [int(child) for path in found for child in path.read_text(encoding="ascii").split()]


def megabytes(process: int) -> float:
    pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="handles are counted under /proc")
def test_k2_sixty_files_leave_no_handle_no_file_and_no_memory_behind(
    sheet: SheetMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch, out, source = tmp_path / "scratch", tmp_path / "out", sheet(TABLE)
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", None)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(source.read_bytes()[:900])
    jobs = [
        Job(Request(GB, OCTOBER, reading_only=n % 6 != 0), broken if n % 5 == 4 else source, out, f"file {n}")
        for n in range(60)
    ]
    seen = []
    before = open_files(os.getpid())
    with batch.Pool(workers=2) as pool:
        for number, outcome in enumerate(pool.run(jobs)):
            seen.append([(open_files(one), megabytes(one)) for one in children()])
            assert outcome.status in {ExitStatus.DONE, ExitStatus.REFUSED}, f"{number}: {outcome.message}"
    handles, sizes = ([max(one[part] for one in look) for look in seen if look] for part in (0, 1))
    assert median(handles[40:]) <= max(handles[15:30])  # a look may fall into the midst of a file
    assert max(sizes[40:]) < max(sizes[15:30]) + 60
    assert open_files(os.getpid()) == before
    assert list(scratch.iterdir()) == []
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    "folder", ["Q3 réports (final)", "a" * 100 + "/" + "b" * 100 + "/" + "c" * 50, "100 % #1 & co"]
)
def test_k3_the_same_results_under_any_path(sheet: SheetMaker, tmp_path: Path, folder: str) -> None:
    plain, far = sheet(TABLE), tmp_path / folder
    far.mkdir(parents=True)
    (far / plain.name).write_bytes(plain.read_bytes())
    written = []
    for source in (plain, far / plain.name):
        analysis = pipeline.analyze(source, GB, policy.default(), OCTOBER)
        workbook.write_workbook(analysis, source.with_name("copy.xlsx"))
        written.append(source.with_name("copy.xlsx").read_bytes())
    assert written[0] == written[1]
