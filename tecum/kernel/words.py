"""Times, spans and amounts in the words that people read. Time is never bare: zone and offset come with it."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

#: The names under which people know the zones of the United States and Canada; any other is called by its own key.
ZONE_NAMES = {
    "America/New_York": "Eastern",
    "America/Toronto": "Eastern",
    "America/Detroit": "Eastern",
    "America/Chicago": "Central",
    "America/Winnipeg": "Central",
    "America/Denver": "Mountain",
    "America/Edmonton": "Mountain",
    "America/Phoenix": "Mountain Standard",
    "America/Los_Angeles": "Pacific",
    "America/Vancouver": "Pacific",
    "America/Anchorage": "Alaska",
    "America/Halifax": "Atlantic",
    "America/Puerto_Rico": "Atlantic Standard",
    "America/St_Johns": "Newfoundland",
    "Pacific/Honolulu": "Hawaii",
}
MINUS = "\N{MINUS SIGN}"
SOON = timedelta(hours=4)
DAY = timedelta(days=1)


class Style(StrEnum):
    """How much of an instant is written out; the zone is in every one."""

    FULL = "full"  # Tue 8 Sep 2026, 1:52 p.m. EDT (UTC−04:00)
    SECONDS = "seconds"  # Tue 8 Sep 2026, 1:52:08 p.m. EDT (UTC−04:00)
    SHORT = "short"  # Tue 8 Sep, 1:52 p.m. EDT
    CLOCK = "clock"  # 1:52 p.m. EDT
    STAMP = "stamp"  # 1:52:08 p.m. EDT


class Urgency(StrEnum):
    """How near a due time is; each has a shape of its own on the page, not only a colour."""

    OVER = "over"
    HOURS = "hours"
    DAY = "day"
    DAYS = "days"


def moment(at: datetime, zone: tzinfo, style: Style = Style.FULL) -> str:
    """Write an instant out in its zone, with the zone's short name and, where there is room, its offset."""
    local = at.astimezone(zone)
    seconds = style in (Style.SECONDS, Style.STAMP)
    text = f"{_clock(local, seconds=seconds)} {_short_zone(local)}"
    if style in (Style.CLOCK, Style.STAMP):
        return text
    if style is Style.SHORT:
        return f"{local:%a} {local.day} {local:%b}, {text}"
    return f"{local:%a} {day(local)}, {text} ({offset(local)})"


def utc(at: datetime, *, seconds: bool = False) -> str:
    """Write an instant out in UTC: `2026-09-08 17:52 UTC`."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC" if seconds else "%Y-%m-%d %H:%M UTC")


def day(value: date) -> str:
    """Write a calendar day out without the ambiguity of 6/1/22: `1 Jun 2022`."""
    return f"{value.day} {value:%b %Y}"


def offset(local: datetime) -> str:
    """Write the offset of a local time out: `UTC−04:00`."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    sign = MINUS if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def zone_name(zone: ZoneInfo) -> str:
    """Name a zone as people do: `Eastern time`."""
    if zone.key == "UTC":
        return "UTC"
    return f"{ZONE_NAMES.get(zone.key, zone.key.replace('_', ' '))} time"


def span(length: timedelta) -> str:
    """Write a length of time out in its two largest units: `10 h 8 min`, `1 d 3 h`, `3 d`."""
    minutes = abs(int(length.total_seconds())) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days > 2:
        return f"{days:,} d"
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{minutes} min" if minutes else "less than a minute"


def distance(at: datetime, now: datetime) -> str:
    """Say how far an instant lies from now: `in 10 h 8 min`, `6 min ago`."""
    return f"in {span(at - now)}" if at > now else f"{span(now - at)} ago"


def remaining(at: datetime, now: datetime) -> str:
    """Say how a due time stands: `in 3 h 12 min`, `1 h 22 min over`."""
    return f"in {span(at - now)}" if at > now else f"{span(now - at)} over"


def urgency(at: datetime, now: datetime) -> Urgency:
    """Judge how near a due time is: over, within four hours, within a day, later."""
    if at <= now:
        return Urgency.OVER
    left = at - now
    return Urgency.HOURS if left < SOON else Urgency.DAY if left < DAY else Urgency.DAYS


def count(number: int, one: str, many: str = "") -> str:
    """Count things in words: `1 line`, `3 lines`, `1,284 entries`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _clock(local: datetime, *, seconds: bool) -> str:
    hour = local.hour % 12 or 12
    tail = f":{local:%S}" if seconds else ""
    return f"{hour}:{local:%M}{tail} {'a.m.' if local.hour < 12 else 'p.m.'}"


def _short_zone(local: datetime) -> str:
    name = local.tzname() or ""
    return name if name.isalpha() else offset(local)
