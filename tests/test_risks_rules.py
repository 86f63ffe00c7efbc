"""The default policy's examples, rule status, portfolio, explanation and differences."""

from __future__ import annotations

import polars as pl
import pytest
from risks_case import PERIOD, assessed, lines, rules_of, score, severities, stages

from analyzer import policy, risks
from analyzer.errors import UsageError
from analyzer.model import Assessment
from analyzer.risks import assessing, examples, outcomes
from analyzer.risks.explaining import RiskLines, RuleLine


@pytest.mark.parametrize("risk", policy.default().risks)
def test_the_examples_of_a_risk_of_the_default_policy(risk: str) -> None:
    rules = policy.default()
    found = risks.try_examples(rules.model_copy(update={"risk": {risk: rules.risk[risk]}}))
    assert found.trials
    assert [(trial.task, trial.expected, trial.got) for trial in found.failed] == []


def test_the_examples_cover_every_condition_of_the_default_policy() -> None:
    found = risks.try_examples(policy.default())
    assert found.failed == ()
    assert found.levels == found.covered
    assert found.coverage == 1.0
    assert {"misaligned-interests/pricing#5", "provider-concentration/hhi#1"} <= found.levels


def test_every_risk_of_the_catalogue_is_there_with_its_kind() -> None:
    catalogue = policy.default().risk
    assert [slug for slug, risk in catalogue.items() if risk.scored] == [
        "misaligned-interests",
        "local-hiring-criticism",
    ]
    assert [slug for slug, risk in catalogue.items() if risk.portfolio] == [
        "provider-concentration",
        "country-concentration",
        "capability-loss",
        "currency-exposure",
        "data-quality",
    ]
    assert len(catalogue) == 18


@pytest.mark.parametrize("slug", ["worker-status", "employment-presence", "employee-transfer"])
def test_legal_questions_are_worded_as_to_check(slug: str) -> None:
    risk = policy.default().risk[slug]
    assert risk.title.endswith("to check")
    assert all(rule.because.startswith("to check: ") for rule in risk.rule)


# What an example may say


@pytest.mark.parametrize(
    ("expected", "got", "passed"),
    [
        ("Medium", "75 -> 42 Medium", True),
        ("42 Medium", "75 -> 42 Medium", True),
        ("75 -> 42 Medium", "75 -> 42 Medium", True),
        ("75 -> 42", "75 -> 42 Medium", True),
        ("2 Medium", "75 -> 42 Medium", False),
        ("High", "75 -> 42 Medium", False),
        ("nothing", "not assessed", False),
        ("not assessed", "not assessed", True),
    ],
)
def test_a_tag_matches_what_is_expected(expected: str, got: str, passed: bool) -> None:
    assert examples.matches(expected, got) is passed


def test_a_failing_example_names_the_task_what_was_expected_and_what_came() -> None:
    table = "core | critical | sla | expect\\nyes | | no | High\\nno | | |"
    rules = rules_of(f'[risk.r]\ntitle = "R"\nbase = 40\nexamples = ["{table}"]')
    (trial,) = risks.try_examples(rules).failed
    assert (trial.risk, trial.task, trial.expected, trial.got) == ("r", "core yes, sla no", "High", "40 Medium")


def test_a_condition_no_example_makes_hold_lowers_the_coverage() -> None:
    rule = '[[risk.{0}.rule]]\nid = "a"\nseverity = "Low"\nwhen = {{ field = "{1}", {2} }}\n'
    task = '[risk.r]\ntitle = "R"\nexamples = ["critical | expect\\nnormal | nothing"]\n'
    whole = '[risk.w]\ntitle = "W"\nof = "provider"\n'
    written = (
        task + rule.format("r", "critical", 'is = "normal"') + whole + rule.format("w", "providers", "at_least = 9")
    )
    found = risks.try_examples(rules_of(written))
    assert found.levels == {"r/a#1", "w/a#1"}
    assert (found.covered, found.coverage) == (frozenset({"r/a#1"}), 0.5)


def test_a_condition_that_holds_where_the_risk_does_not_apply_is_not_covered() -> None:
    rules = rules_of(
        '[risk.r]\ntitle = "R"\napplies = { field = "core", is = true }\n'
        'examples = ["core | critical | expect\\nno | critical | nothing"]\n'
        '[[risk.r.rule]]\nid = "a"\nseverity = "Low"\nwhen = { field = "critical", is = "critical" }\n'
    )
    assert risks.try_examples(rules).coverage == 0.0


