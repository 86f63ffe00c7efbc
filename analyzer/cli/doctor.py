"""``analyzer doctor``: what is in force and why, and what stands in the way."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from analyzer import __version__
from analyzer import settings as settings_room
from analyzer.cli.boundary import say
from analyzer.cli.check import read
from analyzer.cli.options import config_option, home_option
from analyzer.errors import ExitStatus
from analyzer.settings import Settings

OPTIONAL = {"isal": "fast writing of workbooks", "distributed": "batches on a Dask cluster"}
_MB = 1024**2


@click.command("doctor")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@home_option
@config_option
def command(file: Path | None, home: str | None, config: Path | None) -> int:
    """Show the settings found and why, the limits and optional parts; for a FILE also its unresolved places."""
    found, why = settings_room.find(config, beside=file.parent if file else Path.cwd())
    settings = settings_room.load(found) if found else Settings()
    for line in _lines(settings, found, why):
        click.echo(line)
    if file is None:
        return ExitStatus.DONE
    outcome = read(file, home, None, config)
    if outcome.digest is None:
        say(f"Refused: {outcome.message}")
        return outcome.status
    for line in place_lines(outcome.digest):
        click.echo(line)
    return ExitStatus.DONE


def _lines(settings: Settings, found: Path | None, why: str) -> Iterator[str]:
    yield f"analyzer {__version__}"
    yield f"Settings: {found or 'none'} ({why})"
    company = settings.company
    yield f"  home country: {company.home or 'not set: give --home'}"
    yield f"  own entities: {', '.join(company.entities) or 'none named'}; group companies count as {company.group_as}"
    yield f"  policy: {settings.policy or 'the default one'}"
    yield f"  reporting currency: {settings.currency.reporting or 'the most frequent one of each file'}"
    yield f"  results: {settings.outputs.folder or 'beside the input, or -o'}"
    yield f"  archive of past periods: {settings.outputs.archive or 'none'}"
    yield f"  mail: {_mail(settings)}"
    limits = settings.limits
    yield f"Limits: {limits.file_mb:,.0f} MB a file, {limits.unpacked_mb:,.0f} MB unpacked, {limits.cells:,} cells"
    more = "" if limits.memory_mb else " (more for a file of more than 51 MB)"
    yield f"  {limits.memory_for(0):,.0f} MB of memory{more} and {limits.seconds:,.0f} s a file"
    for name, purpose in OPTIONAL.items():
        there = importlib.util.find_spec(name) is not None
        yield f"{name}: {'there' if there else 'not installed'} ({purpose})"
    free = shutil.disk_usage(settings.outputs.folder or ".").free / _MB
    yield f"Free disk space: {free:,.0f} MB"


def _mail(settings: Settings) -> str:
    mail = settings.mail
    way = (mail.drafts and f"drafts in {mail.drafts}") or mail.sendmail or (mail.host and f"{mail.host}:{mail.port}")
    return f"{way} to {', '.join(mail.recipients) or 'nobody yet'}" if way else "not set up"


def place_lines(digest: dict[str, Any]) -> Iterator[str]:
    """Unresolved places by rows affected, and lines to paste into the settings."""
    unresolved = digest["unresolved_places"]
    if not unresolved:
        yield "Places: every one was understood"
        return
    yield f"Places not understood, by rows affected ({len(unresolved)}):"
    for place in unresolved:
        yield f"  {place['rows']:>6,}  {' '.join(place['text'].split())}"
    yield "Paste into analyzer.toml and fill in the country of each:"
    yield "[aliases.places]"
    for place in unresolved:
        yield f'{json.dumps(" ".join(place["text"].split()), ensure_ascii=False)} = ""'
