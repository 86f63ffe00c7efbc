"""The facts that conditions may name beside the fields, computed from the tasks and their placement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from analyzer.model import KEY, Inventory, Placement
from analyzer.performers import performers
from analyzer.places import alike, overlap_hours
from analyzer.policy import Policy
from analyzer.policy.levels import base_levels, fields_of, names_of, rules_of
from analyzer.policy.readings import must_stay
from analyzer.policy.schema import Regime
from analyzer.policy.vocabulary import FACTS
from analyzer.risks.amounts import Amounts
from analyzer.terms import Field, SubType

MAX_NOTICE_DAYS = 36_500
OUTSIDE = ("outsourced", "mixed")  # sourcing of tasks that a provider has a part in


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What facts are computed from."""

    inventory: Inventory
    placement: Placement
    policy: Policy
    as_of: date
    amounts: Amounts

    @property
    def joined(self) -> pl.DataFrame:
        """Tasks, placement and amounts side by side, a row per task in key order."""
        tasks, placed = self.inventory.tasks, self.placement.frame
        counted = self.amounts.frame.select(pl.col("fte").alias("fte_counted"), pl.col("cost").alias("cost_counted"))
        return pl.concat([tasks, placed.select(pl.exclude(tasks.columns)), counted], how="horizontal")


def facts(ground: Ground) -> pl.DataFrame:
    """The tasks with every fact the policy names: ``key`` · ``row`` · ``sheet`` · fields · facts.

    A fact whose fields are all absent is no column, as an absent field is none.
    """
    wanted = [name for name in _named(ground.policy) if name in FACTS and _possible(name, ground.inventory)]
    frame = ground.joined
    computed = frame.with_columns(_FACTS[name](ground).alias(name) for name in wanted).select(wanted)
    return pl.concat([ground.inventory.tasks.select(pl.exclude(wanted)), computed], how="horizontal")


def _named(policy: Policy) -> list[str]:
    found: dict[str, None] = {}
    for risk in policy.risks.values():
        if risk.portfolio:
            continue
        conditions = [level.condition for level in base_levels(risk)] + ([risk.applies] if risk.applies else [])
        found |= dict.fromkeys(name for condition in conditions for name in fields_of(condition))
        found |= dict.fromkeys(name for rule in rules_of(risk) for name in names_of(rule))
    return list(found)


def _possible(name: str, inventory: Inventory) -> bool:
    sources = FACTS[name].sources
    return not sources or any(inventory.has(source) for source in sources)


def yes_no(condition: pl.Expr) -> pl.Expr:
    """A Boolean as yes, no or null."""
    return pl.when(condition).then(pl.lit("yes")).when(~condition).then(pl.lit("no"))


def _known(name: str) -> Callable[[Ground], pl.Expr]:
    return lambda _ground: pl.when(pl.col(name) != "unknown").then(pl.col(name))


def _offshore(_ground: Ground) -> pl.Expr:
    away = pl.col("location").is_in(["offshore", "mixed"]) | (pl.col("offshore_share") > 0)
    return pl.when(away).then(pl.lit("yes")).when(pl.col("location") == "onshore").then(pl.lit("no"))


def _subtype(subtype: SubType) -> Callable[[Ground], pl.Expr]:
    def fact(_ground: Ground) -> pl.Expr:
        holds = pl.col("subtypes").list.contains(subtype.value)
        return pl.when(holds).then(pl.lit("yes")).when(pl.col("sourcing") != "unknown").then(pl.lit("no"))

    return fact


def _cost_gap(ground: Ground) -> pl.Expr:
    cost, home = ground.inventory.value(Field.ANNUAL_COST), ground.inventory.value(Field.HOME_COST_BENCHMARK)
    currency = ground.inventory.companion(f"{Field.ANNUAL_COST}_currency", pl.String())
    same = currency.eq_missing(ground.inventory.companion(f"{Field.HOME_COST_BENCHMARK}_currency", pl.String()))
    return pl.when(same & (home > 0) & (cost >= 0)).then(1 - cost / home)


def provider_spend(ground: Ground) -> pl.DataFrame:
    """``key`` · ``provider`` · ``group``, its spelling aside · ``spend`` Float64, null where unknown."""
    placed = ground.placement.frame.select(KEY, "sourcing").filter(pl.col("sourcing").is_in(OUTSIDE))
    return (
        performers(ground.inventory, placed)
        .join(ground.amounts.frame, on=KEY, how="left", maintain_order="left")
        .select(
            KEY,
            "provider",
            alike(pl.col("provider")).alias("group"),
            (pl.col("cost") * pl.col("part")).alias("spend"),
        )
    )


def _provider_spend_share(ground: Ground) -> pl.Expr:
    """Of a task's providers the one with most spend counts."""
    spend = provider_spend(ground)
    total = float(spend.get_column("spend").sum())
    if not total:
        return pl.lit(None, pl.Float64)
    shares = spend.select(KEY, pl.col("spend").sum().over("group") / total).group_by(KEY).max()
    tasks = ground.inventory.tasks.get_column(KEY).to_frame()
    return pl.lit(tasks.join(shares, on=KEY, how="left", maintain_order="left")["spend"])


def offshore_weight() -> pl.Expr:
    """Share of a task's work that is done abroad, null where a split is not stated."""
    whole = pl.when(pl.col("location") == "offshore").then(1.0).when(pl.col("location") == "onshore").then(0.0)
    return pl.coalesce(pl.col("offshore_share"), whole)


