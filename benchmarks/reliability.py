"""The reliability matrix, run: each case by the tests that bear its number.

``python -m benchmarks.reliability [RESULTS.xml]`` runs all tests (or reads a JUnit file of a run) and says, by section,
how many cases passed. A case has passed where none of its tests failed and one at least was not skipped. Ends with 1
where a case did not pass.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parent.parent
NUMBERS = re.compile(r"test_((?:[a-k]\d+_)+)")


def cases() -> list[str]:
    """The numbers of the matrix, in order."""
    lines = (ROOT / "tests" / "matrix.txt").read_text(encoding="utf-8").splitlines()
    return [number for number, _, _ in (line.partition(" ") for line in lines) if len(number) > 1]


def results(report: Path) -> dict[str, list[str]]:
    """What became of each case's tests: passed, failed or skipped."""
    found: dict[str, list[str]] = defaultdict(list)
    for test in ET.parse(report).iter("testcase"):  # noqa: S314 - written by our own run
        numbers = NUMBERS.match(test.get("name") or "")
        if numbers:
            children = {child.tag for child in test}
            outcome = "failed" if children & {"failure", "error"} else "skipped" if "skipped" in children else "passed"
            for number in numbers[1].strip("_").split("_"):
                found[number.upper()].append(outcome)
    return dict(found)


def passed(outcomes: list[str]) -> bool:
    """Whether a case was shown."""
    return "failed" not in outcomes and "passed" in outcomes


def main(report: Path | None) -> int:
    """A line per section, the cases that did not pass, the totals."""
    with tempfile.TemporaryDirectory() as folder:
        if report is None:
            report = Path(folder) / "results.xml"
            command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", f"--junitxml={report}"]
            subprocess.run(command, cwd=ROOT, check=False)
        found = results(report)
    numbers = cases()
    missed = [number for number in numbers if not passed(found.get(number, []))]
    for section in sorted({number[0] for number in numbers}):
        mine = [number for number in numbers if number[0] == section]
        good = [number for number in mine if number not in missed]
        print(f"{section}: {len(good)} of {len(mine)} cases passed, {sum(len(found.get(n, [])) for n in mine)} tests")
    for number in missed:
        print(f"{number} did not pass: {', '.join(found.get(number, ['no test bears its number']))}")
    skipped = sum(outcome == "skipped" for outcomes in found.values() for outcome in outcomes)
    print(f"{len(numbers) - len(missed)} of {len(numbers)} cases passed; {skipped} of their tests skipped")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
