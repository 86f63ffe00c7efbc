"""The examples beside the rules: small tables of tasks with the tags they should get.

A table's header names fields, ``sourcing``, ``location`` or ``home``, and ``expect``; the tasks of a table are one
inventory, as of the end of October 2026. Without a column for it a task is outsourced, offshore, and home is GB. Lists
are separated by ``;``, an amount may carry its currency (``100 EUR``), and words in brackets are the cell's reference
(``tested (2026-03)``). ``expect`` is ``nothing``, ``not assessed``, ``High``, ``42 Medium`` or ``75 -> 42 Medium``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from analyzer.errors import UsageError
from analyzer.fields import FIELDS, Kind
from analyzer.model import KEY, Assessment, Column, Inventory, Period, Placement, Source, dtype
from analyzer.policy import Policy
from analyzer.risks.amounts import amounts
from analyzer.risks.assessing import assess
from analyzer.risks.book import chapters
from analyzer.risks.facts import Ground, facts
from analyzer.risks.groups import ALL_PROVIDERS
from analyzer.risks.outcomes import outcomes
from analyzer.risks.portfolio import tested
from analyzer.terms import Field, Severity, ValueStatus
from analyzer.xlsx.addresses import letters

PERIOD = Period(2026, 10)
EXPECT = "expect"
AXES = {"sourcing": "outsourced", "location": "offshore", "home": "GB"}
NOTHING, UNASSESSED = "nothing", "not assessed"
SHEET = "Examples"
PLACED: dict[str, pl.DataType] = {
    KEY: pl.UInt32(),
    "quadrant": pl.String(),
    "sourcing": pl.String(),
    "location": pl.String(),
    "subtypes": pl.List(pl.String),
    "offshore_share": pl.Float64(),
    "in_totals": pl.Boolean(),
    "outside": pl.String(),
    "conflict": pl.Boolean(),
}
_RANKED = (Severity.NOT_ASSESSED, Severity.LOW, Severity.MEDIUM, Severity.HIGH)


@dataclass(frozen=True, slots=True)
class Trial:
    """One example: the task as written, what was expected and what came out."""

    risk: str
    task: str
    expected: str
    got: str

    @property
    def passed(self) -> bool:
        """Whether the tag is the expected one."""
        return matches(self.expected, self.got)


@dataclass(frozen=True, slots=True)
class Trials:
    """All examples of a policy. ``levels`` are all conditions of its rules, ``covered`` those an example made hold."""

    trials: tuple[Trial, ...]
    levels: frozenset[str]
    covered: frozenset[str]

    @property
    def failed(self) -> tuple[Trial, ...]:
        """The examples whose tags are not the expected ones."""
        return tuple(trial for trial in self.trials if not trial.passed)

    @property
    def coverage(self) -> float:
        """Share of the rules' conditions that an example made hold."""
        return len(self.covered) / len(self.levels) if self.levels else 1.0


def try_examples(policy: Policy) -> Trials:
    """Run every example of a policy. Raises ``UsageError`` where a table cannot be read."""
    trials: list[Trial] = []
    covered: set[str] = set()
    for slug, risk in policy.risks.items():
        for number, text in enumerate(risk.examples):
            where = f"risk.{slug}.examples.{number}"
            header, rows = table(text, where)
            if EXPECT not in header:
                raise UsageError('The example cannot be read: no column "expect"', where=where)
            inventory, placement = stages(header, rows)
            assessment = assess(inventory, placement, policy, PERIOD)
            covered |= held_levels(inventory, placement, policy)
            got = _portfolio_tags(assessment, slug, inventory, risk.of) if risk.of else _tags(assessment, slug)
            trials += [Trial(slug, _task(row), row[EXPECT], got[key]) for key, row in enumerate(rows) if row[EXPECT]]
    return Trials(tuple(trials), levels(policy), frozenset(covered))


def levels(policy: Policy) -> frozenset[str]:
    """Every condition of every rule: ``risk/rule#1``."""
    book = (*chapters(policy), *chapters(policy, portfolio=True))
    entries = [entry for chapter in book for entry in chapter.entries]
    return frozenset(f"{entry.column}#{number}" for entry in entries for number in range(1, len(entry.levels) + 1))


