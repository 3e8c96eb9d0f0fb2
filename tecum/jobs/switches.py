"""
The lanes of the switches. Ends have a lane of their own, best in a process of its own (`tecum surveillance terminate`):
nothing that anybody waits for elsewhere delays a cut (assurance, control 1).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.db import transaction

from tecum.deadlines import operations as deadlines
from tecum.deadlines.operations import Claim
from tecum.jobs.lane import Clock, Lane
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.surveillance import operations as surveillance
from tecum.surveillance.drivers import choice
from tecum.surveillance.drivers.port import Port
from tecum.surveillance.operations import Command, Shown
from tecum.surveillance.rules.tasks import Task

ENDS, STARTS, WATCH = "terminate", "switches", "switch-watch"
BATCH = 100
AT_ONCE = 8  # switches that are spoken to side by side: a slow one delays no other
BY = Actor.system("jobs")
log = structlog.get_logger()


class NotHeld(Exception):
    """A deadline of the batch passed to another worker, or was taken back."""


def terminate(clock: Clock) -> int:
    """Cut everything whose end has come, with no lower bound: intents first, the switches at once after them."""
    done = 0
    while count := expire_some(clock) + carry_some(clock, on=False):
        done += count
    return done


def start(clock: Clock) -> int:
    """Carry to the switches what two people approved; what a switch made something else of is off again at once."""
    done = 0
    while count := carry_some(clock, on=True) + carry_some(clock, on=False):
        done += count
    return done


def watch(clock: Clock) -> int:
    """Read the full list of every switch and hold it against what is desired; return how much differs."""
    ports = {each.id: port for each in policy.at(clock()).switches if (port := choice.port(each)) is not None}
    found = 0
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="look") as pool:
        asked = {pool.submit(_look, port, clock): name for name, port in ports.items()}
        for each in as_completed(asked):
            shown, read_at = each.result()
            found += surveillance.compare(
                switch=asked[each], shown=shown, read_at=read_at, by=BY, now=clock()
            )
    return found


def expire_some(clock: Clock) -> int:
    """Desire off a batch of what has come to its end; return how many deadlines that were."""
    claims = deadlines.claim_many(now=clock(), kinds={"surveillance.end"}, limit=BATCH)
    _apart(claims, partial(_expire, clock=clock), event="tap.not_expired", clock=clock)
    return len(claims)


def carry_some(clock: Clock, *, on: bool) -> int:
    """Carry a batch to the switches, each in a thread of its own, and write down what they show; return how many."""
    kind = "surveillance.on" if on else "surveillance.off"
    claims = deadlines.claim_many(now=clock(), kinds={kind}, limit=BATCH)
    if not claims:
        return 0
    told: list[Command] = []

    def tell(part: Sequence[Claim]) -> None:
        told.extend(surveillance.commands(taps=[each.subject for each in part], on=on, by=BY, now=clock()))

    failed = _apart(claims, tell, event="tap.not_told", clock=clock)
    named = {each.tap for each in told} | {each.subject for each in failed}
    left = [each for each in claims if each.subject not in named]
    _apart(left, partial(_hand_over, on=on, clock=clock), event="tap.not_handed_over", clock=clock)
    by_tap = {each.subject: each for each in claims}
    for shown in _carried(told, clock):
        settle = partial(_settle, {each.command.tap: each for each in shown}, clock)
        _apart([by_tap[each.command.tap] for each in shown], settle, event="tap.not_settled", clock=clock)
    return len(claims)


def _apart(
    claims: Sequence[Claim], act: Callable[[Sequence[Claim]], None], *, event: str, clock: Clock
) -> list[Claim]:
    """Act on all together; if that fails, on each by itself: one holds up none of the others. Return which failed."""
    failed: list[Claim] = []
    parts: list[Sequence[Claim]] = [claims] if claims else []
    while parts:
        part = parts.pop()
        try:
            act(part)
        except Exception as fault:
            if len(part) > 1:
                parts += [[each] for each in part]
                continue
            failed += part
            if not isinstance(fault, NotHeld):
                deadlines.fail(part[0], fault=type(fault).__name__, now=clock())
                log.exception(event, attempts=part[0].attempts)
    return failed


def _carried(told: Sequence[Command], clock: Clock) -> Iterable[list[Shown]]:
    guide = policy.at(clock())
    groups: dict[str, list[Command]] = {}
    for each in told:
        groups.setdefault(each.switch, []).append(each)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="switch") as pool:
        asked = []
        for name, group in groups.items():
            port = choice.port(guide.switch(name))
            if port is not None:
                asked.append(pool.submit(surveillance.carry_all, group, port))
        for done in as_completed(asked):
            yield done.result()


def _expire(claims: Sequence[Claim], *, clock: Clock) -> None:
    """Desire off; what is another worker's by now, or was moved, is not ours. :raises NotHeld: when one of them is"""
    now = clock()
    with transaction.atomic():
        surveillance.expire(taps=[each.subject for each in claims], by=BY, now=now)
        if len(deadlines.complete_many(claims, now=now)) != len(claims):
            raise NotHeld


def _settle(shown: Mapping[str, Shown], clock: Clock, claims: Sequence[Claim]) -> None:
    """Write down what one switch shows."""
    part = [shown[each.subject] for each in claims]
    surveillance.settle(shown=part, claims=claims, by=BY, now=clock())


def _hand_over(claims: Sequence[Claim], *, on: bool, clock: Clock) -> None:
    """What no driver reaches becomes a technician's work; what is desired no longer needs nothing."""
    with transaction.atomic():
        surveillance.hand_over(taps=[each.subject for each in claims], on=on, by=BY, now=clock())
        deadlines.complete_many(claims, now=clock())


#: What the process of the ends keeps going. It reads in nothing of the other lanes: their faults are not its own.
OF_ENDS = (
    Lane(ENDS, "cut what has come to its end", terminate, timedelta(seconds=0.5)),
    # Every 20 seconds, so that what differs is seen within 60 even after one failed look (T12).
    Lane(WATCH, "hold the lists of switches against what is desired", watch, timedelta(seconds=20)),
)


def _look(port: Port, clock: Clock) -> tuple[tuple[Task, ...] | None, datetime]:
    read_at = clock()  # before it is read: what is commanded from now on is not in it yet
    return surveillance.listing(port), read_at
