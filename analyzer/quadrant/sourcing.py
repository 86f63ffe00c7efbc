"""The sourcing axis: who performs a task. The cases of the table in docs/quadrants.md, in the order they are asked."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analyzer.evidence import Evidence
from analyzer.quadrant.deciding import Case
from analyzer.settings import Company
from analyzer.terms import Confidence, Field, ProviderReading, Sourcing

IN, OUT, MIXED, UNKNOWN = Sourcing.IN_HOUSE, Sourcing.OUTSOURCED, Sourcing.MIXED, Sourcing.UNKNOWN
HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
OUTSIDE_TYPES = ("third_party", "individual", "staff_aug")
UNTIL = "counted as outsourced until confirmed"
REGISTER_SHARE, REGISTER_ROWS = 0.9, 10  # from this share of at least so many named tasks a sheet lists contracts
MAJORITY = 0.5
R = ProviderReading


@dataclass(frozen=True, slots=True, eq=False)
class Performer:
    """What a row's cells say of who performs it, as Boolean expressions."""

    evidence: Evidence
    company: Company

    @property
    def reading(self) -> pl.Expr:
        """What the provider cell was read as."""
        named = pl.when(self._value(Field.PROVIDER).is_not_null()).then(pl.lit(R.NAMED.value))
        return pl.coalesce(self.evidence.inventory.companion("provider_reading", pl.String()), named, pl.lit("blank"))

    def reads(self, *readings: ProviderReading) -> pl.Expr:
        """Whether the provider cell was read as one of these."""
        return self.reading.is_in([reading.value for reading in readings])

    def type(self, *types: str) -> pl.Expr:
        """Whether the type column says one of these."""
        return self._value(Field.PROVIDER_TYPE).is_in(types)

    def flag(self, value: str) -> pl.Expr:
        """Whether the outsourced flag has this value."""
        return self._value(Field.OUTSOURCED_FLAG).eq_missing(pl.lit(value))

    def group(self, value: str) -> pl.Expr:
        """Whether the group flag has this value."""
        return self._value(Field.GROUP_FLAG).eq_missing(pl.lit(value))

    @property
    def own_share(self) -> pl.Expr:
        """Own staff's share of a shared task, 0..1 or null."""
        return self.evidence.inventory.companion("own_share", pl.Float64())

    @property
    def jv_share(self) -> pl.Expr:
        """Our share of a joint venture in percent; Excel keeps 51 % as 0.51."""
        share = self._value(Field.JV_SHARE)
        return pl.when(share <= 1).then(share * 100).otherwise(share)

    @property
    def own_group(self) -> pl.Expr:
        """Whether the provider's parent is the company itself or one of its entities."""
        own = [name.strip().casefold() for name in (self.company.name, *self.company.entities) if name.strip()]
        return self._value(Field.PROVIDER_GROUP).str.strip_chars().str.to_lowercase().is_in(own)

    @property
    def venture(self) -> pl.Expr:
        """Whether it is a joint venture."""
        kind = self._value(Field.PROVIDER_TYPE)
        return self.type("jv") | (kind.is_null() & self.jv_share.is_not_null()) | self.group("partly")

    @property
    def named(self) -> pl.Expr:
        """Whether a provider from outside is named."""
        return self.reads(R.NAMED, R.SEVERAL)

    @property
    def own(self) -> pl.Expr:
        """Whether the provider cell names the company itself."""
        return self.reads(R.INTERNAL, R.OWN_COMPANY, R.OWN_DEPARTMENT)

    @property
    def gap(self) -> pl.Expr:
        """Whether a blank provider is a gap: the row has a contract, or the sheet lists contracts.

        A sheet lists contracts where no flag or type column is, no cell names own staff, and every task that has a
        name has a provider, or nine in ten of at least ten.
        """
        columns = (Field.OUTSOURCED_FLAG, Field.PROVIDER_TYPE)
        has_own_word = pl.any_horizontal(self.evidence.present(name) for name in columns)
        named_task = self._value(Field.TASK_NAME).is_not_null()
        provided = named_task & self.named
        tasks, with_provider = named_task.sum().over("sheet"), provided.sum().over("sheet")
        often = (tasks >= REGISTER_ROWS) & (with_provider >= REGISTER_SHARE * tasks)
        inside = self.reads(R.INTERNAL, R.NONE_WORD, R.OWN_COMPANY, R.OWN_DEPARTMENT, R.OWN_BRANCH, R.SHARED)
        lists = ((tasks > 0) & (with_provider == tasks) | often) & (inside.sum().over("sheet") == 0)
        contract = pl.any_horizontal(
            self._value(name).is_not_null() for name in (Field.CONTRACT_REF, Field.CONTRACT_VALUE)
        )
        return self.evidence.present(Field.PROVIDER) & ~has_own_word & (lists | contract)

    @property
    def asked(self) -> pl.Expr:
        """Whether the sheet has a column that names or flags who performs."""
        return self.evidence.present(Field.PROVIDER) | self.evidence.present(Field.OUTSOURCED_FLAG)

    @property
    def unread(self) -> pl.Expr:
        """Whether a flag or type cell holds something that could not be read."""
        return self.evidence.unread(Field.OUTSOURCED_FLAG) | self.evidence.unread(Field.PROVIDER_TYPE)

    def _value(self, name: Field) -> pl.Expr:
        return self.evidence.inventory.value(name)


