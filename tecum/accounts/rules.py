"""How long a visit and a link last, and when guessing is stopped."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from tecum.accounts.states import PersonStanding, VisitEnd
from tecum.kernel.actors import Actor

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


def login_hash(login: str) -> str:
    """Return what is kept of a user name that was typed."""
    return hashlib.sha256(login.strip().lower().encode()).hexdigest()


@dataclass(frozen=True)
class PersonView:
    """A person, as doors see them."""

    id: str
    email: str
    name: str
    title: str
    job_role: str
    phone: str
    agency: str
    customer: str
    supervisor_name: str
    supervisor_email: str
    standing: str
    standing_since: datetime
    standing_reason: str
    created_at: datetime
    roles: tuple[str, ...]
    has_password: bool

    @property
    def ref(self) -> str:
        """Return the text that rows keep instead of a foreign key."""
        return f"person:{self.id}"

    @property
    def suspended(self) -> bool:
        """Tell whether the person is kept out."""
        return self.standing == PersonStanding.SUSPENDED


TOKEN_GOOD_FOR = timedelta(hours=1)  # A17: personal and short-lived


def token_hash(token: str) -> str:
    """Return the SHA-256 (hex) under which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class IssuedLink:
    """A link's or a program's token, shown once to whoever hands it over; only its hash is kept."""

    person: str
    token: str
    expires_at: datetime


@dataclass(frozen=True)
class Arrival:
    """What a request of a signed-in person begins with: the actor, or why the visit is over."""

    actor: Actor
    ended: VisitEnd | None = None
    proved: bool = False  # a second factor was proved in this visit

    @property
    def must_enrol(self) -> bool:
        """Tell whether the person has to prove or enrol a second factor before anything else."""
        return self.ended is None and not self.proved
