"""The same jobs on an existing Dask cluster; results are written where every worker of it can write: on a share."""

from __future__ import annotations

import importlib
from collections.abc import Generator, Sequence
from typing import Any

from analyzer.errors import ExitStatus, UsageError, plain
from analyzer.runs.job import Outcome, perform
from analyzer.runs.plan import Job


def run(jobs: Sequence[Job], address: str) -> Generator[Outcome]:
    """Perform all jobs on the cluster's workers; outcomes come as they are done.

    A worker that dies is replaced by the cluster and its job tried again elsewhere; a job that kills several is
    refused. Raises ``UsageError`` where the extra is not installed or the scheduler is not reached.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout="10s")
    except (OSError, TimeoutError, ValueError):
        raise UsageError(
            "The Dask scheduler is not reached", where=address, hint="Check the address: --dask tcp://HOST:8786"
        ) from None
    with client:
        futures = {
            client.submit(_perform, job, key=f"analyzer-{number}", pure=False): job for number, job in enumerate(jobs)
        }
        for future in distributed.as_completed(futures):
            yield _outcome(future, futures[future])


def _distributed() -> Any:
    try:
        return importlib.import_module("distributed")
    except ImportError:
        raise UsageError(
            "Dask is not installed", where="--dask", hint='Install it: pip install "analyzer[dask]"'
        ) from None


def _perform(job: Job) -> dict[str, Any]:
    return perform(job).as_data()


def _outcome(future: Any, job: Job) -> Outcome:
    error = future.exception()
    if error is None:
        return Outcome.from_data(future.result())
    kind = type(error).__name__
    refused = kind == "KilledWorker"
    ended = "several workers" if refused else "its job"
    text = f"{plain(job.source.name)}: The file ended {ended} ({kind}); nothing of it was written"
    return Outcome(job.source, ExitStatus.REFUSED if refused else ExitStatus.INTERNAL, text)
