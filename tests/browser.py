"""A real Chromium for tests: one window, opened once, that says what it asked for and what it complained about."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
WIDE, PHONE = (1280, 900), (390, 844)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
PATIENCE = 15.0  # seconds


class Window:
    """A browser window on a local file."""

    def __init__(self, chromium: str, chromedriver: str, profile: Path) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(chromedriver))

    def tell(self, command: str, **arguments: Any) -> Any:
        """A command of the DevTools protocol."""
        return self.driver.execute_cdp_cmd(command, arguments)

    def open(
        self, page: Path, fragment: str = "", *, size: tuple[int, int] = WIDE, dark: bool = False, ready: bool = True
    ) -> None:
        """Open a page afresh; ``ready`` waits until its script has drawn the tasks."""
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.tell("Emulation.setEmulatedMedia", media="", features=scheme)
        width, height = size
        self.tell(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        self.driver.get("about:blank")
        self.logs()
        self.driver.get(page.as_uri() + fragment)
        if ready:
            self.until("return document.documentElement.dataset.ready === 'true'")

    @contextmanager
    def without_scripts(self) -> Iterator[None]:
        """The page's own scripts do not run."""
        self.tell("Emulation.setScriptExecutionDisabled", value=True)
        try:
            yield
        finally:
            self.tell("Emulation.setScriptExecutionDisabled", value=False)

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script returns."""
        return self.driver.execute_script(script, *arguments)

    def until(self, script: str) -> Any:
        """Wait until a script returns something true."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            value = self.run(script)
            if value:
                return value
            time.sleep(0.02)
        raise AssertionError(f"never came true: {script}")

    def one(self, selector: str) -> WebElement:
        """The element of a selector."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        """The elements of a selector."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        """What the elements of a selector say."""
        return [str(text).strip() for text in self.run(_TEXTS, selector)]

    def logs(self) -> list[str]:
        """Console messages since the last look; a broken policy is among them."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]  # as above

    def requests(self) -> list[str]:
        """Addresses asked for since the last look."""
        entries = self.driver.get_log("performance")  # type: ignore[no-untyped-call]  # as above
        messages = [json.loads(str(entry["message"]))["message"] for entry in entries]
        return [
            str(message["params"]["request"]["url"])
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    def violations(self) -> list[str]:
        """What axe-core finds against WCAG 2.2 AA, as rule and first element."""
        source = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
        self.run(source + "; window.axe = axe;")
        found = self.driver.execute_async_script(_AXE, list(RULES))
        return [
            f"{rule['id']}: {rule['nodes'][0]['html'][:200]} {rule['nodes'][0]['failureSummary']}" for rule in found
        ]

    def print(self) -> bytes:
        """The page as a PDF."""
        answer = self.tell("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(answer["data"])

    def picture(self, target: Path, *, height: int | None = None, top: int = 0) -> None:
        """The page from ``top`` as a PNG, all of it without ``height``."""
        size = self.tell("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": top, "width": size["width"], "height": height or size["height"] - top, "scale": 1}
        answer = self.tell("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        target.write_bytes(base64.b64decode(answer["data"]))


_TEXTS = "return [...document.querySelectorAll(arguments[0])].map((node) => node.innerText)"
_AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, { runOnly: { type: "tag", values: arguments[0] } }).then((result) => done(result.violations));
"""
