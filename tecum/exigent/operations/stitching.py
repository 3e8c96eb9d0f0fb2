"""The order that follows (R-097): it is recognised, it may hold the cut while it is read (C3), it takes the emergency's place."""

from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.exigent.models import ExigentRequest
from tecum.exigent.operations import ending, following
from tecum.exigent.operations.rows import DECIDE, locked
from tecum.exigent.queries import reading
from tecum.exigent.queries.reading import RequestView
from tecum.guide.model.guide import NotInGuide
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.process import queries as process
from tecum.surveillance import operations as surveillance
from tecum.surveillance.operations import orders
from tecum.surveillance.queries import orders as order_queries
from tecum.surveillance.queries.orders import OrderView

WHY = "order_for_emergency"


class CannotStitch(Refused):
    """An order that is for something else, or that came when the emergency was over."""


@transaction.atomic
def note_order(*, case: str, order_case: str, by: Actor, now: datetime) -> RequestView:
    """
    Find that a court order is the one that follows an emergency: the two are linked, what had to follow came at the instant
    at which the order arrived, and whoever is on call is paged (C3). Nothing is prolonged by it.

    :raises CannotStitch: when it names none of the targets
    """
    row = locked(case, by=by, now=now)
    order, received_at = _order(row, order_case, by=by, now=now)
    cases.link(case=case, other=order_case, why=WHY, by=by, now=now)
    for what in ("application", "order", "paper"):
        following.settle_kind(
            row, what, evidence=order.received, at=received_at, note="The order came.", by=by, now=now
        )
    audit.record(
        "exigent.order_came",
        by=by,
        at=now,
        matter=row.matter,
        request=row.pk,
        order=order.id,
        received=received_at,
    )
    if ending.runs(row, by=by, now=now):
        following.ring(row, cause="exigent_order", by=by, now=now)
    return reading.view(row, by=by, now=now)


@transaction.atomic
def hold(*, case: str, order_case: str, by: Actor, now: datetime) -> datetime:
    """
    Hold the cut while an order is read that came before the deadline, and return until when; one administrator's act (C3).

    It names the target, is signed and dated, and the agency stood by it on a call back made after it came.

    :raises CannotStitch: without such a call, or for an order without an end
    :raises CannotHold: when it came late, or a cut is held already
    """
    row = locked(case, by=by, now=now)
    order, received_at = _order(row, order_case, by=by, now=now)
    said = process.received(id=order.received, by=by, now=now).said
    if not said.signed or said.issued_on is None:
        raise CannotStitch("It holds the cut once a person read that it is signed and dated.")
    if not row.calls.filter(state="VERIFIED", void_at=None, called_at__gte=received_at).exists():
        raise CannotStitch("Call the agency back about the order first.")
    try:
        states = order_queries.end_of(case=order_case, by=by, now=now).expires
    except NotInGuide:
        raise CannotStitch("The order gives no end that could be worked out.") from None
    until = surveillance.hold_cut(
        authority=_authority(row),
        received_at=received_at,
        states_until=states,
        evidence=order.received,
        by=by,
        now=now,
    )
    audit.record("exigent.held", by=by, at=now, matter=row.matter, request=row.pk, until=until)
    return until


@transaction.atomic
def propose_replacement(*, case: str, order_case: str, by: Actor, now: datetime) -> str:
    """
    Propose that an order takes the emergency's place: what it covers goes on, the rest ends. Return the act that another approves.

    :raises CannotStitch: when it is for something else
    :raises NoAuthority: once the emergency has ended: the order then authorises a surveillance of its own
    """
    row = locked(case, by=by, now=now, permission=DECIDE)
    _order(row, order_case, by=by, now=now)
    act = orders.propose(case=order_case, replaces=_authority(row), by=by, now=now)
    audit.record(
        "exigent.replacement_proposed", by=by, at=now, matter=row.matter, request=row.pk, proposal=act
    )
    return act


def _order(row: ExigentRequest, order_case: str, *, by: Actor, now: datetime) -> tuple[OrderView, datetime]:
    """Return an order that names a target of the request, and when it arrived. :raises CannotStitch"""
    order = order_queries.of_case(case=order_case, by=by, now=now)
    named = {each.number for each in order.said.subjects} | {
        each.value for each in files.targets(case=order_case, by=by, now=now)
    }
    if not named & set(reading.said_of(row).targets):
        raise CannotStitch("This order names none of the emergency's targets.")
    return order, process.received(id=order.received, by=by, now=now).received_at


def _authority(row: ExigentRequest) -> str:
    known = row.decisions.exclude(authority="").order_by("-decided_at").first()
    if known is None:
        raise CannotStitch("No surveillance runs on this emergency.")
    return str(known.authority)
