"""Values of the found fields: from text as read to typed columns, each cell with a status.

Everything is read on a column's distinct texts and joined back: a million rows cost what their spellings cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from analyzer.fields import FIELDS, Kind
from analyzer.intake.dates import read_date, read_days
from analyzer.intake.lists import read_texts
from analyzer.intake.locations import read_place, read_places
from analyzer.intake.money import read_money
from analyzer.intake.numbers import read_number
from analyzer.intake.providers import read_provider
from analyzer.intake.reader import Reader, Sheet, code, data
from analyzer.intake.tab import MERGED, CellKind
from analyzer.intake.words import read_evidence, read_word
from analyzer.model import VALUE_STATUS, Column, Finding, dtype
from analyzer.places import fold
from analyzer.settings import Settings
from analyzer.terms import Field, PlaceReading, ProviderReading, ValueStatus

ROW = "row"
NUMBERED = "__number"
FIRST = 5
ERROR_CELLS = ("#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#N/A")
LEFT_OUT = "left out"  # a column of the answer: the cell says, in words, that there is nothing


@dataclass(frozen=True, slots=True, eq=False)
class ValueContext:
    """What the readers know beside the texts: the columns' places, the company's settings, the workbook's epoch.

    ``kinds``: per field a UInt8 column of cell kinds as in ``model.Grid`` (0 blank, 1 text, 2 number, 3 yes-no,
    4 date, 5 date and time, 6 time, 7 error), rows as in ``raw``; ``None`` where every cell is text.
    """

    columns: tuple[Column, ...]
    settings: Settings
    date1904: bool = False
    kinds: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ValuesRead:
    """The typed fields and what became of each cell.

    ``frame``: the fields of ``raw``, typed as ``model.dtype`` says, with the companions of ``model.Inventory``.
    ``status``: per field a column of ``model.VALUE_STATUS``. Rows of both are those of ``raw``, in its order.
    """

    frame: pl.DataFrame
    status: pl.DataFrame
    findings: tuple[Finding, ...] = ()


READERS: dict[Kind, Reader] = {
    Kind.YES_NO: read_word,
    Kind.ENUM: read_word,
    Kind.EVIDENCE: read_evidence,
    Kind.NUMBER: read_number,
    Kind.MONEY: read_money,
    Kind.DATE: read_date,
    Kind.PLACE: read_place,
    Kind.PLACES: read_places,
    Kind.TEXTS: read_texts,
}
OWN_READERS: dict[Field, Reader] = {
    Field.PROVIDER: read_provider,
    Field.NOTICE_DAYS: read_days,
    Field.EXIT_NOTICE_DAYS: read_days,
}
COMPANIONS: dict[Field, dict[str, str]] = {  # column of the answer -> column of Inventory.tasks
    Field.PROVIDER: {
        "reading": "provider_reading",
        "names": "providers",
        "own_share": "own_share",
        "shares": "provider_shares",
    },
    Field.DELIVERY_COUNTRY: {
        "reading": "delivery_reading",
        "shares": "delivery_shares",
        "abroad": "delivery_abroad",
        "zone": "delivery_zone",
    },
    Field.PROVIDER_COUNTRY: {"reading": "provider_country_reading", "abroad": "provider_country_abroad"},
    **{field: {"currency": f"{field}_currency"} for field, spec in FIELDS.items() if spec.kind is Kind.MONEY},
}
AS_WRITTEN = frozenset({Field.TASK_ID, Field.TASK_NAME, Field.DESCRIPTION, Field.FUNCTION})
EXPECTED: dict[Kind, str] = {
    Kind.YES_NO: "value-not-yes-or-no",
    Kind.ENUM: "value-not-in-list",
    Kind.EVIDENCE: "value-no-evidence",
    Kind.NUMBER: "value-not-a-number",
    Kind.MONEY: "value-not-an-amount",
    Kind.DATE: "value-not-a-date",
    Kind.PLACE: "place-unread",
    Kind.PLACES: "place-unread",
    Kind.TEXTS: "value-not-read",
    Kind.TEXT: "value-not-read",
}


def read_values(raw: pl.DataFrame, context: ValueContext) -> ValuesRead:
    """Typed values of ``raw``: String columns ``sheet``, ``row``, ``home`` and one per found field, text as read."""
    found = {column.field for column in context.columns}
    fields = [Field(name) for name in raw.columns if name in found]
    cells = raw.with_row_index(NUMBERED)
    several = cells.get_column("sheet").n_unique() > 1
    parts = cells.partition_by("sheet", maintain_order=True) if several or cells.is_empty() else [cells]
    sheets = [_sheet(part, context) for part in parts]
    frames, status, findings = [], {}, []
    for field in fields:  # one column's texts and codes at a time: they are far larger than what stays of them
        answer = _stacked([_column(sheet, field, context) for sheet in sheets])
        frames.append(_renamed(answer, field))
        status[field.value] = answer.get_column("status").cast(VALUE_STATUS)
        findings += _findings(raw, field, answer, context)
    values = pl.concat(frames, how="horizontal") if frames else pl.DataFrame()
    return ValuesRead(values, pl.DataFrame(status), tuple(findings))


def fit(field: Field, sample: pl.Series) -> float:
    """Share of the non-blank distinct texts of ``sample`` (String) that the field's reader accepts, 0..1."""
    raw = pl.DataFrame({field.value: sample.cast(pl.String)})
    sheet = Sheet("", raw, {}, Settings())
    text = _spelled(pl.col(field.value)).alias("text")
    cells = _distinct(raw.select(text, pl.lit(1, pl.UInt8).alias("kind"), _no_home()))
    status = _answer(cells, field, sheet)["status"].value_counts()
    counts: Mapping[str, int] = dict(status.iter_rows())
    read = sum(counts.get(one, 0) for one in (ValueStatus.ACCEPTED, ValueStatus.CORRECTED))
    flagged = sum(counts.get(one, 0) for one in (ValueStatus.FLAGGED, ValueStatus.ERROR))
    return read / (read + flagged) if read else 0.0


