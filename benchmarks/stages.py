"""Where the time of a run goes, stage by stage in one process: CPU seconds, and resident memory after each.

``python -m benchmarks.stages [ROWS]`` (default 100,000). The workbook is written twice, with and without its ledger
sheet, so that what that sheet costs stands apart; the floors are those of ``benchmarks.side_by_side``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from benchmarks.inventories import make
from benchmarks.side_by_side import timed

_ROWS = 100_000
_Made = TypeVar("_Made")


class Stopwatch:
    """CPU seconds by stage, in the order of the run."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, name: str, work: Callable[[], _Made]) -> _Made:
        """Do a stage and note what it took."""
        start = time.process_time()
        made = work()
        self.seconds[name] = time.process_time() - start
        print(f"{name:<28} {self.seconds[name]:>7.2f} CPU s {_resident():>7,.0f} MiB")
        return made


def _resident() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def main(rows: int) -> None:
    """A line per stage, then the sums that the targets speak of."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        source = make(folder / "inventory.xlsx", rows)
        watch = Stopwatch()
        _run(source, folder, watch)
        floors = {
            name: timed(
                [sys.executable, "-m", "benchmarks.rivals", name, *map(str, (source, folder / name, folder))],
                folder / name,
            ).cpu
            for name in ("reader", "package")
        }
    took = watch.seconds
    page = took["page"]
    bare = sum(took.values()) - took["workbook"] - took["archive"] - took["ledger to Parquet"]
    floor = floors["reader"] + floors["package"] + page
    print(f"without the ledger sheet {bare:.2f} CPU s; reader {floors['reader']:.2f} + package {floors['package']:.2f}")
    print(f"+ page {page:.2f} = {floor:.2f}: {bare / floor:.2f} times")
    print(f"the ledger sheet alone {took['workbook'] - took['workbook without ledger']:.2f} CPU s")


def _run(source: Path, folder: Path, watch: Stopwatch) -> None:
    watch("imports", _modules)
    from analyzer import archive, intake, pipeline, policy, settings  # noqa: PLC0415 - what importing takes is a stage
    from analyzer.period import Period  # noqa: PLC0415 - as above
    from analyzer.report import machine, mail  # noqa: PLC0415 - as above
    from analyzer.report.page import shown  # noqa: PLC0415 - as above
    from analyzer.report.view import Context, see  # noqa: PLC0415 - as above
    from analyzer.report.workbook import write_workbook  # noqa: PLC0415 - as above

    home = settings.Settings.model_validate({"company": {"home": "GB"}})
    inventory, decisions = watch("intake", lambda: intake.read_with_decisions(source, home))
    rules, period = policy.default(), Period(2026, 10)
    analysis = watch("tagging and summary", lambda: pipeline.assess(inventory, decisions, home, rules, period))
    ledger = analysis.assessment.ledger
    without = replace(analysis, assessment=replace(analysis.assessment, ledger=ledger.clear()))
    watch("workbook without ledger", lambda: write_workbook(without, folder / "bare.xlsx"))
    watch("workbook", lambda: write_workbook(analysis, folder / "whole.xlsx"))
    context = Context.of(analysis)
    view = watch("view", lambda: see(context))
    watch("page", lambda: (folder / "page.html").write_text(shown(context, view), encoding="utf-8"))
    letter = dict(
        zip(("subject", "text", "html"), watch("mail", lambda: mail.compose(analysis, view=view)), strict=True)
    )
    watch("summary.json", lambda: machine.describe(analysis, [folder / "whole.xlsx"], mail=letter))
    watch("archive", lambda: archive.store(analysis, folder / "archive", "company", home))
    watch("ledger to Parquet", lambda: archive.write_ledger(analysis, folder / "ledger.parquet"))


def _modules() -> None:
    from analyzer import pipeline, policy, report  # noqa: F401, PLC0415 - as above

    policy.default()
    report.warm()


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else _ROWS)
