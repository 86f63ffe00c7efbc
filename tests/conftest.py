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


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection but to this machine raises: nothing of ours asks the network for anything."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a connection to {host} was tried")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
