"""Who may know of a case: the officers' list, the seal, and two people for every door that is opened in it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import queries as accounts
from tecum.approvals import operations as approvals
from tecum.approvals import queries as proposals
from tecum.approvals.rules import ApprovalView
from tecum.audit import operations as audit
from tecum.cases import rules
from tecum.cases.models import LegalCase
from tecum.cases.operations.opening import locked
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours, Refused
from tecum.secrecy import operations as secrecy
from tecum.secrecy import queries as lists

LET_IN, UNSEAL = "case.let_in", "case.unseal"


class CannotSeal(Refused):
    """A seal that would leave nobody, or one person alone, who can work on the case."""


class CannotLetIn(Refused):
    """Somebody who may not be put on this list, or not by one person."""


@transaction.atomic
def seal(*, case: str, people: Collection[str], by: Actor, now: datetime) -> None:
    """
    Seal a case: from now on only its list knows that it exists. One person's act: a restriction never waits.

    `people` are staff who join the list with whoever seals; with fewer than two of them nobody could ever let a third
    in. Officers on the list stay on it.

    :raises CannotSeal: where the list would hold fewer than two people of the carrier
    """
    require(by, "case.seal", now=now)
    row = locked(case, by=by, now=now, writing=False)
    wanted = {*people} | ({by.ref} if by.kind is ActorKind.PERSON else set())
    staff = {ref for ref in {*wanted, *lists.readers(row.matter)} if not accounts.agency_of(ref)}
    unknown = wanted - set(accounts.names(wanted))
    if unknown or any(accounts.agency_of(ref) for ref in wanted):
        raise NotYours
    if len(staff) < 2:
        raise CannotSeal("Name one more person of the carrier: two are needed to let a third in later.")
    for ref in sorted(wanted):
        _put(row, ref, by=by, now=now)
    if secrecy.seal_matter(row.matter):
        audit.record("case.sealed", by=by, at=now, matter=row.matter, case=row.pk, people=len(staff))
    if row.owner and row.owner not in staff:
        LegalCase.objects.filter(pk=row.pk).update(owner="")


@transaction.atomic
def add_person(*, case: str, person: str, by: Actor, now: datetime) -> None:
    """
    Put an officer of the case's agency on its list, so that they may see how it stands; or a person of the carrier on
    the list of a case that is not sealed. Into a sealed case two people let somebody in: `propose_let_in`.

    :raises CannotLetIn: for an officer of another agency, or a sealed case
    """
    row = locked(case, by=by, now=now, writing=False)
    _fits(row, person)
    if lists.is_sealed(row.matter) and by.kind is not ActorKind.SYSTEM:
        raise CannotLetIn("This case is sealed: one person proposes who joins its list, another approves.")
    _put(row, person, by=by, now=now)


@transaction.atomic
def remove_person(*, case: str, person: str, by: Actor, now: datetime) -> None:
    """Take somebody off the list of a case: one person's act, and at once. :raises CannotLetIn: for the last but one"""
    row = locked(case, by=by, now=now, writing=False)
    staff = {ref for ref in lists.readers(row.matter) if not accounts.agency_of(ref)}
    if lists.is_sealed(row.matter) and person in staff and len(staff) <= 2:
        raise CannotLetIn(
            "Two people of the carrier stay on the list of a sealed case; let another in first."
        )
    if secrecy.forget(row.matter, person, by=by, now=now):
        audit.record("case.person_removed", by=by, at=now, matter=row.matter, case=row.pk, person=person)
        LegalCase.objects.filter(pk=row.pk, owner=person).update(owner="")


@transaction.atomic
def propose_let_in(*, case: str, person: str, by: Actor, now: datetime) -> ApprovalView:
    """Propose that somebody joins the list of a sealed case (control 6). :raises CannotLetIn: where they cannot"""
    require(by, "case.let_in", now=now)
    row = locked(case, by=by, now=now, writing=False)
    _fits(row, person)
    return approvals.propose(
        LET_IN,
        f"{row.pk}/{person}",
        rules.let_in(case=row.pk, person=person),
        by=by,
        now=now,
        matter=row.matter,
    )


@transaction.atomic
def propose_unseal(*, case: str, by: Actor, now: datetime) -> ApprovalView:
    """Propose that a case is no longer sealed (control 6)."""
    require(by, "case.let_in", now=now)
    row = locked(case, by=by, now=now, writing=False)
    if not lists.is_sealed(row.matter):
        raise CannotLetIn("This case is not sealed.")
    return approvals.propose(UNSEAL, row.pk, rules.unseal(case=row.pk), by=by, now=now, matter=row.matter)


@transaction.atomic
def approve_let_in(*, approval: str, by: Actor, now: datetime) -> None:
    """
    Approve what another person on the list proposed: that somebody joins it, or that the case is unsealed.

    :raises SamePerson: for whoever proposed it
    :raises NotYours: for somebody who is not on the list: they may not know that there is one
    """
    require(by, "case.let_in", now=now)
    waiting = proposals.approval(approval)
    if waiting.act not in {LET_IN, UNSEAL}:
        raise NotYours
    case, _, person = waiting.subject.partition("/")
    row = locked(case, by=by, now=now, writing=False)
    digest = rules.let_in(case=row.pk, person=person) if person else rules.unseal(case=row.pk)
    approvals.approve(approval, digest=digest, by=by, now=now, matter=row.matter)
    if person:
        _fits(row, person)
        _put(row, person, by=by, now=now)
    else:
        secrecy.unseal_matter(row.matter)
        audit.record("case.unsealed", by=by, at=now, matter=row.matter, case=row.pk)


def _fits(row: LegalCase, person: str) -> None:
    """Refuse somebody whom nobody knows, and an officer of another agency (agency isolation)."""
    home = accounts.agency_of(person)
    if person not in accounts.names({person}):
        raise NotYours
    if home and home != row.agency:
        raise CannotLetIn("This officer belongs to another agency than the case.")


def _put(row: LegalCase, person: str, *, by: Actor, now: datetime) -> None:
    if secrecy.let_know(row.matter, person, by=by, now=now):
        audit.record("case.person_added", by=by, at=now, matter=row.matter, case=row.pk, person=person)
