"""Annotate every workbook of a folder and prove that nothing of it was lost.

``python -m benchmarks.lossless FOLDER``: for each .xlsx and .xlsm, six columns beside the first sheet with data and two
sheets with a chart; then every part byte for byte, every original cell, row and column attribute; then openpyxl and
fastexcel open the result (counted where they opened the source), read the same values and the new ones; and nothing is
wrong in it that was not wrong before (``benchmarks.sound``). Ends with 0 only where nothing was lost, changed or not
opened. Each file has a process and 60 CPU seconds of its own. ``--odd`` writes the books of ``benchmarks.odd_books``
into the folder first; of those, only the ones that have to be refused may be.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import resource
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl
import polars as pl
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.table import Table

from analyzer.errors import RefusedError
from analyzer.xlsx import (
    Column,
    Conditional,
    Edit,
    Graft,
    Limits,
    Outcome,
    Splice,
    Style,
    Validation,
    apply,
    compare,
    free_column,
    inspect,
)
from analyzer.xlsx.cells import cells_of
from analyzer.xlsx.container import Container
from analyzer.xlsx.package import Package
from benchmarks.odd_books import ODD_BOOKS
from benchmarks.sound import problems

SECONDS = 60  # of CPU, so that a busy machine fails no file
PATIENCE = 900  # seconds of the clock
ODD_SENTENCE = "=row {} <is> & \x0b odd_x000D_"
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


def annotate(path: Path, target: Path) -> tuple[Edit, Outcome]:
    """Splice and graft; the edit and the outcome come back."""
    facts = inspect(path, allow_sparse=True)
    sheet = next((s for s in facts.sheets if s.kind == "worksheet" and s.extent.cells), None)
    sheet = sheet or next(s for s in facts.sheets if s.kind == "worksheet" and s.part)
    rows = rows_of(path, sheet.part)
    tables = [t for t in facts.tables if t.sheet == sheet.name and t.extensible]
    table = tables[0] if tables else None
    header = table.first_row if table else rows[0] if rows else 1
    first = free_column(path, sheet.name, table.last_column + 1 if table else sheet.extent.last_column + 1, 6)
    last = table.last_row if table else None
    body = [row for row in rows if row > header and (last is None or row <= last)]
    names = (facts.free_name("Summary"), facts.free_name("Method"))
    graft = scratch_sheets(names)
    edit = Edit(
        splices=(columns(sheet.name, first, header, body, table.name if table else None),),
        graft=graft,
        names=(),
        properties={"policy": "default 1.0"},
    )
    with target.open("w+b") as stream:
        outcome = apply(path, stream, edit)
    return edit, outcome


def rows_of(path: Path, part: str) -> list[int]:
    """Numbers of the rows that hold cells."""
    with Container(path, Limits()) as container:
        return sorted(number for number, row in cells_of(Package(container), part).items() if row.cells)


def columns(
    sheet: str, first: int, header: int, rows: list[int], table: str | None = None, sentence: str = ODD_SENTENCE
) -> Splice:
    """Six columns of all kinds; ``sentence`` is filled with the row."""
    n = len(rows)
    quadrants = ["In-house onshore", "Outsourced offshore", "Outsourced onshore"]
    texts = pl.Series([quadrants[i % 3] for i in range(n)], dtype=pl.String)
    cycle = pl.Series([["High", "Low"][i % 2] for i in range(n)], dtype=pl.String)
    why = pl.Series([sentence.format(i) for i in range(n)], dtype=pl.String)
    days = pl.Series([dt.date(2026, 10, 1 + i % 28) for i in range(n)], dtype=pl.Date)
    formulas = pl.Series([f'IF(A{row}="","",1)' for row in rows], dtype=pl.String)
    return Splice(
        sheet=sheet,
        first_column=first,
        header_row=header,
        rows=pl.Series(rows, dtype=pl.UInt32),
        columns=(
            Column("Quadrant", texts, style=Style(fill="DDEBF7"), header_style=Style(bold=True, like=f"A{header}")),
            Column("Why", why, width=40, style=Style(wrap=True)),
            Column("Risk level", cycle, classes=cycle, styles={"High": Style(color="9C0006")}),
            Column("FTE counted", pl.Series([i / 4 for i in range(n)], dtype=pl.Float64), hidden=True),
            Column("Decision due", days),
            Column("Live", pl.Series([1.0] * n, dtype=pl.Float64), formulas=formulas),
        ),
        table=table,
        validations=(Validation(0, '"a,b"', prompt_title="Your quadrant", prompt="Choose"),) if n else (),
        conditionals=(Conditional((2,), "TRUE", Style(bold=True)),) if n else (),
    )


def scratch_sheets(names: tuple[str, str]) -> Graft:
    """Two sheets as openpyxl saves them: a chart, a table, formats, a formula with its cached value."""
    book = openpyxl.Workbook()
    summary = book.worksheets[0]
    summary.title = names[0]
    for row in (("Quadrant", "Tasks"), ("In-house onshore", 5), ("Outsourced offshore", 7)):
        summary.append(row)
    summary["B4"] = "=SUM(B2:B3)"
    summary["A1"].font = Font(bold=True, color="1F3864")
    summary["B2"].fill = PatternFill("solid", fgColor="FFF2CC")
    summary["B2"].number_format = '#,##0.0 "FTE"'
    summary.conditional_formatting.add(
        "B2:B3", Rule("expression", formula=["B2>6"], dxf=DifferentialStyle(font=Font(bold=True)))
    )
    chart = BarChart()
    chart.add_data(Reference(summary, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    chart.set_categories(Reference(summary, min_col=1, min_row=2, max_row=3))
    summary.add_chart(chart, "D2")
    summary.add_table(Table(displayName="analyzer_tasks", ref="A1:B3"))
    method = book.create_sheet(names[1])
    method["A1"] = "Policy"
    method.column_dimensions["A"].width = 40
    stream = io.BytesIO()
    book.save(stream)
    return Graft(stream.getvalue(), names, before=(names[0],), values={names[0]: {"B4": 12}})


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


def check(path: Path) -> Verdict:
    """One file."""
    verdict = Verdict(str(path))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"result{path.suffix}"
        try:
            edit, outcome = annotate(path, target)
        except RefusedError as error:
            verdict.refused = f"{error.where}: {error.message}" if error.where != path.name else error.message
            return verdict
        verdict.notes = [note.code for note in outcome.notes]
        found = compare(path, target, edit, thorough=True)
        verdict.lost, verdict.changed = list(found.lost), list(found.changed)
        verdict.parts, verdict.cells = found.parts, found.cells
        if compare(path, target, edit):
            verdict.changed.append("the quick comparison sees a difference")
        before, after = openings(path), openings(target)
        for reader, sheets in before.items():
            if sheets is not None and (after[reader] is None or not set(sheets) <= set(after[reader])):
                verdict.not_opened.append(reader)
        verdict.changed += changed_values(before["fastexcel"], after["fastexcel"], edit.splices[0])
        verdict.changed += missing_values(after["fastexcel"], edit.splices[0], outcome.headers[0])
        verdict.changed += sorted(problems(target) - problems(path))
    return verdict


def changed_values(before: dict[str, Any] | None, after: dict[str, Any] | None, splice: Splice) -> list[str]:
    """Sheets whose values a reader sees otherwise than before; the new columns stand right of them or are left out."""
    wrong = []
    for name, frame in (before or {}).items():
        other = (after or {}).get(name)
        if other is None or (name == splice.sheet and splice.first_column < frame.width):
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


def run(path: Path) -> Verdict:
    """One file in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.lossless", "--one", str(path)]
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


def main(folder: Path, *, odd: bool = False) -> int:
    """All files of a folder; 0 where nothing was lost, changed or not opened."""
    expected = write_odd(folder) if odd else set()
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    with ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(run, paths))
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
        print(json.dumps(asdict(check(Path(sys.argv[2])))))
        sys.exit(0)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lossless", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--odd", action="store_true", help="write the odd books into the folder first")
    given = parser.parse_args()
    sys.exit(main(given.folder, odd=given.odd))
