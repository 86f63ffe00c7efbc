"""The workbook's colours and cell formats: pale fills with dark text, a shape and a word beside every colour.

Contrast of ``INK`` on each pale fill is at least 7:1, of white on each strong colour at least 4.5:1 (tested, WCAG 2.2).
"""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.terms import Quadrant, Severity
from analyzer.xlsx import Style

INK, QUIET, RULE, PAPER, INPUT = "1D2530", "4B5563", "D5D0C6", "FFFFFF", "FFF7E6"
INPUT_RULE = "E0C88F"
LINK = "1F4E86"


@dataclass(frozen=True, slots=True)
class Shade:
    """A colour in its two strengths."""

    strong: str
    pale: str


QUADRANTS: dict[Quadrant, Shade] = {
    Quadrant.INHOUSE_ONSHORE: Shade("5B6B7F", "E4E9EF"),
    Quadrant.OUTSOURCED_ONSHORE: Shade("2F6DB5", "DDE9F7"),
    Quadrant.INHOUSE_OFFSHORE: Shade("14806F", "D9EEEA"),
    Quadrant.OUTSOURCED_OFFSHORE: Shade("B0560F", "FAE6D6"),
    Quadrant.UNDETERMINED: Shade("6B7280", "F1F0EC"),
}
SEVERITIES: dict[Severity, Shade] = {
    Severity.HIGH: Shade("A8261C", "FADFDC"),
    Severity.MEDIUM: Shade("9C6200", "F9E9C9"),
    Severity.LOW: Shade("4A7350", "DFECE1"),
    Severity.NOT_ASSESSED: Shade("6B7280", "ECEEF1"),
}
SEVERITY_HIGH, SEVERITY_MEDIUM, SEVERITY_LOW, SEVERITY_NONE = (SEVERITIES[severity] for severity in Severity)
SHAPES: dict[Severity, str] = {
    Severity.HIGH: "▲",
    Severity.MEDIUM: "◆",
    Severity.LOW: "●",
    Severity.NOT_ASSESSED: "○",
}
LEVELS: dict[str, str] = {severity.value: f"{shape} {severity.value}" for severity, shape in SHAPES.items()}
PLAIN = Style(color=INK, vertical="top", horizontal="left")


def chip(shade: Shade) -> Style:
    """A cell that carries a colour: pale fill, dark bold text, an edge in the strong colour."""
    return Style(color=INK, fill=shade.pale, border=shade.strong, bold=True, vertical="top", horizontal="left")


QUADRANT_CHIPS: dict[str, Style] = {quadrant.value: chip(shade) for quadrant, shade in QUADRANTS.items()}
LEVEL_CHIPS: dict[str, Style] = {LEVELS[severity.value]: chip(shade) for severity, shade in SEVERITIES.items()}


def money(currency: str) -> str:
    """Number format of an amount: whole units, grouped as the reader's Excel groups."""
    symbols = {"GBP": "[$£-809]", "EUR": "[$€-2]\\ ", "USD": "[$$-409]", "JPY": "[$¥-411]"}
    symbol = symbols.get(currency, f'"{currency}"\\ ' if currency else "")
    return f'{symbol}#,##0;"\N{MINUS SIGN}"{symbol}#,##0'


FTE, COUNT, SHARE, DATE = "#,##0.0", "#,##0", "0%", "d mmm yyyy"
CHANGE = '"+"#,##0;"\N{MINUS SIGN}"#,##0;"±0"'
CHANGE_FTE = '"+"#,##0.0;"\N{MINUS SIGN}"#,##0.0;"±0"'
POINTS = '#,##0.0;"\N{MINUS SIGN}"#,##0.0'
CREDIT = '0.0%;"\N{MINUS SIGN}"0.0%'
