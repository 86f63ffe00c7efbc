"""One page over a batch: each file with its numbers and a link to its report, made from the digests alone."""

from __future__ import annotations

import os.path
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from analyzer import files
from analyzer.report.numbers import Numbers
from analyzer.report.page import digest, environment
from analyzer.report.words import load, templates
from analyzer.terms import Quadrant, Severity


@dataclass(frozen=True, slots=True)
class Line:
    """A file of the batch; ``refusal`` is why it has no report."""

    name: str
    company: str = ""
    link: str = ""
    tasks: str = ""
    quadrants: tuple[str, ...] = ()
    spend: str = ""
    high: str = ""
    medium: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a batch knows of a file: its digest and where its report is, or why it was refused."""

    name: str
    digest: Mapping[str, Any] | None
    page: Path | None
    refusal: str = ""


def write_index(
    entries: Sequence[Entry], target: Path, period: str, locale: str = "en_GB", language: str = "en"
) -> None:
    """Write the index. Raises ``WriteError``."""
    numbers = Numbers(locale, load(language))
    style = (templates() / "page.css").read_text(encoding="utf-8")
    lines = [_line(entry, target.parent, numbers) for entry in entries]
    page = (
        environment()
        .get_template("index.html.j2")
        .render(
            w=numbers.words,
            language=language,
            period=period,
            style=Markup(style),  # noqa: S704 - our own stylesheet
            policy=f"default-src 'none'; style-src '{digest(style)}'; base-uri 'none'; form-action 'none'",
            heads=[numbers.words.quadrant(quadrant) for quadrant in Quadrant],
            severities=[numbers.words.severity(severity) for severity in (Severity.HIGH, Severity.MEDIUM)],
            lines=[line for line in lines if not line.refusal],
            refused=[line for line in lines if line.refusal],
            headline=numbers.say(
                "index.headline", len(lines), refused=numbers.count(sum(bool(line.refusal) for line in lines))
            ),
        )
    )
    files.write(target, page)


def _line(entry: Entry, folder: Path, numbers: Numbers) -> Line:
    if entry.digest is None or entry.page is None:
        return Line(entry.name, refusal=entry.refusal)
    found = entry.digest
    tallies = [found["quadrants"][quadrant.value] for quadrant in Quadrant]
    cost = sum(tally["cost"] for tally in tallies)
    known = any(tally["cost_known"] for tally in tallies)
    return Line(
        name=entry.name,
        company=str(found["company"]),
        link=quote(Path(os.path.relpath(entry.page, folder)).as_posix()),
        tasks=numbers.count(found["counts"]["tasks"]),
        quadrants=tuple(numbers.count(tally["tasks"]) for tally in tallies),
        spend=numbers.money(cost, found["currency"]) if known else "",
        high=numbers.count(found["risk_levels"][Severity.HIGH.value]),
        medium=numbers.count(found["risk_levels"][Severity.MEDIUM.value]),
    )
