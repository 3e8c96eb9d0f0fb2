"""How long a visit and a link last, and when guessing is stopped."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from tecum.accounts.states import PersonStanding, VisitEnd
from tecum.guide.model.guide import Guide
from tecum.guide.model.lookup import Sessions
from tecum.kernel.actors import Actor

SEEN_TO_THE = timedelta(
    minutes=1
)  # a request writes "seen" at most once a minute: a visit may end a minute early, never late


@dataclass(frozen=True)
class Limits:
    """How long a visit lasts without a request, and altogether (assurance control 12); the guide says it."""

    idle: timedelta
    absolute: timedelta

    @classmethod
    def of(cls, sessions: Sessions) -> "Limits":
        """Return the limits that a guide sets."""
        return cls(idle=sessions.idle.elapsed, absolute=sessions.absolute.elapsed)


def over(*, opened_at: datetime, seen_at: datetime, now: datetime, limits: Limits) -> VisitEnd | None:
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
    standing_cause: str = ""
    attested_until: datetime | None = None

    @property
    def ref(self) -> str:
        """Return the text that rows keep instead of a foreign key."""
        return f"person:{self.id}"

    @property
    def suspended(self) -> bool:
        """Tell whether the person is kept out."""
        return self.standing == PersonStanding.SUSPENDED


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


# What an account whose confirmation ran out may not do; reading the own past and securing the account stay (W10).
WITHHELD = frozenset({"lookup.run", "account.token"})
# What a program may do with its person's token: nothing of the account itself, nothing of the carrier's desks (A17).
PROGRAM = frozenset(
    {
        "lookup.run",
        "lookup.history",
        "case.own",
        "demand.submit",
        "demand.withdraw",
        "production.own",
        "production.fetch",
        "webhook.own",
    }
)
# Enhanced codes of RFC 3463 that say the mailbox or its domain is not there, and their plain ancestors (RFC 5321):
# a full mailbox (5.2.2) or a policy (5.7.x) says nothing about the person.
GONE = re.compile(r"5\.1\.(?:0|1|2|3|6|10)|5\.2\.1|55[013]")
NEIGHBOURS = {4: 24, 6: 64}  # within one such network two addresses count as one place


def withheld(*, attested_until: datetime | None, now: datetime) -> frozenset[str]:
    """Return the permissions that wait for a supervisor's confirmation; none while it is good, or none is needed."""
    return WITHHELD if attested_until is not None and now >= attested_until else frozenset()


def terms_digest(guide: Guide) -> str:
    """Return the SHA-256 (hex) of the terms of use: what a user declares, in the guide's words; "" where it asks nothing."""
    names = guide.lookups[0].eligibility.attestations if guide.lookups else ()
    said = [guide.say(name).body.strip() for name in names if name in guide.wording]
    return hashlib.sha256("\n\n".join(said).encode()).hexdigest() if said else ""


def terms_wait(*, accepted: str, agency: str, permissions: frozenset[str], guide: Guide) -> bool:
    """Tell whether somebody of an agency who looks numbers up has yet to accept the terms in force (R-006, R-009)."""
    return bool(agency) and "lookup.run" in permissions and accepted != terms_digest(guide)


def gone(code: str) -> bool:
    """Tell whether a mail system's code says that an address takes no mail any more."""
    return GONE.fullmatch(code) is not None


def same_place(first: str, second: str) -> bool:
    """Tell whether two network addresses are the same place as far as anybody can tell: one network."""
    one, other = ip_address(first), ip_address(second)
    return one.version == other.version and other in ip_network(
        f"{one}/{NEIGHBOURS[one.version]}", strict=False
    )


@dataclass(frozen=True)
class AttestationView:
    """A supervisor's confirmation."""

    given_at: datetime
    given_by: str
    until: datetime
    how: str


@dataclass(frozen=True)
class SharedUseView:
    """An account seen at two places, and what somebody found it to be."""

    id: str
    person: str
    noticed_at: datetime
    first_seen_at: datetime
    first_address: str
    second_address: str
    looked_at: datetime | None
    looked_by: str
    finding: str

    @property
    def apart(self) -> timedelta:
        """Return how long after the first place the second was used."""
        return self.noticed_at - self.first_seen_at


@dataclass(frozen=True)
class Member:
    """A person of an agency as its supervisors see them."""

    id: str
    name: str
    title: str
    email: str
    suspended: bool
    attested_until: datetime | None
    last_seen: datetime | None
    lapsed: bool
