"""The drop folder: every file ends in exactly one of waiting, done, refused, duplicate."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from analyzer.errors import ExitStatus
from analyzer.period import Period
from analyzer.runs import claims, inbox, lock
from analyzer.runs.inbox import Inbox
from analyzer.runs.job import Outcome
from analyzer.runs.plan import Job, Request
from analyzer.settings import Company, Settings

SETTLE = 5.0


class Clock:
    """Time that only a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def done(jobs: Sequence[Job]) -> Iterable[Outcome]:
    return [Outcome(job.source, ExitStatus.DONE) for job in jobs]


def ending(status: ExitStatus) -> inbox.Run:
    return lambda jobs: [Outcome(job.source, status, f"{job.source.name}: the reason") for job in jobs]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "inbox"
    place.mkdir()
    return place


def watching(folder: Path, run: inbox.Run = done, **companies: Company) -> tuple[Inbox, Clock]:
    clock = Clock()
    return Inbox(folder, Request(Settings(companies=companies), Period(2026, 10)), run, clock), clock


def settle(watched: Inbox, clock: Clock) -> list[Path]:
    watched.look()
    clock.now += SETTLE
    return watched.look()


def tree(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file() and claims.SEEN not in path.parts)
    return sorted(str(path.relative_to(folder)) for path in files)


def test_f1_a_file_is_taken_when_it_has_settled_and_moves_to_done(folder: Path) -> None:
    (folder / "tasks.csv").write_text("a")
    watched, clock = watching(folder)
    assert watched.look() == []
    clock.now += SETTLE - 0.1
    assert watched.look() == []
    clock.now += 0.1
    ready = watched.look()
    assert ready == [folder / "tasks.csv"]
    assert [place.name for place, _ in watched.work(ready)] == ["tasks.csv"]
    assert tree(folder) == ["done/tasks.csv"]


def test_f1_a_growing_file_is_left_until_it_rests(folder: Path) -> None:
    path = folder / "tasks.csv"
    watched, clock = watching(folder)
    for size in range(1, 6):
        path.write_text("a" * size)
        assert watched.look() == []
        clock.now += SETTLE
    watched.look()
    clock.now += SETTLE
    assert watched.look() == [path]


def test_f1_half_a_package_waits_and_is_taken_when_it_stays_half(folder: Path) -> None:
    (folder / "tasks.xlsx").write_bytes(b"PK\x03\x04 the first half")
    watched, clock = watching(folder)
    assert settle(watched, clock) == []
    clock.now += inbox.GIVE_UP_SECONDS
    assert watched.look() == [folder / "tasks.xlsx"]


def test_f2_f4_litter_links_and_devices_are_left_alone(folder: Path) -> None:
    for name in ("~$tasks.xlsx", ".~lock.tasks.xlsx#", "tasks.xlsx.part", "Thumbs.db", ".DS_Store", "._tasks.xlsx"):
        (folder / name).write_text("x")
    (folder / "link.xlsx").symlink_to("/etc/passwd")
    (folder / "dangling.xlsx").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.xlsx")
    (folder / "folder.xlsx").mkdir()
    watched, clock = watching(folder)
    assert settle(watched, clock) == []
    assert {path.name for path in watched.odd} == {"link.xlsx", "dangling.xlsx", "pipe.xlsx"}


def test_f3_the_same_content_is_done_once(folder: Path) -> None:
    watched, clock = watching(folder)
    for name in ("tasks.csv", "copy of tasks.csv"):
        (folder / name).write_text("same")
    outcomes = dict(watched.work(settle(watched, clock)))
    said = [outcome.message for place, outcome in outcomes.items() if place.parent.name == "duplicate"]
    (folder / "tasks.csv").write_text("same")
    list(watched.work(settle(watched, clock)))
    assert len(said) <= 1
    kept = Counter(Path(name).parts[0] for name in tree(folder))
    while kept["tasks.csv"] or kept["copy of tasks.csv"]:  # one of two that met goes back and is a duplicate later
        list(watched.work(settle(watched, clock)))
        kept = Counter(Path(name).parts[0] for name in tree(folder))
    assert kept == {"done": 1, "duplicate": 2}


def test_f3_f9_new_content_under_a_known_name_is_new_and_nothing_is_overwritten(folder: Path) -> None:
    watched, clock = watching(folder)
    for content in ("first", "second"):
        (folder / "tasks.csv").write_text(content)
        list(watched.work(settle(watched, clock)))
    assert tree(folder) == ["done/tasks (2).csv", "done/tasks.csv"]
    assert (folder / "done" / "tasks.csv").read_text() == "first"


