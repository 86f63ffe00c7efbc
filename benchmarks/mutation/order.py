"""The order of the tests: those that noticed most for their time so far come first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from benchmarks.mutation.results import Told

OVERHEAD = 0.02  # seconds of a test that take no time of their own
RARE = 0.2  # of ten changes so many are noticed by a test that nothing is known of
ANYWHERE: tuple[str, ...] = ()
Counts = defaultdict[tuple[str, ...], Counter[str]]  # by module and owner, and anywhere


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What is known of the tests: processor time of each, how often it was tried and how often it noticed a change."""

    seconds: Mapping[str, float]
    tried: Counts = field(default_factory=lambda: defaultdict(Counter))
    notice: Counts = field(default_factory=lambda: defaultdict(Counter))

    def learn(self, told: Told, tests: Iterable[str], noticed: str) -> None:
        """The tests that a change was tried with, and the one that noticed; empty where none did."""
        for place in ((told["module"], told["owner"]), ANYWHERE):
            self.tried[place].update(tests)
            self.notice[place].update([noticed] if noticed else [])

    def tests(self, told: Told, limit: float) -> list[str]:
        """The tests for a change, as many as take the processor time allowed, in seconds."""
        names = self._promising(told)
        spent = accumulate(self.seconds[name] for name in names)
        return [name for name, seconds in zip(names, spent, strict=True) if seconds <= limit]

    def _promising(self, told: Told) -> list[str]:
        """All tests by what they promise for their time: how often each noticed a change, here and anywhere."""
        here = (told["module"], told["owner"])

        def promise(name: str) -> float:
            anywhere = (self.notice[ANYWHERE][name] + RARE) / (self.tried[ANYWHERE][name] + 10)
            chance = (self.notice[here][name] + 2 * anywhere) / (self.tried[here][name] + 2)
            return -chance / (self.seconds[name] + OVERHEAD)

        return sorted(self.seconds, key=promise)

    def time(self, names: Iterable[str]) -> float:
        """Processor seconds that tests take together."""
        return sum(self.seconds[name] for name in names)
