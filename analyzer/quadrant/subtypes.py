"""What a placement is beside its quadrant."""

from __future__ import annotations

import polars as pl

from analyzer.evidence import labels
from analyzer.quadrant.location import Site
from analyzer.quadrant.sourcing import Performer
from analyzer.terms import Field, Location, ProviderReading, Sourcing, SubType


def subtypes(frame: pl.DataFrame, who: Performer, site: Site) -> pl.Series:
    """List(String) ``subtypes`` of each task of the decided frame, in the order of ``SubType``."""
    return labels(frame, {subtype.value: when for subtype, when in _holding(who, site).items()}).alias("subtypes")


def _holding(who: Performer, site: Site) -> dict[SubType, pl.Expr]:
    case, place = pl.col("sourcing_case"), pl.col("location_case")
    conflict = pl.col("sourcing_conflict")
    outsourced = pl.col("sourcing_counted") == Sourcing.OUTSOURCED
    away = pl.col("location").is_in([Location.OFFSHORE, Location.MIXED])
    own_name = who.evidence.inventory.value(Field.OWN_NAME).is_in(["yes", "partly"])
    own_site = _own_site(who, site)
    group = ((case == 6) & ~conflict) | ((case == 7) & (who.jv_share >= 50))  # noqa: PLR2004 - cases of the table
    employee = (
        who.type("employee") & (pl.col("location") == Location.OFFSHORE) & (pl.col("sourcing") == Sourcing.IN_HOUSE)
    )
    return {
        SubType.CAPTIVE: group | (employee & own_site),
        SubType.JOINT_VENTURE: case == 7,  # noqa: PLR2004 - a case of the table
        SubType.INDIVIDUAL: who.type("individual"),
        SubType.STAFF_AUGMENTATION: who.type("staff_aug"),
        SubType.EMPLOYER_OF_RECORD: who.type("eor"),
        SubType.REMOTE_EMPLOYEE: employee & ~own_site & ~who.reads(ProviderReading.OWN_ENTITY),
        SubType.FOREIGN_CONTROLLED: place == 13,  # noqa: PLR2004 - a case of the table
        SubType.NEARSHORE: (pl.col("location_counted") == Location.OFFSHORE) & site.nearshore,
        SubType.POSTED_WORKERS: place == 22,  # noqa: PLR2004 - a case of the table
        SubType.SYSTEM: who.type("system"),
        SubType.OWN_NAME: outsourced & away & own_name,
    }


def _own_site(who: Performer, site: Site) -> pl.Expr:
    """Whether one of the company's own entities is in the place."""
    return site.place.is_in(sorted(set(who.company.entity_countries.values()))).fill_null(value=False)
