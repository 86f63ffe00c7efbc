"""The annotated workbook: the user's own book with tag and review columns beside the tasks, and new sheets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from analyzer import __version__, files, xlsx
from analyzer.errors import RefusedError, UsageError
from analyzer.model import Analysis, Finding, Grid
from analyzer.report.book import beside, tags, values
from analyzer.report.book.binding import bind
from analyzer.report.book.live import Live
from analyzer.report.book.material import MOST_LINES
from analyzer.report.view import View
from analyzer.terms import Sheet, TagColumn
from analyzer.xlsx.limits import MAX_COLUMNS, MAX_ROWS, Limits

ROOMY = Limits(file_bytes=1 << 40, unpacked_bytes=1 << 42, entries=1_000_000, cells=1 << 40, ratio=1e6)
# the source was measured at intake under the limits of the settings


@dataclass(frozen=True, slots=True)
class Written:
    """What writing the workbook brought to light."""

    findings: tuple[Finding, ...] = ()


def write_workbook(
    analysis: Analysis, target: Path, *, strip_active: bool = False, small: bool = False, view: View | None = None
) -> Written:
    """Write the annotated workbook to ``target``, whole or not at all. ``view``: the analysis' own, where it is made.

    A source that is no package, or one that cannot be edited without loss, gives a fresh workbook with its values.
    Raises ``RefusedError`` where the source is no longer what was read, or has no room beside its table, ``WriteError``
    where the target cannot be written.
    """
    source = analysis.inventory.source
    if files.sha256(source.path) != source.sha256:
        raise RefusedError(
            "The file changed while it was being analysed",
            where=source.name,
            hint="Run again once nobody is saving it",
        )
    _refuse_without_room(analysis)
    codec: xlsx.Codec = "small" if small else "fast"
    refusal = source.package.refusal if source.package else ""
    if analysis.inventory.grids:
        return _reasoned(_fresh(analysis, analysis.inventory.grids, target, codec, view), refusal)
    try:
        edit = plan(analysis, strip_active=strip_active, view=view)
        with files.replacing(target) as stream:
            outcome = xlsx.apply(source.path, cast("BinaryIO", stream), edit, codec=codec, limits=ROOMY)
    except RefusedError as refused:
        return _reasoned(_fresh(analysis, values.read_values(source.path), target, codec, view), refused.message)
    return Written((*_capped(analysis), *(_finding(note) for note in outcome.notes)))


def _reasoned(written: Written, why: str) -> Written:
    """What was written, with the reason why it is a fresh workbook where the source is a package."""
    if not why:
        return written
    return Written((Finding("workbook-written-fresh", values={"why": f"{why}."}), *written.findings))


def _refuse_without_room(analysis: Analysis) -> None:
    for table in analysis.inventory.tables:
        if table.last_column + 1 + len(TagColumn) > MAX_COLUMNS:
            raise RefusedError(
                f"The table has {table.last_column + 1:,} columns and a sheet holds {MAX_COLUMNS:,}: "
                f"there is no room for the {len(TagColumn)} columns of the result",
                where=f"{analysis.inventory.source.name} > {table.sheet}",
                hint="Delete columns that hold nothing of the tasks, and run again",
            )


def verify(analysis: Analysis, target: Path, *, strip_active: bool = False) -> xlsx.Differences:
    """What the annotated workbook lost or changed of its source, part by part and cell by cell: it should be nothing.

    Raises ``UsageError`` where the source is no package: a fresh workbook has no formats to keep.
    """
    if analysis.inventory.grids:
        raise UsageError(
            f"A {analysis.inventory.source.kind} file has no package to compare part by part",
            where=analysis.inventory.source.name,
            hint="Leave out --verify, or save the file as .xlsx first",
        )
    edit = plan(analysis, strip_active=strip_active)
    return xlsx.compare(analysis.inventory.source.path, target, edit, limits=ROOMY)


def plan(analysis: Analysis, *, strip_active: bool = False, view: View | None = None) -> xlsx.Edit:
    """All that is added to the source's own package, as data. Raises ``RefusedError`` where it has no room."""
    source = analysis.inventory.source
    package = source.path
    facts = source.package or xlsx.inspect(package, ROOMY)
    if facts.refusal:
        raise RefusedError(facts.refusal, where=package.name)
    gone = beside.earlier_sheets(facts)
    spots = beside.spots(analysis.inventory, package, facts)
    taken = tuple(sheet.name for sheet in facts.sheets if sheet.name not in gone)
    edit = _edit(analysis, spots, _names(taken), view)
    return replace(edit, drop_sheets=gone, drop_names=beside.earlier_names(facts), strip_active=strip_active)


