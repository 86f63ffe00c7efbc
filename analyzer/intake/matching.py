"""What a header can mean: by its words, by its halves, as a question, with a typo put right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

from analyzer.fields import FIELDS, Kind
from analyzer.intake.headers import Header, parse, telling
from analyzer.intake.synonyms import Synonym, corrected, lexicon
from analyzer.terms import Field

EXACT, SAME_WORDS, WITH_FILLERS, ASKED = 100.0, 96.0, 92.0, 62.0  # scores of the ways to match
SURE, WEAK = 78.0, 50.0  # scores from which a match is sure, or possible
_AMBIGUOUS = 30.0  # what an ambiguous phrase loses
_PER_FILLER, _PER_RANK, _LAST_RANK = 2.0, 0.05, 100
_EXCLUDED = 0.5
_TAXES = {"vat", "tax", "taxes", "gst", "iva", "mwst", "ust", "btw", "tva"}
_MISSPELT, _HALF, _PER_LEVEL, _PER_DOUBT = 16.0, 3.0, 4.0, 0.2
QUESTION_WORDS = 8  # a header of as many words is a sentence
_MOST_FILLERS = 8
_HALVES = re.compile(r"\s*[/|\n\r\u2044]+\s*|\s+[-\u2013]\s+|\s*;\s*")
_CHOICE = re.compile(r"[(\[]\s*\w+\s*[/|]\s*\w+\s*[)\]]")  # "(Y/N)" says what stands in the cells
_YEAR = re.compile(r"(?:fy|cy|gj|ex)?(?:(?:19|20)\d\d|\d\d)")
_LEVEL_WORD = r"(?:l|lvl|level|stufe|ebene|niveau|nivel|livello|niv) ?(?P<level>[1-5])"
_LEVEL, _LEVEL_FIRST = re.compile(rf"(?:(?P<what>.+) )?{_LEVEL_WORD}"), re.compile(rf"{_LEVEL_WORD} (?P<what>.+)")
_YEARLY = frozenset({Kind.MONEY, Kind.NUMBER})


@dataclass(frozen=True, slots=True)
class Match:
    """A header read as a field: ``score`` 0..100, ``evidence`` in words; ``assumed`` where it can mean another."""

    field: Field
    score: float
    evidence: str
    assumed: bool = False
    corrected: bool = False


@lru_cache(maxsize=65536)
def matches(text: str) -> tuple[Match, ...]:
    """All fields that a header can mean, the best first."""
    header = parse(text)
    return _best_of(_plainly(header) or _by_question(header) or _by_typo(header))


def _plainly(header: Header) -> list[Match]:
    return [*_by_phrase(header), *_by_halves(header.text)] or _by_level(header)


def _best_of(found: list[Match]) -> tuple[Match, ...]:
    best: dict[Field, Match] = {}
    for match in found:
        if match.field not in best or match.score > best[match.field].score:
            best[match.field] = match
    return tuple(sorted(best.values(), key=lambda match: -match.score))


@lru_cache(maxsize=65536)
def strength(text: str) -> float:
    """How surely a text is a header of ours, 0..1, typos and questions aside."""
    return max((match.score for match in _plainly(parse(text))), default=0.0) / 100


def _by_phrase(header: Header) -> list[Match]:
    book = lexicon()
    if header.core in book.decoys:
        return []
    whole = [_match(s, EXACT) for s in book.phrases.get(header.full, ())]
    whole += [_match(s, SAME_WORDS) for s in book.word_sets.get(telling(header.full), ())]
    if set(header.inside) & book.qualifiers:
        return whole + _with_fillers(telling(header.full))
    core = [_match(s, EXACT) for s in book.phrases.get(header.core, ())]
    core += [_match(s, SAME_WORDS) for s in book.word_sets.get(header.words, ())]
    found = whole + core + _with_fillers(header.words) + _with_fillers(telling(header.full))
    return [replace(match, score=match.score - _EXCLUDED) for match in found] if _excludes(header) else found


def _excludes(header: Header) -> bool:
    """A price without a part of what is paid, taxes aside, is the lesser of two."""
    words = set(header.full.split())
    return bool(words & {"excluding", "excl", "exclusive"}) and not words & _TAXES


def _match(synonym: Synonym, score: float, remark: str = "") -> Match:
    lowered = score - min(synonym.rank, _LAST_RANK) * _PER_RANK - (0.0 if synonym.sure else _AMBIGUOUS)
    kind = "is a known header" if synonym.sure else "can mean this"
    return Match(synonym.field, lowered, f'"{synonym.phrase}" {kind}{remark}', assumed=not synonym.sure)


def _with_fillers(words: frozenset[str]) -> list[Match]:
    """Synonyms that a header holds whole, where all its other words are of no weight for that field."""
    book = lexicon()
    found = []
    for core in _kernels(words):
        rest = words - core
        for synonym in book.word_sets.get(core, ()):
            years = {word for word in rest if _YEAR.fullmatch(word)} if _is_yearly(synonym.field) else set()
            if rest - years <= book.fillers[synonym.field]:
                score = WITH_FILLERS - _PER_FILLER * len(rest) + _recency(years)
                found.append(_match(synonym, score, f", {_listed(rest)} set aside"))
    return found


def _is_yearly(field: Field) -> bool:
    return FIELDS[field].kind in _YEARLY


def _recency(years: set[str]) -> float:
    """Of "Spend FY23" and "Spend FY24" the later is the better."""
    return max((int(re.sub(r"\D", "", year)[-2:]) for year in years), default=0) * 0.01


def _kernels(words: frozenset[str]) -> Iterable[frozenset[str]]:
    """The words without any choice of those that may be fillers, the most kept first."""
    book = lexicon()
    loose = sorted(word for word in words if word in book.all_fillers or _YEAR.fullmatch(word))
    if len(loose) > _MOST_FILLERS:
        return
    for count in range(1, len(loose) + 1):
        for dropped in combinations(loose, count):
            if kernel := words - set(dropped):
                yield kernel


def _by_halves(text: str) -> list[Match]:
    """``Provider / Dienstleister``: halves that mean the same field, or of which one alone means any."""
    halves = [half for half in _HALVES.split(_CHOICE.sub(" ", text).strip()) if half.strip()]
    if len(halves) < 2 or len(halves) > 4 or len(text.split()) > 2 * QUESTION_WORDS:  # noqa: PLR2004 - two halves at least
        return []
    found = [{match.field: match for match in _by_phrase(parse(half))} for half in halves]
    known = [match for match in found if match]
    shared = set.intersection(*(set(match) for match in known)) if known else set()
    partly = len(known) < len(halves)
    return [_of_halves([match[field] for match in known], partly=partly) for field in shared]


def _of_halves(alike: list[Match], *, partly: bool) -> Match:
    """The best half's match; beside a doubtful half it is the lesser of two columns ("Location / City")."""
    best, least = (choose(alike, key=lambda match: match.score) for choose in (max, min))
    doubt = _HALF * (1 + partly) + _PER_DOUBT * (best.score - least.score)
    return replace(best, score=best.score - doubt, assumed=best.assumed or partly)


