"""Make the sample inputs: ``python sample_inputs/make.py [FOLDER]``. Same sources, same files.

What the companies do stands in ``source/*.txt``; here it becomes what such companies export: a formatted workbook with
titles, subtotals and notes, an export of an ERP in cp1252, an .ods, and plain small sheets. All names are invented.
"""  # noqa: INP001 - a script beside its sources, no package

from __future__ import annotations

import hashlib
import sys
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

HERE = Path(__file__).parent
SOURCE = HERE / "source"
BIRTH = datetime(2026, 11, 2, 9, 0)  # noqa: DTZ001 - document properties know no zones
ODS = "application/vnd.oasis.opendocument.spreadsheet"
COMPANIES = {"own", "pune", "krakow", "planned", "ended"}
OUTSIDE_EUROPE = ("Pune", "India", "Hyderabad, India", "Manila", "IN 70% / UK 30%", "Vietnam")
EUROS = {"Data centre hosting": "EUR 1,440,000", "Supplier compliance audits": "€ 216,000", "Stocktaking": "420k"}
BANDS = (
    ("Task", "ID", "Process / task", "Department", "Process owner", "Status"),
    ("Who and where", "Provider", "Provider group", "Outsourced?", "Delivery country", "Provider country"),
    ("Size", "FTE", "Annual cost (GBP)", "Pricing model"),
    ("Nature", "Criticality", "Customer-facing", "Under our brand", "In person", "Personal data", "Transfer basis"),
    ("Contract", "Contract ref.", "Contract start", "Contract end", "Notice (days)", "Alternative provider"),
    ("Control", "SLA", "KPI reporting", "Substitutability", "Exit plan", "Last review"),
    ("Home jobs", "Home jobs displaced", "Moved on"),
    ("", "Comment"),
)
HEADERS = [name for band in BANDS for name in band[1:]]
NOTES = (
    "Notes",
    "FTE are full-time equivalents at month end; store staff are planned hours divided by 37.5.",
    "Costs are the budget of the year, without value-added tax, as the board approved it in March.",
    "Prepared by Procurement Excellence. Questions: process owners.",
)


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the inventory as its source says it."""

    number: str
    department: str
    owner: str
    name: str
    who: str
    fte: float
    cost: float
    marks: tuple[str, ...]

    def mark(self, letter: str) -> str:
        """What stands behind a mark's letter; empty where the task has no such mark."""
        return next((mark[1:] or "yes" for mark in self.marks if mark[0] == letter), "")

    def pick(self, what: str, *choices: str) -> str:
        """The same choice for the same task, always."""
        return choices[self.below(what, len(choices))]

    def below(self, what: str, limit: int) -> int:
        """The same number under a limit for the same task, always."""
        digest = hashlib.sha256(f"{self.number} {what}".encode()).digest()
        return int.from_bytes(digest[:4], "big") % limit

    def day(self, what: str, first: date, last: date) -> date:
        """The same day for the same task, always."""
        return first + timedelta(days=self.below(what, (last - first).days + 1))


def lines(name: str) -> list[str]:
    """A source's lines without its remarks."""
    return [line for line in (SOURCE / f"{name}.txt").read_text("utf-8").splitlines() if not line.startswith("#")]


def cells(line: str) -> list[str]:
    """The cells of a line."""
    return [cell.strip() for cell in line.split("|")]


def october() -> list[Task]:
    """Alderwick's tasks, numbered within their department."""
    tasks: list[Task] = []
    department = owner = ""
    for line in lines("alderwick"):
        if line.startswith("["):
            department, owner = cells(line.strip("[]"))
            count = 0
        else:
            count += 1
            tasks.append(task(department, owner, count, cells(line)))
    return tasks


def task(department: str, owner: str, count: int, words: list[str]) -> Task:
    """A task from the cells of its line."""
    name, who, fte, cost, marks = (*words, "")[:5]
    initials = "".join(word[0] for word in department.split() if word != "and")
    code = department[:3].upper() if len(initials) == 1 else initials.upper()
    return Task(
        f"{code}-{count:03d}", department, owner, name, who, float(fte), float(cost) * 1000, tuple(marks.split())
    )


