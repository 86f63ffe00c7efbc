"""The rooms whose code is changed, and the tests of each."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = {
    "risks": (
        *("test_risks_rules.py", "test_risks_scores.py", "test_risks_facts.py"),
        *("test_policy_cli.py", "test_policy_docs.py"),
        *(f"test_rules_golden.py::test_{said}" for said in ("an_example_of_a_risk_says", "explain_says")),
    ),
    "feasibility": ("test_feasibility.py", "test_rules_golden.py::test_feasibility_says"),
    "quadrant": (
        "test_quadrant.py",
        "test_quadrant_cases.py",
        "test_rules_golden.py::test_a_case_of_the_quadrants_says",
    ),
}
