"""What a phrase of a place cell can mean: places, regions, and words about places."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from analyzer.places.table import Bearer, table, words


class Sense(StrEnum):
    """What kind of thing a phrase is."""

    COUNTRY = "country"
    STATE = "state"
    CITY = "city"
    REGION = "region"
    HOME = "home"
    ABROAD = "abroad"
    NOWHERE = "nowhere"
    DOUBT = "doubt"
    NEGATION = "negation"
    JOINING = "joining"
    NOISE = "noise"
    GONE = "gone"  # a state that is no more, a group of islands: never one country


PLACES = frozenset({Sense.COUNTRY, Sense.STATE, Sense.CITY})
LONGEST = 7  # words of the longest phrase that is looked up


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase's sense and the places that may be meant, the likeliest first. ``common``: also an everyday word."""

    sense: Sense
    bearers: tuple[Bearer, ...] = ()
    common: bool = False


@lru_cache(maxsize=100_000)
def entry(phrase: str) -> Entry | None:
    """What a phrase (a key: folded, single spaces) means, null where it means nothing here."""
    special = _words().get(phrase)
    if special is not None:
        return special
    cities = _cities(phrase)
    countries = _countries(phrase)
    states = _states().get(phrase, ())
    common = phrase in words()["common"]
    if countries:
        return Entry(Sense.COUNTRY, (*countries, *states, *cities), common)
    if states:
        return Entry(Sense.STATE, (*states, *cities), common)
    return Entry(Sense.CITY, cities, common) if cities else None


def _countries(phrase: str) -> tuple[Bearer, ...]:
    short = words()["short"].get(phrase)
    codes = short or table().names.get(phrase)
    return tuple(Bearer(code) for code in codes.split())


def _cities(phrase: str) -> tuple[Bearer, ...]:
    known = table().bearers(phrase)
    fixed = words()["city"].get(phrase)
    if fixed is None:
        return known
    listed = {bearer[:2]: bearer for bearer in reversed(known)}
    wanted = [[*part.split(":"), ""][:3] for part in fixed.split()]
    return tuple(
        Bearer(country, state, int(size)) if size else listed.get((country, state), Bearer(country, state, BIG))
        for country, state, size in wanted
    )


BIG = 1000  # thousand people, for a city that the table spells otherwise


@cache
def _states() -> dict[str, tuple[Bearer, ...]]:
    named: dict[str, tuple[Bearer, ...]] = {name: (Bearer("US", code),) for name, code in table().states.items()}
    for country, states in words()["subdivision"].items():
        named |= {name: (Bearer(country, code),) for code, name in states.items()}
    for country, names in words()["state_names"].items():
        named |= {name: (Bearer(country),) for name in names}
    return named


@cache
def _words() -> dict[str, Entry]:
    lists = words()
    senses = {
        Sense.NOISE: lists["noise"],
        Sense.JOINING: lists["joining"],
        Sense.NEGATION: lists["negation"],
        Sense.DOUBT: lists["doubt"],
        Sense.NOWHERE: lists["nowhere"],
        Sense.ABROAD: lists["abroad"],
        Sense.HOME: lists["home"],
    }
    spelled = {phrase: Entry(sense) for sense, phrases in senses.items() for phrase in phrases}
    gone = {phrase: Entry(Sense.GONE) for phrase in lists["no_country"]["names"]}
    return spelled | gone | {phrase: Entry(Sense.REGION) for phrase in lists["region"]}


@cache
def members(region: str) -> frozenset[str]:
    """Countries that a region may contain."""
    listed: list[str] = words()["region"][region]
    continents = {name[1:] for name in listed if name.startswith("@")}
    inside = {code for code, country in table().countries.items() if country.continent in continents}
    return frozenset(inside | {name for name in listed if not name.startswith("@")})


@cache
def coded(code: str) -> tuple[Bearer, ...]:
    """What two or three capitals may stand for: a country, a state, a site."""
    if code in words()["site"]:
        return tuple(bearer._replace(size=max(bearer.size, BIG)) for bearer in _cities(words()["site"][code])[:1])
    alike = words()["iso_like"].get(code)
    countries = (alike,) if alike else tuple(c.code for c in table().countries.values() if code in {c.code, c.alpha3})
    states = [Bearer("US", code)] if code in set(table().states.values()) else []
    states += [Bearer(country, code) for country, names in words()["subdivision"].items() if code in names]
    return (*(Bearer(country) for country in countries), *states)


def is_country_code(code: str) -> bool:
    """Whether capitals are an ISO code of a country, or are used as one."""
    return any(not bearer.state and not bearer.size for bearer in coded(code))