def cases(who: Performer) -> list[Case]:
    """The cases in the order they are asked; the last holds everywhere."""
    return [*_split(who), *_group(who), *_conflicts(who), *_typed(who), *_provided(who), *_blank(who)]


def phrases(who: Performer) -> dict[str, pl.Expr]:
    """The phrases of the sentences."""
    evidence = who.evidence
    said = {
        name: evidence.said(Field(name))
        for name in ("outsourced_flag", "provider_type", "group_flag", "provider_group")
    }
    names = evidence.inventory.companion("providers", pl.List(pl.String())).list.join(", ")
    provider = evidence.quoted(Field.PROVIDER)
    return {
        **said,
        "provider": provider,
        "providers": pl.coalesce(names, evidence.raw(Field.PROVIDER)),
        "provider_header": evidence.header(Field.PROVIDER),
        "at_provider": evidence.at(Field.PROVIDER),
        "jv_share": who.jv_share.round(1).cast(pl.String).str.strip_suffix(".0"),
        "own_share": (who.own_share * 100).round(0).cast(pl.Int64),
        "group_evidence": pl.when(who.group("yes"))
        .then(said["group_flag"])
        .when(who.type("group", "branch"))
        .then(said["provider_type"])
        .when(who.reads(R.OWN_BRANCH))
        .then(pl.format("{} is an own branch", provider))
        .when(who.reads(R.OWN_ENTITY))
        .then(pl.format("{} is in the own-entities list", provider))
        .otherwise(said["provider_group"]),
        "split_evidence": pl.when(who.reads(R.SHARED))
        .then(pl.format("Performed by own staff and {}{}", pl.coalesce(names, provider), evidence.at(Field.PROVIDER)))
        .when(who.flag("partly"))
        .then(said["outsourced_flag"])
        .otherwise(said["provider_type"]),
        "against_group": pl.when(who.group("no")).then(said["group_flag"]).otherwise(said["provider_type"]),
    }


def _split(who: Performer) -> list[Case]:
    split = who.reads(R.SHARED) | who.type("mixed") | who.flag("partly")
    shares = "{split_evidence}; own share {own_share} %"
    flat = "{split_evidence}; split not stated"
    return [
        Case(
            21,
            who.reads(R.SHARED) & who.flag("no"),
            MIXED,
            LOW,
            "Conflict: {outsourced_flag} but {provider} names a provider beside own staff; split not stated",
            counted=UNKNOWN,
            conflict=True,
            finding="conflict-sourcing",
            cell=Field.PROVIDER,
        ),
        Case(21, split & (who.own_share > MAJORITY), MIXED, HIGH, shares, counted=IN),
        Case(21, split & (who.own_share < MAJORITY), MIXED, HIGH, shares, counted=OUT),
        Case(21, split, MIXED, LOW, flat, counted=UNKNOWN, finding="sourcing-split", cell=Field.PROVIDER),
    ]


