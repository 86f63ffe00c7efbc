"""Two watchers over one drop folder: whether each file is done once, whether any is lost, and how long it takes.

    python -m benchmarks.drop_folder [FILES] [--watchers 2] [--poison] [--keep FOLDER]

Two ``analyzer watch --once`` processes start together over an inbox of 2,000 small workbooks, each of other content.
With ``--poison`` there are 10,000, and one in the middle is hostile. Prints doubles (files worked on more than once),
lost (files that are not in exactly one place, or done without their three results), done, refused and seconds. Ends
with 1 where a file was doubled or lost.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from benchmarks.hostile import false_count

FILES, FILES_WITH_POISON = 2_000, 10_000
KEPT = ("done", "refused", "duplicate")
RESULTS = (".annotated.xlsx", ".report.html", ".summary.json")
SETTINGS = """
schema_version = 1
[company]
home = "GB"
[inbox]
settle_seconds = 1
period = "last-month"
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of the dropped files."""

    doubles: int
    lost: int
    done: int
    refused: int
    seconds: float
    statuses: tuple[int, ...]

    def __str__(self) -> str:
        ends = ", ".join(map(str, self.statuses))
        return (
            f"{self.doubles} doubles, {self.lost} lost, {self.done:,} done, {self.refused} refused, "
            f"{self.seconds:,.0f} s ({self.done / self.seconds * 60:,.0f} files a minute); statuses {ends}"
        )


def fill(inbox: Path, files: int, *, poison: bool) -> set[str]:
    """Drop so many small workbooks, the one in the middle hostile where asked; their names come back."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["Task", "Provider", "Delivery country"], ["", "", "GB"], ["Helpline", "Acme BPO", "PH"]):
        sheet.append(row)
    names = [f"tasks {number:05d}.xlsx" for number in range(files)]
    for name in names:
        sheet["A2"] = f"Payroll of {name}"
        book.save(inbox / name)
    if poison:
        false_count(inbox / names[files // 2])
    return set(names)


def watched(inbox: Path, watchers: int) -> tuple[list[list[str]], tuple[int, ...]]:
    """Let so many processes watch the inbox until it is empty: what each said on stdout, and its exit status."""
    command = [sys.executable, "-m", "analyzer", "watch", str(inbox), "--once"]
    told = [inbox.parent / f"watcher {number}.txt" for number in range(watchers)]
    running = []
    for path in told:
        with path.open("wb") as stream:
            running.append(subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT))
    statuses = tuple(one.wait() for one in running)
    return [path.read_text(encoding="utf-8").splitlines() for path in told], statuses


def count(inbox: Path, names: set[str], told: list[list[str]], seconds: float, statuses: tuple[int, ...]) -> Counted:
    """Look where each file is, and how often it was worked on."""
    where = {place: {path.name for path in (inbox / place).glob("*.xlsx")} for place in KEPT}
    places = Counter(name for found in where.values() for name in found)
    said = Counter(line.partition(": ")[0] for lines in told for line in lines if line.startswith(KEPT))
    written = {path.name for path in (inbox / "results").rglob("*") if path.is_file()}
    again = sum(name.endswith(".bak") for name in written)  # a workbook was there before: written twice
    doubles = sum(times - 1 for times in said.values()) + again + sum(name not in names for name in places)
    whole = {name for name in where["done"] if all(f"{Path(name).stem}{kind}" in written for kind in RESULTS)}
    lost = sum(places[name] != 1 or (name in where["done"] and name not in whole) for name in names)
    return Counted(doubles, lost, len(where["done"]), len(where["refused"]), seconds, statuses)


def measure(
    folder: Path, files: int, *, watchers: int = 2, poison: bool = False, workers: int | None = None
) -> Counted:
    """Fill an inbox in a folder, let it be watched, each watcher with so many workers (else one a core), and count."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    bounded = f"[limits]\nworkers = {workers}\n" if workers else ""
    (folder / "analyzer.toml").write_text(SETTINGS + bounded, encoding="utf-8")
    names = fill(inbox, files, poison=poison)
    start = time.monotonic()
    told, statuses = watched(inbox, watchers)
    return count(inbox, names, told, time.monotonic() - start, statuses)


def main() -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("files", type=int, nargs="?")
    options.add_argument("--watchers", type=int, default=2)
    options.add_argument("--poison", action="store_true")
    options.add_argument("--keep", type=Path, metavar="FOLDER", help="work in this new folder and leave it")
    given = options.parse_args()
    files = given.files or (FILES_WITH_POISON if given.poison else FILES)
    with nullcontext(str(given.keep)) if given.keep else tempfile.TemporaryDirectory() as folder:
        counted = measure(Path(folder), files, watchers=given.watchers, poison=given.poison)
    print(f"{given.watchers} watchers, {files:,} files: {counted}")
    return 1 if counted.doubles or counted.lost else 0


if __name__ == "__main__":
    sys.exit(main())
