"""How old the inventory may be, and how much of it one file may change."""

from datetime import datetime, timedelta


def is_stale(as_of: datetime, *, now: datetime, max_age: timedelta) -> bool:
    """Tell whether what is loaded is older than the guide allows (W20)."""
    return now - as_of > max_age


def share(changed: int, *, before: int, added: int) -> float:
    """Return the part of all numbers, old and new, that a file would change; 0 while nothing is loaded."""
    return changed / (before + added) if before else 0.0