def _group(who: Performer) -> list[Case]:
    """Joint ventures, systems, group companies, branches and employers of record: what the settings decide."""
    group_as, branch_as, eor_as = (
        Sourcing(view) for view in (who.company.group_as, who.company.branch_as, who.company.eor_as)
    )
    group = who.group("yes") | who.type("group") | who.reads(R.OWN_ENTITY) | who.own_group
    branch = who.type("branch") | who.reads(R.OWN_BRANCH)
    denied = who.reads(R.OWN_ENTITY) & (who.group("no") | who.type(*OUTSIDE_TYPES))
    owned = who.venture & (who.jv_share >= MAJORITY * 100)
    system = who.type("system")
    view = f"{{group_evidence}}; group view = {group_as}"
    branches = f"{{group_evidence}}; own branches count as {branch_as}"
    eor = "Employer of record {provider}: directed by us"
    return [
        Case(25, system & who.flag("yes"), OUT, MEDIUM, "Listed as system, not performer; {outsourced_flag}"),
        Case(25, system & who.flag("no"), IN, HIGH, "Listed as system, not performer; {outsourced_flag}"),
        Case(25, system, IN, MEDIUM, "Listed as system, not performer: {provider_type}"),
        Case(7, owned, group_as, HIGH, f"Joint venture, share {{jv_share}} %; group view = {group_as}"),
        Case(
            6,
            denied,
            OUT,
            LOW,
            f"Conflict: {{provider}} is in the own-entities list but {{against_group}}; {UNTIL}",
            conflict=True,
            finding="conflict-sourcing",
            cell=Field.PROVIDER,
        ),
        Case(
            6,
            who.type("group") & who.group("no"),
            OUT,
            LOW,
            f"Conflict: {{provider_type}} but {{group_flag}}; {UNTIL}",
            conflict=True,
            finding="conflict-sourcing",
            cell=Field.GROUP_FLAG,
        ),
        *_viewed(6, branch, branch_as, branches, who),
        *_viewed(6, group, group_as, view, who),
        *_viewed(10, who.type("eor"), eor_as, eor, who),
        Case(7, who.venture & who.jv_share.is_not_null(), OUT, LOW, "Joint venture, share {jv_share} %"),
        Case(7, who.venture, OUT, LOW, "Joint venture, share not stated", finding="venture-share", cell=Field.PROVIDER),
    ]


def _viewed(number: int, when: pl.Expr, value: Sourcing, why: str, who: Performer) -> list[Case]:
    """A case that a switch decides; a flag that follows the other view only lowers the confidence."""
    other = who.flag("no" if value == OUT else "yes")
    return [
        Case(number, when & other, value, MEDIUM, f"{why}; {{outsourced_flag}}"),
        Case(number, when, value, HIGH, why),
    ]


def _conflicts(who: Performer) -> list[Case]:
    outside = who.type(*OUTSIDE_TYPES)
    employee = who.type("employee")

    def conflict(number: int, when: pl.Expr, value: Sourcing, why: str, cell: Field, finding: str) -> Case:
        until = UNTIL if value == OUT else "counted as in-house until confirmed"
        return Case(number, when, value, LOW, f"Conflict: {why}; {until}", conflict=True, finding=finding, cell=cell)

    five, other = "conflict-provider-named", "conflict-sourcing"
    return [
        conflict(
            5,
            who.flag("no") & who.named,
            OUT,
            "{outsourced_flag} but provider {provider} is named",
            Field.OUTSOURCED_FLAG,
            five,
        ),
        conflict(
            5,
            employee & who.named,
            OUT,
            "{provider_type} but provider {provider} is named",
            Field.PROVIDER_TYPE,
            five,
        ),
        conflict(
            5, who.flag("no") & outside, OUT, "{outsourced_flag} but {provider_type}", Field.OUTSOURCED_FLAG, other
        ),
        conflict(
            0,
            outside & who.own,
            OUT,
            "{provider_type} but provider {provider} reads as own staff",
            Field.PROVIDER_TYPE,
            other,
        ),
        conflict(
            0, who.flag("yes") & employee, IN, "{outsourced_flag} but {provider_type}", Field.OUTSOURCED_FLAG, other
        ),
        conflict(
            0,
            who.flag("yes") & who.own,
            IN,
            "{outsourced_flag} but provider {provider} reads as own staff",
            Field.OUTSOURCED_FLAG,
            other,
        ),
    ]


def _typed(who: Performer) -> list[Case]:
    third = who.type("third_party")
    nobody = who.reads(R.BLANK, R.NONE_WORD, R.UNKNOWN_WORD)
    return [
        Case(8, who.type("individual"), OUT, HIGH, "Independent contractor, not an employee: {provider_type}"),
        Case(9, who.type("staff_aug") & nobody, OUT, HIGH, "Supplied by an agency: {provider_type}"),
        Case(9, who.type("staff_aug"), OUT, HIGH, "Supplied by agency {provider}"),
        Case(
            4,
            third & nobody & who.evidence.present(Field.PROVIDER),
            OUT,
            MEDIUM,
            "{provider_type} but no provider named",
            finding="provider-missing",
            cell=Field.PROVIDER,
        ),
        Case(4, third & nobody, OUT, MEDIUM, "{provider_type}; no column names providers"),
        Case(0, third, OUT, HIGH, "{provider_type}; provider {provider}"),
        Case(0, who.type("employee"), IN, HIGH, "Employee: {provider_type}"),
    ]


