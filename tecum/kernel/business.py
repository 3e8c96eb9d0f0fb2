"""Business time: when a desk is staffed, which days count, by zone and by the holidays of a jurisdiction."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from tecum.kernel.periods import Period
from tecum.kernel.refusals import Refused

MINUTES_OF_A_DAY = 24 * 60
LOOK_AHEAD_DAYS = 400  # a calendar that is closed for more than a year is treated as never staffed
WEEKDAYS = frozenset({0, 1, 2, 3, 4})


class NeverStaffed(Refused):
    """The calendar has no staffed moment within the horizon."""


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """Staffed time on one weekday (0 is Monday), in minutes from local midnight; `closes` may be 1440."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """Hours on one date that replace the week's; `opens == closes` is closed all day."""

    day: date
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """
    A week of shifts in a zone, with the holidays of jurisdictions (`US`, `US-NY`, `CA-ON`) and special days.

    `business_week` holds the weekdays that count as business days, unless they are holidays or closed.
    """

    zone: str
    shifts: tuple[Shift, ...]
    jurisdictions: tuple[str, ...] = ()
    special: tuple[SpecialDay, ...] = ()
    business_week: frozenset[int] = WEEKDAYS

    @property
    def tz(self) -> ZoneInfo:
        """Return the zone of the calendar."""
        return ZoneInfo(self.zone)

    @property
    def always(self) -> bool:
        """Tell whether the calendar is staffed at every moment."""
        whole_days = {s.weekday for s in self.shifts if s.opens == 0 and s.closes == MINUTES_OF_A_DAY}
        return len(whole_days) == 7 and not self.jurisdictions and not self.special


def known_zone(name: str) -> bool:
    """Tell whether the time-zone database has this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=256)
def _holidays(jurisdiction: str) -> holidays.HolidayBase:
    country, _, part = jurisdiction.partition("-")
    return holidays.country_holidays(country, subdiv=part or None)


def known_jurisdiction(code: str) -> bool:
    """Tell whether holidays are known for a country (`US`) or a part of it (`US-NY`)."""
    try:
        _holidays(code)
    except (NotImplementedError, KeyError, AttributeError):
        return False
    return True


def holiday(calendar: BusinessCalendar, day: date) -> str:
    """Return the name of the holiday on a day, or an empty text."""
    for code in calendar.jurisdictions:
        name = _holidays(code).get(day)
        if name:
            return str(name)
    return ""


def staffed_periods(calendar: BusinessCalendar, day: date) -> tuple[Period, ...]:
    """Return the staffed periods of one local day, in order."""
    special = [(s.opens, s.closes) for s in calendar.special if s.day == day]
    if special:
        hours = [(opens, closes) for opens, closes in special if opens < closes]
    elif holiday(calendar, day):
        return ()
    else:
        hours = [(s.opens, s.closes) for s in calendar.shifts if s.weekday == day.weekday()]
    return tuple(
        Period(_at(calendar, day, opens), _at(calendar, day, closes)) for opens, closes in sorted(hours)
    )


def is_staffed(calendar: BusinessCalendar, at: datetime) -> bool:
    """Tell whether somebody is on duty at an instant."""
    return any(at in period for period in staffed_periods(calendar, _local(calendar, at)))


def next_staffed(calendar: BusinessCalendar, at: datetime) -> datetime:
    """
    Return the instant itself when it is staffed, else the start of the next shift.

    :raises NeverStaffed: when there is none
    """
    for period in _forward(calendar, _local(calendar, at)):
        if at < period.end:
            return max(at.astimezone(UTC), period.start).astimezone(calendar.tz)
    raise NeverStaffed("This calendar has no staffed moment.")


def closes_next(calendar: BusinessCalendar, at: datetime) -> datetime:
    """Return when the shift that covers the instant, or the next one, ends."""
    start = next_staffed(calendar, at)
    for period in _forward(calendar, _local(calendar, start)):
        if start in period:
            return period.end.astimezone(calendar.tz)
    raise NeverStaffed("This calendar has no staffed moment.")


def last_staffed_before(calendar: BusinessCalendar, at: datetime) -> datetime:
    """
    Return the latest instant, not after the given one, until which somebody was on duty.

    That is the instant itself within a shift or at its end, else the end of the last shift before it.
    :raises NeverStaffed: when there is none
    """
    day = _local(calendar, at)
    for back in range(LOOK_AHEAD_DAYS):
        for period in reversed(staffed_periods(calendar, day - timedelta(days=back))):
            if period.start < at:
                return min(at.astimezone(UTC), period.end).astimezone(calendar.tz)
    raise NeverStaffed("This calendar has no staffed moment.")


def is_business_day(calendar: BusinessCalendar, day: date) -> bool:
    """Tell whether a local day counts as a business day."""
    closed = any(s.day == day and s.opens == s.closes for s in calendar.special)
    return day.weekday() in calendar.business_week and not holiday(calendar, day) and not closed


def add_business_days(calendar: BusinessCalendar, day: date, count: int) -> date:
    """
    Return the business day that lies so many business days after (or, negative, before) a day.

    The day itself is never counted; zero gives the day itself, or the next business day.
    """
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    horizon = LOOK_AHEAD_DAYS + left * 10
    for _ in range(horizon):
        if left == 0 and is_business_day(calendar, day):
            return day
        day += step
        if left and is_business_day(calendar, day):
            left -= 1
    raise NeverStaffed("This calendar has no business day.")


def end_of_business(calendar: BusinessCalendar, day: date) -> datetime:
    """Return the end of the last shift of a local day, or its midnight when there is no shift."""
    periods = staffed_periods(calendar, day)
    return periods[-1].end.astimezone(calendar.tz) if periods else _at(calendar, day, MINUTES_OF_A_DAY)


def midnight(zone: str, day: date) -> datetime:
    """Return the first instant of a local day."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def business_days_between(calendar: BusinessCalendar, first: date, last: date) -> int:
    """Return how many business days lie after one local day, up to another and with it."""
    days = (first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))
    return sum(is_business_day(calendar, day) for day in days)


