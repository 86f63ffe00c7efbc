"""The digest of a run as a mail: subject, text part, HTML part, equal in content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import jinja2

from analyzer.model import Analysis
from analyzer.report import templating
from analyzer.report.numbers import GAP
from analyzer.report.page import environment
from analyzer.report.view import Context, View, decisions, figures, hero, see
from analyzer.report.words import Words

SHOWN = 3
LONGEST_SUBJECT = 140


@dataclass(frozen=True, slots=True)
class Digest:
    """What a mail says, both parts from the same words."""

    subject: str
    title: str
    hero: hero.Hero
    figures: tuple[figures.Figure, ...]
    decisions: tuple[decisions.Decision, ...]
    more: str
    quality: str
    reconcile: str
    rest: str
    footer: str
    words: Words


def compose(analysis: Analysis, page: str = "", workbook: str = "", view: View | None = None) -> tuple[str, str, str]:
    """Subject, text and HTML; ``page`` and ``workbook`` are the attached files' names, ``view`` the analysis' own.

    The subject is one line of plain text. The HTML has inline styles and asks for nothing from anywhere.
    """
    context = Context.of(analysis)
    mail = digest(context, view or see(context), page, workbook)
    text = plain().get_template("mail.txt.j2").render(mail=mail, w=mail.words)
    html = environment().get_template("mail.html.j2").render(mail=mail, w=mail.words)
    return mail.subject, text, html


@cache
def plain() -> jinja2.Environment:
    """Templates of plain text: a value is one line, so that no cell can write lines of its own into a mail."""
    return templating.environment(autoescape=False, finalize=_one_line, keep_trailing_newline=False)


def _one_line(value: object) -> str:
    return "".join(letter if letter.isprintable() or letter == GAP else " " for letter in str(value))


def digest(context: Context, view: View, page: str = "", workbook: str = "") -> Digest:
    """The words of a mail."""
    analysis = context.analysis
    source, assessment = analysis.inventory.source, analysis.assessment
    more = analysis.summary.top.height - SHOWN
    stem = source.path.stem.removesuffix(".annotated")
    return Digest(
        subject=_subject(context),
        title=" · ".join(
            part
            for part in (context.say("page.title"), analysis.company, context.numbers.month(analysis.period))
            if part
        ),
        hero=view.hero,
        figures=view.figures,
        decisions=view.decisions.rows[:SHOWN],
        more=context.say("mail.more", more) if more > 0 else "",
        quality=view.decisions.quality,
        reconcile=hero.reconcile(context),
        rest=context.say(
            "mail.rest", report=page or f"{stem}.report.html", workbook=workbook or f"{stem}.annotated.xlsx"
        ),
        footer=context.say(
            "mail.footer",
            policy=f"{assessment.policy_name} {assessment.policy_version}",
            source=source.name,
            hash=source.sha256[:12],
        ),
        words=context.numbers.words,
    )


def _subject(context: Context) -> str:
    """One line: what the report is, whose, when, and the number that matters."""
    total, analysis = context.total, context.analysis
    known = total.high + total.medium + total.low
    figure = context.say("mail.figure_high", total.high) if known else context.say("mail.figure_tasks", total.tasks)
    month = context.numbers.month(analysis.period)
    company = " ".join(analysis.company.split())
    subject = (
        context.say("mail.subject", company=company, month=month, figure=figure)
        if company
        else context.say("mail.subject_plain", month=month, figure=figure)
    )
    plain = "".join(letter for letter in subject if letter.isprintable() or letter == " ")
    return plain if len(plain) <= LONGEST_SUBJECT else plain[: LONGEST_SUBJECT - 1] + "…"
