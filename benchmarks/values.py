"""How well places and values are read, and how fast: ``python -m benchmarks.values [--errors] [--no-times]``.

Prints, for the tuning and the frozen half of ``tests/labelled``, how many texts are right, rightly flagged, flagged
though readable, and silently wrong; then the seconds for 100,000 distinct messy texts of each kind. Exits 0 when the
frozen half is at least 97 % right or rightly flagged with at most 1 % silently wrong and no kind takes 5 s of the
processor: the clock of a shared machine says more about its other work.
``--errors`` lists what went wrong in the tuning half, never in the frozen one.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from analyzer.fields import FIELDS
from analyzer.intake.values import ValueContext, read_values
from analyzer.model import Column
from analyzer.settings import Columns, Settings
from analyzer.terms import Field, PlaceReading

LABELLED = Path(__file__).parent.parent / "tests" / "labelled"
PEERS = {  # columns that a labelled text may stand in
    "codes": ["GB", "FR", "US", "PL", "ES", "DE", "SE", "NL"],
    "codes3": ["GBR", "FRA", "USA", "POL", "ESP", "DEU", "SWE"],
    "names": ["Germany", "France", "India", "Poland", "United States", "Spain"],
    "states": ["NY", "TX", "FL", "OH", "WA", "NJ", "PA"],
    "cities": ["London", "Leeds", "Manchester", "Bristol"],
}
FIELD_OF = {
    "number": Field.FTE,
    "money": Field.ANNUAL_COST,
    "date": Field.START_DATE,
    "end": Field.END_DATE,
    "days": Field.NOTICE_DAYS,
    "yes-no": Field.CORE,
    "place": Field.DELIVERY_COUNTRY,
    "provider": Field.PROVIDER,
}
READINGS = {"home word": "home", "abroad word": "abroad", "nowhere": "nowhere", "blank": "blank"}
SURE_ENOUGH, SILENT, SECONDS = 0.97, 0.01, 5.0


class Case(NamedTuple):
    """One labelled text: ``expected`` are the answers that are right."""

    kind: str
    home: str
    column: str
    text: str
    expected: tuple[str, ...]


def cases(name: str) -> list[Case]:
    """The labelled texts of one file of ``tests/labelled``."""
    with (LABELLED / f"{name}.tsv").open(encoding="utf-8") as lines:
        rows = list(
            csv.reader((line for line in lines if not line.startswith("# ")), delimiter="\t", quoting=csv.QUOTE_NONE)
        )
    head, body = rows[0], rows[1:]
    records = [dict(zip(head, row, strict=True)) for row in body]
    return [
        Case(
            one.get("kind", "place"),
            one.get("home", "GB"),
            one["column"],
            one["text"],
            tuple(one["expected"].split("|")),
        )
        for one in records
    ]


def answer(case: Case) -> str:
    """What the readers make of a labelled text, in the words of the labelled files."""
    field = FIELD_OF[case.kind]
    settings = (
        Settings(columns=(Columns(day_first=case.column == "day_first"),)) if "_first" in case.column else Settings()
    )
    peers = PEERS.get(case.column) or ([] if "_first" in case.column else case.column.split(" ; "))
    texts = [case.text, *(peer for peer in peers if peer and peer != case.text)]
    raw = pl.DataFrame(
        {"sheet": "Tasks", "row": [str(2 + row) for row in range(len(texts))], "home": case.home, field.value: texts}
    )
    read = read_values(raw, ValueContext((Column(field, "Tasks", 0, "A", FIELDS[field].title, ""),), settings))
    return _in_words(case, read.frame.row(0, named=True), read.status[field.value][0])


def _in_words(case: Case, row: dict[str, object], status: str) -> str:
    if case.kind == "place":
        return _place(row)
    value = row[FIELD_OF[case.kind].value]
    if value is None:
        return "blank" if status in {"blank", "corrected"} else "flag"
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    if isinstance(value, float) and value == int(value):
        text = str(int(value))
    return f"{text} {row['annual_cost_currency'] or ''}".strip() if case.kind == "money" else text


def _place(row: dict[str, object]) -> str:
    codes, shares = row["delivery_country"], row["delivery_shares"]
    reading = row["delivery_reading"]
    if isinstance(codes, list) and isinstance(shares, list):
        return " ".join(f"{code}:{share * 100:.3g}" for code, share in zip(codes, shares, strict=True))
    if isinstance(codes, list):
        return " ".join(codes)
    if reading == PlaceReading.REGION:
        return "region-abroad" if row["delivery_abroad"] else "region"
    return READINGS.get(str(reading), "flag")


def verdict(case: Case, got: str) -> str:
    """``right``, ``rightly flagged``, ``flagged though readable`` or ``silently wrong``."""
    if got in case.expected:
        return "rightly flagged" if got == "flag" else "right"
    return "flagged though readable" if got in {"flag", "nowhere", "region"} else "silently wrong"


def score(name: str, *, show: bool) -> bool:
    """Print one labelled file's figures; whether they are good enough."""
    labelled = cases(name)
    verdicts: Counter[str] = Counter()
    for case in labelled:
        got = answer(case)
        kind = verdict(case, got)
        verdicts[kind] += 1
        if show and not kind.startswith("right"):
            expected = "|".join(case.expected)
            print(f"    {kind}: {case.kind} [{case.home}|{case.column}] {case.text!r}: {got!r}, expected {expected}")
    sure = (verdicts["right"] + verdicts["rightly flagged"]) / len(labelled)
    silent = verdicts["silently wrong"] / len(labelled)
    counts = " · ".join(
        f"{verdicts[kind]} {kind}" for kind in ("right", "rightly flagged", "flagged though readable", "silently wrong")
    )
    print(
        f"{name}: {len(labelled)} texts · {counts} · {sure:.1%} right or rightly flagged, {silent:.1%} silently wrong"
    )
    return sure >= SURE_ENOUGH and silent <= SILENT


