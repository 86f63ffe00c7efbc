"""Kill a run at random points while it replaces a good report: each file must be the old one or the new one, whole.

    python -m benchmarks.kill_sweep [--points 100] [--rows 2000]

Prints how many points left the old files, the new ones, and torn ones; ends with 1 where one was torn, or where the
next run does not finish and clean up.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import openpyxl

KILL_WITHIN = 1.3  # of a whole run's time: some points lie behind its end


def inventory(path: Path, rows: int) -> None:
    """An invented inventory of so many tasks."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Tasks")
    sheet.append(["Task", "Provider", "Delivery country", "FTE", "Annual cost"])
    for number in range(rows):
        sheet.append(
            [f"Task {number}", f"Provider {number % 50}", ("PH", "GB", "IN")[number % 3], number % 9, number * 10]
        )
    book.save(path)


def command(source: Path, out: Path, period: str) -> list[str]:
    """The run that writes a period's report."""
    return [
        sys.executable,
        "-m",
        "analyzer",
        "run",
        str(source),
        "--home",
        "GB",
        "-o",
        str(out),
        "--period",
        period,
        "-q",
    ]


def contents(out: Path) -> dict[str, bytes]:
    """The report's files; what a killed run left unfinished is none of them, nor is the kept earlier workbook."""
    shown = (path for path in out.iterdir() if not path.name.startswith(".") and path.suffix != ".bak")
    return {path.name: path.read_bytes() for path in shown}


def killed(words: list[str], after: float) -> None:
    """Start a run and kill it and its workers after so many seconds."""
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(after)
        with suppress(OSError):
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
            process.send_signal(signal.SIGKILL)
            for child in children:
                os.kill(int(child), signal.SIGKILL)


def sweep(points: int, rows: int, seed: int = 7) -> tuple[Counter[str], bool]:
    """Kill at so many points. Counts of old, new and torn files, and whether the last run finished and cleaned up."""
    chance, seen = random.Random(seed), Counter[str]()  # noqa: S311 - points in time, not secrets
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "tasks.xlsx", Path(folder) / "out"
        inventory(source, rows)
        wholes: dict[str, Mapping[str, bytes]] = {}
        for period in ("2026-09", "2026-10"):
            start = time.monotonic()
            subprocess.run(command(source, out, period), check=True)
            took = time.monotonic() - start
            wholes[period] = contents(out)
        for point in range(points):
            period = ("2026-09", "2026-10")[point % 2]
            killed(command(source, out, period), chance.uniform(0, took * KILL_WITHIN))
            seen.update(_judged(contents(out), wholes, period))
        subprocess.run(command(source, out, "2026-10"), check=True)
        clean = not [path.name for path in out.iterdir() if path.name.startswith(".")]
        return seen, clean and contents(out).items() >= wholes["2026-10"].items()


def _judged(found: Mapping[str, bytes], wholes: Mapping[str, Mapping[str, bytes]], period: str) -> list[str]:
    other = next(name for name in wholes if name != period)
    return [
        "new" if found.get(name) == whole else "old" if found.get(name) == wholes[other][name] else "torn"
        for name, whole in wholes[period].items()
    ]


def main() -> int:
    """Sweep and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--points", type=int, default=100)
    options.add_argument("--rows", type=int, default=2000)
    given = options.parse_args()
    seen, finished = sweep(given.points, given.rows)
    left = ", ".join(f"{seen[kind]} {kind}" for kind in ("old", "new", "torn"))
    print(f"{given.points} kills: files {left}; next run finished and cleaned up: {finished}")
    return 0 if finished and not seen["torn"] else 1


if __name__ == "__main__":
    sys.exit(main())
