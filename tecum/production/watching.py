"""Invariant I5 as a question: every row of every package that can leave, or has left, lies inside its approved scope."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from tecum.documents import operations as documents
from tecum.kernel.invariants import Broken
from tecum.kernel.refusals import Refused
from tecum.production import sealed
from tecum.production.drivers import tables
from tecum.production.models import Production, ScopeInForce
from tecum.production.rules import checks
from tecum.production.rules.facts import BadInput, Inputs, Part
from tecum.production.states import OUT, ProductionState
from tecum.records.rules.scope import Scope
from tecum.secrecy.operations import Destroyed, Tampered

COULD_LEAVE = (ProductionState.MADE, *OUT)


def broken(*, since: datetime | None = None, also: Collection[str] = ()) -> tuple[Broken, ...]:
    """
    Return the productions that hold a row outside their scope, or rest on another scope than was approved.

    Each package is read again row by row: all, or those made `since`, with those that are named.
    """
    rows = Production.objects.filter(state__in=COULD_LEAVE).order_by("made_at", "pk")
    if since is not None:
        rows = rows.filter(Q(made_at__gte=since) | Q(pk__in=also))
    found = {row.pk: row.made_at for row in rows.iterator() if not _inside(row)}
    found |= dict(_under_another())
    return tuple(Broken("I5", production, made_at) for production, made_at in sorted(found.items()))


def _under_another() -> list[tuple[str, datetime | None]]:
    """Return what has not left and rests on a scope that is no longer in force."""
    made = Production.objects.filter(state=ProductionState.MADE)
    scopes = ScopeInForce.objects.filter(ended_at=None, case__in=made.values("case"))
    digests = dict(scopes.values_list("case", "digest"))
    told = made.values_list("pk", "case", "scope_digest", "made_at")
    return [(key, at) for key, case, digest, at in told if digests.get(case) != digest]


def _inside(row: Production) -> bool:
    try:
        scope, inputs = sealed.scope(row), sealed.inputs(row)
        return scope.digest() == row.scope_digest and _rows_inside(inputs, scope)
    except Destroyed:  # its retention is over: there is nothing left that could lie outside
        return True
    except (Tampered, BadInput, Refused):
        return False


def _rows_inside(inputs: Inputs, scope: Scope) -> bool:
    checks.check(inputs, scope)
    return all(_part_inside(part, scope) for part in inputs.parts)


def _part_inside(part: Part, scope: Scope) -> bool:
    if part.columns is None:
        return checks.allowed_document(scope, part)
    rows = tables.rows(documents.stream(part.file), name=part.name, columns=part.columns)
    return not checks.outside(scope, part, rows)[0]
