"""What can be changed in a room's code: every mutant, as a change of a syntax tree."""

from __future__ import annotations

import ast
import copy
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.mutation.rooms import ROOT

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
        """What a report says of it: ``module`` · ``owner`` · ``line`` · ``kind`` · ``before`` · ``after``."""
        where = {"module": self.module, "owner": ".".join(self.owner), "line": self.lines[0]}
        return where | {"kind": self.kind, "before": self.before, "after": self.after}


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
