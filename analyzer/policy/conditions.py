"""A condition as a Polars expression of three-valued logic: true, false, or null for "not assessed".

The forms are a closed set; nothing of a policy is evaluated as code. A blank cell or an absent column makes a
comparison null, and Kleene's rules carry it on: false and unknown is false, true and unknown is unknown.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce

import polars as pl

from analyzer.fields import Kind
from analyzer.policy.schema import Condition, Policy
from analyzer.policy.vocabulary import Name, names

UNKNOWN = pl.lit(None, pl.Boolean)
LISTS = frozenset({Kind.TEXTS, Kind.PLACES})
TRUE_OF = {Kind.YES_NO: ("yes", "partly"), Kind.EVIDENCE: ("stated", "evidenced")}
FALSE_OF = {Kind.YES_NO: ("no",), Kind.EVIDENCE: ("none",)}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition is compiled against: the columns at hand, the day all clocks stand at, the country tables."""

    columns: frozenset[str]
    as_of: date
    tables: Mapping[str, tuple[str, ...]]
    vocabulary: Mapping[str, Name]

    @classmethod
    def of(cls, policy: Policy, columns: Iterable[str], as_of: date, group: str | None = None) -> Scope:
        """The scope of a policy's task rules, or of the rules of a group."""
        tables = {slug: table.countries for slug, table in policy.tables.items()}
        return cls(frozenset(columns), as_of, tables, names(group))


def compile_condition(condition: Condition, scope: Scope) -> pl.Expr:
    """Boolean expression over the scope's columns, null where the condition cannot be assessed."""
    tests = [_test(form, condition, scope) for form in _forms(condition)]
    return reduce(lambda left, right: left & right, tests)


def back(day: date, span: str) -> date:
    """The day a span before another: "24 months", "5 years", "90 days". A month's end stays inside the month."""
    return _moved(day, span, -1)


def ahead(day: date, span: str) -> date:
    """The day a span after another."""
    return _moved(day, span, 1)


def _moved(day: date, span: str, sign: int) -> date:
    number, unit = span.split()
    count = sign * int(number)
    if unit.startswith("day"):
        return day + timedelta(days=count)
    months = day.year * 12 + day.month - 1 + (count * 12 if unit.startswith("year") else count)
    year, month = divmod(months, 12)
    year = min(max(year, 1), 9998)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _forms(condition: Condition) -> list[str]:
    return [name for name, value in condition if name in _TESTS and value is not None]


def _test(form: str, condition: Condition, scope: Scope) -> pl.Expr:
    return _TESTS[form](condition, scope)


def _column(condition: Condition, scope: Scope) -> pl.Expr | None:
    return pl.col(condition.field) if condition.field in scope.columns else None


def _compared(compare: Callable[[pl.Expr, Condition, Scope], pl.Expr]) -> Callable[[Condition, Scope], pl.Expr]:
    """A test that is unknown wherever its column is absent."""

    def test(condition: Condition, scope: Scope) -> pl.Expr:
        column = _column(condition, scope)
        return UNKNOWN if column is None else compare(column, condition, scope)

    return test


def _one_of(column: pl.Expr, kind: Kind, values: Iterable[str]) -> pl.Expr:
    wanted = list(values)
    if kind in {Kind.TEXT, Kind.TEXTS}:
        wanted = [value.casefold() for value in wanted]
    if kind in LISTS:
        element = pl.element().str.to_lowercase() if kind is Kind.TEXTS else pl.element()
        return column.list.eval(element.is_in(wanted)).list.any()
    return (column.str.to_lowercase() if kind is Kind.TEXT else column).is_in(wanted)


def _is(column: pl.Expr, condition: Condition, scope: Scope) -> pl.Expr:
    kind = scope.vocabulary[str(condition.field)].kind
    if isinstance(condition.is_, bool):
        return column.is_in((TRUE_OF if condition.is_ else FALSE_OF)[kind])
    return _one_of(column, kind, [str(condition.is_)])


def _in(column: pl.Expr, condition: Condition, scope: Scope) -> pl.Expr:
    return _one_of(column, scope.vocabulary[str(condition.field)].kind, condition.in_ or ())


def _in_table(column: pl.Expr, condition: Condition, scope: Scope) -> pl.Expr:
    kind = scope.vocabulary[str(condition.field)].kind
    return _one_of(column, kind, scope.tables[str(condition.in_table)])


def _holds_value(column: pl.Expr, condition: Condition, scope: Scope) -> pl.Expr:
    kind = scope.vocabulary[str(condition.field)].kind
    return (
        column.is_not_null() & (column.list.len() > 0).fill_null(value=False) if kind in LISTS else column.is_not_null()
    )


def _given(column: pl.Expr, condition: Condition, scope: Scope) -> pl.Expr:
    if scope.vocabulary[str(condition.field)].kind in LISTS:
        return column.list.len() > 0
    return pl.when(column.is_not_null()).then(pl.lit(True))


def _blank(column: pl.Expr, condition: Condition, scope: Scope) -> pl.Expr:
    filled = _holds_value(column, condition, scope)
    return ~filled if condition.blank else filled


def _unknown(condition: Condition, scope: Scope) -> pl.Expr:
    column = _column(condition, scope)
    missing = pl.lit(True) if column is None else column.is_null()
    return missing if condition.unknown else ~missing


def _past(column: pl.Expr, condition: Condition, scope: Scope) -> pl.Expr:
    return column < scope.as_of if condition.past else column >= scope.as_of


def _within(column: pl.Expr, condition: Condition, scope: Scope) -> pl.Expr:
    return column.is_between(back(scope.as_of, str(condition.within)), scope.as_of)


def _due_within(column: pl.Expr, condition: Condition, scope: Scope) -> pl.Expr:
    return column.is_between(scope.as_of, ahead(scope.as_of, str(condition.due_within)))


def _between(column: pl.Expr, condition: Condition, _scope: Scope) -> pl.Expr:
    first, last = condition.between or (None, None)
    return column.is_between(pl.lit(first), pl.lit(last))


def _together(conditions: Iterable[Condition], scope: Scope) -> list[pl.Expr]:
    return [compile_condition(part, scope) for part in conditions]


_TESTS: dict[str, Callable[[Condition, Scope], pl.Expr]] = {
    "is_": _compared(_is),
    "in_": _compared(_in),
    "at_least": _compared(lambda column, condition, _: column >= condition.at_least),
    "at_most": _compared(lambda column, condition, _: column <= condition.at_most),
    "more_than": _compared(lambda column, condition, _: column > condition.more_than),
    "less_than": _compared(lambda column, condition, _: column < condition.less_than),
    "between": _compared(_between),
    "older_than": _compared(lambda column, condition, scope: column < back(scope.as_of, str(condition.older_than))),
    "within": _compared(_within),
    "due_within": _compared(_due_within),
    "past": _compared(_past),
    "given": _compared(_given),
    "blank": _compared(_blank),
    "unknown": _unknown,
    "in_table": _compared(_in_table),
    "all_": lambda condition, scope: pl.all_horizontal(_together(condition.all_ or (), scope)),
    "any_": lambda condition, scope: pl.any_horizontal(_together(condition.any_ or (), scope)),
    "not_": lambda condition, scope: ~compile_condition(condition.not_ or condition, scope),
    "always": lambda _condition, _scope: pl.lit(True),
}
FORMS = tuple(_TESTS)
