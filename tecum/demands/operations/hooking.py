"""What agencies' webhooks are told of a demand: that it moved, by its reference; nothing of a sealed one."""

from datetime import datetime

from tecum.accounts import queries as accounts
from tecum.demands.models import Demand
from tecum.demands.queries.submitting import door_open
from tecum.demands.rules import exchange
from tecum.demands.states import DemandState
from tecum.kernel.actors import Actor
from tecum.notices.operations.hooks import tell_hooks
from tecum.secrecy import queries as secrecy


def moved(row: Demand, *, by: Actor, now: datetime) -> int:
    """
    Tell the webhooks of the agency's people on the case's list, in the caller's transaction; return how many were told.

    Whoever is not on the list hears nothing, of the same agency too; of a sealed case nobody does (control 8).
    """
    if secrecy.is_sealed(row.matter) or not door_open("api", now=now):
        return 0
    state = DemandState(row.state)
    status, desired = exchange.authorisation(state)
    data = {
        "demand": row.case_id, "reference": row.case.reference, "state": state.value, "status": status,
        "desired_status": desired,
    }  # fmt: skip
    officers = [ref for ref in secrecy.readers(row.matter) if accounts.agency_of(ref)]
    return sum(
        tell_hooks("demand.moved", owner=ref, data=data, matter=row.matter, by=by, now=now)
        for ref in officers
    )
