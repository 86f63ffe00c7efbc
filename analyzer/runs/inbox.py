"""The drop folder: each dropped file is annotated once and ends in exactly one of waiting, done, refused, duplicate.

Polling is the truth, so network shares work and a missed event costs nothing. A file is taken when its size and time
were equal at two looks and it is whole; several hosts may look at one inbox.
"""

from __future__ import annotations

import contextlib
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from zipfile import is_zipfile

from analyzer import files
from analyzer.errors import ExitStatus, LockedError, WriteError
from analyzer.period import Period
from analyzer.runs import batch, claims, plan
from analyzer.runs.claims import DONE, DUPLICATE, KEPT, REFUSED, Claim, Mark
from analyzer.runs.job import Outcome
from analyzer.runs.plan import Job, Request

RESULTS = "results"
OWN = {*KEPT, RESULTS, claims.WORKING, claims.SEEN}
AT_ONCE = 32  # files claimed together
GIVE_UP_SECONDS = 600  # a half-copied file that does not grow is refused as what it is
TRIES = 5  # of an error that may pass; then the file is refused with its reason
_PASSING = {ExitStatus.NOT_WRITTEN, ExitStatus.LOCKED, ExitStatus.INTERNAL}

Run = Callable[[Sequence[Job]], Iterable[Outcome]]


@dataclass(frozen=True, slots=True)
class Looked:
    """A file at one look."""

    size: int
    modified: int
    at: float


@dataclass(slots=True)
class Inbox:
    """A drop folder under watch. ``seen`` and ``later`` are what the last look knew; all else is in the folders."""

    folder: Path
    request: Request
    run: Run = batch.run
    clock: Callable[[], float] = time.monotonic
    seen: dict[Path, Looked] = field(default_factory=dict)
    later: dict[Path, tuple[int, float]] = field(default_factory=dict)  # tries so far, not before
    odd: set[Path] = field(default_factory=set)  # links and devices, said once

    def look(self) -> list[Path]:
        """Files that are ready, oldest first: unchanged for the settling time, whole, and not put off."""
        now = self.clock()
        ready: list[tuple[int, Path]] = []
        present: dict[Path, Looked] = {}
        for path, size, modified in self._files():
            before = self.seen.get(path)
            same = before is not None and (before.size, before.modified) == (size, modified)
            present[path] = before if same and before else Looked(size, modified, now)
            if self._is_ready(path, present[path], now):
                ready.append((modified, path))
        self.seen = present
        return [path for _, path in sorted(ready)]

    def _is_ready(self, path: Path, looked: Looked, now: float) -> bool:
        unchanged = now - looked.at
        settled = unchanged >= self.request.settings.inbox.settle_seconds
        put_off = self.later.get(path, (0, 0.0))[1] > now
        return settled and not put_off and (_is_whole(path) or unchanged > GIVE_UP_SECONDS)

    def recover(self) -> list[Path]:
        """Return what claims of the dead still hold; each look of a long watch may follow another host's crash."""
        return claims.recover(self.folder)

    def work(self, ready: Sequence[Path]) -> Iterator[tuple[Path, Outcome]]:
        """Do the ready files; what each became is moved where it belongs and comes back with where that is.

        Raises ``WriteError`` where the inbox itself cannot be written; each file is then where it was dropped, or done.
        """
        for start in range(0, len(ready), AT_ONCE):
            with contextlib.ExitStack() as held:
                taken = (
                    held.enter_context(claims.claimed(self.folder, path)) for path in ready[start : start + AT_ONCE]
                )
                yield from self._do([claim for claim in taken if claim is not None])

    def _do(self, taken: Sequence[Claim]) -> Iterator[tuple[Path, Outcome]]:
        jobs: dict[Path, tuple[Claim, Mark]] = {}
        planned: list[Job] = []
        for claim in taken:
            job = self._job(claim)
            try:
                mark = Mark.of(self.folder, claim.file, f"{job.company} {job.request.period}")
                known = mark.take(claim, self.folder)
            except LockedError:
                continue  # goes back by itself; a later look finds it done, or free
            except OSError as error:
                yield self._file_away(claim, None, _unread(claim, error)), _unread(claim, error)
                continue
            if known is not None:
                said = f"{claim.dropped.name}: the same content was done as {known}"
                yield claims.place(claim.file, self.folder / DUPLICATE), Outcome(claim.dropped, ExitStatus.DONE, said)
                continue
            jobs[claim.file] = (claim, mark)
            planned.append(job)
        for outcome in self.run(planned) if planned else ():
            claim, mark = jobs[outcome.source]
            told = replace(outcome, source=claim.dropped) if claim.is_unchanged() else _changed(claim)
            yield self._file_away(claim, mark, told), told

    def _file_away(self, claim: Claim, mark: Mark | None, outcome: Outcome) -> Path:
        """Move a file to where its outcome puts it. A passing error leaves it in its claim, which gives it back."""
        if outcome.status is ExitStatus.DONE and mark is not None:
            self.later.pop(claim.dropped, None)
            return _finish(claim, mark, self.folder / DONE)
        if mark is not None:
            mark.drop()
        tries = self.later.get(claim.dropped, (0, 0.0))[0] + 1
        if outcome.status in _PASSING and tries < TRIES:
            pause = self.request.settings.inbox.poll_seconds * 2**tries
            self.later[claim.dropped] = (tries, self.clock() + pause)
            return claim.dropped
        self.later.pop(claim.dropped, None)
        return _refuse(claim, outcome, self.folder / REFUSED)

    def _job(self, claim: Claim) -> Job:
        period = period_of(claim.dropped.name, self.request)
        configured = self.request.settings.outputs.folder
        out = self.request.out or (Path(configured) if configured else self.folder / RESULTS)
        request = replace(self.request, period=period, out=out)
        company = plan.company_of(claim.dropped, request.settings)
        job = plan.job(claim.file, request, company)
        return replace(job, folder=job.folder if company else job.folder / str(period))

    def _files(self) -> Iterator[tuple[Path, int, int]]:
        """Regular files of the folder and of its companies' folders; links and devices are not followed."""
        folders = [self.folder, *(path for path in _entries(self.folder) if path.is_dir() and _is_foreign(path))]
        for path in (path for folder in folders for path in _entries(folder) if not _is_skipped(path)):
            with contextlib.suppress(OSError):  # gone since the folder was listed
                facts = path.lstat()
                if stat.S_ISREG(facts.st_mode):
                    yield path, facts.st_size, facts.st_mtime_ns
                elif not stat.S_ISDIR(facts.st_mode) or path.parent != self.folder:
                    self.odd.add(path)


