"""Somebody asks: by mail, on the portal's page, or by telephone; and what waits too long is said to the desk."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.ids import reference as new_reference
from tecum.kernel.ids import unguessable
from tecum.kernel.refusals import NotYours, Refused
from tecum.notices import operations as notices
from tecum.notices import queries as sent
from tecum.notices.rules import Incoming
from tecum.policy import queries as policy
from tecum.secrecy import operations as secrecy
from tecum.support import adapters, messages, queries, rules
from tecum.support.adapters import Opening
from tecum.support.models import SupportEntry, SupportThread
from tecum.support.states import THREAD_NEXT, EntryKind, ThreadChannel, ThreadState, Topic

UNANSWERED = "support.unanswered"
RETENTION = "mail"  # of the guide's own records: a request is kept as long as the messages it is made of
AHEAD = timedelta(minutes=5)  # the clock of somebody's telephone


class CannotAsk(Refused):
    """A request, or the log of a call, that lacks what it needs."""


class DoorClosed(Refused):
    """The guide does not let people ask on the portal's page (A17)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message received, as support looks at it. `proven`: the mail systems prove the sender's domain; `right_address`: where it should have gone."""

    message: str
    address: str
    name: str
    subject: str
    text: str
    incoming: Incoming
    proven: bool
    right_address: str = ""


@transaction.atomic
def take(*, letter: Letter, arrived_at: datetime, by: Actor, now: datetime) -> str:
    """
    Let a message open a thread, or join the one it answers, and return the thread's reference (R-068).

    It joins only what came from the same address. A new one is confirmed with its reference; the person who has an
    account with the address is linked only where the sender is proven: an e-mail address is no identity.
    The same message again changes nothing.
    """
    known = SupportEntry.objects.filter(message=letter.message).select_related("thread").first()
    if known is not None:
        return known.thread.reference
    text = letter.text.strip()[: rules.LONGEST]
    row = _joined(letter)
    if row is None:
        row = _begun(letter, text, at=arrived_at, by=by, now=now)
        kind, context = messages.SUPPORT_RECEIVED, {"reference": row.reference}
        if letter.right_address:
            kind, context = messages.SUPPORT_MISDIRECTED, {**context, "address": letter.right_address}
        notices.reply(
            kind.name, to=letter.incoming, context=context, matter=row.matter, conversation=f"support:{row.pk}", by=by, now=now,
        )  # fmt: skip
        event = "support.opened"
    else:
        began = adapters.opening(row)
        adapters.seal(
            row, replace(began, last_message_id=letter.incoming.message_id, references=_thread(letter))
        )
        _heard(row, at=arrived_at, now=now)
        event = "support.joined"
    adapters.add(
        row,
        EntryKind.RECEIVED,
        at=arrived_at,
        by=by.ref,
        text=text,
        message=letter.message,
        proven=letter.proven,
    )
    audit.record(
        event,
        by=by,
        at=now,
        matter=row.matter,
        thread=row.pk,
        channel=row.channel.lower(),
        person=row.person_id,
    )
    return row.reference


@transaction.atomic
def ask(*, subject: str, text: str, by: Actor, now: datetime) -> str:
    """
    Open a thread on the portal's page, where the guide lets people do that, and return its id.

    :raises NotYours: without the permission
    :raises DoorClosed: where the guide names only the mailbox (A17)
    :raises CannotAsk: without words, with too many, or while as many others wait as the guide allows
    """
    require(by, "support.ask", now=now)
    accounts.stand(by=by, now=now)
    if not queries.door_open(now=now):
        raise DoorClosed(f"Requests are made by mail only, to {policy.at(now).mailbox('portal').address}.")
    person = by.ref.removeprefix("person:")
    most = policy.at(now).lookup.support.open_at_once
    if queries.waiting_of(person) >= most:
        raise CannotAsk(f"{most} requests of yours wait already; please add to one of them.")
    said, about = _words(text), " ".join(subject.split())[:200]
    if not about:
        raise CannotAsk("Say in a few words what it is about.")
    view = people.person(id=person, by=by, now=now)
    row = _new(
        ThreadChannel.PAGE, Opening(name=view.name, address=view.email, subject=about), rules.topic_of(policy.at(now), about, said),
        person=person, at=now, by=by, now=now,
    )  # fmt: skip
    adapters.add(row, EntryKind.RECEIVED, at=now, by=by.ref, text=said, proven=True)
    audit.record(
        "support.opened", by=by, at=now, matter=row.matter, thread=row.pk, channel="page", person=person
    )
    return row.pk


@transaction.atomic
def write_again(*, thread: str, text: str, by: Actor, now: datetime) -> None:
    """
    Add to one's own thread; a closed one is open again.

    :raises NotYours: for anybody else's thread
    :raises DoorClosed: where the guide names only the mailbox (A17)
    """
    require(by, "support.ask", now=now)
    accounts.stand(by=by, now=now)
    row = SupportThread.locked(thread)
    if row.person_id != by.ref.removeprefix("person:"):
        raise NotYours
    if not queries.door_open(now=now):
        raise DoorClosed(f"Requests are made by mail only, to {policy.at(now).mailbox('portal').address}.")
    said = _words(text)
    _heard(row, at=now, now=now)
    adapters.add(row, EntryKind.RECEIVED, at=now, by=by.ref, text=said, proven=True)
    audit.record(
        "support.joined",
        by=by,
        at=now,
        matter=row.matter,
        thread=row.pk,
        channel="page",
        person=row.person_id,
    )


@transaction.atomic
def log_call(*, caller: str, number: str, called_at: datetime, by: Actor, now: datetime) -> str:
    """
    Log a call about a number without result: who called, from where, when, and that the screen's text was read (R-038).

    Which number was asked about is not asked and not kept; nothing was looked up and nothing told. Returns the thread's id.

    :raises NotYours: without the permission
    :raises CannotAsk: without a caller's name and number, or for a call that is yet to come
    """
    require(by, "support.answer", now=now)
    accounts.stand(by=by, now=now)
    name = " ".join(caller.split())[:120]
    if not name:
        raise CannotAsk("Write down who called, or “would not say”.")
    try:
        digits = numbers.read(number)
    except numbers.NotANumber as reason:
        raise CannotAsk(f"The caller's number: {reason}") from None
    if called_at > now + AHEAD:
        raise CannotAsk("This call has not come yet.")
    opening = Opening(name=name, number=digits, subject="Call about a number without result")
    row = _new(ThreadChannel.CALL, opening, Topic.NON_RESULT, person="", at=called_at, by=by, now=now)
    adapters.add(row, EntryKind.CALL, at=called_at, by=by.ref, text=queries.screen_text(now=now))
    row.state, row.due_at, row.closed_at, row.closed_by = ThreadState.CLOSED, None, now, by.ref
    row.save(update_fields=["state", "due_at", "closed_at", "closed_by"])
    deadlines.disarm(UNANSWERED, subject=row.pk, now=now)
    audit.record("support.call_logged", by=by, at=now, matter=row.matter, thread=row.pk, called_at=called_at)
    return row.pk


@transaction.atomic
def late(*, thread: str, by: Actor, now: datetime) -> None:
    """Tell the desk that a request waits longer than the guide says; who asked hears nothing."""
    row = SupportThread.objects.select_for_update().filter(pk=thread, state=ThreadState.WAITING).first()
    if row is None or row.due_at is None or row.late_at is not None:
        return
    row.late_at = now
    row.save(update_fields=["late_at"])
    audit.record("support.late", by=by, at=now, matter=row.matter, thread=row.pk)
    guide = policy.at(now)
    desk = guide.desk(guide.mailbox("portal").desk)
    if desk.email:
        context = {"reference": row.reference, "window": str(guide.lookup.support.answer_within or "")}
        notices.enqueue(
            messages.SUPPORT_LATE.name, to=desk.email, context=context, matter=row.matter, by=by, now=now
        )


def _joined(letter: Letter) -> SupportThread | None:
    """Return the thread that a message goes on with: it answers a message of it, or names it; from the same address."""
    mark = adapters.fingerprint(letter.address)
    mine = SupportThread.objects.select_for_update().filter(address_print=mark).exclude(address_print="")
    answered = sent.matters_of((*letter.incoming.references, letter.incoming.in_reply_to))
    named = rules.named_in(letter.subject, letter.text[: rules.LONGEST])
    found = mine.filter(matter__in=answered).first() or mine.filter(reference__in=named).first()
    return found if found is not None and found.channel != ThreadChannel.CALL else None


def _begun(letter: Letter, text: str, *, at: datetime, by: Actor, now: datetime) -> SupportThread:
    person = people.id_of(letter.address) if letter.proven and letter.address else ""
    began = Opening(
        name=letter.name, address=letter.address, subject=letter.subject.strip()[:200],
        last_message_id=letter.incoming.message_id, references=_thread(letter),
    )  # fmt: skip
    topic = rules.topic_of(policy.at(now), letter.subject, text)
    return _new(ThreadChannel.MAIL, began, topic, person=person, at=at, by=by, now=now)


def _new(
    channel: ThreadChannel,
    opening: Opening,
    topic: Topic,
    *,
    person: str,
    at: datetime,
    by: Actor,
    now: datetime,
) -> SupportThread:
    row = SupportThread(
        id=unguessable(), reference=new_reference("SU"), matter=secrecy.open_matter(kind=RETENTION, by=by, now=now),
        channel=channel, topic=topic, person_id=person or None, address_print=adapters.fingerprint(opening.address),
        opened_at=at, opened_by=by.ref, heard_at=at, due_at=rules.due_by(policy.at(now), at),
    )  # fmt: skip
    adapters.seal(row, opening)
    row.save(force_insert=True)
    _watch(row, now=now)
    return row


def _heard(row: SupportThread, *, at: datetime, now: datetime) -> None:
    """Let a thread wait for an answer again."""
    was = ThreadState(row.state)
    if was is not ThreadState.WAITING and ThreadState.WAITING in THREAD_NEXT[was]:
        row.state, row.closed_at, row.closed_by, row.late_at = ThreadState.WAITING, None, "", None
        row.due_at = rules.due_by(policy.at(now), at)
    row.heard_at = max(row.heard_at, at)
    row.save()
    _watch(row, now=now)


def _watch(row: SupportThread, *, now: datetime) -> None:
    if row.due_at is not None and row.late_at is None:
        deadlines.arm(UNANSWERED, subject=row.pk, due_at=row.due_at, now=now)


def _words(text: str) -> str:
    said = text.strip()
    if not said:
        raise CannotAsk("Write what you need.")
    if len(said) > rules.LONGEST:
        raise CannotAsk(f"This is longer than {rules.LONGEST:,} characters; please say the main thing.")
    return said


def _thread(letter: Letter) -> tuple[str, ...]:
    return tuple(each for each in (*letter.incoming.references, letter.incoming.message_id) if each)
