"""What became of the mutants: kept in a file, told as shares, and what of it still holds when code has changed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.mutation.changes import Mutant

Told = dict[str, Any]  # what a mutant says of itself, its ``verdict``, and the ``test`` that noticed


def keep(results: Sequence[Told], out: Path) -> None:
    """Write down what is known so far, so that a run may be cut off."""
    out.write_text(json.dumps(results, indent=1), encoding="utf-8")


def kept(out: Path) -> list[Told]:
    """What an earlier run has written down."""
    results: list[Told] = json.loads(out.read_text(encoding="utf-8"))
    return results


def share(results: Sequence[Told]) -> str:
    """How many were killed, those out of time among them."""
    killed = sum(one["verdict"] in {"killed", "out of time"} for one in results)
    return f"{killed} of {len(results)} killed, {100 * killed / max(1, len(results)):.1f} %"


def tell(results: Sequence[Told]) -> None:
    """A line per module and one for all."""
    for module in dict.fromkeys(one["module"] for one in results):
        print(f"{module}: {share([one for one in results if one['module'] == module])}")
    print(f"all: {share(results)}")


def settled(found: Iterable[Mutant], earlier: Iterable[Told], *, again: bool) -> tuple[list[Mutant], list[Told]]:
    """What is left to try after an earlier run, and its results that still hold: the code may have changed since."""
    known: defaultdict[tuple[str, ...], list[Told]] = defaultdict(list)
    for one in earlier:
        known[_named(one)].append(one)
    left, holding = [], []
    for mutant in found:
        same = known[_named(mutant.told)]
        result = same.pop(0) if same else None
        if result is None or (again and result["verdict"] == "survived"):
            left.append(mutant)
        else:
            holding.append(result | mutant.told)
    return left, holding


def _named(told: Told) -> tuple[str, ...]:
    return tuple(told[key] for key in ("module", "owner", "kind", "before", "after"))
