"""When a deadline that failed is tried again."""

from datetime import datetime, timedelta

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)


def next_attempt(attempts: int, *, now: datetime, longest: timedelta = LONGEST_PAUSE) -> datetime:
    """Return when to try again after so many failed attempts: 5 s, doubled each time, at most 15 minutes or what the kind says."""
    return now + min(FIRST_PAUSE * (1 << max(0, min(attempts, 16) - 1)), longest)
