"""The scope: one person proposes what is granted, another approves exactly that (controls 6 and 7)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from tecum.approvals import operations as approvals
from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.demands.models import Demand, DemandScope
from tecum.demands.operations import customers
from tecum.demands.operations.gated import refuse_while_gated
from tecum.demands.operations.rows import CannotTurn, locked, turn
from tecum.demands.queries import judging
from tecum.demands.rules.compiling import Line
from tecum.demands.rules.writing import digest, written
from tecum.demands.states import STOPS, DemandState
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.production import operations as production
from tecum.records.rules.scope import Scope

ACT = "demand.scope"


class CannotScope(Refused):
    """A scope that cannot be proposed or approved as it stands."""


@transaction.atomic
def propose_scope(*, case: str, by: Actor, now: datetime) -> str:
    """
    Propose what is granted, as the lines stand now, and return the id of the proposal; an earlier one becomes void.

    :raises CannotScope: while a line waits for a decision, or nothing would be searched or said
    """
    row = locked(case, by=by, now=now, permission="demand.scope")
    if row.state not in {DemandState.IN_REVIEW, DemandState.SCOPED}:
        raise CannotTurn(
            f"Case {row.case.reference} is {row.state.replace('_', ' ').lower()}, not in review."
        )
    if row.testimony:
        raise CannotScope(
            "This asks for a person to testify and for no records: nothing is granted under it."
        )
    refuse_while_gated(row, by=by, now=now)
    found, scope = _now(row, by=by, now=now)
    waits = sorted({line.because for line in found if line.outcome in STOPS})
    if waits:
        raise CannotScope(f"Decide first: {waits[0]}")
    if not found:
        raise CannotScope("No target has a number, an interval and a product yet (R-110).")
    content = digest(found, scope)
    approval = approvals.propose(ACT, row.pk, content, by=by, now=now, matter=row.matter)
    last = DemandScope.objects.filter(demand=row).aggregate(last=Max("ordinal"))["last"] or 0
    key = sealed.key_of(row.matter)
    made = DemandScope(
        id=ids.unguessable(), demand=row, ordinal=last + 1, digest=content, guide_version=scope.guide,
        approval=approval.id, proposed_at=now, proposed_by=by.ref,
    )  # fmt: skip
    made.lines = sealed.close(key, f"scope {made.pk} lines", written(found))
    made.scope = sealed.close(key, f"scope {made.pk}", scope.json())
    made.save(force_insert=True)
    audit.record(
        "demand.scope_proposed", by=by, at=now, matter=row.matter, demand=row.pk, scope=content,
        lines=len(found), grants=len(scope.grants),
    )  # fmt: skip
    return made.pk


@transaction.atomic
def approve_scope(*, proposal: str, by: Actor, now: datetime) -> None:
    """
    Approve a proposed scope: exactly what would be granted now must be what was proposed.

    :raises SamePerson: for whoever proposed it
    :raises Changed: when targets, decisions, retention, history or guide have changed since
    :raises NotYours: when it is unknown, or not for this person
    """
    known = DemandScope.objects.filter(pk=proposal).values_list("demand__case", flat=True).first()
    row = locked(known or "", by=by, now=now, permission="demand.scope")
    made = DemandScope.objects.select_for_update().get(pk=proposal)
    if made.ended_at is not None or made.approved_at is not None:
        raise NotYours
    refuse_while_gated(row, by=by, now=now)
    found, scope = _now(row, by=by, now=now)
    approvals.approve(made.approval, digest=digest(found, scope), by=by, now=now, matter=row.matter)
    DemandScope.objects.filter(demand=row, ended_at=None).exclude(pk=made.pk).update(ended_at=now)
    DemandScope.objects.filter(pk=made.pk).update(approved_at=now, approved_by=by.ref)
    audit.record("demand.scope_approved", by=by, at=now, matter=row.matter, demand=row.pk, scope=made.digest)
    if row.state != DemandState.SCOPED:
        turn(row, DemandState.SCOPED, by=by, now=now)
    production.set_scope(case=row.case_id, scope=scope, by=by, now=now)
    customers.settle(row, now=now)


def void_if_changed(row: Demand, *, by: Actor, now: datetime) -> None:
    """End every scope of a demand that no longer is what would be granted; nothing more leaves under it."""
    standing = list(DemandScope.objects.select_for_update().filter(demand=row, ended_at=None))
    if not standing:
        return
    content = digest(*_now(row, by=by, now=now))
    changed = [made for made in standing if made.digest != content]
    if changed:
        void(row, changed, by=by, now=now)
        customers.settle(row, now=now)


def void(row: Demand, standing: list[DemandScope], *, by: Actor, now: datetime) -> None:
    """End versions of a scope, their proposals, and what was prepared under them."""
    for made in standing:
        DemandScope.objects.filter(pk=made.pk).update(ended_at=now)
        if made.approved_at is None:
            approvals.withdraw(made.approval, by=by, now=now, matter=row.matter)
        else:
            production.end_scope(case=row.case_id, by=by, now=now)
        audit.record("demand.scope_ended", by=by, at=now, matter=row.matter, demand=row.pk, scope=made.digest)
    if row.state == DemandState.SCOPED and any(made.approved_at for made in standing):
        turn(row, DemandState.IN_REVIEW, by=by, now=now)


def _now(row: Demand, *, by: Actor, now: datetime) -> tuple[tuple[Line, ...], Scope]:
    found = judging.of_row(row, by=by, now=now)
    return found, judging.scope(row, found, policy.at(now))
