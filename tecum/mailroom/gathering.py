"""Taking the papers out of messages that opened a case: the reading outside any transaction, the keeping in one."""

from collections.abc import Callable
from datetime import datetime

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


def gather_one(*, reader: Reader, clock: Clock) -> bool:
    """Take over the papers of the process that waits longest; tell whether there was one."""

    def act(claimed: deadlines.Claim) -> None:
        received = queries.received(id=claimed.subject, by=BY, now=clock())
        matter = cases.case(case=received.case, by=BY, now=clock()).matter
        taken = papers.of_message(received.message, matter=matter, reader=reader)
        with transaction.atomic():
            process.keep_papers(received=received.id, papers=taken, by=BY, now=clock())
            deadlines.finish(claimed, now=clock())

    return deadlines.work_one(LANE, act, clock=clock)


def gather(*, clock: Clock) -> int:
    """Take over the papers of everything that waits, and return how many there were."""
    count = 0
    with Reader() as reader:
        while gather_one(reader=reader, clock=clock):
            count += 1
    return count
