"""Dates: typed cells and serial numbers first, then text in forms that leave no choice.

Whether 03/04 is March or April is decided once per column: by its own texts, by the sheet's other date columns, or by
the settings; else the cell is flagged. A month, quarter or year is read as its first day, in an end date as its last.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import polars as pl

from analyzer.fields import FIELDS, Kind
from analyzer.intake.numbers import amounts, in_range
from analyzer.intake.reader import Sheet, code, data, in_turn
from analyzer.intake.tab import CellKind
from analyzer.places import fold
from analyzer.terms import Field

LAST_DAY = frozenset({Field.END_DATE})
FIRST_YEAR, LAST_YEAR = 1950, 2100
SLASHED = r"^(?P<one>\d{1,2})(?P<mark>[./-])(?P<two>\d{1,2})(?P<again>[./-])(?P<end>\d{4}|\d{2})$"
YEAR, NAME = r"(?P<year>\d{4}|\d{2})", r"(?P<month>[a-z]{3,10})"
FORMS = {  # named groups are year, month (number or name), day, quarter; a number after the name marks an alternative
    "iso": r"^(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})$",
    "run": r"^(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})$",
    "day month": (
        rf"^(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|o)?[\s./-]*(?:de |of |di )?{NAME}\.?,?[\s./-]*(?:de |del )?{YEAR}$"
    ),
    "month day": rf"^{NAME}\.?\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*| )(?P<year>\d{{4}})$",
    "month": (
        rf"^{NAME}\.?,?[\s./'-]*(?:de |del |of )?{YEAR}$"
        r"|^(?P<month2>\d{1,2})[./-](?P<year2>\d{4})$|^(?P<year3>\d{4})[-/](?P<month3>\d{1,2})$"
    ),
    "quarter": (
        r"^[qt](?P<quarter>[1-4])[\s/.-]*(?P<year>\d{4})$"
        r"|^(?P<year2>\d{4})[\s/.-]*[qt](?P<quarter2>[1-4])$|^(?P<quarter3>[1-4])\. quartal (?P<year3>\d{4})$"
    ),
    "year": r"^(?P<year>(?:19|20)\d{2})$",
}
DAYS = ("iso", "run", "day month", "month day")
SPANS = {"month": "1mo", "quarter": "3mo", "year": "1y"}  # with their length
EXCEL_1900, EXCEL_1904 = pl.date(1899, 12, 30), pl.date(1904, 1, 1)
LEAP_BUG = 60  # Excel counts 29 February 1900, a day that never was


def read_date(cells: pl.DataFrame, field: Field, sheet: Sheet) -> pl.DataFrame:
    """Reader of dates (``value`` Date)."""
    read = cells.with_columns(_typed().alias("typed"), _serial(date1904=sheet.date1904).alias("serial"))
    read = read.hstack(_written(read, sheet, last=field in LAST_DAY))
    value = pl.coalesce("typed", "serial", "written")
    endless = pl.col("folded").is_in(data("calendar")["open_ended"]) | (value.dt.year() > LAST_YEAR - 2)
    endless = endless.fill_null(value=False) & (pl.col("kind") != CellKind.NUMBER)
    plausible = value.dt.year().is_between(FIRST_YEAR, LAST_YEAR)
    from_text = value.is_not_null() & pl.col("serial").is_not_null() & (pl.col("kind") == CellKind.TEXT)
    remarks = pl.coalesce(
        code(endless, "date-open-ended"),
        code(value.is_not_null() & ~plausible, "date-implausible"),
        code(from_text, "date-from-serial"),
        code(pl.col("of_span"), "date-of-a-span"),
        code(pl.col("unclear"), "date-order-unclear"),
    )
    return read.select(
        pl.when(plausible & ~endless).then(value).alias("value"), remarks.alias("code"), endless.alias("left out")
    )


def read_days(cells: pl.DataFrame, field: Field, _sheet: Sheet) -> pl.DataFrame:
    """Reader of notice periods (``value`` Float64, days): "3 months" are 90 days, "90 Tage" are 90."""
    shape = r"^(?P<size>\d+(?:[.,]\d)?)[\s-]*(?P<span>[a-z][a-z ]*?)\.?$"
    spans = pl.col("span").replace_strict(data("calendar")["spans"], default=None, return_dtype=pl.Float64)
    spoken = cells.with_columns(pl.col("folded").str.extract_groups(shape).alias("shape")).unnest("shape")
    size = pl.col("size").str.replace(",", ".").cast(pl.Float64, strict=False)
    bare = amounts(cells).select(
        pl.when(pl.col("known") & (pl.col("around") == "")).then(pl.col("amount")).alias("bare")
    )
    value = pl.coalesce(pl.col("bare"), size * spans)
    counted = spoken.hstack(bare).with_columns(value.alias("value"))
    stretched = pl.col("bare").is_null() & pl.col("value").is_not_null() & (spans >= 30)  # noqa: PLR2004 - a month
    return in_range(counted.select("value", code(stretched, "span-in-days").alias("code")), field)


def day_first(texts: pl.Series, sheet: Sheet) -> bool | None:
    """Whether dates such as 03/04/2024 start with the day; ``None`` where nothing says."""
    stated = [columns.day_first for columns in sheet.settings.columns if columns.day_first is not None]
    if stated:
        return stated[0]
    own, found = _vote(texts)
    if found:
        return own
    others = [sheet.texts(field) for field in Field if FIELDS[field].kind is Kind.DATE]
    return _vote(fold(pl.concat([pl.Series(dtype=pl.String), *others])))[0]


def _vote(texts: pl.Series) -> tuple[bool | None, bool]:
    """The order all texts agree on, and whether any text had a say."""
    parts = (
        texts.to_frame("bare").select(_without_time(pl.col("bare")).str.extract_groups(SLASHED).alias("p")).unnest("p")
    )
    parts = parts.filter(pl.col("mark") != ".").select(pl.col("one", "two").cast(pl.Int32))
    day, month = (parts["one"] > 12).any(), (parts["two"] > 12).any()  # noqa: PLR2004 - months
    return (None if day == month else day), day or month


def _without_time(text: pl.Expr) -> pl.Expr:
    return text.str.replace(r"[t ]\d{1,2}:\d{2}.*$", "")


def _bare(texts: pl.Series) -> pl.Series:
    """Texts without a time of day and a day of the week."""
    weekdays = "|".join(data("calendar")["weekdays"])
    bare = _without_time(pl.col("text")).str.replace(rf"^(?:{weekdays})\.?,? (\d)", "$1").str.strip_chars()
    return texts.to_frame("text").select(bare).to_series()


def _typed() -> pl.Expr:
    typed = pl.col("kind").is_in([CellKind.DATE, CellKind.DATE_TIME])
    return pl.when(typed).then(pl.col("text").str.head(10).str.to_date("%Y-%m-%d", strict=False))


def _serial(*, date1904: bool) -> pl.Expr:
    """Days since the workbook's epoch; as text only where it cannot be anything else."""
    number = pl.col("text").cast(pl.Float64, strict=False)
    likely = pl.col("text").str.contains(r"^[2-7]\d{4}(\.\d+)?$")
    serial = pl.when((pl.col("kind") == CellKind.NUMBER) | likely).then(number).floor()
    shown_as_year = number.is_between(FIRST_YEAR, LAST_YEAR)
    days = pl.when(~shown_as_year & serial.is_between(1, 2_958_465) & ((serial != LEAP_BUG) | pl.lit(date1904))).then(
        serial
    )
    early = pl.when(days < LEAP_BUG).then(1).otherwise(0)
    epoch = EXCEL_1904 if date1904 else EXCEL_1900
    return (epoch.cast(pl.Date).dt.offset_by("0d") + pl.duration(days=days + (pl.lit(0) if date1904 else early))).cast(
        pl.Date
    )


