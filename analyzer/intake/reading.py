"""From a path to an Inventory."""

from __future__ import annotations

from pathlib import Path

from analyzer.intake.decisions import decisions_of
from analyzer.intake.inventory import build
from analyzer.intake.opening import Book, open_book
from analyzer.intake.ours import own_period
from analyzer.intake.survey import Found, choose, survey
from analyzer.intake.visibility import of_book, of_table
from analyzer.model import Decisions, Inventory
from analyzer.settings import Settings


def read(path: Path, settings: Settings, sheet: str | None = None) -> Inventory:
    """A spreadsheet file as an Inventory. ``sheet`` names the sheet to read, a hidden one too.

    Raises ``RefusedError`` where the file is no spreadsheet, is damaged, encrypted or over a limit, or where no table
    of tasks is found in it.
    """
    book = open_book(path, settings)
    return _inventory(book, survey(book, settings, sheet), settings, sheet)


def read_with_decisions(path: Path, settings: Settings, sheet: str | None = None) -> tuple[Inventory, Decisions]:
    """An Inventory as ``read`` gives it, and what people decided in the same file, opened once for both."""
    book = open_book(path, settings)
    tables = survey(book, settings, sheet)
    return _inventory(book, tables, settings, sheet), decisions_of(book, tables)


def read_decisions(path: Path, settings: Settings) -> Decisions:
    """Decisions of an annotated workbook alone; none where it has no review columns or nothing stands in them.

    Raises ``RefusedError`` for a file that cannot be opened.
    """
    book = open_book(path, settings)
    return decisions_of(book, survey(book, settings))


def _inventory(book: Book, tables: list[Found], settings: Settings, sheet: str | None) -> Inventory:
    chosen = choose(book, tables, sheet)
    findings = [*of_book(book, tables, chosen), *(one for found in chosen for one in of_table(book, found))]
    return build(book, chosen, settings, findings, own_period(book))
