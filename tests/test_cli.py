"""The command as a user types it: what it prints, what it writes, the status it ends with."""

import json
from pathlib import Path

import pytest
from conftest import SheetMaker

from analyzer import __version__
from analyzer.cli import COMMANDS, run_command_line

SHEET = """
    ID  | Task     | Provider | Delivery country | FTE | Annual cost | Criticality
    T-1 | Payroll  |          | GB               | 4   | 200000      |
    T-2 | Helpline | Acme BPO | PH               | 40  | 900000      | critical
    T-3 | Cleaning | Bright   | GB               | 1   | 40000       |
"""


@pytest.fixture
def book(sheet: SheetMaker) -> Path:
    return sheet(SHEET)


def run(*words: str | Path) -> int:
    return run_command_line([str(word) for word in words])


def test_a_run_says_what_it_read_and_where_the_results_are(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("run", book, "--home", "GB", "--period", "2026-10") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["inventory.xlsx > Inventory, header in row 1", "  3 rows read = 3 tasks"]
    assert said[2].startswith(
        "  1 In-house onshore · 1 Outsourced onshore · 0 In-house offshore · 1 Outsourced offshore"
    )
    assert said[-1] == f"Open {book.parent / 'inventory.report.html'}"
    assert sorted(path.name for path in book.parent.iterdir()) == [
        "inventory.annotated.xlsx",
        "inventory.report.html",
        "inventory.summary.json",
        "inventory.xlsx",
    ]


def test_the_input_is_never_changed(book: Path) -> None:
    before = book.read_bytes()
    run("run", book, "--home", "GB", "--quiet")
    assert book.read_bytes() == before


def test_json_is_the_summary_and_nothing_else(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("run", book, "--home", "GB", "--period", "2026-10", "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    written = json.loads((book.parent / "inventory.summary.json").read_text(encoding="utf-8"))
    assert printed == written
    assert (printed["period"], printed["as_of"], printed["counts"]["tasks"]) == ("2026-10", "2026-10-31", 3)


def test_e9_the_same_input_gives_the_same_bytes(book: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        assert run("run", book, "--home", "GB", "--period", "2026-10", "-o", tmp_path / name, "-q") == 0
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes(), path.name


def test_quiet_is_silent_and_a_dry_run_writes_nothing(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("run", book, "--home", "GB", "--dry-run") == 0
    assert "would write" in capsys.readouterr().out
    assert [path.name for path in book.parent.iterdir()] == ["inventory.xlsx"]
    assert run("run", book, "--home", "GB", "--quiet") == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("gate", "status"), [("undetermined", 0), ("medium", 7)])
def test_a_gate_that_is_met_ends_with_its_status(book: Path, gate: str, status: int) -> None:
    assert run("run", book, "--home", "GB", "--fail-on", gate, "-q") == status


def test_i4_a_month_without_changes_is_said_and_may_be_a_status(book: Path) -> None:
    earlier = book.rename(book.with_name("inventory 2026-09.xlsx"))
    book.write_bytes(earlier.read_bytes())
    words: list[str | Path] = [
        "run",
        book,
        "--home",
        "GB",
        "--period",
        "2026-10",
        "--previous",
        earlier,
        "--fail-if-unchanged",
        "-q",
    ]
    assert run(*words) == 7
    page = (book.parent / "inventory.report.html").read_text(encoding="utf-8")
    assert "Nothing changed since September 2026" in page


def test_i4_an_inbox_without_files_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("watch", tmp_path, "--once", "--home", "GB") == 0
    assert capsys.readouterr().out == f"Nothing to do in {tmp_path}\n"


def test_without_a_home_country_nothing_is_guessed(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("run", book) == 2
    assert "--home GB" in capsys.readouterr().err
    assert not (book.parent / "inventory.annotated.xlsx").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 half of a workbook", "not complete"),
        (b"%PDF-1.7\n", "PDF"),
    ],
)
def test_a_refused_file_is_said_and_the_others_go_on(
    book: Path, content: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = book.parent / "other.xlsx"
    other.write_bytes(content)
    assert run("run", book.parent, "--home", "GB", "-o", book.parent / "out") == 3
    printed = capsys.readouterr()
    assert said.lower() in printed.err.lower()
    assert "Traceback" not in printed.err
    assert "2 files: 1 done, 1 not; 3 tasks" in printed.out
    assert {path.name for path in (book.parent / "out").iterdir()} >= {"index.html", "inventory.annotated.xlsx"}


def test_check_shows_the_mapping_and_writes_nothing(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", book, "--home", "GB") == 0
    said = capsys.readouterr().out
    assert "  C  Provider" in said
    assert [path.name for path in book.parent.iterdir()] == ["inventory.xlsx"]


def test_init_writes_a_mapping_that_a_run_takes_up(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("init", book, "--home", "GB") == 0
    assert (book.parent / "analyzer.toml").exists()
    assert run("run", book, "-q") == 0
    assert run("init", book) == 2
    assert "--force" in capsys.readouterr().err


def test_a_template_is_an_inventory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("template", tmp_path / "blank.xlsx") == 0
    assert run("check", tmp_path / "blank.xlsx", "--home", "GB") == 0
    assert "1 row read = 1 task" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rnu"], "Did you mean 'run'?"),
        (["chek", "x"], "Did you mean 'check'?"),
        (["run", "absent.xlsx"], "no such file"),
        (["run", "x", "--hme", "GB"], "--home"),
        (["run", "x", "--period", "October"], "Write it as 2026-10"),
        (["run", "x", "--home", "Great Britain"], "--home GB"),
    ],
)
def test_a_slip_gets_a_hint_and_status_2(
    words: list[str], said: str, book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(book.parent)
    (book.parent / "x").write_bytes(book.read_bytes())
    assert run(*words) == 2
    assert said in capsys.readouterr().err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    said = capsys.readouterr().out
    assert [name for name in COMMANDS if f"  {name} " not in said] == []


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(name, "--help") == 0
    assert capsys.readouterr().out.startswith(f"Usage: analyzer {name}")


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out == f"analyzer {__version__}\n"


def test_doctor_says_what_is_in_force(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("doctor", book) == 0
    said = capsys.readouterr().out
    assert "home country: not set" in said
    assert "Places: every one was understood" in said
