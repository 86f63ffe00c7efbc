"""The catalogue: complete in every language, and nothing in it that nobody says."""

import re
import string
from pathlib import Path

import pytest

from analyzer.report.words import LANGUAGES, load, templates
from analyzer.terms import Quadrant, Severity

REPORT = Path(__file__).parent.parent / "analyzer" / "report"
FREE = {"n", "N", "number"}  # a language may say a number in another way


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_language_has_every_sentence_with_the_same_names(language: str) -> None:
    english, other = load("en").texts, load(language).texts
    assert other.keys() == english.keys()
    wrong = [key for key in english if (names(english[key]) ^ names(other[key])) - FREE]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_and_other_come_in_pairs(language: str) -> None:
    assert [key for key, text in load(language).texts.items() if text.count(" | ") > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_twelve_months_and_numbers_up_to_twelve(language: str) -> None:
    words = load(language)
    assert len(words.texts["calendar.months"].split()) == 12
    assert len(words.texts["calendar.short"].split()) == 12
    assert len(words.texts["numbers"].split()) == 13


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_quadrant_and_severity_has_a_name(language: str) -> None:
    words = load(language)
    assert len({words.quadrant(quadrant) for quadrant in Quadrant}) == 5
    assert len({words.severity(severity) for severity in Severity}) == 4


def test_an_unknown_language_reads_english() -> None:
    assert load("xx").texts == load("en").texts


def test_no_sentence_is_left_over() -> None:
    """A key is said by its name, or by a name that code completes: ``headline.of_`` + measure."""
    sources = [*REPORT.rglob("*.py"), *templates().glob("*.j2"), *templates().glob("*.js")]
    said = "".join(path.read_text(encoding="utf-8") for path in sources)
    stems = {stem for stem in re.findall(r"[\"'`f]([a-z]+\.[a-z_]*)[{'\"`]", said) if stem}
    left = [key for key in load("en").texts if key not in said and not any(key.startswith(stem) for stem in stems)]
    assert [key for key in left if key.partition(".")[0] not in {"quadrant", "severity"}] == []
