"""
Who had a number from when to when, out of dated lists (R-109, R-110). Pure.

A list speaks of one instant. Between the last list that told a subscriber and the first that does not, the change happened
at an instant that only a date of the bill can tell; without one the time between stays *unsure*, and is said to be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tecum.kernel.periods import Period
from tecum.records.rules.likeness import fold
from tecum.records.rules.matching import Device, Held
from tecum.records.rules.subscriber_lists import Entry

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """What lists said of a number from `first` on: `seen` is the last list that did, `gone` the first that did not."""

    id: str
    entry: Entry
    first: datetime
    seen: datetime
    gone: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a subscriber's lines within a spell."""

    entry: Entry
    period: Period


@dataclass(frozen=True, slots=True)
class Spell:
    """One subscriber's time with a number; `unsure` are the times in which the lists do not say whose it was."""

    id: str
    account: str
    period: Period
    versions: tuple[Version, ...]
    unsure: tuple[Period, ...]

    def held(self) -> Held:
        """Return the spell as an order is matched with it: the last name and address, every device in its time."""
        last = self.versions[-1].entry
        devices = tuple(
            Device(each.imei, each.imsi, version.period)
            for version in self.versions
            for each in version.entry.devices
        )
        return Held(self.account, last.name, last.address, self.period, devices)


def spells(told: Iterable[Told], zone: ZoneInfo) -> tuple[Spell, ...]:
    """Put what lists said of one number into spells, in order."""
    groups: list[list[Told]] = []
    for each in sorted(told, key=lambda each: each.first):
        if groups and _same(groups[-1][-1], each):
            groups[-1].append(each)
        else:
            groups.append([each])
    found: list[Spell] = []
    for at, group in enumerate(groups):
        following = groups[at + 1][0] if at + 1 < len(groups) else None
        found.append(_spell(group, found[-1] if found else None, following, zone))
    return tuple(found)


def _same(before: Told, after: Told) -> bool:
    """Tell whether two states are one subscriber's: told without a break, under one account (or one name)."""
    if before.gone != after.first:
        return False
    if before.entry.account or after.entry.account:
        return before.entry.account == after.entry.account
    return fold(before.entry.name).text == fold(after.entry.name).text


def _spell(group: Sequence[Told], before: Spell | None, following: Told | None, zone: ZoneInfo) -> Spell:
    start = _start(group[0], before, zone)
    end, later = _end(group[-1], following, zone)
    end = max(end, start)
    unsure = (later,) if later and not later.empty else ()
    marks = [start, *[each.first for each in group[1:]], end]
    versions = tuple(
        Version(each.entry, Period(max(a, start), min(max(a, b), end)))
        for each, a, b in zip(group, marks, marks[1:], strict=False)
        if max(a, start) <= min(max(a, b), end)
    )
    return Spell(group[0].id, group[-1].entry.account, Period(start, end), versions, unsure)


def _start(first: Told, before: Spell | None, zone: ZoneInfo) -> datetime:
    """Return the day that the bill says, where that is before the first list; never before the subscriber before left."""
    since = midnight(first.entry.service_since, zone) if first.entry.service_since else first.first
    start = min(since, first.first)
    return max(start, before.period.end) if before else start


def _end(last: Told, following: Told | None, zone: ZoneInfo) -> tuple[datetime, Period | None]:
    until = midnight(last.entry.service_until, zone) if last.entry.service_until else None
    if last.gone is None:
        return until or FOREVER, None
    if until is not None and until <= last.gone:
        return until, None
    since = following.entry.service_since if following else None
    begun = midnight(since, zone) if since else None
    if begun is not None and last.seen < begun <= last.gone:
        return begun, None
    return last.gone, Period(last.seen, last.gone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a day of the bill begins."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def within(found: Iterable[Spell], period: Period) -> tuple[Spell, ...]:
    """Return the spells that share an instant with a period, each cut to it."""
    cut = []
    for spell in found:
        shared = spell.period.intersection(period)
        if shared is None or shared.empty:
            continue
        versions = tuple(
            Version(each.entry, part)
            for each in spell.versions
            if (part := each.period.intersection(period)) and not part.empty
        )
        unsure = tuple(
            part for each in spell.unsure if (part := each.intersection(period)) and not part.empty
        )
        cut.append(replace(spell, period=shared, versions=versions, unsure=unsure))
    return tuple(cut)
