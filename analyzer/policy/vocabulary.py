"""The names a condition may use: the fields of an inventory, and facts computed from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from analyzer.fields import FIELDS, YES_NO, Kind
from analyzer.terms import Field


@dataclass(frozen=True, slots=True)
class Name:
    """A field or a fact: what it holds, and which fields it is read from.

    ``unit`` is "share" for a number in 0..1 that is printed as a percentage.
    """

    name: str
    title: str
    kind: Kind
    meaning: str
    sources: tuple[Field, ...]
    values: tuple[str, ...] = ()
    unit: str = ""

    @property
    def is_field(self) -> bool:
        """Whether it is a column of the inventory, with a cell of its own."""
        return self.name in FIELDS


def _fact(
    name: str,
    title: str,
    kind: Kind,
    meaning: str,
    sources: tuple[Field, ...] = (),
    values: tuple[str, ...] = (),
    unit: str = "",
) -> tuple[str, Name]:
    return name, Name(name, title, kind, meaning, sources, YES_NO if kind is Kind.YES_NO else values, unit)


F, K = Field, Kind
FACTS: dict[str, Name] = dict(
    (
        _fact(
            "sourcing",
            "Sourcing",
            K.ENUM,
            "Who performs the task; blank where undetermined",
            values=("in-house", "outsourced", "mixed"),
        ),
        _fact(
            "location",
            "Location",
            K.ENUM,
            "Where the task is performed, seen from home; blank where undetermined",
            values=("onshore", "offshore", "mixed"),
        ),
        _fact("offshore", "Any work offshore", K.YES_NO, "Whether any share of the work is done outside home"),
        _fact("home", "Home country", K.PLACE, "The row's home country"),
        _fact("running", "Running", K.YES_NO, "Whether the task is neither planned nor ended"),
        _fact("individual", "Individual", K.YES_NO, "Whether the performer is a freelancer or contractor"),
        _fact("remote_employee", "Remote employee", K.YES_NO, "Whether an own employee works abroad"),
        _fact(
            "must_stay",
            "Must stay in-house",
            K.ENUM,
            "Reason code read from must_stay_inhouse",
            (F.MUST_STAY_INHOUSE,),
            ("A", "B", "C", "D", "E", "F", "yes", "no"),
        ),
        _fact(
            "cost_gap",
            "Cost gap",
            K.NUMBER,
            "How much cheaper than the home benchmark, amounts of one currency",
            (F.ANNUAL_COST, F.HOME_COST_BENCHMARK),
            unit="share",
        ),
        _fact(
            "provider_spend_share",
            "Provider's share",
            K.NUMBER,
            "The provider group's share of outsourced spend",
            (F.ANNUAL_COST,),
            unit="share",
        ),
        _fact(
            "function_offshore_share",
            "Function's offshore share",
            K.NUMBER,
            "Offshore share of the function's FTE",
            (F.FUNCTION, F.FTE),
            unit="share",
        ),
        _fact(
            "notice_deadline",
            "Notice deadline",
            K.DATE,
            "Last day to give notice: contract end or renewal less the notice period",
            (F.END_DATE, F.RENEWAL_DATE, F.NOTICE_DAYS),
        ),
        _fact(
            "overlap_hours",
            "Overlap of working hours",
            K.NUMBER,
            "Shared hours of 9 to 17 local time with home, the least of all places and seasons; by the one zone of "
            "the cities or states named in the first country, else by a country's most populous zone",
            (F.DELIVERY_COUNTRY,),
        ),
        _fact(
            "transfer",
            "Data transfer",
            K.ENUM,
            "Where personal data go under the home country's regime; blank where no regime is known",
            (F.DELIVERY_COUNTRY, F.DATA_COUNTRY),
            ("inside", "adequate", "partly adequate", "third country"),
        ),
        _fact(
            "subcontracted_elsewhere",
            "Subcontracted elsewhere",
            K.YES_NO,
            "Whether a subcontractor works in a country that is no delivery country",
            (F.SUBCONTRACTOR_COUNTRY, F.DELIVERY_COUNTRY),
        ),
    )
)

_SUBJECT = _fact("subject", "Subject", K.TEXT, "Name of the group: a provider, country, function or currency")

GROUPS: dict[str, dict[str, Name]] = {
    "provider": dict(
        (
            _SUBJECT,
            _fact(
                "spend_share",
                "Share of outsourced spend",
                K.NUMBER,
                "The provider group's share of outsourced spend",
                (F.PROVIDER, F.ANNUAL_COST),
                unit="share",
            ),
            _fact(
                "hhi",
                "HHI of outsourced spend",
                K.NUMBER,
                "Herfindahl-Hirschman index over all provider groups, 0 to 10,000",
                (F.PROVIDER, F.ANNUAL_COST),
            ),
            _fact(
                "effective_providers",
                "Effective providers",
                K.NUMBER,
                "10,000 / HHI: so many equal providers would be as concentrated",
                (F.PROVIDER, F.ANNUAL_COST),
            ),
            _fact("providers", "Provider groups", K.NUMBER, "Provider groups with spend", (F.PROVIDER, F.ANNUAL_COST)),
        )
    ),
    "country": dict(
        (
            _SUBJECT,
            _fact(
                "fte_share",
                "Share of all FTE",
                K.NUMBER,
                "Share of all FTE in totals, for a country outside home",
                (F.DELIVERY_COUNTRY, F.FTE),
                unit="share",
            ),
            _fact(
                "spend_share",
                "Share of all spend",
                K.NUMBER,
                "Share of all spend in totals, for a country outside home",
                (F.DELIVERY_COUNTRY, F.ANNUAL_COST),
                unit="share",
            ),
        )
    ),
    "function": dict(
        (
            _SUBJECT,
            _fact(
                "outsourced_tasks",
                "Outsourced tasks",
                K.NUMBER,
                "Outsourced tasks of the function",
                (F.FUNCTION,),
            ),
            _fact(
                "outsourced_share",
                "Outsourced share of FTE",
                K.NUMBER,
                "Outsourced share of the function's FTE",
                (F.FUNCTION, F.FTE),
                unit="share",
            ),
            _fact(
                "owners",
                "Internal owners",
                K.NUMBER,
                "Outsourced tasks of the function with an owner named",
                (F.FUNCTION, F.OWNER),
            ),
            _fact(
                "hard_to_reintegrate",
                "Hard to take back",
                K.NUMBER,
                "Outsourced tasks of the function whose reintegration is difficult or worse",
                (F.FUNCTION, F.REINTEGRATION),
            ),
        )
    ),
    "currency": dict(
        (
            _SUBJECT,
            _fact(
                "foreign",
                "Foreign currency",
                K.YES_NO,
                "Whether the currency is not the reporting one",
                (F.ANNUAL_COST,),
            ),
            _fact("amount", "Yearly amount", K.NUMBER, "Cost of a year in this currency", (F.ANNUAL_COST,)),
        )
    ),
    "inventory": dict(
        (
            _SUBJECT,
            _fact("contradictory", "Contradictory tasks", K.NUMBER, "Tasks whose cells contradict one another"),
            _fact("undetermined", "Undetermined tasks", K.NUMBER, "Tasks without a quadrant"),
            _fact("unreadable", "Unreadable cells", K.NUMBER, "Cells whose value could not be read"),
            _fact(
                "stale",
                "Stale assessments",
                K.NUMBER,
                "Outsourced or offshore tasks last reviewed more than 365 days ago",
                (F.LAST_REVIEW,),
            ),
        )
    ),
}


@cache
def names(group: str | None = None) -> dict[str, Name]:
    """What conditions may name: of a task's rules where ``group`` is None, else of a group's."""
    if group is not None:
        return GROUPS[group]
    fields = {
        str(spec.field): Name(spec.field, spec.title, spec.kind, spec.meaning, (spec.field,), spec.values)
        for spec in FIELDS.values()
    }
    return fields | FACTS
