"""What the rules say, whole: every sentence, score, ledger line and finding of all their worked cases.

``UPDATE_GOLDEN=1 pytest tests/test_rules_golden.py`` accepts what changed; the difference is read in the version
history. The cases stand where their rules are tested: the quadrant table, the policy's examples, the gates.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import builders
import polars as pl
from risks_case import PERIOD, stages
from test_feasibility import seen
from test_quadrant_cases import CASES

from analyzer import policy, risks
from analyzer.model import KEY, Assessment, Finding, no_decisions
from analyzer.quadrant import place
from analyzer.settings import Company, Settings

GOLDEN = Path(__file__).parent / "golden"


def accepted(name: str, said: Iterable[list[str]]) -> None:
    """Hold what is said, case by case, against the accepted lines, or accept it where asked to."""
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        said = list(said)
        path.write_text("".join(f"{line}\n" for case in said for line in case), encoding="utf-8")
    left = path.read_text(encoding="utf-8").split("\n")
    for case in said:
        shown = "\n".join(case).split("\n")
        assert shown == left[: len(shown)]
        left = left[len(shown) :]
    assert left == [""]


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


def test_the_quadrants_say() -> None:
    accepted("quadrants.txt", (placed_lines(number, header, row) for number, header, row, _ in CASES))


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
    tasks = ["tasks", *lines(found.rows)] if slug == "misaligned-interests" else []
    return [slug, *assessed_lines(found, slug), *tasks]


def test_the_risks_say() -> None:
    catalogue = policy.default().risks.items()
    accepted("risks.txt", (example_lines(slug, text) for slug, risk in catalogue for text in risk.examples))


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
    accepted("explain.txt", [said])


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
    accepted("feasibility.txt", [said])
