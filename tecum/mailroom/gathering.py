"""Taking the papers out of messages that opened a case: the reading outside any transaction, the keeping in one."""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import transaction

from tecum.cases import queries as cases
from tecum.deadlines import operations as deadlines
from tecum.inbox.drivers.reader import Reader
from tecum.kernel.actors import Actor
from tecum.process import operations as process
from tecum.process import queries
from tecum.process.drivers import papers

LANE = "papers"
BY = Actor.system("mailroom")
Clock = Callable[[], datetime]
log = structlog.get_logger()


class LeaseLost(Exception):
    """Another process gathers now; nothing of this is kept."""


def gather_one(*, reader: Reader, clock: Clock) -> bool:
    """Take over the papers of the process that waits longest; tell whether there was one."""
    claimed = deadlines.claim(now=clock(), lane=LANE)
    if claimed is None:
        return False
    try:
        received = queries.received(id=claimed.subject, by=BY, now=clock())
        matter = cases.case(case=received.case, by=BY, now=clock()).matter
        taken = papers.of_message(received.message, matter=matter, reader=reader)
        with transaction.atomic():
            process.keep_papers(received=received.id, papers=taken, by=BY, now=clock())
            if not deadlines.complete(claimed, now=clock()):
                raise LeaseLost
    except LeaseLost:
        log.warning("papers.lease_lost", received=claimed.subject)
    except Exception as fault:  # whatever it is, the message keeps its papers and they are taken again
        state = deadlines.fail(claimed, fault=type(fault).__name__, now=clock())
        log.exception("papers.not_taken", received=claimed.subject, attempts=claimed.attempts, state=state)
    return True


def gather(*, clock: Clock) -> int:
    """Take over the papers of everything that waits, and return how many there were."""
    count = 0
    with Reader() as reader:
        while gather_one(reader=reader, clock=clock):
            count += 1
    return count
