"""Workbooks damaged at random: each must be read, or refused in a sentence, or cost no more than its own process.

    python -m benchmarks.fuzz [SEEDS] [--first N] [--processes N]

A seed's number picks one of twenty workbooks and the damage: bytes flipped, cut, doubled, or numbers made huge, in the
file or inside one of its unpacked parts. Each is read by the intake and edited by the package writer, and every tenth
one that is read goes the whole way to an annotated workbook, in processes that live on from seed to seed, under the
limits of a run. Prints what became of the seeds; ends with 1 where one raised what no user should see, or hung.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import pickle
import random
import re
import sys
import tempfile
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import openpyxl
import polars as pl

from analyzer.errors import ExitStatus, RefusedError
from analyzer.period import Period
from analyzer.runs.job import Outcome
from analyzer.runs.plan import Job, Request
from analyzer.runs.wire import receive, send
from analyzer.runs.worker import Worker
from analyzer.settings import Settings
from benchmarks import formats, hostile

READ, REFUSED, ABORTED, HUNG, RAISED = "read", "refused", "ended with their process", "hung", "raised"
BAD = (HUNG, RAISED)
SETTINGS = Settings.model_validate({"company": {"home": "GB"}, "limits": {"seconds": 60, "memory_mb": 1500}})
PERIOD = Period(2026, 10)
CHILD = (sys.executable, "-m", "benchmarks.fuzz", "--serve")
_WHOLE_WAY = 10  # one in so many
_DAMAGES = 4  # at most, to one file
_SPAN = 64  # bytes cut or doubled, at most
_HUGE = (b"4294967295", b"-1", b"99999999999999999999", b"1e308", b"0", b"XFD1048576", b"&#0;", b"]]>")
_STAMP = (2026, 1, 1, 0, 0, 0)

ROWS: formats.Rows = (
    ("Task ID", "Task", "Provider", "Delivery country", "FTE", "Annual cost"),
    ("T-1", "Payroll", "Acme BPO", "IN", 4.0, 120000.0),
    ("T-2", "Reception", "", "GB", 2.0, 60000.0),
    ("T-3", "Helpline", "Société Générique", "Philippines", 30.5, 1234567.89),
    ("T-4", "Legal advice", "Tick & Co", "Großbritannien", 0.25, 18000.0),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of a seed: its number, its workbook, the kind of end, and what was said."""

    seed: int
    workbook: str
    end: str
    said: str


# The workbooks


def _openpyxl(path: Path, rows: formats.Rows = ROWS) -> Path:
    book = openpyxl.Workbook()
    tab = book.worksheets[0]
    tab.title = "Tasks"
    for row in rows:
        tab.append(list(row))
    tab.auto_filter.ref = tab.dimensions
    tab.row_dimensions[3].hidden = True
    tab.merge_cells("H2:I3")
    tab["F7"] = "=SUM(F2:F5)"
    tab["E7"] = "#REF!"
    book.create_sheet("Notes")["A1"] = "Nothing here"
    book.worksheets[1].sheet_state = "hidden"
    book.save(path)
    return path


def _long(path: Path) -> Path:
    return _openpyxl(
        path, [*ROWS, *(("", f"Task {n}", f"Provider {n % 9}", "PL", n / 4, n * 10.0) for n in range(300))]
    )


def _changed(make: Callable[[Path], Path], changes: Mapping[str, str], path: Path) -> Path:
    """Another maker's package with words replaced in all its parts."""
    parts = _parts(make(path).read_bytes())
    for old, new in changes.items():
        parts = {name: data.replace(old.encode(), new.encode()) for name, data in parts.items()}
    path.write_bytes(_packed(parts))
    return path


def _small(path: Path) -> Path:
    return hostile.package(path, hostile.sheet(hostile.HEADER))


def _sink(path: Path) -> Path:
    sys.path.append(str(Path(__file__).parent.parent / "tests"))
    import kitchen_sink  # noqa: PLC0415 - it lies beside the tests that share it

    return kitchen_sink.make(path)


def _annotated(path: Path) -> Path:
    """Our own result, filled in as it comes back."""
    source = path.with_name("source.xlsx")
    source.write_bytes(workbook("table.xlsx"))
    _annotate_whole(source, path)
    return path


def _text(separator: str, encoding: str, path: Path, more: str = "", rows: formats.Rows = ROWS) -> Path:
    lines = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    path.write_bytes((lines + "\r\n" + more).encode(encoding))
    return path