def test_f3_i4_the_same_content_for_another_month_is_new(folder: Path) -> None:
    watched, clock = watching(folder)
    for name in ("tasks 2026-09.csv", "tasks 2026-10.csv"):
        (folder / name).write_text("unchanged")
    list(watched.work(settle(watched, clock)))
    assert tree(folder) == ["done/tasks 2026-09.csv", "done/tasks 2026-10.csv"]


def test_f6_a_refused_file_is_kept_with_a_plain_note(folder: Path) -> None:
    (folder / "tasks.csv").write_text("x")
    watched, clock = watching(folder, ending(ExitStatus.REFUSED))
    list(watched.work(settle(watched, clock)))
    assert tree(folder) == ["refused/tasks.csv", "refused/tasks.csv.txt"]
    note = (folder / "refused" / "tasks.csv.txt").read_text()
    assert note == "tasks.csv: the reason\n\nThe file was left as it was.\n"


@pytest.mark.parametrize("status", [ExitStatus.NOT_WRITTEN, ExitStatus.LOCKED, ExitStatus.INTERNAL])
def test_f5_a_passing_error_is_tried_again_later_and_has_an_end(folder: Path, status: ExitStatus) -> None:
    (folder / "tasks.csv").write_text("x")
    watched, clock = watching(folder, ending(status))
    for _ in range(inbox.TRIES - 1):
        list(watched.work(settle(watched, clock)))
        assert tree(folder) == ["tasks.csv"]
        assert settle(watched, clock) == []
        clock.now += 10_000
    list(watched.work(settle(watched, clock)))
    assert tree(folder) == ["refused/tasks.csv", "refused/tasks.csv.txt"]


@pytest.mark.parametrize("fault", ["replaced", "written to", "gone"])
def test_f5_a_file_that_changes_while_it_is_read_is_not_done(folder: Path, fault: str) -> None:
    (folder / "tasks.csv").write_text("as it was claimed")

    def run(jobs: Sequence[Job]) -> Iterator[Outcome]:
        for job in jobs:
            if fault == "written to":
                job.source.write_text("as it became")
            else:
                job.source.unlink()
            if fault == "replaced":
                job.source.write_text("another one of this name")
            yield Outcome(job.source, ExitStatus.DONE)

    watched, clock = watching(folder, run)
    ((place, outcome),) = watched.work(settle(watched, clock))
    assert (place, outcome.status) == (folder / "tasks.csv", ExitStatus.LOCKED)
    assert outcome.message.startswith("tasks.csv: It was changed or taken away while it was read")
    assert tree(folder) == ([] if fault == "gone" else ["tasks.csv"])


def test_f7_one_poison_among_many(folder: Path) -> None:
    for number in range(200):
        (folder / f"{number:03d}.csv").write_text(str(number))

    def run(jobs: Sequence[Job]) -> Iterator[Outcome]:
        for job in jobs:
            poison = job.source.name == "117.csv"
            yield Outcome(job.source, ExitStatus.REFUSED if poison else ExitStatus.DONE, "poison" if poison else "")

    watched, clock = watching(folder, run)
    places = [place for place, _ in watched.work(settle(watched, clock))]
    assert Counter(place.parent.name for place in places) == {"done": 199, "refused": 1}


def test_a_companys_folder_is_its_own(folder: Path, tmp_path: Path) -> None:
    (folder / "northwind").mkdir()
    (folder / "northwind" / "tasks 202609.csv").write_text("x")
    seen: list[Job] = []

    def run(jobs: Sequence[Job]) -> Iterable[Outcome]:
        seen.extend(jobs)
        return done(jobs)

    watched, clock = watching(folder, run, northwind=Company(home="GB"))
    list(watched.work(settle(watched, clock)))
    (job,) = seen
    assert (job.company, job.request.settings.company.home) == ("northwind", "GB")
    assert job.folder == folder / "results" / "northwind" / "2026-09"


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("tasks 2026-09.xlsx", Period(2026, 9)),
        ("tasks_202612_v2.xlsx", Period(2026, 12)),
        ("2025.03 tasks.csv", Period(2025, 3)),
    ],
)
def test_the_month_is_read_from_the_name(name: str, period: Period) -> None:
    assert inbox.period_of(name, Request(Settings(), Period(2026, 10))) == period


