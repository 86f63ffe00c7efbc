"""Analysis to files: workbook, page and machine-readable summary, each whole or absent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzer import files, memory
from analyzer.errors import WriteError
from analyzer.model import Analysis

LEDGER_LINES = 100_000  # lines the workbook's ledger sheet holds; beyond it the whole ledger goes beside the workbook


@dataclass(frozen=True, slots=True)
class Targets:
    """Where each result goes."""

    workbook: Path
    page: Path
    digest: Path


@dataclass(frozen=True, slots=True)
class Options:
    """How results are written."""

    strip_active: bool = False
    small: bool = False
    verify: bool = False


def warm() -> None:
    """Import and compile what every report needs; a worker does so while it waits for its first job."""
    from analyzer.report import machine, mail, page, words, workbook  # noqa: F401, PLC0415 - for their import alone

    for name in ("page.html.j2", "charts.html.j2", "mail.html.j2"):
        page.environment().get_template(name)
    mail.plain().get_template("mail.txt.j2")
    words.load("en")


def write(analysis: Analysis, targets: Targets, options: Options) -> dict[str, Any]:
    """Write all results; the digest of what was written comes back (``summary.json``'s content).

    Raises ``WriteError`` where one could not be written, ``RefusedError`` where the source changed meanwhile.
    """
    from analyzer.report import machine, mail  # noqa: PLC0415 - a blank inventory needs none of these
    from analyzer.report.page import shown  # noqa: PLC0415 - as above
    from analyzer.report.view import Context, of  # noqa: PLC0415 - as above
    from analyzer.report.workbook import write_workbook  # noqa: PLC0415 - as above

    view = of(analysis)
    written = write_workbook(
        analysis, targets.workbook, strip_active=options.strip_active, small=options.small, view=view
    )
    memory.give_back()
    verified = _verified(analysis, targets.workbook, options) if options.verify else None
    files.write(targets.page, shown(Context.of(analysis), view))
    subject, text, html = mail.compose(analysis, targets.page.name, targets.workbook.name, view)
    letter = {"subject": subject, "text": text, "html": html}
    digest = machine.describe(analysis, [targets.workbook, targets.page], findings=written.findings, mail=letter)
    digest["verified"] = verified
    machine.write_digest(digest, targets.digest)
    return digest


def _verified(analysis: Analysis, workbook: Path, options: Options) -> dict[str, int] | None:
    """How much of the copy was compared with its source; None for a source that is no package.

    Raises ``WriteError`` where anything was lost or changed.
    """
    from analyzer.report.workbook import verify  # noqa: PLC0415 - only where asked

    if analysis.inventory.grids:
        return None
    found = verify(analysis, workbook, strip_active=options.strip_active)
    if found:
        first = ", ".join((*found.lost, *found.changed)[:3])
        text = (
            f"The copy differs from its source: {found.n_lost:,} lost, {found.n_changed:,} changed, the first {first}"
        )
        raise WriteError(text, where=str(workbook), hint="Do not use it; please report this with the kind of workbook")
    return {"parts": found.parts, "same": found.same, "cells": found.cells}
