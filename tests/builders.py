"""Stages built by hand: an ``Inventory`` from an indented text table, so that rules are tested without reading files.

The header names fields of ``terms.Field``. A trailing ``?`` marks an assumed column (``delivery_country?``); columns
named as a companion (``provider_reading``, ``delivery_abroad``, ``annual_cost_currency``), ``home``, ``hidden`` or
``sheet`` set just that. A blank cell is blank; lists are separated by ``;``; shares stand behind a country: ``IN 60%``.
Cells are read by the few plain words below, or as the companion column says; reading real spellings is the intake's.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from analyzer.fields import FIELDS, Kind
from analyzer.model import KEY, Column, Decisions, Inventory, Source, Table, dtype, no_decisions
from analyzer.terms import Field, PlaceReading, ProviderReading, ValueStatus

SHEET = "Inventory"
COMPANIONS: dict[str, pl.DataType] = {
    "provider_reading": pl.String(),
    "providers": pl.List(pl.String()),
    "own_share": pl.Float64(),
    "delivery_reading": pl.String(),
    "delivery_shares": pl.List(pl.Float64()),
    "delivery_abroad": pl.Boolean(),
    "delivery_zone": pl.String(),
    "provider_country_reading": pl.String(),
    "provider_country_abroad": pl.Boolean(),
    "home": pl.String(),
    "hidden": pl.Boolean(),
    "sheet": pl.String(),
}
PROVIDER_WORDS = {
    "": ProviderReading.BLANK,
    "internal": ProviderReading.INTERNAL,
    "own staff": ProviderReading.INTERNAL,
    "n/a": ProviderReading.NONE_WORD,
    "none": ProviderReading.NONE_WORD,
    "tbd": ProviderReading.UNKNOWN_WORD,
    "?": ProviderReading.UNKNOWN_WORD,
}
PLACE_WORDS = {
    "": PlaceReading.BLANK,
    "domestic": PlaceReading.HOME_WORD,
    "onshore": PlaceReading.HOME_WORD,
    "offshore": PlaceReading.ABROAD_WORD,
    "overseas": PlaceReading.ABROAD_WORD,
    "apac": PlaceReading.REGION,
    "emea": PlaceReading.REGION,
    "remote": PlaceReading.NOWHERE,
    "global": PlaceReading.NOWHERE,
    "various": PlaceReading.NOWHERE,
}
ABROAD_WORDS = {"offshore", "overseas", "apac"}


def inventory(text: str, *, home: str | None = "GB", first_row: int = 2, sheet: str = SHEET) -> Inventory:
    """An Inventory from a text table; the n-th column is letter n of the sheet, the first task is in ``first_row``."""
    header, *rows = table_rows(text)
    names = [name.rstrip("?") for name in header]
    tasks_read = [dict(zip(names, cells, strict=True)) for cells in rows]
    return assemble(header, tasks_read, home=home, first_row=first_row, sheet=sheet)


def table_rows(text: str) -> list[list[str]]:
    """Cells of an indented text table; a line of dashes is decoration."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [cells for cells in lines if cells == [""] or not "".join(cells) or set("".join(cells)) - set("-+")]


def assemble(
    header: list[str], rows: list[dict[str, str]], *, home: str | None, first_row: int, sheet: str
) -> Inventory:
    """An Inventory of rows that name their cells by the header's names."""
    names = [name.rstrip("?") for name in header]
    tabs = list(dict.fromkeys(row.get("sheet") or sheet for row in rows)) or [sheet]
    columns = tuple(
        Column(
            Field(name), tab, index, letter(index), FIELDS[Field(name)].title, "named so", header[index].endswith("?")
        )
        for tab in tabs
        for index, name in enumerate(names)
        if name in set(Field)
    )
    fields = [name for name in names if name in set(Field)]
    key = pl.Series(KEY, range(len(rows)), pl.UInt32)
    tasks = pl.DataFrame(
        [
            key,
            pl.Series("sheet", [row.get("sheet") or sheet for row in rows], pl.String),
            pl.Series("row", range(first_row, first_row + len(rows)), pl.UInt32),
            pl.Series("hidden", [row.get("hidden") == "yes" for row in rows], pl.Boolean),
            pl.Series("home", [row.get("home", home) or None for row in rows], pl.String),
            *(pl.Series(name, [typed(Field(name), row[name]) for row in rows], dtype(Field(name))) for name in fields),
            *companions(names, rows),
        ]
    )
    raw = pl.DataFrame([key, *(pl.Series(name, [row[name] or None for row in rows], pl.String) for name in fields)])
    status = pl.DataFrame([key, *(_status(tasks[name], raw[name]) for name in fields)])
    last = first_row + len(rows) - 1
    tables = tuple(Table(tab, first_row - 1, first_row, last, 0, len(names) - 1, tuple(header)) for tab in tabs)
    aside = pl.DataFrame(schema={"sheet": pl.String, "row": pl.UInt32, "reason": pl.String, "text": pl.String})
    source = Source(Path("inventory.xlsx"), "0" * 64, 0, "xlsx", (sheet,))
    return Inventory(source, tasks, raw, status, columns, tables, aside)


