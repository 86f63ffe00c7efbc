"""How well headers are mapped, against a gold file: ``python -m benchmarks.mapping FOLDER GOLD``.

GOLD is tab-separated: file, sheet (``-`` for a text file), header_row, first_row, last_row, field (``a|b``: either is
right), column (its header), required (Y, or N: may be missed, never wrong). A column is *right* where one of its
fields was found in it, *wrong* where it was taken for another field or its field was found only in other columns,
else *missed*. Status 0 only when every header row is right, at least 95 % of the required columns are right and none
is wrong.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from analyzer.errors import RefusedError
from analyzer.intake.headers import normal
from analyzer.intake.opening import Book, open_book
from analyzer.intake.survey import Found, examine
from analyzer.settings import Settings
from analyzer.xlsx.addresses import letters

ENOUGH = 0.95  # share of required columns that must be right
Gold = dict[str, str]


@dataclass
class Score:
    """Counts of one file, or of all."""

    rows_right: int = 0
    rows: int = 0
    required: int = 0
    required_right: int = 0
    columns: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    remarks: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Count another file in."""
        for name in ("rows_right", "rows", "required", "required_right", "columns", "right", "wrong", "missed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def passes(self) -> bool:
        """Whether nothing is wrong and enough is right."""
        return self.rows_right == self.rows and not self.wrong and self.required_right >= ENOUGH * self.required

    def __str__(self) -> str:
        return (
            f"header rows {self.rows_right}/{self.rows} · required {self.required_right}/{self.required} · "
            f"all: right {self.right}/{self.columns}, wrong {self.wrong}, missed {self.missed}"
        )


def score(book: Book | None, golds: Iterable[Gold]) -> Score:
    """The score of one file's gold lines; without a book everything is missed."""
    total = Score()
    for sheet, group in groupby(golds, key=lambda gold: gold["sheet"]):
        lines = list(group)
        found = _table(book, sheet) if book else None
        total.rows += 1
        if found is not None and found.layout.header.row == int(lines[0]["header_row"]):
            total.rows_right += 1
        else:
            at = found.layout.header.row if found else "none"
            total.remarks.append(f"{sheet}: header row {at}, not {lines[0]['header_row']}")
        for gold in lines:
            _judge(total, gold, found, lines)
    return total


def _table(book: Book, sheet: str) -> Found | None:
    name = next((name for name in book.sheets if name == sheet), book.sheets[0])
    return examine(book.tab(name), Settings())


def _judge(total: Score, gold: Gold, found: Found | None, lines: list[Gold]) -> None:
    required = gold["required"].strip().upper().startswith("Y")
    total.columns += 1
    total.required += required
    verdict = _verdict(gold, found, lines) if found else "missed"
    if verdict == "right":
        total.right += 1
        total.required_right += required
    elif verdict == "missed":
        total.missed += 1
    else:
        total.wrong += 1
    if verdict != "right":
        total.remarks.append(
            f'{gold["sheet"]}: {gold["field"]} in "{gold["column"]}" {"(required) " * required}{verdict}'
        )


def _verdict(gold: Gold, found: Found, lines: list[Gold]) -> str:
    wanted = set(gold["field"].split("|"))
    taken: dict[str, set[str]] = defaultdict(set)
    for choice in found.mapped.chosen:
        for name in _names(found, choice.column):
            taken[name].add(choice.match.field.value)
    here = taken.get(normal(gold["column"]), set()) | taken.get(gold["column"], set())
    if here & wanted:
        return "right"
    if here:
        return f"wrong: taken for {', '.join(sorted(here))}"
    others = {normal(line["column"]) for line in lines if set(line["field"].split("|")) & wanted}
    elsewhere = [
        name for name, fields in taken.items() if fields & wanted and name not in others and len(name) > len("ABC")
    ]
    settled = any(fields & wanted for name, fields in taken.items() if name in others)
    return f'wrong: found in "{elsewhere[0]}"' if elsewhere and not settled else "missed"


def _names(found: Found, column: int) -> tuple[str, ...]:
    """What a gold file may call a column: its header, its group and header, its letter."""
    text = found.layout.headers.get(column, "")
    group = found.layout.header.groups.get(column, "")
    return normal(text), normal(f"{group} {text}"), letters(column)


def main(folder: Path, gold: Path) -> int:
    """Print the score of each file and of all; status 0 where it passes."""
    with gold.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream, delimiter="\t"))
    total = Score()
    for name, group in groupby(lines, key=lambda line: line["file"]):
        try:
            book: Book | None = open_book(folder / name, Settings())
        except RefusedError as error:
            print(f"{name}: {error}")
            book = None
        result = score(book, group)
        total.add(result)
        print(f"{name}: {result}")
        for remark in result.remarks:
            print(f"    {remark}")
    print(f"ALL: {total}")
    print("passed" if total.passes else "not passed")
    return 0 if total.passes else 1


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("python -m benchmarks.mapping FOLDER GOLD")
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