def _by_level(header: Header) -> list[Match]:
    """``Process L1``, ``Process L2``: the deepest level names the task, the first of several its function."""
    found = _LEVEL.fullmatch(header.full) or _LEVEL_FIRST.fullmatch(header.full)
    if found is None:
        return []
    level = int(found["level"])
    named = [match for match in _by_phrase(parse(found["what"] or "process")) if match.field is Field.TASK_NAME]
    told = [_of_level(match, level, assumed=match.assumed or not found["what"]) for match in named]
    if named and level == 1:
        told.append(Match(Field.FUNCTION, WEAK + _PER_LEVEL, "the first level of what is done", assumed=True))
    return told


def _of_level(match: Match, level: int, *, assumed: bool) -> Match:
    score = (WEAK if assumed else SURE) + _PER_LEVEL * level
    return replace(match, score=score, evidence=f"level {level}: {match.evidence}", assumed=assumed)


def _by_question(header: Header) -> list[Match]:
    if len(header.full.split()) < QUESTION_WORDS and not header.text.rstrip().endswith("?"):
        return []
    padded = f" {header.full} "
    return [
        Match(question.field, ASKED, "the question asks for it", assumed=True)
        for question in lexicon().questions
        if all(any(f" {phrase} " in padded for phrase in group) for group in question.groups)
    ]


def _by_typo(header: Header) -> list[Match]:
    right = corrected(header.core)
    if right == header.core or len(right.split()) > QUESTION_WORDS:
        return []
    return [
        replace(match, score=match.score - _MISSPELT, evidence=f'read as "{right}": {match.evidence}', corrected=True)
        for match in _by_phrase(parse(right))
        if match.score >= SURE
    ]


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f'"{word}"' for word in sorted(words))
