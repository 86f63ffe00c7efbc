"""The page as a file: what it says in words, that it is closed to the world, and the same bytes for the same input.

``UPDATE_GOLDEN=1 pytest tests/test_page.py`` accepts a changed page; the difference is read in the version history.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from report_case import case, poisoned

from analyzer.report.page import as_json, digest, render
from analyzer.report.parcel import MOST_LETTERS, pack
from analyzer.report.view import Context
from analyzer.report.words import templates

GOLDEN = Path(__file__).parent / "golden"
BLOCKS = {"p", "h1", "h2", "h3", "li", "tr", "caption", "summary", "section", "dt", "dd", "title", "figure"}
SILENT = {"style", "script", "noscript", "svg"}
MARKS = {"h1": "# ", "h2": "## ", "h3": "### ", "li": "- ", "caption": "note: ", "title": "title: "}


class Teller(HTMLParser):
    """A page as lines of words: headings, sentences, list items, a table row as cells between bars."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the reader gives them
        self.silent += tag in SILENT
        if tag in BLOCKS and not self.silent:
            self.lines.append(MARKS.get(tag, ""))
        if tag in {"td", "th"} and self.lines and self.lines[-1].strip():
            self.lines[-1] += " | "

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip() and self.lines:
            self.lines[-1] += " " + data.strip()


def told(html: str) -> str:
    teller = Teller()
    teller.feed(html)
    lines = [re.sub(r"\s+", " ", line).strip() for line in teller.lines]
    return "\n".join(line for line in lines if line.strip("#- ")) + "\n"


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_says_what_it_said(language: str) -> None:
    said = told(render(replace(case(), language=language, locale={"en": "en_GB", "de": "de_DE"}[language])))
    accepted = GOLDEN / f"page.{language}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        accepted.parent.mkdir(exist_ok=True)
        accepted.write_text(said, encoding="utf-8")
    assert said == accepted.read_text(encoding="utf-8")


def test_e9_the_same_analysis_gives_the_same_bytes() -> None:
    assert render(case()) == render(case())


def test_e2_only_our_own_style_and_script_may_act() -> None:
    html = render(case())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    rules = policy[1].replace("&#39;", "'")
    style, script = ((templates() / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    assert rules == (
        f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert f"<style>{style}</style>" in html
    assert f"<script>{script}</script>" in html


def test_e2_nothing_points_outside() -> None:
    html = render(case())
    assert re.findall(r'(?:href|src|action|data|poster)="(?!#|data:image/svg\+xml,)[^"]*"', html) == []
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", html) == []


def test_e2_no_style_or_handler_stands_in_an_attribute() -> None:
    html = re.sub(r"<script.*?</script>|<style.*?</style>", "", render(case()), flags=re.DOTALL)
    assert re.findall(r"\sstyle=|\son[a-z]+=", html) == []


@pytest.mark.parametrize("text", ["<b>&\"'", "</script>", "<!--", "\u2028"])
def test_e2_a_script_element_cannot_be_ended_from_inside(text: str) -> None:
    held = as_json({"text": text})
    assert not re.search(r"[<>&\u2028\u2029]", held)
    assert json.loads(held) == {"text": text}


def test_e2_hostile_text_reaches_no_tag_of_the_page() -> None:
    html = render(poisoned("<u id=evil>'\"&</title></style></script><!--"))
    assert "<u id=evil>" not in html
    assert "&lt;u id=evil&gt;" in html


def parcel(html: str) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """The packed task list, read as the script reads it: header, and codes by column."""
    packed = re.search(r'id="parcel">([^<]*)<', html)
    assert packed is not None
    raw = gzip.decompress(base64.b64decode(packed[1]))
    size = int.from_bytes(raw[:4], "little")
    header = json.loads(raw[4 : 4 + size])
    columns = {}
    for name, spec in header["columns"].items():
        start, rows = 4 + size + spec["at"], spec["n"]
        places = [raw[start + place * rows : start + (place + 1) * rows] for place in range(spec["width"])]
        columns[name] = [sum(place[row] << 8 * n for n, place in enumerate(places)) for row in range(rows)]
    return header, columns


def values(html: str, name: str) -> list[str]:
    header, columns = parcel(html)
    return [header["columns"][name]["texts"][code] for code in columns[name]]


def test_the_parcel_holds_every_task() -> None:
    html = render(case())
    assert values(html, "task_id") == [f"T-{number:02}" for number in range(1, 15)]
    assert values(html, "quadrant").count("of") == 4
    assert values(html, "provider")[4] == "Brightwell Cleaning Ltd"


def test_what_stands_for_the_own_row_becomes_none_in_a_text_of_theirs() -> None:
    html = render(poisoned("Unit \x01 (Tasks!A7)"))
    rows = parcel(html)[1]["row"]
    said = {why.replace("\x01", str(row)) for why, row in zip(values(html, "why"), rows, strict=True)}
    assert said == {"Unit  (Tasks!A7)"}


def test_numbers_keep_their_value_and_blanks_stay_blank() -> None:
    header, columns = parcel(render(case()))
    spec = header["columns"]["fte"]
    read = [code and (code - 1) / spec["scale"] + spec["low"] for code in columns["fte"]]
    assert read == [6, 12.5, 9, 0, 0, 1, 2, 24, 7, 38, 14, 11, 0, 5]
    assert columns["fte"].count(0) == 3


def test_every_ledger_line_is_in_the_parcel() -> None:
    header, columns = parcel(render(case()))
    assert sum(columns["lines_n"]) == len(columns["lines"]) == 16
    assert sum(columns["scores_n"]) == 17
    helpline = sum(columns["lines_n"][:9])
    line = header["lines"][columns["lines"][helpline + 1]]
    assert line[:5] == ["misaligned-interests", "critical", "points", "critical", 15.0]


def test_e11_a_longer_inventory_keeps_the_tasks_of_highest_risk_and_says_so() -> None:
    html = render(case(), most=3)
    assert set(values(html, "name")) == {"Service helpline", "Card disputes", "Print and post"}
    assert parcel(html)[0]["total"] == 14
    assert "The page holds the 3 tasks of highest risk of 14; the workbook holds all." in html


PAPER = {"light": "#faf8f4", "dark": "#14181e"}
CARD = {"light": "#ffffff", "dark": "#1b2129"}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palette(scheme: str) -> dict[str, str]:
    css = (templates() / "page.css").read_text(encoding="utf-8")
    block = css.split(":root {")[1 if scheme == "light" else 2].split("}")[0]
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "soft", "io", "oo", "if", "of", "hi", "me", "lo", "na"])
def test_every_colour_of_text_has_contrast(scheme: str, name: str) -> None:
    colour = palette(scheme)[name]
    assert contrast(colour, PAPER[scheme]) >= 4.5
    assert contrast(colour, CARD[scheme]) >= 4.5


def test_e11_a_page_with_the_longest_parcel_stays_under_five_megabytes() -> None:
    html = render(case())
    packed = re.search(r'id="parcel">([^<]*)<', html)
    assert packed is not None
    assert len(html.encode()) - len(packed[1]) + MOST_LETTERS < 5_000_000


def test_e11_a_parcel_too_long_keeps_the_ledger_of_high_risks_then_none_then_fewer_tasks() -> None:
    context = Context.of(case())
    whole, held = pack(context)
    assert held == 14
    lengths = [len(pack(context, letters=letters)[0]) for letters in (len(whole), len(whole) - 1)]
    assert lengths[0] == len(whole)
    assert lengths[1] < len(whole)
    assert pack(context, letters=1)[1] == 3
