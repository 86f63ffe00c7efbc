"""What a policy file may say. Every key is documented in ``docs/policy.md`` and in the JSON Schema."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Strict, StrictBool, StrictStr, StringConstraints
from pydantic import Field as Key

SCHEMA_VERSION = 1

Slug = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(strict=True, max_length=2000)]
Example = Annotated[str, StringConstraints(strict=True, max_length=50_000)]
Number = Annotated[float, Strict(), Key(allow_inf_nan=False, ge=-1e12, le=1e12)]
Points = Annotated[float, Strict(), Key(allow_inf_nan=False, ge=0, le=100)]
Share = Annotated[float, Strict(), Key(allow_inf_nan=False, ge=0, le=1)]
Count = Annotated[int, Strict(), Key(ge=0, le=1000)]
Day = Annotated[date, Strict()]
Span = Annotated[str, StringConstraints(strict=True, pattern=r"^\d{1,4} (day|month|year)s?$")]
Country = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2}$")]
Band = Literal["Low", "Medium", "High"]
Group = Literal["provider", "country", "function", "currency", "inventory"]


class _Section(BaseModel):
    # the default policy comes ready made: validators are built where a company's own is read
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Condition(_Section):
    """One test of a task. A cell that is blank or absent makes it "not assessed", never false."""

    field: StrictStr | None = Key(default=None, description="Field or fact that is tested")
    is_: StrictBool | StrictStr | None = Key(
        default=None, alias="is", description="Equal; true holds for yes and partly"
    )
    in_: tuple[StrictStr, ...] | None = Key(default=None, alias="in", description="One of these values")
    at_least: Number | None = Key(default=None, description="This number or more")
    at_most: Number | None = Key(default=None, description="This number or less")
    more_than: Number | None = Key(default=None, description="More than this number")
    less_than: Number | None = Key(default=None, description="Less than this number")
    between: tuple[Day, Day] | None = Key(default=None, description="From the first to the last day, both included")
    older_than: Span | None = Key(default=None, description="A date further back from the as-of date than this span")
    within: Span | None = Key(default=None, description="A date no further back from the as-of date than this span")
    due_within: Span | None = Key(
        default=None, description="A date from the as-of date on, no further ahead than this span"
    )
    past: StrictBool | None = Key(default=None, description="A date before the as-of date")
    given: Literal[True] | None = Key(default=None, description="A value stands there; a blank is not assessed")
    blank: StrictBool | None = Key(default=None, description="The cell is empty; an absent column is not assessed")
    unknown: StrictBool | None = Key(default=None, description="No value is known: an empty cell or an absent column")
    in_table: StrictStr | None = Key(default=None, description="A country listed in this table")
    all_: tuple[Condition, ...] | None = Key(default=None, alias="all", description="Every one of these holds")
    any_: tuple[Condition, ...] | None = Key(default=None, alias="any", description="At least one of these holds")
    not_: Condition | None = Key(default=None, alias="not", description="This does not hold")
    always: Literal[True] | None = Key(
        default=None, description="Holds for every task: the catch-all of a list of bands"
    )


class PointsBand(Condition):
    """A condition and the points it adds."""

    points: Points = Key(description="Points added to the inherent score")
    because: Text = Key(default="", description="Words for this band; {value} is the cell as read")


class CreditBand(Condition):
    """A condition and the credit it earns."""

    credit: Share = Key(description="Share taken off the score")
    because: Text = Key(default="", description="Words for this band; {value} is the cell as read")


class SeverityBand(Condition):
    """A condition and the severity it gives."""

    severity: Band = Key(description="Severity where the condition holds")
    because: Text = Key(default="", description="Words for this band; {value} is the cell as read")


class Rule(_Section):
    """What indicators, controls and severity rules share."""

    id: Slug = Key(description="Name of the rule; a company's own file overrides it by this name")
    because: Text = Key(default="", description="Words of the sentence; {value} is the cell as read")
    source: Text = Key(default="", description="Where the number or the rule comes from")
    off: StrictBool = Key(default=False, description="Switches the rule off")
    when: Condition | None = Key(default=None, description="The one condition, where there are no bands")


class Indicator(Rule):
    """Adds points to the inherent score."""

    points: Points | None = Key(default=None, description="Points where `when` holds")
    bands: tuple[PointsBand, ...] = Key(
        default=(), description="Conditions with points of their own; the first that holds"
    )


class Control(Rule):
    """Takes a share off the score of the one risk it stands under, or lowers its severity."""

    credit: Share | None = Key(default=None, description="Share taken off where `when` holds with evidence")
    bands: tuple[CreditBand, ...] = Key(
        default=(), description="Conditions with credits of their own; the first that holds"
    )
    evidence: Literal["value", "cell"] | None = Key(
        default=None, description="What makes it evidenced: the value itself, or a reference or date in the cell"
    )
    lowers_to: Band | None = Key(
        default=None, description="For a risk with a severity by rule: the severity it lowers to"
    )


class SeverityRule(Rule):
    """Gives a risk its severity; the worst of the rules that hold counts."""

    severity: Band | None = Key(default=None, description="Severity where `when` holds")
    optional: StrictBool = Key(default=False, description="A blank cell leaves this rule out, not the risk unassessed")
    bands: tuple[SeverityBand, ...] = Key(default=(), description="Conditions with severities; the first that holds")


class Risk(_Section):
    """One risk: scored by points and credits, or with a severity by rule, of a task or of a group of tasks."""

    title: Text = Key(description="Name of the risk in every output")
    description: Text = Key(default="", description="What the risk is, in a sentence")
    off: StrictBool = Key(default=False, description="Switches the risk off")
    of: Group | None = Key(default=None, description="For a portfolio risk: what the tasks are grouped by")
    applies: Condition | None = Key(default=None, description="The tasks the risk is about")
    base: Points | tuple[PointsBand, ...] | None = Key(default=None, description="Points of every task it is about")
    indicator: tuple[Indicator, ...] = Key(default=(), description="What raises a scored risk")
    control: tuple[Control, ...] = Key(default=(), description="What lowers the risk")
    rule: tuple[SeverityRule, ...] = Key(default=(), description="What gives a risk its severity")
    severity_by_hits: tuple[Band, ...] = Key(default=(), description="Severity by the number of rules that hold")
    examples: tuple[Example, ...] = Key(default=(), description="Small tables of tasks with the expected tags")

    @property
    def scored(self) -> bool:
        """Whether points and credits make its severity."""
        return self.base is not None

    @property
    def portfolio(self) -> bool:
        """Whether it is about many tasks at once, and never raises the level of one."""
        return self.of is not None


class Bands(_Section):
    """Edges of the severities, on the printed score."""

    medium: Points = Key(default=40, description="Medium from this score on")
    high: Points = Key(default=70, description="High from this score on")


class Scoring(_Section):
    """How points and credits become a residual score."""

    credit_cap: Share = Key(default=0.60, description="No more than this share is ever taken off")
    floor: Points = Key(default=40, description="Least residual where the inherent score is High")
    stated_share: Share = Key(default=0.70, description="Share of a credit that a bare yes earns")
    controls_to_leave_band: Count = Key(default=2, description="Evidenced controls needed to leave a band downwards")
    provisional_below: Share = Key(default=0.40, description="Coverage under which a score is provisional")


class CountryTable(_Section):
    """A dated list of countries that conditions refer to by name."""

    title: Text = Key(default="", description="What the list is")
    as_of: Day = Key(description="The day the list was true")
    source: Text = Key(default="", description="Where the list comes from")
    countries: tuple[Country, ...] = Key(description="ISO 3166-1 alpha-2 codes")


class Regime(_Section):
    """A data-protection regime: its countries, and those it holds adequate."""

    title: Text = Key(description="Name of the regime")
    as_of: Day = Key(description="The day the lists were true")
    source: Text = Key(default="", description="Where the lists come from")
    home: tuple[Country, ...] = Key(description="Countries between which data move freely")
    adequate: tuple[Country, ...] = Key(default=(), description="Countries held adequate")
    partly_adequate: tuple[Country, ...] = Key(default=(), description="Countries adequate for some recipients only")


class GateRule(_Section):
    """Says that a task cannot be done somewhere, or only on a condition. Every rule of a gate is looked at."""

    id: Slug = Key(description="Name of the rule; a company's own file overrides it by this name")
    when: Condition = Key(description="The tasks it holds back")
    verdict: Literal["not feasible", "conditional"] = Key(description="What it says of them; the worst verdict counts")
    because: Text = Key(description="Words of the sentence")
    source: Text = Key(default="", description="Where the rule comes from")
    needed: StrictBool = Key(default=False, description="Where it cannot be assessed, the gate's answer is unknown")
    unless_approved: StrictBool = Key(default=False, description="A decision with name and date makes it conditional")
    off: StrictBool = Key(default=False, description="Switches the rule off")


class Hint(_Section):
    """Words of a task that suggest something; a hint never decides."""

    id: Slug = Key(description="Name of the hint; a company's own file overrides it by this name")
    words: tuple[Text, ...] = Key(description="Beginnings of words, case and accents aside")
    fields: tuple[StrictStr, ...] = Key(description="Fields that are searched")
    suggests: Text = Key(description="What the words suggest")
    unless_given: StrictStr | None = Key(default=None, description="Silent where this field has a value")


class HiddenCost(_Section):
    """Costs that a quoted price leaves out, as shares of the contract's value."""

    low: Share = Key(default=0.15, description="Least share")
    base: Share = Key(default=0.36, description="Middle share")
    high: Share = Key(default=0.57, description="Greatest share")
    source: Text = Key(default="", description="Where the range comes from")


