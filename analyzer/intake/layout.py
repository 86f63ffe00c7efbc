"""Where the table lies in a sheet: its header, its columns, and what each row below the header is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

from analyzer.intake.header_row import HeaderRow, find_header, is_code_row
from analyzer.intake.tab import UNCALCULATED, CellKind, Tab


class Reason(StrEnum):
    """Why a row under the header is no task."""

    TOTAL = "total"
    SUBTOTAL = "subtotal"
    NOTE = "note"
    REPEATED = "repeated header"
    GROUP = "group row"
    CODE = "code row"
    OTHER = "other table"


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that is set aside, and its text."""

    row: int
    reason: Reason
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A table: ``headers`` by column from 0, ``groups`` above them, ``rows``: sheet rows of its tasks (UInt32)."""

    header: HeaderRow
    rows: pl.Series
    aside: tuple[Aside, ...] = ()
    side_columns: tuple[int, ...] = field(default=())  # columns of a table beside this one

    @property
    def headers(self) -> dict[int, str]:
        """Header texts by column."""
        return {index: text for index, text in self.header.texts.items() if index not in self.side_columns}


_TOTAL = re.compile(
    r"\W*((grand|overall|sub|net|gross|zwischen|gesamt|teil|sous|running|column)[ -]?)?"
    r"(totals?|sum|summen?|zwischensumme|gesamtsumme|gesamt|insgesamt|totaux|total général|totale|totaal|subtotale?s?|"
    r"subtotaal|somma|suma|soma|gesamtergebnis|ergebnis|eindtotaal|total geral|totale complessivo|count|average|"
    r"mittelwert|moyenne|promedio|media)\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ENDS_TOTAL = re.compile(
    r".{1,80}\b(totals?|subtotal|summe|gesamt|ergebnis|totaal|totale)\W*", re.IGNORECASE | re.DOTALL
)
_MAYBE_TOTAL = (
    r"(?i)^\W*(grand|overall|sub|zwischen|gesamt|sous|total|totaux|totaal|sum|summe|insgesamt|soma|suma|somma|ergebnis|"
    r"eindtotaal)|(totals?|summe|gesamt|ergebnis|totaal|totale)\W*$"
)
_PARTIAL = re.compile(r"sub|zwischen|sous|teil|parziale|parcial|partiel", re.IGNORECASE)
_NOTE = re.compile(
    r"\W*(notes?|nb|n\.b\.|sources?|legend|key|prepared by|created by|generated|exported|report|as of|as at|"
    r"last updated|disclaimer|confidential|comment|remark|footnote|see |\*|\d\)|hinweis|anmerkung|quelle|legende|stand|"
    r"erstellt|bemerkung|remarque|nota|note|fuente|fonte|bron|opmerking|toelichting|end of|ende|fin )",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"[\s(+-]*([€$£¥₹]|eur|usd|gbp|chf|kr)?\s*[+-]?\d[\d\s.,'\u00a0\u202f]*\s*([%)€$£¥]|eur|usd|gbp|chf|k|m|fte|h)*\s*",
    re.IGNORECASE,
)
_EMPTY_FORM = ("0", "-0", "0.0", "false")  # what formulas leave in the rows of a form
_LONG = 60  # characters from which a lone text is prose
_NARROW = 5  # filled cells up to which a row with one of them may well be a task
_OFTEN = 1 / 3  # share of rows with one cell from which they are no headings
_LOOK_FOR_CODES = 4  # rows under the header that may hold codes, types or help


def find_table(tab: Tab, at: int | None = None) -> Layout | None:
    """The table of a sheet, or nothing where no row reads like a header. ``at`` names the header's row."""
    header = find_header(tab, at)
    return None if header is None else lay_out(tab, header)


def lay_out(tab: Tab, header: HeaderRow) -> Layout:
    """What each row under a header is: every one that is not blank is a task's or set aside."""
    side = _side_columns(tab, header)
    columns = [index for index in header.texts if index not in side]
    below = _filled(tab, header.row, columns)
    aside = {item.row: item for item in _set_aside(tab, header, columns, below)}
    rows = below["row"].filter(~below["row"].is_in(list(aside)))
    return Layout(header, rows, tuple(aside[row] for row in sorted(aside)), side)


