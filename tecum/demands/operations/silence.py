"""A gag: a rule over every channel, kept with its beginning, its end and the law it rests on."""

from datetime import date, datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.demands.models import Demand
from tecum.demands.operations import customers, hooking
from tecum.demands.operations.rows import locked
from tecum.demands.queries.reading import DemandView, view
from tecum.guide.calculators import secrecy as calculator
from tecum.guide.questions import Question
from tecum.guide.values import Span, Unit
from tecum.kernel.actors import Actor
from tecum.kernel.business import midnight
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy
from tecum.process import queries as process

HOLDS = frozenset({"in_force", "indefinite", "ask"})
NEAR, OVER = "demand.gag_near", "demand.gag_over"


class CannotSilence(Refused):
    """A gag that has no effect as it is written."""


@transaction.atomic
def set_gag(
    *,
    case: str,
    gag: bool,
    starts: date,
    until: date | None,
    cited: bool,
    by: Actor,
    now: datetime,
    duration: Span | None = None,
) -> DemandView:
    """
    Write down whether the process forbids to tell, from when and until when (`until`: the first day it no longer holds).

    The guide says what becomes of a gag without an end, without a law, or longer than is honoured. One that was in force
    and is written down as none was lifted: it ends today.

    :raises CannotSilence: where the guide refuses it, with its reason; the agency is asked for a better one
    """
    row = locked(case, by=by, now=now)
    guide = policy.at(now)
    received = process.received(id=row.received_id, by=by, now=now)
    length = duration or (Span((until - starts).days, (until - starts).days, Unit.DAY) if until else None)
    question = Question(
        on=received.received_at.astimezone(guide.carrier.zone.tz).date(), process=received.said.process,
        country=received.said.country, region=received.said.region,
    )  # fmt: skip
    found = calculator.silence(guide, question, gag=gag, starts=starts, duration=length, cited=cited)
    if found.gag == "refused":
        raise CannotSilence(found.because)
    today = now.astimezone(guide.carrier.zone.tz).date()
    if found.gag == "none" and row.gag in HOLDS and row.gag_from is not None and row.gag_from < today:
        # Lifted early: it was in force until today, and what the guide counts from a gag's end is counted from here.
        row.gag, row.gag_until = "over", today
    else:
        row.gag, row.gag_rule = found.gag, (found.citation or "")[:80]
        row.gag_from, row.gag_until = found.gag_from, found.gag_until
    row.save(update_fields=["gag", "gag_rule", "gag_from", "gag_until"])
    _diary(row, found, guide.carrier.zone, now=now)
    audit.record(
        "demand.gag_set",
        by=by,
        at=now,
        matter=row.matter,
        demand=row.pk,
        gag=row.gag,
        shortened=found.shortened,
    )
    customers.settle(row, now=now)
    hooking.gag_moved(row, by=by, now=now)
    return view(row, by=by, now=now)


@transaction.atomic
def gag_rings(*, demand: str, by: Actor, now: datetime) -> bool:
    """Say that a gag ends soon, or has ended; staff see it in the queue. For the clockwork."""
    row = Demand.objects.select_for_update(of=("self",)).select_related("case").filter(pk=demand).first()
    if row is None or row.gag_until is None:
        return False
    zone = policy.at(now).carrier.zone
    over = midnight(zone, row.gag_until) <= now
    if over and row.gag == "in_force":
        row.gag = "over"
        row.save(update_fields=["gag"])
    audit.record(
        "demand.gag_over" if over else "demand.gag_near", by=by, at=now, matter=row.matter, demand=row.pk
    )
    if over:
        customers.settle(row, now=now)
    hooking.gag_moved(row, by=by, now=now)
    return True


def _diary(row: Demand, found: calculator.Silence, zone: str, *, now: datetime) -> None:
    for kind, day in ((NEAR, found.reminder_on), (OVER, found.gag_until)):
        if day is None:
            deadlines.disarm(kind, subject=row.pk, now=now)
        else:
            deadlines.arm(kind, subject=row.pk, due_at=midnight(zone, day), matter=row.matter, now=now)
