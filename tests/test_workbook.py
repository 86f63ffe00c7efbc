"""The annotated workbook: theirs whole, ours beside it, alive."""

from __future__ import annotations

import itertools
import re
import subprocess
import zipfile
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import report_case
from conftest import parse_table
from report_case import HEADER_ROW, ROWS, SHEET

from analyzer import files, pipeline, policy, xlsx
from analyzer.errors import RefusedError
from analyzer.model import Analysis
from analyzer.period import Period
from analyzer.report.book import ledger, palette, tags
from analyzer.report.book.live import Live
from analyzer.report.book.material import MOST_LINES, Material
from analyzer.report.view import see
from analyzer.report.view.context import Context
from analyzer.report.workbook import verify, write_workbook
from analyzer.settings import Company, Settings
from analyzer.terms import Sheet, TagColumn


def written(analysis: Analysis, folder: Path) -> Analysis:
    """The case's own source file in a folder, and the analysis that names it."""
    path = folder / "harbour lane tasks.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    sheet.cell(1, 1, "Task inventory, Harbour Lane Foods")
    for column, text in enumerate(analysis.inventory.tables[0].headers, start=1):
        sheet.cell(HEADER_ROW, column, text)
    for number, row in enumerate(ROWS, start=HEADER_ROW + 1):
        cells = (row.task_id, row.name, row.function, row.owner, row.provider, "; ".join(row.place or []), row.fte)
        for column, value in enumerate((*cells, row.cost, row.end, row.status, row.critical, row.sla), start=1):
            if value not in {None, ""}:
                sheet.cell(number, column, value)
    sheet.cell(19, 1, "Total")
    sheet.cell(20, 1, "Figures as of October")
    book.create_sheet("Notes").cell(1, 1, "theirs")
    book.save(path)
    source = replace(analysis.inventory.source, path=path, sha256=files.sha256(path))
    return replace(analysis, inventory=replace(analysis.inventory, source=source))


@pytest.fixture
def case(tmp_path: Path) -> Analysis:
    return written(report_case.case(), tmp_path)


@pytest.fixture
def book(case: Analysis, tmp_path: Path) -> openpyxl.Workbook:
    write_workbook(case, tmp_path / "out.xlsx")
    return openpyxl.load_workbook(tmp_path / "out.xlsx")


def test_tag_columns_stand_right_of_the_table_in_their_order(book: openpyxl.Workbook) -> None:
    headers = [cell.value for cell in book[SHEET][HEADER_ROW][14:]]
    assert headers == [column if column != "Cost counted" else "Cost counted (GBP)" for column in TagColumn]


def test_what_people_decided_stands_in_their_rows_again(book: openpyxl.Workbook) -> None:
    row = HEADER_ROW + 1 + report_case.KEYS["T-10"]
    assert [cell.value for cell in book[SHEET][row][25:]][:3] == [None, "mitigate", "L. Brandt"]


