"""Texts of a column of places to countries: never a guess, with the reason where there is no answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from analyzer.places.clusters import Cluster, choose, clusters, state_first
from analyzer.places.lexicon import Entry, Sense, coded, entry, is_country_code, members
from analyzer.places.respelling import respelled
from analyzer.places.scan import Item, scan
from analyzer.places.shares import shares
from analyzer.places.spelling import fold
from analyzer.places.table import Bearer
from analyzer.places.zones import zone_of_state
from analyzer.terms import PlaceReading

CODE_LETTERS = (2, 3)
HOUSE_NUMBER = r"(^|[^\d.,])(?:[1-9]\d{3,}|[2-9]\d\d|1[1-9]\d|10[1-9])($|[^\d.,%])"  # too large for a share
MARKS = re.compile(r"[\W_]+")
LONGEST_NAME = 60  # letters of the longest name of a country, and some
ENOUGH, MOST = 2, 0.75  # codes in a column, and their share of its short texts, that make it a column of codes
SCHEMA: dict[str, pl.DataType] = {
    "codes": pl.List(pl.String),
    "shares": pl.List(pl.Float64),
    "reading": pl.String(),
    "abroad": pl.Boolean(),
    "zone": pl.String(),
    "note": pl.String(),
}


class Place(NamedTuple):
    """What a cell says of a place. ``note`` is a finding's code: why in doubt, or what was assumed."""

    reading: PlaceReading
    codes: tuple[str, ...] = ()
    shares: tuple[float, ...] | None = None
    abroad: bool | None = None
    zone: str | None = None
    note: str | None = None


UNREADABLE = Place(PlaceReading.UNREADABLE, note="place-unread")
DOUBTFUL = Place(PlaceReading.DOUBTFUL, note="place-doubtful")
NOWHERE = Place(PlaceReading.NOWHERE, note="place-without-country")
AT_HOME = Place(PlaceReading.HOME_WORD)
ABROAD = Place(PlaceReading.ABROAD_WORD, abroad=True, note="place-without-country")
BY_SENSE = {
    Sense.HOME: AT_HOME,
    Sense.ABROAD: ABROAD,
    Sense.NOWHERE: NOWHERE,
    Sense.DOUBT: DOUBTFUL,
    Sense.GONE: DOUBTFUL,
    Sense.NEGATION: DOUBTFUL,
}


def resolve(texts: pl.Series, homes: pl.Series, aliases: Mapping[str, str] | None = None) -> pl.DataFrame:
    """What each text of one column says, seen from its home country (ISO code or null).

    Gives, row by row: ``codes`` List(String), ISO alpha-2 or null · ``shares`` List(Float64) in 0..1 beside them or
    null · ``reading`` String (``PlaceReading``) · ``abroad`` Boolean, true where surely not home · ``zone`` String,
    the one IANA zone of the first country's cities and states or null · ``note`` String, a finding's code or null. Two
    and three letters are codes where the column's other texts are; ``aliases`` (spelling to code) win over everything.
    """
    cells = pl.DataFrame({"text": texts.cast(pl.String), "home": homes.cast(pl.String)})
    cells = cells.with_columns(pl.col("text").str.replace_all(HOUSE_NUMBER, "${1}999${2}").alias("spelled"))
    distinct = cells.select("spelled", "home").unique()
    distinct = distinct.with_columns(fold(distinct["spelled"]).alias("folded"))
    known = _aliases(aliases or {})
    kind = kind_of_codes(distinct["spelled"])
    read = [place(text, folded, home, kind, known) for text, home, folded in distinct.iter_rows()]
    answers = distinct.hstack(_frame(read))
    joined = cells.join(answers, on=["spelled", "home"], how="left", maintain_order="left", nulls_equal=True)
    return joined.select(SCHEMA.keys())


def _frame(read: list[Place]) -> pl.DataFrame:
    flat = pl.DataFrame(
        {
            "codes": [" ".join(one.codes) if one.codes else None for one in read],
            "shares": [" ".join(map(str, one.shares)) if one.shares else None for one in read],
            "reading": [one.reading.value for one in read],
            "abroad": [one.abroad for one in read],
            "zone": [one.zone for one in read],
            "note": [one.note for one in read],
        },
        schema={**SCHEMA, "codes": pl.String(), "shares": pl.String()},
    )
    return flat.with_columns(pl.col("codes").str.split(" "), pl.col("shares").str.split(" ")).cast(SCHEMA)  # type: ignore[arg-type]  # a mapping of names to types casts too


