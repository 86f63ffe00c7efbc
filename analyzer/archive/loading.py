"""Past periods read back: an inventory to place and assess again, its decisions, and the trend."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from analyzer.archive import shelves
from analyzer.archive.storing import COMPANIONS, DECIDED, META, PLACES_OF_TASKS, RAW, SCHEMA_VERSION, STATUS
from analyzer.fields import FIELDS, Kind
from analyzer.model import (
    DECISIONS_SCHEMA,
    KEY,
    VALUE_STATUS,
    Analysis,
    Column,
    Decisions,
    Finding,
    Inventory,
    Period,
    Source,
    Table,
)
from analyzer.sums import total
from analyzer.terms import Field, Severity

UNREADABLE = (OSError, KeyError, TypeError, ValueError, PolarsError)
TREND: dict[str, pl.DataType] = {
    "period": pl.String(),
    "quadrant": pl.String(),
    "tasks": pl.UInt32(),
    "fte": pl.Float64(),
    "cost": pl.Float64(),
    "high": pl.UInt32(),
}
_ASIDE = {"sheet": pl.String, "row": pl.UInt32, "reason": pl.String}
_OF_FIELD = {  # companions by the field they stand beside
    Field.PROVIDER: ("provider_reading", "providers", "own_share", "provider_shares"),
    Field.DELIVERY_COUNTRY: ("delivery_reading", "delivery_shares", "delivery_abroad", "delivery_zone"),
    Field.PROVIDER_COUNTRY: ("provider_country_reading", "provider_country_abroad"),
    **{name: (f"{name}_currency",) for name, spec in FIELDS.items() if spec.kind is Kind.MONEY},
}


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """A past period: what its file said, what people had decided, and the hash of the policy then in force."""

    inventory: Inventory
    decisions: Decisions
    period: Period
    policy_hash: str


def latest(folder: Path, company: str, current: Analysis) -> Stored | None:
    """The last period before this one of the same source that can be read; None where there is none."""
    for period in reversed(shelves.periods(folder, company)):
        if period < current.period:
            stored = load(folder, company, period, current.inventory.source.name)
            if stored is not None:
                return stored
    return None


def load(folder: Path, company: str, period: Period, source: str) -> Stored | None:
    """A source's past period; None where absent, damaged or written by a newer version (``unreadable`` says which)."""
    path = shelves.place(folder, company, period, source)
    try:
        meta = _meta(path)
        frame = pl.read_parquet(path, hive_partitioning=False)
        return Stored(_inventory(frame, meta), _decisions(frame), period, meta["policy"])
    except UNREADABLE:
        return None


def trend(folder: Path, company: str, current: Analysis) -> pl.DataFrame:
    """Tallies of all periods kept of this source, as ``Movement.trend`` documents; what cannot be read is left out."""
    name = current.inventory.source.name
    kept = shelves.periods(folder, company)
    tallies = (_tallies(shelves.place(folder, company, period, name), period) for period in kept)
    return pl.concat([pl.DataFrame(schema=TREND), *(frame for frame in tallies if frame is not None)])


def unreadable(folder: Path, company: str) -> Iterator[Finding]:
    """A finding for each file that is damaged or of a newer version."""
    for path in shelves.stored_files(folder, company):
        try:
            _meta(path)
        except UNREADABLE:
            yield Finding("archive-unreadable", (), 1, {"file": f"{path.parent.name}/{path.name}"})


def _meta(path: Path) -> dict[str, Any]:
    meta: dict[str, Any] = json.loads(pl.read_parquet_metadata(path)[META])
    if meta["schema_version"] > SCHEMA_VERSION:
        raise ValueError("written by a newer version")
    return meta


def _inventory(frame: pl.DataFrame, meta: dict[str, Any]) -> Inventory:
    columns = tuple(Column(**{**column, "field": Field(column["field"])}) for column in meta["columns"])
    found = list(dict.fromkeys(column.field for column in columns))
    kept = COMPANIONS.keys() & set(frame.columns)  # an older file may lack one
    beside = [name for field in found for name in _OF_FIELD.get(field, ()) if name in kept]
    return Inventory(
        source=_source(meta),
        tasks=frame.select(*PLACES_OF_TASKS, *(field.value for field in found), *beside),
        raw=_unpacked(frame, RAW, found),
        status=_unpacked(frame, STATUS, found).with_columns(pl.exclude(KEY).cast(VALUE_STATUS)),
        columns=columns,
        tables=tuple(_table(table) for table in meta["tables"]),
        set_aside=pl.DataFrame(meta["set_aside"], schema=_ASIDE).with_columns(pl.lit("").alias("text")),
    )


def _unpacked(frame: pl.DataFrame, packed: str, found: list[Field]) -> pl.DataFrame:
    shape = pl.Struct({field.value: pl.String() for field in found})
    if not found:
        return frame.select(KEY)
    texts = frame.get_column(packed).str.json_decode(shape).struct.unnest()
    return pl.concat([frame.select(KEY), texts], how="horizontal")


def _decisions(frame: pl.DataFrame) -> Decisions:
    made = frame.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in DECIDED))
    columns = (
        (pl.col(name) if name in frame.columns else pl.lit(None).alias(name)).cast(kind)
        for name, kind in DECISIONS_SCHEMA.items()
    )
    return Decisions(made.select(columns), "archive")


def _source(meta: dict[str, Any]) -> Source:
    kept, period = meta["source"], Period.parse(meta["period"])
    return Source(Path(kept["name"]), kept["sha256"], kept["size"], kept["kind"], tuple(meta["sheets"]), period=period)


def _table(kept: dict[str, Any]) -> Table:
    return Table(**{**kept, "headers": tuple(kept["headers"]), "unmatched": tuple(kept["unmatched"])})


def _tallies(path: Path, period: Period) -> pl.DataFrame | None:
    wanted = ["quadrant", "in_totals", "risk_level", "fte_counted", "cost_counted"]
    try:
        _meta(path)
        frame = pl.read_parquet(path, columns=wanted, hive_partitioning=False)
    except UNREADABLE:
        return None
    tallies = (
        frame.filter("in_totals")
        .group_by("quadrant")
        .agg(
            pl.lit(str(period)).alias("period"),
            pl.len().alias("tasks"),
            total("fte_counted").alias("fte"),
            total("cost_counted").alias("cost"),
            (pl.col("risk_level") == Severity.HIGH.value).sum().alias("high"),
        )
    )
    return tallies.sort("quadrant").select(pl.col(name).cast(kind) for name, kind in TREND.items())
