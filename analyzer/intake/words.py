"""Words with a fixed meaning: yes and no, the values of enumerations, evidence. Only listed spellings are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial

import polars as pl

from analyzer.fields import FIELDS, Kind
from analyzer.intake.reader import Sheet, code, data, in_turn
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
    folded_texts = cells["folded"]
    bits = _bits(folded_texts, meanings)
    spellings: list[tuple[Mapping[str, str], Form]] = [(meanings, _whole), (bits, _whole), (meanings, _bare)]
    spellings.append((meanings, _without_fillers))
    ways = [partial(_look_up, meanings=meanings), *(partial(_look_up, meanings=m, form=form) for m, form in spellings)]
    listed = in_turn(folded_texts, ways, pl.String)
    unlisted = folded_texts.zip_with(listed.is_null(), folded_texts.clear(cells.height))
    remarked = in_turn(unlisted, [partial(_look_up, meanings=meanings, form=_shorter)], pl.String)
    value = listed.zip_with(listed.is_not_null(), remarked)
    read = pl.DataFrame({"value": value, "remarked": remarked, "bit": _look_up(folded_texts, bits)})
    with_remark = code(pl.col("remarked").is_not_null(), "word-with-remark")
    from_bit = code(pl.col("bit").is_not_null(), "word-from-bit")
    return read.select("value", pl.coalesce(with_remark, from_bit).alias("code"))


Form = Callable[[pl.Series], pl.Series]


def _look_up(texts: pl.Series, meanings: Mapping[str, str], form: Form | None = None) -> pl.Series:
    spelled = form(texts) if form else texts
    return pl.Series([meanings.get(text) for text in spelled.to_list()], dtype=pl.String)


def _whole(texts: pl.Series) -> pl.Series:
    return texts.str.strip_chars(" .!*\"'")


def _bare(texts: pl.Series) -> pl.Series:
    return _whole(texts).str.replace(PREFIX, "")


def _shorter(texts: pl.Series) -> pl.Series:
    return _bare(texts).str.replace(REMARK, "")


def _without_fillers(texts: pl.Series) -> pl.Series:
    fillers, denials = ("|".join(data("words")[kind]) for kind in ("fillers", "denials"))
    bare = _bare(texts)
    fuller = bare.str.replace_all(rf"(?:^|\s)(?:(?:{fillers})(?:\s|$))+", " ").str.strip_chars(" ")
    return fuller.zip_with(~bare.str.contains(rf"\b(?:{denials})\b"), bare.clear(bare.len()))


def _bits(texts: pl.Series, meanings: Mapping[str, str]) -> Mapping[str, str]:
    """Yes and no of a column that holds ones and noughts only, as tables export check boxes."""
    bits = {"1": "yes", "1.0": "yes", "0": "no", "0.0": "no"}
    if texts.len() < 2 or not texts.is_in(list(bits)).all():  # noqa: PLR2004 - both must occur
        return {}
    return {bit: meanings[word] for bit, word in bits.items() if word in meanings}


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
