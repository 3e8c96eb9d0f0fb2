"""Arming, claiming and finishing what is due. The caller's own event tells why; these rows are its clockwork."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.deadlines import rules
from tecum.deadlines.catalogue import KINDS
from tecum.deadlines.models import Deadline
from tecum.deadlines.queries import visible
from tecum.deadlines.states import NEXT, State
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused

FAULT_CHARACTERS = 300
log = structlog.get_logger()


class NotDead(Refused):
    """A dead letter that there is not."""


class UnknownKind(Refused):
    """A deadline of a kind that the catalogue does not name."""


class LeaseLost(Exception):
    """Another worker holds the deadline now: whoever meets this rolls its effect back."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A deadline that this worker holds until `lease_until`, under `fence`."""

    pk: int
    kind: str
    subject: str
    due_at: datetime
    fence: int
    attempts: int
    matter: str = ""


@transaction.atomic
def arm(kind: str, *, subject: str, due_at: datetime, now: datetime, matter: str = "") -> None:
    """
    Make a thing due, in the caller's transaction; a deadline of the same kind and subject moves.

    `matter` is whose it is: while that is sealed, nobody but its list learns that something is due.

    :raises UnknownKind: for a kind outside the catalogue
    """
    if kind not in KINDS:
        raise UnknownKind(f"There is no deadline of the kind {kind}.")
    disarm(kind, subject=subject, now=now)
    Deadline.objects.create(
        kind=kind, subject=subject, matter=matter, due_at=due_at, attempt_at=due_at, armed_at=now
    )


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
            return _claim(row)
    return None


def _claim(row: Deadline) -> Claim:
    """Return a row as whoever has just taken it holds it."""
    return Claim(row.pk, row.kind, row.subject, row.due_at, row.fence + 1, row.attempts + 1, row.matter)


def complete(claimed: Claim, *, now: datetime) -> bool:
    """
    Mark a claimed deadline done, in the transaction of its effect.

    False when the lease passed to another worker meanwhile: the caller then rolls its effect back.
    """
    row = Deadline(pk=claimed.pk)
    return row.turn(fence=claimed.fence, state=State.DONE, ended_at=now, lease_until=None)


def claim_many(*, now: datetime, kinds: Collection[str], limit: int) -> list[Claim]:
    """Take up to so many deadlines of some kinds at once, longest due first: for ends, of which many may be due."""
    with transaction.atomic():
        rows = list(
            Deadline.objects.select_for_update(skip_locked=True).due(now=now).filter(kind__in=kinds)[:limit]
        )
        for lease in {KINDS[row.kind].lease for row in rows}:
            mine = [row.pk for row in rows if KINDS[row.kind].lease == lease]
            Deadline.objects.filter(pk__in=mine).update(
                state=State.CLAIMED, lease_until=now + lease, fence=F("fence") + 1, attempts=F("attempts") + 1
            )
    return [_claim(row) for row in rows]


def complete_many(claims: Collection[Claim], *, now: datetime) -> list[Claim]:
    """
    Mark claimed deadlines done, in the transaction of their effect, and return those that were still held.

    Call it before the effect: whose lease passed to another worker, or was taken back, is not in the answer.
    """
    fences = dict(
        Deadline.objects.select_for_update()
        .filter(pk__in=[each.pk for each in claims], state=State.CLAIMED)
        .order_by("pk")
        .values_list("pk", "fence")
    )
    held = [each for each in claims if fences.get(each.pk) == each.fence]
    rows = Deadline.objects.filter(pk__in=[each.pk for each in held])
    rows.update(state=State.DONE, ended_at=now, lease_until=None)
    return held


def arm_many(kind: str, *, matters: Mapping[str, str], due_at: datetime, now: datetime) -> None:
    """Make the same thing due for many subjects, each with its matter. :raises UnknownKind: for a kind outside the catalogue"""
    if kind not in KINDS:
        raise UnknownKind(f"There is no deadline of the kind {kind}.")
    disarm_many((kind,), subjects=list(matters), now=now)
    Deadline.objects.bulk_create(
        Deadline(kind=kind, subject=subject, matter=matter, due_at=due_at, attempt_at=due_at, armed_at=now)
        for subject, matter in matters.items()
    )


def disarm_many(kinds: Collection[str], *, subjects: Collection[str], now: datetime) -> None:
    """Take open deadlines of some kinds back for many subjects."""
    open_states = [state for state in State if State.DISARMED in NEXT[state]]
    rows = Deadline.objects.filter(kind__in=kinds, subject__in=subjects, state__in=open_states)
    rows.update(state=State.DISARMED, ended_at=now, lease_until=None)


def finish(claimed: Claim, *, now: datetime) -> None:
    """Mark a claimed deadline done, in the transaction of its effect. :raises LeaseLost: when another worker holds it"""
    if not complete(claimed, now=now):
        raise LeaseLost


def work_one(lane: str, act: Callable[[Claim], None], *, clock: Callable[[], datetime]) -> bool:
    """
    Claim the longest-due deadline of a lane and act on it; tell whether there was one.

    `act` does the work and says when it is done: with `finish` in the transaction of the effect, or with `complete` on
    its own, where doing it twice does no harm. Whatever it raises, the deadline is given back and tried again.
    """
    claimed = claim(now=clock(), lane=lane)
    if claimed is None:
        return False
    try:
        act(claimed)
    except LeaseLost:
        log.warning("deadline.lease_lost", kind=claimed.kind, subject=claimed.subject)
    except Exception as fault:  # no fault of one may end the loop
        state = fail(claimed, fault=type(fault).__name__, now=clock())
        log.exception(
            "deadline.failed",
            kind=claimed.kind,
            subject=claimed.subject,
            attempts=claimed.attempts,
            state=state,
        )
    return True


def work_all(lane: str, act: Callable[[Claim], None], *, clock: Callable[[], datetime]) -> int:
    """Act on everything that is due in a lane, and return how many there were."""
    count = 0
    while work_one(lane, act, clock=clock):
        count += 1
    return count


def fail(claimed: Claim, *, fault: str, now: datetime) -> State | None:
    """Give a claimed deadline back for a later attempt, or lay it down as a dead letter; return its state."""
    row = Deadline(pk=claimed.pk)
    dead = claimed.attempts >= KINDS[claimed.kind].attempts
    state = State.DEAD if dead else State.ARMED
    attempt_at = rules.next_attempt(
        claimed.attempts,
        now=now,
        longest=KINDS[claimed.kind].pause if claimed.kind in KINDS else rules.LONGEST_PAUSE,
    )
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
    rows = visible(by).filter(kind=kind, subject=subject, state=State.DEAD)
    if rows.update(state=State.ARMED, attempt_at=now, attempts=0) != 1:
        raise NotDead("This does not lie dead any more.")
    audit.record("deadline.revived", by=by, at=now, kind=kind, subject=subject)
