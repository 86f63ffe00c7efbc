"""The parts of docs/ that are made from the code: ``python tests/reference_pages.py`` writes them anew.

A page holds ``<!-- made from the code: NAME -->`` and ``<!-- end -->``; what stands between is made here, the rest of
the page by hand. ``test_docs.py`` compares.
"""

from __future__ import annotations

import re
import string
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from analyzer import messages, settings
from analyzer.cli import analyzer
from analyzer.fields import FIELDS, FieldSpec, Kind
from analyzer.terms import Field
from analyzer.xlsx import limits

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
BLOCK = re.compile(r"(<!-- made from the code: ([a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)
LANGUAGES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "pt": "Portuguese",
    "it": "Italian",
    "nl": "Dutch",
}
WEIGHTS = {
    messages.Weight.CONFLICT: "The sheet contradicts itself, or rows may be missing",
    messages.Weight.MISSING: "Something could not be assessed",
    messages.Weight.ASSUMED: "Read in one way where others are possible",
    messages.Weight.NOTE: "Good to know",
}


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """A Markdown table; a bar within a cell is escaped."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", r"\|").replace("\n", " ") for cell in row) + " |"


# --- inventory.md, headers-and-words.md -----------------------------------------------------------------------------


def fields() -> Iterator[str]:
    """Every field: its name, what it holds, what it means, its values."""
    yield from table(
        ("field", "title", "holds", "meaning", "values"),
        (
            (f"`{field}`", one.title, holds(one), one.meaning, ", ".join(one.values) if one.kind is Kind.ENUM else "")
            for field, one in FIELDS.items()
        ),
    )


def holds(one: FieldSpec) -> str:
    """Type of a field, with what a number counts."""
    return f"{one.kind}, in {one.unit}" if one.unit else str(one.kind)


def headers() -> Iterator[str]:
    """Words of headers, for each field and language."""
    data = intake_data("synonyms.toml")["field"]
    for field in Field:
        known: Mapping[str, Mapping[str, str]] = data.get(field, {})
        yield f"### {FIELDS[field].title}"
        yield ""
        sure, weak = known.get("sure", {}), known.get("weak", {})
        yield from table(
            ("language", f"means `{field}`", "can mean it"),
            (
                (name, phrases(sure.get(language, "")), phrases(weak.get(language, "")))
                for language, name in LANGUAGES.items()
                if language in sure or language in weak
            ),
        )
        yield ""


def words() -> Iterator[str]:
    """Words of cells, for each field that has a list of values."""
    data = intake_data("words.toml")
    for title, group in (("A cell without a value", data), ("Yes and no", data["yes_no"])):
        yield f"- **{title}**"
        yield from (f"  - {name.replace('_', ' ')}: {listed(ones)}" for name, ones in group.items() if is_words(ones))
    for name, values in data["field"].items():
        yield f"- **{FIELDS[Field(name)].title}**"
        yield from (f"  - {value.replace('_', ' ')}: {listed(ones)}" for value, ones in values.items())


def is_words(ones: object) -> bool:
    """Whether an entry of the table is a list of words, not a table of its own."""
    return isinstance(ones, list)


def phrases(text: str) -> str:
    """Phrases between semicolons, on one line."""
    return "; ".join(" ".join(part.split()) for part in text.split(";") if part.strip())


def listed(ones: list[str]) -> str:
    """Words, each in a code span, said once."""
    return ", ".join(f"`{one}`" for one in dict.fromkeys(ones))


def intake_data(name: str) -> dict[str, Any]:
    """A table of ``intake``."""
    return tomllib.loads(files("analyzer.intake").joinpath(name).read_text(encoding="utf-8"))


# --- messages.md ----------------------------------------------------------------------------------------------------


class Blanks(dict[str, str]):
    """A value for each name of a sentence: the name itself, marked."""

    def __missing__(self, name: str) -> str:
        """The name between marks."""
        return f"‹{name}›"


def findings() -> Iterator[str]:
    """Every finding by weight: code, sentence, remedy."""
    for weight, meaning in WEIGHTS.items():
        yield f"## {meaning} (`{weight}`)"
        yield ""
        of_weight = [(code, one) for code, one in messages.CATALOGUE.items() if one.weight is weight]
        yield from table(
            ("code", "what was found, and what was done", "what to do"),
            ((f"`{code}`", f"**{one.title}.** {plain(one.text)}", plain(one.remedy)) for code, one in of_weight),
        )
        yield ""


def plain(text: str) -> str:
    """A sentence of the catalogue as it reads for many, its values shown by name."""
    return string.Formatter().vformat(messages.agreeing(text, 2), (), Blanks())


# --- settings.md ----------------------------------------------------------------------------------------------------


def keys() -> Iterator[str]:
    """Every key of ``analyzer.toml``, section by section."""
    for name, info in settings.Settings.model_fields.items():
        section = section_of(info.annotation)
        if section is not None and name != "companies":
            yield f"## `{heading(name, info)}`"
            yield ""
            yield f"{(section.__doc__ or '').strip()}"
            yield ""
            yield from table(("key", "what it says", "default"), (key(*one) for one in section.model_fields.items()))
            yield ""
    yield "## At the top of the file"
    yield ""
    own = ((name, info) for name, info in settings.Settings.model_fields.items() if section_of(info.annotation) is None)
    yield from table(("key", "what it says", "default"), (key(*one) for one in own))


def heading(name: str, info: FieldInfo) -> str:
    """How a section is begun in the file: ``[mail]``, ``[[columns]]``."""
    return f"[[{name}]]" if get_origin(info.annotation) is tuple else f"[{name}]"


def section_of(kind: Any) -> type[BaseModel] | None:
    """The model behind an annotation; None for a plain value."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for one in get_args(kind) if (found := section_of(one))), None)