def _written(read: pl.DataFrame, sheet: Sheet, *, last: bool) -> list[pl.Series]:
    """``written`` Date, ``of_span`` and ``unclear`` Boolean of texts that are neither ``typed`` nor ``serial``."""
    open_text = pl.col("kind").is_in([CellKind.TEXT, CellKind.NUMBER]) & pl.coalesce("typed", "serial").is_null()
    open_texts = read.select(pl.when(open_text).then("folded")).to_series()
    bare = _bare(open_texts) if open_texts.null_count() < open_texts.len() else open_texts
    slashed = partial(_slashed, order=lambda: day_first(read["folded"], sheet))
    days = in_turn(bare, [*(partial(_day_of, form=form) for form in DAYS), slashed], pl.Date)
    no_day = bare.zip_with(days.is_null(), bare.clear(bare.len()))
    spans = in_turn(no_day, [partial(_span, form=form, last=last) for form in SPANS], pl.Date)
    unread = no_day.zip_with(spans.is_null(), bare.clear(bare.len()))
    unclear = in_turn(unread, [partial(_slashed, order=lambda: True)], pl.Date).is_not_null()
    written = days.zip_with(days.is_not_null(), spans)
    return [written.alias("written"), spans.is_not_null().alias("of_span"), unclear.alias("unclear")]


