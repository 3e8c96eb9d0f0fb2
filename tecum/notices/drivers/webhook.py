"""A notice as a signed web request, in the manner of the Standard Webhooks specification."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

import httpcore
import httpx

from tecum.notices.drivers import posting
from tecum.notices.models import Notice
from tecum.notices.rules import Outcome, one_line
from tecum.notices.states import AttemptEnd

PATIENCE = 20.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
FAULTS = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException)
_TRY_AGAIN = frozenset({408, 425, 429})


def body(notice: Notice) -> bytes:
    """Return what is sent: the notice's id (the same at every attempt), its kind, its text, the trail's checkpoint."""
    said = {
        "id": notice.pk,
        "type": notice.message,
        "at": notice.enqueued_at.isoformat(),
        "subject": notice.subject,
        "text": notice.text,
        "checkpoint": notice.checkpoint,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: bytes, *, id: str, timestamp: int, body: bytes) -> str:
    """Return the value of the `webhook-signature` header: version 1, HMAC-SHA256 over id, time and body."""
    signed = f"{id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def hook_body(notice: Notice) -> bytes:
    """Return what an agency's webhook is told: the kind, references and states; never a number, a name or a text."""
    said = {
        "id": notice.pk,
        "type": notice.message,
        "at": notice.enqueued_at.isoformat(),
        "data": json.loads(notice.text),
        "checkpoint": notice.checkpoint,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def tell(
    raw: bytes, *, id: str, address: str, secrets: Sequence[bytes], now: datetime, loopback: bool
) -> Outcome:
    """Post to an address that a person of an agency registered, signed with each of its secrets that is good."""
    timestamp = int(now.timestamp())
    headers: dict[bytes | str, bytes | str] = {
        "content-type": "application/json",
        "user-agent": "Tecum",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(
            signature(each, id=id, timestamp=timestamp, body=raw) for each in secrets
        ),
    }
    try:
        answer = posting.post(address, content=raw, headers=headers, loopback=loopback)
    except posting.NotOutside as why:
        return Outcome(AttemptEnd.REFUSED, "", str(why))
    except (*FAULTS, OSError) as fault:
        return Outcome(AttemptEnd.DEFERRED, "", one_line(f"{type(fault).__name__}: {fault}"))
    return judged(answer)


def judged(answer: posting.Answer) -> Outcome:
    """Return what an answer means: taken, refused for good, or to be tried again."""
    code = str(answer.code)
    if 200 <= answer.code < 300:
        return Outcome(AttemptEnd.ACCEPTED, code)
    final = 400 <= answer.code < 500 and answer.code not in _TRY_AGAIN
    return Outcome(AttemptEnd.REFUSED if final else AttemptEnd.DEFERRED, code, one_line(answer.words))


def send(raw: bytes, *, id: str, address: str, secret: bytes, now: datetime) -> Outcome:
    """Post a request and return what came of it; nothing is followed, and only https leaves this machine."""
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        return Outcome(AttemptEnd.REFUSED, "", "the guide names an address that is not https")
    timestamp = int(now.timestamp())
    headers = {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, id=id, timestamp=timestamp, body=raw),
    }
    try:
        answer = httpx.post(address, content=raw, headers=headers, timeout=PATIENCE, follow_redirects=False)
    except httpx.HTTPError as fault:
        return Outcome(AttemptEnd.DEFERRED, "", one_line(f"{type(fault).__name__}: {fault}"))
    code = str(answer.status_code)
    if answer.is_success:
        return Outcome(AttemptEnd.ACCEPTED, code)
    final = answer.is_client_error and answer.status_code not in _TRY_AGAIN
    return Outcome(AttemptEnd.REFUSED if final else AttemptEnd.DEFERRED, code, one_line(answer.reason_phrase))
