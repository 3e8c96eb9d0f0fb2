"""The outbox's lane: claim, deliver outside every transaction, write down what came of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime

import structlog
from django.db import connection

from tecum.accounts import queries as people
from tecum.kernel.actors import Actor
from tecum.notices import operations as notices
from tecum.notices import queries
from tecum.notices.operations import Claim
from tecum.notices.rules import Outcome
from tecum.notices.states import AttemptEnd
from tecum.secrecy import queries as secrecy

SENDER = Actor.system("outbox")
AT_ONCE = 8  # pages that are sent side by side
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


def page_all(clock: Callable[[], datetime]) -> int:
    """
    Try every page that is due, several side by side, and return how many: a dead interface holds up no other page.

    Only the sending is done side by side; what came of it is written down here, one after the other.
    """
    count = 0
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="page") as pool:
        while claims := _pages(clock):
            asked = {pool.submit(_carried, each.id, clock): each for each in claims}
            for done in as_completed(asked):
                if notices.settle(asked[done], done.result(), by=SENDER, now=clock()) is None:
                    log.warning("notice.lease_lost", notice=asked[done].id)
            count += len(claims)
    return count


def _pages(clock: Callable[[], datetime]) -> list[Claim]:
    claims = (notices.claim(now=clock(), urgent=True) for _ in range(AT_ONCE))
    return [each for each in claims if each is not None]


def _carried(notice: str, clock: Callable[[], datetime]) -> Outcome:
    try:
        return queries.carry(notice, now=clock())
    finally:
        connection.close()  # of this thread


def send_all(clock: Callable[[], datetime]) -> int:
    """Try every notice that is due and return how many there were."""
    count = 0
    while send_one(clock):
        count += 1
    return count
