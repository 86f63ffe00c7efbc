"""``analyzer watch``: the drop folder."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any

import click

from analyzer.cli.boundary import say
from analyzer.cli.options import config_option, home_option, in_force, rules_in_force, this_month
from analyzer.cli.send import mailed
from analyzer.errors import ExitStatus, UsageError, worst
from analyzer.runs import batch, claims, plan
from analyzer.runs.inbox import Inbox
from analyzer.runs.job import Outcome
from analyzer.runs.plan import Request


@click.command("watch")
@click.argument("inbox", type=click.Path(path_type=Path, file_okay=False))
@home_option
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Folder for the results; without it, INBOX/results.")
@click.option("--policy", type=click.Path(path_type=Path), help="The company's own rules.")
@click.option("--once", is_flag=True, help="Do what is there and end: for schedulers.")
@click.option("--send", "mailing", is_flag=True, help="Mail each finished result to its recipients.")
@config_option
def command(inbox: Path, config: Path | None, home: str | None, **options: Any) -> int:
    """Annotate what is dropped into INBOX; files move to done/, refused/ or duplicate/.

    Several hosts may watch one folder. Ends with Ctrl-C, or after the files that are there with --once.
    """
    if not inbox.is_dir():
        raise UsageError("There is no such folder", where=str(inbox), hint="Create it, or check the spelling")
    settings = in_force(config, (inbox,), home)
    rules = rules_in_force(options["policy"], config, (inbox,))
    request = Request(settings, this_month().previous, options["out"], rules, small=settings.outputs.small)
    watched = Inbox(inbox, request, partial(batch.run, workers=settings.limits.workers))
    statuses: list[ExitStatus] = []
    for file in claims.recover(inbox):
        say(f"Returned to the inbox after an unfinished run: {file.name}")
    while True:
        statuses = [
            _told(place, outcome, request, mailing=options["mailing"])
            for place, outcome in watched.work(watched.look())
        ]
        if options["once"] and not _waiting(watched):
            return worst(statuses)
        time.sleep(settings.inbox.settle_seconds if options["once"] else settings.inbox.poll_seconds)


def _waiting(watched: Inbox) -> bool:
    """Whether a file is still settling; those put off for an error are left to the next run."""
    return any(path not in watched.later and path.exists() for path in watched.seen)


def _told(place: Path, outcome: Outcome, request: Request, *, mailing: bool) -> ExitStatus:
    if outcome.status is not ExitStatus.DONE:
        say(f"{place.parent.name}/{place.name}: {outcome.message}")
        return outcome.status
    click.echo(f"{place.parent.name}/{place.name}" + (f": {outcome.message}" if outcome.message else ""))
    if not (mailing and outcome.files):
        return outcome.status
    settings = request.settings
    own = settings.companies.get(plan.company_of(outcome.source, settings), settings.company)
    return mailed(outcome, settings.model_copy(update={"company": own}))
