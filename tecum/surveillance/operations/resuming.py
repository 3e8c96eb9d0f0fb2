"""After a copy was put back: two people let the starts of one surveillance happen again (control 13)."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tecum.approvals.rules import ApprovalView
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.kernel.actors import Actor
from tecum.recovery import operations as recovery
from tecum.recovery import rules as bound
from tecum.surveillance.models import Surveillance, Tap
from tecum.surveillance.operations.rows import in_force, locked
from tecum.surveillance.operations.tapping import SWITCH_ON
from tecum.surveillance.states import ON, TapState

ACTIVATE = "surveillance.activate"


@transaction.atomic
def propose_resume(*, surveillance: str, by: Actor, now: datetime) -> ApprovalView:
    """
    Propose that what the copy says of a surveillance is still so: its order is in force, and nobody ended it since.

    :raises NoAuthority: once the authority has ended
    :raises NotInRecovery: when no copy was put back
    """
    row = locked(surveillance, by=by, now=now, permission=ACTIVATE)
    in_force(row, now=now)
    found = recovery.propose_resume(subject=row.pk, matter=row.matter, digest=_digest(row), by=by, now=now)
    audit.record("surveillance.resume_proposed", by=by, at=now, matter=row.matter, surveillance=row.pk)
    return found


@transaction.atomic
def approve_resume(*, surveillance: str, approval: str, by: Actor, now: datetime) -> int:
    """
    Let its starts happen again, as another person than proposed it; return how many are told to switches now.

    :raises SamePerson: for whoever proposed it
    :raises Changed: when anything of it changed since
    :raises NoAuthority: once the authority has ended
    """
    row = locked(surveillance, by=by, now=now, permission=ACTIVATE)
    in_force(row, now=now)
    recovery.approve_resume(
        approval=approval, subject=row.pk, matter=row.matter, digest=_digest(row), by=by, now=now
    )
    waits = Tap.objects.select_related("target__surveillance").filter(
        target__surveillance=row, state=TapState.STARTING, fires_at__gt=now
    )
    count = _start(waits, now=now)
    audit.record("surveillance.resumed", by=by, at=now, matter=row.matter, surveillance=row.pk, taps=count)
    return count


@transaction.atomic
def approve_leave(*, approval: str, by: Actor, now: datetime) -> int:
    """
    End the recovery, as another person than proposed it; what waited to start goes to its switch. Return how many that are.

    :raises SamePerson: for whoever proposed it
    """
    recovery.approve_leave(approval=approval, by=by, now=now)
    waits = Tap.objects.select_related("target__surveillance").filter(
        state=TapState.STARTING, fires_at__gt=now
    )
    return _start(waits, now=now)


def _start(waits: "QuerySet[Tap]", *, now: datetime) -> int:
    for tap in waits:
        due_at = max(now, tap.starts_at)
        deadlines.arm(
            SWITCH_ON, subject=tap.pk, due_at=due_at, matter=tap.target.surveillance.matter, now=now
        )
    return len(waits)


def _digest(row: Surveillance) -> str:
    taps = Tap.objects.filter(target__surveillance=row, state__in=ON).order_by("pk")
    said = [f"{tap.task} {tap.generation} {tap.state} {tap.types} {tap.until_at.isoformat()}" for tap in taps]
    return bound.digest(bound.RESUME, row.pk, str(row.revision), *said)
