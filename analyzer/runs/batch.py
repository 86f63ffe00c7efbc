"""Many files: a pool of workers, each with one job in hand, so that a file that kills its worker is known at once."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Generator, Sequence
from types import TracebackType
from typing import Self

from analyzer.runs.job import Outcome
from analyzer.runs.plan import Job
from analyzer.runs.worker import Worker


class Pool:
    """Workers that stay from one call of ``run`` to the next; each starts with its first job and ends with the block.

    ``first`` is a worker that was started before the jobs were planned.
    """

    def __init__(self, workers: int | None = None, first: Worker | None = None) -> None:
        size = workers or os.cpu_count() or 1
        self._workers = [first or Worker(), *(Worker() for _ in range(size - 1))]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End all workers at once; what they were writing goes, the last good results stay."""
        for worker in self._workers:
            worker.stop()

    def run(self, jobs: Sequence[Job]) -> Generator[Outcome]:
        """Perform all jobs; outcomes come as they are done. Closing the iterator early ends all workers at once."""
        waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
        done: queue.SimpleQueue[Outcome | BaseException] = queue.SimpleQueue()
        for job in jobs:
            waiting.put(job)
        for worker in self._workers[: len(jobs)]:
            threading.Thread(target=_work, args=(worker, waiting, done), daemon=True).start()
        try:
            yield from (_told(done.get()) for _ in jobs)
        except BaseException:
            self.stop()
            raise


def run(jobs: Sequence[Job], workers: int | None = None, first: Worker | None = None) -> Generator[Outcome]:
    """Perform all jobs with a pool of their own. Closing the iterator ends all workers at once."""
    with Pool(workers, first) as pool:
        yield from pool.run(jobs)


def _told(one: Outcome | BaseException) -> Outcome:
    if isinstance(one, BaseException):
        raise one
    return one


def _work(worker: Worker, waiting: queue.SimpleQueue[Job], done: queue.SimpleQueue[Outcome | BaseException]) -> None:
    while True:
        try:
            job = waiting.get_nowait()
        except queue.Empty:
            return
        try:
            done.put(worker.do(job))
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
            done.put(error)
            return
