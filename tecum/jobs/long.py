"""
The lanes of what takes its time: making packages, searching what scopes grant.

Both run outside any transaction. Whoever comes second finds it done, so the deadline is completed on its own.
"""

from collections.abc import Callable
from datetime import datetime

from tecum.deadlines import operations as deadlines
from tecum.demands import operations as demands
from tecum.exigent import operations as exigent
from tecum.kernel.actors import Actor
from tecum.production import operations as productions

Clock = Callable[[], datetime]
PACKAGES, SEARCHES, EMERGENCIES = "production", "searches", "emergencies"
BY = Actor.system("jobs")


def make_all(clock: Clock) -> int:
    """Make every package that waits, and return how many there were."""
    return _all(PACKAGES, lambda waiting, now: productions.make(production=waiting, by=BY, now=now), clock)


def search_all(clock: Clock) -> int:
    """Run every search that waits, and return how many there were."""
    return _all(SEARCHES, lambda waiting, now: demands.run_search(search=waiting, by=BY, now=now), clock)


def search_emergencies(clock: Clock) -> int:
    """Run every search for an emergency, in a lane of its own: no long search stands before it. Return how many there were."""
    return _all(EMERGENCIES, lambda waiting, now: exigent.gather(gathering=waiting, by=BY, now=now), clock)


def _all(lane: str, do: Callable[[str, datetime], object], clock: Clock) -> int:
    def act(claimed: deadlines.Claim) -> None:
        do(claimed.subject, clock())
        deadlines.complete(claimed, now=clock())

    return deadlines.work_all(lane, act, clock=clock)
