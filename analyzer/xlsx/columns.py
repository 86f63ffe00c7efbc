"""Patterns over cell addresses: columns at or right of one, columns of a window."""

from __future__ import annotations

from functools import lru_cache

from analyzer.xlsx.addresses import letters


@lru_cache(maxsize=256)
def at_or_right(column: int) -> str:
    """A pattern for the letters of all columns from ``column`` on: P -> ``[P-Z]|[A-Z]{2,3}``."""
    text = letters(column)
    longer = [f"[A-Z]{{{len(text) + 1},3}}"] if len(text) < 3 else []  # noqa: PLR2004 - a column has three letters
    same = [
        f"{text[:place]}[{chr(ord(text[place]) + (place < len(text) - 1))}-Z]" + "[A-Z]" * (len(text) - place - 1)
        for place in range(len(text))
        if text[place] != "Z" or place == len(text) - 1
    ]
    return "|".join([*same, *longer])


@lru_cache(maxsize=256)
def left_of(column: int) -> str:
    """A pattern for the letters of all columns before ``column``: P -> ``[A-O]``, AC -> ``[A-Z]|A[A-B]``."""
    text = letters(column)
    shorter = [f"[A-Z]{{1,{len(text) - 1}}}"] if len(text) > 1 else []
    same = [
        f"{text[:place]}[A-{chr(ord(text[place]) - 1)}]" + "[A-Z]" * (len(text) - place - 1)
        for place in range(len(text))
        if text[place] != "A"
    ]
    return "|".join([*same, *shorter]) or "(?!)"


def window(first: int, last: int) -> str:
    """A pattern for the letters of the columns from ``first`` to ``last``, both included."""
    return "|".join(letters(column) for column in range(first, last + 1))
