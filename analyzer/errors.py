"""What can go wrong, said to the user: what was found, where, what to type next, and the exit status."""

from __future__ import annotations

import re
from enum import IntEnum


class ExitStatus(IntEnum):
    """Exit statuses of the command line. They are an interface: scripts and schedulers rest on them."""

    DONE = 0
    INTERNAL = 1
    USAGE = 2
    REFUSED = 3
    NOT_WRITTEN = 4
    NOT_SENT = 5
    LOCKED = 6
    GATE = 7
    INTERRUPTED = 130
    TERMINATED = 143


WORST_FIRST = (
    ExitStatus.INTERRUPTED,
    ExitStatus.TERMINATED,
    ExitStatus.INTERNAL,
    ExitStatus.LOCKED,
    ExitStatus.NOT_WRITTEN,
    ExitStatus.REFUSED,
    ExitStatus.NOT_SENT,
    ExitStatus.GATE,
    ExitStatus.USAGE,
    ExitStatus.DONE,
)


def worst(statuses: list[ExitStatus]) -> ExitStatus:
    """The status a batch ends with: the worst of its files', DONE where there are none."""
    return next((status for status in WORST_FIRST if status in statuses), ExitStatus.DONE)


_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """A text in one line as it is written: control characters and changes of direction as underscores.

    A file's name may hold them, and then forge a line of what we say, or an ending that is not its own.
    """
    return _UNPRINTABLE.sub("_", text)


class AnalyzerError(Exception):
    """Something that cannot go on, in words for the user.

    ``where`` is a file, a cell (``Tasks!E7``) or a key of a settings file; ``hint`` is what to type or do next.
    """

    status = ExitStatus.INTERNAL

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{plain(self.where)}: " if self.where else ""
        advice = f"\n  {self.hint}" if self.hint else ""
        return f"{place}{self.message}{advice}"

    def __reduce__(self) -> tuple[object, ...]:
        """Keyword-only arguments would be lost on the way out of a worker process."""
        return (_rebuild, (type(self), self.message, self.where, self.hint))


def _rebuild(kind: type[AnalyzerError], message: str, where: str, hint: str) -> AnalyzerError:
    return kind(message, where=where, hint=hint)


class UsageError(AnalyzerError):
    """The command, the settings or the policy is wrong; nothing was analysed."""

    status = ExitStatus.USAGE


class RefusedError(AnalyzerError):
    """One input cannot be analysed: not a spreadsheet, damaged, encrypted, no table, over a limit."""

    status = ExitStatus.REFUSED


class WriteError(AnalyzerError):
    """A result could not be written; the last good one stays."""

    status = ExitStatus.NOT_WRITTEN


class SendError(AnalyzerError):
    """The report is written, the mail was not sent or not to all."""

    status = ExitStatus.NOT_SENT


class LockedError(AnalyzerError):
    """Another run holds the lock."""

    status = ExitStatus.LOCKED
