"""A policy from its file: read, laid over the default, checked whole. All faults come at once, each with its place."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import VERSION, BaseModel, ValidationError

from analyzer.compiled import made_of
from analyzer.errors import UsageError
from analyzer.policy.checks import Fault, check
from analyzer.policy.positions import Position, positions
from analyzer.policy.schema import (
    Bands,
    Candidate,
    Condition,
    Control,
    CountryTable,
    Feasibility,
    GateRule,
    HiddenCost,
    Hint,
    Indicator,
    Policy,
    Regime,
    Risk,
    Scoring,
    SeverityRule,
)

DEFAULT = Path(__file__).with_name("default_policy.toml")
MAX_BYTES = 1_000_000
MAX_DEPTH = 24  # keys and list places from the top of the file: no honest rule comes near
MAX_RULES = 2_000
_ROUNDS = 5  # a key left out may leave its rule without one it needs

Key = tuple[str | int, ...]

_RULES: dict[str, type[BaseModel]] = {
    "indicator": Indicator,
    "control": Control,
    "rule": SeverityRule,
    "offshore": GateRule,
    "outsource": GateRule,
    "hint": Hint,
    "candidate": Candidate,
    "hidden_cost": HiddenCost,
}
_SECTIONS: dict[str, type[BaseModel]] = {
    "bands": Bands,
    "scoring": Scoring,
    "tables": CountryTable,
    "regimes": Regime,
    "risk": Risk,
    "feasibility": Feasibility,
}


@dataclass(frozen=True, slots=True)
class Document:
    """A policy file as read: its data, and where each key stands."""

    where: str
    data: Mapping[str, Any]
    places: Mapping[Key, Position]


@cache
def default() -> Policy:
    """The policy inside the package."""
    return made_of([DEFAULT, Path(__file__), Path(__file__).with_name("schema.py")], _default, by=VERSION)


def _default() -> Policy:
    policy = _validated(_read(DEFAULT), {})
    _ = policy.hash  # to work it out takes the schema of all sections: it is kept with the policy
    return policy


def load(path: Path | None = None) -> Policy:
    """The policy of a file, or the default one.

    Raises ``UsageError`` naming every fault at once: file, line, column, key path, and the nearest name where a word
    is unknown.
    """
    if path is None:
        return default()
    return parse(_text(path), str(path))


def parse(text: str, where: str) -> Policy:
    """A policy from TOML text. Raises ``UsageError`` naming every fault."""
    document = _document(text, where)
    if document.data.get("extends") != "default":
        return _validated(document, {})
    wanted = document.data.get("extends_version")
    if wanted is not None and wanted != default().version:
        fault = Fault(("extends_version",), f'the default policy is version "{default().version}", not "{wanted}"')
        raise _usage_error(document, [fault], {})
    return _validated(document, _read(DEFAULT).data)


def _read(path: Path) -> Document:
    return _document(_text(path), str(path))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"A policy is at most {MAX_BYTES:,} bytes", where=str(path))
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageError("The policy is not UTF-8 text", where=str(path), hint="Save it as UTF-8") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(f"The policy cannot be read: {reason}", where=str(path)) from None


def _document(text: str, where: str) -> Document:
    try:
        data = tomllib.loads(text)
        places = positions(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        at = f"{where}:{place[1]}:{place[2]}" if place else where
        raise UsageError(f"Not valid TOML: {error}", where=at) from None
    except RecursionError:
        raise UsageError("Nested too deep", where=where) from None
    deepest = max(places, key=len, default=())
    if len(deepest) > MAX_DEPTH:
        line, column = places[deepest]
        raise UsageError(f"Nested deeper than {MAX_DEPTH} levels", where=f"{where}:{line}:{column}")
    return Document(where, data, places)


def merged(below: Any, above: Any) -> Any:
    """One document laid over another: tables key by key, rules by id, anything else replaced."""
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        kept = {key: value for key, value in below.items() if not _superseded(key, above)}
        return kept | {key: merged(kept[key], value) if key in kept else value for key, value in above.items()}
    if _by_id(below) and _by_id(above):
        over = {item["id"]: item for item in above}
        known = {item["id"] for item in below}
        return [
            *(merged(item, over[item["id"]]) if item["id"] in over else item for item in below),
            *(item for item in above if item["id"] not in known),
        ]
    return above


def _superseded(key: str, above: Mapping[str, Any]) -> bool:
    """A rule rewritten with ``when`` loses its bands, and the other way round; a risk with other rules its examples."""
    if key == "bands":
        return "when" in above
    if key == "examples":
        return not above.keys().isdisjoint({"applies", "base", "indicator", "control", "rule", "severity_by_hits"})
    return key in {"when", "points", "credit", "severity"} and "bands" in above


def _by_id(items: Any) -> bool:
    return isinstance(items, list) and all(
        isinstance(item, Mapping) and isinstance(item.get("id"), str) for item in items
    )


def _validated(document: Document, below: Mapping[str, Any]) -> Policy:
    data = merged(below, document.data)
    policy, shape, left_out = _shaped(data)
    meant = _meant(policy) if policy else []
    echoes = {path[:length] for path in left_out for length in range(len(path))}
    faults = [*shape, *(fault for fault in meant if not left_out or fault.path not in echoes)]
    if policy is None or faults:
        raise _usage_error(document, faults, data)
    return policy


def _meant(policy: Policy) -> list[Fault]:
    rules = sum(len(risk.indicator) + len(risk.control) + len(risk.rule) for risk in policy.risk.values())
    many = [Fault(("risk",), f"{rules:,} rules; at most {MAX_RULES:,} are allowed")] if rules > MAX_RULES else []
    return [*check(policy), *many]


def _shaped(data: Mapping[str, Any]) -> tuple[Policy | None, list[Fault], list[Key]]:
    """The policy with faulty keys left out, so that the rest can be checked too; the faults; what was left out."""
    faults: list[Fault] = []
    left_out: list[Key] = []
    rest: Any = copy.deepcopy(data)
    for _ in range(_ROUNDS):
        try:
            return Policy.model_validate(rest), faults, left_out
        except ValidationError as error:
            details = error.errors()
        faults += [_fault(detail) for detail in details if not (left_out and detail["type"] == "missing")]
        left_out += [_leave_out(rest, detail["loc"], missing=detail["type"] == "missing") for detail in details]
    return None, faults, left_out


def _leave_out(data: Any, path: Key, *, missing: bool) -> Key:
    """Delete the key a fault stands at, or the one around it where a key is missing; places in lists never shift."""
    reached: list[tuple[Any, str | int]] = []
    inside = data
    for part in path[:-1] if missing else path:
        if not _has(inside, part):
            break
        reached.append((inside, part))
        inside = inside[part]
    while reached and isinstance(reached[-1][1], int):
        reached.pop()
    if reached:
        holder, key = reached[-1]
        holder.pop(key, None)
    return tuple(key for _, key in reached)


def _fault(detail: Any) -> Fault:
    path: Key = detail["loc"]
    words = {"extra_forbidden": "unknown key", "missing": "this key is missing"}
    message = words.get(detail["type"], detail["msg"][:1].lower() + detail["msg"][1:])
    if detail["type"] != "extra_forbidden":
        return Fault(path, message)
    return Fault(path, message, str(path[-1]), _keys_at(path))


def _keys_at(path: Key) -> tuple[str, ...]:
    """The keys that may stand beside the last one of a path."""
    parts = [str(part) for part in path[:-1]]
    if {"when", "applies", "all", "any", "not", "bands", "base"} & set(parts[1:]):
        return _keys(Condition)
    rules: list[type[BaseModel]] = [_RULES[part] for part in parts if part in _RULES]
    return _keys(rules[-1] if rules else _SECTIONS.get(parts[0], Policy) if parts else Policy)


def _keys(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _usage_error(document: Document, faults: list[Fault], data: Mapping[str, Any]) -> UsageError:
    lines = sorted({_line(document, fault, data) for fault in faults})
    count = f"{len(lines)} fault{'s' if len(lines) > 1 else ''} in the policy"
    return UsageError(
        "\n".join([f"{count}; nothing was analysed", *(f"  {text}" for _, text in lines)]),
        where=document.where,
        hint="analyzer policy show lists every risk and rule; docs/policy.md every key",
    )


def _line(document: Document, fault: Fault, data: Mapping[str, Any]) -> tuple[Position, str]:
    place = _place(document, fault.path, data)
    close = get_close_matches(fault.word, fault.known, n=1, cutoff=0.6) if fault.word else []
    advice = f'; did you mean "{close[0]}"?' if close else ""
    key = ".".join(str(part) for part in _named(fault.path, data))
    return place, f"{document.where}:{place.line}:{place.column}: {key}: {fault.message}{advice}"


def _place(document: Document, path: Key, data: Mapping[str, Any]) -> Position:
    """Where a path stands in the file itself, or the nearest of its parents that does."""
    own = {_named(key, document.data): position for key, position in document.places.items()}
    wanted = _named(path, data)
    for length in range(len(wanted), 0, -1):
        if wanted[:length] in own:
            return own[wanted[:length]]
    return Position(1, 1)


def _named(path: Key, data: Any) -> Key:
    """A path with rules by their id instead of their number: numbers shift when one file is laid over another."""
    named: Key = ()
    for part in path:
        inside = data[part] if _has(data, part) else None
        identity = inside.get("id") if isinstance(part, int) and isinstance(inside, Mapping) else None
        named += (identity if isinstance(identity, str) else part,)
        data = inside
    return named


def _has(data: Any, part: str | int) -> bool:
    if isinstance(data, Mapping):
        return part in data
    return isinstance(data, list) and isinstance(part, int) and part < len(data)
