"""Mail a finished result: once per report and recipient, or say that it did not go.

Order: the files are checked against the digest's hashes, the journal is asked, the letter is built, the intent is
written, the mail is handed over, the outcome is written. A connection lost after the last line of a mail leaves its
outcome unknown (RFC 1047); it is not sent again but by ``resend``, which keeps the Message-ID.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from analyzer import files
from analyzer.errors import SendError, WriteError
from analyzer.runs import journal
from analyzer.runs.journal import Entry, State
from analyzer.runs.postman import Posted, post
from analyzer.settings import Mail

_NOTHING_WENT = "Nothing was sent."
BASE64 = 1.37  # an attachment's growth on its way
_KINDS = {
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".xlsm": ("application", "vnd.ms-excel.sheet.macroEnabled.12"),
    ".html": ("text", "html"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """A finished result on the disk: its digest and its files, whole and unchanged."""

    folder: Path
    digest: dict[str, Any]
    files: tuple[Path, ...]

    @classmethod
    def open(cls, path: Path) -> Result:
        """The result a summary, a report or a workbook belongs to. Raises ``SendError`` for a partial one."""
        summary = _summary_of(path)
        try:
            digest = json.loads(summary.read_text(encoding="utf-8"))
            listed = [(summary.parent / Path(file["path"]).name, file["sha256"]) for file in digest["files"]]
        except (OSError, ValueError, KeyError, TypeError):
            raise _unfinished(summary, "its summary is missing or damaged") from None
        for file, expected in listed:
            if not file.is_file() or files.sha256(file) != expected:
                raise _unfinished(file, "it is missing, or not the file that was written with this summary")
        return cls(summary.parent, digest, tuple(file for file, _ in listed))

    @property
    def message_id(self) -> str:
        """The same for the same report, whoever sends it and when."""
        marks = "".join(file["sha256"] for file in self.digest["files"])
        return f"<{hashlib.sha256(marks.encode()).hexdigest()[:32]}@analyzer.invalid>"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a letter, recipient by recipient, and what had to be said."""

    sent: tuple[str, ...] = ()
    before: tuple[str, ...] = ()  # had it already
    unknown: tuple[str, ...] = ()
    failed: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    draft: Path | None = None

    @property
    def complete(self) -> bool:
        """Whether every recipient has it."""
        return not self.failed and not self.unknown


Postman = Callable[[EmailMessage, Mail, Sequence[str]], Posted]


def send(
    result: Result, mail: Mail, recipients: Sequence[str], *, resend: bool = False, postman: Postman = post
) -> Receipt:
    """Mail a result to those who have not got it.

    Raises ``SendError`` where nothing could be tried, ``WriteError`` where the journal or a draft was not written.
    """
    _checked(mail, recipients)
    known = journal.states(result.folder, result.message_id)
    open_to_all = [person for person in recipients if resend or known.get(person) in {None, State.FAILED}]
    before = tuple(person for person in recipients if person not in open_to_all and known[person] is State.SENT)
    unknown = tuple(person for person in recipients if person not in open_to_all and known[person] is State.UNKNOWN)
    if not open_to_all:
        return Receipt(before=before, unknown=unknown)
    message, notes = letter(result, mail, open_to_all, mail.max_mb)
    if mail.drafts:
        return Receipt(before=before, notes=notes, draft=_draft(message, Path(mail.drafts), result))
    _note(result, open_to_all, State.INTENDED, _NOTHING_WENT)
    try:
        posted = postman(message, mail, open_to_all)
        if posted.too_large:
            message, notes = letter(result, mail, open_to_all, posted.too_large)
            posted = _without_room(postman(message, mail, open_to_all), open_to_all)
    except SendError:
        _note(
            result, open_to_all, State.FAILED, _NOTHING_WENT
        )  # refused before the letter was handed over: free to go later
        raise
    for state, people in (
        (State.SENT, posted.sent),
        (State.UNKNOWN, posted.unknown),
        (State.FAILED, tuple(posted.failed)),
    ):
        _note(result, people, state, f"The mail was tried: {len(posted.sent)} sent, {len(posted.failed)} not.")
    return Receipt(posted.sent, before, (*unknown, *posted.unknown), dict(posted.failed), (*notes, *posted.notes))


def _without_room(posted: Posted, people: Sequence[str]) -> Posted:
    """What became of a letter without its attachments; where the server has no room even for that, nobody got it."""
    if not posted.too_large:
        return posted
    text = f"the server takes at most {posted.too_large:g} MB: not even the letter alone"
    return Posted(failed=dict.fromkeys(people, text))


