"""The numbers of all outputs: what is counted, what each table holds, which decisions come first."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from builders import inventory
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st
from report_case import case

from analyzer import quadrant, summary
from analyzer.model import KEY, Assessment, Decisions, Inventory, Outlook, Summary, no_decisions
from analyzer.performers import performers
from analyzer.period import Period
from analyzer.settings import Company, Currency, Settings
from analyzer.summary.clocks import contracts
from analyzer.terms import Quadrant, Severity

OCTOBER = Period(2026, 10)


def settings(reporting: str | None = None, **rates: float) -> Settings:
    return Settings(company=Company(home="GB"), currency=Currency(reporting=reporting, rates=rates))


def levels(tasks: Inventory, given: Mapping[int, str] | None = None) -> Assessment:
    """An assessment that holds nothing but risk levels."""
    bare = case().assessment
    wanted = given or {}
    keys = tasks.tasks.get_column(KEY)
    rows = pl.DataFrame(
        {
            KEY: keys,
            "risk_level": pl.Series([wanted.get(key) for key in keys], dtype=pl.String),
            "risks": [""] * keys.len(),
            "why": [f"risks of {key}" for key in keys],
            "not_assessed": [""] * keys.len(),
        }
    )
    return Assessment(
        bare.scores.clear(), bare.ledger.clear(), rows, bare.portfolio.clear(), bare.rule_status.clear(), "p", "1", "h"
    )


def summed(
    text: str, *, risk: Mapping[int, str] | None = None, decided: Decisions | None = None, reporting: str | None = None
) -> Summary:
    tasks = inventory(text.rstrip(" "))
    in_force = settings(reporting)
    decisions = decided or no_decisions()
    placed = quadrant.place(tasks, decisions, in_force)
    outlook = Outlook(pl.DataFrame(), pl.DataFrame(), 0)
    return summary.summarise(tasks, placed, levels(tasks, risk), outlook, decisions, in_force, OCTOBER)


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return frame.select(columns).rows()


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ("annual_cost | fte\n 1000 | 2", (1000.0, 2.0)),
        ("annual_cost | fte\n      | 2", (None, 2.0)),
        ("annual_cost | fte\n 1000 | ", (1000.0, None)),
        ("annual_cost | fte\n 1000 | -1", (1000.0, None)),  # fewer than no people: not counted
        ("contract_value | start_date | end_date\n 3000 | 2024-01-01 | 2026-12-31", (1000.0, None)),
        ("contract_value | start_date | end_date\n 600 | 2026-01-01 | 2026-06-30", (600.0, None)),  # months: a year's
        ("contract_value | start_date\n 3000 | 2024-01-01", (None, None)),
        ("contract_value | start_date | end_date\n 3000 | 2026-12-31 | 2024-01-01", (None, None)),
        ("contract_value | annual_cost | start_date | end_date\n 3000 | 900 | 2024-01-01 | 2026-12-31", (900.0, None)),
    ],
)
def test_what_a_task_adds(sheet: str, expected: tuple[float | None, float | None]) -> None:
    counted = summary.count(inventory(sheet), settings())
    [(cost, fte)] = rows(counted.frame, "cost", "fte")
    assert (cost and round(cost, -1), fte) == expected


CURRENCIES = """
    annual_cost | annual_cost_currency
    1000        | GBP
    2000        | GBP
    500         | EUR
    70          | USD
"""


@pytest.mark.parametrize(
    ("reporting", "rates", "currency", "costs", "apart"),
    [
        (None, {}, "GBP", [1000, 2000, None, None], "EUR, USD"),
        (None, {"EUR": 0.8}, "GBP", [1000, 2000, 400, None], "USD"),
        ("EUR", {"GBP": 1.25}, "EUR", [1250, 2500, 500, None], "USD"),
        ("CHF", {}, "CHF", [None] * 4, "EUR, GBP, USD"),
    ],
)
def test_currencies_are_added_only_with_a_rate(
    reporting: str | None, rates: dict[str, float], currency: str, costs: list[float | None], apart: str
) -> None:
    counted = summary.count(inventory(CURRENCIES), settings(reporting, **rates))
    assert counted.currency == currency
    assert counted.frame.get_column("cost").to_list() == costs
    [finding] = counted.findings
    assert (finding.code, finding.values["currencies"]) == ("currency-without-rate", apart)


def test_other_currencies_are_tallied_apart() -> None:
    text = CURRENCIES.replace("annual_cost |", "provider | delivery_country | annual_cost |", 1)
    text = "\n".join(f"Acme | GB | {line.strip()}" if line.strip()[:1].isdigit() else line for line in text.split("\n"))
    found = summed(text)
    assert found.total.cost == 3000
    assert found.total.cost_known == 2
    assert {name: tally.cost for name, tally in found.other_currencies.items()} == {"EUR": 500, "USD": 70}


FIRM = """
    task_name | function | owner | provider  | delivery_country | fte | annual_cost | status
    Payroll   | Finance  | Ada   |           | GB               | 4   | 200         | active
    Ledger    | finance  | Ada   | Acme      | IN               | 6   | 300         | active
    Helpline  | Care     |       | ACME      | PH               | 10  | 500         | active
    Cleaning  | Sites    | Bo    | Bright    | GB               |     | 100         | active
    Survey    | Care     | Bo    | Crane; Di | GB               | 1   | 80          | active
    Design    | Care     | Bo    | Eve Ltd   |                  | 2   | 60          | active
    Portal    | Care     | Bo    | Acme      | PT               | 3   | 90          | planned
