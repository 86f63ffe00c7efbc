"""Columns to cell XML: one string per row and splice, made for a slice of rows at a time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analyzer.xlsx.addresses import letters
from analyzer.xlsx.edit import Column, Splice, Style
from analyzer.xlsx.serials import ERROR, FORMATS, NUMBER, TEXT, YES_NO, default_format, iso_serial, serial
from analyzer.xlsx.strings import SharedStrings
from analyzer.xlsx.text import FORMULA, NO_TRAITS, Traits, cell_item, cell_text, escaped, item_text, traits

ROW, FIRST, CELLS = "row", "first", "cells"
_TAKEN = {ROW: pl.UInt32, FIRST: pl.Int32, CELLS: pl.String}
_NOTHING = pl.DataFrame(schema=_TAKEN)
_NUMBER_TEXT = "number"
Part = str | pl.Expr  # a fixed text, or one that differs from row to row


@dataclass(frozen=True, slots=True)
class Target:
    """How cells of a sheet are written: its element prefix, date system, styles, shared strings."""

    prefix: str
    date1904: bool
    style: StyleIndex
    strings: SharedStrings | None


class StyleIndex:
    """Index of a cell format; its base cell's own format is looked up in the sheet."""

    def __call__(self, style: Style | None, number_format: str | None = None, *, quote: bool = False) -> int:
        """The index in ``cellXfs``; ``number_format`` holds where the style names none.

        ``quote`` keeps a text that begins like a formula a text when it is edited in Excel.
        """
        raise NotImplementedError


