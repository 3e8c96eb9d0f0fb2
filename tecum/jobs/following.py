"""The lanes of what recurs: around a surveillance notices ahead, months, what stays raised; and the on-call ladder."""

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from django.db import transaction

from tecum.deadlines import operations as deadlines
from tecum.deadlines.operations import Claim
from tecum.kernel.actors import Actor
from tecum.mailroom import ringing
from tecum.oncall import operations as oncall
from tecum.surveillance import operations as surveillance
from tecum.surveillance import queries as switches
from tecum.surveillance.operations import accounts, certifying, visits

Clock = Callable[[], datetime]
WAKES = frozenset({"overrun", "returned", "unknown", "altered"})
LANE, LADDER = "surveillance", "oncall"
BY = Actor.system("jobs")
log = structlog.get_logger()


class NotHeld(Exception):
    """The deadline passed to another worker, or was taken back: roll the effect back."""


def notice(claimed: Claim, now: datetime) -> datetime | None:
    """A notice ahead of an end is due."""
    return surveillance.notice_due(authority=claimed.subject, by=BY, now=now)


def month(claimed: Claim, now: datetime) -> datetime | None:
    """A month of a surveillance begins."""
    return surveillance.month_begins(target=claimed.subject, by=BY, now=now)


def raised(claimed: Claim, now: datetime) -> datetime | None:
    """A switch differs from what is desired; what is on that may not be wakes whoever is on call (C3, C4)."""
    again = surveillance.raise_mismatch(mismatch=claimed.subject, by=BY, now=now)
    if again is not None and switches.kind_of(claimed.subject) in WAKES:
        _wake(claimed, "switch_disobeys", now=now)
    return again


def unaccepted(claimed: Claim, now: datetime) -> datetime | None:
    """A cut by hand is near, and a technician must have accepted to make it: until one has, the ladder climbs (C4)."""
    again = surveillance.unaccepted(tap=claimed.subject, by=BY, now=now)
    if again is not None:
        _wake(claimed, "end_unaccepted", now=now)
    return again


def _wake(claimed: Claim, cause: str, *, now: datetime) -> None:
    oncall.begin(about=f"surveillance:{claimed.subject}", matter=claimed.matter, cause=cause, by=BY, now=now)


def look_again(claimed: Claim, now: datetime) -> datetime | None:
    """A technician is to look at a switch again."""
    return surveillance.recheck(tap=claimed.subject, by=BY, now=now)


def climb(claimed: Claim, now: datetime) -> datetime | None:
    """A step of the on-call ladder fires."""
    return oncall.climb(escalation=claimed.subject, by=BY, now=now)


def undelivered(claimed: Claim, now: datetime) -> datetime | None:
    """A page could not be delivered."""
    oncall.page_failed(notice=claimed.subject, by=BY, now=now)
    return None


def visit_waits(claimed: Claim, now: datetime) -> datetime | None:
    """A visit to a switching office waits for a date and time."""
    return visits.waits(visit=claimed.subject, by=BY, now=now)


def account(claimed: Claim, now: datetime) -> datetime | None:
    """The account of a target is about to end."""
    return accounts.remind(warning=claimed.subject, by=BY, now=now)


def record(claimed: Claim, now: datetime) -> datetime | None:
    """The record of an interception follows what its switches showed."""
    return certifying.follow(surveillance=claimed.subject, by=BY, now=now)


def record_unknown(claimed: Claim, now: datetime) -> datetime | None:
    """Something on a switch that nobody here put there is to be recorded."""
    return certifying.follow_unknown(mismatch=claimed.subject, by=BY, now=now)


def certify(claimed: Claim, now: datetime) -> datetime | None:
    """The record of an interception waits for its signature."""
    return certifying.remind(certification=claimed.subject, by=BY, now=now)


def report(claimed: Claim, now: datetime) -> datetime | None:
    """Agencies are to be told of a compromise."""
    return certifying.remind_of_compromise(report=claimed.subject, by=BY, now=now)


TABLE: Mapping[str, Callable[[Claim, datetime], datetime | None]] = {
    "surveillance.notice": notice,
    "surveillance.month": month,
    "surveillance.raised": raised,
    "surveillance.end_accept": unaccepted,
    "surveillance.recheck": look_again,
    "mail.rings": ringing.ring,
    "oncall.step": climb,
    "oncall.undelivered": undelivered,
    "visit.waits": visit_waits,
    "surveillance.account": account,
    "surveillance.record": record,
    "surveillance.record_unknown": record_unknown,
    "surveillance.certify": certify,
    "surveillance.report": report,
}


def follow_one(clock: Clock, lane: str = LANE) -> bool:
    """Do what has been due longest, and arm its next time in the same transaction; tell whether there was one."""
    claimed = deadlines.claim(now=clock(), lane=lane)
    if claimed is None:
        return False
    try:
        with transaction.atomic():
            now = clock()
            again = TABLE[claimed.kind](claimed, now)
            if not deadlines.complete(claimed, now=now):
                raise NotHeld
            if again is not None:
                deadlines.arm(
                    claimed.kind, subject=claimed.subject, due_at=again, matter=claimed.matter, now=now
                )
    except NotHeld:
        log.warning("deadline.lease_lost", kind=claimed.kind)
    except Exception as fault:  # whatever it is, the deadline is not lost
        state = deadlines.fail(claimed, fault=type(fault).__name__, now=clock())
        log.exception("deadline.failed", kind=claimed.kind, attempts=claimed.attempts, state=state)
    return True


def follow_all(clock: Clock, lane: str = LANE) -> int:
    """Do everything that is due, and return how much that was."""
    count = 0
    while follow_one(clock, lane):
        count += 1
    return count
