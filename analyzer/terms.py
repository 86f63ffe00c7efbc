"""The words of the field, once: axes, quadrants, severities, fields, and the names of our own columns and sheets."""

from __future__ import annotations

from enum import StrEnum


class Sourcing(StrEnum):
    """Who performs a task."""

    IN_HOUSE = "in-house"
    OUTSOURCED = "outsourced"
    MIXED = "mixed"
    UNKNOWN = "unknown"


class Location(StrEnum):
    """Where a task is performed, seen from the home country."""

    ONSHORE = "onshore"
    OFFSHORE = "offshore"
    MIXED = "mixed"
    UNKNOWN = "unknown"


class Quadrant(StrEnum):
    """Sourcing and location joined. ``UNDETERMINED`` is counted apart and never a default."""

    INHOUSE_ONSHORE = "In-house onshore"
    OUTSOURCED_ONSHORE = "Outsourced onshore"
    INHOUSE_OFFSHORE = "In-house offshore"
    OUTSOURCED_OFFSHORE = "Outsourced offshore"
    UNDETERMINED = "Undetermined"


PLACED = tuple(quadrant for quadrant in Quadrant if quadrant is not Quadrant.UNDETERMINED)


class Confidence(StrEnum):
    """How sure a placement is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Severity(StrEnum):
    """Band of a score; ``NOT_ASSESSED`` where data are missing, which never reads as no risk."""

    HIGH = "High"
    MEDIUM = "Medium"
    LOW = "Low"
    NOT_ASSESSED = "Not assessed"


class Feasibility(StrEnum):
    """Whether a task could be done in a quadrant."""

    FEASIBLE = "feasible"
    CONDITIONAL = "conditional"
    NOT_FEASIBLE = "not feasible"
    UNKNOWN = "unknown"


class SubType(StrEnum):
    """What a placement is beside its quadrant."""

    CAPTIVE = "captive"
    JOINT_VENTURE = "joint venture"
    INDIVIDUAL = "individual"
    STAFF_AUGMENTATION = "staff augmentation"
    EMPLOYER_OF_RECORD = "employer of record"
    REMOTE_EMPLOYEE = "remote employee"
    FOREIGN_CONTROLLED = "foreign-controlled provider"
    NEARSHORE = "nearshore"
    POSTED_WORKERS = "posted workers"
    SYSTEM = "system"
    OWN_NAME = "outsourced offshoring under own name"


class ProviderReading(StrEnum):
    """What the provider cell of a row was read as (domain table, section 3)."""

    BLANK = "blank"
    INTERNAL = "internal"  # Internal, own staff, self, INT, intern
    NONE_WORD = "none word"  # N/A, none, nil, a dash
    UNKNOWN_WORD = "unknown word"  # TBD, ?, tbc
    OWN_COMPANY = "own company"  # the company's own name
    OWN_ENTITY = "own entity"  # a group company of the settings
    OWN_DEPARTMENT = "own department"  # a department or team of the same sheet
    OWN_BRANCH = "own branch"  # an own branch abroad
    PERSON = "person"  # looks like a person's name
    NAMED = "named"  # one provider
    SEVERAL = "several"  # more than one provider
    SHARED = "shared"  # own staff and a provider


class PlaceReading(StrEnum):
    """What the place cell of a row was read as."""

    BLANK = "blank"
    COUNTRY = "country"  # one country, from its name, code, a city or "City, State"
    COUNTRIES = "countries"  # several countries; shares in ``delivery_shares`` where stated
    HOME_WORD = "home word"  # domestic, onshore, local
    ABROAD_WORD = "abroad word"  # offshore, overseas, abroad, nearshore: which country is unknown
    REGION = "region"  # EMEA, APAC: ``delivery_abroad`` says whether it can contain home
    NOWHERE = "nowhere"  # remote, global, various, home office
    DOUBTFUL = "doubtful"  # a question mark, or rivals of one spelling
    UNREADABLE = "unreadable"


class ValueStatus(StrEnum):
    """What became of a cell's text."""

    BLANK = "blank"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    FLAGGED = "flagged"
    ERROR = "error"


