"""The scope that a case has now: whatever was prepared under another one, and has not left, never will."""

from datetime import datetime
from typing import Any

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.kernel.actors import Actor
from tecum.production import sealed
from tecum.production.models import Production, ScopeInForce
from tecum.production.states import ProductionState
from tecum.records.rules.scope import Scope
from tecum.secrecy import queries as secrecy

NOT_OUT = (ProductionState.PREPARING, ProductionState.MADE)
MAKE = "production.make"


# Counsel approve scopes and prepare nothing; an officer withdraws the own demand and may do neither.
SETS = ("production.prepare", "demand.scope")
ENDS = (*SETS, "demand.withdraw", "demand.work")


def _require_one_of(permissions: tuple[str, ...], *, by: Actor, now: datetime) -> None:
    require(by, next((each for each in permissions if by.may(each)), permissions[0]), now=now)


@transaction.atomic
def set_scope(*, case: str, scope: Scope, by: Actor, now: datetime) -> str:
    """
    Put a scope in force for a case and return its digest; whoever calls has had it approved.

    Productions of the case under another scope that have not left become void, with their proposals.

    :raises NotYours: for somebody who neither prepares productions nor approves scopes
    """
    _require_one_of(SETS, by=by, now=now)
    digest = scope.digest()
    row = ScopeInForce.objects.select_for_update().filter(case=case).first()
    if row is not None and row.digest == digest and row.ended_at is None:
        return digest
    row = row or ScopeInForce(case=case)
    row.matter, row.digest, row.text = scope.matter, digest, sealed.close_scope(case, scope)
    row.set_at, row.set_by, row.ended_at = now, by.ref, None
    row.save()
    audit.record(
        "production.scope_set",
        by=by,
        at=now,
        matter=scope.matter,
        case=case,
        scope=digest,
        grants=len(scope.grants),
    )
    _void_others(case, digest, why="scope_changed", by=by, now=now)
    return digest


@transaction.atomic
def end_scope(*, case: str, by: Actor, now: datetime) -> None:
    """
    End what a case allows, because its demand was withdrawn or closed: what has not left never will.

    :raises NotYours: for somebody who may neither set a scope nor withdraw a demand
    """
    _require_one_of(ENDS, by=by, now=now)
    row = ScopeInForce.objects.select_for_update().filter(case=case, ended_at=None).first()
    if row is None:
        return
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    audit.record("production.scope_ended", by=by, at=now, matter=row.matter, case=case)
    _void_others(case, "", why="scope_ended", by=by, now=now)


def _void_others(case: str, digest: str, *, why: str, by: Actor, now: datetime) -> None:
    rows = Production.objects.select_for_update().filter(case=case, state__in=NOT_OUT)
    for row in rows.exclude(scope_digest=digest):
        void(row, why=why, reason="", by=by, now=now)


def void(row: Production, *, why: str, reason: str, by: Actor, now: datetime) -> bool:
    """Make a production void in the caller's transaction; tell whether it had not left."""
    columns = {"ended_at": now, "ended_by": by.ref, "why": sealed.close(row, "why", reason)}
    if not row.turn(ProductionState.VOID, **columns):
        return False
    deadlines.disarm(MAKE, subject=row.pk, now=now)
    audit.record("production.voided", by=by, at=now, matter=row.matter, production=row.pk, why=why)
    return True


def locked_scope(case: str) -> ScopeInForce | None:
    """Return the row of the scope in force, held until the transaction ends."""
    return ScopeInForce.objects.select_for_update().filter(case=case, ended_at=None).first()


def readable(matter: str, by: Actor) -> bool:
    """Tell whether a person may know of a matter."""
    return matter not in secrecy.hidden_from(by.ref)


def remember(event: str, row: Production, *, by: Actor, now: datetime, **data: Any) -> None:
    """Record what happened to a production, in the caller's transaction."""
    audit.record(event, by=by, at=now, matter=row.matter, production=row.pk, **data)
