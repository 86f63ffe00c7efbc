"""A file opened: its kind, its sheets, and each sheet as a tab when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from analyzer import xlsx
from analyzer.errors import RefusedError
from analyzer.intake import old_excel, open_document, sheet_xml
from analyzer.intake.delimited import read_text
from analyzer.intake.detection import detect
from analyzer.intake.legacy import SheetList, marked, read_sparse
from analyzer.intake.open_document import SheetMarks
from analyzer.intake.protection import opens_without_asking
from analyzer.intake.quiet import quiet
from analyzer.intake.tab import UNCALCULATED, Hidden, Tab
from analyzer.intake.workbook import read_sheet
from analyzer.settings import Settings
from analyzer.xlsx import PackageFacts, SheetFacts

_Read = TypeVar("_Read")
_MB = 1 << 20
_SPARSE = 20  # times as many places as cells, from which a grid is too wasteful
_SMALL = 4_000_000  # places that may be wasted


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """An opened file. ``sheets`` are the worksheets in tab order; ``hidden`` those a person does not see."""

    path: Path
    kind: str
    sheets: tuple[str, ...]
    hidden: tuple[str, ...]
    tab: Callable[[str], Tab]
    encoding: str = ""
    note: str = ""
    facts: PackageFacts | None = None


def open_book(path: Path, settings: Settings) -> Book:
    """Open a spreadsheet file of any format.

    Raises ``RefusedError`` in plain words: no spreadsheet, damaged, encrypted, hostile, over a limit.
    """
    detected = detect(path, package_limits(settings))
    limit = settings.limits.file_mb
    if (size := path.stat().st_size) > limit * _MB:
        raise RefusedError(
            f"The file has {size / _MB:,.0f} MB; the limit is {limit:,.0f} MB",
            where=path.name,
            hint="Raise file_mb under [limits] in analyzer.toml if this is meant",
        )
    opener = {"csv": _text, "xlsx": _package, "xlsm": _package}.get(detected.kind, _other)
    return opener(path, detected.kind, detected.note, settings)


def _text(path: Path, kind: str, note: str, _: Settings) -> Book:
    text = read_text(path)
    return Book(path, kind, (text.tab.name,), (), lambda _: text.tab, text.encoding, note)


def _package(path: Path, kind: str, note: str, settings: Settings) -> Book:
    limits = package_limits(settings)
    facts = xlsx.inspect(path, limits, allow_sparse=True)
    sheets = {sheet.name: sheet for sheet in facts.sheets if sheet.kind == "worksheet"}
    hidden = tuple(sheet.name for sheet in sheets.values() if sheet.state.value != "visible")

    def tab(name: str) -> Tab:
        return _guarded(path, lambda: _sheet(path, sheets[name], limits))

    return Book(path, kind, tuple(sheets), hidden, tab, note=note, facts=facts)


def package_limits(settings: Settings) -> xlsx.Limits:
    """The settings' limits, as the package reader has them."""
    bounds = settings.limits
    return xlsx.Limits(
        int(bounds.file_mb * _MB), int(bounds.unpacked_mb * _MB), bounds.ratio, bounds.entries, bounds.cells
    )


def _sheet(path: Path, facts: SheetFacts, limits: xlsx.Limits) -> Tab:
    area = facts.extent.area
    if area > limits.cells or area > _SMALL + _SPARSE * facts.extent.cells:
        return _second(path, facts, limits)
    try:
        return read_sheet(path, facts, limits)
    except (RefusedError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - the reader's panic is a BaseException; the second reader is asked
        return _second(path, facts, limits)


def _second(path: Path, facts: SheetFacts, limits: xlsx.Limits) -> Tab:
    found = sheet_xml.scan(sheet_xml.part_chunks(path, facts.part, limits))
    hidden = Hidden(found.hidden.rows, found.hidden.columns, facts.filtered)
    tab = read_sparse(path, facts.name, hidden, visible=facts.state.value == "visible")
    tab = marked(tab, SheetMarks(dict.fromkeys(found.uncalculated, UNCALCULATED)))
    inside = (span for span in found.merges if span.last_row <= tab.cells.height and span.last_column < tab.width)
    return replace(tab, hidden=hidden, merges=tuple(inside), formulas=found.formulas, outward=tuple(found.outward))


def _other(path: Path, kind: str, note: str, settings: Settings) -> Book:
    found = _guarded(path, lambda: _marks(path, kind, settings))
    book = _guarded(path, lambda: SheetList(path))

    def tab(name: str) -> Tab:
        return _guarded(path, lambda: marked(book.tab(name), found.get(name, SheetMarks())))

    return Book(path, kind, book.names, book.hidden, tab, note=note)


def _marks(path: Path, kind: str, settings: Settings) -> Mapping[str, SheetMarks]:
    """Errors and hidden rows that the reader does not tell."""
    if kind == "ods":
        return open_document.marks(path, package_limits(settings))
    if kind == "xls" and opens_without_asking(old_excel.protection(path)):
        raise RefusedError(
            "The workbook is protected against changes, for which Excel encrypts it although it asks for no password",
            where=path.name,
            hint="Open it in Excel and save it as .xlsx, or lift the protection (Review > Protect Workbook)",
        )
    return old_excel.marks(path) if kind == "xls" else {}


def _guarded(path: Path, work: Callable[[], _Read]) -> _Read:
    """What a reader raises, in plain words: its own text never reaches the user."""
    try:
        with quiet():
            return work()
    except (RefusedError, KeyboardInterrupt, SystemExit):
        raise
    except MemoryError:
        raise RefusedError("The sheet needs more memory than there is", where=path.name, hint=_SPLIT) from None
    except BaseException as error:  # noqa: BLE001 - readers raise anything, panics among it
        raise _unreadable(path, error) from None


_SPLIT = "Split the sheet, or raise memory_mb under [limits] in analyzer.toml"
_REPAIR = "Open it in Excel or LibreOffice, save it as .xlsx, and run again"


def _unreadable(path: Path, error: BaseException) -> RefusedError:
    if "Password" in type(error).__name__:
        return RefusedError(
            "The workbook needs a password to be opened",
            where=path.name,
            hint="Save a copy without a password, then run on the copy",
        )
    return RefusedError(
        "The workbook is damaged or not complete, or of a kind that cannot be read", where=path.name, hint=_REPAIR
    )