class Field(StrEnum):
    """Every field the analyzer knows; ``fields.py`` says type, meaning and values of each."""

    TASK_ID = "task_id"
    TASK_NAME = "task_name"
    DESCRIPTION = "description"
    FUNCTION = "function"
    LEGAL_ENTITY = "legal_entity"
    OWNER = "owner"
    STATUS = "status"
    PROVIDER = "provider"
    PROVIDER_GROUP = "provider_group"
    PROVIDER_TYPE = "provider_type"
    OUTSOURCED_FLAG = "outsourced_flag"
    GROUP_FLAG = "group_flag"
    DELIVERY_COUNTRY = "delivery_country"
    PROVIDER_COUNTRY = "provider_country"
    OFFSHORE_FLAG = "offshore_flag"
    FTE = "fte"
    HOME_FTE_DISPLACED = "home_fte_displaced"
    ANNUAL_COST = "annual_cost"
    CONTRACT_VALUE = "contract_value"
    HOME_COST_BENCHMARK = "home_cost_benchmark"
    TARGET_COST = "target_cost"
    START_DATE = "start_date"
    END_DATE = "end_date"
    RENEWAL_DATE = "renewal_date"
    TRANSITION_DATE = "transition_date"
    LOCAL_LAYOFFS_DATE = "local_layoffs_date"
    NOTICE_DAYS = "notice_days"
    EXIT_NOTICE_DAYS = "exit_notice_days"
    AUTO_RENEW = "auto_renew"
    CONTRACT_REF = "contract_ref"
    PRICING_MODEL = "pricing_model"
    INCENTIVE = "incentive"
    SLA = "sla"
    KPI = "kpi"
    KPI_FREQUENCY = "kpi_frequency"
    CRITICAL = "critical"
    CORE = "core"
    CUSTOMER_FACING = "customer_facing"
    OWN_NAME = "own_name"
    IN_PERSON = "in_person"
    REALTIME_NEEDED = "realtime_needed"
    LANGUAGE = "language"
    MUST_STAY_INHOUSE = "must_stay_inhouse"
    SUBSTITUTABILITY = "substitutability"
    ALTERNATIVES = "alternatives"
    EXIT_PLAN = "exit_plan"
    REINTEGRATION = "reintegration"
    AUDIT_RIGHT = "audit_right"
    PROVIDER_CONFLICT = "provider_conflict"
    PERSONAL_DATA = "personal_data"
    DATA_COUNTRY = "data_country"
    TRANSFER_BASIS = "transfer_basis"
    SUBCONTRACTORS = "subcontractors"
    SUBCONTRACTOR_COUNTRY = "subcontractor_country"
    LAST_REVIEW = "last_review"
    LAST_AUDIT = "last_audit"
    SKILL_SHORTAGE = "skill_shortage"
    REDEPLOYED = "redeployed"
    PUBLIC_FUNDING = "public_funding"
    HOME_HEADCOUNT_CHANGE = "home_headcount_change"
    STAFF_CONSULTED = "staff_consulted"
    STAFF_TRANSFER = "staff_transfer"
    HIRING_COMMITMENT = "hiring_commitment"
    LOCATION_DISCLOSED = "location_disclosed"
    FAIR_WORK_AUDIT = "fair_work_audit"
    HOME_AGENT_OPTION = "home_agent_option"
    COMPANY_HEADCOUNT = "company_headcount"
    JV_SHARE = "jv_share"
    RESIDENCY_REQUIRED = "residency_required"
    LICENCE_REQUIRED = "licence_required"
    CLEARANCE_REQUIRED = "clearance_required"


class TagColumn(StrEnum):
    """The columns added beside the task table, in this order."""

    QUADRANT = "Quadrant"
    WHY = "Why"
    CONFIDENCE = "Confidence"
    RISK_LEVEL = "Risk level"
    RISKS = "Risks"
    WHY_RISKS = "Why these risks"
    COULD_MOVE_TO = "Could move to"
    CHANGED = "Changed"
    FTE_COUNTED = "FTE counted"
    COST_COUNTED = "Cost counted"
    IN_TOTALS = "In totals"
    YOUR_QUADRANT = "Your quadrant"
    DECISION = "Decision"
    DECISION_OWNER = "Decision owner"
    DECISION_DUE = "Decision due"
    DECISION_NOTE = "Decision note"


REVIEW_COLUMNS = (
    TagColumn.YOUR_QUADRANT,
    TagColumn.DECISION,
    TagColumn.DECISION_OWNER,
    TagColumn.DECISION_DUE,
    TagColumn.DECISION_NOTE,
)
DECISIONS = ("accept", "mitigate", "move", "investigate")


class Sheet(StrEnum):
    """The sheets added to the workbook, in this order."""

    SUMMARY = "Summary"
    ATTENTION = "Needs attention"
    LEDGER = "Risk ledger"
    PROVIDERS = "Providers and countries"
    CONTRACTS = "Contracts"
    CHANGES = "Changes"
    METHOD = "Method"