def september() -> list[Task]:
    """The same a month before."""
    now = {one.name: one for one in october()}
    owners = {one.department: one.owner for one in now.values()}
    for number, line in enumerate(lines("september"), start=1):
        kind, words = line[0], cells(line[2:])
        if kind == "-":
            del now[words[0]]
        elif kind == "+":
            now[words[1]] = task(words[0], owners[words[0]], 90 + number, words[1:])
        else:
            then = now[words[0]]
            changed = task(then.department, then.owner, 0, words)
            now[words[0]] = Task(then.number, *(getattr(changed, field) for field in Task.__slots__[1:]))
    order = list(owners)
    return sorted(now.values(), key=lambda one: (order.index(one.department), one.number))


def row(one: Task, providers: dict[str, list[str]]) -> dict[str, Any]:
    """A task's cells by header."""
    provider, group, flag, place, seat, status = providers[one.who]
    bought = one.who not in COMPANIES
    basics = {
        "ID": one.number,
        "Process / task": one.name,
        "Department": one.department,
        "Process owner": one.owner,
        "Status": status,
        "Provider": provider,
        "Provider group": group if bought else "",
        "Outsourced?": flag,
        "Delivery country": place,
        "Provider country": seat,
        "FTE": one.fte,
        "Annual cost (GBP)": EUROS.get(one.name, one.cost),
        "Criticality": "Critical" if one.mark("C") else "Important" if one.mark("I") else "Normal",
        "Customer-facing": "Yes" if one.mark("F") else "No",
        "In person": "Required" if one.mark("P") else "No",
        "Personal data": "Yes" if one.mark("D") else "No",
        "Last review": one.day("review", date(2025, 2, 1), date(2026, 9, 30)),
        "Comment": one.pick("comment", "", "", "", "", "", "budget 2027 open", "see contract file", "owner to confirm"),
    }
    return basics | (contract(one, place) if bought else {}) | moved(one)


def contract(one: Task, place: str) -> dict[str, Any]:
    """The cells that only bought tasks have."""
    start = one.day("start", date(2022, 1, 1), date(2025, 6, 30))
    until = one.mark("u")
    end = date.fromisoformat(until) if until else one.day("end", date(2027, 9, 1), date(2029, 12, 31))
    plan = {"e": "Tested", "n": "None"}
    known = next((plan[letter] for letter in plan if one.mark(letter)), "")
    return {
        "Pricing model": "Time and materials"
        if one.mark("t")
        else one.pick("pricing", "Fixed price", "Per unit", "Fixed price", "Managed service"),
        "Under our brand": "Yes" if one.mark("B") else "No",
        "Transfer basis": transfer(one, place),
        "Contract ref.": f"AH-{start.year}-{1000 + one.below('ref', 8999)}",
        "Contract start": start,
        "Contract end": end,
        "Notice (days)": int(one.mark("k") or one.pick("notice", "30", "60", "90", "90")),
        "Alternative provider": one.pick("other", "", "", "Fernhollow Services", "Castlemere Partners"),
        "SLA": "No" if one.mark("x") else one.pick("sla", f"SLA {start.year}/{one.number}", "Yes", "Yes", ""),
        "KPI reporting": one.pick("kpi", "Monthly", "Monthly", "Quarterly", ""),
        "Substitutability": "Impossible"
        if one.mark("z")
        else one.pick("substitute", "Easy", "Medium", "Medium", "Difficult"),
        "Exit plan": known or ("Exists" if one.mark("C") else one.pick("exit", "", "Exists", "")),
    }


def transfer(one: Task, place: str) -> str:
    """The legal basis where personal data leave Europe; a mark leaves it out."""
    return "SCC" if one.mark("D") and place in OUTSIDE_EUROPE and not one.mark("q") else ""


