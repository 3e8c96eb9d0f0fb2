"""
Reads the report of a mail system that a message did not arrive, or is late (RFC 3464), from hostile bytes.

Nothing here raises: what cannot be read is no report. `inbox` calls it in its guarded worker.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from tecum.notices.rules import message_ids, one_line
from tecum.notices.states import AttemptEnd

MOST_PARTS = 50
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_ENDS = {"failed": AttemptEnd.BOUNCED, "delayed": AttemptEnd.DELAYED}


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says: about which of our messages (ids and envelope marks), what came of it, in which words."""

    end: AttemptEnd
    message_ids: tuple[str, ...]
    recipient: str
    code: str
    words: str


def read(raw: bytes) -> Report | None:
    """Return what a message reports about one of ours, or None when it is no report."""
    try:
        return _read(message_from_bytes(raw, policy=compat32))
    except Exception:  # hostile bytes: whatever the parser stumbles on, this is no report that can be used
        return None


def _read(message: Message) -> Report | None:
    parts = [part for _, part in zip(range(MOST_PARTS), message.walk(), strict=False)]
    fields = _fields(parts)
    end = _ENDS.get(one_line(fields.get("action", "")).lower())
    if end is None:
        return None
    about = message_ids(*(str(part.get("Message-ID", "")) for part in _returned(parts)))
    status = _STATUS.search(fields.get("status", ""))
    words = one_line(fields.get("diagnostic-code", "").partition(";")[2] or fields.get("status", ""), 300)
    recipient = one_line(fields.get("final-recipient", "").partition(";")[2])
    return Report(end, about, recipient, status.group(1) if status else "", words)


def _fields(parts: list[Message]) -> dict[str, str]:
    """Return the fields of the first recipient that a delivery status speaks of."""
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        found: dict[str, str] = {}
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message):
                found |= {
                    name.lower(): str(value) for name, value in block.items() if name.lower() not in found
                }
        return found
    return {}


def _returned(parts: list[Message]) -> list[Message]:
    """Return the heads of the message that came back, whole or as its headers only."""
    found: list[Message] = []
    for part in parts:
        # A text is asked for as bytes: decoding it raises for a charset with a NUL in its name.
        kind, inner = part.get_content_type(), part.get_payload() if part.is_multipart() else None
        if kind == "message/rfc822" and isinstance(inner, list):
            found += [each for each in inner if isinstance(each, Message)]
        elif kind == "text/rfc822-headers" and inner is None:
            found.append(message_from_bytes((part.get_payload(decode=True) or b""), policy=compat32))  # type: ignore[arg-type]
    return found
