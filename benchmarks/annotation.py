"""Ways to annotate one workbook: columns and sheets made up, or the real run with the real writer."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import openpyxl
import polars as pl
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.table import Table

from analyzer.errors import RefusedError
from analyzer.period import Period
from analyzer.settings import Company, Settings
from analyzer.xlsx import (
    Column,
    Conditional,
    Edit,
    Graft,
    Limits,
    Splice,
    Style,
    Validation,
    apply,
    free_column,
    inspect,
)
from analyzer.xlsx.cells import cells_of
from analyzer.xlsx.container import Container
from analyzer.xlsx.package import Package

ODD_SENTENCE = "=row {} <is> & \x0b odd_x000D_"
_SETTINGS = Settings(company=Company(home="GB", name="Harbour Lane Foods"))
_PERIOD = Period(2026, 10)


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """What was done to a workbook: the edit, the headers written per splice where known, what was said."""

    edit: Edit
    headers: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()


Way = Callable[[Path, Path], Done]


def run(path: Path, target: Path, *, strip_active: bool = False) -> Done:
    """The real job: read, placed, assessed, written. Raises ``RefusedError`` also where it is written afresh."""
    from analyzer import pipeline, policy  # noqa: PLC0415 - a second of start-up that the other way need not pay
    from analyzer.report.workbook import plan, write_workbook  # noqa: PLC0415 - the same

    analysis = pipeline.analyze(path, _SETTINGS, policy.default(), _PERIOD)
    written = write_workbook(analysis, target, strip_active=strip_active)
    codes = tuple(finding.code for finding in written.findings)
    for finding in written.findings:
        if finding.code == "workbook-written-fresh":
            raise RefusedError(f"written afresh: {finding.values['why']}", where=path.name)
    edit = plan(analysis, strip_active=strip_active)
    known = "workbook-header-renamed" not in codes
    headers = tuple(tuple(column.header for column in splice.columns) for splice in edit.splices) if known else ()
    return Done(edit, headers, codes)


def annotate(path: Path, target: Path) -> Done:
    """Six columns beside the first sheet with data, and two sheets with a chart and a table."""
    facts = inspect(path, allow_sparse=True)
    sheet = next((s for s in facts.sheets if s.kind == "worksheet" and s.extent.cells), None)
    sheet = sheet or next(s for s in facts.sheets if s.kind == "worksheet" and s.part)
    rows = rows_of(path, sheet.part)
    tables = [t for t in facts.tables if t.sheet == sheet.name and t.extensible]
    table = tables[0] if tables else None
    header = table.first_row if table else rows[0] if rows else 1
    first = free_column(path, sheet.name, table.last_column + 1 if table else sheet.extent.last_column + 1, 6)
    last = table.last_row if table else None
    body = [row for row in rows if row > header and (last is None or row <= last)]
    names = (facts.free_name("Summary"), facts.free_name("Method"))
    graft = scratch_sheets(names)
    edit = Edit(
        splices=(columns(sheet.name, first, header, body, table.name if table else None),),
        graft=graft,
        names=(),
        properties={"policy": "default 1.0"},
    )
    with target.open("w+b") as stream:
        outcome = apply(path, stream, edit)
    return Done(edit, outcome.headers, tuple(note.code for note in outcome.notes))


def rows_of(path: Path, part: str) -> list[int]:
    """Numbers of the rows that hold cells."""
    with Container(path, Limits()) as container:
        return sorted(number for number, row in cells_of(Package(container), part).items() if row.cells)


def columns(
    sheet: str, first: int, header: int, rows: list[int], table: str | None = None, sentence: str = ODD_SENTENCE
) -> Splice:
    """Six columns of all kinds; ``sentence`` is filled with the row."""
    n = len(rows)
    quadrants = ["In-house onshore", "Outsourced offshore", "Outsourced onshore"]
    texts = pl.Series([quadrants[i % 3] for i in range(n)], dtype=pl.String)
    cycle = pl.Series([["High", "Low"][i % 2] for i in range(n)], dtype=pl.String)
    why = pl.Series([sentence.format(i) for i in range(n)], dtype=pl.String)
    days = pl.Series([dt.date(2026, 10, 1 + i % 28) for i in range(n)], dtype=pl.Date)
    formulas = pl.Series([f'IF(A{row}="","",1)' for row in rows], dtype=pl.String)
    return Splice(
        sheet=sheet,
        first_column=first,
        header_row=header,
        rows=pl.Series(rows, dtype=pl.UInt32),
        columns=(
            Column("Quadrant", texts, style=Style(fill="DDEBF7"), header_style=Style(bold=True, like=f"A{header}")),
            Column("Why", why, width=40, style=Style(wrap=True)),
            Column("Risk level", cycle, classes=cycle, styles={"High": Style(color="9C0006")}),
            Column("FTE counted", pl.Series([i / 4 for i in range(n)], dtype=pl.Float64), hidden=True),
            Column("Decision due", days),
            Column("Live", pl.Series([1.0] * n, dtype=pl.Float64), formulas=formulas),
        ),
        table=table,
        validations=(Validation(0, '"a,b"', prompt_title="Your quadrant", prompt="Choose"),) if n else (),
        conditionals=(Conditional((2,), "TRUE", Style(bold=True)),) if n else (),
    )


def scratch_sheets(names: tuple[str, str]) -> Graft:
    """Two sheets as openpyxl saves them: a chart, a table, formats, a formula with its cached value."""
    book = openpyxl.Workbook()
    summary = book.worksheets[0]
    summary.title = names[0]
    for row in (("Quadrant", "Tasks"), ("In-house onshore", 5), ("Outsourced offshore", 7)):
        summary.append(row)
    summary["B4"] = "=SUM(B2:B3)"
    summary["A1"].font = Font(bold=True, color="1F3864")
    summary["B2"].fill = PatternFill("solid", fgColor="FFF2CC")
    summary["B2"].number_format = '#,##0.0 "FTE"'
    summary.conditional_formatting.add(
        "B2:B3", Rule("expression", formula=["B2>6"], dxf=DifferentialStyle(font=Font(bold=True)))
    )
    chart = BarChart()
    chart.add_data(Reference(summary, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    chart.set_categories(Reference(summary, min_col=1, min_row=2, max_row=3))
    summary.add_chart(chart, "D2")
    summary.add_table(Table(displayName="analyzer_tasks", ref="A1:B3"))
    method = book.create_sheet(names[1])
    method["A1"] = "Policy"
    method.column_dimensions["A"].width = 40
    stream = io.BytesIO()
    book.save(stream)
    return Graft(stream.getvalue(), names, before=(names[0],), values={names[0]: {"B4": 12}})


WAYS: Mapping[str, Way] = {"made up": annotate, "run": run, "strip-active": partial(run, strip_active=True)}
