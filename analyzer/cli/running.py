"""The work of ``analyzer run``: plan, lock, perform, say, index, send."""

from __future__ import annotations

import contextlib
import json
import os.path
import subprocess
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import click

from analyzer.cli.boundary import Terminated, say
from analyzer.cli.options import in_force, rules_in_force, text_of
from analyzer.cli.progress import counting
from analyzer.cli.send import mailed
from analyzer.cli.talk import brief_lines, result_lines, totals_lines
from analyzer.errors import AnalyzerError, ExitStatus, worst
from analyzer.files import sweep
from analyzer.runs import batch, cluster, hooks, lock, plan
from analyzer.runs.job import Outcome
from analyzer.runs.worker import Worker


def run(files: tuple[Path, ...], options: dict[str, Any], first: subprocess.Popen[bytes] | None) -> int:
    """Run over files with the command's options; ``first`` is the worker's process already started."""
    settings = in_force(options["config"], files, options["home"])
    rules = rules_in_force(options["policy"], options["config"], files)
    request = plan.Request(
        settings=settings,
        period=options["period"],
        out=options["out"],
        policy=rules,
        rules=text_of(rules),
        previous=options["previous"],
        sheet=options["sheet"],
        strip_active=options["strip_active"],
        small=options["small"] or settings.outputs.small,
        verify=options["verify"],
    )
    jobs = plan.jobs(files, request)
    if options["dry_run"]:
        return _would_write(jobs)
    status = ExitStatus.INTERNAL
    try:
        for fault in hooks.started(settings.hooks):
            say(fault)
        status = _locked(jobs, options, Worker(started=first))
    except AnalyzerError as error:
        status = error.status
        raise
    except (KeyboardInterrupt, Terminated) as stop:
        status = ExitStatus.TERMINATED if isinstance(stop, Terminated) else ExitStatus.INTERRUPTED
        raise
    finally:
        for fault in hooks.ended(settings.hooks, status):
            say(fault)
    return status


def _locked(jobs: list[plan.Job], options: dict[str, Any], first: Worker) -> ExitStatus:
    """The run itself, with the lock of each folder it writes to."""
    with contextlib.ExitStack() as locks:
        for folder in sorted({job.folder for job in jobs}):
            locks.enter_context(lock.held(folder, say))
        talk = not (options["quiet"] or options["as_json"])
        outcomes = _performed(_work(jobs, options, first), len(jobs), talk=talk)
        outcomes.sort(key=lambda outcome: str(outcome.source))
        if len(jobs) > 1:
            _index(jobs, outcomes, talk=talk)
    if options["as_json"]:
        digests = [outcome.digest for outcome in outcomes if outcome.digest]
        click.echo(json.dumps(digests[0] if len(outcomes) == 1 and digests else digests, indent=2, ensure_ascii=False))
    gates = [options["fail_on"], "unchanged" if options["fail_if_unchanged"] else None]
    statuses = [_status(outcomes, gate) for gate in gates]
    if options["mailing"]:
        statuses += _sent(outcomes, jobs)
    return worst(statuses)


def _work(jobs: list[plan.Job], options: dict[str, Any], first: Worker) -> Generator[Outcome]:
    settings = jobs[0].request.settings
    address = options["dask"] or settings.dask
    if not address:
        return batch.run(jobs, options["workers"] or settings.limits.workers, first)
    first.stop()
    return cluster.run(jobs, address)


def _index(jobs: list[plan.Job], outcomes: list[Outcome], *, talk: bool) -> None:
    """One page over the batch, in the folder that holds all results."""
    from analyzer.report.index import Entry, write_index  # noqa: PLC0415 - one file alone needs no index

    pages = {job.source: job.page for job in jobs}
    entries = [
        Entry(outcome.source.name, outcome.digest, pages[outcome.source], outcome.message) for outcome in outcomes
    ]
    folder = Path(os.path.commonpath([job.folder.absolute() for job in jobs]))
    outputs = jobs[0].request.settings.outputs
    sweep(folder / "index.html")
    write_index(entries, folder / "index.html", str(jobs[0].request.period), outputs.locale, outputs.language)
    if talk:
        click.echo(f"Open {folder / 'index.html'}")


def _sent(outcomes: list[Outcome], jobs: list[plan.Job]) -> list[ExitStatus]:
    """Mail each finished result to its company's recipients."""
    settings = {job.source: job.request.settings for job in jobs}
    finished = [(outcome, settings[outcome.source]) for outcome in outcomes if outcome.status is ExitStatus.DONE]
    return [mailed(outcome, own) for outcome, own in finished]


def _would_write(jobs: list[plan.Job]) -> int:
    for job in jobs:
        click.echo(f"{job.source}")
        for target in job.targets[:3]:
            click.echo(f"  {'would replace' if target.exists() else 'would write'} {target}")
    return ExitStatus.DONE


def _performed(work: Generator[Outcome], files: int, *, talk: bool) -> list[Outcome]:
    outcomes = []
    with contextlib.closing(work) as running, counting(files, talk=talk) as count:
        for outcome in running:
            count()
            outcomes.append(outcome)
            if outcome.status is not ExitStatus.DONE:
                say(f"{'Refused' if outcome.status is ExitStatus.REFUSED else 'Error'}: {outcome.message}")
            elif talk:
                _show(result_lines(outcome) if files == 1 else brief_lines(outcome))
    if talk and files > 1:
        _show(totals_lines(outcomes))
    return outcomes


def _show(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _status(outcomes: list[Outcome], gate: str | None) -> ExitStatus:
    statuses = [outcome.status for outcome in outcomes]
    if gate and any(outcome.digest and outcome.digest["gates"][gate] for outcome in outcomes):
        statuses.append(ExitStatus.GATE)
    return worst(statuses)
