"""``analyzer explain``: every rule for one task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analyzer.cli.options import PERIOD, config_option, home_option, rules_in_force, sheet_option, this_month
from analyzer.errors import ExitStatus, UsageError
from analyzer.period import Period

if TYPE_CHECKING:
    from analyzer.cli.stages import Placed
    from analyzer.risks.explaining import Reading, RiskLines, RuleLine

_PATH = click.Path(path_type=Path)
_CLOSE = 5  # names shown where none matches


@click.command("explain")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("task")
@home_option
@click.option("--period", type=PERIOD, default=this_month, show_default="this month", help="2026-10, or last-month.")
@click.option("--policy", "rules", type=_PATH, help="The company's own rules; without it, the default ones.")
@click.option("--all", "every", is_flag=True, help="Also the risks that do not apply to the task.")
@sheet_option
@config_option
def command(
    file: Path,
    task: str,
    home: str | None,
    period: Period,
    rules: Path | None,
    sheet: str | None,
    config: Path | None,
    *,
    every: bool,
) -> int:
    """Show every rule for TASK of FILE: what fired, what did not and with which values, what did not run and why.

    TASK is a task id, a task's name, or a row number of the sheet.
    """
    from analyzer import policy, risks  # noqa: PLC0415 - frames are imported when they are needed
    from analyzer.cli.stages import placed  # noqa: PLC0415 - after the arguments are checked

    in_force = policy.load(rules_in_force(rules, config, (file,)))
    stages = placed(file, home, sheet, config)
    for key in _found(stages, task, file):
        told = risks.explain(
            stages.inventory,
            stages.placement,
            in_force,
            period,
            key,
            counted=stages.counted,
            currency=stages.currency,
        )
        for line in (*_head(stages, key), *_lines(told, every=every)):
            click.echo(line)
        click.echo(f"Policy {in_force.name} {in_force.version} ({in_force.hash}), as of {period.as_of}")
    return ExitStatus.DONE


def _found(stages: Placed, task: str, file: Path) -> list[int]:
    from difflib import get_close_matches  # noqa: PLC0415 - after the arguments are checked

    from analyzer import risks  # noqa: PLC0415 - after the arguments are checked

    found = risks.find(stages.inventory, task)
    if found:
        return found
    tasks = stages.inventory.tasks
    columns = [name for name in ("task_id", "task_name") if name in tasks.columns]
    names = [name for column in columns for name in tasks.get_column(column).drop_nulls().unique().to_list()]
    close = get_close_matches(task, names, n=_CLOSE, cutoff=0.5)
    hint = f"Did you mean: {', '.join(close)}" if close else "Name a task id, a task's name, or a row number"
    raise UsageError(f'No task is called "{task}"', where=file.name, hint=hint)


def _head(stages: Placed, key: int) -> Iterator[str]:
    task = stages.inventory.tasks.row(key, named=True)
    place = stages.placement.frame.row(key, named=True)
    name = " ".join(str(task[one]) for one in ("task_id", "task_name") if task.get(one))
    yield f"{stages.inventory.source.name} > {task['sheet']}, row {task['row']}: {name}"
    yield f"  {place['quadrant']} ({place['confidence']}): {place['why']}"
    if place["overridden"]:
        yield f"  Set by a person; the rules said {place['rule_quadrant']}"
    if place["outside"] == "ended":
        yield "  Ended: a run does not assess its risks; this is what they would be"


def _lines(told: Iterable[RiskLines], *, every: bool) -> Iterator[str]:
    apart = [risk.title for risk in told if risk.applies == "no"]
    for risk in told:
        if risk.applies != "no" or every:
            yield ""
            yield from _risk(risk)
    if apart and not every:
        yield ""
        yield f"Do not apply: {', '.join(apart)} (--all shows why)"


def _risk(risk: RiskLines) -> Iterator[str]:
    score = ""
    if risk.residual is not None:
        change = f"{risk.inherent} -> " if risk.inherent != risk.residual else ""
        score = f": {change}{risk.residual} {risk.severity}"
    applies = {"yes": "", "no": " does not apply", "not assessed": " not assessed"}[risk.applies]
    yield f"{risk.title}{score}{applies}"
    yield f"  applies where {risk.test}{_values(risk.readings)}"
    for rule in risk.rules:
        yield _rule(rule)
    for lever in risk.levers:
        yield f"  would lower it: {' + '.join(lever.controls)} with evidence -> {lever.residual} {lever.severity}"


def _rule(rule: RuleLine) -> str:
    why = f" ({rule.why})" if rule.why else ""
    earned = f", earned {rule.credit * 100:g} %" if rule.credit is not None else ""
    return f"  {rule.outcome:12} {rule.rule}: {rule.test}{earned}{why}{_values(rule.readings)}"


def _values(readings: tuple[Reading, ...]) -> str:
    return f" [{'; '.join(_value(reading) for reading in readings)}]" if readings else ""


def _value(reading: Reading) -> str:
    value = f'"{reading.value}"' if reading.value is not None else "blank" if reading.cell else "not there"
    return f"{reading.title} {value}{f' ({reading.cell})' if reading.cell else ''}"
