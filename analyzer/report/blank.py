"""A blank inventory for companies that have none: the fields explained, drop-downs, one example row."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from analyzer import files
from analyzer.fields import FIELDS, FieldSpec, Kind
from analyzer.terms import Field

TASKS, EXPLAINED = "Tasks", "Fields explained"
ROWS = 500  # rows that carry drop-downs and formats
EXAMPLE: dict[Field, str | float] = {  # the columns of the sheet, in this order, and what the example row says
    Field.TASK_ID: "T-001",
    Field.TASK_NAME: "Customer helpline",
    Field.FUNCTION: "Customer care",
    Field.OWNER: "A. Example",
    Field.STATUS: "active",
    Field.PROVIDER: "Example Services Ltd",
    Field.PROVIDER_TYPE: "third_party",
    Field.PROVIDER_GROUP: "Example Group",
    Field.DELIVERY_COUNTRY: "Philippines 60 % / United Kingdom 40 %",
    Field.PROVIDER_COUNTRY: "United Kingdom",
    Field.FTE: 42,
    Field.HOME_FTE_DISPLACED: 12,
    Field.ANNUAL_COST: 1250000,
    Field.CONTRACT_REF: "C-2025-017",
    Field.START_DATE: "2025-01-01",
    Field.END_DATE: "2027-12-31",
    Field.NOTICE_DAYS: 90,
    Field.PRICING_MODEL: "t_and_m",
    Field.SLA: "SLA-2025-04",
    Field.CRITICAL: "important",
    Field.CUSTOMER_FACING: "yes",
    Field.OWN_NAME: "yes",
    Field.IN_PERSON: "no",
    Field.PERSONAL_DATA: "yes",
    Field.TRANSFER_BASIS: "scc",
    Field.SUBSTITUTABILITY: "medium",
    Field.EXIT_PLAN: "exists",
    Field.LAST_REVIEW: "2026-03-15",
}
NEEDED = {Field.TASK_NAME, Field.PROVIDER, Field.DELIVERY_COUNTRY}
_INK, _PAPER, _INPUT = "1D2530", "FFFFFF", "FFF7E6"
_RULE = Border(bottom=Side(style="thin", color="C9C2B4"))
_WIDE, _NARROW = 26, 16


def write_blank(target: Path) -> None:
    """Write the blank inventory. Raises ``WriteError``."""
    book = Workbook()
    tasks = book.worksheets[0]
    tasks.title = TASKS
    _fill_tasks(tasks)
    _fill_explained(book.create_sheet(EXPLAINED))
    content = BytesIO()
    book.save(content)
    files.write(target, content.getvalue())


def _fill_tasks(sheet: Worksheet) -> None:
    for column, (field, example) in enumerate(EXAMPLE.items(), start=1):
        spec = FIELDS[field]
        head = sheet.cell(1, column, spec.title)
        _style_head(head)
        head.comment = Comment(_help(spec), "analyzer", height=120, width=260)
        cell = sheet.cell(2, column, example)
        cell.font = Font(italic=True, color="6B7280")
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = _WIDE if spec.kind in {Kind.TEXT, Kind.PLACES} else _NARROW
        if spec.values and spec.kind is not Kind.EVIDENCE:
            sheet.add_data_validation(_choices(spec, letter))
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(EXAMPLE))}{ROWS}"
    _page(sheet, title_rows="1:1")


def _choices(spec: FieldSpec, letter: str) -> DataValidation:
    choice = DataValidation("list", formula1=f'"{",".join(spec.values)}"', allow_blank=True, showErrorMessage=False)
    choice.promptTitle, choice.prompt, choice.showInputMessage = spec.title[:32], spec.meaning[:255], True
    choice.add(f"{letter}2:{letter}{ROWS}")
    return choice


def _fill_explained(sheet: Worksheet) -> None:
    heads = ("Column", "What it means", "What to write", "Field")
    for column, (text, width) in enumerate(zip(heads, (28, 62, 62, 24), strict=True), start=1):
        _style_head(sheet.cell(1, column, text))
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, (field, spec) in enumerate(FIELDS.items(), start=2):
        for column, text in enumerate((spec.title, spec.meaning, _writing(spec), field.value), start=1):
            cell = sheet.cell(row, column, text)
            cell.alignment, cell.border = Alignment(wrap_text=True, vertical="top"), _RULE
        if field in NEEDED:
            sheet.cell(row, 1).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    _page(sheet, title_rows="1:1")


def _help(spec: FieldSpec) -> str:
    needed = "Needed.\n" if spec.field in NEEDED else ""
    return f"{needed}{spec.meaning}.\n{_writing(spec)}"


def _writing(spec: FieldSpec) -> str:
    plain = {
        Kind.EVIDENCE: "Yes, No, or better its reference or date: evidence lowers a risk more than a bare yes",
        Kind.NUMBER: f"A number{f' ({spec.unit})' if spec.unit else ''}",
        Kind.MONEY: "An amount with its currency, as in GBP 1,250,000",
        Kind.DATE: "A date, as in 2026-03-15",
        Kind.PLACE: "A country",
        Kind.PLACES: "A country or city; several with their shares, as in Philippines 60 % / United Kingdom 40 %",
        Kind.TEXTS: "Names, one after another with a semicolon between",
        Kind.TEXT: "Text",
    }
    return f"One of: {', '.join(spec.values)}" if spec.kind in {Kind.ENUM, Kind.YES_NO} else plain[spec.kind]


def _style_head(cell: object) -> None:
    cell.font = Font(bold=True, color=_PAPER)  # type: ignore[attr-defined]  # openpyxl's cell kinds share no public base
    cell.fill = PatternFill("solid", fgColor=_INK)  # type: ignore[attr-defined]  # the same
    cell.alignment = Alignment(wrap_text=True, vertical="center")  # type: ignore[attr-defined]  # the same


def _page(sheet: Worksheet, title_rows: str) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]  # a new sheet has it
    sheet.print_title_rows = title_rows
    sheet.oddFooter.center.text = "&P / &N"  # type: ignore[union-attr]  # a new sheet has a footer
