"""Numbers as text: a strict grammar, and a column's vote on its decimal mark.

Never guessed: a lone ``1.234`` is a thousand or one and a bit, so the rest of the column decides, or nobody does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from analyzer.fields import FIELDS
from analyzer.intake.reader import Sheet, code, data
from analyzer.intake.tab import CellKind
from analyzer.terms import Field

SHAPE = (
    r"^(?P<open>\()?\s*(?P<left>[^\d()+.,-]*[.]?)\s*(?P<sign>[+-])?\s*(?P<middle>[^\d()+.,-]*[.]?)\s*"
    r"(?P<digits>[.,]?\d(?:[\d.,' ]*\d)?)\s*(?P<after>-(?:$|\s))?\s*(?P<right>[^\d()+<>]*)(?P<close>\))?$"
)
GROUPED = (
    r"^\d{1,3}(,\d{3})+(\.\d+)?$",
    r"^\d{1,2}(,\d{2})+,\d{3}(\.\d+)?$",  # lakh and crore
    r"^\d{1,3}(\.\d{3})+(,\d+)?$",
    r"^\d{1,3}( \d{3})+([.,]\d+)?$",
    r"^\d{1,3}('\d{3})+([.,]\d+)?$",
    r"^\d*[.,]?\d+$",
)
PLAIN = r"^(\d+(\.\d{1,2})?)?$"  # no groups, and a point that no three digits follow: nothing to decide
EITHER_COMMA, EITHER_POINT = r"^[1-9]\d{0,2},\d{3}$", r"^[1-9]\d{0,2}\.\d{3}$"  # a thousand, or three decimals
POINT_SURE = (
    r"^\d{1,3}(,\d{3})+\.\d+$|^\d{1,3}(,\d{3}){2,}$|^\d*\.(\d{1,2}|\d{4,})$|^0?\.\d+$|[ ']\d{3}\.\d+$|^\d{4,}\.\d+$"
)
COMMA_SURE = (
    r"^\d{1,3}(\.\d{3})+,\d+$|^\d{1,3}(\.\d{3}){2,}$|^\d*,(\d{1,2}|\d{4,})$|^0?,\d+$|[ ']\d{3},\d+$|^\d{4,},\d+$"
)
ENOUGH = 3  # distinct texts that make a vote without a sure one among them
BAND = (
    r"\d\s*(-|to|bis|a|ate|al|tot|und|and|y|or|\.\.)\s*[^\d\s]?\s*\d"
    r"|\d\s*[a-z€£$]{0,4}\s*\+\s*[a-z€£$]*$"
    r"|^\D*([<>≤≥]|up to|bis zu|max|min|more than|less than|over|under|jusqu|hasta|ab |uber|unter)"
)
LARGEST = 2.0**53  # beyond it a Float64 no longer tells one whole number from the next


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the digits: a scale, a currency, what is counted. ``known`` if all was understood."""

    scale: float = 1.0
    currency: str = ""
    rate: bool = False
    about: bool = False
    percent: bool = False
    people: bool = False
    known: bool = True


def read_number(cells: pl.DataFrame, field: Field, _sheet: Sheet) -> pl.DataFrame:
    """Reader of counts and percentages (``value`` Float64)."""
    parsed = amounts(cells)
    percent = FIELDS[field].unit == "%"
    counts_people = FIELDS[field].unit in {"FTE", "people"}
    usable = pl.col("known") & (pl.col("currency") == "") & ~pl.col("rate") & (~pl.col("people") | counts_people)
    value = pl.when(usable & (~pl.col("percent") | percent)).then(pl.col("amount"))
    read = parsed.select(_as_percent(value) if percent else value.alias("value"), *_flags())
    return in_range(read.with_columns(remark().alias("code")), field)


