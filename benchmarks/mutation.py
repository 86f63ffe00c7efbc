"""Mutation run: one change at a time in the rules' code, and whether a test notices.

python -m benchmarks.mutation [--every N] [--jobs N] [--resume | --again] [--seconds N] [--out FILE] room

The room's tests are collected once. Each mutant lives in the memory of a forked child alone, which runs them, those
that noticed most for their time so far first, until one fails. No file of the project is written.
What is changed, the figures and the changes that mean nothing: docs/mutation.md.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import functools
import gc
import importlib
import json
import os
import resource
import sys
import time
import types
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from math import inf
from pathlib import Path
from typing import Any, Literal

import pytest

ROOT = Path(__file__).parent.parent
TESTS = {  # the tests of each room
    "risks": (
        *("test_risks_rules.py", "test_risks_scores.py", "test_risks_facts.py"),
        *("test_policy_cli.py", "test_policy_docs.py"),
        *(f"test_rules_golden.py::test_{said}" for said in ("an_example_of_a_risk_says", "explain_says")),
    ),
    "feasibility": ("test_feasibility.py", "test_rules_golden.py::test_feasibility_says"),
    "quadrant": (
        "test_quadrant.py",
        "test_quadrant_cases.py",
        "test_rules_golden.py::test_a_case_of_the_quadrants_says",
    ),
}
SPARE_SECONDS, SLOWER = 10, 5  # of processor time: a mutant may take so much, and so many times what its tests took
OVERHEAD = 0.02  # seconds of a test that take no time of their own
RARE = 0.2  # of ten changes so many are noticed by a test that nothing is known of
PAIRS = (  # each is put in the other's place
    *((ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.In, ast.NotIn), (ast.Is, ast.IsNot)),
    *((ast.And, ast.Or), (ast.Add, ast.Sub), (ast.Mult, ast.Div), (ast.BitAnd, ast.BitOr)),
)
SWAPS: dict[type[ast.AST], type[ast.AST]] = {**dict(PAIRS), **{b: a for a, b in PAIRS}, ast.Pow: ast.Mult}
GUARDS = frozenset({"strict", "engine", "strategy"})  # arguments against slips of a programmer, and for speed
UNREAD = frozenset({"annotation", "returns", "decorator_list", "type_params"})


@dataclass(frozen=True, slots=True, eq=False)
class Mutant:
    """One change: in ``owner`` (a function, through its class; empty at module level) and the lines of a statement."""

    module: str
    owner: tuple[str, ...]
    lines: tuple[int, int]
    kind: str
    before: str
    after: str
    apply: Callable[[], None]
    tree: ast.Module

    @property
    def told(self) -> dict[str, Any]:
        """What a report says of it."""
        where = {"module": self.module, "owner": ".".join(self.owner), "line": self.lines[0]}
        return where | {"kind": self.kind, "before": self.before, "after": self.after}


# Finding what can be changed


def mutants(room: str) -> Iterator[Mutant]:
    """Every change in a room's modules, in the order of their lines."""
    for path in sorted((ROOT / "analyzer" / room).glob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        aliases = {one.asname or one.name for node in tree.body if isinstance(node, ast.Import) for one in node.names}
        yield from _Finder(name, tree, frozenset(aliases)).of_module()


@dataclass(frozen=True, slots=True, eq=False)
class _Finder:
    module: str
    tree: ast.Module
    aliases: frozenset[str]

    def of_module(self) -> Iterator[Mutant]:
        for statement in self.tree.body:
            match statement:
                case ast.FunctionDef():
                    yield from self._under(statement, (statement.name,), statement)
                case ast.ClassDef():
                    for inner in statement.body:
                        if isinstance(inner, ast.FunctionDef):
                            yield from self._under(inner, (statement.name, inner.name), inner)
                case ast.Assign() | ast.AnnAssign() if not ast.unparse(statement).startswith("__all__"):
                    yield from self._under(statement, (), statement)

    def _under(self, node: ast.AST, owner: tuple[str, ...], statement: ast.stmt) -> Iterator[Mutant]:
        for name, value in ast.iter_fields(node):
            if name in UNREAD:
                continue
            inside = value if isinstance(value, list) else [value]
            for number, child in enumerate(inside):
                if not isinstance(child, ast.AST) or _passed(child):
                    continue
                around = child if isinstance(child, ast.stmt) and not isinstance(child, ast.FunctionDef) else statement
                for kind, new in self._changes(child):
                    place = functools.partial(_put, node, name, number if isinstance(value, list) else None, new)
                    texts = (_text(child), _text(new))
                    yield Mutant(self.module, owner, _lines(around), kind, *texts, place, self.tree)
                yield from self._under(child, owner, around)

    def _changes(self, node: ast.AST) -> Iterator[tuple[str, ast.AST]]:  # noqa: C901 - one case per kind
        match node:
            case ast.Compare():
                for number, operator in enumerate(node.ops):
                    new = copy.copy(node)
                    new.ops = [*node.ops[:number], _swapped(operator), *node.ops[number + 1 :]]
                    yield "comparison", new
            case ast.BinOp() | ast.BoolOp() if type(node.op) in SWAPS:
                swapped = copy.copy(node)
                swapped.op = _swapped(node.op)
                yield "arithmetic and logic", swapped
            case ast.UnaryOp(op=ast.Not() | ast.Invert()):
                yield "arithmetic and logic", node.operand
            case ast.Constant(value=bool(value)):
                yield "constant", ast.Constant(not value)
            case ast.Constant(value=(int() | float()) as value):
                yield "constant", ast.Constant(value + 1)
            case ast.Constant(value=str(value)):
                yield "text", ast.Constant(f"XX{value}XX")
            case ast.Call(func=ast.Attribute(value=receiver)) if not self._is_namespace(receiver):
                yield "step left out", receiver
            case ast.If():
                negated = copy.copy(node)
                negated.test = ast.UnaryOp(ast.Not(), node.test)
                yield "condition", negated
            case ast.IfExp():
                other = copy.copy(node)
                other.body, other.orelse = node.orelse, node.body
                yield "condition", other
            case ast.comprehension(ifs=[_, *_]):
                whole = copy.copy(node)
                whole.ifs = []
                yield "condition", whole
            case ast.Expr() | ast.AugAssign():
                yield "statement left out", ast.Pass()

    def _is_namespace(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and (node.id in self.aliases or node.id[0].isupper())


def _passed(child: ast.AST) -> bool:
    """What is not changed: docstrings, defaults of parameters, and arguments that guard or hasten."""
    if isinstance(child, ast.arguments):
        return True
    text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
    return text or (isinstance(child, ast.keyword) and child.arg in GUARDS)


def _swapped(operator: Any) -> Any:
    return SWAPS.get(type(operator), type(operator))()


def _put(parent: ast.AST, name: str, number: int | None, new: ast.AST) -> None:
    if number is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[number] = new


def _text(node: ast.AST) -> str:
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).partition("\n")[0]


def _lines(statement: ast.stmt) -> tuple[int, int]:
    """Lines of a statement, of a compound one those before its body."""
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if isinstance(body, list) else statement.end_lineno or statement.lineno
    return statement.lineno, max(statement.lineno, last)


# Putting a change into the running program


def put_in(mutant: Mutant) -> None:
    """Apply a change to this process, to be done in a child."""
    mutant.apply()
    module = importlib.import_module(mutant.module)
    ast.fix_missing_locations(mutant.tree)
    if mutant.owner:
        code = compile(mutant.tree, str(module.__file__), "exec")
        _function(module, mutant.owner).__code__ = _found(code, ".".join(mutant.owner))
    _reassign(module, _to_redo(mutant))
    for holder in [one for name, one in sys.modules.items() if name.startswith("analyzer.")]:
        for value in vars(holder).values():
            if hasattr(value, "cache_clear") and str(getattr(value, "__module__", "")).startswith(_rooms()):
                value.cache_clear()


def _rooms() -> tuple[str, ...]:
    return tuple(f"analyzer.{room}" for room in TESTS)


def _function(module: types.ModuleType, owner: tuple[str, ...]) -> Any:
    found: Any = module
    for name in owner:
        found = vars(found)[name]
    for inside in ("fget", "func", "__func__"):  # of a property, a cached one, a method of the class
        found = getattr(found, inside, None) or found
    return getattr(found, "__wrapped__", found)


def _found(code: types.CodeType, name: str) -> types.CodeType:
    inner = [one for one in code.co_consts if isinstance(one, types.CodeType)]
    for one in inner:
        if one.co_qualname == name:
            return one
    return next(_found(one, name) for one in inner if name.startswith(f"{one.co_qualname}."))


def _to_redo(mutant: Mutant) -> list[ast.stmt]:
    """A module's assignments that a change reaches: its own, or the first that calls its function, and those after."""
    constants: list[ast.stmt] = [one for one in mutant.tree.body if isinstance(one, ast.Assign | ast.AnnAssign)]
    if not mutant.owner:
        return [one for one in constants if one.lineno >= mutant.lines[0]]
    reached = [any(_calls(node, mutant.owner[0]) for node in ast.walk(one)) for one in constants]
    return constants[reached.index(True) :] if any(reached) else []


def _calls(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _reassign(module: types.ModuleType, again: list[ast.stmt]) -> None:
    """Do assignments of a module again, and give the new values to whoever had imported the old."""
    before = dict(vars(module))
    exec(compile(ast.Module(again, []), str(module.__file__), "exec"), vars(module))  # noqa: S102 - the project's own source
    for name, value in list(vars(module).items()):
        if name in before and before[name] is not value:
            for other in [one for key, one in sys.modules.items() if key.startswith("analyzer.")]:
                for alias in [key for key, held in vars(other).items() if held is before[name]]:
                    setattr(other, alias, value)


# Running the tests


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
    limit: float
    results: list[dict[str, Any]] = field(default_factory=list)
    failed: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    tried: defaultdict[tuple[str, ...], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    notice: defaultdict[tuple[str, ...], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

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
        self._survey(items)
        known = {told["test"] for told in self.results}
        for told in self.results:
            self._learn(told, known, told["test"])
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

    def _survey(self, items: dict[str, pytest.Item]) -> None:
        """Processor time of each test: in a child, since threads that a test starts are not there after a fork."""
        into, out = os.pipe()
        if not os.fork():
            for name, item in items.items():
                start = time.process_time()
                _do(item)
                self.seconds[name] = time.process_time() - start
            with os.fdopen(out, "w") as stream:
                json.dump({"failed": self.failed, "seconds": self.seconds}, stream)
            os._exit(0)
        os.close(out)
        with os.fdopen(into) as stream:
            told = json.load(stream)
        os.wait()
        if told["failed"]:
            raise SystemExit("a test fails without any change")
        self.seconds = told["seconds"]
        print(f"{len(items)} tests, {sum(self.seconds.values()):.0f} s; {len(self.todo)} mutants", flush=True)

    def _ordered(self, mutant: Mutant) -> list[str]:
        """The tests by what they promise for their time: how often each noticed a change, here and anywhere."""
        here = (mutant.module, mutant.told["owner"])

        def promise(name: str) -> float:
            anywhere = (self.notice[()][name] + RARE) / (self.tried[()][name] + 10)
            chance = (self.notice[here][name] + 2 * anywhere) / (self.tried[here][name] + 2)
            return -chance / (self.seconds[name] + OVERHEAD)

        return sorted(self.seconds, key=promise)

    def _within(self, names: list[str]) -> list[str]:
        """The first of the tests, as many as take the processor time allowed."""
        spent = accumulate(self.seconds[name] for name in names)
        return [name for name, seconds in zip(names, spent, strict=True) if seconds <= self.limit]

    def _start(self, mutant: Mutant, items: dict[str, pytest.Item], running: dict[int, _Child]) -> None:
        names = self._within(self._ordered(mutant))
        into, out = os.pipe()
        child = os.fork()
        if child:
            os.close(out)
            running[child] = _Child(mutant, names, into)
            return
        limit = int(SPARE_SECONDS + SLOWER * sum(self.seconds[name] for name in names))
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
        self._learn(child.mutant.told, done, noticed)
        code = os.waitstatus_to_exitcode(status)
        self._say(child.mutant, "survived" if code == 0 else "out of time" if code < 0 else "killed", noticed)

    def _learn(self, told: dict[str, Any], tests: Iterable[str], noticed: str) -> None:
        for place in ((told["module"], told["owner"]), ()):
            self.tried[place].update(tests)
            self.notice[place].update([noticed] if noticed else [])

    def _say(self, mutant: Mutant, verdict: str, test: str) -> None:
        self.results.append({**mutant.told, "verdict": verdict, "test": test})
        if verdict == "survived":
            print(f"{verdict}: {mutant.module}:{mutant.lines[0]} {mutant.before} -> {mutant.after}", flush=True)
        if not len(self.results) % 20:
            self.keep()
            print(f"... {len(self.results)}: {_share(self.results)}", flush=True)

    def keep(self) -> None:
        """Write down what is known so far, so that a run may be cut off."""
        self.out.write_text(json.dumps(self.results, indent=1), encoding="utf-8")


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


# Telling


def _share(results: list[dict[str, Any]]) -> str:
    killed = sum(one["verdict"] in {"killed", "out of time"} for one in results)
    return f"{killed} of {len(results)} killed, {100 * killed / max(1, len(results)):.1f} %"


def tell(results: list[dict[str, Any]]) -> None:
    """A line per module and one for all."""
    for module in dict.fromkeys(one["module"] for one in results):
        print(f"{module}: {_share([one for one in results if one['module'] == module])}")
    print(f"all: {_share(results)}")


def settled(
    found: list[Mutant], earlier: list[dict[str, Any]], *, again: bool
) -> tuple[list[Mutant], list[dict[str, Any]]]:
    """What is left to try after an earlier run, and its results that still hold: the code may have changed since."""
    known: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for one in earlier:
        known[_named(one)].append(one)
    left, kept = [], []
    for mutant in found:
        same = known[_named(mutant.told)]
        result = same.pop(0) if same else None
        if result is None or (again and result["verdict"] == "survived"):
            left.append(mutant)
        else:
            kept.append(result | mutant.told)
    return left, kept


def _named(told: dict[str, Any]) -> tuple[str, ...]:
    return tuple(told[key] for key in ("module", "owner", "kind", "before", "after"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("room", choices=TESTS)
    parser.add_argument("--every", type=int, default=1, help="only each Nth mutant")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seconds", type=float, default=inf, help="of tests at most, else survived")
    parser.add_argument("--resume", action="store_true", help="go on with what the results in --out do not have")
    parser.add_argument("--again", action="store_true", help="the same, and try anew what survived")
    parser.add_argument("--out", type=Path, default=Path("mutation.json"))
    options = parser.parse_args()
    earlier = json.loads(options.out.read_text(encoding="utf-8")) if options.resume or options.again else []
    todo, results = settled(list(mutants(options.room))[:: options.every], earlier, again=options.again)
    run = Run(todo, options.jobs, options.out, options.seconds, results)
    tests = [f"tests/{name}" for name in TESTS[options.room]]
    quiet = ["-o", "addopts=", "-n", "0", "-s", "-p", "no:terminal", "-p", "no:cacheprovider", "--assert=plain"]
    pytest.main([*quiet, *tests], plugins=[run])
    run.keep()
    tell(run.results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
