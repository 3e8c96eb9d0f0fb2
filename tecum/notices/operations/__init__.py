"""What is done with notices: enqueue, reply, claim and settle one attempt, take a bounce, send again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.audit import queries as trail
from tecum.deadlines import operations as deadlines
from tecum.documents.queries import FileView
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.kernel.actors import Actor
from tecum.kernel.ids import unguessable
from tecum.kernel.refusals import NotYours, Refused
from tecum.notices import attaching, messages, rules
from tecum.notices.drivers import letters, pager
from tecum.notices.drivers.letters import Value
from tecum.notices.drivers.reports import Report
from tecum.notices.models import DeliveryAttempt, Notice
from tecum.notices.queries import readable
from tecum.notices.rules import Attached, Destination, Incoming, Outcome
from tecum.notices.states import OVER, RINGING, AttemptEnd, NoticeChannel, NoticeState
from tecum.policy import queries as policy
from tecum.secrecy import operations as secrecy

HOUR = timedelta(hours=1)


class OutsideAnyChange(Exception):
    """A notice was enqueued outside the transaction of its cause: it would go out although the cause rolls back."""


class OutsideAnyMatter(Exception):
    """A notice that holds a link was enqueued without the matter whose key seals it."""


class CannotSendAgain(Refused):
    """A notice that is still on its way, or holds a link that must be issued afresh."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A notice in the outbox; `why` says why an automatic reply will not go out, "" where it will."""

    id: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A notice that this sender holds until its lease is over, under `fence`."""

    id: str
    fence: int
    attempts: int


def enqueue(
    message: str,
    *,
    to: str,
    context: Mapping[str, Value],
    by: Actor,
    now: datetime,
    matter: str = "",
    mailbox: str = "portal",
    in_reply_to: str = "",
    references: Sequence[str] = (),
    wording: str = "",
    attach: Mapping[str, FileView] | None = None,
) -> Queued:
    """
    Put a notice into the outbox, in the caller's transaction; it is sent after that commits.

    `wording` names another text of the guide than the message's own, with the same variables.
    `attach`: stored files of the same matter by the names they are sent under; they stay sealed until they leave.
    `to` is a mail address, `fax:NUMBER` or `webhook:ID`; `mailbox` is the guide's mailbox that it comes from.

    :raises UnknownMessage: when no capability declares the message
    :raises NoAddress: when `to` is none, or the guide has no such hook or fax gateway
    :raises NotInGuide: when the guide in force has no such text or mailbox
    :raises CannotAttach: for a file of another matter, too many bytes, or a channel that carries none
    """
    target = rules.destination(to)
    row = _drawn(message, target, context, by=by, now=now, matter=matter, mailbox=mailbox, wording=wording)
    row.attached = [each.as_data() for each in attaching.attached(attach or {}, row)]
    thread = rules.message_ids(*references, in_reply_to)
    row.in_reply_to, row.references = (thread[-1] if thread else ""), " ".join(thread)
    return _stored(row, by=by, now=now)


def reply(
    message: str,
    *,
    to: Incoming,
    context: Mapping[str, Value],
    by: Actor,
    now: datetime,
    matter: str = "",
    mailbox: str = "portal",
    conversation: str = "",
) -> Queued:
    """
    Answer a message automatically, where the manners of RFC 3834 let it; else say why not, for staff (control 11).

    At most one answer goes out in a conversation. `conversation` names it where the caller knows better than the
    message's own headers: a case that must be answered once (R-042).

    :raises UnknownMessage: when no capability declares the message
    """
    guide = policy.at(now)
    thread = rules.message_ids(*to.references, to.in_reply_to, to.message_id)
    address = rules.reply_address(to)
    plain = Destination(NoticeChannel.MAIL, address if rules.is_address(address) else "")
    row = _drawn(message, plain, context, by=by, now=now, matter=matter, mailbox=mailbox)
    row.automatic = True
    row.conversation = (conversation or rules.conversation(to))[:510]
    row.in_reply_to, row.references = (thread[-1] if thread else ""), " ".join(thread)
    why = rules.why_not(to, own=own_addresses(guide)) or _enough(row, to, guide, now=now)
    if not why:
        try:
            with transaction.atomic():
                return _stored(row, by=by, now=now)
        except IntegrityError:  # somebody answered this conversation at the same moment
            why = "this conversation has had its automatic answer"
    return _kept_back(row, why, by=by, now=now)


def claim(*, now: datetime, urgent: bool = False) -> Claim | None:
    """
    Take the notice that has been due longest, or None when nothing is to be sent.

    `urgent` takes those alone that go before all others; without it they are taken too, should their own lane stand still.
    """
    signed = trail.latest_checkpoint()
    rows = Notice.objects.due(now=now)
    for row in (rows.filter(message__in=messages.urgent()) if urgent else rows)[:20]:
        note = row.checkpoint or (signed.note if signed else "")
        if row.claim(lease_until=now + rules.LEASE, checkpoint=note):
            return Claim(row.pk, row.fence + 1, row.attempts + 1)
    return None


@transaction.atomic
def settle(claimed: Claim, outcome: Outcome, *, by: Actor, now: datetime) -> NoticeState | None:
    """
    Write down what came of an attempt, and what is next; None when the lease passed to another sender meanwhile.

    What was put off is tried again, ever later, for two days; what was refused lies for a person.
    """
    row = Notice.objects.get(pk=claimed.id)
    state, changes = _next(row, claimed, outcome, now=now)
    if not row.turn(fence=claimed.fence, state=state, lease_until=None, **changes):
        return None
    _log(row, outcome, now=now)
    if state is NoticeState.SENT:
        audit.record(
            "notice.sent", by=by, at=now, matter=row.matter, notice=row.pk, attempts=claimed.attempts
        )
    elif state is NoticeState.FAILED:
        audit.record(
            "notice.failed", by=by, at=now, matter=row.matter, notice=row.pk, code=_code(outcome.code)
        )
        _came_back(row, now=now)
    return state


@transaction.atomic
def take_report(report: Report, *, mark: str = "", by: Actor, now: datetime) -> bool:
    """
    Take another mail system's word that a notice did not arrive, or is late; tell whether it was one of ours.

    `mark` is what stood at `{id}` in the address that the report came to. Without it the report must return the
    message's id, which is unguessable. A report about anything else changes nothing.
    """
    rows = Notice.objects.filter(channel__in=[NoticeChannel.MAIL, NoticeChannel.FAX])
    row = rows.filter(pk=mark).first() if mark else None
    row = row or rows.filter(message_id__in=report.message_ids).first()
    if row is None:
        return False
    _log(row, Outcome(report.end, report.code, report.words), now=now)
    if report.end is AttemptEnd.BOUNCED:
        open_ones = Notice.objects.filter(pk=row.pk, state__in=[NoticeState.SENT, NoticeState.SENDING])
        if open_ones.update(state=NoticeState.BOUNCED, ended_at=now, lease_until=None):
            audit.record(
                "notice.bounced", by=by, at=now, matter=row.matter, notice=row.pk, code=_code(report.code)
            )
            _came_back(row, now=now)
    return True


@transaction.atomic
def send_again(*, notice: str, by: Actor, now: datetime, to: str = "") -> Queued:
    """
    Send a notice once more, as a message of its own, to its address or to another one (R-057).

    :raises NotYours: without the permission, or for an unknown notice
    :raises CannotSendAgain: while it is on its way, or when it held a link
    """
    require(by, "notice.resend", now=now)
    row = Notice.objects.select_for_update().filter(pk=notice).first()
    if row is None or not readable(by).filter(pk=notice).exists():
        raise NotYours
    if row.state not in OVER:
        raise CannotSendAgain("This message is still on its way; it is tried again by itself.")
    if _secret(row.message):
        raise CannotSendAgain("This message holds a link that works once. Issue a new link instead.")
    target = rules.destination(to.strip() or _written(row))
    fresh = Notice(
        message=row.message, guide_version=row.guide_version, matter=row.matter, mailbox=row.mailbox,
        sender=row.sender, subject=row.subject, text=row.text, html=row.html, bare_subject=row.bare_subject,
        in_reply_to=row.in_reply_to, references=row.references, again=row, attached=row.attached,
    )  # fmt: skip
    return _stored(_addressed(fresh, target, by=by, now=now), by=by, now=now)


def own_addresses(guide: Guide) -> frozenset[str]:
    """Return our own addresses in lower case: the guide's mailboxes and desks."""
    boxes = {box.address.lower() for box in guide.mailboxes}
    return frozenset(boxes | {desk.email.lower() for desk in guide.desks if desk.email})


