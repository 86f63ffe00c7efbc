"""Where each key of a TOML document stands. The text has been parsed before, so it is known to be valid."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import NamedTuple

Path = tuple[str | int, ...]


class Position(NamedTuple):
    """Line and column, both from 1."""

    line: int
    column: int


_BLANKS = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACES = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRINGS = (
    r'"{3}(?:\\.|[^\\])*?"{3,5}(?!")',  # basic, over several lines
    r"'{3}.*?'{3,5}(?!')",  # literal, over several lines
    r'"(?:\\.|[^"\\\n])*"',
    r"'[^'\n]*'",
)
_STRING = re.compile("|".join(_STRINGS), re.DOTALL)
_PLAIN = re.compile(r"[^,\]\}\s#]+(?: [0-9:.+Z-]+)?")  # a number, a truth value, or a date and a time apart


def positions(text: str) -> dict[Path, Position]:
    """Position of every key and array item by its path; an array's items are numbered from 0."""
    return _Scanner(text).scan()


class _Scanner:
    """Walks the document once; ``at`` is the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, Position] = {}
        self.counts: dict[Path, int] = {}
        self.lines = [match.end() for match in re.finditer("\n", text)]

    def scan(self) -> dict[Path, Position]:
        table: Path = ()
        self.skip(_BLANKS)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip(_BLANKS)
        return self.found

    def header(self) -> Path:
        start = self.at
        array = self.text.startswith("[[", start)
        self.at += 2 if array else 1
        parts = self.key()
        self.skip(_SPACES)
        self.at += 2 if array else 1
        path: Path = (*self.resolved(parts[:-1]), parts[-1])
        if array:
            self.note(path, start)
            self.counts[path] = self.counts.get(path, 0) + 1
            path += (self.counts[path] - 1,)
        self.note(path, start)
        return path

    def resolved(self, parts: list[str]) -> Path:
        """The path a header means: the last item wherever an array of tables was opened."""
        path: Path = ()
        for part in parts:
            path += (part,)
            if path in self.counts:
                path += (self.counts[path] - 1,)
        return path

    def pair(self, table: Path) -> None:
        start = self.at
        path = table + tuple(self.key())
        self.note(path, start)
        self.skip(_SPACES)
        self.at += 1  # the equals sign
        self.skip(_SPACES)
        self.value(path)

    def key(self) -> list[str]:
        parts = []
        while True:
            self.skip(_SPACES)
            string = self.text[self.at] in "\"'"
            token = self.skip(_STRING if string else _BARE_KEY)
            parts.append(str(tomllib.loads(f"value = {token}")["value"]) if string else token)
            self.skip(_SPACES)
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def value(self, path: Path) -> None:
        if self.text[self.at] == "[":
            self.items("]", path)
        elif self.text[self.at] == "{":
            self.items("}", path)
        else:
            self.skip(_STRING if self.text[self.at] in "\"'" else _PLAIN)

    def items(self, end: str, path: Path) -> None:
        """Items of an array, or pairs of an inline table."""
        self.at += 1
        number = 0
        while True:
            self.skip(_BLANKS)
            if self.text[self.at] == end:
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
            elif end == "}":
                self.pair(path)
            else:
                self.note((*path, number), self.at)
                self.value((*path, number))
                number += 1

    def skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        token = match.group() if match else ""
        self.at += len(token)
        return token

    def note(self, path: Path, start: int) -> None:
        if path in self.found:
            return
        line = bisect_right(self.lines, start)
        begin = self.lines[line - 1] if line else 0
        self.found[path] = Position(line + 1, start - begin + 1)