def _filled(tab: Tab, header_row: int, columns: list[int]) -> pl.DataFrame:
    """Rows under the header that are not blank: ``row``, ``n`` filled cells, ``texts`` of them that are text.

    A formula without a stored result fills no row by itself, nor do the zeros of a form that waits to be filled.
    """
    names = [str(index) for index in columns]
    cells, kinds = tab.cells.select(names).slice(header_row), tab.kinds.select(names).slice(header_row)
    if not cells.height:
        return pl.DataFrame(schema={"row": pl.UInt32(), "n": pl.UInt32(), "texts": pl.UInt32()})
    real = cells.select((pl.all() != UNCALCULATED).fill_null(value=False))
    telling = cells.select((~pl.all().is_in([UNCALCULATED, *_EMPTY_FORM])).fill_null(value=False))
    return (
        pl.DataFrame(
            {
                "row": pl.int_range(header_row + 1, header_row + 1 + cells.height, dtype=pl.UInt32, eager=True),
                "n": real.select(pl.sum_horizontal(pl.all().cast(pl.UInt32))).to_series(),
                "telling": telling.select(pl.any_horizontal(pl.all())).to_series(),
                "texts": kinds.select(pl.sum_horizontal((pl.all() == CellKind.TEXT).cast(pl.UInt32))).to_series(),
            }
        )
        .filter("telling")
        .drop("telling")
    )


def _side_columns(tab: Tab, header: HeaderRow) -> tuple[int, ...]:
    """Columns of other tables beside this one: blocks split off by blank columns that hold fewer headers."""
    blocks: list[list[int]] = []
    for index in sorted(header.texts):
        gap = not blocks or index - blocks[-1][-1] > 1
        if gap and (not blocks or _blank_between(tab, header, blocks[-1][-1], index)):
            blocks.append([index])
        else:
            blocks[-1].append(index)
    if len(blocks) < 2:  # noqa: PLR2004 - one block is one table
        return ()
    rated = [(sum(header.strengths.get(index, 0.0) for index in block), len(block)) for block in blocks]
    best = max(range(len(blocks)), key=lambda number: rated[number])
    return tuple(
        index for number, block in enumerate(blocks) if number != best and rated[number][0] < 1 for index in block
    )


def _blank_between(tab: Tab, header: HeaderRow, left: int, right: int) -> bool:
    names = [str(index) for index in range(left + 1, right)]
    return bool(names) and tab.cells.select(names).slice(header.row).null_count().row(0) == (
        tab.cells.height - header.row,
    ) * len(names)


def _set_aside(tab: Tab, header: HeaderRow, columns: list[int], below: pl.DataFrame) -> Iterator[Aside]:
    if not below.height:
        return
    done: set[int] = set()
    for item in _codes(tab, columns, below):
        done.add(item.row)
        yield item
    below = below.filter(~pl.col("row").is_in(list(done)))
    if not below.height:
        return
    for item in _repeated(tab, header, columns, below):
        done.add(item.row)
        yield item
    for item in _odd_rows(tab, columns, below.filter(~pl.col("row").is_in(list(done)))):
        yield item


def _texts(tab: Tab, row: int, columns: Iterable[int]) -> dict[int, str]:
    cells = tab.row(row)
    return {index: cells[index] for index in columns if cells[index].strip() and cells[index] != UNCALCULATED}


def _aside(tab: Tab, row: int, reason: Reason, columns: Iterable[int]) -> Aside:
    return Aside(row, reason, " · ".join(list(_texts(tab, row, columns).values())[:3])[:200])


def _codes(tab: Tab, columns: list[int], below: pl.DataFrame) -> Iterator[Aside]:
    for row in below["row"].head(_LOOK_FOR_CODES).to_list():
        if not is_code_row(_texts(tab, row, columns)):
            return
        yield _aside(tab, row, Reason.CODE, columns)


def _repeated(tab: Tab, header: HeaderRow, columns: list[int], below: pl.DataFrame) -> Iterator[Aside]:
    """Rows that say the header again."""
    first = columns[:3]
    same = pl.all_horizontal(pl.col(str(i)).str.strip_chars() == header.texts[i].strip() for i in first)
    found = tab.cells.select(same.fill_null(value=False).alias("same"))["same"].arg_true() + 1
    rows = set(found.to_list())
    for row in below["row"].to_list() if rows else ():
        if row in rows:
            yield _aside(tab, row, Reason.REPEATED, columns)


