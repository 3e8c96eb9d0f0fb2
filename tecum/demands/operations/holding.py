"""Holds for a demand: at receipt, by a person's word, lapsed, lifted (C6; decisions, E)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import sealed
from tecum.deadlines import operations as deadlines
from tecum.demands.models import Demand, DemandHold
from tecum.demands.operations.rows import locked
from tecum.demands.queries import planning
from tecum.demands.rules.holding import Plan, Wanted
from tecum.demands.states import DemandState
from tecum.guide.calculators import calendars
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.records import operations as records

LAPSES = "demand.hold_lapses"


def at_receipt(row: Demand, *, by: Actor, now: datetime) -> Plan:
    """Hold, in the caller's transaction, what exists of what is asked and what the guide lets us hold by itself."""
    made = planning.plan_of(row, by=by, now=now)
    _hold(row, made.hold, by=by, now=now)
    return made


@transaction.atomic
def hold_waiting(*, case: str, reason: str, by: Actor, now: datetime) -> int:
    """Hold what waits for a person's word: an unproven sender, an agency over its ceiling. Return how many holds."""
    row = locked(case, by=by, now=now, permission="demand.hold")
    made = planning.plan_of(row, by=by, now=now)
    count = _hold(row, made.waits, by=by, now=now)
    cases.add_note(case=case, text=f"Records held by hand: {reason.strip()}", by=by, now=now)
    audit.record("demand.held_by_hand", by=by, at=now, matter=row.matter, demand=row.pk, holds=count)
    return count


def lapse_later(row: Demand, *, now: datetime) -> datetime:
    """Arm the end of the holds of a defective demand: so long after the deficiency letter (decisions, E)."""
    guide = policy.at(now)
    due = calendars.later(guide, now, guide.demands.hold_after_deficiency)
    Demand.objects.filter(pk=row.pk).update(lapses_at=due)
    deadlines.arm(LAPSES, subject=row.pk, due_at=due, matter=row.matter, now=now)
    return due


def lapse_no_more(row: Demand, *, now: datetime) -> None:
    """Take the end of the holds back: the agency has answered."""
    Demand.objects.filter(pk=row.pk).update(lapses_at=None)
    deadlines.disarm(LAPSES, subject=row.pk, now=now)


@transaction.atomic
def holds_lapse(*, demand: str, by: Actor, now: datetime) -> int:
    """End the holds of a demand that was deficient and got no answer in time; return how many. For the clockwork."""
    row = Demand.objects.select_for_update().filter(pk=demand, state=DemandState.DEFICIENT).first()
    if row is None or row.lapses_at is None or row.lapses_at > now:
        return 0
    return lift(row, why="lapsed", by=by, now=now)


def lift(row: Demand, *, why: str, by: Actor, now: datetime, numbers: Iterable[str] | None = None) -> int:
    """End the holds of a demand, or those of some numbers, in the caller's transaction; return how many."""
    chosen = None if numbers is None else set(numbers)
    key = sealed.key_of(row.matter)
    count = 0
    for each in DemandHold.objects.select_for_update().filter(demand=row, lifted_at=None):
        if chosen is not None and sealed.opened(key, f"hold {each.pk}", each.number) not in chosen:
            continue
        records.lift_hold(hold=each.hold, by=by, now=now)
        DemandHold.objects.filter(pk=each.pk).update(lifted_at=now)
        count += 1
    if count:
        audit.record(
            "demand.holds_ended", by=by, at=now, matter=row.matter, demand=row.pk, holds=count, why=why
        )
    return count


def _hold(row: Demand, chosen: Iterable[Wanted], *, by: Actor, now: datetime) -> int:
    key = sealed.key_of(row.matter)
    there = planning.standing(row)
    count = 0
    for each in chosen:
        if each in there:
            continue
        hold = records.hold(
            matter=row.matter, number=each.number, period=each.period, until=None, by=by, now=now
        ).id  # fmt: skip
        made = DemandHold(
            id=ids.unguessable(), demand=row, hold=hold, starts_at=each.period.start, ends_at=each.period.end,
            made_at=now, made_by=by.ref,
        )  # fmt: skip
        made.number = sealed.close(key, f"hold {made.pk}", each.number)
        made.save(force_insert=True)
        count += 1
    if count:
        audit.record("demand.held", by=by, at=now, matter=row.matter, demand=row.pk, holds=count)
    return count
