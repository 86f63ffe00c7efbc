"""The task list for the browser: dictionary-encoded columns, packed, unpacked there by ``DecompressionStream``.

Layout before packing: length of the header (UInt32, little-endian) · header (JSON) · columns. A column is a run of
bytes per place value (all lowest bytes, then the next, ...), which packs far better than whole numbers. Text columns
hold codes of a sorted dictionary in the header, so that codes sort as the texts do; number columns hold
``(value - low) * scale + 1``, and 0 where nothing is known.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isclose
from typing import Any

import polars as pl

from analyzer.fields import FIELDS
from analyzer.model import KEY
from analyzer.report.view.context import LEVEL_CODES, QUADRANT_CODES, RANK, Context
from analyzer.terms import Severity

MOST_TASKS = 100_000
MOST_LETTERS = 4_700_000  # of base64, so that a page stays under 5 MB
OWN_ROW = "\x01"  # stands for the task's own row number in a cell's address
_PACKING = 4  # of 9: a third of the time of 6 for 3 % more letters
_LARGEST = 2**32 - 2
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_SCALES = (1.0, 10.0, 100.0)
TEXTS = (
    *("sheet", "task_id", "name", "function", "owner", "provider", "place", "quadrant", "level", "confidence"),
    *("why", "risks", "not_assessed", "could_move_to", "changed", "decision", "outside"),
)


@dataclass(slots=True)
class Packer:
    """Gathers columns; ``pack`` closes the parcel."""

    header: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)

    def whole(self, name: str, values: pl.Series, **facts: Any) -> None:
        """A column of whole numbers from 0 on."""
        wide = values.cast(pl.UInt64)
        width, top = 1, int(str(wide.max() or 0))
        while top >= 256**width:
            width += 1
        self.columns[name] = {"at": len(self.body), "width": width, "n": values.len(), **facts}
        for place in range(width):
            self.body += bytes((wide // 256**place % 256).cast(pl.UInt8).to_list())

    def text(self, name: str, values: pl.Series) -> None:
        """A column of texts as codes of a sorted dictionary; null is the empty text."""
        filled = values.fill_null("")
        entries = filled.unique().to_frame("text").sort(pl.col("text").str.to_lowercase(), "text").to_series()
        self.whole(name, filled.cast(pl.Enum(entries)).to_physical(), texts=entries.to_list())

    def number(self, name: str, values: pl.Series) -> None:
        """A column of numbers to two places, null where unknown."""
        known = values.drop_nulls()
        low = float(str(known.min())) if known.len() else 0.0
        high = float(str(known.max())) if known.len() else 0.0
        scale = next((s for s in _SCALES if _exact(known, s)), _SCALES[-1])
        while (high - low) * scale > _LARGEST:
            scale /= 10
        self.whole(name, ((values - low) * scale).round().fill_null(-1) + 1, low=low, scale=scale)

    def pack(self) -> str:
        """All of it as base64 text; the same columns give the same text."""
        header = json.dumps(
            {**self.header, "columns": self.columns}, ensure_ascii=False, separators=(",", ":")
        ).encode()
        raw = len(header).to_bytes(4, "little") + header + self.body
        return base64.b64encode(gzip.compress(raw, _PACKING, mtime=0)).decode()


def _exact(values: pl.Series, scale: float) -> bool:
    scaled = values * scale
    return bool(((scaled - scaled.round()).abs() < 1e-6).all())  # noqa: PLR2004 - noise of a float


def ordered(context: Context) -> pl.DataFrame:
    """``Context.tasks``, the most pressing first: by risk level, then cost, FTE and place in the file."""
    ranks = {severity.value: rank for severity, rank in RANK.items()}
    rank = pl.col("level").replace_strict(ranks, default=len(ranks), return_dtype=pl.UInt8)
    return context.tasks.with_columns(rank=pl.when("in_totals").then(rank).otherwise(len(ranks) + 1)).sort(
        "rank", "cost", "fte", KEY, descending=[False, True, True, False], nulls_last=True
    )


def pack(context: Context, most: int = MOST_TASKS, letters: int = MOST_LETTERS) -> tuple[str, int]:
    """The parcel of an analysis and how many tasks it holds: those of highest risk, at most ``most``.

    Where it is longer than ``letters``, the ledger lines stay of the tasks with high risk alone, then of none, then
    fewer tasks are held; the page says so and points to the workbook.
    """
    tasks = ordered(context)
    high = tasks.filter(pl.col("level") == Severity.HIGH.value).select(KEY)
    text, held = "", min(most, tasks.height)
    for share, explained in (
        (1, tasks.select(KEY)),
        (1, high),
        (1, high.clear()),
        (2, high.clear()),
        (4, high.clear()),
    ):
        held = min(most, tasks.height) // share
        text = _packed(context, tasks.head(held), explained)
        if len(text) <= letters:
            break
    return text, held


def _packed(context: Context, pressing: pl.DataFrame, explained: pl.DataFrame) -> str:
    """The parcel of some tasks, most pressing first, with the ledger lines of those ``explained``."""
    chosen = pressing.with_row_index("order")
    tasks = chosen.sort(KEY)
    packer = Packer()
    packer.header = {
        "shown": tasks.height,
        "total": context.analysis.summary.tasks,
        "currency": context.currency,
        "letters": _letters(context),
        "fields": {name.value: spec.title for name, spec in FIELDS.items()},
        "titles": dict(context.analysis.risk_titles),
    }
    coded = tasks.with_columns(
        pl.col("quadrant").replace_strict({q.value: code for q, code in QUADRANT_CODES.items()}),
        pl.col("level").replace_strict({s.value: code for s, code in LEVEL_CODES.items()}, default=""),
        *(_own_rows(pl.col(name)) for name in ("why", "not_assessed", "changed") if _names_cells(tasks[name])),
    )
    for name in TEXTS:
        packer.text(name, coded[name])
    packer.number("fte", coded["fte"])
    packer.number("cost", coded["cost"])
    packer.whole("key", coded[KEY])
    packer.whole("row", coded["row"])
    packer.whole("conflict", coded["conflict"])
    packer.whole("order", chosen.select("order", position=pl.col(KEY).rank("ordinal") - 1).sort("order")["position"])
    _pack_scores(packer, context, tasks.select(KEY), explained)
    return packer.pack()


def _names_cells(texts: pl.Series) -> bool:
    return bool(texts.str.contains("!", literal=True).any())


def _own_rows(column: pl.Expr) -> pl.Expr:
    """Addresses of the task's own row with the row taken out, so that alike sentences are alike."""
    return pl.when(_only_own(column)).then(column.str.replace_all(_ADDRESS, "${1}" + OWN_ROW)).otherwise(column)


