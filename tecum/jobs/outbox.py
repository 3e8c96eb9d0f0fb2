"""The outbox's lane: claim, deliver outside every transaction, write down what came of it."""

from collections.abc import Callable
from datetime import datetime

import structlog

from tecum.accounts import queries as people
from tecum.kernel.actors import Actor
from tecum.notices import operations as notices
from tecum.notices import queries
from tecum.notices.rules import Outcome
from tecum.notices.states import AttemptEnd
from tecum.secrecy import queries as secrecy

SENDER = Actor.system("outbox")
log = structlog.get_logger()


def send_one(clock: Callable[[], datetime]) -> bool:
    """Try the notice that has been due longest; tell whether there was one."""
    claimed = notices.claim(now=clock())
    if claimed is None:
        return False
    outcome = kept_back(claimed.id, now=clock()) or queries.carry(claimed.id, now=clock())
    state = notices.settle(claimed, outcome, by=SENDER, now=clock())
    if state is None:
        log.warning("notice.lease_lost", notice=claimed.id)
    return True


def kept_back(notice: str, *, now: datetime) -> Outcome | None:
    """
    Keep from an agency's webhook what its person may not know any more: suspended, off the list, sealed meanwhile.

    Asked again as it leaves, because days can pass between the act and a delivery that was tried again and again.
    """
    heard = queries.heard_by(notice)
    if heard is None:
        return None
    owner, matter = heard
    person = people.actor_now(owner, now=now)
    may_hear = person is not None and person.may("webhook.own")
    if may_hear and (not matter or (secrecy.may_know(matter, owner) and not secrecy.is_sealed(matter))):
        return None
    return Outcome(AttemptEnd.REFUSED, "", "whose webhook this is may not know of it any more")


def send_all(clock: Callable[[], datetime]) -> int:
    """Try every notice that is due and return how many there were."""
    count = 0
    while send_one(clock):
        count += 1
    return count
