"""
The life of one number, folded from everything that was ever said about it.

The result is a function of the *set* of facts, not of the order in which they arrived (issue A,
part 6: "idempotent and order-safe"). Two exceptions, both wanted: of two corrections for the same
instant the one that arrived later is the carrier's last word; and a correction overrides the snapshots
that were loaded before it arrived, never one loaded after.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tecum.inventory.rules.runs import Holding

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
RESTATED = "restated"  # a past row that was once said and is no longer believed
NO_LONGER_LISTED = "not in the snapshot"
LISTED_FOR_ANOTHER = "listed for another customer"
LISTED_AGAIN = "listed with a later in-service date"
NOTICED = frozenset({NO_LONGER_LISTED, LISTED_FOR_ANOTHER, LISTED_AGAIN})  # ends that only a snapshot told


class Kind(IntEnum):
    """What a fact says; the value is the order at one instant: off before on, a correction last."""

    DISCONNECT = 0
    PORT_OUT = 1
    ACTIVATE = 2
    TRANSFER = 3
    SNAPSHOT = 4
    CORRECT = 5


ENDS = (Kind.DISCONNECT, Kind.PORT_OUT)


class Fact(NamedTuple):
    """
    One thing said about one number.

    `at` (aware): when it took effect, for a snapshot its as-of. `epoch`: the as-of of the last snapshot
    loaded when this arrived. `seq`: order of arrival. `since` only for a snapshot: None if it said
    that the number is not in service.
    """

    at: datetime
    kind: Kind
    customer: str
    reason: str
    epoch: datetime
    seq: int
    since: date | None = None


class Past(NamedTuple):
    """An assignment that ended at `until` (aware), and why."""

    customer: str
    since: date
    until: datetime
    reason: str


class _Open(NamedTuple):
    customer: str
    since: date
    start: datetime
    corrected_in: datetime  # the epoch of the correction that opened it, else LONG_AGO


class Timeline(NamedTuple):
    """What is believed about one number: who has it now, and who had it before."""

    holding: Holding | None
    past: list[Past]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a day begins in the carrier's zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def fold(facts: Iterable[Fact], zone: ZoneInfo, *, start: Holding | None = None) -> Timeline:
    """Tell what a set of facts amounts to; `start` is who had the number before the first of them."""
    life = _Life(zone)
    if start:
        life.open = _Open(start.customer, start.since, midnight(start.since, zone), LONG_AGO)
    for at, fact in sorted(_effective(list(facts), zone), key=_order):
        life.take(at, fact)
    holding = Holding(life.open.customer, life.open.since) if life.open else None
    return Timeline(holding, life.past)


def continued(fact: Fact, was: Holding | None, zone: ZoneInfo) -> Timeline:
    """Tell what `fold` would of one fact that is no correction, later than all that is known: the usual case, made quick."""
    if fact.kind in ENDS:
        ends = was is not None and fact.customer in ("", was.customer)
        now = None if ends else was
    else:
        ends = was is not None and fact.customer != was.customer
        now = Holding(fact.customer, local_day(fact.at, zone)) if ends or was is None else was
    past = [Past(was.customer, was.since, fact.at, _reason(fact))] if was and ends else []
    return Timeline(now, past)


@lru_cache(maxsize=4096)
def local_day(at: datetime, zone: ZoneInfo) -> date:
    """Return the day of an instant in the carrier's zone; a feed names the same few instants again and again."""
    return at.astimezone(zone).date()


def _order(placed: tuple[datetime, Fact]) -> tuple[datetime, Kind, int | str]:
    at, fact = placed
    return at, fact.kind, fact.seq if fact.kind is Kind.CORRECT else fact.customer


def _effective(facts: list[Fact], zone: ZoneInfo) -> Iterable[tuple[datetime, Fact]]:
    """
    Place each fact at its instant and leave out those that a later snapshot contradicts.

    A snapshot of `T` that lists a number since `d` says that nothing else happened in `[d, T]`.
    """
    listed = [
        (midnight(fact.since, zone), fact) for fact in facts if fact.kind is Kind.SNAPSHOT and fact.since
    ]
    for fact in facts:
        if fact.kind is Kind.SNAPSHOT and fact.since:
            since = midnight(fact.since, zone)
            if not any(
                _contradicts(begin, later, since, fact) for begin, later in listed if later.at > fact.at
            ):
                yield since, fact
        elif not any(_contradicts(begin, snapshot, fact.at, fact) for begin, snapshot in listed):
            yield fact.at, fact


