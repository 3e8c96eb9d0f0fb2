"""Reading what came in, lane by lane: each lane has a reader of its own, and one that hangs holds up no other."""

import atexit
import threading
from collections.abc import Callable
from datetime import datetime

from tecum.deadlines import operations as deadlines
from tecum.inbox import operations as inbox
from tecum.inbox.drivers.reader import Reader
from tecum.kernel.actors import Actor

Clock = Callable[[], datetime]
LANES = ("mail-urgent", "mail", "mail-bulk")
BATCH = 200  # a lane gives its sign of life at least this often
BY = Actor.system("mail")
_own = threading.local()


def sort_one(lane: str, *, reader: Reader, clock: Clock) -> bool:
    """Read the message that has waited longest in a lane; tell whether there was one."""

    def act(claimed: deadlines.Claim) -> None:
        inbox.judge(claimed, reader=reader, by=BY, now=clock())

    return deadlines.work_one(lane, act, clock=clock)


def sort(lane: str, *, clock: Clock, most: int = BATCH) -> int:
    """Read what waits in a lane, at most so many, and return how many there were."""
    reader = _reader()
    count = 0
    while count < most and sort_one(lane, reader=reader, clock=clock):
        count += 1
    return count


def sort_all(*, clock: Clock) -> int:
    """Read everything that waits, what is pressing first, and return how many there were."""
    count = 0
    while found := next((n for n in (sort(lane, clock=clock, most=1) for lane in LANES) if n), 0):
        count += found
    return count


def _reader() -> Reader:
    """Return the reader of this thread."""
    reader: Reader | None = getattr(_own, "reader", None)
    if reader is None:
        reader = _own.reader = Reader()
        atexit.register(reader.close)
    return reader
