"""Tagging alone, frames in memory: seconds and memory for a million tasks under all rules, and how time grows.

python -m benchmarks.tagging [tasks]
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from analyzer import policy, risks
from analyzer.fields import FIELDS, Kind
from analyzer.model import DTYPES, KEY, Inventory, Period, Placement, Source
from analyzer.policy import Policy
from analyzer.risks.book import chapters
from analyzer.terms import Field

PERIOD = Period(2026, 10)


def read_by(rules: Policy) -> set[str]:
    """The fields that any rule reads."""
    book = (*chapters(rules), *chapters(rules, portfolio=True))
    return {field for chapter in book for field in chapter.coverage} | {Field.TASK_NAME, *GATES}


GATES = (Field.PROVIDER, Field.PROVIDER_GROUP, Field.DELIVERY_COUNTRY, Field.PERSONAL_DATA)  # beside the rules' own
BLANK = 7  # empty cells of ten in a column
SOURCING = ("in-house",) * 12 + ("outsourced",) * 6 + ("mixed", "unknown")
LOCATION = ("onshore",) * 12 + ("offshore",) * 6 + ("mixed", "unknown")
READ = tuple(field for field in FIELDS if field in read_by(policy.default()))
TARGET_SECONDS, TARGET_MB = 15, 3_000


def dice(rows: int, sides: int, seed: str) -> pl.Series:
    """Throws of a die with ``sides`` sides, the same for the same seed."""
    return pl.int_range(rows, eager=True).hash(seed=sum(map(ord, seed))) % sides


def column(field: Field, rows: int) -> pl.Series:
    """A column of plausible values, seven in ten of them blank."""
    spec = FIELDS[field]
    numbers = dice(rows, 1_000, field)
    match spec.kind:
        case Kind.NUMBER | Kind.MONEY:
            values = numbers.cast(pl.Float64)
        case Kind.DATE:
            values = pl.Series([date(2019, 1, 1) + timedelta(days=day) for day in range(4_000)]).gather(numbers * 4)
        case Kind.PLACE:
            values = pl.Series(["GB", "IN", "PL", "PH", "US"]).gather(numbers % 5)
        case Kind.PLACES:
            values = pl.Series([["GB"], ["IN"], ["PL"], ["PH", "IN"], ["US"]]).gather(numbers % 5)
        case Kind.TEXTS:
            values = pl.Series([["Ada Ltd"], ["Bode plc", "Cree"], ["Dorn GmbH"]]).gather(numbers % 3)
        case Kind.TEXT:
            values = pl.Series([f"{spec.title} {number}" for number in range(1_000)]).gather(numbers)
        case _:
            values = pl.Series(spec.values).gather(numbers % len(spec.values))
    blank = dice(rows, 10, f"{field} blank") < BLANK
    return pl.select(pl.when(~blank).then(values)).to_series().cast(DTYPES[spec.kind]).alias(field)


def stages(rows: int) -> tuple[Inventory, Placement]:
    """An inventory with every field and its placement."""
    key = pl.int_range(rows, dtype=pl.UInt32, eager=True).alias(KEY)
    fields = [column(field, rows) for field in READ]
    currencies = [
        pl.Series(f"{field}_currency", ["GBP"]).new_from_index(0, rows)
        for field in READ
        if FIELDS[field].kind is Kind.MONEY
    ]
    place = [pl.Series("sheet", ["Tasks"]), pl.Series("home", ["GB"]), pl.Series("hidden", [False])]
    tasks = pl.DataFrame(
        [key, (key + 2).alias("row"), *(one.new_from_index(0, rows) for one in place), *fields, *currencies]
    )
    raw = tasks.select(KEY, *(_raw(field) for field in READ))
    status = tasks.select(KEY)  # no rule of a task reads it
    sourcing, location = (
        pl.Series(words).gather(dice(rows, len(words), words[-2])) for words in (SOURCING, tuple(reversed(LOCATION)))
    )
    frame = tasks.select(
        KEY,
        pl.lit("Undetermined").alias("quadrant"),
        sourcing.alias("sourcing"),
        location.alias("location"),
        pl.lit([], pl.List(pl.String)).alias("subtypes"),
        pl.lit(None, pl.Float64).alias("offshore_share"),
        pl.lit(value=True).alias("in_totals"),
        pl.lit(None, pl.String).alias("outside"),
        pl.lit(value=False).alias("conflict"),
    )
    source = Source(Path("made.xlsx"), "", 0, "xlsx", ("Tasks",))
    return Inventory(source, tasks, raw, status, (), (), pl.DataFrame()), Placement(frame)


def _raw(field: Field) -> pl.Expr:
    lists = FIELDS[field].kind in {Kind.TEXTS, Kind.PLACES}
    return pl.col(field).list.join("; ") if lists else pl.col(field).cast(pl.String)


def measure(rows: int) -> tuple[float, float]:
    """Tag ``rows`` tasks and print what it took: seconds by the clock and of processor time."""
    inventory, placement = stages(rows)
    before = _peak()
    start, busy = time.perf_counter(), time.process_time()
    assessment = risks.assess(inventory, placement, policy.default(), PERIOD)
    seconds, cpu = time.perf_counter() - start, time.process_time() - busy
    lines = assessment.ledger.height
    memory = f"peak {_peak():,.0f} MB, of it {before:,.0f} MB before"
    print(f"{rows:>9,} tasks  {seconds:6.2f} s  {cpu:6.2f} CPU s  {lines:>10,} ledger lines  {memory}")
    return seconds, cpu


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    sizes = [most // 4, most // 2, most]
    times = [measure(size) for size in sizes]
    clock, cpu = (last / first / 4 for first, last in zip(times[0], times[-1], strict=True))
    print(f"time per task at {sizes[-1]:,} over {sizes[0]:,}: {clock:.2f} by the clock, {cpu:.2f} of CPU (1 is linear)")
    print(f"targets at 1,000,000 tasks: {TARGET_SECONDS} s, {TARGET_MB:,} MB")
    return int(most >= 1_000_000 and (times[-1][0] > TARGET_SECONDS or _peak() > TARGET_MB))


if __name__ == "__main__":
    sys.exit(main())
