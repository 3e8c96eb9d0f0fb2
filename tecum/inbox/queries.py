"""Messages as others see them. What they say is sealed: only `operations` opens that for a person, and records it."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from tecum.documents import operations as files
from tecum.documents import queries as documents
from tecum.inbox import rules
from tecum.inbox.addresses import bounced_mark, mailboxes_of
from tecum.inbox.facts import Authentication, Envelope, Facts, from_json
from tecum.inbox.models import InboundMessage
from tecum.inbox.states import FINAL_STATES, MessageClass, State
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.secrecy import operations as secrecy
from tecum.secrecy import queries as lists

PEEK = 16 << 10  # bytes of a message that say whether it presses


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message without what it says."""

    id: str
    reference: str
    matter: str
    arrived_at: datetime
    door: str
    mailbox: str
    state: State
    klass: MessageClass | None
    proposed: MessageClass | None
    reason: str
    belongs_to: str
    meant: MessageClass | None
    urgent: bool
    names_case: str
    attachments: int
    size: int
    form: str
    duplicate_of: str
    due_at: datetime | None
    judged_at: datetime | None
    routed_at: datetime | None
    routed_to: str
    guide_version: str

    @property
    def belongs_elsewhere(self) -> bool:
        """Tell whether it came to the wrong address."""
        return self.klass is MessageClass.MISDIRECTED


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says, for the capability that works on it; `id` is our own name of it."""

    facts: Facts
    authentication: Authentication
    envelope: Envelope
    id: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Invariant I6: what came in is in exactly one class, or still queued."""

    stored: int
    queued: int
    by_class: dict[MessageClass, int] = field(default_factory=dict)

    @property
    def accounted(self) -> int:
        """Return how many are in a class or queued."""
        return self.queued + sum(self.by_class.values())

    @property
    def holds(self) -> bool:
        """Tell whether nothing is lost and nothing is counted twice."""
        return self.stored == self.accounted


def tally() -> Tally:
    """Count the raw messages on the shelf against the messages in a class or queued (invariant I6)."""
    rows = InboundMessage.objects.values_list("state", "klass").annotate(count=Count("pk")).order_by()
    queued, by_class = 0, dict.fromkeys(MessageClass, 0)
    for state, klass, count in rows:
        if state in FINAL_STATES:
            by_class[MessageClass(klass)] += count
        else:
            queued += count
    return Tally(documents.count(purpose="message"), queued, by_class)


def sender_key(envelope: Envelope) -> str:
    """Return what the messages of one envelope sender have in common, without the address."""
    return secrecy.fingerprint((envelope.sender or "").lower().encode(), purpose="sender")


def lane_of(raw: bytes, *, sender: str, boxes: Collection[str], now: datetime) -> str:
    """Return who reads a message, before anybody read it (`rules.lane`); `sender` is the `sender_key` of its envelope."""
    guide = policy.at(now)
    since = now - guide.mail.storm_within.elapsed
    recent = InboundMessage.sent_lately(sender, since=since, most=guide.mail.storm)
    urgent_box = any(box.purpose == "emergency" for box in guide.mailboxes if box.id in boxes)
    return rules.lane(raw[:PEEK], recent=recent, urgent_box=urgent_box, mail=guide.mail)


def is_pressing(raw: bytes, *, envelope: Envelope, now: datetime) -> bool:
    """Tell whether a message looks like an emergency, so that a door takes it before what it holds of others."""
    boxes = mailboxes_of(envelope.recipients, policy.at(now))
    return lane_of(raw, sender=sender_key(envelope), boxes=boxes, now=now) == rules.LANES[0]


def readable(by: Actor | None) -> "QuerySet[InboundMessage]":
    """Return the messages that somebody may know of: none of a sealed matter on whose list they do not stand."""
    rows = InboundMessage.objects.all()
    return rows if by is None else rows.exclude(matter__in=lists.sealed_from(by.ref).values("pk"))


def message(message_id: str, *, by: Actor | None = None) -> MessageView:
    """
    Return a message without what it says: one that `by` may know of, or any for a process of ours.

    :raises NotYours: for one that there is not
    """
    row = readable(by).filter(pk=message_id).first()
    if row is None:
        raise NotYours
    return view(row)


def by_reference(reference: str) -> MessageView:
    """Return a message by the reference that people read aloud. :raises NotYours: for one that there is not"""
    row = InboundMessage.objects.filter(reference=reference).first()
    if row is None:
        raise NotYours
    return view(row)


def content(message_id: str) -> Content:
    """
    Return what a message says, for a capability that works on it by itself. For a person: `operations.open_message`.

    :raises NotYours: for a message that there is not, or that was not read yet
    :raises Destroyed: when its retention is over
    """
    row = InboundMessage.objects.filter(pk=message_id).exclude(facts=None).first()
    if row is None:
        raise NotYours
    said = _opened(row, bytes(row.facts or b""), f"facts {row.id}")
    first = row.deliveries.order_by("pk")[0]
    envelope = _opened(row, bytes(first.envelope), f"envelope {row.id}")
    known = said["authentication"]
    return Content(
        from_json(said["facts"]),
        Authentication(**{**known, "domains": tuple(known["domains"])}),
        Envelope(**{**envelope, "recipients": tuple(envelope["recipients"])}),
        row.pk,
    )


def raw(message_id: str) -> bytes:
    """
    Return the bytes of a message as they came, for a capability that takes its papers over.

    :raises NotYours: for a message that there is not
    :raises Destroyed: when its retention is over
    """
    row = InboundMessage.objects.filter(pk=message_id).first()
    if row is None:
        raise NotYours
    return files.read(row.raw)


def bounce_mark(address: str, *, now: datetime) -> str:
    """Return the mark of the message of ours that came back to this address, "" for any other address."""
    return bounced_mark(address.lower(), policy.at(now)) or ""


def waiting(*, now: datetime, by: Actor | None = None) -> tuple[int, int]:
    """Return how many messages wait for a person, and how many of them longer than promised (A4)."""
    rows = readable(by).filter(state__in=[State.WAITING, State.RESTING])
    return rows.count(), rows.filter(due_at__lt=now).count()


def count(*, by: Actor) -> int:
    """Return how many messages were received that somebody may know of."""
    return readable(by).count()


def unread(*, by: Actor | None = None) -> int:
    """Return how many messages nobody has read yet."""
    return readable(by).filter(state=State.RECEIVED).count()


def resting() -> int:
    """Return how many messages wait for a person's work, because nothing here does it by itself."""
    return InboundMessage.objects.filter(state=State.RESTING).count()


def unrouted() -> int:
    """Return how many messages are classified and not handed on yet."""
    return InboundMessage.objects.filter(state=State.CLASSIFIED).count()


def views(rows: Iterable[InboundMessage]) -> list[MessageView]:
    """Return rows as others see them."""
    return [view(row) for row in rows]


def view(row: InboundMessage) -> MessageView:
    """Return one row as others see it."""
    return MessageView(
        row.id, row.reference, row.matter, row.arrived_at, row.door, row.mailbox, State(row.state), _class(row.klass),
        _class(row.proposed), row.reason, row.belongs_to, _class(row.meant), row.urgent, row.names_case,
        row.attachments, row.size, row.form, row.duplicate_of_id or "", row.due_at, row.judged_at, row.routed_at,
        row.routed_to, row.guide_version,
    )  # fmt: skip


def _class(text: str) -> MessageClass | None:
    return MessageClass(text) if text else None


def _opened(row: InboundMessage, sealed: bytes, about: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(secrecy.read_bytes(sealed, matter=row.matter, about=about))
    return found
