"""The worker's own process: it performs jobs from its stdin until that closes.

Started before its supervisor has read its settings, it imports what every job needs while the supervisor does the same.
"""

from __future__ import annotations

import gc
import json
import mimetypes
import os
import pickle
import sys
from typing import Any

from analyzer.errors import ExitStatus, plain
from analyzer.runs.failure import record
from analyzer.runs.wire import receive, send

_HEADROOM = 8 * 1024**3  # address space beyond the limit: allocators and threads reserve more than they use


def serve() -> None:
    """Perform jobs until there are no more."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not tear the protocol
    gc.disable()  # what is imported stays: looking for cycles in it again and again takes a tenth of a small run
    _warm()
    gc.freeze()
    gc.enable()
    while True:
        try:
            content = receive(sys.stdin.buffer)
        except EOFError:
            return
        send(replies, json.dumps(_answer(content)).encode())


def _warm() -> None:
    _travel_light()
    from analyzer import intake, pipeline, policy, report  # noqa: F401, PLC0415 - while the supervisor reads settings

    policy.default()
    intake.warm()
    report.warm()


def _travel_light() -> None:
    """Keep libraries from reading what no result depends on: it takes a tenth of a second."""
    import polars as pl  # noqa: F401, PLC0415 - it asks whether there is numpy, and does without

    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl and pyarrow would import it wherever it is
    mimetypes.knownfiles.clear()  # openpyxl would read the machine's list of file types


def _answer(content: bytes) -> dict[str, Any]:
    from analyzer.runs.job import Outcome, perform, size_of  # noqa: PLC0415 - after the first import of frames

    job = pickle.loads(content)  # noqa: S301 - from our own parent over a pipe
    _limit_memory(job.request.settings.limits.memory_for(size_of(job.source)))
    try:
        return perform(job).as_data()
    except MemoryError:
        text = f"{plain(job.source.name)}: Reading it took more memory than the limit (settings: limits.memory_mb)"
        return Outcome(job.source, ExitStatus.REFUSED, text).as_data()
    except BaseException as error:  # noqa: BLE001 - a reader's panic is a BaseException; the batch goes on
        log = record(error)
        kind = type(error).__name__
        text = f"{plain(job.source.name)}: Internal error ({kind}); its last good results stay. Details: {log}"
        if os.environ.get("ANALYZER_DEBUG"):
            sys.excepthook(type(error), error, error.__traceback__)
        return Outcome(job.source, ExitStatus.INTERNAL, text).as_data()


def _limit_memory(memory_mb: float) -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on every system

        bound = int(memory_mb * 1024**2) + _HEADROOM
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    serve()
