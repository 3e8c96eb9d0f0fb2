"""What people do with messages. Every look at what one says is noted before it is shown."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.audit.rules import Receipt
from tecum.deadlines import operations as deadlines
from tecum.documents import operations as documents
from tecum.inbox import queries
from tecum.inbox.drivers.reader import NoSuchPart, Reader, Unreadable
from tecum.inbox.models import InboundMessage, Judgement, ViewCopy
from tecum.inbox.queries import Content, MessageView
from tecum.inbox.states import NEXT, MessageClass, State
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.secrecy import operations as secrecy

PAGE = 50
LONGEST_REASON = 2_000
THERE = {
    "demands": MessageClass.LEGAL_DEMAND,
    "emergency": MessageClass.LEGAL_DEMAND,
    "status": MessageClass.STATUS,
}
# A saved view → which messages it shows.
VIEWS: dict[str, Q] = {
    "waiting": Q(state__in=[State.WAITING, State.RESTING]),
    "urgent": Q(urgent=True),
    "unread": Q(state=State.RECEIVED),
    "misdirected": Q(klass=MessageClass.MISDIRECTED),
    "quarantined": Q(klass=MessageClass.QUARANTINED),
    "all": Q(),
}


class CannotReclassify(Refused):
    """A decision about a message that would not be one."""


class CannotTake(Refused):
    """A part of a message that cannot be had."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a list, with who sent it and about what; `gone` when its retention is over."""

    message: MessageView
    sender: str = ""
    name: str = ""
    subject: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list."""

    lines: tuple[Line, ...]
    found: int
    page: int


@dataclass(frozen=True, slots=True)
class Decision:
    """One judgement as people see it."""

    klass: MessageClass | None
    reason: str
    belongs_to: str
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A message with everything it says, shown to a person; `receipt` is the note of that."""

    message: MessageView
    content: Content | None
    decisions: tuple[Decision, ...]
    copies: dict[str, str]
    receipt: Receipt
    gone: bool = False


def list_messages(
    *,
    view: str = "waiting",
    klass: str = "",
    mailbox: str = "",
    reference: str = "",
    page: int = 1,
    by: Actor,
    now: datetime,
) -> Listed:
    """
    Return a page of messages, most pressing first, and note that it was seen.

    :raises NotYours: without the permission
    """
    require(by, "mail.read", now=now)
    rows = queries.readable(by).filter(VIEWS.get(view, Q()))
    for column, value in (("klass", klass), ("mailbox", mailbox), ("reference", reference.strip().upper())):
        rows = rows.filter(**{column: value}) if value else rows
    found = rows.count()
    start = (max(page, 1) - 1) * PAGE
    shown = list(_ordered(rows, view)[start : start + PAGE])
    audit.note(
        "mail.listed", by=by, at=now, shown=len(shown), found=found, state=view if view in VIEWS else None
    )
    return Listed(tuple(_line(row) for row in shown), found, max(page, 1))


def open_message(*, message: str, by: Actor, now: datetime) -> Opened:
    """
    Return a message with what it says; the reading is in the trail before this returns.

    :raises NotYours: without the permission, or for a message that there is not
    """
    require(by, "mail.read", now=now)
    row = _row(message, by)
    receipt = audit.note("mail.opened", by=by, at=now, matter=row.matter, message=row.id)
    gone, content = False, None
    decisions: tuple[Decision, ...] = ()
    try:
        content = queries.content(row.id) if row.facts is not None else None
        decisions = tuple(_decision(each, row) for each in row.judgements.order_by("pk"))
    except secrecy.Destroyed:
        gone = True
    copies = dict(ViewCopy.objects.filter(message=row).values_list("part", "media_type"))
    return Opened(queries.view(row), content, decisions, copies, receipt, gone)


