"""A messy file to an Inventory: open any format, find the table, map the headers, read the values."""

from analyzer import places
from analyzer.intake.reader import data
from analyzer.intake.reading import read, read_decisions, read_with_decisions
from analyzer.intake.synonyms import lexicon

__all__ = ["read", "read_decisions", "read_with_decisions", "warm"]


def warm() -> None:
    """Read the words of headers and the names of places; a worker does so while it waits for its first job."""
    lexicon()
    for name in ("words", "amounts", "calendar", "performers"):
        data(name)
    places.warm()