def _aliases(aliases: Mapping[str, str]) -> Mapping[str, str]:
    if not aliases:
        return {}
    return dict(zip(fold(pl.Series(list(aliases))), aliases.values(), strict=True))


def kind_of_codes(texts: pl.Series) -> str:
    """What two and three letters are in a column: ``country`` codes, ``state`` codes, or nothing ("") by themselves."""
    short = {text.strip().upper() for text in texts.drop_nulls().unique() if len(text.strip()) in CODE_LETTERS}
    countries = {text for text in short if is_country_code(text)}
    states = {text for text in short if any(bearer.state and bearer.country == "US" for bearer in coded(text))}
    more, kind = max((countries, "country"), (states, "state"), key=lambda one: len(one[0]))
    few = len(more) == ENOUGH and more == short  # beside GB, which is no state, IN is India
    return (
        kind if (few or len(more) > ENOUGH) and len(more) >= MOST * len(short) and len(countries) != len(states) else ""
    )


def place(text: str | None, folded: str | None, home: str | None, kind: str, aliases: Mapping[str, str]) -> Place:
    """One cell's place."""
    if not text or not folded:
        return Place(PlaceReading.BLANK)
    if folded in aliases:
        return Place(PlaceReading.COUNTRY, (aliases[folded],))
    by_column = _by_column(text.strip().upper(), kind)
    return by_column or _spoken(text, folded, home)


def _spoken(text: str, folded: str, home: str | None) -> Place:
    """The place of a cell that has to speak for itself."""
    if "?" in folded:
        return DOUBTFUL
    whole = MARKS.sub(" ", folded).strip()
    if not whole:
        return UNREADABLE
    found = entry(whole) if len(whole) <= LONGEST_NAME else None
    said = _whole(found, whole, home) if found else None
    return said or _read(scan(text, folded), home)


def _by_column(code: str, kind: str) -> Place | None:
    """The code's meaning in a column of codes."""
    if not kind or len(code) not in CODE_LETTERS:
        return None
    bearers = [bearer for bearer in coded(code) if bearer.country == "US" and bearer.state]
    if kind == "country":
        bearers = [bearer for bearer in coded(code) if not bearer.state and not bearer.size]
    if not bearers:
        return None
    country = bearers[0].country
    note = "place-namibia" if country == "NA" else None
    return Place(PlaceReading.COUNTRY, (country,), zone=_zone(bearers[0]), note=note)


def _whole(found: Entry, phrase: str, home: str | None) -> Place | None:
    """A cell that is one word about places, or a country's full name ("Korea, Republic of")."""
    if found.sense is Sense.REGION:
        return _region([phrase], home)
    if found.sense is Sense.COUNTRY and not found.common and len({bearer.country for bearer in found.bearers}) == 1:
        return Place(PlaceReading.COUNTRY, (found.bearers[0].country,), zone=_zone(state_first(found.bearers)))
    return BY_SENSE.get(found.sense)


def _region(regions: list[str], home: str | None) -> Place:
    outside = home is not None and all(home not in members(region) for region in regions)
    return Place(PlaceReading.REGION, abroad=True if outside else None, note="place-without-country")


def _read(items: list[Item], home: str | None) -> Place:
    senses = {item.entry.sense for item in items if item.entry}
    found = clusters(items)
    if senses & {Sense.DOUBT, Sense.GONE}:
        return DOUBTFUL
    if not found:
        return _without_places(items, senses, home)
    choices = [choose(cluster, home) for cluster in _as_codes(found)]
    bearers = [choice.bearer for choice in choices if choice.bearer is not None]
    countries = tuple(dict.fromkeys(bearer.country for bearer in bearers))
    if Sense.NEGATION in senses:
        outside = countries == (home,) and items[0].entry is not None and items[0].entry.sense is Sense.NEGATION
        return ABROAD if outside else DOUBTFUL
    if len(bearers) < len(choices) or _unread_part(items) or _contradicts(countries, senses, home):
        return DOUBTFUL
    try:
        stated = shares(_order(items, found), [item for item in items if item.number is not None])
    except ValueError:
        return DOUBTFUL
    largest = any(choice.largest for choice in choices)
    return _placed(bearers, countries, stated, note="place-largest" if largest else None)