def held_levels(inventory: Inventory, placement: Placement, policy: Policy) -> set[str]:
    """The conditions that hold for some task or group."""
    ground = Ground(inventory, placement, policy, PERIOD.as_of, amounts(inventory, placement, None))
    book = chapters(policy)
    found = outcomes(inventory, facts(ground), book, policy, PERIOD.as_of).frame
    frames = [(chapter, found.filter(pl.col(chapter.gate_column))) for chapter in book]
    frames += [(chapter, tested(chapter, ground)) for chapter in chapters(policy, portfolio=True)]
    return {
        f"{entry.column}#{level}"
        for chapter, frame in frames
        for entry in chapter.entries
        for level in frame.get_column(entry.column)
        if level
    }


def matches(expected: str, got: str) -> bool:
    """``Medium`` matches ``75 -> 42 Medium``; a score, where one is expected, has to be the same."""
    return expected == got or got.endswith(f" {expected}") or got.startswith(f"{expected} ")


def table(text: str, where: str) -> tuple[list[str], list[dict[str, str]]]:
    """Header and rows of a text table; a line of dashes is decoration. Raises ``UsageError``."""
    written = [line for line in text.splitlines() if line.strip() and not _decoration(line)]
    lines = [[cell.strip() for cell in line.split("|")] for line in written]
    header = lines[0] if lines else []
    known = {*FIELDS, *AXES, EXPECT}
    unknown = [name for name in header if name not in known]
    if unknown:
        raise UsageError(f'The example cannot be read: no field is called "{unknown[0]}"', where=where)
    ragged = [row for row in lines if len(row) != len(header)]
    if ragged:
        what = f"a line has {len(ragged[0])} cells, not {len(header)}"
        raise UsageError(f"The example cannot be read: {what}", where=where)
    return header, [dict(zip(header, row, strict=True)) for row in lines[1:]]


def _decoration(line: str) -> bool:
    return "-" in line and not line.strip(" |-+")


def stages(header: list[str], rows: list[dict[str, str]]) -> tuple[Inventory, Placement]:
    """An inventory and its placement from the rows of an example."""
    names = [Field(name) for name in header if name in FIELDS]
    size = len(rows)
    key = pl.Series(KEY, range(size), pl.UInt32)
    made = [
        key,
        pl.Series("sheet", [SHEET] * size, pl.String),
        pl.Series("row", range(2, size + 2), pl.UInt32),
        pl.Series("hidden", [False] * size, pl.Boolean),
        pl.Series("home", [row.get("home") or AXES["home"] for row in rows], pl.String),
    ]
    for name in names:
        made.append(pl.Series(name, [_typed(name, row[name]) for row in rows], dtype(name)))
        if FIELDS[name].kind is Kind.MONEY:
            made.append(pl.Series(f"{name}_currency", [_currency(row[name]) for row in rows], pl.String))
    tasks = pl.DataFrame(made)
    raw = pl.DataFrame([key, *(pl.Series(name, [row[name] or None for row in rows], pl.String) for name in names)])
    states = pl.DataFrame([key, *(_states(tasks[name], raw[name]) for name in names)])
    columns = tuple(
        Column(name, SHEET, header.index(name), letters(header.index(name)), FIELDS[name].title, "named so")
        for name in names
    )
    aside = pl.DataFrame(schema={"sheet": pl.String, "row": pl.UInt32, "reason": pl.String, "text": pl.String})
    inventory = Inventory(
        Source(Path("examples"), "", 0, "csv", (SHEET,)),
        tasks,
        raw,
        states,
        columns,
        (),
        aside,
    )
    return inventory, Placement(_placement(rows, key))


