"""Three months of an invented company: exports dropped, reports made and mailed, decisions filled in between.

``python tests/monthly_story.py FOLDER`` tells it on the terminal; the test of the same name checks each step.
"""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import openpyxl
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from openpyxl.worksheet.worksheet import Worksheet

from analyzer.cli import run_command_line

Row = tuple[str | int, ...]
Rows = tuple[Row, ...]

COMPANY = "pemberton"
MONTHS = ("2026-08", "2026-09", "2026-10")
HEADER: Row = (
    "Task ID",
    "Task",
    "Department",
    "Provider",
    "Delivery country",
    "FTE",
    "Annual cost (GBP)",
    "Criticality",
)
AUGUST: Rows = (
    ("P-01", "Payroll run", "Finance", "Internal", "United Kingdom", 3, 150_000, "normal"),
    ("P-02", "Supplier invoices", "Finance", "Ledgerline Ltd", "Poland", 12, 420_000, "important"),
    ("P-03", "Customer helpline", "Customer care", "Brightcall BPO", "Philippines", 40, 980_000, "critical"),
    ("P-04", "Recipe development", "Kitchen", "Internal", "United Kingdom", 9, 610_000, "critical"),
    ("P-05", "Store cleaning", "Facilities", "Mopwell Ltd", "United Kingdom", 14, 310_000, "normal"),
    ("P-06", "App testing", "IT", "Quillfast Ltd", "India", 6, 160_000, "normal"),
    ("P-07", "Order desk", "Sales", "Brightcall BPO", "Philippines", 8, 190_000, "normal"),
    ("P-08", "Warehouse guard", "Facilities", "Northgate Guarding", "United Kingdom", 5, 140_000, "normal"),
)
SETTINGS = """
schema_version = 1
[companies.{company}]
name = "Pemberton Kitchens Ltd"
home = "GB"
files = ["{company}*"]
[outputs]
folder = {out}
archive = {archive}
[inbox]
settle_seconds = 0.1
[mail]
host = "localhost"
port = {port}
security = "none-local"
sender = "reports@pemberton.example"
recipients = ["board@pemberton.example"]
"""


@dataclass
class Postbox:
    """The company's mail server, on this machine."""

    letters: list[Message] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content))
        return "250 OK"


@dataclass(frozen=True, slots=True)
class Told:
    """What a month left behind."""

    month: str
    status: int
    workbook: Path
    digest: dict[str, Any]
    letters: int


def unchanged(rows: Rows) -> Rows:
    """The first month."""
    return rows


def september(rows: Rows) -> Rows:
    """App testing comes home, the guard is gone, a new task is planned in Portugal."""
    kept = [row for row in rows if row[0] != "P-08"]
    home = [(*row[:3], "Internal", "United Kingdom", *row[5:]) if row[0] == "P-06" else row for row in kept]
    return (*home, ("P-09", "Menu translation", "Marketing", "Lingua Azul", "Portugal", 2, 48_000, "normal"))


def october(rows: Rows) -> Rows:
    """The helpline grows, and the rows come in another order."""
    grown = [(*row[:5], 55, 1_240_000, row[7]) if row[0] == "P-03" else row for row in rows]
    return tuple(reversed(grown))


def tell(folder: Path) -> Iterator[Told]:
    """Live through the three months in a folder."""
    inbox, out = folder / "inbox", folder / "out"
    inbox.mkdir(parents=True)
    rows = AUGUST
    with postbox() as (box, port):
        settings = folder / "analyzer.toml"
        words = {
            "company": COMPANY,
            "port": port,
            "out": json.dumps(str(out)),
            "archive": json.dumps(str(folder / "archive")),
        }
        settings.write_text(SETTINGS.format(**words), encoding="utf-8")
        for month, change in zip(MONTHS, (unchanged, september, october), strict=True):
            rows = change(rows)
            export(inbox / f"{COMPANY} tasks {month}.xlsx", rows)
            status = run_command_line(["watch", str(inbox), "--once", "--send", "--config", str(settings)])
            place = out / COMPANY / month
            stem = f"{COMPANY} tasks {month}"
            workbook = place / f"{stem}.annotated.xlsx"
            digest = json.loads((place / f"{stem}.summary.json").read_text(encoding="utf-8"))
            yield Told(month, status, workbook, digest, len(box.letters))
            if month == MONTHS[0]:
                decide(workbook)