def _drawn(
    message: str,
    target: Destination,
    context: Mapping[str, Value],
    *,
    by: Actor,
    now: datetime,
    matter: str,
    mailbox: str,
    wording: str = "",
) -> Notice:
    """Return the row of a notice, its text drawn up by the guide in force, not stored yet."""
    guide = policy.at(now)
    kind = messages.named(message)
    letter = letters.write(guide, wording or kind.name, context)
    _reachable(target, guide)
    row = Notice(
        message=kind.name,
        guide_version=guide.version,
        matter=matter,
        mailbox=mailbox,
        sender="" if target.channel in RINGING else guide.mailbox(mailbox).address,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        bare_subject=rules.bare_subject(letter.subject),
    )
    return _addressed(row, target, by=by, now=now)


def _reachable(target: Destination, guide: Guide) -> None:
    if target.channel is NoticeChannel.FAX and "{number}" not in guide.mail.fax_gateway:
        raise rules.NoAddress("The guide names no gateway for faxes.")
    if (
        target.channel in RINGING
        and pager.chosen(Notice(channel=target.channel, recipient=target.address), guide) is None
    ):
        raise rules.NoAddress(f"The guide names no pager for '{target.channel}'.")
    hooks = {hook.id for hook in guide.mail.hooks}
    if target.channel is NoticeChannel.WEBHOOK and target.address not in hooks:
        raise rules.NoAddress(f"The guide has no hook '{target.address}'.")


