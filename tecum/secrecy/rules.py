"""Which epoch a matter joins."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

KIND = re.compile(r"[a-z][a-z_]{0,38}[a-z]")


@dataclass(frozen=True, slots=True)
class Span:
    """An epoch's name and the end of joining it (half-open)."""

    epoch: str
    closes_at: datetime


def joins(kind: str, *, now: datetime) -> Span:
    """
    Return the epoch that a matter of a kind joins now: one for each kind and month of UTC.

    :raises ValueError: for a kind that is no name of a retention
    """
    if not KIND.fullmatch(kind):
        raise ValueError(f"'{kind}' is no kind of record.")
    month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    later = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    return Span(f"{kind}-{month:%Y-%m}", later)
