"""The mail body: one line of subject, two parts equal in content, nothing asked for from anywhere."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from report_case import case, first_month

from analyzer.report.mail import LONGEST_SUBJECT, compose


class Reader(HTMLParser):
    """The words of an HTML part, and what it links to or loads."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.silent += tag in {"style", "title"}
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "background"}]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words += data.split()


def words(text: str) -> set[str]:
    """The words and figures of a text, however they are joined and punctuated."""
    return set(re.findall(r"\w[\w.,]*\w|\w", text))


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def test_the_subject_says_whose_report_and_the_number_that_matters() -> None:
    assert compose(case())[0] == "Sourcing report Harbour Lane Foods, October 2026: 3 tasks with high risk"


def test_without_a_company_the_subject_is_whole() -> None:
    assert compose(replace(case(), company=""))[0] == "Sourcing report, October 2026: 3 tasks with high risk"


@pytest.mark.parametrize("language", ["en", "de"])
def test_both_parts_say_the_same(language: str) -> None:
    _, text, html = compose(replace(case(), language=language))
    assert words(text) == words(" ".join(read(html).words))


def test_h8_nothing_is_loaded_and_nothing_runs() -> None:
    reader = read(compose(case())[2])
    assert reader.links == []
    assert reader.tags & {"img", "script", "link", "iframe", "form", "svg"} == set()


def test_a_first_month_says_so() -> None:
    _, text, html = compose(first_month())
    assert "first report of this file" in text
    assert "first report of this file" in html


def test_the_names_of_the_attached_files_are_told() -> None:
    _, text, _ = compose(case(), page="a.report.html", workbook="a.annotated.xlsx")
    assert "the page a.report.html" in text
    assert "the workbook a.annotated.xlsx" in text


def test_h1_a_company_cannot_add_headers_or_lines() -> None:
    hostile = replace(case(), company="Evil\r\nBcc: everyone@example.com\x00\u2028x" + "y" * 300)
    subject, text, _ = compose(hostile)
    assert not re.search(r"[\r\n\x00\u2028]", subject)
    assert len(subject) <= LONGEST_SUBJECT
    assert "\nBcc:" not in text


def test_h8_cells_stay_text_in_the_html() -> None:
    html = compose(replace(case(), company="<script>alert(1)</script><img src=x onerror=alert(1)>"))[2]
    assert "<script" not in html
    assert "<img" not in html
    assert "<script>alert(1)</script>" in unescape(html)
