"""The small values that a guide writes as text: spans of time, hours of a week, zones, holiday jurisdictions."""

import calendar as months
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from tecum.kernel import business
from tecum.kernel.business import BusinessCalendar, Shift
from tecum.kernel.periods import after


class Unit(StrEnum):
    """A unit of time. Minutes and hours pass really; days and longer are counted on a local calendar."""

    MINUTE = "minute"
    HOUR = "hour"
    BUSINESS_HOUR = "business hour"
    DAY = "day"
    BUSINESS_DAY = "business day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_SPAN = re.compile(r"^\s*(\d+)\s*(?:(?:-|–|—|to)\s*(\d+)\s*)?([a-z ]+?)\s*$", re.I)
_TWO = re.compile(r"^\s*(\d+)\s*([a-z ]+?)\s*(?:-|–|—|\bto\b)\s*(\d+)\s*([a-z ]+?)\s*$", re.I)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EARLIEST, LATEST = date(1900, 1, 1), date(9000, 1, 1)  # beyond them dates are not counted but clipped
LONGEST = 100_000
SHORT = {
    "min": "minute", "h": "hour", "hr": "hour", "d": "day", "calendar day": "day", "working day": "business day",
    "wk": "week", "mo": "month", "yr": "year",
}  # fmt: skip
# Units that are a fixed number of a smaller one; hours and days are not, because a local day may have 23 or 25.
_OF = {
    Unit.HOUR: (60, Unit.MINUTE), Unit.WEEK: (7, Unit.DAY), Unit.YEAR: (12, Unit.MONTH),
}  # fmt: skip
_ELAPSED = {Unit.MINUTE: timedelta(minutes=1), Unit.HOUR: timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as a guide says it: `30 days`, `3-5 business days` (low and high), `15 minutes`."""

    low: int
    high: int
    unit: Unit

    def __str__(self) -> str:
        number = str(self.low) if self.low == self.high else f"{self.low}-{self.high}"
        return f"{number} {self.unit}{'' if self.high == 1 else 's'}"

    @property
    def exact(self) -> bool:
        """Tell whether it is one length and no range."""
        return self.low == self.high

    @property
    def elapsed(self) -> timedelta:
        """
        Return the high end as time that really passes (days as 24 hours).

        :raises ValueError: for months, years and business units, which have no fixed length
        """
        if self.unit in _ELAPSED:
            return _ELAPSED[self.unit] * self.high
        if self.unit in {Unit.DAY, Unit.WEEK}:
            return timedelta(days=self.high * (7 if self.unit is Unit.WEEK else 1))
        raise ValueError(f"'{self}' has no fixed length.")


def parse_span(text: str) -> Span:
    """
    Read `30 days`, `3-5 business days`, `72 hours`, `18 months`, `1 year`, and a range of two units where one is a fixed
    number of the other: `90 minutes to 2 hours`, `10 days - 2 weeks`, `18 months to 2 years`.

    :raises ValueError: for anything else
    """
    two = _TWO.match(text)
    match = _SPAN.match(text)
    if two is not None and match is None:
        low, high, unit = _common(int(two[1]), _unit(two[2]), int(two[3]), _unit(two[4]))
    elif match is not None:
        low, high, unit = int(match[1]), int(match[2] or match[1]), _unit(match[3])
    else:
        raise ValueError("a length of time such as '30 days' or '3-5 business days'")
    if high > LONGEST:
        raise ValueError(f"a number up to {LONGEST:,}")
    if high < low:
        raise ValueError("a range whose first number is the smaller one")
    return Span(low, high, unit)


def _unit(text: str) -> Unit:
    word = " ".join(text.lower().split()).removesuffix("s")
    try:
        return Unit(SHORT.get(word, word))
    except ValueError:
        raise ValueError(f"a unit of time: {', '.join(f'{u}s' for u in Unit)}") from None


def _common(low: int, first: Unit, high: int, second: Unit) -> tuple[int, int, Unit]:
    """Return both ends of a range in one unit."""
    for count, unit in ((low, first), (high, second)):
        if _OF.get(unit, (0, unit))[1] in {first, second} and first is not second and unit in _OF:
            times, smaller = _OF[unit]
            return (count * times, high, smaller) if unit is first else (low, count * times, smaller)
    if first is second:
        return low, high, first
    raise ValueError(
        f"a range in one unit, because {first}s and {second}s are not counted alike: write '{low}-… {first}s'"
    )


def add(day: date, count: int, unit: Unit) -> date:
    """Return a local date so many days, weeks, months or years later (negative: earlier), clipped to the month's end."""
    if unit in {Unit.DAY, Unit.WEEK}:
        days = count * (7 if unit is Unit.WEEK else 1)
        return day + timedelta(days=max((EARLIEST - day).days, min(days, (LATEST - day).days)))
    total = day.year * 12 + day.month - 1 + count * (12 if unit is Unit.YEAR else 1)
    year, month = divmod(total, 12)
    if not EARLIEST.year <= year < LATEST.year:
        return EARLIEST if count < 0 else LATEST
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def shift(instant: datetime, count: int, unit: Unit, calendar: BusinessCalendar) -> datetime:
    """
    Return the instant so much later (negative: earlier).

    Minutes and hours really pass; days and longer keep the wall-clock time of the calendar's zone; business days
    keep it too and land on a business day; business hours pass only while the calendar is staffed.
    """
    if unit in _ELAPSED:
        return after(instant, _ELAPSED[unit] * count)
    if unit is Unit.BUSINESS_HOUR:
        return business.staffed_after(calendar, instant, timedelta(hours=count))
    local = instant.astimezone(calendar.tz)
    if unit is Unit.BUSINESS_DAY:
        day = business.add_business_days(calendar, local.date(), count)
    else:
        day = add(local.date(), count, unit)
    return datetime.combine(day, local.time(), calendar.tz)


@dataclass(frozen=True, slots=True)
class Hours:
    """Staffed hours as a guide says them: `Mon-Fri 08:00-20:00`, `Sat 22:00-02:00`, `always`."""

    text: str
    shifts: tuple[Shift, ...]


def parse_hours(text: str) -> Hours:
    """
    Read one line of hours; an end before its start runs into the next day.

    :raises ValueError: for anything else
    """
    words = text.strip().lower()
    if words in {"always", "24x7", "24/7"}:
        return Hours(text, tuple(Shift(day, 0, business.MINUTES_OF_A_DAY) for day in range(7)))
    match = re.match(r"^(.+?)\s+(\d{1,2}:\d{2})\s*(?:-|–|to)\s*(\d{1,2}:\d{2})$", words)
    if match is None:
        raise ValueError("hours such as 'Mon-Fri 08:00-20:00' or 'always'")
    opens, closes = _minutes(match.group(2)), _minutes(match.group(3))
    shifts: list[Shift] = []
    for day in parse_days(match.group(1)):
        if opens < closes:
            shifts.append(Shift(day, opens, closes))
        else:
            shifts += [Shift(day, opens, business.MINUTES_OF_A_DAY), Shift((day + 1) % 7, 0, closes)]
    return Hours(text, tuple(s for s in shifts if s.opens < s.closes))


def parse_days(text: str) -> tuple[int, ...]:
    """
    Read `Mon-Fri`, `Sat`, `Mon, Wed-Fri`, `daily` into weekdays (0 is Monday).

    :raises ValueError: for anything else
    """
    if text.strip().lower() in {"daily", "every day", "all"}:
        return tuple(range(7))
    days: list[int] = []
    for part in re.split(r"[,\s]+", text.strip().lower()):
        first, _, last = part.partition("-")
        start, end = _weekday(first), _weekday(last or first)
        days += [(start + i) % 7 for i in range((end - start) % 7 + 1)]
    return tuple(dict.fromkeys(days))


def _weekday(word: str) -> int:
    if word[:3] not in _DAYS:
        raise ValueError("weekdays such as 'Mon-Fri', 'Sat' or 'Mon, Wed'")
    return _DAYS.index(word[:3])


def _minutes(clock: str) -> int:
    hour, minute = (int(part) for part in clock.split(":"))
    if minute > 59 or hour * 60 + minute > business.MINUTES_OF_A_DAY:
        raise ValueError("clock times between 00:00 and 24:00")
    return hour * 60 + minute


class Zone(str):
    """The name of a time zone in the tz database."""

    __slots__ = ()

    @property
    def tz(self) -> ZoneInfo:
        """Return the zone itself."""
        return ZoneInfo(self)


def parse_zone(text: str) -> Zone:
    """Read a zone's name. :raises ValueError: when the tz database has none of that name"""
    if not business.known_zone(text):
        raise ValueError("a time zone such as 'America/New_York'")
    return Zone(text)


class Jurisdiction(str):
    """A country (`US`) or a part of it (`US-NY`) whose holidays are known."""

    __slots__ = ()


def parse_jurisdiction(text: str) -> Jurisdiction:
    """Read a jurisdiction's code. :raises ValueError: when no holidays are known for it"""
    if not business.known_jurisdiction(text):
        raise ValueError(
            "a country or part of one whose holidays are known, such as 'US', 'US-NY' or 'CA-ON'"
        )
    return Jurisdiction(text)


class Number(Decimal):
    """An amount or a count that may have decimals."""


def parse_number(value: object) -> Number:
    """Read 1500, 12.50 or "1,500.00"; a comma parts thousands alone. :raises ValueError: for anything else"""
    text = str(value).strip().removeprefix("$").strip()
    if isinstance(value, bool) or not re.fullmatch(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", text):
        raise ValueError("a number such as 1500 or 12.50")
    return Number(text.replace(",", ""))


def instant(value: date | datetime, zone: str) -> datetime:
    """Return the instant of a date (its local midnight) or of a date and time (local unless it says its offset)."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), ZoneInfo(zone))
    return value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))
