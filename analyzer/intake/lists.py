"""Cells that hold several things: ``|``, ``;``, new lines, commas, slashes and "and" between them."""

from __future__ import annotations

import polars as pl

from analyzer.intake.reader import Sheet, data
from analyzer.terms import Field

STRONG, WEAK = r"\s*[|;\n•]\s*", r"\s*,\s+|\s+/\s+|\s+&\s+|\s+(?:and|und|et|y|e|en)\s+"
NONE = ("none", "no", "nil", "0", "keine", "aucun", "aucune", "ninguno", "nenhum", "nessuno", "geen", "nein", "non")
NO_NAME = (
    "inc",
    "inc.",
    "ltd",
    "ltd.",
    "llc",
    "llp",
    "gmbh",
    "s.a.",
    "sa",
    "ag",
    "plc",
    "corp",
    "corp.",
    "co",
    "co.",
    "l.p.",
    "lp",
    "limited",
)


def read_texts(cells: pl.DataFrame, _field: Field, _sheet: Sheet) -> pl.DataFrame:
    """Reader of lists of names (``value`` List(String)); a stated "none" is an empty list."""
    none, nothing = pl.col("folded").is_in(NONE), pl.col("folded").is_in(data("words")["blank"])
    listed = pl.when(~nothing & ~pl.col("folded").is_in(data("words")["unknown"])).then(parts(pl.col("text")))
    return cells.select(
        pl.when(none).then(pl.lit([], pl.List(pl.String))).otherwise(listed).alias("value"),
        pl.lit(None, pl.String).alias("code"),
    )


def parts(text: pl.Expr) -> pl.Expr:
    """The things a text lists (List(String)). Where a strong mark stands, weak ones belong to the names."""
    strong = text.str.contains(STRONG)
    marked = (
        pl.when(strong)
        .then(text.str.replace_all(STRONG, "\x1f"))
        .otherwise(_without_legal_commas(text).str.replace_all(WEAK, "\x1f"))
    )
    return marked.str.split("\x1f").list.eval(
        pl.element().str.strip_chars(" .").filter(pl.element().str.strip_chars(" .") != "")
    )


def _without_legal_commas(text: pl.Expr) -> pl.Expr:
    forms = "|".join(form.replace(".", r"\.") for form in NO_NAME)
    return text.str.replace_all(rf"(?i),\s+({forms})(\W|$)", " $1$2")
