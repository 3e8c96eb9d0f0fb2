"""Propose, approve, withdraw. The capability whose act it is asks for the permission before it calls."""

from datetime import datetime

from django.db import transaction

from tecum.approvals import rules
from tecum.approvals.models import Approval, LifeException
from tecum.approvals.queries import may_alone
from tecum.approvals.rules import ApprovalView
from tecum.approvals.states import APPROVAL_NEXT, ApprovalState
from tecum.audit import operations as audit
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours, Refused


class OnlyPeople(Refused):
    """A process or a command line would propose or approve."""


class SamePerson(Refused):
    """Whoever proposed it would approve it."""


class Changed(Refused):
    """What would happen is no longer what was proposed."""


class NotWaiting(Refused):
    """The proposal was decided already."""


class WaitsAlready(Refused):
    """Exactly this was proposed already."""


def propose(
    act: str, subject: str, digest: str, *, by: Actor, now: datetime, matter: str = ""
) -> ApprovalView:
    """
    Propose an act, bound to the SHA-256 of exactly what will happen; an earlier proposal of it becomes void.

    `matter` is that of a case which the act is about: what is sealed to somebody stays so in the trail.

    :raises WaitsAlready: where the same waits for a second person already
    """
    _person(by)
    if not rules.DIGEST.fullmatch(digest):
        raise ValueError("A digest is 64 hexadecimal digits.")
    with transaction.atomic():
        rows = Approval.objects.select_for_update()
        earlier = rows.filter(act=act, subject=subject, state=ApprovalState.PROPOSED).first()
        if earlier is not None and earlier.digest == digest:
            raise WaitsAlready("Exactly this waits for a second person already.")
        if earlier is not None:
            _void(earlier, by=by, now=now, matter=matter)
        row = Approval.objects.create(
            act=act, subject=subject, digest=digest, proposed_at=now, proposed_by=by.ref
        )
        audit.record(
            "approval.proposed", by=by, at=now, matter=matter, approval=str(row.pk), act=act, about=subject,
            content=digest,
        )  # fmt: skip
    return row.view()


def approve(id: str, *, digest: str, by: Actor, now: datetime, matter: str = "") -> ApprovalView:
    """
    Approve a proposal whose digest is still that of what will happen; perform the act in the same transaction.

    A changed digest makes the proposal void for ever. Called inside a transaction that the refusal rolls back, the row
    stays, and still fits nothing but what was proposed.

    :raises SamePerson: for whoever proposed it
    :raises Changed: where the digest is another
    :raises NotWaiting: where it was decided already
    """
    _person(by)
    with transaction.atomic():
        row = _waiting(id)
        if not rules.another_person(proposer=row.proposed_by, approver=by.ref):
            if not may_alone(matter, by.ref, now=now):
                raise SamePerson("You proposed this: another person approves it.")
            row.alone = True
        changed = row.digest != digest
        if changed:
            _void(row, by=by, now=now, matter=matter)
        else:
            row.turn(ApprovalState.APPROVED, by=by.ref, at=now)
            audit.record(
                "approval.approved",
                by=by,
                at=now,
                matter=matter,
                approval=str(row.pk),
                act=row.act,
                about=row.subject,
                content=row.digest,
                proposer=row.proposed_by,
            )
    if changed:
        raise Changed("What was proposed has changed since. The proposal is void: it must be proposed again.")
    return row.view()


@transaction.atomic
def except_for_life(matter: str, *, until: datetime, by: Actor, now: datetime) -> None:
    """
    Let this person alone propose and approve what concerns a matter, until another confirms it or the time is over (decisions, E).

    The capability that calls has found that a life is in danger and nobody else can be reached.
    """
    _person(by)
    LifeException.objects.filter(matter=matter, ended_at=None).update(ended_at=now)
    LifeException.objects.create(matter=matter, person=by.ref, since=now, until=until)
    audit.record("approval.excepted", by=by, at=now, matter=matter, until=until)


@transaction.atomic
def end_exception(matter: str, *, by: Actor, now: datetime) -> None:
    """End what one person might do alone: another confirmed it. :raises SamePerson: for whoever it is"""
    _person(by)
    row = LifeException.objects.select_for_update().filter(matter=matter, ended_at=None).first()
    if row is not None and row.person == by.ref:
        raise SamePerson("You decided this alone: another person confirms it.")
    LifeException.objects.filter(matter=matter, ended_at=None).update(ended_at=now)
    audit.record("approval.exception_ended", by=by, at=now, matter=matter)


def withdraw(id: str, *, by: Actor, now: datetime, matter: str = "") -> ApprovalView:
    """Withdraw a proposal that waits. :raises NotWaiting: where it was decided already"""
    with transaction.atomic():
        row = _waiting(id)
        row.turn(ApprovalState.WITHDRAWN, by=by.ref, at=now)
        audit.record(
            "approval.withdrawn", by=by, at=now, matter=matter, approval=str(row.pk), act=row.act, about=row.subject
        )  # fmt: skip
    return row.view()


def _waiting(id: str) -> Approval:
    if not id.isdecimal() or len(id) > 18:
        raise NotYours
    row = Approval.objects.select_for_update().filter(pk=int(id)).first()
    if row is None:
        raise NotYours
    if not APPROVAL_NEXT[ApprovalState(row.state)]:
        raise NotWaiting("This was decided already, or is void.")
    return row


def _void(row: Approval, *, by: Actor, now: datetime, matter: str) -> None:
    row.turn(ApprovalState.VOID, by=by.ref, at=now)
    audit.record(
        "approval.voided", by=by, at=now, matter=matter, approval=str(row.pk), act=row.act, about=row.subject
    )


def _person(by: Actor) -> None:
    if by.kind is not ActorKind.PERSON:
        raise OnlyPeople(
            "Two people decide this, each signed in as themselves; no process and no command line."
        )
