"""Text files: their encoding, their separator, their records."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analyzer.errors import RefusedError, plain
from analyzer.intake.tab import Tab, blank_to_null, frames, kinds_of_text

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SEPARATORS = (",", ";", "\t", "|", "\x1f", "^", "~")
_SAMPLE = 256 * 1024
_FIELD_LIMIT = 1 << 20
_LONGEST_NAME = 31  # of a sheet


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A text file's only tab, and how its encoding was found."""

    tab: Tab
    encoding: str


def read_text(path: Path) -> Text:
    """Records of a delimited text file as a tab.

    Raises ``RefusedError`` where no encoding or no table is found.
    """
    raw = path.read_bytes()
    text, encoding = decode(raw)
    text = text.replace("\x00", "")
    separator, text = _declared(text)
    separator = separator or dialect(text[:_SAMPLE])
    widths = _widths(path, text, separator)
    usual = Counter(width for width in widths if width).most_common(1)
    ragged = tuple(row for row, width in enumerate(widths, 1) if width and width != usual[0][0])
    cells = blank_to_null(_cells(text, separator, widths))
    return Text(Tab(sheet_name(path.stem), cells, kinds_of_text(cells), ragged=ragged), encoding)


def sheet_name(stem: str) -> str:
    """What a file's only sheet is called, as a workbook allows."""
    return re.sub(r"[\[\]:*?/\\]", "_", plain(stem)).strip("' ")[:_LONGEST_NAME] or "Sheet1"


def _widths(path: Path, text: str, separator: str) -> list[int]:
    """Number of fields of every record; a blank line has none."""
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        return list(map(len, csv.reader(io.StringIO(text, newline=""), delimiter=separator)))
    except csv.Error:
        raise RefusedError(
            f"A field is longer than {_FIELD_LIMIT:,} characters: a quote is opened and never closed",
            where=path.name,
            hint="Export the file again as .xlsx, or with every quote closed",
        ) from None


def _cells(text: str, separator: str, widths: list[int]) -> pl.DataFrame:
    """All fields as text, a column each; the fast reader where all records are alike, else record by record."""
    width = max(widths, default=0)
    names = [str(index) for index in range(width)]
    if width > 1 and min(widths) == width:
        with contextlib.suppress(pl.exceptions.PolarsError):
            frame = pl.read_csv(
                text.encode(),
                has_header=False,
                separator=separator,
                infer_schema=False,
                new_columns=names,
            )
            if frame.shape == (len(widths), width):
                return frame
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    columns = [[record[index] if index < len(record) else None for record in records] for index in range(width)]
    return frames(columns, [[0] * len(records)] * width)[0]


def decode(raw: bytes) -> tuple[str, str]:
    """Text and how its encoding was found: a mark, strict UTF-8, zero bytes, else by statistics."""
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return raw.decode(name, "replace"), f"{name.removesuffix('-sig')} (byte order mark)"
    sample = raw[:4096]
    zeros = sample[::2].count(0), sample[1::2].count(0)
    if max(zeros) > len(sample) * 0.3:
        name = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
        return raw.decode(name, "replace"), f"{name} (no mark; told by its zero bytes)"
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        import chardet  # noqa: PLC0415 - few files need a guess

        guess = chardet.detect(raw[:_SAMPLE])["encoding"] or "cp1252"
    name = "cp1252" if guess.lower() in {"ascii", "iso-8859-1", "utf-8"} else guess
    return raw.decode(name, "replace"), f"{name} (guessed)"


def _declared(text: str) -> tuple[str | None, str]:
    """The separator of a ``sep=;`` line, its line left blank so that row numbers stay."""
    line, _, _ = text.partition("\n")
    declared = line.strip("\r")
    if declared.lower().startswith("sep=") and len(declared) == len("sep=;"):
        return declared[-1], text.removeprefix(line)
    return None, text


def dialect(sample: str) -> str:
    """The separator under which most records have the same number of fields, and many."""
    return max(_SEPARATORS, key=lambda separator: _consistency(sample, separator))


def _consistency(sample: str, separator: str) -> float:
    try:
        widths = [len(record) for record in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if record]
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    usual, count = Counter(widths).most_common(1)[0]
    return 0.0 if usual == 1 else count / len(widths) * (1 - 1 / usual)
