"""
The watcher of the invariants, in a process of its own (control 3): `tecum assurance watch`. It sends what it has to say
by itself, and climbs the on-call ladder, so that it is heard when the jobs are the very thing that is down; the jobs in
turn listen for it.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import structlog

from tecum.assurance import operations as assurance
from tecum.deadlines.operations import Claim
from tecum.jobs import following, outbox, worker
from tecum.kernel.actors import Actor
from tecum.kernel.invariants import Broken

Clock = Callable[[], datetime]
LANE, PAGES, REST = "assurance", "watch-page", timedelta(seconds=60)
BY = Actor.system("assurance")
log = structlog.get_logger()


def step(clock: Clock, *, silent: Callable[[datetime], Collection[Broken]]) -> int:
    """Look once, tell what does not hold, and send it; return how much does not. `silent`: the lanes that do not live."""
    found = assurance.look(by=BY, now=clock(), more=silent(clock()))
    worker.run_all(SAYS, lane=PAGES, clock=clock)
    if found.found:
        following.follow_all(clock, following.LADDER)
        outbox.page_all(clock)
        outbox.send_all(clock)
    log.info(
        "assurance.looked", found=found.found, opened=found.opened, cleared=found.cleared, whole=found.whole
    )
    return found.found


def expect(clock: Clock) -> int:
    """See to it that silence is noticed, for the jobs."""
    return int(assurance.expect(by=Actor.system("jobs"), now=clock()))


def _page(claimed: Claim, now: datetime) -> None:
    assurance.page(claimed, by=BY, now=now)


def _wake(claimed: Claim, now: datetime) -> None:
    assurance.wake(claimed, by=BY, now=now)


def _silent(_claimed: Claim, now: datetime) -> None:
    assurance.fell_silent(by=BY, now=now)


SAYS = {"invariant.page": _page, "invariant.wake": _wake, "watch.silent": _silent}
