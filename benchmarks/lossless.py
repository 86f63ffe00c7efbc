"""Annotate every workbook of a folder and prove that nothing of it was lost.

``python -m benchmarks.lossless FOLDER``: for each .xlsx and .xlsm, six columns beside the first sheet with data and two
sheets with a chart; then every part byte for byte, every original cell, row and column attribute; then openpyxl and
fastexcel open the result (counted where they opened the source), read the same values and the new ones; and nothing is
wrong in it that was not wrong before (``benchmarks.sound``). Ends with 0 only where nothing was lost, changed or not
opened. Each file has a process and 60 CPU seconds of its own. ``--odd`` writes the books of ``benchmarks.odd_books``
into the folder first; of those, only the ones that have to be refused may be. ``--run`` makes the real run of each file
in which a task table is found, ``--strip-active`` the same without active content.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl

from analyzer.errors import RefusedError
from analyzer.xlsx import Splice, compare
from benchmarks.annotation import WAYS, Done
from benchmarks.odd_books import ODD_BOOKS
from benchmarks.sound import problems

SECONDS = 60  # of CPU, so that a busy machine fails no file
PATIENCE = 900  # seconds of the clock
SUFFIXES = {".xlsx", ".xlsm"}
KINDS = ("lost", "changed", "not opened")


@dataclass
class Verdict:
    """What came of one file."""

    file: str
    refused: str = ""
    lost: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    not_opened: list[str] = field(default_factory=list)
    parts: int = 0
    cells: int = 0
    notes: list[str] = field(default_factory=list)


def openings(path: Path) -> dict[str, Any]:
    """What each reader makes of a file: None where it does not open, else its sheets (fastexcel: with values)."""
    made: dict[str, Any] = {"openpyxl": None, "fastexcel": None}
    try:
        book = openpyxl.load_workbook(path)
        made["openpyxl"] = list(book.sheetnames)
        book.close()
    except Exception:  # noqa: BLE001 - any failure means that it does not open
        made["openpyxl"] = None
    try:
        reader = fastexcel.read_excel(str(path))
        made["fastexcel"] = {
            name: reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
            for name in reader.sheet_names
        }
    except BaseException as error:  # a panic derives from BaseException
        if isinstance(error, KeyboardInterrupt):
            raise
    return made


def check(path: Path, way: str = "made up") -> Verdict:
    """One file, annotated in one of ``WAYS``."""
    verdict = Verdict(str(path))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"result{path.suffix}"
        try:
            done = WAYS[way](path, target)
        except RefusedError as error:
            verdict.refused = f"{error.where}: {error.message}" if error.where != path.name else error.message
            return verdict
        verdict.notes = list(done.notes)
        _compare(path, target, done, verdict)
    return verdict


def _compare(path: Path, target: Path, done: Done, verdict: Verdict) -> None:
    found = compare(path, target, done.edit, thorough=True)
    verdict.lost, verdict.changed = list(found.lost), list(found.changed)
    verdict.parts, verdict.cells = found.parts, found.cells
    if compare(path, target, done.edit):
        verdict.changed.append("the quick comparison sees a difference")
    before, after = openings(path), openings(target)
    gone = {*done.edit.drop_sheets}
    for reader, sheets in before.items():
        if sheets is not None and (after[reader] is None or not set(sheets) - gone <= set(after[reader])):
            verdict.not_opened.append(reader)
    verdict.changed += changed_values(before["fastexcel"], after["fastexcel"], done.edit.splices)
    for splice, headers in zip(done.edit.splices, done.headers, strict=False):
        verdict.changed += missing_values(after["fastexcel"], splice, headers)
    verdict.changed += sorted(problems(target) - problems(path))


def changed_values(before: dict[str, Any] | None, after: dict[str, Any] | None, splices: Iterable[Splice]) -> list[str]:
    """Sheets whose values a reader sees otherwise than before, left of the new columns."""
    first = {splice.sheet: splice.first_column for splice in splices}
    wrong = []
    for name, frame in (before or {}).items():
        other = (after or {}).get(name)
        if other is None or first.get(name, frame.width) < frame.width:
            continue
        part = other[: frame.height, : frame.width]
        named = dict(zip(part.columns, frame.columns, strict=False))
        if part.shape != frame.shape or not part.rename(named).equals(frame):
            wrong.append(f"values of {name} as fastexcel reads them")
    return wrong


def missing_values(after: dict[str, Any] | None, splice: Splice, headers: tuple[str, ...]) -> list[str]:
    """New columns whose header or last text a reader does not find where the edit put them."""
    frame = (after or {}).get(splice.sheet)
    if frame is None or splice.header_row is None:
        return []
    rows = splice.rows.to_list()
    wanted = {splice.header_row: list(headers)} | ({rows[-1]: [splice.columns[0].values[-1]]} if rows else {})
    wrong = []
    for row, texts in wanted.items():
        seen = frame.row(row - 1) if row <= frame.height else ()  # blank columns on the left may be left out
        if texts not in [list(seen[at : at + len(texts)]) for at in range(len(seen))]:
            wrong.append(f"new values in row {row} as fastexcel reads them")
    return wrong


def apart(path: Path, way: str) -> Verdict:
    """One file in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.lossless", "--one", way, str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False, text=True)
    except subprocess.TimeoutExpired:
        return Verdict(str(path), not_opened=[f"not done in {PATIENCE} seconds"])
    if done.returncode:
        return Verdict(str(path), not_opened=[f"status {done.returncode}: {done.stderr.strip()[-300:]}"])
    return Verdict(**json.loads(done.stdout.splitlines()[-1]))


