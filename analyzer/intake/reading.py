"""From a path to an Inventory."""

from __future__ import annotations

from pathlib import Path

from analyzer.intake.inventory import build
from analyzer.intake.opening import open_book
from analyzer.intake.ours import own_period
from analyzer.intake.survey import choose, survey
from analyzer.intake.visibility import of_book, of_table
from analyzer.model import Inventory
from analyzer.settings import Settings


def read(path: Path, settings: Settings, sheet: str | None = None) -> Inventory:
    """A spreadsheet file as an Inventory. ``sheet`` names the sheet to read, a hidden one too.

    Raises ``RefusedError`` where the file is no spreadsheet, is damaged, encrypted or over a limit, or where no table
    of tasks is found in it.
    """
    book = open_book(path, settings)
    tables = survey(book, settings, sheet)
    chosen = choose(book, tables, sheet)
    findings = [*of_book(book, tables, chosen), *(one for found in chosen for one in of_table(book, found))]
    return build(book, chosen, settings, findings, own_period(book))
