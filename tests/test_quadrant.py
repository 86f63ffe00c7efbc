"""What stands around the decision table: switches, territories, gaps, decisions, findings, and what always holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import builders
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from analyzer.errors import UsageError
from analyzer.messages import CATALOGUE, render
from analyzer.model import Inventory, Placement, no_decisions
from analyzer.places import country_name
from analyzer.quadrant import nearness, place
from analyzer.quadrant.deciding import worded
from analyzer.quadrant.nearness import near
from analyzer.settings import Company, Settings
from analyzer.terms import Confidence, Field, Location, Quadrant, Sourcing

IO, OO, IF, OF = "In-house onshore", "Outsourced onshore", "In-house offshore", "Outsourced offshore"
UN = "Undetermined"


def placed(text: str, home: str | None = "GB", given_: dict[int, str] | None = None, **company: Any) -> Placement:
    decisions = builders.decisions(given_ or {})
    return place(builders.inventory(text, home=home), decisions, Settings(company=Company(**company)))


def column(placement: Placement, name: str) -> list[Any]:
    return placement.frame.get_column(name).to_list()


def codes(placement: Placement) -> dict[str, int]:
    return {finding.code: finding.count for finding in placement.findings}


# --- what the settings decide


@pytest.mark.parametrize(
    ("company", "quadrant", "why"),
    [
        ({"group_as": "in-house"}, IF, "group view = in-house"),
        ({"group_as": "outsourced"}, OF, "group view = outsourced"),
        ({"branch_as": "outsourced"}, IF, "group view = in-house"),
    ],
)
def test_a_group_company_follows_the_group_view(company: dict[str, Any], quadrant: str, why: str) -> None:
    found = placed(
        "task_name | provider | provider_reading | delivery_country\nA | Contoso Pune | own entity | IN", **company
    )
    assert column(found, "quadrant") == [quadrant]
    assert why in column(found, "why")[0]
    assert column(found, "subtypes") == [["captive"]]
    assert next(f for f in found.findings if f.code == "group-view").values == {
        "view": company.get("group_as", "in-house")
    }


@pytest.mark.parametrize(("flag", "confidence"), [("", "high"), ("yes", "high"), ("no", "medium")])
def test_a_flag_of_the_other_view_only_lowers_the_confidence(flag: str, confidence: str) -> None:
    table = (
        f"task_name | provider | provider_type | delivery_country | outsourced_flag\nA | Contoso | group | IN | {flag}"
    )
    found = placed(table, group_as="outsourced")
    assert (column(found, "quadrant"), column(found, "confidence")) == ([OF], [confidence])
    assert column(found, "conflict") == [False]


@pytest.mark.parametrize(
    ("kind", "company", "quadrant"),
    [
        ("branch", {}, IF),
        ("branch", {"branch_as": "outsourced"}, OF),
        ("branch", {"group_as": "outsourced"}, IF),
        ("eor", {}, IF),
        ("eor", {"eor_as": "outsourced"}, OF),
        ("jv", {}, IF),
        ("jv", {"group_as": "outsourced"}, OF),
    ],
)
def test_branches_employers_of_record_and_ventures_follow_their_switch(
    kind: str, company: dict[str, Any], quadrant: str
) -> None:
    table = f"task_name | provider | provider_type | jv_share | delivery_country\nA | Acme | {kind} | 60 | IN"
    assert column(placed(table, **company), "quadrant") == [quadrant]


@pytest.mark.parametrize(("group", "quadrant"), [("Contoso", IF), ("CONTOSO HOLDING ", IF), ("Acme", OF), ("", OF)])
def test_a_provider_whose_parent_is_the_company_is_a_group_company(group: str, quadrant: str) -> None:
    table = f"task_name | provider | provider_group | delivery_country\nA | Northwind | {group} | IN"
    assert column(placed(table, name="Contoso", entities=("Contoso Holding",)), "quadrant") == [quadrant]


@pytest.mark.parametrize(
    ("share", "subtypes"),
    [
        ("50", ["captive", "joint venture"]),
        ("49", ["joint venture"]),
        ("1", ["captive", "joint venture"]),  # all of it, as Excel keeps 100 %
        ("1.5", ["joint venture"]),
    ],
)
def test_a_joint_venture_is_a_group_company_from_half_on(share: str, subtypes: list[str]) -> None:
    head = "task_name | provider | provider_type | jv_share | delivery_country"
    (found,) = column(placed(f"{head}\nA | Acme | jv | {share} | GB"), "subtypes")
    assert sorted(found) == subtypes


def test_names_of_the_company_are_compared_without_spaces_and_blanks_are_none() -> None:
    head = "task_name | provider | provider_group | delivery_country"
    padded = placed(f"{head}\nA | Northwind | Contoso Holding | IN", entities=(" Contoso Holding ",))
    assert column(padded, "quadrant") == [IF]
    inventory = builders.inventory(f"{head}\nA | Northwind | Acme | IN")
    blank = inventory.tasks.with_columns(provider_group=pl.lit("  "))
    found = place(replace(inventory, tasks=blank), no_decisions(), Settings(company=Company(name="")))
    assert column(found, "quadrant") == [OF]


def test_the_parent_is_quoted_where_it_makes_a_group_company() -> None:
    found = placed(
        "task_name | provider | provider_group | delivery_country\nA | Northwind | Contoso | IN", name="Contoso"
    )
    assert column(found, "sourcing_why") == ['Provider group = "Contoso" (Inventory!C2); group view = in-house']
    venture = placed(
        "task_name | provider | provider_type | provider_group | delivery_country\nA | Northwind | jv | Contoso | IN",
        name="Contoso",
    )
    assert column(venture, "sourcing_why") == ['Provider group = "Contoso" (Inventory!D2); group view = in-house']


def test_a_decision_whose_cell_is_not_known_is_counted_and_points_nowhere() -> None:
    decided = builders.decisions({0: IO, 1: "Elsewhere"})
    bare = replace(decided, frame=decided.frame.with_columns(pl.lit(None, pl.String).alias("cell")))
    tasks = builders.inventory("task_name | provider | delivery_country\nA | Acme | IN\nB | Acme | IN")
    found = {one.code: (one.count, one.cells) for one in place(tasks, bare, Settings()).findings}
    assert found["quadrant-decided"] == found["quadrant-not-known"] == (1, ())
    assert column(place(tasks, bare, Settings()), "why")[0].startswith('Your quadrant = "In-house onshore", set by')


@pytest.mark.parametrize(
    ("home", "country", "rules", "quadrant", "confidence"),
    [
        ("GB", "GG", {}, OF, "low"),
        ("GB", "GG", {"GG": "GB"}, OO, "high"),
        ("GG", "GB", {"GG": "GB"}, OO, "high"),
        ("GB", "GG", {"GG": "GG"}, OF, "high"),
        ("GG", "JE", {}, OF, "low"),
        ("US", "PR", {}, OF, "low"),
        ("FR", "RE", {"RE": "FR"}, OO, "high"),
        ("GB", "IN", {"GG": "GB"}, OF, "high"),
    ],
)
def test_territories(home: str, country: str, rules: dict[str, str], quadrant: str, confidence: str) -> None:
    found = placed(f"task_name | provider | delivery_country\nA | Acme | {country}", home, territories=rules)
    assert (column(found, "quadrant"), column(found, "confidence")) == ([quadrant], [confidence])


@pytest.mark.parametrize(
    ("state", "places"),
    [
        ("AU", "CC NF"), ("CN", "HK MO"), ("DK", "FO GL"), ("FI", "AX"), ("FR", "BL YT"), ("GB", "AI VG"),
        ("NL", "AW SX"), ("NO", "BV SJ"), ("NZ", "CK TK"), ("US", "AS VI"),
    ],
)  # fmt: skip
def test_the_first_and_the_last_territory_of_a_state_leave_doubt(state: str, places: str) -> None:
    tasks = "".join(f"\nA | Acme | {place_}" for place_ in places.split())
    found = placed(f"task_name | provider | delivery_country{tasks}", state)
    assert {*column(found, "location_case")} == {20}


def test_a_provider_in_a_territory_that_counts_as_home_is_at_home() -> None:
    found = placed("task_name | provider | provider_country\nA | Acme | GG", territories={"GG": "GB"})
    assert column(found, "quadrant") == [OO]


def test_territories_count_as_home_in_lists_and_shares_too() -> None:
    found = placed(
        """
        task_name | provider | delivery_country
        A | Acme | GB; GG
        B | Acme | GG 60%; IN 40%
        """,
        territories={"GG": "GB"},
    )
    assert column(found, "quadrant") == [OO, OO]
    assert column(found, "offshore_share") == [0.0, 0.4]


# --- columns that are absent, blank, assumed or unread


def test_neither_a_provider_nor_a_flag_column_leaves_sourcing_unknown_and_says_so_once() -> None:
    found = placed("task_name | delivery_country\nA | GB\nB | IN")
    assert column(found, "quadrant") == [UN, UN]
    assert column(found, "sourcing_why") == ["Nothing says who performs the task"] * 2
    assert column(found, "sourcing_case") == [0, 0]
    assert codes(found) == {"no-sourcing-column": 2}


def test_no_column_for_the_place_leaves_it_unknown_and_says_so_once() -> None:
    found = placed("task_name | provider\nA | Acme\nB | Borden")
    assert column(found, "quadrant") == [UN, UN]
    assert column(found, "location_why") == ["Nothing says where the task is performed"] * 2
    assert column(found, "location_case") == [0, 0]
    assert codes(found) == {"no-place-column": 2}


def test_a_blank_flag_alone_does_not_say_the_place() -> None:
    found = placed("task_name | provider | offshore_flag\nA | Acme |")
    assert column(found, "location_why") == ["Offshore (Inventory!C2) is blank or not understood"]
    assert column(found, "location_case") == [0]
    assert codes(found) == {"place-blank": 1}


def test_an_ambiguous_country_column_lowers_the_confidence_and_is_said() -> None:
    found = placed("task_name | provider | delivery_country?\nA | Acme | IN\nB | Acme | GB; IN")
    assert column(found, "quadrant") == [OF, OF]
    assert column(found, "confidence") == ["medium", "medium"]
    assert column(found, "location_why")[0].endswith('; "Delivery country" is taken for the place of work')
    assert codes(found)["place-column-assumed"] == 2
    assert found.findings[-1].cells == ("Inventory!C",)


@pytest.mark.parametrize(
    ("cells", "case"),
    [
        ("Acme | third_party | IN | | | ", 0),
        ("Acme | third_party | overseas | | | ", 0),
        ("Acme | third_party | GB | | | ", 1),
        ("Acme | third_party | domestic | | | ", 1),
        (" | employee | IN | | | ", 11),
        ("Acme | third_party | IN | GB | | ", 12),
        ("Acme | third_party | GB | IN | | ", 13),
        ("Acme | third_party | IN 60%; GB 40% | | | ", 15),
        ("Acme | third_party | IN 40%; GB 60% | | | ", 15),
        ("Acme | third_party | IN 100%; GB 0% | | | ", 15),
        ("Acme | third_party | IN 0%; GB 100% | | | ", 15),
        ("Acme | third_party | PL | | | ", 19),
        ("Acme | Posted workers | GB | | | ", 22),
        ("Acme | third_party | IN | | | required", 23),
    ],
)
def test_an_ambiguous_header_caps_whatever_rests_on_it(cells: str, case: int) -> None:
    header = "task_name | provider | provider_type | delivery_country{} | provider_country | offshore_flag | in_person"
    sure, assumed = (placed(f"{header.format(mark)}\nA | {cells}") for mark in ("", "?"))
    assert column(sure, "location_case") == column(assumed, "location_case") == [case]
    assert (column(sure, "location_confidence"), column(assumed, "location_confidence")) == (["high"], ["medium"])


@pytest.mark.parametrize(("place", "flag"), [("", "offshore"), ("", "onshore"), ("EMEA", ""), ("", "")])
def test_what_does_not_rest_on_an_ambiguous_header_says_nothing_of_it(place: str, flag: str) -> None:
    table = f"task_name | provider | delivery_country? | offshore_flag\nA | Acme | {place} | {flag}"
    assert "is taken for" not in column(placed(table), "why")[0]


def test_a_country_list_that_is_empty_names_no_country() -> None:
    inventory = builders.inventory("task_name | provider | delivery_country\nA | Acme | IN")
    empty = inventory.tasks.with_columns(delivery_country=pl.lit([], pl.List(pl.String)))
    found = place(replace(inventory, tasks=empty), no_decisions(), Settings())
    assert (column(found, "quadrant"), column(found, "location_case")) == ([UN], [18])


def test_a_flag_that_cannot_be_read_is_not_read_as_no() -> None:
    inventory = builders.inventory(
        "task_name | provider | outsourced_flag | delivery_country\nA | | maybe | GB\nB | N/A | maybe | GB"
    )
    unread = pl.lit(None, pl.String).alias("outsourced_flag")
    found = place(replace(inventory, tasks=inventory.tasks.with_columns(unread)), no_decisions(), Settings())
    assert column(found, "quadrant") == [UN, UN]
    assert column(found, "sourcing_why") == [
        'Outsourced = "maybe" (Inventory!C2) is not understood',
        'Outsourced = "maybe" (Inventory!C3) is not understood',
    ]
    assert column(found, "sourcing_case") == [0, 0]
    (finding,) = found.findings
    assert (finding.code, finding.cells) == ("sourcing-unread", ("Inventory!C2", "Inventory!C3"))


def test_a_type_that_cannot_be_read_is_said_with_its_own_cell() -> None:
    inventory = builders.inventory("task_name | provider | provider_type | delivery_country\nA | | friend | GB")
    unread = pl.lit(None, pl.String).alias("provider_type")
    found = place(replace(inventory, tasks=inventory.tasks.with_columns(unread)), no_decisions(), Settings())
    assert column(found, "sourcing_why") == ['Provider type = "friend" (Inventory!C2) is not understood']
    (finding,) = found.findings
    assert (finding.code, finding.cells) == ("sourcing-unread", ("Inventory!C2",))


# --- contract registers: a blank provider is a gap


def rows(count: int, provider: str = "Acme", flag: str = "") -> str:
    return "\n".join(f"Task {n} | {provider} | GB{flag}" for n in range(count))


def test_a_row_without_name_in_a_sheet_where_every_named_task_has_a_provider_is_a_gap() -> None:
    found = placed(f"task_name | provider | delivery_country\n{rows(3)}\n | | GB")
    assert column(found, "quadrant") == [OO, OO, OO, UN]
    assert column(found, "sourcing_case") == [0, 0, 0, 2]
    assert (
        column(found, "sourcing_why")[3]
        == "Provider (Inventory!B5) is blank in a list of contracts: a gap, not in-house"
    )
    assert codes(found) == {"provider-gap": 1}


@pytest.mark.parametrize(
    ("with_provider", "without", "quadrant"),
    [(9, 1, UN), (8, 1, IO), (18, 2, UN), (17, 2, IO), (17, 3, IO), (99, 1, UN)],
)
def test_nine_in_ten_of_ten_named_tasks_make_a_list_of_contracts(
    with_provider: int, without: int, quadrant: str
) -> None:
    found = placed(f"task_name | provider | delivery_country\n{rows(with_provider)}\n{rows(without, '')}")
    assert column(found, "quadrant")[-1] == quadrant


@pytest.mark.parametrize("word", ["Internal", "N/A", "Internal + Acme"])
def test_a_word_for_own_staff_anywhere_makes_it_no_list_of_contracts(word: str) -> None:
    found = placed(f"task_name | provider | delivery_country\n{rows(30)}\nA | {word} | GB\nB | | GB")
    assert column(found, "quadrant")[-1] == IO


@pytest.mark.parametrize("name", ["outsourced_flag", "provider_type"])
def test_a_column_that_says_who_performs_makes_it_no_list_of_contracts(name: str) -> None:
    found = placed(f"task_name | provider | delivery_country | {name}\n{rows(30, flag=' |')}\nB | | GB |")
    assert column(found, "quadrant")[-1] == IO


@pytest.mark.parametrize(("field", "value"), [("contract_ref", "C-17"), ("contract_value", "90000")])
def test_a_contract_without_a_provider_is_a_gap(field: str, value: str) -> None:
    found = placed(f"task_name | provider | delivery_country | {field}\nA | | GB | {value}\nB | | GB |")
    assert column(found, "quadrant") == [UN, IO]


def test_a_sheet_without_names_of_tasks_is_no_list_of_contracts() -> None:
    assert column(placed("provider | delivery_country\nAcme | GB\n | GB"), "quadrant") == [OO, IO]


def test_own_staff_in_another_sheet_makes_no_difference() -> None:
    found = placed(
        """
        sheet | task_name | provider | delivery_country
        A | x | Acme | GB
        A |  | | GB
        B | y | Internal | GB
        """
    )
    assert column(found, "quadrant") == [OO, UN, IO]


def test_each_sheet_is_judged_by_itself() -> None:
    found = placed(
        """
        sheet | task_name | provider | delivery_country
        A | x | Acme | GB
        A |  | | GB
        B | y | | GB
        """
    )
    assert column(found, "quadrant") == [OO, UN, IO]
    assert codes(found)["provider-gap"] == 1
    assert found.findings[0].cells == ("A!C3",)


# --- subtypes, shares, totals


@pytest.mark.parametrize(
    ("row", "subtypes"),
    [
        ("Contoso | group | IN | | |", ["captive"]),
        ("Conjoint | jv | IN | | | 60", ["captive", "joint venture"]),
        ("Conjoint | jv | IN | | | 40", ["joint venture"]),
        ("R. Osei | individual | GB | | |", ["individual"]),
        ("Staffwise | staff_aug | GB | | |", ["staff augmentation"]),
        ("Payroll Abroad | eor | IN | | |", ["employer of record"]),
        (" | employee | IN | | |", ["remote employee"]),
        (" | employee | US | | |", ["captive"]),
        (" | employee | GB | | |", []),
        (" | employee | IN; PH | | |", ["remote employee"]),
        ("Acme | third_party | GB | US | |", ["foreign-controlled provider"]),
        ("Acme | third_party | PL | | |", ["nearshore"]),
        ("Acme | third_party | IE | | |", ["nearshore"]),
        ("Acme | Posted workers | GB | | |", ["posted workers"]),
        ("Ledgerly | system | GB | | |", ["system"]),
        ("Acme | third_party | IN | | yes |", ["outsourced offshoring under own name"]),
        ("Acme | third_party | IN; GB | | partly |", ["outsourced offshoring under own name"]),
        ("Acme | third_party | GB | | yes |", []),
        ("Acme | third_party | IN | | no |", []),
        ("Contoso | group | IN | | yes |", ["captive"]),
    ],
)  # fmt: skip
def test_subtypes(row: str, subtypes: list[str]) -> None:
    header = "task_name | provider | provider_type | delivery_country | provider_country | own_name | jv_share"
    found = placed(f"{header}\nTask | {row}", entity_countries={"Contoso Inc": "US"})
    assert column(found, "subtypes") == [subtypes]


@pytest.mark.parametrize(
    ("country", "share", "location"),
    [
        ("GB", 0.0, "onshore"),
        ("IN", 1.0, "offshore"),
        ("IN 60%; GB 40%", 0.6, "mixed"),
        ("IN 30%; GB 70%", 0.3, "mixed"),
        ("GB; IN", None, "mixed"),
        ("IN; PH", 1.0, "offshore"),
        ("", None, "unknown"),
    ],
)
def test_the_offshore_share_is_stated_or_null(country: str, share: float | None, location: str) -> None:
    found = placed(f"task_name | provider | delivery_country\nA | Acme | {country}")
    assert column(found, "offshore_share") == [pytest.approx(share) if share is not None else None]
    assert column(found, "location") == [location]


def test_shares_that_do_not_add_up_count_by_weight_and_broken_ones_not_at_all() -> None:
    inventory = builders.inventory(
        "task_name | provider | delivery_country\nA | Acme | IN 30%; GB 30%\nB | Acme | IN 0%; GB 0%\nC | Acme | GB; IN"
    )
    broken = pl.Series("delivery_shares", [[0.3, 0.3], [0.0, 0.0], [0.7, None]], pl.List(pl.Float64))
    found = place(replace(inventory, tasks=inventory.tasks.with_columns(broken)), no_decisions(), Settings())
    assert column(found, "offshore_share") == [0.5, None, None]
    assert column(found, "location_case") == [15, 16, 16]


def test_shares_that_make_a_half_count_as_one() -> None:
    found = placed("task_name | provider | delivery_country\nA | Acme | IN 3%; PH 29%; US 18%; GB 50%")
    assert column(found, "quadrant") == [OF]  # added up, they come to a trillionth less


@pytest.mark.parametrize(("share", "said"), [("66.67", "66.7"), ("66.04", "66"), ("0.04", "0")])
def test_a_share_is_said_to_a_tenth_of_a_percent(share: str, said: str) -> None:
    found = placed(f"task_name | provider | delivery_country\nA | Acme | IN {share}%; GB {100 - float(share):.2f}%")
    assert column(found, "location_why")[0].endswith(f"-> offshore share {said} %")


@pytest.mark.parametrize(
    ("status", "outside"),
    [("active", None), ("", None), ("planned", "planned"), ("draft", "planned"), ("ended", "ended")],
)
def test_what_does_not_run_stays_out_of_totals(status: str, outside: str | None) -> None:
    found = placed(f"task_name | provider | delivery_country | status\nA | Acme | GB | {status}")
    assert column(found, "outside") == [outside]
    assert column(found, "in_totals") == [outside is None]
    assert column(found, "quadrant") == [OO]
    assert ("Status = " in column(found, "why")[0]) == (outside is not None)


# --- the home country


def test_without_a_home_country_nothing_is_placed_and_the_most_frequent_one_is_named() -> None:
    with pytest.raises(UsageError) as raised:
        placed(
            "task_name | provider | delivery_country\nA | Acme | IN\nB | Acme | PH; IN\nC | Acme | PH\nD | | IN", None
        )
    assert raised.value.status == 2
    assert raised.value.where == "inventory.xlsx > Inventory!2"
    assert raised.value.message == "No home country is known for any task, so no task can be onshore or offshore"
    assert raised.value.hint == (
        "If home is IN, the most frequent country of the file, type: --home IN; "
        'or write it into analyzer.toml: [company] home = "IN"'
    )


@pytest.mark.parametrize(
    ("table", "hint"),
    [
        ("task_name | provider | delivery_country\nA | Acme | PH\nB | Acme | IN", "--home IN"),
        ("task_name | provider | provider_country\nA | Acme | PH", "--home PH"),
        ("task_name | provider | delivery_country | provider_country\nA | Acme | | PH", "--home PH"),
        (
            "task_name | provider\nA | Acme",
            "Name it by its two letters, for example --home GB, or in analyzer.toml: [company] home",
        ),
    ],
)
def test_the_country_to_try(table: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        placed(table, None)
    assert hint in raised.value.hint
    assert raised.value.hint.startswith(("If home is ", "Name it "))


def test_a_home_of_no_letters_is_none() -> None:
    inventory = builders.inventory("task_name | provider | delivery_country\nA | Acme | IN")
    blank = inventory.tasks.with_columns(home=pl.lit(""))
    with pytest.raises(UsageError, match="any task"):
        place(replace(inventory, tasks=blank), no_decisions(), Settings())


def test_a_single_row_without_home_stops_the_run_too() -> None:
    with pytest.raises(UsageError, match="1 of 2 tasks") as raised:
        placed("task_name | home | provider | delivery_country\nA | DE | Acme | DE\nB | | Acme | DE", None)
    assert raised.value.where == "inventory.xlsx > Inventory!3"


def test_a_row_s_own_home_decides() -> None:
    found = placed("task_name | home | provider | delivery_country\nA | DE | Acme | DE\nB | GB | Acme | DE")
    assert column(found, "quadrant") == [OO, OF]


# --- what people decided


def test_your_quadrant_is_effective_and_the_rules_answer_stays() -> None:
    found = placed("task_name | provider | delivery_country\nA | Acme | IN\nB | Acme | IN", given_={0: IO})
    assert column(found, "quadrant") == [IO, OF]
    assert column(found, "rule_quadrant") == [OF, OF]
    assert column(found, "overridden") == [True, False]
    assert (column(found, "sourcing")[0], column(found, "location")[0]) == ("in-house", "onshore")
    assert column(found, "offshore_share") == [0.0, 1.0]
    assert column(found, "confidence") == ["high", "high"]
    assert column(found, "why")[0] == (
        'Your quadrant = "In-house onshore" (Inventory!Z2), set by a person; the rules say Outsourced offshore: '
        'Provider "Acme" (Inventory!B2) is named; performed in IN (Inventory!C2) ≠ home GB'
    )
    assert column(found, "sourcing_why")[0] == (
        'Set by a person: in-house; the rules say: Provider "Acme" (Inventory!B2) is named'
    )
    assert codes(found) == {"quadrant-decided": 1}
    assert found.findings[-1].cells == ("Inventory!Z2",)


def test_a_decision_settles_a_conflict_and_keeps_a_split() -> None:
    table = "task_name | provider | outsourced_flag | delivery_country\nA | Acme | no | IN 60%; GB 40%"
    assert column(placed(table), "conflict") == [True]
    found = placed(table, given_={0: IF})
    assert column(found, "conflict") == [False]
    assert "conflict-provider-named" not in codes(found)
    assert (column(found, "location"), column(found, "offshore_share")) == (["mixed"], [0.6])
    assert column(found, "location_why")[0].startswith("Delivery country")
    assert column(found, "sourcing_confidence") == column(found, "confidence") == ["high"]


@pytest.mark.parametrize(("decided", "share"), [(OF, 1.0), (IF, 1.0), (OO, 0.0), (UN, None)])
def test_a_decision_takes_its_side_whole(decided: str, share: float | None) -> None:
    found = placed("task_name | provider | delivery_country\nA | Acme |", given_={0: decided})
    assert column(found, "offshore_share") == [share]


def test_a_task_decided_to_be_at_home_is_not_near_it() -> None:
    table = "task_name | provider | delivery_country\nA | Acme | PL\nB | Acme | PL"
    assert column(placed(table, given_={0: OO}), "subtypes") == [[], ["nearshore"]]


def test_decisions_on_no_task_and_rows_without_a_quadrant_are_not_told() -> None:
    given_ = builders.decisions({0: IO, 1: "west", 2: "east", 3: IO}).frame
    no_task = pl.when(pl.col("key").is_in([0, 1])).then(None).otherwise(pl.col("key"))
    no_word = pl.when(pl.col("key") == 2).then(None).otherwise(pl.col("your_quadrant"))
    decided = replace(no_decisions(), frame=given_.with_columns(key=no_task, your_quadrant=no_word))
    tasks = builders.inventory("task_name | provider | delivery_country" + "\nA | Acme | IN" * 4)
    (finding,) = place(tasks, decided, Settings()).findings
    assert (finding.code, finding.count, finding.cells) == ("quadrant-decided", 1, ("Inventory!Z5",))


def test_a_person_may_leave_a_task_undetermined() -> None:
    found = placed("task_name | provider | delivery_country\nA | Acme | IN", given_={0: UN})
    assert column(found, "quadrant") == [UN]
    assert (column(found, "sourcing"), column(found, "location")) == (["unknown"], ["unknown"])
    assert column(found, "offshore_share") == [None]


def test_a_decision_gives_the_subtypes_of_its_own_side() -> None:
    table = "task_name | provider | delivery_country | own_name\nA | Acme | GB | yes"
    assert column(placed(table, given_={0: OF}), "subtypes") == [["outsourced offshoring under own name"]]


def test_a_word_that_is_no_quadrant_is_ignored_and_said() -> None:
    found = placed("task_name | provider | delivery_country\nA | Acme | IN", given_={0: "offshore-ish"})
    assert column(found, "quadrant") == [OF]
    (finding,) = found.findings
    assert (finding.code, finding.count, finding.cells) == ("quadrant-not-known", 1, ("Inventory!Z2",))
    assert finding.values["said"] == "offshore-ish"


def test_many_decisions_are_counted_and_the_first_cells_named() -> None:
    table = "task_name | provider | delivery_country" + "\nA | Acme | IN" * 14
    given_ = dict.fromkeys(range(7), IO) | {7: "west", 8: "east", 9: "up", 10: "down", 11: "in", 12: "down", 13: "in"}
    decided, unknown = placed(table, given_=given_).findings
    assert (decided.count, decided.cells) == (7, tuple(f"Inventory!Z{row}" for row in range(2, 7)))
    assert (unknown.count, unknown.cells) == (7, tuple(f"Inventory!Z{row}" for row in range(9, 14)))
    assert unknown.values == {"said": "down, east, in", "known": f"{IO}, {OO}, {IF}, {OF}"}


def test_decisions_without_a_task_and_second_ones_lose_no_row() -> None:
    inventory = builders.inventory("task_name | provider | delivery_country\nA | Acme | IN")
    decisions = builders.decisions({0: IO})
    twice = pl.concat(
        [decisions.frame, builders.decisions({0: OO}).frame, decisions.frame.with_columns(key=pl.lit(None, pl.UInt32))]
    )
    found = place(inventory, type(decisions)(twice), Settings())
    assert column(found, "quadrant") == [OO]


# --- findings


def test_findings_name_the_first_cells_and_the_true_number() -> None:
    found = placed(
        "task_name | provider | outsourced_flag | delivery_country\n" + "\n".join(["A | Acme | no | GB"] * 7)
    )
    (finding,) = found.findings
    assert finding.count == 7
    assert finding.cells == tuple(f"Inventory!C{row}" for row in range(2, 7))


def test_group_companies_are_counted_and_the_first_cells_named() -> None:
    found = placed("task_name | provider | group_flag | delivery_country" + "\nA | Contoso | yes | GB" * 6)
    (finding,) = found.findings
    assert (finding.code, finding.count) == ("group-view", 6)
    assert finding.cells == tuple(f"Inventory!B{row}" for row in range(2, 7))


def test_every_finding_has_its_words() -> None:
    header = (
        "task_name | provider | provider_reading | provider_type | outsourced_flag | delivery_country? | offshore_flag "
        "| provider_country | jv_share"
    )
    found = placed(
        f"""
        {header}
        a | Acme | | | no | GB | | |
        b | Internal | | | yes | PH | onshore | |
        c | Internal + Acme | | | | GB; IN | | |
        d | | | | yes | Remote | | |
        e | | | | | APAC | | |
        f | TBD | | | | GG | | |
        g | Rhea Osei | person | | | GB | | |
        h | Acme | | | | | | IN |
        i | Conjoint | | jv | | | | |
        j | Contoso | own entity | | | IN | | |
        k | Acme | | | | GG | | |
        """,
        given_={0: "x"},
    )
    expected = {
        "conflict-provider-named", "conflict-sourcing", "conflict-place", "sourcing-split", "provider-missing",
        "provider-blank", "provider-not-known", "provider-person", "venture-share", "group-view", "shares-missing",
        "territory", "country-unknown", "place-not-a-country", "place-from-provider", "place-blank",
        "place-column-assumed", "quadrant-not-known",
    }  # fmt: skip
    assert set(codes(found)) == expected
    for finding in found.findings:
        assert "{" not in render(finding.code, finding.count, finding.values)
        assert CATALOGUE[finding.code].remedy.format(n=finding.count, **finding.values)


# --- what always holds

CELLS: dict[str, list[str]] = {
    "provider": ["", "Acme", "Acme; Borden", "Internal", "N/A", "TBD", "Internal + Acme"],
    "provider_reading": ["", "own entity", "own branch", "own company", "own department", "person"],
    "provider_type": [
        "", "employee", "group", "third_party", "individual", "staff_aug", "eor", "jv", "branch", "system", "mixed",
    ],
    "outsourced_flag": ["", "yes", "no", "partly"],
    "group_flag": ["", "yes", "no", "partly"],
    "delivery_country": [
        "", "GB", "IN", "PL", "GG", "GB; IN", "IN 60%; GB 40%", "EMEA", "APAC", "overseas", "domestic", "x",
    ],
    "offshore_flag": ["", "onshore", "offshore", "nearshore", "partly"],
    "provider_country": ["", "GB", "IN", "overseas"],
    "status": ["", "active", "planned", "ended", "draft"],
    "in_person": ["", "required", "no"],
    "own_share": ["", "0.7", "0.2"],
    "jv_share": ["", "60", "0.4"],
}  # fmt: skip


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[str], list[dict[str, str]]]:
    names = draw(st.permutations(draw(st.lists(st.sampled_from(list(CELLS)), unique=True))))
    if "provider_reading" in names and "provider" not in names:
        names.remove("provider_reading")
    cells = st.fixed_dictionaries({name: st.sampled_from(CELLS[name]) for name in names})
    return ["task_name", *names], [{"task_name": f"t{n}", **draw(cells)} for n in range(draw(st.integers(0, 6)))]


def assembled(header: list[str], tasks: list[dict[str, str]]) -> Inventory:
    return builders.assemble(header, tasks, home="GB", first_row=2, sheet="T")


@hypothesis_settings(max_examples=150, deadline=None)
@given(sheets())
def test_every_task_gets_one_quadrant_and_an_unknown_axis_no_name(
    sheet: tuple[list[str], list[dict[str, str]]],
) -> None:
    inventory = assembled(*sheet)
    before = inventory.tasks.clone()
    frame = place(inventory, no_decisions(), Settings()).frame
    assert frame.get_column("key").to_list() == list(range(len(sheet[1])))
    assert frame.null_count().select(pl.exclude("outside", "offshore_share")).sum_horizontal().sum() == 0
    assert set(frame["quadrant"]) <= set(Quadrant)
    assert set(frame["sourcing"]) <= set(Sourcing)
    assert set(frame["location"]) <= set(Location)
    assert set(frame["confidence"]) <= set(Confidence)
    unknown = (pl.col("sourcing") == "unknown") | (pl.col("location") == "unknown")
    assert frame.filter(unknown & (pl.col("quadrant") != UN)).is_empty()
    assert frame.filter(pl.col("conflict") & (pl.col("confidence") != "low")).is_empty()
    assert inventory.tasks.equals(before, null_equal=True)


@hypothesis_settings(max_examples=60, deadline=None)
@given(sheets(), st.randoms(use_true_random=False))
def test_the_order_of_columns_and_rows_changes_no_answer(
    sheet: tuple[list[str], list[dict[str, str]]], random: Any
) -> None:
    header, tasks = sheet
    columns, order = list(header), list(range(len(tasks)))
    random.shuffle(columns)
    random.shuffle(order)
    answers = place(assembled(header, tasks), no_decisions(), Settings()).frame
    shuffled = place(assembled(columns, [tasks[n] for n in order]), no_decisions(), Settings()).frame
    same = ["quadrant", "sourcing", "location", "sourcing_case", "location_case", "confidence", "subtypes", "outside"]
    assert shuffled.select(same).rows() == [answers.select(same).rows()[n] for n in order]


def test_an_inventory_without_tasks_has_no_placements() -> None:
    found = placed("task_name | provider | delivery_country")
    assert (found.frame.height, found.findings) == (0, ())


def test_a_phrase_that_is_not_known_reads_as_a_question_mark() -> None:
    frame = pl.DataFrame({"provider": ["Acme", None]})
    said = frame.select(worded("Supplied by {provider}", {"provider": pl.col("provider")})).to_series()
    assert said.to_list() == ["Supplied by Acme", "Supplied by ?"]


def test_a_home_that_counts_as_another_state_has_its_neighbours() -> None:
    found = placed("task_name | provider | delivery_country\nA | Acme | PL", "GG", territories={"GG": "GB"})
    assert column(found, "subtypes") == [["nearshore"]]


def test_the_lower_confidence_counts_of_whichever_axis() -> None:
    table = "task_name | provider | outsourced_flag | delivery_country\nA | Acme | no | APAC\nB | Acme | | APAC"
    found = placed(table)
    assert column(found, "location_confidence") == ["medium", "medium"]
    assert column(found, "confidence") == ["low", "medium"]


def test_nearness_is_mutual_and_never_at_home() -> None:
    homes = ["GB", "DE", "US", "BR", "IN", "AU", "MA"]
    assert all(home not in near(home) for home in homes)
    assert "PL" in near("DE")
    assert "DE" in near("PL")
    assert near("IN") == frozenset()


def test_blocs_and_territories_list_countries_that_are_known() -> None:
    listed = {code for bloc in nearness._BLOCS for code in bloc.split()} | nearness.SOVEREIGN.keys()
    assert [code for code in sorted(listed) if country_name(code) == code] == []


@pytest.mark.parametrize(
    ("home", "place", "is_near"),
    [
        ("SK", "AT", True),  # first and last of a list
        ("MA", "DZ", True),
        ("TN", "MA", True),
        ("US", "MX", True),
        ("GB", "FR", True),
        ("GB", "UA", False),
        ("DE", "IN", False),
        ("CA", "NI", False),
    ],
)
def test_nearness_is_being_in_one_bloc(home: str, place: str, is_near: bool) -> None:
    assert (place in near(home), home in near(place)) == (is_near, is_near)


@pytest.mark.parametrize(
    ("places", "quadrant"), [("GB", OO), ("IN", OF), ("GB; IN", OF), ("", UN)], ids=["home", "abroad", "both", "blank"]
)
def test_a_place_without_how_it_was_read_is_as_many_countries_as_it_names(places: str, quadrant: str) -> None:
    inventory = builders.inventory(f"task_name | provider | delivery_country\nA | Acme | {places}")
    bare = replace(inventory, tasks=inventory.tasks.drop("delivery_reading"))
    assert column(place(bare, no_decisions(), Settings()), "quadrant") == [quadrant]


def test_a_group_company_without_a_place_is_taken_to_work_where_it_is_registered() -> None:
    head = "task_name | provider | group_flag | provider_country"
    found = placed(f"{head}\nA | Contoso Pune | yes | IN\nB | Contoso Leeds | yes | GB\nC | | | IN")
    assert column(found, "location") == ["offshore", "onshore", "unknown"]
    assert column(found, "quadrant") == [IF, IO, UN]


def test_the_frame_has_the_columns_of_the_model() -> None:
    frame = placed("task_name | provider | delivery_country\nA | Acme | IN").frame
    assert dict(frame.schema) == {
        "key": pl.UInt32, "quadrant": pl.String, "rule_quadrant": pl.String, "overridden": pl.Boolean,
        "sourcing": pl.String, "sourcing_case": pl.UInt8, "sourcing_confidence": pl.String, "sourcing_why": pl.String,
        "location": pl.String, "location_case": pl.UInt8, "location_confidence": pl.String, "location_why": pl.String,
        "confidence": pl.String, "why": pl.String, "subtypes": pl.List(pl.String), "offshore_share": pl.Float64,
        "in_totals": pl.Boolean, "outside": pl.String, "conflict": pl.Boolean,
    }  # fmt: skip


def test_long_and_many_lined_cells_are_quoted_short_and_on_one_line() -> None:
    found = placed("task_name | provider | delivery_country\nA | " + "Very long name " * 30 + "| GB")
    assert "…" in column(found, "why")[0]
    assert len(column(found, "why")[0]) < 200


def test_an_inventory_without_cell_addresses_is_placed_too() -> None:
    inventory = builders.inventory("task_name | provider | delivery_country\nA | Acme | IN\nB | Acme | GB; IN")
    stored = replace(inventory, raw=inventory.raw.select("key"), columns=(), tables=())
    found = place(stored, no_decisions(), Settings())
    assert column(found, "why") == [
        'Provider "Acme" is named; performed in IN ≠ home GB',
        'Provider "Acme" is named; GB; IN: shares not stated; offshore partly',
    ]
    assert [finding.cells for finding in found.findings] == [("Inventory!3",)]
    assert Field.PROVIDER in stored.tasks.columns