def _addressed(row: Notice, target: Destination, *, by: Actor, now: datetime) -> Notice:
    row.pk = unguessable()
    row.channel, row.recipient = target.channel, target.address
    row.message_id = f"<{row.pk}@{rules.domain_of(row.sender) or row.channel}>"
    row.enqueued_at = row.attempt_at = now
    row.enqueued_by = by.ref
    return row


def _stored(row: Notice, *, by: Actor, now: datetime) -> Queued:
    if not transaction.get_connection().in_atomic_block:
        raise OutsideAnyChange(f"'{row.message}' belongs into the transaction of its cause.")
    if _secret(row.message):
        _close(row)
    row.save(force_insert=True)
    audit.record(
        "notice.enqueued",
        by=by,
        at=now,
        matter=row.matter,
        notice=row.pk,
        message=row.message,
        channel=row.channel,
    )
    for each in map(Attached.read, row.attached):
        audit.record(
            "notice.attached", by=by, at=now, matter=row.matter, notice=row.pk, file=each.file, content=each.sha256, size=each.size
        )  # fmt: skip
    return Queued(row.pk)


def _kept_back(row: Notice, why: str, *, by: Actor, now: datetime) -> Queued:
    """Store a reply that does not go out, so that staff see it and can send it."""
    row.state, row.why, row.ended_at = NoticeState.NOT_SENT, why, now
    row.save(force_insert=True)
    audit.record("notice.kept_back", by=by, at=now, matter=row.matter, notice=row.pk, message=row.message)
    return Queued(row.pk, why)


