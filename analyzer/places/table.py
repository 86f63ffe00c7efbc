"""The baked table of countries, their names, states and cities, read once."""

from __future__ import annotations

import gzip
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")


class Bearer(NamedTuple):
    """One place that bears a name: a country (no size), a state of it, or a city of ``size`` thousand people."""

    country: str
    state: str = ""
    size: int = 0
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Country:
    """ISO alpha-2 and alpha-3, continent (AF, AN, AS, EU, NA, OC, SA), names per language, zones by population."""

    code: str
    alpha3: str
    continent: str
    names: Mapping[str, str]
    zones: tuple[str, ...]  # most people first


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Spellings as ``bake`` folds them: ``names`` to country codes, ``states`` of the US, ``cities`` to bearers."""

    countries: Mapping[str, Country]
    names: Mapping[str, tuple[str, ...]]
    main_names: frozenset[str]
    states: Mapping[str, str]  # name -> code
    cities: Mapping[str, str]
    zones: tuple[str, ...]

    def bearers(self, spelling: str) -> tuple[Bearer, ...]:
        """Cities of that name, the largest first."""
        return tuple(self._bearer(text) for text in self.cities.get(spelling, "").split())

    def _bearer(self, text: str) -> Bearer:
        country, state, size, zone = text.split(":")
        return Bearer(country, state, int(size), self.zones[int(zone)])


@cache
def table() -> Table:
    """The table shipped with the package."""
    packed = resources.files(__package__).joinpath("table.tsv.gz").read_bytes()
    rest, _, cities = gzip.decompress(packed).decode().partition("\nT\t")
    rows: dict[str, list[list[str]]] = {letter: [] for letter in "ZCNS"}
    for line in rest.splitlines():
        letter, *fields = line.split("\t")
        rows[letter].append(fields)
    return Table(
        countries={fields[0]: _country(fields) for fields in rows["C"]},
        names={spelling: tuple(codes.split()) for spelling, codes, _ in rows["N"]},
        main_names=frozenset(spelling for spelling, _, main in rows["N"] if main == "1"),
        states={name: code for code, name in rows["S"]},
        cities=_cities(cities),
        zones=tuple(rows["Z"][0][0].split()),
    )


def _cities(lines: str) -> dict[str, str]:
    """The last and by far the longest block, taken apart all at once."""
    fields = lines.removesuffix("\n").replace("\nT\t", "\t").split("\t")
    return dict(zip(fields[::2], fields[1::2], strict=True))


def _country(fields: list[str]) -> Country:
    code, alpha3, continent, _, *rest = fields
    zones = tuple(part.partition("=")[0] for part in rest[len(LANGUAGES)].split())
    return Country(code, alpha3, continent, dict(zip(LANGUAGES, rest, strict=False)), zones)


@cache
def words() -> dict[str, Any]:
    """The word lists of ``words.toml``."""
    return tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def country_name(code: str, language: str = "en") -> str:
    """Display name of a country in one of ``LANGUAGES``; the code itself where it is not known."""
    country = table().countries.get(code)
    return country.names.get(language, country.names["en"]) if country else code
