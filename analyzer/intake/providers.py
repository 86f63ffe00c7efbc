"""Who performs a task: own staff, own companies and departments, people, providers, or nobody named.

A name with "&", "and" or a comma in it is one provider, unless the column shows that its parts are providers of their
own. A text that is not surely something else is the name of one provider.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import polars as pl

from analyzer.intake.reader import Sheet, data
from analyzer.places import fold, folded
from analyzer.terms import Field
from analyzer.terms import ProviderReading as Reading

STRONG = re.compile(r"\s*[|;\n]\s*|\s+[+/]\s+|(?<=[^\W\d_]{3})/(?=[^\W\d_]{3})")
WEAK = re.compile(r"\s*,\s+|\s+(?:&|and|und|et|y|e|en|with|mit|avec|supported by)\s+", re.IGNORECASE)
SHARE = re.compile(r"\s*[(:-]?\s*(\d{1,3}(?:[.,]\d+)?)\s*%\s*\)?\s*")
DOUBT = re.compile(r"\?\s*$|\((?:tbc|tbd|\?)\)\s*$|^(?:prob|probably|maybe|evtl)\b")
MAIL = re.compile(r"^[^@\s]+@[^@\s]+$")
WORDS_OF_A_PERSON = (2, 3)
SHORTEST_OWN = 4  # letters of a company's name that another may begin with


class Answer(NamedTuple):
    """What a cell says: the provider's one spelling, the reading, all names from outside, the shares of a split."""

    reading: Reading
    value: str | None
    names: tuple[str, ...] = ()
    own_share: float | None = None
    shares: tuple[float, ...] | None = None  # beside the names
    code: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What the settings and the rest of the sheet say of names, all as ``name_key``."""

    company: str
    entities: frozenset[str]
    functions: frozenset[str]
    column: frozenset[str]
    aliases: Mapping[str, str]


def read_provider(cells: pl.DataFrame, _field: Field, sheet: Sheet) -> pl.DataFrame:
    """Reader of the provider.

    ``value`` · ``reading`` · ``names`` List(String) · ``own_share`` Float64 in 0..1 · ``shares`` List(Float64) in 0..1
    beside the names, null unless each part of the cell has one.
    """
    known = _known(cells, sheet)
    answers = [_answer(text, folded, known) for text, folded in cells.select("text", "folded").iter_rows()]
    schema: dict[str, pl.DataType] = {"value": pl.String(), "code": pl.String(), "reading": pl.String()}
    flat = pl.DataFrame(
        {
            "value": [one.value for one in answers],
            "code": [one.code for one in answers],
            "reading": [one.reading.value for one in answers],
            "own_share": [one.own_share for one in answers],
            "shares": [one.shares for one in answers],
            "joined": ["\x1f".join(one.names) or None for one in answers],
        },
        schema={**schema, "own_share": pl.Float64(), "shares": pl.List(pl.Float64()), "joined": pl.String()},
    )
    return flat.with_columns(pl.col("joined").str.split("\x1f").alias("names")).drop("joined")


def _known(cells: pl.DataFrame, sheet: Sheet) -> Known:
    company, aliases = sheet.settings.company, sheet.settings.aliases.providers
    return Known(
        company=name_key(folded(company.name)),
        entities=frozenset(name_key(folded(name)) for name in (*company.entities, *company.entity_countries)),
        functions=frozenset(fold(sheet.texts(Field.FUNCTION))),
        column=frozenset(name_key(text) for text in cells["folded"]),
        aliases=dict(zip(fold(pl.Series(list(aliases), dtype=pl.String)), aliases.values(), strict=True)),
    )


@cache
def _lists() -> dict[str, frozenset[str]]:
    named: dict[str, list[str]] = data("performers")
    lists = {name: frozenset(spellings) for name, spellings in named.items()}
    return lists | {"none": frozenset(data("words")["blank"]), "unknown": frozenset(data("words")["unknown"])}


def name_key(folded: str) -> str:
    """A company's name without punctuation and legal form: "Foo, Inc." and "FOO Inc" are one."""
    words = re.sub(r"[^\w&]+", " ", folded.replace(".", "")).split()
    forms = _lists()["legal_forms"]
    while len(words) > 1 and words[-1] in forms:
        words.pop()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def _answer(text: str, folded: str, known: Known) -> Answer:
    """The reading of one cell, whole words first, then its parts, then what a name looks like."""
    if folded in known.aliases:
        text, folded = known.aliases[folded], known.aliases[folded].casefold()
    said = _said(text, folded, known)
    if said:
        return said
    parts = _parts(text, known)
    if len(parts) > 1:
        return _several(text, parts, known)
    if _is_person(text, folded):
        return Answer(Reading.PERSON, text, (text,))
    return Answer(Reading.NAMED, text, (text,), code=_resembles_own(folded, known))


