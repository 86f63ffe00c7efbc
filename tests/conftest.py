"""Shared fixtures: the sheet as a text table, the shared folder, and a trap for the network."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from full_disk import Disk
from hypothesis import settings

settings.register_profile("project", deadline=None)  # a machine under test has other work
settings.load_profile("project")

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("ANALYZER_SHARED", ROOT.parent / "shared"))
UNDER_CI = bool(os.environ.get("CI"))

SheetMaker = Callable[..., Path]


def parse_table(text: str) -> list[list[str]]:
    """Rows of an indented text table ``task | provider | country``; a line of dashes is decoration."""
    lines = [line.strip() for line in text.strip("\n").splitlines()]
    rows = [
        [cell.strip() for cell in line.split("|")] for line in lines if not set(line) <= {"-", "+", " "} or not line
    ]
    return [row for row in rows if row]


@pytest.fixture
def sheet(tmp_path: Path) -> SheetMaker:
    """Turn an indented text table into a workbook: ``sheet('''task | provider ...''', name="inventory.xlsx")``."""

    def make(text: str, name: str = "inventory.xlsx", title: str = "Inventory") -> Path:
        path = tmp_path / name
        rows = parse_table(text)
        if path.suffix == ".csv":
            path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
            return path
        book = openpyxl.Workbook()
        tab = book.worksheets[0]
        tab.title = title
        for number, row in enumerate(rows, start=1):
            for index, cell in enumerate(row, start=1):
                if cell:
                    tab.cell(number, index, cell)
        book.save(path)
        return path

    return make


@pytest.fixture
def shared() -> Path:
    """The folder with the shared inventories and corpus; skips where it is absent, but never under CI."""
    if not SHARED.is_dir():
        message = f"no shared folder at ANALYZER_SHARED ({SHARED.name})"
        pytest.fail(message) if UNDER_CI else pytest.skip(message)
    return SHARED


def tool(name: str) -> str:
    """Path of a program; a missing one fails under CI and skips elsewhere."""
    found = shutil.which(name)
    if found:
        return found
    message = f"{name} is not installed: make system-deps"
    if UNDER_CI:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def chromium() -> str:
    return tool("chromium")


@pytest.fixture(scope="session")
def soffice() -> str:
    return tool("soffice")


LOCAL = frozenset({"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None, socket.gethostname()})  # noqa: S104 - compared, not bound


def guard(host: Any) -> None:
    """Raise unless a host is this machine."""
    if (host.decode() if isinstance(host, bytes) else host) not in LOCAL:
        raise AssertionError(f"the network was asked for {host}")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """A disk that can be made full at the n-th call of each step of writing."""
    return Disk(monkeypatch)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever reaches beyond this machine raises, a name looked up included: nothing of ours asks the network."""

    def sending(name: str) -> None:
        before = getattr(socket.socket, name)

        def guarded(self: socket.socket, *given: Any) -> Any:
            if self.family != socket.AF_UNIX:
                guard(given[-1][0])
            return before(self, *given)

        monkeypatch.setattr(socket.socket, name, guarded)

    def asking(name: str, host_of: Callable[[Any], Any]) -> None:
        before = getattr(socket, name)

        def guarded(first: Any, *given: Any, **named: Any) -> Any:
            guard(host_of(first))
            return before(first, *given, **named)

        monkeypatch.setattr(socket, name, guarded)

    for name in ("connect", "connect_ex", "sendto"):
        sending(name)
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        asking(name, lambda host: host)
    asking("create_connection", lambda address: address[0])
