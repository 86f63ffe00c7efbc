"""``analyzer policy``: show, check, test and compare the rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.cli.options import PERIOD, config_option, home_option, sheet_option, this_month
from analyzer.errors import ExitStatus, UsageError
from analyzer.period import Period

if TYPE_CHECKING:
    import polars as pl

    from analyzer.policy import Policy
    from analyzer.policy.schema import Risk
    from analyzer.risks.examples import Trials

_PATH = click.Path(path_type=Path)
DEFAULT = "default"
_SHOWN = 20


@click.group("policy")
def command() -> None:
    """Show, check, test and compare the rules."""


@command.command("show")
@click.argument("file", type=_PATH, required=False)
@click.option("--risk", "slug", help="One risk alone, by its id.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a policy file, for editors.")
def show(file: Path | None, slug: str | None, *, schema: bool) -> int:
    """Show the rules in force in plain words: those of FILE, else the default ones."""
    from analyzer import policy  # noqa: PLC0415 - imported when it is needed

    if schema:
        click.echo(json.dumps(policy.json_schema(), indent=2))
        return ExitStatus.DONE
    rules = _loaded(file)
    if slug is not None and slug not in rules.risk:
        raise UsageError(f'No risk is called "{slug}"', hint=f"There are: {', '.join(rules.risk)}")
    click.echo(_named(rules))
    for one, risk in rules.risk.items():
        if slug in {None, one}:
            for line in _risk_lines(one, risk):
                click.echo(line)
    return ExitStatus.DONE


@command.command("check")
@click.argument("file", type=_PATH, required=False)
def check(file: Path | None) -> int:
    """Check the rules of FILE: every fault with its line, then gaps and rules that get in each other's way."""
    from analyzer import policy  # noqa: PLC0415 - imported when it is needed

    rules = _loaded(file)
    found = policy.conflicts(rules)
    count = sum(len(risk.indicator) + len(risk.control) + len(risk.rule) for risk in rules.risks.values())
    click.echo(f"{_named(rules)}: {len(rules.risks)} risks, {count} rules, no faults")
    for conflict in found:
        click.echo(f"  {conflict.kind}: {conflict.where}: {conflict.text}")
    click.echo(f"{len(found)} gaps and conflicts" if found else "No gaps, no conflicts")
    return ExitStatus.DONE


@command.command("test")
@click.argument("file", type=_PATH, required=False)
def test(file: Path | None) -> int:
    """Run the examples beside the rules of FILE, else of the default ones. Ends with 7 where one fails."""
    from analyzer import risks  # noqa: PLC0415 - frames are imported when they are needed

    rules = _loaded(file)
    trials = risks.try_examples(rules)
    click.echo(_named(rules))
    for line in _trial_lines(trials):
        click.echo(line)
    return ExitStatus.GATE if trials.failed else ExitStatus.DONE


@command.command("diff")
@click.argument("old", type=_PATH)
@click.argument("new", type=_PATH)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@home_option
@click.option("--period", type=PERIOD, default=this_month, show_default="this month", help="2026-10, or last-month.")
@sheet_option
@config_option
def diff(
    old: Path, new: Path, file: Path, home: str | None, period: Period, sheet: str | None, config: Path | None
) -> int:
    """Show which tasks of FILE change tags from policy OLD to policy NEW; "default" names the default one."""
    from analyzer import risks  # noqa: PLC0415 - frames are imported when they are needed
    from analyzer.cli.stages import placed  # noqa: PLC0415 - after the arguments are checked

    before, after = (_loaded(None if str(path) == DEFAULT else path) for path in (old, new))
    stages = placed(file, home, sheet, config)
    changed = risks.differences(
        stages.inventory,
        stages.placement,
        before,
        after,
        period,
        counted=stages.counted,
        currency=stages.currency,
    )
    click.echo(f"{_named(before)} -> {_named(after)}, {stages.inventory.source.name}, as of {period.as_of}")
    for line in _change_lines(changed, stages.inventory.tasks, after):
        click.echo(line)
    return ExitStatus.DONE


def _loaded(file: Path | None) -> Policy:
    from analyzer import policy  # noqa: PLC0415 - imported when it is needed

    return policy.load(file)


def _named(rules: Policy) -> str:
    return f"Policy {rules.name} {rules.version} ({rules.hash})"


def _risk_lines(slug: str, risk: Risk) -> Iterator[str]:
    from analyzer.policy.levels import base_levels, levels  # noqa: PLC0415 - imported when it is needed
    from analyzer.policy.vocabulary import names  # noqa: PLC0415 - after the arguments are checked
    from analyzer.policy.words import described, weighed  # noqa: PLC0415 - after the arguments are checked

    vocabulary = names(risk.of)
    yield ""
    yield f"{slug}: {risk.title}{' (off)' if risk.off else ''}"
    if risk.description:
        yield f"  {risk.description}."
    if risk.applies is not None:
        yield f"  Applies where {described(risk.applies, vocabulary)}"
    for level in base_levels(risk):
        yield f"  {weighed(level, 'base'):>6}  base: {described(level.condition, vocabulary)}"
    for kind, rules in (("points", risk.indicator), ("credit", risk.control), ("rule", risk.rule)):
        for rule in rules:
            off = " (off)" if rule.off else ""
            for level in levels(rule):
                yield f"  {weighed(level, kind):>6}  {rule.id}{off}: {described(level.condition, vocabulary)}"
    if risk.severity_by_hits:
        yield f"  Severity by the number of rules that hold: {', '.join(risk.severity_by_hits)}"


def _trial_lines(trials: Trials) -> Iterator[str]:
    for trial in trials.failed:
        yield f"  failed: {trial.risk}: {trial.task}: expected {trial.expected}, got {trial.got}"
    for level in sorted(trials.levels - trials.covered):
        yield f"  no example: {level}"
    passed = len(trials.trials) - len(trials.failed)
    yield f"{passed} of {len(trials.trials)} examples pass"
    covered = len(trials.levels & trials.covered)
    yield f"{covered} of {len(trials.levels)} conditions of the rules have an example ({trials.coverage:.0%})"


def _change_lines(changed: pl.DataFrame, tasks: pl.DataFrame, rules: Policy) -> Iterator[str]:
    titles = {slug: risk.title for slug, risk in rules.risk.items()}
    for row in changed.head(_SHOWN).iter_rows(named=True):
        yield f"  {_task(tasks.row(row['key'], named=True))}: {titles.get(row['risk'], row['risk'])} {_change(row)}"
    if changed.height > _SHOWN:
        yield f"  and {changed.height - _SHOWN:,} more"
    several = changed.get_column("key").n_unique()
    levels = changed.filter(changed["level_before"] != changed["level_after"]).get_column("key").n_unique()
    yield f"{several:,} of {tasks.height:,} tasks change, {levels:,} of them their risk level"


def _task(task: dict[str, Any]) -> str:
    name = " ".join(str(task[one]) for one in ("task_id", "task_name") if task.get(one))
    return f"{task['sheet']} row {task['row']}{f', {name}' if name else ''}"


def _change(row: dict[str, Any]) -> str:
    before, after = (_tag(row[f"score_{side}"], row[side]) for side in ("before", "after"))
    levels = (row["level_before"], row["level_after"])
    return f"{before} -> {after}{f'; level {levels[0]} -> {levels[1]}' if levels[0] != levels[1] else ''}"


def _tag(score: int | None, severity: str) -> str:
    return severity if score is None else f"{score} {severity}"
