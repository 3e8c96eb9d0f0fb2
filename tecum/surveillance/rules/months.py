"""When the next month of a surveillance begins, and what it is called, by the guide's way of counting (B12)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tecum.guide.values import Unit, add
from tecum.kernel.business import midnight

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


def name(at: datetime, zone: ZoneInfo, *, how: str, first: datetime) -> str:
    """Return what tells one month of a surveillance from every other."""
    if how == "thirty_days":
        return f"n{(at - first) // THIRTY_DAYS}"
    local = at.astimezone(zone)
    return f"{local:%Y-%m}" if how == "calendar" else f"{local:%Y-%m-%d}"


def _shifted(start: datetime, months: int) -> datetime:
    wall = datetime.combine(add(start.date(), months, Unit.MONTH), start.time(), start.tzinfo)
    return wall.astimezone(UTC)
