"""What the rules say, whole: every sentence, score, ledger line and finding of all their worked cases.

``UPDATE_GOLDEN=1 pytest -n 0 tests/test_rules_golden.py`` accepts what changed; the difference is read in the version
history. The cases stand where their rules are tested: the quadrant table, the policy's examples, the gates.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import builders
import polars as pl
import pytest
from risks_case import PERIOD, stages
from test_feasibility import seen
from test_quadrant_cases import CASES

from analyzer import policy, risks
from analyzer.model import KEY, Assessment, Finding, no_decisions
from analyzer.quadrant import place
from analyzer.settings import Company, Settings

GOLDEN = Path(__file__).parent / "golden"


def accepted(name: str) -> list[str]:
    """The accepted lines of all cases."""
    return (GOLDEN / name).read_text(encoding="utf-8").splitlines()


def accepted_cases(name: str) -> list[list[str]]:
    """The accepted lines of each case; the first of a case stands at the margin."""
    cases: list[list[str]] = []
    for line in accepted(name):
        if not line.startswith("  "):
            cases.append([])
        cases[-1].append(line)
    return cases


def accept(name: str, said: Iterable[str]) -> None:
    """Write what is said of all cases, where asked to."""
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / name).write_text("".join(f"{line}\n" for line in said), encoding="utf-8")


def told(row: Iterable[object]) -> str:
    return " | ".join("" if cell is None else str(cell) for cell in row)


def lines(frame: pl.DataFrame, *columns: str) -> list[str]:
    return [f"  {told(row)}" for row in frame.select(columns or frame.columns).iter_rows()]


def findings(found: tuple[Finding, ...]) -> list[str]:
    return [f"  {told((one.code, one.count, ', '.join(one.cells), dict(one.values)))}" for one in found]


def placed_lines(number: int, header: str, row: str) -> list[str]:
    """All that is said of one case of the quadrant table."""
    found = place(builders.inventory(f"{header}\n{row}", sheet="T"), no_decisions(), Settings())
    columns = [name for name in found.frame.columns if name not in {KEY, "rule_quadrant", "overridden"}]
    return [f"{number}: {row}", *lines(found.frame, *columns), *findings(found.findings)]


def test_every_case_of_the_quadrants_is_accepted() -> None:
    accept("quadrants.txt", (line for case in CASES for line in placed_lines(*case[:3])))
    assert len(accepted_cases("quadrants.txt")) == len(CASES)


@pytest.mark.parametrize("n", range(len(CASES)))
def test_a_case_of_the_quadrants_says(n: int) -> None:
    assert placed_lines(*CASES[n][:3]) == accepted_cases("quadrants.txt")[n]


def assessed_lines(found: Assessment, slug: str) -> list[str]:
    """All that is said of one risk."""
    own = pl.col("risk") == slug
    ledger = found.ledger.filter(own).select(pl.exclude("risk"))
    return [
        *lines(found.scores.filter(own).drop("risk").sort(KEY)),
        "  ledger",
        *lines(ledger),
        "  portfolio",
        *lines(found.portfolio.filter(own).drop("risk")),
        "  rules",
        *lines(found.rule_status.filter(own).drop("risk")),
    ]


def example_lines(slug: str, text: str) -> list[str]:
    """All that is said of one example of a risk."""
    found = risks.assess(*stages(text), policy.default(), PERIOD)
    tasks = ["  tasks", *lines(found.rows)] if slug == "misaligned-interests" else []
    return [slug, *assessed_lines(found, slug), *tasks]


EXAMPLES = [(slug, text) for slug, risk in policy.default().risks.items() for text in risk.examples]


def test_every_example_of_the_risks_is_accepted() -> None:
    accept("risks.txt", (line for example in EXAMPLES for line in example_lines(*example)))
    assert len(accepted_cases("risks.txt")) == len(EXAMPLES)


@pytest.mark.parametrize("n", range(len(EXAMPLES)))
def test_an_example_of_a_risk_says(n: int) -> None:
    assert example_lines(*EXAMPLES[n]) == accepted_cases("risks.txt")[n]


TASK = """
    provider | provider_group | annual_cost | critical | pricing_model | sla | owner | end_date | fte | delivery_country
    Ada UK | Ada | 40 | critical | t_and_m | yes (SLA-118) | Noor | 2026-11-15 | 60 | IN
    Bode |  | 60 |  |  |  |  |  |  | PL
"""


def test_explain_says() -> None:
    said = []
    for key in (0, 1):
        for risk in risks.explain(*stages(TASK), policy.default(), PERIOD, key):
            said += [f"{key} {told((risk.risk, risk.applies, risk.inherent, risk.residual, risk.severity))}"]
            said += [f"  {line}" for line in (*risk.rules, *risk.levers)]
    accept("explain.txt", said)
    assert said == accepted("explain.txt")


NAMES = "task_name | provider | delivery_country | in_person | must_stay_inhouse | critical | language | fte"
WHERE = f"""
    {NAMES} | skill_shortage | annual_cost | target_cost
    Service helpline |  | GB | no |  |  |  | 4 |  | 100 | 45
    Walk-in centre |  | GB | required |  |  |  | 2 |  | 80 | 60
    Cleaning | Acme | GB |  |  |  |  | 0.3 |  | 30 |
    Ledger |  | GB | partly | A | critical | German | 6 |  | 300 | 280
    Payroll | Acme | IN | no |  | critical |  | 0.5 | yes | 50 | 20
    Tax advice |  | GB | no |  |  |  | 0.2 | yes | 20 | 30
"""


def test_feasibility_says() -> None:
    small = Settings(company=Company(headcount=40))
    found, moved = seen(builders.inventory(WHERE, sheet="T"), settings=small)
    assert moved is not None
    said = [
        *lines(found.frame),
        "savings",
        *lines(found.savings),
        f"excluded {found.excluded}",
        "moved",
        *lines(moved.frame.select(KEY, "quadrant", "sourcing", "location")),
        *findings(found.findings),
    ]
    accept("feasibility.txt", said)
    assert said == accepted("feasibility.txt")
