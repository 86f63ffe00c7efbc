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
OWN_ROW = "\x01"  # stands for the task's own row number
_QUOTING = ("why", "changed")  # texts that name cells
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


def ordered(context: Context) -> pl.Series:
    """Keys of ``Context.tasks``, the most pressing first: by risk level, then cost, FTE and place in the file."""
    ranks = {severity.value: rank for severity, rank in RANK.items()}
    rank = pl.col("level").replace_strict(ranks, default=len(ranks), return_dtype=pl.UInt8)
    pressing = pl.when("in_totals").then(rank).otherwise(len(ranks) + 1)
    return (
        context.tasks.select(KEY, "cost", "fte", rank=pressing)
        .sort("rank", "cost", "fte", KEY, descending=[False, True, True, False], nulls_last=True)
        .get_column(KEY)
    )


def pack(
    context: Context, most: int = MOST_TASKS, letters: int = MOST_LETTERS, pressing: pl.Series | None = None
) -> tuple[str, int]:
    """The parcel of an analysis and how many tasks it holds: the most ``pressing``, as ``ordered``, at most ``most``.

    Where it is longer than ``letters``, the ledger lines stay of the tasks with high risk alone, then of none, then
    fewer tasks are held; the page says so and points to the workbook.
    """
    keys = ordered(context) if pressing is None else pressing
    high = context.tasks.filter(pl.col("level") == Severity.HIGH.value).get_column(KEY)
    text, held = "", min(most, keys.len())
    for share, explained in ((1, None), (1, high), (1, high.clear()), (2, high.clear()), (4, high.clear())):
        held = min(most, keys.len()) // share
        text = _packed(context, keys.head(held), explained)
        if len(text) <= letters:
            break
    return text, held


def _packed(context: Context, pressing: pl.Series, explained: pl.Series | None) -> str:
    """The parcel of some tasks, most pressing first, with the ledger lines of those ``explained``; None: of all."""
    tasks = _of(context.tasks, pressing, context)
    packer = Packer()
    packer.header = {
        "shown": tasks.height,
        "total": context.analysis.summary.tasks,
        "currency": context.currency,
        "letters": _letters(context),
        "fields": {name.value: spec.title for name, spec in FIELDS.items()},
        "titles": dict(context.analysis.risk_titles),
    }
    for name in TEXTS:
        packer.text(name, _written(tasks, name))
    packer.number("fte", tasks["fte"])
    packer.number("cost", tasks["cost"])
    packer.whole("key", tasks[KEY])
    packer.whole("row", tasks["row"])
    packer.whole("conflict", tasks["conflict"])
    packer.whole("order", pressing.rank("ordinal") - 1)
    _pack_scores(packer, context, pressing, explained)
    return packer.pack()


def _of(frame: pl.DataFrame, keys: pl.Series, context: Context) -> pl.DataFrame:
    """The rows of some tasks; all rows as they stand where all tasks are asked for."""
    if keys.len() == context.tasks.height:
        return frame
    return frame.join(keys.to_frame(KEY), on=KEY, how="semi", maintain_order="left")


def _written(tasks: pl.DataFrame, name: str) -> pl.Series:
    column = tasks.get_column(name)
    if name == "quadrant":
        return column.replace_strict({quadrant.value: code for quadrant, code in QUADRANT_CODES.items()})
    if name == "level":
        return column.replace_strict({severity.value: code for severity, code in LEVEL_CODES.items()}, default="")
    if name in _QUOTING and column.str.contains("!", literal=True).any():
        return _own_rows(column, tasks.get_column("row"))
    return column


def _own_rows(texts: pl.Series, rows: pl.Series) -> pl.Series:
    """The task's own row number taken out, so that alike sentences are alike; the page puts it back."""
    numbers = pl.lit(rows.cast(pl.String))
    theirs = pl.col("text").str.replace_all(OWN_ROW, "", literal=True)
    return texts.to_frame("text").select(theirs.str.split(numbers).list.join(OWN_ROW)).to_series()


def _letters(context: Context) -> dict[str, dict[str, str]]:
    letters: dict[str, dict[str, str]] = {}
    for column in context.analysis.inventory.columns:
        letters.setdefault(column.sheet, {})[column.field.value] = column.letter
    return letters


_SCORE = ("risk", "inherent", "residual", "severity", "known", "fields", "provisional")
_LINE = ("risk", "rule", "kind", "field", "points", "credit")


def _pack_scores(packer: Packer, context: Context, keys: pl.Series, explained: pl.Series | None) -> None:
    """Scores and ledger lines per task: how many, then the code of each; a line's value stands beside its code."""
    assessment = context.analysis.assessment
    shown = keys.sort()
    every = _of(assessment.ledger, keys, context)
    ledger = every if explained is None else every.join(explained.to_frame(), on=KEY, how="semi", maintain_order="left")
    packer.header["cut"] = ledger.height < every.height
    summed = every.lazy().filter(pl.col("kind") != "rule").select(KEY, "risk", summed=True).unique()
    severity = pl.col("severity").replace_strict({s.value: code for s, code in LEVEL_CODES.items()}, default="")
    said = pl.when(pl.col("summed").is_null()).then("why")  # lines of rules alone tell less than the sentence
    scores = (
        _of(assessment.scores, keys, context)
        .lazy()
        .join(summed, on=[KEY, "risk"], how="left", maintain_order="left")
        .select(KEY, *(pl.col(name) for name in _SCORE if name != "severity"), severity, said=said)
        .collect()
    )
    _pack_list(packer, "scores", shown, scores, [*_SCORE, "said"])
    _pack_list(packer, "lines", shown, ledger, _LINE)
    packer.header["lines"] = [[*line, _words(context, line)] for line in packer.header["lines"]]
    packer.text("values", ledger.get_column("value").gather(_by_task(ledger)))


def _by_task(frame: pl.DataFrame) -> pl.Series:
    """Positions of the rows, those of a task together and in their order."""
    positions = frame.select(KEY).with_row_index("at")
    return positions.sort(KEY, maintain_order=True).get_column("at")


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


def _pack_list(packer: Packer, name: str, keys: pl.Series, frame: pl.DataFrame, columns: Sequence[str]) -> None:
    """The rows of a frame as codes, and how many each task of ``keys`` has, in order."""
    known = frame.lazy().select(columns).unique(maintain_order=True).with_row_index("code").collect()
    codes = (
        frame.lazy()
        .select(columns)
        .join(known.lazy(), on=list(columns), how="left", nulls_equal=True, maintain_order="left")
        .select("code")
        .collect()
        .to_series()
    )
    counted = frame.group_by(KEY).len("n")
    counts = keys.to_frame(KEY).join(counted, on=KEY, how="left", maintain_order="left").get_column("n").fill_null(0)
    packer.header[name] = [list(row) for row in known.select(columns).iter_rows()]
    packer.whole(f"{name}_n", counts)
    packer.whole(name, codes.gather(_by_task(frame)))
