"""Which column holds which field: the best match wins, one column to one field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from analyzer.intake.content import Profile, confirm
from analyzer.intake.headers import language_of, normal, parse, telling
from analyzer.intake.matching import WEAK, Match, matches
from analyzer.intake.synonyms import lexicon
from analyzer.terms import Field

_CLOSE = 3.0  # points within which two columns are rivals
_JOINED = 4.0  # what a match by the group's words and the header's gains
_YES_NO_SHARE = 0.8
_SHARED = 0.5  # of its words that a header has in common with a synonym to be worth a suggestion


@dataclass(frozen=True, slots=True)
class Choice:
    """A column taken for a field. ``column`` is the sheet's, from 0."""

    column: int
    header: str
    match: Match
    score: float


@dataclass(frozen=True, slots=True)
class Mapped:
    """What became of a table's headers.

    ``rivals``: field, column taken and a column that would have done as well; ``unfit``: columns whose header names
    a field and whose values cannot be its; ``suggested``: columns that share telling words with a field.
    """

    chosen: tuple[Choice, ...]
    unmatched: tuple[int, ...]
    rivals: tuple[tuple[Field, int, int], ...] = ()
    unfit: tuple[tuple[Field, int], ...] = ()
    suggested: tuple[tuple[Field, int], ...] = ()

    @property
    def fields(self) -> frozenset[Field]:
        """The fields found."""
        return frozenset(choice.match.field for choice in self.chosen)


def assign(
    headers: Mapping[int, str],
    profiles: Mapping[int, Profile],
    groups: Mapping[int, str] | None = None,
    fixed: Mapping[Field, int] | None = None,
    ignored: frozenset[int] = frozenset(),
) -> Mapped:
    """Fields of a table's columns. ``fixed`` comes from the settings and is never questioned."""
    taken = {
        column: Choice(column, headers.get(column, ""), _by_settings(field), 200.0)
        for field, column in (fixed or {}).items()
    }
    free = {c: text for c, text in headers.items() if c not in taken and c not in ignored and text.strip()}
    rated = sorted(
        (
            choice
            for column, text in free.items()
            for choice in _rated(column, text, (groups or {}).get(column, ""), profiles.get(column))
        ),
        key=lambda choice: (-choice.score, choice.column),
    )
    unfit = tuple({(c.match.field, c.column): None for c in rated if c.score < WEAK and not c.match.assumed})
    good = [choice for choice in rated if choice.score >= WEAK]
    chosen = _settled(_best(_in_turn(good), list(taken.values())))
    columns = {choice.column for choice in chosen}
    unmatched = tuple(c for c, text in headers.items() if c not in columns and text.strip())
    fields = {choice.match.field for choice in chosen}
    return Mapped(
        tuple(sorted(chosen, key=lambda choice: choice.column)),
        unmatched,
        _rivals(chosen, good),
        tuple((field, column) for field, column in unfit if field not in fields and column not in columns),
        tuple(_suggested({c: headers[c] for c in unmatched}, {choice.header for choice in chosen}, fields)),
    )


def _by_settings(field: Field) -> Match:
    return Match(field, 100.0, "named in the settings")


def _rated(column: int, text: str, group: str, values: Profile | None) -> Iterable[Choice]:
    for match in _readings(text, group):
        if match.score >= WEAK:
            yield Choice(column, text, match, match.score + confirm(match, text, values))
        if match.field is Field.PROVIDER and values is not None and _says_yes_or_no(values):
            flag = replace(
                match,
                field=Field.OUTSOURCED_FLAG,
                assumed=True,
                evidence=f"{match.evidence}; its values are yes and no",
            )
            yield Choice(column, text, flag, WEAK + 12.0)


def _says_yes_or_no(values: Profile) -> bool:
    return values.share(r"(?i)^\s*(yes|no|y|n|ja|nein|oui|non|s[ií]|n[aã]o|sim|nee|true|false)\s*$") > _YES_NO_SHARE


