"""What a policy's shape cannot tell: names that exist, forms that fit the field, weights where they belong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzer.fields import FIELDS, Kind
from analyzer.policy.levels import levels, mentioned
from analyzer.policy.schema import Condition, Policy, Risk, Rule
from analyzer.policy.vocabulary import Name, names

Path = tuple[str | int, ...]

NUMBERS = frozenset({Kind.NUMBER, Kind.MONEY})
PLACES = frozenset({Kind.PLACE, Kind.PLACES})
FORM_KINDS: dict[str, frozenset[Kind]] = {
    "is": frozenset(Kind) - NUMBERS - {Kind.DATE},
    "in": frozenset(Kind) - NUMBERS - {Kind.DATE},
    **dict.fromkeys(("at_least", "at_most", "more_than", "less_than"), NUMBERS),
    **dict.fromkeys(("between", "older_than", "within", "due_within", "past"), frozenset({Kind.DATE})),
    **dict.fromkeys(("given", "blank", "unknown"), frozenset(Kind)),
    "in_table": PLACES,
}
COMPOUND = ("all", "any", "not", "always")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a path; ``word`` is looked up among ``known`` for a did-you-mean."""

    path: Path
    message: str
    word: str = ""
    known: tuple[str, ...] = ()


def check(policy: Policy) -> list[Fault]:
    """Every fault of a policy whose shape is right."""
    return [
        *_bands(policy),
        *_feasibility(policy),
        *(fault for slug, risk in policy.risk.items() for fault in _Risk(policy, slug, risk).faults()),
    ]


def _bands(policy: Policy) -> Iterator[Fault]:
    if policy.bands.medium >= policy.bands.high:
        yield Fault(("bands", "high"), "must be more than bands.medium")
    for slug, table in policy.tables.items():
        if not table.countries:
            yield Fault(("tables", slug, "countries"), "lists no country")


def _feasibility(policy: Policy) -> Iterator[Fault]:
    tester = _Risk(policy, "", Risk(title="", base=0))
    for axis in ("offshore", "outsource"):
        seen: set[str] = set()
        for number, gate in enumerate(getattr(policy.feasibility, axis)):
            here: Path = ("feasibility", axis, number)
            yield from _twice(gate.id, seen, here)
            yield from tester.condition(gate.when, (*here, "when"))
    for number, hint in enumerate(policy.feasibility.hint):
        for field in (*hint.fields, *([hint.unless_given] if hint.unless_given else [])):
            if field not in FIELDS:
                yield Fault(("feasibility", "hint", number), f'no field is called "{field}"', field, tuple(FIELDS))
    cost = policy.feasibility.hidden_cost
    if not cost.low <= cost.base <= cost.high:
        yield Fault(("feasibility", "hidden_cost"), "low, base and high must not fall")


def _twice(name: str, seen: set[str], here: Path) -> Iterator[Fault]:
    if name in seen:
        yield Fault((*here, "id"), f'"{name}" stands twice')
    seen.add(name)


