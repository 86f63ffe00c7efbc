"""``analyzer watch``: the drop folder."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, NoReturn

import click

from analyzer.cli.boundary import say
from analyzer.cli.options import config_option, home_option, in_force, rules_in_force, text_of, this_month
from analyzer.cli.send import mailed
from analyzer.errors import ExitStatus, UsageError, WriteError, worst
from analyzer.runs import batch, plan
from analyzer.runs.inbox import GIVE_UP_SECONDS, Inbox
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
    request = Request(
        settings, this_month().previous, options["out"], rules, text_of(rules), small=settings.outputs.small
    )
    pool = batch.Pool(settings.limits.workers)
    watched = Inbox(inbox, request, pool.run)
    with pool:
        if options["once"]:
            return _once(watched, mailing=options["mailing"])
        return _watch(watched, pool, mailing=options["mailing"])


def _watch(watched: Inbox, pool: batch.Pool, *, mailing: bool) -> NoReturn:
    """Look again and again; between two looks no worker stays."""
    said: set[Path] = set()
    while True:
        try:
            _round(watched, said, mailing=mailing)
        except WriteError as error:  # a full disk passes; the watch goes on
            say(f"Error: {error}")
        pool.stop()
        time.sleep(watched.request.settings.inbox.poll_seconds)


def _once(watched: Inbox, *, mailing: bool) -> ExitStatus:
    """Do what is there and end; what is still being copied after a while is left to the next run, and said."""
    statuses: list[ExitStatus] = []
    said: set[Path] = set()
    until = time.monotonic() + 2 * GIVE_UP_SECONDS
    while True:
        statuses += _round(watched, said, mailing=mailing)
        waiting = _waiting(watched)
        if not waiting or time.monotonic() > until:
            break
        time.sleep(watched.request.settings.inbox.settle_seconds)
    for path in waiting:
        say(f"Still being written, left for the next run: {path.name}")
    if not statuses:
        click.echo(f"Nothing to do in {watched.folder}")
    return worst(statuses)


def _round(watched: Inbox, said: set[Path], *, mailing: bool) -> list[ExitStatus]:
    """One look at the inbox and the work it brings; links and devices are named once."""
    for file in watched.recover():
        say(f"Returned to the inbox after an unfinished run: {file.name}")
    ready = watched.look()
    for path in sorted(watched.odd - said):
        say(f"Left alone, since it is no plain file: {path.name}")
    said |= watched.odd
    return [_told(place, outcome, watched.request, mailing=mailing) for place, outcome in watched.work(ready)]


def _waiting(watched: Inbox) -> list[Path]:
    """Files that are still settling; those put off for an error are left to the next run."""
    return [path for path in watched.seen if path not in watched.later and path.exists()]


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