def test_an_example_of_a_group_is_of_its_own_risk_alone() -> None:
    risk = (
        '[risk.{0}]\ntitle = "R"\nof = "provider"\nexamples = ["{2}"]\n[[risk.{0}.rule]]\nid = "a"\n'
        'severity = "{1}"\nwhen = {{ field = "spend_share", at_least = 0 }}\n'
    )
    spent, unknown = (
        "provider | annual_cost | expect\\nAda | 1 | {0}\\n | | nothing",
        "provider | expect\\nAda | {0}\\n | {0}",
    )
    low, high = (risk.format(name, name, spent.format(name)) for name in ("Low", "High"))
    rules = rules_of((low + high).replace("risk.Low", "risk.low").replace("risk.High", "risk.high"))
    assert [trial.got for trial in risks.try_examples(rules).trials] == ["Low", "nothing", "High", "nothing"]
    blank = rules_of(risk.format("low", "Low", unknown.format("not assessed")))
    assert risks.try_examples(blank).failed == ()


def test_a_policy_without_rules_leaves_nothing_uncovered() -> None:
    assert risks.try_examples(rules_of("")).coverage == 1.0


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("colour | hue | expect\nred | 3 | High", 'no field is called "colour"'),
        ("core\nyes", 'no column "expect"'),
        ("", 'no column "expect"'),
        ("core | expect\nyes", "a line has 1 cells, not 2"),
        ("core | expect\nyes | High\nyes | High | no | 4\nno", "a line has 4 cells, not 2"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(table: str, message: str) -> None:
    rules = rules_of(f"[risk.r]\ntitle = 'R'\nbase = 40\nexamples = ['''{table}''']")
    with pytest.raises(UsageError) as error:
        risks.try_examples(rules)
    assert error.value.message == f"The example cannot be read: {message}"
    assert error.value.where == "risk.r.examples.0"


def test_a_line_of_dashes_is_no_task_of_an_example() -> None:
    header, rows = examples.table("task_name | core\n--- + -|-\n\nX-X |\n - | - \n | ", "here")
    assert header == ["task_name", "core"]
    assert [row["task_name"] for row in rows] == ["X-X", ""]


def test_an_example_is_read_as_a_sheet_would_be() -> None:
    table = """
        home | fte   | annual_cost   | end_date   | delivery_country | subcontractors | sla       | exit_plan  | status
        IE   | 1,200 | 1,200.5 EUR   | 2026-01-31 | IN; PH           | Bode plc; Cree | yes (S-1) | tested (X) | ended
             | many  | 7             | soon       |                  |                | yes       |            | active
    """
    inventory, placement = stages(table)
    first, second = inventory.tasks.rows(named=True)
    assert (first["sheet"], first["row"], second["row"], second["hidden"]) == ("Examples", 2, 3, False)
    assert (first["home"], first["fte"], first["annual_cost"], first["annual_cost_currency"]) == (
        "IE", 1200.0, 1200.5, "EUR",
    )  # fmt: skip
    assert (str(first["end_date"]), first["delivery_country"]) == ("2026-01-31", ["IN", "PH"])
    assert (first["subcontractors"], first["sla"], first["exit_plan"]) == (["Bode plc", "Cree"], "evidenced", "tested")
    assert (second["home"], second["fte"], second["end_date"], second["sla"]) == ("GB", None, None, "stated")
    assert second["annual_cost_currency"] == "GBP"
    assert inventory.status.select("fte", "annual_cost", "exit_plan").rows() == [
        ("accepted", "accepted", "accepted"),
        ("flagged", "accepted", "blank"),
    ]
    assert placement.frame.select("in_totals", "outside").rows() == [(False, "ended"), (True, None)]


@pytest.mark.parametrize(
    ("row", "sourcing", "quadrant", "subtypes", "conflict"),
    [
        ("outsourced | onshore | individual | Ada | no", "outsourced", "placed", ["individual"], True),
        ("in-house | offshore | employee | | no", "in-house", "placed", ["remote employee"], False),
        ("in-house | onshore | employee | | yes", "in-house", "placed", [], False),
        ("outsourced | onshore | | Ada | yes", "outsourced", "placed", [], False),
        (" | onshore | | | ", "unknown", "Undetermined", [], False),
        ("in-house | | | | ", "in-house", "Undetermined", [], False),
    ],
)
def test_an_example_is_placed_as_written(
    row: str, sourcing: str, quadrant: str, subtypes: list[str], conflict: bool
) -> None:
    header = "sourcing | location | provider_type | provider | outsourced_flag"
    (placed,) = stages(f"{header}\n{row}")[1].frame.rows(named=True)
    assert (placed["sourcing"], placed["quadrant"], placed["subtypes"], placed["conflict"]) == (
        sourcing, quadrant, subtypes, conflict,
    )  # fmt: skip


# Rule status


def status(found: Assessment) -> dict[tuple[str, str], tuple[str, int, str]]:
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in found.rule_status.rows()}