def _fresh(analysis: Analysis, grids: tuple[Grid, ...], target: Path, codec: xlsx.Codec, view: View | None) -> Written:
    made = values.pages(analysis.inventory, grids)
    spots = values.spots(analysis.inventory, grids, made)
    edit = _edit(analysis, spots, _names(tuple(page.sheet for page in made)), view)
    with files.replacing(target) as stream:
        outcome = xlsx.fresh(made, cast("BinaryIO", stream), edit, codec=codec)
    return Written((*_splits(grids, made), *_capped(analysis), *(_finding(note) for note in outcome.notes)))


def _splits(grids: tuple[Grid, ...], made: tuple[xlsx.Page, ...]) -> Iterator[Finding]:
    for grid in grids:
        if grid.cells.height > MAX_ROWS:
            sheets = ", ".join(page.sheet for page in made if page.sheet.startswith(grid.sheet[:20]))
            yield Finding(
                "workbook-rows-split", count=grid.cells.height, values={"sheet": grid.sheet, "sheets": sheets}
            )


def _capped(analysis: Analysis) -> Iterator[Finding]:
    lines = analysis.assessment.ledger.height
    if lines > MOST_LINES:
        yield Finding("workbook-ledger-capped", count=lines, values={"shown": f"{MOST_LINES:,}"})


def _names(taken: tuple[str, ...]) -> dict[Sheet, str]:
    """What each new sheet is called: a sheet of the user's own keeps its name."""
    facts = xlsx.PackageFacts("xlsx", tuple(xlsx.SheetFacts(name, "") for name in taken))
    names: dict[Sheet, str] = {}
    for sheet in Sheet:
        names[sheet] = facts.free_name(sheet.value, tuple(names.values()))
    return names


def _edit(analysis: Analysis, spots: tuple[beside.Spot, ...], names: dict[Sheet, str], view: View | None) -> xlsx.Edit:
    frame = tags.tagged(analysis)
    bound = bind(analysis, Live(spots, frame), names, view)
    places = tags.Places(names)
    beside_tasks = (tags.splice(spot, frame, analysis.summary.currency, places) for spot in spots)
    return xlsx.Edit(
        splices=(*beside_tasks, *bound.splices),
        graft=bound.graft,
        names=tuple(name for spot in spots for name in spot.names()),
        properties=_properties(analysis, places),
    )


def _properties(analysis: Analysis, places: tags.Places) -> dict[str, str]:
    """Custom document properties: what this copy was made from, and how it is known again."""
    assessment = analysis.assessment
    return {
        "analyzer version": __version__,
        "analyzer period": str(analysis.period),
        "analyzer source": analysis.inventory.source.name,
        "analyzer source sha256": analysis.inventory.source.sha256,
        "analyzer policy": f"{assessment.policy_name} {assessment.policy_version}",
        "analyzer policy hash": assessment.policy_hash,
        beside.SHEETS_PROPERTY: "|".join(places.names[sheet] for sheet in Sheet),
    }


def _finding(note: xlsx.Note) -> Finding:
    values = dict(note.values)
    return Finding(f"workbook-{note.code}", count=int(values.pop("n", "1")), values=values)
