"""What a person should know of how a file was read: what was hidden, assumed, left out, or could not be seen."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

import polars as pl

from analyzer.fields import FIELDS, Kind
from analyzer.intake.headers import look_alikes, plain
from analyzer.intake.layout import Aside
from analyzer.intake.mapping import Choice
from analyzer.intake.merges import covered
from analyzer.intake.opening import Book
from analyzer.intake.repeats import identical_rows
from analyzer.intake.shown import is_long
from analyzer.intake.survey import Found
from analyzer.intake.tab import UNCALCULATED, CellKind
from analyzer.model import Finding
from analyzer.terms import Field
from analyzer.xlsx import ACTIVE
from analyzer.xlsx.addresses import letters

_SHOWN = 5  # addresses of a finding
_OLD_ROWS = 65_536  # of an .xls sheet
_COUNTED = frozenset({Kind.NUMBER, Kind.MONEY})
_IDS = frozenset({Field.TASK_ID, Field.CONTRACT_REF})
_SUGGESTED = 5  # suggestions at most


def of_book(book: Book, tables: list[Found], chosen: list[Found]) -> Iterator[Finding]:
    """Findings about the file and its sheets."""
    if book.note:
        yield Finding("file-named-otherwise", values={"note": book.note})
    if "guessed" in book.encoding:
        yield Finding("encoding-guessed", values={"encoding": book.encoding})
    if book.facts is not None and book.facts.recalculate:
        stale = (found.tab.name for found in chosen if found.tab.formulas)
        yield from (Finding("values-may-be-stale", values={"sheet": name}) for name in stale)
    active = sorted(feature.value for feature in book.facts.features & ACTIVE) if book.facts else []
    if active:
        yield Finding("active-content", count=len(active), values={"features": ", ".join(active)})
    unread = [name for name in book.hidden if name not in {found.tab.name for found in chosen}]
    if unread:
        yield Finding("sheets-hidden", count=len(unread), values={"sheets": _quoted(unread)})
    yield from _sheets(tables, chosen)


def _sheets(tables: list[Found], chosen: list[Found]) -> Iterator[Finding]:
    names = [found.tab.name for found in chosen]
    others = [f.tab.name for f in tables if f.tab.name not in names and Field.TASK_NAME in f.mapped.fields]
    if others:
        yield Finding(
            "sheet-chosen", count=len(others), values={"sheet": ", ".join(names[:_SHOWN]), "others": _quoted(others)}
        )
    if len(names) > 1:
        yield Finding("sheets-joined", count=len(names), values={"sheets": _quoted(names)})


def of_table(book: Book, found: Found) -> Iterator[Finding]:
    """Findings about one table: its rows, its cells, its headers."""
    yield from _rows(book, found)
    yield from _hidden(found)
    yield from _cells(found)
    yield from identical_rows(found)
    for choice in found.mapped.chosen:
        yield from _column(book, found, choice)
    yield from _headers(found)


def _rows(book: Book, found: Found) -> Iterator[Finding]:
    tab, first = found.tab, min(found.layout.headers)
    blank = _blank_rows(found)
    if blank:
        yield Finding("rows-blank", _shown(tab.address(row, first) for row in blank), len(blank))
    by_reason: dict[str, list[Aside]] = defaultdict(list)
    for item in found.layout.aside:
        by_reason[item.reason.value].append(item)
    for reason, items in by_reason.items():
        cells = _shown(tab.address(item.row, first) for item in items)
        yield Finding("rows-set-aside", cells, len(items), {"reason": reason, "text": _short(items[0].text)})
    ragged = [row for row in tab.ragged if row > found.layout.header.row]
    if ragged:
        usual = f"{len(found.layout.headers)} headers"
        yield Finding("rows-ragged", _shown(tab.address(row, 0) for row in ragged), len(ragged), {"usual": usual})
    if book.kind == "xls" and tab.cells.height >= _OLD_ROWS:
        yield Finding("rows-at-old-limit", values={"sheet": tab.name})


def _blank_rows(found: Found) -> list[int]:
    """Sheet rows between the header and the last task that hold nothing."""
    rows, header = found.layout.rows, found.layout.header.row
    aside = [item.row for item in found.layout.aside]
    if not rows.len() or rows.len() + len(aside) >= rows[-1] - header + sum(row > rows[-1] for row in aside):
        return []
    return sorted(set(range(header + 1, rows[-1])) - set(rows) - set(aside))


def _hidden(found: Found) -> Iterator[Finding]:
    tab, hidden = found.tab, found.tab.hidden
    first = min(found.layout.headers)
    rows = found.layout.rows.filter(found.layout.rows.is_in(sorted(hidden.rows))).to_list() if hidden.rows else []
    if rows:
        code = "rows-filtered" if hidden.filtered else "rows-hidden"
        values = {"sheet": tab.name} if hidden.filtered else {}
        yield Finding(code, _shown(tab.address(row, first) for row in rows), len(rows), values)
    columns = [choice for choice in found.mapped.chosen if choice.column in hidden.columns]
    if columns:
        cells = _shown(tab.address(found.layout.header.row, choice.column) for choice in columns)
        yield Finding("columns-hidden", cells, len(columns), {"headers": _quoted(c.header for c in columns)})


def _cells(found: Found) -> Iterator[Finding]:
    tab = found.tab
    if tab.stray:
        cells = _shown(tab.address(row, column) for row, column, _ in tab.stray)
        yield Finding("cells-stray", cells, len(tab.stray), {"text": _short(tab.stray[0][2])})
    if tab.outward:
        cells = _shown(tab.address(row, column) for row, column, _ in tab.outward)
        functions = ", ".join(sorted({function for _, _, function in tab.outward}))
        yield Finding("formulas-outward", cells, len(tab.outward), {"functions": functions})
    side = found.layout.side_columns
    if side:
        span = f"{letters(min(side))} to {letters(max(side))}"
        yield Finding("table-beside", (tab.address(found.layout.header.row, min(side)),), len(side), {"range": span})


def _column(book: Book, found: Found, choice: Choice) -> Iterator[Finding]:
    tab, name = found.tab, str(choice.column)
    header = {"header": _short(choice.header)}
    merged = covered(found, choice).spans
    if merged:
        code = "cells-merged-filled" if choice.match.field in found.filled else "cells-merged"
        values = {**header, "name": choice.match.field.value}
        yield Finding(code, _shown(f"{tab.name}!{span}" for span in merged), len(merged), values)
    cells = tab.cells[name].gather(found.layout.rows - 1)
    yield from _marked("formulas-uncalculated", found, choice, (cells == UNCALCULATED).fill_null(value=False), header)
    if choice.match.field is not Field.DESCRIPTION:
        yield from _marked("cells-look-alike", found, choice, look_alikes(cells), header)
    if choice.match.field in _IDS:
        long = is_long(tab.cells[name], tab.kinds[name]).gather(found.layout.rows - 1)
        yield from _marked("ids-too-long", found, choice, long, header)
    if book.kind != "csv" and FIELDS[choice.match.field].kind in _COUNTED:
        kinds = tab.kinds[name].gather(found.layout.rows - 1)
        as_text = (kinds == CellKind.TEXT) & cells.str.contains(r"^\s*[-+]?\d+([.,]\d+)?\s*$").fill_null(value=False)
        yield from _marked("numbers-as-text", found, choice, as_text, header)


def _marked(code: str, found: Found, choice: Choice, mask: pl.Series, header: dict[str, str]) -> Iterator[Finding]:
    rows = found.layout.rows.filter(mask)
    if rows.len():
        text = found.tab.cells[str(choice.column)][rows[0] - 1]
        cells = _shown(found.tab.address(row, choice.column) for row in rows.head(_SHOWN))
        yield Finding(code, cells, rows.len(), {**header, "text": _short(text or "")})


def _headers(found: Found) -> Iterator[Finding]:
    headers = found.layout.headers
    odd = [index for index, text in headers.items() if plain(text).strip() != _composed(text)]
    if odd:
        yield Finding("look-alikes", _header_cells(found, odd), len(odd), {"header": _short(headers[odd[0]])})
    for choice in found.mapped.chosen:
        code = "header-respelled" if choice.match.corrected else "header-assumed" if choice.match.assumed else ""
        if code:
            values = {**_named(choice.header, choice.match.field), "evidence": choice.match.evidence}
            yield Finding(code, _header_cells(found, [choice.column]), 1, values)
    for field, taken, other in found.mapped.rivals:
        values = {**_named(headers[taken], field), "other": _short(headers[other])}
        yield Finding("header-rival", _header_cells(found, [taken, other]), 1, values)
    for field, column in found.mapped.unfit:
        yield Finding("header-unfit", _header_cells(found, [column]), 1, _named(headers[column], field))
    for field, column in found.mapped.suggested[:_SUGGESTED]:
        yield Finding("header-suggested", _header_cells(found, [column]), 1, _named(headers[column], field))


def _composed(text: str) -> str:
    """A header in compatible forms alone: what ``plain`` changes beyond that are look-alikes and invisible letters."""
    return unicodedata.normalize("NFKC", text).strip()


def _header_cells(found: Found, columns: Iterable[int]) -> tuple[str, ...]:
    return _shown(found.tab.address(found.layout.header.row, column) for column in columns)


def _named(header: str, field: Field) -> dict[str, str]:
    return {"header": _short(header), "field": FIELDS[field].title, "name": field.value}


def _shown(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(address for _, address in zip(range(_SHOWN), addresses, strict=False))


def _quoted(names: Iterable[str]) -> str:
    listed = [f'"{_short(name)}"' for name in names]
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more


def _short(text: str, width: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"
