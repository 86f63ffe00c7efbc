"""A sheet's part as a stream: what lies before its rows, the rows, what lies behind them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from xml.parsers import expat

from analyzer.xlsx.container import Entry
from analyzer.xlsx.markup import USUAL_ENCODING, damaged, encoding, local, parser, tag_end
from analyzer.xlsx.package import Package

_HEAD_LIMIT = 64 << 20  # bytes a sheet may hold before its first row


def sheet_chunks(package: Package, key: str) -> Iterator[bytes]:
    """A sheet's bytes as UTF-8 without byte order mark, in chunks."""
    entry: Entry = package.parts[key]
    chunks = package.container.chunks(entry)
    first = next(chunks, b"")
    while len(first) < 400 and (more := next(chunks, b"")):  # noqa: PLR2004 - an XML declaration's reach
        first += more
    name = encoding(first)
    if name == USUAL_ENCODING:
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from chunks
    else:
        yield from _transcoded(first, chunks, name, package.where(key))


def _transcoded(first: bytes, chunks: Iterator[bytes], name: str, where: str) -> Iterator[bytes]:
    try:
        decoder = codecs.getincrementaldecoder(name)()
        text = decoder.decode(first).removeprefix("\ufeff")
        yield re.sub(r"(<\?xml[^>]*?encoding\s*=\s*[\"'])[^\"']+", r"\1UTF-8", text, count=1).encode()
        for data in chunks:
            yield decoder.decode(data).encode()
        yield decoder.decode(b"", True).encode()
    except (LookupError, UnicodeError):
        raise damaged(where) from None


class SheetParts:
    """The three parts of a sheet. ``head`` ends behind the start tag of its rows' element.

    ``body`` yields the bytes up to the end tag; then ``tail`` holds the rest, end tag included. ``rows_name`` is the
    element's name as written, with its prefix. ``empty`` tells ``<sheetData/>``, whose head then is opened;
    ``commented``, once the rows' bytes are out, whether ``has_comment`` is true of them.
    """

    def __init__(self, chunks: Iterator[bytes], where: str) -> None:
        self._chunks = chunks
        self._where = where
        self.tail = b""
        self.commented = False
        self.head, self._rest = self._split_head()

    def _split_head(self) -> tuple[bytes, bytes]:
        data = b""
        finder = _RowsFinder(self._where)
        for chunk in self._chunks:
            data += chunk
            at = finder.feed(chunk)
            if at is not None and data.find(b">", at) >= 0:
                return self._opened(data, at, finder)
            if len(data) > _HEAD_LIMIT:
                break
        raise damaged(self._where)

    def _opened(self, data: bytes, at: int, finder: _RowsFinder) -> tuple[bytes, bytes]:
        end = tag_end(data, at)
        self.root_end = finder.root_end(data)
        self.rows_name = finder.name
        self.empty = data[end - 2 : end] == b"/>"
        if self.empty:
            head = data[: end - 2].rstrip() + b">"
            return head, f"</{finder.name}>".encode() + data[end:]
        return data[:end], data[end:]

    @property
    def prefix(self) -> str:
        """The prefix of the sheet's elements, with its colon."""
        return self.rows_name.removesuffix("sheetData")

    @property
    def root(self) -> bytes:
        """The start tag of the sheet's root, for parsing a fragment with its namespaces."""
        return self.head[self.head.rindex(b"<", 0, self.root_end) : self.root_end]

    def body(self) -> Iterator[bytes]:
        """Bytes of the rows; after the last of them ``tail`` is set."""
        closing = f"</{self.rows_name}".encode()
        pending = self._rest
        self._rest = b""
        while True:
            if has_comment(pending):
                self.commented = True
                pending = b"".join([pending, *self._chunks])
                at = self._parsed_end(pending)
            else:
                at = pending.find(closing)
            if at >= 0:
                self.tail = b"".join([pending[at:], *self._chunks])
                yield pending[:at]
                return
            keep = min(len(closing), len(pending))
            yield pending[: len(pending) - keep]
            chunk = next(self._chunks, b"")
            if not chunk:
                raise damaged(self._where)
            pending = pending[len(pending) - keep :] + chunk

    def _parsed_end(self, data: bytes) -> int:
        """Where the rows end, told by a parser: a comment may hold what looks like the end."""
        lead = self.root + f"<{self.rows_name}>".encode()
        made = parser(self._where)
        depth = 0
        found: list[int] = []

        def start(*_: object) -> None:
            nonlocal depth
            depth += 1

        def end(_: str) -> None:
            nonlocal depth
            depth -= 1
            if depth == 1 and not found:
                found.append(made.CurrentByteIndex - len(lead))

        made.StartElementHandler, made.EndElementHandler = start, end
        try:
            made.Parse(lead + data, True)
        except expat.ExpatError:
            raise damaged(self._where) from None
        return found[0]


def has_comment(data: bytes) -> bool:
    """Whether there is a comment, a CDATA section or a processing instruction; the rarer byte is looked for first."""
    return (b"!" in data and b"<!" in data) or (b"?" in data and b"<?" in data)


class _RowsFinder:
    """Finds the start tag of ``sheetData`` by parsing, so that a comment or a prefix does not mislead."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._parser = parser(where)
        self._parser.StartElementHandler = self._start
        self._depth = 0
        self._parser.EndElementHandler = self._end
        self._at: int | None = None
        self._root: int | None = None
        self.name = ""

    def feed(self, chunk: bytes) -> int | None:
        """The tag's position once it was seen."""
        if self._at is None:
            try:
                self._parser.Parse(chunk, False)
            except _FoundError:
                pass
            except expat.ExpatError:
                raise damaged(self._where) from None
        return self._at

    def root_end(self, data: bytes) -> int:
        """Where the root's start tag ends."""
        return tag_end(data, self._root or 0)

    def _start(self, name: str, _: dict[str, str]) -> None:
        if self._depth == 0:
            self._root = self._parser.CurrentByteIndex
        self._depth += 1
        if self._depth == 2 and local(name) == "sheetData":  # noqa: PLR2004 - right below the root
            self._at = self._parser.CurrentByteIndex
            self.name = name
            raise _FoundError

    def _end(self, _: str) -> None:
        self._depth -= 1


class _FoundError(Exception):
    """Stops the parser: the rows begin here."""