_STRICT = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}
_PREFIXED = {
    "<row": "<x:row",
    "</row": "</x:row",
    "<worksheet": f"<worksheet {hostile.MAIN.replace('xmlns', 'xmlns:x')}",
}
WORKBOOKS: dict[str, Callable[[Path], Path]] = {
    "plain.xlsx": _small,
    "table.xlsx": _openpyxl,
    "long.xlsx": _long,
    "sink.xlsx": _sink,
    "sink.xlsm": _sink,
    "annotated.xlsx": _annotated,
    "strict.xlsx": partial(_changed, _small, _STRICT),
    "template.xltx": partial(_changed, _openpyxl, {"sheet.main+xml": "template.main+xml"}),
    "prefixed.xlsx": partial(_changed, _small, _PREFIXED),
    "far.xlsx": hostile.far_cell,
    "comma.csv": partial(_text, ",", "utf-8"),
    "semicolon.csv": partial(_text, ";", "cp1252"),
    "tab.tsv": partial(_text, "\t", "utf-16"),
    "ragged.csv": partial(_text, ",", "utf-8", more='T-9,"two\nlines"\n\n,,,,,,,,\nTotal,,,,1\n'),
    "plain.ods": lambda path: formats.ods(path, ROWS),
    "repeated.ods": lambda path: formats.ods(path, ROWS, repeat=50),
    "plain.xls": lambda path: formats.xls(path, ROWS),
    "long.xls": lambda path: formats.xls(path, [ROWS[0], *(ROWS[1 + n % 4] for n in range(200))]),
    "plain.xlsb": lambda path: formats.xlsb(path, ROWS),
    "small.csv": lambda path: _text(",", "ascii", path, rows=[("Task", "Provider"), ("Payroll", "Acme")]),
}


@cache
def workbook(name: str) -> bytes:
    """One of the workbooks, byte for byte the same each time."""
    with tempfile.TemporaryDirectory() as folder:
        data = WORKBOOKS[name](Path(folder) / name).read_bytes()
    if not data.startswith(b"PK"):
        return data
    parts = _parts(data)
    core = "docProps/core.xml"
    if core in parts:  # holds the time of its making
        parts[core] = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?", b"2026-01-01T00:00:00Z", parts[core])
    return _packed(parts)


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _packed(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, data in parts.items():
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            package.writestr(zipfile.ZipInfo(name, _STAMP), data, method)
    return stream.getvalue()


# The damage


def name_of(seed: int) -> str:
    """The workbook that a seed damages."""
    return list(WORKBOOKS)[seed % len(WORKBOOKS)]


def damaged(seed: int) -> bytes:
    """The file of a seed: every call gives the same."""
    chance = random.Random(seed)  # noqa: S311 - damage, not secrets
    data = workbook(name_of(seed))
    if not data.startswith(b"PK") or chance.random() < 0.3:
        return _damage(data, chance)
    parts = _parts(data)
    name = chance.choice([*parts, *(name for name in parts if "sheet" in name or "workbook" in name)])
    parts[name] = _damage(parts[name], chance)
    return _packed(parts)


def _damage(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, _DAMAGES)):
        at = chance.randrange(len(data) + 1)
        data = chance.choice(_DAMAGE)(data, at, chance)
    return data


def _flip(data: bytes, at: int, chance: random.Random) -> bytes:
    return data[:at] + bytes(byte ^ (1 << chance.randrange(8)) for byte in data[at : at + 1]) + data[at + 1 :]


def _other(data: bytes, at: int, chance: random.Random) -> bytes:
    return data[:at] + chance.choice([b"\0", b"\xff", b"<", b'"', bytes([chance.randrange(256)])]) + data[at + 1 :]


def _cut(data: bytes, at: int, chance: random.Random) -> bytes:
    return data[:at] if chance.random() < 0.2 else data[:at] + data[at + chance.randint(1, _SPAN) :]


def _double(data: bytes, at: int, chance: random.Random) -> bytes:
    span = data[at : at + chance.randint(1, _SPAN)]
    return data[:at] + span * chance.randint(2, 4) + data[at + len(span) :]


def _number(data: bytes, at: int, chance: random.Random) -> bytes:
    """The next number in the text becomes another."""
    found = re.compile(rb"\d+").search(data, at)
    return data[: found.start()] + chance.choice(_HUGE) + data[found.end() :] if found else data


_DAMAGE = (_flip, _flip, _other, _cut, _double, _number)


# A seed's way, in a child