def test_j6_each_rule_says_whether_it_ran() -> None:
    told = status(assessed("location | critical | in_person | fte\nonshore | critical | required |\nonshore | | |"))
    assert told["misaligned-interests", "base"] == ("ran", 2, "")
    assert told["misaligned-interests", "criticality"] == ("ran", 1, "")
    assert told["misaligned-interests", "core"] == ("not run", 0, "no column for Core")
    assert told["misaligned-interests", "dependence"] == ("not run", 0, "no column for Annual cost")
    assert told["misaligned-interests", "face-to-customers"] == (
        "not run",
        0,
        "no column for Customer-facing, Own name",
    )
    assert told["in-person-conflict", "in-person-abroad"] == ("not run", 0, "nothing in scope")
    assert told["exit-lock-in", "no-exit-plan"] == ("not run", 0, "no column for Exit plan")
    assert told["capability-loss", "mostly-outsourced"] == ("not run", 0, "no column for Function")
    assert told["data-quality", "contradictions"] == ("nothing found", 0, "")
    assert len(told) == 63


def test_a_rule_of_groups_has_nothing_in_scope_where_there_is_no_group() -> None:
    told = status(assessed("task_name | annual_cost\nPayroll |"))
    assert told["currency-exposure", "foreign-currency"] == ("not run", 0, "nothing in scope")


def test_points_of_nothing_are_found_and_leave_no_line() -> None:
    found = assessed("critical\nnormal")
    assert status(found)["misaligned-interests", "criticality"] == ("ran", 1, "")
    assert [line[0] for line in lines(found, "misaligned-interests")] == ["base"]


def test_j6_a_rule_that_fails_is_said_and_the_others_still_count(monkeypatch: pytest.MonkeyPatch) -> None:
    held = outcomes.level_held

    def failing(levels: object, scope: object) -> pl.Expr:
        found = held(levels, scope)  # type: ignore[arg-type]  # passed through
        return pl.col("nowhere") if "core" in str(found) else found

    monkeypatch.setattr(outcomes, "level_held", failing)
    found = assessed("core | critical\nyes | critical")
    assert status(found)["misaligned-interests", "core"] == ("failed", 0, "ColumnNotFoundError")
    assert score(found, "misaligned-interests")["inherent"] == 55


# Severity by rule


LOWERED = """
[risk.r]
title = "R"
applies = { field = "sourcing", is = "outsourced" }
[[risk.r.rule]]
id = "critical"
bands = [{ field = "critical", is = "critical", severity = "High" }, { is = "important", severity = "Medium" }]
[[risk.r.rule]]
id = "core"
when = { field = "core", is = true }
severity = "Low"
[[risk.r.control]]
id = "sla"
when = { field = "sla", is = true }
lowers_to = "Low"
"""


def test_the_worst_rule_counts_and_an_evidenced_control_lowers_it() -> None:
    found = assessed(
        """
        critical  | core | sla
        critical  | yes  |
        critical  | yes  | yes
        critical  | yes  | yes (S-1)
        important | no   | none
        normal    | yes  |
        normal    | no   |
                  | no   |
                  | yes  |
        """,
        rules_of(LOWERED),
    )
    assert severities(found, "r") == {
        0: "High", 1: "High", 2: "Low", 3: "Medium", 4: "Low", 6: "Not assessed", 7: "Low",
    }  # fmt: skip
    assert [score(found, "r", 2)[name] for name in ("inherent_severity", "severity", "inherent")] == [
        "High",
        "Low",
        None,
    ]
    assert score(found, "r", 2)["why"] == "R Low: critical critical; core yes; sla yes (S-1)."
    assert lines(found, "r", 2) == [
        ("critical", "rule", None, None),
        ("core", "rule", None, None),
        ("sla", "credit", None, None),
    ]


