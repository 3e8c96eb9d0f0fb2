"""Taking a message in. When `receive` returns, its bytes are sealed on the disk and its row is committed."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction

from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.documents import operations as documents
from tecum.inbox import queries
from tecum.inbox.addresses import mailboxes_of
from tecum.inbox.facts import Envelope
from tecum.inbox.models import Delivery, InboundMessage
from tecum.kernel.actors import Actor
from tecum.kernel.ids import reference, unguessable
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy
from tecum.secrecy import operations as secrecy

LARGEST = 80 << 20  # bytes
JUDGE = {"mail-urgent": "mail.judge_urgent", "mail": "mail.judge", "mail-bulk": "mail.judge_bulk"}


class TooLarge(Refused):
    """A message larger than any that can be taken in."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message that is safe with us; not `fresh` when the same bytes came before for the same mailbox."""

    id: str
    reference: str
    fresh: bool


def receive(
    raw: bytes,
    *,
    envelope: Envelope,
    door: str,
    by: Actor,
    now: datetime,
    form: str = "mail",
    mailbox: str = "",
    arrived_at: datetime | None = None,
) -> Received:
    """
    Take a message in: its bytes to the disk, then its row, its deadline to be read and its event in one transaction.

    Bytes that were handed over before for the same mailboxes are the same message, handed over again: a mail system
    that did not hear our 250 sends again, and loses and doubles nothing. `mailbox` names the guide's mailbox where the
    door knows it and the envelope does not; `arrived_at` is when it first came into the house, where that was earlier.

    :raises TooLarge: for what is larger than 80 MiB
    :raises FaultyGuide: when no version of the guide can be read: the sender tries again
    """
    if len(raw) > LARGEST:
        raise TooLarge("This message is larger than 80 MiB.")
    guide = policy.at(now)
    boxes = [mailbox] if mailbox else mailboxes_of(envelope.recipients, guide)
    fingerprint = secrecy.fingerprint(
        b"\0".join([sha256(raw).digest(), *(box.encode() for box in boxes)]), purpose="message"
    )
    known = InboundMessage.objects.filter(fingerprint=fingerprint).first()
    if known is not None:
        return again(known, boxes, envelope, door=door, by=by, now=now)
    matter = secrecy.open_matter(kind="mail", by=by, now=now)
    kept = documents.put(raw, matter=matter)
    sender_key = queries.sender_key(envelope)
    row = InboundMessage(
        id=unguessable(), reference=reference("ML"), matter=matter, raw=kept.id, form=form, size=len(raw),
        arrived_at=arrived_at or now, door=door, mailbox=boxes[0], sender_key=sender_key, fingerprint=fingerprint,
        lane=queries.lane_of(raw, sender=sender_key, boxes=boxes, now=now), guide_version=guide.version,
    )  # fmt: skip
    try:
        with transaction.atomic():
            _enter(row, kept, boxes, envelope, by=by, now=now)
    except (
        IntegrityError
    ):  # the same delivery through another connection was first; our copy on the disk is a stray
        known = InboundMessage.objects.get(fingerprint=fingerprint)
        return again(known, boxes, envelope, door=door, by=by, now=now)
    return Received(row.id, row.reference, fresh=True)


def _enter(
    row: InboundMessage,
    kept: documents.Kept,
    boxes: Sequence[str],
    envelope: Envelope,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Write everything that says a message is here."""
    media_type = "message/rfc822" if row.form == "mail" else "application/vnd.ms-outlook"
    documents.enter(kept, purpose="message", media_type=media_type, by=by, now=now)
    row.save(force_insert=True)
    _deliver(row, boxes, envelope, door=row.door, now=now)
    deadlines.arm(JUDGE[row.lane], subject=row.id, due_at=now, now=now)
    audit.record(
        "mail.received", by=by, at=now, matter=row.matter, message=row.id, door=row.door, size=row.size,
        content=kept.sha256,
    )  # fmt: skip


def _deliver(
    row: InboundMessage, boxes: Sequence[str], envelope: Envelope, *, door: str, now: datetime
) -> None:
    said = json.dumps(asdict(envelope)).encode()
    sealed = secrecy.seal_bytes(said, matter=row.matter, about=f"envelope {row.id}")
    Delivery.objects.bulk_create(
        Delivery(message=row, mailbox=box, door=door, at=now, envelope=sealed) for box in boxes
    )


def again(
    row: InboundMessage, boxes: Sequence[str], envelope: Envelope, *, door: str, by: Actor, now: datetime
) -> Received:
    """Write down that a message which is here already was handed over once more."""
    with transaction.atomic():
        _deliver(row, boxes, envelope, door=door, now=now)
        audit.record("mail.received_again", by=by, at=now, matter=row.matter, message=row.id, door=door)
    return Received(row.id, row.reference, fresh=False)
