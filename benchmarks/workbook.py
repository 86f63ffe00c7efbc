"""CPU seconds to annotate a workbook: the tag columns, all new sheets, the ledger at its cap.

``python -m benchmarks.workbook [TASKS]`` makes an inventory of that many tasks (100,000 by default), runs the stages
and prints what writing the annotated workbook costs, with and without the ledger's lines.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import polars as pl

from analyzer import pipeline, policy, xlsx
from analyzer.model import Analysis
from analyzer.period import Period
from analyzer.report.workbook import write_workbook
from analyzer.settings import Company, Settings

_PLACES = ("United Kingdom", "India", "Philippines", "Poland", "", "Germany")
_PROVIDERS = ("", "Tidewater Contact Services", "Oakridge BPO", "Quillfast Ltd", "")


def grid(tasks: int) -> pl.DataFrame:
    """An invented inventory of fifteen columns as texts, header first."""
    number = pl.int_range(tasks, eager=True)
    columns = {
        "Task id": "T-" + number.cast(pl.String),
        "Task": "Task " + number.cast(pl.String),
        "Department": "Department " + (number % 12).cast(pl.String),
        "Owner": "Owner " + (number % 40).cast(pl.String),
        "Provider": pl.Series([_PROVIDERS[n % 5] for n in range(tasks)]),
        "Delivery country": pl.Series([_PLACES[n % 6] for n in range(tasks)]),
        "FTE": (number % 30 + 1).cast(pl.String),
        "Annual cost": ((number % 97 + 3) * 1000).cast(pl.String),
        "Contract end": pl.Series([f"{2026 + n % 4}-{n % 12 + 1:02}-15" for n in range(tasks)]),
        "Criticality": pl.Series([("critical", "important", "normal")[n % 3] for n in range(tasks)]),
        "SLA": pl.Series([("SLA-24", "", "yes")[n % 3] for n in range(tasks)]),
        "Personal data": pl.Series([("yes", "no")[n % 2] for n in range(tasks)]),
        "Customer facing": pl.Series([("yes", "no", "")[n % 3] for n in range(tasks)]),
        "Status": pl.repeat("active", tasks, eager=True),
        "Comment": pl.repeat("as agreed last year", tasks, eager=True),
    }
    header = pl.DataFrame({name: [name] for name in columns})
    return pl.concat([header, pl.DataFrame(columns)])


def source(tasks: int, folder: Path) -> Path:
    """The inventory as a workbook: FTE and cost are numbers."""
    cells = grid(tasks)
    numbers = {"FTE", "Annual cost"}
    below = pl.int_range(pl.len()) > 0
    kinds = cells.select(
        pl.when(below).then(2 if name in numbers else 1).otherwise(1).cast(pl.UInt8).alias(name)
        for name in cells.columns
    )
    path = folder / "inventory.xlsx"
    with path.open("w+b") as stream:
        xlsx.fresh(xlsx.pages("Inventory", cells, kinds), stream)
    return path


def cost(analysis: Analysis, target: Path) -> float:
    """CPU seconds of one annotated workbook."""
    start = time.process_time()
    write_workbook(analysis, target)
    return time.process_time() - start


def main() -> None:
    """Print the figures."""
    tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    settings = Settings(company=Company(home="GB", name="Harbour Lane Foods"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = source(tasks, folder)
        start = time.process_time()
        analysis = pipeline.analyze(path, settings, policy.default(), Period(2026, 10))
        stages = time.process_time() - start
        bare = replace(analysis, assessment=replace(analysis.assessment, ledger=analysis.assessment.ledger.clear()))
        without, whole = cost(bare, folder / "bare.xlsx"), cost(analysis, folder / "whole.xlsx")
        size = (folder / "whole.xlsx").stat().st_size / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{tasks:,} tasks, {analysis.assessment.ledger.height:,} ledger lines, {size:.1f} MB\n"
        f"stages before          {stages:6.2f} CPU s\n"
        f"workbook, no ledger    {without:6.2f} CPU s\n"
        f"workbook, ledger sheet {whole:6.2f} CPU s\n"
        f"peak memory            {peak:6.0f} MiB\n"
    )


if __name__ == "__main__":
    main()
