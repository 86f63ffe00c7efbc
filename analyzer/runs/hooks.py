"""Commands and a ping around an unattended run: the company's own, from its settings; they never change its outcome."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from analyzer.errors import ExitStatus
from analyzer.settings import Hooks

TIMEOUT_SECONDS = 60


def started(hooks: Hooks) -> list[str]:
    """Run ``on_start``; what went wrong comes back as sentences."""
    return _run(hooks.on_start, "on_start", {})


def ended(hooks: Hooks, status: ExitStatus) -> list[str]:
    """Run ``on_success`` or ``on_failure`` and ask the ping URL; what went wrong comes back as sentences.

    The command sees ``ANALYZER_STATUS``; the URL is asked as it is for success and with ``/fail`` after it otherwise.
    """
    good = status in {ExitStatus.DONE, ExitStatus.GATE}
    command, name = (hooks.on_success, "on_success") if good else (hooks.on_failure, "on_failure")
    return [*_run(command, name, {"ANALYZER_STATUS": str(int(status))}), *_ping(hooks.ping, good=good)]


def _run(command: Sequence[str], name: str, words: dict[str, str]) -> list[str]:
    if not command:
        return []
    try:
        done = subprocess.run(command, env={**os.environ, **words}, timeout=TIMEOUT_SECONDS, check=False)  # noqa: S603 - the command of the settings
    except (OSError, subprocess.TimeoutExpired) as error:
        return [f"hooks.{name}: {command[0]} failed ({type(error).__name__})"]
    return [f"hooks.{name}: {command[0]} ended with status {done.returncode}"] if done.returncode else []


def _ping(url: str, *, good: bool) -> list[str]:
    if not url:
        return []
    if urlsplit(url).scheme not in {"http", "https"}:
        return [f"hooks.ping: {url} is no http address"]
    target = url if good else f"{url.rstrip('/')}/fail"
    try:
        with urlopen(Request(target), timeout=TIMEOUT_SECONDS):  # noqa: S310 - http or https, as checked
            return []
    except (URLError, OSError, ValueError) as error:
        return [f"hooks.ping: {target} was not reached ({type(error).__name__})"]
