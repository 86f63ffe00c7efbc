"""Text as a cell holds it: escaped, cut at Excel's limit, never a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from analyzer.xlsx.limits import MAX_TEXT
from analyzer.xlsx.markup import escape

_ODD = r"[\x00-\x08\x0B-\x1F\x{FFFE}\x{FFFF}]|_x[0-9A-Fa-f]{4}_"
_ODD_CHARACTER = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_UNUSUAL = _ODD + r"|[&<>\n]|^[\s=+\-@]|\s$"  # any of what follows
_KEPT = re.compile(r"^\s|\s$|\n")  # blanks that a reader would leave out
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


_FORBIDDEN = bytes(code for code in range(32) if code not in b"\t\n\r")
_FORBIDDEN_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|[fF]{3}[eEfF]));"
)
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")  # U+FFFE and U+FFFF
_REFERENCE_SIZE = 16  # bytes of a character reference, kept so that none is missed between two chunks


class ForbiddenScan:
    """Fed with a part's chunks; ``found`` tells whether it holds characters that XML cannot hold.

    Lenient readers pass over them, Excel and strict ones refuse the file.
    """

    def __init__(self) -> None:
        self.found = False
        self._carry = b""

    def feed(self, chunk: bytes) -> None:
        """Look at the next chunk."""
        if self.found:
            return
        near = self._carry + chunk[:_REFERENCE_SIZE]
        self.found = len(chunk.translate(None, _FORBIDDEN)) < len(chunk) or any(
            _FORBIDDEN_REFERENCE.search(data) for data in (near, chunk) if b"&" in data and b"&#" in data
        )
        self.found = self.found or (b"\xef" in chunk and any(code in chunk for code in _NO_CHARACTERS))
        self._carry = chunk[-_REFERENCE_SIZE:]


class Traits(NamedTuple):
    """What is to be heeded in writing a column's texts."""

    long: bool  # some may be longer than a cell holds
    odd: bool  # some have characters that XML cannot hold, or look like an escape of one
    special: bool  # some need escaping
    spaced: bool  # some have outer blanks or line breaks
    risky: bool  # some begin like a formula
    blanks: int


NO_TRAITS = Traits(long=False, odd=False, special=False, spaced=False, risky=False, blanks=0)
FORMULA = r"^[=+\-@\t\r]"  # OWASP ASVS 5.0, 1.2.10


def traits(columns: Sequence[pl.Series]) -> list[Traits]:
    """The traits of String columns of any lengths, all looked at in one go, and closely where anything is unusual."""
    if not columns:
        return []
    usual = pl.select(
        (text.str.contains(_UNUSUAL) | (text.str.len_bytes() > MAX_TEXT)).any().not_().alias(str(number))
        for number, text in enumerate(map(pl.lit, columns))
    ).row(0)
    return [
        NO_TRAITS._replace(blanks=column.null_count()) if plain else _close_look(column)
        for column, plain in zip(columns, usual, strict=True)
    ]


def _close_look(column: pl.Series) -> Traits:
    text = pl.lit(column)
    some = (
        text.str.len_bytes() > MAX_TEXT,
        *(text.str.contains(pattern) for pattern in (_ODD, "[&<>]", _KEPT.pattern, FORMULA)),
    )
    looks = [look.any().alias(str(place)) for place, look in enumerate(some)]
    return Traits(*pl.select(*looks, text.null_count()).row(0))


def cell_text(values: pl.Series, known: Traits) -> tuple[pl.Series, int]:
    """Texts as Excel writes them, not yet escaped for XML, and how many had to be cut at 32,767 characters.

    Characters that XML cannot hold become ``_x000B_``, and a text that looks like such an escape is escaped itself
    (ECMA-376 part 1, 22.9.2.19).
    """
    cut = 0
    if known.long:
        long = values.str.len_bytes() > MAX_TEXT
        shortened = {text: _shortened(text) for text in values.filter(long).unique().to_list()}
        cut = sum(1 for text in values.filter(long).to_list() if shortened[text] != text)
        values = values.replace(shortened)
    if known.odd:
        odd = values.str.contains(_ODD)
        values = values.replace({text: _encoded(text) for text in values.filter(odd).unique().to_list()})
    return values, cut


def _shortened(text: str) -> str:
    units = text.encode("utf-16-le")
    return units[: MAX_TEXT * 2].decode("utf-16-le", "ignore")


def _encoded(text: str) -> str:
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return _ODD_CHARACTER.sub(lambda found: f"_x{ord(found.group()):04X}_", text)


def cell_item(text: str, prefix: str) -> tuple[str, bool]:
    """The ``<t>`` element of one text, as ``cell_text`` and ``item_text`` make it of many, and whether it was cut."""
    short = _shortened(text)
    shown = _encoded(short)
    keep = ' xml:space="preserve"' if _KEPT.search(shown) else ""
    return f"<{prefix}t{keep}>{escape(shown)}</{prefix}t>", short != text


def escaped(text: pl.Expr) -> pl.Expr:
    """String expression: text escaped for an element's content."""
    return text.str.replace_many(["&", "<", ">"], ["&amp;", "&lt;", "&gt;"])


def quoted_value(text: pl.Expr) -> pl.Expr:
    """String expression: text escaped for an attribute's value."""
    return text.str.replace_many(["&", "<", ">", '"', "\n"], ["&amp;", "&lt;", "&gt;", "&quot;", "&#10;"])


def item_text(text: pl.Expr, prefix: str, *, plain: bool = False) -> pl.Expr:
    """String expression: the ``<t>`` element of a text, which keeps its outer blanks."""
    if plain:
        return pl.concat_str(pl.lit(f"<{prefix}t>"), text, pl.lit(f"</{prefix}t>"))
    keep = text.str.contains(_KEPT.pattern)
    start = pl.when(keep).then(pl.lit(f'<{prefix}t xml:space="preserve">')).otherwise(pl.lit(f"<{prefix}t>"))
    return pl.concat_str(start, escaped(text), pl.lit(f"</{prefix}t>"))
