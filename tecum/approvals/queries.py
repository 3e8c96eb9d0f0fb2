"""What waits for a second person, and what was decided. Who may see it, the capability whose act it is decides."""

from datetime import datetime

from tecum.approvals.models import Approval, LifeException
from tecum.approvals.rules import ApprovalView
from tecum.approvals.states import ApprovalState
from tecum.kernel.refusals import NotYours


def approval(id: str) -> ApprovalView:
    """Return one proposal. :raises NotYours: when there is none of that id"""
    row = Approval.objects.filter(pk=int(id)).first() if id.isdecimal() and len(id) < 19 else None
    if row is None:
        raise NotYours
    return row.view()


def waiting(act: str, subject: str) -> ApprovalView | None:
    """Return the proposal that waits for a second person, if there is one."""
    row = Approval.objects.filter(act=act, subject=subject, state=ApprovalState.PROPOSED).first()
    return row.view() if row else None


def last_approved(act: str, subject: str) -> ApprovalView | None:
    """Return what was approved last; one proposal waits at a time, so that their order is that of their approval."""
    rows = Approval.objects.filter(act=act, subject=subject, state=ApprovalState.APPROVED)
    row = rows.order_by("-pk").first()
    return row.view() if row else None


def history(act: str, subject: str, *, limit: int = 50) -> tuple[ApprovalView, ...]:
    """Return the proposals of an act for a subject, newest first."""
    rows = Approval.objects.filter(act=act, subject=subject).order_by("-pk")
    return tuple(row.view() for row in rows[:limit])


def may_alone(matter: str, person: str, *, now: datetime) -> bool:
    """Tell whether one person may both propose and approve what concerns a matter now, for a life (decisions, part E)."""
    rows = LifeException.objects.filter(
        matter=matter, person=person, ended_at=None, since__lte=now, until__gt=now
    )
    return bool(matter) and rows.exists()
