"""``analyzer run``: the main job. Its options are here, its work in ``running``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analyzer.cli.options import PERIOD, config_option, home_option, sheet_option, this_month
from analyzer.runs.launch import end, first

_PATH = click.Path(path_type=Path)
GATES = ("high", "medium", "undetermined", "conflict")


@click.command("run")
@click.argument("files", nargs=-1, required=True, type=_PATH)
@home_option
@click.option("-o", "--out", type=_PATH, help="Folder for the results; without it, beside the input.")
@click.option(
    "--period",
    type=PERIOD,
    default=this_month,
    show_default="this month",
    help="2026-10, or last-month.",
)
@click.option(
    "--previous",
    type=_PATH,
    help="Last period's file or annotated workbook: changes are shown, decisions carried over.",
)
@click.option("--policy", type=_PATH, help="The company's own rules; without it, the default ones.")
@sheet_option
@config_option
@click.option("--strip-active", is_flag=True, help="Leave macros and other active content out of the copy, and say so.")
@click.option("--small", is_flag=True, help="Smaller workbooks, written slower.")
@click.option(
    "--verify", is_flag=True, help="Compare the annotated copy with its source, part by part and cell by cell."
)
@click.option("--workers", type=click.IntRange(1), help="Files worked on at once; without it, one per core.")
@click.option("--dask", metavar="ADDRESS", help="Work on an existing Dask cluster: tcp://HOST:8786.")
@click.option("--fail-if-unchanged", is_flag=True, help="End with status 7 where nothing changed since last period.")
@click.option("--fail-on", type=click.Choice(GATES), help="End with status 7 where a task meets this.")
@click.option("--send", "mailing", is_flag=True, help="Mail each finished result to its recipients.")
@click.option("--dry-run", is_flag=True, help="Say what would be written; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="Silent where all went well.")
def command(files: tuple[Path, ...], **options: Any) -> int:
    """Annotate inventories: a workbook, a report and a summary each.

    A folder is a batch of its files. Results: STEM.annotated.xlsx, STEM.report.html, STEM.summary.json.
    """
    worker = None if options["dry_run"] else first()  # it reads its libraries while this process reads its settings
    try:
        from analyzer.cli.running import run  # noqa: PLC0415 - after the worker's start

        return run(files, options, worker)
    finally:
        if worker is not None:
            end(worker)
