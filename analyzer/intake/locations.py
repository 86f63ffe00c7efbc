"""Cells that name places: the resolver of ``places``, asked with the row's home country and the company's aliases."""

from __future__ import annotations

import polars as pl

from analyzer.intake.reader import Sheet
from analyzer.places import resolve
from analyzer.terms import Field, PlaceReading

READ = (PlaceReading.HOME_WORD, PlaceReading.ABROAD_WORD)
WITH_READING = (Field.DELIVERY_COUNTRY, Field.PROVIDER_COUNTRY)


def read_places(cells: pl.DataFrame, field: Field, sheet: Sheet) -> pl.DataFrame:
    """Reader of several places: ``value`` List(String) of ISO codes · ``reading`` · ``shares`` · ``abroad`` · ``zone``.

    "Domestic" is said by ``reading`` where the field has it, else it is the row's home country.
    """
    read = resolve(cells["text"], cells["home"], sheet.settings.aliases.places)
    unread = pl.col("reading") == PlaceReading.UNREADABLE
    at_home = (pl.col("reading") == PlaceReading.HOME_WORD) & pl.lit(field not in WITH_READING)
    return read.select(
        pl.when(at_home & cells["home"].is_not_null())
        .then(pl.concat_list(cells["home"]))
        .otherwise("codes")
        .alias("value"),
        pl.when(~unread).then("note").alias("code"),
        "reading",
        "shares",
        "abroad",
        "zone",
        pl.col("reading").is_in(READ).alias("left out"),
    )


def read_place(cells: pl.DataFrame, field: Field, sheet: Sheet) -> pl.DataFrame:
    """Reader of one place (``value`` String, ISO code); several leave it open."""
    several = read_places(cells, field, sheet)
    many = pl.col("value").list.len() > 1
    return several.with_columns(
        pl.when(~many).then(pl.col("value").list.first()).alias("value"),
        pl.when(many).then(pl.lit("place-several")).otherwise("code").alias("code"),
    )
