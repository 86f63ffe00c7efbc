"""What a run says of its results, from the same digest that ``--json`` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from analyzer.errors import ExitStatus, plain
from analyzer.runs.job import Outcome

_FINDINGS_SHOWN = 8


def result_lines(outcome: Outcome) -> Iterator[str]:
    """A file's result: what was read, what was assumed, the quadrants, the risks, the files, and what to open."""
    digest = outcome.digest or {}
    yield from reading_lines(digest)
    yield from tally_lines(digest)
    yield from finding_lines(digest)
    yield "  Written:"
    yield from (f"    {file}" for file in outcome.files)
    page = next((file for file in outcome.files if file.name.endswith(".html")), None)
    if page:
        yield f"Open {page.resolve()}"


def brief_lines(outcome: Outcome) -> Iterator[str]:
    """A file of a batch in three lines; the rest is in its report."""
    digest = outcome.digest or {}
    yield from reading_lines(digest)
    yield from tally_lines(digest)


def tally_lines(digest: dict[str, Any]) -> Iterator[str]:
    """The quadrants and the risk levels."""
    yield "  " + " · ".join(f"{tally['tasks']:,} {name}" for name, tally in digest["quadrants"].items())
    yield "  Risk level of tasks: " + ", ".join(f"{count:,} {name}" for name, count in digest["risk_levels"].items())


def reading_lines(digest: dict[str, Any]) -> Iterator[str]:
    """Where the table was found, and how its rows were counted."""
    counts, source = digest["counts"], digest["source"]
    where = ", ".join(f"{table['sheet']}, header in row {table['header_row']}" for table in source["tables"])
    yield f"{source['name']} > {where}"
    aside = f" + {counts['set_aside']:,} set aside" if counts["set_aside"] else ""
    outside = f", {counts['not_in_totals']:,} of them not in totals" if counts["not_in_totals"] else ""
    yield f"  {_many(counts['rows'], 'row')} read = {_many(counts['tasks'], 'task')}{aside}{outside}"


def columns_of(digest: dict[str, Any]) -> Iterator[str]:
    """Each mapped column with its evidence, in the order of the sheet."""
    for column in digest["mapping"]:
        mark = "  (assumed)" if column["assumed"] else ""
        header = _flat(column["header"])[:38]
        yield f"  {column['letter']:>3}  {header:38}  {_spoken(column):24}  {column['evidence']}{mark}"


def finding_lines(digest: dict[str, Any], shown: int = _FINDINGS_SHOWN, *, remedies: bool = False) -> Iterator[str]:
    """The findings that matter most, in the message form."""
    findings = digest["findings"]
    for finding in findings[:shown]:
        yield f"  {finding['weight']}: {plain(finding['message'])}"
        if remedies and finding["remedy"]:
            yield f"      {finding['remedy']}"
    if len(findings) > shown:
        yield f"  and {len(findings) - shown} more kinds of findings: see Needs attention"


def totals_lines(outcomes: list[Outcome]) -> Iterator[str]:
    """The batch in a line."""
    ends = Counter(outcome.status for outcome in outcomes)
    tasks = sum(outcome.digest["counts"]["tasks"] for outcome in outcomes if outcome.digest)
    done = ends[ExitStatus.DONE]
    yield f"{len(outcomes):,} files: {done:,} done, {len(outcomes) - done:,} not; {tasks:,} tasks"


def _spoken(column: dict[str, Any]) -> str:
    return str(column["field"]).replace("_", " ")


def _flat(header: str) -> str:
    return plain(" ".join(header.split()))


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