@dataclass(frozen=True, slots=True)
class _Risk:
    policy: Policy
    slug: str
    risk: Risk

    @property
    def vocabulary(self) -> Mapping[str, Name]:
        return names(self.risk.of)

    def faults(self) -> Iterator[Fault]:
        yield from self.shape()
        if self.risk.applies is not None:
            yield from self.condition(self.risk.applies, ("risk", self.slug, "applies"))
        if isinstance(self.risk.base, tuple):
            for number, band in enumerate(self.risk.base):
                yield from self.condition(band, ("risk", self.slug, "base", number))
        seen: set[str] = set()
        for kind in ("indicator", "control", "rule"):
            yield from self.rules(kind, getattr(self.risk, kind), seen)

    def shape(self) -> Iterator[Fault]:
        here: Path = ("risk", self.slug)
        if self.risk.scored and self.risk.rule:
            yield Fault((*here, "rule"), "a risk with a base takes indicators and controls, not severity rules")
        if not self.risk.scored and self.risk.indicator:
            yield Fault((*here, "indicator"), "indicators need a base to add to")
        if self.risk.portfolio and (self.risk.scored or self.risk.control):
            yield Fault((*here, "of"), "a risk of a group takes severity rules only")
        if not (self.risk.scored or self.risk.rule):
            yield Fault(here, "a risk needs a base with indicators, or severity rules")

    def rules(self, kind: str, rules: tuple[Rule, ...], seen: set[str]) -> Iterator[Fault]:
        for number, rule in enumerate(rules):
            here: Path = ("risk", self.slug, kind, number)
            yield from _twice(rule.id, seen, here)
            yield from self.rule(rule, kind, here)

    def rule(self, rule: Rule, kind: str, here: Path) -> Iterator[Fault]:
        bands: tuple[Condition, ...] = getattr(rule, "bands", ())
        if (rule.when is None) == (not bands):
            yield Fault(here, "takes either `when` or `bands`")
        weight = {"indicator": "points", "control": "credit", "rule": "severity"}[kind]
        if kind == "control" and not self.risk.scored:
            weight = "lowers_to"
        bare = getattr(rule, weight) is None and not (self.risk.severity_by_hits and kind == "rule")
        if rule.when is not None and bare:
            yield Fault(here, f"`when` needs `{weight}` beside it")
        if rule.when is not None:
            yield from self.condition(rule.when, (*here, "when"))
        for level in levels(rule):
            unknown = [name for name in mentioned(level) if name not in self.vocabulary]
            for name in unknown:
                yield Fault((*here, "because"), f"no field is called {{{name}}}", name, tuple(self.vocabulary))
        field = None
        for number, band in enumerate(bands):
            yield from self.condition(band, (*here, "bands", number), field)
            field = band.field or field

    def condition(self, condition: Condition, here: Path, inherited: str | None = None) -> Iterator[Fault]:
        forms = _forms(condition)
        compound = [form for form in forms if form in COMPOUND]
        simple = [form for form in forms if form not in COMPOUND]
        field = condition.field or (inherited if simple else None)
        if not forms:
            yield Fault(here, "says no test: is, in, at_least, older_than, all, any, ...")
        if len(compound) + bool(simple or field) > 1:
            yield Fault(
                here, f"mixes {' and '.join([*compound, *simple, *(['field'] if field else [])])}; nest them in `all`"
            )
        if simple and field is None:
            yield Fault(here, "names no field")
        if field is not None:
            yield from self.tests(condition, field, simple, here)
        for key, parts in (("all", condition.all_), ("any", condition.any_)):
            if parts == ():
                yield Fault((*here, key), "is empty")
            for number, part in enumerate(parts or ()):
                yield from self.condition(part, (*here, key, number))
        if condition.not_ is not None:
            yield from self.condition(condition.not_, (*here, "not"))

    def tests(self, condition: Condition, field: str, forms: list[str], here: Path) -> Iterator[Fault]:
        name = self.vocabulary.get(field)
        if name is None:
            yield Fault((*here, "field"), f'no field is called "{field}"', field, tuple(self.vocabulary))
            return
        for form in forms:
            if name.kind not in FORM_KINDS[form]:
                yield Fault((*here, form), f"does not fit {field}, which holds a {name.kind}")
        yield from self.values(condition, name, here)
        if condition.in_table is not None and condition.in_table not in self.policy.tables:
            known = tuple(self.policy.tables)
            yield Fault((*here, "in_table"), f'no table is called "{condition.in_table}"', condition.in_table, known)

    def values(self, condition: Condition, name: Name, here: Path) -> Iterator[Fault]:
        if isinstance(condition.is_, bool) and name.kind not in {Kind.YES_NO, Kind.EVIDENCE}:
            yield Fault((*here, "is"), f"{name.name} is no yes-no field; write a value in quotes")
        wanted = [("is", condition.is_)] if isinstance(condition.is_, str) else []
        wanted += [("in", value) for value in condition.in_ or ()]
        for form, value in wanted:
            if name.values and value not in name.values:
                choice = ", ".join(name.values)
                yield Fault((*here, form), f'{name.name} is never "{value}", but: {choice}', str(value), name.values)
        if condition.in_ == ():
            yield Fault((*here, "in"), "is empty")


def _forms(condition: Condition) -> list[str]:
    """The forms a condition uses, as they are written."""
    known = {*FORM_KINDS, *COMPOUND}
    used = [name.rstrip("_") for name, value in condition if value is not None]
    return [name for name in used if name in known]
