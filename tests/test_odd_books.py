"""Odd but valid workbooks: whatever their XML, parts and zip look like, nothing is lost and nothing new is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.lossless import check
from benchmarks.odd_books import ODD_BOOKS, Odd

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
EVERY = 9  # python -m benchmarks.lossless --odd FOLDER takes them all


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
