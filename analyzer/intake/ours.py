"""What an earlier run of ours left in a workbook: its sheets, its columns, its month."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analyzer.errors import UsageError
from analyzer.intake.headers import normal, plain
from analyzer.intake.opening import Book
from analyzer.period import Period
from analyzer.terms import Sheet, TagColumn
from analyzer.xlsx.addresses import column_number

NAME = "analyzer_"  # how the defined names of our columns begin
SHEETS, PERIOD = "analyzer sheets", "analyzer period"  # custom properties of the workbook
_FEW = 5  # of our columns side by side tell an annotated table
_REFERENCE = re.compile(r"(?P<sheet>.+)!\$?(?P<letters>[A-Z]{1,3})\$?\d+(?::.*)?")
_TAGS = {normal(tag.value): tag for tag in TagColumn}


def is_ours(book: Book) -> bool:
    """Whether a workbook is an annotated one."""
    return book.facts is not None and any(name.name.lower().startswith(NAME) for name in book.facts.names)


def own_sheets(book: Book) -> set[str]:
    """Sheets that we added: as the workbook says, else by their names."""
    if book.facts is None or not is_ours(book):
        return set()
    written = dict(book.facts.properties).get(SHEETS, "")
    listed = {name for name in written.split("|") if name}
    return listed or {name for name in book.sheets if re.sub(r" \(\d+\)$", "", name) in set(Sheet)}


def own_period(book: Book) -> Period | None:
    """The month that an annotated workbook is about."""
    written = dict(book.facts.properties).get(PERIOD, "") if book.facts else ""
    try:
        return Period.parse(written) if written else None
    except UsageError:
        return None


def tag_columns(book: Book, sheet: str) -> dict[TagColumn, int]:
    """Our columns of a sheet by their defined names, from 0."""
    found: dict[TagColumn, int] = {}
    for name in book.facts.names if book.facts else ():
        tag = _TAGS.get(normal(re.sub(r"_\d+$", "", name.name.lower().removeprefix(NAME))))
        place = _REFERENCE.fullmatch(name.refers_to)
        if name.name.lower().startswith(NAME) and tag and place and _unquoted(place["sheet"]) == sheet:
            found[tag] = column_number(place["letters"])
    return found


def _unquoted(sheet: str) -> str:
    return sheet.strip("'").replace("''", "'")


def tag_headers(headers: Mapping[int, str], *, ours: bool) -> dict[TagColumn, int]:
    """Our columns by their headers: several together, so that a user's own "Decision" stays his."""
    found: dict[TagColumn, int] = {}
    for index, text in headers.items():
        tag = _TAGS.get(normal(re.sub(r"\s*(\([^)]*\)|\d+)\s*$", "", plain(text))))
        if tag is not None:
            found[tag] = index  # the last one: ours stand right of the user's
    return found if ours or len(found) >= _FEW else {}
