"""Which row of a sheet is the header: the one whose cells read like headers, with a row above or below it joined."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from analyzer.intake.headers import normal
from analyzer.intake.matching import matches, strength
from analyzer.intake.synonyms import lexicon
from analyzer.intake.tab import CellKind, Span, Tab

LOOK = 200  # rows from the top that are read cell by cell
LIKELY = 0.5  # strength from which a cell counts as a header
ALONE = 0.9  # strength of one sure header, enough in a row of texts where no row has two
_FEWEST_CODES = 3  # cells across that make a row of codes
_FEW = 20  # rows that are looked at a second time, typos put right
FEWEST = 1.4  # sum of strengths from which a row counts as a header: two cells, one of which may be ambiguous
_LONGEST = 250  # characters; longer texts are prose
_CODE = re.compile(r"[a-z]{0,4}[_. -]?\d+([._-]\d+)*|\(?[a-z]\)?|\(\d+\)|[ivx]+\.?", re.IGNORECASE)
_TYPE_WORDS = frozenset(
    [
        "alphanumerical",
        "alphanumeric",
        "text",
        "string",
        "varchar",
        "char",
        "number",
        "numeric",
        "integer",
        "int",
        "float",
        "decimal",
        "double",
        "date",
        "datetime",
        "timestamp",
        "boolean",
        "bool",
        "country",
        "currency",
        "monetary",
        "list",
        "enum",
        "closed",
        "set",
        "options",
        "free",
        "dropdown",
        "selection",
        "mandatory",
        "optional",
        "required",
        "conditional",
        "pattern",
        "yes",
        "no",
        "lookup",
        "uuid",
        "key",
        "code",
        "texto",
        "fecha",
        "número",
        "texte",
        "nombre",
        "zahl",
        "datum",
        "pflichtfeld",
        "auswahl",
        "pflicht",
        "freitext",
        "of",
        "or",
        "values",
        "value",
    ]
)
_FEW_TYPED = 2  # numbers and dates that a row of headers may hold
_HELP = re.compile(
    r"\s*(please|enter|select|choose|e\.g\.|for example|provide|indicate|mandatory|optional|bitte|veuillez)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """The header: ``row``, its last row; ``texts`` by column from 0, two rows joined; ``groups``, the upper texts."""

    row: int
    top: int
    texts: dict[int, str]
    groups: dict[int, str]
    score: float

    @property
    def strengths(self) -> dict[int, float]:
        """How surely each column's text is a header of ours."""
        return {index: _strength(text) for index, text in self.texts.items()}


def find_header(tab: Tab, at: int | None = None) -> HeaderRow | None:
    """The header of a sheet, or nothing where no row reads like one. ``at`` names the row."""
    if at is not None:
        return joined(tab, at) if at <= tab.cells.height else None
    rows = _candidates(tab)
    scores = {row: _score(tab.row(row)) for row in rows}
    good = [row for row in rows if scores[row] >= FEWEST]
    good = good or _with_typos(tab, rows) or [row for row in rows if scores[row] >= ALONE and _all_text(tab, row)][:1]
    if not good:
        return None
    best = max(good, key=lambda row: (round(scores[row], 3), -row))
    return joined(tab, best)


def _candidates(tab: Tab) -> list[int]:
    """Rows near the top, and deeper ones in which two cells are known headers word for word."""
    head = list(range(1, min(tab.cells.height, LOOK) + 1))
    if tab.cells.height <= LOOK or not tab.cells.width:
        return head
    known = pl.Series(sorted(lexicon().phrases))
    typed = tab.kinds.select(pl.sum_horizontal(pl.all() > CellKind.TEXT).alias("n"))["n"]
    places = (typed <= _FEW_TYPED).arg_true()
    places = places.filter(places >= LOOK)  # rows with several numbers and dates are data
    hits = tab.cells.select(pl.all().gather(places)).select(
        pl.sum_horizontal(pl.all().str.strip_chars().str.to_lowercase().is_in(known.implode())).alias("n")
    )
    found = places.filter(hits["n"].fill_null(0).gt(1)).head(LOOK).to_list()
    return head + [1 + index for index in found]


def _with_typos(tab: Tab, rows: list[int]) -> list[int]:
    """Rows of the sheet's head that read like a header once typos are put right."""
    found = {row: sum(bool(matches(text)) for text in tab.row(row) if 0 < len(text) <= _LONGEST) for row in rows[:_FEW]}
    best = max(found, key=lambda row: (found[row], -row), default=0)
    return [best] if best and found[best] >= 2 * FEWEST else []


def _score(cells: tuple[str, ...]) -> float:
    """Sum of strengths of distinct header-like cells, less what looks like data."""
    texts = {normal(text): text for text in cells if text.strip()}
    found = sum(rate for text in texts.values() if (rate := _strength(text)) >= LIKELY)
    prose = sum(len(text) > _LONGEST for text in texts.values())
    numbers = sum(text.replace(".", "").replace("-", "").isdecimal() for text in texts.values())
    return found - prose - numbers * 0.5


def _strength(text: str) -> float:
    return strength(text) if len(text) <= _LONGEST else 0.0