def _said(text: str, folded: str, known: Known) -> Answer | None:
    """What a whole text says if it is more than a name."""
    bare, lists = folded.strip(" .!*"), _lists()
    if bare in lists["internal"]:
        return Answer(Reading.INTERNAL, text)
    if folded in lists["none"] or bare in lists["none"]:
        return Answer(Reading.NONE_WORD, None)
    if {bare, folded} & lists["unknown"] or bare in lists["vague"] or DOUBT.search(folded):
        return Answer(Reading.UNKNOWN_WORD, None, code="value-unknown")
    return Answer(Reading.OWN_DEPARTMENT, text) if _is_department(bare, known) else _own_company(text, folded, known)


def _own_company(text: str, folded: str, known: Known) -> Answer | None:
    """The company itself, a company of its group, or its branch."""
    key = name_key(folded)
    if known.company and key == known.company:
        return Answer(Reading.OWN_COMPANY, text)
    if key and key in known.entities:
        return Answer(Reading.OWN_ENTITY, text, (text,))
    branch = known.company and key.startswith(f"{known.company} ") and _ends_with(folded, _lists()["branch"])
    return Answer(Reading.OWN_BRANCH, text, (text,)) if branch else None


def _ends_with(folded: str, words: frozenset[str]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", folded) for word in words)


def _is_department(bare: str, known: Known) -> bool:
    """Whether it is a team ("Finance team", "IT dept", "Abteilung Recht") or the very name of a function."""
    words = bare.split()
    marks = _lists()["department"]
    rests = [" ".join(words[:-1])] if words[-1:] and words[-1] in marks else []
    rests += [" ".join(words[1:])] if words and words[0] in marks else []
    rests = [rest.removeprefix("internal ").removeprefix("our ").removeprefix("the ") for rest in rests]
    return bare in known.functions or any(rest in known.functions | _lists()["functions"] for rest in rests)


def _parts(text: str, known: Known) -> list[str]:
    """The performers a cell lists; one where its marks may belong to a name."""
    strong = [part.strip() for part in STRONG.split(text) if part.strip()]
    if len(strong) > 1:
        return strong
    weak = [part.strip() for part in WEAK.split(text) if part.strip()]
    if len(weak) < 2:  # noqa: PLR2004 - a list
        return strong
    spelled = [SHARE.sub("", part).casefold() for part in weak]
    own = any(part in _lists()["internal"] for part in spelled)
    forms = _lists()["legal_forms"]
    listed = all(name_key(part) in known.column for part in spelled)
    formed = all(len(part.split()) > 1 and part.rstrip(".").split()[-1] in forms for part in spelled)
    return weak if own or listed or formed else strong


def _several(text: str, parts: list[str], known: Known) -> Answer:
    """Several providers, or own staff and a provider; their shares where each part has one."""
    stated = [SHARE.search(part) for part in parts]
    bare = [SHARE.sub(" ", part).strip() for part in parts]
    own = [_is_own(part.casefold(), known) for part in bare]
    percent = [float(one.group(1).replace(",", ".")) if one else 0.0 for one in stated]
    whole = all(stated) and abs(sum(percent) - 100) <= 1
    theirs: dict[str, float] = {}
    for part, mine, share in zip(bare, own, percent, strict=True):
        if not mine:
            name = known.aliases.get(part.casefold(), part)
            theirs[name] = theirs.get(name, 0.0) + share / 100
    names, shares = tuple(theirs), tuple(theirs.values()) if whole else None
    if not names:
        return Answer(Reading.INTERNAL, text)
    if any(own):
        own_share = sum(share for share, mine in zip(percent, own, strict=True) if mine) / 100 if whole else None
        return Answer(Reading.SHARED, text, names, own_share, shares)
    several = len(names) > 1
    return Answer(Reading.SEVERAL if several else Reading.NAMED, text if several else names[0], names, None, shares)


def _is_own(folded: str, known: Known) -> bool:
    key = name_key(folded)
    return folded in _lists()["internal"] or (bool(key) and key == known.company) or _is_department(folded, known)


def _is_person(text: str, folded: str) -> bool:
    """Conservative: a title, a mail address, or a common first name and a surname and nothing of a business."""
    words = folded.split()
    if MAIL.match(folded) or (len(words) > 1 and words[0] in _lists()["titles"]):
        return True
    plain = all(word.replace("-", "").replace("'", "").replace(".", "").isalpha() for word in words)
    if len(words) not in WORDS_OF_A_PERSON or not plain or words[0] not in _lists()["first_names"]:
        return False
    written = all(word[0].isupper() for word in text.split())
    return written and not set(words) & (_lists()["business"] | _lists()["legal_forms"])


def _resembles_own(folded: str, known: Known) -> str | None:
    begins = len(known.company) >= SHORTEST_OWN and name_key(folded).startswith(f"{known.company} ")
    return "provider-resembles-own" if begins else None