def test_a_source_that_changed_meanwhile_is_refused(case: Analysis, tmp_path: Path) -> None:
    case.inventory.source.path.write_bytes(b"another one")
    with pytest.raises(RefusedError, match="changed"):
        write_workbook(case, tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


def test_e9_the_same_analysis_gives_the_same_bytes(case: Analysis, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_workbook(case, tmp_path / name)
    assert files.sha256(tmp_path / "one.xlsx") == files.sha256(tmp_path / "two.xlsx")


def test_e12_running_again_over_our_own_result_doubles_nothing(case: Analysis, tmp_path: Path) -> None:
    write_workbook(case, tmp_path / "once.xlsx")
    source = replace(case.inventory.source, path=tmp_path / "once.xlsx", sha256=files.sha256(tmp_path / "once.xlsx"))
    again = replace(case, inventory=replace(case.inventory, source=source))
    write_workbook(again, tmp_path / "twice.xlsx")
    once, twice = (openpyxl.load_workbook(tmp_path / name) for name in ("once.xlsx", "twice.xlsx"))
    assert once.sheetnames == twice.sheetnames == [SHEET, "Notes", *Sheet]
    assert list(once.defined_names) == list(twice.defined_names)
    for row, other in zip(
        once[SHEET].iter_rows(values_only=True), twice[SHEET].iter_rows(values_only=True), strict=True
    ):
        assert row == other


def test_a_sheet_of_the_users_own_keeps_its_name(case: Analysis, tmp_path: Path) -> None:
    path = case.inventory.source.path
    book = openpyxl.load_workbook(path)
    book.create_sheet("Summary").cell(1, 1, "theirs")
    book.save(path)
    source = replace(case.inventory.source, sha256=files.sha256(path))
    write_workbook(replace(case, inventory=replace(case.inventory, source=source)), tmp_path / "out.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames
    assert sheets[:4] == [SHEET, "Notes", "Summary", "Summary (2)"]


def test_every_new_sheet_prints_and_has_no_merged_cells(book: openpyxl.Workbook) -> None:
    for name in Sheet:
        sheet = book[name]
        assert not sheet.merged_cells.ranges
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
            "landscape",
            1,
            0,
        )
        assert sheet.oddFooter is not None
        assert sheet.oddFooter.right.text == "Page &P of &N"


def test_every_chart_says_what_it_shows(case: Analysis, tmp_path: Path) -> None:
    write_workbook(case, tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as package:
        drawings = [package.read(name) for name in package.namelist() if name.startswith("xl/drawings/drawing")]
    frames = [
        found for drawing in drawings for found in re.findall(rb"<(?:\w+:)?cNvPr [^>]*name=\"Chart[^>]*>", drawing)
    ]
    assert len(frames) == 7
    assert all(b'descr="' in frame for frame in frames)


def test_document_properties_say_what_it_was_made_from(case: Analysis, tmp_path: Path) -> None:
    write_workbook(case, tmp_path / "out.xlsx")
    written = dict(xlsx.inspect(tmp_path / "out.xlsx").properties)
    assert written["analyzer source sha256"] == case.inventory.source.sha256
    assert (written["analyzer policy"], written["analyzer period"]) == ("default 1.0", "2026-10")


def test_the_result_keeps_all_of_its_source(case: Analysis, tmp_path: Path) -> None:
    write_workbook(case, tmp_path / "out.xlsx")
    assert not verify(case, tmp_path / "out.xlsx")


@pytest.mark.parametrize("shade", [*palette.QUADRANTS.values(), *palette.SEVERITIES.values()], ids=str)
def test_dark_text_on_pale_fills_has_a_contrast_of_seven_to_one(shade: palette.Shade) -> None:
    """WCAG 2.2, relative luminance and contrast ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert (luminance(shade.pale) + 0.05) / (luminance(palette.INK) + 0.05) >= 7
    assert 1.05 / (luminance(shade.strong) + 0.05) >= 4.5


def test_every_score_of_the_ledger_sheet_re_adds(tmp_path: Path) -> None:
    analysis = analyse(tmp_path)
    write_workbook(analysis, tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")[Sheet.LEDGER]
    rows = list(sheet.iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if row[0] == "Level")
    lines = [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :] if row[0]]
    assert len(lines) == analysis.assessment.ledger.height
    scored = 0
    for _, found in itertools.groupby(lines, key=lambda line: (line["Task id"], line["Risk"])):
        group = list(found)
        if group[0]["After"] is None:
            continue
        scored += 1
        amount = {kind: Decimal(0) for kind in ("base", "points", "credit", "cap", "floor", "band edge")}
        for line in group:
            amount[str(line["Kind"])] += Decimal(str(line["Points"] or 0))
        credit = sum(Decimal(str(line["Credit"] or 0)) for line in group)
        before = amount["base"] + amount["points"] + amount["cap"]
        after = before * (1 - credit) + amount["floor"] + amount["band edge"]
        assert half_up(before) == group[0]["Before"], group
        assert half_up(after) == group[0]["After"], group
    assert scored > 4


def half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


INVENTORY = """
    ID  | Task           | Department | Owner  | Provider   | Delivery country | FTE | Annual cost | SLA    | End date
    T-1 | Payroll run    | Finance    | Okafor |            | United Kingdom   | 6   | 310000      |        |
    T-2 | Helpline       | Care       | Brandt | Tidewater  | Philippines      | 38  | 1180000     | SLA-24 | 2027-01-31
    T-3 | Ledger         | Finance    | Okafor | Oakridge   | India            | 14  | 350000      |        | 2026-11-30
    T-4 | Cleaning       | Facilities | Reyes  | Brightwell | United Kingdom   | 2   | 98000       | yes    |
    T-5 | Security audit | IT         | Osei   | Mandalay   |                  |     | 45000       |        |
    T-6 | Reporting      | Finance    | Okafor |            | Poland           | 7   |             |        |
"""


UNPLACED = """
    ID  | Task     | FTE
    T-1 | Payroll  | 6
    T-2 | Helpline | 2
"""


def inventory(folder: Path, table: str = INVENTORY) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    for number, row in enumerate(parse_table(table), start=1):
        for column, text in enumerate(row, start=1):
            if text:
                sheet.cell(number, column, float(text) if text.replace(".", "").isdecimal() else text)
    book.save(folder / "inventory.xlsx")
    return folder / "inventory.xlsx"


def analyse(folder: Path, filled: Path | None = None, table: str = INVENTORY) -> Analysis:
    """A small inventory through the whole pipeline, with the decisions of a filled-in workbook."""
    settings = Settings(company=Company(home="GB", name="Harbour Lane Foods"))
    earlier = pipeline.Earlier(workbooks=(filled,)) if filled else None
    return pipeline.analyze(inventory(folder, table), settings, policy.default(), Period(2026, 10), earlier=earlier)


def by_quadrant(path: Path) -> dict[Any, tuple[Any, Any, Any]]:
    """Tasks, FTE and spend of the Summary sheet's table, as a viewer that computes nothing shows them."""
    rows = list(openpyxl.load_workbook(path, data_only=True)[Sheet.SUMMARY].iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if row[0] == "Quadrant")
    return {row[0]: (row[1], row[4], row[5]) for row in rows[head + 1 : head + 7]}


def test_cached_values_are_those_of_the_summary(tmp_path: Path) -> None:
    analysis = analyse(tmp_path)
    write_workbook(analysis, tmp_path / "out.xlsx")
    tallies = [*analysis.summary.quadrants.items(), ("All in totals", analysis.summary.total)]
    assert by_quadrant(tmp_path / "out.xlsx") == {
        str(name): (tally.tasks, tally.fte, tally.cost) for name, tally in tallies
    }


def fill_in(source: Path, target: Path, chosen: dict[str, str], *, turned: bool = False) -> None:
    """Choose *Your quadrant* for some tasks; ``turned`` sorts the rows the other way round, as a user may."""
    book = openpyxl.load_workbook(source)
    sheet = book[SHEET]
    headers = [cell.value for cell in sheet[1]]
    column = headers.index("Your quadrant") + 1
    for row in range(2, sheet.max_row + 1):
        if quadrant := chosen.get(str(sheet.cell(row, 1).value)):
            sheet.cell(row, column, quadrant)
    if turned:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        for number, values in enumerate(reversed(rows), start=2):
            for index, value in enumerate(values, start=1):
                sheet.cell(number, index).value = value
    book.save(target)


def recalculated(soffice: str, path: Path) -> Path:
    """The workbook as LibreOffice computes it anew."""
    folder = path.parent / "lo"
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / path.name


def key_figures(path: Path) -> list[Any]:
    """The values beside the labels of the Summary sheet's five key figures."""
    rows = list(openpyxl.load_workbook(path, data_only=True)[Sheet.SUMMARY].iter_rows(values_only=True))
    title = next(number for number, row in enumerate(rows) if row[8] == "Key figures")
    return [row[8] for row in rows[title + 1 :] if row[8] is not None][:5]


@pytest.mark.office
@pytest.mark.parametrize("turned", [False, True], ids=["as it was", "sorted by the user"])
def test_choosing_a_quadrant_moves_summary_as_a_fresh_run_does(soffice: str, tmp_path: Path, *, turned: bool) -> None:
    write_workbook(analyse(tmp_path), tmp_path / "out.xlsx")
    chosen = {"T-5": "Outsourced onshore", "T-3": "In-house offshore", "T-1": "Undetermined"}
    fill_in(tmp_path / "out.xlsx", tmp_path / "filled.xlsx", chosen, turned=turned)
    computed = recalculated(soffice, tmp_path / "filled.xlsx")
    again = analyse(tmp_path, tmp_path / "filled.xlsx")
    assert again.placement.frame["overridden"].sum() == 3
    write_workbook(again, tmp_path / "again.xlsx")
    assert by_quadrant(computed) == by_quadrant(tmp_path / "again.xlsx")


@pytest.mark.office
def test_shares_are_dashes_until_somebody_places_a_task(soffice: str, tmp_path: Path) -> None:
    write_workbook(analyse(tmp_path, table=UNPLACED), tmp_path / "out.xlsx")
    assert key_figures(tmp_path / "out.xlsx")[:2] == ["–", "–"]
    fill_in(tmp_path / "out.xlsx", tmp_path / "filled.xlsx", {"T-2": "Outsourced offshore"})
    assert key_figures(recalculated(soffice, tmp_path / "filled.xlsx"))[:2] == [0.5, 2]  # one task of two; its FTE


def test_a20_e1_text_that_looks_like_a_formula_stays_text(case: Analysis, tmp_path: Path) -> None:
    frame = case.placement.frame.with_columns(why=pl.lit('=HYPERLINK("http://example.test","x")'))
    write_workbook(replace(case, placement=replace(case.placement, frame=frame)), tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book[SHEET].cell(HEADER_ROW + 1, 16).data_type == "s"
    assert all(
        cell.data_type != "f" for row in book[Sheet.ATTENTION].iter_rows() for cell in row if cell.value is not None
    )


def test_e10_a_ledger_is_cut_between_scores_and_says_its_true_length(case: Analysis) -> None:
    context = Context.of(case)
    material = Material(context, see(context), Live((), tags.tagged(case)), {})
    lines = ledger.lines(material, MOST_LINES)
    cut = ledger.capped(ledger.lines(material, 6), 6)
    assert cut.equals(ledger.capped(lines, 6))
    whole = lines.group_by("key", "risk").len()
    assert cut.group_by("key", "risk").len().join(whole, on=["key", "risk", "len"], how="anti").is_empty()
    assert 0 < cut.height <= 6


@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_a20_e1_other_formats_get_their_values_first(suffix: str, tmp_path: Path) -> None:
    mark = {"csv": ",", "tsv": "\t"}[suffix]
    rows = [*parse_table(INVENTORY), ["007", "=1+1", "", "", "", "UK", "1", "12345678901234567890", "", ""]]
    path = tmp_path / f"inventory.{suffix}"
    path.write_text("\n".join(mark.join(row) for row in rows) + "\n", encoding="utf-8")
    settings = Settings(company=Company(home="GB"))
    write_workbook(pipeline.analyze(path, settings, policy.default(), Period(2026, 10)), tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    sheet = book.worksheets[0]
    last = [cell.value for cell in sheet[8]]
    assert (last[0], last[1], last[7]) == ("007", "=1+1", "12345678901234567890")
    assert sheet.cell(8, 2).data_type == "s"
    assert sheet.cell(1, 11).value == "Quadrant"
    assert book.sheetnames[1:] == list(Sheet)