def _finish(claim: Claim, mark: Mark, folder: Path) -> Path:
    """Put a file away as done. Without room for that it goes back, and must not find its own mark when it is redone."""
    mark.finish(claim)
    try:
        return claims.place(claim.file, folder)
    except WriteError:
        mark.drop()
        raise


def _refuse(claim: Claim, outcome: Outcome, folder: Path) -> Path:
    """Put a file away with a note that says why. Without room for the note, both stay where they were."""
    refused = claims.place(claim.file, folder)
    try:
        files.write(refused.with_name(f"{refused.name}.txt"), f"{outcome.message}\n\nThe file was left as it was.\n")
    except WriteError:
        refused.rename(claim.file)
        raise
    return refused


def _unread(claim: Claim, error: OSError) -> Outcome:
    what = f"{claim.dropped.name}: It cannot be read ({error.strerror or type(error).__name__})"
    hint = "Close it where it is open, or let this account read it; it is tried again a few times"
    return Outcome(claim.dropped, ExitStatus.LOCKED, f"{what}\n  {hint}")


def _changed(claim: Claim) -> Outcome:
    what = f"{claim.dropped.name}: It was changed or taken away while it was read, so it is not done"
    return Outcome(claim.dropped, ExitStatus.LOCKED, f"{what}\n  It is read again once it rests")


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []  # a share that is away for a while: the next look finds it


def _is_skipped(path: Path) -> bool:
    """Litter, our own folders and results; an annotated workbook that comes back filled in is none of them."""
    returned = path.name.lower().endswith((".xlsx", ".xlsm"))
    return plan.is_ignored(path) or path.name in OWN or (plan.is_output(path) and not returned)


def _is_foreign(path: Path) -> bool:
    return path.name not in OWN and not path.name.startswith(".") and not path.is_symlink()


def _is_whole(path: Path) -> bool:
    """Whether a package has its end; a half-copied one has not. Other formats say so when they are read."""
    try:
        with path.open("rb") as stream:
            return stream.read(2) != b"PK" or is_zipfile(path)
    except OSError:
        return False  # locked by its writer, or gone


def period_of(name: str, request: Request) -> Period:
    """The month a dropped file is about: in its name, else as the settings say."""
    named = Period.named_in(name)
    if request.settings.inbox.period == "file-name" and named:
        return named
    this = Period.of(date.today())  # noqa: DTZ011 - the calendar on the wall
    return this if request.settings.inbox.period == "this-month" else this.previous
