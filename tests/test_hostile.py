"""Files made to kill a reader: each is one plain refusal, and small, and the rest of the batch is done."""

from pathlib import Path

import pytest
from conftest import SheetMaker

from analyzer.cli import run_command_line
from benchmarks import hostile


@pytest.mark.parametrize("name", list(hostile.MAKERS))
def test_d2_d3_d4_a_hostile_file_is_one_plain_refusal_and_small(tmp_path: Path, name: str) -> None:
    checked = hostile.check(hostile.MAKERS[name](tmp_path / name))
    assert checked.status == 3, checked.said
    assert checked.said.startswith(f"Refused: {name}")
    assert [word for word in ("Traceback", "/etc/passwd", "root:") if word in checked.said] == []
    assert checked.megabytes < hostile.MEGABYTES


def test_b9_d3_a_stray_cell_at_the_end_of_the_sheet_is_named_and_harmless(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = hostile.far_cell(tmp_path / "stray.xlsx")
    assert run_command_line(["check", str(path), "--home", "GB"]) == 0
    said = capsys.readouterr().out
    assert "1 row read = 1 task" in said
    assert "XFD1048576" in said


def test_d3_the_rest_of_the_batch_is_done(sheet: SheetMaker, capsys: pytest.CaptureFixture[str]) -> None:
    good = sheet("task | provider | country\nPayroll | | GB\nHelpline | Acme BPO | PH", name="good.xlsx")
    for name in ("false count.xlsx", "entities.xlsx", "repeated cells.ods"):
        hostile.MAKERS[name](good.parent / name)
    out = good.parent / "out"
    assert run_command_line(["run", str(good.parent), "--home", "GB", "-o", str(out)]) == 3
    assert "4 files: 1 done, 3 not; 2 tasks" in capsys.readouterr().out
    assert (out / "good.annotated.xlsx").exists()
