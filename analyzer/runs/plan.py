"""Plan, then act: which files are read, under which names their results are written, and what would collide."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path

from analyzer import files
from analyzer.errors import UsageError, plain
from analyzer.period import Period, without_month
from analyzer.settings import Settings

READABLE = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv")
ANNOTATED = ".annotated"
OUTPUTS = (".annotated.xlsx", ".annotated.xlsm", ".report.html", ".summary.json", ".ledger.parquet")
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}
_LONGEST_NAME = 180  # bytes: a system allows 255, and endings follow
_ELSEWHERE = "Choose another folder: -o OUT"
IGNORED = ("~$*", ".~lock.*", ".*", "thumbs.db", "desktop.ini", "*.tmp", "*.part", "*.crdownload", "*.bak")


@dataclass(frozen=True, slots=True)
class Request:
    """What one call of ``run`` asks, the same for all its files."""

    settings: Settings
    period: Period
    out: Path | None = None
    policy: Path | None = None
    rules: str | None = None  # the policy's text as it stood at the start: a change meanwhile is of the next run
    previous: Path | None = None
    sheet: str | None = None
    strip_active: bool = False
    small: bool = False
    verify: bool = False
    reading_only: bool = False  # read and map, write nothing


@dataclass(frozen=True, slots=True)
class Job:
    """One file's work: what is read, and where each result goes."""

    request: Request
    source: Path
    folder: Path
    stem: str
    company: str = ""
    archive: Path | None = None

    @property
    def workbook(self) -> Path:
        """The annotated workbook; a workbook with macros keeps its kind."""
        kept = ".xlsm" if self.source.suffix.lower() == ".xlsm" and not self.request.strip_active else ".xlsx"
        return self.folder / f"{self.stem}{ANNOTATED}{kept}"

    @property
    def page(self) -> Path:
        """The report."""
        return self.folder / f"{self.stem}.report.html"

    @property
    def digest(self) -> Path:
        """The machine-readable summary."""
        return self.folder / f"{self.stem}.summary.json"

    @property
    def ledger(self) -> Path:
        """The whole ledger, written only where the workbook's sheet does not hold it."""
        return self.folder / f"{self.stem}.ledger.parquet"

    @property
    def targets(self) -> tuple[Path, ...]:
        """All files this job may write."""
        return self.workbook, self.page, self.digest, self.ledger

    def sweep(self) -> None:
        """Remove what a killed run of this job left unfinished."""
        files.sweep(self.folder / self.stem)


def is_output(path: Path) -> bool:
    """Whether a file's name is one of our own results."""
    return path.name.lower().endswith(OUTPUTS)


def is_ignored(path: Path) -> bool:
    """Lock files, part files and a system's own litter."""
    return any(fnmatch(path.name.lower(), pattern) for pattern in IGNORED)


def find(paths: Iterable[Path]) -> list[Path]:
    """The files named, and the readable ones of the folders named, in name order, our own results left out.

    A file named outright is taken whatever its name. Raises ``UsageError`` for a missing path or an empty folder.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = [file for file in sorted(path.rglob("*")) if _is_input(file)]
            if not inside:
                raise UsageError(
                    "No spreadsheet in this folder", where=str(path), hint=f"Looked for {', '.join(READABLE)}"
                )
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise UsageError("There is no such file", where=str(path), hint="Check the spelling, or name a folder")
    return list(dict.fromkeys(found))


def _is_input(path: Path) -> bool:
    known = path.suffix.lower() in READABLE
    return known and path.is_file() and not path.is_symlink() and not is_output(path) and not is_ignored(path)


def jobs(paths: Iterable[Path], request: Request) -> list[Job]:
    """A job per file. Raises ``UsageError`` where two results would share a name or a result would replace an input."""
    sources = find(paths)
    planned = [job(source, request, company_of(source, request.settings)) for source in sources]
    doubled = {place for place, times in Counter((one.folder, one.stem) for one in planned).items() if times > 1}
    planned = [
        replace(one, stem=safe_name(one.source.name)) if (one.folder, one.stem) in doubled else one for one in planned
    ]
    _refuse_collisions(planned)
    return planned


def job(source: Path, request: Request, company: str) -> Job:
    """The work on one file of a company ("" for none): its own settings, and where its results go."""
    settings = request.settings
    if company:
        settings = settings.model_copy(update={"company": settings.companies[company]})
    configured = Path(settings.outputs.folder) if settings.outputs.folder else None
    folder = request.out or configured or source.parent
    if company:
        folder = folder / company / str(request.period)
    archive = Path(settings.outputs.archive) if settings.outputs.archive else None
    return Job(replace(request, settings=settings), source, folder, stem_of(source), company, archive)


def last_workbook(job: Job) -> Path | None:
    """The annotated workbook of the same source for the latest earlier month, beside the target or in its own folder.

    Its review columns are where people decided since the last report.
    """
    own = without_month(job.stem)
    earlier = [
        (period, folder / name)
        for folder in {job.folder, *job.folder.parent.glob("????-??")}
        for name in _workbooks(folder)
        if (period := Period.named_in(name) or Period.named_in(folder.name)) and period < job.request.period
        if without_month(stem_of(Path(name))) == own and folder / name != job.workbook
    ]
    return max(earlier)[1] if earlier else None


def _workbooks(folder: Path) -> list[str]:
    """Names alone, since a folder may hold the results of ten thousand inputs."""
    endings = tuple(kind for kind in OUTPUTS if kind.startswith(ANNOTATED))
    names = os.listdir(folder) if folder.is_dir() else []  # noqa: PTH208 - paths of ten thousand take long
    return [name for name in names if name.endswith(endings)]


def stem_of(source: Path) -> str:
    """``inventory.annotated.xlsx`` and ``inventory.xlsx`` both give ``inventory``."""
    return safe_name(source.stem.removesuffix(ANNOTATED))


def safe_name(text: str) -> str:
    """A name that every system takes and that leaves room for endings; a safe one stays as it is."""
    name = re.sub(r'[<>:"/\\|?*]', "_", plain(text)).rstrip(". ") or "_"
    if name.partition(".")[0].rstrip().upper() in _DEVICES:
        name = f"_{name}"
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{name.encode()[: _LONGEST_NAME - 9].decode('utf-8', 'ignore')}~{digest}"


def company_of(source: Path, settings: Settings) -> str:
    """The company whose file patterns a path meets, else the one named like its folder, else none."""
    for slug, company in settings.companies.items():
        if any(fnmatch(source.name, pattern) or fnmatch(str(source), pattern) for pattern in company.files):
            return slug
    return source.parent.name if source.parent.name in settings.companies else ""


def _refuse_collisions(planned: list[Job]) -> None:
    inputs = {one.source.resolve() for one in planned}
    written = Counter(target.resolve() for one in planned for target in one.targets)
    for target in (target for one in planned for target in one.targets):
        if target.resolve() in inputs:
            raise UsageError("A result would be written over an input", where=str(target), hint=_ELSEWHERE)
        if written[target.resolve()] > 1:
            raise UsageError("Two inputs would write the same result", where=str(target), hint=_ELSEWHERE)
