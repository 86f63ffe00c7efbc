"""XML by byte position: where elements stand, so that a part can be patched and everything else stays as it is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from analyzer.errors import RefusedError

_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"'][^>]*\?>")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
USUAL_ENCODING = "utf-8"  # any other name is said anew: ASCII cannot hold what is added, and expat knows no "utf8"
_HEAD = 64 * 1024  # bytes within which a part's root begins
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_QUOTED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_TO_QUOTE = re.compile('[\x00-\x1f\ufffe\uffff&<>"]')


@dataclass(frozen=True, slots=True)
class Element:
    """An element's place: ``start`` .. ``content`` is its start tag, ``close`` .. ``end`` its end tag.

    A self-closed element has ``content == close == end``.
    """

    name: str  # as written, with its prefix
    attributes: Mapping[str, str]
    start: int
    content: int
    close: int
    end: int
    depth: int = 0  # below the root

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return local(self.name)

    @property
    def closed(self) -> bool:
        """Whether it is self-closed: ``<cols/>``."""
        return self.content == self.end

    def get(self, name: str) -> str | None:
        """An attribute by its local name."""
        return next((value for key, value in self.attributes.items() if local(key) == name), None)


@dataclass(frozen=True, slots=True)
class Patch:
    """Bytes to put in place of ``start`` .. ``end``; an insertion where they are equal."""

    start: int
    end: int
    data: bytes


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def prefix(name: str) -> str:
    """A name's prefix with its colon, or nothing."""
    return name[: len(name) - len(local(name))]


def patched(data: bytes, patches: Iterable[Patch]) -> bytes:
    """The bytes with all patches made; patches do not overlap, insertions at one place keep their order."""
    out, position = [], 0
    for patch in sorted(patches, key=lambda patch: (patch.start, patch.end)):
        out += [data[position : patch.start], patch.data]
        position = patch.end
    return b"".join([*out, data[position:]])


def encoding(data: bytes) -> str:
    """The encoding of an XML part from its byte order mark or declaration."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    if data[:2] == b"<\0":
        return "utf-16-le"
    if data[:2] == b"\0<":
        return "utf-16-be"
    found = _DECLARATION.match(data[:400])
    return found.group(1).decode("ascii").lower() if found else "utf-8"


def utf8(data: bytes, part: str) -> bytes:
    """An XML part as UTF-8 without byte order mark. Raises ``RefusedError`` where it cannot be read."""
    name = encoding(data)
    bare = data.removeprefix(codecs.BOM_UTF8) if name == "utf-8" else data
    if name == USUAL_ENCODING:
        return bare
    try:
        text = bare.decode(name).removeprefix("\ufeff")
    except (LookupError, UnicodeDecodeError):
        raise damaged(part) from None
    return re.sub(r"(<\?xml[^>]*?encoding\s*=\s*[\"'])[^\"']+", r"\1UTF-8", text, count=1).encode()


def damaged(part: str) -> RefusedError:
    """The refusal of a part that is no well-formed XML."""
    return RefusedError(
        "The workbook is damaged: a part is no well-formed XML",
        where=part,
        hint="Open it in Excel and save it anew",
    )


def parser(part: str) -> expat.XMLParserType:
    """An expat parser that refuses document types: entities and outside files come with them."""
    made = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise RefusedError(
            "The workbook declares an XML document type, which no spreadsheet program writes",
            where=part,
            hint="Open it in Excel and save it anew",
        )

    made.StartDoctypeDeclHandler = refuse
    made.buffer_text = True
    return made


def outline(data: bytes, part: str, *, depth: int = 1) -> list[Element]:
    """The root and all elements down to ``depth`` below it, in the order of the document."""
    return list(_Outline(data, part, depth).elements())


def first_element(data: bytes, part: str) -> Element:
    """The root of a large part, found without parsing what is in it."""
    found: list[tuple[str, dict[str, str], int]] = []
    made = parser(part)

    def start(name: str, attributes: dict[str, str]) -> None:
        if not found:
            found.append((name, attributes, made.CurrentByteIndex))

    made.StartElementHandler = start
    try:
        made.Parse(data[:_HEAD], len(data) <= _HEAD)
    except expat.ExpatError:
        raise damaged(part) from None
    if not found:
        raise damaged(part)
    name, attributes, at = found[0]
    content = tag_end(data, at)
    if data[content - 2 : content] == b"/>":
        return Element(name, attributes, at, content, content, content)
    close = data.rfind(f"</{name}".encode())
    if close < content:
        raise damaged(part)
    return Element(name, attributes, at, content, close, tag_end(data, close))


class _Outline:
    def __init__(self, data: bytes, part: str, depth: int) -> None:
        self._data = data
        self._part = part
        self._depth = depth
        self._open: list[tuple[str, dict[str, str], int]] = []
        self._found: list[Element] = []

    def elements(self) -> Iterator[Element]:
        self._parser = parser(self._part)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        try:
            self._parser.Parse(self._data, True)
        except expat.ExpatError:
            raise damaged(self._part) from None
        return iter(sorted(self._found, key=lambda element: element.start))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._open.append((name, attributes, self._parser.CurrentByteIndex))

    def _end(self, name: str) -> None:
        name, attributes, start = self._open.pop()
        if len(self._open) > self._depth:
            return
        close, depth = self._parser.CurrentByteIndex, len(self._open)
        content = tag_end(self._data, start)
        if self._data[content - 2 : content] == b"/>":
            self._found.append(Element(name, attributes, start, content, content, content, depth))
        else:
            self._found.append(Element(name, attributes, start, content, close, tag_end(self._data, close), depth))


_TAG = re.compile(rb"<[^<>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^<>\"']*)*>")


def tag_end(data: bytes, start: int) -> int:
    """Where the tag that begins at ``start`` ends."""
    found = _TAG.match(data, start)
    if not found:
        raise damaged("")
    return found.end()


def with_attributes(data: bytes, element: Element, changes: Mapping[str, str | None]) -> Patch:
    """The element's start tag with attributes set, or taken away where ``None``; the others as they are written."""
    tag = data[element.start : element.content].decode()
    for name, value in changes.items():
        tag = _with_attribute(tag, name, value)
    return Patch(element.start, element.content, tag.encode())


def _with_attribute(tag: str, name: str, value: str | None) -> str:
    written = "" if value is None else f" {name}={quoted(value)}"
    found = re.search(rf"\s+{re.escape(name)}\s*=\s*(\"[^\"]*\"|'[^']*')", tag)
    if found:
        return tag[: found.start()] + written + tag[found.end() :]
    cut = len(tag) - (2 if tag.endswith("/>") else 1)
    return tag[:cut].rstrip() + written + tag[cut:]


def escape(text: str) -> str:
    """Text for an element's content."""
    return _ILLEGAL.sub("", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def quoted(text: str) -> str:
    """Text as an attribute's value with its quotes."""
    return f'"{_TO_QUOTE.sub(lambda found: _QUOTED.get(found[0], ""), text)}"'