def _sheet(part: pl.DataFrame, context: ValueContext) -> Sheet:
    name = str(part["sheet"][0])
    headers = {column.field: column.header for column in context.columns if column.sheet == name}
    return Sheet(name, part, headers, context.settings, context.date1904)


def _column(sheet: Sheet, field: Field, context: ValueContext) -> pl.DataFrame:
    """The answer for every cell of a column: ``NUMBERED``, ``text``, ``value``, ``status``, ``code`` and companions."""
    rows = sheet.raw[NUMBERED]
    kinds = context.kinds
    typed = kinds is not None and field in kinds.columns
    kind = kinds[field.value].gather(rows) if kinds is not None and typed else pl.lit(CellKind.TEXT, pl.UInt8)
    home = pl.col("home") if "home" in sheet.raw.columns else pl.lit(None, pl.String)
    text = _spelled(pl.col(field.value)).alias("text")
    cells = sheet.raw.select(NUMBERED, text, kind.alias("kind"), home.alias("home"))
    if field in AS_WRITTEN:
        raw = sheet.raw.get_column(field)
        kept = raw if cells.get_column("text").equals(raw) else cells.get_column("text")  # mostly the very same texts
        return cells.select(NUMBERED, kept.alias("text"), kept.alias("value"), *_as_written())
    answer = _answer(_distinct(cells), field, sheet)
    by_text = answer["text"].n_unique() == answer.height  # the text alone tells its cell's answer
    keys = ["text"] if by_text else ["text", "kind", "home"]
    answer = answer.select(pl.exclude("folded", LEFT_OUT, *(("kind", "home") if by_text else ())))
    return cells.join(answer, on=keys, how="left", maintain_order="left", nulls_equal=True)


def _as_written() -> tuple[pl.Expr, pl.Expr]:
    """Status and code of free text: whatever stands there is accepted, but an error."""
    wrong = (pl.col("kind") == CellKind.ERROR).fill_null(value=False)
    blank = pl.col("text").is_null()
    status = pl.when(wrong).then(pl.lit(ValueStatus.ERROR.value)).when(blank).then(pl.lit(ValueStatus.BLANK.value))
    accepted = pl.lit(ValueStatus.ACCEPTED.value)
    return status.otherwise(accepted).alias("status"), code(wrong, "value-is-an-error").alias("code")


def _spelled(cell: pl.Expr) -> pl.Expr:
    text = cell.str.strip_chars()
    return pl.when(text != "").then(text)


def _distinct(cells: pl.DataFrame) -> pl.DataFrame:
    distinct = cells.select("text", "kind", "home").unique(maintain_order=True)
    return distinct.with_columns(fold(distinct["text"]).alias("folded"))


def _no_home() -> pl.Expr:
    return pl.lit(None, pl.String).alias("home")


def _answer(cells: pl.DataFrame, field: Field, sheet: Sheet) -> pl.DataFrame:
    """``text``, ``kind``, ``home``, ``value``, ``status``, ``code`` and companions of distinct cells."""
    spec = FIELDS[field]
    reader = OWN_READERS.get(field, READERS.get(spec.kind, _read_text))
    blank, wrong = cells.select(pl.col("text").is_null(), _wrong().alias("wrong")).get_columns()
    unusable = blank | wrong
    usable = cells.filter(~unusable) if unusable.any() else cells
    answer = _judged(usable.hstack(reader(usable, field, sheet)), EXPECTED[spec.kind])
    if usable.height < cells.height:
        rest = _unusable(cells.filter(unusable), field, with_reading="reading" in answer.columns)
        return pl.concat([answer, rest], how="diagonal_relaxed")
    return answer


@cache
def _wrong() -> pl.Expr:
    """Whether a cell holds an error, by its kind or by its text."""
    return ((pl.col("kind") == CellKind.ERROR) | pl.col("text").is_in(ERROR_CELLS)).fill_null(value=False)


