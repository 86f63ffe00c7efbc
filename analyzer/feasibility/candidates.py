"""Small firms outsource what they cannot hire a specialist for: candidates even where nothing is saved."""

from __future__ import annotations

import polars as pl

from analyzer.evidence import Evidence
from analyzer.feasibility.words import suggestion
from analyzer.model import KEY, Placement
from analyzer.policy.schema import Candidate
from analyzer.settings import Company
from analyzer.terms import Feasibility, Field, Quadrant, Sourcing

SEARCHED = (Field.TASK_NAME, Field.DESCRIPTION)


def candidates(
    evidence: Evidence, placement: Placement, quadrants: pl.DataFrame, rule: Candidate, company: Company
) -> pl.Series:
    """String, the sentence of each task that is a candidate, null for the others.

    A small firm, in-house work of less than a full job in totals that may be outsourced, and no such skill at home.
    A cell that says so makes a candidate; a word of the task only suggests one. A blank FTE or head count is no small
    one.
    """
    inventory = evidence.inventory
    heads = pl.coalesce(inventory.value(Field.COMPANY_HEADCOUNT), pl.lit(company.headcount, pl.Float64))
    fte, shortage = inventory.value(Field.FTE), inventory.value(Field.SKILL_SHORTAGE)
    gate = quadrants.get_column(Quadrant.OUTSOURCED_ONSHORE.value) != Feasibility.NOT_FEASIBLE
    inside = placement.frame.get_column("sourcing") == Sourcing.IN_HOUSE
    small = (heads <= rule.headcount_at_most) & (heads > 0) & (fte > 0) & (fte < rule.fte_below)
    asked = evidence.where(small & pl.lit(gate & inside & placement.frame.get_column("in_totals")))
    words = suggestion(asked, SEARCHED, rule.words, "specialist work")
    size = pl.format("{} FTE in a firm of {} people", fte, heads.cast(pl.Int64))
    sentence = (
        pl.when(shortage.is_in(["stated", "evidenced"]))
        .then(
            pl.format("Outsourcing candidate, no in-house capacity: {}; {}", evidence.said(Field.SKILL_SHORTAGE), size)
        )
        .when(shortage.is_null())
        .then(pl.format("{}; {}: an outsourcing candidate if there is no such skill in-house", "hint", size))
    )
    found = asked.frame.join(words, on=KEY, how="left", maintain_order="left").select(KEY, sentence.alias("candidate"))
    tasks = evidence.frame.get_column(KEY).to_frame()
    return tasks.join(found, on=KEY, how="left", maintain_order="left").get_column("candidate")
