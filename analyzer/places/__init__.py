"""Spellings of countries, regions and cities to ISO codes and time zones.

``resolve`` reads a column of texts; ``country_name`` names a country for people; ``overlap_hours`` compares working
days. Whether a country belongs to a union or a market is policy and not known here.
"""

from __future__ import annotations

from analyzer.places.resolver import Place, resolve
from analyzer.places.spelling import INVISIBLE, alike, fold, folded
from analyzer.places.table import LANGUAGES, country_name, warm
from analyzer.places.zones import overlap_hours, zone_of, zones_of

__all__ = [
    "INVISIBLE",
    "LANGUAGES",
    "Place",
    "alike",
    "country_name",
    "fold",
    "folded",
    "overlap_hours",
    "resolve",
    "warm",
    "zone_of",
    "zones_of",
]
