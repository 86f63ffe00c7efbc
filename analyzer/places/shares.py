"""Shares beside places: "IN 60 % / GB 40 %", "60% India, 40% UK", "India (60) UK (40)"."""

from __future__ import annotations

from analyzer.places.scan import Item

WHOLE, SLACK = 100.0, 1.0


def shares(order: list[tuple[str, float]], numbers: list[Item]) -> list[float] | None:
    """A share in 0..1 per place, null where none is stated. ``order``: ``P`` or ``N`` and the number, as in the cell.

    Raises ``ValueError`` where numbers look like shares but do not fit the places.
    """
    if not numbers:
        return None
    values = [value for kind, value in order if kind == "N"]
    places = sum(kind == "P" for kind, _ in order)
    stated = any(number.percent for number in numbers)
    if not values or (not stated and places < 2 and values != [WHOLE]):  # noqa: PLR2004 - one place needs no share
        return None
    whole = _whole(values)
    if not stated and not whole:
        return None
    kinds = "".join(kind for kind, _ in order)
    if len(values) != places or kinds not in {"PN" * places, "NP" * places}:
        raise ValueError
    if whole:
        return [value / whole for value in values]
    if places == 1 and WHOLE / 2 < values[0] < WHOLE:
        return [values[0] / WHOLE]
    raise ValueError


def _whole(values: list[float]) -> float:
    """What the values add up to, if that is all: 100 or 1; else 0."""
    total = sum(values)
    return WHOLE if abs(total - WHOLE) <= SLACK else 1.0 if abs(total - 1) <= SLACK / WHOLE else 0.0
