"""The row of an order, held for a change by somebody who may, and the turns of its life."""

from datetime import datetime

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import sealed
from tecum.guide.model.guide import NotInGuide
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.surveillance.models import CourtOrder
from tecum.surveillance.queries import orders as queries
from tecum.surveillance.rules.order_facts import OrderSaid
from tecum.surveillance.states import ORDER_NEXT, OrderState

WORK = "order.work"


class CannotTurn(Refused):
    """An order that is not in the state for that."""


def locked(case: str, *, by: Actor, now: datetime) -> CourtOrder:
    """
    Return the row of a case's order, held with its case until the transaction ends, for an actor in good standing.

    :raises NotYours: when it is unknown, or not for this actor
    """
    require(by, WORK, now=now)
    cases.locked(case, by=by, now=now, writing=False)
    accounts.stand(by=by, now=now)
    row = (
        CourtOrder.objects.select_for_update(of=("self",))
        .select_related("case", "received", "extends")
        .filter(case=case)
        .first()
    )
    # Asked after the lock is ours: whoever sealed the case while we waited is obeyed.
    if row is None or not queries.readable(by=by, now=now).filter(pk=row.pk).exists():
        raise NotYours
    return row


def turn(row: CourtOrder, to: OrderState, *, by: Actor, now: datetime, **columns: object) -> OrderState:
    """Change the state, only as the life cycle allows and only from what was read; return what it was."""
    was = OrderState(row.state)
    mine = CourtOrder.objects.filter(pk=row.pk, state=was)
    if to not in ORDER_NEXT[was] or not mine.update(state=to, **columns):
        raise CannotTurn(
            f"Case {row.case.reference} is {was.lower().replace('_', ' ')}; it cannot become "
            f"{to.lower().replace('_', ' ')}."
        )
    audit.record(
        "order.turned", by=by, at=now, matter=row.matter, order=row.pk, was=was.lower(), state=to.lower()
    )
    row.refresh_from_db()
    return was


def say(row: CourtOrder, said: OrderSaid) -> None:
    """Put what an order says under the seal of its case; the caller saves it."""
    row.said = sealed.close(sealed.key_of(row.matter), f"order {row.pk}", said.as_dict())


def work_out(row: CourtOrder, *, by: Actor, now: datetime) -> bool:
    """
    Work the end out anew from what is known now and write it down; tell whether it changed.

    An order that gives no end has none: nothing is guessed.
    """
    before = (row.expires_at, row.cut_at, row.provisional, row.governed_by)
    try:
        found = queries.ending(row, by=by, now=now)
        row.expires_at, row.cut_at = found.expires, found.cut
        row.provisional, row.governed_by = found.provisional, found.governed_by[:80]
    except NotInGuide:
        row.expires_at, row.cut_at, row.provisional, row.governed_by = None, None, False, ""
    row.computed_at = now
    row.save(update_fields=["expires_at", "cut_at", "provisional", "governed_by", "computed_at"])
    changed = before != (row.expires_at, row.cut_at, row.provisional, row.governed_by)
    if changed:
        audit.record(
            "order.end_worked_out", by=by, at=now, matter=row.matter, order=row.pk, ends=row.expires_at, cut=row.cut_at,
            provisional=row.provisional,
        )  # fmt: skip
    return changed
