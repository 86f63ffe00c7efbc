"""``analyzer check``: how a file is read, before anything is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from analyzer.cli.boundary import say
from analyzer.cli.options import config_option, home_option, in_force, sheet_option, this_month
from analyzer.cli.talk import columns_of, finding_lines, reading_lines
from analyzer.errors import ExitStatus
from analyzer.runs.job import Outcome
from analyzer.runs.plan import Request, job
from analyzer.runs.worker import Worker


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@home_option
@sheet_option
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print the reading as JSON on stdout.")
def command(file: Path, home: str | None, sheet: str | None, config: Path | None, *, as_json: bool) -> int:
    """Show how FILE is read: its table, each mapped column with its evidence, what is assumed; writes nothing."""
    outcome = read(file, home, sheet, config)
    if outcome.digest is None:
        say(f"Refused: {outcome.message}")
        return outcome.status
    if as_json:
        click.echo(json.dumps(outcome.digest, indent=2, ensure_ascii=False))
    else:
        for line in _lines(outcome.digest):
            click.echo(line)
    return ExitStatus.DONE


def read(file: Path, home: str | None, sheet: str | None, config: Path | None) -> Outcome:
    """A file read in a worker: its reading as a digest, or why it was refused."""
    request = Request(in_force(config, (file,), home), this_month(), sheet=sheet, reading_only=True)
    with Worker() as worker:
        return worker.do(job(file, request, ""))


def _lines(digest: dict[str, Any]) -> Iterator[str]:
    yield from reading_lines(digest)
    for group in digest["set_aside"]:
        rest = group["count"] - len(group["first"])
        more = f" and {rest:,} more" if rest else ""
        yield f"  set aside as {group['reason']}: {', '.join(group['first'])}{more}"
    yield ""
    yield from columns_of(digest)
    unmatched = [header for table in digest["source"]["tables"] for header in table["unmatched"] if header]
    if unmatched:
        yield ""
        yield f"  Not used ({len(unmatched)}): {', '.join(' '.join(header.split()) for header in unmatched)}"
    if digest["findings"]:
        yield ""
        yield from finding_lines(digest, shown=len(digest["findings"]), remedies=True)
