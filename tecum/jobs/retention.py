"""
The lane of retention: epochs whose time is over lose their keys, and with them everything that was sealed under them, in
every backup too (A14, control 13, invariant I12).

Only kinds of which this house knows when each record is over are destroyed by the clock: cases and mail. What is not
over, and what a legal hold keeps, goes to another epoch first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from tecum.audit.rules import Receipt
from tecum.cases import queries as cases
from tecum.guide.calculators.retention import BY_THE_CLOCK, closed_before
from tecum.guide.model.guide import Guide
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.production import queries as productions
from tecum.secrecy import operations as secrecy
from tecum.secrecy import queries
from tecum.surveillance.queries import certifications, visits

Clock = Callable[[], datetime]
LANE, REST = "retention", timedelta(hours=1)
BY = Actor.system("jobs")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outlived:
    """An epoch whose time is over: how many matters end with it, and how many are kept on, with their instants."""

    epoch: str
    ends: int
    kept: dict[str, datetime]
    held: int


def outlived(*, now: datetime) -> list[Outlived]:
    """Return the epochs whose time is over by the guide; a kind of which it says nothing is kept."""
    guide = policy.at(now)
    return [
        _looked_at(epoch, guide, now=now)
        for kind in BY_THE_CLOCK
        if (before := closed_before(guide, kind, now)) is not None
        for epoch in queries.outlived(kind=kind, closed_before=before)
    ]


def destroy(found: Outlived, *, by: Actor, now: datetime) -> Receipt | None:
    """Destroy one; return the proof, none where another finished it. :raises NotYours: without the permission"""
    return secrecy.destroy_epoch(found.epoch, by=by, now=now, carry=found.kept)


def step(clock: Clock) -> int:
    """Destroy every epoch whose time is over, and return how many there were."""
    found = outlived(now=clock())
    for each in found:
        destroy(each, by=BY, now=clock())
        log.info("epoch.destroyed", epoch=each.epoch, matters=each.ends, kept=len(each.kept))
    return len(found)


def _looked_at(epoch: str, guide: Guide, *, now: datetime) -> Outlived:
    matters, held = queries.matters_in(epoch), queries.held_in(epoch)
    never = datetime.min.replace(tzinfo=now.tzinfo)
    live = cases.not_over(matters, closed_before=closed_before(guide, "cases", now) or never, now=now)
    for kind, not_over in (
        ("certifications", certifications.not_over),
        ("visits", visits.not_over),
        ("productions", productions.not_over),
    ):
        live |= not_over(matters, closed_before=closed_before(guide, kind, now) or never, now=now)
    return Outlived(epoch, len(matters.keys() - live.keys() - held), live, len(held - live.keys()))
