"""Options that several commands share, and the settings they lead to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.errors import UsageError
from analyzer.period import Period

if TYPE_CHECKING:
    from analyzer.settings import Settings


LARGEST_POLICY = 1_000_000  # bytes, as its loading says


class PeriodType(click.ParamType[Period]):
    """``2026-10`` or ``last-month``."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:  # noqa: ARG002 - click's signature
        """A month from the command line."""
        if isinstance(value, Period):
            return value
        if value == "last-month":
            return this_month().previous
        return Period.parse(value)


PERIOD = PeriodType()


def this_month() -> Period:
    """The month of the user's own calendar."""
    return Period.of(date.today())  # noqa: DTZ011 - the calendar on the wall, not UTC's


home_option = click.option("--home", metavar="CC", help="Home country as a two-letter code: GB, DE, US.")
sheet_option = click.option(
    "--sheet", metavar="NAME", help="The sheet that lists the tasks; without it, chosen by its headers and said."
)
config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Settings file; without it, analyzer.toml beside the input or above it.",
)


def in_force(config: Path | None, files: Iterable[Path], home: str | None) -> Settings:
    """The settings that apply to these files; ``--home`` wins over them. Raises ``UsageError``."""
    settings, _ = _found(config, files)
    return with_home(settings, home) if home else settings


def rules_in_force(named: Path | None, config: Path | None, files: Iterable[Path]) -> Path | None:
    """The policy file that applies to these files: ``--policy``, else the settings' own, seen from their folder."""
    if named is not None:
        return named
    settings, folder = _found(config, files)
    return folder / settings.policy if settings.policy else None


def text_of(rules: Path | None) -> str | None:
    """A policy file as it stands now; None where it cannot be taken so, which its loading then explains."""
    try:
        return rules.read_text(encoding="utf-8") if rules and rules.stat().st_size <= LARGEST_POLICY else None
    except (OSError, UnicodeDecodeError):
        return None


def _found(config: Path | None, files: Iterable[Path]) -> tuple[Settings, Path]:
    """The settings as they are written, and the folder they lie in."""
    from analyzer import settings as settings_room  # noqa: PLC0415 - its checks are heavy; options alone need none

    first = next(iter(files), Path())
    found, _ = settings_room.find(config, beside=first if first.is_dir() else first.parent)
    return (settings_room.load(found), found.parent) if found else (settings_room.Settings(), Path())


def with_home(settings: Settings, home: str) -> Settings:
    """Settings with another home country. Raises ``UsageError`` for anything but a known two-letter code."""
    code = home.strip().upper()
    if not (len(code) == 2 and code.isascii() and code.isalpha()):  # noqa: PLR2004 - alpha-2
        raise UsageError(
            f'"{home}" is not a country code', where="--home", hint="Two letters, as in --home GB (ISO 3166-1)"
        )
    company = settings.company.model_copy(update={"home": code})
    companies = {slug: own.model_copy(update={"home": code}) for slug, own in settings.companies.items()}
    return settings.model_copy(update={"company": company, "companies": companies})
