"""Running the tests with a mutant each time: pytest collects them once, forked children do the rest."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from benchmarks.mutation.changes import Mutant
from benchmarks.mutation.order import Order
from benchmarks.mutation.planting import put_in
from benchmarks.mutation.results import Told, keep, share

SPARE_SECONDS, SLOWER = 10, 5  # of processor time: a mutant may take so much, and so many times what its tests took


@dataclass(frozen=True, slots=True, eq=False)
class _Child:
    """A process with a mutant: the tests in its order, and what it writes the name of the one that noticed into."""

    mutant: Mutant
    tests: list[str]
    stream: int


@dataclass(slots=True, eq=False)
class Run:
    """A plugin of pytest: in place of the tests, all mutants."""

    todo: list[Mutant]
    jobs: int
    out: Path
    limit: float  # processor seconds of tests for one mutant
    results: list[Told] = field(default_factory=list)
    failed: bool = False
    order: Order = field(default_factory=lambda: Order({}))

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """A report without a word: to explain a failure takes longer than most tests."""
        skipped = call.excinfo is not None and call.excinfo.errisinstance(pytest.skip.Exception)
        outcome: Literal["passed", "skipped", "failed"] = "failed" if call.excinfo else "passed"
        when = call.when if call.when != "collect" else "call"
        return pytest.TestReport(item.nodeid, item.location, {}, "skipped" if skipped else outcome, None, when)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how a test ended."""
        self.failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Survey the tests once, then try every mutant."""
        items = {item.nodeid: item for item in session.items if not _is_property(item)}
        self.order = Order(self._survey(items))
        print(f"{len(items)} tests, {self.order.time(items):.0f} s; {len(self.todo)} mutants", flush=True)
        known = {told["test"] for told in self.results}
        for told in self.results:
            self.order.learn(told, known, told["test"])
        gc.freeze()  # so that children share what is there already
        running: dict[int, _Child] = {}
        waiting = iter(self.todo)
        while True:
            for mutant in waiting:
                self._start(mutant, items, running)
                if len(running) >= self.jobs:
                    break
            if not running:
                return True
            self._judge(running)

    def _survey(self, items: dict[str, pytest.Item]) -> dict[str, float]:
        """Processor time of each test: in a child, since threads that a test starts are not there after a fork."""
        into, out = os.pipe()
        if not os.fork():
            seconds = {}
            for name, item in items.items():
                start = time.process_time()
                _do(item)
                seconds[name] = time.process_time() - start
            with os.fdopen(out, "w") as stream:
                json.dump({"failed": self.failed, "seconds": seconds}, stream)
            os._exit(0)
        os.close(out)
        with os.fdopen(into) as stream:
            told: Told = json.load(stream)
        os.wait()
        if told["failed"]:
            raise SystemExit("a test fails without any change")
        return dict(told["seconds"])

    def _start(self, mutant: Mutant, items: dict[str, pytest.Item], running: dict[int, _Child]) -> None:
        names = self.order.tests(mutant.told, self.limit)
        into, out = os.pipe()
        child = os.fork()
        if child:
            os.close(out)
            running[child] = _Child(mutant, names, into)
            return
        limit = int(SPARE_SECONDS + SLOWER * self.order.time(names))
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        self.failed = False
        with contextlib.suppress(BaseException), open(os.devnull, "w") as nowhere:  # noqa: PTH123 - the null device
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
            _try(self, mutant, [items[name] for name in names], out)
        os._exit(1)

    def _judge(self, running: dict[int, _Child]) -> None:
        pid, status = os.wait()
        child = running.pop(pid)
        with os.fdopen(child.stream) as stream:
            noticed = stream.read()
        done = child.tests[: child.tests.index(noticed) + 1] if noticed else child.tests
        self.order.learn(child.mutant.told, done, noticed)
        code = os.waitstatus_to_exitcode(status)
        self._say(child.mutant, "survived" if code == 0 else "out of time" if code < 0 else "killed", noticed)

    def _say(self, mutant: Mutant, verdict: str, test: str) -> None:
        self.results.append({**mutant.told, "verdict": verdict, "test": test})
        if verdict == "survived":
            print(f"{verdict}: {mutant.module}:{mutant.lines[0]} {mutant.before} -> {mutant.after}", flush=True)
        if not len(self.results) % 20:
            keep(self.results, self.out)
            print(f"... {len(self.results)}: {share(self.results)}", flush=True)


def _is_property(item: pytest.Item) -> bool:
    """Property tests are left out: each would look for the smallest example of each mutant."""
    return bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))


def _do(item: pytest.Item) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)


def _try(run: Run, mutant: Mutant, items: list[pytest.Item], out: int) -> None:
    put_in(mutant)
    for item in items:
        _do(item)
        if run.failed:
            os.write(out, item.nodeid.encode())
            os._exit(1)
    os._exit(0)