def _placed(bearers: list[Bearer], countries: tuple[str, ...], stated: list[float] | None, note: str | None) -> Place:
    parts = None
    if stated is not None and (len(countries) > 1 or stated[0] < 1):
        parts = tuple(
            sum(share for share, bearer in zip(stated, bearers, strict=True) if bearer.country == country)
            for country in countries
        )
    reading = PlaceReading.COUNTRY if len(countries) == 1 and parts is None else PlaceReading.COUNTRIES
    zones = {_zone(bearer) for bearer in bearers if bearer.country == countries[0]}
    return Place(reading, countries, parts, None, zones.pop() if len(zones) == 1 else None, note)


def _zone(bearer: Bearer) -> str | None:
    return bearer.zone or (zone_of_state(bearer.country, bearer.state) if bearer.state else None)


def _as_codes(found: list[Cluster]) -> list[Cluster]:
    """Several codes and nothing else are countries, each vouching for the others: "IN 60 % / GB 40 %"."""
    if len(found) < ENOUGH or not all(len(one.items) == 1 for one in found):
        return found
    plain = [_country_bearers(one) for one in found]
    if all(plain) and any(one.items[0].code for one in found):
        return [
            Cluster((bearers[0],), one.items * 2) if one.items[0].code else one
            for one, bearers in zip(found, plain, strict=True)
        ]
    return found


def _country_bearers(cluster: Cluster) -> list[Bearer]:
    return [bearer for bearer in cluster.bearers if not bearer.state and not bearer.size]


def _contradicts(countries: tuple[str, ...], senses: set[Sense], home: str | None) -> bool:
    """Whether a word beside the place denies it: "Onshore (India)" from elsewhere, "Offshore (UK)" from there."""
    only_home = countries == (home,)
    return (Sense.HOME in senses and not only_home) or (Sense.ABROAD in senses and home in countries)


def _unread_part(items: list[Item]) -> bool:
    """Whether a part between strong marks names something that is not known or has no country: "India / Elbonia"."""
    if not items[-1].part:
        return False
    named = {item.part for item in items if item.entry and item.entry.sense in {Sense.COUNTRY, Sense.STATE, Sense.CITY}}
    other = {item.part for item in items if item.number is None and (item.entry is None or item.part not in named)}
    long = {item.part for item in items if item.number is None and len(item.phrase) > len("abc")}
    numbered = {item.part for item in items if item.number is not None and not item.percent}
    return bool((other & long) - named - numbered)


def _order(items: list[Item], found: list[Cluster]) -> list[tuple[str, float]]:
    """Places and numbers in the order of the cell; a place counts once, a number over 100 not at all."""
    starts = {id(cluster.items[0]) for cluster in found}
    order: list[tuple[str, float]] = []
    for item in items:
        if id(item) in starts:
            order.append(("P", 0.0))
        elif item.number is not None and item.number <= 100:  # noqa: PLR2004 - per cent
            order.append(("N", item.number))
    return order


def _without_places(items: list[Item], senses: set[Sense], home: str | None) -> Place:
    unknown = [item.phrase for item in items if item.entry is None and item.number is None]
    regions = [item.phrase for item in items if item.entry and item.entry.sense is Sense.REGION]
    sure = Sense.NEGATION not in senses and all(item.number is None for item in items)
    if unknown and sure and senses <= {Sense.ABROAD}:
        code = respelled(" ".join(unknown))
        return Place(PlaceReading.COUNTRY, (code,), note="place-respelled") if code else UNREADABLE
    if not senses:
        return UNREADABLE
    if unknown or not sure:
        return DOUBTFUL
    if regions and senses <= {Sense.REGION, Sense.NOWHERE, Sense.ABROAD}:
        return _region(regions, home)
    return NOWHERE if Sense.NOWHERE in senses else BY_SENSE[senses.pop()] if len(senses) == 1 else DOUBTFUL
