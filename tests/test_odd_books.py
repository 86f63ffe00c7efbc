"""Odd but valid workbooks: whatever their XML, parts and zip look like, nothing is lost and nothing new is wrong."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from analyzer.xlsx import ACTIVE, inspect
from benchmarks.annotation import WAYS
from benchmarks.lossless import check
from benchmarks.odd_books import ODD_BOOKS, Odd
from benchmarks.sound import problems

pytestmark = pytest.mark.filterwarnings("ignore:.*:UserWarning")  # openpyxl says what it would lose
MENDED = {
    "UTF-16 in [Content_Types].xml",
    "a sheet without its part",
    "cells up to the last column",
    "content types by default alone",
    "empty views of the book",
    "lower-case addresses",
    "name called as our table",
    "names of no sheet",
    "no styles and formats out of range",
    "shared strings with an extension",
    "sheet ids at the limit",
    "single quotes everywhere",
    "styles that nothing refers to",
    "table in single quotes",
    "table that is not there",
    "workbook of another name, only by its type",
    "zip64 throughout, put behind a stub",
}
RUN = {
    "ASCII in all parts",
    "UTF-16 in xl/sharedStrings.xml",
    "declaration in lower case",
    "macros",
    "macros of another name",
    "prefix and single quotes",
    "strict and prefixed",
    "table with totals",
    "workbook in another folder",
}
EVERY = 9  # python -m benchmarks.lossless --odd FOLDER takes them all

BY_NAME = {odd.name: odd for odd in ODD_BOOKS}


def test_each_odd_book_has_a_name_of_its_own_and_is_odd() -> None:
    assert len({odd.name for odd in ODD_BOOKS}) == len(ODD_BOOKS)
    contents = {odd.content() for odd in ODD_BOOKS}
    assert len(contents) == len(ODD_BOOKS)
    assert {odd.name for odd in ODD_BOOKS} >= MENDED


@pytest.mark.parametrize(
    "odd",
    [odd for number, odd in enumerate(ODD_BOOKS) if odd.name in MENDED or number % EVERY == 0],
    ids=lambda odd: odd.name,
)
def test_b12_b13_odd_books_keep_all_they_have(tmp_path: Path, odd: Odd) -> None:
    path = tmp_path / f"book{odd.suffix}"
    path.write_bytes(odd.content())
    verdict = check(path)
    assert (verdict.lost, verdict.changed, verdict.not_opened) == ([], [], [])
    assert odd.refused in verdict.refused
    assert bool(odd.refused) == bool(verdict.refused)


@pytest.mark.parametrize("odd", [BY_NAME[name] for name in sorted(RUN)], ids=lambda odd: odd.name)
def test_b12_b13_the_real_writer_keeps_all_that_odd_books_have(tmp_path: Path, odd: Odd) -> None:
    path = tmp_path / f"book{odd.suffix}"
    path.write_bytes(odd.content())
    verdict = check(path, "run")
    assert (verdict.refused, verdict.lost, verdict.changed, verdict.not_opened) == ("", [], [], [])


@pytest.mark.parametrize("name", ["macros", "macros of another name", "macros and a ribbon"])
def test_d6_macros_are_kept_or_left_out_whole(tmp_path: Path, name: str) -> None:
    source, kept, inert = tmp_path / "book.xlsm", tmp_path / "kept.xlsm", tmp_path / "inert.xlsm"
    source.write_bytes(BY_NAME[name].content())
    WAYS["run"](source, kept)
    done = WAYS["strip-active"](source, inert)
    assert bytes_of(kept, b"none") == bytes_of(source, b"none") != {}
    assert bytes_of(inert, b"none") == {}
    assert "workbook-active-left-out" in done.notes
    assert (inspect(kept).kind, inspect(kept).features & ACTIVE) == ("xlsm", inspect(source).features & ACTIVE)
    assert not inspect(inert).features & ACTIVE
    assert not problems(inert) - problems(source)


def bytes_of(path: Path, ending: bytes) -> dict[str, bytes]:
    """The entries of a zip whose bytes end so."""
    with zipfile.ZipFile(path) as package:
        return {name: data for name in package.namelist() if (data := package.read(name)).endswith(ending)}
