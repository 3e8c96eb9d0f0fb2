"""When the trail is to be checked, what a check is called, and what the watcher holds to be true at every moment."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tecum.assurance.states import CheckState, FindingState

GOOD = ("good", "unanchored")  # the end may be too young to be kept outside


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check of the trail; what it found only once it is done."""

    id: str
    state: CheckState
    nightly: bool
    asked_at: datetime
    began_at: datetime | None
    finished_at: datetime | None
    checked: int
    entries_then: int
    verdict: str
    entries: int
    anchored: int
    root: str
    sealed: int
    destroyed: int
    findings: tuple[tuple[str, str, str], ...]
    more: int

    @property
    def share(self) -> int:
        """Return how much of it is done, in percent."""
        return min(99, 100 * self.checked // self.entries_then) if self.entries_then else 0

    @property
    def good(self) -> bool:
        """Tell whether nothing was altered and nothing is missing."""
        return self.verdict in GOOD


def last_night(now: datetime, *, hour: int, zone: ZoneInfo) -> datetime:
    """Return the last instant, in UTC, at which the carrier's clock showed this hour; a night without that hour takes the next."""
    day = now.astimezone(zone).date()
    while True:
        instant = datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)
        if instant <= now:
            return instant
        day -= timedelta(days=1)


#: What must hold at every moment, in words for who is woken by it (assurance: invariants).
INVARIANTS: dict[str, str] = {
    "I1": "No surveillance is desired on after its authorised end; what is seen on after it is an open overrun.",
    "I2": "Every active surveillance has an accepted authority and two approvers; an emergency also its call back and its cut.",
    "I3": "Every active surveillance has exactly one armed deadline of its end.",
    "I4": "Every switch's own list was read within a minute, or an open difference says that it was not.",
    "I5": "Every produced row lies inside an approved scope.",
    "I6": "Every message received is in exactly one class, or still queued.",
    "I7": "Nobody was answered more than the guide's look-up limit in the guide's window.",
    "I8": "Everything recorded has its place in the trail, signed in time, and none of it is gone.",
    "I9": "No notice lies past its next attempt by more than the longest pause.",
    "I10": "Every billable fact is invoiced, waived, free or unbilled: once, and on its own invoice.",
    "I11": "Nobody is signed in whose person, agency or customer is not in good standing.",
    "I12": "No key of an expired retention epoch is left.",
    "I13": "Every revealed answer has a disclosure record that names the consent it rested on.",
    "PAGED": "Of every finding that cannot wait for the morning somebody on call is paged within a minute.",
    "JOBS": "Every lane of the jobs gave a sign of life in the last five minutes.",
    "ASKED": "Every invariant could be asked.",
}

#: What cannot wait for the morning: what is done to a person now is not what was ordered, or nobody would see that it is not.
WAKING = frozenset({"I1", "I2", "I3", "I4"})
WAKING_LANES = frozenset({"terminate", "switches", "switch-watch", "oncall", "pages"})
SILENCE = "watch:"


def wakes(invariant: str, about: str) -> bool:
    """Tell whether a finding pages whoever is on call, besides the mail to whoever watches over the invariants."""
    return invariant in WAKING or (invariant == "JOBS" and about in WAKING_LANES)


def silence(since: datetime | None) -> str:
    """Return what one silence of the watcher is called, so that it rings once."""
    return f"{SILENCE}{int(since.timestamp()) if since else 0}"


@dataclass(frozen=True, slots=True)
class FindingView:
    """One invariant that does not hold, at one row."""

    id: str
    invariant: str
    about: str
    state: FindingState
    since: datetime
    found_at: datetime
    seen_at: datetime
    told_at: datetime | None
    told: int
    cleared_at: datetime | None
    escalation: str

    @property
    def words(self) -> str:
        """Return what should hold, in words."""
        return INVARIANTS.get(self.invariant, self.invariant)

    def age(self, now: datetime) -> timedelta:
        """Return for how long it has not held."""
        return max(timedelta(0), (self.cleared_at or now) - self.since)


@dataclass(frozen=True, slots=True)
class WatchView:
    """How the watcher stands."""

    began_at: datetime
    looked_at: datetime | None
    whole_at: datetime | None
    took_ms: int
    stopped_at: datetime | None
    stopped_by: str


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of the watcher found."""

    found: int
    opened: int
    cleared: int
    whole: bool


def silent_since(watch: WatchView | None, *, now: datetime, longest: timedelta) -> datetime | None:
    """Return since when nobody looks, where that is longer than allowed; a watcher that never looked counts from its start."""
    if watch is None:
        return None
    last = watch.looked_at or watch.began_at
    return last if now - last >= longest else None
