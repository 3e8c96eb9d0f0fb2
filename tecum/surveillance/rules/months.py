"""When the next month of a surveillance begins, and what it is called, by the guide's way of counting (B12)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tecum.guide.model.guide import Guide
from tecum.guide.values import Unit, add
from tecum.kernel.business import midnight
from tecum.kernel.periods import Period

THIRTY_DAYS = timedelta(days=30)


def next_after(at: datetime, zone: ZoneInfo, *, how: str, first: datetime) -> datetime:
    """
    Return the instant at which the next month begins.

    `calendar`: the first local midnight of the next month; `anniversary`: the same local day and time as the first start;
    `thirty_days`: thirty days of elapsed time after it.
    """
    if how == "thirty_days":
        passed = (at - first) // THIRTY_DAYS
        return first + (passed + 1) * THIRTY_DAYS
    local = at.astimezone(zone)
    if how == "anniversary":
        start = first.astimezone(zone)
        number = (local.year - start.year) * 12 + local.month - start.month
        while (found := _shifted(start, number)) <= at:
            number += 1
        return found
    year, month = divmod(local.year * 12 + local.month, 12)
    return midnight(zone.key, local.date().replace(year=year, month=month + 1, day=1))


def containing(at: datetime, zone: ZoneInfo, *, how: str, first: datetime) -> Period:
    """Return the whole month that an instant lies in; a calendar month also where the surveillance began within it."""
    end = next_after(at, zone, how=how, first=first)
    if how == "thirty_days":
        return Period(end - THIRTY_DAYS, end)
    if how == "calendar":
        return Period(midnight(zone.key, at.astimezone(zone).date().replace(day=1)), end)
    start, after = first, next_after(first, zone, how=how, first=first)
    while after <= at:
        start, after = after, next_after(after, zone, how=how, first=first)
    return Period(start, end)


def zone_of(guide: Guide) -> ZoneInfo:
    """Return the zone that surveillances are counted in: that of their ends, else the carrier's."""
    return ZoneInfo(guide.expiry.zone) if guide.expiry.zone else guide.carrier.zone.tz


def name(at: datetime, zone: ZoneInfo, *, how: str, first: datetime) -> str:
    """Return what tells one month of a surveillance from every other."""
    if how == "thirty_days":
        return f"n{(at - first) // THIRTY_DAYS}"
    local = at.astimezone(zone)
    return f"{local:%Y-%m}" if how == "calendar" else f"{local:%Y-%m-%d}"


def _shifted(start: datetime, months: int) -> datetime:
    wall = datetime.combine(add(start.date(), months, Unit.MONTH), start.time(), start.tzinfo)
    return wall.astimezone(UTC)
