"""Mutation run: one change at a time in the rules' code, and whether a test notices.

python -m benchmarks.mutation [--every N] [--jobs N] [--resume | --again] [--seconds N] [--out FILE] room

The room's tests are collected once. Each mutant lives in the memory of a forked child alone, which runs them, those
that noticed most for their time so far first, until one fails. No file of the project is written.
What is changed, the figures and the changes that mean nothing: docs/mutation.md.
"""

from __future__ import annotations

import argparse
import os
import sys
from math import inf
from pathlib import Path

import pytest

from benchmarks.mutation.changes import mutants
from benchmarks.mutation.results import keep, kept, settled, tell
from benchmarks.mutation.rooms import TESTS
from benchmarks.mutation.running import Run

QUIET = ("-o", "addopts=", "-n", "0", "-s", "-p", "no:terminal", "-p", "no:cacheprovider", "--assert=plain")


def main() -> int:
    options = _options()
    earlier = kept(options.out) if options.resume or options.again else []
    todo, results = settled(list(mutants(options.room))[:: options.every], earlier, again=options.again)
    run = Run(todo, options.jobs, options.out, options.seconds, results)
    pytest.main([*QUIET, *(f"tests/{name}" for name in TESTS[options.room])], plugins=[run])
    keep(run.results, options.out)
    tell(run.results)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.mutation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("room", choices=TESTS)
    parser.add_argument("--every", type=int, default=1, help="only each Nth mutant")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seconds", type=float, default=inf, help="of tests at most, else survived")
    parser.add_argument("--resume", action="store_true", help="go on with what the results in --out do not have")
    parser.add_argument("--again", action="store_true", help="the same, and try anew what survived")
    parser.add_argument("--out", type=Path, default=Path("mutation.json"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
