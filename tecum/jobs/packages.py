"""The lane that makes packages: outside any transaction, because a large one takes its time."""

from collections.abc import Callable
from datetime import datetime

import structlog

from tecum.deadlines import operations as deadlines
from tecum.kernel.actors import Actor
from tecum.production import operations as productions

Clock = Callable[[], datetime]
LANE = "production"
BY = Actor.system("jobs")
log = structlog.get_logger()


def make_one(*, clock: Clock) -> bool:
    """Make the package that has waited longest; tell whether there was one."""
    claimed = deadlines.claim(now=clock(), lane=LANE)
    if claimed is None:
        return False
    try:
        # Making twice does no harm: whoever comes second finds it made. So the deadline is completed on its own.
        productions.make(production=claimed.subject, by=BY, now=clock())
        deadlines.complete(claimed, now=clock())
    except Exception as fault:  # whatever it is, the production waits and is tried again
        state = deadlines.fail(claimed, fault=type(fault).__name__, now=clock())
        log.exception("production.not_made", attempts=claimed.attempts, state=state)
    return True


def make_all(clock: Clock) -> int:
    """Make every package that waits, and return how many there were."""
    count = 0
    while make_one(clock=clock):
        count += 1
    return count