"""


def test_every_task_is_in_one_tally() -> None:
    found = summed(FIRM)
    assert {quadrant: tally.tasks for quadrant, tally in found.quadrants.items()} == {
        Quadrant.INHOUSE_ONSHORE: 1,
        Quadrant.OUTSOURCED_ONSHORE: 2,
        Quadrant.INHOUSE_OFFSHORE: 0,
        Quadrant.OUTSOURCED_OFFSHORE: 2,
        Quadrant.UNDETERMINED: 1,
    }
    assert found.outside.tasks == 1
    assert found.rows == found.tasks + found.set_aside == 7


def test_providers_by_spend_spelling_aside() -> None:
    found = summed(FIRM).providers
    assert rows(found, "provider", "tasks", "cost", "severity") == [
        ("Acme", 2, 800.0, "High"),
        ("Bright", 1, 100.0, "Low"),
        ("Eve Ltd", 1, 60.0, "Low"),
        ("Crane", 1, None, "Not assessed"),  # two providers share the task: its cost is in neither's sum
        ("Di", 1, None, "Not assessed"),
    ]
    assert found.get_column("share").sum() == pytest.approx(1)
    assert found.get_column("cumulative").drop_nulls().to_list()[-1] == pytest.approx(1)


def test_a_split_between_providers_counts_by_its_shares() -> None:
    tasks = inventory("""
        task_name | provider    | provider_group | delivery_country
        Survey    | Crane; Di   |                | GB
        Panel     | Crane; Di   |                | GB
        Poll      | Di A; Di B  | DI             | GB
    """)
    shares = pl.Series("provider_shares", [[0.7, 0.3], [1.0], [0.5, 0.5]])  # the second is not one for each
    placed = quadrant.place(tasks, no_decisions(), settings()).frame
    found = performers(replace(tasks, tasks=tasks.tasks.with_columns(shares)), placed)
    assert rows(found.sort(KEY), KEY, "provider", "part") == [
        (0, "Crane", 0.7),
        (0, "Di", 0.3),
        (1, "Crane", None),
        (1, "Di", None),
        (2, "DI", 1.0),
    ]


def test_countries_by_fte_and_only_abroad_is_a_concentration() -> None:
    found = summed(FIRM).countries
    assert rows(found, "country", "name", "tasks", "fte", "severity") == [
        ("PH", "Philippines", 1, 10.0, "High"),
        ("IN", "India", 1, 6.0, "Medium"),
        ("GB", "United Kingdom", 3, 5.0, "Low"),
    ]
    assert rows(found.head(1), "share") == [(10 / 23,)]


def test_a_split_task_counts_by_its_shares_and_without_them_in_no_sum() -> None:
    found = summed("""
        provider | delivery_country | fte
        Acme     | IN 70%; GB 30%   | 10
        Bolt     | IN; GB           | 5
    """).countries
    assert rows(found, "country", "tasks", "fte") == [("IN", 2, 7.0), ("GB", 2, 3.0)]


def test_functions_over_all_quadrants_with_shares_of_fte_or_of_tasks() -> None:
    found = summed(FIRM).functions
    assert rows(found, "function", "offshore_share", "outsourced_share", "Undetermined") == [
        ("Care", 10 / 13, 11 / 13, 1),
        ("Finance", 0.6, 0.6, 0),
        ("Sites", 0.0, 1.0, 0),
    ]


@pytest.mark.parametrize(
    ("end", "renewal", "notice", "expected"),
    [
        ("2026-10-30", "", "", [("ended", -1, "High")]),
        ("2026-10-31", "", "", [("ends", 0, "High")]),
        ("2027-01-29", "", "", [("ends", 90, "High")]),
        ("2027-01-30", "", "", [("ends", 91, "Medium")]),
        ("2027-04-29", "", "", [("ends", 180, "Medium")]),
        ("2027-04-30", "", "", [("ends", 181, "Low")]),
        ("2027-11-01", "", "", []),  # beyond a year
        ("2027-01-29", "", "60", [("notice", 30, "High"), ("ends", 90, "High")]),
        ("2027-01-30", "", "60", [("notice", 31, "Medium"), ("ends", 91, "Medium")]),
        ("2026-11-30", "", "60", [("notice", -30, "High"), ("ends", 30, "High")]),
        ("2026-09-30", "", "60", [("ended", -31, "High")]),  # no notice to give any more
        ("", "2026-12-31", "", [("renews", 61, "High")]),
        ("", "2026-09-30", "", []),  # it has renewed
        ("", "", "90", []),
        ("2027-01-29", "", "1e12", [("ends", 90, "High")]),
    ],
)
def test_the_contract_clock(end: str, renewal: str, notice: str, expected: list[tuple[str, int, str]]) -> None:
    tasks = inventory(f"end_date | renewal_date | notice_days\n{end} | {renewal} | {notice}")
    found = contracts(tasks, tasks.tasks.select(KEY), OCTOBER.as_of)
    assert rows(found, "event", "days", "severity") == expected


def decided(**by_key: tuple[str, date | None]) -> Decisions:
    empty = no_decisions().frame
    made = [
        {KEY: int(key[1:]), "decision": word, "decision_owner": "Zoe", "decision_due": due}
        for key, (word, due) in by_key.items()
    ]
    return Decisions(pl.concat([empty, pl.DataFrame(made, schema_overrides={KEY: pl.UInt32})], how="diagonal_relaxed"))


def test_decisions_to_take_overdue_first_then_the_dearest_high() -> None:
    high = dict.fromkeys((1, 2, 3), Severity.HIGH.value)
    words = decided(
        k3=("mitigate", date(2026, 9, 30)), k2=("accept", date(2026, 12, 31)), k5=("move", date(2026, 10, 1))
    )
    top = summed(FIRM, risk=high, decided=words).top
    assert rows(top, KEY, "severity", "owner") == [(3, "High", "Zoe"), (5, None, "Zoe"), (1, "High", "Ada")]
    assert top.get_column("why").to_list() == [
        "Overdue: mitigate was due on 2026-09-30. risks of 3",
        "Overdue: move was due on 2026-10-01. risks of 5",
        "risks of 1",
    ]


def test_facts_say_what_they_are_of() -> None:
    facts = summed(FIRM, risk={1: "High", 2: "Not assessed"}).facts
    told = {name: (facts[name], facts[f"{name}_known"], facts[f"{name}_of"]) for name in ("offshore_fte", "high_risks")}
    assert told == {"offshore_fte": (16, 2, 2), "high_risks": (1, 5, 6)}
    assert facts["outsourced_spend"] == 980
    assert facts["effective_providers"] == pytest.approx(960**2 / (800**2 + 100**2 + 60**2))
    assert "contracts_90_days" not in facts  # no column could say


def test_home_jobs_moved_in_the_last_24_months() -> None:
    facts = summed("""
        provider | delivery_country | home_fte_displaced | transition_date
        Acme     | IN               | 10                 | 2024-11-01
        Acme     | IN               | 20                 | 2024-10-30
        Acme     | IN               | 5                  |
        Acme     | IN               |                    | 2026-01-01
    """).facts
    assert (facts["home_jobs_moved"], facts["home_jobs_moved_known"], facts["home_jobs_moved_of"]) == (35, 3, 4)
    assert (facts["home_jobs_moved_24m"], facts["home_jobs_moved_24m_known"]) == (10, 2)


def test_findings_of_all_stages_contradictions_first_then_by_number() -> None:
    found = summed("""
        provider | outsourced_flag | delivery_country | annual_cost | annual_cost_currency
        Acme     | no              | IN               | 10          | GBP
        Acme     | yes             | IN               | 10          | EUR
    """).findings
    assert [finding.code for finding in found[:1]] == ["conflict-provider-named"]
    assert "currency-without-rate" in {finding.code for finding in found}


cells = st.sampled_from(["", "GB", "IN", "IN 60%; GB 40%", "IN; GB", "EMEA", "domestic"])
providers = st.sampled_from(["", "Acme", "acme ", "Bolt; Crane", "Internal + Acme", "TBD", "N/A"])
amounts = st.sampled_from(["", "0", "100", "12.5", "-3"])
states = st.sampled_from(["active", "planned", "ended", ""])


@runs(deadline=None, max_examples=40)
@given(st.lists(st.tuples(providers, cells, amounts, amounts, states), min_size=1, max_size=12))
def test_tallies_always_add_up(tasks: list[tuple[str, ...]]) -> None:
    lines = ["provider | delivery_country | fte | annual_cost | status", *(" | ".join(task) for task in tasks)]
    found = summed("\n".join(lines))
    assert found.rows == found.tasks == len(tasks)
    assert found.total.cost == pytest.approx(
        sum(float(task[3] or 0) for task in tasks if task[4] not in {"planned", "ended"})
    )
    assert sum(found.confidence.values()) + found.quadrants[Quadrant.UNDETERMINED].tasks == found.total.tasks
    shares = found.providers.get_column("share").drop_nulls()
    assert not shares.len() or shares.sum() == pytest.approx(1)


def test_stages_are_left_as_they_were() -> None:
    tasks = inventory(FIRM)
    placed = quadrant.place(tasks, no_decisions(), settings())
    before = tasks.tasks.clone(), placed.frame.clone()
    assessed = levels(tasks)
    summary.summarise(
        tasks, placed, assessed, Outlook(pl.DataFrame(), pl.DataFrame(), 0), no_decisions(), settings(), OCTOBER
    )
    assert before[0].equals(tasks.tasks)
    assert before[1].equals(placed.frame)
