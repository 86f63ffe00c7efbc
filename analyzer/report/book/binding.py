"""All new sheets bound into one small book, ready to be moved into the user's package."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from analyzer import xlsx
from analyzer.model import Analysis
from analyzer.report.book import attention, changes, concentration, contracts, ledger, method, summary
from analyzer.report.book.live import Live
from analyzer.report.book.material import Material
from analyzer.report.book.paper import Look, Paper
from analyzer.report.numbers import Numbers
from analyzer.report.view import View, see
from analyzer.report.view.context import Context
from analyzer.report.words import load
from analyzer.terms import Sheet

if TYPE_CHECKING:
    from openpyxl.styles.cell_style import StyleArray

_DRAWN: Mapping[Sheet, Callable[[Paper, Material], None]] = {
    Sheet.SUMMARY: summary.draw,
    Sheet.ATTENTION: attention.draw,
    Sheet.LEDGER: ledger.draw,
    Sheet.PROVIDERS: concentration.draw,
    Sheet.CONTRACTS: contracts.draw,
    Sheet.CHANGES: changes.draw,
    Sheet.METHOD: method.draw,
}
_FRAME_NAME = re.compile(rb'(<(?:xdr:)?cNvPr id="\d+" name="Chart (\d+)")')


@dataclass(frozen=True, slots=True)
class Bound:
    """What the package editor takes."""

    graft: xlsx.Graft
    splices: tuple[xlsx.Splice, ...]


def bind(analysis: Analysis, live: Live, names: Mapping[Sheet, str], view: View | None = None) -> Bound:
    """The new sheets of an analysis. ``names``: what each is called in this book; ``view``: the page's, if made."""
    context = Context(analysis, Numbers(_locale(analysis), load("en")))
    if view is None or view.numbers != context.numbers:
        view = see(context)
    material = Material(context, view, live, names)
    book = Workbook()
    book.remove(book.worksheets[0])
    looks: dict[Look, StyleArray] = {}
    papers = {sheet: Paper(book.create_sheet(names[sheet]), 150, looks) for sheet in Sheet}
    for sheet, draw in _DRAWN.items():
        draw(papers[sheet], material)
    footer = " · ".join(part for part in (analysis.company, context.numbers.month(analysis.period)) if part)
    for paper in papers.values():
        paper.printed(footer)
    graft = xlsx.Graft(
        _described(_parts(book), list(papers.values())),
        tuple(paper.sheet.title for paper in papers.values()),
        values={paper.sheet.title: paper.values for paper in papers.values()},
    )
    return Bound(graft, tuple(splice for paper in papers.values() for splice in paper.splices))


def _locale(analysis: Analysis) -> str:
    """The workbook's sentences are English: so are the numbers in them."""
    return analysis.locale if analysis.locale.startswith("en") else "en_GB"


class _Parts(dict[str, bytes]):
    """The parts that openpyxl hands to a zip, unpacked: its own zip says the time, which no output of ours does."""

    def writestr(self, name: str, data: bytes | str) -> None:
        """A part from memory."""
        self[name] = data.encode() if isinstance(data, str) else data

    def namelist(self) -> list[str]:
        """What is there so far."""
        return list(self)

    def close(self) -> None:
        """Nothing is held open."""


class _Writer(ExcelWriter):
    """openpyxl's own, without a temporary file for every sheet."""

    _archive: _Parts

    def write_worksheet(self, ws: Any) -> None:
        """A sheet as a part, its charts told to the writer."""
        ws._drawing = drawing = SpreadsheetDrawing()  # noqa: SLF001 - as openpyxl's own writer does
        drawing.charts = ws._charts  # noqa: SLF001 - as above
        writer: Any = WorksheetWriter(ws, io.BytesIO())
        writer.write()
        ws._rels = writer._rels  # noqa: SLF001 - as above
        self._archive.writestr(ws.path[1:], writer.read())
        self.manifest.append(ws)


def _parts(book: Workbook) -> Mapping[str, bytes]:
    parts = _Parts()
    _Writer(book, cast("zipfile.ZipFile", parts)).save()
    return parts


def _described(parts: Mapping[str, bytes], papers: Sequence[Paper]) -> bytes:
    """The book as a package, with alternative texts at its charts, which openpyxl cannot write."""
    texts = [paper.alts for paper in papers if paper.alts]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        for name, content in parts.items():
            number = re.fullmatch(r"xl/drawings/drawing(\d+)\.xml", name)
            data = _with_texts(content, texts[int(number[1]) - 1]) if number else content
            written.writestr(zipfile.ZipInfo(name), data)
    return target.getvalue()


def _with_texts(drawing: bytes, texts: Sequence[str]) -> bytes:
    def named(found: re.Match[bytes]) -> bytes:
        text = texts[int(found[2]) - 1].replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        return found[1] + f' descr="{text}"'.encode()

    return _FRAME_NAME.sub(named, drawing)
