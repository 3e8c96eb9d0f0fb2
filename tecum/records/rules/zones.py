"""What a local time without an offset means: the stretches of one zone, with the hours that happen twice or never."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

TWICE, NEVER = "twice", "never"


class Stretch(NamedTuple):
    """Local times from `start` up to, and without, `end`: so many minutes ahead of UTC, or a fault instead."""

    start: datetime
    end: datetime
    offset: int
    fault: str = ""


def stretches(zone: ZoneInfo, first: datetime, last: datetime, *, repeated: str) -> list[Stretch]:
    """
    Return the stretches that cover the naive local times from `first` to `last`.

    `repeated` is the guide's word for a time that happens twice: reject, first or second.
    """
    begin, end = first - timedelta(days=2), last + timedelta(days=2)
    found: list[Stretch] = []
    since, at = begin, begin.replace(tzinfo=UTC)
    offset = _offset(zone, at)
    while at < end.replace(tzinfo=UTC):
        after = at + timedelta(days=1)
        if _offset(zone, after) != offset:
            change = _change(zone, at, after)
            new = _offset(zone, change)
            local = change.replace(tzinfo=None)
            low, high = sorted((local + timedelta(minutes=offset), local + timedelta(minutes=new)))
            found.append(Stretch(since, low, offset))
            found.append(_between(low, high, offset, new, repeated))
            since, offset = high, new
        at = after
    found.append(Stretch(since, end + timedelta(days=2), offset))
    return found


def _between(low: datetime, high: datetime, before: int, after: int, repeated: str) -> Stretch:
    if after > before:  # the clock jumped over it
        return Stretch(low, high, after, NEVER)
    if repeated == "reject":
        return Stretch(low, high, before, TWICE)
    return Stretch(low, high, before if repeated == "first" else after)


def _offset(zone: ZoneInfo, at: datetime) -> int:
    ahead = at.astimezone(zone).utcoffset() or timedelta()
    return round(ahead.total_seconds() / 60)


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the first instant of the new offset, to the second."""
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle <= low:
            break
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high