class Rows:
    """The cells of one splice, taken from the top in slices."""

    def __init__(self, splice: Splice, target: Target) -> None:
        self.first = splice.first_column
        self.cut = 0
        self._at = 0
        self._kept = [splice.rows.cast(pl.UInt32).alias(ROW)]
        self._traits = _traits(splice.columns)
        parts = [
            part
            for number, column in enumerate(splice.columns)
            for part in self._column(column, number, splice.first_column + number, target)
        ]
        self._frame = pl.DataFrame(self._kept)
        self._cells = (together(parts) if parts else pl.lit("")).alias(CELLS)

    def take(self, until: int | None) -> pl.DataFrame:
        """``row`` UInt32, ``first`` Int32, ``cells`` String of all rows not yet taken up to ``until``."""
        end = self._frame.height
        if until is not None:
            end = bisect_right(self._frame[ROW], until)
        piece = self._frame.slice(self._at, max(0, end - self._at))
        self._at = max(self._at, end)
        if piece.is_empty():
            return _NOTHING
        piece = piece.with_columns(pl.col(ROW).cast(pl.String).alias(_NUMBER_TEXT))
        return piece.select(ROW, pl.lit(self.first, pl.Int32).alias(FIRST), self._cells)

    @property
    def last_row(self) -> int:
        """The last of its rows, 0 where it has none."""
        return int(self._frame[ROW][-1]) if self._frame.height else 0

    def _keep(self, name: str, values: pl.Series) -> pl.Expr:
        self._kept.append(values.alias(name))
        return pl.col(name)

    def _column(self, column: Column, number: int, index: int, target: Target) -> list[Part]:
        value, kind, number_format = self._value(column, number, target)
        style = self._style(column, number, number_format, target)
        start: list[Part] = [f'<{target.prefix}c r="{letters(index)}', pl.col(_NUMBER_TEXT), style]
        full = [*start, kind, *value, f"</{target.prefix}c>"]
        if column.kinds is None and self._all_written(column.values, number):
            return full
        if isinstance(style, pl.Expr):
            blank = pl.when(style == '"').then(pl.lit("")).otherwise(together([*start, "/>"]))
        else:
            blank = together([*start, "/>"] if style != '"' else [""])
        return [pl.coalesce(together(full), blank)]

    def _style(self, column: Column, number: int, number_format: Part | None, target: Target) -> Part:
        """``" s="5`` with the closing quote, so that a default format leaves the attribute out."""
        if isinstance(number_format, pl.Expr):
            return number_format
        risky = self._begins_like_a_formula(column, number)
        styles = {"": column.style, **column.styles}
        named = {name: _attribute(target.style(style, number_format)) for name, style in styles.items()}
        if column.classes is None and risky is None:
            return named[""]
        classes = column.classes if column.classes is not None else pl.Series([None], dtype=pl.String)
        plain = _each(classes, named, len(column.values))
        if risky is None:
            return self._keep(f"s{number}", plain)
        quoted = {name: _attribute(target.style(style, number_format, quote=True)) for name, style in styles.items()}
        return self._keep(f"s{number}", _each(classes, quoted, len(column.values)).zip_with(risky, plain))

    def _value(self, column: Column, number: int, target: Target) -> tuple[list[Part], Part, Part | None]:
        """What stands between the cell's tags (null for a blank cell), the rest of its start tag, its format."""
        if column.kinds is not None:
            return self._mixed(column, column.kinds, number, target)
        values, kind = column.values, column.values.dtype
        if kind == pl.String and column.formulas is None:
            return *self._texts(values, number, target), None
        if kind == pl.String:
            texts, cut = cell_text(values, self._traits[number])
            self.cut += cut
            shown, code = self._escaped(f"v{number}", texts), ' t="str">'
        elif kind == pl.Boolean:
            shown, code = self._keep(f"v{number}", values).cast(pl.UInt8).cast(pl.String), ' t="b">'
        else:
            shown, code = self._number(values, number, target), ">"
        value = _tagged([shown], "v", target.prefix)
        if column.formulas is None:
            return value, code, default_format(kind)
        return self._formula(column, number, value, target), code, default_format(kind)

    def _formula(self, column: Column, number: int, value: list[Part], target: Target) -> list[Part]:
        """A formula with its cached value; where a row has none, the value alone."""
        formulas = column.formulas if column.formulas is not None else column.values
        formula = _tagged([self._escaped(f"f{number}", formulas)], "f", target.prefix)
        if not formulas.null_count() and self._all_written(column.values, number):
            return [*formula, *value]
        alone = together(value)
        return [pl.coalesce(together([*formula, alone.fill_null("")]), alone)]

    def _begins_like_a_formula(self, column: Column, number: int) -> pl.Series | None:
        """Boolean Series of texts that Excel would take for a formula when edited, None where there are none."""
        if not self._traits[number].risky or column.formulas is not None:
            return None
        risky = column.values.str.contains(FORMULA).fill_null(value=False)
        return risky if column.kinds is None else risky & (column.kinds == TEXT)

    def _all_written(self, values: pl.Series, number: int) -> bool:
        """Whether no cell of a column stays blank."""
        blanks = self._traits[number].blanks if values.dtype == pl.String else values.null_count()
        return not blanks and (not values.dtype.is_float() or bool(values.is_finite().all()))

    def _escaped(self, name: str, texts: pl.Series) -> pl.Expr:
        text = self._keep(name, texts)
        return escaped(text) if texts.str.contains("[&<>]").any() else text

    def _texts(self, values: pl.Series, number: int, target: Target) -> tuple[list[Part], str]:
        known = self._traits[number]
        texts, cut = cell_text(values, known)
        self.cut += cut
        if target.strings is not None and target.strings.worth(texts):
            place = self._keep(f"v{number}", target.strings.places(texts))
            return _tagged([place.cast(pl.String)], "v", target.prefix), ' t="s">'
        text, name = self._keep(f"v{number}", texts), target.prefix
        item: list[Part] = (
            [f"<{name}t>", text, f"</{name}t>"] if not known.special and not known.spaced else [item_text(text, name)]
        )
        return _tagged(item, "is", name), ' t="inlineStr">'

    def _number(self, values: pl.Series, number: int, target: Target) -> pl.Expr:
        kind = values.dtype
        column = self._keep(f"v{number}", values)
        if kind.is_temporal():
            return serial(column, kind, date1904=target.date1904).cast(pl.String)
        if not self._all_written(values, number):
            column = pl.when(column.is_finite()).then(column) if kind.is_float() else column
        return column.cast(pl.String)

    def _mixed(
        self, column: Column, kinds: pl.Series, number: int, target: Target
    ) -> tuple[list[Part], Part, Part | None]:
        texts, cut = cell_text(column.values, self._traits[number])
        self.cut += cut
        text = self._keep(f"v{number}", texts)
        kind = self._keep(f"k{number}", kinds)
        style = {code: _attribute(target.style(column.style, name)) for code, name in FORMATS.items()}
        plain = self._style(column, number, None, target)
        present = set(kinds.drop_nulls().unique().to_list()) - {0}
        truth = pl.when(text.str.to_lowercase().is_in(["true", "1"])).then(pl.lit("1")).otherwise(pl.lit("0"))
        shown = {
            TEXT: _tagged([item_text(text, target.prefix)], "is", target.prefix),
            NUMBER: _tagged([text], "v", target.prefix),
            YES_NO: _tagged([truth], "v", target.prefix),
            ERROR: _tagged([escaped(text)], "v", target.prefix),
        } | {code: _tagged([iso_serial(text, code, date1904=target.date1904)], "v", target.prefix) for code in FORMATS}
        codes = {TEXT: ' t="inlineStr">', YES_NO: ' t="b">', ERROR: ' t="e">'}
        choices: list[pl.Expr] = [
            pl.when(kind == code).then(together(shown[code])).otherwise(None) for code in sorted(present)
        ]
        return (
            [pl.coalesce([*choices, pl.lit(None, pl.String)])],
            kind.replace_strict(codes, default=">", return_dtype=pl.String),
            pl.coalesce(kind.replace_strict(style, default=None, return_dtype=pl.String), together([plain])),
        )


