"""The row of a demand, held for a change, and its turns."""

from datetime import datetime

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.demands.models import Demand
from tecum.demands.operations import hooking
from tecum.demands.queries.reading import readable
from tecum.demands.states import DEMAND_NEXT, DemandState
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused


class CannotTurn(Refused):
    """A demand that is not in the state for that."""


def locked(case: str, *, by: Actor, now: datetime, permission: str = "demand.work") -> Demand:
    """
    Return the row of a case's demand, held until the transaction ends, for an actor in good standing.

    :raises NotYours: when it is unknown, or not for this actor
    """
    require(by, permission, now=now)
    accounts.stand(by=by, now=now)
    row = Demand.objects.select_for_update(of=("self",)).select_related("case").filter(case=case).first()
    # Asked after the lock is ours: whoever sealed the case while we waited is obeyed.
    if row is None or not readable(by=by, now=now).filter(pk=row.pk).exists():
        raise NotYours
    return row


def turn(row: Demand, to: DemandState, *, by: Actor, now: datetime, **columns: object) -> DemandState:
    """Change the state, only as the life cycle allows and only from what was read; return what it was."""
    was = DemandState(row.state)
    if to not in DEMAND_NEXT[was] or not Demand.objects.filter(pk=row.pk, state=was).update(
        state=to, **columns
    ):
        words = was.replace("_", " ").lower()
        raise CannotTurn(
            f"Case {row.case.reference} is {words}; it cannot become {to.replace('_', ' ').lower()}."
        )
    audit.record(
        "demand.turned", by=by, at=now, matter=row.matter, demand=row.pk, was=was.lower(), state=to.lower()
    )
    row.refresh_from_db()
    hooking.moved(row, by=by, now=now)
    return was
