"""A hit on a number with a pending demand: what somebody on that case's own list is offered (R-044, D11)."""

from dataclasses import dataclass
from datetime import datetime

from tecum.access.rules import may
from tecum.cases import queries as cases
from tecum.cases.states import TargetState
from tecum.demands import queries as demands
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.lookup.rules import LineView, LookupView
from tecum.policy import queries as policy


@dataclass(frozen=True, slots=True)
class Offer:
    """One target of a pending demand of one's own that names the number; `whole` when the answer covers its interval."""

    case: str
    reference: str
    target: str
    period: Period | None
    whole: bool


def offers(view: LookupView, *, by: Actor, now: datetime) -> dict[int, tuple[Offer, ...]]:
    """Return what is offered beside each line with a hit; nothing for anybody who is not on the list of such a case."""
    if not may(by, "case.own") or not may(by, "demand.withdraw") or not by.agency:
        return {}
    found = {line.place: _of(line, by=by, now=now) for line in view.lines if line.hit is not None}
    return {place: each for place, each in found.items() if each}


def _of(line: LineView, *, by: Actor, now: datetime) -> tuple[Offer, ...]:
    made = []
    for case in demands.naming_number(number=line.number, by=by, now=now):
        reference = cases.case(case=case, by=by, now=now).reference
        for each in cases.targets(case=case, by=by, now=now):
            if each.value == line.number and each.state is TargetState.ASKED:
                made.append(Offer(case, reference, each.id, each.period, _covers(line, each.period, now=now)))
    return tuple(made)


def _covers(line: LineView, period: Period | None, *, now: datetime) -> bool:
    """Tell whether today's customer had the number from the interval's first day on; without an interval nobody can."""
    if period is None or line.hit is None:
        return False
    zone = policy.at(now).carrier.zone.tz
    return line.hit.in_service <= period.start.astimezone(zone).date()
