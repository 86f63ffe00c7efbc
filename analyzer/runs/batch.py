"""Many files: a pool of workers, each with one job in hand, so that a file that kills its worker is known at once."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Generator, Sequence

from analyzer.runs.job import Outcome
from analyzer.runs.plan import Job
from analyzer.runs.worker import Worker


def run(jobs: Sequence[Job], workers: int | None = None, first: Worker | None = None) -> Generator[Outcome]:
    """Perform all jobs; outcomes come as they are done. Closing the iterator ends all workers at once.

    ``first`` is a worker that was started before the jobs were planned.
    """
    waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
    done: queue.SimpleQueue[Outcome | BaseException] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    size = min(len(jobs), workers or os.cpu_count() or 1)
    pool = [first or Worker(), *(Worker() for _ in range(size - 1))]
    threads = [threading.Thread(target=_work, args=(worker, waiting, done), daemon=True) for worker in pool]
    for thread in threads:
        thread.start()
    try:
        for _ in jobs:
            outcome = done.get()
            if isinstance(outcome, BaseException):
                raise outcome
            yield outcome
    finally:
        for worker in pool:
            worker.stop()


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
