"""What must hold of any sheet: no row lost, every cell at its own address, no order of columns that matters."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer import intake
from analyzer.model import Inventory
from analyzer.settings import Settings
from analyzer.terms import Field

COLUMNS: dict[str, tuple[str, list[str]]] = {
    "Task": ("task_name", ["Payroll", "Reception", "Audit", "Mail room", "Help desk"]),
    "Provider": ("provider", ["Acme Ltd", "Desk Ltd", "Tick LLP", "", "Own staff"]),
    "Delivery country": ("delivery_country", ["IN", "GB", "Poland", "US", "GB"]),
    "Department": ("function", ["HR", "Facilities", "Finance", "Facilities", "IT"]),
    "Annual cost": ("annual_cost", ["120000", "60000", "45000", "30000", "99000"]),
    "Owner": ("owner", ["A. Lee", "B. Kim", "C. Roy", "D. May", "E. Poe"]),
}
titles = st.lists(
    st.sampled_from(["", "Task inventory", "Alder plc, October", "Confidential draft of the owners"]), max_size=4
)
orders = st.permutations(list(COLUMNS))
gaps = st.lists(st.integers(0, 4), max_size=3, unique=True)
tails = st.lists(st.sampled_from(["", "total", "note", "header"]), max_size=3)


def write(
    path: Path, above: list[str], left: int, order: list[str], blank_after: list[int], tail: list[str], merge: int
) -> dict[str, tuple[int, int]]:
    """A sheet of five tasks under titles, with gaps and a tail; where each task's cell stands: text -> row, column."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Tasks"
    row = 0
    for title in above:
        row += 1
        sheet.cell(row, 1, title or None)
    row += 1
    for offset, header in enumerate(order):
        sheet.cell(row, left + offset + 1, header)
    places = {}
    for number in range(5):
        row += 1
        for offset, header in enumerate(order):
            value: Any = COLUMNS[header][1][number]
            sheet.cell(row, left + offset + 1, (float(value) if header == "Annual cost" else value) or None)
        places[COLUMNS["Task"][1][number]] = (row, left + order.index("Task"))
        row += number in blank_after
    if merge and merge - 1 not in blank_after:
        first = places[COLUMNS["Task"][1][merge - 1]][0]
        column = left + order.index("Department") + 1
        sheet.merge_cells(start_row=first, start_column=column, end_row=first + 1, end_column=column)
    finish(sheet, row, left, order, tail)
    book.save(path)
    return places


def finish(sheet: Any, row: int, left: int, order: list[str], tail: list[str]) -> None:
    """Rows under the tasks that are none."""
    for kind in tail:
        row += 2
        if kind == "total":
            sheet.cell(row, left + 1 + (order[0] == "Annual cost"), "Total")
            sheet.cell(row, left + order.index("Annual cost") + 1, 354000)
        elif kind == "note":
            sheet.cell(row, left + 1, "Note: estimates of the owners")
        elif kind == "header":
            for offset, header in enumerate(order):
                sheet.cell(row, left + offset + 1, header)


def read(**made: Any) -> tuple[Inventory, dict[str, tuple[int, int]]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tasks.xlsx"
        places = write(path, **made)
        return intake.read(path, Settings()), places


@settings(max_examples=40, deadline=None)
@given(above=titles, left=st.integers(0, 3), order=orders, blank_after=gaps, tail=tails, merge=st.integers(0, 4))
def test_no_row_is_lost_and_every_cell_has_its_address(
    above: list[str], left: int, order: list[str], blank_after: list[int], tail: list[str], merge: int
) -> None:
    inventory, places = read(above=above, left=left, order=order, blank_after=blank_after, tail=tail, merge=merge)
    addresses = dict(inventory.tasks.select("task_name", inventory.cell(Field.TASK_NAME).alias("cell")).iter_rows())
    expected = {name: f"Tasks!{'ABCDEFGHIJ'[column]}{row}" for name, (row, column) in places.items()}
    assert addresses == expected
    assert inventory.rows == 5 + sum(bool(kind) for kind in tail)


@settings(max_examples=25, deadline=None)
@given(order=orders)
def test_the_order_of_columns_changes_no_value(order: list[str]) -> None:
    straight, _ = read(above=[], left=0, order=list(COLUMNS), blank_after=[], tail=[], merge=0)
    turned, _ = read(above=[], left=0, order=order, blank_after=[], tail=[], merge=0)
    fields = sorted(straight.raw.columns)
    assert turned.tasks.select(sorted(straight.tasks.columns)).equals(
        straight.tasks.select(sorted(straight.tasks.columns))
    )
    assert turned.raw.select(fields).equals(straight.raw.select(fields))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12),
            min_size=3,
            max_size=3,
        ),
        max_size=8,
    )
)
def test_any_texts_in_a_table_are_all_accounted_for(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tasks.xlsx"
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.append(["Task", "Provider", "Delivery country"])
        sheet.append(["Payroll", "Acme Ltd", "IN"])
        for number, row in enumerate(rows, start=3):
            for column, text in enumerate(row, start=1):
                cell = sheet.cell(number, column)
                cell.value, cell.data_type = text, "s"
        book.save(path)
        inventory = intake.read(path, Settings())
    filled = sum(any(text.strip() and not set(text) <= _INVISIBLE for text in row) for row in rows)
    assert inventory.rows >= 1
    assert inventory.rows <= 1 + filled
    assert set(inventory.tasks["row"]) | set(inventory.set_aside["row"]) <= set(range(2, len(rows) + 3))


_INVISIBLE = set("\u00a0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff \t")
