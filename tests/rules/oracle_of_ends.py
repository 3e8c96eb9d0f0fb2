"""
A second answer to "when does this order end, and when is it cut", written apart from the product and by brute force.

It shares nothing with `tecum.guide.calculators`: days are found by walking hour by hour and asking the zone for the date,
the last staffed moment by walking back minute by minute, holidays are a list typed from the calendar.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OFF_IN = {
    "2024": "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25",
    "2025": "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
    "2026": "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25",
    "2027": "01-01 01-18 02-15",
}
OFF = {date.fromisoformat(f"{year}-{day}") for year, days in OFF_IN.items() for day in days.split()}
LONGEST = {"title_iii": 30, "pen_register": 60, "trap_and_trace": 60}


def day_of(at: datetime) -> date:
    return at.astimezone(NEW_YORK).date()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


def after_days(start: datetime, days: int, *, first_counts: bool) -> datetime:
    """Walk hour by hour until so many local days have been used up; the hour that begins the next one is the end."""
    at = start.astimezone(UTC).replace(minute=0, second=0)
    seen: list[date] = []
    while True:
        today = day_of(at)
        if today not in seen:
            if len(seen) == days + (0 if first_counts else 1):
                return at
            seen.append(today)
        at += HOUR


def after_exactly(start: datetime, days: int) -> datetime:
    """The earlier of "so many times 24 hours" and "the same time by the clock"."""
    passed = start.astimezone(UTC) + HOUR * 24 * days
    wall = start.astimezone(NEW_YORK).replace(tzinfo=None) + timedelta(days=days)
    by_clock = wall.replace(tzinfo=NEW_YORK).astimezone(UTC)
    return passed if passed < by_clock else by_clock


def ends_of(start: datetime, days: int, *, timed: bool) -> list[datetime]:
    found = [after_days(start, days, first_counts=True), after_days(start, days, first_counts=False)]
    return [*found, after_exactly(start, days)] if timed else found


def earliest(
    *,
    ordered: str,
    begun: str | None,
    collected: str | None,
    days: int | None,
    kind: str,
    words: str,
    own: str | None,
) -> datetime:
    """Return the earliest end that the order's words leave, by trying them all."""
    tenth = local((datetime.fromisoformat(ordered) + timedelta(days=10)).isoformat())
    lawful = min([*(local(each) for each in (begun, collected) if each), tenth])
    known: dict[str, datetime | None] = {
        "order": local(ordered),
        "implementation": local(begun) if begun else None,
        "collection": local(collected) if collected else None,
        "earlier_of_interception_and_ten_days": lawful,
    }
    dated = {known["order"], tenth} if "T" not in ordered else set()
    starts = [at for name, at in known.items() if at is not None and words in {"", name}]
    return min(
        limit
        for start in starts
        for limit in [
            *_limits(start, days, LONGEST[kind], timed=start not in dated),
            *(_limits(lawful, None, LONGEST[kind], timed=True) if kind == "title_iii" else []),
            *([_own(own)] if own else []),
        ]
    )


def _limits(start: datetime, days: int | None, longest: int, *, timed: bool) -> list[datetime]:
    return [end for count in (days, longest) if count for end in ends_of(start, count, timed=timed)]


def _own(own: str) -> datetime:
    return local(own) if "T" in own else after_days(local(own), 1, first_counts=True)


def on_duty(at: datetime) -> bool:
    here = at.astimezone(NEW_YORK)
    return here.weekday() < 5 and here.date() not in OFF and 8 <= here.hour < 23


def last_moment(end: datetime, begin: datetime) -> datetime:
    """Walk back minute by minute to the last moment until which somebody was on duty; without one, the end itself."""
    if on_duty(end):
        return end
    at = end
    while at > begin:
        if on_duty(at - MINUTE):
            return at
        at -= MINUTE
    return end
