"""Merged cells among the tasks: filled where the settings say so, else named, and never read as blank.

A spreadsheet stores a merged range's value in its first cell alone. Whether it holds for the others only a person can
say: a department over five rows does, a cost over five rows does not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from analyzer.intake.mapping import Choice
from analyzer.intake.survey import Found
from analyzer.intake.tab import MERGED, CellKind, Span
from analyzer.intake.values import AS_WRITTEN


@dataclass(frozen=True, slots=True)
class Covered:
    """Cells of one column under merged ranges: ``places``, rows from 0 by the column and row (from 0) of the value."""

    spans: tuple[Span, ...] = ()
    places: dict[int, tuple[list[int], list[int]]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.spans)


def covered(found: Found, choice: Choice) -> Covered:
    """The ranges of a column that reach over cells of tasks beside their first."""
    if not found.tab.merges:
        return Covered()
    tasks = found.layout.rows.to_list()
    spans: list[Span] = []
    places: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for span, rows in _ranges(found, choice.column):
        if bisect_left(tasks, rows.start) == bisect_left(tasks, rows.stop):
            continue
        spans.append(span)
        below, sources = places[span.first_column]
        below.extend(row - 1 for row in rows)
        sources.extend([span.first_row - 1] * len(rows))
    return Covered(tuple(spans), places)


def _ranges(found: Found, column: int) -> Iterator[tuple[Span, range]]:
    """Merged ranges under the header with the sheet rows they cover in a column, none of them twice."""
    header, last = found.layout.header.row, found.tab.cells.height
    reached = 0
    for span in sorted(
        (s for s in found.tab.merges if s.first_row > header and s.first_column <= column <= s.last_column),
        key=lambda s: s.first_row,
    ):
        first = span.first_row + (span.first_column == column)
        rows = range(max(first, reached + 1), min(span.last_row, last) + 1)
        if rows and span.first_column < found.tab.width:
            reached = rows[-1]
            yield span, rows


def resolved(found: Found, choice: Choice) -> tuple[pl.Series, pl.Series]:
    """Texts and kinds of a field's column, whole, with what merged ranges mean for the cells they cover."""
    texts, kinds = found.texts(choice), found.tab.kinds[str(choice.column)]
    under = covered(found, choice)
    for column, (rows, sources) in under.places.items():
        if choice.match.field in found.filled:
            texts = texts.clone().scatter(rows, _cells(found, choice, texts, column).gather(sources))
            kinds = kinds.clone().scatter(rows, found.tab.kinds[str(column)].gather(sources))
        elif choice.match.field not in AS_WRITTEN:
            empty = _blank(texts, rows)
            texts = texts.clone().scatter(empty, MERGED)
            kinds = kinds.clone().scatter(empty, int(CellKind.ERROR))
    return texts, kinds


def _cells(found: Found, choice: Choice, texts: pl.Series, column: int) -> pl.Series:
    return texts if column == choice.column else found.tab.cells[str(column)]


def _blank(texts: pl.Series, rows: Sequence[int]) -> list[int]:
    """Those of the rows in which nothing of its own stands."""
    empty = texts.is_null()
    return [row for row in rows if empty[row]]