def staffed_between(calendar: BusinessCalendar, start: datetime, end: datetime) -> timedelta:
    """Return how long somebody was on duty between two instants."""
    total = timedelta()
    day = _local(calendar, start) - timedelta(days=1)
    while day <= _local(calendar, end):
        for period in staffed_periods(calendar, day):
            first, last = max(start.astimezone(UTC), period.start), min(end.astimezone(UTC), period.end)
            total += max(last.astimezone(UTC) - first.astimezone(UTC), timedelta())
        day += timedelta(days=1)
    return total


def staffed_after(calendar: BusinessCalendar, at: datetime, left: timedelta) -> datetime:
    """Return the instant at which somebody was on duty for so long after another one."""
    at = next_staffed(calendar, at)
    while True:
        end = closes_next(calendar, at)
        reached = (at.astimezone(UTC) + left).astimezone(calendar.tz)
        if reached <= end:
            return reached
        left -= end.astimezone(UTC) - at.astimezone(UTC)
        at = next_staffed(calendar, end)


def _forward(calendar: BusinessCalendar, day: date) -> Iterator[Period]:
    for ahead in range(-1, LOOK_AHEAD_DAYS):
        yield from staffed_periods(calendar, day + timedelta(days=ahead))


def _local(calendar: BusinessCalendar, at: datetime) -> date:
    return at.astimezone(calendar.tz).date()


def _at(calendar: BusinessCalendar, day: date, minutes: int) -> datetime:
    extra, minute = divmod(minutes, MINUTES_OF_A_DAY)
    wall = datetime.combine(day + timedelta(days=extra), time(minute // 60, minute % 60), calendar.tz)
    return wall.astimezone(UTC).astimezone(calendar.tz)
