"""``analyzer policy`` and ``analyzer explain`` as a person meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzer.cli import run_command_line
from analyzer.errors import ExitStatus

HEAD = 'name = "mine"\nversion = "1"\n'


def test_show_says_one_risk_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["policy", "show", "--risk", "in-person-conflict"]) == ExitStatus.DONE
    said = capsys.readouterr().out
    assert "Applies where Any work offshore is yes" in said
    assert "High  in-person-abroad: In person is required" in said
    assert "misaligned" not in said


def test_show_prints_the_schema_for_editors(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["policy", "show", "--schema"]) == ExitStatus.DONE
    assert "risk" in json.loads(capsys.readouterr().out)["properties"]


def test_an_unknown_risk_lists_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["policy", "show", "--risk", "brand"]) == ExitStatus.USAGE
    assert "brand-exposure" in capsys.readouterr().err


def test_j1_j3_check_names_faults_with_status_2_and_conflicts_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty, odd = tmp_path / "faulty.toml", tmp_path / "odd.toml"
    faulty.write_text(HEAD + "[scoring]\nflor = 3", encoding="utf-8")
    odd.write_text(
        HEAD + '[risk.r]\ntitle = "R"\nbase = 100\n'
        '[[risk.r.indicator]]\nid = "a"\npoints = 1\nwhen = { always = true }',
        encoding="utf-8",
    )
    assert run_command_line(["policy", "check", str(faulty)]) == ExitStatus.USAGE
    assert 'faulty.toml:4:1: scoring.flor: unknown key; did you mean "floor"?' in capsys.readouterr().err
    assert run_command_line(["policy", "check", str(odd)]) == ExitStatus.DONE
    assert "dead: risk.r: the base is 100 already" in capsys.readouterr().out


def test_test_ends_with_7_where_an_example_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(
        HEAD + '[risk.r]\ntitle = "R"\nbase = 40\nexamples = ["core | expect\\nyes | High"]', encoding="utf-8"
    )
    assert run_command_line(["policy", "test", str(wrong)]) == ExitStatus.GATE
    said = capsys.readouterr().out
    assert "failed: r: core yes: expected High, got 40 Medium" in said
    assert "0 of 1 examples pass" in said


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    path = tmp_path / "tasks.csv"
    rows = (
        "ID,Task,Provider,Delivery country,Status",
        "T-1,Helpline,Brightline Ltd,India,",
        "T-2,Payroll,Brightline Ltd,United Kingdom,Ended",
    )
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_explain_shows_the_values_and_their_cells(tasks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run_command_line(["explain", str(tasks), "helpline", "--home", "GB", "--period", "2026-10"]) == ExitStatus.DONE
    )
    said = capsys.readouterr().out
    assert "T-1 Helpline" in said
    assert "Misaligned interests: 40 Medium" in said
    assert "would lower it: service-level + reporting with evidence -> 31 Low" in said
    assert "as of 2026-10-31" in said


def test_explain_with_all_shows_the_risks_that_do_not_apply(tasks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["explain", str(tasks), "T-2", "--home", "GB", "--all"]) == ExitStatus.DONE
    said = capsys.readouterr().out
    assert "Local-hiring criticism does not apply" in said
    assert "Ended: a run does not assess its risks" in said


def test_an_unknown_task_is_status_2_with_the_nearest_names(tasks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["explain", str(tasks), "Helplne", "--home", "GB"]) == ExitStatus.USAGE
    assert "Did you mean: Helpline" in capsys.readouterr().err
