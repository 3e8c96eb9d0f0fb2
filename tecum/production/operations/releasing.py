"""Letting a production go: one proposes, another approves, both bound to the hash of package, scope and receivers."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.approvals import operations as approvals
from tecum.approvals import queries as proposals
from tecum.approvals.rules import ApprovalView
from tecum.approvals.states import ApprovalState
from tecum.cases import operations as cases
from tecum.deadlines import operations as deadlines
from tecum.documents import operations as documents
from tecum.guide.calculators import calendars
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.production import holding, sealed
from tecum.production.drivers import failpoints
from tecum.production.models import Production
from tecum.production.operations import scopes
from tecum.production.operations.preparing import found
from tecum.production.refusals import CannotRelease, NotAReceiver
from tecum.production.rules.views import Receivers
from tecum.production.states import OUT, ProductionState

ACT = "production.release"
KEEP = "production.keep_over"
LEFT = "production.left"
RELEASABLE = (ProductionState.MADE, *OUT)


@dataclass(frozen=True, slots=True)
class _Package:
    """The package as its stored bytes are at this moment."""

    file: str
    sha256: str


def propose_release(*, production: str, receivers: Receivers, by: Actor, now: datetime) -> ApprovalView:
    """
    Propose to let a production go to receivers; an earlier proposal of it becomes void.

    :raises NotYours: when it is unknown, sealed to others, or not for this actor
    :raises NotAReceiver: for a person of another agency, or an address that is not the one on file
    :raises CannotRelease: before it is made, once it is void, or when the scope in force is another
    """
    require(by, "production.release", now=now)
    package = _package(production, by=by)
    with transaction.atomic():
        accounts.stand(by=by, now=now)
        row = _standing(production, package, by=by)
        _may_receive(row, receivers)
        row.wanted = sealed.close(row, "wanted", sealed.as_text(receivers))
        row.save(update_fields=["wanted"])
        proposal = approvals.propose(
            ACT, row.pk, _digest(row, package, receivers), by=by, now=now, matter=row.matter
        )
        scopes.remember("production.release_proposed", row, by=by, now=now,
            approval=proposal.id, receivers=_count(receivers),
        )  # fmt: skip
    return proposal


def approve_release(*, production: str, approval: str, by: Actor, now: datetime) -> None:
    """
    Let a production go, as another person than proposed or prepared it; the package is read and hashed again first.

    :raises SamePerson: for whoever proposed it
    :raises Changed: where package, scope or receivers are not what was proposed
    :raises CannotRelease: for whoever prepared it, and whenever it could not be proposed
    :raises InRecovery: while the house is checked after it was put back from a copy
    :raises Refused: while a gate of its case is open: a fee not agreed to, a form not signed (R-105)
    """
    require(by, "production.release", now=now)
    package = _package(production, by=by)
    with transaction.atomic():
        accounts.stand(by=by, now=now)
        row = _standing(production, package, by=by)
        proposal = proposals.approval(approval)
        if (proposal.act, proposal.subject) != (ACT, row.pk):
            raise NotYours
        if proposal.state != ApprovalState.PROPOSED:
            raise approvals.NotWaiting("This was decided already, or is void.")
        if by.ref == row.prepared_by and not proposals.may_alone(row.matter, by.ref, now=now):
            raise CannotRelease("You prepared this: another person releases it.")
        cases.refuse_while_gated(row.case)
        holding.hold(row, now=now)
        _refuse_in_arrears(row, now=now)
        receivers = sealed.receivers(row, "wanted")
        _may_receive(row, receivers)
        approvals.approve(
            approval, digest=_digest(row, package, receivers), by=by, now=now, matter=row.matter
        )
        _let_go(row, receivers, by=by, now=now)
        scopes.remember("production.released", row, by=by, now=now, approval=approval,
            package=package.sha256, scope=row.scope_digest, receivers=_count(receivers),
        )  # fmt: skip
        failpoints.reach("before_release")
    failpoints.reach("released")


def _refuse_in_arrears(row: Production, *, now: datetime) -> None:
    """Refuse a release to an agency that must pay first; only of a legal demand, never of an order or an emergency."""
    late = process.arrears_of_case(row.case, at=now)
    rules = policy.at(now).arrears
    if late is not None and any(rule.withholds_release for rule in rules if rule.id in late.arrears):
        raise CannotRelease(
            "Invoices of the agency are overdue, and nothing is released to it until they are paid. In an emergency it asks by the emergency desk."
        )


@transaction.atomic
def withdraw_proposal(*, production: str, approval: str, by: Actor, now: datetime) -> None:
    """Take a proposal back; one person is enough. :raises NotYours: for another production's"""
    require(by, "production.release", now=now)
    row = found(production, by=by)
    proposal = proposals.approval(approval)
    if (proposal.act, proposal.subject) != (ACT, row.pk):
        raise NotYours
    approvals.withdraw(approval, by=by, now=now)


