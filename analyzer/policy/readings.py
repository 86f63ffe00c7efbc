"""Facts that one cell alone gives, for rules of risks and of feasibility alike."""

from __future__ import annotations

import polars as pl

from analyzer.terms import Field


def must_stay() -> pl.Expr:
    """Reason code of ``must_stay_inhouse``: A to F as in the FAIR Act, yes or no; null where it says nothing of it."""
    text = pl.col(Field.MUST_STAY_INHOUSE).str.strip_chars().str.to_lowercase()
    code = text.str.extract(r"^(?:code |reason )?([a-f])(?:[^a-z]|$)").str.to_uppercase()
    word = text.str.extract(r"^(yes|no)(?:[^a-z]|$)")
    return pl.coalesce(code, word)
