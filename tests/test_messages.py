"""Every finding's words: complete, plain, and filled from the values its code names."""

import ast
import string
from pathlib import Path

import pytest

from analyzer import messages

PACKAGE = Path(__file__).parent.parent / "analyzer"


def codes_in_use() -> set[str]:
    """First arguments of every ``Finding(...)`` in the package that are plain strings."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding" and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    found.add(code.value)
    return found


def test_every_code_in_use_is_in_the_catalogue() -> None:
    assert codes_in_use() - messages.CATALOGUE.keys() == set()


@pytest.mark.parametrize("code", sorted(messages.CATALOGUE))
def test_a_message_is_a_whole_sentence_with_a_remedy(code: str) -> None:
    message = messages.CATALOGUE[code]
    assert message.title
    assert message.text.endswith((".", "}"))
    assert not message.title.endswith(".")
    names = {
        name for text in (message.text, message.remedy) for _, name, _, _ in string.Formatter().parse(text) if name
    }
    rendered = messages.render(code, 3, dict.fromkeys(names - {"n"}, "x"))
    assert not set("{}[]|") & set(rendered)


@pytest.mark.parametrize(
    ("cells", "count", "expected"),
    [
        ((), 1, "a.xlsx"),
        (("Tasks!E7",), 1, "a.xlsx > Tasks!E7"),
        (("Tasks!E7", "Tasks!E9"), 312, "a.xlsx > Tasks!E7, E9 and 310 more"),
        (("Tasks!E7", "Other!A1", "Other!A2"), 3, "a.xlsx > Tasks!E7, Other!A1, A2"),
    ],
)
def test_an_address_names_each_sheet_once(cells: tuple[str, ...], count: int, expected: str) -> None:
    assert messages.address("a.xlsx", cells, count) == expected
