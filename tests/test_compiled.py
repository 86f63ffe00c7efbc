"""What is made of packaged files: kept, taken again, made anew where it does not fit, never a reason to fail."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.compiled import made_of, toml
from analyzer.report.templating import environment

TEMPLATE = "index.html.j2"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of compiled files, empty, to be written to."""
    folder = tmp_path / "compiled"
    monkeypatch.setattr(sys, "pycache_prefix", str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return folder


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def words(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def counted(path: Path) -> tuple[Callable[[], str], list[int]]:
    made: list[int] = []

    def make() -> str:
        made.append(1)
        return path.read_text(encoding="utf-8").upper()

    return make, made


def test_it_is_made_once_and_anew_once_the_file_has_changed(kept: Path, tmp_path: Path) -> None:
    source = words(tmp_path / "words.txt", "one")
    make, made = counted(source)
    assert [made_of([source], make), made_of([source], make)] == ["ONE", "ONE"]
    assert (len(made), len(files(kept))) == (1, 1)
    words(source, "two")
    assert (made_of([source], make), len(made), len(files(kept))) == ("TWO", 2, 1)


def test_another_version_of_its_library_makes_it_anew(kept: Path, tmp_path: Path) -> None:
    source = words(tmp_path / "words.txt", "one")
    make, made = counted(source)
    made_of([source], make, by="1.0")
    made_of([source], make, by="1.1")
    assert (len(made), len(files(kept))) == (2, 1)


@pytest.mark.parametrize("left", [0, 10, 32, 40])
def test_a_damaged_one_is_made_anew(kept: Path, tmp_path: Path, left: int) -> None:
    source = words(tmp_path / "words.toml", 'list = ["a", "b"]')
    assert toml(source) == {"list": ["a", "b"]}
    ((path, content),) = files(kept).items()
    path.write_bytes(content[:left])
    assert toml(source) == {"list": ["a", "b"]}
    assert path.read_bytes() == content


def test_a_template_is_compiled_once_and_anew_where_it_is_damaged(kept: Path) -> None:
    environment().get_template(TEMPLATE)
    ((path, content),) = files(kept).items()
    moment = path.stat().st_mtime_ns
    environment().get_template(TEMPLATE)
    assert path.stat().st_mtime_ns == moment
    path.write_bytes(content[:60])
    environment().get_template(TEMPLATE)
    assert len(path.read_bytes()) == len(content)


def test_nothing_is_written_where_python_writes_no_compiled_files(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    environment().get_template(TEMPLATE)
    toml(words(tmp_path / "words.toml", "a = 1"))
    assert files(kept) == {}


def test_a_folder_that_cannot_be_written_does_no_harm(kept: Path, tmp_path: Path) -> None:
    kept.write_text("a file stands where the folder should be")
    assert environment().get_template(TEMPLATE).name == TEMPLATE
    assert toml(words(tmp_path / "words.toml", "a = 1")) == {"a": 1}
