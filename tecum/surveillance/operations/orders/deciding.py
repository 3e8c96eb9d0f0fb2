"""The decision about an order: sound, deficient, to be modified, another company's, not honoured."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.process import operations as process
from tecum.process import queries as received_queries
from tecum.process.operations.letters import Draft
from tecum.process.rules.checklist import Finding, missing
from tecum.process.states import ReceivedState
from tecum.surveillance import messages
from tecum.surveillance.models import CourtOrder
from tecum.surveillance.operations.orders.rows import locked, turn
from tecum.surveillance.queries import orders as queries
from tecum.surveillance.queries.orders import OrderView, view
from tecum.surveillance.rules.reviewing import unlike
from tecum.surveillance.states import OrderState


class CannotDecide(Refused):
    """An order that nobody has read yet, or that cannot be decided like this."""


@transaction.atomic
def accept(*, case: str, by: Actor, now: datetime, despite: str = "") -> OrderView:
    """
    Find an order sound, so that an authority can be proposed on it; `despite` says why, where not all is met.

    What is hard is never accepted: an extension that came too late or is for another target, an order that had ended.

    :raises CannotDecide: before a person wrote down what it says, or while its end is not known
    """
    row = locked(case, by=by, now=now)
    if row.read_at is None:
        raise CannotDecide("Write down first what the order says; nobody has read it yet.")
    if row.expires_at is None:
        raise CannotDecide(
            "It gives neither an end nor a length of time: nothing may begin that has no end (R-117)."
        )
    turn(row, OrderState.SOUND, by=by, now=now, decided_at=now, decided_by=by.ref)
    process.accept(
        received=row.received_id,
        by=by,
        now=now,
        despite=despite,
        more=queries.own_findings(row, by=by, now=now),
    )
    return view(row, by=by, now=now)


def letter(*, case: str, by: Actor, now: datetime, leave_out: Collection[int] = (), note: str = "") -> Draft:
    """Return the letter of what is missing, as it would be sent. :raises CannotSend: when it would say nothing"""
    row = queries.row_of(case, by=by, now=now)
    more = queries.own_findings(row, by=by, now=now)
    return process.deficiency(
        received=row.received_id,
        by=by,
        now=now,
        leave_out=leave_out,
        note=note,
        more=more,
        message=_which(more),
    )


@transaction.atomic
def find_deficient(
    *, case: str, by: Actor, now: datetime, leave_out: Collection[int] = (), note: str = "", to: str = ""
) -> OrderView:
    """
    Send the letter that says what is missing; where the order itself is wrong, that it must be modified (R-115).

    The letter names what does not agree and never what our billing system holds.
    """
    row = locked(case, by=by, now=now)
    more = queries.own_findings(row, by=by, now=now)
    if row.state == OrderState.RECEIVED:
        turn(row, OrderState.IN_REVIEW, by=by, now=now)
    turn(row, OrderState.DEFICIENT, by=by, now=now)
    process.send_deficiency(
        received=row.received_id,
        leave_out=leave_out,
        note=note,
        to=to,
        more=more,
        message=_which(more),
        by=by,
        now=now,
    )
    return view(row, by=by, now=now)


def _which(more: Sequence[Finding]) -> str:
    return messages.ORDER_MODIFIED.name if unlike(missing(more)) else ""


@transaction.atomic
def go_on(*, case: str, by: Actor, now: datetime) -> OrderView:
    """Go on with the review: what was missing came, or a decision is taken back."""
    row = locked(case, by=by, now=now)
    if row.authority:
        raise CannotDecide("An authority rests on it: end that instead.")
    turn(row, OrderState.IN_REVIEW, by=by, now=now, decided_at=None, decided_by="", refusal="")
    if received_queries.received(id=row.received_id, by=by, now=now).state is not ReceivedState.RECEIVED:
        process.look_again(received=row.received_id, by=by, now=now)
    return view(row, by=by, now=now)


@transaction.atomic
def refuse(*, case: str, reason: str, by: Actor, now: datetime, to: str = "") -> OrderView:
    """Do not honour it, by letter, with the reason. :raises CannotSend: without one"""
    row = locked(case, by=by, now=now)
    _reviewed(row, by=by, now=now)
    turn(row, OrderState.REFUSED, by=by, now=now, decided_at=now, decided_by=by.ref)
    process.send_not_honoured(received=row.received_id, reason=reason, to=to, by=by, now=now)
    cases.close(case=case, outcome="not_honoured", by=by, now=now)
    return view(row, by=by, now=now)


@transaction.atomic
def route(*, case: str, by: Actor, now: datetime, to: str = "") -> OrderView:
    """
    Tell the agency which company its order belongs to and where to serve it (R-160, R-162).

    Where the guide wants no copy of it here, nothing more is done; else `copy_for_processing` goes on with the copy.
    """
    row = locked(case, by=by, now=now)
    _reviewed(row, by=by, now=now)
    turn(row, OrderState.ELSEWHERE, by=by, now=now, decided_at=now, decided_by=by.ref)
    process.send_elsewhere(received=row.received_id, by=by, now=now, to=to)
    return view(row, by=by, now=now)


@transaction.atomic
def copy_for_processing(*, case: str, by: Actor, now: datetime) -> OrderView:
    """
    Go on with a partner's order of which this is the copy for processing: the partner was served, we do the work (R-162).

    :raises CannotDecide: where the guide knows no such copy
    """
    row = locked(case, by=by, now=now)
    route = received_queries.elsewhere(received=row.received_id, by=by, now=now)
    if route is None or not route.copy_to:
        raise CannotDecide("The guide wants no copy of this here: it is the other company's alone.")
    turn(row, OrderState.IN_REVIEW, by=by, now=now, decided_at=None, decided_by="")
    if received_queries.received(id=row.received_id, by=by, now=now).state is ReceivedState.ELSEWHERE:
        process.look_again(received=row.received_id, by=by, now=now)
    audit.record("order.copy_processed", by=by, at=now, matter=row.matter, order=row.pk)
    return view(row, by=by, now=now)


def _reviewed(row: CourtOrder, *, by: Actor, now: datetime) -> None:
    if row.state == OrderState.RECEIVED:
        turn(row, OrderState.IN_REVIEW, by=by, now=now)
