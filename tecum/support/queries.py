"""Threads as staff see them, and as the person sees them who asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from tecum.access.rules import require
from tecum.accounts import queries as people
from tecum.guide.model.guide import Guide
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.secrecy.operations import Destroyed
from tecum.support import adapters
from tecum.support.models import SupportThread
from tecum.support.states import SHOWN, EntryKind, ThreadChannel, ThreadState, Topic


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One thread of a list; `gone` when its retention is over."""

    id: str
    reference: str
    state: ThreadState
    channel: ThreadChannel
    topic: Topic
    name: str
    address: str
    subject: str
    person: str
    assigned_to: str
    opened_at: datetime
    heard_at: datetime
    due_at: datetime | None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class EntryView:
    """One thing that happened in a thread."""

    kind: EntryKind
    at: datetime
    by: str
    text: str
    message: str
    notice: str
    proven: bool


@dataclass(frozen=True, slots=True)
class ThreadView:
    """One thread with everything that was said in it."""

    line: ThreadLine
    matter: str
    number: str
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class Canned:
    """A text of the guide, ready for an answer."""

    id: str
    title: str
    text: str


# A saved view → which threads it shows.
VIEWS: dict[str, Q] = {
    "waiting": Q(state=ThreadState.WAITING),
    "answered": Q(state=ThreadState.ANSWERED),
    "closed": Q(state=ThreadState.CLOSED),
    "all": Q(),
}


def found(*, view: str, channel: str = "", reference: str = "", mine: str = "") -> "QuerySet[SupportThread]":
    """Return the threads of a saved view, narrowed, in the order in which they are worked on."""
    rows = SupportThread.objects.filter(VIEWS.get(view, Q()))
    for column, value in (
        ("channel", channel),
        ("reference", reference.strip().upper()),
        ("assigned_to", mine),
    ):
        rows = rows.filter(**{column: value}) if value else rows
    if view == "waiting":
        return rows.order_by(F("due_at").asc(nulls_last=True), "heard_at", "pk")
    return rows.order_by("-heard_at", "pk")


def counts(*, by: Actor, now: datetime) -> dict[str, int]:
    """Return how many threads each saved view shows, and how many wait too long. :raises NotYours: without the permission"""
    require(by, "support.read", now=now)
    shown = {view: SupportThread.objects.filter(which).count() for view, which in VIEWS.items()}
    late = SupportThread.objects.filter(state=ThreadState.WAITING, due_at__lt=now).count()
    return {**shown, "late": late}


def own(*, by: Actor, now: datetime) -> Long[ThreadLine]:
    """Return the actor's own threads, the last heard first. :raises NotYours: without the permission"""
    require(by, "support.ask", now=now)
    rows = SupportThread.objects.filter(person=by.ref.removeprefix("person:"))
    return Long.of(rows.order_by("-heard_at", "pk"), line)


def own_thread(thread: str, *, by: Actor, now: datetime) -> ThreadView:
    """
    Return one of the actor's own threads, without what stays in the house.

    :raises NotYours: for anybody else's, as for one that there is not
    """
    require(by, "support.ask", now=now)
    row = SupportThread.objects.filter(pk=thread, person=by.ref.removeprefix("person:")).first()
    if row is None:
        raise NotYours
    return view(row, kinds=SHOWN)


def waiting_of(person: str) -> int:
    """Return how many threads of a person wait for an answer."""
    return SupportThread.objects.filter(person=person, state=ThreadState.WAITING).count()


def of_message(message: str) -> str:
    """Return the id of the thread that a message is in, "" for none."""
    rows = SupportThread.objects.filter(entries__message=message)
    return rows.values_list("pk", flat=True).first() or ""


def canned(guide: Guide, *, name: str, reference: str) -> list[Canned]:
    """Return the texts that the guide holds ready for answers, with their variables filled in."""
    known = {"person": name or "Sir or Madam", "reference": reference}
    ready = []
    for text in guide.lookup.support.answers:
        wording = guide.wording[text]
        filled = guide.say(text, **{each: known[each] for each in wording.variables if each in known})
        ready.append(
            Canned(text, filled.title or filled.subject or text.replace("_", " "), filled.body.strip())
        )
    return ready


def screen_text(*, now: datetime) -> str:
    """Return the one text that everybody hears about a number without result (R-038)."""
    guide = policy.at(now)
    return guide.say(guide.lookup.answers.non_result).body.strip()


def door_open(*, now: datetime) -> bool:
    """Tell whether the guide lets people ask on the portal's page (A17)."""
    return "page" in policy.at(now).lookup.support.doors


def view(row: SupportThread, *, kinds: Iterable[EntryKind] = EntryKind) -> ThreadView:
    """Return a thread with the given kinds of entries."""
    wanted = set(kinds)
    began = adapters.opening(row)
    entries = [
        EntryView(
            EntryKind(each.kind),
            each.at,
            each.by,
            adapters.said(row, each),
            each.message,
            each.notice,
            each.proven,
        )
        for each in row.entries.order_by("at", "pk")
        if each.kind in wanted
    ]
    return ThreadView(line(row), row.matter, began.number, tuple(entries))


def line(row: SupportThread) -> ThreadLine:
    """Return a thread as a list shows it."""
    gone = False
    try:
        began = adapters.opening(row)
    except Destroyed:
        began, gone = adapters.Opening(), True
    return ThreadLine(
        id=row.pk,
        reference=row.reference,
        state=ThreadState(row.state),
        channel=ThreadChannel(row.channel),
        topic=Topic(row.topic),
        name=began.name,
        address=began.address,
        subject=began.subject,
        person=row.person_id or "",
        assigned_to=row.assigned_to,
        opened_at=row.opened_at,
        heard_at=row.heard_at,
        due_at=row.due_at,
        gone=gone,
    )


def staff() -> list[tuple[str, str]]:
    """Return ref and name of those whom a thread can be given to, by name."""
    return people.holders("support.answer")


def names(threads: Iterable[ThreadLine]) -> dict[str, str]:
    """Return actor ref → name of those that threads are assigned to."""
    return people.names({each.assigned_to for each in threads if each.assigned_to})
