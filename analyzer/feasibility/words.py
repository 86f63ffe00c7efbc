"""Words that suggest something of a task. They are looked up in unique texts and never decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import polars as pl

from analyzer.evidence import Evidence
from analyzer.model import KEY
from analyzer.terms import Field

_MARKS = r"\p{M}"


def suggestion(evidence: Evidence, fields: Iterable[Field], words: Sequence[str], suggests: str) -> pl.DataFrame:
    """``key`` · ``hint``, ``"cleaning" in Task (Inventory!B5) suggests in-person work``; a task without is left out.

    ``words`` are beginnings of words, case and accents aside.
    """
    searched = [field for field in fields if evidence.inventory.has(field)]
    found = [_found(evidence, field, words, suggests) for field in searched] if words else []
    return evidence.frame.select(KEY, pl.coalesce(*found, pl.lit(None, pl.String)).alias("hint")).drop_nulls()


def _found(evidence: Evidence, field: Field, words: Sequence[str], suggests: str) -> pl.Expr:
    hits = _hits(evidence.frame.get_column(field), words)
    word = pl.col(field).replace_strict(hits.get_column("text"), hits.get_column("word"), default=None)
    place = evidence.header(field) + evidence.at(field)
    return pl.format('"{}" in {} suggests {}', word, place, pl.lit(suggests))


def _hits(texts: pl.Series, words: Sequence[str]) -> pl.DataFrame:
    """``text`` and the first ``word`` in it that begins like one of ``words``; texts without one are left out."""
    beginnings = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in _plain(pl.Series(words, dtype=pl.String)))
    unique = texts.unique().drop_nulls()
    word = _plain(unique).str.extract(rf"\b((?:{beginnings})\w*)")
    return pl.DataFrame({"text": unique, "word": word}).drop_nulls()


def _plain(texts: pl.Series) -> pl.Series:
    return texts.str.normalize("NFKD").str.replace_all(_MARKS, "").str.to_lowercase()