def moved(one: Task) -> dict[str, Any]:
    """Home jobs that went with the work, and when."""
    jobs, when = one.mark("j"), one.mark("m")
    return {
        "Home jobs displaced": float(jobs) if jobs else None,
        "Moved on": date.fromisoformat(f"{when}-01") if when else None,
    }


def alderwick(target: Path, tasks: list[Task], as_at: date) -> None:
    """The formatted workbook: a cover, the inventory with titles, two header rows, subtotals and notes, and lists."""
    providers = {words[0]: words[1:] for words in map(cells, lines("providers"))}
    with xlsxwriter.Workbook(target, {"default_date_format": "dd/mm/yyyy"}) as book:
        book.set_properties({"title": "Task inventory", "company": "Alderwick Home plc", "created": BIRTH})
        cover(book, as_at)
        inventory(book, tasks, providers, as_at)
        lists = book.add_worksheet("Lists")
        lists.write_row(0, 0, ["Criticality", "Pricing model"])
        lists.write_column(1, 0, ["Critical", "Important", "Normal"])
        lists.write_column(1, 1, ["Fixed price", "Per unit", "Managed service", "Time and materials"])


def cover(book: xlsxwriter.Workbook, as_at: date) -> None:
    """The first sheet, for people."""
    sheet = book.add_worksheet("Read me")
    sheet.set_column(0, 0, 90)
    sheet.write(0, 0, "Alderwick Home plc: task inventory", book.add_format({"bold": True, "font_size": 16}))
    sheet.write(1, 0, f"State of {as_at:%d %B %Y}. One line per task, whoever does it.")
    sheet.write(3, 0, "Fill in the sheet Inventory. Do not insert columns; add tasks at the end of their department.")


def inventory(book: xlsxwriter.Workbook, tasks: list[Task], providers: dict[str, list[str]], as_at: date) -> None:
    """The sheet with the table."""
    sheet = book.add_worksheet("Inventory")
    bold = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "text_wrap": True})
    sheet.write(0, 0, "Alderwick Home plc", book.add_format({"bold": True, "font_size": 14}))
    sheet.write(1, 0, f"Task inventory, state of {as_at:%d %B %Y}")
    top = 4  # the second header row, counted from 0
    column = 0
    for band, *names in BANDS:
        if band and len(names) > 1:
            sheet.merge_range(top - 1, column, top - 1, column + len(names) - 1, band, head)
        column += len(names)
    sheet.write_row(top, 0, HEADERS, head)
    sheet.freeze_panes(top + 1, 2)
    sheet.set_column(1, 1, 34)
    sheet.set_column(2, len(HEADERS) - 1, 15)
    end = body(sheet, book, tasks, providers, top + 1, bold)
    sheet.autofilter(top, 0, end - 2, len(HEADERS) - 1)
    for number, note in enumerate(NOTES):
        sheet.write(end + 1 + number, 0, note)


def body(
    sheet: Any, book: xlsxwriter.Workbook, tasks: list[Task], providers: dict[str, list[str]], first: int, bold: Any
) -> int:
    """The tasks by department with subtotals, and the total; the row after them comes back."""
    day, money = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "#,##0"})
    at, start = first, first
    sums: list[tuple[float, float]] = []
    for number, one in enumerate(tasks):
        for column, value in enumerate(row(one, providers).get(header) for header in HEADERS):
            if value not in {None, ""}:
                sheet.write(at, column, value, day if isinstance(value, date) else money if column == 11 else None)  # noqa: PLR2004 - L is the cost
        if one.mark("h"):
            sheet.set_row(at, None, None, {"hidden": True})
        at += 1
        if number + 1 == len(tasks) or tasks[number + 1].department != one.department:
            mine = [each for each in tasks if each.department == one.department]
            sums.append((sum(each.fte for each in mine), sum(written(each) for each in mine)))
            total(sheet, at, f"Subtotal {one.department}", sums[-1], (start, at), (bold, money))
            at += 1
            start = at
    total(sheet, at, "Total", (sum(fte for fte, _ in sums), sum(cost for _, cost in sums)), None, (bold, money))
    return at + 1