def take_part(*, message: str, part: str, original: bool, by: Actor, now: datetime) -> tuple[str, bytes]:
    """
    Return the type and bytes of one part, its harmless copy or as it came; `part` "0" is the whole message.

    :raises NotYours: without the permission, or for a part that there is not
    :raises CannotTake: when the part can no longer be read
    """
    require(by, "mail.read", now=now)
    row = _row(message, by)
    copy = None if original else ViewCopy.objects.filter(message=row, part=part).first()
    if not original and copy is None:
        raise NotYours
    form = "original" if original else "copy"
    audit.note(
        "mail.part_taken", by=by, at=now, matter=row.matter, message=row.id, part=f"part.{part}", form=form
    )
    if copy is not None:
        return copy.media_type, documents.read(copy.file)
    raw = documents.read(row.raw)
    if part == "0":
        return "message/rfc822" if row.form == "mail" else "application/vnd.ms-outlook", raw
    try:
        with Reader() as reader:
            return reader.part(raw, part, row.form)
    except NoSuchPart:
        raise NotYours from None
    except Unreadable:
        raise CannotTake("This part cannot be read; take the whole message as it came.") from None


@transaction.atomic
def reclassify(
    *,
    message: str,
    to: MessageClass,
    reason: str,
    by: Actor,
    now: datetime,
    belongs_to: str = "",
    of: str = "",
) -> MessageView:
    """
    Say what a message is, against the rules or where they could not; it is handed on anew. The arrival stays.

    `belongs_to` is the guide's mailbox for a misdirected one; `of` the reference of the original of a duplicate.

    :raises NotYours: without the permission, or for a message that there is not
    :raises CannotReclassify: without a reason, for an unread one, or where the class lacks what it needs
    """
    require(by, "mail.classify", now=now)
    row = _locked(message, by)
    original = _checked(row, to, reason, belongs_to, of, by=by, now=now)
    was = State(row.state)
    target = belongs_to or (row.mailbox if to is not MessageClass.MISDIRECTED else "")
    changed = row.turn(
        was=was, state=State.CLASSIFIED, klass=to, proposed="", reason="person", belongs_to=target,
        meant=_meant(to, target, now), duplicate_of=original, due_at=None, twin="", judged_at=now, judged_by=by.ref,
        routed_at=None, routed_to="",
    )  # fmt: skip
    if not changed:
        raise CannotReclassify("Somebody else decided about this message a moment ago. Nothing was changed.")
    if original is not None:
        secrecy.make_part(row.matter, of=original.matter)
    words = secrecy.seal_bytes(reason.strip().encode(), matter=row.matter, about=f"words {row.id}")
    Judgement.objects.create(
        message=row, klass=to, reason="person", belongs_to=target, words=words, by=by.ref, at=now
    )
    audit.record(
        "mail.reclassified", by=by, at=now, matter=row.matter, message=row.id, was=row.klass or "waiting", klass=to,
        belongs_to=target or None, of=original.id if original else None,
    )  # fmt: skip
    deadlines.arm("mail.route", subject=row.id, due_at=now, now=now)
    return queries.message(row.id)


@transaction.atomic
def done_by_hand(*, message: str, reason: str, by: Actor, now: datetime) -> None:
    """
    Say that a person worked on a message that nothing here takes; what was done is kept with it, sealed.

    :raises NotYours: without the permission, or for a message that there is not
    :raises CannotReclassify: without words, or for a message that does not wait for a person's work
    """
    require(by, "mail.classify", now=now)
    row = _locked(message, by)
    if not 3 <= len(reason.strip()) <= LONGEST_REASON:
        raise CannotReclassify("Say in a few words what was done; it is kept with the message.")
    if not row.turn(was=State.RESTING, state=State.ROUTED, routed_at=now, routed_to="by_hand", due_at=None):
        raise CannotReclassify("This message does not wait for work by hand.")
    words = secrecy.seal_bytes(reason.strip().encode(), matter=row.matter, about=f"words {row.id}")
    Judgement.objects.create(
        message=row,
        klass=row.klass,
        reason="by_hand",
        belongs_to=row.belongs_to,
        words=words,
        by=by.ref,
        at=now,
    )
    audit.record("mail.done_by_hand", by=by, at=now, matter=row.matter, message=row.id)