def _serve() -> None:
    """Take one job after another from the pipe, as the project's own worker does."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on every system

        bound = 10 * 1024**3  # address space: more is reserved than used
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            job: Job = pickle.loads(receive(sys.stdin.buffer))  # noqa: S301 - from our own parent
        except EOFError:
            return
        send(replies, json.dumps(_answer(job).as_data()).encode())


def _answer(job: Job) -> Outcome:
    seed = int(job.source.stem)
    job.source.write_bytes(damaged(seed))
    try:
        take(job.source, job.workbook, whole_way=seed // len(WORKBOOKS) % _WHOLE_WAY == 0)
    except RefusedError as refused:
        return Outcome(job.source, ExitStatus.REFUSED, str(refused))
    except BaseException as error:  # noqa: BLE001 - a panic is a BaseException
        return Outcome(job.source, ExitStatus.INTERNAL, f"{type(error).__name__}: {_frames(error)}")
    finally:
        job.source.unlink()
        job.workbook.unlink(missing_ok=True)
    return Outcome(job.source, ExitStatus.DONE)


def _frames(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return f"{error} at " + " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))


def take(path: Path, target: Path, *, whole_way: bool) -> None:
    """Read a file and edit it, as a run does. Raises what these raise, and where what was written cannot be opened."""
    from analyzer import intake  # noqa: PLC0415 - the parent needs none of it

    if whole_way:
        _annotate_whole(path, target)
        return
    inventory = intake.read(path, SETTINGS)
    if not inventory.source.package:
        return
    try:
        _annotate(path, target, inventory.tables[0].sheet)
    except RefusedError:  # then a run writes the values into a fresh workbook
        _annotate_whole(path, target)


def _annotate(path: Path, target: Path, sheet: str) -> None:
    """A column beside the table and a property."""
    from analyzer import xlsx  # noqa: PLC0415 - the parent needs none of it
    from analyzer.intake.opening import package_limits  # noqa: PLC0415 - as above

    facts = xlsx.inspect(path, package_limits(SETTINGS), allow_sparse=True)
    (extent,) = (one.extent for one in facts.sheets if one.name == sheet)
    column = xlsx.Column("Quadrant", pl.Series(["In-house onshore"]), style=xlsx.Style(fill="FFF2CC"))
    splice = xlsx.Splice(
        sheet=sheet,
        first_column=min(extent.last_column + 1, 200),
        header_row=1,
        rows=pl.Series([2], dtype=pl.UInt32),
        columns=(column,),
    )
    with target.open("w+b") as stream:
        xlsx.apply(path, stream, xlsx.Edit(splices=(splice,), properties={"policy": "default"}))
    _opened(target)


def _annotate_whole(source: Path, target: Path) -> None:
    from analyzer import pipeline, policy  # noqa: PLC0415 - the parent needs none of it
    from analyzer.report.workbook import write_workbook  # noqa: PLC0415 - as above

    analysis = pipeline.analyze(source, SETTINGS, policy.default(), PERIOD)
    write_workbook(analysis, target)
    _opened(target)


def _opened(target: Path) -> None:
    from analyzer import xlsx  # noqa: PLC0415 - the parent needs none of it

    try:
        xlsx.inspect(target, allow_sparse=True)
    except RefusedError as refused:
        raise AssertionError(f"what was written does not open: {refused.message}") from refused


# The parent


def sweep(seeds: range, processes: int = 2) -> Iterator[Seen]:
    """What became of each seed, in their order."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(processes) as pool:
        lanes = [pool.submit(_lane, Path(folder), seeds[lane::processes]) for lane in range(processes)]
        found = [seen for lane in lanes for seen in lane.result()]
    yield from sorted(found, key=lambda seen: seen.seed)


def _lane(folder: Path, seeds: range) -> list[Seen]:
    """One process after the other through a share of the seeds."""
    with Worker(CHILD) as worker:
        return [_judged(seed, worker.do(_job(folder, seed))) for seed in seeds]


def _job(folder: Path, seed: int) -> Job:
    source = folder / f"{seed}{Path(name_of(seed)).suffix}"
    return Job(Request(SETTINGS, PERIOD), source, folder, source.stem)


_ENDS = (  # words of a refusal: how it came about
    ("ended the reading process (status", RAISED),  # an error of Python itself, not of native code
    ("ended the reading process", ABORTED),
    ("of memory (settings", ABORTED),
    ("Reading it took longer", HUNG),
)


def _judged(seed: int, outcome: Outcome) -> Seen:
    named = {ExitStatus.DONE: READ, ExitStatus.REFUSED: REFUSED}.get(outcome.status, RAISED)
    end = next((end for words, end in _ENDS if words in outcome.message), named)
    if end == REFUSED and not _is_sentence(outcome.message):
        end = RAISED
    return Seen(seed, name_of(seed), end, outcome.message)


def _is_sentence(message: str) -> bool:
    """A refusal says where and what, and names no exception."""
    return ": " in message and not re.search(r"Traceback|Error\b|Exception|Panic|0x[0-9a-f]{6}", message)


def main() -> int:
    """Sweep and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("seeds", type=int, nargs="?", default=10_000)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        _serve()
        return 0
    seen = list(sweep(range(given.first, given.first + given.seeds), given.processes))
    counts = Counter(one.end for one in seen)
    print(
        f"{len(seen):,} seeds: " + ", ".join(f"{counts[end]:,} {end}" for end in (READ, REFUSED, ABORTED, HUNG, RAISED))
    )
    for one in seen:
        if one.end in {*BAD, ABORTED}:
            print(f"  {one.end}: {one.seed} ({one.workbook}) {one.said.splitlines()[0]}")
    return 1 if any(counts[end] for end in BAD) else 0


if __name__ == "__main__":
    sys.exit(main())
