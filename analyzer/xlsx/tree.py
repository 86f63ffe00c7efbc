"""Small XML parts as a tree, names as written. For parts of our own making and single elements of the user's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from analyzer.xlsx.markup import damaged, escape, local, parser, quoted


@dataclass(slots=True)
class Node:
    """An element: its name with prefix, attributes, and children (nodes and text) in order."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return local(self.name)

    @property
    def nodes(self) -> list[Node]:
        """The child elements."""
        return [child for child in self.children if isinstance(child, Node)]

    def find(self, name: str) -> Node | None:
        """The first child element of a local name."""
        return next((child for child in self.nodes if child.local == name), None)

    def every(self, *names: str) -> Iterator[Node]:
        """All elements of some local names at any depth, this one among them, in the order of the document."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if node.local in names:
                yield node
            waiting += reversed(node.nodes)

    @property
    def text(self) -> str:
        """All text below."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def copy(self) -> Node:
        """A copy that shares nothing."""
        children = [child if isinstance(child, str) else child.copy() for child in self.children]
        return Node(self.name, dict(self.attributes), children)

    def renamed(self, prefix: str) -> Node:
        """A copy with another prefix on it and all below."""
        children = [child if isinstance(child, str) else child.renamed(prefix) for child in self.children]
        return Node(prefix + self.local, dict(self.attributes), children)


def parse(data: bytes, part: str) -> Node:
    """The root of an XML document or fragment. Raises ``RefusedError``."""
    made = parser(part)
    top = Node("")
    stack = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        node = Node(name, attributes)
        stack[-1].children.append(node)
        stack.append(node)

    def end(_: str) -> None:
        stack.pop()

    def text(data: str) -> None:
        stack[-1].children.append(data)

    made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = start, end, text
    try:
        made.Parse(data, True)
    except expat.ExpatError:
        raise damaged(part) from None
    return top.nodes[0]


def render(node: Node) -> bytes:
    """The element as XML."""
    out: list[str] = []
    _render(node, out)
    return "".join(out).encode()


def _render(node: Node, out: list[str]) -> None:
    attributes = "".join(f" {name}={quoted(value)}" for name, value in node.attributes.items())
    if not node.children:
        out.append(f"<{node.name}{attributes}/>")
        return
    out.append(f"<{node.name}{attributes}>")
    for child in node.children:
        if isinstance(child, str):
            out.append(escape(child))
        else:
            _render(child, out)
    out.append(f"</{node.name}>")


def document(node: Node) -> bytes:
    """The element as a whole document."""
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + render(node)
