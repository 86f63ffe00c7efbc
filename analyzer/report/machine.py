"""``STEM.summary.json``: the run as data for other programs, the same that ``--json`` prints.

Its schema is ``summary.schema.json`` beside this module; a change that breaks readers raises ``SCHEMA_VERSION``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs

from analyzer import __version__, files
from analyzer.errors import ExitStatus
from analyzer.model import KEY, Analysis, Finding, Movement, Tally
from analyzer.report.reading import describe_findings, describe_reading
from analyzer.terms import Field, Quadrant, Severity

SCHEMA_VERSION = 1
DIGITS = 4  # behind the point: shares to a hundredth of a per cent
SHOWN = 50  # rows of a table; the workbook has them all


def describe(
    analysis: Analysis, written: Iterable[Path], *, findings: tuple[Finding, ...] = (), mail: Mapping[str, str]
) -> dict[str, Any]:
    """An analysis and the files written of it, as plain data. ``findings`` are those born while writing."""
    summary = analysis.summary
    reading = describe_reading(analysis.inventory)
    return {
        "schema_version": SCHEMA_VERSION,
        "analyzer": __version__,
        "period": str(analysis.period),
        "as_of": analysis.period.as_of.isoformat(),
        "company": analysis.company,
        "home": analysis.home,
        "group_view": analysis.group_view,
        "policy": {
            "name": analysis.assessment.policy_name,
            "version": analysis.assessment.policy_version,
            "hash": analysis.assessment.policy_hash,
        },
        "settings_hash": analysis.method.get("settings hash", ""),
        "source": reading["source"],
        "mapping": reading["mapping"],
        "counts": {**reading["counts"], "not_in_totals": summary.outside.tasks},
        "set_aside": reading["set_aside"],
        "currency": summary.currency,
        "quadrants": {quadrant.value: _tally(tally) for quadrant, tally in summary.quadrants.items()},
        "not_in_totals": _tally(summary.outside),
        "other_currencies": {currency: _tally(tally) for currency, tally in summary.other_currencies.items()},
        "confidence": dict(summary.confidence),
        "risk_levels": {severity.value: summary.severities.get(severity, 0) for severity in Severity},
        "risks": summary.risks.to_dicts(),
        "portfolio": _records(analysis.assessment.portfolio),
        "providers": _records(summary.providers.head(SHOWN)),
        "countries": _records(summary.countries.head(SHOWN)),
        "contracts": _contracts(analysis),
        "decisions": _decisions(analysis),
        "facts": {name: round(value, DIGITS) for name, value in summary.facts.items()},
        "gates": _gates(analysis),
        "findings": describe_findings(analysis.inventory.source.name, (*summary.findings, *findings)),
        "rule_status": _rule_status(analysis),
        "previous": str(analysis.movement.previous) if analysis.movement else None,
        "movement": _movement(analysis.movement) if analysis.movement else None,
        "mail": dict(mail),
        "files": [_file(path) for path in written],
        "status": ExitStatus.DONE.value,
    }


def write_digest(digest: Mapping[str, Any], target: Path) -> None:
    """Write ``STEM.summary.json``. Raises ``WriteError``."""
    files.write(target, json.dumps(digest, indent=2, ensure_ascii=False) + "\n")


def json_schema() -> dict[str, Any]:
    """JSON Schema of ``STEM.summary.json``."""
    text = resources("analyzer.report").joinpath("summary.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _tally(tally: Tally) -> dict[str, float]:
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in asdict(tally).items()}


def _records(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain data: dates in ISO form, numbers without the noise of their last bits."""
    plain = frame.with_columns(cs.float().round(DIGITS), cs.date().dt.to_string("iso"))
    return plain.to_dicts()


def _named(analysis: Analysis, frame: pl.DataFrame) -> pl.DataFrame:
    """A frame with ``key``, and each task's name and sheet row."""
    inventory = analysis.inventory
    row = pl.col("sheet") + "!" + pl.col("row").cast(pl.String)
    name = pl.coalesce(inventory.value(Field.TASK_NAME), inventory.value(Field.TASK_ID), row)
    names = inventory.tasks.select(KEY, name.alias("task"), row.alias("row"))
    return frame.join(names, on=KEY, how="left", maintain_order="left")


def _contracts(analysis: Analysis) -> list[dict[str, Any]]:
    named = _named(analysis, analysis.summary.contracts.head(SHOWN))
    return _records(named.select("task", "row", "event", "date", "days", "severity"))


def _decisions(analysis: Analysis) -> list[dict[str, Any]]:
    named = _named(analysis, analysis.summary.top.head(SHOWN))
    return _records(named.select("task", "row", "severity", "why", "owner", "due"))


def _movement(movement: Movement) -> dict[str, Any]:
    kinds = movement.changes.get_column("kind").value_counts().sort("kind")
    return {
        "restated": movement.restated,
        "changes": dict(kinds.iter_rows()),
        "bridge": _records(movement.bridge),
    }


def _gates(analysis: Analysis) -> dict[str, int]:
    """Tasks in totals that meet each ``--fail-on`` gate; ``unchanged`` is 1 where nothing moved since last period."""
    severities = analysis.summary.severities
    placed = analysis.placement.frame.filter("in_totals")
    high = severities.get(Severity.HIGH, 0)
    return {
        "high": high,
        "medium": high + severities.get(Severity.MEDIUM, 0),
        "undetermined": analysis.summary.quadrants[Quadrant.UNDETERMINED].tasks,
        "conflict": int(placed.get_column("conflict").sum()),
        "unchanged": int(analysis.movement is not None and analysis.movement.changes.is_empty()),
    }


def _rule_status(analysis: Analysis) -> dict[str, int]:
    counts = analysis.assessment.rule_status.get_column("status").value_counts().sort("status")
    return dict(counts.iter_rows())


def _file(path: Path) -> dict[str, Any]:
    return {"path": path.name, "sha256": files.sha256(path), "bytes": path.stat().st_size}
