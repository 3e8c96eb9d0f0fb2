"""
What of a period the store can answer for: five-minute slots in which at least one call began, one bit each.

A silence longer than the guide's `quiet` is *uncovered*: nothing was delivered for it, or everything was lost. What was purged is
*expired*, what lies after the question *not_yet*. So a report never says "no calls" where it should say "no records".
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

from tecum.kernel.periods import Period

SLOT = timedelta(minutes=5)
SLOTS = 288
State = Literal["covered", "uncovered", "expired", "not_yet"]


class Stretch(NamedTuple):
    """A part of the period asked for, in one state."""

    period: Period
    state: State


def merged(one: str, other: str) -> str:
    """Join the slots of two deliveries of a day; hexadecimal, empty for none."""
    return f"{int(one or '0', 16) | int(other or '0', 16):072x}"


def bits(slots: Iterable[int]) -> str:
    """Write slots (0 to 287) as hexadecimal."""
    found = 0
    for slot in slots:
        found |= 1 << slot
    return f"{found:072x}"


def heard(day: date, slots: str) -> Iterable[Period]:
    """Yield the slots of a day in which a call began."""
    mask = int(slots or "0", 16)
    start = datetime.combine(day, time(), UTC)
    for slot in range(SLOTS):
        if mask >> slot & 1:
            yield Period(start + slot * SLOT, start + (slot + 1) * SLOT)


def covered(days: Mapping[date, str], quiet: timedelta) -> list[Period]:
    """Return the stretches without a silence longer than `quiet`."""
    found: list[Period] = []
    for day in sorted(days):
        for slot in heard(day, days[day]):
            if found and slot.start - found[-1].end <= quiet:
                found[-1] = Period(found[-1].start, slot.end)
            else:
                found.append(slot)
    return found


def pieces(
    asked: Period, *, days: Mapping[date, str], expired: Iterable[Period], quiet: timedelta, now: datetime
) -> tuple[Stretch, ...]:
    """Cut the period asked for into stretches, in order; `days` holds the slots of days not purged."""
    gone = [part for one in expired if (part := one.intersection(asked))]
    found = [Stretch(part, "expired") for part in _joined(gone)]
    for left in asked.minus(gone):
        have = [part for one in covered(days, quiet) if (part := one.intersection(left))]
        found += [Stretch(part, "covered") for part in have]
        for hole in left.minus(have):
            found += _hole(hole, now)
    return tuple(sorted(found))


def _hole(hole: Period, now: datetime) -> Iterable[Stretch]:
    before = hole.intersection(Period(min(hole.start, now), now)) if now > hole.start else None
    if before:
        yield Stretch(before, "uncovered")
    if hole.end > now:
        yield Stretch(Period(max(hole.start, now), hole.end), "not_yet")


def _joined(periods: Iterable[Period]) -> list[Period]:
    found: list[Period] = []
    for one in sorted(periods):
        if found and one.start <= found[-1].end:
            found[-1] = Period(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found
