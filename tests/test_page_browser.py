"""The page in a real Chromium: what a reader does with mouse, keyboard, phone, paper, and with scripts off."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browser import PHONE, Window
from conftest import tool
from report_case import case, first_month, poisoned
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from analyzer.report.page import render

pytestmark = pytest.mark.browser
OWN = ("data:", "about:", "chrome:")  # what the browser is made of: the cross in a search box is an image of its own


@pytest.fixture(scope="session")
def window(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    opened = Window(chromium, tool("chromedriver"), tmp_path_factory.mktemp("profile"))
    yield opened
    opened.driver.quit()


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "harbour lane.report.html"
    path.write_text(render(case()), encoding="utf-8")
    return path


def names(window: Window) -> list[str]:
    return window.texts("#explorer .open")


def test_nothing_is_requested_and_nothing_complains(window: Window, page: Path) -> None:
    window.requests()
    window.open(page)
    asked = [address for address in window.requests() if not address.startswith(OWN)]
    assert asked == [page.as_uri()]
    assert window.logs() == []


def test_the_explorer_lists_every_task_the_most_pressing_first(window: Window, page: Path) -> None:
    window.open(page)
    assert names(window)[:4] == ["Service helpline", "Card disputes", "Print and post", "Engineering centre"]
    assert window.texts("#status") == ["14 of 14 tasks"]


@pytest.mark.parametrize(
    ("fragment", "found"),
    [
        ("#tasks?quadrant=oo", ["Print and post", "Contract law", "Office cleaning"]),
        ("#tasks?quadrant=of&level=hi", ["Service helpline", "Card disputes"]),
        ("#tasks?level=na", ["Security audit"]),
        ("#tasks?q=tidewater", ["Service helpline", "Card disputes"]),
        ("#tasks?q=tidewater+disputes", ["Card disputes"]),
        ("#tasks?function=Legal", ["Contract law"]),
        ("#tasks?changed=1&sort=name", ["Accounts payable", "Contract law", "Group reporting", "Security audit"]),
        ("#tasks?quadrant=io&sort=-fte", ["Store rotas", "Client centre Leeds", "Payroll run", "Management accounts"]),
        ("#tasks?quadrant=io&sort=fte", ["Payroll run", "Client centre Leeds", "Store rotas", "Management accounts"]),
        ("#tasks?q=nothing-like-this", []),
    ],
)
def test_a_filter_is_a_link(window: Window, page: Path, fragment: str, found: list[str]) -> None:
    window.open(page, fragment)
    assert names(window) == found


def test_a_cell_of_the_quadrant_filters_and_back_undoes_it(window: Window, page: Path) -> None:
    window.open(page)
    window.one("a.cell.q-of").click()
    window.until("return location.hash === '#tasks?quadrant=of'")
    window.until("return document.querySelectorAll('#explorer .open').length === 4")
    assert window.one(".cell.q-of").get_attribute("aria-current") == "true"
    assert window.texts(".filtered span") == ["Shown: Outsourced offshore"]
    assert [row for row in window.texts("#decisions tbody tr") if row] != []
    assert "Print and post" not in " ".join(window.texts("#decisions tbody tr:not([hidden])"))
    window.driver.back()
    window.until("return document.querySelectorAll('#explorer .open').length === 14")


def test_typing_searches_and_the_address_keeps_it(window: Window, page: Path) -> None:
    window.open(page)
    window.one("#q").send_keys("payroll")
    window.until("return document.querySelectorAll('#explorer .open').length === 1")
    assert window.driver.current_url.endswith("#tasks?q=payroll")
    window.one("#clear").click()
    window.until("return document.querySelectorAll('#explorer .open').length === 14")


def test_a_heading_sorts_up_down_and_back(window: Window, page: Path) -> None:
    window.open(page)
    head = window.one("th[data-sort=cost] button")
    head.click()
    assert names(window)[0] == "Service helpline"
    assert window.one("th[data-sort=cost]").get_attribute("aria-sort") == "descending"
    head.click()
    assert names(window)[0] == "Security audit"
    head.click()
    assert window.one("th[data-sort=cost]").get_attribute("aria-sort") is None


def test_a_row_opens_its_ledger_with_cells_and_points(window: Window, page: Path) -> None:
    window.open(page, "#tasks?open=9")
    said = window.texts(".ledger")[0]
    assert "Tidewater Contact Services" in said
    assert "Inventory!K14" in said
    assert "75 before controls, 69 after" in said
    lines = window.texts(".ledger li")
    assert any(line.endswith("+15") and "critical" in line for line in lines)
    assert any("−8.4\u00a0%" in line for line in lines)
    assert window.one(".open[data-key='9']").get_attribute("aria-expanded") == "true"


def test_a_reader_sees_the_sections_meant_for_them(window: Window, page: Path) -> None:
    window.open(page, "#quadrants?view=cfo")
    shown = window.run("return [...document.querySelectorAll('main section:not([hidden])')].map((one) => one.id)")
    assert "contracts" in shown
    assert "risks" not in shown
    assert shown[0] == "quadrants"


def test_every_section_has_a_permalink(window: Window, page: Path) -> None:
    window.open(page, "#contracts")
    top = window.until("return Math.round(document.getElementById('contracts').getBoundingClientRect().top) + 1")
    assert top <= 40
    anchors = window.run(
        "return [...document.querySelectorAll('.anchor')].map((one) => one.getAttribute('href').slice(1))"
    )
    assert [anchor for anchor in anchors if not window.all(f"section#{anchor}")] == []
    assert len(anchors) == 10


def test_keyboard_alone_reaches_and_opens_a_ledger(window: Window, page: Path) -> None:
    window.open(page)
    keys = ActionChains(window.driver)
    keys.send_keys(Keys.TAB).perform()
    assert window.run("return document.activeElement.className") == "skip"
    keys = ActionChains(window.driver)
    keys.send_keys(Keys.ENTER).perform()
    for _ in range(60):
        ActionChains(window.driver).send_keys(Keys.TAB).perform()
        if window.run("return document.activeElement.classList.contains('open')"):
            break
    ActionChains(window.driver).send_keys(Keys.ENTER).perform()
    window.until("return document.querySelector('.ledger') !== null")
    assert window.run("return document.activeElement.getAttribute('aria-expanded')") == "true"


def test_a_tooltip_shows_on_focus_and_goes_on_escape(window: Window, page: Path) -> None:
    window.open(page)
    visible = "return getComputedStyle(document.querySelector('.tiptext')).visibility"
    assert window.run(visible) == "hidden"
    window.run("document.querySelector('.tip').focus()")
    assert window.run(visible) == "visible"
    ActionChains(window.driver).send_keys(Keys.ESCAPE).perform()
    assert window.run(visible) == "hidden"


def test_e1_a_copied_view_is_csv_in_which_no_formula_lives(window: Window, tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.html"
    analysis = case()
    inventory = analysis.inventory
    raw = inventory.raw.with_columns(task_name=inventory.raw["task_name"].replace("Payroll run", '=HYPERLINK("x","y")'))
    hostile.write_text(render(replace(analysis, inventory=replace(inventory, raw=raw))), encoding="utf-8")
    window.open(hostile, "#tasks?quadrant=io&sort=name")
    window.run(_CLIPBOARD)
    window.one("#copy").click()
    lines = str(window.until("return window.taken")).split("\r\n")
    assert lines[0].startswith("ID,Task,Function,Quadrant")
    assert lines[1].startswith('T-01,"\'=HYPERLINK(""x"",""y"")",Finance')
    assert len(lines) == 6
    assert window.texts("#status") == ["4 rows copied"]


_CLIPBOARD = """
window.taken = "";
Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => { window.taken = text; } } });
"""


def test_e11_without_scripts_all_is_there_but_filtering(window: Window, page: Path) -> None:
    with window.without_scripts():
        window.open(page, ready=False)
        said = window.run("return document.body.innerText")
        rows = window.run("return document.querySelectorAll('#explorer tbody tr').length")
        controls = window.run("return [...document.querySelectorAll('.tools, .pager')].every((one) => one.hidden)")
    assert rows == 14
    assert controls
    assert "Scripts are off" in said
    assert "42\u00a0% of spend now goes to outsiders abroad" in said


@pytest.mark.parametrize("fragment", ["", "#tasks?open=9"])
def test_a_phone_never_scrolls_sideways(window: Window, page: Path, fragment: str) -> None:
    window.open(page, fragment, size=PHONE)
    assert window.run("return document.documentElement.scrollWidth") == PHONE[0]
    assert window.run(_OUTSIDE) == []


_OUTSIDE = """
const out = [];
for (const node of document.querySelectorAll("main *")) {
  const box = node.getBoundingClientRect();
  const inside = box.width === 0 || box.right <= innerWidth + 1 || node.closest(".frame, .unseen, thead");
  if (!inside) out.push(node.outerHTML.slice(0, 90));
}
return out;
"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("fragment", ["", "#tasks?open=9"], ids=["page", "ledger"])
def test_axe_finds_nothing_against_wcag_22_aa(window: Window, page: Path, fragment: str, *, dark: bool) -> None:
    window.open(page, fragment, dark=dark)
    assert window.violations() == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_axe_finds_nothing_on_a_phone_and_in_a_first_month(window: Window, tmp_path: Path, language: str) -> None:
    path = tmp_path / "first.html"
    path.write_text(render(replace(first_month(), language=language)), encoding="utf-8")
    window.open(path, size=PHONE)
    assert window.violations() == []
    assert window.run(_OUTSIDE) == []
    assert window.logs() == []


