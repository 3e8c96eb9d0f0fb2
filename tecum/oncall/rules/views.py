"""Frozen rows of escalations, as queries return them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tecum.oncall.states import EntryKind, EscalationState


@dataclass(frozen=True, slots=True)
class Caller:
    """Who called, at which number, and what was said; sealed, and read only by whoever may answer."""

    name: str = ""
    number: str = ""
    agency: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class CalledBack:
    """The call-back as it was recorded; sealed."""

    spoke_with: str
    number: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """One line of an escalation's record. `who` is a person's ref or `desk:ID`, `way` a channel, `round` the repeat."""

    at: datetime
    kind: EntryKind
    step: int
    round: int
    who: str
    way: str
    by: str
    notice: str
    code: str


@dataclass(frozen=True, slots=True)
class EscalationView:
    """
    One escalation. `called_back_at` is the minute of the call; `ended_at` when it was recorded.

    `about` and `matter` are empty for whoever may only escalate.
    """

    id: str
    reference: str
    about: str
    matter: str
    cause: str
    ladder: str
    state: EscalationState
    drill: bool
    signal: bool
    received_at: datetime
    begun_at: datetime
    begun_by: str
    steps: int
    fired: int
    next_at: datetime | None
    owner: str
    taken_at: datetime | None
    called_back_at: datetime | None
    called_back_by: str
    ended_at: datetime | None
    has_caller: bool
    entries: tuple[EntryView, ...] = ()

    @property
    def open(self) -> bool:
        """Tell whether the ladder still climbs."""
        return self.state is not EscalationState.ENDED

    @property
    def took(self) -> timedelta | None:
        """Return how long it was from receipt to the call-back."""
        return self.called_back_at - self.received_at if self.called_back_at else None
