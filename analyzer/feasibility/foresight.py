"""Assessment to Outlook: gates, quadrants, candidates and savings, in that order."""

from __future__ import annotations

from datetime import date

import polars as pl

from analyzer.evidence import Evidence
from analyzer.feasibility.approvals import approvals
from analyzer.feasibility.candidates import candidates
from analyzer.feasibility.gates import Ground
from analyzer.feasibility.hints import hinted
from analyzer.feasibility.quadrants import could_move_to, quadrants
from analyzer.feasibility.savings import estimates, savings
from analyzer.model import KEY, Assessment, Decisions, Finding, Inventory, Outlook, Placement
from analyzer.policy import Policy
from analyzer.settings import Settings
from analyzer.terms import Field, Location, Quadrant, Sourcing

SIDES = {
    Quadrant.OUTSOURCED_OFFSHORE: (Sourcing.OUTSOURCED, Location.OFFSHORE, 1.0),
    Quadrant.OUTSOURCED_ONSHORE: (Sourcing.OUTSOURCED, Location.ONSHORE, 0.0),
    Quadrant.INHOUSE_OFFSHORE: (Sourcing.IN_HOUSE, Location.OFFSHORE, 1.0),
}


def outlook(
    inventory: Inventory,
    placement: Placement,
    assessment: Assessment,
    policy: Policy,
    counterfactual: Assessment | None,
    settings: Settings,
    *,
    decisions: Decisions,
    as_of: date,
) -> Outlook:
    """Where each task could be done under the policy's gates, and what the user's own figures make of a move.

    ``counterfactual`` is the assessment of ``hypothetical``; ``decisions`` may approve what a gate forbids.
    """
    evidence = Evidence.of(inventory)
    where, findings = _quadrants(evidence, decisions, policy, as_of)
    rule = policy.feasibility
    found = estimates(evidence, placement, where, settings.currency)
    ranges = savings(found, rule.hidden_cost, assessment, counterfactual)
    frame = where.with_columns(
        could_move_to(where, placement.frame.get_column("quadrant")),
        candidates(evidence, placement, where, rule.candidate, settings.company),
    )
    return Outlook(frame, ranges, inventory.tasks.height - ranges.height, (*findings, *found.findings))


def hypothetical(
    inventory: Inventory,
    placement: Placement,
    policy: Policy,
    settings: Settings,
    *,
    decisions: Decisions,
    as_of: date,
) -> Placement | None:
    """The placement as if every task with a saving had moved to where its price is taken to be for; None where none."""
    priced = Evidence.of(inventory).where(inventory.value(Field.TARGET_COST).is_not_null())
    if priced.frame.is_empty():
        return None
    where, _ = _quadrants(priced, decisions, policy, as_of)
    moves = estimates(priced, placement, where, settings.currency).frame.drop_nulls("to").select(KEY, "to")
    return Placement(_moved(placement.frame, moves)) if moves.height else None


def _quadrants(
    evidence: Evidence, decisions: Decisions, policy: Policy, as_of: date
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    rule = policy.feasibility
    ground = Ground.of(evidence, approvals(decisions), policy, as_of)
    hints = hinted(evidence, rule.hint)
    return quadrants(ground, rule, hints.texts), hints.findings


def _moved(frame: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    to = pl.col("to")
    moved = to.is_not_null()
    sides = list(zip(*SIDES.values(), strict=True))
    keys = [quadrant.value for quadrant in SIDES]
    changed = {
        name: to.replace_strict(keys, list(values), default=None, return_dtype=frame.schema[name])
        for name, values in zip(("sourcing", "location", "offshore_share"), sides, strict=True)
    }
    return (
        frame.join(moves, on=KEY, how="left", maintain_order="left")
        .with_columns(
            pl.coalesce(to, "quadrant").alias("quadrant"),
            *(pl.coalesce(value, name).alias(name) for name, value in changed.items()),
            pl.when(moved).then(pl.lit([], pl.List(pl.String))).otherwise("subtypes").alias("subtypes"),
        )
        .select(frame.columns)
    )
