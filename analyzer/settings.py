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

from analyzer import terms
from analyzer.errors import UsageError

FILE_NAME = "analyzer.toml"
ENVIRONMENT = "ANALYZER_CONFIG"
SCHEMA_VERSION = 1

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


_MEMORY_MB, _MEMORY_TIMES = 4096.0, 80.0  # of one file; an inventory takes 40 to 60 times its packed size


class _Section(BaseModel):
    # a worker gets its settings ready made and needs no validators: they are built where a file is read
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, defer_build=True)


class Company(_Section):
    """Who the company is and how its own entities, branches and territories are seen."""

    name: str = Field(default="", description="The company's name; a provider of this name is the company itself")
    home: CountryCode | None = Field(
        default=None, description="Home country, two letters (ISO 3166-1); --home goes before it"
    )
    entities: tuple[str, ...] = Field(default=(), description="Own group companies, as the provider column writes them")
    entity_countries: Mapping[str, CountryCode] = Field(
        default_factory=dict, description="Country of an own entity, the home of its rows: name = code"
    )
    group_as: Literal["in-house", "outsourced"] = Field(default="in-house", description="How group companies count")
    branch_as: Literal["in-house", "outsourced"] = Field(
        default="in-house", description="How own foreign branches count"
    )
    eor_as: Literal["in-house", "outsourced"] = Field(
        default="in-house", description="How staff of an employer of record count"
    )
    territories: Mapping[CountryCode, CountryCode] = Field(
        default_factory=dict, description='Territories that count as home: GG = "GB"'
    )
    headcount: int | None = Field(default=None, description="People in the company, where no column says so")
    files: tuple[str, ...] = Field(default=(), description="Patterns of the file names that are this company's")
    recipients: tuple[str, ...] = Field(
        default=(), description="Who gets this company's mails, in place of mail.recipients"
    )


class Columns(_Section):
    """A mapping for one layout of headers: field -> header or column letter."""

    layout: str = Field(default="", description="Hash of the headers this entry is for; empty for every layout")
    sheet: str | None = Field(default=None, description="The sheet this entry is for")
    header_row: int | None = Field(default=None, description="Row of the header, counted from 1")
    fields: Mapping[str, str] = Field(
        default_factory=dict, description="Which header, or column letter, a field is read from"
    )
    ignore: tuple[str, ...] = Field(default=(), description="Headers that are left out")
    fill_merged: tuple[terms.Field, ...] = Field(
        default=(),
        description="Fields whose merged cells hold for every row and column they cover; the others' covered cells are "
        "not assessed",
    )
    day_first: bool | None = Field(default=None, description="Whether 03/04/2026 is the 3rd of April")


class Aliases(_Section):
    """The company's own spellings. Places map to ISO codes, providers to one spelling."""

    places: Mapping[str, str] = Field(default_factory=dict, description="Country, two letters, of a spelling")
    providers: Mapping[str, str] = Field(default_factory=dict, description="The one name of a provider's spelling")


class Currency(_Section):
    """Amounts of other currencies are added only with a rate: 1 unit = rate units of the reporting currency."""

    reporting: CurrencyCode | None = Field(
        default=None, description="Currency of all sums, three letters; without it each file's most frequent one"
    )
    rates: Mapping[CurrencyCode, float] = Field(
        default_factory=dict,
        description="Worth of 1 unit of a currency in the reporting one; without a rate it is summed apart",
    )
    as_of: date | None = Field(default=None, description="Day of the rates, for your own record")


class Outputs(_Section):
    """Where results go and what is in them."""

    folder: str | None = Field(
        default=None, description="Folder for the results; -o goes before it; without both, beside the input"
    )
    archive: str | None = Field(
        default=None, description="Folder of the archive of past periods; without it none is kept"
    )
    language: str = Field(default="en", description="Language of the page and the mail: en or de")
    locale: str = Field(
        default="en_GB", description="How numbers and dates are written: en_GB, en_US, de_DE, de_CH, ..."
    )
    keep_periods: int | None = Field(default=None, description="Periods kept in the archive; without it all")
    store_people: bool = Field(default=True, description="Whether names of owners and freelancers go into the archive")
    small: bool = Field(default=False, description="Smaller workbooks, written slower")


class Inbox(_Section):
    """The drop folder."""

    settle_seconds: float = Field(
        default=5.0, description="How long a file's size and time stay equal before it is taken"
    )
    poll_seconds: float = Field(default=10.0, description="Pause between two looks")
    period: Literal["file-name", "last-month", "this-month"] = Field(
        default="file-name", description="Where the month comes from; file-name falls back on last month"
    )


