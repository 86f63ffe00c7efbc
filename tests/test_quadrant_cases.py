"""The decision table of docs/quadrants.md, case by case: the row as a sheet has it, and what it becomes.

Home is GB, the sheet is called T and its first task stands in row 2: the cell of the second column is T!B2.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import builders
import pytest

from analyzer.model import Inventory, no_decisions
from analyzer.quadrant import place
from analyzer.settings import Company, Settings

IO, OO, IF, OF = "In-house onshore", "Outsourced onshore", "In-house offshore", "Outsourced offshore"
UN = "Undetermined"
PROVIDER = "task_name | provider | outsourced_flag | delivery_country"
PLACE = "task_name | provider | delivery_country | provider_country | offshore_flag"
TYPE = "task_name | provider | provider_type | delivery_country | outsourced_flag | jv_share"
READ = "task_name | provider | provider_reading | delivery_country | outsourced_flag | group_flag | provider_type"


class E(NamedTuple):
    """What a row becomes: quadrant, confidence, the cases of both axes, and a part of the sentence."""

    quadrant: str
    confidence: str
    sourcing: int
    location: int
    why: str


def placed(header: str, row: str, **company: Any) -> dict[str, Any]:
    inventory: Inventory = builders.inventory(f"{header}\n{row}", sheet="T")
    return place(inventory, no_decisions(), Settings(company=Company(**company))).frame.row(0, named=True)


CASES = [
    # 1 nobody named, the flag says no
    (1, PROVIDER, "Payroll |  | no | GB",
     E(IO, "high", 1, 1, 'No provider named; Outsourced = "no" (T!C2); performed in GB (T!D2) = home GB')),
    # 2 nobody named, no flag
    (2, "task_name | provider | delivery_country", "Payroll |  | GB",
     E(IO, "medium", 2, 1, "Provider (T!B2) blank and no flag: treated as in-house, please confirm")),
    (2, PROVIDER, "Payroll |  |  | GB",
     E(IO, "medium", 2, 1, "Provider (T!B2) blank and no flag: treated as in-house, please confirm")),
    (2, "task_name | outsourced_flag | delivery_country", "Payroll |  | GB",
     E(IO, "medium", 2, 1, "No provider and a blank flag: treated as in-house, please confirm")),
    # 3 words for own staff, words for nobody
    (3, PROVIDER, "Payroll | Internal |  | GB", E(IO, "high", 3, 1, 'Provider "Internal" (T!B2) read as own staff')),
    (3, PROVIDER, "Payroll | N/A |  | GB", E(IO, "medium", 3, 1, 'Provider "N/A" (T!B2) read as no provider')),
    (3, PROVIDER, "Payroll | None | no | GB",
     E(IO, "high", 3, 1, 'Provider "None" (T!B2) read as no provider; Outsourced = "no" (T!C2)')),
    (3, PROVIDER, "Payroll | Internal | no | GB",
     E(IO, "high", 3, 1, 'Provider "Internal" (T!B2) read as own staff; Outsourced = "no" (T!C2)')),
    (3, READ, "Payroll | Contoso Ltd | own company | GB | | |",
     E(IO, "medium", 3, 1, 'Provider "Contoso Ltd" (T!B2) is the company itself')),
    (3, READ, "Payroll | Finance team | own department | GB | | |",
     E(IO, "medium", 3, 1, 'Provider "Finance team" (T!B2) is a department of the same sheet')),
    # 4 outsourced, but to whom
    (4, PROVIDER, "Payroll |  | yes | GB",
     E(OO, "medium", 4, 1, 'Outsourced = "yes" (T!C2) but no provider named')),
    (4, PROVIDER, "Payroll | N/A | yes | GB",
     E(OO, "medium", 4, 1, 'Outsourced = "yes" (T!C2) but provider "N/A" (T!B2) names nobody')),
    (4, PROVIDER, "Payroll | TBD | yes | GB",
     E(OO, "medium", 4, 1, 'Outsourced = "yes" (T!C2) but provider "TBD" (T!B2) names nobody')),
    (4, "task_name | outsourced_flag | delivery_country", "Payroll | yes | GB",
     E(OO, "medium", 4, 1, 'Outsourced = "yes" (T!B2); no column names providers')),
    (4, TYPE, "Payroll |  | third_party | GB | |",
     E(OO, "medium", 4, 1, 'Provider type = "third_party" (T!C2) but no provider named')),
    (4, "task_name | provider_type | delivery_country", "Payroll | third_party | GB",
     E(OO, "medium", 4, 1, 'Provider type = "third_party" (T!B2); no column names providers')),
    # 5 said to be in-house, a provider named
    (5, PROVIDER, "Payroll | Acme BPO | no | GB",
     E(OO, "low", 5, 1, 'Conflict: Outsourced = "no" (T!C2) but provider "Acme BPO" (T!B2) is named; '
       "counted as outsourced until confirmed")),
    (5, PROVIDER, "Payroll | Acme; Borden | no | GB", E(OO, "low", 5, 1, "Conflict: ")),
    (5, TYPE, "Payroll | Acme BPO | employee | GB | |",
     E(OO, "low", 5, 1, 'Conflict: Provider type = "employee" (T!C2) but provider "Acme BPO" (T!B2) is named')),
    (5, TYPE, "Payroll |  | third_party | GB | no |",
     E(OO, "low", 5, 1, 'Conflict: Outsourced = "no" (T!E2) but Provider type = "third_party" (T!C2); '
       "counted as outsourced until confirmed")),
    (5, TYPE, "Payroll |  | individual | GB | no |", E(OO, "low", 5, 1, "Conflict: ")),
    (5, TYPE, "Payroll |  | staff_aug | GB | no |", E(OO, "low", 5, 1, "Conflict: ")),
    # 6 group companies and own branches
    (6, TYPE, "Payroll | Contoso Pune | branch | IN | |",
     E(IF, "high", 6, 0, 'Provider type = "branch" (T!C2); own branches count as in-house')),
    (6, READ, "Payroll | Contoso India Pvt | own entity | IN | | |",
     E(IF, "high", 6, 0, '"Contoso India Pvt" (T!B2) is in the own-entities list; group view = in-house')),
    (6, READ, "Payroll | Contoso Pune | own branch | IN | | |",
     E(IF, "high", 6, 0, '"Contoso Pune" (T!B2) is an own branch; own branches count as in-house')),
    (6, READ, "Payroll | Northwind SSC |  | PL | | yes |",
     E(IF, "high", 6, 19, 'Part of group = "yes" (T!F2); group view = in-house')),
    (6, READ, "Payroll | Northwind SSC |  | PL | | | group",
     E(IF, "high", 6, 19, 'Provider type = "group" (T!G2); group view = in-house')),
    (6, READ, "Payroll | Contoso India Pvt | own entity | IN | yes | |",
     E(IF, "medium", 6, 0, 'group view = in-house; Outsourced = "yes" (T!E2)')),
    (6, READ, "Payroll | Contoso India Pvt | own entity | IN | | no |",
     E(OF, "low", 6, 0, 'Conflict: "Contoso India Pvt" (T!B2) is in the own-entities list but '
       'Part of group = "no" (T!F2); counted as outsourced until confirmed')),
    (6, READ, "Payroll | Northwind SSC |  | IN | | no | group",
     E(OF, "low", 6, 0, 'Conflict: Provider type = "group" (T!G2) but Part of group = "no" (T!F2)')),
    (6, READ, "Payroll | Contoso India Pvt | own entity | IN | | | third_party",
     E(OF, "low", 6, 0, 'is in the own-entities list but Provider type = "third_party" (T!G2); counted as outsourced')),
    # 7 joint ventures
    (7, TYPE, "Payroll | Conjoint | jv | GB | | 60", E(IO, "high", 7, 1, "Joint venture, share 60 %; group view")),
    (7, TYPE, "Payroll | Conjoint | jv | GB | | 50", E(IO, "high", 7, 1, "Joint venture, share 50 %; group view")),
    (7, TYPE, "Payroll | Conjoint |  | GB | | 0.51", E(IO, "high", 7, 1, "Joint venture, share 51 %; group view")),
    (7, TYPE, "Payroll | Conjoint | jv | GB | | 33.33", E(OO, "low", 7, 1, "Joint venture, share 33.3 %")),
    (7, TYPE, "Payroll | Conjoint | jv | GB | | 49.9", E(OO, "low", 7, 1, "Joint venture, share 49.9 %")),
    (7, TYPE, "Payroll | Conjoint | jv | GB | |", E(OO, "low", 7, 1, "Joint venture, share not stated")),
    (7, READ, "Payroll | Conjoint |  | GB | | partly |", E(OO, "low", 7, 1, "Joint venture, share not stated")),
    # 8 and 9 freelancers and agency staff
    (8, TYPE, "Design | R. Osei | individual | GB | |",
     E(OO, "high", 8, 1, 'Independent contractor, not an employee: Provider type = "individual" (T!C2)')),
    (9, TYPE, "Design | Staffwise | staff_aug | GB | |", E(OO, "high", 9, 1, 'Supplied by agency "Staffwise" (T!B2)')),
    (9, TYPE, "Design |  | staff_aug | GB | |",
     E(OO, "high", 9, 1, 'Supplied by an agency: Provider type = "staff_aug" (T!C2)')),
    # 10 employers of record
    (10, TYPE, "Design | Payroll Abroad | eor | PT | |",
     E(IF, "high", 10, 19, 'Employer of record "Payroll Abroad" (T!B2): directed by us')),
    # 11 employees abroad
    (11, TYPE, "Design |  | employee | PT | |", E(IF, "high", 0, 11, "Employee; works in PT (T!D2) ≠ home GB")),
    # 12 registered at home, delivers abroad
    (12, PLACE, "Helpline | Acme | IN | GB |",
     E(OF, "high", 0, 12, "performed in IN (T!C2) ≠ home GB; provider's GB registration not used")),
    # 13 registered abroad, delivers at home
    (13, PLACE, "Helpline | Acme | GB | US |",
     E(OO, "high", 0, 13, "performed in GB (T!C2); provider is registered in US (T!D2)")),
    # 14 only the provider's country
    (14, PLACE, "Helpline | Acme |  | IN |",
     E(OF, "low", 0, 14, "Performance country missing; assumed from provider country IN (T!D2) ≠ home GB")),
    (14, PLACE, "Helpline | Acme |  | GB |",
     E(OO, "low", 0, 14, "Performance country missing; assumed from provider country GB (T!D2) = home")),
    (14, PLACE, "Helpline | Acme |  | overseas |",
     E(OF, "low", 0, 14, 'assumed from provider country "overseas" (T!D2), outside home GB')),
    # 15 shares
    (15, PLACE, "Helpline | Acme | IN 60%; GB 40% | |",
     E(OF, "high", 0, 15, 'Delivery country = "IN 60%; GB 40%" (T!C2) -> offshore share 60 %')),
    (15, PLACE, "Helpline | Acme | IN 50%; GB 50% | |", E(OF, "high", 0, 15, "-> offshore share 50 %")),
    (15, PLACE, "Helpline | Acme | IN 49%; GB 51% | |", E(OO, "high", 0, 15, "-> offshore share 49 %")),
    (15, PLACE, "Helpline | Acme | IN 30%; PH 30%; GB 40% | |", E(OF, "high", 0, 15, "-> offshore share 60 %")),
    (15, PLACE, "Helpline | Acme | IN 0%; GB 100% | |", E(OO, "high", 0, 15, "-> offshore share 0 %")),
    (15, PLACE, "Helpline | Acme | IN 100%; GB 0% | |", E(OF, "high", 0, 15, "-> offshore share 100 %")),
    # 16 no shares
    (16, PLACE, "Helpline | Acme | GB; IN | |",
     E(OF, "medium", 0, 16, "GB; IN (T!C2): shares not stated; offshore partly")),
    (16, PLACE, "Helpline | Acme | IN | | partly",
     E(OF, "medium", 0, 16, 'Offshore = "partly" (T!E2); performed in IN (T!C2): share not stated')),
    (16, PLACE, "Helpline | Acme |  | | partly", E(OF, "medium", 0, 16, 'Offshore = "partly" (T!E2)')),
    # 17 the flag against the place
    (17, PLACE, "Helpline | Acme | PH | | onshore",
     E(OF, "low", 0, 17, 'Conflict: Offshore = "onshore" (T!E2) but performed in PH (T!C2)')),
    (17, PLACE, "Helpline | Acme | GB | | offshore",
     E(OO, "low", 0, 17, 'Conflict: Offshore = "offshore" (T!E2) but performed in GB (T!C2)')),
    (17, PLACE, "Helpline | Acme | domestic | | offshore",
     E(OO, "low", 0, 17, 'Conflict: Offshore = "offshore" (T!E2) but performed in "domestic" (T!C2)')),
    (17, PLACE, "Helpline | Acme | GB | | nearshore", E(OO, "low", 0, 17, "Conflict: ")),
    (17, PLACE, "Helpline | Acme | GB | | partly", E(OO, "low", 0, 17, "Conflict: ")),
    (17, PLACE, "Helpline | Acme | GB; PH | | onshore", E(OF, "low", 0, 17, "Conflict: ")),
    (17, PLACE, "Helpline | Acme | GB 60%; PH 40% | | onshore", E(OO, "low", 0, 17, "Conflict: ")),
    (17, PLACE, "Helpline | Acme | GB 40%; PH 60% | | onshore", E(OF, "low", 0, 17, "Conflict: ")),
    (17, PLACE, "Helpline | Acme | GB 50%; PH 50% | | onshore", E(OF, "low", 0, 17, "Conflict: ")),
    (17, PLACE.replace("delivery_country", "delivery_country?"), "Helpline | Acme | PH | | onshore",
     E(UN, "low", 0, 17, 'Conflict: Offshore = "onshore" (T!E2) but Delivery country = "PH" (T!C2), '
       "which may not be where the work is done")),
    # 18 no country
    (18, PLACE, "Helpline | Acme | EMEA | |", E(UN, "low", 0, 18, '"EMEA" (T!C2) names no country')),
    (18, PLACE, "Helpline | Acme | Remote | |", E(UN, "low", 0, 18, '"Remote" (T!C2) names no country')),
    (18, PLACE, "Helpline | Acme | Grorgia | |", E(UN, "low", 0, 18, '"Grorgia" (T!C2) names no country')),
    (18, PLACE, "Helpline | Acme | Georgia? | |", E(UN, "low", 0, 18, '"Georgia?" (T!C2) names no country')),
    (18, "task_name | provider | delivery_country | delivery_reading", "Helpline | Acme | Erewhon | country",
     E(UN, "low", 0, 18, '"Erewhon" (T!C2) names no country')),
    (18, PLACE, "Helpline | Acme | APAC | |",
     E(OF, "medium", 0, 18, '"APAC" (T!C2) cannot include home GB -> offshore, country unknown')),
    # 19 nearshore
    (19, PLACE, "Help | Acme | PL | |", E(OF, "high", 0, 19, "performed in PL (T!C2), outside home GB (nearshore)")),
    (19, PLACE, "Helpline | Acme | IN | | nearshore", E(OF, "high", 0, 19, "outside home GB (nearshore)")),
    (19, PLACE, "Helpline | Acme |  | | nearshore", E(OF, "high", 0, 19, 'Offshore = "nearshore" (T!E2)')),
    # 20 territories
    (20, PLACE, "Helpline | Acme | GG | |",
     E(OF, "low", 0, 20, "performed in GG (T!C2), a separate ISO code from home GB; see the territory rules")),
    # 21 own staff and a provider
    (21, PROVIDER, "Helpline | Internal + Acme |  | GB",
     E(UN, "low", 21, 1, "Performed by own staff and Acme (T!B2); split not stated")),
    (21, PROVIDER, "Helpline | Acme | partly | GB",
     E(UN, "low", 21, 1, 'Outsourced = "partly" (T!C2); split not stated')),
    (21, TYPE, "Helpline | Acme | mixed | GB | |",
     E(UN, "low", 21, 1, 'Provider type = "mixed" (T!C2); split not stated')),
    (21, PROVIDER, "Helpline | Internal + Acme | no | GB",
     E(UN, "low", 21, 1, 'Conflict: Outsourced = "no" (T!C2) but "Internal + Acme" (T!B2) names a provider')),
    (21, "task_name | provider | own_share | delivery_country", "Helpline | Internal + Acme | 0.7 | GB",
     E(IO, "high", 21, 1, "Performed by own staff and Acme (T!B2); own share 70 %")),
    (21, "task_name | provider | own_share | delivery_country", "Helpline | Internal + Acme | 0.3 | GB",
     E(OO, "high", 21, 1, "own share 30 %")),
    (21, "task_name | provider | own_share | delivery_country", "Helpline | Internal + Acme | 0.286 | GB",
     E(OO, "high", 21, 1, "own share 29 %")),
    (21, "task_name | provider | own_share | delivery_country", "Helpline | Internal + Acme | 0.5 | GB",
     E(UN, "low", 21, 1, "split not stated")),
    # 22 posted workers, where a column says so
    (22, "task_name | provider | provider_type | delivery_country", "Fitting | Acme | Posted workers | GB",
     E(OO, "high", 0, 22, 'performed at home site in GB (T!D2): Provider type = "Posted workers" (T!C2)')),
    # 23 in person and abroad: the quadrant stays
    (23, "task_name | provider | delivery_country | in_person", "Client centre | Acme | IN | required",
     E(OF, "high", 0, 23, 'In person = "required" (T!D2): an in-person service cannot be performed in IN '
       "(T!C2) for local clients")),
    # 24 not running
    (24, "task_name | provider | delivery_country | status", "Helpline | Acme | GB | planned",
     E(OO, "high", 0, 1, 'Status = "planned" (T!D2)')),
    # 25 a system is no performer
    (25, TYPE, "Invoices | Ledgerly | system | GB | |",
     E(IO, "medium", 25, 1, 'Listed as system, not performer: Provider type = "system" (T!C2)')),
    (25, TYPE, "Invoices | Ledgerly | system | GB | no |",
     E(IO, "high", 25, 1, 'Listed as system, not performer; Outsourced = "no" (T!E2)')),
    (25, TYPE, "Invoices | Ledgerly | system | GB | yes |",
     E(OO, "medium", 25, 1, 'Listed as system, not performer; Outsourced = "yes" (T!E2)')),
    # no special case: the sheet says it plainly
    (0, PROVIDER, "Helpline | Acme |  | IN", E(OF, "high", 0, 0, 'Provider "Acme" (T!B2) is named; performed in IN')),
    (0, PROVIDER, "Helpline | Acme | yes | IN", E(OF, "high", 0, 0, 'Outsourced = "yes" (T!C2); provider "Acme"')),
    (0, PROVIDER, "Helpline | Acme; Borden |  | IN; PH",
     E(OF, "high", 0, 0, "Several providers: Acme, Borden (T!B2); performed in IN; PH (T!D2) ≠ home GB")),
    (0, PLACE, "Helpline | Acme |  | | offshore", E(OF, "high", 0, 0, 'Offshore = "offshore" (T!E2)')),
    (1, PLACE, "Helpline | Acme |  | | onshore", E(OO, "high", 0, 1, 'Offshore = "onshore" (T!E2)')),
    (0, PLACE, "Helpline | Acme | EMEA | | offshore",
     E(OF, "medium", 0, 0, 'Offshore = "offshore" (T!E2); "EMEA" (T!C2) names no country')),
    (1, PLACE, "Helpline | Acme | domestic | |", E(OO, "high", 0, 1, '"domestic" (T!C2) read as home GB')),
    (0, PLACE, "Helpline | Acme | overseas | |",
     E(OF, "high", 0, 0, '"overseas" (T!C2) is outside home GB, country unknown')),
    (0, PLACE, "Helpline | Acme |  | |", E(UN, "low", 0, 0, "Delivery country (T!C2) is blank")),
    (0, TYPE, "Helpline | Acme | third_party | GB | |",
     E(OO, "high", 0, 1, 'Provider type = "third_party" (T!C2); provider "Acme" (T!B2)')),
    (0, TYPE, "Helpline |  | employee | GB | |", E(IO, "high", 0, 1, 'Employee: Provider type = "employee" (T!C2)')),
    # contradictions beyond the table: the explicit column wins, and it is said
    (0, READ, "Helpline | Internal |  | GB | yes | |",
     E(IO, "low", 0, 1, 'Conflict: Outsourced = "yes" (T!E2) but provider "Internal" (T!B2) reads as own staff; '
       "counted as in-house until confirmed")),
    (0, READ, "Helpline | Internal |  | GB | | | third_party",
     E(OO, "low", 0, 1, 'Conflict: Provider type = "third_party" (T!G2) but provider "Internal" (T!B2) reads as')),
    (0, TYPE, "Helpline |  | employee | GB | yes |",
     E(IO, "low", 0, 1, 'Conflict: Outsourced = "yes" (T!E2) but Provider type = "employee" (T!C2)')),
    # people, and providers not known yet
    (0, READ, "Helpline | Rhea Osei | person | GB | | |",
     E(UN, "low", 0, 1, 'Provider "Rhea Osei" (T!B2) looks like a person and no column says whether an employee')),
    (0, READ, "Helpline | Rhea Osei | person | GB | yes | |", E(OO, "medium", 0, 1, "looks like a person")),
    (0, READ, "Helpline | Rhea Osei | person | GB | no | |", E(IO, "medium", 0, 1, "looks like a person")),
    (0, READ, "Helpline | Rhea Osei | person | GB | | | employee", E(IO, "high", 0, 1, "Employee: ")),
    (0, PROVIDER, "Helpline | TBD |  | GB", E(UN, "low", 0, 1, 'Provider "TBD" (T!B2) is not known yet')),
    (0, PROVIDER, "Helpline | TBD | no | GB",
     E(IO, "low", 0, 1, 'Outsourced = "no" (T!C2); provider "TBD" (T!B2) is not known yet')),
]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "header", "row", "expected"), CASES, ids=[f"{case[0]}: {case[2]}" for case in CASES]
)
def test_a_case_of_the_table(number: int, header: str, row: str, expected: E) -> None:
    found = placed(header, row)
    assert found["quadrant"] == expected.quadrant
    assert found["confidence"] == expected.confidence
    assert (found["sourcing_case"], found["location_case"]) == (expected.sourcing, expected.location)
    assert expected.why in found["why"]
    assert number in {expected.sourcing, expected.location, 24}


def test_all_25_cases_are_here() -> None:
    assert {case[0] for case in CASES} >= set(range(1, 26))


def test_the_document_has_a_line_for_each_case() -> None:
    lines = (Path(__file__).parent.parent / "docs" / "quadrants.md").read_text(encoding="utf-8").splitlines()
    numbers = [
        int(line.split("|")[1]) for line in lines if line.startswith("| ") and line.split("|")[1].strip().isdecimal()
    ]
    assert numbers == [*range(1, 26), 0]
