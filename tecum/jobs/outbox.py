"""The outbox's lane: claim, deliver outside every transaction, write down what came of it."""

from collections.abc import Callable
from datetime import datetime

import structlog

from tecum.kernel.actors import Actor
from tecum.notices import operations as notices
from tecum.notices import queries

SENDER = Actor.system("outbox")
log = structlog.get_logger()


def send_one(clock: Callable[[], datetime]) -> bool:
    """Try the notice that has been due longest; tell whether there was one."""
    claimed = notices.claim(now=clock())
    if claimed is None:
        return False
    outcome = queries.carry(claimed.id, now=clock())
    state = notices.settle(claimed, outcome, by=SENDER, now=clock())
    if state is None:
        log.warning("notice.lease_lost", notice=claimed.id)
    return True


def send_all(clock: Callable[[], datetime]) -> int:
    """Try every notice that is due and return how many there were."""
    count = 0
    while send_one(clock):
        count += 1
    return count
