"""The digest of a run for other programs: it follows its schema, reconciles, and is the same for the same input."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from report_case import case, first_month

from analyzer import files
from analyzer.model import Analysis, Finding
from analyzer.report.machine import describe, json_schema, write_digest

LETTER = {"subject": "Task inventory", "text": "plain", "html": "<p>rich</p>"}


def digest(analysis: Analysis, written: tuple[Path, ...] = ()) -> dict[str, Any]:
    return describe(analysis, written, mail=LETTER)


def faults(data: dict[str, Any]) -> list[str]:
    validator = jsonschema.Draft202012Validator(json_schema(), format_checker=jsonschema.FormatChecker())
    return [f"{'/'.join(map(str, fault.absolute_path))}: {fault.message}" for fault in validator.iter_errors(data)]


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("analysis", [case(), first_month()], ids=["two months", "first month"])
def test_the_digest_follows_its_schema(analysis: Analysis) -> None:
    assert faults(digest(analysis)) == []


@pytest.mark.parametrize(
    "spoilt",
    [{"counts": {}}, {"status": 99}, {"as_of": "31.10.2026"}, {"surprise": 1}, {"period": "October"}],
    ids=lambda spoilt: next(iter(spoilt)),
)
def test_the_schema_finds_what_is_wrong(spoilt: dict[str, Any]) -> None:
    assert len(faults({**digest(case()), **spoilt})) >= 1


def test_every_name_of_the_schema_is_documented() -> None:
    text = (Path(__file__).parent.parent / "docs" / "summary.md").read_text(encoding="utf-8")
    assert [name for name in json_schema()["properties"] if f"`{name}`" not in text] == []


def test_rows_and_tasks_reconcile() -> None:
    found = digest(case())
    counts, tasks = found["counts"], sum(tally["tasks"] for tally in found["quadrants"].values())
    assert counts["rows"] == counts["tasks"] + counts["set_aside"] == 16
    assert counts["tasks"] == tasks + counts["not_in_totals"] == 14
    assert sum(group["count"] for group in found["set_aside"]) == counts["set_aside"]


def test_the_bridge_reconciles() -> None:
    bridge = digest(case())["movement"]["bridge"]
    assert len(bridge) == 18
    for line in bridge:
        closing = line["opening"] + line["added"] - line["removed"] + line["moved_in"] - line["moved_out"]
        assert closing + line["changed"] == pytest.approx(line["closing"])


def test_findings_keep_code_count_cells_and_message() -> None:
    analysis = case()
    [told] = describe(
        replace(analysis, summary=replace(analysis.summary, findings=())),
        (),
        findings=(Finding("total-made-yearly", ("Inventory!H5", "Inventory!H6"), 7),),
        mail={},
    )["findings"]
    assert (told["code"], told["count"], told["cells"]) == ("total-made-yearly", 7, ["Inventory!H5", "Inventory!H6"])
    assert told["message"].startswith("harbour lane tasks.xlsx > Inventory!H5, H6 and 5 more: 7 contract")


def test_files_are_listed_with_their_hashes(tmp_path: Path) -> None:
    page = tmp_path / "tasks.report.html"
    page.write_text("<!doctype html>", encoding="utf-8")
    [told] = digest(case(), (page,))["files"]
    assert told == {"path": page.name, "sha256": files.sha256(page), "bytes": 15}


def test_the_same_analysis_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_digest(digest(case()), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert json.loads((tmp_path / "one").read_text(encoding="utf-8"))["company"] == "Harbour Lane Foods"


def test_numbers_are_plain_json() -> None:
    text = json.dumps(digest(case()), allow_nan=False)
    assert '"period": "2026-10"' in text
