"""The picture above the queue: what is due in the next 72 hours, against the hours when the desk is staffed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tecum.demands.queries import QueueLine
from tecum.kernel import words
from tecum.kernel.business import BusinessCalendar, midnight, staffed_periods
from tecum.kernel.periods import Period

WIDTH, HOURS = 1328.0, 72
MIDDLE, STEP, MOST = 40.0, 11.0, 4
LABEL = 110.0  # what the name of a day needs: one nearer to the edge would be cut


@dataclass(frozen=True)
class Dot:
    """One demand at the instant it is due; `owned` fills it."""

    x: float
    y: float
    owned: bool
    label: str
    address: str


@dataclass(frozen=True)
class Strip:
    """The whole picture, in its own units."""

    closed: tuple[tuple[float, float], ...]
    days: tuple[tuple[float, str], ...]
    hours: tuple[tuple[float, str], ...]
    dots: tuple[Dot, ...]
    says: str
    width: float = WIDTH


def strip(lines: Iterable[QueueLine], *, now: datetime, calendar: BusinessCalendar, address: str) -> Strip:
    """Lay the demands that are due within 72 hours out in time; `address` is a case's with `{}` for its id."""
    ahead = [
        line
        for line in lines
        if line.due_at is not None and now <= line.due_at <= now + timedelta(hours=HOURS)
    ]
    taken: dict[int, int] = {}
    dots = []
    for line in sorted(ahead, key=lambda each: (each.due_at or now, each.reference)):
        x = _x(line.due_at or now, now)
        place = int(x // STEP)
        level = taken.get(place, 0)
        taken[place] = level + 1
        if level < MOST:
            y = MIDDLE + (level + 1) // 2 * STEP * (-1 if level % 2 else 1)
            dots.append(Dot(x, y, bool(line.owner), line.reference, address.format(line.case)))
    nobody = sum(1 for line in ahead if not line.owner)
    says = f"{words.count(len(ahead), 'demand')} due within 72 hours; {nobody} without an owner."
    return Strip(_closed(now, calendar), _days(now, calendar), _hours(now, calendar), tuple(dots), says)


def _x(at: datetime, now: datetime) -> float:
    return round(WIDTH * (at - now) / timedelta(hours=HOURS), 1)


def _closed(now: datetime, calendar: BusinessCalendar) -> tuple[tuple[float, float], ...]:
    """Return the stretches in which nobody is at the desk: start and width."""
    shown = Period(now, now + timedelta(hours=HOURS))
    today = now.astimezone(calendar.tz).date()
    staffed = [
        each for count in range(-1, 5) for each in staffed_periods(calendar, today + timedelta(days=count))
    ]
    return tuple(
        (_x(each.start, now), round(_x(each.end, now) - _x(each.start, now), 1))
        for each in shown.minus(staffed)
    )


def _days(now: datetime, calendar: BusinessCalendar) -> tuple[tuple[float, str], ...]:
    today = now.astimezone(calendar.tz).date()
    following = [today + timedelta(days=count) for count in range(1, 4)]
    marks = [
        (_x(midnight(str(calendar.zone), each), now), f"{each:%a} {words.day(each)}") for each in following
    ]
    return tuple(mark for mark in marks if mark[0] < WIDTH - LABEL)


def _hours(now: datetime, calendar: BusinessCalendar) -> tuple[tuple[float, str], ...]:
    first = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    found = []
    for count in range(1, HOURS + 1):
        at = first + timedelta(hours=count)
        hour = at.astimezone(calendar.tz).hour
        if hour and hour % 8 == 0:
            found.append((_x(at, now), f"{hour % 12 or 12} {'p.m.' if hour >= 12 else 'a.m.'}"))
    return tuple(found)
