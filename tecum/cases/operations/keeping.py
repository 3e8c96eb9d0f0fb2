"""How long a case is kept: a legal hold by two people, ended by one; what of it is not over when an epoch ends (A14)."""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.approvals import operations as approvals
from tecum.approvals import queries as proposals
from tecum.approvals.rules import ApprovalView
from tecum.audit import operations as audit
from tecum.cases.operations.opening import locked
from tecum.cases.rules.acts import legal_hold
from tecum.deadlines import operations as deadlines
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.secrecy import operations as secrecy
from tecum.secrecy import queries as kept

HOLD, ENDED = "case.legal_hold", "case.hold_ended"


class CannotKeep(Refused):
    """A hold that there is already, or that there is not."""


@transaction.atomic
def propose_legal_hold(*, case: str, by: Actor, now: datetime) -> ApprovalView:
    """
    Propose that a case, with its messages, papers and productions, outlives its retention until somebody ends that.

    :raises CannotKeep: when it is held already
    """
    require(by, "case.legal_hold", now=now)
    row = locked(case, by=by, now=now, writing=False)
    if kept.is_held(row.matter):
        raise CannotKeep("This case is held already.")
    return approvals.propose(HOLD, row.pk, legal_hold(case=row.pk), by=by, now=now, matter=row.matter)


@transaction.atomic
def approve_legal_hold(*, approval: str, by: Actor, now: datetime) -> None:
    """
    Approve the hold that another person proposed (control 13).

    :raises SamePerson: for whoever proposed it
    :raises CannotKeep: when it is held already
    """
    require(by, "case.legal_hold", now=now)
    waiting = proposals.approval(approval)
    if waiting.act != HOLD:
        raise NotYours
    row = locked(waiting.subject, by=by, now=now, writing=False)
    approvals.approve(approval, digest=legal_hold(case=row.pk), by=by, now=now, matter=row.matter)
    if not secrecy.hold_matter(row.matter, placed_by=waiting.proposed_by, by=by, now=now):
        raise CannotKeep("This case is held already.")
    audit.record(
        "case.hold_placed", by=by, at=now, matter=row.matter, case=row.pk, placed_by=waiting.proposed_by
    )


@transaction.atomic
def end_legal_hold(*, case: str, by: Actor, now: datetime) -> None:
    """
    End a hold: one person's act. What was to be taken away meanwhile is taken away now, by the jobs.

    :raises CannotKeep: when nothing is held
    """
    require(by, "case.legal_hold", now=now)
    row = locked(case, by=by, now=now, writing=False)
    if not secrecy.end_hold(row.matter, by=by, now=now):
        raise CannotKeep("No legal hold keeps this case.")
    deadlines.arm(ENDED, subject=row.matter, due_at=now, matter=row.matter, now=now)
    audit.record("case.hold_ended", by=by, at=now, matter=row.matter, case=row.pk)
