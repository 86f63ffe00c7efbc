"""A whole ``Analysis`` of an invented company, built by hand: what the outputs are tested with.

Harbour Lane Foods has 14 tasks over all quadrants (one undetermined, one planned), findings, decisions and a month
before. Every number reconciles: rows = tasks + set aside, opening + added - removed + moves = closing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from analyzer.fields import FIELDS, Kind
from analyzer.model import (
    KEY,
    Analysis,
    Assessment,
    Column,
    Decisions,
    Finding,
    Inventory,
    Movement,
    Outlook,
    Placement,
    Source,
    Summary,
    Table,
    Tally,
    dtype,
    no_decisions,
)
from analyzer.period import Period
from analyzer.terms import PLACED, Feasibility, Field, Quadrant, Severity, ValueStatus

SHEET = "Inventory"
HEADER_ROW = 4
PERIOD = Period(2026, 10)
F = Field

LETTERS: dict[Field, tuple[str, str]] = {
    F.TASK_ID: ("A", "ID"),
    F.TASK_NAME: ("B", "Task"),
    F.FUNCTION: ("C", "Department"),
    F.OWNER: ("D", "Owner"),
    F.PROVIDER: ("E", "Provider"),
    F.DELIVERY_COUNTRY: ("F", "Delivery country"),
    F.FTE: ("G", "FTE"),
    F.ANNUAL_COST: ("H", "Annual cost (GBP)"),
    F.END_DATE: ("I", "Contract end"),
    F.STATUS: ("J", "Status"),
    F.CRITICAL: ("K", "Criticality"),
    F.SLA: ("L", "SLA"),
    F.HOME_FTE_DISPLACED: ("M", "Jobs displaced"),
}

IO, OO, IF, OF, UN = (
    Quadrant.INHOUSE_ONSHORE,
    Quadrant.OUTSOURCED_ONSHORE,
    Quadrant.INHOUSE_OFFSHORE,
    Quadrant.OUTSOURCED_OFFSHORE,
    Quadrant.UNDETERMINED,
)
HIGH, MEDIUM, LOW, NOT = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.NOT_ASSESSED

WHO = """
T-01 | Payroll run         | Finance       | A. Okafor    |                                  | GB | 6    | 310000
T-02 | Store rotas         | Stores        | P. Lindqvist |                                  | GB | 12.5 | 540000
T-03 | Client centre Leeds | Customer care | L. Brandt    |                                  | GB | 9    | 420000
T-04 | Management accounts | Finance       | A. Okafor    |                                  | GB |      | 120000
T-05 | Office cleaning     | Facilities    | S. Whitcombe | Brightwell Cleaning Ltd          | GB |      | 98000
T-06 | Contract law        | Legal         | N. Adeyemi   | Marsh & Penfold LLP              | GB | 1    | 165000
T-07 | Print and post      | Facilities    | S. Whitcombe | Quillfast Ltd                    | GB | 2    | 74000
T-08 | Engineering centre  | IT            | R. Osei      | Harbour Lane Technology India Pvt | IN | 24   | 760000
T-09 | Group reporting     | Finance       | A. Okafor    | Harbour Lane Polska              | PL | 7    | 190000
T-10 | Service helpline    | Customer care | L. Brandt    | Tidewater Contact Services       | PH | 38   | 1180000
T-11 | Accounts payable    | Finance       | A. Okafor    | Oakridge BPO                     | IN | 14   | 350000
T-12 | Card disputes       | Customer care |              | Tidewater Contact Services       | PH | 11   | 410000
T-13 | Security audit      | IT            | R. Osei      | Mandalay Audit                   |    |      | 45000
T-14 | New loyalty app     | IT            | R. Osei      | Fernhill Digital                 | PT | 5    | 220000
"""
# end, status, criticality, SLA, jobs displaced, quadrant now and a month before, risk level
WHAT = """
T-01 |            | active  | important |           |    | IO | IO |
T-02 |            | active  | normal    |           |    | IO | IO |
T-03 |            | active  | important |           |    | IO | IO |
T-04 |            | active  | normal    |           |    | IO | IO |
T-05 | 2027-06-30 | active  | normal    | evidenced |    | OO | OO | Low
T-06 | 2026-12-31 | active  | important |           |    | OO |    | Medium
T-07 | 2026-09-30 | active  | normal    |           |    | OO | OO | High
T-08 |            | active  | critical  |           | 18 | IF | IF | Medium
T-09 |            | active  | normal    |           | 3  | IF | IO | Medium
T-10 | 2027-03-31 | active  | critical  | stated    | 60 | OF | OF | High
T-11 | 2028-01-31 | active  | important | evidenced | 12 | OF | IO | Medium
T-12 | 2026-11-30 | active  | critical  |           |    | OF | OF | High
T-13 | 2027-01-15 | active  | normal    |           |    | UN |    | Not assessed
T-14 |            | planned | normal    |           |    | OF | OF | Medium
"""
QUADRANTS = {"IO": IO, "OO": OO, "IF": IF, "OF": OF, "UN": UN}


class Row(NamedTuple):
    """A task of the case."""

    task_id: str
    name: str
    function: str
    owner: str | None
    provider: str | None
    place: list[str] | None
    fte: float | None
    cost: float | None
    end: date | None
    status: str
    critical: str
    sla: str | None
    displaced: float | None
    quadrant: Quadrant
    before: Quadrant | None
    level: Severity | None


def _row(who: str, what: str) -> Row:
    task, name, function, owner, provider, place, fte, cost = [cell.strip() for cell in who.split("|")]
    again, end, status, critical, sla, displaced, now, before, level = [cell.strip() for cell in what.split("|")]
    assert task == again
    return Row(
        task,
        name,
        function,
        owner or None,
        provider or None,
        [place] if place else None,
        float(fte) if fte else None,
        float(cost) if cost else None,
        date.fromisoformat(end) if end else None,
        status,
        critical,
        sla or None,
        float(displaced) if displaced else None,
        QUADRANTS[now],
        QUADRANTS.get(before),
        Severity(level) if level else None,
    )


ROWS = [_row(who, what) for who, what in zip(WHO.strip().splitlines(), WHAT.strip().splitlines(), strict=True)]
GONE = ("T-99", "Courier runs", OO, 1.5, 52_000.0)
BEFORE = {"T-08": (22.0, 720_000.0)}  # what a task that stayed was last month, where it differs

# risk, task id, inherent, residual, inherent severity, severity, sentence
SCORED = """
misaligned-interests | T-05 | 38 | 33 | Low | Low | 38: base 35, fixed price 3; SLA in Inventory!L9 takes 12 %
misaligned-interests | T-06 | 43 | 43 | Medium | Medium | 43: base 35, important 8; no control is evidenced
misaligned-interests | T-07 | 38 | 38 | Low | Low | 38: base 35, fixed price 3; no control is evidenced
contract-clock | T-07 | | | High | High | Ended on 30 September 2026, still active: Inventory!I11
local-hiring-criticism | T-08 | 66 | 53 | Medium | Medium | 66: base 40, 18 home jobs moved 10, most of IT abroad 12
local-hiring-criticism | T-09 | 53 | 53 | Medium | Medium | 53: base 40, 3 home jobs moved 5, moved this year 8
misaligned-interests | T-10 | 75 | 69 | High | Medium | 75: base 40, critical 15, hourly rates 10; SLA takes 8 %
local-hiring-criticism | T-10 | 73 | 73 | High | High | 73: base 40, 60 home jobs moved 15, customers hear it 10
brand-exposure | T-10 | | | High | High | Customers hear it under our name: Inventory!K14
misaligned-interests | T-11 | 60 | 47 | Medium | Medium | 60: base 40, important 8, hourly rates 10; SLA takes 12 %
local-hiring-criticism | T-11 | 58 | 58 | Medium | Medium | 58: base 40, 12 home jobs moved 10, moved this year 8
misaligned-interests | T-12 | 88 | 80 | High | High | 88: base 40, critical 15, one provider 8, irreplaceable 12
exit-lock-in | T-12 | | | High | High | Critical and no exit plan is named
contract-clock | T-12 | | | High | High | Ends in 30 days: Inventory!I16
misaligned-interests | T-13 | 35 | 35 | Low | Low | 35: base of an outsourced task whose place is unknown
local-hiring-criticism | T-13 | | | Not assessed | Not assessed | Not assessed: the place of work is missing
misaligned-interests | T-14 | 40 | 40 | Medium | Medium | 40: base of an outsourced offshore task
"""


class Score(NamedTuple):
    """A risk of a task; scores are absent where the severity comes by rule."""

    risk: str
    task: str
    inherent: int | None
    residual: int | None
    before: Severity
    severity: Severity
    why: str


def _score(line: str) -> Score:
    risk, task, inherent, residual, before, severity, why = [cell.strip() for cell in line.split("|")]
    numbers = (int(inherent) if inherent else None, int(residual) if residual else None)
    return Score(risk, task, *numbers, Severity(before), Severity(severity), why)


SCORES = [_score(line) for line in SCORED.strip().splitlines()]
LEDGER: list[tuple[str, str, str, str, Field | None, str | None, float, float]] = [
    ("misaligned-interests", "T-10", "base", "base", None, None, 40, 0),
    ("misaligned-interests", "T-10", "critical", "points", F.CRITICAL, "critical", 15, 0),
    ("misaligned-interests", "T-10", "pricing", "points", F.PRICING_MODEL, "Time & materials", 10, 0),
    ("misaligned-interests", "T-10", "substitutability", "points", F.SUBSTITUTABILITY, "medium", 4, 0),
    ("misaligned-interests", "T-10", "own-name", "points", F.OWN_NAME, "yes", 6, 0),
    ("misaligned-interests", "T-10", "sla", "credit", F.SLA, "yes", 0, 0.084),
    ("local-hiring-criticism", "T-10", "base", "base", None, None, 40, 0),
    ("local-hiring-criticism", "T-10", "jobs-displaced", "points", F.HOME_FTE_DISPLACED, "60", 15, 0),
    ("local-hiring-criticism", "T-10", "moved-recently", "points", F.TRANSITION_DATE, "2025-11-01", 8, 0),
    ("local-hiring-criticism", "T-10", "customer-facing", "points", F.CUSTOMER_FACING, "yes", 10, 0),
    ("brand-exposure", "T-10", "critical-own-name", "rule", F.CRITICAL, "critical", 0, 0),
    ("misaligned-interests", "T-12", "base", "base", None, None, 40, 0),
    ("misaligned-interests", "T-12", "critical", "points", F.CRITICAL, "critical", 15, 0),
    ("misaligned-interests", "T-12", "owner-named", "credit", F.OWNER, None, 0, 0.06),
    ("misaligned-interests", "T-05", "base", "base", None, None, 35, 0),
    ("misaligned-interests", "T-05", "sla", "credit", F.SLA, "SLA-2024-7", 0, 0.12),
]
TITLES = {
    "misaligned-interests": "Misaligned interests",
    "local-hiring-criticism": "Local-hiring criticism",
    "in-person-conflict": "In-person conflict",
    "provider-concentration": "Provider concentration",
    "country-concentration": "Country concentration",
    "cross-border-data": "Cross-border data",
    "brand-exposure": "Brand exposure",
    "contract-clock": "Contract clock",
    "exit-lock-in": "Exit and lock-in",
    "data-quality": "Data quality",
}
FEASIBLE, CONDITIONAL, BARRED, UNKNOWN = (
    Feasibility.FEASIBLE,
    Feasibility.CONDITIONAL,
    Feasibility.NOT_FEASIBLE,
    Feasibility.UNKNOWN,
)
IDS = [row.task_id for row in ROWS]
KEYS = {task: key for key, task in enumerate(IDS)}


def case() -> Analysis:
    """The whole case, with decisions and a month before."""
    inventory = _inventory()
    placement = _placement()
    assessment = _assessment()
    return Analysis(
        inventory=inventory,
        decisions=_decisions(),
        placement=placement,
        assessment=assessment,
        outlook=_outlook(),
        summary=_summary(),
        period=PERIOD,
        company="Harbour Lane Foods",
        home="GB",
        group_view="in-house",
        risk_titles=TITLES,
        method={"settings hash": "5f0c1d2e3a4b", "analyzer": "0.1.0"},
        movement=_movement(),
    )


def first_month() -> Analysis:
    """The same file without a month before and without decisions."""
    return replace(case(), movement=None, decisions=no_decisions())


def poisoned(text: str) -> Analysis:
    """The case with ``text`` wherever a file, a policy or a person could have put it."""
    analysis = case()
    inventory, assessment = analysis.inventory, analysis.assessment
    summary, movement = analysis.summary, analysis.movement
    assert movement is not None
    fields = [name for name in inventory.raw.columns if name not in {KEY, "fte", "annual_cost", "end_date"}]
    return replace(
        analysis,
        company=text,
        inventory=replace(
            inventory,
            source=replace(inventory.source, path=Path("x") / text.replace("/", "|").replace("\0", "0")),
            tasks=_put(inventory.tasks, text, "sheet"),
            raw=_put(inventory.raw, text, *fields),
            columns=tuple(
                replace(column, sheet=text, header=text, evidence=text, letter=column.letter)
                for column in inventory.columns
            ),
            tables=tuple(replace(table, sheet=text, unmatched=(text,)) for table in inventory.tables),
            set_aside=_put(inventory.set_aside, text, "sheet", "reason", "text"),
        ),
        decisions=replace(analysis.decisions, origin=text, frame=_put(analysis.decisions.frame, text, "decision")),
        placement=replace(
            analysis.placement,
            frame=_put(analysis.placement.frame, text, "why", "sourcing_why", "location_why"),
        ),
        assessment=replace(
            assessment,
            policy_name=text,
            policy_version=text,
            scores=_put(assessment.scores, text, "why"),
            ledger=_put(assessment.ledger, text, "rule", "kind", "field", "value"),
            rows=_put(assessment.rows, text, "risks", "why", "not_assessed"),
            rule_status=_put(assessment.rule_status, text, "rule", "why", "status"),
        ),
        outlook=replace(analysis.outlook, frame=_put(analysis.outlook.frame, text, "candidate", "could_move_to")),
        summary=replace(
            summary,
            risks=_put(summary.risks, text, "title"),
            providers=_put(summary.providers, text, "provider"),
            countries=_put(summary.countries, text, "name"),
            functions=_put(summary.functions, text, "function"),
            top=_put(summary.top, text, "why", "owner"),
            findings=tuple(
                replace(one, cells=(text,), values=dict.fromkeys(one.values, text)) for one in summary.findings
            ),
        ),
        risk_titles=dict.fromkeys(TITLES, text),
        method={text: text},
        movement=replace(
            movement,
            changes=_put(movement.changes, text, "task_id", "task_name", "why"),
            changed=_put(movement.changed, text, "text"),
        ),
    )


def _put(frame: pl.DataFrame, text: str, *columns: str) -> pl.DataFrame:
    return frame.with_columns(pl.lit(text).cast(frame.schema[column]).alias(column) for column in columns)


def _keys(ids: Iterable[str]) -> pl.Series:
    return pl.Series(KEY, [KEYS[task] for task in ids], pl.UInt32)


def _inventory() -> Inventory:
    values = [row[:13] for row in ROWS]
    columns: dict[str, pl.Series] = {
        KEY: _keys(IDS),
        "sheet": pl.Series([SHEET] * len(ROWS)),
        "row": pl.Series(range(HEADER_ROW + 1, HEADER_ROW + 1 + len(ROWS)), dtype=pl.UInt32),
        "hidden": pl.Series([False] * len(ROWS)),
        "home": pl.Series(["GB"] * len(ROWS)),
    }
    order = [F.TASK_ID, F.TASK_NAME, F.FUNCTION, F.OWNER, F.PROVIDER, F.DELIVERY_COUNTRY, F.FTE, F.ANNUAL_COST]
    order += [F.END_DATE, F.STATUS, F.CRITICAL, F.SLA, F.HOME_FTE_DISPLACED]
    for index, name in enumerate(order):
        columns[name] = pl.Series(name, [row[index] for row in values], dtype=dtype(name))
    tasks = pl.DataFrame({name: series.alias(name) for name, series in columns.items()})
    tasks = tasks.with_columns(
        pl.lit("GBP").alias("annual_cost_currency"),
        pl.lit("named").alias("provider_reading"),
        pl.lit(None, pl.List(pl.Float64)).alias("delivery_shares"),
    )
    texts = {
        name: tasks[name].list.join("; ") if FIELDS[name].kind is Kind.PLACES else tasks[name].cast(pl.String)
        for name in order
    }
    raw = pl.DataFrame([tasks[KEY], *(series.alias(name) for name, series in texts.items())])
    blank, accepted = ValueStatus.BLANK.value, ValueStatus.ACCEPTED.value
    status = raw.select(
        KEY,
        *(
            pl.when(pl.col(name).is_null()).then(pl.lit(blank)).otherwise(pl.lit(accepted)).alias(name)
            for name in order
        ),
    )
    found = [
        Column(name, SHEET, ord(letter) - 65, letter, header, f'the header is "{header}"', assumed=name is F.OWNER)
        for name, (letter, header) in LETTERS.items()
    ]
    table = Table(
        SHEET, HEADER_ROW, HEADER_ROW + 1, 20, 0, 13, (*(h for _, h in LETTERS.values()), "Colour"), ("Colour",)
    )
    aside = pl.DataFrame(
        {
            "sheet": [SHEET, SHEET],
            "row": pl.Series([19, 20], dtype=pl.UInt32),
            "reason": ["total", "note"],
            "text": ["Total", "Figures as of October"],
        }
    )
    source = Source(Path("harbour lane tasks.xlsx"), "88ab" * 16, 18_432, "xlsx", (SHEET, "Notes"))
    return Inventory(source, tasks, raw, status, tuple(found), (table,), aside, FINDINGS)


FINDINGS: tuple[Finding, ...] = (
    Finding("place-blank", ("Inventory!F17",)),
    Finding("provider-blank", ("Inventory!E5", "Inventory!E6", "Inventory!E7", "Inventory!E8"), 4),
    Finding(
        "header-assumed",
        ("Inventory!D4",),
        values={"header": "Owner", "field": "Owner", "name": "owner", "evidence": 'the header is "Owner"'},
    ),
    Finding("value-not-a-number", ("Inventory!G8",), values={"header": "FTE", "text": "tbc"}),
)


def _placement() -> Placement:
    rows = []
    for row in ROWS:
        quadrant, cell = row.quadrant, row_of(row.task_id)
        outsourced = quadrant in {OO, OF, UN}
        offshore = quadrant in {IF, OF}
        unknown = quadrant is UN
        place = (
            "Place of work is missing" if unknown else f"performed in {'; '.join(row.place or [])} ({SHEET}!F{cell})"
        )
        who = (
            f'"{row.provider}" is named ({SHEET}!E{cell})'
            if row.provider
            else f"No provider is named ({SHEET}!E{cell})"
        )
        rows.append(
            {
                "quadrant": quadrant.value,
                "rule_quadrant": quadrant.value,
                "overridden": False,
                "sourcing": "outsourced" if outsourced else "in-house",
                "sourcing_case": 5 if outsourced else 2,
                "sourcing_confidence": "high" if outsourced else "medium",
                "sourcing_why": who,
                "location": "unknown" if unknown else "offshore" if offshore else "onshore",
                "location_case": 18 if unknown else 12 if offshore else 1,
                "location_confidence": "low" if unknown else "high",
                "location_why": place,
                "confidence": "low" if unknown else "high" if outsourced else "medium",
                "why": f"{who}; {place}",
                "subtypes": ["captive"] if quadrant is IF else [],
                "offshore_share": None if unknown else 1.0 if offshore else 0.0,
                "in_totals": row.status != "planned",
                "outside": "planned" if row.status == "planned" else None,
                "conflict": False,
            }
        )
    frame = pl.DataFrame(rows, schema_overrides={"sourcing_case": pl.UInt8, "location_case": pl.UInt8})
    return Placement(frame.insert_column(0, _keys(IDS)))


def row_of(task: str) -> int:
    """The sheet row of a task."""
    return HEADER_ROW + 1 + KEYS[task]


def _assessment() -> Assessment:
    scores = pl.DataFrame(
        {
            KEY: _keys(score.task for score in SCORES),
            "risk": [score.risk for score in SCORES],
            "inherent": pl.Series([score.inherent for score in SCORES], dtype=pl.UInt8),
            "residual": pl.Series([score.residual for score in SCORES], dtype=pl.UInt8),
            "inherent_severity": [score.before.value for score in SCORES],
            "severity": [score.severity.value for score in SCORES],
            "known": pl.Series([4] * len(SCORES), dtype=pl.UInt8),
            "fields": pl.Series([9] * len(SCORES), dtype=pl.UInt8),
            "provisional": [False] * len(SCORES),
            "why": [score.why for score in SCORES],
        },
        schema_overrides=dict.fromkeys(("risk", "inherent_severity", "severity"), pl.Categorical),
    )
    ledger = pl.DataFrame(
        {
            KEY: _keys(line[1] for line in LEDGER),
            "risk": [line[0] for line in LEDGER],
            "rule": [line[2] for line in LEDGER],
            "kind": [line[3] for line in LEDGER],
            "field": [line[4] for line in LEDGER],
            "value": pl.Series([line[5] for line in LEDGER], dtype=pl.String),
            "points": pl.Series([line[6] for line in LEDGER], dtype=pl.Float64),
            "credit": pl.Series([line[7] for line in LEDGER], dtype=pl.Float64),
        },
        schema_overrides=dict.fromkeys(("risk", "rule", "kind", "field"), pl.Categorical),
    )
    of_task = {task: [score for score in SCORES if score.task == task] for task in IDS}
    rows = pl.DataFrame(
        {
            KEY: _keys(IDS),
            "risk_level": pl.Series([row.level and row.level.value for row in ROWS], dtype=pl.String),
            "risks": [", ".join(TITLES[score.risk] for score in of_task[task]) for task in IDS],
            "why": ["; ".join(score.why for score in of_task[task]) for task in IDS],
            "not_assessed": ["Local-hiring criticism" if task == "T-13" else "" for task in IDS],
        }
    )
    portfolio = pl.DataFrame(
        {
            "risk": ["provider-concentration", "country-concentration", "country-concentration"],
            "subject": ["Tidewater Contact Services", "PH", "IN"],
            "measure": ["share of outsourced spend", "share of FTE", "share of FTE"],
            "share": [0.6846, 0.3934, 0.3050],
            "known": pl.Series([7, 10, 10], dtype=pl.UInt32),
            "tasks": pl.Series([7, 13, 13], dtype=pl.UInt32),
            "severity": ["High", "High", "Medium"],
            "why": [
                "Tidewater Contact Services takes 68 % of outsourced spend; from 35 % this is High",
                "49 of 124.5 FTE work in the Philippines",
                "38 of 124.5 FTE work in India",
            ],
        }
    )
    status = pl.DataFrame(
        {
            "risk": ["misaligned-interests", "misaligned-interests", "cross-border-data"],
            "rule": ["pricing", "critical", "transfer-basis"],
            "status": ["ran", "ran", "not run"],
            "hits": pl.Series([4, 3, 0], dtype=pl.UInt32),
            "why": ["", "", 'No column for "Personal data" in this file'],
        }
    )
    return Assessment(scores, ledger, rows, portfolio, status, "default", "1.0", "3f9c0a1b2c3d")


def _outlook() -> Outlook:
    def gates(row: Row) -> dict[str, Any]:
        bound = row.name in {"Client centre Leeds", "Office cleaning"}
        reach = {
            IO: FEASIBLE,
            OO: FEASIBLE,
            IF: BARRED if bound else CONDITIONAL,
            OF: BARRED if bound else UNKNOWN,
        }
        others = [quadrant.value for quadrant in PLACED if reach[quadrant] is FEASIBLE and quadrant is not row.quadrant]
        return {
            **{quadrant.value: reach[quadrant].value for quadrant in PLACED},
            **{f"{q.value} why": "must be done in person" if reach[q] is BARRED else "" for q in PLACED},
            "could_move_to": ", ".join(others),
            "candidate": "Contract law: 1 FTE of a specialist's work" if row.name == "Contract law" else None,
        }

    frame = pl.DataFrame([gates(row) for row in ROWS], schema_overrides={"candidate": pl.String})
    savings = pl.DataFrame(
        {
            KEY: _keys(["T-01", "T-02", "T-11"]),
            "to": [OO.value, OO.value, IO.value],
            "currency": ["GBP"] * 3,
            "baseline": [310_000.0, 540_000.0, 350_000.0],
            "price": [240_000.0, 410_000.0, 330_000.0],
            "low": [-67_000.0, -100_000.0, -170_000.0],
            "base": [34_000.0, 69_000.0, -30_000.0],
            "high": [70_000.0, 130_000.0, 20_000.0],
            "risk_before": ["Low", "Low", "Medium"],
            "risk_after": ["Medium", "Low", "Low"],
            "why": ["quoted 240,000 against 310,000 now"] * 3,
        }
    )
    return Outlook(frame.insert_column(0, _keys(IDS)), savings, excluded=11)


def _tally(rows: Iterable[Row]) -> Tally:
    result = Tally()
    for row in rows:
        level = row.level
        result += Tally(
            1,
            row.fte or 0.0,
            int(row.fte is not None),
            row.cost or 0.0,
            int(row.cost is not None),
            int(level is HIGH),
            int(level is MEDIUM),
            int(level is LOW),
            int(level is NOT),
        )
    return result


def _summary() -> Summary:
    running = [row for row in ROWS if row.status == "active"]
    quadrants = {quadrant: _tally(row for row in running if row.quadrant is quadrant) for quadrant in Quadrant}
    by_risk = pl.DataFrame(
        [
            {
                "risk": score.risk,
                "title": TITLES[score.risk],
                "quadrant": ROWS[KEYS[score.task]].quadrant.value,
                "severity": score.severity.value,
                "inherent_severity": score.before.value,
            }
            for score in SCORES
            if score.task != "T-14"
        ]
    )
    by_risk = by_risk.group_by(by_risk.columns, maintain_order=True).len("tasks")
    top = pl.DataFrame(
        {
            KEY: _keys(["T-12", "T-10", "T-07", "T-13"]),
            "severity": ["High", "High", "High", "Not assessed"],
            "why": [
                "Misaligned interests 80: critical, hourly rates, one provider, no exit plan",
                "60 home jobs moved, customers hear it under our name",
                "The contract ended on 30 September 2026 and the work goes on",
                "The place of work is missing: Inventory!F17",
            ],
            "owner": pl.Series([None, "L. Brandt", "S. Whitcombe", "R. Osei"], dtype=pl.String),
            "due": pl.Series([date(2026, 11, 30), date(2026, 12, 15), None, None], dtype=pl.Date),
        }
    )
    return Summary(
        quadrants=quadrants,
        outside=_tally(row for row in ROWS if row.status == "planned"),
        rows=16,
        set_aside=2,
        currency="GBP",
        other_currencies={},
        confidence={"high": 8, "medium": 4, "low": 1},
        severities={HIGH: 3, MEDIUM: 4, LOW: 1, NOT: 1},
        risks=by_risk,
        providers=_providers(),
        countries=_countries(),
        functions=_functions(running),
        contracts=_contracts(),
        top=top,
        counted=pl.DataFrame(
            {
                KEY: _keys(IDS),
                "fte": pl.Series([row.fte for row in ROWS], dtype=pl.Float64),
                "cost": pl.Series([row.cost for row in ROWS], dtype=pl.Float64),
            }
        ),
        findings=FINDINGS,
        facts={},
    )


def _providers() -> pl.DataFrame:
    named = {
        "Tidewater Contact Services": (2, 49.0, 1_590_000.0, "High"),
        "Oakridge BPO": (1, 14.0, 350_000.0, "Low"),
        "Marsh & Penfold LLP": (1, 1.0, 165_000.0, "Low"),
        "Brightwell Cleaning Ltd": (1, 0.0, 98_000.0, "Low"),
        "Quillfast Ltd": (1, 2.0, 74_000.0, "Low"),
        "Mandalay Audit": (1, 0.0, 45_000.0, "Low"),
    }
    total = sum(value[2] for value in named.values())
    frame = pl.DataFrame(
        {
            "provider": list(named),
            "tasks": pl.Series([value[0] for value in named.values()], dtype=pl.UInt32),
            "fte": [value[1] for value in named.values()],
            "cost": [value[2] for value in named.values()],
            "share": [value[2] / total for value in named.values()],
            "severity": [value[3] for value in named.values()],
        }
    )
    return frame.with_columns(pl.col("share").cum_sum().alias("cumulative")).select(
        "provider", "tasks", "fte", "cost", "share", "cumulative", "severity"
    )


def _countries() -> pl.DataFrame:
    named = {
        "PH": ("Philippines", 2, 49.0, 1_590_000.0, "High"),
        "IN": ("India", 2, 38.0, 1_110_000.0, "Medium"),
        "GB": ("United Kingdom", 7, 30.5, 1_727_000.0, "Low"),
        "PL": ("Poland", 1, 7.0, 190_000.0, "Low"),
    }
    return pl.DataFrame(
        {
            "country": list(named),
            "name": [value[0] for value in named.values()],
            "tasks": pl.Series([value[1] for value in named.values()], dtype=pl.UInt32),
            "fte": [value[2] for value in named.values()],
            "cost": [value[3] for value in named.values()],
            "share": [value[2] / 124.5 for value in named.values()],
            "severity": [value[4] for value in named.values()],
        }
    )


def _functions(running: list[Row]) -> pl.DataFrame:
    rows = []
    for name in sorted({row.function for row in running}):
        mine = [row for row in running if row.function == name]
        fte = sum(row.fte or 0.0 for row in mine)
        rows.append(
            {
                "function": name,
                **{quadrant.value: sum(row.quadrant is quadrant for row in mine) for quadrant in Quadrant},
                "fte": fte,
                "cost": sum(row.cost or 0.0 for row in mine),
                "offshore_share": _part(fte, sum(row.fte or 0.0 for row in mine if row.quadrant in {IF, OF})),
                "outsourced_share": _part(fte, sum(row.fte or 0.0 for row in mine if row.quadrant in {OO, OF})),
            }
        )
    return pl.DataFrame(rows, schema_overrides={quadrant.value: pl.UInt32 for quadrant in Quadrant})


def _part(whole: float, part: float) -> float | None:
    return part / whole if whole else None


def _contracts() -> pl.DataFrame:
    events = [
        ("T-07", "ended", date(2026, 9, 30), "High"),
        ("T-12", "ends", date(2026, 11, 30), "High"),
        ("T-06", "ends", date(2026, 12, 31), "High"),
        ("T-10", "notice", date(2026, 12, 31), "Medium"),
        ("T-13", "ends", date(2027, 1, 15), "High"),
        ("T-10", "ends", date(2027, 3, 31), "Medium"),
        ("T-05", "renews", date(2027, 6, 30), "Low"),
        ("T-11", "ends", date(2028, 1, 31), "Low"),
    ]
    return pl.DataFrame(
        {
            KEY: _keys(event[0] for event in events),
            "event": [event[1] for event in events],
            "date": [event[2] for event in events],
            "days": pl.Series([(event[2] - PERIOD.as_of).days for event in events], dtype=pl.Int32),
            "severity": [event[3] for event in events],
        }
    )


def _decisions() -> Decisions:
    frame = pl.DataFrame(
        {
            KEY: _keys(["T-10", "T-12"]),
            "task_id": ["T-10", "T-12"],
            "task_name": ["Service helpline", "Card disputes"],
            "function": ["Customer care", "Customer care"],
            "cell": ["Inventory!Y14", "Inventory!Y16"],
            "your_quadrant": pl.Series([None, None], dtype=pl.String),
            "decision": ["mitigate", "investigate"],
            "decision_owner": ["L. Brandt", None],
            "decision_due": [date(2026, 12, 15), date(2026, 11, 30)],
            "decision_note": ["agree a home-agent option", None],
        }
    )
    return Decisions(frame, "harbour lane tasks.annotated.xlsx")


def _movement() -> Movement:
    running = [row for row in ROWS if row.status == "active"]
    gone = Flow(GONE[2].value, "removed", (1.0, *GONE[3:]), (0.0, 0.0, 0.0))
    flows = [*(_flow(row) for row in running), gone]
    return Movement(
        previous=Period(2026, 9),
        restated=False,
        bridge=_bridge(flows),
        matrix=_matrix(flows),
        changes=_changes(),
        changed=pl.DataFrame(
            {
                KEY: _keys(["T-06", "T-09", "T-11", "T-13"]),
                "text": ["Added", f"Moved from {IO.value}", f"Moved from {IO.value}", "Added"],
            }
        ),
        trend=_trend(),
        suggested=pl.DataFrame(schema={KEY: pl.UInt32, "task_name": pl.String, "before": pl.String}),
    )


class Flow(NamedTuple):
    """A task from last month to this; FTE and cost of then and now."""

    before: str
    after: str
    was: tuple[float, float, float]  # tasks, fte, cost
    now: tuple[float, float, float]


def _flow(row: Row) -> Flow:
    now = (1.0, row.fte or 0.0, row.cost or 0.0)
    if row.before is None:
        return Flow("added", row.quadrant.value, (0.0, 0.0, 0.0), now)
    return Flow(row.before.value, row.quadrant.value, (1.0, *BEFORE.get(row.task_id, now[1:])), now)


def _bridge(flows: list[Flow]) -> pl.DataFrame:
    quadrants = [*(quadrant.value for quadrant in Quadrant), "All"]
    return pl.DataFrame(
        [
            _bridge_line(measure, quadrant, [(f.before, f.after, f.was[index], f.now[index]) for f in flows])
            for index, measure in enumerate(("tasks", "fte", "cost"))
            for quadrant in quadrants
        ]
    )


def _bridge_line(measure: str, quadrant: str, sizes: list[tuple[str, str, float, float]]) -> Mapping[str, Any]:
    every = quadrant == "All"
    stayed = [(b, a, w, n) for b, a, w, n in sizes if b != "added" and a != "removed"]
    opening = sum(w for b, _, w, _ in sizes if b != "added" and (every or b == quadrant))
    added = sum(n for b, a, _, n in sizes if b == "added" and (every or a == quadrant))
    removed = sum(w for b, a, w, _ in sizes if a == "removed" and (every or b == quadrant))
    moved_in = sum(w for b, a, w, _ in stayed if b != a == quadrant)
    moved_out = sum(w for b, a, w, _ in stayed if a != b == quadrant)
    changed = sum(n - w for _, a, w, n in stayed if every or a == quadrant)
    return {
        "measure": measure,
        "quadrant": quadrant,
        "opening": opening,
        "added": added,
        "removed": removed,
        "moved_in": moved_in,
        "moved_out": moved_out,
        "changed": changed,
        "closing": opening + added - removed + moved_in - moved_out + changed,
    }


def _matrix(flows: list[Flow]) -> pl.DataFrame:
    sizes = [flow.was if flow.after == "removed" else flow.now for flow in flows]
    frame = pl.DataFrame(
        {
            "before": [flow.before for flow in flows],
            "after": [flow.after for flow in flows],
            "fte": [size[1] for size in sizes],
            "cost": [size[2] for size in sizes],
        }
    )
    return frame.group_by("before", "after", maintain_order=True).agg(
        pl.len().alias("tasks"), pl.col("fte").sum(), pl.col("cost").sum()
    )


def _changes() -> pl.DataFrame:
    rows = [
        ("T-06", "added", None, OO.value, None, "New in this file"),
        ("T-13", "added", None, UN.value, None, "New in this file"),
        ("T-09", "moved", IO.value, IF.value, "delivery_country", "Delivery country was GB, is PL"),
        ("T-11", "moved", IO.value, OF.value, "provider", "Provider was blank, is Oakridge BPO"),
        ("T-08", "changed", "22", "24", "fte", "FTE was 22, is 24"),
        ("T-12", "new High", "Medium", "High", "end_date", "Contract end came within 30 days"),
    ]
    gone = (GONE[0], "gone", GONE[2].value, None, None, "No longer in the file")
    names = {row.task_id: row.name for row in ROWS} | {GONE[0]: GONE[1]}
    lines = [*rows, gone]
    return pl.DataFrame(
        {
            KEY: pl.Series([KEYS.get(line[0]) for line in lines], dtype=pl.UInt32),
            "task_id": [line[0] for line in lines],
            "task_name": [names[line[0]] for line in lines],
            "kind": [line[1] for line in lines],
            "before": [line[2] for line in lines],
            "after": [line[3] for line in lines],
            "field": [line[4] for line in lines],
            "why": [line[5] for line in lines],
        }
    )


def _trend() -> pl.DataFrame:
    steps = {
        "2026-07": (7, 3, 1, 1, 0),
        "2026-08": (6, 3, 1, 2, 0),
        "2026-09": (6, 3, 1, 2, 0),
        "2026-10": (4, 3, 2, 3, 1),
    }
    cells = [
        (month, quadrant, n) for month, counts in steps.items() for quadrant, n in zip(Quadrant, counts, strict=True)
    ]
    return pl.DataFrame(
        {
            "period": [month for month, _, _ in cells],
            "quadrant": [quadrant.value for _, quadrant, _ in cells],
            "tasks": pl.Series([n for _, _, n in cells], dtype=pl.UInt32),
            "fte": [9.5 * n for _, _, n in cells],
            "cost": [350_000.0 * n for _, _, n in cells],
            "high": pl.Series([n // 2 if quadrant is OF else 0 for _, quadrant, n in cells], dtype=pl.UInt32),
        }
    )