def _odd_rows(tab: Tab, columns: list[int], below: pl.DataFrame) -> Iterator[Aside]:
    """Totals, notes and group rows among the rows that look unlike a task: sparse, numbers only, or named a total."""
    if not below.height:
        return
    usual = float(below["n"].median() or 0)  # type: ignore[arg-type]  # the median of numbers is one
    few = pl.col("n") <= max(2.0, usual / 3)
    total = below["row"].is_in(_total_rows(tab, columns))
    odd = below.filter(few | (pl.col("texts") == 0) | total)["row"].to_list()
    usual = 0.0 if (below["n"] == 1).sum() > _OFTEN * below.height else usual
    full = below.filter(pl.col("n") > max(2.0, usual / 3))["row"]
    last_full = int(full[-1]) if full.len() else 0
    rows = set(below["row"].to_list())
    for row in odd:
        reason = _reason(tab, row, columns, usual, last_full, rows)
        if reason is not None:
            yield _aside(tab, row, reason, columns)


def _total_rows(tab: Tab, columns: list[int]) -> list[int]:
    """Rows in which some cell starts or ends with a word for a total."""
    found = tab.cells.select(
        pl.any_horizontal(pl.col(str(index)).str.contains(_MAYBE_TOTAL) for index in columns)
        .fill_null(value=False)
        .alias("t")
    )["t"].arg_true()
    return (found + 1).to_list()


def _reason(tab: Tab, row: int, columns: list[int], usual: float, last_full: int, rows: set[int]) -> Reason | None:
    texts = _texts(tab, row, columns)
    words = {index: text for index, text in texts.items() if not _NUMBER.fullmatch(text)}
    total = _total(words, texts)
    if total is not None:
        return total
    if not words:
        return Reason.TOTAL if row > last_full and len(columns) >= _NARROW - 1 and min(texts) > columns[0] else None
    if len(texts) == 1:
        return _lone(tab, row, columns, texts, usual, last_full, rows)
    apart = row > last_full and row - 1 not in rows
    return Reason.NOTE if apart and len(texts) * 2 < usual and _NOTE.match(next(iter(texts.values()))) else None


def _total(words: dict[int, str], texts: dict[int, str]) -> Reason | None:
    if len(words) != 1:
        return None
    label = next(iter(words.values())).strip()
    if len(texts) == 1 and not _TOTAL.fullmatch(label.strip(": ")):
        return None
    match = _TOTAL.fullmatch(label)
    if match is None and not (_ENDS_TOTAL.fullmatch(label) and len(texts) > 1):
        return None
    if match is not None and len(texts) == 1 and match["rest"].strip(" :.") != "":
        return None
    rest = match["rest"].strip(" :.()") if match is not None else label
    grand = re.match(r"(?i)\W*(grand|overall|gesamt)", label) is not None
    partial = (
        bool(_PARTIAL.match(label))
        or (match is None and not grand)
        or (bool(rest) and not grand and bool(re.match(r"(?i)(for|of|für|de|per)?\s*[a-z]", rest)))
    )
    return Reason.SUBTOTAL if partial else Reason.TOTAL


def _lone(
    tab: Tab, row: int, columns: list[int], texts: dict[int, str], usual: float, last_full: int, rows: set[int]
) -> Reason | None:
    """What a single text in a row is: a heading above full rows, a note below them, else a task that lacks the rest."""
    (column, text), *_ = texts.items()
    spans = any(s.first_row == row and s.last_column - s.first_column > 1 for s in tab.merges)
    if row > last_full:
        apart = row - 1 not in rows or len(text) > _LONG or spans
        return Reason.NOTE if apart or _NOTE.match(text) else None
    if _NOTE.match(text) and len(text) > _LONG:
        return Reason.NOTE
    if spans:
        return Reason.GROUP
    heading = usual > _NARROW or text.rstrip().endswith(":") or text.isupper()
    leads = column in columns[:2] and any(near in rows for near in (row + 1, row + 2))
    return Reason.GROUP if heading and leads and len(text) <= 2 * _LONG else None
