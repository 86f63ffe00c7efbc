"""The words of page and mail, per language: ``templates/words.LANG.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analyzer.compiled import toml
from analyzer.terms import Quadrant, Severity

LANGUAGES = ("en", "de")
_HERE = Path(__file__).parent.parent


def templates() -> Path:
    """The folder of templates: packed into the package, else beside it (an editable install has no packed one)."""
    packed = _HERE / "templates"
    return packed if packed.is_dir() else _HERE.parent / "templates"


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A language's sentences by key. ``words("tasks", n=3)`` fills ``{names}``; ``one | other`` chooses by ``n``."""

    language: str
    texts: dict[str, str]

    def __call__(self, key: str, number: float | None = None, figure: str = "", /, **values: str) -> str:
        """The sentence; ``number`` chooses, ``figure`` fills ``{n}``. An unknown key or name raises ``KeyError``."""
        text = self.texts[key]
        if " | " in text:
            one, other = text.split(" | ")
            text = one if number == 1 else other
        return text.format(**{"n": figure, **values})

    def quadrant(self, quadrant: str) -> str:
        """A quadrant's name."""
        return self.texts[f"quadrant.{Quadrant(quadrant).name}"]

    def severity(self, severity: str) -> str:
        """A severity's name."""
        return self.texts[f"severity.{Severity(severity).name}"]

    def month(self, number: int) -> str:
        """A month's name, 1 to 12."""
        return self.texts["calendar.months"].split()[number - 1]

    def month_short(self, number: int) -> str:
        """A month's name in short, 1 to 12."""
        return self.texts["calendar.short"].split()[number - 1]

    def small(self, number: int) -> str:
        """A whole number up to twelve as a word, else "" (the caller writes figures)."""
        names = self.texts["numbers"].split()
        return names[number] if 0 <= number < len(names) else ""


@cache
def load(language: str) -> Words:
    """A language's words; an unknown language reads English."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    return Words(known, dict(_flat(toml(templates() / f"words.{known}.toml"))))


def _flat(data: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in data.items():
        pairs += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(f"{prefix}{key}", value)]
    return pairs
