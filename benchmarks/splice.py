"""How long a splice and a graft take, against the floor: copy the package, inflate and deflate the sheet.

``python -m benchmarks.splice [ROWS ...]`` (default 100000 and 1000000): both with the same codec, in processes of their
own, best of three. The sheet has 15 columns; six are spliced in, two sheets with a chart grafted. Ends with 1 where
100,000 rows take more than 6 times the floor.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import xlsxwriter

from analyzer.xlsx import Edit, Limits, apply, inspect
from analyzer.xlsx.container import Container
from analyzer.xlsx.zipwriter import ZipWriter
from benchmarks.annotation import columns, scratch_sheets

SIZES = (100_000, 1_000_000)
COLUMNS = 15
BOUND = 6.0
SENTENCE = "Provider {} delivers from India: outsourced, offshore."
GATED = 100_000
LIMITS = Limits(unpacked_bytes=4 << 30)


def make(path: Path, rows: int) -> None:
    """An inventory of texts, numbers and dates as XlsxWriter writes it, row by row."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("Tasks")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, [f"Column {number}" for number in range(COLUMNS)])
    for row in range(1, rows + 1):
        sheet.write_row(row, 0, (f"T-{row:07}", f"Process batch {row % 5000}", f"Function {row % 20}"))
        sheet.write_row(row, 3, (f"Provider {row % 300}", ("India", "Poland", "Mexico")[row % 3], row % 40 / 2))
        sheet.write_number(row, 6, row * 7919 % 900_000)
        sheet.write_number(row, 7, 44_000 + row % 2000, day)
        sheet.write_number(row, 8, 45_000 + row % 2000, day)
        sheet.write_row(row, 9, ("Yes", f"Owner {row % 400}", "Active", "Yes", "No", f"note {row * 31 % 99_991}"))
    book.close()


def floor(source: Path, target: Path) -> None:
    """Copy all entries but the sheet, which is inflated and deflated."""
    with Container(source, LIMITS) as container, target.open("w+b") as stream:
        writer = ZipWriter(stream, "fast")
        for entry in container.entries:
            if entry.key == "xl/worksheets/sheet1.xml":
                writer.write(entry.name, container.chunks(entry))
            else:
                writer.copy(container, entry)
        writer.close()


def spliced(source: Path, target: Path, rows: int) -> tuple[float, float]:
    """Splice and graft; wall and CPU seconds, the columns' making and the library's first use not counted."""
    edit, small = (
        Edit(
            splices=(columns("Tasks", COLUMNS, 1, list(range(2, number + 2)), sentence=SENTENCE),),
            graft=scratch_sheets(("Summary", "Method")),
        )
        for number in (rows, 10)
    )
    with target.open("w+b") as stream:
        apply(source, stream, small, limits=LIMITS)
    wall, busy = time.perf_counter(), time.process_time()
    with target.open("w+b") as stream:
        apply(source, stream, edit, limits=LIMITS)
    return time.perf_counter() - wall, time.process_time() - busy


def measure(task: str, source: Path, rows: int) -> dict[str, float]:
    """One task, once: seconds and the peak of memory."""
    target = source.with_name(f"{task}.xlsx")
    wall, busy = time.perf_counter(), time.process_time()
    if task == "floor":
        floor(source, target)
    elif task == "inspect":
        inspect(source, LIMITS)
    if task == "splice":
        seconds, cpu = spliced(source, target, rows)
    else:
        seconds, cpu = time.perf_counter() - wall, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall": seconds, "cpu": cpu, "mib": peak, "size": target.stat().st_size if target.exists() else 0}


def best(task: str, source: Path, rows: int) -> dict[str, float]:
    """The quickest of three processes."""
    command = [sys.executable, "-m", "benchmarks.splice", "--one", task, str(source), str(rows)]
    runs = [json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(3)]
    return min(runs, key=lambda run: run["wall"])


def main(sizes: Iterable[int]) -> int:
    """Figures of all sizes, side by side."""
    late = False
    print(f"polars {pl.__version__}, {COLUMNS} columns")
    print(f"{'rows':>9} {'task':<8} {'wall s':>7} {'CPU s':>7} {'MiB':>6} {'MB':>6} {'x floor':>8} {'x CPU':>6}")
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "tasks.xlsx"
            make(source, rows)
            base = best("floor", source, rows)
            for task in ("floor", "inspect", "splice"):
                run = base if task == "floor" else best(task, source, rows)
                ratio, busy = run["wall"] / base["wall"], run["cpu"] / base["cpu"]
                late = late or (task == "splice" and rows == GATED and ratio > BOUND)
                print(
                    f"{rows:>9,} {task:<8} {run['wall']:>7.2f} {run['cpu']:>7.2f} {run['mib']:>6.0f} "
                    f"{run['size'] / 1e6:>6.1f} {ratio:>8.1f} {busy:>6.1f}"
                )
    return 1 if late else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))))
        sys.exit(0)
    sys.exit(main([int(text) for text in sys.argv[1:]] or SIZES))
