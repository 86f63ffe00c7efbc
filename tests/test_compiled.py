"""Templates compiled once: kept, taken again, made anew where what is kept is damaged, never a reason to fail."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from analyzer.report.compiled import environment

NAME = "index.html.j2"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of compiled files, empty."""
    folder = tmp_path / "compiled"
    monkeypatch.setattr(sys, "pycache_prefix", str(folder))
    return folder


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_template_is_compiled_once(kept: Path) -> None:
    environment(keep=True).get_template(NAME)
    ((path, content),) = files(kept).items()
    moment = path.stat().st_mtime_ns
    environment(keep=True).get_template(NAME)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == (moment, content)


def test_a_damaged_one_is_compiled_anew(kept: Path) -> None:
    environment(keep=True).get_template(NAME)
    ((path, content),) = files(kept).items()
    path.write_bytes(content[:60])
    environment(keep=True).get_template(NAME)
    assert len(path.read_bytes()) == len(content)


def test_nothing_is_written_where_python_writes_no_compiled_files(kept: Path) -> None:
    environment(keep=False).get_template(NAME)
    assert files(kept) == {}


def test_a_folder_that_cannot_be_written_does_no_harm(kept: Path) -> None:
    kept.write_text("a file stands where the folder should be")
    assert environment(keep=True).get_template(NAME).name == NAME