def _checked(
    row: InboundMessage, to: MessageClass, reason: str, belongs_to: str, of: str, *, by: Actor, now: datetime
) -> InboundMessage | None:
    """Return the original of a duplicate, after everything that a decision needs was found to be there."""
    if State.CLASSIFIED not in NEXT[State(row.state)] or row.state == State.RECEIVED:
        raise CannotReclassify("This message has not been read yet. That takes seconds; then decide.")
    if not 3 <= len(reason.strip()) <= LONGEST_REASON:
        raise CannotReclassify("Say in a few words why; the reason is kept with the message.")
    if row.klass == to and belongs_to in {"", row.belongs_to}:
        raise CannotReclassify("That is what this message is already.")
    boxes = {box.id: box for box in policy.at(now).mailboxes}
    if to is MessageClass.MISDIRECTED and not belongs_to:
        raise CannotReclassify("Say which mailbox the message belongs to.")
    if belongs_to and (belongs_to not in boxes or boxes[belongs_to].no_reply):
        raise CannotReclassify("That is none of the mailboxes that messages belong to.")
    if to is MessageClass.CIVIL and not any(
        boxes[each].silent_parties for each in {row.mailbox, row.belongs_to} if each in boxes
    ):
        raise CannotReclassify(
            "Only the portal mailbox is silent to civil parties; here the message is answered (A4)."
        )
    return _original(row, of, by) if to is MessageClass.DUPLICATE else None


def _original(row: InboundMessage, of: str, by: Actor) -> InboundMessage:
    original = queries.readable(by).filter(reference=of.strip().upper()).exclude(pk=row.pk).first()
    if original is None or original.duplicate_of_id:
        raise CannotReclassify(
            "Name the reference of the message that this one repeats, for example ML-7Q2M-40VX."
        )
    return original


def _meant(to: MessageClass, target: str, now: datetime) -> str:
    if to is not MessageClass.MISDIRECTED:
        return ""
    purpose = next(box.purpose for box in policy.at(now).mailboxes if box.id == target)
    return str(THERE.get(purpose, ""))


def _row(message: str, by: Actor) -> InboundMessage:
    row = queries.readable(by).filter(pk=message).first()
    if row is None:
        raise NotYours
    return row


def _locked(message: str, by: Actor) -> InboundMessage:
    row = InboundMessage.objects.select_for_update().filter(pk=message).first()
    # Asked after the lock is ours: whoever sealed the case of it while we waited is obeyed.
    if row is None or not queries.readable(by).filter(pk=row.pk).exists():
        raise NotYours
    return row


def _ordered(rows: "QuerySet[InboundMessage]", view: str) -> "QuerySet[InboundMessage]":
    if view == "waiting":
        return rows.order_by("-urgent", F("due_at").asc(nulls_last=True), "arrived_at")
    if view == "unread":
        return rows.order_by("arrived_at")
    return rows.order_by("-arrived_at")


def _line(row: InboundMessage) -> Line:
    message = queries.view(row)
    if row.facts is None:
        return Line(message)
    try:
        facts = queries.content(row.id).facts
    except secrecy.Destroyed:
        return Line(message, gone=True)
    return Line(message, facts.sender.address, facts.sender.name, facts.subject)


def _decision(row: Judgement, message: InboundMessage) -> Decision:
    words = ""
    if row.words is not None:
        words = secrecy.read_bytes(
            bytes(row.words), matter=message.matter, about=f"words {message.id}"
        ).decode()
    klass = MessageClass(row.klass) if row.klass else None
    return Decision(klass, row.reason, row.belongs_to, words, row.by, row.at)
