"""One file's work, done inside a worker: analyse, write, and say what was done in plain data."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzer import files
from analyzer.errors import AnalyzerError, ExitStatus
from analyzer.runs.plan import Job, last_workbook

BACKUP = ".bak"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: the content of ``STEM.summary.json``, or a message that says why there is none."""

    source: Path
    status: ExitStatus
    message: str = ""
    digest: dict[str, Any] | None = None
    files: tuple[Path, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Plain data, so that nothing but data crosses from a worker that read a stranger's file."""
        return {
            **dataclasses.asdict(self),
            "source": str(self.source),
            "files": [str(file) for file in self.files],
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Outcome:
        """Back from plain data."""
        return cls(
            Path(data["source"]),
            ExitStatus(data["status"]),
            str(data["message"]),
            data["digest"],
            tuple(Path(file) for file in data["files"]),
        )


def size_of(path: Path) -> int:
    """Bytes of a file, 0 where it is gone: who reads it will say so."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def perform(job: Job) -> Outcome:
    """Do a job; a refusal or a failed write is an outcome, anything else is raised."""
    try:
        return _read(job) if job.request.reading_only else _run(job)
    except AnalyzerError as error:
        return Outcome(job.source, error.status, str(error))
    except OSError as error:
        if not files.is_full(error):
            raise
        place = Path(error.filename or tempfile.gettempdir())  # a library's own temporary file
        return Outcome(job.source, ExitStatus.NOT_WRITTEN, str(files.write_error(place, error)))


def _read(job: Job) -> Outcome:
    from analyzer import intake  # noqa: PLC0415 - the supervisor plans without frames
    from analyzer.report.reading import describe_reading  # noqa: PLC0415 - as above

    inventory = intake.read(job.source, job.request.settings, sheet=job.request.sheet)
    return Outcome(job.source, ExitStatus.DONE, "", describe_reading(inventory))


def _run(job: Job) -> Outcome:
    from analyzer import archive, pipeline, policy, report  # noqa: PLC0415 - the supervisor plans without frames

    request = job.request
    earlier = pipeline.Earlier(
        workbooks=tuple(
            path for path in (last_workbook(job), request.previous, job.workbook) if path and path.is_file()
        ),
        previous=request.previous,
        archive=job.archive,
        company=job.company,
    )
    rules = policy.load(request.policy) if request.rules is None else policy.parse(request.rules, str(request.policy))
    analysis = pipeline.analyze(
        job.source, request.settings, rules, request.period, sheet=request.sheet, earlier=earlier
    )
    options = report.Options(strip_active=request.strip_active, small=request.small, verify=request.verify)
    job.sweep()
    with files.together(job.folder, job.stem) as staged:
        written = [job.workbook, job.page, job.digest]
        digest = report.write(analysis, report.Targets(*(staged / path.name for path in written)), options)
        if analysis.assessment.ledger.height > report.LEDGER_LINES:
            archive.write_ledger(analysis, staged / job.ledger.name)
            written.append(job.ledger)
        _keep_filled_in(job.workbook)
    if job.archive:
        archive.store(analysis, job.archive, job.company, request.settings)
    return Outcome(job.source, ExitStatus.DONE, "", digest, tuple(written))


def _keep_filled_in(workbook: Path) -> None:
    """Last time's workbook may hold people's decisions: it is kept once beside the new one."""
    if workbook.is_file():
        with files.replacing(workbook.with_name(workbook.name + BACKUP)) as stream, workbook.open("rb") as kept:
            shutil.copyfileobj(kept, stream)
