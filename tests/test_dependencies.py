"""What the project rests on: all of it pinned, named with its reason, and under a licence that lets anyone use it."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata
from typing import Any

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
ALLOWED = re.compile(
    r"(0BSD|MIT|MIT-0|BSD|BSD-[23]-Clause|Apache(-| Software License|$)|PSF-2\.0|MPL-2\.0|Mozilla Public License 2\.0)"
)
SEEN_BY_HAND = {"axe-playwright-python": "MIT: its metadata says nothing, the LICENSE beside it does"}
of_ci = pytest.mark.skipif(
    (sys.platform, sys.version_info[:2]) != ("linux", (3, 11)), reason="pins are those of Linux and Python 3.11"
)


def pins() -> dict[str, str]:
    """Versions by name, of ``constraints.txt``."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def needed(wanted: list[str], extras: tuple[str, ...] = ("",)) -> dict[str, metadata.Distribution]:
    """Everything that these requirements bring with them on this machine, by name."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [(Requirement(one), extras) for one in wanted]
    while waiting:
        one, asked = waiting.pop()
        name = canonicalize_name(one.name)
        if name in found or (one.marker and not any(one.marker.evaluate({"extra": extra}) for extra in asked)):
            continue
        found[name] = metadata.distribution(name)
        waiting += [(Requirement(text), (*one.extras, "")) for text in found[name].requires or []]
    return found


BENCHMARKS_ONLY = {"numpy", "pandas", "python-dateutil"}  # what the rivals of the benchmarks need is not installed here
EVERYTHING = needed(
    [*PROJECT["dependencies"], *(one for name, extra in EXTRAS.items() if name != "bench" for one in extra)]
)


def licence(one: metadata.Distribution) -> str:
    """What a distribution says of its licence."""
    (said,) = one.metadata.get_all("License-Expression") or [""]
    classified = [text for text in one.metadata.get_all("Classifier") or [] if text.startswith("License :: OSI")]
    if said or classified:
        return said or " OR ".join(text.rpartition(" :: ")[2] for text in classified)
    return str((one.metadata.get_all("License") or [""])[0]).strip().partition("\n")[0]


def is_free(said: str) -> bool:
    """Whether one of the licences to choose from is allowed, all of its parts."""
    return any(all(ALLOWED.match(part) for part in choice.split(" AND ")) for choice in said.split(" OR "))


@of_ci
def test_everything_is_pinned_and_installed_as_pinned() -> None:
    assert {name: one.version for name, one in EVERYTHING.items()} == {name: pins().get(name) for name in EVERYTHING}


@of_ci
def test_nothing_is_pinned_that_nothing_needs() -> None:
    assert pins().keys() - EVERYTHING.keys() == BENCHMARKS_ONLY


def test_every_licence_lets_anyone_use_it() -> None:
    strange = {name: licence(one) for name, one in EVERYTHING.items() if not is_free(licence(one))}
    assert strange.keys() == SEEN_BY_HAND.keys(), strange


@pytest.mark.parametrize(
    ("said", "free"),
    [
        ("MIT", True),
        ("MIT AND PSF-2.0", True),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_what_counts_as_free(said: str, free: bool) -> None:
    assert is_free(said) is free


def test_what_is_asked_for_outright_is_documented_with_its_reason() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = "\n".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| ")).lower()
    wanted = [Requirement(one).name for one in (*PROJECT["dependencies"], *(o for e in EXTRAS.values() for o in e))]
    assert [name for name in wanted if name.lower() not in rows] == []
