"""The company's file, ``analyzer.toml``: home country, own entities, mappings, aliases, currency, outputs, limits."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from analyzer.errors import UsageError

FILE_NAME = "analyzer.toml"
ENVIRONMENT = "ANALYZER_CONFIG"
SCHEMA_VERSION = 1

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Company(_Section):
    """Who the company is and how its own entities, branches and territories are seen."""

    name: str = ""
    home: CountryCode | None = None
    entities: tuple[str, ...] = ()
    entity_countries: Mapping[str, CountryCode] = Field(default_factory=dict)
    group_as: Literal["in-house", "outsourced"] = "in-house"
    branch_as: Literal["in-house", "outsourced"] = "in-house"
    eor_as: Literal["in-house", "outsourced"] = "in-house"
    territories: Mapping[CountryCode, CountryCode] = Field(default_factory=dict)  # GG = "GB": counts as home of GB
    headcount: int | None = None
    files: tuple[str, ...] = ()  # patterns of the files that are this company's
    recipients: tuple[str, ...] = ()


class Columns(_Section):
    """A mapping for one layout of headers: field -> header or column letter."""

    layout: str = ""  # hash of the headers; empty = any
    sheet: str | None = None
    header_row: int | None = None
    fields: Mapping[str, str] = Field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    day_first: bool | None = None


class Aliases(_Section):
    """The company's own spellings. Places map to ISO codes, providers to one spelling."""

    places: Mapping[str, str] = Field(default_factory=dict)
    providers: Mapping[str, str] = Field(default_factory=dict)


class Currency(_Section):
    """Amounts of other currencies are added only with a rate: 1 unit = rate units of the reporting currency."""

    reporting: CurrencyCode | None = None
    rates: Mapping[CurrencyCode, float] = Field(default_factory=dict)
    as_of: date | None = None


class Outputs(_Section):
    """Where results go and what is in them."""

    folder: str | None = None
    archive: str | None = None
    language: str = "en"
    locale: str = "en_GB"
    keep_periods: int | None = None
    store_people: bool = True  # names of owners and freelancers in the archive
    small: bool = False  # smaller workbooks, slower


class Inbox(_Section):
    """The drop folder."""

    settle_seconds: float = 5.0
    poll_seconds: float = 10.0
    period: Literal["file-name", "last-month", "this-month"] = "file-name"


class Mail(_Section):
    """How a report is mailed. Secrets are named, never written here."""

    host: str = ""
    port: int = 587
    security: Literal["starttls", "tls", "none-local"] = "starttls"
    sender: str = ""
    recipients: tuple[str, ...] = ()
    user: str = ""
    password_env: str = ""
    password_file: str = ""
    password_command: tuple[str, ...] = ()
    token_command: tuple[str, ...] = ()
    ca_file: str = ""  # certificates to trust beside the system's
    sendmail: str = ""  # path of a sendmail program, instead of a host
    drafts: str = ""  # folder for .eml drafts, instead of sending
    max_mb: float = 20.0  # as sent: attachments grow by 1.37
    tries: int = 3  # after an answer that says "later"
    wait_seconds: float = 20.0  # before the second try; doubled for each further one
    timeout_seconds: float = 30.0


class Limits(_Section):
    """Bounds on one input. ``ratio`` is unpacked to packed size of a part."""

    file_mb: float = 512.0
    unpacked_mb: float = 2048.0
    ratio: float = 100.0
    entries: int = 5000
    cells: int = 40_000_000
    memory_mb: float = 4096.0
    seconds: float = 900.0
    workers: int | None = None


class Hooks(_Section):
    """Commands run around an unattended run."""

    on_start: tuple[str, ...] = ()
    on_success: tuple[str, ...] = ()
    on_failure: tuple[str, ...] = ()
    ping: str = ""


class Settings(_Section):
    """All of ``analyzer.toml``; every section may be absent."""

    schema_version: Literal[1] = 1
    company: Company = Company()
    companies: Mapping[str, Company] = Field(default_factory=dict)
    columns: tuple[Columns, ...] = ()
    aliases: Aliases = Aliases()
    currency: Currency = Currency()
    outputs: Outputs = Outputs()
    inbox: Inbox = Inbox()
    mail: Mail = Mail()
    limits: Limits = Limits()
    hooks: Hooks = Hooks()
    policy: str | None = None  # path of the company's policy file
    dask: str | None = None

    @property
    def hash(self) -> str:
        """Short digest of the settings in force."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]


def parse(text: str, where: str) -> Settings:
    """Settings from TOML text. Raises ``UsageError`` naming every fault with its key path."""
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"Not valid TOML: {error}", where=where) from None
    except ValidationError as error:
        raise UsageError(_faults(error), where=where, hint="analyzer doctor shows the settings in force") from None


def _faults(error: ValidationError) -> str:
    lines = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()]
    return f"{len(lines)} fault{'s' if len(lines) > 1 else ''}: " + "; ".join(lines)


def load(path: Path) -> Settings:
    """Settings from a file. Raises ``UsageError``."""
    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The settings cannot be read: {type(error).__name__}", where=str(path)) from None


def find(
    named: Path | None, beside: Path | None, environment: Mapping[str, str] = os.environ
) -> tuple[Path | None, str]:
    """The settings file in force and why: named, from the environment, beside the input or above it, the user's own."""
    if named is not None:
        return named, "named with --config"
    if environment.get(ENVIRONMENT):
        return Path(environment[ENVIRONMENT]), f"named by {ENVIRONMENT}"
    start = (beside or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME, "beside the input" if folder == start else f"above the input, in {folder}"
    personal = Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "analyzer" / FILE_NAME
    return (personal, "the user's own") if personal.is_file() else (None, "no settings file; defaults")


def json_schema() -> dict[str, Any]:
    """JSON Schema of ``analyzer.toml`` for editors."""
    return Settings.model_json_schema()
