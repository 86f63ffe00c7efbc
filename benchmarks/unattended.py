"""What one machine does unattended: workbooks a minute in a batch, what the worker's isolation costs, start-up.

    python -m benchmarks.unattended [--files 24] [--tries 5] [--without-batches]

Files of 50, 500 and 5,000 rows go through ``analyzer run FOLDER``; one file of 500 rows is done in this process and
by a worker; ``analyzer run`` goes over 30 rows. Prints tables for the documents: seconds by the clock and of CPU, all
processes counted, and workbooks an hour, for ten machines computed.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from analyzer.period import Period
from analyzer.runs.job import perform
from analyzer.runs.plan import Job, Request
from analyzer.runs.worker import Worker
from analyzer.settings import Settings
from benchmarks.kill_sweep import inventory

ROWS = (50, 500, 5_000)
ISOLATED_ROWS, START_ROWS, MACHINES = 500, 30, 10


@dataclass(slots=True)
class Cost:
    """Seconds of a block by the clock, and of CPU in the processes it started and waited for."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def costing() -> Iterator[Cost]:
    """Measure a block."""
    cost, start, before = Cost(), time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    yield cost
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost.wall = time.perf_counter() - start
    cost.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run(source: Path, out: Path) -> Cost:
    """``analyzer run`` over a file or a folder."""
    with costing() as cost:
        words = ["run", str(source), "--home", "GB", "--period", "2026-10", "-q", "-o", str(out)]
        subprocess.run([sys.executable, "-m", "analyzer", *words], check=True)
    return cost


def batch(folder: Path, rows: int, files: int) -> Cost:
    """A batch of so many files of so many rows."""
    source = folder / f"{rows} rows"
    source.mkdir()
    for number in range(files):
        inventory(source / f"tasks {number:03d}.xlsx", rows)
    return run(source, folder / f"{rows} results")


def isolation(folder: Path, tries: int) -> dict[str, float]:
    """CPU seconds for one file, which other work on the machine hardly changes: in this process and by a worker."""
    source = folder / "isolated.xlsx"
    inventory(source, ISOLATED_ROWS)
    request = Request(Settings.model_validate({"company": {"home": "GB"}}), Period(2026, 10))
    job = Job(request, source, folder / "isolated", source.stem)
    perform(job)  # the first one imports
    before = time.process_time()
    for _ in range(tries):
        perform(job)
    here = (time.process_time() - before) / tries
    first, more = worked(job, 1), worked(job, 1 + tries)
    there = (more - first) / tries
    return {"in this process": here, "by a worker": there, "once for a worker's start": first - there}


def worked(job: Job, times: int) -> float:
    """CPU seconds of a worker that starts, does a job so many times, and ends."""
    with costing() as cost, Worker() as worker:
        for _ in range(times):
            worker.do(job)
    return cost.cpu


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--files", type=int, default=24)
    options.add_argument("--tries", type=int, default=5)
    options.add_argument("--without-batches", action="store_true", help="isolation and start-up alone")
    given = options.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| rows a workbook | workbooks | wall s | CPU s a workbook | a minute | an hour | an hour on ten |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in () if given.without_batches else ROWS:
            cost = batch(folder, rows, given.files)
            hourly = given.files / cost.wall * 3600
            cpu = cost.cpu / given.files
            print(
                f"| {rows:,} | {given.files} | {cost.wall:.1f} | {cpu:.2f} | {hourly / 60:.0f} | {hourly:,.0f} |"
                f" {hourly * MACHINES:,.0f} |"
            )
        print(f"\nOne workbook of {ISOLATED_ROWS} rows, seconds of CPU:")
        for how, seconds in isolation(folder, given.tries).items():
            print(f"- {how}: {seconds:.2f}")
        small = folder / "small.xlsx"
        inventory(small, START_ROWS)
        costs = [run(small, folder / "small") for _ in range(given.tries)]
        wall, cpu = min(one.wall for one in costs), min(one.cpu for one in costs)
        print(f"\nanalyzer run over {START_ROWS} rows, least of {given.tries}: {wall:.2f} s wall, {cpu:.2f} s of CPU")


if __name__ == "__main__":
    main()