def letters(number: int) -> str:
    """A word of its own for each number."""
    word = ""
    while number:
        number, letter = divmod(number, 26)
        word += chr(ord("a") + letter)
    return f"Q{word}x"


def messy(kind: str, count: int) -> list[str]:
    """Distinct texts of a kind, none of them as a machine would write it."""
    cities = [
        "Bangalore",
        "Kraków",
        "San Martin CA",
        "Manila, PH",
        "IN 60 % / GB 40 %",
        "Offshore - India",
        "APAC",
        "München",
    ]
    forms = {
        "place": lambda n: f"{cities[n % 8]} - Tower {n}" if n % 2 else f"{letters(n)} House, {cities[n // 2 % 8]}",
        "money": lambda n: (f"£{n / 10:,.1f}k", f"EUR {n}.234,50", f"({n},500)", f"{n} TEUR", f"USD {n}/h")[n % 5],
        "number": lambda n: (f"{n:,}.5", f"{n} FTE", f"{n}-{n + 9}", f"~{n}", f"{n},5")[n % 5],
        "date": lambda n: (f"{1 + n % 28}.3.{1950 + n // 672}", f"{n}. März 2024", f"Q{n}", f"{n}/7/2025", f"Jul-{n}")[
            n % 5
        ],
        "yes-no": lambda n: ("Yes", "nein", "partly", "a) oui", "n/a")[n % 5] + f" ({n})",
        "provider": lambda n: (
            f"Acme {n} Ltd",
            f"Hart & Moss {n}",
            f"Internal + Acme {n}",
            f"Jo Smith {n}",
            f"TBD {n}",
        )[n % 5],
    }
    return [forms[kind](n) for n in range(count)]


def timings(count: int = 100_000) -> Iterator[tuple[str, float, float]]:
    """Kind, seconds of the processor (all threads) and of the clock for ``count`` distinct messy texts."""
    for kind in ("place", "money", "number", "date", "yes-no", "provider"):
        field = FIELD_OF[kind]
        raw = pl.DataFrame(
            {"sheet": "Tasks", "row": [str(n) for n in range(count)], "home": "GB", field.value: messy(kind, count)}
        )
        start, worked = time.perf_counter(), time.process_time()
        read_values(raw, ValueContext((Column(field, "Tasks", 0, "A", FIELDS[field].title, ""),), Settings()))
        yield kind, time.process_time() - worked, time.perf_counter() - start


def main(arguments: list[str]) -> int:
    """Print all figures; 0 if they are good enough."""
    show = "--errors" in arguments
    for name in ("tuning_places", "tuning_values"):
        score(name, show=show)
    frozen = (
        [score(name, show=False) for name in ("frozen_places", "frozen_values")] if "--tuning" not in arguments else []
    )
    quick = []
    for kind, seconds, clock in timings() if "--no-times" not in arguments else ():
        print(f"100,000 distinct texts, {kind}: {seconds:.2f} s of the processor, {clock:.2f} s by the clock")
        quick.append(seconds < SECONDS)
    return 0 if all((*frozen, *quick)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