def export(path: Path, rows: Rows) -> None:
    """The company's own export: a title, a blank row, the table, a total."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Tasks"
    sheet.append(("Pemberton Kitchens: who does what",))
    sheet.append(())
    total: Row = ("", "Total", "", "", "", sum(int(row[5]) for row in rows))
    for row in (HEADER, *rows, total):
        sheet.append(list(row))
    book.save(path)


def decide(workbook: Path) -> None:
    """A person opens the report's workbook, decides about two tasks, and saves it."""
    book = openpyxl.load_workbook(workbook)
    sheet = book["Tasks"]
    agreed = {"Decision": "mitigate", "Decision owner": "C. Reyes", "Decision due": date(2026, 10, 15)}
    fill(sheet, "P-03", {**agreed, "Decision note": "Agree a service level"})
    fill(sheet, "P-07", {"Your quadrant": "Outsourced onshore", "Decision note": "Brought to Leeds in July"})
    book.save(workbook)


def fill(sheet: Worksheet, task: str, words: dict[str, object]) -> None:
    """Write into the review columns of a task's row, found as a person would: by header and by id."""
    rows = list(sheet.iter_rows())
    header = next(row for row in rows if row[0].value == HEADER[0])
    columns = {str(cell.value): index for index, cell in enumerate(header)}
    row = next(row for row in rows if row[0].value == task)
    for name, value in words.items():
        row[columns[name]].value = value  # type: ignore[assignment]  # openpyxl types dates more narrowly than it takes


def review(workbook: Path, task: str) -> dict[str, object]:
    """What the review and tag columns of a task say."""
    book = openpyxl.load_workbook(workbook)
    rows = list(book["Tasks"].iter_rows(values_only=True))
    header = next(row for row in rows if row[0] == HEADER[0])
    row = next(row for row in rows if row[0] == task)
    return {str(name): value for name, value in zip(header, row, strict=True) if name}


@contextmanager
def postbox() -> Iterator[tuple[Postbox, int]]:
    """A mail server on this machine for as long as the story lasts."""
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
    box = Postbox()
    controller = Controller(box, hostname="localhost", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


HAPPENS = {
    MONTHS[0]: "The first export is dropped into the inbox.",
    MONTHS[1]: (
        "In August's workbook the helpline was given an owner, a date and a decision,\n"
        "the order desk another quadrant. App testing comes home, the warehouse guard is gone,\n"
        "menu translation in Portugal is new."
    ),
    MONTHS[2]: "The helpline grows from 40 to 55, and the export's rows come in another order.",
}


def main(folder: Path) -> None:
    """Tell the story on the terminal."""
    story = tell(folder)
    for month, happens in HAPPENS.items():
        sys.stdout.write(f"\n{month}\n{happens}\n\n")
        for line in lines(next(story)):
            sys.stdout.write(f"{line}\n")


def lines(told: Told) -> Iterator[str]:
    """A month's report in a few lines."""
    yield " · ".join(f"{tally['tasks']} {name}" for name, tally in told.digest["quadrants"].items())
    before = told.digest["previous"]
    yield f"Compared with {before}:" if before else "Nothing to compare it with yet."
    for task, name in (("P-06", "App testing"), ("P-03", "Customer helpline")) if before else ():
        said = review(told.workbook, task)
        decided = f"; decision: {said['Decision']}, {said['Decision owner']}" if said["Decision"] else ""
        yield f"  {name}: {said['Changed'] or 'as before'}{decided}"
    yield f"{told.letters} {'mail' if told.letters == 1 else 'mails'} so far. Open {told.workbook}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
