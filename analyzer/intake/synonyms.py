"""The words that headers use for fields, from ``synonyms.toml``."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from analyzer.compiled import made_of
from analyzer.fields import FIELDS, Kind
from analyzer.intake.headers import normal, singular, telling
from analyzer.terms import Field

_HERE = Path(__file__).parent
_WORDS = _HERE / "synonyms.toml"
_MADE_BY = [Path(__file__), _HERE / "headers.py", _HERE.parent / "fields.py", _HERE.parent / "terms.py"]
TYPO = 0.84  # least likeness (difflib) of a misspelt word
FOREIGN_TYPO = 0.9  # of a word that another language knows
_SHORTEST_TYPO, _SHORTEST_SWAP, _SWAPPED = 5, 4, 2  # letters


class Synonym(NamedTuple):
    """A phrase for a field. ``sure`` phrases mean it alone; others are ambiguous. A smaller ``rank`` is preferred."""

    field: Field
    phrase: str
    sure: bool
    rank: int
    language: str


@dataclass(frozen=True, slots=True)
class Question:
    """A long header that asks: each group of ``groups`` must have one of its phrases in it."""

    field: Field
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Synonyms by their phrase and by their set of words; ``fillers`` are words of no weight, by field."""

    phrases: Mapping[str, tuple[Synonym, ...]]
    word_sets: Mapping[frozenset[str], tuple[Synonym, ...]]
    by_word: Mapping[str, tuple[frozenset[str], ...]]
    fillers: Mapping[Field, frozenset[str]]
    all_fillers: frozenset[str]
    qualifiers: frozenset[str]
    decoys: frozenset[str]
    questions: tuple[Question, ...]
    vocabulary: Mapping[tuple[str, int], tuple[str, ...]]  # words by first letter and length
    known: frozenset[str]  # words of some language: no typos unless one letter away from another
    plain: frozenset[str]  # words that are never typos


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once."""
    return made_of([_WORDS, *_MADE_BY], _read)


def _read() -> Lexicon:
    data = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    phrases: dict[str, list[Synonym]] = defaultdict(list)
    word_sets: dict[frozenset[str], list[Synonym]] = defaultdict(list)
    for synonym in _synonyms(data["field"]):
        phrases[synonym.phrase].append(synonym)
        word_sets[telling(synonym.phrase)].append(synonym)
    fillers = {field: _fillers(data["filler"], field) for field in Field}
    vocabulary: dict[tuple[str, int], set[str]] = defaultdict(set)
    words = {word for phrase in phrases for word in phrase.split()}
    for word in words:
        vocabulary[word[0], len(word)].add(word)
    everywhere = frozenset().union(*fillers.values())
    return Lexicon(
        {phrase: tuple(found) for phrase, found in phrases.items()},
        {key: tuple(found) for key, found in word_sets.items()},
        _by_word(word_sets),
        fillers,
        everywhere,
        frozenset(normal(data["qualifier"]["words"]).split()),
        frozenset(normal(phrase) for phrase in data["decoy"]["phrases"].split(";")),
        tuple(
            Question(Field(item["field"]), tuple(tuple(normal(p) for p in group) for group in item["all"]))
            for item in data["question"]
        ),
        {key: tuple(sorted(found)) for key, found in vocabulary.items()},
        frozenset({singular(w) for w in words} | words),
        everywhere | set(normal(data["plain"]["words"]).split()),
    )


def _by_word(word_sets: Iterable[frozenset[str]]) -> dict[str, tuple[frozenset[str], ...]]:
    found: dict[str, list[frozenset[str]]] = defaultdict(list)
    for key in word_sets:
        for word in key:
            found[word].append(key)
    return {word: tuple(keys) for word, keys in found.items()}


def _synonyms(data: Mapping[str, Mapping[str, Mapping[str, str]]]) -> list[Synonym]:
    return [
        Synonym(Field(name), phrase, strength == "sure", rank, language)
        for name, strengths in data.items()
        for strength, languages in strengths.items()
        for language, text in languages.items()
        for rank, phrase in enumerate(filter(None, map(normal, text.split(";"))))
    ]


def _fillers(data: Mapping[str, str], field: Field) -> frozenset[str]:
    """Filler words of a field: those of all, of its kind, and its own."""
    kind = {Kind.PLACES: Kind.PLACE}.get(FIELDS[field].kind, FIELDS[field].kind)
    text = " ".join(data.get(key, "") for key in ("all", kind.value, field.value))
    return frozenset(singular(word) for word in normal(text).split())


@lru_cache(maxsize=65536)
def corrected(phrase: str) -> str:
    """A phrase with its misspelt words put right; the phrase itself where nothing is close enough."""
    return " ".join(_corrected(word) for word in phrase.split())


@lru_cache(maxsize=65536)
def _corrected(word: str) -> str:
    book = lexicon()
    if len(word) < _SHORTEST_SWAP or word in book.plain or singular(word) in book.plain or word.isdecimal():
        return word
    known = word in book.known or singular(word) in book.known
    near = (
        candidate
        for length in range(len(word) - 2, len(word) + 3)
        for candidate in book.vocabulary.get((word[0], length), ())
        if singular(candidate) != singular(word)
    )
    rated = [(_likeness(word, candidate), candidate) for candidate in near]
    best = max(rated, default=(0.0, word))
    return best[1] if best[0] >= (FOREIGN_TYPO if known else TYPO) else word


def _likeness(word: str, candidate: str) -> float:
    """Likeness of two words 0..1; two letters that changed places count as a small slip."""
    if sorted(word) == sorted(candidate) and sum(a != b for a, b in zip(word, candidate, strict=True)) == _SWAPPED:
        return 1.0
    if min(len(word), len(candidate)) < _SHORTEST_TYPO:
        return 0.0
    matcher = SequenceMatcher(None, word, candidate)
    return matcher.ratio() if matcher.real_quick_ratio() >= TYPO and matcher.quick_ratio() >= TYPO else 0.0
