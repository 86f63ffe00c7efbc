"""What a person has to look at, grouped: the cells first, the true number with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from analyzer.evidence import Evidence
from analyzer.model import Finding
from analyzer.quadrant.deciding import CHOSEN, Case
from analyzer.terms import Field, SubType

_SHOWN = 5
_SOURCING_FIELDS = (Field.PROVIDER, Field.OUTSOURCED_FLAG, Field.PROVIDER_TYPE, Field.GROUP_FLAG)
_PLACE_FIELDS = (Field.DELIVERY_COUNTRY, Field.OFFSHORE_FLAG, Field.PROVIDER_COUNTRY)


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """An axis' table and each row's position in it."""

    cases: Sequence[Case]
    chosen: pl.Series


def findings(
    evidence: Evidence, frame: pl.DataFrame, decided: Iterable[Decided], group_view: str
) -> tuple[Finding, ...]:
    """The findings of the placements: those of cases, then those of whole columns, then which group view is on."""
    by_case = [finding for axis in decided for finding in _of_cases(evidence, frame, axis)]
    return (*by_case, *_of_columns(evidence, frame), *_of_group(evidence, frame, group_view))


def _of_cases(evidence: Evidence, frame: pl.DataFrame, axis: Decided) -> list[Finding]:
    open_ = frame.select("sheet", "row", axis.chosen.alias(CHOSEN)).filter(~frame.get_column("overridden"))
    found = []
    for code in dict.fromkeys(case.finding for case in axis.cases if case.finding):
        cells = {n: case.cell for n, case in enumerate(axis.cases) if case.finding == code}
        rows = open_.filter(pl.col(CHOSEN).is_in(list(cells)))
        if rows.height:
            found.append(Finding(code, _cells(evidence, rows.head(_SHOWN), cells), rows.height))
    return found


def _cells(evidence: Evidence, rows: pl.DataFrame, cells: dict[int, Field | None]) -> tuple[str, ...]:
    addresses = []
    for row in rows.iter_slices(1):
        name = cells[row.item(0, CHOSEN)]
        address = row.select(evidence.inventory.cell(name)).item() if name else None
        addresses.append(address or f"{row.item(0, 'sheet')}!{row.item(0, 'row')}")
    return tuple(addresses)


def _of_columns(evidence: Evidence, frame: pl.DataFrame) -> list[Finding]:
    inventory, found = evidence.inventory, []
    if not any(inventory.has(name) for name in _SOURCING_FIELDS):
        found.append(Finding("no-sourcing-column", count=frame.height))
    if not any(inventory.has(name) for name in _PLACE_FIELDS):
        found.append(Finding("no-place-column", count=frame.height))
    for column in inventory.columns:
        if column.field == Field.DELIVERY_COUNTRY and column.assumed:
            cell = f"{column.sheet}!{column.letter}"
            found.append(Finding("place-column-assumed", (cell,), frame.height, {"header": column.header}))
    return found


def _of_group(evidence: Evidence, frame: pl.DataFrame, view: str) -> list[Finding]:
    group = frame.filter(pl.col("subtypes").list.contains(SubType.CAPTIVE.value)).with_columns(pl.lit(0).alias(CHOSEN))
    cells = _cells(evidence, group.head(_SHOWN), {0: Field.PROVIDER})
    return [Finding("group-view", cells, group.height, {"view": view})] if group.height else []
