"""The loop of a lane of the due-table: claim, act and complete in one transaction, or give back."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from tecum.deadlines import operations as deadlines

Clock = Callable[[], datetime]
Handler = Callable[[deadlines.Claim, datetime], None]


def run_one(table: Mapping[str, Handler], *, lane: str, clock: Clock) -> bool:
    """Act on the longest-due deadline of a lane; tell whether there was one."""
    return deadlines.work_one(lane, _together(table, clock), clock=clock)


def run_all(table: Mapping[str, Handler], *, lane: str, clock: Clock) -> int:
    """Act on everything that is due in a lane and return how many there were."""
    return deadlines.work_all(lane, _together(table, clock), clock=clock)


def _together(table: Mapping[str, Handler], clock: Clock) -> Callable[[deadlines.Claim], None]:
    def act(claimed: deadlines.Claim) -> None:
        with transaction.atomic():
            deadlines.finish(claimed, now=clock())  # first: what it does may arm the same deadline anew
            table[claimed.kind](claimed, clock())

    return act
