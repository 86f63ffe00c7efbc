"""A place cell taken apart: phrases that mean something, numbers, and the marks between them."""

from __future__ import annotations

import re
from typing import NamedTuple

from analyzer.places.lexicon import LONGEST, Entry, Sense, coded, entry
from analyzer.places.table import Bearer

TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+|[^\w\s]|_|\n")
ABBREVIATION = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]\.){2,}")
CAPITALS = re.compile(r"(?<![A-Za-z])[A-Z]{2,4}(?![A-Za-z])")
STRONG = frozenset("/|;\n+&•")
LETTERS_OF_CODES = (2, 3, 4)
# Codes that are also words of the languages read here: alone, or before another word, they are no code.
# fmt: off
WORDLIKE = frozenset({
    "IN", "IT", "AT", "NO", "IS", "AS", "AM", "BE", "DO", "ME", "MY", "SO", "TO", "AD", "PA", "PM", "LA", "ID",
    "NA", "MA", "CO", "HR", "PR", "IO", "AI", "TV", "PS", "MS", "MR", "SA", "AC", "OR", "OK", "HI", "OH", "ET",
    "EN", "AN", "AND", "ARE", "CAN", "PER", "COD", "MAR", "NOR", "GIN", "TON", "DOM", "SEN", "SUR", "MAC",
    "BEN", "BEL", "GUM", "LIE", "MUS", "PAN", "GAB", "NAM", "LAO", "SOM", "SIN", "DEL", "WAR",
})
# fmt: on


class Item(NamedTuple):
    """A phrase or number of a cell. ``part`` counts the strong marks (``/ ; | + &`` and "and") before it."""

    entry: Entry | None
    part: int
    phrase: str
    number: float | None = None
    percent: bool = False
    code: str = ""  # the capitals, where the phrase was read as a code


class _Token(NamedTuple):
    text: str
    joined: bool  # follows the token before without a mark, so that both may be one phrase


def scan(text: str, folded: str) -> list[Item]:
    """The items of a cell; words that mean nothing here come with ``entry`` null."""
    shouted = {code.lower() for code in CAPITALS.findall(_unabbreviated(text))}
    tokens = _tokens(_unabbreviated(folded))
    items: list[Item] = []
    part = position = 0
    while position < len(tokens):
        token = tokens[position].text
        if token in STRONG:
            part, size = part + 1, 1
        elif token[0].isdigit():
            following = tokens[position + 1].text if position + 1 < len(tokens) else ""
            items.append(Item(None, part, token, float(token.replace(",", ".")), percent=following == "%"))
            size = 1
        elif not token[0].isalpha():
            size = 1
        else:
            item, size = _phrase(tokens, position, part, shouted)
            if item.entry is not None and item.entry.sense is Sense.JOINING:
                part += 1
            elif item.entry is None or item.entry.sense is not Sense.NOISE:
                items.append(item)
        position += size
    return items


def _unabbreviated(text: str) -> str:
    """``U.S.A.`` as ``USA``."""
    return ABBREVIATION.sub(lambda match: match.group().replace(".", ""), text) if "." in text else text


def _tokens(plain: str) -> list[_Token]:
    tokens: list[_Token] = []
    end, joinable = 0, False
    for match in TOKEN.finditer(plain):
        word = match.group()
        gap = plain[end : match.start()]
        if word in "-.'" and not gap and joinable and plain[match.end() : match.end() + 1] not in {"", " "}:
            end = match.end()
            continue  # cluj-napoca, d'ivoire, ee.uu
        if word == "." and joinable:
            end = match.end()
            continue  # st. petersburg
        is_word = word[0].isalpha()
        tokens.append(_Token(word, is_word and joinable))
        joinable, end = is_word, match.end()
    return tokens


def _phrase(tokens: list[_Token], position: int, part: int, shouted: set[str]) -> tuple[Item, int]:
    """The longest phrase from ``position`` that means something, and its length in tokens."""
    limit = 1
    while limit < LONGEST and position + limit < len(tokens) and tokens[position + limit].joined:
        limit += 1
    spelled = [token.text for token in tokens[position : position + limit]]
    word = spelled[0]
    for size in range(limit, 1, -1):
        phrase = " ".join(spelled[:size])
        found = entry(phrase)
        if found is not None:
            return Item(found, part, phrase), size
    code = word.upper() if word in shouted and len(word) in LETTERS_OF_CODES else ""
    if code and (bearers := coded(code)) and not (code in WORDLIKE and limit > 1):
        sense = Sense.CITY if bearers[0].size else Sense.COUNTRY
        return Item(Entry(sense, _with_short(word, bearers)), part, word, code=code), 1
    return Item(entry(word), part, word), 1


def _with_short(word: str, bearers: tuple[Bearer, ...]) -> tuple[Bearer, ...]:
    """The bearers of a name where the code is one as well, such as UK and US."""
    named = entry(word)
    return named.bearers if named is not None and named.sense is Sense.COUNTRY else bearers
