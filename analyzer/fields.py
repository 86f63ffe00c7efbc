"""Type, title, meaning and values of every field. Synonyms of headers are data of ``intake``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from analyzer.terms import Field


class Kind(StrEnum):
    """What a field holds once read, and the Polars dtype it has in ``Inventory.tasks``."""

    TEXT = "text"  # String
    TEXTS = "texts"  # List(String)
    ENUM = "enum"  # String, one of ``values``
    YES_NO = "yes-no"  # String: yes, no, partly
    EVIDENCE = "evidence"  # String: none, stated (a bare yes), evidenced (a reference or a date)
    NUMBER = "number"  # Float64
    MONEY = "money"  # Float64, with a String column ``<field>_currency`` beside it
    DATE = "date"  # Date
    PLACE = "place"  # String, ISO 3166-1 alpha-2
    PLACES = "places"  # List(String) of ISO 3166-1 alpha-2


YES_NO = ("yes", "no", "partly")
EVIDENCE = ("none", "stated", "evidenced")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: ``values`` are those of an enum, ``unit`` is what a number counts, ``span`` its least and most."""

    field: Field
    title: str
    kind: Kind
    meaning: str
    values: tuple[str, ...] = ()
    unit: str = ""
    span: tuple[float, float] | None = None


def _spec(
    field: Field,
    title: str,
    kind: Kind,
    meaning: str,
    values: tuple[str, ...] = (),
    unit: str = "",
    span: tuple[float, float] | None = None,
) -> tuple[Field, FieldSpec]:
    fixed = {Kind.YES_NO: YES_NO, Kind.EVIDENCE: EVIDENCE}.get(kind, values)
    return field, FieldSpec(field, title, kind, meaning, fixed, unit, span)


MOST_PEOPLE = 10_000_000.0  # more than any employer has
PEOPLE = (0.0, MOST_PEOPLE)
MOST_DAYS = 36_525.0  # a hundred years


