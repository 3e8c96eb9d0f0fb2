"""How old the inventory may be, and how much of it one file may change."""

from datetime import datetime, timedelta


def is_stale(as_of: datetime, *, now: datetime, max_age: timedelta) -> bool:
    """Tell whether what is loaded is older than the guide allows (W20)."""
    return now - as_of > max_age


def share(changed: int, total: int) -> float:
    """Return the part of the inventory that a file would change, 0 while nothing is loaded."""
    return changed / total if total else 0.0
