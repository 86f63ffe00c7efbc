"""A file through the stages up to its placement, for commands that ask about rules and write nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analyzer import pipeline, quadrant, summary
from analyzer.cli.options import in_force
from analyzer.model import Inventory, Placement
from analyzer.runs import plan


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """What rules are asked about: the tasks, where they stand, and what they add to sums in one currency."""

    inventory: Inventory
    placement: Placement
    counted: pl.DataFrame
    currency: str


def placed(file: Path, home: str | None, sheet: str | None, config: Path | None) -> Placed:
    """Read and place a file. Raises ``RefusedError`` and ``UsageError`` as a run does."""
    settings = in_force(config, (file,), home)
    company = plan.company_of(file, settings)
    if company:
        settings = settings.model_copy(update={"company": settings.companies[company]})
    inventory, decisions = pipeline.read(file, settings, sheet=sheet)
    counted = summary.count(inventory, settings)
    placement = quadrant.place(inventory, decisions, settings)
    return Placed(inventory, placement, counted.frame, counted.currency)
