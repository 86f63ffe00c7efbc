"""Key figures by name, each with the tasks behind it: ``offshore_fte_known`` of ``offshore_fte_of``."""

from __future__ import annotations

from datetime import date

import polars as pl

from analyzer.model import KEY, Inventory
from analyzer.summary.clocks import SOON
from analyzer.terms import Field, Quadrant, Severity

MOVED_WITHIN_DAYS = 730  # "the last 24 months"
FULL_INDEX = 10_000  # the Herfindahl-Hirschman index of a single provider
OFFSHORE = (Quadrant.INHOUSE_OFFSHORE.value, Quadrant.OUTSOURCED_OFFSHORE.value)
OUTSOURCED = (Quadrant.OUTSOURCED_ONSHORE.value, Quadrant.OUTSOURCED_OFFSHORE.value)


def facts(
    inventory: Inventory, inside: pl.DataFrame, providers: pl.DataFrame, contracts: pl.DataFrame, as_of: date
) -> dict[str, float]:
    """The figures that the file's columns can give; ``<name>_known`` of ``<name>_of`` tasks stand behind each.

    ``outsourced_spend``, ``offshore_spend`` and ``spend`` in the reporting currency; ``offshore_fte`` and ``fte``;
    ``high_risks`` tasks; ``contracts_90_days`` tasks, ``contracts_90_days_spend``, ``contracts_ended`` and
    ``notice_missed``; ``home_jobs_moved`` and ``home_jobs_moved_24m`` (FTE), ``home_jobs_functions``; ``hhi`` of
    outsourced spend, 0 to 10,000, and ``effective_providers``, the equal providers it amounts to.
    """
    outsourced = inside.filter(pl.col("quadrant").is_in(OUTSOURCED))
    offshore = inside.filter(pl.col("quadrant").is_in(OFFSHORE))
    levels = inside.filter(pl.col("risk_level").ne_missing(Severity.NOT_ASSESSED.value))
    high = levels.filter(pl.col("risk_level") == Severity.HIGH.value).height
    return {
        **_summed("spend", inside, "cost"),
        **_summed("outsourced_spend", outsourced, "cost"),
        **_summed("offshore_spend", offshore, "cost"),
        **_summed("fte", inside, "fte"),
        **_summed("offshore_fte", offshore, "fte"),
        **_of("high_risks", high, levels.height, inside.height),
        **_contracts(inventory, inside, contracts),
        **_moved(inventory, inside, as_of),
        **_concentration(providers),
    }


def _of(name: str, value: float, known: int, of: int) -> dict[str, float]:
    return {name: float(value), f"{name}_known": float(known), f"{name}_of": float(of)}


def _summed(name: str, rows: pl.DataFrame, column: str) -> dict[str, float]:
    values = rows.get_column(column)
    known = values.count()
    return _of(name, _total(values), known, rows.height) if known or not rows.height else {}


def _total(values: pl.Series) -> float:
    return float(values.sum())


def _contracts(inventory: Inventory, inside: pl.DataFrame, contracts: pl.DataFrame) -> dict[str, float]:
    if not (inventory.has(Field.END_DATE) or inventory.has(Field.RENEWAL_DATE)):
        return {}
    bought = inside.filter(pl.col("quadrant").is_in(OUTSOURCED)).select(KEY)
    dated = pl.coalesce(inventory.value(Field.END_DATE), inventory.value(Field.RENEWAL_DATE)).is_not_null()
    known = inventory.tasks.filter(dated).join(bought, on=KEY, how="semi").height
    days = pl.col("days").is_between(0, SOON)
    soon = contracts.filter(pl.col("event").is_in(["ends", "renews"]), days).select(KEY).unique()
    missed = contracts.filter(pl.col("event") == "notice", pl.col("days") < 0).get_column(KEY).n_unique()
    spend = inside.join(soon, on=KEY, how="semi")
    return {
        **_of("contracts_90_days", soon.height, known, bought.height),
        **_summed("contracts_90_days_spend", spend, "cost"),
        "contracts_ended": float(contracts.filter(pl.col("event") == "ended").height),
        "notice_missed": float(missed),
    }


def _moved(inventory: Inventory, inside: pl.DataFrame, as_of: date) -> dict[str, float]:
    """Home jobs ended or moved: all that are stated, and those whose transition lies in the last 24 months."""
    if not inventory.has(Field.HOME_FTE_DISPLACED):
        return {}
    age = (pl.lit(as_of) - inventory.value(Field.TRANSITION_DATE)).dt.total_days()
    tasks = inventory.tasks.join(inside.select(KEY), on=KEY, how="semi").select(
        inventory.value(Field.HOME_FTE_DISPLACED).alias("jobs"),
        inventory.value(Field.FUNCTION).alias("function"),
        age.alias("age"),
    )
    stated = tasks.filter(pl.col("jobs").is_not_null())
    moved = stated.filter(pl.col("jobs") > 0)
    functions = moved.get_column("function").drop_nulls().n_unique()
    found = {
        **_of("home_jobs_moved", _total(moved.get_column("jobs")), stated.height, tasks.height),
        "home_jobs_functions": float(functions),
    }
    if inventory.has(Field.TRANSITION_DATE):
        dated = moved.filter(pl.col("age").is_not_null())
        recent = _total(dated.filter(pl.col("age").is_between(0, MOVED_WITHIN_DAYS)).get_column("jobs"))
        found |= _of("home_jobs_moved_24m", recent, dated.height, moved.height)
    return found


def _concentration(providers: pl.DataFrame) -> dict[str, float]:
    shares = providers.get_column("share").drop_nulls()
    hhi = float(shares.pow(2).sum()) * FULL_INDEX
    return {"hhi": hhi, "effective_providers": FULL_INDEX / hhi} if hhi > 0 else {}