def test_paper_gets_page_numbers_and_no_navigation(window: Window, page: Path, tmp_path: Path) -> None:
    window.open(page)
    sheet = tmp_path / "page.pdf"
    sheet.write_bytes(window.print())
    text = subprocess.run([tool("pdftotext"), "-layout", sheet, "-"], capture_output=True, text=True, check=True).stdout
    pages = text.rstrip("\f").split("\f")
    assert [bool(re.search(rf"\b{n} / {len(pages)}\b", one)) for n, one in enumerate(pages, start=1)] == [True] * len(
        pages
    )
    assert "Skip to the tasks" not in text
    assert "Copy as CSV" not in text
    assert "What each rule did" in text  # folded parts are open on paper
    assert pages[-1].find("Method") >= 0 or pages[-2].find("Method") >= 0


HOSTILE = (
    "<script>window.owned=1</script>",
    "<img src=x onerror=window.owned=1>",
    '"><svg onload=window.owned=1>',
    "'onmouseover='window.owned=1",
    "javascript:window.owned=1",
    "</style><script>window.owned=1</script>",
    "</script><script>window.owned=1</script>",
    "<!--<script>",
    "]]>{{ 7*7 }}${7*7}",
    "\u2028\u2029\x00\x01\x0b",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_e2_no_text_of_an_inventory_runs(window: Window, tmp_path: Path, text: str) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(render(poisoned(text)), encoding="utf-8")
    window.open(path, "#tasks?open=9")
    assert window.run("return window.owned") is None
    assert window.logs() == []
    assert window.run("return document.querySelectorAll('script').length") == 3
    assert window.run("return document.querySelectorAll('[onerror], [onload], [onmouseover], img').length") == 0
