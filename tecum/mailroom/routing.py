"""Handing on what is classified: the operation of its class and the mark of that in one transaction."""

from collections.abc import Callable
from datetime import datetime

from tecum.deadlines.operations import Claim
from tecum.inbox import operations as inbox
from tecum.inbox import queries
from tecum.inbox.states import State
from tecum.kernel.actors import Actor
from tecum.mailroom.table import TABLE

BY = Actor.system("mailroom")


def route(claimed: Claim, now: datetime) -> None:
    """Hand one message on, inside the caller's transaction."""
    message = queries.message(claimed.subject)
    if message.state is not State.CLASSIFIED or message.klass is None:
        return
    operation = TABLE.get(message.klass)
    if operation is None:
        return  # stays classified, where the mailroom page shows it; `catch_up` finds it when the table has a line
    inbox.routed(message.id, to=operation(message, BY, now), by=BY, now=now)


def catch_up(clock: Callable[[], datetime]) -> int:
    """Make due what was classified while nothing took its class, and return how many."""
    return inbox.rearm([klass.value for klass in TABLE], now=clock())
