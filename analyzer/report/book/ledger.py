"""Risk ledger: a line per rule hit with its cell; the lines of a task's risk re-add to its printed scores."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analyzer import xlsx
from analyzer.model import KEY, Assessment
from analyzer.report.book import palette
from analyzer.report.book.material import MOST_LINES, MOST_LINKS, Material, level, place_link
from analyzer.report.book.paper import Paper, column
from analyzer.terms import Severity

_RANK = [severity.value for severity in (Severity.HIGH, Severity.MEDIUM, Severity.NOT_ASSESSED, Severity.LOW)]
HOW = (
    "How a score re-adds: risk before controls = the points of its lines base, points and cap, rounded; "
    "risk after = that sum × (1 − the credits of its lines) + the points of its lines floor and band edge, rounded. "
    "A half rounds up. Lines of kind rule set the level by themselves."
)


def draw(paper: Paper, material: Material, most: int = MOST_LINES) -> None:
    """The most severe lines first, whole scores only."""
    ledger = material.analysis.assessment.ledger
    paper.columns = 12
    if not ledger.height:
        paper.widths((120,))
        paper.title("Risk ledger", "No rule found anything in this file: see Method for what ran and what could not.")
        return
    shown = capped(lines(material, most), most)
    paper.title("Risk ledger", _said(material, ledger, shown, most), HOW)
    paper.table(_columns(shown), main=True)


def _said(material: Material, ledger: pl.DataFrame, shown: pl.DataFrame, most: int) -> str:
    first = pl.struct(KEY, "risk") != pl.struct(KEY, "risk").shift()  # the lines of a score stand together
    scores = 1 + int(ledger.select(first.sum()).item())
    said = f"{ledger.height:,} lines for {scores:,} risks of {ledger[KEY].n_unique():,} tasks, High first."
    if shown.height < ledger.height:
        stem = material.analysis.inventory.source.path.stem
        said += (
            f" A sheet shows at most {most:,}: these are the {shown.height:,} most severe, with whole scores; all "
            f"{ledger.height:,} are in {stem}.ledger.parquet."
        )
    if shown.filter(pl.col("cell").is_not_null()).height > MOST_LINKS:
        said += f" The first {MOST_LINKS:,} cells are links."
    return said


def lines(material: Material, most: int) -> pl.DataFrame:
    """Ledger lines with scores and cells, most severe first; the lines of one task's risk stay together.

    All of them, or the first ones, ``most`` at least, where there are more.
    """
    analysis = material.analysis
    titles = dict(analysis.risk_titles)
    placed = _placed(analysis.assessment, most)
    cells = pl.DataFrame(
        [
            {"sheet": item.sheet, "field": item.field.value, "letter": item.letter}
            for item in analysis.inventory.columns
        ],
        schema={"sheet": pl.String, "field": pl.Categorical, "letter": pl.String},
    ).unique(["sheet", "field"], keep="first", maintain_order=True)
    rows = analysis.inventory.tasks.select(KEY, "sheet", "row")
    address = pl.concat_str("letter", pl.col("row").cast(pl.String))
    return (
        placed.join(rows, on=KEY, how="left", maintain_order="left")
        .join(cells, on=["sheet", "field"], how="left", maintain_order="left")
        .join(material.tasks.select(KEY, "name", "task_id"), on=KEY, how="left", maintain_order="left")
        .with_columns(
            level("severity").alias("level"),
            pl.col("risk").cast(pl.String).replace(titles).alias("title"),
            pl.concat_str("sheet", pl.lit("!"), address).alias("cell"),
            place_link(pl.col("sheet"), address).alias("link"),
        )
    )


def _placed(assessment: Assessment, most: int) -> pl.DataFrame:
    """The ledger beside its scores in the order of the sheet. Of a long one, the lines of the worst scores alone."""
    rank = pl.col("severity").replace_strict({name: n for n, name in enumerate(_RANK)}, return_dtype=pl.UInt8)
    by = [rank, pl.col("residual").cast(pl.Int16).fill_null(101), pl.col(KEY)]
    ledger = assessment.ledger.with_row_index("at")
    scores = assessment.scores.select(KEY, "risk", "inherent", "residual", "severity")
    if ledger.height <= most:
        placed = ledger.join(scores, on=[KEY, "risk"], how="left")
    else:
        worst, wanted = scores.sort(by, descending=[False, True, False]), most
        while (placed := ledger.join(worst.head(wanted), on=[KEY, "risk"])).height < most and wanted < worst.height:
            wanted *= 4  # some scores have no line
    return placed.sort(*by, "at", descending=[False, True, False, False])


def capped(frame: pl.DataFrame, most: int) -> pl.DataFrame:
    """The first lines, cut only between scores."""
    if frame.height <= most:
        return frame
    cut = frame.row(most, named=True)
    ends = frame.head(most)
    return ends.filter((pl.col(KEY) != cut[KEY]) | (pl.col("risk") != cut["risk"]))


def _columns(frame: pl.DataFrame) -> Sequence[xlsx.Column]:
    links = frame.select(pl.when(pl.int_range(pl.len()) < MOST_LINKS).then("link").alias("link")).to_series()
    return [
        column("Level", frame["level"], 16, chips=palette.LEVEL_CHIPS),
        column("Risk", frame["title"], 24, wrap=False),
        column("Task id", frame["task_id"], 12, wrap=False),
        column("Task", frame["name"], 34, wrap=False),
        column("Before", frame["inherent"], 9, palette.COUNT),
        column("After", frame["residual"], 9, palette.COUNT),
        column("Kind", frame["kind"].cast(pl.String), 11, wrap=False),
        column("Rule", frame["rule"].cast(pl.String), 26, wrap=False),
        column("Value as read", frame["value"], 28, wrap=False),
        column("Cell", frame["cell"], 18, links=links, wrap=False),
        column("Points", frame["points"], 10, palette.POINTS),
        column("Credit", frame["credit"], 10, palette.CREDIT),
    ]