# The portfolio


def portfolio(text: str, risk: str) -> list[tuple[str, str, float | None, int, int, str]]:
    found = assessed(text).portfolio.filter(pl.col("risk") == risk)
    return [
        (
            row["subject"],
            row["measure"],
            row["share"] and round(row["share"], 4),
            row["known"],
            row["tasks"],
            row["severity"],
        )
        for row in found.rows(named=True)
    ]


def test_provider_concentration_is_by_group_over_outsourced_spend_of_one_currency() -> None:
    found = portfolio(
        """
        sourcing   | provider  | provider_group | annual_cost
        outsourced | Ada UK    | Ada            | 30
        outsourced | Ada India | ada            | 10
        outsourced | Bode plc  |                | 60
        outsourced | Cree      |                |
        outsourced | Dorn      |                | 1000 EUR
        in-house   |           |                | 500
        """,
        "provider-concentration",
    )
    assert found == [
        ("Bode plc", "Share of outsourced spend", 0.6, 1, 5, "High"),
        ("Ada", "Share of outsourced spend", 0.4, 2, 5, "High"),
        ("All providers", "HHI of outsourced spend", None, 3, 5, "Low"),
    ]


SPLITS = """
    sourcing   | provider       | provider_group | annual_cost
    outsourced | Ada            |                | 100
    mixed      | Internal + Ada |                | 100
    outsourced | Ada; Bode      |                | 80
    mixed      | All three      |                | 100
    outsourced | Ada UK; Ada IE | ADA            | 10
    mixed      | Internal + Ada |                | 1000
    outsourced | Ada; Bode      |                | 1000
    in-house   |                |                | 1000
"""
NAMES = [["Ada"], ["Ada"], ["Ada", "Bode"], ["Ada", "Bode"], ["Ada UK", "Ada IE"], ["Ada"], ["Ada", "Bode"], None]
SHARES = [None, None, [0.75, 0.25], [0.3, 0.2], [0.5, 0.5], None, None, None]
OWN = [None, 0.4, None, 0.5, None, None, None, None]


def split_tasks() -> Assessment:
    """What is said of the tasks of ``SPLITS``, read as intake reads their provider cells."""
    inventory, placement = stages(SPLITS)
    companions = pl.DataFrame({"providers": NAMES, "provider_shares": SHARES, "own_share": OWN})
    object.__setattr__(inventory, "tasks", inventory.tasks.hstack(companions))
    return risks.assess(inventory, placement, policy.default(), PERIOD)


def test_a_split_task_counts_for_each_provider_by_its_share_and_not_at_all_without() -> None:
    found = split_tasks().portfolio.filter(pl.col("measure") == "Share of outsourced spend")
    assert found.select("subject", "known", "tasks", "severity").rows() == [("Ada", 5, 7, "High")]
    assert found.item(0, "share") == pytest.approx(260 / 300)  # 100 + 60 + 60 + 30 + 10, and 40 are Bode's


def test_of_several_providers_the_one_with_most_spend_counts_for_the_task() -> None:
    found, dependence = split_tasks(), ("dependence", "points", 8.0, None)
    weighed = [key for key in range(8) if dependence in lines(found, "misaligned-interests", key)]
    assert weighed == [0, 1, 2, 3, 4, 5, 6]


def test_hhi_is_judged_only_from_six_providers_on() -> None:
    head = "provider | annual_cost\n"
    five = head + "\n".join(f"P{n} | {cost}" for n, cost in enumerate((60, 10, 10, 10, 10)))
    six = head + "\n".join(f"P{n} | {cost}" for n, cost in enumerate((40, 12, 12, 12, 12, 12)))
    judged = [{row[1]: row[-1] for row in portfolio(text, "provider-concentration")} for text in (five, six)]
    assert [severity["HHI of outsourced spend"] for severity in judged] == ["Low", "Medium"]
    why = assessed(six).portfolio.filter(pl.col("measure").str.starts_with("HHI")).item(0, "why")
    assert why == "Provider concentration Medium: HHI 2320: as concentrated as 4.3 equal providers."