def key(name: str, info: FieldInfo) -> tuple[str, str, str]:
    """Name, meaning with the values to choose from, default."""
    choices = [value for one in literals(info.annotation) for value in get_args(one)]
    chosen = f": {', '.join(str(one) for one in choices)}" if len(choices) > 1 else ""
    return f"`{name}`", f"{info.description}{chosen}", default(info)


def literals(kind: Any) -> Iterator[Any]:
    """The literals of an annotation."""
    if get_origin(kind) is Literal:
        yield kind
    elif get_origin(kind) in {UnionType, tuple}:
        for one in get_args(kind):
            if one is not NoneType:
                yield from literals(one)


def default(info: FieldInfo) -> str:
    """What holds where the key is absent; blank for nothing."""
    value = info.get_default(call_default_factory=True)
    if value in (None, "", (), {}):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:,.15g}`" if isinstance(value, int | float) else f"`{value}`"


# --- commands.md ----------------------------------------------------------------------------------------------------


def commands() -> Iterator[str]:
    """Every command with its arguments and options."""
    context = click.Context(analyzer, info_name="analyzer")
    for name in analyzer.list_commands(context):
        yield from command(analyzer.get_command(context, name), f"analyzer {name}")


def command(one: click.Command | None, called: str) -> Iterator[str]:
    """A command, or each command of a group."""
    assert one is not None
    context = click.Context(one, info_name=called)
    if isinstance(one, click.Group):
        for name, inner in one.commands.items():
            yield from command(inner, f"{called} {name}")
        return
    usage = " ".join(piece for piece in one.collect_usage_pieces(context) if piece != "[OPTIONS]")
    yield f"## `{called} {usage}`"
    yield ""
    yield " ".join(line.strip() for line in (one.help or "").splitlines()).replace("  ", "\n\n").strip()
    yield ""
    options = [parameter for parameter in one.params if isinstance(parameter, click.Option)]
    if options:
        yield from table(("option", "what it does"), (option(each, context) for each in options))
        yield ""


def option(each: click.Option, context: click.Context) -> tuple[str, str]:
    """Names and value of an option, and its help."""
    value = "" if each.is_flag else f" {each.make_metavar(context)}"
    return f"`{', '.join(each.opts)}{value}`", each.help or ""


# --- security.md ----------------------------------------------------------------------------------------------------


def bounds() -> Iterator[str]:
    """Every limit with its figure."""
    own = settings.Limits.model_fields
    yield from table(
        ("limit", "figure", "key of `[limits]`"),
        (
            (str(info.description), default(info).strip("`"), f"`{name}`")
            for name, info in own.items()
            if name != "workers"
        ),
    )
    yield ""
    yield f"The ratio counts for parts that unpack to more than {limits.GRACE // 1024} KiB."


# --- reliability.md -------------------------------------------------------------------------------------------------

NUMBERED = re.compile(r"def (test_((?:[a-k]\d+_)+)\w*)\(")


def cases() -> dict[str, str]:
    """The matrix: section letters and case numbers with what they are about, in order."""
    lines = (ROOT / "tests" / "matrix.txt").read_text(encoding="utf-8").splitlines()
    return {number: words for number, _, words in (line.partition(" ") for line in lines)}


def shown_by() -> dict[str, list[str]]:
    """Names of the tests that show a case, by its number."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").glob("test_*.py")):
        for name, numbers in NUMBERED.findall(path.read_text(encoding="utf-8")):
            for number in numbers.strip("_").split("_"):
                found[number.upper()].append(name)
    return dict(found)


def matrix() -> Iterator[str]:
    """A table per section: a case, what it is about, the tests that show it."""
    by, inside = shown_by(), False
    for number, said in cases().items():
        if len(number) == 1:
            yield from ("",) * inside
            yield from (f"### {number}. {said}", "", "| case | what it is about | shown by |", "|---|---|---|")
            inside = True
        else:
            names = ", ".join(f"`{name.removeprefix('test_')}`" for name in by.get(number, ()))
            yield f"| {number} | {said} | {names} |"


BLOCKS: dict[str, Callable[[], Iterator[str]]] = {
    "fields": fields,
    "headers": headers,
    "words": words,
    "findings": findings,
    "settings": keys,
    "commands": commands,
    "limits": bounds,
    "matrix": matrix,
}


def filled(text: str) -> str:
    """A page with its blocks made anew."""
    return BLOCK.sub(lambda found: f"{found[1]}\n{made(found[2])}\n\n{found[3]}", text)


def made(name: str) -> str:
    """The lines of a block."""
    return "\n".join(BLOCKS[name]()).rstrip()


def main() -> None:
    """Write every page anew; say which changed."""
    for page in sorted(DOCS.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        new = filled(text)
        if new != text:
            page.write_text(new, encoding="utf-8")
            sys.stdout.write(f"Written {page.name}\n")


if __name__ == "__main__":
    main()
