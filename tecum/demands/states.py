"""The life of a legal demand, of a preservation and of one line of a demand."""

from enum import StrEnum


class DemandState(StrEnum):
    RECEIVED = "RECEIVED"
    IN_REVIEW = "IN_REVIEW"
    DEFICIENT = "DEFICIENT"
    OBJECTED = "OBJECTED"
    SCOPED = "SCOPED"
    PRODUCED = "PRODUCED"
    NO_RECORDS = "NO_RECORDS"
    WITHDRAWN = "WITHDRAWN"
    ROUTED = "ROUTED"
    REFUSED = "REFUSED"


class PreservationState(StrEnum):
    ACTIVE = "ACTIVE"
    FOLLOWED = "FOLLOWED"
    LAPSED = "LAPSED"
    RELEASED = "RELEASED"


class SearchState(StrEnum):
    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    STOPPED = "STOPPED"
    CANCELLED = "CANCELLED"


class WorkState(StrEnum):
    OPEN = "OPEN"
    DONE = "DONE"
    DROPPED = "DROPPED"


class OwedState(StrEnum):
    WAITING = "WAITING"  # its day has not come, or a gag or a seal forbids it
    DUE = "DUE"
    SENT = "SENT"
    SPARED = "SPARED"  # not owed after all


OWED_NEXT: dict[OwedState, frozenset[OwedState]] = {
    OwedState.WAITING: frozenset({OwedState.DUE, OwedState.SPARED}),
    OwedState.DUE: frozenset({OwedState.WAITING, OwedState.SENT, OwedState.SPARED}),
    OwedState.SENT: frozenset(),
    OwedState.SPARED: frozenset(),
}
SEARCH_NEXT: dict[SearchState, frozenset[SearchState]] = {
    SearchState.WAITING: frozenset({SearchState.RUNNING, SearchState.STOPPED, SearchState.CANCELLED}),
    # Whoever died while it ran left nothing: it is begun again, from RUNNING.
    SearchState.RUNNING: frozenset({SearchState.DONE, SearchState.STOPPED, SearchState.CANCELLED}),
    SearchState.DONE: frozenset(),
    SearchState.STOPPED: frozenset(),
    SearchState.CANCELLED: frozenset(),
}
WORK_NEXT: dict[WorkState, frozenset[WorkState]] = {
    WorkState.OPEN: frozenset({WorkState.DONE, WorkState.DROPPED}),
    WorkState.DONE: frozenset(),
    WorkState.DROPPED: frozenset(),
}
_ENDS = frozenset({DemandState.WITHDRAWN, DemandState.ROUTED, DemandState.REFUSED})
DEMAND_NEXT: dict[DemandState, frozenset[DemandState]] = {
    DemandState.RECEIVED: frozenset({DemandState.IN_REVIEW}) | _ENDS,
    DemandState.IN_REVIEW: frozenset({DemandState.DEFICIENT, DemandState.OBJECTED, DemandState.SCOPED})
    | _ENDS,
    DemandState.DEFICIENT: frozenset({DemandState.IN_REVIEW}) | _ENDS,
    DemandState.OBJECTED: frozenset({DemandState.IN_REVIEW}) | _ENDS,
    DemandState.SCOPED: frozenset(
        {DemandState.IN_REVIEW, DemandState.OBJECTED, DemandState.PRODUCED, DemandState.NO_RECORDS}
    )
    | _ENDS,
    # A produced demand can be supplemented: the review goes on.
    DemandState.PRODUCED: frozenset({DemandState.IN_REVIEW}),
    DemandState.NO_RECORDS: frozenset({DemandState.IN_REVIEW}),
    # Undone within the guide's time, a withdrawn demand goes back to where it was.
    DemandState.WITHDRAWN: frozenset(
        {
            DemandState.RECEIVED,
            DemandState.IN_REVIEW,
            DemandState.DEFICIENT,
            DemandState.OBJECTED,
            DemandState.SCOPED,
        }
    ),
    DemandState.ROUTED: frozenset({DemandState.IN_REVIEW}),
    DemandState.REFUSED: frozenset({DemandState.IN_REVIEW}),
}
PRESERVATION_NEXT: dict[PreservationState, frozenset[PreservationState]] = {
    PreservationState.ACTIVE: frozenset(
        {PreservationState.FOLLOWED, PreservationState.LAPSED, PreservationState.RELEASED}
    ),
    PreservationState.FOLLOWED: frozenset(),
    PreservationState.LAPSED: frozenset(),
    PreservationState.RELEASED: frozenset(),
}
OPEN = frozenset(
    {
        DemandState.RECEIVED,
        DemandState.IN_REVIEW,
        DemandState.DEFICIENT,
        DemandState.OBJECTED,
        DemandState.SCOPED,
    }
)
WAITS_FOR_AGENCY = frozenset({DemandState.DEFICIENT, DemandState.OBJECTED})


class Outcome(StrEnum):
    """What becomes of one line of a demand."""

    GRANTED = "granted"
    UNCERTAIN = "uncertain"  # searched: the records may exist
    UNSUPPORTED = "unsupported"  # the process is not enough, or lacks something
    EXPIRED = "expired"
    NOT_KEPT = "not_kept"
    NOT_OURS = "not_ours"  # serve another carrier
    WHOLESALE = "wholesale"  # serve the provider that had the number
    CHANGED_HANDS = "changed_hands"  # an analyst says whose records are meant
    UNKNOWN_HOLDER = "unknown_holder"
    WITHHELD = "withheld"  # the analyst leaves it out, with a reason


SEARCHED = frozenset({Outcome.GRANTED, Outcome.UNCERTAIN})
STOPS = frozenset({Outcome.CHANGED_HANDS, Outcome.UNKNOWN_HOLDER})


def demand_states() -> list[tuple[str, str]]:
    """Return the choices of the column; a callable, so that a new state writes no migration."""
    return [(each.value, each.value.replace("_", " ").capitalize()) for each in DemandState]


def owed_states() -> list[tuple[str, str]]:
    """Return the choices of the column."""
    return [(each.value, each.value.capitalize()) for each in OwedState]


def search_states() -> list[tuple[str, str]]:
    """Return the choices of the column."""
    return [(each.value, each.value.capitalize()) for each in SearchState]


def work_states() -> list[tuple[str, str]]:
    """Return the choices of the column."""
    return [(each.value, each.value.capitalize()) for each in WorkState]


def preservation_states() -> list[tuple[str, str]]:
    """Return the choices of the column."""
    return [(each.value, each.value.capitalize()) for each in PreservationState]
