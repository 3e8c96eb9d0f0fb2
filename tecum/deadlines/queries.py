"""What is due, what is late, what lies dead: for staff and for the watcher of the invariants."""

from dataclasses import dataclass
from datetime import datetime

from tecum.deadlines.models import Deadline
from tecum.deadlines.states import State


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


def is_armed(kind: str, *, subject: str) -> bool:
    """Tell whether exactly such a deadline is open."""
    return Deadline.objects.filter(
        kind=kind, subject=subject, state__in=[State.ARMED, State.CLAIMED]
    ).exists()


def is_open(kind: str, *, subject: str) -> bool:
    """Tell whether such a deadline is open: armed, claimed, or dead and waiting for a person."""
    states = [State.ARMED, State.CLAIMED, State.DEAD]
    return Deadline.objects.filter(kind=kind, subject=subject, state__in=states).exists()