def letter(
    result: Result, mail: Mail, recipients: Sequence[str], max_mb: float
) -> tuple[EmailMessage, tuple[str, ...]]:
    """The mail of a result: digest as text and HTML, workbook and page attached as far as they fit."""
    body = result.digest["mail"]
    attached, left_out = _fitting(result.files, max_mb)
    notes = tuple(
        f"{file.name} ({file.stat().st_size * BASE64 / 1e6:.1f} MB as sent) is over the limit of {max_mb:g} MB; "
        f"it is in {result.folder}"
        for file in left_out
    )
    macros = tuple(f"{file.name} holds macros, as its source does" for file in attached if file.suffix == ".xlsm")
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(str(body["subject"]).split())
    message["From"] = mail.sender
    message["To"] = ", ".join(recipients)
    message["Message-ID"] = result.message_id
    message["Auto-Submitted"] = "auto-generated"
    said = (*notes, *macros)
    message.set_content(body["text"] + "".join(f"\n{note}." for note in said) + "\n")
    message.add_alternative(_with_notes(body["html"], said), subtype="html")
    for file in attached:
        main, sub = _KINDS[file.suffix]
        message.add_attachment(file.read_bytes(), maintype=main, subtype=sub, filename=file.name)
    return message, (*notes, *macros)


def _fitting(candidates: Sequence[Path], max_mb: float) -> tuple[list[Path], list[Path]]:
    """Attachments that fit, the page before the workbook: a reader without the workbook still has the whole report."""
    room = max_mb * 1e6
    fits: list[Path] = []
    rest: list[Path] = []
    for file in sorted((file for file in candidates if file.suffix in _KINDS), key=lambda file: file.suffix != ".html"):
        grown = file.stat().st_size * BASE64
        (fits if grown <= room else rest).append(file)
        room -= grown if grown <= room else 0
    return fits, rest


def _with_notes(html: str, notes: Sequence[str]) -> str:
    from html import escape  # noqa: PLC0415 - only a mail with notes needs it

    lines = "".join(f"<p>{escape(note)}.</p>" for note in notes)
    head, mark, tail = html.rpartition("</body>")
    return f"{head}{lines}{mark}{tail}" if mark else html + lines


def _draft(message: EmailMessage, folder: Path, result: Result) -> Path:
    message["X-Unsent"] = "1"  # mail programs open it as a draft of one's own
    target = folder / f"{Path(result.digest['source']['name']).stem} {result.digest['period']}.eml"
    files.write(target, message.as_bytes())
    return target


def _note(result: Result, people: Sequence[str], state: State, so_far: str) -> None:
    """Write into the journal. Raises ``WriteError`` that says what became of the mail so far."""
    try:
        journal.write(result.folder, [Entry(result.message_id, person, state) for person in people])
    except WriteError as error:
        hint = "Free some space. A mail whose outcome is not noted is not sent again but with --resend"
        raise WriteError(f"{so_far} {error.message}", where=error.where, hint=hint) from error


def _checked(mail: Mail, recipients: Sequence[str]) -> None:
    where = "settings: mail"
    if not (mail.host or mail.sendmail or mail.drafts):
        raise SendError("No mail server is set", where=where, hint="Set mail.host, mail.sendmail or mail.drafts")
    if not recipients:
        raise SendError("Nobody to send to", where=where, hint="Set mail.recipients, or --to NAME@HOST")
    for person in (mail.sender, *recipients):
        if any(ord(sign) < 32 for sign in person) or person.count("@") != 1 or " " in person.strip():  # noqa: PLR2004 - control characters end at 32
            raise SendError(f"{person!r} is not a mail address", where=where, hint="Write it as name@host")


def _summary_of(path: Path) -> Path:
    if path.is_dir():
        found = sorted(path.glob("*.summary.json"))
        if len(found) != 1:
            raise SendError(
                f"{len(found)} results in this folder; one is needed", where=str(path), hint="Name its summary"
            )
        return found[0]
    stem = path.name
    for ending in (".summary.json", ".report.html", ".annotated.xlsx", ".annotated.xlsm"):
        stem = stem.removesuffix(ending)
    return path.with_name(f"{stem}.summary.json")


def _unfinished(path: Path, why: str) -> SendError:
    return SendError(
        f"The result is not complete: {why}. Nothing was sent", where=str(path), hint="Run it again: analyzer run"
    )
