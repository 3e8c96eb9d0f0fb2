"""Entering a recovery, resuming one thing in it, and leaving it: the last two are acts of two people."""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.approvals import operations as approvals
from tecum.approvals.rules import ApprovalView
from tecum.audit import operations as audit
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.recovery import queries, rules
from tecum.recovery.models import Recovery, Resumption
from tecum.recovery.rules import RecoveryView
from tecum.recovery.states import RecoveryState

ANSWERS = (
    "This installation was put back from a copy and is being checked. Nothing is answered or handed out until that is done; what"
    " you had stays as it was. Please come back later."
)
STAYS = (
    "This installation was put back from a copy and is being checked: nothing leaves it before two people have ended the recovery."
    " What was withdrawn, paid or taken back since the copy was made is not in it."
)


class InRecovery(Refused):
    """Something that does not happen while this installation is being checked after it was put back from a copy."""


class AlreadyResumed(Refused):
    """Two people have let this one start again already."""


class NotInRecovery(Refused):
    """There is nothing to resume or to leave."""


def refuse(*, leaves: bool = False, begun_at: datetime | None = None) -> None:
    """
    Refuse what reveals or starts anything, while nobody knows what ended since the copy was made.

    With `leaves` it is staff who would let something out, and that waits too: what was withdrawn, paid, gagged or taken back
    since is not in the copy. `begun_at` is when all of it began, where a life hangs on it: begun in the recovery, it goes.

    :raises InRecovery: while one is under way
    """
    row = queries.under_way()
    if row is None or (begun_at is not None and begun_at >= row.began_at):
        return
    raise InRecovery(STAYS if leaves else ANSWERS)


@transaction.atomic
def enter(
    *,
    copied_at: datetime,
    copy: str,
    origin: str,
    known_outside: int,
    in_copy: int,
    by: Actor,
    now: datetime,
) -> RecoveryView:
    """Begin a recovery; one that the copy itself was in goes on as this one."""
    require(by, "recovery.enter", now=now)
    # What two people resumed in the recovery that the copy holds may have ended since: they resume it anew.
    Resumption.objects.filter(recovery__state=RecoveryState.UNDER_WAY).delete()
    Recovery.objects.filter(state=RecoveryState.UNDER_WAY).delete()
    row = Recovery.objects.create(
        copied_at=copied_at, copy=copy, origin=origin, known_outside=known_outside, in_copy=in_copy, began_at=now,
        began_by=by.ref,
    )  # fmt: skip
    audit.record(
        "recovery.entered",
        by=by,
        at=now,
        recovery=row.pk,
        copy=copy,
        copied_at=copied_at,
        lost=row.view().lost,
    )
    return row.view()


@transaction.atomic
def propose_resume(*, subject: str, matter: str, digest: str, by: Actor, now: datetime) -> ApprovalView:
    """
    Propose to let one surveillance start again; the caller has asked for the permission and made the digest of what starts.

    :raises NotInRecovery: when none is under way
    :raises AlreadyResumed: when two people did so before
    """
    row = _under_way()
    if Resumption.objects.filter(recovery=row, subject=subject).exists():
        raise AlreadyResumed("Two people resumed this already: it may start.")
    return approvals.propose(rules.RESUME, subject, digest, by=by, now=now, matter=matter)


@transaction.atomic
def approve_resume(
    *, approval: str, subject: str, matter: str, digest: str, by: Actor, now: datetime
) -> None:
    """
    Let it start again, as another person than proposed it.

    :raises SamePerson: for whoever proposed it
    :raises Changed: when what would start is another
    """
    row = _under_way()
    found = approvals.approve(approval, digest=digest, by=by, now=now, matter=matter)
    if (found.act, found.subject) != (rules.RESUME, subject):
        raise NotYours
    if Resumption.objects.filter(recovery=row, subject=subject).exists():
        raise AlreadyResumed("Two people resumed this already: it may start.")
    Resumption.objects.create(
        recovery=row, subject=subject, at=now, proposed_by=found.proposed_by, approved_by=by.ref
    )
    audit.record("recovery.resumed", by=by, at=now, matter=matter, recovery=row.pk, surveillance=subject)


@transaction.atomic
def propose_leave(*, by: Actor, now: datetime) -> ApprovalView:
    """Propose that everything is as it was. :raises NotInRecovery: when none is under way"""
    require(by, "recovery.leave", now=now)
    row = _under_way()
    return approvals.propose(rules.LEAVE, row.pk, _leaving(row), by=by, now=now)


@transaction.atomic
def approve_leave(*, approval: str, by: Actor, now: datetime) -> None:
    """
    End the recovery, as another person than proposed it.

    :raises SamePerson: for whoever proposed it
    """
    require(by, "recovery.leave", now=now)
    row = _under_way()
    found = approvals.approve(approval, digest=_leaving(row), by=by, now=now)
    if (found.act, found.subject) != (rules.LEAVE, row.pk):
        raise NotYours
    row.state, row.left_at, row.proposed_by, row.left_by = (
        RecoveryState.LEFT,
        now,
        found.proposed_by,
        by.ref,
    )
    row.save(update_fields=["state", "left_at", "proposed_by", "left_by"])
    audit.record("recovery.left", by=by, at=now, recovery=row.pk, proposer=found.proposed_by)


def _under_way() -> Recovery:
    row = Recovery.objects.select_for_update().filter(state=RecoveryState.UNDER_WAY).first()
    if row is None:
        raise NotInRecovery("This installation is not in recovery.")
    return row


def _leaving(row: Recovery) -> str:
    return rules.digest(rules.LEAVE, row.pk, row.copy)
