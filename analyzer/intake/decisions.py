"""Decisions that people wrote into the review columns of an earlier annotated workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from analyzer.intake.merges import resolved
from analyzer.intake.opening import Book
from analyzer.intake.ours import is_ours, tag_columns
from analyzer.intake.survey import Found
from analyzer.model import DECISIONS_SCHEMA, KEY, Decisions, Finding, no_decisions
from analyzer.terms import DECISIONS, REVIEW_COLUMNS, Field, Quadrant, TagColumn
from analyzer.xlsx.addresses import letters

_IDENTITY = (Field.TASK_ID, Field.TASK_NAME, Field.FUNCTION)
_FIRST = 5
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %B %Y", "%d %b %Y")


def decisions_of(book: Book, tables: Iterable[Found]) -> Decisions:
    """Decisions of an annotated workbook; none where it has no review columns or nothing stands in them.

    The columns are found by their defined names, else by their headers; the tasks by the same reading as any input.
    A quadrant or decision that is none of ours, and a day that cannot be read, are left out and said.
    """
    tables = [found for found in tables if found.own]
    if not tables and not is_ours(book):
        return no_decisions()
    frames = [frame for found in tables if (frame := _written(found, tag_columns(book, found.tab.name))) is not None]
    if not frames:
        return Decisions(pl.DataFrame(schema=DECISIONS_SCHEMA), book.path.name)
    written = pl.concat(frames, how="diagonal")
    frame = _checked(written).select(pl.col(name).cast(kind) for name, kind in DECISIONS_SCHEMA.items())
    return Decisions(frame, book.path.name, tuple(_odd(written)))


def _slug(column: TagColumn) -> str:
    return column.value.lower().replace(" ", "_")


def _written(found: Found, named: dict[TagColumn, int]) -> pl.DataFrame | None:
    """The rows in which something is decided, texts as written; nothing where the review columns are gone."""
    places = {**found.tags, **named}
    review = {column: places[column] for column in REVIEW_COLUMNS if column in places}
    if not review or not found.layout.rows.len():
        return None
    identities = (choice for choice in found.mapped.chosen if choice.match.field in _IDENTITY)
    cells = found.tab.cells[(found.layout.rows - 1).to_list()]
    fields = {choice.match.field: resolved(found, choice)[0].gather(found.layout.rows - 1) for choice in identities}
    blank = pl.lit(None, pl.String)
    first = letters(min(review.values()))
    frame = cells.select(
        pl.lit(None, pl.UInt32).alias(KEY),
        *((pl.lit(fields[f]) if f in fields else blank).alias(f.value) for f in _IDENTITY),
        (pl.lit(f"{found.tab.name}!{first}") + found.layout.rows.cast(pl.String)).alias("cell"),
        *((pl.col(str(review[c])).str.strip_chars() if c in review else blank).alias(_slug(c)) for c in REVIEW_COLUMNS),
    )
    decided = pl.any_horizontal(pl.col(_slug(column)).fill_null("") != "" for column in REVIEW_COLUMNS)
    kept = frame.filter(decided)
    return kept if kept.height else None


def _checked(written: pl.DataFrame) -> pl.DataFrame:
    return written.with_columns(
        _known("your_quadrant", [quadrant.value for quadrant in Quadrant]),
        _known("decision", list(DECISIONS)),
        _day("decision_due"),
    )


def _known(name: str, values: list[str]) -> pl.Expr:
    """One of our words in its own spelling, null where it is none."""
    spelled = {value.lower(): value for value in values}
    return pl.col(name).str.to_lowercase().replace_strict(spelled, default=None, return_dtype=pl.String).alias(name)


def _day(name: str) -> pl.Expr:
    text = pl.col(name).str.strip_suffix(" 00:00:00")
    return pl.coalesce(*(text.str.to_date(form, strict=False) for form in _DAYS)).alias(name)


def _odd(written: pl.DataFrame) -> Iterator[Finding]:
    checked = _checked(written)
    for name, code in (
        ("your_quadrant", "decision-no-quadrant"),
        ("decision", "decision-unknown"),
        ("decision_due", "decision-no-day"),
    ):
        lost = written.filter((written[name].fill_null("") != "") & checked[name].is_null())
        if lost.height:
            yield Finding(code, tuple(lost["cell"].head(_FIRST)), lost.height, {"text": str(lost[name][0])})
