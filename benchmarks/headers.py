"""How many headers of invented registers and lists are mapped right, wrong or missed.

``python -m benchmarks.headers [-v]`` reads the labelled tables of ``tests/labelled`` and prints, file by file, the
columns mapped to a right field, to a wrong one, and missed; with ``-v`` each wrong and missed header. A label names
the fields that are right for a header, ``-`` none, ``?`` any. The files named ``frozen`` are never tuned to.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from analyzer.intake.content import profile
from analyzer.intake.mapping import assign

LABELLED = Path(__file__).parent.parent / "tests" / "labelled"
FILES = ("layouts_frozen.txt", "layouts.txt", "registers_frozen.txt", "registers_tuning.txt")


def tables(name: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Title and lines of each labelled table: header, labels, values."""
    for block in (LABELLED / name).read_text(encoding="utf-8").split("\n== ")[1:]:
        title, *lines = block.strip().splitlines()
        yield title, [line.split(" | ") for line in lines]


def verdicts(lines: list[list[str]]) -> Iterator[tuple[str, str, str]]:
    """Header, verdict and the field found of each column."""
    headers = {index: line[0].strip() for index, line in enumerate(lines)}
    columns = [[text.strip() or None for text in line[2].split(";")] for line in lines]
    profiles = {index: profile(pl.Series(values, dtype=pl.String)) for index, values in enumerate(columns)}
    found = {choice.column: choice.match.field.value for choice in assign(headers, profiles).chosen}
    for index, line in enumerate(lines):
        wanted = {label.strip() for label in line[1].split("/")}
        field = found.get(index, "-")
        right = bool(wanted & {field, "?"})
        yield headers[index], "right" if right else "missed" if field == "-" else "wrong", field


def main() -> None:
    """Print the figures; status 1 where a header is mapped wrong."""
    wrong = 0
    for name in FILES:
        counts: Counter[str] = Counter()
        for title, lines in tables(name):
            for header, verdict, field in verdicts(lines):
                counts[verdict] += 1
                if "-v" in sys.argv and verdict != "right":
                    print(f"  {title}: {header}: {verdict} {field}")
        total = counts.total()
        shares = ", ".join(
            f"{kind} {counts[kind]} ({counts[kind] / total:.1%})" for kind in ("right", "wrong", "missed")
        )
        print(f"{name}: {total} columns: {shares}")
        wrong += counts["wrong"]
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
