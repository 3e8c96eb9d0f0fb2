"""What a watcher of the invariants is told: which one does not hold, at what, since when. Never a name, never a number."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold, and the row at which it does not, by its id; `since` where the row says it."""

    invariant: str
    about: str
    since: datetime | None = None