def written(one: Task) -> float:
    """What a SUM over the cost column adds: amounts written as text add nothing."""
    return 0.0 if one.name in EUROS else one.cost


def total(
    sheet: Any, at: int, title: str, sums: tuple[float, float], rows: tuple[int, int] | None, formats: tuple[Any, Any]
) -> None:
    """A line of sums, live where it is over neighbours."""
    sheet.write(at, 1, title, formats[0])
    for letter, column, value in (("K", 10, sums[0]), ("L", 11, sums[1])):
        if rows:
            sheet.write_formula(
                at, column, f"=SUM({letter}{rows[0] + 1}:{letter}{rows[1]})", formats[column - 10], value
            )
        else:
            sheet.write(at, column, value, formats[column - 10])


def plain(target: Path, source: str, title: str) -> None:
    """A small sheet: header and rows, numbers as numbers."""
    with xlsxwriter.Workbook(target) as book:
        book.set_properties({"title": title, "created": BIRTH})
        sheet = book.add_worksheet("Tasks")
        sheet.set_column(0, 14, 20)
        for number, words in enumerate(map(cells, lines(source))):
            for column, word in enumerate(words):
                if word:
                    sheet.write(number, column, float(word) if word.replace(".", "").isdigit() else word)


def steinbruck(target: Path) -> None:
    """The ERP's export: semicolons, decimal comma, cp1252, a line of sums."""
    rows = [line.split(";") for line in lines("steinbruck")]
    tasks = [one for one in rows[1:] if one[0]]
    fte, cost = (sum(amount(one[column]) for one in tasks) for column in (8, 9))
    sums = {"fte": german(fte, 1), "cost": german(cost)}
    text = "\r\n".join(";".join(one) for one in rows).format(**sums)
    target.write_bytes((text + "\r\n").encode("cp1252"))


def amount(text: str) -> float:
    """A German number."""
    return float(text.replace(".", "").replace(",", "."))


def german(value: float, places: int = 2) -> str:
    """A number as Germans write it."""
    return f"{value:,.{places}f}".translate(str.maketrans(",.", ".,"))


def verlaine(target: Path) -> None:
    """A minimal .ods: the spreadsheet's own package with typed cells."""
    written = ("".join(map(cell, cells(line))) for line in lines("verlaine"))
    rows = "".join(f"<table:table-row>{line}</table:table-row>" for line in written)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.3"><office:body>'
        f'<office:spreadsheet><table:table table:name="Inventaire">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    with zipfile.ZipFile(target, "w") as package:
        package.writestr(zipfile.ZipInfo("mimetype"), ODS)
        for name, text in (("content.xml", content), ("META-INF/manifest.xml", manifest)):
            package.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)


def cell(word: str) -> str:
    """A cell of an .ods: a number, a day, a text or nothing."""
    if not word:
        return "<table:table-cell/>"
    kind = f'office:value-type="string"><text:p>{escape(word)}</text:p>'
    if word.replace(",", "").isdigit():
        kind = f'office:value-type="float" office:value="{word.replace(",", ".")}"><text:p>{word}</text:p>'
    elif len(word) == 10 and word[4] == word[7] == "-":  # noqa: PLR2004 - 2026-10-31
        kind = f'office:value-type="date" office:date-value="{word}"><text:p>{word}</text:p>'
    return f"<table:table-cell {kind}</table:table-cell>"


def make(folder: Path) -> None:
    """All samples into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    alderwick(folder / "alderwick-tasks-2026-09.xlsx", september(), date(2026, 9, 30))
    alderwick(folder / "alderwick-tasks-2026-10.xlsx", october(), date(2026, 10, 31))
    plain(folder / "every-contradiction.xlsx", "contradictions", "Every case of the decision table")
    plain(folder / "small-firm.xlsx", "small", "Twelve tasks")
    steinbruck(folder / "steinbrueck-aufgaben.csv")
    verlaine(folder / "verlaine-prestations.ods")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if sys.argv[1:] else HERE)
