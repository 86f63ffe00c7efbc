"""Which task of last time is which task of this time: by id, else by name and function; likeness is only suggested."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import polars as pl

from analyzer.model import DECISIONS_SCHEMA, KEY, Decisions, Finding, Inventory, no_decisions
from analyzer.places import alike
from analyzer.terms import Field

ALIKE = 0.84  # difflib ratio from which two names are suggested as one task
MOST_SUGGESTED = 200  # tasks gone and tasks new that are held against one another


def identities(tasks: pl.DataFrame) -> pl.DataFrame:
    """``key`` · ``identity`` String: the task's id where it is the only one of that id, else name, function and count.

    ``tasks`` holds ``key``, ``task_id``, ``task_name`` and ``function``, all String but the key. Tasks alike in name
    and function are numbered in the order of the sheet, so that two of them stay two.
    """
    clean = tasks.select(KEY, *(_folded(name) for name in ("task_id", "task_name", "function")))
    by_id = (pl.col("task_id") != "") & (pl.len().over("task_id") == 1)
    name = pl.col("task_name") + "\x1f" + pl.col("function")
    nth = pl.int_range(pl.len()).over(name).cast(pl.String)
    identity = pl.when(by_id).then("id\x1f" + pl.col("task_id")).otherwise("name\x1f" + name + "\x1f" + nth)
    return clean.select(KEY, identity.alias("identity"))


def _folded(name: str) -> pl.Expr:
    return alike(pl.col(name).fill_null("")).alias(name)


def named(inventory: Inventory) -> pl.DataFrame:
    """``key`` · ``task_id`` · ``task_name`` · ``function`` of an inventory, null where a column is absent."""
    return inventory.tasks.select(
        KEY, *(inventory.value(name) for name in (Field.TASK_ID, Field.TASK_NAME, Field.FUNCTION))
    )


def match(decisions: Decisions, inventory: Inventory) -> Decisions:
    """Give each decision the key of its task in this inventory; one whose task is gone stays, without a key."""
    if not decisions.frame.height:
        return decisions
    theirs = decisions.frame.drop(KEY).with_row_index(KEY)
    ours = named(inventory)
    found = _by(theirs, ours, ["task_id"])
    found = found.vstack(
        _by(theirs.join(found, left_on=KEY, right_on="theirs", how="anti"), ours, ["task_name", "function"])
    )
    frame = (
        theirs.rename({KEY: "theirs"})
        .join(found.rename({"ours": KEY}), on="theirs", how="left", maintain_order="left")
        .select(pl.col(name).cast(kind) for name, kind in DECISIONS_SCHEMA.items())
    )
    lost = frame.filter(pl.col(KEY).is_null())
    findings = decisions.findings
    if lost.height:
        cells = tuple(lost.get_column("cell").drop_nulls().head(5))
        findings = (*findings, Finding("decision-without-task", cells, lost.height, {"origin": decisions.origin}))
    return Decisions(frame, decisions.origin, findings)


def _by(theirs: pl.DataFrame, ours: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """``theirs`` · ``ours`` keys of rows alike in these columns, where that is true of one row on each side."""
    left = theirs.select(pl.col(KEY).alias("theirs"), *(_folded(name) for name in names))
    right = ours.select(pl.col(KEY).alias("ours"), *(_folded(name) for name in names))
    alone = pl.len().over(names) == 1
    written = pl.col(names[0]) != ""
    return left.filter(written, alone).join(right.filter(written, alone), on=names).select("theirs", "ours")


def merge(sources: Sequence[Decisions]) -> Decisions:
    """Decisions of several workbooks, oldest first: the latest word on a task wins; a differing older one is said."""
    if not sources:
        return no_decisions()
    frame = pl.concat([source.frame for source in sources])
    said = ["your_quadrant", "decision", "decision_owner", "decision_due", "decision_note"]
    keyed = frame.filter(pl.col(KEY).is_not_null())
    latest = keyed.unique(KEY, keep="last", maintain_order=True)
    differing = keyed.join(latest, on=[KEY, *said], how="anti", nulls_equal=True)
    findings = tuple(finding for source in sources for finding in source.findings)
    if differing.height:
        cells = tuple(differing.get_column("cell").drop_nulls().head(5))
        findings = (*findings, Finding("decision-replaced", cells, differing.height))
    return Decisions(pl.concat([latest, frame.filter(pl.col(KEY).is_null())]), sources[-1].origin, findings)


def suggestions(gone: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Tasks gone and tasks new whose names are alike: ``before`` · ``after`` String, for a person to join."""
    before = gone.get_column("task_name").drop_nulls().head(MOST_SUGGESTED).to_list()
    after = new.get_column("task_name").drop_nulls().head(MOST_SUGGESTED).to_list()
    pairs = [(name, close[0]) for name in before if (close := get_close_matches(name, after, n=1, cutoff=ALIKE))]
    return pl.DataFrame(pairs, schema={"before": pl.String, "after": pl.String}, orient="row")
