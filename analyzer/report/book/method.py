"""Method: what was read how, under which rules, what ran, what could not; and what colours and shapes mean."""

from __future__ import annotations

import polars as pl

from analyzer import xlsx
from analyzer.report.book import palette
from analyzer.report.book.material import Material
from analyzer.report.book.paper import SMALL, Paper, column
from analyzer.terms import Quadrant, Severity

WIDTHS = (32, 34, 34, 18, 90)
_QUADRANT_MEANS = {
    Quadrant.INHOUSE_ONSHORE: "own staff, in the home country",
    Quadrant.OUTSOURCED_ONSHORE: "a provider, in the home country",
    Quadrant.INHOUSE_OFFSHORE: "own staff, abroad",
    Quadrant.OUTSOURCED_OFFSHORE: "a provider, abroad",
    Quadrant.UNDETERMINED: "who performs it or where is not known: counted apart, never a default",
}
_SEVERITY_MEANS = {
    Severity.HIGH: "a score from 70 on, or a rule that sets it",
    Severity.MEDIUM: "a score from 40 to 69, or a rule that sets it",
    Severity.LOW: "a score below 40, or nothing found by the rules that ran",
    Severity.NOT_ASSESSED: "data are missing: this never means no risk",
}


def draw(paper: Paper, material: Material) -> None:
    """Everything an auditor asks for."""
    paper.widths(WIDTHS)
    say, view = material.context.say, material.view.method
    paper.title(say("method.title"), say("method.lead"), say("method.scores"), say("method.shares"))
    for fact in view.facts:
        paper.put(paper.row, 0, fact.name, xlsx.Style(bold=True, color=palette.INK, vertical="top"))
        paper.say(fact.value, column=1)
    if view.decisions:
        paper.put(paper.row, 0, "Decisions", xlsx.Style(bold=True, color=palette.INK))
        paper.say(view.decisions, column=1)
    paper.row += 1
    _legend(paper)
    _review(paper)
    _columns(paper, material)
    _rules(paper, material)


def _legend(paper: Paper) -> None:
    paper.section("What the colours and shapes mean", "A shape and a word stand beside every colour.")
    for quadrant, text in _QUADRANT_MEANS.items():
        paper.put(paper.row, 0, quadrant.value, palette.chip(palette.QUADRANTS[quadrant]))
        paper.put(paper.row, 1, text)
        paper.row += 1
    for severity, text in _SEVERITY_MEANS.items():
        paper.put(paper.row, 0, palette.LEVELS[severity.value], palette.chip(palette.SEVERITIES[severity]))
        paper.put(paper.row, 1, text)
        paper.row += 1
    paper.row += 1


def _review(paper: Paper) -> None:
    paper.section(
        "How the review columns work",
        "Your quadrant overrules Quadrant from the moment it is chosen: Summary and its charts follow at once, the "
        "risks at the next run. The rule's answer stays beside it.",
        "Decision, its owner, date and note change no number. Hand this file in again, or leave it where it is: what "
        "is filled in comes back next month, found by task, also after sorting.",
        "FTE counted, Cost counted and In totals are what each task adds to the sums; Summary reads them by name.",
    )
    paper.row += 1


def _columns(paper: Paper, material: Material) -> None:
    view, say = material.view.method, material.context.say
    paper.section(say("method.columns"), view.ignored)
    frame = pl.DataFrame(
        [
            (line.column, line.header, line.field, "assumed, please confirm" if line.assumed else "", line.evidence)
            for line in view.columns
        ],
        schema=dict.fromkeys(("column", "header", "field", "assumed", "evidence"), pl.String),
        orient="row",
    )
    paper.table(
        [
            column(say("method.column"), frame["column"], 32),
            column(say("method.header"), frame["header"], 34),
            column(say("method.field"), frame["field"], 34),
            column("To confirm", frame["assumed"], 18),
            column(say("method.evidence"), frame["evidence"], 90),
        ]
    )


def _rules(paper: Paper, material: Material) -> None:
    view, say = material.view.method, material.context.say
    paper.section(say("method.rules"), view.rules_lead)
    if not view.rules:
        paper.say("No rule was run.", SMALL)
        return
    frame = pl.DataFrame(
        [(line.risk, line.rule, line.status, line.hits, line.why) for line in view.rules],
        schema=dict.fromkeys(("risk", "rule", "status", "hits", "why"), pl.String),
        orient="row",
    )
    paper.table(
        [
            column("Risk", frame["risk"], 32),
            column(say("method.rule"), frame["rule"], 34),
            column(say("method.status"), frame["status"], 34),
            column(
                "Tasks",
                frame.select(pl.col("hits").str.replace_all(",", "").cast(pl.Int64, strict=False)).to_series(),
                18,
                palette.COUNT,
            ),
            column("Why", frame["why"], 90),
        ]
    )
