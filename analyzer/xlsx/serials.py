"""Dates and times as Excel counts them, and the kinds of cells of a grid."""

from __future__ import annotations

import polars as pl

TEXT, NUMBER, YES_NO, DATE, DATE_TIME, TIME, ERROR = range(1, 8)
FORMATS = {DATE: "yyyy-mm-dd", DATE_TIME: "yyyy-mm-dd hh:mm:ss", TIME: "hh:mm:ss"}  # number format of each kind
_EPOCH = 25_569  # serial number of 1 January 1970 where day 1 is 1 January 1900
_LEAP = 61  # serial of 1 March 1900: Excel counts a 29 February 1900 that never was
_SHIFT_1904 = 1_462
_DAY = 86_400_000_000  # microseconds


def default_format(kind: pl.DataType) -> str | None:
    """The number format of a temporal dtype, None for others."""
    if kind == pl.Date:
        return FORMATS[DATE]
    if kind == pl.Time:
        return FORMATS[TIME]
    return FORMATS[DATE_TIME] if kind.is_temporal() else None


def serial(value: pl.Expr, kind: pl.DataType, *, date1904: bool) -> pl.Expr:
    """Numeric expression: days, with the time as their fraction."""
    if kind == pl.Time:
        return value.cast(pl.Int64) / (_DAY * 1000)
    days = value.cast(pl.Int32) if kind == pl.Date else value.cast(pl.Datetime("us")).cast(pl.Int64) / _DAY
    days = days + _EPOCH
    if date1904:
        return days - _SHIFT_1904
    return pl.when(days < _LEAP).then(days - 1).otherwise(days)


def iso_serial(text: pl.Expr, code: int, *, date1904: bool) -> pl.Expr:
    """String expression: the serial number of a text in ISO form, null where it is none."""
    kind: pl.DataType = pl.Date()
    parsed = text.str.to_date("%Y-%m-%d", strict=False)
    if code == TIME:
        parsed, kind = text.str.to_time("%H:%M:%S%.f", strict=False), pl.Time()
    elif code == DATE_TIME:
        instant = text.str.replace(" ", "T", literal=True)
        parsed, kind = instant.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", strict=False), pl.Datetime("us")
    return serial(parsed, kind, date1904=date1904).cast(pl.String)
