"""Run the main job over a folder of real inventories and write what was found and mapped as a Markdown table.

    python -m benchmarks.real_inventories FOLDER [--write docs/real-inventories.md]

``FOLDER/EXPECT.tsv`` names each file's home country and the status it should end with; without it every file is run
for GB and no status is expected. Ends with 1 where a status differs or a row is lost.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LISTS = {"EXPECT.tsv", "GOLD_MAPPING.tsv", "MANIFEST.tsv"}  # what a folder says of its files
READABLE = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file should end with."""

    home: str = "GB"
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a file ended with: its status, the digest where there is one, and what was said."""

    file: str
    expected: Expected
    status: int
    digest: dict[str, Any] | None
    said: str

    @property
    def kept_all_rows(self) -> bool:
        """Rows read = tasks + set aside."""
        if self.digest is None:
            return True
        counts = self.digest["counts"]
        return bool(counts["rows"] == counts["tasks"] + counts["set_aside"])

    @property
    def right(self) -> bool:
        """The status expected, and no row lost."""
        return self.kept_all_rows and self.expected.status in {None, self.status}


def expectations(folder: Path) -> dict[str, Expected]:
    path = folder / "EXPECT.tsv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t")
        return {row["file"]: Expected(row["home"], int(row["status"])) for row in rows}


def run(path: Path, expected: Expected, out: Path) -> Result:
    command = [sys.executable, "-m", "analyzer", "run", str(path), "--home", expected.home, "-o", str(out), "--json"]
    done = subprocess.run([*command, "--period", "2026-10"], capture_output=True, text=True, check=False)
    digest = json.loads(done.stdout) if done.returncode == 0 else None
    return Result(path.name, expected, done.returncode, digest, done.stderr.strip().replace(str(path.parent) + "/", ""))


def results(folder: Path) -> Iterator[Result]:
    wanted = expectations(folder)
    with tempfile.TemporaryDirectory() as out:
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in READABLE and path.name not in LISTS:
                yield run(path, wanted.get(path.name, Expected()), Path(out))


def line(result: Result) -> str:
    mark = "right" if result.right else "**wrong**"
    if result.digest is None:
        said = result.said.splitlines()[0] if result.said else ""
        return f"| {result.file} | {result.expected.home} | {result.status} ({mark}) | {cell(said)} | | | |"
    digest = result.digest
    tables = ", ".join(f"{table['sheet']}, row {table['header_row']}" for table in digest["source"]["tables"])
    counts = digest["counts"]
    rows = f"{counts['rows']:,} = {counts['tasks']:,} + {counts['set_aside']:,}"
    named = (_column(column) for column in digest["mapping"])
    mapping = "; ".join(dict.fromkeys(named))  # several sheets of one layout say the same
    quadrants = ", ".join(f"{tally['tasks']:,} {name}" for name, tally in digest["quadrants"].items() if tally["tasks"])
    start = f"| {result.file} | {result.expected.home} | {result.status} ({mark}) | {cell(tables)} | {rows} "
    return f"{start}| {cell(mapping)} | {cell(quadrants)} |"


def _column(column: dict[str, Any]) -> str:
    mark = "?" if column["assumed"] else ""
    return f"{column['field']} ← {' '.join(column['header'].split())} ({column['letter']}){mark}"


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def page(found: list[Result]) -> str:
    right = sum(result.right for result in found)
    return "\n".join(
        [
            "# Real inventories",
            "",
            "What the main job finds in public inventories that no one wrote for it. None of the files is part of the",
            "project; this page is written, for any folder, by",
            "`python -m benchmarks.real_inventories FOLDER --write docs/real-inventories.md`.",
            "A header followed by `?` was assumed, and every output says so. Rows are `read = tasks + set aside`.",
            "",
            f"{len(found)} files, {right} as expected.",
            "",
            "| file | home | status | table found, or what was said | rows | fields | quadrants |",
            "|---|---|---|---|---|---|---|",
            *(line(result) for result in found),
            "",
        ]
    )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--write", type=Path)
    given = options.parse_args()
    found = []
    for result in results(given.folder):
        print(line(result), flush=True)
        found.append(result)
    if given.write:
        given.write.write_text(page(found), encoding="utf-8")
    print(f"{len(found)} files, {sum(result.right for result in found)} as expected")
    return 0 if all(result.right for result in found) else 1


if __name__ == "__main__":
    sys.exit(main())