def in_range(read: pl.DataFrame, field: Field) -> pl.DataFrame:
    """``value`` without what lies outside the field's least and most, which its ``code`` says instead."""
    span = FIELDS[field].span
    outside = ~pl.col("value").is_between(*span) if span else pl.lit(value=False)
    wrong = outside.fill_null(value=False) | (
        pl.col("boundless") if "boundless" in read.columns else pl.lit(value=False)
    )
    return read.with_columns(
        pl.when(~wrong).then("value").alias("value"),
        pl.when(wrong).then(pl.lit("value-out-of-range")).otherwise("code").alias("code"),
    )


def remark() -> pl.Expr:
    """Code of the finding that goes with ``value``: what was assumed of it, or why there is none."""
    corrected = pl.coalesce(
        code(pl.col("assumed"), "value-mark-assumed"),
        code(pl.col("against"), "value-mark-differs"),
        code(pl.col("about"), "value-approximate"),
    )
    doubted = pl.coalesce(
        code(pl.col("rate") & (pl.col("digits") != ""), "value-is-a-rate"),
        code(pl.col("mark_unclear"), "value-mark-unclear"),
        code(pl.col("band"), "value-is-a-band"),
    )
    return pl.when(pl.col("value").is_not_null()).then(corrected).otherwise(doubted)


def _flags() -> tuple[pl.Expr, ...]:
    return (pl.col("assumed", "against", "about", "mark_unclear", "rate", "digits", "band", "boundless"),)


def _as_percent(value: pl.Expr) -> pl.Expr:
    """A column of shares (0.49) is one of percentages (49) times a hundred."""
    shares = (value.max() <= 1) & (value.max() > 0)
    return pl.when(shares & ~pl.col("percent")).then(value * 100).otherwise(value).alias("value")


def amounts(cells: pl.DataFrame) -> pl.DataFrame:
    """``cells`` with ``amount`` Float64 or null, ``assumed`` and ``mark_unclear`` Boolean and the fields of ``Around``.

    ``amount`` has sign and scale applied; what stood around the digits is for the caller to accept or not.
    """
    shaped = cells.with_columns(_prepared().str.extract_groups(SHAPE).alias("shape")).unnest("shape")
    shaped = shaped.with_columns(pl.col("left", "middle", "right", "digits").fill_null(""))
    marked = _with_magnitude(shaped)
    around = pl.concat_str("left", "middle", "right", separator=" ").str.replace_all(r"\s+", " ").str.strip_chars()
    marked = marked.with_columns(around.alias("around"))
    known = marked.join(_arounds(marked["around"]), on="around", how="left", maintain_order="left")
    minus = (pl.col("sign") == "-").fill_null(value=False)
    signs = pl.sum_horizontal(minus, pl.col("open").is_not_null(), pl.col("after").is_not_null())
    balanced = (pl.col("open").is_null() == pl.col("close").is_null()) & (signs <= 1)
    sign = pl.when(signs == 1).then(-1.0).otherwise(1.0)
    exact = pl.col("magnitude").abs() < LARGEST
    amount = pl.when(balanced & exact).then(pl.col("magnitude") * pl.col("scale") * sign)
    typed = pl.col("kind") == CellKind.NUMBER
    plain = pl.col("folded").str.contains(r"^[+-]?(\d+\.?\d*|\.\d+)e[+-]?\d{1,4}$") | typed
    number = pl.col("text").cast(pl.Float64, strict=False)
    finite = pl.when(plain & number.is_finite()).then(number)
    return known.with_columns(
        pl.when(plain).then(finite).otherwise(amount).alias("amount"),
        sign.alias("sign_factor"),
        (pl.col("known") | plain).alias("known"),
        (pl.col("assumed") & ~plain).alias("assumed"),
        (pl.col("against") & ~plain).alias("against"),
        (pl.col("about") & ~plain).alias("about"),
        (pl.col("folded").str.contains(BAND) & ~plain & (pl.col("kind") < CellKind.DATE)).alias("band"),
        (plain & number.is_infinite()).fill_null(value=False).alias("boundless"),
    )


