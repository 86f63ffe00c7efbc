"""Needs attention: findings, the cells they name, tasks without a quadrant, rows set aside."""

from __future__ import annotations

import polars as pl

from analyzer.messages import CATALOGUE, Weight, render
from analyzer.model import Finding
from analyzer.report.book import palette
from analyzer.report.book.material import MOST_LINES, MOST_LINKS, Material, linked, located
from analyzer.report.book.paper import SMALL, Paper, column, counted
from analyzer.sums import total
from analyzer.terms import Quadrant

WIDTHS = (24, 34, 58, 46, 11, 16, 20)
_WEIGHTS = list(Weight)
_FINDING = {"kind": pl.String, "title": pl.String, "text": pl.String, "remedy": pl.String, "count": pl.Int64}


def draw(paper: Paper, material: Material) -> None:
    """All that a person should look at, worst first."""
    paper.widths(WIDTHS)
    view = material.view.attention
    paper.title(material.context.say("attention.title"), view.lead)
    cells = _cells(material)
    findings = _findings(material, cells)
    if findings.height:
        _groups(paper, material, findings)
    _cell_by_cell(paper, cells.filter(pl.col("cell") != ""))
    _unplaced(paper, material)
    _aside(paper, material)
    _settle(paper, material)


def _cells(material: Material) -> pl.DataFrame:
    """``title`` · ``cell`` · ``order`` · ``name`` · ``cost`` of the cells that findings name."""
    rows = [
        {"order": number, "title": CATALOGUE[finding.code].title, "cell": cell}
        for number, finding in enumerate(material.analysis.summary.findings)
        for cell in finding.cells or ("",)
    ]
    frame = pl.DataFrame(rows, schema={"order": pl.UInt32, "title": pl.String, "cell": pl.String})
    cell = pl.col("cell")
    place = cell.str.extract(r"^(.*)!").alias("sheet"), cell.str.extract(r"(\d+)$").cast(pl.UInt32).alias("row")
    tasks = material.tasks.select("sheet", "row", "name", "cost")
    return frame.with_columns(*place).join(tasks, on=["sheet", "row"], how="left", maintain_order="left")


def _findings(material: Material, cells: pl.DataFrame) -> pl.DataFrame:
    """A row per finding, by weight, then money, then rows affected."""
    lines = [_line(material, number, finding) for number, finding in enumerate(material.analysis.summary.findings)]
    schema = {"order": pl.UInt32, "weight": pl.UInt8, **_FINDING}
    money = cells.group_by("order").agg(_known(pl.col("cost")).alias("money"), pl.col("cell").first())
    return (
        pl.DataFrame(lines, schema=schema)
        .join(money, on="order", how="left")
        .sort("weight", "money", "count", "order", descending=[False, True, True, False], nulls_last=True)
    )


def _known(amount: pl.Expr) -> pl.Expr:
    """The sum, null where no amount is known."""
    return pl.when(amount.count() > 0).then(total(amount))


def _line(material: Material, number: int, finding: Finding) -> dict[str, object]:
    message = CATALOGUE[finding.code]
    return {
        "order": number,
        "weight": _WEIGHTS.index(message.weight),
        "kind": material.context.say(f"attention.{message.weight.value}"),
        "title": message.title,
        "text": render(finding.code, finding.count, finding.values),
        "remedy": message.remedy.format(n=f"{finding.count:,}", **finding.values),
        "count": finding.count,
    }


def _groups(paper: Paper, material: Material, findings: pl.DataFrame) -> None:
    kinds = {material.context.say(f"attention.{weight.value}"): weight for weight in Weight}
    shades = {
        Weight.CONFLICT: palette.SEVERITY_HIGH,
        Weight.MISSING: palette.SEVERITY_MEDIUM,
        Weight.ASSUMED: palette.SEVERITY_NONE,
        Weight.NOTE: palette.SEVERITY_NONE,
    }
    links = findings.select(linked(pl.col("cell"))).to_series()
    paper.table(
        [
            column("Kind", findings["kind"], 24, chips={k: palette.chip(shades[w]) for k, w in kinds.items()}),
            column("Finding", findings["title"], 34),
            column("What was found, what was done", findings["text"], 58),
            column("What to do", findings["remedy"], 46),
            column("Cells", findings["count"], 11, palette.COUNT),
            column(
                material.context.priced("Spend in the cells named"),
                findings["money"],
                16,
                palette.money(material.currency),
            ),
            column("First cell", findings["cell"], 20, links=links),
        ],
        main=True,
    )


def _cell_by_cell(paper: Paper, cells: pl.DataFrame) -> None:
    if not cells.height:
        return
    paper.section("Cell by cell", "The first cells of each finding; choose one to go there.")
    paper.table(
        [
            column("Cell", cells["cell"], 24, links=cells.select(linked(pl.col("cell"))).to_series()),
            column("Finding", cells["title"], 34),
            column("Task", cells["name"], 58),
        ]
    )


def _unplaced(paper: Paper, material: Material) -> None:
    frame = material.tasks.filter((pl.col("quadrant") == Quadrant.UNDETERMINED.value) & pl.col("in_totals"))
    if not frame.height:
        return
    many = counted(frame.height, "task is", "tasks are")
    paper.section(
        "Tasks that could not be placed",
        f"{many} Undetermined: counted apart, never a default. Choose Your quadrant beside each, or fill in what is "
        "missing.",
    )
    shown = located(frame.sort("cost", "key", descending=[True, False], nulls_last=True).head(MOST_LINES))
    paper.table(
        [
            column("Row", shown["place"], 24, links=_first_links(shown)),
            column("Task", shown["name"], 34),
            column("Why", shown["why"], 58),
            column("Owner", shown["owner"], 46),
            column("FTE", shown["fte"], 11, palette.FTE),
            column(material.context.priced("Spend"), shown["cost"], 16, palette.money(material.currency)),
        ]
    )
    _rest(paper, frame.height)


def _aside(paper: Paper, material: Material) -> None:
    frame = material.analysis.inventory.set_aside
    if not frame.height:
        return
    paper.section(
        "Rows set aside",
        f"{counted(frame.height, 'row is no task', 'rows are no tasks')} and so not tagged; each is here.",
    )
    shown = located(frame.head(MOST_LINES))
    paper.table(
        [
            column("Row", shown["place"], 24, links=_first_links(shown)),
            column("Reason", shown["reason"], 34),
            column("What it says", shown["text"], 58),
        ]
    )
    _rest(paper, frame.height)


def _settle(paper: Paper, material: Material) -> None:
    missing = material.view.attention.missing
    if not missing:
        return
    paper.section("Columns that would settle most", "Rules that could not run, because their column is missing.")
    paper.table(
        [
            column("Rules", pl.Series([line.rules for line in missing]), 24),
            column("Why they could not run", pl.Series([line.why for line in missing]), 34),
        ]
    )


def _first_links(frame: pl.DataFrame) -> pl.Series:
    """Links of the first lines: a sheet holds 65,530."""
    at = pl.int_range(pl.len())
    return frame.select(pl.when(at < MOST_LINKS // 2).then("link").alias("link")).to_series()


def _rest(paper: Paper, total: int) -> None:
    if total > MOST_LINES:
        paper.say(f"The first {MOST_LINES:,} of {total:,} are here; all are marked in the task sheet.", SMALL)