def decisions(given: Mapping[int, str], cell: str = "Inventory!Z") -> Decisions:
    """Decisions whose *Your quadrant* is ``given`` by key."""
    rows = [{KEY: key, "your_quadrant": quadrant, "cell": f"{cell}{key + 2}"} for key, quadrant in given.items()]
    empty = no_decisions().frame
    return Decisions(pl.concat([empty, pl.DataFrame(rows, schema_overrides={KEY: pl.UInt32})], how="diagonal"))


def letter(index: int) -> str:
    """Letter of a column counted from 0, up to ZZ."""
    high, low = divmod(index, 26)
    return (string.ascii_uppercase[high - 1] if high else "") + string.ascii_uppercase[low]


def typed(field: Field, text: str) -> Any:
    """A cell's value in the field's dtype, None where it is blank or not read."""
    return READERS.get(FIELDS[field].kind, str)(text) if text else None


def places(text: str) -> list[str] | None:
    """Country codes of ``IN 60%; GB 40%``, None where one is no code."""
    codes = [part.split()[0] for part in text.split(";") if part.split()]
    return codes if all(is_code(code) for code in codes) else None


def companions(names: list[str], rows: list[dict[str, str]]) -> list[pl.Series]:
    """The companion columns of the fields named, and those named themselves."""
    made: dict[str, pl.Series] = {}
    for name in names:
        if name == Field.PROVIDER:
            made["provider_reading"] = _series("provider_reading", [provider_reading(row[name]) for row in rows])
            made["providers"] = _series("providers", [provider_names(row[name]) for row in rows])
        if name == Field.DELIVERY_COUNTRY:
            made["delivery_reading"] = _series("delivery_reading", [place_reading(row[name]) for row in rows])
            made["delivery_shares"] = _series("delivery_shares", [shares(row[name]) for row in rows])
            made["delivery_abroad"] = _series("delivery_abroad", [row[name].lower() in ABROAD_WORDS for row in rows])
        if name == Field.PROVIDER_COUNTRY:
            made["provider_country_reading"] = _series(
                "provider_country_reading", [place_reading(row[name]) for row in rows]
            )
            made["provider_country_abroad"] = _series(
                "provider_country_abroad", [row[name].lower() in ABROAD_WORDS for row in rows]
            )
        if name in set(Field) and FIELDS[Field(name)].kind is Kind.MONEY:
            currencies = [(row.get(f"{name}_currency") or "GBP") if row[name] else None for row in rows]
            made[f"{name}_currency"] = pl.Series(f"{name}_currency", currencies, pl.String)
    for name in set(names) & COMPANIONS.keys() - {"home", "hidden", "sheet"}:
        default = made.get(name)
        values = [
            _companion(name, row[name], None if default is None else default.to_list()[n]) for n, row in enumerate(rows)
        ]
        made[name] = _series(name, values)
    return list(made.values())


def provider_reading(text: str) -> str:
    """The plain words' reading; `` + `` shares with own staff, ``;`` separates providers."""
    if " + " in text:
        return ProviderReading.SHARED
    if ";" in text:
        return ProviderReading.SEVERAL
    return PROVIDER_WORDS.get(text.lower(), ProviderReading.NAMED)


def provider_names(text: str) -> list[str] | None:
    """The provider names of a cell."""
    names = [part.strip() for part in text.replace(" + ", ";").split(";")]
    return [name for name in names if name.lower() not in PROVIDER_WORDS] or None


def place_reading(text: str) -> str:
    """The plain words' reading of a place."""
    if text.endswith("?") and len(text) > 1:
        return PlaceReading.DOUBTFUL
    codes = places(text)
    if codes:
        return PlaceReading.COUNTRY if len(codes) == 1 else PlaceReading.COUNTRIES
    return PLACE_WORDS.get(text.lower(), PlaceReading.UNREADABLE)


def shares(text: str) -> list[float] | None:
    """Shares behind countries, ``IN 60%; GB 40%``, None unless each has one."""
    words = [part.split() for part in text.split(";")]
    if not all(len(word) == 2 and word[1].endswith("%") for word in words):
        return None
    return [float(word[1].rstrip("%")) / 100 for word in words]


def is_code(text: str) -> bool:
    """Whether a text is written like a country code."""
    return len(text) == 2 and text.isupper()


def _companion(name: str, text: str, default: Any) -> Any:
    if not text:
        return default
    match COMPANIONS[name]:
        case pl.Boolean():
            return text == "yes"
        case pl.Float64():
            return float(text)
        case pl.List():
            return [part.strip() for part in text.split(";")]
        case _:
            return text


def _series(name: str, values: list[Any]) -> pl.Series:
    return pl.Series(name, values, COMPANIONS[name])


def _status(values: pl.Series, raw: pl.Series) -> pl.Series:
    states = [
        ValueStatus.BLANK if text is None else ValueStatus.FLAGGED if value is None else ValueStatus.ACCEPTED
        for value, text in zip(values, raw, strict=True)
    ]
    return pl.Series(values.name, states, pl.String)


READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.NUMBER: lambda text: float(text.replace(",", "")),
    Kind.MONEY: lambda text: float(text.replace(",", "")),
    Kind.DATE: date.fromisoformat,
    Kind.TEXTS: lambda text: [part.strip() for part in text.split(";")],
    Kind.PLACES: places,
    Kind.PLACE: lambda text: text if is_code(text) else None,
}