def tell(verdict: Verdict, folder: Path) -> None:
    """A line for a file that is not simply well."""
    name = Path(verdict.file).relative_to(folder)
    for kind, what in zip(KINDS, (verdict.lost, verdict.changed, verdict.not_opened), strict=True):
        if what:
            print(f"{kind:<11}{name}: {'; '.join(what[:4])}{' ...' if len(what) > 4 else ''}")
    if verdict.refused:
        print(f"{'refused':<11}{name}: {verdict.refused}")


def write_odd(folder: Path) -> set[Path]:
    """The odd books as files; those come back that have to be refused."""
    folder.mkdir(parents=True, exist_ok=True)
    refused = set()
    for number, odd in enumerate(ODD_BOOKS):
        path = folder / f"{number:03} {odd.name.replace('/', '-')}{odd.suffix}"
        path.write_bytes(odd.content())
        refused |= {path} if odd.refused else set()
    return refused


def main(folder: Path, way: str = "made up", *, odd: bool = False) -> int:
    """All files of a folder; 0 where nothing was lost, changed or not opened."""
    expected = write_odd(folder) if odd else set()
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    with ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(partial(apart, way=way), paths))
    for verdict in verdicts:
        if odd and bool(verdict.refused) != (Path(verdict.file) in expected):
            verdict.lost.append("refused against expectation" if verdict.refused else "not refused")
        tell(verdict, folder)
    bad = [sum(bool(getattr(verdict, kind)) for verdict in verdicts) for kind in ("lost", "changed", "not_opened")]
    refused = sum(bool(verdict.refused) for verdict in verdicts)
    notes = Counter(note for verdict in verdicts for note in verdict.notes)
    done = len(verdicts) - refused
    print(f"{len(verdicts):,} workbooks: {done:,} annotated, {refused:,} refused")
    parts, cells = sum(verdict.parts for verdict in verdicts), sum(verdict.cells for verdict in verdicts)
    print(f"{parts:,} parts and {cells:,} cells of edited sheets compared")
    print(f"said: {', '.join(f'{note} {n}' for note, n in notes.most_common()) or 'nothing'}")
    print(f"lost {bad[0]} / changed {bad[1]} / not opened {bad[2]}")
    return 1 if any(bad) or not verdicts else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        warnings.simplefilter("ignore")
        print(json.dumps(asdict(check(Path(sys.argv[3]), sys.argv[2]))))
        sys.exit(0)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lossless", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--odd", action="store_true", help="write the odd books into the folder first")
    parser.add_argument("--run", action="store_const", dest="way", const="run", help="the real run and writer")
    parser.add_argument(
        "--strip-active", action="store_const", dest="way", const="strip-active", help="the same, inert"
    )
    given = parser.parse_args()
    sys.exit(main(given.folder, given.way or "made up", odd=given.odd))
