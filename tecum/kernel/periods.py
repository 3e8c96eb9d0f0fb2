"""Half-open periods of time: the start belongs to the period, the end does not (decisions, part E)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """
    The instants from `start` up to, and without, `end`; both are kept in UTC.

    (Python compares two times of one zone by the wall clock, which is wrong in the repeated hour.)

    :raises ValueError: for a naive instant, or an end before its start
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("A period needs instants with a zone.")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end < self.start:
            raise ValueError(f"A period ends ({self.end}) before it starts ({self.start}).")

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= instant < self.end

    @property
    def empty(self) -> bool:
        """Tell whether no instant lies in the period."""
        return self.start == self.end

    @property
    def elapsed(self) -> timedelta:
        """Return the time that really passes."""
        return self.end - self.start

    def overlaps(self, other: "Period") -> bool:
        """Tell whether both share an instant."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Period") -> bool:
        """Tell whether every instant of the other lies in this one."""
        return self.start <= other.start and other.end <= self.end

    def intersection(self, other: "Period") -> "Period | None":
        """Return what both share, or nothing."""
        if not self.overlaps(other):
            return None
        return Period(max(self.start, other.start), min(self.end, other.end))

    def minus(self, others: Iterable["Period"]) -> tuple["Period", ...]:
        """Return what remains of this period, in order, when the others are taken out."""
        left = [self]
        for other in others:
            left = [part for piece in left for part in _without(piece, other)]
        return tuple(left)


def _without(piece: Period, other: Period) -> list[Period]:
    if not piece.overlaps(other):
        return [piece]
    parts = []
    if piece.start < other.start:
        parts.append(Period(piece.start, other.start))
    if other.end < piece.end:
        parts.append(Period(other.end, piece.end))
    return parts


def after(instant: datetime, elapsed: timedelta) -> datetime:
    """Return the instant when so much time has really passed, in the zone of the given instant."""
    return (instant.astimezone(UTC) + elapsed).astimezone(instant.tzinfo)