def _let_go(row: Production, receivers: Receivers, *, by: Actor, now: datetime) -> None:
    """Write who may have it; the first time it leaves its state, later it is only for more receivers."""
    kept = sealed.close(row, "receivers", sealed.as_text(receivers))
    if row.state in OUT:
        Production.objects.filter(pk=row.pk).update(receivers=kept, wanted=b"")
        return
    guide = policy.at(now)
    keep = calendars.later(guide, now, guide.keeps("productions").keep)
    columns = {
        "receivers": kept,
        "wanted": b"",
        "released_at": now,
        "released_by": by.ref,
        "alone": by.ref == row.prepared_by,
    }
    if not row.turn(ProductionState.RELEASED, **columns):
        raise CannotRelease(f"{row.reference} is {row.state.lower()}.")
    deadlines.arm(KEEP, subject=row.pk, due_at=keep, matter=row.matter, now=now)
    deadlines.arm(
        LEFT, subject=row.pk, due_at=now, matter=row.matter, now=now
    )  # a fact for whoever works on the case


def _package(production: str, *, by: Actor) -> _Package:
    """Read and hash the stored package, outside any transaction: it may be large."""
    row = Production.objects.filter(pk=production).first()
    if row is None or not scopes.readable(row.matter, by):
        raise NotYours
    if row.state not in RELEASABLE:
        raise CannotRelease(f"{row.reference} is {row.state.lower()}; it cannot be released.")
    digest = sha256()
    for piece in documents.stream(row.file):
        digest.update(piece)
    return _Package(row.file, digest.hexdigest())


def _standing(production: str, package: _Package, *, by: Actor) -> Production:
    """Hold scope and production, in this order, and refuse one that is not as it was made under the scope in force."""
    known = Production.objects.filter(pk=production).values_list("case", flat=True).first()
    scope = scopes.locked_scope(known or "")
    row = found(production, by=by)
    if row.state not in RELEASABLE:
        raise CannotRelease(f"{row.reference} is {row.state.lower()}; it cannot be released.")
    if (
        scope is None
        or scope.digest != row.scope_digest
        or sealed.scope_in_force(scope).digest() != scope.digest
    ):
        raise CannotRelease("The scope of the case has changed: prepare the production again.")
    if sealed.scope(row).digest() != row.scope_digest:
        raise CannotRelease("The scope it was made under is not what it was.")
    if package != _Package(row.file, row.sha256):
        raise CannotRelease("The package is not what was made: prepare the production again.")
    return row


def _digest(row: Production, package: _Package, receivers: Receivers) -> str:
    """Return the SHA-256 of exactly what will happen."""
    said = {
        "act": ACT,
        "production": row.pk,
        "package": package.sha256,
        "scope": row.scope_digest,
        "receivers": sealed.as_text(receivers),
    }
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _may_receive(row: Production, receivers: Receivers) -> None:
    if receivers.nobody:
        raise NotAReceiver("Say who gets it: a person of the agency, or the address on file.")
    for person in receivers.people:
        if not row.agency or people.agency_of(person) != row.agency:
            raise NotAReceiver("A production goes to people of the agency whose case it is.")
    if receivers.address:
        on_file = sealed.inputs(row).case.address
        if receivers.address != on_file or not agencies.has_domain_of(agency=row.agency, address=on_file):
            raise NotAReceiver("A link goes to the address on file, in a domain verified for the agency.")


def _count(receivers: Receivers) -> int:
    return len(receivers.people) + bool(receivers.address)
