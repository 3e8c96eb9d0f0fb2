"""Handing on what is classified: the operation of its work and the mark of that in one transaction."""

from collections.abc import Callable
from datetime import datetime

from tecum.deadlines.operations import Claim
from tecum.inbox import operations as inbox
from tecum.inbox import queries
from tecum.inbox.rules import decide_by
from tecum.inbox.states import State
from tecum.kernel.actors import Actor
from tecum.mailroom import answering, demands
from tecum.mailroom.demands import LeftToAPerson
from tecum.mailroom.table import JUDGED_ONCE, SAY_WHERE, TABLE, Work, work_of
from tecum.policy import queries as policy

BY = Actor.system("mailroom")


def route(claimed: Claim, now: datetime) -> None:
    """
    Hand one message on, inside the caller's transaction: to the operation that does its work, else to a person.

    Whoever wrote to the wrong address is told the right one (R-062, R-069), in the one answer of the work itself or,
    where that answered nothing, in one that says only this: a message never has two answers. The message is worked on there as if it had come there: it keeps the instant at which it arrived,
    so no clock is lost.
    """
    message = queries.message(claimed.subject)
    if message.state is not State.CLASSIFIED or message.klass is None:
        return
    if message.names_case and not message.urgent:
        demands.belongs_to_its_case(message, by=BY, now=now)
    fresh = message.routed_to != inbox.RESUMED
    work = work_of(message)
    if work is None:
        inbox.routed(message.id, to="answered", by=BY, now=now)
    elif (operation := TABLE.get(work)) is not None:
        try:
            inbox.routed(message.id, to=operation(message, BY, now), by=BY, now=now)
        except LeftToAPerson:
            _rest(message, work, fresh=False, now=now)
    else:
        _rest(message, work, fresh=fresh, now=now)
    if message.belongs_elsewhere and fresh and work not in SAY_WHERE & set(TABLE):
        answering.say_where(message, BY, now)


def catch_up(clock: Callable[[], datetime]) -> int:
    """Make due what was left, and what rested with a person until the table had a line for it; return how many."""
    now = clock()
    works = [work.value for work in TABLE if work not in JUDGED_ONCE]
    return inbox.resume(works, by=BY, now=now) + inbox.rearm(now=now)


def _rest(message: queries.MessageView, work: Work, *, fresh: bool, now: datetime) -> None:
    box = message.belongs_to or message.mailbox
    if fresh and not message.belongs_elsewhere:
        answering.say_received(message, BY, now)
    inbox.rest(
        message.id, work=work, due_at=decide_by(message.arrived_at, box, policy.at(now)), by=BY, now=now
    )