def test_country_concentration_is_a_share_of_all_fte_and_splits_count_by_their_shares() -> None:
    inventory, placement = stages("delivery_country | fte\nIN;GB | 50\nIN | 10\nGB | 30\nPL;CZ | 10")
    shares = pl.Series("delivery_shares", [[0.6, 0.4], None, None, None], dtype=pl.List(pl.Float64))
    object.__setattr__(inventory, "tasks", inventory.tasks.with_columns(shares))
    found = risks.assess(inventory, placement, policy.default(), PERIOD).portfolio
    (row,) = found.filter((pl.col("risk") == "country-concentration") & (pl.col("subject") != "")).rows(named=True)
    assert (row["subject"], row["share"], row["known"], row["tasks"], row["severity"]) == ("IN", 0.4, 3, 4, "High")
    assert row["why"] == "Country concentration High: 40 % of all FTE works in India."


def test_capability_loss_counts_its_signs_and_names_them() -> None:
    found = assessed("function | fte | owner | reintegration\nIT | 9 | | difficult\nHR | 9 | Noor | easy").portfolio
    lost = found.filter(pl.col("risk") == "capability-loss")
    assert lost.select("subject", "measure", "severity").rows() == [
        ("HR", "1 of 3 signs", "Low"),
        ("IT", "3 of 3 signs", "High"),
    ]
    assert lost.item(1, "why") == (
        "Capability loss High: IT: 100 % of its FTE is outsourced; no internal owner is named for its outsourced "
        "tasks; 1 of its outsourced tasks would be hard to take back."
    )


def test_a_function_that_outsources_nothing_loses_nothing() -> None:
    found = assessed("function | sourcing | fte | owner\nIT | in-house | 9 |\nHR | outsourced | 9 | Noor").portfolio
    assert found.filter(pl.col("risk") == "capability-loss").get_column("subject").to_list() == ["HR", ""]


def test_more_signs_than_severities_are_the_gravest() -> None:
    rule = '[[risk.r.rule]]\nid = "{0}"\nwhen = {{ field = "{0}", at_most = 9 }}\n'
    rules = rules_of(
        '[risk.r]\ntitle = "R"\nof = "function"\nseverity_by_hits = ["Medium"]\n'
        + rule.format("owners").replace('id = "owners"', 'id = "a"')
        + rule.format("outsourced_tasks").replace('id = "outsourced_tasks"', 'id = "b"')
    )
    found = assessed("function | owner\nIT | Noor", rules).portfolio
    assert found.select("measure", "severity").rows() == [("2 of 2 signs", "Medium")]


def test_what_a_group_cannot_tell_is_not_assessed() -> None:
    assert portfolio("provider\nAda", "provider-concentration") == [("", "", None, 0, 0, "Not assessed")] * 2
    assert portfolio("provider\nAda", "country-concentration") == [("", "", None, 0, 0, "Not assessed")] * 2


def test_planned_and_ended_tasks_stay_out_of_shares() -> None:
    found = portfolio(
        "provider | annual_cost | status\nAda | 10 |\nBode | 90 | planned\nCree | 90 | ended", "provider-concentration"
    )
    assert found[0] == ("Ada", "Share of outsourced spend", 1.0, 1, 1, "High")


def test_amounts_in_the_reporting_currency_win_over_the_sheets_own() -> None:
    inventory, placement = stages("provider | annual_cost\nAda | 10 EUR\nBode | 10 GBP")
    counted = pl.DataFrame(
        {"key": [0, 1], "fte": [1.0, 1.0], "cost": [30.0, 10.0]}, schema_overrides={"key": pl.UInt32}
    )
    found = risks.assess(inventory, placement, policy.default(), PERIOD, counted=counted, currency="GBP")
    shares = found.portfolio.filter(pl.col("measure") == "Share of outsourced spend").select("subject", "share").rows()
    assert shares == [("Ada", 0.75), ("Bode", 0.25)]
    exposure = found.portfolio.filter(pl.col("risk") == "currency-exposure").select("subject", "why").rows()
    assert exposure == [("EUR", "Currency exposure Low: 10 EUR a year.")]


# Explanation


def told(text: str, risk: str, key: int = 0) -> RiskLines:
    return next(one for one in risks.explain(*stages(text), policy.default(), PERIOD, key) if one.risk == risk)


def rule(lines_: RiskLines, name: str) -> RuleLine:
    return next(one for one in lines_.rules if one.rule == name)


