"""Amounts of money: the number's grammar, its currency, and what the header says of both (``Cost (k EUR)``)."""

from __future__ import annotations

import re

import polars as pl

from analyzer.intake.numbers import Around, amounts, around, remark
from analyzer.intake.reader import Sheet, code, data
from analyzer.places import folded
from analyzer.terms import Field

_FREE = r"(?<![\d.,])"
_MILLION = re.compile(rf"{_FREE}'?000[.,' ]?000(?:'?s)?\b")
_THOUSAND = re.compile(
    rf"{_FREE}'?000(?:'?s)?\b|(?:(?<=[(\[])|\b[xX] ?|\u00d7 ?|\b(?:in|en|em) )1[.,' ]?000\b|\bmiles(?= de\b)"
)
_JOINS = re.compile(r"\b(?:of|di|de|do|da|von|van|in|en|em|d)\b'?")


def read_money(cells: pl.DataFrame, field: Field, sheet: Sheet) -> pl.DataFrame:
    """Reader of yearly or total amounts: ``value`` Float64 · ``currency`` String, ISO 4217 or null.

    A rate ("40 USD/h") is no amount and flagged. A scale in the header counts for cells that name none.
    """
    parsed = amounts(cells)
    header = header_unit(sheet.headers.get(field, ""))
    counted = pl.col("people") | pl.col("percent") | pl.col("rate")
    sure = ~pl.col("three_places") & pl.col("known") & ~counted
    scaled = pl.when(pl.col("scale") == 1).then(header.scale).otherwise(1.0)
    pointed = (
        pl.col("mark_unclear") & pl.col("currency").is_in(data("amounts")["point_groups"]) & (pl.col("scale") == 1)
    )
    grouped = pl.col("digits").str.replace(".", "", literal=True).cast(pl.Float64, strict=False)
    amount = pl.when(pointed).then(grouped * pl.col("sign_factor")).otherwise(pl.col("amount"))
    value = pl.when(sure & pl.lit(not header.rate)).then(amount * scaled)
    read = parsed.with_columns(value.alias("value"), _currency(header.currency).alias("currency"))
    remarks = pl.coalesce(
        code(pl.col("boundless"), "value-out-of-range"),
        code(pl.col("value").is_not_null() & pointed, "value-mark-assumed"),
        remark(),
        code(pl.col("three_places") & pl.col("amount").is_not_null(), "value-mark-unclear"),
        code(pl.lit(header.rate) & pl.col("amount").is_not_null(), "value-is-a-rate"),
        code(pl.col("value").is_not_null() & (scaled != 1), "value-scaled-by-header"),
    )
    return read.select(
        "value", remarks.alias("code"), pl.when(pl.col("value").is_not_null()).then("currency").alias("currency")
    )


def header_unit(header: str) -> Around:
    """Scale, currency and rate that a header names, in brackets or as its last words: ``Annual cost (£k)``."""
    plain = _JOINS.sub(" ", _noughts(folded(header)))
    bracketed: list[str] = re.findall(r"[(\[]([^)\]]*)[)\]]", plain)
    words = re.sub(r"[(\[][^)\]]*[)\]]", " ", plain).replace("/", " / ").split()
    endings = [" ".join(words[-size:]) for size in (3, 2, 1) if len(words) > size]
    stated = [around(text) for text in (*bracketed, *endings)]
    return next((one for one in stated if one.known and (one.currency or one.scale > 1)), Around())


def _noughts(header: str) -> str:
    """``£000``, ``x 1.000``, ``in 1000 EUR`` as words; a thousand that only bounds something ("over 1,000") is none."""
    return _THOUSAND.sub(" thousand ", _MILLION.sub(" million ", header.replace("\u2019", "'")))


def _currency(of_header: str) -> pl.Expr:
    """The cell's own currency, else the header's; a symbol that several share is the home country's."""
    named = pl.when(pl.col("currency") != "").then(pl.col("currency")).otherwise(pl.lit(of_header))
    shared = [
        pl.when(named == symbol).then(
            pl.col("home").replace_strict(meanings, default=meanings["default"], return_dtype=pl.String)
        )
        for symbol, meanings in data("amounts")["local"].items()
    ]
    meant = pl.coalesce(*shared, named)
    return pl.when(meant != "").then(meant)
