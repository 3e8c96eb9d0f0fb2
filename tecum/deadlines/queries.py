"""What is due, what is late, what lies dead: for staff and for the watcher of the invariants."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tecum.access.rules import require
from tecum.deadlines.models import Deadline
from tecum.deadlines.states import State
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.lists import Long
from tecum.secrecy import queries as secrecy

OPEN = (State.ARMED, State.CLAIMED, State.DEAD)


@dataclass(frozen=True, slots=True)
class DueView:
    """One open deadline as staff see it."""

    kind: str
    subject: str
    due_at: datetime
    state: State
    attempts: int
    fault: str


def visible(by: Actor) -> "QuerySet[Deadline]":
    """Return the deadlines that somebody may know of: all but those of matters that are sealed to them (control 8)."""
    rows = Deadline.objects.all()
    return rows if by.kind is ActorKind.SYSTEM else rows.exclude(secrecy.hides_from(by.ref, "matter"))


def open_deadlines(*, until: datetime | None = None) -> list[DueView]:
    """Return the open deadlines by instant, up to `until`: for the watcher, who is shown every one."""
    rows = Deadline.objects.filter(state__in=OPEN).order_by("due_at", "pk")
    return [_view(row) for row in (rows if until is None else rows.filter(due_at__lte=until))]


def listed(*, by: Actor, now: datetime, dead: bool = False) -> Long[DueView]:
    """
    Return what is due and what lies ahead, by instant; `dead`: only what was given up and lies for a person.

    :raises NotYours: without the permission
    """
    require(by, "deadline.read", now=now)
    rows = visible(by).filter(state__in=[State.DEAD] if dead else OPEN).order_by("due_at", "pk")
    return Long.of(rows, _view)


def counts(*, by: Actor, now: datetime) -> tuple[int, int, int]:
    """
    Return how many are open, over their time, and dead, as far as somebody may know of them.

    :raises NotYours: without the permission
    """
    require(by, "deadline.read", now=now)
    rows = visible(by).filter(state__in=OPEN)
    return rows.count(), rows.filter(due_at__lt=now).count(), rows.filter(state=State.DEAD).count()


def is_armed(kind: str, *, subject: str) -> bool:
    """Tell whether exactly such a deadline is open."""
    return Deadline.objects.filter(
        kind=kind, subject=subject, state__in=[State.ARMED, State.CLAIMED]
    ).exists()


def is_open(kind: str, *, subject: str) -> bool:
    """Tell whether such a deadline is open: armed, claimed, or dead and waiting for a person."""
    return Deadline.objects.filter(kind=kind, subject=subject, state__in=OPEN).exists()


def _view(row: Deadline) -> DueView:
    return DueView(row.kind, row.subject, row.due_at, State(row.state), row.attempts, row.fault)
