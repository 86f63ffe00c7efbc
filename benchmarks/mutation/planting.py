"""Putting a change into the running program."""

from __future__ import annotations

import ast
import importlib
import sys
import types
from typing import Any

from benchmarks.mutation.changes import Mutant
from benchmarks.mutation.rooms import TESTS

_ROOMS = tuple(f"analyzer.{room}" for room in TESTS)


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
            if hasattr(value, "cache_clear") and str(getattr(value, "__module__", "")).startswith(_ROOMS):
                value.cache_clear()


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