def test_f8_a_share_that_is_away_comes_back(folder: Path) -> None:
    (folder / "tasks.csv").write_text("x")
    away = folder.with_name("away")
    watched, clock = watching(folder)
    watched.look()
    folder.rename(away)
    assert watched.look() == []
    away.rename(folder)
    assert settle(watched, clock) == [folder / "tasks.csv"]


CRASHING = """
import os, sys
from pathlib import Path
from analyzer.errors import ExitStatus
from analyzer.period import Period
from analyzer.runs.inbox import Inbox
from analyzer.runs.job import Outcome
from analyzer.runs.plan import Request
from analyzer.settings import Inbox as Setting, Settings
def run(jobs):
    for number, job in enumerate(jobs):
        print(number, flush=True)
        yield Outcome(job.source, ExitStatus.DONE)
box = Inbox(Path(sys.argv[1]), Request(Settings(inbox=Setting(settle_seconds=0)), Period(2026, 10)), run)
for _ in box.work(box.look()):
    pass
"""


@pytest.mark.parametrize("after", [1, 3, 7])
def test_f7_g3_killed_at_any_point_each_file_is_in_one_place_and_the_next_watch_finishes(
    folder: Path, after: int
) -> None:
    for number in range(12):
        (folder / f"{number:02d}.csv").write_text(str(number))
    with subprocess.Popen([sys.executable, "-c", CRASHING, str(folder)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(after):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    left = list(folder.rglob("*.csv"))
    assert {path.name for path in left} == {f"{number:02d}.csv" for number in range(12)}
    assert len({path.stat().st_ino for path in left}) == 12  # a kill within a move leaves one file under two names
    claims.recover(folder)
    watched, clock = watching(folder)
    list(watched.work(settle(watched, clock)))
    assert tree(folder) == [f"done/{number:02d}.csv" for number in range(12)]


def test_g3_killed_between_the_work_and_the_move_the_file_ends_among_the_done(folder: Path) -> None:
    (folder / "tasks.csv").write_text("x")
    with claims.claimed(folder, folder / "tasks.csv") as claim:
        assert claim is not None
        mark = claims.Mark.of(folder, claim.file, "2026-10")
        assert mark.take(claim, folder) is None
        mark.finish(claim)
        held = folder / "held.csv"
        claim.file.rename(held)
    dead = folder / claims.WORKING / claim.token
    dead.mkdir(parents=True)
    held.rename(dead / "tasks.csv")
    long_ago = time.time() - 10 * lock.STALE_SECONDS
    os.utime(dead, (long_ago, long_ago))
    assert claims.recover(folder) == []
    assert tree(folder) == ["done/tasks.csv"]


def test_g3_interrupted_at_work_all_goes_back_and_is_taken_again_at_once(folder: Path) -> None:
    for number in range(3):
        (folder / f"{number}.csv").write_text(str(number))

    def interrupted(jobs: Sequence[Job]) -> Iterator[Outcome]:
        yield Outcome(jobs[0].source, ExitStatus.DONE)
        raise KeyboardInterrupt

    watched, clock = watching(folder, interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(watched.work(settle(watched, clock)))
    assert tree(folder) == ["1.csv", "2.csv", "done/0.csv"]
    watched.run = done
    list(watched.work(settle(watched, clock)))
    assert tree(folder) == ["done/0.csv", "done/1.csv", "done/2.csv"]


def test_g1_a_living_claim_is_not_taken_back(folder: Path) -> None:
    (folder / "tasks.csv").write_text("x")
    with claims.claimed(folder, folder / "tasks.csv") as claim:
        assert claim is not None
        assert claims.recover(folder) == []
        assert claim.file.exists()
    assert tree(folder) == ["tasks.csv"]


WATCHING = CRASHING.replace(
    "for _ in box.work(box.look()):\n    pass", "while box.look():\n    list(box.work(box.look()))"
)


def test_g1_two_watchers_do_each_file_once(folder: Path) -> None:
    for number in range(300):
        (folder / f"{number:04d}.csv").write_text(str(number))
    command = [sys.executable, "-c", WATCHING, str(folder)]
    watchers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    counts = [len(watcher.communicate(timeout=120)[0].splitlines()) for watcher in watchers]
    assert sum(counts) == 300
    assert tree(folder) == [f"done/{number:04d}.csv" for number in range(300)]


def test_a_lock_is_no_dropped_file(folder: Path) -> None:
    with lock.held(folder):
        watched, clock = watching(folder)
        assert settle(watched, clock) == []
