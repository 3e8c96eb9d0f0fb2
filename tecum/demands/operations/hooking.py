"""What agencies' webhooks are told of a demand: that something moved, by references and states; nothing of a sealed one."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from tecum.accounts import queries as accounts
from tecum.cases.queries import QuoteView
from tecum.cases.states import TargetState
from tecum.demands.models import Demand, Preservation
from tecum.demands.queries.submitting import door_open
from tecum.demands.rules import exchange
from tecum.demands.states import DemandState, PreservationState
from tecum.kernel.actors import Actor
from tecum.notices.operations.hooks import tell_hooks
from tecum.secrecy import queries as secrecy


def moved(row: Demand, *, by: Actor, now: datetime) -> int:
    """Tell that a demand moved, in the caller's transaction, and return how many webhooks hear it."""
    state = DemandState(row.state)
    status, desired = exchange.authorisation(state)
    data = {"state": state.value, "status": status, "desired_status": desired}
    return _told(row, "demand.moved", data, by=by, now=now)


def narrowed(row: Demand, targets: Collection[str], *, by: Actor, now: datetime) -> int:
    """Tell that some targets of a demand were withdrawn while the rest goes on."""
    status, desired = exchange.task(DemandState(row.state), TargetState.WITHDRAWN)
    data = {"tasks": " ".join(sorted(targets)), "status": status, "desired_status": desired}
    return _told(row, "demand.tasks_moved", data, by=by, now=now)


def quote_waits(row: Demand, quote: QuoteView, *, by: Actor, now: datetime) -> int:
    """Tell that the agency is asked to accept a fee; never how much."""
    return _told(
        row, "demand.quote_waits", {"quote": quote.reference, "until": _said(quote.ends_at)}, by=by, now=now
    )


def gag_moved(row: Demand, *, by: Actor, now: datetime) -> int:
    """Tell how the gag stands that a demand carries, and its end: when it is written down, ahead of the end, and at it."""
    data = {"gag": row.gag, "until": row.gag_until.isoformat() if row.gag_until else ""}
    return _told(row, "demand.gag_moved", data, by=by, now=now)


def preservation_moved(made: Preservation, row: Demand, *, by: Actor, now: datetime) -> int:
    """Tell how a preservation stands, and until when the records are kept."""
    state = PreservationState(made.state)
    data = {"state": state.value, "status": exchange.PRESERVATION[state], "until": _said(made.ends_at)}
    return _told(row, "preservation.moved", data, by=by, now=now)


def _told(row: Demand, kind: str, data: Mapping[str, str], *, by: Actor, now: datetime) -> int:
    """
    Tell the webhooks of the agency's people on the case's list.

    Whoever is not on the list hears nothing, of the same agency too; of a sealed case nobody does (control 8).
    """
    if secrecy.is_sealed(row.matter) or not door_open("api", now=now):
        return 0
    whole = {"demand": row.case_id, "reference": row.case.reference, **data}
    officers = [ref for ref in secrecy.readers(row.matter) if accounts.agency_of(ref)]
    return sum(tell_hooks(kind, owner=ref, data=whole, matter=row.matter, by=by, now=now) for ref in officers)


def _said(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""
