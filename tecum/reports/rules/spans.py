"""The period of a report: a year, half, quarter or month of the carrier's zone, by its usual name."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from tecum.kernel.periods import Period
from tecum.kernel.refusals import Refused

SPAN = re.compile(r"(\d{4})(?:-(?:(H[12])|(Q[1-4])|(\d{2})))?")
MONTHS = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}


class BadPeriod(Refused):
    """A text that names no period."""


def parse(text: str, zone: ZoneInfo) -> Period:
    """Return the period of `2026`, `2026-H1`, `2026-Q3` or `2026-09`. :raises BadPeriod: for anything else"""
    match = SPAN.fullmatch(text.strip().upper())
    if match is None or not 1990 <= int(match[1]) <= 9000:
        raise BadPeriod(f"'{text.strip()}' is no period: write 2026, 2026-H1, 2026-Q3 or 2026-09.")
    year, half, quarter, month = int(match[1]), match[2], match[3], match[4]
    if month and not 1 <= int(month) <= 12:
        raise BadPeriod(f"'{text.strip()}' names no month.")
    first, length = 1, 12
    if half:
        first, length = 6 * int(half[1]) - 5, 6
    elif quarter:
        first, length = 3 * int(quarter[1]) - 2, 3
    elif month:
        first, length = int(month), 1
    return Period(_midnight(year, first, zone), _midnight(year, first + length, zone))


def label(every: str, day: date) -> str:
    """Return the name of the period of a length that a day lies in."""
    if every == "year":
        return f"{day.year}"
    if every == "half_year":
        return f"{day.year}-H{1 if day.month <= 6 else 2}"
    if every == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return f"{day:%Y-%m}"


def last_over(every: str, now: datetime, zone: ZoneInfo) -> str:
    """Return the name of the last period of a length that is over."""
    today = now.astimezone(zone).date()
    begun = parse(label(every, today), zone).start.astimezone(zone).date()
    return label(every, date.fromordinal(begun.toordinal() - 1))


def months(period: Period, zone: ZoneInfo) -> Iterator[str]:
    """Yield the months of a period, like 2026-09."""
    day = period.start.astimezone(zone).date()
    while _midnight(day.year, day.month, zone) < period.end:
        yield f"{day:%Y-%m}"
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)


def month_of(at: datetime, zone: ZoneInfo) -> str:
    """Return the month an instant lies in."""
    return f"{at.astimezone(zone):%Y-%m}"


def _midnight(year: int, month: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1), time.min, zone)
