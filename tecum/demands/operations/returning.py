"""The return date of a process: a clock of its case, moved when the agency grants more time, with who granted it and what proves it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases.facts import Answer
from tecum.demands.operations import fees
from tecum.demands.operations.rows import locked
from tecum.demands.queries.reading import DemandView, view
from tecum.kernel.actors import Actor
from tecum.kernel.business import midnight
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy
from tecum.process import operations as process
from tecum.process import queries as received_queries


class CannotExtend(Refused):
    """A return date that cannot be moved so."""


@transaction.atomic
def extend_return(*, case: str, until: date, heard: Answer, by: Actor, now: datetime) -> DemandView:
    """
    Write down that the agency, or the court, gives more time: until which day, who said so, how, and what proves it.

    :raises CannotExtend: where the process states no return date, or the new day is not later
    :raises CannotAnswerFee: without who said it or without evidence
    :raises OutsideRegister: for somebody whom the agency does not name for this subject
    """
    row = locked(case, by=by, now=now)
    received = received_queries.received(id=row.received_id, by=by, now=now)
    before = received.said.return_on
    if before is None:
        raise CannotExtend("The process states no return date: confirm what it says first.")
    if until <= before:
        raise CannotExtend(f"The return date is {before:%-d %B %Y} already; an extension is later than that.")
    evidence, given = fees.heard(row, heard, subject="More time", by=by, now=now)
    process.confirm(received=row.received_id, said=replace(received.said, return_on=until), by=by, now=now)
    cases.add_note(
        case=case,
        text=f"The return date moved from {before:%-d %B %Y} to {until:%-d %B %Y}: {given}.",
        by=by,
        now=now,
    )
    audit.record(
        "demand.return_extended", by=by, at=now, matter=row.matter, demand=row.pk, was=_ends(before, now), until=_ends(until, now),
        how=heard.how, evidence=evidence or None,
    )  # fmt: skip
    row.refresh_from_db()
    return view(row, by=by, now=now)


def _ends(day: date, now: datetime) -> datetime:
    return midnight(policy.at(now).carrier.zone, day + timedelta(days=1))
