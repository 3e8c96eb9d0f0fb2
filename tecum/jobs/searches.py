"""The lane that searches what scopes grant: outside any transaction, because a long one takes its time."""

from collections.abc import Callable
from datetime import datetime

import structlog

from tecum.deadlines import operations as deadlines
from tecum.demands import operations as demands
from tecum.kernel.actors import Actor

Clock = Callable[[], datetime]
LANE = "searches"
BY = Actor.system("jobs")
log = structlog.get_logger()


def search_one(*, clock: Clock) -> bool:
    """Run the search that has waited longest; tell whether there was one."""
    claimed = deadlines.claim(now=clock(), lane=LANE)
    if claimed is None:
        return False
    try:
        # Whoever comes second finds it ended, so the deadline is completed on its own.
        demands.run_search(search=claimed.subject, by=BY, now=clock())
        deadlines.complete(claimed, now=clock())
    except Exception as fault:  # whatever it is, the search waits and is begun again
        state = deadlines.fail(claimed, fault=type(fault).__name__, now=clock())
        log.exception("demand.search_failed", attempts=claimed.attempts, state=state)
    return True


def search_all(clock: Clock) -> int:
    """Run every search that waits, and return how many there were."""
    count = 0
    while search_one(clock=clock):
        count += 1
    return count