def joined(tab: Tab, row: int) -> HeaderRow:
    """The header at a row with the group row above it or the second row below it."""
    cells = {index: text for index, text in enumerate(tab.row(row)) if text.strip()}
    below = _second_row(tab, row, cells)
    if below:
        return _join(tab, row, cells, row + 1, below)
    above = _group_row(tab, row, cells)
    if above:
        return _join(tab, row - 1, above, row, cells)
    return HeaderRow(row, row, cells, {}, _score(tab.row(row)))


def _second_row(tab: Tab, row: int, cells: dict[int, str]) -> dict[int, str]:
    """Cells of the row below where it is the header's second half: headers under spanning or repeated ones."""
    if row >= tab.cells.height:
        return {}
    below = {index: text for index, text in enumerate(tab.row(row + 1)) if text.strip()}
    if not below or not cells or not _all_text(tab, row + 1) or len(set(below.values())) == 1:
        return {}
    spans = {index for span in tab.merges if span.first_row == row for index in _below_span(span, row)}
    open_cells = set(below) - set(cells)
    covered = all(index in spans or index in open_cells or _repeats(cells, index) for index in below)
    known = sum(_strength(text) >= LIKELY for text in below.values())
    under_merge = bool(spans & set(below)) or bool(open_cells)
    return below if under_merge and covered and known * 2 >= len(below) else {}


def _below_span(span: Span, row: int) -> range:
    return range(span.first_column, span.last_column + 1) if span.last_row == row else range(0)


def _repeats(cells: dict[int, str], index: int) -> bool:
    return list(cells.values()).count(cells.get(index, "")) > 1


def _group_row(tab: Tab, row: int, cells: dict[int, str]) -> dict[int, str]:
    """Cells of the row above where it names groups of columns, and is no title and no notes."""
    if row == 1:
        return {}
    above = {index: text for index, text in enumerate(tab.row(row - 1)) if text.strip()}
    short = all(len(text) <= _LONGEST // 4 for text in above.values())
    if not above or not short or len(above) >= max(len(cells), 2) or not _all_text(tab, row - 1):
        return {}
    spans = [
        s for s in tab.merges if s.first_row == row - 1 and s.last_row == row - 1 and s.last_column > s.first_column
    ]
    upright = [s for s in tab.merges if s.first_row <= row - 1 and s.last_row == row]
    if not spans and not upright and (len(above) == 1 or min(above) > max(cells) or min(cells) > max(above)):
        return {}
    title = len(above) == 1 and (
        not spans or (spans[0].first_column <= min(cells) and spans[0].last_column >= max(cells) - 1)
    )
    return {} if title else above


def _all_text(tab: Tab, row: int) -> bool:
    return all(kind in {CellKind.BLANK, CellKind.TEXT} for kind in tab.kinds.row(row - 1)) and not any(
        text.strip().isdecimal() for text in tab.row(row)
    )


def _join(tab: Tab, top: int, above: dict[int, str], row: int, cells: dict[int, str]) -> HeaderRow:
    """Two rows as one: the group's text reaches right to the next group, or over its merged cells."""
    merged = {span.first_column: span.last_column for span in tab.merges if span.first_row == top}
    groups: dict[int, str] = {}
    starts = sorted(above)
    for position, start in enumerate(starts):
        end = starts[position + 1] - 1 if position + 1 < len(starts) else tab.width - 1
        if merged:
            end = min(end, merged.get(start, start))
        groups |= {index: above[start] for index in range(start, end + 1) if index in cells}
    texts = {index: cells.get(index) or above[index] for index in sorted(set(cells) | set(above))}
    return HeaderRow(row, top, texts, groups, _score(tuple(texts.values())))


def is_code_row(cells: dict[int, str]) -> bool:
    """Whether the row under a header holds codes, data types, column numbers or help, and no task."""
    texts = [text.strip() for text in cells.values() if text.strip()]
    if len(texts) < _FEWEST_CODES - 1:
        return False
    words = [set(normal(text).split()) for text in texts]
    types = sum(bool(found) and found <= _TYPE_WORDS for found in words)
    if types >= 0.8 * len(texts) and len(set(texts)) > 1 and not all(found <= {"yes", "no"} for found in words):
        return True
    if sum(bool(_HELP.match(text)) for text in texts) >= 0.6 * len(texts):
        return True
    return _are_codes(texts)


def _are_codes(texts: list[str]) -> bool:
    """``b_02.01.0010`` in every cell, or 1, 2, 3 ... or a, b, c ... across."""
    if len(texts) < _FEWEST_CODES or not all(_CODE.fullmatch(text) for text in texts):
        return False
    bare = [text.strip("().").lower() for text in texts]
    if all(text.isdecimal() for text in bare):
        numbers = [int(text) for text in bare]
        return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 1
    if all(len(text) == 1 for text in bare):
        return bare == [chr(ord("a") + number) for number in range(len(bare))]
    prefixes = {re.sub(r"\d+$", "", text) for text in bare}
    return len(prefixes) == 1 and all(any(c.isalpha() for c in text) for text in bare) and len(set(bare)) == len(bare)
