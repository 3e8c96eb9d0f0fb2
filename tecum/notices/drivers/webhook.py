"""A notice as a signed web request, in the manner of the Standard Webhooks specification."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from urllib.parse import urlsplit

import httpx

from tecum.notices.models import Notice
from tecum.notices.rules import Outcome, one_line
from tecum.notices.states import AttemptEnd

PATIENCE = 20.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
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
