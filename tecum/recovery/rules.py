"""What is known of a recovery, and what a proposal in it is bound to."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

LEAVE, RESUME = "recovery.leave", "recovery.resume"


@dataclass(frozen=True, slots=True)
class RecoveryView:
    """One recovery: of which copy, since when, under which log, and what the trail had reached outside."""

    id: str
    copied_at: datetime
    copy: str
    origin: str
    known_outside: int
    in_copy: int
    began_at: datetime
    left_at: datetime | None

    @property
    def lost(self) -> int:
        """Return how many entries of the trail happened after the copy was made, and are not in it."""
        return max(0, self.known_outside - self.in_copy)


def digest(*parts: str) -> str:
    """Return the hash of exactly what would happen."""
    return sha256("\n".join(parts).encode()).hexdigest()
