"""Hand a mail over: SMTP with verified TLS, or a sendmail program."""

from __future__ import annotations

import contextlib
import os
import smtplib
import ssl
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from pathlib import Path

from analyzer.errors import SendError
from analyzer.settings import Mail

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_LATER = range(400, 500)
_GO_AHEAD, _TAKEN, _GOOD = 354, 250, 2
_BASIC_IS_OFF = ("5.7.139", "basic authentication is disabled", "smtpclientauthentication is disabled", "5.7.57")


@dataclass(frozen=True, slots=True)
class Posted:
    """What the server said, recipient by recipient. ``too_large`` is its limit in MB where the mail is over it."""

    sent: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    failed: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    too_large: float = 0.0
    later: dict[str, str] = field(default_factory=dict)  # whom the server asks to come back for

    def then(self, again: Posted) -> Posted:
        """This, and what a later try brought for those who were to be tried again."""
        return Posted(
            (*self.sent, *again.sent),
            (*self.unknown, *again.unknown),
            {**self.failed, **again.failed},
            (*self.notes, *again.notes),
            again.too_large,
            again.later,
        )


def post(message: EmailMessage, mail: Mail, recipients: Sequence[str]) -> Posted:
    """Hand a mail over; "later" is tried again with growing pauses. Raises ``SendError`` where settings cannot work."""
    if mail.sendmail:
        return _sendmail(message, mail, recipients)
    if mail.security == "none-local" and mail.host not in LOOPBACK:
        raise SendError(
            "A mail is not sent without TLS to another machine",
            where="settings: mail.security",
            hint='security = "starttls"',
        )
    posted, pause = _once(message, mail, recipients), mail.wait_seconds
    for _ in range(mail.tries - 1):
        if not posted.later:
            return posted
        time.sleep(pause)
        pause *= 2
        posted = posted.then(_once(message, mail, tuple(posted.later)))
    given_up = {person: f"{why} ({mail.tries} tries)" for person, why in posted.later.items()}
    return posted.then(Posted(failed=given_up, too_large=posted.too_large))


def _once(message: EmailMessage, mail: Mail, recipients: Sequence[str]) -> Posted:
    try:
        server = _connected(mail)
        try:
            _log_in(server, mail)
            return _hand_over(server, message, mail, recipients)
        finally:
            _leave(server)
    except ssl.SSLCertVerificationError as error:
        raise _refused(mail, f"The server's certificate was not accepted: {error.verify_message}") from None
    except ssl.SSLError as error:
        raise _refused(mail, f"No TLS connection came about ({error.reason or 'no reason given'})") from None
    except smtplib.SMTPNotSupportedError:
        raise _refused(mail, "The server offers no STARTTLS, or no sign-in; nothing is sent in the clear") from None
    except smtplib.SMTPAuthenticationError as error:
        raise _sign_in_refused(mail, error) from None
    except smtplib.SMTPResponseException as error:
        text = _text(error.smtp_code, error.smtp_error)
        everyone = dict.fromkeys(recipients, text)
        return Posted(later=everyone) if error.smtp_code in _LATER else Posted(failed=everyone)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:  # UnicodeError: a host that cannot be one
        text = f"{mail.host}:{mail.port} cannot be reached ({type(error).__name__})"
        return Posted(later=dict.fromkeys(recipients, text))


def _connected(mail: Mail) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if mail.ca_file:
        trusted.load_verify_locations(mail.ca_file)
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=mail.timeout_seconds, context=trusted)
    server = smtplib.SMTP(mail.host, mail.port, timeout=mail.timeout_seconds)
    try:
        if mail.security == "starttls":
            server.starttls(context=trusted)
        server.ehlo_or_helo_if_needed()
    except BaseException:
        server.close()
        raise
    return server


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye; what the server answers to that changes nothing of what it took."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _log_in(server: smtplib.SMTP, mail: Mail) -> None:
    if mail.token_command:
        token = _output_of(mail.token_command, "token_command")
        answer = f"user={mail.user}\x01auth=Bearer {token}\x01\x01"
        server.auth("XOAUTH2", lambda challenge=None: "" if challenge else answer)
    elif mail.user:
        server.login(mail.user, _password(mail))


