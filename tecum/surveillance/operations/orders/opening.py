"""An order begins with its legal process received; somebody takes it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases.facts import Asked, Contact
from tecum.cases.states import CaseKind
from tecum.guide.calculators import secrecy
from tecum.guide.model.guide import NotInGuide
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.notices.rules import Incoming
from tecum.policy import queries as policy
from tecum.process import operations as process
from tecum.process import queries as received_queries
from tecum.process.facts import Said
from tecum.process.queries import ReceivedView
from tecum.surveillance.models import CourtOrder
from tecum.surveillance.operations.orders.receipts import first
from tecum.surveillance.operations.orders.rows import WORK, locked, turn, work_out
from tecum.surveillance.queries import orders as queries
from tecum.surveillance.queries.orders import OrderView, view
from tecum.surveillance.states import OrderState

NOBODY, NOTHING = Contact(), Said()
KINDS = {  # what comes to Court Order Compliance
    "order": "A new court order",
    "extension": "An extension of an order",
    "cancellation": "A cancellation, or an end before the time",
    "coverage": "An inquiry about switches and coverage",
}


@transaction.atomic
def receive(
    *,
    channel: str,
    received_at: datetime,
    by: Actor,
    now: datetime,
    kind: str = "order",
    said: Said = NOTHING,
    contact: Contact = NOBODY,
    targets: Sequence[str] = (),
    agency: str = "",
    desk: str = "",
    message: str = "",
    incoming: Incoming | None = None,
    mailbox: str = "",
    people: tuple[str, ...] = (),
) -> ReceivedView:
    """
    Take in a court order, or what else is for Court Order Compliance, by whatever channel: its case is opened, the sender
    told the number, and a receipt goes out at once (R-131). The same message again changes nothing.

    :raises NotYours: for a person without the permission to work on orders
    :raises NotANumber: for a target that is no number
    """
    require(by, WORK, now=now)
    guide = policy.at(now)
    got = process.receive(
        kind=CaseKind.ORDER, channel=channel, received_at=received_at, said=said, contact=contact, agency=agency,
        desk=desk or guide.expiry.desk, message=message, incoming=incoming, mailbox=mailbox, people=people, by=by, now=now,
    )  # fmt: skip
    if CourtOrder.objects.filter(case=got.case).exists():
        return got
    product = next((each.id for each in guide.products if each.kind == "surveillance"), "")
    for number in targets:
        cases.add_target(case=got.case, asked=Asked(number, None, product), by=by, now=now)
    begin(received=got.id, kind=kind, by=by, now=now)
    return got


@transaction.atomic
def begin(*, received: str, by: Actor, now: datetime, kind: str = "order") -> OrderView:
    """Begin the work on an order whose process was received, and issue its first receipt. Told again, it changes nothing."""
    require(by, WORK, now=now)
    got = received_queries.received(id=received, by=by, now=now)
    existing = queries.readable(by=by, now=now).filter(case=got.case).first()
    if existing is not None:
        return view(existing, by=by, now=now)
    case = cases.locked(got.case, by=by, now=now)
    row = CourtOrder(
        id=ids.unguessable(),
        case=case,
        received_id=received,
        matter=case.matter,
        kind=kind if kind in KINDS else "order",
    )
    row.save(force_insert=True)
    audit.record("order.begun", by=by, at=now, matter=row.matter, order=row.pk, case=case.pk, kind=row.kind)
    if row.kind in {"order", "extension"}:
        first(row, by=by, now=now)
    return view(row, by=by, now=now)


@transaction.atomic
def take(*, case: str, by: Actor, now: datetime) -> OrderView:
    """Take an order that waits, and own it. :raises CannotTurn: when it is worked on already"""
    row = locked(case, by=by, now=now)
    turn(row, OrderState.IN_REVIEW, by=by, now=now)
    if not row.case.owner:
        cases.assign(case=case, owner=by.ref, by=by, now=now)
    return view(row, by=by, now=now)


@transaction.atomic
def set_kind(*, case: str, kind: str, by: Actor, now: datetime, extends: str = "") -> OrderView:
    """
    Say what it is: a new order, an extension (of `extends`, by the id of its case), a cancellation, an inquiry.

    An extension that came too late, or for another target, becomes an order of its own this way.

    :raises NotYours: for an order to extend that is not to be known of
    """
    row = locked(case, by=by, now=now)
    parent = queries.row_of(extends, by=by, now=now) if extends else None
    while parent is not None and parent.extends is not None:
        parent = parent.extends
    needs = kind in {"extension", "cancellation"}
    row.kind, row.extends = (kind if kind in KINDS else "order"), parent if needs and parent != row else None
    row.save(update_fields=["kind", "extends"])
    if row.extends is not None:
        cases.link(case=case, other=row.extends.case_id, why=row.kind, by=by, now=now)
    audit.record(
        "order.kind_set", by=by, at=now, matter=row.matter, order=row.pk, kind=row.kind,
        extends=row.extends.pk if row.extends else None,
    )  # fmt: skip
    work_out(row, by=by, now=now)
    return view(row, by=by, now=now)


def keep_silent(row: CourtOrder, *, by: Actor, now: datetime) -> None:
    """Write down the silence that the law lays on a kind of order by itself (18 USC 3123(d), 2511(2)(a)(ii))."""
    received = received_queries.received(id=row.received_id, by=by, now=now)
    guide = policy.at(received.received_at)
    asked = queries.question(guide, received, queries.said_of(row))
    try:
        quiet = secrecy.silence(
            guide, asked, gag=bool(received.said.gag), starts=received.said.issued_on or asked.on
        )
    except NotInGuide:
        return
    if quiet.gag in {"none", "refused", row.gag}:
        return
    row.gag, row.gag_rule = quiet.gag, (quiet.citation or "")[:80]
    row.save(update_fields=["gag", "gag_rule"])
    audit.record("order.gag_set", by=by, at=now, matter=row.matter, order=row.pk, gag=quiet.gag)
