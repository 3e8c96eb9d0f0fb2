"""Freezing the inputs of a production, and withdrawing it before it leaves."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.documents import queries as documents
from tecum.guide.model.guide import Guide
from tecum.kernel.actors import Actor
from tecum.kernel.ids import reference
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.production import sealed
from tecum.production.drivers import failpoints
from tecum.production.models import Production
from tecum.production.operations import scopes
from tecum.production.refusals import CannotPrepare
from tecum.production.rules import checks
from tecum.production.rules.facts import BadInput, Inputs
from tecum.production.states import OUT
from tecum.records.rules.scope import Scope


@transaction.atomic
def prepare(*, inputs: Inputs, scope: Scope, by: Actor, now: datetime, supplements: str = "") -> str:
    """
    Freeze what a production is made from, let the jobs make it, and return its id.

    `scope` must be the one in force for the case; `supplements` is an earlier production that has left.

    :raises NotYours: without the permission, or for a matter that is sealed to others
    :raises CannotPrepare: where inputs, coverage, scope or guide contradict each other
    """
    require(by, "production.prepare", now=now)
    accounts.stand(by=by, now=now)
    case = inputs.case
    if not scopes.readable(case.matter, by):
        raise NotYours
    standing = scopes.locked_scope(case.id)
    if standing is None or standing.digest != scope.digest():
        raise CannotPrepare("This is not the scope that is in force for the case.")
    guide = policy.at(now)
    _checked(inputs, scope, guide)
    _stored(inputs)
    last = Production.objects.filter(case=case.id).aggregate(last=Max("ordinal"))["last"] or 0
    row = Production(
        reference=reference("PR"), case=case.id, case_reference=case.reference, matter=case.matter,
        agency=case.agency, ordinal=last + 1, scope_digest=scope.digest(), guide_version=guide.version,
        prepared_at=now, prepared_by=by.ref, supplements=_earlier(supplements, case.id),
    )  # fmt: skip
    row.inputs = sealed.close(row, "inputs", inputs.json())
    row.scope = sealed.close(row, "scope", scope.json())
    row.save(force_insert=True)
    deadlines.arm(scopes.MAKE, subject=row.pk, due_at=now, matter=row.matter, now=now)
    audit.record(
        "production.prepared", by=by, at=now, matter=row.matter, production=row.pk, case=case.id,
        scope=row.scope_digest, files=len(inputs.parts),
    )  # fmt: skip
    return row.pk


def _checked(inputs: Inputs, scope: Scope, guide: Guide) -> None:
    try:
        checks.check(inputs, scope)
    except BadInput as fault:
        raise CannotPrepare(str(fault)) from None
    if scope.guide != guide.version:
        raise CannotPrepare("The scope was made under another version of the guide: approve it again.")
    known = {product.id for product in guide.products}
    for each in inputs.coverage:
        if each.product not in known:
            raise CannotPrepare(f"The guide has no product '{each.product}'.")
    papers = guide.productions
    wanted = papers.certificate if inputs.parts else papers.no_records
    if not wanted:
        raise CannotPrepare("The guide has no wording for the statement that goes with it.")


def _stored(inputs: Inputs) -> None:
    there = {each.id for each in documents.files(matter=inputs.case.matter)}
    if [part for part in inputs.parts if part.file not in there]:
        raise CannotPrepare("A file is not stored in this matter.")


def _earlier(id: str, case: str) -> Production | None:
    if not id:
        return None
    row = Production.objects.filter(pk=id, case=case, state__in=OUT).first()
    if row is None:
        raise CannotPrepare("A supplement follows a production of the same case that has left.")
    return row


@transaction.atomic
def withdraw(*, production: str, reason: str, by: Actor, now: datetime) -> None:
    """
    Withdraw a production before its release; one person is enough.

    :raises NotYours: when it is unknown, or not for this actor
    :raises CannotPrepare: without a reason, or once it was released
    """
    require(by, "production.prepare", now=now)
    row = found(production, by=by)
    if not reason.strip():
        raise CannotPrepare("Say why it is withdrawn.")
    if not scopes.void(row, why="withdrawn", reason=reason.strip(), by=by, now=now):
        raise CannotPrepare(f"{row.reference} is {row.state.lower()} already.")


def found(production: str, *, by: Actor) -> Production:
    """Return a production, held until the transaction ends. :raises NotYours: when unknown or sealed to others"""
    row = Production.objects.select_for_update().filter(pk=production).first()
    if row is None or not scopes.readable(row.matter, by):
        raise NotYours
    failpoints.reach("locked")
    return row
