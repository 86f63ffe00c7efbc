"""The method for auditors: what was read how, under which rules, and what each rule did."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analyzer.fields import FIELDS
from analyzer.report.view.context import Context
from analyzer.report.view.hero import reconcile


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the method."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """A column and what it was read as."""

    column: str
    header: str
    field: str
    evidence: str
    assumed: bool


@dataclass(frozen=True, slots=True)
class RuleLine:
    """What a rule did."""

    risk: str
    rule: str
    status: str
    hits: str
    why: str


@dataclass(frozen=True, slots=True)
class Method:
    """The section."""

    facts: tuple[Fact, ...]
    columns: tuple[Mapped, ...]
    ignored: str
    rules_lead: str
    rules: tuple[RuleLine, ...]
    decisions: str


def see(context: Context) -> Method:
    """The method of an analysis."""
    inventory = context.analysis.inventory
    ignored = [header for table in inventory.tables for header in table.unmatched if header.strip()]
    origin = context.analysis.decisions.origin
    return Method(
        facts=tuple(Fact(name, value) for name, value in _facts(context).items() if value),
        columns=tuple(
            Mapped(
                f"{column.sheet}!{column.letter}",
                column.header,
                FIELDS[column.field].title,
                column.evidence,
                column.assumed,
            )
            for column in inventory.columns
        ),
        ignored=context.say("method.ignored", headers=", ".join(ignored)) if ignored else "",
        rules_lead=_rules_lead(context),
        rules=tuple(_rules(context)),
        decisions=context.say("method.decisions_from", file=origin) if origin else "",
    )


def _facts(context: Context) -> dict[str, str]:
    analysis, say = context.analysis, context.say
    source, assessment = analysis.inventory.source, analysis.assessment
    tables = [
        f"{table.sheet}, {say('method.header_row', row=str(table.header_row))}" for table in analysis.inventory.tables
    ]
    inhouse = analysis.group_view == "in-house"
    return {
        say("method.file"): source.name,
        say("method.sheet"): "; ".join(tables),
        say("method.hash"): source.sha256,
        say("method.rows"): reconcile(context),
        say("method.period"): f"{context.numbers.month(analysis.period)}, "
        + say("method.as_of", day=context.numbers.long_day(analysis.period.as_of)),
        say("method.home"): analysis.home,
        say("method.group_view"): say("method.group_inhouse" if inhouse else "method.group_outsourced"),
        say("method.policy"): f"{assessment.policy_name} {assessment.policy_version} ({assessment.policy_hash})",
        say("method.versions"): ", ".join(f"{name} {value}" for name, value in analysis.method.items()),
    }


def _rules_lead(context: Context) -> str:
    status = context.analysis.assessment.rule_status
    if not status.height:
        return ""
    idle = int(status["status"].is_in(["not run", "failed"]).sum())
    count = context.numbers.count
    return context.say("method.rules_lead", status.height, ran=count(status.height - idle), not_run=count(idle))


def _rules(context: Context) -> list[RuleLine]:
    words = {
        "ran": context.say("method.ran"),
        "nothing found": context.say("method.nothing_found"),
        "not run": context.say("method.not_run"),
        "failed": context.say("method.failed"),
    }
    titles = context.analysis.risk_titles
    status = context.analysis.assessment.rule_status.with_columns(pl.col("why").fill_null(""))
    return [
        RuleLine(
            titles.get(row["risk"], row["risk"]),
            row["rule"],
            words.get(row["status"], row["status"]),
            context.numbers.count(row["hits"]),
            row["why"],
        )
        for row in status.iter_rows(named=True)
    ]