HELPLINE = "critical | core | sla | pricing_model | owner\ncritical | no | yes |  |\n | | | |"


def test_explain_says_of_each_rule_what_it_read_and_what_came() -> None:
    found = told(HELPLINE, "misaligned-interests")
    assert (found.applies, found.inherent, found.residual, found.severity) == ("yes", 55, 50, "Medium")
    fired = rule(found, "criticality")
    assert (fired.outcome, fired.points, fired.test) == ("fired", 15.0, "Criticality is critical: +15")
    assert [(one.title, one.value, one.cell) for one in fired.readings] == [("Criticality", "critical", "Examples!A2")]
    assert (rule(found, "core").outcome, rule(found, "core").why) == ("not fired", "")
    assert (rule(found, "pricing").outcome, rule(found, "pricing").why) == ("not assessed", "a value is missing")
    assert (rule(found, "review").outcome, rule(found, "review").why) == ("not run", "no column for Last review")
    assert (rule(found, "service-level").outcome, rule(found, "service-level").credit) == ("fired", 0.084)


def test_explain_names_the_controls_that_would_lower_the_risk_most() -> None:
    levers = told(HELPLINE, "misaligned-interests").levers
    assert [(one.controls, one.residual) for one in levers[:2]] == [
        (("reporting",), 45),
        (("reporting", "incentive"), 39),
    ]
    assert (len(levers[2].controls), levers[2].residual, levers[2].severity) == (9, 22, "Low")


def test_explain_says_why_a_risk_does_not_apply() -> None:
    text = "sourcing | location | critical\nin-house | onshore | critical"
    assert [one.applies for one in risks.explain(*stages(text), policy.default(), PERIOD, 0)][:2] == ["no", "no"]
    assert told(text, "misaligned-interests").rules == ()
    assert told("sourcing | critical\n | normal", "misaligned-interests").applies == "not assessed"


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [("T-2", [1]), (" t-2 ", [1]), ("payroll", [0, 2]), ("3", [1]), ("row 4", [2]), ("nothing", []), ("99", [])],
)
def test_a_task_is_found_by_id_name_or_row(wanted: str, keys: list[int]) -> None:
    inventory, _ = stages("task_id | task_name\nT-1 | Payroll\nT-2 | Helpline\nT-3 | Payroll")
    assert risks.find(inventory, wanted) == keys


def test_explain_of_a_sheet_without_a_column_that_is_known() -> None:
    (found, *_) = risks.explain(*stages("location\nonshore"), policy.default(), PERIOD, 0)
    assert (found.residual, rule(found, "owner").why) == (35, "no column for Owner")


def test_what_lowers_no_further_is_no_lever() -> None:
    control = '[[risk.r.control]]\nid = "{0}"\nwhen = {{ field = "{0}", is = true }}\ncredit = {1}\n'
    controls = control.format("sla", 0.6) + control.format("kpi", 0.3) + control.format("redeployed", 0.2)
    head = '[scoring]\ncontrols_to_leave_band = 1\n[risk.r]\ntitle = "R"\nbase = 60\n'
    (found,) = risks.explain(*stages("core\nyes"), rules_of(head + controls), PERIOD, 0)
    assert [(lever.controls, lever.residual) for lever in found.levers] == [(("sla",), 24)]


@pytest.mark.parametrize(("wanted", "keys"), [("helpline", [1]), ("T-1", [])])
def test_a_task_is_found_by_name_in_a_sheet_without_ids(wanted: str, keys: list[int]) -> None:
    inventory, _ = stages("task_name\nPayroll\nHelpline")
    padded = inventory.tasks.with_columns(pl.format(" {} ", "task_name").alias("task_name"))
    object.__setattr__(inventory, "tasks", padded)
    assert risks.find(inventory, wanted) == keys


# Two policies


def test_differences_are_the_tasks_whose_tags_change() -> None:
    mine = policy.parse(
        'name = "mine"\nversion = "1"\nextends = "default"\n'
        '[[risk.local-hiring-criticism.indicator]]\nid = "customer-facing"\npoints = 30\n'
        "[risk.in-person-conflict]\noff = true\n",
        "mine.toml",
    )
    text = "location | customer_facing | in_person\noffshore | yes | no\noffshore | no | required\nonshore | yes | no"
    changed = risks.differences(*stages(text), policy.default(), mine, PERIOD)
    assert changed.rows() == [
        (0, "local-hiring-criticism", "Medium", "High", 50, 70, "Medium", "High"),
        (1, "in-person-conflict", "High", "none", None, None, "High", "Medium"),
    ]
    back = risks.differences(*stages(text), mine, policy.default(), PERIOD)
    assert back.row(1) == (1, "in-person-conflict", "none", "High", None, None, "Medium", "High")
    assert risks.differences(*stages(text), mine, mine, PERIOD).height == 0


