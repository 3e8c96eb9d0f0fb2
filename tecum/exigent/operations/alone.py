"""
The one exception for a life (decisions, part E): on the ground of danger to life one administrator on call may both call back
and decide. Another person confirms it within 24 hours; a missing confirmation goes to counsel and cuts nothing.
"""

from datetime import datetime

from django.db import transaction

from tecum.approvals import operations as approvals
from tecum.audit import operations as audit
from tecum.exigent.models import ExigentDecision, ExigentRequest
from tecum.exigent.operations import deciding, following
from tecum.exigent.operations.rows import DECIDE, locked
from tecum.exigent.queries import reading
from tecum.exigent.queries.reading import RequestView
from tecum.exigent.rules import following as rules
from tecum.exigent.rules.following import Due
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused

LIFE = "danger_to_life"


class CannotAlone(Refused):
    """A decision that two people make: no life is in danger by what it says, or nobody says who was tried."""


@transaction.atomic
def decide_alone(*, decision: str, tried: str, affirmed_as: str, by: Actor, now: datetime) -> RequestView:
    """
    Decide alone what one proposed oneself, because a life is in danger and nobody else could be reached: `tried` says who was.

    :raises CannotAlone: on another ground, for another's proposal, or without a word on whom one tried
    """
    made, row = deciding.waiting(decision, by=by, now=now)
    grounds = reading.said_of(row).grounds
    if not any(each.startswith((LIFE, "life")) for each in grounds):
        raise CannotAlone("Only a danger to life lets one person decide; every other ground takes two.")
    if made.proposed_by != by.ref or made.call.called_by != by.ref:
        raise CannotAlone("Another person is about: approve theirs, or let them approve yours.")
    if len(tried.strip()) < 8:
        raise CannotAlone("Write down whom you tried to reach, and how.")
    until = now + rules.CONFIRM_WITHIN
    approvals.except_for_life(row.matter, until=until, by=by, now=now)
    ExigentDecision.objects.filter(pk=made.pk).update(alone=True)
    made.alone = True
    row.alone_by, row.alone_until, row.confirmed_at, row.confirmed_by = by.ref, until, None, ""
    row.save(update_fields=["alone_by", "alone_until", "confirmed_at", "confirmed_by"])
    words = f"Another person confirms what one decided alone. Tried: {tried.strip()[:300]}"
    wanted = Due(following.CONFIRMATION, words, "", until, "it goes to counsel; nothing is cut")
    following.plan(row, (wanted,), started_at=now, by=by, now=now)
    audit.record(
        "exigent.decided_alone",
        by=by,
        at=now,
        matter=row.matter,
        request=row.pk,
        decision=made.pk,
        until=until,
    )
    return deciding.decide(made, row, by=by, now=now, affirmed_as=affirmed_as)


@transaction.atomic
def confirm(*, case: str, agrees: bool, said: str, by: Actor, now: datetime) -> RequestView:
    """
    Confirm, as another person, what one decided alone for a life; or say that it was wrong, which ends nothing by itself.

    :raises SamePerson: for whoever decided it
    :raises CannotAlone: where nothing waits for a confirmation, or without a word
    """
    row: ExigentRequest = locked(case, by=by, now=now, permission=DECIDE)
    if not row.alone_by or row.confirmed_at is not None:
        raise CannotAlone("Nothing waits for a confirmation.")
    if len(said.strip()) < 3:
        raise CannotAlone("Say what you looked at.")
    if by.ref == row.alone_by:
        raise approvals.SamePerson("You decided this alone: another person confirms it.")
    approvals.end_exception(row.matter, by=by, now=now)
    row.confirmed_at, row.confirmed_by = now, by.ref
    row.save(update_fields=["confirmed_at", "confirmed_by"])
    note = said.strip() if agrees else f"Not agreed: {said.strip()}"
    following.settle_kind(row, following.CONFIRMATION, evidence="", at=now, note=note, by=by, now=now)
    audit.record("exigent.confirmed", by=by, at=now, matter=row.matter, request=row.pk, agrees=agrees)
    following.close_when_settled(row, by=by, now=now)
    return reading.view(row, by=by, now=now)