def _hand_over(server: smtplib.SMTP, message: EmailMessage, mail: Mail, recipients: Sequence[str]) -> Posted:
    content = message.as_bytes()
    limit = int(server.esmtp_features.get("size") or 0)
    if limit and len(content) > limit:
        return Posted(too_large=limit / 1e6 * 0.95, failed={})
    _answer(server.mail(mail.sender, [f"size={len(content)}"] if limit else []))
    said = {person: server.rcpt(person) for person in recipients}
    refused = {person: _text(code, text) for person, (code, text) in said.items() if code // 100 != _GOOD}
    later = {person: text for person, text in refused.items() if said[person][0] in _LATER}
    failed = {person: text for person, text in refused.items() if person not in later}
    accepted = tuple(person for person in recipients if person not in refused)
    if not accepted:
        return Posted(failed=failed, later=later)
    with_these = Posted(failed=failed)
    code, text = server.docmd("DATA")
    if code == _GO_AHEAD:
        server.send(_dotted(content))
        with_these = with_these.then(_outcome(server.getreply, accepted))
    else:
        with_these = with_these.then(_by_code(accepted, code, text))
    return replace(with_these, later={**later, **with_these.later})


def _outcome(reply: Callable[[], tuple[int, bytes]], accepted: tuple[str, ...]) -> Posted:
    """The server's last word. After the final dot a silence means: perhaps delivered (RFC 1047)."""
    try:
        code, text = reply()
    except (OSError, smtplib.SMTPServerDisconnected):
        return Posted(unknown=accepted, notes=("The connection ended before the server's answer",))
    return Posted(sent=accepted) if code == _TAKEN else _by_code(accepted, code, text)


def _by_code(people: tuple[str, ...], code: int, text: bytes) -> Posted:
    """What a refusal means: 4xx is tried again, all else is not."""
    told = dict.fromkeys(people, _text(code, text))
    return Posted(later=told) if code in _LATER else Posted(failed=told)


def _answer(reply: tuple[int, bytes], expected: int = _TAKEN) -> None:
    code, text = reply
    if code != expected:
        raise smtplib.SMTPResponseException(code, text)


def _dotted(content: bytes) -> bytes:
    lines = content.replace(b"\r\n", b"\n").split(b"\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines).rstrip(b"\r\n") + b"\r\n.\r\n"


def _sendmail(message: EmailMessage, mail: Mail, recipients: Sequence[str]) -> Posted:
    command = [mail.sendmail, "-i", "-f", mail.sender, "--", *recipients]
    try:
        done = subprocess.run(command, input=message.as_bytes(), capture_output=True, timeout=300, check=False)  # noqa: S603 - the program of the settings
    except (OSError, subprocess.TimeoutExpired) as error:
        return _all_failed(recipients, f"{mail.sendmail}: {type(error).__name__}")
    return (
        Posted(sent=tuple(recipients)) if done.returncode == 0 else _all_failed(recipients, f"status {done.returncode}")
    )


def _password(mail: Mail) -> str:
    if mail.password_command:
        return _output_of(mail.password_command, "password_command")
    if mail.password_file:
        try:
            return Path(mail.password_file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SendError(
                f"The password file cannot be read ({type(error).__name__})", where=mail.password_file
            ) from None
    secret = os.environ.get(mail.password_env) if mail.password_env else None
    if not secret:
        raise SendError(
            "No password for the mail server",
            where="settings: mail",
            hint="Set password_env, password_file or password_command",
        )
    return secret


def _output_of(command: Sequence[str], key: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603 - the command of the settings
    except (OSError, subprocess.SubprocessError) as error:
        raise SendError(f"The command failed ({type(error).__name__})", where=f"settings: mail.{key}") from None
    return done.stdout.strip()


def _sign_in_refused(mail: Mail, error: smtplib.SMTPAuthenticationError) -> SendError:
    text = _text(error.smtp_code, error.smtp_error)
    if any(mark in text.lower() for mark in _BASIC_IS_OFF):
        hint = "This server takes no passwords any more: set mail.token_command (XOAUTH2), a relay, sendmail, or drafts"
        return SendError(f"Sign-in refused: {text}", where=f"{mail.host}:{mail.port}", hint=hint)
    return SendError(
        f"Sign-in refused: {text}", where=f"{mail.host}:{mail.port}", hint="Check mail.user and its secret"
    )


def _refused(mail: Mail, what: str) -> SendError:
    return SendError(what, where=f"{mail.host}:{mail.port}", hint="Check mail.host, mail.port and mail.security")


def _all_failed(recipients: Sequence[str], why: str) -> Posted:
    return Posted(failed=dict.fromkeys(recipients, why))


def _text(code: int, answer: bytes | str) -> str:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(words.split())}"
