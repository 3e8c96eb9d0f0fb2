"""A demand begins with its process; somebody takes it; what was read from it is confirmed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases.facts import Asked, Contact
from tecum.cases.states import CaseKind
from tecum.demands.models import Demand
from tecum.demands.operations import fees, holding, hooking
from tecum.demands.operations.rows import locked, turn
from tecum.demands.queries.reading import DemandView, readable, view
from tecum.demands.states import DemandState
from tecum.guide.questions import word
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.notices.rules import Incoming
from tecum.policy import queries as policy
from tecum.process import operations as process
from tecum.process import queries as received_queries
from tecum.process.facts import Said
from tecum.process.queries import ReceivedView

NOBODY, NOTHING = Contact(), Said()
TESTIMONY = "testimony"


@transaction.atomic
def receive(
    *,
    channel: str,
    received_at: datetime,
    by: Actor,
    now: datetime,
    said: Said = NOTHING,
    contact: Contact = NOBODY,
    targets: Sequence[Asked] = (),
    agency: str = "",
    desk: str = "",
    message: str = "",
    incoming: Incoming | None = None,
    mailbox: str = "",
    right_address: str = "",
    people: tuple[str, ...] = (),
    testimony: bool = False,
) -> ReceivedView:
    """
    Take in a legal demand by whatever channel: its case is opened, its sender told the number, its records held (C6).

    The same message again changes nothing. `received_at` is when it arrived, which no later act moves. A subpoena for
    testimony asks for a person and not for records; it is recorded and goes to the desk's people.

    :raises NotYours: for a person without the permission to work on cases
    :raises NotANumber: for a target that is no number
    """
    got = process.receive(
        kind=CaseKind.DEMAND, channel=channel, received_at=received_at, said=said, contact=contact, agency=agency,
        desk=desk or (_desk_of_testimony(now) if testimony else ""), message=message, incoming=incoming, mailbox=mailbox, right_address=right_address,
        people=people, by=by, now=now,
    )  # fmt: skip
    if Demand.objects.filter(case=got.case).exists():
        return got
    for each in targets:
        cases.add_target(case=got.case, asked=each, by=by, now=now)
    begin(received=got.id, testimony=testimony, by=by, now=now)
    return got


def _desk_of_testimony(now: datetime) -> str:
    """Return the desk whose subject testimony is, as the guide says; empty where it names none."""
    return next((each.id for each in policy.at(now).desks if TESTIMONY in map(word, each.subjects)), "")


@transaction.atomic
def begin(*, received: str, by: Actor, now: datetime, testimony: bool = False) -> DemandView:
    """
    Begin the work on a demand whose process was received; hold at once what would expire (C6).

    The same process again changes nothing.

    :raises NotYours: when the process, or its case, is not for this actor
    """
    require(by, "demand.work", now=now)
    process_row = received_queries.received(id=received, by=by, now=now)
    existing = readable(by=by, now=now).filter(case=process_row.case).first()
    if existing is not None:
        return view(existing, by=by, now=now)
    case = cases.locked(process_row.case, by=by, now=now)
    row = Demand(
        id=ids.unguessable(), case=case, received_id=received, matter=case.matter, testimony=testimony
    )
    row.save(force_insert=True)
    audit.record("demand.begun", by=by, at=now, matter=row.matter, demand=row.pk, case=case.pk)
    process.promise_again(received=received, by=by, now=now)
    holding.at_receipt(row, by=by, now=now)
    hooking.moved(row, by=by, now=now)
    return view(row, by=by, now=now)


@transaction.atomic
def take(*, case: str, by: Actor, now: datetime) -> DemandView:
    """Take a demand that waits, and own it. :raises CannotTurn: when it is worked on already"""
    row = locked(case, by=by, now=now)
    turn(row, DemandState.IN_REVIEW, by=by, now=now)
    Demand.objects.filter(pk=row.pk, began_at=None).update(began_at=now, began_by=by.ref)
    row.refresh_from_db()
    if not row.case.owner:
        cases.assign(case=case, owner=by.ref, by=by, now=now)
    return view(row, by=by, now=now)


@transaction.atomic
def confirm(*, case: str, said: Said, targets: Sequence[Asked], by: Actor, now: datetime) -> DemandView:
    """
    Write down what a person read in the process, and the targets that were not there yet; hold what they name.

    :raises NotANumber: for a number that is none
    """
    row = locked(case, by=by, now=now)
    if row.state == DemandState.RECEIVED:
        turn(row, DemandState.IN_REVIEW, by=by, now=now)
    for each in targets:
        cases.add_target(case=case, asked=each, by=by, now=now)
    process.confirm(received=row.received_id, said=said, by=by, now=now)
    holding.at_receipt(row, by=by, now=now)
    fees.ask(row, by=by, now=now)
    return view(row, by=by, now=now)
