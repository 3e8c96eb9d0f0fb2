"""The loop of one lane: claim, act and complete in one transaction, or give back."""

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from django.db import transaction

from tecum.deadlines import operations as deadlines

Handler = Callable[[deadlines.Claim, datetime], None]
log = structlog.get_logger()


class LeaseLost(Exception):
    """Another worker holds the deadline now: roll the effect back."""


def run_one(table: Mapping[str, Handler], *, lane: str, clock: Callable[[], datetime]) -> bool:
    """Act on the longest-due deadline of a lane; tell whether there was one."""
    claimed = deadlines.claim(now=clock(), lane=lane)
    if claimed is None:
        return False
    try:
        with transaction.atomic():
            table[claimed.kind](claimed, clock())
            if not deadlines.complete(claimed, now=clock()):
                raise LeaseLost
    except LeaseLost:
        log.warning("deadline.lease_lost", kind=claimed.kind)
    except Exception as fault:  # whatever the operation raises, the deadline is not lost
        state = deadlines.fail(claimed, fault=type(fault).__name__, now=clock())
        log.exception("deadline.failed", kind=claimed.kind, attempts=claimed.attempts, state=state)
    return True


def run_all(table: Mapping[str, Handler], *, lane: str, clock: Callable[[], datetime]) -> int:
    """Act on everything that is due in a lane and return how many there were."""
    count = 0
    while run_one(table, lane=lane, clock=clock):
        count += 1
    return count
