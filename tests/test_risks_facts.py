"""Facts and groups at their edges: what is computed of a task or a group, before any rule weighs it.

All as of the end of October 2026; without columns for it a task is outsourced, offshore, and home is GB.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from risks_case import PERIOD, assessed, rules_of, severities, stages

from analyzer import policy
from analyzer.model import Inventory, Placement
from analyzer.risks.amounts import amounts, main_currency
from analyzer.risks.facts import Ground, facts
from analyzer.risks.groups import group
from analyzer.terms import Field

HEAD = '[risk.r]\ntitle = "R"\n[[risk.r.rule]]\nid = "a"\nseverity = "Low"\n'


def ground_of(inventory: Inventory, placement: Placement, name: str) -> Ground:
    """The ground of facts under a policy that names one."""
    rules = rules_of(f'{HEAD}when = {{ field = "{name}", given = true }}')
    return Ground(inventory, placement, rules, PERIOD.as_of, amounts(inventory, placement, None))


def fact(text: str, name: str, **companions: pl.Series) -> list[Any]:
    """A fact of each task of a table; ``companions`` are further columns of the tasks."""
    inventory, placement = stages(text)
    tasks = inventory.tasks.with_columns(**companions)
    object.__setattr__(inventory, "tasks", tasks)
    return facts(ground_of(inventory, placement, name)).get_column(name).to_list()


def groups(text: str, kind: str, *measures: str, **companions: pl.Series) -> list[tuple[Any, ...]]:
    """Some measures of each group of a kind."""
    inventory, placement = stages(text)
    object.__setattr__(inventory, "tasks", inventory.tasks.with_columns(**companions))
    return group(kind, ground_of(inventory, placement, "sourcing")).select("subject", *measures).rows()


# Amounts


@pytest.mark.parametrize(
    ("costs", "currency"),
    [
        (("1 USD", "2 USD", "3 EUR"), "USD"),
        (("1 USD", "2 EUR"), "EUR"),  # among equals the first of the alphabet
        (("1 EUR", "2 USD"), "EUR"),
        (("1 USD", "", ""), "USD"),
        (("", ""), ""),
    ],
)
def test_the_currency_of_most_amounts_is_the_main_one(costs: tuple[str, ...], currency: str) -> None:
    rows = "\n".join(f"Payroll | {cost}" for cost in costs)
    assert main_currency(stages(f"task_name | annual_cost\n{rows}")[0]) == currency


def test_a_sheet_without_costs_has_no_currency() -> None:
    assert main_currency(stages("task_name\nPayroll")[0]) == ""


def test_only_amounts_above_nothing_of_tasks_in_totals_add_to_sums() -> None:
    inventory, placement = stages(
        """
        fte | annual_cost | status
        0   | 0           |
        0.5 | 0.5         |
        -1  | -1          |
        2   | 2 EUR       |
        3   | 3           | planned
        """
    )
    assert amounts(inventory, placement, None).frame.rows() == [
        (0, None, None),
        (1, 0.5, 0.5),
        (2, None, None),
        (3, 2.0, None),
        (4, None, None),
    ]


def test_amounts_that_were_counted_stand_in_for_the_sheets_own() -> None:
    inventory, placement = stages("fte | annual_cost\n1 | 10 EUR\n2 | 20 EUR")
    counted = pl.DataFrame({"key": [1], "fte": [3.0], "cost": [30.0]}, schema_overrides={"key": pl.UInt32})
    found = amounts(inventory, placement, counted, "GBP")
    assert (found.currency, found.frame.rows()) == ("GBP", [(0, None, None), (1, 3.0, 30.0)])


def test_an_amount_without_a_currency_is_one_of_the_main_one() -> None:
    inventory, placement = stages("annual_cost\n5 EUR\n7")
    bare = inventory.tasks.with_columns(annual_cost_currency=pl.Series(["EUR", None]))
    object.__setattr__(inventory, "tasks", bare)
    found = amounts(inventory, placement, None)
    assert (found.currency, found.frame.get_column("cost").to_list()) == ("EUR", [5.0, 7.0])


# Facts of a task


@pytest.mark.parametrize(
    ("location", "share", "offshore"),
    [
        ("offshore", None, "yes"),
        ("mixed", None, "yes"),
        ("onshore", None, "no"),
        ("onshore", 0.0, "no"),
        ("onshore", 0.01, "yes"),
        ("unknown", 0.3, "yes"),
        ("unknown", 0.0, None),
        ("unknown", None, None),
    ],
)
def test_any_work_offshore(location: str, share: float | None, offshore: str | None) -> None:
    inventory, placement = stages(f"location\n{location}")
    shared = placement.frame.with_columns(offshore_share=pl.Series([share], dtype=pl.Float64))
    object.__setattr__(placement, "frame", shared)
    assert facts(ground_of(inventory, placement, "offshore")).get_column("offshore").to_list() == [offshore]


@pytest.mark.parametrize("axis", ["sourcing", "location"])
def test_an_unknown_axis_is_no_word(axis: str) -> None:
    assert fact(f"{axis}\nmixed\nunknown", axis) == ["mixed", None]


def test_a_performer_is_no_individual_unless_said_and_unknown_work_tells_nothing() -> None:
    table = """
        sourcing   | provider_type
        outsourced | individual
        outsourced | third_party
        in-house   | employee
        unknown    | third_party
    """
    assert fact(table, "individual") == ["yes", "no", "no", None]
    assert fact(table, "remote_employee") == ["no", "no", "yes", None]


def test_a_task_is_running_unless_planned_or_ended() -> None:
    assert fact("status\nactive\nplanned\nended", "running") == ["yes", "no", "no"]


def test_the_home_of_a_row_is_a_fact() -> None:
    assert fact("home\nGB\nIE", "home") == ["GB", "IE"]


@pytest.mark.parametrize(
    ("cost", "home", "gap"),
    [
        ("75", "100", 0.25),
        ("0", "100", 1.0),
        ("0.5", "100", 0.995),
        ("120", "100", -0.2),
        ("0.25", "0.5", 0.5),
        ("0", "0", None),
        ("5", "0", None),
        ("-5", "100", None),
        ("75", "", None),
        ("75 EUR", "100 EUR", 0.25),
        ("75 EUR", "100 GBP", None),
    ],
)
def test_the_cost_gap_is_a_share_of_the_home_benchmark_in_one_currency(cost: str, home: str, gap: float | None) -> None:
    (found,) = fact(f"annual_cost | home_cost_benchmark\n{cost} | {home}", "cost_gap")
    assert found == (gap if gap is None else pytest.approx(gap))


def test_a_providers_share_is_of_outsourced_spend_alone() -> None:
    table = """
        sourcing   | provider | annual_cost
        outsourced | Ada      | 30
        outsourced | ada      | 10
        outsourced | Bode     | 60
        in-house   | Ada      | 500
        outsourced | Cree     |
    """
    assert fact(table, "provider_spend_share") == pytest.approx([0.4, 0.4, 0.6, None, 0.0])


def test_without_any_spend_nobody_has_a_share() -> None:
    assert fact("provider | annual_cost\nAda |\nBode | 0", "provider_spend_share") == [None, None]


def test_a_functions_share_offshore_is_of_its_known_fte() -> None:
    table = """
        location | function | fte
        offshore | IT       | 0.25
        onshore  | it       | 0.75
        unknown  | IT       | 50
        offshore | HR       |
        offshore |          | 9
        onshore  | Law      | 0.5
    """
    assert fact(table, "function_offshore_share") == [0.25, 0.25, 0.25, None, None, 0.0]


def test_a_split_task_is_offshore_by_its_share() -> None:
    inventory, placement = stages("location | function | fte\nmixed | IT | 10\nmixed | IT | 10\nonshore | IT | 10")
    shared = placement.frame.with_columns(offshore_share=pl.Series([0.6, None, None], dtype=pl.Float64))
    object.__setattr__(placement, "frame", shared)
    ground = ground_of(inventory, placement, "function_offshore_share")
    assert facts(ground).get_column("function_offshore_share").to_list() == pytest.approx([0.3] * 3)


@pytest.mark.parametrize(
    ("end", "renewal", "days", "deadline"),
    [
        ("2026-10-31", "", "0", "2026-10-31"),  # the last day of the period lies ahead
        ("2026-10-30", "", "0", None),  # the day before does not
        ("2026-10-30", "2027-01-31", "31", "2026-12-31"),
        ("2027-12-31", "2027-01-31", "1", "2027-01-30"),
        ("2026-12-31", "", "-1", None),
        ("2026-12-31", "", "", None),
        ("2026-12-31", "", "36500", "1927-01-25"),
        ("2026-12-31", "", "36501", None),
        ("", "", "30", None),
    ],
)
def test_the_notice_deadline_is_the_next_end_less_the_notice(
    end: str, renewal: str, days: str, deadline: str | None
) -> None:
    (found,) = fact(f"end_date | renewal_date | notice_days\n{end} | {renewal} | {days}", "notice_deadline")
    assert (found and str(found)) == deadline


@pytest.mark.parametrize(
    ("home", "delivery", "data", "transfer"),
    [
        ("GB", "GB", "", "inside"),
        ("GB", "GB", "GB", "inside"),
        ("GB", "CH", "", "adequate"),
        ("GB", "GB", "CH", "adequate"),
        ("GB", "US", "", "partly adequate"),
        ("GB", "GB;US", "CH", "partly adequate"),
        ("GB", "GB", "IN", "third country"),
        ("GB", "US;IN", "", "third country"),
        ("GB", "", "IN", "third country"),
        ("GB", "", "GB", None),
        ("IE", "DE", "", "inside"),
        ("IE", "GB", "", "adequate"),
        ("IN", "IN", "", None),
    ],
)
def test_data_go_as_far_as_the_farthest_place(home: str, delivery: str, data: str, transfer: str | None) -> None:
    table = f"home | delivery_country | data_country\n{home} | {delivery} | {data}"
    assert transfer_of(*stages(table)) == [transfer]


def test_each_home_has_its_own_regime() -> None:
    table = "home | delivery_country\nGB | US\nIE | IN\nIN | US"
    assert transfer_of(*stages(table)) == ["partly adequate", "third country", None]


def test_a_list_of_no_country_is_not_inside() -> None:
    inventory, placement = stages("delivery_country\nGB")
    empty = inventory.tasks.with_columns(delivery_country=pl.lit([], pl.List(pl.String)))
    object.__setattr__(inventory, "tasks", empty)
    assert transfer_of(inventory, placement) == [None]


def transfer_of(inventory: Inventory, placement: Placement) -> list[Any]:
    """Where data go under the regimes of the default policy."""
    rules = policy.parse(
        f'name = "mine"\nversion = "1"\nextends = "default"\n{HEAD}when = {{ field = "transfer", given = true }}', "m"
    )
    ground = Ground(inventory, placement, rules, PERIOD.as_of, amounts(inventory, placement, None))
    return facts(ground).get_column("transfer").to_list()


@pytest.mark.parametrize(
    ("chain", "delivery", "elsewhere"),
    [("PH", "IN", "yes"), ("IN", "IN", "no"), ("IN", "IN; PH", "no"), ("IN;PH", "IN", "yes"), ("", "IN", None)],
)
def test_a_subcontractor_is_elsewhere_where_nobody_delivers(chain: str, delivery: str, elsewhere: str | None) -> None:
    table = f"subcontractor_country | delivery_country\n{chain} | {delivery}"
    assert fact(table, "subcontracted_elsewhere") == [elsewhere]


@pytest.mark.parametrize("name", ["subcontractor_country", "delivery_country"])
def test_a_list_of_no_country_tells_nothing(name: str) -> None:
    empty = {name: pl.Series([[]], dtype=pl.List(pl.String))}
    table = "subcontractor_country | delivery_country\nIN | IN"
    assert fact(table, "subcontracted_elsewhere", **empty) == [None]


def test_hours_are_shared_with_the_rows_own_home() -> None:
    table = "home | delivery_country\nGB | PL\nNZ | PL\nGB | NZ;PL\nGB |\nGB | XX"
    assert fact(table, "overlap_hours") == [7.0, 0.0, 0.0, None, None]


def test_without_a_home_there_are_no_hours() -> None:
    found = fact("delivery_country\nPL\nPL", "overlap_hours", home=pl.Series([None, "GB"], dtype=pl.String))
    assert found == [None, 7.0]


# Groups


def test_providers_of_equal_spend_stand_in_the_order_of_their_names() -> None:
    table = "provider | annual_cost\nCree | 25\nBode | 25\nAda | 10\nDorn | 40"
    assert groups(table, "provider", "spend_share", "known") == [
        ("All providers", None, 4),
        ("Dorn", 0.4, 1),
        ("Bode", 0.25, 1),
        ("Cree", 0.25, 1),
        ("Ada", 0.1, 1),
    ]


def test_a_group_without_a_column_of_providers_is_a_provider() -> None:
    found = groups("provider_group | annual_cost\nAda | 3\nBode | 1", "provider", "spend_share")
    assert found == [("All providers", None), ("Ada", 0.75), ("Bode", 0.25)]


@pytest.mark.parametrize(
    ("costs", "hhi", "effective", "providers"),
    [(("7",), 10_000, 1.0, 1), (("1", "1"), 5_000, 2.0, 2), (("2", "1"), 5_556, 1.8, 2), (("",), None, None, 0)],
)
def test_the_index_of_concentration(
    costs: tuple[str, ...], hhi: int | None, effective: float | None, providers: int
) -> None:
    rows = "\n".join(f"P{number} | {cost}" for number, cost in enumerate(costs))
    whole = groups(f"provider | annual_cost\n{rows}", "provider", "hhi", "effective_providers", "providers")[0]
    assert whole == ("All providers", hhi, effective, providers)


def test_countries_abroad_stand_by_name_with_their_shares_of_what_is_known() -> None:
    table = """
        delivery_country | fte | annual_cost
        PL               | 0.5 | 10
        IN               | 0.5 |
        GB               | 1   | 30
        CZ               |     |
    """
    assert groups(table, "country", "fte_share", "spend_share", "known", "tasks") == [
        ("CZ", 0.0, 0.0, 3, 4),
        ("IN", 0.25, 0.0, 3, 4),
        ("PL", 0.25, 0.25, 3, 4),
    ]


def test_countries_are_known_by_spend_where_no_fte_is_written() -> None:
    found = groups("delivery_country | fte | annual_cost\nPL | | 10\nIN | | 30", "country", "fte_share", "known")
    assert found == [("IN", None, 2), ("PL", None, 2)]


def test_a_function_is_weighed_by_its_tasks_of_known_sourcing() -> None:
    table = """
        sourcing   | function | fte | owner | reintegration
        outsourced | IT       | 0.3 | Noor  | highly complex
        outsourced | it       |     |       | impossible
        outsourced | IT       |     |       | difficult
        outsourced | IT       |     |       | easy
        in-house   | IT       | 0.6 | Abe   | difficult
        mixed      | IT       | 50  | Abe   | difficult
        outsourced |          | 50  | Abe   | difficult
        outsourced | HR       |     |       |
    """
    measures = ("outsourced_tasks", "outsourced_share", "owners", "hard_to_reintegrate", "known", "tasks")
    hr, it = groups(table, "function", *measures)
    assert hr == ("HR", 1.0, None, 0.0, None, 0, 1)
    assert it == ("IT", 4.0, pytest.approx(1 / 3), 1.0, 3.0, 2, 6)


def test_amounts_of_each_currency_are_summed_and_all_but_the_main_one_are_foreign() -> None:
    table = "task_name | annual_cost\nA | 1 USD\nB | 2 EUR\nC | 3 EUR\nD | 4 AUD\nE |"
    assert groups(table, "currency", "amount", "known", "tasks", "foreign") == [
        ("AUD", 4.0, 1, 5, "yes"),
        ("EUR", 5.0, 2, 5, "no"),
        ("USD", 1.0, 1, 5, "yes"),
    ]


def test_work_of_others_or_abroad_is_stale_when_reviewed_more_than_365_days_ago() -> None:
    table = """
        sourcing   | location | last_review | annual_cost
        outsourced | onshore  | 2025-10-30  | four
        outsourced | onshore  | 2025-10-31  | 4
        in-house   | offshore | 2020-01-01  |
        in-house   | mixed    | 2020-01-01  |
        in-house   | onshore  | 2020-01-01  |
        unknown    | onshore  | 2020-01-01  |
    """
    found = groups(table, "inventory", "stale", "unreadable", "undetermined", "contradictory", "known", "tasks")
    assert found == [("examples", 3.0, 1.0, 1.0, 0.0, 6, 6)]


def test_a_measure_whose_column_is_absent_is_none() -> None:
    inventory, placement = stages("function\nIT")
    found = group("function", ground_of(inventory, placement, "sourcing"))
    assert found.columns == ["subject", "outsourced_tasks", "known", "tasks"]


def test_a_threshold_on_a_measure_nobody_stated_is_not_met() -> None:
    rules = rules_of(
        '[risk.r]\ntitle = "R"\nof = "function"\n[[risk.r.rule]]\nid = "a"\n'
        'when = { field = "hard_to_reintegrate", at_most = 0 }\nseverity = "Low"'
    )
    found = assessed("function | reintegration\nIT |\nHR | easy", rules).portfolio
    assert found.get_column("subject").to_list() == ["HR"]


def test_a_place_of_no_known_hours_is_not_assessed() -> None:
    assert severities(assessed("delivery_country | realtime_needed\n | yes"), "time-zone-overlap") == {
        0: "Not assessed"
    }


def test_a_column_that_no_rule_reads_leaves_no_fact() -> None:
    inventory, placement = stages("annual_cost | home_cost_benchmark\n1 | 2")
    assert "cost_gap" not in facts(ground_of(inventory, placement, "sourcing")).columns
    assert inventory.has(Field.ANNUAL_COST)
