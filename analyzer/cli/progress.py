"""Progress with counts on stderr, only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def counting(total: int, *, talk: bool) -> Iterator[Callable[[], None]]:
    """A callable to be called once per file done; it draws only for many files on a terminal."""
    if not (talk and total > 1 and sys.stderr.isatty()):
        yield lambda: None
        return
    from rich.console import Console  # noqa: PLC0415 - 50 ms that a script does not need
    from rich.progress import Progress  # noqa: PLC0415 - drawn on a terminal alone

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Files", total=total)
        yield lambda: progress.advance(task)
