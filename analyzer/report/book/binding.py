"""All new sheets bound into one small book, ready to be moved into the user's package."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from analyzer import xlsx
from analyzer.model import Analysis
from analyzer.report.book import attention, changes, concentration, contracts, ledger, method, summary
from analyzer.report.book.live import Live
from analyzer.report.book.material import Material
from analyzer.report.book.paper import Paper
from analyzer.report.numbers import Numbers
from analyzer.report.view import see
from analyzer.report.view.context import Context
from analyzer.report.words import load
from analyzer.terms import Sheet

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


def bind(analysis: Analysis, live: Live, names: Mapping[Sheet, str]) -> Bound:
    """The new sheets of an analysis. ``names``: what each is called in this book."""
    context = Context(analysis, Numbers(_locale(analysis), load("en")))
    material = Material(context, see(context), live, names)
    book = Workbook()
    book.remove(book.worksheets[0])
    papers = {sheet: Paper(book.create_sheet(names[sheet]), 150) for sheet in Sheet}
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

    def write(self, file: str, name: str) -> None:
        """A part from a file."""
        self[name] = Path(file).read_bytes()

    def namelist(self) -> list[str]:
        """What is there so far."""
        return list(self)

    def close(self) -> None:
        """Nothing is held open."""


def _parts(book: Workbook) -> Mapping[str, bytes]:
    parts = _Parts()
    ExcelWriter(book, cast("zipfile.ZipFile", parts)).save()
    return parts


def _described(parts: Mapping[str, bytes], papers: Sequence[Paper]) -> bytes:
    """The book as a package, with alternative texts at its charts, which openpyxl cannot write."""
    texts = [paper.alts for paper in papers if paper.alts]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        for name, content in parts.items():
            number = re.fullmatch(r"xl/drawings/drawing(\d+)\.xml", name)
            data = _with_texts(content, texts[int(number[1]) - 1]) if number else content
            written.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _with_texts(drawing: bytes, texts: Sequence[str]) -> bytes:
    def named(found: re.Match[bytes]) -> bytes:
        text = texts[int(found[2]) - 1].replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        return found[1] + f' descr="{text}"'.encode()

    return _FRAME_NAME.sub(named, drawing)
