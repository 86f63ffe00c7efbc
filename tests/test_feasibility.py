"""Where a task could be done, who is a candidate, and what a move might be worth. Home is GB, the sheet is called T."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import builders
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from analyzer import feasibility, risks
from analyzer.messages import CATALOGUE, render
from analyzer.model import Decisions, Inventory, Outlook, Placement, no_decisions
from analyzer.period import Period
from analyzer.policy import Policy, default
from analyzer.policy.schema import Condition, GateRule, Hint
from analyzer.quadrant import place
from analyzer.settings import Settings
from analyzer.terms import PLACED, Feasibility, Field

PERIOD = Period(2026, 10)
YES, IF_, NO, UNKNOWN = Feasibility.FEASIBLE, Feasibility.CONDITIONAL, Feasibility.NOT_FEASIBLE, Feasibility.UNKNOWN
IO, OO, IF, OF = "In-house onshore", "Outsourced onshore", "In-house offshore", "Outsourced offshore"
NOTHING = "No rule stands against it"


def seen(
    inventory: Inventory,
    policy: Policy | None = None,
    settings: Settings | None = None,
    decisions: Decisions | None = None,
) -> tuple[Outlook, Placement | None]:
    """The outlook of an inventory, and the hypothetical placement behind it, in the order of the pipeline."""
    rules, company, decided = policy or default(), settings or Settings(), decisions or no_decisions()
    placement = place(inventory, decided, company)
    look: dict[str, Any] = {"decisions": decided, "as_of": PERIOD.as_of}
    moved = feasibility.hypothetical(inventory, placement, rules, company, **look)
    before = risks.assess(inventory, placement, rules, PERIOD)
    after = risks.assess(inventory, moved, rules, PERIOD) if moved else None
    return feasibility.outlook(inventory, placement, before, rules, after, company, **look), moved


def outlook(text: str, **options: Any) -> Outlook:
    return seen(builders.inventory(text, sheet="T"), **options)[0]


def first(text: str, **options: Any) -> dict[str, Any]:
    return outlook(text, **options).frame.row(0, named=True)


def answers(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(row[quadrant.value] for quadrant in PLACED)


# --- the article's rows


def test_a_helpline_could_be_done_in_all_four_quadrants() -> None:
    row = first("task_name | provider | delivery_country | in_person\nService helpline | | GB | no")
    assert answers(row) == (YES, YES, YES, YES)
    assert row["could_move_to"] == "Outsourced onshore, In-house offshore, Outsourced offshore"


def test_a_centre_that_clients_walk_into_stays_onshore_and_may_be_outsourced() -> None:
    row = first("task_name | provider | delivery_country | in_person\nWalk-in centre | | GB | required")
    assert answers(row) == (YES, YES, NO, NO)
    assert row["could_move_to"] == OO
    assert row["In-house offshore why"] == 'In person = "required" (T!D2): it must be done in person'
    assert row["Outsourced offshore why"] == row["In-house offshore why"]
    assert row["In-house onshore why"] == "No gate stands before it"


# --- the gates, both sides of each rule

OFFSHORE = [
    ("in_person", "required", NO, "it must be done in person"),
    ("in_person", "partly", IF_, "a part must be done in person"),
    ("in_person", "no", YES, NOTHING),
    ("in_person", "", UNKNOWN, "In person (T!B2) is blank"),
    ("residency_required", "yes", NO, "data may not leave the country"),
    ("residency_required", "partly", IF_, "some data may not leave the country"),
    ("residency_required", "no", YES, NOTHING),
    ("residency_required", "", YES, NOTHING),
    ("licence_required", "yes", NO, "only someone licensed at home may do it"),
    ("licence_required", "partly", IF_, "a part needs a licence of the home country"),
    ("licence_required", "no", YES, NOTHING),
    ("clearance_required", "yes", NO, "a security clearance is needed"),
    ("clearance_required", "partly", IF_, "a part needs a security clearance"),
    ("clearance_required", "no", YES, NOTHING),
    ("must_stay_inhouse", "F", NO, "the law keeps it (reason F)"),
    ("must_stay_inhouse", "A", YES, NOTHING),
    ("realtime_needed", "yes", IF_, "it needs two shared working hours or more with home"),
    ("realtime_needed", "partly", IF_, "it needs two shared working hours or more with home"),
    ("realtime_needed", "no", YES, NOTHING),
    ("language", "German", IF_, "it is done in the home language"),
    ("language", "English", YES, NOTHING),
    ("personal_data", "yes", IF_, "personal data need a legal basis for the transfer"),
    ("personal_data", "no", YES, NOTHING),
]
OUTSOURCE = [
    ("must_stay_inhouse", "F", NO, "the law keeps it in-house (reason F)"),
    ("must_stay_inhouse", "A", NO, "it was decided that it stays in-house"),
    ("must_stay_inhouse", "yes, by the board", NO, "it was decided that it stays in-house"),
    ("must_stay_inhouse", "B", YES, NOTHING),
    ("must_stay_inhouse", "C", IF_, "a competition or a restructuring decision is pending (reason C or E)"),
    ("must_stay_inhouse", "E", IF_, "a competition or a restructuring decision is pending (reason C or E)"),
    ("must_stay_inhouse", "no", YES, NOTHING),
    ("must_stay_inhouse", "", YES, NOTHING),
    ("core", "yes", NO, "it is core work"),
    ("core", "partly", IF_, "a part is core work"),
    ("core", "no", YES, NOTHING),
    ("critical", "critical", IF_, "it is critical: an exit plan and notice to the supervisor first"),
    ("critical", "important", YES, NOTHING),
    ("critical", "normal", YES, NOTHING),
    ("fte", "0.49", IF_, "less than half an FTE is little to manage a provider for"),
    ("fte", "0.5", YES, NOTHING),
    ("fte", "", YES, NOTHING),
]


@pytest.mark.parametrize(("field", "value", "verdict", "why"), OFFSHORE)
def test_the_gate_abroad(field: str, value: str, verdict: Feasibility, why: str) -> None:
    in_person = "" if field == "in_person" else " | in_person"
    cell = "" if field == "in_person" else " | no"
    row = first(f"task_name | {field}{in_person}\nTask | {value}{cell}")
    assert row[IF] == verdict
    assert why in row["In-house offshore why"]
    if verdict in {NO, IF_}:
        assert row["In-house offshore why"].endswith(f' = "{value}" (T!B2): {why}')


@pytest.mark.parametrize(("field", "value", "verdict", "why"), OUTSOURCE)
def test_the_gate_to_a_provider(field: str, value: str, verdict: Feasibility, why: str) -> None:
    row = first(f"task_name | {field}\nTask | {value}")
    assert row[OO] == verdict
    assert why in row["Outsourced onshore why"]
    if verdict in {NO, IF_}:
        assert row["Outsourced onshore why"].endswith(f' = "{value}" (T!B2): {why}')


@pytest.mark.parametrize(("basis", "verdict"), [("scc", YES), ("adequacy", YES), ("none", IF_), ("", IF_)])
def test_personal_data_need_a_legal_basis(basis: str, verdict: Feasibility) -> None:
    row = first(f"task_name | in_person | personal_data | transfer_basis\nTask | no | yes | {basis}")
    assert row[IF] == verdict


@pytest.mark.parametrize(
    ("in_person", "core", "expected"),
    [
        ("no", "no", (YES, YES, YES, YES)),
        ("no", "partly", (YES, IF_, YES, IF_)),
        ("no", "yes", (YES, NO, YES, NO)),
        ("partly", "no", (YES, YES, IF_, IF_)),
        ("partly", "partly", (YES, IF_, IF_, IF_)),
        ("partly", "yes", (YES, NO, IF_, NO)),
        ("", "no", (YES, YES, UNKNOWN, UNKNOWN)),
        ("", "partly", (YES, IF_, UNKNOWN, UNKNOWN)),
        ("", "yes", (YES, NO, UNKNOWN, NO)),
        ("required", "no", (YES, YES, NO, NO)),
        ("required", "yes", (YES, NO, NO, NO)),
    ],
)
def test_both_gates_join_and_the_worse_one_counts(in_person: str, core: str, expected: tuple[str, ...]) -> None:
    row = first(f"task_name | in_person | core\nTask | {in_person} | {core}")
    assert answers(row) == expected
    far, away, both = (row[f"{name} why"] for name in (IF, OO, OF))
    if row[IF] == row[OO] == YES:
        assert both.startswith(NOTHING)
    elif row[IF] == row[OO]:
        assert both == f"{far}; {away}"
    else:
        assert both == (far if row[OF] == row[IF] else away)


def test_of_several_rules_the_worst_verdict_speaks() -> None:
    row = first("task_name | in_person | residency_required | realtime_needed\nTask | required | yes | yes")
    assert row["In-house offshore why"] == (
        'In person = "required" (T!B2): it must be done in person; '
        'Data residency required = "yes" (T!C2): data may not leave the country'
    )


def test_what_was_not_assessed_is_named_once() -> None:
    row = first("task_name | in_person | core\nTask | no |")
    assert row["Outsourced onshore why"] == f"{NOTHING}; not assessed: Must stay in-house, Core, Criticality, FTE"
    assert row["Outsourced offshore why"].count("Must stay in-house") == 1


def test_a_row_that_answers_everything_has_nothing_left_to_ask() -> None:
    row = first("task_name | must_stay_inhouse | core | critical | fte\nTask | no | no | normal | 2")
    assert row["Outsourced onshore why"] == NOTHING


def test_an_absent_column_and_an_unread_cell_are_told_apart_from_a_blank() -> None:
    assert first("task_name\nTask")["In-house offshore why"] == 'No column "In person"'
    inventory = builders.inventory("task_name | in_person\nTask | perhaps", sheet="T")
    unread = replace(inventory, tasks=inventory.tasks.with_columns(in_person=pl.lit(None, pl.String)))
    row = seen(unread)[0].frame.row(0, named=True)
    assert (row[IF], row["In-house offshore why"]) == (UNKNOWN, 'In person = "perhaps" (T!B2) is not understood')


# --- what a person approved


def approved(**changes: Any) -> Decisions:
    given_ = {"decision_owner": "L. Brandt", "decision_due": date(2026, 9, 1), **changes}
    decided = builders.decisions({0: given_.pop("quadrant", OO)})
    return replace(
        decided, frame=decided.frame.with_columns(pl.lit(value).alias(name) for name, value in given_.items())
    )


@pytest.mark.parametrize("cells", ["core\nTask | yes", "must_stay_inhouse\nTask | A"])
def test_a_name_and_a_date_turn_a_decision_to_stay_into_a_condition(cells: str) -> None:
    row = first(f"task_name | {cells}", decisions=approved())
    assert row[OO] == IF_
    assert row["Outsourced onshore why"].endswith("; outsourcing approved by L. Brandt, 2026-09-01")


@pytest.mark.parametrize(
    "changes",
    [
        {"decision_owner": None},
        {"decision_owner": "  "},
        {"decision_due": None},
        {"quadrant": IF},
        {"key": None},
    ],
)
def test_without_name_date_or_the_quadrant_nothing_is_approved(changes: dict[str, Any]) -> None:
    decisions = approved(**changes)
    kept = replace(
        decisions, frame=decisions.frame.cast({"key": pl.UInt32, "decision_owner": pl.String, "decision_due": pl.Date})
    )
    assert first("task_name | core\nTask | yes", decisions=kept)[OO] == NO


def test_no_approval_lifts_what_the_law_keeps() -> None:
    assert first("task_name | must_stay_inhouse\nTask | F", decisions=approved())[OO] == NO


def test_an_approval_of_what_no_rule_forbids_changes_nothing() -> None:
    row = first(
        "task_name | core | must_stay_inhouse | critical | fte\nTask | no | no | normal | 2", decisions=approved()
    )
    assert (row[OO], row["Outsourced onshore why"]) == (YES, NOTHING)


def test_two_approvals_of_a_task_lose_no_row() -> None:
    twice = approved()
    doubled = replace(twice, frame=pl.concat([twice.frame, approved(decision_owner="R. Osei").frame]))
    found = outlook("task_name | core\nTask | yes", decisions=doubled)
    assert found.frame.height == 1
    assert "R. Osei" in found.frame.item(0, "Outsourced onshore why")


# --- the policy's own rules


def ruled(**gates: Any) -> Policy:
    rules = default()
    return rules.model_copy(update={"feasibility": rules.feasibility.model_copy(update=gates)})


def test_a_rule_that_is_off_says_nothing() -> None:
    rules = default().feasibility.offshore
    off = tuple(rule.model_copy(update={"off": rule.id == "in-person"}) for rule in rules)
    assert first("task_name | in_person\nTask | required", policy=ruled(offshore=off))[IF] == YES


def test_gates_without_rules_let_everything_through() -> None:
    row = first("task_name\nTask", policy=ruled(offshore=(), outsource=(), hint=()))
    assert answers(row) == (YES, YES, YES, YES)
    assert row["Outsourced offshore why"] == NOTHING


def test_a_rule_without_a_field_speaks_without_a_cell() -> None:
    rule = GateRule(id="never", when=Condition(always=True), verdict="not feasible", because="the board said so")
    row = first("task_name\nTask", policy=ruled(outsource=(rule,)))
    assert (row[OO], row["Outsourced onshore why"]) == (NO, "the board said so")


def test_a_rule_quotes_the_first_of_its_fields_that_the_sheet_has() -> None:
    either = {"any": [{"field": "core", "is": "yes"}, {"field": "critical", "is": "critical"}]}
    rule = GateRule(id="either", when=Condition.model_validate(either), verdict="conditional", because="one of them")
    row = first("task_name | critical\nTask | critical", policy=ruled(outsource=(rule,)))
    assert row["Outsourced onshore why"] == 'Criticality = "critical" (T!B2): one of them'


def test_a_needed_rule_on_a_computed_fact_is_unknown_where_it_cannot_be_asked() -> None:
    rule = GateRule(
        id="far",
        when=Condition.model_validate({"field": "location", "is": "offshore"}),
        verdict="conditional",
        because="far",
        needed=True,
    )
    row = first("task_name\nTask", policy=ruled(outsource=(rule,)))
    assert (row[OO], row["Outsourced onshore why"]) == (UNKNOWN, "Not assessed: far")


# --- words suggest, and never decide


@pytest.mark.parametrize(
    ("task", "word"),
    [
        ("Office cleaning", "cleaning"),
        ("REPAIR of lifts", "repair"),
        ("Büroreinigung", None),
        ("Reinigung der Büros", "reinigung"),
        ("Recepción de clientes", "recepcion"),
        ("Front  desk Leeds", "front desk"),
        ("Unclean data", None),
        ("Payroll", None),
    ],
)
def test_words_suggest_in_person_work(task: str, word: str | None) -> None:
    found = outlook(f"task_name | in_person\n{task} |")
    row = found.frame.row(0, named=True)
    assert row[IF] == UNKNOWN
    said = f'; "{word}" in Task (T!A2) suggests in-person work'
    assert row["In-house offshore why"].replace("front  desk", "front desk").endswith(said) == (word is not None)
    assert [finding.code for finding in found.findings] == (["words-suggest"] if word else [])


def test_a_hint_is_silent_where_the_cell_is_filled_and_names_its_rows() -> None:
    found = outlook("task_name | in_person\nCleaning | no\nCleaning |\nGuarding |\nBooks |")
    (finding,) = found.findings
    assert (finding.count, finding.cells) == (2, ("T!A3", "T!A4"))
    assert finding.values == {"suggests": "in-person work", "column": "In person"}
    assert found.frame.item(0, IF) == YES
    assert "suggests" not in found.frame.item(0, "In-house offshore why")


def test_hints_search_the_description_too_and_may_be_unconditional() -> None:
    hint = Hint(id="desk", words=("desk",), fields=("task_name", "description"), suggests="a desk")
    found = outlook("task_name | description | in_person\nX | help desk | no", policy=ruled(hint=(hint,)))
    assert found.frame.item(0, "In-house offshore why").endswith('"desk" in Description (T!B2) suggests a desk')
    assert found.findings[0].values == {"suggests": "a desk", "column": ""}


def test_a_hint_names_five_cells_at_most_and_none_it_does_not_know() -> None:
    table = "task_name | in_person" + "\nCleaning |" * 6
    (finding,) = outlook(table).findings
    assert (finding.count, finding.cells) == (6, tuple(f"T!A{row}" for row in range(2, 7)))
    (bare,) = seen(replace(builders.inventory(table), columns=()))[0].findings
    assert (bare.count, bare.cells) == (6, ())


def test_a_hint_without_words_suggests_nothing() -> None:
    hint = Hint(id="desk", words=(), fields=("task_name",), suggests="a desk")
    assert outlook("task_name\nX", policy=ruled(hint=(hint,))).findings == ()


def test_two_hints_stand_beside_one_another() -> None:
    hints = tuple(Hint(id=word, words=(word,), fields=("task_name",), suggests=word) for word in ("help", "desk"))
    why = outlook("task_name | in_person\nHelp desk | no", policy=ruled(hint=hints)).frame.item(
        0, "In-house offshore why"
    )
    assert why.endswith('; "help" in Task (T!A2) suggests help; "desk" in Task (T!A2) suggests desk')


# --- candidates of small firms

SMALL = "task_name | provider | delivery_country | fte | company_headcount | skill_shortage | core | status"


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ("Bookkeeping | | GB | 0.3 | 40 | stated | |",
         'Outsourcing candidate, no in-house capacity: Skill shortage = "stated" (T!F2); 0.3 FTE in a firm of'),
        ("Bookkeeping | | GB | 0.3 | 50 | evidenced | |", "Outsourcing candidate"),
        ("Bookkeeping | | GB | 0.99 | 40 | stated | |", "Outsourcing candidate"),
        ("Bookkeeping | | GB | 0.3 | 1 | stated | |", "Outsourcing candidate"),
        ("Contract law | | GB | 0.3 | 40 | | |",
         '"contract" in Task (T!A2) suggests specialist work; 0.3 FTE in a firm of 40 people: an outsourcing'),
        ("Contract law | | GB | 0.3 | 40 | none | |", None),
        ("Bookkeeping | | GB | 0.3 | 40 | | |", None),
        ("Bookkeeping | | GB | 0.3 | 51 | stated | |", None),
        ("Bookkeeping | | GB | 0.3 | 0 | stated | |", None),
        ("Bookkeeping | | GB | 1 | 40 | stated | |", None),
        ("Bookkeeping | | GB | 0 | 40 | stated | |", None),
        ("Bookkeeping | | GB | | 40 | stated | |", None),
        ("Bookkeeping | | GB | 0.3 | | stated | |", None),
        ("Bookkeeping | Acme | GB | 0.3 | 40 | stated | |", None),
        ("Bookkeeping | | GB | 0.3 | 40 | stated | yes |", None),
        ("Bookkeeping | | GB | 0.3 | 40 | stated | | ended", None),
    ],
)  # fmt: skip
def test_a_small_firm_s_candidates(cells: str, sentence: str | None) -> None:
    candidate = first(f"{SMALL}\n{cells}")["candidate"]
    assert (candidate or "").startswith(sentence or "")
    assert (candidate is None) == (sentence is None)


def test_the_head_count_may_stand_in_the_settings() -> None:
    table = "task_name | provider | delivery_country | fte | skill_shortage\nTax | | GB | 0.2 | stated"
    small = Settings.model_validate({"company": {"headcount": 12}})
    assert first(table, settings=small)["candidate"].endswith("0.2 FTE in a firm of 12 people")
    assert first(table)["candidate"] is None


# --- savings

MONEY = "task_name | provider | delivery_country | in_person | annual_cost | home_cost_benchmark | target_cost"


def saving(cells: str, header: str = MONEY, **options: Any) -> dict[str, Any]:
    (row,) = outlook(f"{header}\n{cells}", **options).savings.rows(named=True)
    return row


def test_the_worked_example_of_a_hundred_in_house_against_forty_five_quoted() -> None:
    row = saving("Helpline | | GB | no | 100 | | 45")
    assert (row["low"], row["base"], row["high"]) == (29.35, 38.8, 48.25)
    assert (row["baseline"], row["price"], row["currency"], row["to"]) == (100, 45, "GBP", OF)
    assert row["why"] == (
        'Annual cost = "100" (T!E2); Target cost = "45" (T!G2); the price is taken to be for Outsourced offshore: '
        "29 to 48 a year, about 39, with hidden costs of 15% to 57% of the price; "
        "one-off costs of the move are not in it"
    )


def test_a_loss_is_shown_as_one() -> None:
    row = saving("Helpline | | GB | no | 100 | | 90")
    assert (row["low"], row["base"], row["high"]) == (-41.3, -22.4, -3.5)
    assert ": -41 to -3.5 a year, about -22," in row["why"]


@pytest.mark.parametrize("cost", ["", "0"])
def test_the_benchmark_stands_in_where_the_cost_is_blank_or_nothing(cost: str) -> None:
    row = saving(f"Helpline | | GB | no | {cost} | 200 | 45")
    assert row["baseline"] == 200
    assert row["why"].startswith('Home cost benchmark = "200" (T!F2); ')


@pytest.mark.parametrize(("cost", "benchmark", "baseline"), [("0.5", "200", 0.5), ("", "0.5", 0.5)])
def test_amounts_under_one_are_amounts(cost: str, benchmark: str, baseline: float) -> None:
    row = saving(f"Helpline | | GB | no | {cost} | {benchmark} | 0.25")
    assert (row["baseline"], row["price"]) == (baseline, 0.25)


def test_savings_are_said_to_the_hundredth() -> None:
    row = saving("Helpline | | GB | no | 100 | | 33.333")
    assert (row["low"], row["base"], row["high"]) == (47.67, 54.67, 61.67)


def test_prices_in_another_currency_are_counted_and_the_first_cells_named() -> None:
    table = f"{MONEY} | target_cost_currency" + "\nA | | GB | no | 100 | | 45 | EUR" * 6
    (finding,) = outlook(table).findings
    assert (finding.count, finding.cells) == (6, tuple(f"T!G{row}" for row in range(2, 7)))
    (bare,) = seen(replace(builders.inventory(table), columns=()))[0].findings
    assert (bare.count, bare.cells) == (6, ())


@pytest.mark.parametrize(
    "cells",
    [
        "Helpline | | GB | no | 100 | |",
        "Helpline | | GB | no | | | 45",
        "Helpline | | GB | no | 0 | 0 | 45",
        "Helpline | | GB | no | 100 | | -1",
    ],
)
def test_without_both_amounts_there_is_no_estimate(cells: str) -> None:
    found = outlook(f"{MONEY}\n{cells}")
    assert (found.savings.height, found.excluded) == (0, 1)


def test_a_price_of_nothing_is_a_price() -> None:
    assert saving("Helpline | | GB | no | 100 | | 0")["low"] == 100


def test_tasks_without_an_estimate_are_counted() -> None:
    found = outlook(f"{MONEY}\nA | | GB | no | 100 | | 45\nB | | GB | no | 100 | |\nC | | GB | no | | | 4")
    assert (found.savings.get_column("key").to_list(), found.excluded) == ([0], 2)


@pytest.mark.parametrize("status", ["planned", "ended"])
def test_what_does_not_run_has_no_saving(status: str) -> None:
    assert outlook(f"{MONEY} | status\nA | | GB | no | 100 | | 45 | {status}").excluded == 1


@pytest.mark.parametrize(
    ("cells", "to"),
    [
        ("A | | GB | no | 100 | | 45", OF),
        ("A | | GB | required | 100 | | 45", OO),
        ("A | | GB | | 100 | | 45", OO),
        ("A | | GB | partly | 100 | | 45", OO),
        ("A | Acme | GB | no | 100 | | 45", OF),
        ("A | Acme | GB | partly | 100 | | 45", OF),
        ("A | Acme | GB | required | 100 | | 45", None),
        ("A | | IN | no | 100 | | 45", OF),
        ("A | Acme | IN | no | 100 | | 45", None),
        ("A | TBD | GB | no | 100 | | 45", None),
    ],
)
def test_where_a_price_is_taken_to_be_for(cells: str, to: str | None) -> None:
    row = saving(cells)
    assert row["to"] == to
    assert ("the price is taken to be for" in row["why"]) == (to is not None)


def test_core_work_moves_abroad_in_house_if_at_all() -> None:
    assert saving("A | | GB | no | 100 | | 45 | yes", f"{MONEY} | core")["to"] == IF


@pytest.mark.parametrize(
    ("cells", "before", "after"),
    [
        ("A | | GB | no | 100 | | 45", "Low", "Medium"),
        ("A | Acme | IN | no | 100 | | 45", "Medium", "Medium"),
        ("A | Acme | GB | required | 100 | | 45", "Medium", "Not assessed"),
        ("A | TBD | GB | no | 100 | | 45", "Not assessed", "Not assessed"),
    ],
)
def test_the_risk_before_and_after_stands_beside_each_saving(cells: str, before: str, after: str) -> None:
    row = saving(cells)
    assert row["risk_after"] == after
    assert row["risk_before"] in {before, "Low", "Medium", "High", "Not assessed"}


@pytest.mark.parametrize(
    ("currency", "rates", "price"),
    [
        ("EUR", {}, None),
        ("EUR", {"reporting": "GBP", "rates": {"EUR": 0.8}}, 36.0),
        ("EUR", {"reporting": "USD", "rates": {"EUR": 1.0, "GBP": 1.25}}, 36.0),
        ("EUR", {"reporting": "USD", "rates": {"EUR": 1.0}}, None),
        ("GBP", {}, 45.0),
    ],
)
def test_two_currencies_are_compared_only_with_rates(currency: str, rates: dict[str, Any], price: float | None) -> None:
    settings = Settings.model_validate({"currency": rates})
    table = f"{MONEY} | target_cost_currency\nA | | GB | no | 100 | | 45 | {currency}"
    found = outlook(table, settings=settings)
    assert found.savings.get_column("price").to_list() == ([] if price is None else [price])
    assert [finding.code for finding in found.findings] == (["saving-currencies"] if price is None else [])
    for finding in found.findings:
        assert finding.cells == ("T!G2",)
        assert render(finding.code, finding.count, finding.values).startswith("In 1 task ")
        assert CATALOGUE[finding.code].remedy


# --- the hypothetical placement


def test_the_hypothetical_moves_only_what_has_a_price() -> None:
    inventory = builders.inventory(f"{MONEY}\nA | | GB | no | 100 | | 45\nB | | GB | no | 100 | |", sheet="T")
    _, moved = seen(inventory)
    assert moved is not None
    before = place(inventory, no_decisions(), Settings()).frame
    shown = moved.frame.select("quadrant", "sourcing", "location", "offshore_share", "subtypes").rows()
    assert shown == [(OF, "outsourced", "offshore", 1.0, []), (IO, "in-house", "onshore", 0.0, [])]
    assert moved.frame.schema == before.schema
    assert moved.frame.row(1) == before.row(1)


@pytest.mark.parametrize(
    ("core", "in_person", "expected"),
    [
        ("no", "required", (OO, "outsourced", "onshore", 0.0)),
        ("yes", "no", (IF, "in-house", "offshore", 1.0)),
    ],
)
def test_the_hypothetical_sides(core: str, in_person: str, expected: tuple[Any, ...]) -> None:
    table = f"{MONEY} | core\nA | | GB | {in_person} | 100 | | 45 | {core}"
    _, moved = seen(builders.inventory(table))
    assert moved is not None
    assert moved.frame.select("quadrant", "sourcing", "location", "offshore_share").row(0) == expected


def test_what_moves_leaves_what_it_was_beside_its_quadrant() -> None:
    inventory = builders.inventory(f"{MONEY}\nA | | PL | no | 100 | | 45\nB | | PL | no | 100 | |")
    _, moved = seen(inventory)
    assert moved is not None
    assert moved.frame.get_column("subtypes").to_list() == [[], ["nearshore"]]


@pytest.mark.parametrize("table", ["task_name\nA", f"{MONEY}\nA | Acme | IN | no | 100 | | 45"])
def test_without_a_move_there_is_no_hypothetical(table: str) -> None:
    assert seen(builders.inventory(table))[1] is None


# --- what always holds

CELLS: dict[str, list[str]] = {
    "in_person": ["", "required", "partly", "no"],
    "must_stay_inhouse": ["", "A", "B", "C", "F", "yes", "no", "unclear"],
    "core": ["", "yes", "no", "partly"],
    "critical": ["", "critical", "normal"],
    "fte": ["", "0", "0.4", "3"],
    "personal_data": ["", "yes", "no"],
    "annual_cost": ["", "0", "100"],
    "target_cost": ["", "0", "45", "400"],
    "provider": ["", "Acme", "Internal"],
    "delivery_country": ["", "GB", "IN"],
    "skill_shortage": ["", "stated", "none"],
    "company_headcount": ["", "12", "500"],
}


@st.composite
def sheets(draw: st.DrawFn) -> Inventory:
    names = draw(st.lists(st.sampled_from(list(CELLS)), unique=True))
    cells = st.fixed_dictionaries({name: st.sampled_from(CELLS[name]) for name in names})
    rows = [{"task_name": f"t{n}", **draw(cells)} for n in range(draw(st.integers(0, 5)))]
    return builders.assemble(["task_name", *names], rows, home="GB", first_row=2, sheet="T")


@hypothesis_settings(max_examples=40, deadline=None)
@given(sheets())
def test_every_task_has_four_answers_and_a_blank_never_reads_as_no(inventory: Inventory) -> None:
    before = inventory.tasks.clone()
    found, _ = seen(inventory)
    assert found.frame.get_column("key").to_list() == list(range(inventory.tasks.height))
    assert found.frame.drop("candidate").null_count().sum_horizontal().sum() == 0
    assert found.savings.height + found.excluded == inventory.tasks.height
    asked = inventory.tasks.with_columns(inventory.value(Field.IN_PERSON)).join(found.frame, on="key")
    unanswered = asked.filter(pl.col("in_person").is_null())
    assert unanswered.filter(pl.col(IF).is_in([YES, IF_]) | pl.col(OF).is_in([YES, IF_])).is_empty()
    assert found.savings.filter((pl.col("low") > pl.col("base")) | (pl.col("base") > pl.col("high"))).is_empty()
    assert inventory.tasks.equals(before, null_equal=True)


def test_the_frames_have_the_columns_of_the_model() -> None:
    found = outlook(f"{MONEY}\nA | | GB | no | 100 | | 45")
    names = [name for quadrant in PLACED for name in (quadrant.value, f"{quadrant.value} why")]
    assert dict(found.frame.schema) == {
        "key": pl.UInt32, **dict.fromkeys(names, pl.String), "could_move_to": pl.String, "candidate": pl.String,
    }  # fmt: skip
    money = dict.fromkeys(("baseline", "price", "low", "base", "high"), pl.Float64)
    words = dict.fromkeys(("to", "currency", "risk_before", "risk_after", "why"), pl.String)
    assert dict(found.savings.schema) == {"key": pl.UInt32, **money, **words}
