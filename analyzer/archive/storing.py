"""An analysis as one frame of always the same columns, and what a frame cannot say as the file's own metadata."""

from __future__ import annotations

import json
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from analyzer import files
from analyzer.archive import shelves
from analyzer.fields import FIELDS, Kind
from analyzer.model import DECISIONS_SCHEMA, KEY, LEFT_OUT, Analysis, Inventory, dtype
from analyzer.settings import Settings
from analyzer.terms import Field, ProviderReading

SCHEMA_VERSION = 1
META = "analyzer"
RAW, STATUS = "cell_texts", "cell_status"  # a JSON object a row: what stood in each field's cell, and its status

PLACES_OF_TASKS: dict[str, pl.DataType] = {
    KEY: pl.UInt32(),
    "sheet": pl.String(),
    "row": pl.UInt32(),
    "hidden": pl.Boolean(),
    "home": pl.String(),
}
COMPANIONS: dict[str, pl.DataType] = {
    "provider_reading": pl.String(),
    "providers": pl.List(pl.String()),
    "own_share": pl.Float64(),
    "provider_shares": pl.List(pl.Float64()),
    "delivery_reading": pl.String(),
    "delivery_shares": pl.List(pl.Float64()),
    "delivery_abroad": pl.Boolean(),
    "delivery_zone": pl.String(),
    "provider_country_reading": pl.String(),
    "provider_country_abroad": pl.Boolean(),
    **{f"{name}_currency": pl.String() for name, spec in FIELDS.items() if spec.kind is Kind.MONEY},
}
PLACED = ("quadrant", "rule_quadrant", "overridden", "sourcing", "location", "confidence", "in_totals", "outside")
ASSESSED = ("risk_level", "risks", "not_assessed")
ROWS_AT_ONCE = 25_000  # of a Parquet file: what is encoded at a time bounds the memory
DECIDED = ("your_quadrant", "decision", "decision_owner", "decision_due", "decision_note")


def store(analysis: Analysis, folder: Path, company: str, settings: Settings | None = None) -> Path:
    """Write a period's tasks and tags, whole or not at all; its path comes back. Raises ``WriteError``.

    ``settings.outputs``: ``keep_periods`` removes the oldest periods of this source; without ``store_people`` the names
    of owners, freelancers and deciders are left out, and read as such.
    """
    outputs = (settings or Settings()).outputs
    target = shelves.place(folder, company, analysis.period, analysis.inventory.source.name)
    frame = frame_of(analysis)
    kept = frame if outputs.store_people else without_people(frame)
    files.sweep(target)
    content = BytesIO()  # Polars has errors of its own for a full disk
    facts = json.dumps(metadata(analysis), ensure_ascii=False)
    kept.sink_parquet(content, row_group_size=ROWS_AT_ONCE, metadata={META: facts})
    files.write(target, content.getbuffer())
    shelves.retain(target, outputs.keep_periods)
    return target


def frame_of(analysis: Analysis) -> pl.LazyFrame:
    """A row per task in key order: where it stands, tags, decisions, fields with companions, raw and status as JSON."""
    inventory = analysis.inventory
    placed = analysis.placement.frame.select(*PLACED, pl.col("why").alias("quadrant_why"), "subtypes")
    assessed = analysis.assessment.rows.select(*ASSESSED, pl.col("why").alias("risks_why"))
    counted = analysis.summary.counted.select(pl.col("fte").alias("fte_counted"), pl.col("cost").alias("cost_counted"))
    parts = [
        _typed(inventory, PLACES_OF_TASKS),
        placed,
        assessed,
        counted.with_columns(pl.lit(analysis.summary.currency).alias("currency_counted")),
        _decided(analysis),
        _typed(inventory, {name.value: dtype(name) for name in FIELDS}),
        _typed(inventory, COMPANIONS),
        _beside(inventory.raw, RAW),
        _beside(inventory.status, STATUS),
    ]
    source = pl.lit(inventory.source.name).alias("source")
    beside = pl.concat(parts, how="horizontal")
    packed = [pl.col(name).struct.json_encode() for name in (RAW, STATUS) if beside.schema[name] == pl.Struct]
    return beside.lazy().with_columns(source, pl.col("subtypes").cast(pl.List(pl.String)), *packed)


def _typed(inventory: Inventory, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    return inventory.tasks.select(inventory.companion(name, kind).cast(kind) for name, kind in schema.items())


def _decided(analysis: Analysis) -> pl.DataFrame:
    decided = analysis.decisions.frame.filter(pl.col(KEY).is_not_null()).unique(KEY, keep="last")
    keys = analysis.inventory.tasks.select(KEY)
    joined = keys.join(decided.select(KEY, *DECIDED), on=KEY, how="left", maintain_order="left")
    return joined.select(pl.col(name).cast(DECISIONS_SCHEMA[name]) for name in DECIDED)


def _beside(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The columns as one, a struct; an empty object where there are none."""
    return frame.select((pl.struct(pl.exclude(KEY)) if frame.width > 1 else pl.lit("{}")).alias(name))


def without_people(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Names of owners, deciders and freelancers replaced; that there was one stays, since rules ask for it."""
    individual = (pl.col("provider_reading") == ProviderReading.PERSON.value) | (
        pl.col(Field.PROVIDER_TYPE) == "individual"
    )
    person = individual.fill_null(value=False)
    named = [pl.when(pl.col(name).is_not_null()).then(pl.lit(LEFT_OUT)).alias(name) for name in _PEOPLE]
    single = pl.when(pl.col(Field.PROVIDER).is_not_null()).then(pl.lit(LEFT_OUT))
    return frame.with_columns(
        *named,
        pl.when(person).then(single).otherwise(Field.PROVIDER).alias(Field.PROVIDER),
        pl.when(person & pl.col("providers").is_not_null())
        .then(pl.lit([LEFT_OUT]))
        .otherwise("providers")
        .alias("providers"),
        _hidden(pl.when(person).then(_hidden(pl.col(RAW), Field.PROVIDER)).otherwise(RAW), Field.OWNER).alias(RAW),
    )


_PEOPLE = (Field.OWNER.value, "decision_owner")


def _hidden(raw: pl.Expr, name: Field) -> pl.Expr:
    """The packed texts with one field's text replaced; a JSON string ends at the first quote that is not escaped."""
    return raw.str.replace(rf'"{name.value}":"(?:[^"\\]|\\.)*"', f'"{name.value}":"{LEFT_OUT}"')


def metadata(analysis: Analysis) -> dict[str, Any]:
    """What the frame cannot say: versions, the source, where its columns and tables lie, rows set aside."""
    inventory, source = analysis.inventory, analysis.inventory.source
    return {
        "schema_version": SCHEMA_VERSION,
        "period": str(analysis.period),
        "policy": analysis.assessment.policy_hash,
        "currency": analysis.summary.currency,
        "source": {"name": source.name, "sha256": source.sha256, "size": source.size, "kind": source.kind},
        "sheets": list(source.sheets),
        "columns": [asdict(column) for column in inventory.columns],
        "tables": [asdict(table) for table in inventory.tables],
        "set_aside": inventory.set_aside.select("sheet", "row", "reason").to_dicts(),
    }
