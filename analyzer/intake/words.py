"""Words with a fixed meaning: yes and no, the values of enumerations, evidence. Only listed spellings are read."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from analyzer.fields import FIELDS, Kind
from analyzer.intake.reader import Sheet, code, data
from analyzer.intake.tab import CellKind
from analyzer.places import folded
from analyzer.terms import Field

PREFIX = r"^\(?(?:[a-h]|\d{1,2}|[ivx]{1,4})(?:\)|\.|:| -| =)\s*"  # "a) yes", "1 - high", "(b) no"
_YES_OR_NO = r"\(\s*([a-z])\s*[/|]\s*n\s*\)"  # "(O/N)": what the letter of a yes is
REMARK = r"\s*(?:\(|\[|:| - |;|, | / ).*$"  # "Critical (since 2021)"
REFERENCE = r"\d|https?:|www\.|\.(?:pdf|docx?|xlsx?)\b"


def read_word(cells: pl.DataFrame, field: Field, sheet: Sheet) -> pl.DataFrame:
    """Reader of yes-no fields and enumerations (``value`` String, one of ``FieldSpec.values``).

    The whole text counts first, then the text without its list letter, then without words that add nothing ("fully",
    "only"), then without its remark, which is said. 1 and 0 are yes and no only in a column that holds nothing else.
    """
    meanings = meanings_of(field, sheet.headers.get(field, ""))
    whole = pl.col("folded").str.strip_chars(" .!*\"'")
    bare = whole.str.replace(PREFIX, "")
    shorter = bare.str.replace(REMARK, "")
    bits = _bits(cells, meanings)
    exact = pl.coalesce(
        pl.col("folded").replace_strict(meanings, default=None, return_dtype=pl.String), _meaning(whole, meanings), bits
    )
    listed = pl.coalesce(exact, _meaning(bare, meanings), _meaning(_without_fillers(bare), meanings))
    value = pl.coalesce(listed, _meaning(shorter, meanings))
    return cells.select(
        value.alias("value"),
        pl.coalesce(
            code(listed.is_null() & value.is_not_null(), "word-with-remark"), code(bits.is_not_null(), "word-from-bit")
        ).alias("code"),
    )


def _without_fillers(text: pl.Expr) -> pl.Expr:
    fillers, denials = ("|".join(data("words")[kind]) for kind in ("fillers", "denials"))
    fuller = text.str.replace_all(rf"(?:^|\s)(?:(?:{fillers})(?:\s|$))+", " ").str.strip_chars(" ")
    return pl.when(~text.str.contains(rf"\b(?:{denials})\b")).then(fuller)


def _meaning(text: pl.Expr, meanings: dict[str, str]) -> pl.Expr:
    return text.replace_strict(meanings, default=None, return_dtype=pl.String)


def _bits(cells: pl.DataFrame, meanings: dict[str, str]) -> pl.Expr:
    """Yes and no of a column that holds ones and noughts only, as tables export check boxes."""
    only_bits = cells["folded"].is_in(["0", "1", "0.0", "1.0"])
    if not only_bits.all() or only_bits.len() < 2:  # noqa: PLR2004 - both must occur
        return pl.lit(None, pl.String)
    return (
        pl.when(pl.col("folded").str.starts_with("1"))
        .then(pl.lit(meanings.get("yes")))
        .otherwise(pl.lit(meanings.get("no")))
    )


@cache
def meanings_of(field: Field, header: str) -> dict[str, str]:
    """Folded spelling -> value. A header that asks the opposite ("Insourced?", "Onshore?") turns yes and no round."""
    words = data("words")
    meanings = {
        word: value
        for value in FIELDS[field].values
        for word in (value, value.replace("_", " "), value.replace("-", " "))
    }
    if FIELDS[field].kind is Kind.YES_NO:
        meanings |= {word: value for value, spellings in words["yes_no"].items() for word in spellings}
    own = words["field"].get(field.value, {})
    meanings |= {word: value for value, spellings in own.items() for word in spellings}
    if "yes" in meanings and (asked := re.search(_YES_OR_NO, folded(header))):
        meanings = {asked[1]: meanings["yes"]} | meanings
    if field is Field.OFFSHORE_FLAG:
        meanings = _with_answers(meanings, "offshore", "onshore")
    return _turned(meanings, field, folded(header))


def _with_answers(meanings: dict[str, str], for_yes: str, for_no: str) -> dict[str, str]:
    answers = data("words")["yes_no"]
    named = {word: meaning for answer, meaning in (("yes", for_yes), ("no", for_no)) for word in answers[answer]}
    return named | meanings


OPPOSITE = {  # field -> words of a header that asks the opposite, words that make it the usual question
    Field.OUTSOURCED_FLAG: (
        r"insourc|in-?\s?house|internal|intern\b|eigen",
        r"outsourc|external|vendor|fremd|ausgelagert|extern",
    ),
    Field.OFFSHORE_FLAG: (
        r"onshore|on-shore|domestic|inland|local|in-country",
        r"offshore|off|abroad|foreign|overseas|ausland|near",
    ),
}


def _turned(meanings: dict[str, str], field: Field, header: str) -> dict[str, str]:
    opposite, usual = OPPOSITE.get(field, ("", ""))
    if not opposite or not re.search(opposite, header) or re.search(usual, header):
        return meanings
    pair = {"yes": "no", "no": "yes", "onshore": "offshore", "offshore": "onshore"}
    answers = {word for spellings in data("words")["yes_no"].values() for word in spellings}
    return {word: pair.get(value, value) if word in answers else value for word, value in meanings.items()}


def read_evidence(cells: pl.DataFrame, _field: Field, _sheet: Sheet) -> pl.DataFrame:
    """Reader of evidence: ``none`` for a no, ``stated`` for a bare yes, ``evidenced`` for a reference, link or date."""
    words = data("words")
    yes, no = (
        _is_in(words["yes_no"][answer] + words["evidence"][kind])
        for answer, kind in (("yes", "stated"), ("no", "none"))
    )
    negated = pl.any_horizontal(pl.col("folded").str.starts_with(word) for word in words["evidence"]["negations"])
    unsure = _is_in(words["evidence"]["unsure"] + words["yes_no"]["partly"])
    dated = pl.col("kind").is_in([CellKind.DATE, CellKind.DATE_TIME])
    refers = dated | pl.col("folded").str.contains(REFERENCE)
    bare_bit = pl.col("folded").str.contains(r"^[01](\.0)?$")
    phrase = pl.col("folded").str.contains(r"\p{L}{3,}")
    value = (
        pl.when(unsure | bare_bit)
        .then(None)
        .when(no | negated)
        .then(pl.lit("none"))
        .when(refers)
        .then(pl.lit("evidenced"))
        .when(yes | phrase)
        .then(pl.lit("stated"))
    )
    return cells.select(
        value.alias("value"),
        pl.coalesce(
            code(unsure, "evidence-unsure"), code(value.is_not_null() & ~(yes | no | refers), "evidence-from-text")
        ).alias("code"),
    )


def _is_in(spellings: list[str]) -> pl.Expr:
    return pl.col("folded").str.strip_chars(" .!").is_in(spellings)