F, K = Field, Kind
FIELDS: dict[Field, FieldSpec] = dict(
    (
        _spec(F.TASK_ID, "Task id", K.TEXT, "Stable key that finds the task again next month"),
        _spec(F.TASK_NAME, "Task", K.TEXT, "One row's work"),
        _spec(F.DESCRIPTION, "Description", K.TEXT, "Free text about the work"),
        _spec(F.FUNCTION, "Function", K.TEXT, "Business function or department the task belongs to"),
        _spec(F.LEGAL_ENTITY, "Legal entity", K.TEXT, "Own company that uses the work; its country overrides home"),
        _spec(F.OWNER, "Owner", K.TEXT, "Accountable person inside the company"),
        _spec(
            F.STATUS,
            "Status",
            K.ENUM,
            "Whether the task runs; planned and ended stay out of totals",
            ("active", "planned", "ended", "draft"),
        ),
        _spec(F.PROVIDER, "Provider", K.TEXT, "Who performs the task; several with shares: Acme 60 %; Globex 40 %"),
        _spec(F.PROVIDER_GROUP, "Provider group", K.TEXT, "Ultimate parent of the provider"),
        _spec(
            F.PROVIDER_TYPE,
            "Provider type",
            K.ENUM,
            "What kind of performer it is",
            ("employee", "group", "third_party", "individual", "staff_aug", "eor", "jv", "branch", "system", "mixed"),
        ),
        _spec(F.OUTSOURCED_FLAG, "Outsourced", K.YES_NO, "The sheet's own word on sourcing"),
        _spec(F.GROUP_FLAG, "Part of group", K.YES_NO, "Whether the provider is a group company"),
        _spec(F.DELIVERY_COUNTRY, "Delivery country", K.PLACES, "Where the work is done, with shares where stated"),
        _spec(
            F.PROVIDER_COUNTRY, "Provider country", K.PLACE, "Where the provider is registered or has its head office"
        ),
        _spec(
            F.OFFSHORE_FLAG,
            "Offshore",
            K.ENUM,
            "The sheet's own word on location",
            ("onshore", "offshore", "nearshore", "partly"),
        ),
        _spec(F.FTE, "FTE", K.NUMBER, "People working on the task now", unit="FTE", span=PEOPLE),
        _spec(
            F.HOME_FTE_DISPLACED, "Home FTE displaced", K.NUMBER, "Home jobs ended or moved", unit="FTE", span=PEOPLE
        ),
        _spec(F.ANNUAL_COST, "Annual cost", K.MONEY, "Cost of a year"),
        _spec(F.CONTRACT_VALUE, "Contract value", K.MONEY, "Total over the contract; yearly only with both dates"),
        _spec(F.HOME_COST_BENCHMARK, "Home cost benchmark", K.MONEY, "What the same work costs at home in a year"),
        _spec(F.TARGET_COST, "Target cost", K.MONEY, "Quoted or planned yearly price after a move"),
        _spec(F.START_DATE, "Start date", K.DATE, "First day of the contract or of the work"),
        _spec(F.END_DATE, "End date", K.DATE, "Last day of the contract"),
        _spec(F.RENEWAL_DATE, "Renewal date", K.DATE, "Next renewal"),
        _spec(F.TRANSITION_DATE, "Transition date", K.DATE, "When the work was moved"),
        _spec(F.LOCAL_LAYOFFS_DATE, "Local layoffs date", K.DATE, "Last layoffs at home in the same function"),
        _spec(F.NOTICE_DAYS, "Notice days", K.NUMBER, "Our notice period", unit="days", span=(0.0, MOST_DAYS)),
        _spec(
            F.EXIT_NOTICE_DAYS,
            "Exit notice days",
            K.NUMBER,
            "Days after which we may leave without cause",
            unit="days",
            span=(0.0, MOST_DAYS),
        ),
        _spec(F.AUTO_RENEW, "Auto renew", K.YES_NO, "Whether the contract renews by itself"),
        _spec(F.CONTRACT_REF, "Contract reference", K.TEXT, "Number of the contract"),
        _spec(
            F.PRICING_MODEL,
            "Pricing model",
            K.ENUM,
            "What is paid for",
            ("outcome", "gainshare", "fixed", "unit", "managed", "cost_plus", "t_and_m"),
        ),
        _spec(
            F.INCENTIVE,
            "Incentive",
            K.ENUM,
            "What rewards the provider for the result",
            ("bonus", "gainshare", "penalty", "none"),
        ),
        _spec(F.SLA, "SLA", K.EVIDENCE, "A measurable service level"),
        _spec(F.KPI, "KPI", K.EVIDENCE, "Measured and reported indicators"),
        _spec(
            F.KPI_FREQUENCY,
            "KPI frequency",
            K.ENUM,
            "How often indicators are reported",
            ("weekly", "monthly", "quarterly", "half-yearly", "yearly"),
        ),
        _spec(F.CRITICAL, "Criticality", K.ENUM, "How critical the task is", ("critical", "important", "normal")),
        _spec(F.CORE, "Core", K.YES_NO, "Core or differentiating work"),
        _spec(F.CUSTOMER_FACING, "Customer-facing", K.YES_NO, "Customers see or hear it"),
        _spec(F.OWN_NAME, "Own name", K.YES_NO, "Delivered under our brand"),
        _spec(
            F.IN_PERSON,
            "In person",
            K.ENUM,
            "Whether it must be done face to face or on site",
            ("required", "partly", "no"),
        ),
        _spec(F.REALTIME_NEEDED, "Real time needed", K.YES_NO, "Needs people awake at the same hours"),
        _spec(F.LANGUAGE, "Language", K.TEXT, "Language the work is done in"),
        _spec(
            F.MUST_STAY_INHOUSE,
            "Must stay in-house",
            K.TEXT,
            "Reason code A to F of the FAIR Act, or yes / no, with its reason",
        ),
        _spec(
            F.SUBSTITUTABILITY,
            "Substitutability",
            K.ENUM,
            "How easily the provider is replaced",
            ("easy", "medium", "difficult", "impossible"),
        ),
        _spec(F.ALTERNATIVES, "Alternatives", K.TEXTS, "Named alternative providers"),
        _spec(F.EXIT_PLAN, "Exit plan", K.ENUM, "Whether a way out is written down", ("none", "exists", "tested")),
        _spec(
            F.REINTEGRATION,
            "Reintegration",
            K.ENUM,
            "How easily the work comes back",
            ("easy", "difficult", "highly complex", "impossible"),
        ),
        _spec(F.AUDIT_RIGHT, "Audit right", K.EVIDENCE, "A contractual right to audit"),
        _spec(F.PROVIDER_CONFLICT, "Provider conflict", K.YES_NO, "The provider also sells to or competes with us"),
        _spec(F.PERSONAL_DATA, "Personal data", K.YES_NO, "Personal data are processed"),
        _spec(F.DATA_COUNTRY, "Data country", K.PLACES, "Where data are stored or processed"),
        _spec(
            F.TRANSFER_BASIS,
            "Transfer basis",
            K.ENUM,
            "Legal basis of a data transfer",
            ("adequacy", "scc", "bcr", "derogation", "none"),
        ),
        _spec(F.SUBCONTRACTORS, "Subcontractors", K.TEXTS, "Providers of the provider"),
        _spec(F.SUBCONTRACTOR_COUNTRY, "Subcontractor country", K.PLACES, "Where subcontractors work"),
        _spec(F.LAST_REVIEW, "Last review", K.DATE, "Last review or risk assessment"),
        _spec(F.LAST_AUDIT, "Last audit", K.DATE, "Last audit of the provider"),
        _spec(F.SKILL_SHORTAGE, "Skill shortage", K.EVIDENCE, "No such skill or capacity at home"),
        _spec(F.REDEPLOYED, "Redeployed", K.EVIDENCE, "Home staff redeployed or retrained"),
        _spec(F.PUBLIC_FUNDING, "Public funding", K.YES_NO, "Public money or a public-sector client"),
        _spec(
            F.HOME_HEADCOUNT_CHANGE,
            "Home headcount change",
            K.NUMBER,
            "Change of the function's home headcount",
            unit="FTE",
            span=(-MOST_PEOPLE, MOST_PEOPLE),
        ),
        _spec(F.STAFF_CONSULTED, "Staff consulted", K.EVIDENCE, "Staff or their representatives were consulted"),
        _spec(F.STAFF_TRANSFER, "Staff transfer", K.YES_NO, "Staff move to the provider with the work"),
        _spec(F.HIRING_COMMITMENT, "Hiring commitment", K.EVIDENCE, "A commitment to hire locally"),
        _spec(F.LOCATION_DISCLOSED, "Location disclosed", K.EVIDENCE, "Customers are told where the work is done"),
        _spec(F.FAIR_WORK_AUDIT, "Fair-work audit", K.EVIDENCE, "An audit of working conditions"),
        _spec(F.HOME_AGENT_OPTION, "Home agent option", K.EVIDENCE, "Customers may ask for someone at home"),
        _spec(F.COMPANY_HEADCOUNT, "Company headcount", K.NUMBER, "People in the company", unit="people", span=PEOPLE),
        _spec(F.JV_SHARE, "Joint venture share", K.NUMBER, "Our share of a joint venture", unit="%", span=(0.0, 100.0)),
        _spec(F.RESIDENCY_REQUIRED, "Data residency required", K.YES_NO, "Data may not leave the country"),
        _spec(F.LICENCE_REQUIRED, "Licence required", K.YES_NO, "Only someone licensed at home may do it"),
        _spec(F.CLEARANCE_REQUIRED, "Clearance required", K.YES_NO, "A security clearance is needed"),
    )
)