_ADDRESS = r"(![A-Z]{1,3})\d+\b"


def _only_own(column: pl.Expr) -> pl.Expr:
    rows = column.str.extract_all(r"![A-Z]{1,3}\d+\b").list.eval(pl.element().str.extract(r"(\d+)$"))
    return rows.list.n_unique().eq(1) & rows.list.first().eq(pl.col("row").cast(pl.String))


def _letters(context: Context) -> dict[str, dict[str, str]]:
    letters: dict[str, dict[str, str]] = {}
    for column in context.analysis.inventory.columns:
        letters.setdefault(column.sheet, {})[column.field.value] = column.letter
    return letters


_SCORE = ("risk", "inherent", "residual", "severity", "known", "fields", "provisional")
_LINE = ("risk", "rule", "kind", "field", "points", "credit")


def _pack_scores(packer: Packer, context: Context, keys: pl.DataFrame, explained: pl.DataFrame) -> None:
    """Scores and ledger lines per task: how many, then the code of each; a line's value stands beside its code."""
    assessment = context.analysis.assessment
    every = assessment.ledger.join(keys, on=KEY, how="semi").sort(KEY, maintain_order=True)
    ledger = every.join(explained, on=KEY, how="semi", maintain_order="left")
    packer.header["cut"] = ledger.height < every.height
    scores = assessment.scores.join(keys, on=KEY, how="semi").sort(KEY, maintain_order=True)
    summed = every.filter(pl.col("kind") != "rule").select(KEY, "risk", summed=True).unique()
    scores = scores.join(summed, on=[KEY, "risk"], how="left", maintain_order="left").with_columns(
        said=pl.when(pl.col("summed").is_null()).then("why")  # lines of rules alone tell less than the sentence
    )
    severity = pl.col("severity").replace_strict({s.value: code for s, code in LEVEL_CODES.items()}, default="")
    _pack_list(packer, "scores", keys, scores.with_columns(severity), [*_SCORE, "said"])
    _pack_list(packer, "lines", keys, ledger, _LINE)
    packer.header["lines"] = [[*line, _words(context, line)] for line in packer.header["lines"]]
    packer.text("values", ledger["value"])


def _words(context: Context, line: Sequence[Any]) -> str:
    """The policy's words for a line, where its rule, field and weight leave no doubt; else none."""
    risk, rule, _, name, points, credit = line
    levels = context.analysis.rule_words.get(f"{risk}/{rule}", ())
    weight = points if credit is None else credit
    about = [level for level in levels if not name or name in level[1].split() or not level[1]]
    same = [words for size, _, words in about if weight is None or _weighs(size, weight, stated=credit is not None)]
    known = set(same) if all(set(PLACEHOLDER.findall(words)) <= {"value"} for words in same) else set()
    return known.pop() if len(known) == 1 else ""


def _weighs(size: float, weight: float, *, stated: bool) -> bool:
    """Whether a level of that size gave the weight: all of it, or the share that a bare yes earns."""
    return isclose(size, weight, abs_tol=1e-9) or (stated and 0 < weight < size)


def _pack_list(packer: Packer, name: str, keys: pl.DataFrame, frame: pl.DataFrame, columns: Sequence[str]) -> None:
    known = frame.select(columns).unique(maintain_order=True).with_row_index("code")
    codes = frame.join(known, on=list(columns), how="left", nulls_equal=True, maintain_order="left")["code"]
    counts = keys.join(frame.group_by(KEY).len("n"), on=KEY, how="left", maintain_order="left")["n"].fill_null(0)
    packer.header[name] = [list(row) for row in known.select(columns).iter_rows()]
    packer.whole(f"{name}_n", counts)
    packer.whole(name, codes)
