"""A number that nobody is known to have had may be a slip of the pen: what was ours one digit away, told to staff only."""

from datetime import datetime

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.cases import queries as cases
from tecum.demands.queries import judging
from tecum.demands.queries.reading import row_of
from tecum.demands.rules.compiling import UNKNOWN
from tecum.demands.rules.nearness import neighbours
from tecum.inventory import queries as inventory
from tecum.inventory.drivers.engine import NothingLoaded
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.records.queries import subscribers

MOST = 5


def look_nearby(*, case: str, target: str, by: Actor, now: datetime) -> tuple[str, ...]:
    """
    Return numbers one slip away from a target that were ours, or a customer's, in its interval; at most five.

    Nothing for a number that somebody is known to have had. That it was looked at is stored first; no agency is told.

    :raises NotYours: for officers, and for a case or target that is not for this person
    """
    require(by, "demand.work", now=now)
    row = row_of(case, by=by, now=now)
    if by.agency:
        raise NotYours
    mine = [each for each in cases.targets(case=case, by=by, now=now) if each.id == target]
    if not mine:
        raise NotYours
    number, period = mine[0].value, mine[0].period
    if period is None or not numbers.is_canonical(number):
        return ()
    guide = policy.at(now)
    if any(tenure.period.overlaps(period) for tenure in judging.tenures(number, period, guide, now=now)):
        return ()
    near = neighbours(number)
    known = subscribers.known(near) | _customers(near)
    found = [
        each
        for each in near
        if each in known
        and any(tenure.kind != UNKNOWN and tenure.period.overlaps(period) for tenure in judging.tenures(each, period, guide, now=now))
    ][:MOST]  # fmt: skip
    audit.note(
        "demand.near_looked_at",
        by=by,
        at=now,
        matter=row.matter,
        demand=row.pk,
        target=target,
        found=len(found),
    )
    return tuple(found)


def _customers(near: tuple[str, ...]) -> frozenset[str]:
    try:
        return frozenset(inventory.look_up(near).rows)
    except NothingLoaded:
        return frozenset()
