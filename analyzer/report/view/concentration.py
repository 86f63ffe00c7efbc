"""Providers, countries and functions: shares against the thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analyzer.report.charts import Scale, Segment, stack
from analyzer.report.view.context import QUADRANT_CODES, Context, Level
from analyzer.terms import Field, Quadrant, Severity

MEDIUM_SHARE, HIGH_SHARE = 0.20, 0.35
SHOWN = 8
LEAST_SCALE = 0.5  # the axis of shares reaches at least half
MOST = 0.5  # a function that sends more than this share out or away is worth a sentence
FUNCTIONS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A share with its bar; ``code`` is that of its level, or ``home``."""

    name: str
    note: str
    code: str
    level: Level | None
    width: str
    share: str
    cumulative: str
    tasks: str
    fte: str
    cost: str


@dataclass(frozen=True, slots=True)
class Shares:
    """A table of bars against the two thresholds; ``empty`` stands alone where there is nothing."""

    caption: str
    empty: str = ""
    bars: tuple[Bar, ...] = ()
    start: str = ""
    medium_at: str = ""
    high_at: str = ""
    medium: str = ""
    high: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Concentration:
    """Providers and countries."""

    lead: str
    effective: str
    providers: Shares
    countries: Shares
    note: str


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """A function's tasks by quadrant, and the shares that are outside or abroad."""

    name: str
    bar: tuple[Segment, ...]
    said: str
    tasks: str
    outsourced: str
    offshore: str
    fte: str
    cost: str


@dataclass(frozen=True, slots=True)
class Functions:
    """The section of functions."""

    lead: str
    empty: str
    rows: tuple[FunctionRow, ...]
    more: str


def see(context: Context) -> Concentration:
    """Providers and countries of an analysis."""
    return Concentration(
        lead=_lead(context),
        effective=_effective(context),
        providers=_providers(context),
        countries=_countries(context),
        note=context.say(
            "concentration.thresholds",
            medium=context.numbers.ratio(MEDIUM_SHARE),
            high=context.numbers.ratio(HIGH_SHARE),
        ),
    )


def _lead(context: Context) -> str:
    providers = context.analysis.summary.providers
    limit = context.numbers.ratio(HIGH_SHARE)
    if not providers.height:
        return context.say("concentration.lead_none")
    top = _shared(providers).row(0, named=True)
    if (top["part"] or 0) < HIGH_SHARE:
        spread = "concentration.lead_spread" if _by_cost(providers) else "concentration.lead_spread_tasks"
        return context.say(spread, limit=limit)
    key = "concentration.lead_high" if _by_cost(providers) else "concentration.lead_high_tasks"
    return context.say(key, name=top["provider"], share=context.numbers.ratio(top["part"]), limit=limit)


def _effective(context: Context) -> str:
    """How many equal providers would be as concentrated: 10,000 / HHI."""
    number = context.analysis.summary.facts.get("effective_providers")
    return context.say("concentration.effective", n_=context.numbers.short(number)) if number else ""


def _by_cost(frame: pl.DataFrame) -> bool:
    return bool((frame["cost"].sum() or 0) > 0)


def _shared(providers: pl.DataFrame) -> pl.DataFrame:
    """Providers with ``part``: their share of spend where any is stated, else of tasks; largest first."""
    part = pl.col("share") if _by_cost(providers) else pl.col("tasks") / pl.col("tasks").sum()
    return providers.with_columns(part=part).sort("part", "provider", descending=[True, False], nulls_last=True)


def _providers(context: Context) -> Shares:
    providers = context.analysis.summary.providers
    if not providers.height:
        return Shares("", empty=context.say("concentration.none_providers"))
    frame = _shared(providers).with_columns(
        total=pl.col("part").fill_null(0).cum_sum(), name=pl.col("provider"), note=pl.lit(""), home=pl.lit(False)
    )
    caption = "concentration.providers" if _by_cost(providers) else "concentration.providers_tasks"
    return _shares(context, context.say(caption), frame)


def _countries(context: Context) -> Shares:
    countries = context.analysis.summary.countries
    if not countries.height:
        return Shares("", empty=context.say("concentration.none_countries"))
    by_fte = (countries["fte"].sum() or 0) > 0
    part = pl.col("share") if by_fte else pl.col("tasks") / pl.col("tasks").sum()
    home = pl.col("country") == context.analysis.home
    frame = (
        countries.with_columns(
            part=part,
            home=home,
            note=pl.when(home).then(pl.lit(context.say("concentration.home"))).otherwise(pl.lit("")),
            name=pl.coalesce("name", "country"),
        )
        .sort("part", "name", descending=[True, False], nulls_last=True)
        .with_columns(total=pl.col("part").fill_null(0).cum_sum())
    )
    return _shares(
        context, context.say("concentration.countries" if by_fte else "concentration.countries_tasks"), frame
    )


