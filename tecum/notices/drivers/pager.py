"""
A page: PagerDuty's Events API v2, a voice or SMS interface shaped as Twilio's, or a signed web request.

Each attempt is one request, guarded as every request is that leaves this house. What rings twice because an answer was
lost is rung by the same key where the other side knows keys (PagerDuty, webhooks); a telephone rings again: better than
not at all.
"""

import base64
import json
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from tecum.guide.model.guide import Guide
from tecum.guide.model.mail import Pager
from tecum.notices.drivers import posting, webhook
from tecum.notices.models import Notice
from tecum.notices.rules import Outcome, one_line
from tecum.notices.states import AttemptEnd, NoticeChannel

SHORT = 1500  # characters of a text message: ten parts at most
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
Headers = dict[bytes | str, bytes | str]
KINDS = {NoticeChannel.SMS: "sms", NoticeChannel.CALL: "voice"}


def chosen(row: Notice, guide: Guide) -> Pager | None:
    """Return the guide's pager that carries a notice: by its id, or the first of the kind that a number needs."""
    pagers = guide.mail.pagers
    if row.channel == NoticeChannel.PAGER:
        return next((each for each in pagers if each.id == row.recipient.partition("/")[0]), None)
    wanted = KINDS[NoticeChannel(row.channel)]
    return next((each for each in pagers if each.kind == wanted), None)


def ring(row: Notice, guide: Guide, *, secrets: Path, now: datetime, loopback: bool) -> Outcome:
    """Try once to page, and return what came of it."""
    pager = chosen(row, guide)
    if pager is None:
        return Outcome(AttemptEnd.REFUSED, "", "the guide no longer has this pager")
    key = (secrets / "pagers" / pager.id).read_bytes().strip()
    made = {"pagerduty": _pagerduty, "voice": _voice, "sms": _sms, "webhook": _webhook}[pager.kind]
    address, content, headers = made(row, pager, key, now)
    return posted(address, content, {"user-agent": "Tecum", **headers}, loopback=loopback)


def posted(address: str, content: bytes, headers: Headers, *, loopback: bool) -> Outcome:
    """Post once and return what came of it: a fault of the wire is tried again, a refusal is not."""
    try:
        answer = posting.post(address, content=content, headers=headers, loopback=loopback)
    except posting.NotOutside as why:
        return Outcome(AttemptEnd.REFUSED, "", str(why))
    except (*webhook.FAULTS, OSError) as fault:
        return Outcome(AttemptEnd.DEFERRED, "", one_line(f"{type(fault).__name__}: {fault}"))
    return webhook.judged(answer)


def _pagerduty(row: Notice, pager: Pager, key: bytes, now: datetime) -> tuple[str, bytes, Headers]:
    event = {
        "routing_key": key.decode(),
        "event_action": "trigger",
        "dedup_key": row.pk,
        "payload": {
            "summary": row.subject[:1024],
            "source": "tecum",
            "severity": "critical",
            "timestamp": row.enqueued_at.isoformat(),
            "custom_details": {"text": row.text},
        },
    }
    return pager.address, json.dumps(event).encode(), {"content-type": JSON}


def _sms(row: Notice, pager: Pager, key: bytes, _now: datetime) -> tuple[str, bytes, Headers]:
    said = {"To": f"+1{row.recipient}", "From": pager.sender, "Body": f"{row.subject}\n{row.text}"[:SHORT]}
    return _account(pager, "Messages"), urlencode(said).encode(), _basic(pager, key)


def _voice(row: Notice, pager: Pager, key: bytes, _now: datetime) -> tuple[str, bytes, Headers]:
    """Say the subject, never the link: nobody writes one down from a call."""
    spoken = escape(row.subject)
    twiml = f'<Response><Say loop="3">{spoken}. Sign in, read who called, and call back.</Say></Response>'
    said = {"To": f"+1{row.recipient}", "From": pager.sender, "Twiml": twiml}
    return _account(pager, "Calls"), urlencode(said).encode(), _basic(pager, key)


def _webhook(row: Notice, pager: Pager, key: bytes, now: datetime) -> tuple[str, bytes, Headers]:
    said = {
        "id": row.pk,
        "type": row.message,
        "at": row.enqueued_at.isoformat(),
        "subject": row.subject,
        "text": row.text,
    }
    raw = json.dumps({**said, "to": row.recipient.partition("/")[2]}, ensure_ascii=False).encode()
    timestamp = int(now.timestamp())
    headers: Headers = {
        "content-type": JSON,
        "webhook-id": row.pk,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": webhook.signature(key, id=row.pk, timestamp=timestamp, body=raw),
    }
    return pager.address, raw, headers


def _account(pager: Pager, what: str) -> str:
    return f"{pager.address.rstrip('/')}/2010-04-01/Accounts/{pager.account}/{what}.json"


def _basic(pager: Pager, key: bytes) -> Headers:
    pair = base64.b64encode(pager.account.encode() + b":" + key).decode()
    return {"content-type": FORM, "authorization": f"Basic {pair}"}
