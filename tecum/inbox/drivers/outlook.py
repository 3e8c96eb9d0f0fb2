"""Outlook's own format (.msg) into the same facts. Runs in the reader's process only."""

import io
from email.utils import getaddresses
from typing import Any

from oxmsg import Message as OutlookMessage

from tecum.inbox.drivers import harmless
from tecum.inbox.facts import Address, Facts

LONGEST_TEXT = 200_000


def read(raw: bytes, builder: Any) -> tuple[Facts, dict[str, bytes]]:
    """
    Return the facts of an Outlook message.

    :raises Exception: whatever the library raises on a file that is none; the reader's process says so
    """
    message = OutlookMessage.load(io.BytesIO(raw))
    headers = {name.lower(): str(value) for name, value in message.message_headers.items()}
    builder.texts.append(harmless.lines(message.body or "", LONGEST_TEXT))
    builder.html.append(harmless.from_html(message.html_body or "", LONGEST_TEXT))
    for number, attachment in enumerate(message.attachments, 1):
        name = harmless.file_name(attachment.file_name or "")
        declared = (attachment.mime_type or "application/octet-stream").lower()
        builder.add(str(number), attachment.file_bytes or b"", declared=declared, name=name, attached=True)
    senders = _addresses(message.sender or headers.get("from", ""))
    signs = set() if senders else {"no_from"}
    subject = harmless.line(message.subject or "")
    facts = Facts(
        subject=subject,
        senders=senders,
        to=tuple(
            Address(harmless.line(each.email_address, 254).lower(), harmless.line(each.name, 200))
            for each in message.recipients[:200]
        ),
        cc=_addresses(headers.get("cc", "")),
        date=message.sent_date.isoformat() if message.sent_date else "",
        message_id=harmless.line(headers.get("message-id", ""), 252).strip("<>"),
        auto_submitted=headers.get("auto-submitted", "").lower()[:60],
        text=builder.text,
        parts=tuple(builder.parts),
        signs=tuple(sorted(builder.signs | signs | ({"no_subject"} if not subject else set()) | {"outlook"})),
        digest=builder.digest(senders[0].address if senders else ""),
    )
    return facts, builder.bytes


def _addresses(text: str) -> tuple[Address, ...]:
    found = [
        Address(harmless.line(address, 254).lower(), harmless.line(shown, 200))
        for shown, address in getaddresses([text])
    ]
    return tuple(each for each in found if "@" in each.address)
