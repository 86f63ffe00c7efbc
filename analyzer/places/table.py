"""The baked table of countries, their names, states and cities, read once."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, compress
from pathlib import Path
from typing import Any, NamedTuple, Self

from analyzer.compiled import made_of, toml

_TABLE = Path(__file__).with_name("table.tsv.gz")
_FIRST = 2  # letters that the spellings of a block have in common
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
class Spellings:
    """A text for each of many spellings, in blocks that are taken apart when one of theirs is asked for."""

    blocks: Mapping[str, str]  # by the first letters of a spelling: its lines, spelling and text with a tab between

    @classmethod
    def of(cls, texts: Iterable[tuple[str, str]]) -> Self:
        """All of them, put into blocks."""
        lines: defaultdict[str, list[str]] = defaultdict(list)
        for spelling, text in texts:
            lines[spelling[:_FIRST]].append(f"{spelling}\t{text}")
        return cls({first: "\n".join(block) for first, block in lines.items()})

    def get(self, spelling: str) -> str:
        """The text of a spelling, "" where it has none."""
        return _entries(self.blocks.get(spelling[:_FIRST], "")).get(spelling, "")

    def values(self) -> Iterator[str]:
        """The texts of all spellings."""
        return chain.from_iterable(_entries(block).values() for block in self.blocks.values())


@cache
def _entries(block: str) -> dict[str, str]:
    return dict(line.split("\t") for line in block.split("\n")) if block else {}


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Spellings as ``bake`` folds them: ``names`` to country codes, ``states`` of the US, ``cities`` to bearers."""

    countries: Mapping[str, Country]
    names: Spellings  # codes, the likeliest first
    main_names: frozenset[str]
    states: Mapping[str, str]  # name -> code
    cities: Spellings
    zones: tuple[str, ...]

    def bearers(self, spelling: str) -> tuple[Bearer, ...]:
        """Cities of that name, the largest first."""
        return tuple(self._bearer(text) for text in self.cities.get(spelling).split())

    def _bearer(self, text: str) -> Bearer:
        country, state, size, zone = text.split(":")
        return Bearer(country, state, int(size), self.zones[int(zone)])


@cache
def table() -> Table:
    """The table shipped with the package."""
    return made_of([_TABLE, Path(__file__)], _read)


def _read() -> Table:
    zones, countries, names, states, cities = _blocks(gzip.decompress(_TABLE.read_bytes()))
    return Table(
        countries={fields[0]: _country(fields) for fields in (line.split("\t") for line in countries)},
        names=Spellings.of(zip(names[::3], names[1::3], strict=True)),
        main_names=frozenset(compress(names[::3], map("1".__eq__, names[2::3]))),
        states=dict(zip(states[1::2], states[::2], strict=True)),
        cities=Spellings.of(zip(cities[::2], cities[1::2], strict=True)),
        zones=tuple(zones[0].split()),
    )


def _blocks(content: bytes) -> tuple[list[str], ...]:
    """The blocks in their order: countries by line, the long ones taken apart into their fields all at once.

    Each is decoded by itself: text that is all ASCII is taken apart several times faster.
    """
    zones, rest = content.removesuffix(b"\n").split(b"\nC\t", 1)
    countries, rest = rest.split(b"\nN\t", 1)
    names, rest = rest.split(b"\nS\t", 1)
    states, cities = rest.split(b"\nT\t", 1)
    long = {b"N": names, b"S": states, b"T": cities}
    fields = (lines.replace(b"\n%b\t" % letter, b"\t").decode().split("\t") for letter, lines in long.items())
    return [zones.decode().removeprefix("Z\t")], countries.decode().split("\nC\t"), *fields


def _country(fields: list[str]) -> Country:
    code, alpha3, continent, _, *rest = fields
    zones = tuple(part.partition("=")[0] for part in rest[len(LANGUAGES)].split())
    return Country(code, alpha3, continent, dict(zip(LANGUAGES, rest, strict=False)), zones)


@cache
def words() -> dict[str, Any]:
    """The word lists of ``words.toml``."""
    return toml(Path(__file__).with_name("words.toml"))


def warm() -> None:
    """Read what all readings of places need."""
    table()
    words()


def country_name(code: str, language: str = "en") -> str:
    """Display name of a country in one of ``LANGUAGES``; the code itself where it is not known."""
    country = table().countries.get(code)
    return country.names.get(language, country.names["en"]) if country else code
