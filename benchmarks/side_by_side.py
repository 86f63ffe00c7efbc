"""The whole ``analyzer run`` beside what a script would do and beside the floors, each in a process of its own.

``python -m benchmarks.side_by_side [ROWS ...]`` (default 1000 and 10000). Prints CPU and wall seconds, peak memory, the
workbook's size and how many times the analyzer's CPU time each took, then how CPU time grows between sizes, and what
``--help`` and a run over 30 rows take by the clock. The analyzer's run holds page, ledger sheet and archive; scripts
get the same tags and ledger lines ready made. pandas and openpyxl are left out above 100,000 rows, pandas where it is
not installed (the ``bench`` extra).
"""

from __future__ import annotations

import importlib.util
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.inventories import make
from benchmarks.rivals import TASKS, ready

SIZES = (1_000, 10_000)
SMALL, TRIES = 30, 5  # rows; runs of which the middle one counts
SLOW = {"pandas", "openpyxl"}
MOST_FOR_SLOW = 100_000


@dataclass(frozen=True, slots=True)
class Run:
    """CPU and wall seconds, MiB of the largest process, MB of the workbook written."""

    cpu: float
    wall: float
    peak: float
    size: float


def timed(command: Sequence[str], target: Path) -> Run:
    """One command and all its children. Raises ``RuntimeError`` where it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, ended, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(ended)
    if process.returncode:
        raise RuntimeError(f"status {process.returncode}: {' '.join(command)}")
    size = target.stat().st_size / 1e6 if target.is_file() else 0.0
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, size)


def side_by_side(rows: int, folder: Path) -> dict[str, Run]:
    """All contestants over one inventory."""
    source = make(folder / "inventory.xlsx", rows)
    annotated = folder / "inventory.annotated.xlsx"
    runs = {"analyzer": timed(command(source, folder), annotated)}
    tags = ready(annotated, folder)
    for name in TASKS:
        absent = name == "pandas" and importlib.util.find_spec("pandas") is None
        if absent or (name in SLOW and rows > MOST_FOR_SLOW):
            continue
        target = folder / f"{name}.xlsx"
        runs[name] = timed([sys.executable, "-m", "benchmarks.rivals", name, *map(str, (source, target, tags))], target)
    return runs


def command(source: Path, folder: Path) -> list[str]:
    """The analyzer's whole run over a file, with an archive."""
    settings = folder / "analyzer.toml"
    kept = (folder / "archive").as_posix()
    settings.write_text(f'[company]\nhome = "GB"\n[outputs]\narchive = "{kept}"\n', encoding="utf-8")
    return [sys.executable, "-m", "analyzer", "run", str(source), "--config", str(settings), "-o", str(folder)]


def start_up(folder: Path) -> dict[str, float]:
    """Wall seconds of ``--help``, of a first run over ``SMALL`` rows, and of a later one; the middle of ``TRIES``."""
    analyzer, source = [sys.executable, "-m", "analyzer"], make(folder / "small.xlsx", SMALL)
    first = [[*analyzer, "run", str(source), "--home", "GB", "-o", str(folder / f"out {n}")] for n in range(TRIES)]
    tries = {
        "--help": [[*analyzer, "--help"]] * TRIES,
        f"run over {SMALL} rows": first,
        "the same with an archive and over an earlier result": [command(source, folder)] * (TRIES + 1),
    }
    return {name: statistics.median(timed(words, folder).wall for words in many) for name, many in tries.items()}


def main(sizes: Sequence[int]) -> None:
    """A line per contestant and size, then the growth."""
    print(f"{'rows':>9} {'what':<10} {'CPU s':>8} {'wall s':>8} {'MiB':>6} {'MB':>6} {'x analyzer CPU':>15}")
    seconds: list[float] = []
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            runs = side_by_side(rows, Path(folder))
        own = runs["analyzer"].cpu
        seconds.append(own)
        for name, run in runs.items():
            figures = f"{run.cpu:>8.2f} {run.wall:>8.2f} {run.peak:>6.0f} {run.size:>6.1f} {run.cpu / own:>15.2f}"
            print(f"{rows:>9,} {name:<10} {figures}")
    for at in range(1, len(sizes)):
        growth = math.log(seconds[at] / seconds[at - 1]) / math.log(sizes[at] / sizes[at - 1])
        print(f"growth of the analyzer's CPU time, {sizes[at - 1]:,} to {sizes[at]:,} rows: exponent {growth:.2f}")

    with tempfile.TemporaryDirectory() as folder:
        for what, wall in start_up(Path(folder)).items():
            print(f"{what}: {wall:.2f} s by the clock")


if __name__ == "__main__":
    main([int(text.replace(",", "")) for text in sys.argv[1:]] or SIZES)
