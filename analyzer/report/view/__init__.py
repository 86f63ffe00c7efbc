"""Every string and number that page and mail need, ready; templates hold loops and ifs, no arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.model import Analysis
from analyzer.report.numbers import Numbers
from analyzer.report.view import (
    attention,
    changes,
    concentration,
    contracts,
    decisions,
    figures,
    hero,
    method,
    opportunities,
    risks,
)
from analyzer.report.view.concentration import Concentration, Functions
from analyzer.report.view.context import Context

__all__ = ["Context", "View", "see"]

SECTIONS = (
    "quadrants",
    "decisions",
    "changes",
    "risks",
    "providers",
    "functions",
    "contracts",
    "opportunities",
    "attention",
    "tasks",
    "method",
)


@dataclass(frozen=True, slots=True)
class View:
    """What page and mail show, section by section."""

    language: str
    company: str
    period: str
    hero: hero.Hero
    figures: tuple[figures.Figure, ...]
    decisions: decisions.Decisions
    changes: changes.Changes
    risks: risks.Risks
    concentration: Concentration
    functions: Functions
    contracts: contracts.Contracts
    opportunities: opportunities.Opportunities
    attention: attention.Attention
    method: method.Method
    numbers: Numbers

    @property
    def sections(self) -> tuple[tuple[str, str], ...]:
        """Id and name of each section, in order."""
        return tuple((name, self.numbers.words(f"nav.{name}")) for name in SECTIONS)


def see(context: Context) -> View:
    """The view of an analysis."""
    analysis = context.analysis
    return View(
        language=context.numbers.words.language,
        company=analysis.company,
        period=context.numbers.month(analysis.period),
        hero=hero.see(context),
        figures=figures.see(context),
        decisions=decisions.see(context),
        changes=changes.see(context),
        risks=risks.see(context),
        concentration=concentration.see(context),
        functions=concentration.functions(context),
        contracts=contracts.see(context),
        opportunities=opportunities.see(context),
        attention=attention.see(context),
        method=method.see(context),
        numbers=context.numbers,
    )


def of(analysis: Analysis) -> View:
    """The view of an analysis in its own language and locale."""
    return see(Context.of(analysis))
