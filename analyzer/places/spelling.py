"""One spelling for many: case, accents, widths, dashes and white space taken off, so that texts can be looked up."""

from __future__ import annotations

import re

import polars as pl

LETTERS = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "’": "'",
    "‘": "'",
    "`": "'",
    "´": "'",
    "–": "-",
    "—": "-",
    "−": "-",
    "‐": "-",
    "‑": "-",
}
INVISIBLE = r"[\p{Cf}\x00-\x08\x0e-\x1f\x7f]"  # what takes no room: zero widths, marks of direction, control characters
UNUSUAL = "[^ -_a-~]|  "  # more than the letters, digits and marks of ASCII; spaces side by side


def fold(texts: pl.Series) -> pl.Series:
    """Lower case without accents, compatibility forms, typographic dashes or repeated white space (String).

    What most columns hold, plain texts, is told by one look and needs no more than small letters.
    """
    text = pl.col("text")
    look = texts.to_frame("text").select(
        text.str.to_lowercase().str.strip_chars(), odd=text.str.contains(UNUSUAL).any()
    )
    if not look["odd"].any():
        return look["text"].alias(texts.name)
    plain = texts.str.replace_many(["´", "ª", "º"], ["'", "a", "o"]).str.normalize("NFKD")
    bare = plain.str.replace_all(rf"\p{{M}}|{INVISIBLE}", "").str.to_lowercase()
    return bare.str.replace_many(LETTERS).str.replace_all(r"\s+", " ").str.strip_chars()


def alike(text: pl.Expr) -> pl.Expr:
    """Lower case in compatible forms, without what is invisible: names that look the same, accents kept (String)."""
    return text.map_batches(_alike, return_dtype=pl.String, is_elementwise=True)


def _alike(texts: pl.Series) -> pl.Series:
    """Names stand in many rows: each is looked at once."""
    names = texts.unique()
    if names.len() > texts.len() // 2:
        return _alike_each(texts)
    return texts.replace_strict(names, _alike_each(names), return_dtype=pl.String)


def _alike_each(texts: pl.Series) -> pl.Series:
    """A million plain texts are not normalised for nothing: that takes seconds."""
    if (texts.str.len_bytes() != texts.str.len_chars()).any() or texts.str.contains(INVISIBLE).any():
        texts = texts.str.normalize("NFKC").str.replace_all(INVISIBLE, "")
    if texts.str.contains(r"\s\s|[^\S ]").any():
        texts = texts.str.replace_all(r"\s+", " ")
    return texts.str.to_lowercase().str.strip_chars()


def folded(text: str) -> str:
    """``fold`` of one text."""
    return str(fold(pl.Series([text]))[0]) if re.search(UNUSUAL, text) else text.lower().strip()
