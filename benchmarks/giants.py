"""As many rows, columns and files as there can be: each is done, or refused with the limit named.

    python -m benchmarks.giants [--rows 1048574] [--columns 16384] [--files 500]

Prints status, seconds, MB of the largest process and the last line said; ends with 1 where one is neither done nor
refused, or where the batch leaves a temporary file behind.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import openpyxl

from benchmarks import inventories
from benchmarks.hostile import Checked, measured

WIDE_ROWS = 1000


def wide(path: Path, columns: int, rows: int = WIDE_ROWS) -> Path:
    """A sheet of so many columns, of which three say something of the tasks."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Tasks")
    sheet.append(["Task", "Provider", "Delivery country", *(f"more {n}" for n in range(columns - 3))])
    for number in range(rows):
        sheet.append([f"Task {number}", "Acme", "India", *[number] * (columns - 3)])
    book.save(path)
    return path


def batch(folder: Path, files: int) -> Checked:
    """So many small inventories in one run, eight at once."""
    folder.mkdir()
    for number in range(files):
        text = f"Task,Provider,Delivery country\nPayroll {number},Acme,India\n"
        (folder / f"tasks {number}.csv").write_text(text, encoding="utf-8")
    return measured("run", str(folder), "--workers", "8", "-o", str(folder.parent / "out"))


def main() -> int:
    """Run over the giants and print a line each."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_048_574)
    options.add_argument("--columns", type=int, default=16_384)
    options.add_argument("--files", type=int, default=500)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, scratch = Path(name), Path(name) / "scratch"
        scratch.mkdir()
        os.environ["TMPDIR"] = str(scratch)
        inventories.make(folder / "rows.xlsx", given.rows)
        wide(folder / "columns.xlsx", given.columns)
        seen = {f"{given.rows:,} rows": measured("run", str(folder / "rows.xlsx"))}
        seen[f"{given.columns:,} columns"] = measured("run", str(folder / "columns.xlsx"))
        seen[f"{given.files:,} files"] = batch(folder / "in", given.files)
        left = [path.name for place in (scratch, folder / "out") for path in place.glob(".*")]
        left += [path.name for path in scratch.iterdir()]
    for what, one in seen.items():
        said = (one.said.splitlines() or [""])[-1]
        print(f"{what:16} status {one.status} {one.seconds:6.1f} s {one.megabytes:6,.0f} MB  {said.strip()}")
    print(f"left behind: {', '.join(left) or 'nothing'}")
    return 0 if not left and all(one.status in {0, 3} for one in seen.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