def _unusable(rest: pl.DataFrame, field: Field, *, with_reading: bool) -> pl.DataFrame:
    """The answer for blank cells and errors."""
    merged = (pl.col("text") == MERGED).fill_null(value=False) & _wrong()
    status = (
        pl.when(merged)
        .then(pl.lit(ValueStatus.FLAGGED.value))
        .when(_wrong())
        .then(pl.lit(ValueStatus.ERROR.value))
        .otherwise(pl.lit(ValueStatus.BLANK.value))
    )
    columns = [status.alias("status"), code(_wrong() & ~merged, "value-is-an-error").alias("code")]
    if with_reading:
        unread = ProviderReading.UNKNOWN_WORD if field is Field.PROVIDER else PlaceReading.UNREADABLE
        reading = pl.when(_wrong()).then(pl.lit(unread.value)).otherwise(pl.lit(PlaceReading.BLANK.value))
        columns.append(reading.alias("reading"))
    return rest.with_columns(columns)


def _judged(answer: pl.DataFrame, expected: str) -> pl.DataFrame:
    """A reader's answer with ``status``, and with a code for every cell that was not simply accepted.

    A word for "nothing" or "not known yet" counts as such only where the reader found no value in it.
    """
    accepted = pl.when(pl.col("code").is_null()).then(pl.lit(ValueStatus.ACCEPTED.value))
    read = accepted.otherwise(pl.lit(ValueStatus.CORRECTED.value))
    if not answer["value"].null_count():
        return answer.with_columns(read.alias("status"))
    said = pl.col(LEFT_OUT) if LEFT_OUT in answer.columns else pl.lit(value=False)
    unread = pl.col("value").is_null() & ~said
    empty = unread & _says("blank")
    flagged = pl.when(unread).then(pl.lit(ValueStatus.FLAGGED.value)).otherwise(read)
    status = pl.when(empty).then(pl.lit(ValueStatus.BLANK.value)).otherwise(flagged)
    doubt = pl.when(_says("unknown")).then(pl.lit("value-unknown")).otherwise(pl.coalesce("code", pl.lit(expected)))
    finding = pl.when(empty).then(None).when(unread).then(doubt).otherwise("code")
    columns = [status.alias("status"), finding.alias("code")]
    if "reading" in answer.columns:
        none_word = pl.col("reading") == ProviderReading.NONE_WORD
        blank = pl.lit(PlaceReading.BLANK.value)
        columns.append(pl.when(empty & ~none_word).then(blank).otherwise("reading").alias("reading"))
    return answer.with_columns(columns)


@cache
def _says(kind: str) -> pl.Expr:
    """Whether a text is one of the words for ``blank`` or ``unknown``."""
    return pl.col("folded").str.strip_chars(" ").is_in(data("words")[kind])


def _read_text(cells: pl.DataFrame, _field: Field, _sheet: Sheet) -> pl.DataFrame:
    words = data("words")
    said = ~pl.col("folded").is_in(words["blank"] + words["unknown"])
    return cells.select(pl.when(said).then("text").alias("value"), pl.lit(None, pl.String).alias("code"))


def _stacked(answers: list[pl.DataFrame]) -> pl.DataFrame:
    if len(answers) == 1:
        return answers[0]
    return pl.concat(answers, how="diagonal_relaxed").sort(NUMBERED)


def _renamed(answer: pl.DataFrame, field: Field) -> pl.DataFrame:
    """The field's column with its companions, each of its documented dtype."""
    named = COMPANIONS.get(field, {})
    return answer.select(
        pl.col("value").cast(dtype(field)).alias(field.value),
        *(pl.col(column).alias(name) for column, name in named.items()),
    )


def _findings(raw: pl.DataFrame, field: Field, answer: pl.DataFrame, context: ValueContext) -> list[Finding]:
    """One finding per code: the first cells, the true count, the first text as example."""
    if answer["code"].null_count() == answer.height:
        return []
    coded = answer.select("text", "code").with_columns(raw["sheet"], raw[ROW]).filter(pl.col("code").is_not_null())
    letters = {column.sheet: column.letter for column in context.columns if column.field == field}
    headers = {column.sheet: column.header for column in context.columns if column.field == field}
    cell = pl.col("sheet") + "!" + pl.col("sheet").replace_strict(letters, default="", return_dtype=pl.String)
    cell += pl.col(ROW).cast(pl.String)
    grouped = coded.group_by("code", maintain_order=True).agg(
        cell.head(FIRST).alias("cells"), pl.len().alias("count"), pl.col("text").first(), pl.col("sheet").first()
    )
    return [
        Finding(
            one["code"],
            tuple(one["cells"]),
            one["count"],
            {
                "header": headers.get(one["sheet"], FIELDS[field].title),
                "field": field.value,
                "text": _short(one["text"]),
                "range": _range(field),
            },
        )
        for one in grouped.iter_rows(named=True)
    ]


def _range(field: Field) -> str:
    """Least and most of a field, in words."""
    span = FIELDS[field].span
    return f"{span[0]:,.0f} to {span[1]:,.0f}" if span else "what a spreadsheet can hold"


def _short(text: str | None) -> str:
    limit = 60
    return "" if text is None else text if len(text) <= limit else text[: limit - 1] + "…"
