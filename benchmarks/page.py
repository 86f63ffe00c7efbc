"""The page at 1,000, 20,000 and 100,000 tasks: file size, time until it can be used, time to filter and search.

``python -m benchmarks.page [TASKS ...]``: an invented inventory through all stages, then opened in Chromium.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import polars as pl
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from analyzer import pipeline, policy
from analyzer.period import Period
from analyzer.report.page import render
from analyzer.settings import Company, Settings

SIZES = (1_000, 20_000, 100_000)
RUNS = 5
LISTS: dict[str, tuple[str, ...]] = {
    "Department": ("Finance", "Customer care", "IT", "Facilities", "Legal", "HR", "Logistics", "Marketing"),
    "Owner": ("A. Okafor", "L. Brandt", "R. Osei", "", "S. Whitcombe"),
    "Provider": ("Tidewater Contact Services", "Oakridge BPO", "", "", "Fernhill Digital", "", "Quillfast Ltd"),
    "Delivery country": ("GB", "GB", "IN", "GB", "PH", "PL", "GB", "PT", "GB", ""),
    "Contract end": ("2026-11-30", "", "2027-03-31", "2028-01-31", "", "2027-06-30"),
    "Criticality": ("critical", "important", "normal", "normal"),
    "Customer-facing": ("Yes", "No", "No"),
    "In person": ("no", "no", "required", "no", "partly"),
    "SLA": ("Yes", "SLA-2024-7", "", "No"),
    "Exit plan": ("none", "exists", "tested", ""),
    "Pricing model": ("T&M", "fixed", "unit", "", "outcome"),
    "Jobs displaced": ("", "3", "", "12", "60"),
    "Personal data": ("Yes", "No"),
}
TASKS = ("Invoice matching", "Payroll run", "Service helpline", "Claims handling", "Order entry", "Access reviews")


def inventory(tasks: int, target: Path) -> None:
    """A CSV of an invented company: every list in a mixture of its own, ids, names and amounts of their own."""
    number = pl.int_range(1, tasks + 1, dtype=pl.UInt64)

    def mixed(salt: int, values: tuple[str, ...]) -> pl.Expr:
        chosen = (number * (2 * salt + 7919) + number // (salt + 3)).hash(salt) % len(values)
        return chosen.replace_strict(dict(enumerate(values)), return_dtype=pl.String)

    names = pl.format("{} {}", mixed(99, TASKS), number)
    columns = [mixed(salt, values).alias(name) for salt, (name, values) in enumerate(LISTS.items())]
    amount = (number.hash(5) % 1_900_000 + 8_000).alias("Annual cost (GBP)")
    people = (number.hash(6) % 60 / 2).alias("FTE")
    frame = pl.select(pl.format("T-{}", number).alias("ID"), names.alias("Task"), *columns, people, amount)
    frame.write_csv(target)


def open_page(page: Path) -> dict[str, float]:
    """Milliseconds until usable, to filter by a quadrant, to sort and to search, each the median of ``RUNS``."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-sync",
    ):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver") or ""))
    driver.set_script_timeout(120)
    try:
        runs = [measure(driver, page) for _ in range(RUNS)]
    finally:
        driver.quit()
    return {name: sorted(run[name] for run in runs)[RUNS // 2] for name in runs[0]}


def measure(driver: webdriver.Chrome, page: Path) -> dict[str, float]:
    """One opening of the page and one of each action."""
    driver.get("about:blank")
    driver.get(page.as_uri())
    found: Any = driver.execute_async_script(_MEASURE)
    return {name: float(value) for name, value in found.items()}


_MEASURE = """
const done = arguments[arguments.length - 1];
const timed = (action) => { const start = performance.now(); action(); return performance.now() - start; };
const once = () => {
  const usable = performance.getEntriesByName("usable")[0];
  if (!usable) return setTimeout(once, 5);
  const chip = document.querySelector(".chip[value=of]");
  const search = (text) => {
    location.hash = "";
    const box = document.getElementById("q");
    box.value = text;
    return timed(() => box.dispatchEvent(new Event("change")));
  };
  done({
    usable: usable.startTime,
    filter: timed(() => chip.click()),
    sort: timed(() => document.querySelector("th[data-sort=cost] button").click()),
    first_search: search("tidewater"),
    search: search("payroll 77"),
  });
};
once();
"""


def main(sizes: list[int]) -> None:
    """A line per size."""
    print("tasks     analyse    render    size     usable   filter    sort   first search   search")
    rules = policy.load(None)
    settings = Settings(company=Company(name="Harbour Lane Foods", home="GB"))
    with tempfile.TemporaryDirectory() as folder:
        for tasks in sizes:
            source, page = Path(folder) / f"tasks-{tasks}.csv", Path(folder) / f"tasks-{tasks}.html"
            inventory(tasks, source)
            start = time.perf_counter()
            analysis = pipeline.analyze(source, settings, rules, Period(2026, 10))
            analysed = time.perf_counter()
            page.write_text(render(analysis), encoding="utf-8")
            rendered = time.perf_counter()
            took = open_page(page)
            print(
                f"{tasks:>7,}  {analysed - start:6.1f} s  {rendered - analysed:6.1f} s  "
                f"{page.stat().st_size / 1e6:5.2f} MB  {took['usable']:6.0f} ms  {took['filter']:5.0f} ms  "
                f"{took['sort']:5.0f} ms  {took['first_search']:9.0f} ms  {took['search']:6.0f} ms"
            )


if __name__ == "__main__":
    main([int(size.replace(",", "")) for size in sys.argv[1:]] or list(SIZES))
