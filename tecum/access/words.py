"""What permissions and roles are made of."""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """The party a role belongs to; nobody holds roles of two parties."""

    AGENCY = "agency"
    CARRIER = "carrier"
    CUSTOMER = "customer"
    PARTNER = "partner"


@dataclass(frozen=True)
class Permission:
    """One verb. `says` completes "may …"."""

    name: str
    says: str
    reveals: bool = False  # shows what belongs to a customer, a subscriber, a case or an officer's question
    writes: bool = False
    step_up: bool = (
        False  # only shortly after a fresh second factor; the guide says how shortly (assurance control 12)
    )


@dataclass(frozen=True)
class Role:
    """What one kind of person may do. `granted_with` is the permission that lets another person give the role."""

    name: str
    title: str
    side: Side
    says: str
    permissions: frozenset[str]
    granted_with: str
    alone: bool = False  # held without any other role: separation of duties
    one_session: bool = False  # signing in elsewhere ends the session before (assurance control 12)