def test_differences_stand_by_task_and_risk() -> None:
    text = "location | in_person\noffshore | required\noffshore | required\nonshore | required"
    none = rules_of("")
    changed = risks.differences(*stages(text), policy.default(), none, PERIOD)
    assert changed.select("key", "risk", "before", "after").rows() == [
        (0, "in-person-conflict", "High", "none"),
        (0, "local-hiring-criticism", "Medium", "none"),
        (0, "misaligned-interests", "Medium", "none"),
        (1, "in-person-conflict", "High", "none"),
        (1, "local-hiring-criticism", "Medium", "none"),
        (1, "misaligned-interests", "Medium", "none"),
        (2, "misaligned-interests", "Low", "none"),
    ]


# At the edges


def test_a_rule_that_is_off_is_not_run() -> None:
    mine = policy.parse(
        'name = "mine"\nversion = "1"\nextends = "default"\n'
        '[[risk.misaligned-interests.indicator]]\nid = "core"\noff = true\n',
        "mine.toml",
    )
    found = assessed("core\nyes", mine)
    assert score(found, "misaligned-interests")["inherent"] == 40
    assert ("misaligned-interests", "core") not in status(found)


@pytest.mark.parametrize(
    ("evidence", "field", "cell", "credit"),
    [
        ("value", "sla", "yes", 0.2),  # the policy says that a bare yes will do
        ("cell", "sla", "yes", 0.14),
        ("cell", "sla", "yes (S-1)", 0.2),
        ("cell", "owner", "Noor", 0.2),  # a name needs no reference
    ],
)
def test_a_policy_says_what_evidence_is(evidence: str, field: str, cell: str, credit: float) -> None:
    when = f'{{ field = "{field}", given = true }}'
    rules = rules_of(
        '[risk.r]\ntitle = "R"\nbase = 40\n'
        f'[[risk.r.control]]\nid = "c"\nwhen = {when}\ncredit = 0.2\nevidence = "{evidence}"\n'
    )
    assert lines(assessed(f"{field}\n{cell}", rules), "r")[1] == ("c", "credit", None, credit)


def test_a_blank_that_a_policy_asks_for_needs_no_reference() -> None:
    control = '[[risk.r.control]]\nid = "c"\nwhen = { field = "end_date", blank = true }\ncredit = 0.2\n'
    rules = rules_of(f'[risk.r]\ntitle = "R"\nbase = 40\n{control}')
    assert lines(assessed("core | end_date\nyes |", rules), "r")[1] == ("c", "credit", None, 0.2)


@pytest.mark.parametrize("cell", ["see www.example.org", "http://a.example", "https://a.example", "B 7"])
def test_an_address_or_a_number_in_the_cell_is_evidence(cell: str) -> None:
    inventory, placement = stages("exit_plan\ntested")
    object.__setattr__(inventory, "raw", inventory.raw.with_columns(pl.lit(cell).alias("exit_plan")))
    found = risks.assess(inventory, placement, policy.default(), PERIOD)
    assert lines(found, "misaligned-interests")[1] == ("exit-plan", "credit", None, 0.08)


@pytest.mark.parametrize(("sheet", "provisional"), [("core | sla\nyes | none", False), ("core | sla\nyes |", True)])
def test_half_of_the_fields_is_enough_where_half_is_asked(sheet: str, provisional: bool) -> None:
    rule = '[[risk.r.indicator]]\nid = "{0}"\nwhen = {{ field = "{0}", is = true }}\npoints = 1\n'
    four = "".join(rule.format(name) for name in ("core", "sla", "kpi", "redeployed"))
    rules = rules_of(f'[scoring]\nprovisional_below = 0.5\n[risk.r]\ntitle = "R"\nbase = 40\n{four}')
    found = score(assessed(sheet, rules), "r")
    assert (found["fields"], found["provisional"]) == (4, provisional)


