"""When the trail is to be checked, and what a check is called."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tecum.assurance.states import CheckState

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
