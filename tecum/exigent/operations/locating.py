"""Single locations under a decision (D7): each is a fact with a price, told by telephone to the agency; none after the end."""

from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases import sealed
from tecum.deadlines import operations as deadlines
from tecum.exigent.models import ExigentDecision, ExigentPing
from tecum.exigent.operations import following
from tecum.exigent.operations.rows import DECIDE, held, locked
from tecum.exigent.queries import reading
from tecum.exigent.queries.reading import RequestView
from tecum.exigent.rules import following as rules
from tecum.exigent.rules.compiling import LOCATE
from tecum.exigent.states import DecisionState
from tecum.kernel import ids, numbers
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy

OVER = "exigent.location_over"


class CannotLocate(Refused):
    """A location without permission, after its end, or told to somebody else."""


@transaction.atomic
def locate(*, decision: str, number: str, found: str, told: str, by: Actor, now: datetime) -> RequestView:
    """
    Write down one location of a target and in which call back it was told; the switch's operator made it just now.

    `told` is the call at whose number the agency heard it: nothing is told elsewhere.

    :raises CannotLocate: after the end, for another target, without what came of it, or told in a call that verifies nothing
    """
    made = ExigentDecision.objects.select_related("request").filter(pk=decision).first()
    if made is None:
        raise NotYours
    row = locked(made.request.case_id, by=by, now=now, permission=DECIDE)
    made = ExigentDecision.objects.select_for_update(of=("self",)).get(pk=decision)
    key = sealed.key_of(row.matter)
    said = sealed.opened(key, f"exigent decision {made.pk}", made.content) or {}
    if made.act != LOCATE or made.state != DecisionState.DONE or made.ends_at is None:
        raise NotYours
    if now >= made.ends_at:
        raise CannotLocate("Permission to locate has ended; it takes a new decision.")
    target = numbers.read(number)
    if target not in said["targets"]:
        raise CannotLocate("This decision does not cover that number.")
    call = row.calls.filter(pk=told, state="VERIFIED", void_at=None).first()
    if call is None:
        raise CannotLocate("It is told at the number that was called back, and nowhere else.")
    if len(found.strip()) < 3:
        raise CannotLocate("Write down what came of it: the place, or that there was none.")
    ping = ExigentPing(
        id=ids.unguessable(), decision=made, ordinal=made.pings.count() + 1, at=now, by=by.ref, told=call.pk
    )
    ping.said = sealed.close(
        key, f"exigent location {ping.pk}", {"number": target, "found": found.strip()[:2000]}
    )
    ping.save(force_insert=True)
    known = next((t for t in files.targets(case=row.case_id, by=by, now=now) if t.value == target), None)
    cases.note_billable(
        case=row.case_id, kind=said["product"], source=f"ping:{ping.pk}", happened_at=now, unit="ping",
        target=known.id if known else "", by=by, now=now,
    )  # fmt: skip
    audit.record(
        "exigent.located",
        by=by,
        at=now,
        matter=row.matter,
        request=row.pk,
        decision=made.pk,
        ordinal=ping.ordinal,
        call=call.pk,
    )
    return reading.view(row, by=by, now=now)


@transaction.atomic
def end_location(*, decision: str, by: Actor, now: datetime) -> RequestView:
    """End permission to locate at once; one person is enough. :raises NotYours: when it is unknown, or has ended"""
    made = ExigentDecision.objects.select_related("request").filter(pk=decision).first()
    if made is None:
        raise NotYours
    row = locked(made.request.case_id, by=by, now=now)
    open_ones = ExigentDecision.objects.filter(
        pk=decision, act=LOCATE, state=DecisionState.DONE, ends_at__gt=now
    )
    if not open_ones.update(ends_at=now):
        raise NotYours
    deadlines.disarm(OVER, subject=decision, now=now)
    audit.record(
        "exigent.location_ended",
        by=by,
        at=now,
        matter=row.matter,
        request=row.pk,
        decision=decision,
        how="person",
    )
    _over(made, by=by, now=now)
    return reading.view(row, by=by, now=now)


@transaction.atomic
def location_over(*, decision: str, by: Actor, now: datetime) -> bool:
    """Follow permission to locate that came to its end; tell whether there was one. For the clockwork."""
    mine = ExigentDecision.objects.filter(pk=decision)
    held(mine, by=by, now=now)
    made = mine.select_for_update(of=("self",)).select_related("request__case").first()
    if made is None or made.ends_at is None or made.ends_at > now:
        return False
    audit.record(
        "exigent.location_ended",
        by=by,
        at=now,
        matter=made.request.matter,
        request=made.request_id,
        decision=decision,
        how="clock",
    )
    _over(made, by=by, now=now)
    return True


def _over(made: ExigentDecision, *, by: Actor, now: datetime) -> None:
    row = made.request
    if row.decisions.filter(state=DecisionState.PROPOSED).exists() or reading.waits_to_leave(row):
        return
    guide = policy.at(now)
    pathway = reading.pathway_of(row, guide)
    following.plan(row, rules.must_follow(pathway, guide, started=now), started_at=now, by=by, now=now)
    following.ended(row, at=now, by=by, now=now)
