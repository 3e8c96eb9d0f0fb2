"""The standing of a person and the ways a visit ends."""

from enum import StrEnum


class PersonStanding(StrEnum):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


PERSON_NEXT: dict[PersonStanding, frozenset[PersonStanding]] = {
    PersonStanding.ACTIVE: frozenset({PersonStanding.SUSPENDED}),
    PersonStanding.SUSPENDED: frozenset({PersonStanding.ACTIVE}),
}


class JobRole(StrEnum):
    """The job roles that may hold credentials (R-008)."""

    OFFICER = "officer"
    AGENT = "agent"
    INVESTIGATOR = "investigator"
    ATTORNEY = "attorney"
    SUPPORT_STAFF = "support_staff"


class Cause(StrEnum):
    """Why somebody is suspended: a person decided it, or what keeps an account good ran out."""

    PERSON = "person"
    INACTIVE = "inactive"
    BOUNCED = "bounced"
    LEFT = "left"


class VisitEnd(StrEnum):
    """Why somebody is no longer signed in."""

    SIGNED_OUT = "signed_out"
    IDLE = "idle"
    TOO_LONG = "too_long"
    ELSEWHERE = "elsewhere"
    SUSPENDED = "suspended"
    CREDENTIALS_CHANGED = "credentials_changed"
    ROLES_CHANGED = "roles_changed"
    RESTORED = "restored"


class LockedStep(StrEnum):
    """Which door was locked after too many wrong answers."""

    PASSWORD = "password"  # noqa: S105  a step, not a secret
    SECOND_FACTOR = "second_factor"


def choices(of: type[StrEnum]) -> list[tuple[str, str]]:
    """Return the choices of a column."""
    return [(each.value, each.value.replace("_", " ").capitalize()) for each in of]


def standings() -> list[tuple[str, str]]:
    """Return the choices of a person's standing."""
    return choices(PersonStanding)


def job_roles() -> list[tuple[str, str]]:
    """Return the choices of an officer's job role."""
    return choices(JobRole)


def causes() -> list[tuple[str, str]]:
    """Return the choices of a suspension's cause."""
    return choices(Cause)


def visit_ends() -> list[tuple[str, str]]:
    """Return the choices of a visit's end."""
    return choices(VisitEnd)


def locked_steps() -> list[tuple[str, str]]:
    """Return the choices of a lock-out's step."""
    return choices(LockedStep)
