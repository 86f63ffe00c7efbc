"""Inventory to Placement: both axes, joined; then what people decided; then what is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from analyzer.evidence import Evidence
from analyzer.model import KEY, Decisions, Inventory, Placement
from analyzer.quadrant import location, sourcing
from analyzer.quadrant.deciding import Case, choose, looked_up, sentences
from analyzer.quadrant.findings import Decided, findings
from analyzer.quadrant.homes import require_homes
from analyzer.quadrant.overrides import overridden
from analyzer.quadrant.subtypes import subtypes
from analyzer.settings import Settings
from analyzer.terms import Confidence, Field, Location, Quadrant, Sourcing

COLUMNS = (
    KEY,
    "quadrant",
    "rule_quadrant",
    "overridden",
    "sourcing",
    "sourcing_case",
    "sourcing_confidence",
    "sourcing_why",
    "location",
    "location_case",
    "location_confidence",
    "location_why",
    "confidence",
    "why",
    "subtypes",
    "offshore_share",
    "in_totals",
    "outside",
    "conflict",
)


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """One axis to decide: its cases, their phrases, and the rows whose ambiguous header caps the confidence."""

    name: str
    cases: Sequence[Case]
    phrases: Mapping[str, pl.Expr]
    assumed: pl.Expr
    remark: pl.Expr


def place(inventory: Inventory, decisions: Decisions, settings: Settings) -> Placement:
    """Each task's quadrant, with the evidence of both axes.

    Raises ``UsageError`` where a row has no home country. The decision table: docs/quadrants.md.
    """
    require_homes(inventory)
    evidence = Evidence.of(inventory)
    who = sourcing.Performer(evidence, settings.company)
    site = location.Site(evidence, settings.company.territories)
    performer = Axis("sourcing", sourcing.cases(who), sourcing.phrases(who), pl.lit(False), pl.lit(""))
    remark = pl.format('; "{}" is taken for the place of work', evidence.header(Field.DELIVERY_COUNTRY))
    place_ = Axis("location", location.cases(site), location.phrases(site), site.assumed, remark)
    frame, by_sourcing = _decide(site.settle(evidence.frame), performer)
    frame, by_location = _decide(frame, place_)
    final = overridden(_joined(frame, evidence), decisions)
    placed = final.frame.with_columns(subtypes(final.frame, who, site))
    decided = (Decided(performer.cases, by_sourcing), Decided(place_.cases, by_location))
    return Placement(
        placed.select(COLUMNS),
        findings(evidence, placed, decided, settings.company.group_as) + final.findings,
    )


def _decide(frame: pl.DataFrame, axis: Axis) -> tuple[pl.DataFrame, pl.Series]:
    """The frame with ``<axis>``, its ``_counted``, ``_case``, ``_confidence``, ``_why``, ``_conflict``; each case."""
    name, table = axis.name, axis.cases
    chosen = choose(frame, table)
    capped = looked_up(chosen, [case.capped for case in table], pl.Boolean())
    marked = frame.with_columns(
        looked_up(chosen, [case.value for case in table], pl.String()).alias(name),
        looked_up(chosen, [case.counted or case.value for case in table], pl.String()).alias(f"{name}_counted"),
        looked_up(chosen, [case.number for case in table], pl.UInt8()).alias(f"{name}_case"),
        looked_up(chosen, [case.confidence for case in table], pl.String()).alias(f"{name}_confidence"),
        looked_up(chosen, [case.conflict for case in table], pl.Boolean()).alias(f"{name}_conflict"),
        sentences(frame, chosen, table, axis.phrases).alias(f"{name}_why"),
        capped.alias("capped"),
    )
    held = pl.col("capped") & axis.assumed
    high = pl.col(f"{name}_confidence") == Confidence.HIGH
    return marked.with_columns(
        pl.when(held & high)
        .then(pl.lit(Confidence.MEDIUM.value))
        .otherwise(pl.col(f"{name}_confidence"))
        .alias(f"{name}_confidence"),
        pl.when(held).then(pl.col(f"{name}_why") + axis.remark).otherwise(pl.col(f"{name}_why")),
    ), chosen


def _joined(frame: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """The axes joined into a quadrant; an axis that is unknown makes it Undetermined."""
    status = evidence.inventory.value(Field.STATUS)
    outside = pl.when(status.is_in(["planned", "draft"])).then(pl.lit("planned")).when(status == "ended").then(status)
    location_why = pl.col("location_why").str.replace("^Performed", "performed")
    said = pl.when(outside.is_not_null()).then("; " + evidence.said(Field.STATUS)).otherwise(pl.lit(""))
    return frame.with_columns(
        joined_quadrant().alias("rule_quadrant"),
        lower_confidence().alias("confidence"),
        (pl.col("sourcing_why") + "; " + location_why + said).alias("why"),
        offshore_share().alias("offshore_share"),
        outside.alias("outside"),
        outside.is_null().alias("in_totals"),
        (pl.col("sourcing_conflict") | pl.col("location_conflict")).alias("conflict"),
    )


def joined_quadrant() -> pl.Expr:
    """The quadrant of the values a task is counted by."""
    inside, outside = pl.col("sourcing_counted") == Sourcing.IN_HOUSE, pl.col("sourcing_counted") == Sourcing.OUTSOURCED
    home, abroad = pl.col("location_counted") == Location.ONSHORE, pl.col("location_counted") == Location.OFFSHORE
    return (
        pl.when(inside & home)
        .then(pl.lit(Quadrant.INHOUSE_ONSHORE.value))
        .when(outside & home)
        .then(pl.lit(Quadrant.OUTSOURCED_ONSHORE.value))
        .when(inside & abroad)
        .then(pl.lit(Quadrant.INHOUSE_OFFSHORE.value))
        .when(outside & abroad)
        .then(pl.lit(Quadrant.OUTSOURCED_OFFSHORE.value))
        .otherwise(pl.lit(Quadrant.UNDETERMINED.value))
    )


def lower_confidence() -> pl.Expr:
    """The less sure one of both axes."""
    sourcing_, location_ = pl.col("sourcing_confidence"), pl.col("location_confidence")
    return (
        pl.when((sourcing_ == Confidence.LOW) | (location_ == Confidence.LOW))
        .then(pl.lit(Confidence.LOW.value))
        .when(location_ == Confidence.HIGH)
        .then(sourcing_)
        .otherwise(location_)
    )


def offshore_share() -> pl.Expr:
    """Share of the work abroad: whole where it is at one side, as stated where split, else null."""
    where = pl.col("location")
    return (
        pl.when(where == Location.OFFSHORE)
        .then(1.0)
        .when(where == Location.ONSHORE)
        .then(0.0)
        .when(where == Location.MIXED)
        .then(pl.col("abroad_share"))
    )
