"""Headers brought to one form: letters without case and accents, words split, brackets apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f]")
_BRACKETS = re.compile(r"[(\[{<]([^)\]}>]*)[)\]}>]?")
_CAMEL = re.compile(r"(?<=[a-z\u00df-\u00ff])(?=[A-Z\u00c0-\u00de])|(?<=[A-Z])(?=[A-Z](?!s\b)[a-z])")
_WORD = re.compile(r"[^\W_]+")
_LANGUAGE = re.compile(r"\b(english|french|anglais|francais|german|deutsch|spanish|en|fr|de|es|nl|it|pt)\b")
_THOUSANDS = re.compile(r"\bT(?=\u20ac)")  # "T\u20ac": a lone t would be no word
_NUMBER_SIGNS = (("n°", "no "), ("№", "no "), ("#", " number "), ("%", " percent "), ("&", " and "))
_LOOK_ALIKES = str.maketrans("аеорсухіїјѕԁһԛԝАВЕКМНОРСТУХІЈЅ", "aeopcyxiijsdhqwABEKMHOPCTYXIJS")
_NO_LOOK_ALIKE = f"[\\p{{Cyrillic}}--[{''.join(map(chr, _LOOK_ALIKES))}]]"
_STOP_WORDS = """
a al an and are as at au aux con d da das de dei del dell della delle den der des di die do dos du e ed een
el en et for fur gli het i if il is l la las le les lo los mit o oder of or ou pour
the this u um und une van vom von was we were with y zum zur
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())  # not: by, from, to, in
_SHORTEST_PLURAL = 4  # letters


@dataclass(frozen=True, slots=True)
class Header:
    """A header's forms: ``full`` with what stands in brackets, ``core`` without, ``inside`` the bracketed words."""

    text: str
    full: str
    core: str
    inside: tuple[str, ...]

    @property
    def words(self) -> frozenset[str]:
        """The core's telling words, in the singular."""
        return telling(self.core)


@lru_cache(maxsize=65536)
def parse(text: str) -> Header:
    """The forms of a header as written."""
    clean = plain(text)
    inside = " ".join(_BRACKETS.findall(clean))
    core = normal(_BRACKETS.sub(" ", clean)) or normal(clean)
    return Header(text, normal(clean), core, tuple(normal(inside).split()))


def plain(text: str) -> str:
    """Compatible letters (NFKC), no invisible characters, Cyrillic look-alikes in a Latin word as Latin."""
    clean = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return clean.translate(_LOOK_ALIKES) if re.search(r"[A-Za-z]", clean) else clean


@lru_cache(maxsize=65536)
def normal(text: str) -> str:
    """Words in small letters without accents, split at camelCase, underscores and punctuation."""
    if text.isascii() and text.islower() and text.replace(" ", "").isalpha():
        return " ".join(text.split())  # most phrases of the lexicon are written so
    clean = _THOUSANDS.sub("teur ", plain(text))
    for sign, word in _NUMBER_SIGNS:
        clean = clean.replace(sign, word).replace(sign.upper(), word)
    split = _CAMEL.sub(" ", clean)
    bare = "".join(c for c in unicodedata.normalize("NFD", split.casefold()) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(bare))


@lru_cache(maxsize=65536)
def telling(phrase: str) -> frozenset[str]:
    """Words of a normal phrase that carry meaning, in the singular; all of them where none would stay."""
    words = phrase.split()
    return frozenset(singular(word) for word in words if word not in STOP_WORDS) or frozenset(words)


def singular(word: str) -> str:
    """A word without its plural ending, as far as one rule serves seven languages."""
    if len(word) > _SHORTEST_PLURAL and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) >= _SHORTEST_PLURAL and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def language_of(header: Header) -> str:
    """The language that a twin column names: ``Service name (French)`` -> french; empty where it names none."""
    found = _LANGUAGE.search(" ".join(header.inside)) or re.search(r"\b(en|fr|de|es|nl|it|pt)$", header.core)
    return found.group(1) if found else ""


def look_alikes(cells: pl.Series) -> pl.Series:
    """Which texts (String) mix two alphabets in a word, hold invisible letters, or only look Latin among Latin."""
    text = pl.col("text")
    odd = cells.to_frame("text").select((text.str.len_bytes() != text.str.len_chars()).any()).item()
    if not odd:
        return pl.Series([False]).new_from_index(0, cells.len())
    cyrillic = cells.str.contains(r"\p{Cyrillic}")
    mixed = cells.str.contains(
        r"\p{Latin}[\p{Cyrillic}\p{Greek}]|[\p{Cyrillic}\p{Greek}]\p{Latin}|" + _INVISIBLE.pattern
    )
    strange = cyrillic.sum() * 2 < cells.len() - cells.null_count()
    foreign = cyrillic & ~cells.str.contains(_NO_LOOK_ALIKE)
    return (mixed | foreign if strange else mixed).fill_null(value=False)
