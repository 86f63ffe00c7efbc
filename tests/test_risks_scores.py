"""Points and credits to scores: the worked checks, the bounds, and that every ledger re-adds."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from risks_case import PERIOD, assessed, lines, re_added, rules_of, score, severities, stages

from analyzer import policy, risks
from analyzer.fields import FIELDS
from analyzer.policy import Policy
from analyzer.risks import examples
from analyzer.terms import Field, Severity

MISALIGNED, HIRING = "misaligned-interests", "local-hiring-criticism"

HELPLINE = """
critical | pricing_model | substitutability | customer_facing | own_name | sla | kpi | owner | last_review | exit_plan
critical | t_and_m | medium | yes | yes | {sla} | {kpi} | {owner} | {review} | {exit}
"""


def helpline(sla: str = "", kpi: str = "", owner: str = "", review: str = "", exit_plan: str = "") -> str:
    return HELPLINE.format(sla=sla, kpi=kpi, owner=owner, review=review, exit=exit_plan)


def two(row: dict[str, object]) -> tuple[object, object, object]:
    return row["inherent"], row["residual"], row["severity"]


# The worked checks of the domain, with every credit evidenced by a reference or a date, without spend and FTE columns.


def test_a_minimal_sheet_gets_35_low_onshore_and_40_medium_offshore() -> None:
    found = assessed("task_name | location\nPayroll | onshore\nHelpline | offshore")
    assert [two(score(found, MISALIGNED, key)) for key in (0, 1)] == [(35, 35, "Low"), (40, 40, "Medium")]


def test_a_critical_helpline_under_own_name_is_75_high() -> None:
    assert two(score(assessed(helpline()), MISALIGNED)) == (75, 75, "High")


def test_its_evidenced_controls_bring_it_to_42_medium() -> None:
    controls = helpline("yes (S-1)", "yes (K-1)", "Noor", "2026-03-01", "tested (2026-03)")
    assert two(score(assessed(controls), MISALIGNED)) == (75, 42, "Medium")


def test_sixty_jobs_moved_a_year_ago_are_73_high_and_three_evidenced_controls_bring_45_medium() -> None:
    found = assessed(
        """
        home_fte_displaced | customer_facing | transition_date | redeployed | staff_consulted | location_disclosed
        60                 | yes             | 2025-10-31      |            |                 |
        60                 | yes             | 2025-10-31      | yes (R-1)  | yes (R-2)       | yes (R-3)
        """
    )
    assert [two(score(found, HIRING, key)) for key in (0, 1)] == [(73, 73, "High"), (73, 45, "Medium")]


def test_a_bare_yes_earns_seven_tenths_of_the_credit() -> None:
    found = assessed("sla | kpi\nyes | yes (K-1)")
    assert lines(found, MISALIGNED)[1:3] == [
        ("service-level", "credit", None, 0.084),
        ("reporting", "credit", None, 0.1),
    ]


@pytest.mark.parametrize(
    ("exit_plan", "credit"), [("tested", 0.056), ("tested (2026-03)", 0.08), ("exists", 0.035), ("exists, v2", 0.05)]
)
def test_a_word_is_evidence_only_with_a_reference_or_a_date(exit_plan: str, credit: float) -> None:
    inventory, placement = stages(f"exit_plan\n{exit_plan.split(maxsplit=1)[0].strip(',')}")
    named = inventory.raw.with_columns(pl.lit(exit_plan).alias("exit_plan"))
    object.__setattr__(inventory, "raw", named)
    found = risks.assess(inventory, placement, policy.default(), PERIOD)
    assert lines(found, MISALIGNED)[1] == ("exit-plan", "credit", None, credit)


@pytest.mark.parametrize(
    ("controls", "residual"),
    [
        ({}, (75, 75, "High")),
        ({"sla": "yes (S-1)"}, (75, 70, "High")),  # one alone: to the band's lower edge at most
        ({"sla": "yes", "kpi": "yes"}, (75, 70, "High")),  # two stated ones are no evidence
        ({"sla": "yes (S-1)", "kpi": "yes"}, (75, 70, "High")),
        ({"sla": "yes (S-1)", "kpi": "yes (K-1)"}, (75, 59, "Medium")),
    ],
)
def test_a_band_is_left_downwards_only_with_two_evidenced_controls(
    controls: dict[str, str], residual: tuple[int, int, str]
) -> None:
    assert two(score(assessed(helpline(**controls)), MISALIGNED)) == residual


def test_a_bare_offshore_row_stays_medium_with_one_control() -> None:
    assert two(score(assessed("owner\nNoor"), MISALIGNED)) == (40, 40, "Medium")


def test_the_band_edge_is_a_ledger_line_of_its_own() -> None:
    found = assessed(helpline(sla="yes (S-1)"))
    assert lines(found, MISALIGNED)[-1] == ("band-edge", "band edge", 4.0, None)
    assert "; held in its band: fewer than 2 evidenced controls." in score(found, MISALIGNED)["why"]


BOUNDS = """
[risk.r]
title = "R"
base = {base}
[[risk.r.indicator]]
id = "core"
when = {{ field = "core", is = true }}
points = {points}
[[risk.r.control]]
id = "sla"
when = {{ field = "sla", is = true }}
credit = {credit}
[[risk.r.control]]
id = "kpi"
when = {{ field = "kpi", is = true }}
credit = {credit}
"""


def bounded(base: float = 40, points: float = 0, credit: float = 0, more: str = "") -> Policy:
    return rules_of(more + BOUNDS.format(base=base, points=points, credit=credit))


BOTH = "core | sla | kpi\nyes | yes (1) | yes (2)"


@pytest.mark.parametrize(
    ("base", "points", "inherent", "severity"),
    [
        (39, 0, 39, "Low"),
        (39.4, 0, 39, "Low"),
        (39.5, 0, 40, "Medium"),  # half-up first, then the band
        (40, 0, 40, "Medium"),
        (69, 0.4, 69, "Medium"),
        (69, 0.5, 70, "High"),
        (69, 1, 70, "High"),
        (60, 40, 100, "High"),
        (60, 41, 100, "High"),
        (100, 100, 100, "High"),
    ],
)
def test_j7_inherent_is_the_sum_at_most_100_rounded_half_up_then_banded(
    base: float, points: float, inherent: int, severity: str
) -> None:
    found = score(assessed("core\nyes", bounded(base, points)), "r")
    assert two(found) == (inherent, inherent, severity)


@pytest.mark.parametrize(
    ("base", "credit", "residual"),
    [
        (60, 0.30, 24),  # 60 % in all, the cap
        (60, 0.31, 24),  # over it
        (60, 0.29, 25),  # 25.2
        (50, 0.01, 49),
        (90, 0.25, 45),
        (90, 0.30, 40),  # 36: the floor of a High inherent score
        (70, 0.30, 40),  # 28
        (69, 0.30, 28),  # 27.6: no floor under Medium
        (45, 0.15, 32),  # 31.5 goes up
    ],
)
def test_residual_is_what_the_credits_leave(base: float, credit: float, residual: int) -> None:
    assert score(assessed(BOTH, bounded(base, 0, credit)), "r")["residual"] == residual


@pytest.mark.parametrize(("base", "residual"), [(39, 31), (40, 40), (50, 40), (69, 55), (70, 70), (90, 72)])
def test_one_control_alone_holds_a_score_in_its_band(base: float, residual: int) -> None:
    found = score(assessed("core | sla\nno | yes (S-1)", bounded(base, 0, 0.2)), "r")
    assert found["residual"] == residual


def test_a_reference_to_what_is_not_there_is_no_control() -> None:
    plan = '[[risk.r.control]]\nid = "plan"\nwhen = { field = "exit_plan", is = "tested" }\ncredit = 0.1\n'
    rules = rules_of(BOUNDS.format(base=50, points=0, credit=0.3) + plan)
    found = assessed("core | sla | kpi | exit_plan\nno | yes (S-1) | none | none (2026-03)", rules)
    assert score(found, "r")["residual"] == 40  # one control alone holds it in its band


def test_cap_and_floor_are_ledger_lines() -> None:
    found = assessed(BOTH, bounded(95, 10, 0.4))
    assert lines(found, "r") == [
        ("base", "base", 95.0, None),
        ("core", "points", 10.0, None),
        ("sla", "credit", None, 0.4),
        ("kpi", "credit", None, 0.4),
        ("at-most-100", "cap", -5.0, None),
        ("credit-cap", "cap", None, -0.2),
    ]
    assert lines(assessed(BOTH, bounded(70, 0, 0.4)), "r")[-1] == ("floor", "floor", 12.0, None)


def test_a_policy_moves_bands_cap_floor_and_stated_share() -> None:
    more = """
        bands = { medium = 30, high = 50 }
        [scoring]
        credit_cap = 0.5
        floor = 35
        stated_share = 0.5
        controls_to_leave_band = 0
    """
    found = assessed("core | sla | kpi\nyes | yes (1) | yes (2)\nyes | yes |", bounded(60, 0, 0.4, more))
    assert two(score(found, "r", 0)) == (60, 35, "Medium")
    assert two(score(found, "r", 1)) == (60, 48, "Medium")


# Coverage and provisional


def test_coverage_counts_the_present_fields_of_indicators_and_controls() -> None:
    found = score(assessed("critical | sla | function\ncritical | | Support"), MISALIGNED)
    assert (found["known"], found["fields"], found["provisional"]) == (1, 21, True)
    assert "Provisional: 1 of 21 fields known." in found["why"]


@pytest.mark.parametrize(("known", "provisional"), [(8, True), (9, False)])
def test_under_forty_percent_a_score_is_provisional(known: int, provisional: bool) -> None:
    values = {
        "pricing_model": "fixed", "critical": "normal", "core": "no", "substitutability": "easy",
        "customer_facing": "no", "own_name": "no", "provider_conflict": "no", "sla": "none", "kpi": "none",
    }  # fmt: skip
    chosen = dict(list(values.items())[:known])
    found = score(assessed(f"{' | '.join(chosen)}\n{' | '.join(chosen.values())}"), MISALIGNED)
    assert (found["known"], found["provisional"]) == (known, provisional)


# The level of a row


def test_the_level_is_the_worst_severity_of_the_rows_own_risks() -> None:
    rows = assessed(
        """
        sourcing   | location | in_person
        outsourced | onshore  |
        outsourced | offshore | no
        outsourced | offshore | required
        in-house   | onshore  |
        """
    ).rows
    assert rows.get_column("risk_level").to_list() == ["Low", "Medium", "High", "Low"]
    assert rows.row(2, named=True)["risks"] == "In-person conflict, Misaligned interests, Local-hiring criticism"
    assert rows.row(3, named=True)["why"] == "No risk of its own found."


def test_risks_of_one_score_stand_in_the_order_of_the_policy() -> None:
    risk = '[risk.{0}]\ntitle = "{1}"\nbase = 40\n'
    rows = assessed("core\nyes", rules_of(risk.format("z", "First") + risk.format("a", "Second"))).rows
    assert rows.select("risk_level", "risks", "not_assessed").rows() == [("Medium", "First, Second", "")]


def test_of_one_severity_the_higher_score_comes_first_and_a_verdict_last() -> None:
    when = '{ field = "core", is = true }'
    verdict = f'[risk.c]\ntitle = "C"\n[[risk.c.rule]]\nid = "a"\nseverity = "Medium"\nwhen = {when}\n'
    scores = '[risk.a]\ntitle = "A"\nbase = 45\n[risk.b]\ntitle = "B"\nbase = 60\n'
    rows = assessed("core\nyes", rules_of(verdict + scores)).rows
    assert rows.item(0, "risks") == "B, A, C"


def test_a_ledger_of_bases_alone_has_the_types_of_any_other() -> None:
    bare = assessed("core\nyes", rules_of('[risk.r]\ntitle = "R"\nbase = 40')).ledger
    assert bare.schema == assessed("critical\ncritical").ledger.schema


def test_concentration_never_raises_the_level_of_a_row() -> None:
    found = assessed("location | provider | annual_cost\nonshore | Ada Ltd | 100")
    assert found.portfolio.filter(pl.col("severity") == "High").height == 1
    assert found.rows.item(0, "risk_level") == "Medium"  # 35 + 8 for the dependence, no more


def test_unknown_axes_are_assessed_as_far_as_they_go() -> None:
    rows = assessed(
        """
        sourcing   | location
        outsourced |
                   | offshore
                   |
        """
    )
    assert severities(rows, MISALIGNED) == {0: "Low", 1: "Not assessed", 2: "Not assessed"}
    assert severities(rows, HIRING) == {0: "Not assessed", 1: "Medium", 2: "Not assessed"}
    assert "place unknown: the onshore base" in score(rows, MISALIGNED)["why"]
    assert rows.rows.get_column("risk_level").to_list() == ["Low", "Medium", "Not assessed"]
    assert rows.rows.item(0, "not_assessed").startswith("Local-hiring criticism")


def test_ended_tasks_are_not_assessed_and_planned_ones_are() -> None:
    rows = assessed("status\nended\nplanned").rows
    assert rows.select("risk_level", "why").rows()[0] == ("Not assessed", "Ended: risks are not assessed.")
    assert rows.item(1, "risk_level") == "Medium"


def test_an_inventory_without_tasks_has_empty_frames() -> None:
    found = assessed("task_name | critical\n")
    assert (found.scores.height, found.ledger.height, found.rows.height) == (0, 0, 0)
    assert set(found.rule_status.get_column("status")) == {"not run", "nothing found"}


def test_any_offshore_share_is_criticised_even_where_most_is_at_home() -> None:
    inventory, placement = stages("location\nonshore\nonshore")
    shared = placement.frame.with_columns(pl.Series("offshore_share", [0.3, 0.0]))
    object.__setattr__(placement, "frame", shared)
    found = risks.assess(inventory, placement, policy.default(), PERIOD)
    assert severities(found, HIRING) == {0: "Medium"}


# Sentences


def test_a_sentence_names_every_point_and_credit() -> None:
    why = score(assessed(helpline("yes (S-1)", "yes", "Noor")), MISALIGNED)["why"]
    assert why == (
        "Misaligned interests 75 → 56 Medium: base for outsourced work offshore 40; paid by time +10; critical +15; "
        "medium effort to substitute +4; customers meet it under our name +6; service level −12 %; "
        "regular reporting (stated, no reference) −7 %; named owner −6 %. Provisional: 8 of 21 fields known."
    )


def test_a_rule_without_words_is_said_by_its_field_and_value() -> None:
    why = score(assessed("core\nyes", bounded(40, 10)), "r")["why"]
    assert why == "R 50 Medium: always 40; core yes +10. Provisional: 1 of 3 fields known."


@pytest.mark.parametrize(
    ("policy_", "table", "step"),
    [
        (bounded(100, 0.001), "core\nyes", "; no more than 100."),
        (bounded(60, 0, 0.300001), BOTH, "; credits count up to 60 %."),
        (bounded(90, 0, 0.3), BOTH, "; held at the floor for a high inherent score."),
        (bounded(50, 0, 0.3), "core | sla\nno | yes (1)", "; held in its band: fewer than 2 evidenced controls."),
        (bounded(100, 0, 0.3), "core | sla | kpi\nyes | |", "R 100 High: always 100."),
    ],
)
def test_what_bounds_a_score_is_said(policy_: Policy, table: str, step: str) -> None:
    why = score(assessed(table, policy_), "r")["why"]
    assert why.partition(" Provisional")[0].endswith(step)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("Bode\nplc", "Bode plc"),
        ("  Bode \n plc ", "Bode plc"),
        ("B" * 80, "B" * 80),
        ("B" * 79 + "CD", "B" * 79 + "C"),
    ],
)
def test_a_cell_in_a_sentence_is_one_line_of_eighty_characters_at_most(cell: str, shown: str) -> None:
    inventory, placement = stages("subcontractors\nBode plc")
    object.__setattr__(inventory, "raw", inventory.raw.with_columns(pl.lit(cell).alias("subcontractors")))
    why = score(risks.assess(inventory, placement, policy.default(), PERIOD), MISALIGNED)["why"]
    assert f"sub-outsourced to {shown} +5" in why


def test_sentences_show_the_cells_as_read_on_one_line_and_cut_long_ones() -> None:
    inventory, placement = stages("subcontractors\nBode plc")
    long = "Bode\nplc " + "x" * 200
    object.__setattr__(inventory, "raw", inventory.raw.with_columns(pl.lit(long).alias("subcontractors")))
    why = score(risks.assess(inventory, placement, policy.default(), PERIOD), MISALIGNED)["why"]
    assert "sub-outsourced to Bode plc xxx" in why
    assert "x" * 80 not in why


# What always holds

CELLS: dict[Field, tuple[str, ...]] = {name: (*FIELDS[name].values, "") for name in FIELDS if FIELDS[name].values}
CELLS |= {
    Field.HOME_FTE_DISPLACED: ("", "0", "9", "60"),
    Field.LAST_REVIEW: ("", "2020-01-01", "2026-05-01"),
    Field.END_DATE: ("", "2026-01-01", "2026-12-31"),
    Field.FTE: ("", "0", "1", "12.5"),
    Field.ANNUAL_COST: ("", "0", "100", "250.5"),
    Field.OWNER: ("", "Noor"),
    Field.FUNCTION: ("", "Support", "IT"),
    Field.SUBCONTRACTORS: ("", "Bode plc"),
}
AXIS = {"sourcing": ("outsourced", "in-house", "mixed", ""), "location": ("onshore", "offshore", "mixed", "")}


@st.composite
def tables(draw: st.DrawFn) -> str:
    names = draw(st.lists(st.sampled_from(sorted(CELLS)), max_size=12, unique=True))
    columns: dict[str, tuple[str, ...]] = AXIS | {name.value: CELLS[name] for name in names}
    rows = draw(st.lists(st.tuples(*(st.sampled_from(values) for values in columns.values())), min_size=1, max_size=6))
    return "\n".join(" | ".join(row) for row in [tuple(columns), *rows])


def band(score: float) -> str:
    """The band of a printed score, as the contract has it."""
    return "Low" if score < 40 else "Medium" if score < 70 else "High"


@given(tables())
@settings(max_examples=40, deadline=None)
def test_ledgers_re_add_and_levels_are_the_worst(text: str) -> None:
    header, rows = examples.table(text, "test")
    if not rows:
        return
    found = risks.assess(*examples.stages(header, rows), policy.default(), PERIOD)
    assert found.rows.height == len(rows)
    for row in found.scores.filter(pl.col("residual").is_not_null()).rows(named=True):
        assert re_added(lines(found, row["risk"], row["key"])) == (row["inherent"], row["residual"])
        assert row["residual"] <= row["inherent"] <= 100
        assert row["severity"] == band(row["residual"])
    order = ("Low", "Medium", "High")
    for key, level in found.rows.select("key", "risk_level").rows():
        own = found.scores.filter((pl.col("key") == key) & (pl.col("severity") != Severity.NOT_ASSESSED))
        worst = max(own.get_column("severity"), key=order.index, default=None)
        assert level == worst if worst else level in {"Low", "Not assessed"}


def test_a_task_without_a_place_and_one_without_a_risk_say_so() -> None:
    shown = assessed("sourcing | location\nunknown | unknown\nin_house | onshore").rows.drop("not_assessed")
    assert shown.rows() == [
        (0, "Not assessed", "", "Not assessed: who performs the task or where is unknown."),
        (1, "Low", "", "No risk of its own found."),
    ]
