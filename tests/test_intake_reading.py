"""A spreadsheet goes in, an Inventory comes out."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SheetMaker

from analyzer import intake
from analyzer.errors import RefusedError
from analyzer.settings import Settings

PLAIN = """
    Task           | Provider | Delivery country
    Payroll        | Acme Ltd | IN
    Reception      |          | GB
"""


def test_a_plain_sheet(sheet: SheetMaker) -> None:
    inventory = intake.read(sheet(PLAIN), Settings())
    assert inventory.tasks["task_name"].to_list() == ["Payroll", "Reception"]
    assert inventory.tasks["row"].to_list() == [2, 3]
    assert [(c.letter, c.field.value) for c in inventory.columns] == [
        ("A", "task_name"),
        ("B", "provider"),
        ("C", "delivery_country"),
    ]


@pytest.mark.parametrize("name", ["inventory.csv", "inventory.xlsx"])
def test_the_format_makes_no_difference(sheet: SheetMaker, name: str) -> None:
    inventory = intake.read(sheet(PLAIN, name=name), Settings())
    assert inventory.raw["provider"].to_list() == ["Acme Ltd", None]


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    path.touch()
    with pytest.raises(RefusedError, match="empty"):
        intake.read(path, Settings())
