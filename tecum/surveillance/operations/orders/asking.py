"""What else comes to Court Order Compliance (R-077): inquiries about switches, and the wish that an order end early."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.states import Direction
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.notices import operations as notices
from tecum.notices.drivers import letters
from tecum.notices.rules import is_address
from tecum.policy import queries as policy
from tecum.surveillance import messages
from tecum.surveillance.operations.orders.rows import locked, turn
from tecum.surveillance.queries.orders import OrderView, view
from tecum.surveillance.states import OrderState


class CannotAsk(Refused):
    """A request of another kind, or an answer that says nothing."""


@transaction.atomic
def answer_coverage(
    *, case: str, switches: Sequence[str], by: Actor, now: datetime, note: str = ""
) -> OrderView:
    """
    Answer an inquiry about switch coverage with the switches of the guide that were chosen, and close its case.

    :raises CannotAsk: for another kind of request, or without a switch or a sentence
    """
    row = locked(case, by=by, now=now)
    if row.kind != "coverage":
        raise CannotAsk("This is no inquiry about coverage.")
    guide = policy.at(now)
    known = {each.id: each for each in guide.on(guide.switches, now.astimezone(guide.carrier.zone.tz).date())}
    lines = [
        f"{known[each].name} ({each}): {' and '.join(known[each].services)}"
        for each in switches
        if each in known
    ]
    if not lines and len(note.strip()) < 3:
        raise CannotAsk("Choose the switches that cover what was asked, or write a sentence.")
    home = files.case(case=case, by=by, now=now)
    context = {
        "case": home.reference,
        "switches": lines or ["None of our switches."],
        "note": note.strip() or "-",
    }
    box = guide.writes_from if guide.writes_mail and is_address(home.contact.email) else ""
    if box:
        sent = notices.enqueue(
            messages.ORDER_COVERAGE.name, to=home.contact.email, context=context, mailbox=box, matter=home.matter, by=by,
            now=now,
        )  # fmt: skip
        cases.note_sent(case=case, notice=sent.id, said={"subject": "Switch coverage"}, by=by, now=now)
    else:
        written = letters.write(guide, messages.ORDER_COVERAGE.name, context)
        cases.write_down(
            case=case, direction=Direction.OUT, channel="fax", said={"subject": written.subject, "text": written.text},
            at=now, by=by, now=now,
        )  # fmt: skip
    turn(row, OrderState.ANSWERED, by=by, now=now, decided_at=now, decided_by=by.ref)
    audit.record(
        "order.coverage_answered", by=by, at=now, matter=row.matter, order=row.pk, switches=len(lines)
    )
    cases.close(case=case, outcome="answered", by=by, now=now)
    return view(row, by=by, now=now)


@transaction.atomic
def note_cancellation(*, case: str, outcome: str, by: Actor, now: datetime) -> OrderView:
    """
    Write down what became of a cancellation: the order was ended (after a call back), or it was refused, and why.

    By mail or fax alone it ends nothing (decisions, part E): the end itself is an act at the order that it names.

    :raises CannotAsk: for another kind of request, or without saying what became of it
    """
    row = locked(case, by=by, now=now)
    if row.kind != "cancellation":
        raise CannotAsk("This is no cancellation.")
    if len(outcome.strip()) < 3:
        raise CannotAsk("Say what became of it: whom you called back, and what ended.")
    cases.add_note(case=case, text=outcome.strip(), by=by, now=now)
    turn(row, OrderState.ANSWERED, by=by, now=now, decided_at=now, decided_by=by.ref)
    audit.record("order.cancellation_settled", by=by, at=now, matter=row.matter, order=row.pk)
    cases.close(case=case, outcome="answered", by=by, now=now)
    return view(row, by=by, now=now)
