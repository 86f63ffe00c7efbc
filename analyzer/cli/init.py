"""``analyzer init``: a settings file with the guessed mapping, ready to edit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from analyzer import files
from analyzer.cli.boundary import say
from analyzer.cli.check import read
from analyzer.cli.options import home_option, sheet_option
from analyzer.errors import ExitStatus, UsageError
from analyzer.settings import FILE_NAME


@click.command("init")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@home_option
@sheet_option
@click.option(
    "-o",
    "--out",
    "target",
    type=click.Path(path_type=Path),
    help=f"Where to write; without it, {FILE_NAME} beside FILE.",
)
@click.option("--force", is_flag=True, help="Replace a settings file that is there.")
@click.option("--dry-run", is_flag=True, help="Print it; write nothing.")
def command(file: Path, home: str | None, sheet: str | None, target: Path | None, *, force: bool, dry_run: bool) -> int:
    """Write analyzer.toml with the mapping guessed for FILE, its evidence and the headers not used."""
    place = target or file.parent / FILE_NAME
    if place.exists() and not (force or dry_run):
        raise UsageError(
            "There is a settings file already", where=str(place), hint="Edit it, or replace it with --force"
        )
    outcome = read(file, home, sheet, None)
    if outcome.digest is None:
        say(f"Refused: {outcome.message}")
        return outcome.status
    text = "\n".join(_lines(outcome.digest, home)) + "\n"
    if dry_run:
        click.echo(text, nl=False)
        return ExitStatus.DONE
    files.write(place, text)
    wanted = "" if home else "write the home country into it, "
    click.echo(f"Written {place}: {wanted}look at the lines marked assumed, then: analyzer run {file}")
    return ExitStatus.DONE


def _lines(digest: dict[str, Any], home: str | None) -> Iterator[str]:
    yield f"# Settings of analyzer, guessed from {digest['source']['name']}. Every line may be changed or removed."
    yield "schema_version = 1"
    yield ""
    yield "[company]"
    yield 'name = ""'
    yield f"home = {_quoted(home)}" if home else '# home = "GB"        # the home country, two letters; needed'
    yield "entities = []         # own group companies, as they are written in the provider column"
    yield ""
    for table in digest["source"]["tables"]:
        yield "[[columns]]"
        yield f"sheet = {_quoted(table['sheet'])}"
        yield f"header_row = {table['header_row']}"
        yield "[columns.fields]"
        for column in digest["mapping"]:
            if column["sheet"] == table["sheet"]:
                mark = "ASSUMED, please look: " if column["assumed"] else ""
                evidence = " ".join(f"{column['letter']}: {mark}{column['evidence']}".split())
                yield f"{column['field']} = {_quoted(column['header'])}  # {evidence}"
        yield from (f"# not used: {_quoted(header)}" for header in table["unmatched"] if header)
        yield ""
    yield "[aliases.places]"
    yield '# "HQ North" = "GB"'
    yield ""
    yield "[aliases.providers]"
    yield '# "Acme Svcs" = "Acme Services Ltd"'


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are among TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
