"""What staff do with a thread: look, answer, note, take, close, open again."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.customers import queries as customers
from tecum.deadlines import operations as deadlines
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.notices import operations as notices
from tecum.notices.rules import is_address
from tecum.policy import queries as policy
from tecum.support import adapters, messages, queries, rules
from tecum.support.models import SupportThread
from tecum.support.operations.asking import UNANSWERED
from tecum.support.queries import ThreadLine, ThreadView
from tecum.support.states import THREAD_NEXT, EntryKind, ThreadChannel, ThreadState, Topic

PAGE = 50


class CannotAnswer(Refused):
    """An act that this thread does not allow as it stands."""


class AnswerTells(Refused):
    """An answer that would tell a number or a customer's name: nothing that was looked up is told by mail."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One page of a list of threads."""

    lines: tuple[ThreadLine, ...]
    found: int
    page: int


def see_list(
    *, view: str = "waiting", channel: str = "", reference: str = "", mine: bool = False, page: int = 1, by: Actor, now: datetime
) -> Seen:  # fmt: skip
    """
    Return a page of threads, what is due first, and note that it was seen.

    :raises NotYours: without the permission
    """
    require(by, "support.read", now=now)
    rows = queries.found(view=view, channel=channel, reference=reference, mine=by.ref if mine else "")
    count, start = rows.count(), (max(page, 1) - 1) * PAGE
    lines = tuple(queries.line(row) for row in rows[start : start + PAGE])
    audit.note("support.listed", by=by, at=now, shown=len(lines), found=count)
    return Seen(lines, count, max(page, 1))


def open_thread(*, thread: str, by: Actor, now: datetime) -> ThreadView:
    """
    Show one thread to a person; that it was opened is remembered before it is shown.

    :raises NotYours: without the permission, or for an unknown thread
    """
    require(by, "support.read", now=now)
    row = SupportThread.objects.filter(pk=thread).first()
    if row is None:
        raise NotYours
    audit.note("support.read", by=by, at=now, matter=row.matter, thread=row.pk)
    return queries.view(row)


@transaction.atomic
def answer(*, thread: str, text: str, by: Actor, now: datetime, screen: bool = False) -> None:
    """
    Answer a thread, in its mail's thread; `screen` answers with the text of the screen and nothing else (R-038).

    :raises NotYours: without the permission, or for an unknown thread
    :raises CannotAnswer: without words, or where nobody can be written to
    :raises AnswerTells: when the answer holds a telephone number that is none of ours, or the name of a customer
    """
    require(by, "support.answer", now=now)
    accounts.stand(by=by, now=now)
    row = SupportThread.locked(thread)
    said = queries.screen_text(now=now) if screen else text.strip()
    if not 0 < len(said) <= rules.LONGEST:
        raise CannotAnswer("Write the answer first.")
    if row.state == ThreadState.CLOSED:
        raise CannotAnswer(f"Request {row.reference} is closed; open it again first.")
    began = adapters.opening(row)
    if not is_address(began.address):
        raise CannotAnswer("Nobody can be written to here: there is no address.")
    if not screen:
        _tells_nothing(said, now=now)
    queued = notices.enqueue(
        messages.SUPPORT_ANSWER.name, to=began.address, context={"reference": row.reference, "answer": said},
        matter=row.matter, in_reply_to=began.last_message_id, references=began.references, by=by, now=now,
    )  # fmt: skip
    adapters.add(row, EntryKind.ANSWER, at=now, by=by.ref, text=said, notice=queued.id)
    if row.state != ThreadState.ANSWERED:
        _turn(row, ThreadState.ANSWERED, now=now, due_at=None)
    if screen and row.topic != Topic.NON_RESULT:
        SupportThread.objects.filter(pk=row.pk).update(topic=Topic.NON_RESULT)
    audit.record(
        "support.answered", by=by, at=now, matter=row.matter, thread=row.pk, notice=queued.id, screen=screen
    )