def _readings(text: str, group: str) -> Iterable[Match]:
    """Matches of a header, and of the group above it and the header together; a group that qualifies has to join."""
    if not group.strip():
        return matches(text)
    whole = [
        replace(match, score=min(100.0, match.score) + _JOINED, evidence=f"{match.evidence}, with the group above")
        for match in matches(f"{group} {text}")
    ]
    qualified = telling(normal(group)) & lexicon().qualifiers
    alone = () if qualified else matches(text)
    known = {match.field for match in whole}
    return [*whole, *(match for match in alone if match.field not in known)]


def _best(rated: Iterable[Choice], given: list[Choice]) -> list[Choice]:
    """Each field's best column, each column once; the other-language twin of a taken column is left alone."""
    fields = {choice.match.field for choice in given}
    columns = {choice.column for choice in given}
    twins: set[str] = set()
    chosen = list(given)
    for choice in rated:
        header = parse(choice.header)
        twin = header.core if language_of(header) else ""
        if choice.match.field not in fields and choice.column not in columns and twin not in twins:
            fields.add(choice.match.field)
            columns.add(choice.column)
            twins |= {twin} - {""}
            chosen.append(choice)
    return chosen


def _in_turn(rated: list[Choice]) -> list[Choice]:
    """The rated choices, of twin columns in two languages the left one first."""
    best: dict[tuple[Field, str], float] = {}
    for choice in rated:
        if language_of(parse(choice.header)):
            twin = choice.match.field, parse(choice.header).core
            best[twin] = max(best.get(twin, 0.0), choice.score)
    return sorted(rated, key=lambda c: (-best.get((c.match.field, parse(c.header).core), c.score), c.column))


def _settled(chosen: list[Choice]) -> list[Choice]:
    """Where no column names the task, its description does; a running number is no key beside a contract's number."""
    by_field = {choice.match.field: choice for choice in chosen}
    description = by_field.get(Field.DESCRIPTION)
    if Field.TASK_NAME not in by_field and description is not None:
        match = replace(
            description.match,
            field=Field.TASK_NAME,
            assumed=True,
            evidence=f"{description.match.evidence}; no column names the task",
        )
        chosen = [c for c in chosen if c is not description] + [replace(description, match=match)]
    key, reference = by_field.get(Field.TASK_ID), by_field.get(Field.CONTRACT_REF)
    if key is not None and reference is not None and key.match.assumed:
        chosen = [c for c in chosen if c is not key]
    return chosen


def _rivals(chosen: list[Choice], rated: list[Choice]) -> tuple[tuple[Field, int, int], ...]:
    taken = {choice.column for choice in chosen}
    best = {choice.match.field: choice for choice in chosen}
    found = {
        (c.match.field, best[c.match.field].column, c.column): None
        for c in rated
        if c.column not in taken
        and (winner := best.get(c.match.field)) is not None
        and c.score >= winner.score - _CLOSE
        and not _twins(winner.header, c.header)
    }
    return tuple(found)


def _twins(one: str, other: str) -> bool:
    """The same header in two languages, each naming its own."""
    first, second = parse(one), parse(other)
    return bool(language_of(first)) and bool(language_of(second)) and language_of(first) != language_of(second)


def _suggested(headers: Mapping[int, str], used: set[str], taken: set[Field]) -> Iterable[tuple[Field, int]]:
    """Fields that an unmatched header shares most words with; only a suggestion, and none for a twin of a used one."""
    for column, text in headers.items():
        if any(_twins(one, text) and parse(one).core == parse(text).core for one in used):
            continue
        shared = _likeness(parse(text).words, taken)
        best = max(shared, key=lambda field: shared[field], default=None)
        if best is not None and shared[best] >= _SHARED:
            yield best, column


def _likeness(words: frozenset[str], taken: set[Field]) -> dict[Field, float]:
    """Share of words, 0..1, that a header has in common with the nearest phrase of each free field."""
    book = lexicon()
    keys = {key: None for word in sorted(words) for key in book.by_word.get(word, ()) if len(words & key) > 1}
    found: dict[Field, float] = {}
    for key in keys:
        for synonym in book.word_sets[key]:
            if synonym.sure and synonym.field not in taken:
                found[synonym.field] = max(found.get(synonym.field, 0.0), len(words & key) / len(words | key))
    return found