def _shares(context: Context, caption: str, frame: pl.DataFrame) -> Shares:
    shown, rest = frame.head(SHOWN), frame.slice(SHOWN)
    scale = Scale(0, max(LEAST_SCALE, float(frame["part"].fill_null(0).to_list()[0])), margin=0)
    together = context.numbers.ratio(float(rest["part"].fill_null(0).sum()))
    return Shares(
        caption=caption,
        bars=tuple(_bar(context, scale, row) for row in shown.iter_rows(named=True)),
        medium_at=scale.at(MEDIUM_SHARE),
        high_at=scale.at(HIGH_SHARE),
        medium=context.numbers.ratio(MEDIUM_SHARE),
        high=context.numbers.ratio(HIGH_SHARE),
        more=context.say("concentration.more", rest.height, share=together) if rest.height else "",
    )


def _bar(context: Context, scale: Scale, row: dict[str, object]) -> Bar:
    part = row["part"]
    share = float(part) if isinstance(part, float) else None
    level = None if row["home"] or share is None else context.level(_severity(share))
    return Bar(
        name=str(row["name"]),
        note=str(row["note"]),
        code="home" if row["home"] else level.code if level else "na",
        level=level if level and level.code != "lo" else None,
        width=scale.length(0, share or 0),
        share=context.numbers.ratio(share),
        cumulative=context.numbers.ratio(min(float(str(row["total"])), 1.0)),
        tasks=context.numbers.count(float(str(row["tasks"]))),
        fte=context.fte(_float(row["fte"])),
        cost=context.money(_float(row["cost"])),
    )


def _severity(share: float) -> str:
    high, medium = share >= HIGH_SHARE, share >= MEDIUM_SHARE
    return (Severity.HIGH if high else Severity.MEDIUM if medium else Severity.LOW).value


def _float(value: object) -> float | None:
    """A sum, None where nothing is known: a blank never reads as nothing."""
    return float(value) if isinstance(value, float | int) and value else None


def functions(context: Context) -> Functions:
    """The functions of an analysis, most tasks outside or abroad first."""
    frame = context.analysis.summary.functions
    if not context.has(Field.FUNCTION) or not frame.height:
        return Functions(context.say("functions.none"), context.say("functions.none"), (), "")
    names = [quadrant.value for quadrant in Quadrant]
    total = pl.sum_horizontal(names)
    away = total - pl.col(Quadrant.INHOUSE_ONSHORE.value) - pl.col(Quadrant.UNDETERMINED.value)
    order = frame.with_columns(total=total, away=away / total).sort(
        "away", "total", "function", descending=[True, True, False], nulls_last=True
    )
    rest = max(0, order.height - FUNCTIONS)
    rows = tuple(_function(context, row, names) for row in order.head(FUNCTIONS).iter_rows(named=True))
    return Functions(_functions_lead(context, order), "", rows, context.say("functions.more", rest) if rest else "")


def _functions_lead(context: Context, order: pl.DataFrame) -> str:
    most = order.filter((pl.col("away") > MOST) & pl.col("function").is_not_null()).sort(
        "total", "away", "function", descending=[True, True, False]
    )
    if not most.height:
        return context.say("functions.lead_none")
    top = most.row(0, named=True)
    share, whole = context.numbers.ratio(top["away"]), context.numbers.count(order.height)
    return context.say("functions.lead", most.height, whole=whole, name=top["function"], share=share)


def _function(context: Context, row: dict[str, float | str | None], names: Sequence[str]) -> FunctionRow:
    sizes = {QUADRANT_CODES[Quadrant(name)]: _float(row[name]) or 0.0 for name in names}
    count = context.numbers.count
    return FunctionRow(
        name=str(row["function"] or context.say("tasks.unnamed")),
        bar=stack(sizes),
        said=", ".join(
            f"{context.place(name).name} {count(_float(row[name]) or 0)}" for name in names if _float(row[name])
        ),
        tasks=count(_float(row["total"]) or 0),
        outsourced=_ratio(context, row["outsourced_share"]),
        offshore=_ratio(context, row["offshore_share"]),
        fte=context.fte(_float(row["fte"])),
        cost=context.money(_float(row["cost"])),
    )


def _ratio(context: Context, value: object) -> str:
    return context.numbers.ratio(float(value) if isinstance(value, float) else None)