def _contradicts(begin: datetime, snapshot: Fact, at: datetime, fact: Fact) -> bool:
    if fact.kind is Kind.CORRECT and fact.epoch >= snapshot.at:
        return False
    if not begin <= at <= snapshot.at:
        return False
    return at > begin or not (fact.kind in ENDS or fact.customer == snapshot.customer)


class _Life:
    """The fold itself: at most one assignment open at a time."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.open: _Open | None = None
        self.past: list[Past] = []

    def take(self, at: datetime, fact: Fact) -> None:
        """Let one fact happen."""
        if fact.kind in ENDS or (fact.kind is Kind.SNAPSHOT and fact.since is None):
            if self.open and fact.customer in ("", self.open.customer):
                self._close(at, _reason(fact))
        elif fact.kind is Kind.CORRECT:
            self._correct(at, fact)
        elif fact.kind is Kind.SNAPSHOT:
            self._listed(at, fact)
        elif not self.open or self.open.customer != fact.customer:
            self._begin(at, fact)

    def _begin(self, at: datetime, fact: Fact) -> None:
        if self.open:
            again = fact.kind is Kind.SNAPSHOT and fact.customer == self.open.customer
            self._close(at, LISTED_AGAIN if again else _reason(fact))
        since = fact.since or local_day(at, self.zone)
        corrected_in = fact.epoch if fact.kind is Kind.CORRECT else LONG_AGO
        self.open = _Open(fact.customer, since, at, corrected_in)

    def _listed(self, at: datetime, fact: Fact) -> None:
        known = self.open
        same = known is not None and known.customer == fact.customer
        if same and known and (known.since == fact.since or known.corrected_in >= fact.at):
            return
        self._begin(at, fact)

    def _correct(self, at: datetime, fact: Fact) -> None:
        if not fact.customer:
            if self.open:
                self._close(at, _reason(fact))
            return
        if self.open and self.open.customer == fact.customer:
            self.open = None
        elif not self.open and self.past and self.past[-1].until == at:
            last = self.past[-1]
            if last.customer == fact.customer:  # undoes an end recorded by mistake
                self.past.pop()
                self.open = _Open(last.customer, last.since, midnight(last.since, self.zone), fact.epoch)
                return
        self._begin(at, fact)

    def _close(self, at: datetime, reason: str) -> None:
        if self.open and self.open.start < at:
            self.past.append(Past(self.open.customer, self.open.since, at, reason))
        self.open = None


def _reason(fact: Fact) -> str:
    if fact.kind is Kind.SNAPSHOT:
        return LISTED_FOR_ANOTHER if fact.since else NO_LONGER_LISTED
    kind = fact.kind.name.lower()
    return f"{kind}: {fact.reason}" if fact.reason else kind


def ended_by_snapshot(was: Holding, now: Holding | None, *, as_of: datetime, zone: ZoneInfo) -> Past:
    """Return the row of the history for a holding that a snapshot of `as_of` no longer lists."""
    if now is None:
        return Past(*was, until=as_of, reason=NO_LONGER_LISTED)
    if now.since <= was.since:
        return Past(*was, until=as_of, reason=RESTATED)
    reason = LISTED_AGAIN if now.customer == was.customer else LISTED_FOR_ANOTHER
    return Past(*was, until=midnight(now.since, zone), reason=reason)


def believed(
    rows: Iterable[tuple[int, Past]], holding: Holding | None, zone: ZoneInfo
) -> list[tuple[int, Past]]:
    """
    Return those of the recorded rows (version, row) that still hold, in order of time, and never two at one instant.

    A later version has the last word: who is listed since `d` leaves nothing of what was recorded from `d` on.
    """
    starts = [midnight(holding.since, zone)] if holding else []
    ends = [datetime.max.replace(tzinfo=UTC)] if holding else []
    kept: list[tuple[int, Past]] = []
    for version, row in sorted(rows, key=lambda each: (-each[0], each[1].since, each[1].until)):
        start = midnight(row.since, zone)
        cuts = [other for other, end in zip(starts, ends, strict=True) if other < row.until and end > start]
        until = min([row.until, *cuts])
        if row.reason == RESTATED or until <= start:
            continue
        starts.append(start)
        ends.append(until)
        kept.append((version, row._replace(until=until)))
    return sorted(kept, key=lambda each: each[1].until)


def believed_at(
    instant: datetime, holding: Holding | None, past: Sequence[Past], zone: ZoneInfo
) -> Holding | None:
    """Tell who had the number at an instant, by what is believed now."""
    for row in past:
        if midnight(row.since, zone) <= instant < row.until:
            return Holding(row.customer, row.since)
    return holding if holding and midnight(holding.since, zone) <= instant else None
