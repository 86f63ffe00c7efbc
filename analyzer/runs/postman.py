"""Hand a mail over: SMTP with verified TLS, or a sendmail program."""

from __future__ import annotations

import contextlib
import os
import smtplib
import ssl
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from analyzer.errors import SendError
from analyzer.settings import Mail

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_LATER = range(400, 500)
_GO_AHEAD, _TAKEN = 354, 250
_BASIC_IS_OFF = ("5.7.139", "basic authentication is disabled", "smtpclientauthentication is disabled", "5.7.57")


@dataclass(frozen=True, slots=True)
class Posted:
    """What the server said, recipient by recipient. ``too_large`` is its limit in MB where the mail is over it."""

    sent: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    failed: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    too_large: float = 0.0


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
    pause = mail.wait_seconds
    for attempt in range(1, mail.tries + 1):
        try:
            return _once(message, mail, recipients)
        except _Later as later:
            if attempt == mail.tries:
                return _all_failed(recipients, f"{later} ({mail.tries} tries)")
            time.sleep(pause)
            pause *= 2
    return _all_failed(recipients, "never tried")


class _Later(Exception):  # noqa: N818 - an answer, not an error
    """The server asks to try again later."""


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
    except smtplib.SMTPNotSupportedError:
        raise _refused(mail, "The server offers no STARTTLS, or no sign-in; nothing is sent in the clear") from None
    except smtplib.SMTPAuthenticationError as error:
        raise _sign_in_refused(mail, error) from None
    except smtplib.SMTPResponseException as error:
        text = _text(error.smtp_code, error.smtp_error)
        if error.smtp_code in _LATER:
            raise _Later(text) from None
        return _all_failed(recipients, text)
    except (OSError, smtplib.SMTPException) as error:
        raise _Later(f"{mail.host}:{mail.port} cannot be reached ({type(error).__name__})") from None


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
    refused: dict[str, str] = {}
    accepted: list[str] = []
    for person in recipients:
        code, text = server.rcpt(person)
        if code in _LATER and len(recipients) == 1:
            raise _Later(_text(code, text))
        if code // 100 == 2:  # noqa: PLR2004 - 2xx: taken
            accepted.append(person)
        else:
            refused[person] = _text(code, text)
    if not accepted:
        return Posted(failed=refused)
    _answer(server.docmd("DATA"), expected=_GO_AHEAD)
    server.send(_dotted(content))
    return _outcome(server.getreply, tuple(accepted), refused)


def _outcome(reply: Callable[[], tuple[int, bytes]], accepted: tuple[str, ...], refused: dict[str, str]) -> Posted:
    """The server's last word. After the final dot a silence means: perhaps delivered (RFC 1047)."""
    try:
        code, text = reply()
    except (OSError, smtplib.SMTPServerDisconnected):
        return Posted(unknown=accepted, failed=refused, notes=("The connection ended before the server's answer",))
    if code in _LATER:
        raise _Later(_text(code, text))
    if code != _TAKEN:
        return Posted(failed={**refused, **dict.fromkeys(accepted, _text(code, text))})
    return Posted(sent=accepted, failed=refused)


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
