"""One conversation with the next mail server, or a folder that another program empties."""

import os
import smtplib
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tecum.notices.rules import Outcome, one_line
from tecum.notices.states import AttemptEnd

PATIENCE = 30.0  # seconds for each answer of the server


class BadServerAddress(ValueError):
    """TECUM_SMTP is not an address this program understands."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where outgoing mail goes."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    path: str


def server(address: str) -> Server:
    """
    Read `smtp://`, `smtp+starttls://` or `smtps://` `user:password@host:port`, or `folder:PATH`.

    :raises BadServerAddress: for anything else
    """
    scheme, _, path = address.partition(":")
    if scheme == "folder" and path:
        return Server("folder", "", 0, "", "", path)
    parts = urlsplit(address)
    if parts.scheme not in {"smtp", "smtp+starttls", "smtps"} or not parts.hostname:
        raise BadServerAddress(
            "TECUM_SMTP should begin with smtp://, smtp+starttls://, smtps:// or folder:, and name a host."
        )
    port = parts.port or {"smtp": 25, "smtp+starttls": 587, "smtps": 465}[parts.scheme]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.scheme, parts.hostname, port, user, password, "")


def send(raw: bytes, *, envelope_from: str, to: str, by: Server) -> Outcome:
    """Hand a message to the next server and return what it said; "" as the envelope's sender is the null path."""
    if by.scheme == "folder":
        return _into_folder(raw, Path(by.path))
    try:
        return _conversation(raw, envelope_from, to, by)
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        return _said(code, words)
    except smtplib.SMTPAuthenticationError as refused:
        # Our own password is wrong: no fault of this message, and mended without it being lost.
        return Outcome(AttemptEnd.DEFERRED, str(refused.smtp_code), "the mail server refuses our password")
    except smtplib.SMTPResponseException as refused:
        return _said(refused.smtp_code, refused.smtp_error)
    except (smtplib.SMTPException, OSError) as fault:
        return Outcome(AttemptEnd.DEFERRED, "", one_line(f"{type(fault).__name__}: {fault}"))


def _conversation(raw: bytes, envelope_from: str, to: str, by: Server) -> Outcome:
    secure = ssl.create_default_context()
    if by.scheme == "smtps":
        client: smtplib.SMTP = smtplib.SMTP_SSL(by.host, by.port, timeout=PATIENCE, context=secure)
    else:
        client = smtplib.SMTP(by.host, by.port, timeout=PATIENCE)
    try:
        if by.scheme == "smtp+starttls":
            client.starttls(context=secure)
        if by.user:
            client.login(by.user, by.password)
        client.ehlo_or_helo_if_needed()
        _must(client.mail(envelope_from), smtplib.SMTPSenderRefused, envelope_from)
        code, words = client.rcpt(to)
        if code not in (250, 251):
            return _said(code, words)
        return _said(*client.data(raw))
    finally:
        _quit(client)


def _must(answer: tuple[int, bytes], refusal: type[smtplib.SMTPSenderRefused], sender: str) -> None:
    if answer[0] != 250:
        raise refusal(answer[0], answer[1], sender)


def _quit(client: smtplib.SMTP) -> None:
    """End the conversation; what became of the message is already known."""
    try:
        client.quit()
    except (smtplib.SMTPException, OSError):
        client.close()


def _said(code: int, words: bytes | str) -> Outcome:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    if 200 <= code < 300:
        return Outcome(AttemptEnd.ACCEPTED, str(code), one_line(text))
    end = AttemptEnd.REFUSED if 500 <= code < 600 else AttemptEnd.DEFERRED
    return Outcome(end, str(code), one_line(text))


def _into_folder(raw: bytes, folder: Path) -> Outcome:
    """Leave the message as a file; the same message again is the same file."""
    head = raw.lower().partition(b"message-id: <")[2].partition(b"@")[0].decode("ascii", "replace")
    name = f"{head or 'message'}.eml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{name}.{os.getpid()}"
        draft.write_bytes(raw)
        draft.replace(folder / name)
    except OSError as fault:
        return Outcome(AttemptEnd.DEFERRED, "", one_line(str(fault)))
    return Outcome(AttemptEnd.ACCEPTED, "", f"left in the folder as {name}")