@transaction.atomic
def note(*, thread: str, text: str, by: Actor, now: datetime) -> None:
    """Keep a note in a thread that only staff see. :raises CannotAnswer: without words"""
    require(by, "support.answer", now=now)
    accounts.stand(by=by, now=now)
    row = SupportThread.locked(thread)
    if not 0 < len(text.strip()) <= rules.LONGEST:
        raise CannotAnswer("Write the note first.")
    adapters.add(row, EntryKind.NOTE, at=now, by=by.ref, text=text.strip())
    audit.record("support.noted", by=by, at=now, matter=row.matter, thread=row.pk)


@transaction.atomic
def assign(*, thread: str, to: str, by: Actor, now: datetime) -> None:
    """
    Give a thread to somebody of the staff, or to nobody with an empty `to`.

    :raises CannotAnswer: for a person who may not answer, or who has it already
    """
    require(by, "support.answer", now=now)
    accounts.stand(by=by, now=now)
    row = SupportThread.locked(thread)
    if to == row.assigned_to:
        raise CannotAnswer("It is so already.")
    if to and to not in dict(queries.staff()):
        raise CannotAnswer("This person does not answer support requests.")
    SupportThread.objects.filter(pk=row.pk).update(assigned_to=to)
    adapters.add(row, EntryKind.ASSIGNED, at=now, by=by.ref, text=to)
    audit.record("support.assigned", by=by, at=now, matter=row.matter, thread=row.pk, to=to or None)


@transaction.atomic
def close(*, thread: str, by: Actor, now: datetime) -> None:
    """End a thread; a further message of the person who asked opens it again. :raises CannotAnswer: when it is closed"""
    require(by, "support.answer", now=now)
    accounts.stand(by=by, now=now)
    row = SupportThread.locked(thread)
    _turn(row, ThreadState.CLOSED, now=now, due_at=None, closed_at=now, closed_by=by.ref)
    adapters.add(row, EntryKind.CLOSED, at=now, by=by.ref)
    audit.record("support.closed", by=by, at=now, matter=row.matter, thread=row.pk)


@transaction.atomic
def reopen(*, thread: str, by: Actor, now: datetime) -> None:
    """Open a closed thread again. :raises CannotAnswer: for one that is open, or the log of a call"""
    require(by, "support.answer", now=now)
    accounts.stand(by=by, now=now)
    row = SupportThread.locked(thread)
    if row.channel == ThreadChannel.CALL:
        raise CannotAnswer("The log of a call stays as it is.")
    if row.state != ThreadState.CLOSED:
        raise CannotAnswer(f"Request {row.reference} is open.")
    due = rules.due_by(policy.at(now), now)
    _turn(row, ThreadState.WAITING, now=now, due_at=due, closed_at=None, closed_by="", late_at=None)
    if due is not None:
        deadlines.arm(UNANSWERED, subject=row.pk, due_at=due, now=now)
    adapters.add(row, EntryKind.REOPENED, at=now, by=by.ref)
    audit.record("support.reopened", by=by, at=now, matter=row.matter, thread=row.pk)


def _tells_nothing(text: str, *, now: datetime) -> None:
    guide = policy.at(now)
    published = [each for desk in guide.desks for each in (desk.phone, desk.fax) if each]
    told = rules.telling_numbers(text, published=published)
    if told:
        raise AnswerTells(
            "The answer holds a telephone number. Nothing about a number is told by mail; use the text of the screen."
        )
    if rules.telling_names(text, names=customers.known_names()):
        raise AnswerTells(
            "The answer names a customer of ours. What the portal shows is not told by mail; use the text of the screen."
        )


def _turn(row: SupportThread, state: ThreadState, *, now: datetime, **changes: object) -> None:
    """Change the state, only as the life cycle allows and only from the state that was read."""
    was = ThreadState(row.state)
    if state not in THREAD_NEXT[was]:
        raise CannotAnswer(f"Request {row.reference} is already {was.lower()}.")
    if SupportThread.objects.filter(pk=row.pk, state=was).update(state=state, **changes) != 1:
        raise CannotAnswer("Somebody else changed this request a moment ago. Nothing was done.")
    if state is not ThreadState.WAITING:
        deadlines.disarm(UNANSWERED, subject=row.pk, now=now)
