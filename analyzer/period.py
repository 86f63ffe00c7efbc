"""The month a run is about: every clock stands at its last day, never at today."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from analyzer.errors import UsageError

_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_. ]?(0[1-9]|1[0-2])(?!\d)")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month. Every clock of a run stands at its last day, never at today."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """``2026-10`` -> October 2026. Raises ``UsageError`` for anything else."""
        year, dash, month = text.partition("-")
        if dash and len(year) == 4 and len(month) == 2 and (year + month).isdecimal() and 1 <= int(month) <= 12:  # noqa: PLR2004 - a calendar
            return cls(int(year), int(month))
        raise UsageError(f'"{text}" is not a month', where="--period", hint="Write it as 2026-10, or: last-month")

    @property
    def as_of(self) -> date:
        """Last day of the month."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def previous(self) -> Period:
        """The month before."""
        return Period(self.year - 1, 12) if self.month == 1 else Period(self.year, self.month - 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def of(cls, day: date) -> Period:
        """The month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def named_in(cls, name: str) -> Period | None:
        """The month written in a file's name: ``tasks 2026-09.xlsx``, ``tasks_202609.csv``."""
        found = _IN_NAME.search(name)
        return cls(int(found[1]), int(found[2])) if found else None


def without_month(name: str) -> str:
    """A name without the month written in it, so that each month's export has the same one."""
    return " ".join(_IN_NAME.sub("", name).split()).strip(" -_.")