def _prepared() -> pl.Expr:
    """``1'200.-`` without its Swiss ending, and ``£(500)`` as ``(£500)``."""
    swiss = pl.col("folded").str.replace(r"(\d)[.,]\s?-{1,2}(\s|$|[^\d\s])", "$1 $2")
    return swiss.str.replace(r"^([^\d(]{1,5})\(", "($1").str.strip_chars()


def _with_magnitude(shaped: pl.DataFrame) -> pl.DataFrame:
    """``magnitude`` of the digits under the column's decimal mark, and what was unsure about it."""
    digits = pl.col("digits")
    if shaped["digits"].str.contains(PLAIN).all():
        sure = [pl.lit(value=False).alias(name) for name in ("assumed", "mark_unclear", "against", "three_places")]
        return shaped.with_columns(digits.cast(pl.Float64, strict=False).alias("magnitude"), *sure)
    mark = decimal_mark(shaped.filter(pl.col("kind") != CellKind.NUMBER)["digits"])
    by_comma, by_point = digits.str.contains(EITHER_COMMA), digits.str.contains(EITHER_POINT)
    grouped = (by_comma & pl.lit(mark in {".", "", "groups"})) | (by_point & pl.lit(mark in {",", "groups"}))
    three_places = (by_comma | by_point) & ~grouped & pl.lit(mark in {".", ","})
    shape_ok = pl.any_horizontal(digits.str.contains(pattern) for pattern in GROUPED)
    readable = shape_ok & (grouped | three_places | ~(by_comma | by_point))
    bare = pl.when(grouped).then(digits.str.replace_all(r"[.,]", "")).otherwise(_plain(digits))
    point, comma = digits.str.contains(POINT_SURE), digits.str.contains(COMMA_SURE)
    return shaped.with_columns(
        pl.when(readable).then(bare.cast(pl.Float64, strict=False)).alias("magnitude"),
        (grouped & pl.lit(mark == "")).alias("assumed"),
        (shape_ok & ~readable).alias("mark_unclear"),
        ((point & pl.lit(mark == ",")) | (comma & pl.lit(mark == "."))).alias("against"),
        three_places.alias("three_places"),
    )


def decimal_mark(digits: pl.Series) -> str:
    """The column's vote: ``.`` or ``,``; ``groups`` if every mark only groups; ``?`` if both are in use; else empty."""
    point, comma = digits.str.contains(POINT_SURE).any(), digits.str.contains(COMMA_SURE).any()
    if point or comma:
        return "?" if point and comma else "." if point else ","
    groups = {mark: digits.str.contains(pattern).sum() for mark, pattern in ((",", EITHER_COMMA), (".", EITHER_POINT))}
    return "groups" if max(groups.values()) >= ENOUGH and min(groups.values()) == 0 else ""


def _plain(digits: pl.Expr) -> pl.Expr:
    """Digits with a point for the decimal mark and without groups; only for shapes that leave no choice."""
    comma_is_decimal = digits.str.contains(r"[. ']\d{3},\d+$|^\d*,\d+$|^\d{1,3}(\.\d{3}){2,}$")
    german = digits.str.replace_all(r"[.' ]", "").str.replace(",", ".", literal=True)
    return pl.when(comma_is_decimal).then(german).otherwise(digits.str.replace_all(r"[,' ]", ""))


def _arounds(arounds: pl.Series) -> pl.DataFrame:
    """One row per distinct text around digits, read into the fields of ``Around``."""
    distinct = arounds.unique()
    read = [around(text) for text in distinct]
    names = Around.__dataclass_fields__
    columns = {name: [getattr(one, name) for one in read] for name in names}
    schema = {
        "around": pl.String(),
        **{name: pl.Boolean() for name in names},
        "scale": pl.Float64(),
        "currency": pl.String(),
    }
    return pl.DataFrame({"around": distinct, **columns}, schema=schema)


