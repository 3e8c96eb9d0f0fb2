"""Who is on call when, and when nobody is. All of it in UTC: a DST night has its real length."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tecum.kernel.periods import Period
from tecum.oncall.states import ShiftKind


@dataclass(frozen=True, slots=True)
class ShiftView:
    """One person on call for one period; `name` is empty where nobody asked for names."""

    id: str
    person: str
    period: Period
    kind: ShiftKind
    place: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """A person who is on call at a moment, and until when; `place` 1 is paged first."""

    person: str
    name: str
    since: datetime
    until: datetime
    place: int
    covers: bool


def effective(shifts: Iterable[ShiftView]) -> list[ShiftView]:
    """Return what the shifts come to: a cover takes the time it covers from ordinary shifts of its place."""
    every = list(shifts)
    covers = [each for each in every if each.kind is ShiftKind.COVER]
    found = list(covers)
    for each in every:
        if each.kind is ShiftKind.ORDINARY:
            taken = [cover.period for cover in covers if cover.place == each.place]
            found += [replace(each, period=part) for part in each.period.minus(taken)]
    return sorted(found, key=lambda each: (each.period.start, each.place, each.name, each.id))


def on_duty(shifts: Iterable[ShiftView], at: datetime) -> tuple[Duty, ...]:
    """Return who is on call at an instant, each person once, who is paged first first."""
    found: dict[str, Duty] = {}
    held = [each for each in effective(shifts) if at in each.period]
    for each in sorted(held, key=lambda one: (one.place, one.period.start, one.id)):
        found.setdefault(
            each.person,
            Duty(
                each.person,
                each.name,
                each.period.start,
                each.period.end,
                each.place,
                each.kind is ShiftKind.COVER,
            ),
        )
    return tuple(found.values())


def gaps(shifts: Iterable[ShiftView], within: Period) -> tuple[Period, ...]:
    """Return the times at which nobody is on call."""
    return within.minus(each.period for each in effective(shifts))


def wall(day: date, at: time, zone: ZoneInfo) -> datetime:
    """
    Return the instant at which clocks of a zone show a time of a day.

    An hour that comes twice means its first time; one that is left out means the same distance after midnight, as
    clocks that were put forward show it.
    """
    return datetime.combine(day, at, zone)


def rotation(
    people: Sequence[str], *, first: date, at: time, days: int, turns: int, zone: ZoneInfo
) -> list[tuple[str, Period]]:
    """Return so many shifts of so many days, the people taking turns; hand-overs are at one time of the wall clock."""
    starts = [wall(first + timedelta(days=days * turn), at, zone) for turn in range(turns + 1)]
    pairs = zip(starts, starts[1:], strict=False)
    return [(people[turn % len(people)], Period(*pair)) for turn, pair in enumerate(pairs)]
