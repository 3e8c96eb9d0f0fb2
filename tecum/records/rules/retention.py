"""When a day of a store is over: its last record is older than the store keeps, on the carrier's calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tecum.guide.values import Span, Unit, add
from tecum.kernel.business import midnight
from tecum.kernel.periods import after


def cutoff(keeps: Span, *, zone: str, now: datetime) -> datetime:
    """Return the instant before which a store keeps nothing; days and months go to the beginning of the local day."""
    if keeps.unit in {Unit.MINUTE, Unit.HOUR}:
        return after(now, -keeps.elapsed).astimezone(UTC)
    today = now.astimezone(ZoneInfo(zone)).date()
    unit = Unit.DAY if keeps.unit in {Unit.BUSINESS_DAY, Unit.BUSINESS_HOUR} else keeps.unit
    return midnight(zone, add(today, -keeps.high, unit)).astimezone(UTC)


def is_over(day: date, before: datetime) -> bool:
    """Tell whether every record of a UTC day is older than a cutoff."""
    return datetime.combine(day + timedelta(days=1), time(), UTC) <= before


def first_kept(before: datetime) -> datetime:
    """Return the beginning of the first UTC day that is not over."""
    return datetime.combine(before.astimezone(UTC).date(), time(), UTC)