class Line:
    """The header cells of one splice, a row of its own."""

    def __init__(self, splice: Splice, headers: Sequence[str], row: int, target: Target) -> None:
        name = target.prefix
        items = [cell_item(header, name) for header in headers]
        self.cut = sum(cut for _, cut in items)
        cells = [
            f'<{name}c r="{letters(index)}{row}{_attribute(target.style(column.header_style, quote=_risky(header)))}'
            f' t="inlineStr"><{name}is>{item}</{name}is></{name}c>'
            for index, (column, header, (item, _)) in enumerate(
                zip(splice.columns, headers, items, strict=True), start=splice.first_column
            )
        ]
        self.last_row = row
        self._cells: str | None = "".join(cells)
        self._first = splice.first_column

    def take(self, until: int | None) -> pl.DataFrame:
        """As ``Rows.take``: its one row, once."""
        cells, due = self._cells, until is None or self.last_row <= until
        if cells is None or not due:
            return _NOTHING
        self._cells = None
        return pl.DataFrame({ROW: [self.last_row], FIRST: [self._first], CELLS: [cells]}, schema=_TAKEN)


def header_row(splice: Splice, headers: Sequence[str], target: Target) -> Line | None:
    """The header cells of a splice as a row of its own."""
    return None if splice.header_row is None else Line(splice, headers, splice.header_row, target)


class Additions:
    """All cells to add to one sheet, from all its splices, in the order of rows."""

    def __init__(self, sources: Sequence[Rows | Line]) -> None:
        self._sources = sources

    def take(self, until: int | None) -> pl.DataFrame:
        """``row``, ``first``, ``cells`` of the next rows, sorted by row and column; a row may come several times."""
        taken = [piece for source in self._sources if (piece := source.take(until)).height]
        if not taken:
            return _NOTHING
        return taken[0] if len(taken) == 1 else pl.concat(taken).sort(ROW, FIRST, maintain_order=True)

    @property
    def last_row(self) -> int:
        """The last row that gets cells, 0 where none does."""
        return max((source.last_row for source in self._sources), default=0)


def joined(cells: pl.DataFrame) -> pl.DataFrame:
    """One line per row: ``row``, ``cells``."""
    if cells[ROW].n_unique() == cells.height:
        return cells.select(ROW, CELLS)
    return cells.group_by(ROW, maintain_order=True).agg(pl.col(CELLS).str.join(""))


def _risky(text: str) -> bool:
    return re.match(FORMULA, text) is not None


def _traits(columns: Sequence[Column]) -> list[Traits]:
    """The traits of each column's texts; those of what holds no text say nothing."""
    texts = [number for number, column in enumerate(columns) if column.values.dtype == pl.String]
    found = dict(zip(texts, traits([columns[number].values for number in texts]), strict=True))
    return [found.get(number, NO_TRAITS) for number in range(len(columns))]


def _each(classes: pl.Series, named: dict[str, str], height: int) -> pl.Series:
    """The style attribute of each cell by the name of its class."""
    found = classes.replace_strict(named, default=named[""], return_dtype=pl.String)
    return found if found.len() == height else found.new_from_index(0, height)


def _attribute(index: int) -> str:
    return f'" s="{index}"' if index else '"'


def _tagged(value: list[Part], name: str, prefix: str) -> list[Part]:
    return [f"<{prefix}{name}>", *value, f"</{prefix}{name}>"]


def together(parts: Sequence[Part]) -> pl.Expr:
    """String expression: all parts one after another, null where one is; fixed texts side by side are one."""
    merged: list[Part] = []
    for part in parts:
        if merged and isinstance(part, str) and isinstance(last := merged[-1], str):
            merged[-1] = last + part
        else:
            merged.append(part)
    return pl.concat_str([pl.lit(part) if isinstance(part, str) else part for part in merged])
