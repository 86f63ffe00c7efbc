"""The order of the stages, once."""

from __future__ import annotations

import platform
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from analyzer import __version__, archive, feasibility, history, intake, memory, quadrant, risks, summary
from analyzer.model import Analysis, Decisions, Inventory, Movement, Period
from analyzer.policy import Policy, phrases
from analyzer.settings import Settings


@dataclass(frozen=True, slots=True)
class Earlier:
    """What came before: workbooks with decisions, oldest first, the last period's file, and the archive."""

    workbooks: tuple[Path, ...] = ()
    previous: Path | None = None
    archive: Path | None = None
    company: str = ""


def analyze(
    path: Path,
    settings: Settings,
    policy: Policy,
    period: Period,
    *,
    sheet: str | None = None,
    earlier: Earlier | None = None,
) -> Analysis:
    """A file, read, placed, assessed and summed up.

    Raises ``RefusedError`` for a file that cannot be analysed, ``UsageError`` where settings do not suffice.
    """
    before = earlier or Earlier()
    inventory, written = intake.read_with_decisions(path, settings, sheet=sheet)
    memory.give_back()
    decisions = _gathered(inventory, written, settings, before)
    current = assess(inventory, decisions, settings, policy, period)
    movement = compare(current, settings, policy, before)
    unread = tuple(archive.unreadable(before.archive, before.company)) if before.archive else ()
    said = replace(current.summary, findings=(*current.summary.findings, *unread))
    return replace(current, movement=movement, summary=said)


def read(path: Path, settings: Settings, sheet: str | None = None) -> tuple[Inventory, Decisions]:
    """A file's tasks with the decisions that people wrote into it.

    Raises ``RefusedError`` for a file that cannot be analysed.
    """
    inventory, written = intake.read_with_decisions(path, settings, sheet=sheet)
    return inventory, _gathered(inventory, written, settings, Earlier())


def assess(inventory: Inventory, decisions: Decisions, settings: Settings, policy: Policy, period: Period) -> Analysis:
    """An inventory through all stages, without a look back."""
    counted = summary.count(inventory, settings)
    placement = quadrant.place(inventory, decisions, settings)
    assess_risks = partial(
        risks.assess, inventory, policy=policy, period=period, counted=counted.frame, currency=counted.currency
    )
    assessment = assess_risks(placement)
    day = period.as_of
    hypothetical = feasibility.hypothetical(inventory, placement, policy, settings, decisions=decisions, as_of=day)
    counterfactual = assess_risks(hypothetical) if hypothetical else None
    outlook = feasibility.outlook(
        inventory, placement, assessment, policy, counterfactual, settings, decisions=decisions, as_of=day
    )
    stages = (inventory, placement, assessment, outlook, decisions)
    totals = summary.summarise(*stages, settings, period, counted=counted, titles=policy.titles())
    _conserve(inventory, totals.rows, totals.tasks)
    return Analysis(
        inventory=inventory,
        decisions=decisions,
        placement=placement,
        assessment=assessment,
        outlook=outlook,
        summary=totals,
        period=period,
        company=settings.company.name,
        home=settings.company.home or "",
        group_view=settings.company.group_as,
        risk_titles=policy.titles(),
        method=_method(settings, policy),
        language=settings.outputs.language,
        locale=settings.outputs.locale,
        rule_words=phrases(policy),
    )


def _gathered(inventory: Inventory, written: Decisions, settings: Settings, earlier: Earlier) -> Decisions:
    """Decisions of earlier workbooks and of the file itself, the latest word on each task winning."""
    readings = [*(intake.read_decisions(path, settings) for path in earlier.workbooks), written]
    return history.merge([history.match(reading, inventory) for reading in readings if reading.frame.height])


def compare(current: Analysis, settings: Settings, policy: Policy, earlier: Earlier) -> Movement | None:
    """What moved since the last period known, both periods under this policy; None where none is known."""
    before, policy_hash = _previous(current, settings, policy, earlier)
    if before is None:
        return None
    trend = archive.trend(earlier.archive, earlier.company, current) if earlier.archive else None
    restated = policy_hash != current.assessment.policy_hash
    return history.compare(before, current, trend=trend, restated=restated)


def _previous(
    current: Analysis, settings: Settings, policy: Policy, earlier: Earlier
) -> tuple[Analysis | None, str | None]:
    """The period before with the decisions of then, and the hash of the policy it was reported under, where known."""
    if earlier.previous is not None:
        inventory, written = intake.read_with_decisions(earlier.previous, settings)
        decisions = history.match(written, inventory)
        period = inventory.source.period or current.period.previous
        return assess(inventory, decisions, settings, policy, period), None
    stored = archive.latest(earlier.archive, earlier.company, current) if earlier.archive else None
    if stored is None:
        return None, None
    return assess(stored.inventory, stored.decisions, settings, policy, stored.period), stored.policy_hash


def _conserve(inventory: Inventory, rows: int, tasks: int) -> None:
    """No row is lost: a breach is a programming error and stops the run before anything is written."""
    if rows != tasks + inventory.set_aside.height or tasks != inventory.tasks.height:
        raise RuntimeError("rows read differ from tasks and rows set aside")


def _method(settings: Settings, policy: Policy) -> dict[str, str]:
    return {
        "analyzer": __version__,
        "policy": f"{policy.name} {policy.version}",
        "policy hash": policy.hash,
        "settings hash": settings.hash,
        "python": platform.python_version(),
    }
