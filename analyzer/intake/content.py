"""Whether a column's values can be what its header says."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analyzer.fields import FIELDS, Kind
from analyzer.intake.headers import parse
from analyzer.intake.matching import Match
from analyzer.intake.values import fit
from analyzer.terms import Field

REFUSED = -100.0  # content that speaks against a field
_SAMPLE = 150
_NOTHING = (
    r"(?i)^\W*(n/?a|n\.a\.?|none|null|nil|not applicable|not available|unknown|tbd|tbc|select one|keine|k\.?a\.?|"
    r"sans objet|no aplica|-|)\W*$"
)
_NUMBER = (
    r"^[\s(+-]*(?:[€$£¥₹]|(?i:eur|usd|gbp|chf|rs\.?|inr|kr))?\s*[+-]?\d[\d\s.,'\u00a0\u202f]*\s*"
    r"(?:[%)€$£¥]|(?i:eur|usd|gbp|chf|k|m|mio|fte|h|days))*\s*$"
)
_DATE = r"^\s*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}([ T]\d.*)?\s*$"
_YES_NO = (
    r"(?i)^\s*(yes|no|y|n|true|false|ja|nein|oui|non|s[ií]|n[aã]o|sim|nee|x|0|1|on|off|wahr|falsch|vrai|faux|verdadero|"
    r"falso|partly|partially|teilweise|n/?a|tbd|tbc|unknown|not applicable)\s*\.?\s*$"
)
_REGION = (
    r"(?i)^\W*(global|worldwide|international|multiple|various|emea|apac|amer|americas?|latam|nam|anz|mena|apj|dach|nordics?|"
    r"benelux|iberia|europe|eu|asia|africa|"
    r"(north|south|latin|central|western|eastern)[ -](america|europe|asia)|remote|home|"
    r"(on|off|near)shore|domestic|overseas|abroad|weltweit|monde|mondial)\W*$"
)
_ROLE = (
    r"(?i)\b(director|vp|vice president|head|chief|manager|lead|officer|c[efiost]o|president|team|leiter|leitung|"
    r"directeur)\b"
)
_MOSTLY, _HALF, _SOME, _HARDLY = 0.8, 0.5, 0.3, 0.1
_TYPED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.PLACE, Kind.PLACES})
_WORDS = frozenset({Kind.ENUM, Kind.YES_NO, Kind.EVIDENCE})
_NAMES = frozenset(
    {Field.TASK_NAME, Field.DESCRIPTION, Field.PROVIDER, Field.OWNER, Field.PROVIDER_GROUP, Field.LEGAL_ENTITY}
)
_SPARSE = 20.0  # what a column loses that is all but blank
_EMPTY = -30.0  # a column without values: taken only where its header is sure and nothing else is
_MANY = 20  # rows from which shares of distinct values mean something


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A column's values: ``sample``, distinct texts; shares 0..1 of rows filled and of distinct values among them."""

    sample: pl.Series
    rows: int
    filled: float
    distinct: float

    def share(self, pattern: str) -> float:
        """Share of the sample that a pattern matches."""
        return self.sample.filter(self.sample.str.contains(pattern)).len() / max(1, self.sample.len())


def profile(values: pl.Series) -> Profile:
    """The profile of a column's String values, one per task row."""
    present = values.drop_nulls()
    unique = present.unique(maintain_order=True)
    rows = values.len()
    distinct = unique.len() / present.len() if present.len() else 0.0
    sample = unique.head(2 * _SAMPLE)
    return Profile(
        sample.filter(~sample.str.contains(_NOTHING)).head(_SAMPLE), rows, present.len() / max(1, rows), distinct
    )


def confirm(match: Match, header: str, values: Profile | None) -> float:
    """Points for a match from the column's content: above 0 where it confirms, ``REFUSED`` where it contradicts."""
    if values is None or not values.rows:
        return 0.0
    if not values.sample.len():
        return _EMPTY
    kind = FIELDS[match.field].kind
    points = 2.0 * values.filled - (_SPARSE if values.rows >= _MANY and values.filled < _HARDLY else 0.0)
    if kind in _TYPED:
        return points + _typed(match, values)
    if kind in _WORDS:
        return points + _words(match, values)
    return points + _texts(match, header, values)


def _typed(match: Match, values: Profile) -> float:
    rate = _fit(match.field, values)
    needed = _HALF if match.assumed or match.corrected else _HARDLY
    if rate < needed:
        return REFUSED
    return 2.0 * rate if rate >= _HALF else -6.0


def _fit(field: Field, values: Profile) -> float:
    """Share of values that can be the field's: by their shape where that suffices, else by what its reader accepts."""
    kind = FIELDS[field].kind
    shape = {Kind.DATE: _DATE, Kind.NUMBER: _NUMBER, Kind.MONEY: _NUMBER}.get(kind)
    shaped = values.share(shape) if shape else 0.0
    if shaped >= _MOSTLY:
        return shaped
    if kind in {Kind.PLACE, Kind.PLACES}:
        if values.share(_NUMBER) > _HALF:
            return 0.0
        places = values.sample.filter(~values.sample.str.contains(_REGION))
        known = values.sample.len() - places.len() + fit(field, places) * places.len()
        return known / values.sample.len()
    if kind in {Kind.DATE, Kind.NUMBER, Kind.MONEY} and not values.share(r"\d"):
        return 0.0
    return max(shaped, fit(field, values.sample))


def _words(match: Match, values: Profile) -> float:
    rate = _fit(match.field, values)
    if match.assumed or match.corrected:
        return 2.0 * rate if rate >= _HALF else REFUSED
    if rate < _HARDLY and values.distinct > _HALF and values.rows >= _MANY:
        return REFUSED  # free text
    return 2.0 * rate - (4.0 if rate < _SOME else 0.0)


def _texts(match: Match, header: str, values: Profile) -> float:
    numeric = values.share(_NUMBER)
    yes_no = values.share(_YES_NO)
    if match.field in _NAMES and (numeric > _MOSTLY or yes_no > _MOSTLY or values.share(_DATE) > _HALF):
        return REFUSED
    if match.field == Field.TASK_NAME:
        return _task(match, values)
    if match.field in {Field.TASK_ID, Field.CONTRACT_REF}:
        return _key(match, values)
    if match.field == Field.FUNCTION:
        return _function(match, header, values)
    if match.field == Field.OWNER and "business" in parse(header).words:
        return -6.0 if values.share(_ROLE) >= _HALF else 2.0
    return 0.0


def _task(match: Match, values: Profile) -> float:
    few = values.rows >= _MANY and values.distinct * values.filled * values.rows < _FEWEST_TASKS
    if match.assumed and few:
        return REFUSED
    return 8.0 * values.distinct - (10.0 if few else 0.0)


_FEWEST_TASKS = 3  # distinct names; a column with fewer says a kind of task


def _key(match: Match, values: Profile) -> float:
    if match.assumed and values.distinct < _MOSTLY:
        return REFUSED
    return 4.0 * values.distinct - (6.0 if values.filled < _HALF else 0.0)


def _function(match: Match, header: str, values: Profile) -> float:
    if values.share(_YES_NO) > _MOSTLY or values.share(_DATE) > _HALF:
        return REFUSED
    if "owner" in parse(header).words:
        return 12.0 if values.share(_ROLE) >= _HALF else REFUSED
    return -8.0 if match.assumed and values.rows >= _MANY and values.distinct > _MOSTLY else 0.0