class Mail(_Section):
    """How a report is mailed. Secrets are named, never written here."""

    host: str = Field(default="", description="The mail server")
    port: int = Field(default=587, description="Its port")
    security: Literal["starttls", "tls", "none-local"] = Field(
        default="starttls", description="How the connection is secured; none-local is for a relay on this machine"
    )
    sender: str = Field(default="", description="Address of the sender")
    recipients: tuple[str, ...] = Field(default=(), description="Who gets the mail")
    user: str = Field(default="", description="Account at the server; without it no sign-in")
    password_env: str = Field(default="", description="Environment variable that holds the password")
    password_file: str = Field(default="", description="File that holds the password")
    password_command: tuple[str, ...] = Field(default=(), description="Command that prints the password")
    token_command: tuple[str, ...] = Field(default=(), description="Command that prints an access token (XOAUTH2)")
    ca_file: str = Field(default="", description="Certificates to trust beside the system's")
    sendmail: str = Field(default="", description="Path of a sendmail program, in place of a server")
    drafts: str = Field(default="", description="Folder for .eml drafts, in place of sending")
    max_mb: float = Field(default=20.0, description="Largest mail, as sent: attachments grow by 1.37")
    tries: int = Field(default=3, description='Tries after an answer that says "later"')
    wait_seconds: float = Field(default=20.0, description="Pause before the second try, doubled for each further one")
    timeout_seconds: float = Field(default=30.0, description="How long the server may take to answer")


class Limits(_Section):
    """Bounds on one input. ``ratio`` is unpacked to packed size of a part."""

    file_mb: float = Field(default=512.0, description="Largest file, MB")
    unpacked_mb: float = Field(default=2048.0, description="Most that a package may unpack to, MB")
    ratio: float = Field(default=100.0, description="Most that a part may unpack to, times its packed size")
    entries: int = Field(default=5000, description="Most parts of a package")
    cells: int = Field(default=40_000_000, description="Most cells a sheet may span, from A1 to its last one")
    memory_mb: float | None = Field(
        default=None,
        gt=0,
        description="Most memory for one file, MB; without it 4,096, or 80 times the size of a large file",
    )
    seconds: float = Field(default=900.0, description="Most time for one file, seconds")
    workers: int | None = Field(
        default=None, ge=1, description="Files worked on at once; without it one per core; --workers goes before it"
    )

    def memory_for(self, size: int) -> float:
        """Most memory, in MB, for a file of ``size`` bytes: a million rows need more than what bounds a small one."""
        return self.memory_mb or max(_MEMORY_MB, _MEMORY_TIMES * size / 1024**2)


class Hooks(_Section):
    """Commands run around an unattended run."""

    on_start: tuple[str, ...] = Field(default=(), description="Command run before")
    on_success: tuple[str, ...] = Field(
        default=(), description="Command run after status 0 or 7; ANALYZER_STATUS holds the status"
    )
    on_failure: tuple[str, ...] = Field(default=(), description="Command run after any other status")
    ping: str = Field(default="", description="Address asked after a run; /fail is added where it failed")


class Settings(_Section):
    """All of ``analyzer.toml``; every section may be absent."""

    schema_version: Literal[1] = Field(default=1, description="Version of this format")
    company: Company = Field(default=Company(), description="The company, where there is one")
    companies: Mapping[str, Company] = Field(
        default_factory=dict, description="Companies of a batch, by a short name that also names their folder"
    )
    columns: tuple[Columns, ...] = Field(default=(), description="Mappings, one for each layout of headers")
    aliases: Aliases = Field(default=Aliases(), description="Your own spellings")
    currency: Currency = Field(default=Currency(), description="Sums over several currencies")
    outputs: Outputs = Field(default=Outputs(), description="Where results go and what is in them")
    inbox: Inbox = Field(default=Inbox(), description="The drop folder")
    mail: Mail = Field(default=Mail(), description="How a report is mailed")
    limits: Limits = Field(default=Limits(), description="Bounds on one input")
    hooks: Hooks = Field(default=Hooks(), description="Commands around a run")
    policy: str | None = Field(
        default=None, description="The company's policy file, seen from the settings file; --policy goes before it"
    )
    dask: str | None = Field(default=None, description="Address of a Dask cluster to work on; --dask goes before it")

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
