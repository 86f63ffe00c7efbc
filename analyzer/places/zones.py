"""Time zones of places, and the working hours that two countries share."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from analyzer.places.table import table

OPENS, CLOSES = 9, 17  # hours of the local working day
SEASONS = (date(2026, 1, 15), date(2026, 7, 15))  # one day in each state of daylight saving


def zone_of(country: str) -> str | None:
    """IANA zone of a country's most populous zone, null for an unknown code."""
    known = table().countries.get(country)
    return known.zones[0] if known and known.zones else None


def zones_of(country: str) -> tuple[str, ...]:
    """All zones of a country with cities in them, most people first."""
    known = table().countries.get(country)
    return known.zones if known else ()


@cache
def zone_of_state(country: str, state: str) -> str | None:
    """IANA zone most people of a state or province live in, null where no city of it is known."""
    mark, known = f"{country}:{state}:", table()
    people: Counter[str] = Counter()
    for bearers in known.cities.values():
        if mark in bearers:  # most names are of cities elsewhere
            for part in bearers.split():
                if part.startswith(mark):
                    size, zone = part.removeprefix(mark).split(":")
                    people[zone] += int(size)
    return known.zones[int(people.most_common(1)[0][0])] if people else None


@cache
def overlap_hours(home: str, place: str) -> float | None:
    """Hours that 9 to 17 at ``home`` and at ``place`` share, in the worse half of the year; null if one is unknown.

    Both are ISO country codes, then their most populous zone counts, or IANA zones.
    """
    names = [one if "/" in one else zone_of(one) for one in (home, place)]
    if names[0] is None or names[1] is None:
        return None
    return min(_shared(ZoneInfo(names[0]), ZoneInfo(names[1]), day) for day in SEASONS)


def _shared(home: ZoneInfo, place: ZoneInfo, day: date) -> float:
    """Hours shared on a day, whichever of the place's days around it meets the home's working day."""
    start, end = _working_day(home, day)
    spans = [_working_day(place, day + timedelta(days=shift)) for shift in (-1, 0, 1)]
    return max(max(0.0, (min(end, close) - max(start, open_)).total_seconds() / 3600) for open_, close in spans)


def _working_day(zone: ZoneInfo, day: date) -> tuple[datetime, datetime]:
    opens, closes = (datetime(day.year, day.month, day.day, hour, tzinfo=zone) for hour in (OPENS, CLOSES))
    return opens.astimezone(UTC), closes.astimezone(UTC)
