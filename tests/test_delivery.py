"""A mail goes once per report and recipient, or one is told that it did not: on a real server that misbehaves."""

import asyncio
import base64
import hashlib
import json
import socket
import ssl
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from full_disk import Disk, refusal

from analyzer.errors import ExitStatus, SendError
from analyzer.runs import delivery, journal
from analyzer.runs.delivery import Result
from analyzer.runs.postman import Posted
from analyzer.settings import Mail

PEOPLE = ("cfo@northwind.example", "coo@northwind.example")
BODY = {
    "subject": "Sourcing report October 2026",
    "text": "A quarter of spend goes abroad.",
    "html": "<html><body><p>A quarter of spend goes abroad.</p></body></html>",
}


@dataclass
class Box:
    """The server's side: what it took, and how it answers."""

    letters: list[Message] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)  # to DATA, one after another; then 250
    drops: bool = False
    stalls: bool = False

    async def handle_RCPT(self, _s: SMTP, _n: Session, envelope: Envelope, address: str, _o: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.stalls:
            await asyncio.sleep(1.5)
        if self.drops:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "250 never heard"
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content))
        return "250 OK"


Serve = Callable[..., Mail]


def free_port() -> int:
    with socket.create_server(("localhost", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start a server for a box; the mail settings that reach it come back."""
    running: list[Controller] = []

    def start(box: Box, *, tls: bool = False, **options: Any) -> Mail:
        changes = options.pop("mail", {})
        if tls:
            authority = trustme.CA()
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            authority.issue_cert("localhost").configure_cert(context)
            authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
            options |= {"tls_context": context, "require_starttls": True}
        port = free_port()
        controller = Controller(box, hostname="localhost", port=port, **options)
        controller.start()
        running.append(controller)
        plain: dict[str, Any] = {"security": "none-local"}
        secure = {"security": "starttls", "ca_file": str(tmp_path / "ca.pem")}
        base = {"host": "localhost", "port": port, "sender": "reports@northwind.example", "wait_seconds": 0.01}
        return Mail.model_validate({**base, **(secure if tls else plain), **changes})

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def result(tmp_path: Path) -> Result:
    return Result.open(finished(tmp_path / "out"))


def finished(folder: Path, size: int = 1000) -> Path:
    """A finished result on the disk: two files and the summary with their hashes."""
    folder.mkdir()
    listed = []
    for name in ("tasks.annotated.xlsx", "tasks.report.html"):
        (folder / name).write_bytes(b"x" * size)
        listed.append({"path": name, "sha256": hashlib.sha256(b"x" * size).hexdigest()})
    digest = {"files": listed, "mail": BODY, "period": "2026-10", "source": {"name": "tasks.xlsx"}}
    summary = folder / "tasks.summary.json"
    summary.write_text(json.dumps(digest), encoding="utf-8")
    return summary


def attachments(letter: Message) -> list[str | None]:
    return [part.get_filename() for part in letter.walk() if part.get_filename()]


def test_h3_a_letter_goes_once(serve: Serve, result: Result) -> None:
    box = Box()
    mail = serve(box)
    first = delivery.send(result, mail, PEOPLE)
    second = delivery.send(result, mail, PEOPLE)
    assert (first.sent, second.sent, second.before) == (PEOPLE, (), PEOPLE)
    (letter,) = box.letters
    assert letter["Subject"] == "Sourcing report October 2026"
    assert letter["Message-ID"] == result.message_id
    assert attachments(letter) == ["tasks.report.html", "tasks.annotated.xlsx"]


def test_h2_resending_is_explicit_and_keeps_the_message_id(serve: Serve, result: Result) -> None:
    box = Box()
    mail = serve(box)
    delivery.send(result, mail, PEOPLE)
    delivery.send(result, mail, PEOPLE, resend=True)
    assert [letter["Message-ID"] for letter in box.letters] == [result.message_id] * 2


def test_h2_a_connection_lost_after_the_last_line_is_unknown_and_not_sent_again(serve: Serve, result: Result) -> None:
    box = Box(drops=True)
    mail = serve(box)
    first = delivery.send(result, mail, PEOPLE)
    box.drops = False
    second = delivery.send(result, mail, PEOPLE)
    assert (first.unknown, second.unknown, box.letters) == (PEOPLE, PEOPLE, [])
    assert not first.complete
    assert not second.complete


def test_h2_h5_a_server_that_stalls_after_the_last_line_is_unknown(serve: Serve, result: Result) -> None:
    mail = serve(Box(stalls=True), mail={"timeout_seconds": 0.5})
    assert delivery.send(result, mail, PEOPLE).unknown == PEOPLE


@pytest.mark.parametrize("step", ["open_to_append", "write", "sync"])
def test_h3_e4_a_journal_without_room_stops_a_mail_or_leaves_its_outcome_unknown(
    tmp_path: Path, serve: Serve, disk: Disk, step: str
) -> None:
    for at in disk.full_at(step):
        box = Box()
        mail, result = serve(box), Result.open(finished(tmp_path / str(at)))
        said = refusal(partial(delivery.send, result, mail, PEOPLE))
        went = "The mail was tried: 2 sent, 0 not." if box.letters else "Nothing was sent."
        full = f"{went} The mail journal was not written: the disk is full"
        assert (said and (said.message, said.status)) == ((full, ExitStatus.NOT_WRITTEN) if disk.struck else None)
        assert len(box.letters) == (at > 1), "the intent is written before, the outcome after"
        disk.free()
        receipt = delivery.send(result, mail, PEOPLE)
        assert len(box.letters) == 1
        assert {1: receipt.sent, 2: receipt.unknown}.get(at, receipt.before) == PEOPLE


def test_h3_a_crash_between_handing_over_and_the_journal_is_unknown(serve: Serve, result: Result) -> None:
    def crash(*_: object) -> Posted:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        delivery.send(result, serve(Box()), PEOPLE, postman=crash)
    box = Box()
    assert delivery.send(result, serve(box), PEOPLE).unknown == PEOPLE
    assert box.letters == []


def test_h4_some_recipients_refused(serve: Serve, result: Result) -> None:
    box = Box(refuses={PEOPLE[1]: "550 no such person"})
    receipt = delivery.send(result, serve(box), PEOPLE)
    assert receipt.sent == PEOPLE[:1]
    assert receipt.failed == {PEOPLE[1]: "550 no such person"}
    assert not receipt.complete
    box.refuses.clear()
    again = delivery.send(result, serve(box), PEOPLE)
    assert (again.sent, again.before) == (PEOPLE[1:], PEOPLE[:1])


def test_h5_later_is_tried_again_and_never_is_not(serve: Serve, result: Result) -> None:
    box = Box(answers=["451 greylisted", "451 greylisted"])
    assert delivery.send(result, serve(box), PEOPLE).sent == PEOPLE
    refusing = Box(answers=["554 no", "250 not asked"])
    receipt = delivery.send(result, serve(refusing), PEOPLE, resend=True)
    assert set(receipt.failed.values()) == {"554 no"}
    assert refusing.answers == ["250 not asked"]


def test_h5_later_has_an_end(serve: Serve, result: Result) -> None:
    receipt = delivery.send(result, serve(Box(answers=["451 busy"] * 9)), PEOPLE)
    assert set(receipt.failed.values()) == {"451 busy (3 tries)"}


def test_h5_a_server_that_is_not_there(result: Result) -> None:
    mail = Mail(host="localhost", port=1, sender="a@b.example", security="none-local", wait_seconds=0.01)
    receipt = delivery.send(result, mail, PEOPLE)
    assert set(receipt.failed.values()) == {"localhost:1 cannot be reached (ConnectionRefusedError) (3 tries)"}


def test_h6_over_the_servers_size_the_path_goes_instead(serve: Serve, tmp_path: Path) -> None:
    box = Box()
    result = Result.open(finished(tmp_path / "large", size=400_000))
    receipt = delivery.send(result, serve(box, data_size_limit=300_000), PEOPLE)
    assert receipt.sent == PEOPLE
    assert attachments(box.letters[0]) == []
    assert [note for note in receipt.notes if "over the limit" in note and str(tmp_path / "large") in note]
    assert "over the limit" in box.letters[0].as_string()


def test_h6_over_the_own_limit_the_page_stays_and_the_workbook_is_named(result: Result) -> None:
    letter, notes = delivery.letter(result, Mail(sender="a@b.example"), PEOPLE, max_mb=0.002)
    assert attachments(letter) == ["tasks.report.html"]
    assert notes[0].startswith("tasks.annotated.xlsx (0.0 MB as sent) is over the limit of 0.002 MB")


def test_h7_tls_is_verified(serve: Serve, result: Result, tmp_path: Path) -> None:
    box = Box()
    mail = serve(box, tls=True)
    assert delivery.send(result, mail, PEOPLE).sent == PEOPLE
    stranger = mail.model_copy(update={"ca_file": ""})
    with pytest.raises(SendError, match="certificate was not accepted"):
        delivery.send(result, stranger, PEOPLE, resend=True)
    assert len(box.letters) == 1


def test_h7_without_starttls_nothing_goes_in_the_clear(serve: Serve, result: Result) -> None:
    box = Box()
    mail = serve(box, mail={"security": "starttls"})
    with pytest.raises(SendError, match="nothing is sent in the clear"):
        delivery.send(result, mail, PEOPLE)
    assert box.letters == []


def test_h7_plain_mail_to_another_machine_is_refused(result: Result) -> None:
    mail = Mail(host="mail.example", sender="a@b.example", security="none-local")
    with pytest.raises(SendError, match="without TLS"):
        delivery.send(result, mail, PEOPLE)


def accepts(user: bytes, secret: bytes) -> Callable[..., AuthResult]:
    def authenticate(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        if mechanism == "XOAUTH2":
            return AuthResult(
                success=data == b"user=" + user + b"\x01auth=Bearer " + secret + b"\x01\x01", handled=False
            )
        assert isinstance(data, LoginPassword)
        return AuthResult(success=(data.login, data.password) == (user, secret), handled=False)

    return authenticate


class Microsoft(Box):
    """Takes no passwords, only tokens."""

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - aiosmtpd's name
        data = base64.b64decode(args[1])
        return accepts(b"reports", b"a-token")(server, server.session, server.envelope, "XOAUTH2", data)

    async def auth_LOGIN(self, server: SMTP, _args: list[str]) -> AuthResult:  # noqa: N802 - aiosmtpd's name
        await server.push("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.")
        return AuthResult(success=False, handled=True)

    auth_PLAIN = auth_LOGIN  # noqa: N815 - aiosmtpd's name


def test_h7_a_password_signs_in_and_is_never_said(
    serve: Serve, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_SECRET", "right")
    signing_in = {"authenticator": accepts(b"reports", b"right"), "auth_required": True}
    mail = serve(Box(), tls=True, mail={"user": "reports", "password_env": "MAIL_SECRET"}, **signing_in)
    assert delivery.send(result, mail, PEOPLE).sent == PEOPLE
    monkeypatch.setenv("MAIL_SECRET", "wrong")
    with pytest.raises(SendError, match="Sign-in refused: 535") as refused:
        delivery.send(result, mail, PEOPLE, resend=True)
    assert "wrong" not in str(refused.value)


def test_h5_a_token_signs_in_where_passwords_are_off(
    serve: Serve, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_SECRET", "any")
    mail = serve(Microsoft(), tls=True, mail={"user": "reports", "password_env": "MAIL_SECRET"}, auth_required=True)
    with pytest.raises(SendError, match=r"5\.7\.139") as refused:
        delivery.send(result, mail, PEOPLE)
    assert "token_command" in refused.value.hint
    with_token = mail.model_copy(update={"token_command": ("echo", "a-token"), "password_env": ""})
    assert delivery.send(result, with_token, PEOPLE, resend=True).sent == PEOPLE


def test_a_draft_is_written_and_nothing_sent(result: Result, tmp_path: Path) -> None:
    mail = Mail(sender="a@b.example", drafts=str(tmp_path / "drafts"))
    receipt = delivery.send(result, mail, PEOPLE)
    assert receipt.draft == tmp_path / "drafts" / "tasks 2026-10.eml"
    letter = message_from_bytes(receipt.draft.read_bytes())
    assert (letter["X-Unsent"], letter["To"]) == ("1", ", ".join(PEOPLE))


@pytest.mark.parametrize(("status", "sent"), [(0, PEOPLE), (75, ())])
def test_sendmail_is_handed_the_letter(result: Result, tmp_path: Path, status: int, sent: tuple[str, ...]) -> None:
    program = tmp_path / "sendmail"
    program.write_text(f"#!/bin/sh\nprintf '%s ' \"$@\" > {tmp_path}/words\ncat > {tmp_path}/letter\nexit {status}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    receipt = delivery.send(result, Mail(sender="a@b.example", sendmail=str(program)), PEOPLE)
    assert receipt.sent == sent
    assert (tmp_path / "words").read_text() == f"-i -f a@b.example -- {' '.join(PEOPLE)} "
    assert b"Message-ID" in (tmp_path / "letter").read_bytes()


@pytest.mark.parametrize(
    "address", ["cfo@northwind.example\r\nBcc: all@northwind.example", "nobody", "two@a.example two@b.example"]
)
def test_h1_an_address_that_is_none_is_refused(serve: Serve, result: Result, address: str) -> None:
    with pytest.raises(SendError, match="is not a mail address"):
        delivery.send(result, serve(Box()), (address,))


def test_h1_a_subject_with_line_breaks_adds_no_header(serve: Serve, tmp_path: Path) -> None:
    summary = finished(tmp_path / "odd")
    digest = json.loads(summary.read_text())
    digest["mail"] = {**BODY, "subject": "Report\r\nBcc: all@northwind.example"}
    summary.write_text(json.dumps(digest))
    box = Box()
    delivery.send(Result.open(summary), serve(box), PEOPLE)
    assert box.letters[0]["Bcc"] is None
    assert box.letters[0]["Subject"] == "Report Bcc: all@northwind.example"


@pytest.mark.parametrize("damage", ["changed", "missing", "no summary"])
def test_h9_a_partial_or_changed_result_is_never_sent(tmp_path: Path, damage: str) -> None:
    summary = finished(tmp_path / "out")
    workbook = tmp_path / "out" / "tasks.annotated.xlsx"
    if damage == "changed":
        workbook.write_bytes(b"old")
    else:
        (workbook if damage == "missing" else summary).unlink()
    with pytest.raises(SendError, match="not complete"):
        Result.open(summary)


def test_g7_a_damaged_journal_stops_sending(serve: Serve, result: Result) -> None:
    box = Box()
    (result.folder / journal.NAME).write_text("not json\n")
    with pytest.raises(SendError, match="journal is damaged"):
        delivery.send(result, serve(box), PEOPLE)
    assert box.letters == []


def test_g7_h3_a_line_cut_by_a_crash_is_dropped(serve: Serve, result: Result) -> None:
    mail = serve(Box())
    delivery.send(result, mail, PEOPLE)
    path = result.folder / journal.NAME
    path.write_text(path.read_text() + '{"message_id": "<half')
    assert delivery.send(result, mail, PEOPLE).before == PEOPLE
    assert path.read_text().endswith("}\n")