@cache
def _vocabulary() -> dict[str, Around]:
    """Every known phrase around digits."""
    amounts_data = data("amounts")
    words = amounts_data["words"]
    spelled: dict[str, Around] = {}
    scales = {name: Around(scale=value) for name, value in amounts_data["scale"].items()}
    symbols = {name: Around(currency=value) for name, value in amounts_data["symbol"].items()}
    codes = {name.lower(): Around(currency=name) for name in amounts_data["currency"]["codes"]}
    local = {name: Around(currency=name) for name in amounts_data["local"]}
    kinds = {
        "rate": Around(rate=True),
        "about": Around(about=True),
        "percent": Around(percent=True),
        "people": Around(people=True),
    }
    for kind, meaning in kinds.items():
        spelled |= dict.fromkeys(words[kind], meaning)
    spelled |= {word: Around() for word in (*words["yearly"], *words["noise"])}
    return spelled | scales | local | codes | symbols


@cache
def around(text: str) -> Around:
    """What the words and symbols around digits say, phrase by phrase from the left, the longest first."""
    tokens = _tokens(text)
    found: list[Around] = []
    position = 0
    while position < len(tokens):
        size = next((size for size in (3, 2, 1) if " ".join(tokens[position : position + size]) in _vocabulary()), 0)
        phrase = " ".join(tokens[position : position + size]) if size else tokens[position]
        before_currency = position + 1 < len(tokens) and _is_currency(tokens[position + 1])
        if before_currency and phrase in data("amounts")["scale_before_currency"]:
            found.append(Around(scale=data("amounts")["scale_before_currency"][phrase]))
        elif size:
            found.append(_vocabulary()[phrase])
        elif phrase in data("amounts")["words"]["per"]:
            found.append(Around(rate=True))
        else:
            return Around(known=False, rate=any(one.rate for one in found))
        position += max(size, 1)
    return _joined(found)


def _joined(found: list[Around]) -> Around:
    scales = [one.scale for one in found if one.scale != 1]
    currencies = {one.currency for one in found if one.currency}
    certain = len(scales) <= 1 and len(currencies - set(data("amounts")["local"])) <= 1
    shown = sorted(currencies, key=lambda name: (name in data("amounts")["local"], name))
    flags = {name: any(getattr(one, name) for one in found) for name in ("rate", "about", "percent", "people")}
    return Around(scales[0] if scales else 1.0, shown[0] if shown else "", **flags, known=certain)


def _is_currency(token: str) -> bool:
    return bool(_vocabulary().get(token, Around()).currency)


def _tokens(text: str) -> list[str]:
    """``keur`` and ``k€`` fall apart into scale and currency, ``p.a.`` and ``mio.`` lose their dots."""
    plain = text.replace("p. a.", "pa").replace(".", "")
    for symbol in ("usd$", "us$", "au$", "can$", "ca$", "nz$", "hk$", "sg$", "mx$", "nt$", "a$", "c$", "s$", "r$"):
        if symbol in plain.split() or plain.startswith(symbol):
            plain = plain.replace(symbol, f" {symbol} ", 1)
            break
    else:
        for sign in "$€£¥₹₽₺₴₱₪₩₫₦฿":
            plain = plain.replace(sign, f" {sign} ")
    for sign in "/~≈%=:":
        plain = plain.replace(sign, f" {sign} ")
    return [part for token in plain.split() for part in _parts(token)]


def _parts(token: str) -> tuple[str, ...]:
    if token in _vocabulary():
        return (token,)
    scales = (*data("amounts")["scale"], *data("amounts")["scale_before_currency"])
    for head, tail in ((token[:cut], token[cut:]) for cut in range(1, len(token))):
        if head in scales and _is_currency(tail):
            return head, tail
        if _is_currency(head) and tail in scales:
            return head, tail
    return (token,)