def _function_offshore_share(ground: Ground) -> pl.Expr:
    function = alike(ground.inventory.value(Field.FUNCTION))
    fte = pl.when(offshore_weight().is_not_null()).then(pl.col("fte_counted"))
    total = fte.sum().over(function)
    return pl.when(function.is_not_null() & (total > 0)).then((fte * offshore_weight()).sum().over(function) / total)


def contract_end(ground: Ground) -> pl.Expr:
    """The next day the contract ends or renews; null where it has ended and no renewal lies ahead."""
    dates = (ground.inventory.value(name) for name in (Field.END_DATE, Field.RENEWAL_DATE))
    return pl.min_horizontal(pl.when(day >= ground.as_of).then(day) for day in dates)


def _notice_deadline(ground: Ground) -> pl.Expr:
    days = ground.inventory.value(Field.NOTICE_DAYS)
    bounded = pl.when(days.is_between(0, MAX_NOTICE_DAYS)).then(days)
    return contract_end(ground) - pl.duration(days=bounded)


def _transfer(ground: Ground) -> pl.Expr:
    delivery, data = (ground.inventory.value(name) for name in (Field.DELIVERY_COUNTRY, Field.DATA_COUNTRY))
    places = pl.concat_list(delivery.fill_null([]), data.fill_null([]))
    home, homes = pl.col("home"), set(ground.inventory.tasks.get_column("home").unique())
    fact = pl.lit(None, pl.String)
    for regime in ground.policy.regimes.values():
        if homes.isdisjoint(regime.home):
            continue
        farthest = places.list.eval(_step(regime)).list.max()
        answer = (
            pl.when(farthest > 0)
            .then(farthest.replace_strict(_STEPS, default=None, return_dtype=pl.String))
            .when(delivery.list.len() > 0)
            .then(pl.lit("inside"))
        )
        fact = pl.when(home.is_in(list(regime.home))).then(answer).otherwise(fact)
    return fact


_STEPS = {1: "adequate", 2: "partly adequate", 3: "third country"}


def _step(regime: Regime) -> pl.Expr:
    """How far from a regime's own countries a country is: 0 for one of them, else as ``_STEPS``."""
    country, own, adequate = pl.element(), list(regime.home), list(regime.adequate)
    return (
        pl.when(country.is_in(own))
        .then(0)
        .when(country.is_in(adequate))
        .then(1)
        .when(country.is_in(list(regime.partly_adequate)))
        .then(2)
        .when(country.is_not_null())
        .then(3)
    )


def _subcontracted_elsewhere(ground: Ground) -> pl.Expr:
    chain, delivery = (ground.inventory.value(name) for name in (Field.SUBCONTRACTOR_COUNTRY, Field.DELIVERY_COUNTRY))
    known = (chain.list.len() > 0) & (delivery.list.len() > 0)
    return yes_no(pl.when(known).then(chain.list.set_difference(delivery).list.len() > 0))


def _overlap_hours(ground: Ground) -> pl.Expr:
    """Shared hours with home: of the city named where its zone is known, else of a country's most populous zone."""
    delivery = ground.inventory.value(Field.DELIVERY_COUNTRY)
    zone = ground.inventory.companion("delivery_zone", pl.String())
    first = pl.when(zone.is_not_null()).then(pl.concat_list(zone, delivery.list.slice(1))).otherwise(delivery)
    listed = ground.inventory.tasks.select(first.alias("places")).to_series()
    places = listed.explode().unique().drop_nulls().to_list()
    fact = pl.lit(None, pl.Float64)
    for home in ground.inventory.tasks.get_column("home").unique().drop_nulls():
        least = pl.lit(listed).list.eval(_hours(home, places)).list.min()
        fact = pl.when(pl.col("home") == home).then(least).otherwise(fact)
    return fact


def _hours(home: str, places: list[str]) -> pl.Expr:
    """Shared hours of each place: a chain of tests, since a lookup inside lists would run once per list."""
    groups: dict[float, list[str]] = {}
    for place in places:
        hours = overlap_hours(home, place)
        if hours is not None:
            groups.setdefault(hours, []).append(place)
    chain = pl.lit(None, pl.Float64)
    for hours, nearby in groups.items():
        chain = pl.when(pl.element().is_in(nearby)).then(pl.lit(hours)).otherwise(chain)
    return chain


_FACTS: dict[str, Callable[[Ground], pl.Expr]] = {
    "sourcing": _known("sourcing"),
    "location": _known("location"),
    "offshore": _offshore,
    "home": lambda _ground: pl.col("home"),
    "running": lambda _ground: yes_no(pl.col("outside").is_null()),
    "individual": _subtype(SubType.INDIVIDUAL),
    "remote_employee": _subtype(SubType.REMOTE_EMPLOYEE),
    "must_stay": lambda _ground: must_stay(),
    "cost_gap": _cost_gap,
    "provider_spend_share": _provider_spend_share,
    "function_offshore_share": _function_offshore_share,
    "notice_deadline": _notice_deadline,
    "transfer": _transfer,
    "subcontracted_elsewhere": _subcontracted_elsewhere,
    "overlap_hours": _overlap_hours,
}
assert _FACTS.keys() == FACTS.keys(), "every fact of the vocabulary is computed here"  # noqa: S101 - a programming error
