"""One spelling for many: case, accents, widths, dashes and white space taken off, so that texts can be looked up."""

from __future__ import annotations

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
    "\u200b": "",
    "\ufeff": "",
    "\u00ad": "",
}


def fold(text: pl.Expr) -> pl.Expr:
    """Lower case without accents, compatibility forms, typographic dashes or repeated white space (String)."""
    plain = text.str.replace_many(["´", "ª", "º"], ["'", "a", "o"]).str.normalize("NFKD")
    bare = plain.str.replace_all(r"\p{M}", "").str.to_lowercase()
    return bare.str.replace_many(LETTERS).str.replace_all(r"\s+", " ").str.strip_chars()


def folded(text: str) -> str:
    """``fold`` of one text."""
    return str(pl.select(fold(pl.lit(text))).item())