def _placement(rows: list[dict[str, str]], key: pl.Series) -> pl.DataFrame:
    sourcing, location = ([row.get(axis, AXES[axis]) or "unknown" for row in rows] for axis in ("sourcing", "location"))
    individual = [["individual"] if row.get("provider_type") == "individual" else [] for row in rows]
    remote = [
        ["remote employee"] if row.get("provider_type") == "employee" and where == "offshore" else []
        for row, where in zip(rows, location, strict=True)
    ]
    status = [row.get("status") for row in rows]
    outside = [word if word in {"planned", "ended"} else None for word in status]
    unplaced = ["Undetermined" if "unknown" in pair else "placed" for pair in zip(sourcing, location, strict=True)]
    return pl.DataFrame(
        {
            KEY: key,
            "quadrant": unplaced,
            "sourcing": sourcing,
            "location": location,
            "subtypes": [one + other for one, other in zip(individual, remote, strict=True)],
            "offshore_share": [None] * len(rows),
            "in_totals": [word is None for word in outside],
            "outside": outside,
            "conflict": [row.get("outsourced_flag") == "no" and bool(row.get("provider")) for row in rows],
        },
        schema=PLACED,
    )


def _states(values: pl.Series, raw: pl.Series) -> pl.Series:
    pairs = zip(values.is_null(), raw.is_null(), strict=True)
    words = {(True, True): ValueStatus.BLANK, (True, False): ValueStatus.FLAGGED}
    return pl.Series(values.name, [words.get(pair, ValueStatus.ACCEPTED).value for pair in pairs], pl.String)


def _typed(name: Field, text: str) -> object:
    """A cell's value, None where it is blank or cannot be read."""
    word = text.partition(" (")[0]
    try:
        return _read(name, word, text) if word else None
    except ValueError:
        return None


def _read(name: Field, word: str, text: str) -> object:
    match FIELDS[name].kind:
        case Kind.NUMBER | Kind.MONEY:
            return float(word.partition(" ")[0].replace(",", ""))
        case Kind.DATE:
            return date.fromisoformat(word)
        case Kind.TEXTS | Kind.PLACES:
            return [part.strip() for part in word.split(";")]
        case Kind.EVIDENCE if word == "yes":
            return "evidenced" if "(" in text else "stated"
        case _:
            return word


def _currency(text: str) -> str | None:
    words = text.split()
    return words[1] if len(words) > 1 else ("GBP" if words else None)


def _task(row: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.items() if value and name != EXPECT)


def _tags(assessment: Assessment, slug: str) -> dict[int, str]:
    """What each task got of one risk, in the words of ``expect``."""
    tags = dict.fromkeys(range(assessment.rows.height), NOTHING)
    scores = assessment.scores.filter(pl.col("risk") == slug)
    for key, inherent, residual, severity in scores.select(KEY, "inherent", "residual", "severity").iter_rows():
        if severity == Severity.NOT_ASSESSED:
            tags[key] = UNASSESSED
        elif residual is None:
            tags[key] = severity
        else:
            tags[key] = f"{residual} {severity}" if inherent == residual else f"{inherent} -> {residual} {severity}"
    return tags


def _portfolio_tags(assessment: Assessment, slug: str, inventory: Inventory, group: str) -> dict[int, str]:
    """What the group of each task got of one risk."""
    found = assessment.portfolio.filter((pl.col("risk") == slug) & (pl.col("subject") != ALL_PROVIDERS))
    worst: dict[str, str] = {}
    for subject, severity in found.select("subject", "severity").iter_rows():
        worst[subject] = max(severity, worst.get(subject, severity), key=lambda word: _RANKED.index(Severity(word)))
    other = UNASSESSED if worst.keys() == {""} else NOTHING
    subjects = enumerate(_subjects(inventory, group))
    return {key: worst.get(subject, other) if subject else other for key, subject in subjects}


def _subjects(inventory: Inventory, group: str) -> list[str | None]:
    """The group each task belongs to."""
    columns = {
        "provider": pl.coalesce(inventory.value(Field.PROVIDER_GROUP), inventory.value(Field.PROVIDER)),
        "country": inventory.value(Field.DELIVERY_COUNTRY).list.first(),
        "function": inventory.value(Field.FUNCTION),
        "currency": inventory.companion(f"{Field.ANNUAL_COST}_currency", pl.String()),
        "inventory": pl.lit(inventory.source.name),
    }
    return inventory.tasks.select(KEY, columns[group].alias("subject")).get_column("subject").to_list()