def _enough(row: Notice, to: Incoming, guide: Guide, *, now: datetime) -> str:
    """Say why this address or conversation has had its automatic answer, "" while it has not."""
    replied = Notice.objects.filter(automatic=True, recipient__iexact=row.recipient).exclude(
        state=NoticeState.NOT_SENT
    )
    if row.conversation and replied.filter(conversation=row.conversation).exists():
        return "this conversation has had its automatic answer"
    ours = rules.message_ids(*to.references, to.in_reply_to)
    if ours and Notice.objects.filter(message_id__in=ours, automatic=True).exists():
        return "it answers an automatic answer of ours"
    # An auto-responder without manners: no header, no reference, but our own subject comes back.
    subject = rules.bare_subject(to.subject)
    recent = replied.filter(enqueued_at__gt=now - rules.REMEMBERED)
    if subject and recent.filter(bare_subject=subject).exists():
        return "it repeats the subject of an automatic answer of ours"
    if replied.filter(enqueued_at__gt=now - HOUR).count() >= guide.mail.replies_per_hour:
        return "this address has had too many automatic answers within an hour"
    return ""


def _next(
    row: Notice, claimed: Claim, outcome: Outcome, *, now: datetime
) -> tuple[NoticeState, dict[str, object]]:
    """Return the state after an attempt, and what else changes with it."""
    wiped: dict[str, object] = {"secret": b""} if _secret(row.message) else {}
    if outcome.end is AttemptEnd.ACCEPTED:
        return NoticeState.SENT, {"ended_at": now, **wiped}
    retries, urgent = policy.at(now).mail.retries, _urgent(row.message)
    if outcome.end is AttemptEnd.REFUSED or rules.gives_up(
        retries, enqueued_at=row.enqueued_at, now=now, urgent=urgent
    ):
        return NoticeState.FAILED, {"ended_at": now, **wiped}
    pause = rules.pause(retries, claimed.attempts, urgent=urgent)
    return NoticeState.QUEUED, {"attempt_at": now + pause}


def _close(row: Notice) -> None:
    """Seal a text that lets somebody in: neither staff nor a backup may read it while a server keeps it waiting."""
    if not row.matter:
        raise OutsideAnyMatter(f"'{row.message}' holds a link; without a matter nothing seals it.")
    said = json.dumps({"text": row.text, "html": row.html}).encode()
    row.secret = secrecy.seal_bytes(said, matter=row.matter, about=f"notice {row.pk}")
    row.text = row.html = ""


def _came_back(row: Notice, *, now: datetime) -> None:
    """Leave the fact for whoever knows whose address it is: notices know no people."""
    if row.channel == NoticeChannel.MAIL:
        deadlines.arm("account.bounced", subject=row.pk, due_at=now, matter=row.matter, now=now)
    if _urgent(row.message):
        deadlines.arm("oncall.undelivered", subject=row.pk, due_at=now, matter=row.matter, now=now)


def _urgent(message: str) -> bool:
    return message in messages.urgent()


def _secret(message: str) -> bool:
    return message in messages.REGISTRY and messages.REGISTRY[message].secret


def _log(row: Notice, outcome: Outcome, *, now: datetime) -> None:
    DeliveryAttempt.objects.create(
        notice=row, at=now, end=outcome.end, code=outcome.code[:20], words=outcome.words[:300]
    )


def _code(code: str) -> str:
    """Return a mail system's code as the trail may hold it."""
    return f"smtp.{code}" if code and code.replace(".", "").isdigit() else "none"


def _written(row: Notice) -> str:
    return row.recipient if row.channel == NoticeChannel.MAIL else f"{row.channel}:{row.recipient}"


__all__ = [
    "CannotSendAgain", "Claim", "NotInGuide", "OutsideAnyChange", "Queued",
    "claim", "enqueue", "own_addresses", "reply", "send_again", "settle", "take_report",
]  # fmt: skip
