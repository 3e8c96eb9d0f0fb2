"""What can be asked about legal process received, as far as its case may be known of."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from tecum.cases import queries as cases
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.process import sealed
from tecum.process.facts import Said
from tecum.process.models import Received
from tecum.process.states import ReceivedState
from tecum.secrecy import operations as secrecy


@dataclass(frozen=True, slots=True)
class ReceivedView:
    """One legal process received; `said` is what it says, confirmed by a person when `confirmed_at` says so."""

    id: str
    case: str
    reference: str
    state: ReceivedState
    channel: str
    process: str
    received_at: datetime
    message: str
    return_on: date | None
    guide_version: str
    said: Said
    confirmed_at: datetime | None
    confirmed_by: str
    answered_at: datetime | None
    answered_how: str
    answer: str
    unanswered_why: str
    letter: str
    letter_at: datetime | None
    repeats: str
    repeated_how: str


def received(*, id: str, by: Actor, now: datetime) -> ReceivedView:
    """Return one. :raises NotYours: when it, or its case, is not for this person to know of"""
    return view(row_of(id, by=by, now=now))


def of_case(*, case: str, by: Actor, now: datetime) -> list[ReceivedView]:
    """Return the legal process received in a case, oldest first. :raises NotYours"""
    cases.case(case=case, by=by, now=now)
    return [view(row) for row in readable(by=by, now=now).filter(case=case).order_by("received_at", "pk")]


def unanswered(*, by: Actor, now: datetime) -> list[ReceivedView]:
    """Return those whose sender was not told the case's number yet, oldest first (A4: every case is answered once)."""
    rows = readable(by=by, now=now).filter(answered_at=None).exclude(state=ReceivedState.REPEATED)
    return [view(row) for row in rows.order_by("received_at")[:200]]


def readable(*, by: Actor, now: datetime) -> "QuerySet[Received]":
    """Return what somebody may know of, as a question that the database joins to others."""
    if by.agency or by.customer:
        return Received.objects.none()
    return Received.objects.select_related("case").filter(case__in=cases.readable(by=by, now=now))


def row_of(id: str, *, by: Actor, now: datetime) -> Received:
    """Return a row for the functions of this capability. :raises NotYours"""
    row = readable(by=by, now=now).filter(pk=id).first()
    if row is None:
        raise NotYours
    return row


def same_number(row: Received) -> Q:
    """Return what tells the process of the same agency and number from others."""
    return Q(number_print=row.number_print) & ~Q(number_print="") & ~Q(pk=row.pk)


def view(row: Received) -> ReceivedView:
    """Return a row as its readers see it."""
    matter = row.case.matter
    said = sealed.opened(row, secrecy.keys_of([matter]).get(matter))
    return ReceivedView(
        row.pk, row.case_id, row.case.reference, ReceivedState(row.state), row.channel, row.process, row.received_at,
        row.message, row.return_on, row.guide_version, said, row.confirmed_at, row.confirmed_by, row.answered_at,
        row.answered_how, row.answer, row.unanswered_why, row.letter, row.letter_at, row.repeats_id or "",
        row.repeated_how,
    )  # fmt: skip
