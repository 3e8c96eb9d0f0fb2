"""What is due, what is late, what lies dead: for staff and for the watcher of the invariants."""

from dataclasses import dataclass
from datetime import datetime

from tecum.access.rules import require
from tecum.deadlines.models import Deadline
from tecum.deadlines.states import State
from tecum.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class DueView:
    """One open deadline as staff see it."""

    kind: str
    subject: str
    due_at: datetime
    state: State
    attempts: int
    fault: str


def open_deadlines(*, until: datetime | None = None, limit: int = 200) -> list[DueView]:
    """Return the open deadlines by instant, up to `until`."""
    rows = Deadline.objects.filter(state__in=[State.ARMED, State.CLAIMED, State.DEAD]).order_by(
        "due_at", "pk"
    )
    if until is not None:
        rows = rows.filter(due_at__lte=until)
    return [
        DueView(row.kind, row.subject, row.due_at, State(row.state), row.attempts, row.fault)
        for row in rows[:limit]
    ]


def listed(*, by: Actor, now: datetime, dead: bool = False, limit: int = 200) -> list[DueView]:
    """
    Return what is due and what lies ahead, by instant; `dead`: only what was given up and lies for a person.

    :raises NotYours: without the permission
    """
    require(by, "deadline.read", now=now)
    found = open_deadlines(limit=1000 if dead else limit)
    return [view for view in found if view.state is State.DEAD] if dead else found


def counts(*, by: Actor, now: datetime) -> tuple[int, int, int]:
    """Return how many are open, over their time, and dead. :raises NotYours: without the permission"""
    require(by, "deadline.read", now=now)
    rows = Deadline.objects.filter(state__in=[State.ARMED, State.CLAIMED, State.DEAD])
    return rows.count(), rows.filter(due_at__lt=now).count(), rows.filter(state=State.DEAD).count()


def is_armed(kind: str, *, subject: str) -> bool:
    """Tell whether exactly such a deadline is open."""
    return Deadline.objects.filter(
        kind=kind, subject=subject, state__in=[State.ARMED, State.CLAIMED]
    ).exists()


def is_open(kind: str, *, subject: str) -> bool:
    """Tell whether such a deadline is open: armed, claimed, or dead and waiting for a person."""
    states = [State.ARMED, State.CLAIMED, State.DEAD]
    return Deadline.objects.filter(kind=kind, subject=subject, state__in=states).exists()
