"""Arming, claiming and finishing what is due. The caller's own event tells why; these rows are its clockwork."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.deadlines import rules
from tecum.deadlines.catalogue import KINDS
from tecum.deadlines.models import Deadline
from tecum.deadlines.states import NEXT, State
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused

FAULT_CHARACTERS = 300


class NotDead(Refused):
    """A dead letter that there is not."""


class UnknownKind(Refused):
    """A deadline of a kind that the catalogue does not name."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A deadline that this worker holds until `lease_until`, under `fence`."""

    pk: int
    kind: str
    subject: str
    due_at: datetime
    fence: int
    attempts: int


@transaction.atomic
def arm(kind: str, *, subject: str, due_at: datetime, now: datetime) -> None:
    """
    Make a thing due, in the caller's transaction; a deadline of the same kind and subject moves.

    :raises UnknownKind: for a kind outside the catalogue
    """
    if kind not in KINDS:
        raise UnknownKind(f"There is no deadline of the kind {kind}.")
    disarm(kind, subject=subject, now=now)
    Deadline.objects.create(kind=kind, subject=subject, due_at=due_at, attempt_at=due_at, armed_at=now)


def disarm(kind: str, *, subject: str, now: datetime) -> bool:
    """Take an open deadline back; tell whether there was one."""
    open_states = [state for state in State if State.DISARMED in NEXT[state]]
    rows = Deadline.objects.filter(kind=kind, subject=subject, state__in=open_states)
    return rows.update(state=State.DISARMED, ended_at=now, lease_until=None) > 0


def claim(*, now: datetime, lane: str = "ordinary") -> Claim | None:
    """Take the deadline that has been due longest in a lane, or None when nothing is due."""
    kinds = [name for name, kind in KINDS.items() if kind.lane == lane]
    for row in Deadline.objects.due(now=now).filter(kind__in=kinds)[:20]:
        lease_until = now + KINDS[row.kind].lease
        if Deadline.claim(row.pk, fence=row.fence, lease_until=lease_until):
            return Claim(row.pk, row.kind, row.subject, row.due_at, row.fence + 1, row.attempts + 1)
    return None


def complete(claimed: Claim, *, now: datetime) -> bool:
    """
    Mark a claimed deadline done, in the transaction of its effect.

    False when the lease passed to another worker meanwhile: the caller then rolls its effect back.
    """
    row = Deadline(pk=claimed.pk)
    return row.turn(fence=claimed.fence, state=State.DONE, ended_at=now, lease_until=None)


def fail(claimed: Claim, *, fault: str, now: datetime) -> State | None:
    """Give a claimed deadline back for a later attempt, or lay it down as a dead letter; return its state."""
    row = Deadline(pk=claimed.pk)
    dead = claimed.attempts >= KINDS[claimed.kind].attempts
    state = State.DEAD if dead else State.ARMED
    attempt_at = rules.next_attempt(claimed.attempts, now=now)
    turned = row.turn(
        fence=claimed.fence,
        state=state,
        attempt_at=attempt_at,
        lease_until=None,
        fault=fault[:FAULT_CHARACTERS],
    )
    return state if turned else None


@transaction.atomic
def revive(*, kind: str, subject: str, by: Actor, now: datetime) -> None:
    """
    Put a dead letter back to be tried at once.

    :raises NotYours: without the permission
    :raises NotDead: when there is none: somebody else did it, or it was taken back
    """
    require(by, "deadline.revive", now=now)
    rows = Deadline.objects.filter(kind=kind, subject=subject, state=State.DEAD)
    if rows.update(state=State.ARMED, attempt_at=now, attempts=0) != 1:
        raise NotDead("This does not lie dead any more.")
    audit.record("deadline.revived", by=by, at=now, kind=kind, subject=subject)
