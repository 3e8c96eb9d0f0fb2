"""How long a visit and a link last, and when guessing is stopped."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tecum.accounts.states import VisitEnd

LINK_GOOD_FOR = timedelta(hours=24)  # elapsed time from issue (decision A6)
LOCKED_FOR = timedelta(minutes=15)
SEEN_TO_THE = timedelta(
    minutes=1
)  # a request writes "seen" at most once a minute: a visit may end a minute early, never late


@dataclass(frozen=True)
class Limits:
    """How long a visit lasts without a request, and altogether (assurance control 12)."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)


LIMITS = Limits()


def over(
    *, opened_at: datetime, seen_at: datetime, now: datetime, limits: Limits = LIMITS
) -> VisitEnd | None:
    """Say why a visit has run out, or None while it has not. A clock that went backwards ends nothing early."""
    if now >= opened_at + limits.absolute:
        return VisitEnd.TOO_LONG
    if now >= seen_at + limits.idle:
        return VisitEnd.IDLE
    return None


def worth_noting(*, seen_at: datetime, now: datetime) -> bool:
    """Tell whether a request should write that the person was seen."""
    return now - seen_at >= SEEN_TO_THE