def _provided(who: Performer) -> list[Case]:
    person, none_word, tbd = who.reads(R.PERSON), who.reads(R.NONE_WORD), who.reads(R.UNKNOWN_WORD)
    nobody = "{outsourced_flag} but provider {provider} names nobody"
    return [
        Case(0, who.reads(R.SEVERAL), OUT, HIGH, "Several providers: {providers}{at_provider}"),
        Case(0, who.named & who.flag("yes"), OUT, HIGH, "{outsourced_flag}; provider {provider}"),
        Case(0, who.named, OUT, HIGH, "Provider {provider} is named"),
        Case(3, who.own & who.flag("no"), IN, HIGH, "Provider {provider} read as own staff; {outsourced_flag}"),
        Case(3, who.reads(R.INTERNAL), IN, HIGH, "Provider {provider} read as own staff"),
        Case(3, who.reads(R.OWN_COMPANY), IN, MEDIUM, "Provider {provider} is the company itself"),
        Case(3, who.own, IN, MEDIUM, "Provider {provider} is a department of the same sheet"),
        Case(3, none_word & who.flag("no"), IN, HIGH, "Provider {provider} read as no provider; {outsourced_flag}"),
        Case(
            4,
            (none_word | tbd) & who.flag("yes"),
            OUT,
            MEDIUM,
            nobody,
            finding="provider-missing",
            cell=Field.PROVIDER,
        ),
        Case(3, none_word & ~who.unread, IN, MEDIUM, "Provider {provider} read as no provider"),
        Case(0, tbd & who.flag("no"), IN, LOW, "{outsourced_flag}; provider {provider} is not known yet"),
        Case(
            0,
            tbd,
            UNKNOWN,
            LOW,
            "Provider {provider} is not known yet",
            finding="provider-not-known",
            cell=Field.PROVIDER,
        ),
        Case(0, person & who.flag("yes"), OUT, MEDIUM, "{outsourced_flag}; provider {provider} looks like a person"),
        Case(0, person & who.flag("no"), IN, MEDIUM, "{outsourced_flag}; provider {provider} looks like a person"),
        Case(
            0,
            person,
            UNKNOWN,
            LOW,
            "Provider {provider} looks like a person and no column says whether an employee",
            finding="provider-person",
            cell=Field.PROVIDER,
        ),
    ]


def _blank(who: Performer) -> list[Case]:
    provider_column = who.evidence.present(Field.PROVIDER)
    return [
        Case(
            4,
            who.flag("yes") & provider_column,
            OUT,
            MEDIUM,
            "{outsourced_flag} but no provider named",
            finding="provider-missing",
            cell=Field.PROVIDER,
        ),
        Case(4, who.flag("yes"), OUT, MEDIUM, "{outsourced_flag}; no column names providers"),
        Case(1, who.flag("no"), IN, HIGH, "No provider named; {outsourced_flag}"),
        *(_unread(who, name) for name in (Field.OUTSOURCED_FLAG, Field.PROVIDER_TYPE)),
        Case(
            2,
            who.gap,
            UNKNOWN,
            LOW,
            "{provider_header}{at_provider} is blank in a list of contracts: a gap, not in-house",
            finding="provider-gap",
            cell=Field.PROVIDER,
        ),
        Case(
            2,
            provider_column,
            IN,
            MEDIUM,
            "Provider{at_provider} blank and no flag: treated as in-house, please confirm",
            finding="provider-blank",
            cell=Field.PROVIDER,
        ),
        Case(
            2,
            who.asked,
            IN,
            MEDIUM,
            "No provider and a blank flag: treated as in-house, please confirm",
            finding="provider-blank",
            cell=Field.OUTSOURCED_FLAG,
        ),
        Case(0, pl.lit(True), UNKNOWN, LOW, "Nothing says who performs the task"),
    ]


def _unread(who: Performer, name: Field) -> Case:
    why = f"{{{name}}} is not understood"
    return Case(0, who.evidence.unread(name), UNKNOWN, LOW, why, finding="sourcing-unread", cell=name)
