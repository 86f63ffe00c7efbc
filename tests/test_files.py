"""The old file or the new one, never half of either: each step of writing is made to fail in turn."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analyzer import files
from analyzer.cli import run_command_line
from analyzer.errors import ExitStatus, WriteError

OLD, NEW = b"the last good report", b"the new report, longer than the old one"
STEPS = ("open_new", "sync", "rename", "sync_folder")


def failing(step: Callable[..., Any], code: int) -> Callable[..., Any]:
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk quota is used up"),
        (errno.EROFS, "the folder is read-only"),
        (errno.EACCES, "no permission"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_e4_e5_e7_a_step_that_fails_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, code: int, sentence: str
) -> None:
    target = tmp_path / "report.html"
    target.write_bytes(OLD)
    monkeypatch.setattr(files, step, failing(getattr(files, step), code))
    with pytest.raises(WriteError, match=sentence) as refused:
        files.write(target, NEW)
    assert refused.value.status is ExitStatus.NOT_WRITTEN
    assert refused.value.where == str(target)
    assert "-o" in refused.value.hint
    assert target.read_bytes() == (NEW if step == "sync_folder" else OLD)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_an_error_inside_the_block_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_bytes(OLD)

    def half() -> None:
        with files.replacing(target) as stream:
            stream.write(NEW[:5])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert target.read_bytes() == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_folders_are_made(tmp_path: Path) -> None:
    files.write(tmp_path / "northwind" / "2026-10" / "report.html", "text with “quotes”")
    assert (tmp_path / "northwind" / "2026-10" / "report.html").read_text(encoding="utf-8") == "text with “quotes”"


def test_e6_k4_a_program_that_holds_the_target_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, replace, calls = tmp_path / "report.xlsx", Path.replace, []

    def busy(source: Path, to: Path) -> Path:
        calls.append(to)
        if len(calls) < 3:
            error = PermissionError(errno.EACCES, "in use")
            error.winerror = 32  # type: ignore[attr-defined]  # only Windows sets it
            raise error
        return replace(source, to)

    monkeypatch.setattr(Path, "replace", busy)
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    files.write(target, NEW)
    assert target.read_bytes() == NEW
    assert len(calls) == 3


def test_e6_k4_a_target_held_for_good_ends_with_what_to_do_and_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report.xlsx"
    pauses: list[float] = []
    target.write_bytes(OLD)

    def held(_source: Path, _to: Path) -> Path:
        error = PermissionError(errno.EACCES, "in use")
        error.winerror = 32  # type: ignore[attr-defined]  # only Windows sets it
        raise error

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr(time, "sleep", pauses.append)
    with pytest.raises(WriteError, match="no permission to write there") as refused:
        files.write(target, NEW)
    assert refused.value.status is ExitStatus.NOT_WRITTEN
    assert "close the file where it is open" in refused.value.hint
    assert sum(pauses) == pytest.approx(2.5)
    assert target.read_bytes() == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["report.xlsx"]


@pytest.mark.parametrize("out", ["file/out", "x" * 300])
def test_e5_a_folder_that_cannot_be_ends_with_4_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str
) -> None:
    source = tmp_path / "list.csv"
    source.write_text("Task,Provider,Country\nPayroll,Acme,India\n", encoding="utf-8")
    (tmp_path / "file").touch()
    assert run_command_line(["run", str(source), "--home", "GB", "-o", str(tmp_path / out)]) == 4
    assert "with -o" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "list.csv"]


WRITER = """
import sys
from pathlib import Path
from analyzer import files
target = Path(sys.argv[1])
print("ready", flush=True)
while True:
    files.write(target, b"A" * 200_000)
    files.write(target, b"B" * 200_000)
"""


@pytest.mark.parametrize("delay", [0.02, 0.05, 0.11])
def test_e3_killed_at_any_point_the_file_is_whole_and_the_rest_is_swept(tmp_path: Path, delay: float) -> None:
    target = tmp_path / "report.html"
    with subprocess.Popen([sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
    if target.exists():
        assert target.read_bytes() in {b"A" * 200_000, b"B" * 200_000}
    files.sweep(target)
    assert {path.name for path in tmp_path.iterdir()} <= {"report.html"}


def test_e3_what_a_killed_writer_left_goes_though_nobody_has_collected_the_writer(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as writer:
        left = target.with_name(f".{target.name}.{writer.pid}{files.TEMPORARY}")
        left.write_bytes(OLD)
        files.sweep(target)
        assert left.exists()
        writer.kill()
        os.waitid(os.P_PID, writer.pid, os.WEXITED | os.WNOWAIT)
        files.sweep(target)
        assert not left.exists()
