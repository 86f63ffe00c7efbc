"""How a file was read, as plain data: the part of the digest that ``check`` and ``init`` show before any rule runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from analyzer import messages
from analyzer.fields import FIELDS, Kind
from analyzer.model import Finding, Inventory
from analyzer.terms import ValueStatus

_MOST_PLACES = 50

FIRST = 10  # cells and rows shown of many


def describe_source(inventory: Inventory) -> dict[str, Any]:
    """The file, its sheets, and where its tables lie."""
    source = inventory.source
    return {
        "name": source.name,
        "sha256": source.sha256,
        "bytes": source.size,
        "kind": source.kind,
        "encoding": source.encoding,
        "sheets": list(source.sheets),
        "tables": [
            {
                "sheet": table.sheet,
                "header_row": table.header_row,
                "first_row": table.first_row,
                "last_row": table.last_row,
                "unmatched": list(table.unmatched),
            }
            for table in inventory.tables
        ],
    }


def describe_mapping(inventory: Inventory) -> list[dict[str, Any]]:
    """Each field found: its column, header, evidence, and whether it was assumed."""
    return [
        {
            "field": column.field.value,
            "sheet": column.sheet,
            "letter": column.letter,
            "header": column.header,
            "evidence": column.evidence,
            "assumed": column.assumed,
        }
        for column in inventory.columns
    ]


def describe_set_aside(inventory: Inventory) -> list[dict[str, Any]]:
    """Rows that are no tasks, by reason: how many, and the first ten."""
    reasons = inventory.set_aside.group_by("reason", maintain_order=True).agg("sheet", "row")
    return [
        {
            "reason": reason,
            "count": len(rows),
            "first": [f"{sheet}!{row}" for sheet, row in zip(sheets[:10], rows[:10], strict=True)],
        }
        for reason, sheets, rows in reasons.iter_rows()
    ]


def describe_findings(file: str, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings in the message form, with their codes, counts and first cells."""
    return [_finding(file, finding) for finding in findings]


def _finding(file: str, finding: Finding) -> dict[str, Any]:
    words = messages.CATALOGUE[finding.code]
    where = messages.address(file, finding.cells, finding.count)
    text = messages.render(finding.code, finding.count, finding.values)
    return {
        "code": finding.code,
        "weight": words.weight.value,
        "title": words.title,
        "count": finding.count,
        "cells": list(finding.cells[:FIRST]),
        "message": f"{where}: {text}",
        "remedy": words.remedy.format(n=f"{finding.count:,}", **finding.values),
    }


def describe_reading(inventory: Inventory) -> dict[str, Any]:
    """A file as read and mapped, before any rule."""
    return {
        "source": describe_source(inventory),
        "mapping": describe_mapping(inventory),
        "counts": {
            "rows": inventory.rows,
            "tasks": inventory.tasks.height,
            "set_aside": inventory.set_aside.height,
            "not_in_totals": 0,
        },
        "set_aside": describe_set_aside(inventory),
        "findings": describe_findings(inventory.source.name, inventory.findings),
        "unresolved_places": describe_unresolved(inventory),
    }


def describe_unresolved(inventory: Inventory) -> list[dict[str, Any]]:
    """Spellings of places that were not understood, by the rows they affect."""
    places = [name for name, spec in FIELDS.items() if spec.kind in {Kind.PLACE, Kind.PLACES} and inventory.has(name)]
    if not places:
        return []
    flagged = pl.concat(
        inventory.raw.filter(inventory.status.get_column(name) == ValueStatus.FLAGGED.value).select(
            pl.col(name).str.strip_chars().alias("text")
        )
        for name in places
    )
    counts = flagged.drop_nulls().group_by("text").agg(pl.len().alias("rows"))
    return counts.sort(["rows", "text"], descending=[True, False]).head(_MOST_PLACES).to_dicts()
