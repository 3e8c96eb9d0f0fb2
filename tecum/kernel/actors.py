"""Who acts: a frozen value that every public write takes as `by`."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class ActorKind(StrEnum):
    PERSON = "person"
    SYSTEM = "system"
    OPERATOR = "operator"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Actor:
    """
    A person, a process of ours, or a stranger, with what they may do at this moment.

    `ref` is the text that rows below `accounts` keep instead of a foreign key; `agency` and
    `customer` are opaque ids, empty where there is none; `stepped_up_at` (aware) is the last
    proof of a second factor in this session, good for `step_up_lasts`; `session` names the session and `session_ends_at` (aware) is when it
    ends at the latest; `active_since` (aware) is when this account could first be used.
    """

    ref: str
    kind: ActorKind
    name: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    agency: str = ""
    customer: str = ""
    stepped_up_at: datetime | None = None
    step_up_lasts: timedelta | None = None
    session: str = ""
    session_ends_at: datetime | None = None
    active_since: datetime | None = None

    @classmethod
    def system(cls, process: str) -> "Actor":
        """Return the actor of one of our own processes, which may do what its code does."""
        return cls(ref=f"system:{process}", kind=ActorKind.SYSTEM, name=process)

    @classmethod
    def operator(cls, login: str, permissions: frozenset[str]) -> "Actor":
        """Return the actor of a person at this machine's command line."""
        return cls(ref=f"cli:{login}", kind=ActorKind.OPERATOR, name=login, permissions=permissions)

    @classmethod
    def stranger(cls) -> "Actor":
        """Return the actor of somebody who has not signed in: no permission at all."""
        return cls(ref="stranger", kind=ActorKind.STRANGER, name="somebody not signed in")

    def may(self, permission: str) -> bool:
        """Tell whether this actor holds a permission; a system process holds them all."""
        return self.kind is ActorKind.SYSTEM or permission in self.permissions