class Candidate(_Section):
    """Work that a small firm may outsource because it cannot hire a specialist for everything."""

    headcount_at_most: Number = Key(default=50, description="Up to so many people a firm counts as small")
    fte_below: Number = Key(default=1, description="Less FTE than this is no full job")
    words: tuple[Text, ...] = Key(default=(), description="Beginnings of words of specialist work")
    source: Text = Key(default="", description="Where the thresholds come from")


class Feasibility(_Section):
    """Where a task could be done, and what that might be worth."""

    offshore: tuple[GateRule, ...] = Key(default=(), description="Rules of the gate to another country")
    outsource: tuple[GateRule, ...] = Key(default=(), description="Rules of the gate to a provider")
    hint: tuple[Hint, ...] = Key(default=(), description="Words that suggest a question")
    hidden_cost: HiddenCost = Key(default=HiddenCost(), description="Costs that a quoted price leaves out")
    candidate: Candidate = Key(default=Candidate(), description="Small firms' candidates for outsourcing")


class Policy(_Section):
    """The rules in force."""

    schema_version: Literal[1] = Key(default=1, description="Version of this format")
    name: Slug = Key(description="Name of the policy")
    version: Text = Key(description="Version of the policy, printed in every output")
    description: Text = Key(default="", description="What the policy is for")
    extends: Literal["default"] | None = Key(default=None, description="The policy whose rules this one builds on")
    extends_version: Text | None = Key(
        default=None, description="Version of the policy built on; another one is a fault"
    )
    bands: Bands = Key(default=Bands(), description="Edges of the severities")
    scoring: Scoring = Key(default=Scoring(), description="How a score is made")
    tables: Mapping[Slug, CountryTable] = Key(default={}, description="Dated lists of countries")
    regimes: Mapping[Slug, Regime] = Key(default={}, description="Data-protection regimes")
    feasibility: Feasibility = Key(default=Feasibility(), description="Where a task could be done")
    risk: Mapping[Slug, Risk] = Key(default={}, description="The risks, by id")

    @cached_property
    def hash(self) -> str:
        """Short digest of the rules in force, whatever file they came from."""
        return hashlib.sha256(self.model_dump_json(by_alias=True, exclude_none=True).encode()).hexdigest()[:12]

    @property
    def risks(self) -> dict[str, Risk]:
        """The risks that are on, in the order of the file."""
        return {slug: risk for slug, risk in self.risk.items() if not risk.off}

    def titles(self) -> dict[str, str]:
        """Title of every risk that is on, by id."""
        return {slug: risk.title for slug, risk in self.risks.items()}


def json_schema() -> dict[str, Any]:
    """JSON Schema of a policy file, for editors."""
    return Policy.model_json_schema(by_alias=True)