def test_a_policy_without_risks_of_tasks_has_an_empty_ledger() -> None:
    found = assessed("core\nyes", rules_of(""))
    assert (found.ledger.height, found.rows.item(0, "risk_level")) == (0, "Low")
    assert found.ledger.columns == ["key", "risk", "rule", "kind", "field", "value", "points", "credit"]
    assert found.rule_status.columns == ["risk", "rule", "status", "hits", "why"]
    assert found.portfolio.columns == ["risk", "subject", "measure", "share", "known", "tasks", "severity", "why"]


def test_a_scored_risk_without_controls_has_nothing_that_would_lower_it() -> None:
    rules = rules_of('[risk.r]\ntitle = "R"\nbase = 40')
    (found,) = risks.explain(*stages("core\nyes"), rules, PERIOD, 0)
    assert (found.residual, found.levers) == (40, ())


def test_the_only_control_of_a_risk_is_named_alone() -> None:
    control = '[[risk.r.control]]\nid = "way-out"\nwhen = { field = "exit_plan", is = "exists" }\ncredit = 0.3'
    rules = rules_of(f'[risk.r]\ntitle = "R"\nbase = 60\n{control}')
    (found,) = risks.explain(*stages("exit_plan\nnone"), rules, PERIOD, 0)
    assert [(lever.controls, lever.residual) for lever in found.levers] == [(("way-out",), 42)]


def test_a_country_nobody_knows_has_no_overlap_and_no_verdict() -> None:
    found = assessed("delivery_country | realtime_needed\nXX | yes\nNZ | yes")
    assert severities(found, "time-zone-overlap") == {0: "Not assessed", 1: "High"}


@pytest.mark.parametrize(
    ("place", "zone", "severity"),
    [
        ("US", None, "Medium"),  # by New York: three hours with London
        ("US", "America/Los_Angeles", "High"),  # none
        ("US;GB", "America/Los_Angeles", "High"),
        ("GB;US", "Europe/London", "Medium"),  # the zone is that of the first, the least of all places counts
        ("US", "Europe/Lisbon", None),  # eight hours
    ],
)
def test_working_hours_are_those_of_the_city_named(place: str, zone: str | None, severity: str | None) -> None:
    inventory, placement = stages(f"delivery_country | realtime_needed\n{place} | yes")
    zones = pl.Series("delivery_zone", [zone], dtype=pl.String)
    object.__setattr__(inventory, "tasks", inventory.tasks.with_columns(zones))
    found = risks.assess(inventory, placement, policy.default(), PERIOD)
    assert severities(found, "time-zone-overlap").get(0) == severity


def test_lists_and_facts_stand_in_sentences_as_words() -> None:
    inventory, placement = stages("subcontractors\nBode plc;Cree")
    object.__setattr__(inventory, "raw", inventory.raw.drop("subcontractors"))
    found = risks.assess(inventory, placement, policy.default(), PERIOD)
    assert "sub-outsourced to Bode plc, Cree +5" in score(found, "misaligned-interests")["why"]


def test_a_word_without_its_cell_is_no_evidence() -> None:
    inventory, placement = stages("exit_plan\ntested")
    object.__setattr__(inventory, "raw", inventory.raw.drop("exit_plan"))
    found = risks.assess(inventory, placement, policy.default(), PERIOD)
    assert lines(found, "misaligned-interests")[1] == ("exit-plan", "credit", None, 0.056)


def test_more_tasks_than_a_stretch_are_assessed_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "critical | provider | annual_cost\n" + "critical | Ada | 10\n | Bode | 20\n" * 5
    whole = assessed(text)
    monkeypatch.setattr(assessing, "STRETCH", 3)
    parts = assessed(text)
    assert parts.rows.equals(whole.rows)
    assert parts.ledger.equals(whole.ledger)
    assert parts.scores.sort("risk", "key").equals(whole.scores.sort("risk", "key"))


def test_no_stage_changes_what_it_is_given() -> None:
    inventory, placement = stages("critical | provider | annual_cost\ncritical | Ada | 10")
    before = [frame.clone() for frame in (inventory.tasks, inventory.raw, inventory.status, placement.frame)]
    risks.assess(inventory, placement, policy.default(), PERIOD)
    after = (inventory.tasks, inventory.raw, inventory.status, placement.frame)
    assert all(left.equals(right) for left, right in zip(before, after, strict=True))
