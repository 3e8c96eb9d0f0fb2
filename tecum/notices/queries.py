"""The outbox and the delivery log as staff see them, and what the watcher of the invariants asks."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from tecum.access.rules import require
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long
from tecum.kernel.refusals import NotYours, Refused
from tecum.notices import attaching, rules
from tecum.notices.drivers import letters, transport, webhook
from tecum.notices.drivers.letters import Letter, Value
from tecum.notices.drivers.transport import Machine
from tecum.notices.messages import named
from tecum.notices.models import DeliveryAttempt, Notice, WebHook
from tecum.notices.rules import Incoming, Outcome, reply_address
from tecum.notices.states import UNDELIVERED, AttemptEnd, HookState, NoticeChannel, NoticeState
from tecum.policy import queries as policy
from tecum.secrecy import operations as secrecy
from tecum.secrecy import queries as lists


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One line of the delivery log."""

    at: datetime
    end: AttemptEnd
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice as staff see it; `text` is empty in lists, and wiped where it held a link."""

    id: str
    message: str
    channel: NoticeChannel
    recipient: str
    sender: str
    subject: str
    state: NoticeState
    why: str
    matter: str
    automatic: bool
    enqueued_at: datetime
    attempt_at: datetime
    ended_at: datetime | None
    attempts: int
    message_id: str
    text: str
    html: str
    log: tuple[AttemptView, ...]
    again: str = ""


@dataclass(frozen=True, slots=True)
class CameBack:
    """A mail that did not arrive: to whom, with which code, and when we were told."""

    recipient: str
    code: str
    enqueued_at: datetime


@dataclass(frozen=True, slots=True)
class Outbox:
    """How much is on its way, and how much lies for a person."""

    waiting: int
    undelivered: int
    oldest: datetime | None


def carry(notice: str, *, now: datetime) -> Outcome:
    """Try to deliver a claimed notice over its channel, outside every transaction, and return what came of it."""
    row = Notice.objects.get(pk=notice)
    if row.secret:
        said = json.loads(secrecy.read_bytes(bytes(row.secret), matter=row.matter, about=f"notice {row.pk}"))
        row.text, row.html = said["text"], said["html"]
    hook = WebHook.objects.filter(pk=row.recipient).first() if row.channel == NoticeChannel.WEBHOOK else None
    if hook is not None:
        return _told(row, hook, now=now)
    try:
        attached = attaching.opened(row)
    except (
        Refused
    ) as fault:  # destroyed, removed, or not what was put with it: the letter does not go without it
        return Outcome(AttemptEnd.REFUSED, "", str(fault)[:200])
    return transport.carry(row, guide=policy.at(now), machine=machine(), now=now, attached=attached)


def _told(row: Notice, hook: WebHook, *, now: datetime) -> Outcome:
    """Tell an agency's webhook, unless it has ended or has not proved itself."""
    asks = hook.state == HookState.PENDING and row.message == rules.CHALLENGE
    if hook.state != HookState.ACTIVE and not asks:
        return Outcome(AttemptEnd.REFUSED, "", "this webhook has ended, or has not proved itself")
    sealed = [hook.secret] + ([hook.old_secret] if hook.old_until and now < hook.old_until else [])
    about = f"webhook {hook.pk}"
    keys = [secrecy.read_bytes(bytes(each), matter=hook.matter, about=about) for each in sealed]
    return webhook.tell(
        webhook.hook_body(row), id=row.pk, address=hook.address, secrets=keys, now=now,
        loopback=settings.TECUM_HOOKS_TO_LOOPBACK,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class HookView:
    """A webhook as its person sees it: never a secret. `waiting` and `dead` count what has not arrived."""

    id: str
    address: str
    state: HookState
    registered_at: datetime
    confirmed_at: datetime | None
    two_secrets_until: datetime | None
    waiting: int
    dead: int


def hooks(*, by: Actor, now: datetime) -> list[HookView]:
    """Return the own webhooks that have not ended, the oldest first."""
    require(by, "webhook.own", now=now)
    rows = WebHook.objects.filter(owner=by.ref).exclude(state=HookState.ENDED).order_by("registered_at", "pk")
    return [_hook(row, now=now) for row in rows]


def deliveries(*, hook: str, by: Actor, now: datetime) -> list[NoticeView]:
    """Return what an own webhook was told, or could not be, newest first. :raises NotYours: for another's"""
    require(by, "webhook.own", now=now)
    if not WebHook.objects.filter(pk=hook, owner=by.ref).exists():
        raise NotYours
    rows = Notice.objects.filter(channel=NoticeChannel.WEBHOOK, recipient=hook).order_by(
        "-enqueued_at", "-pk"
    )
    return [_view(row, bodies=False) for row in rows.prefetch_related("log")[:100]]


def heard_by(notice: str) -> tuple[str, str] | None:
    """Return whose webhook a notice goes to and which matter it speaks of; None where it goes elsewhere."""
    row = Notice.objects.filter(pk=notice, channel=NoticeChannel.WEBHOOK).first()
    hook = WebHook.objects.filter(pk=row.recipient).first() if row else None
    return (hook.owner, row.matter) if row and hook else None


def _hook(row: WebHook, *, now: datetime) -> HookView:
    sent = Notice.objects.filter(channel=NoticeChannel.WEBHOOK, recipient=row.pk)
    return HookView(
        row.pk, row.address, HookState(row.state), row.registered_at, row.confirmed_at,
        row.old_until if row.old_until and now < row.old_until else None,
        sent.filter(state__in=[NoticeState.QUEUED, NoticeState.SENDING]).count(),
        sent.filter(state__in=UNDELIVERED).count(),
    )  # fmt: skip


def machine() -> Machine:
    """Return what this machine brings for sending."""
    return Machine(
        server=settings.TECUM_SMTP,
        secrets=Path(settings.TECUM_SECRETS),
        loopback=settings.TECUM_HOOKS_TO_LOOPBACK,
    )


def outbox(*, by: Actor, now: datetime) -> Outbox:
    """Return the figures of the outbox, as far as this person may know. :raises NotYours: without the permission"""
    require(by, "notice.read", now=now)
    rows = readable(by)
    waiting = rows.filter(state__in=[NoticeState.QUEUED, NoticeState.SENDING]).order_by("enqueued_at")
    first = waiting.first()
    undelivered = rows.filter(state__in=UNDELIVERED, copies=None).count()
    return Outbox(waiting.count(), undelivered, first.enqueued_at if first else None)


def listed(
    *, by: Actor, now: datetime, states: Collection[NoticeState] = (), find: str = ""
) -> Long[NoticeView]:
    """
    Return notices, newest first, by state and by a part of the address or subject.

    :raises NotYours: without the permission
    """
    require(by, "notice.read", now=now)
    rows = readable(by).order_by("-enqueued_at", "-pk")
    if states:
        rows = rows.filter(state__in=states)
    if find:
        rows = rows.filter(Q(recipient__icontains=find) | Q(subject__icontains=find))
    rows = rows.select_related("again").prefetch_related("log")
    return Long.of(rows, lambda row: _view(row, bodies=False))


def one(notice: str, *, by: Actor, now: datetime) -> NoticeView:
    """
    Return one notice with its text and its log.

    :raises NotYours: without the permission, or when unknown
    """
    require(by, "notice.read", now=now)
    row = readable(by).filter(pk=notice).prefetch_related("log").first()
    if row is None:
        raise NotYours
    return _view(row, bodies=True)


def readable(by: Actor) -> "QuerySet[Notice]":
    """Return the notices that a person may know of: none of a sealed matter on whose list they do not stand."""
    return Notice.objects.exclude(matter__in=lists.sealed_from(by.ref).values("pk"))


def preview(message: str, context: Mapping[str, Value], *, now: datetime) -> Letter:
    """
    Return a message as it would be sent now, for looking at before it is.

    :raises UnknownMessage: when no capability declares it
    """
    return letters.write(policy.at(now), named(message).name, context)


def of_matter(matter: str) -> list[NoticeView]:
    """Return the notices of a matter, oldest first, for the capability that owns the matter."""
    rows = Notice.objects.filter(matter=matter).order_by("enqueued_at", "pk").prefetch_related("log")
    return [_view(row, bodies=True) for row in rows]


def matters_of(message_ids: Collection[str]) -> list[str]:
    """Return the matters of our own messages that somebody answers, by their Message-IDs with brackets."""
    named = [each for each in message_ids if each]
    rows = Notice.objects.filter(message_id__in=named).exclude(matter="") if named else Notice.objects.none()
    return list(rows.values_list("matter", flat=True).distinct())


def was_answered(letter: Incoming, *, now: datetime) -> bool:
    """Tell whether a message received had an automatic answer just `now`, or was refused one by the manners."""
    said = Notice.objects.filter(recipient=reply_address(letter), enqueued_at=now, automatic=True)
    thread = rules.message_ids(*letter.references, letter.in_reply_to, letter.message_id)
    return said.filter(in_reply_to=thread[-1] if thread else "").exists()


def standing_of(ids: Collection[str]) -> dict[str, NoticeState]:
    """Return how some notices stand: for records of who was reached."""
    rows = Notice.objects.filter(pk__in=set(ids)).values_list("pk", "state")
    return {pk: NoticeState(state) for pk, state in rows}


def came_back(notice: str) -> CameBack | None:
    """Return what the last refusal of a mail said, for whoever knows whose address it is; None where it arrived."""
    row = Notice.objects.filter(pk=notice, channel=NoticeChannel.MAIL, state__in=UNDELIVERED).first()
    if row is None:
        return None
    last = row.log.filter(end__in=[AttemptEnd.REFUSED, AttemptEnd.BOUNCED]).order_by("-at", "-pk").first()
    return CameBack(row.recipient, last.code if last else "", row.enqueued_at)


def stuck(*, now: datetime) -> list[str]:
    """Return the notices past their next attempt by more than the longest pause (invariant I9): none, ever."""
    late = now - policy.at(now).mail.retries.longest.elapsed
    queued = Q(state=NoticeState.QUEUED, attempt_at__lt=late)
    held = Q(state=NoticeState.SENDING, lease_until__lt=late)
    return list(Notice.objects.filter(queued | held).order_by("attempt_at").values_list("pk", flat=True))


def _view(row: Notice, *, bodies: bool) -> NoticeView:
    attempts: list[DeliveryAttempt] = sorted(row.log.all(), key=lambda line: (line.at, line.pk))
    return NoticeView(
        id=row.pk,
        message=row.message,
        channel=NoticeChannel(row.channel),
        recipient=row.recipient,
        sender=row.sender,
        subject=row.subject,
        state=NoticeState(row.state),
        why=row.why,
        matter=row.matter,
        automatic=row.automatic,
        enqueued_at=row.enqueued_at,
        attempt_at=row.attempt_at,
        ended_at=row.ended_at,
        attempts=row.attempts,
        message_id=row.message_id,
        text=row.text if bodies else "",
        html=row.html if bodies else "",
        log=tuple(AttemptView(line.at, AttemptEnd(line.end), line.code, line.words) for line in attempts),
        again=row.again_id or "",
    )
