"""Stages of a stream side by side: codecs and string expressions release the GIL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from queue import Empty, Full, Queue
from threading import Event, Thread

_DEPTH = 2  # chunks a stage may be ahead
_PATIENCE = 0.1  # seconds between looks whether the other side still lives


def ahead(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same chunks, made in a thread of their own a little ahead of their use; its error is raised here.

    A stream that is over before that pays is handed on as it is.
    """
    source = iter(chunks)
    first = list(islice(source, _DEPTH))
    if len(first) < _DEPTH:
        yield from first
        return
    queue: Queue[bytes | BaseException | None] = Queue(_DEPTH)
    stopped = Event()

    def put(item: bytes | BaseException | None) -> bool:
        while not stopped.is_set():
            try:
                queue.put(item, timeout=_PATIENCE)
            except Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            if all(put(chunk) for chunk in chain(first, source)):
                put(None)
        except BaseException as error:  # noqa: BLE001 - handed over and raised on the other side
            put(error)

    thread = Thread(target=work, name="package stage", daemon=True)
    thread.start()
    try:
        while (item := _next(queue, thread)) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
        thread.join()


def _next(queue: Queue[bytes | BaseException | None], thread: Thread) -> bytes | BaseException | None:
    while True:
        try:
            return queue.get(timeout=_PATIENCE)
        except Empty:
            if not thread.is_alive() and queue.empty():
                return None