def _parts(texts: pl.Series, pattern: str) -> pl.DataFrame | None:
    """The named groups of a pattern, alternatives of one brought together; nothing where no text has its form."""
    groups = texts.str.extract_groups(pattern).struct.unnest()
    if all(group.null_count() == texts.len() for group in groups):
        return None
    names = {name.rstrip("23") for name in groups.columns}
    return groups.select(pl.coalesce(f"^{name}[23]?$").alias(name) for name in names)


def _day_of(texts: pl.Series, form: str) -> pl.Series:
    """Texts of a form that names year, month and day."""
    parts = _parts(texts, FORMS[form])
    return _none(texts) if parts is None else parts.select(_day(_year(), _month(), _number("day"))).to_series()


def _span(texts: pl.Series, form: str, *, last: bool) -> pl.Series:
    """First or last day of the month, quarter or year that texts of a form name."""
    parts = _parts(texts, FORMS[form])
    if parts is None:
        return _none(texts)
    month = _month() if form == "month" else _number("quarter") * 3 - 2 if form == "quarter" else pl.lit(1)
    start = _day(_year(), month, pl.lit(1))
    return parts.select(start.dt.offset_by(SPANS[form]).dt.offset_by("-1d") if last else start).to_series()


def _slashed(texts: pl.Series, order: Callable[[], bool | None]) -> pl.Series:
    """Dates of the form 03/04/2024, null where ``order`` leaves one open. Points are only used with the day first."""
    parts = _parts(texts, SLASHED)
    if parts is None:
        return _none(texts)
    one, two, year = _number("one"), _number("two"), _century(_number("end"))
    by_day, by_month = _day(year, two, one), _day(year, one, two)
    only = (
        pl.when((pl.col("mark") == ".") | (one == two))
        .then(by_day)
        .when(by_day.is_null())
        .then(by_month)
        .when(by_month.is_null())
        .then(by_day)
    )
    day = order()
    ordered = only if day is None else pl.coalesce(only, by_day if day else by_month)
    possible = (pl.col("mark") == pl.col("again")) & (one <= 31) & (two <= 31)  # noqa: PLR2004 - days
    return parts.select(pl.when(possible).then(ordered).alias("day")).to_series()


def _none(texts: pl.Series) -> pl.Series:
    return pl.Series([None], dtype=pl.Date).new_from_index(0, texts.len())


def _number(part: str) -> pl.Expr:
    return pl.col(part).cast(pl.Int32, strict=False)


def _year() -> pl.Expr:
    return _century(_number("year"))


def _month() -> pl.Expr:
    named = pl.col("month").replace_strict(_months(), default=None, return_dtype=pl.Int32)
    return pl.coalesce(_number("month"), named)


def _day(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """A date, null where the calendar has no such day."""
    text = pl.format("{}-{}-{}", year, month.cast(pl.String).str.zfill(2), day.cast(pl.String).str.zfill(2))
    return text.str.to_date("%Y-%m-%d", strict=False, exact=True)


def _century(year: pl.Expr) -> pl.Expr:
    """Two digits are of 1970 to 2069, as spreadsheets have it within a few decades."""
    return pl.when(year < 70).then(year + 2000).when(year < 100).then(year + 1900).otherwise(year)  # noqa: PLR2004 - years


@cache
def _months() -> dict[str, int]:
    return {name: number for number, names in enumerate(data("calendar")["months"], start=1) for name in names}
