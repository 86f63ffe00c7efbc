"""Items of a cell that speak of one place, put together: "Manila", "PH"; "Paris", "TX"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analyzer.places.lexicon import PLACES, Sense
from analyzer.places.scan import WORDLIKE, Item
from analyzer.places.table import Bearer, words

STRONG_CITY = 300  # thousand people: such a city stands for itself in a list
SMALLEST = 50  # thousand people: below, a lone city abroad is no evidence
FAR_LARGER = 3.5  # the largest bearer of a name against the second
FAR_LARGER_THAN_HOME = 50  # the same where a smaller one lies at home


class Cluster(NamedTuple):
    """One place: the bearers that all its items allow, the likeliest first."""

    bearers: tuple[Bearer, ...]
    items: tuple[Item, ...]

    @property
    def strong(self) -> bool:
        """Whether it names a country or a large city."""
        senses = {item.entry.sense for item in self.items if item.entry}
        sized = max((bearer.size for bearer in self.bearers), default=0)
        sure = bool(senses & {Sense.COUNTRY, Sense.STATE}) or sized >= STRONG_CITY or len(self.items) > 1
        return sure and not (len(self.items) == 1 and self.items[0].entry is not None and self.items[0].entry.common)


def clusters(items: Iterable[Item]) -> list[Cluster]:
    """Clusters in the order of the cell. A weak city beside a strong place is a part of its address."""
    grown: list[Cluster] = []
    part, shared = -1, False
    for item in items:
        if item.percent:
            shared = True  # "Pune 30%, Chennai 30%": each share has a place of its own
        if item.entry is None or item.entry.sense not in PLACES:
            continue
        new = Cluster(item.entry.bearers, (item,))
        if not grown or item.part != part or shared:
            grown.append(new)
        else:
            grown[-1:] = _met(grown[-1], new)
        part, shared = item.part, False
    return grown


def _met(before: Cluster, new: Cluster) -> list[Cluster]:
    """What becomes of a cluster when another place follows in the same part of the cell."""
    shared = _shared(before.bearers, new.bearers)
    if shared:
        return [Cluster(shared, before.items + new.items)]
    if new.items[0].code and before.items[-1].entry is not None and before.items[-1].entry.sense is Sense.CITY:
        return [Cluster((), before.items + new.items)]  # "Chennai, TN": a state that is not known, or a contradiction
    if before.strong and new.strong:
        return [before, new]
    if before.strong or new.strong:
        return [before if before.strong else new]
    return [before, new]


def _shared(before: tuple[Bearer, ...], new: tuple[Bearer, ...]) -> tuple[Bearer, ...]:
    """Bearers that both allow, each as exact as the two together say."""
    whole = words()["part_of"]
    found: dict[Bearer, None] = {}
    for one in before:
        for two in new:
            if one.country == two.country and (not one.state or not two.state or one.state == two.state):
                found[_exacter(one, two)] = None
            elif whole.get(one.country) == two.country and not two.size:
                found[one] = None
            elif whole.get(two.country) == one.country and not one.size:
                found[two] = None
    return tuple(found)


def _exacter(one: Bearer, two: Bearer) -> Bearer:
    sized = max(one, two, key=lambda bearer: bearer.size)
    return Bearer(one.country, one.state or two.state, sized.size, sized.zone)


class Choice(NamedTuple):
    """The bearer meant, or null in doubt; ``largest`` where size alone decided against a rival."""

    bearer: Bearer | None
    largest: bool = False


def choose(cluster: Cluster, home: str | None) -> Choice:
    """Which country a cluster means, seen from ``home``."""
    bearers, first = cluster.bearers, cluster.items[0]
    countries = {bearer.country for bearer in bearers}
    entry = first.entry
    if len(cluster.items) > 1:
        return Choice(bearers[0] if len(countries) == 1 else None)
    if entry is None or entry.common:
        return Choice(None)
    if first.code:
        return _coded(first.code, bearers, home)
    if entry.sense is Sense.CITY:
        return _city(bearers, home)
    named = [bearer for bearer in bearers if not bearer.size]
    if len({bearer.country for bearer in named}) > 1:
        rival = any(bearer.state and bearer.country == home for bearer in named)
        return Choice(None if rival or not named[1].state else named[0])
    at_home = [bearer for bearer in bearers if bearer.country == home and bearer.size >= STRONG_CITY]
    return Choice(None if at_home and entry.sense is Sense.STATE and home != named[0].country else state_first(named))


def state_first(bearers: Sequence[Bearer]) -> Bearer:
    """A name that means a country by its state ("Texas") is the state, which has a zone."""
    return next((bearer for bearer in bearers if bearer.state and not bearer.size), bearers[0])


def _coded(code: str, bearers: tuple[Bearer, ...], home: str | None) -> Choice:
    countries = list(dict.fromkeys(bearer.country for bearer in bearers))
    if len(countries) == 1 and (code not in WORDLIKE or bearers[0].size):
        return Choice(bearers[0])
    if code in WORDLIKE or home in countries[1:]:
        return Choice(None)
    return Choice(bearers[0])


def _city(bearers: tuple[Bearer, ...], home: str | None) -> Choice:
    """The largest city of the name, if it is so by far; one at home counts for more."""
    sizes: dict[str, int] = {}
    for bearer in bearers:
        sizes[bearer.country] = max(sizes.get(bearer.country, 0), bearer.size)
    (top, size), *rest = sorted(sizes.items(), key=lambda one: -one[1])
    rival = rest[0][1] if rest else 0
    largest = max((bearer for bearer in bearers if bearer.country == top), key=lambda bearer: bearer.size)
    if top == home:
        return Choice(largest if size > rival else None, largest=rival * FAR_LARGER > size)
    if size < SMALLEST or (home in sizes and size < FAR_LARGER_THAN_HOME * sizes[home]) or size < FAR_LARGER * rival:
        return Choice(None)
    return Choice(largest, largest=rival * FAR_LARGER_THAN_HOME > size)
