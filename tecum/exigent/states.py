"""The lives of an emergency request, of a decision about it, of what is gathered, and of what must follow."""

from enum import StrEnum


class RequestState(StrEnum):
    RECEIVED = "RECEIVED"
    VERIFIED = "VERIFIED"  # somebody of the agency stood by it, at a number of the directory
    APPROVED = "APPROVED"  # two people decided, or one for a life
    REFUSED = "REFUSED"
    ELSEWHERE = "ELSEWHERE"  # a partner's: handed over by telephone
    REPEATED = "REPEATED"  # the same as another; worked on there
    ORDINARY = "ORDINARY"  # no emergency: it goes on as a legal demand
    FORGED = "FORGED"
    CLOSED = "CLOSED"  # everything that had to follow was settled


REQUEST_NEXT: dict[RequestState, frozenset[RequestState]] = {
    RequestState.RECEIVED: frozenset(
        {
            RequestState.VERIFIED,
            RequestState.REFUSED,
            RequestState.ELSEWHERE,
            RequestState.REPEATED,
            RequestState.ORDINARY,
            RequestState.FORGED,
        }
    ),
    RequestState.VERIFIED: frozenset(
        {
            RequestState.RECEIVED,
            RequestState.APPROVED,
            RequestState.REFUSED,
            RequestState.ELSEWHERE,
            RequestState.REPEATED,
            RequestState.ORDINARY,
            RequestState.FORGED,
        }
    ),
    RequestState.APPROVED: frozenset({RequestState.CLOSED, RequestState.FORGED, RequestState.REFUSED}),
    RequestState.REFUSED: frozenset({RequestState.RECEIVED, RequestState.FORGED}),
    RequestState.ELSEWHERE: frozenset({RequestState.RECEIVED, RequestState.FORGED}),
    RequestState.REPEATED: frozenset({RequestState.RECEIVED, RequestState.FORGED}),
    RequestState.ORDINARY: frozenset(),
    RequestState.FORGED: frozenset({RequestState.RECEIVED}),
    RequestState.CLOSED: frozenset({RequestState.FORGED}),
}
NEVER_ACTED_ON = frozenset({RequestState.ELSEWHERE, RequestState.REPEATED, RequestState.ORDINARY})
WAITING = frozenset({RequestState.RECEIVED, RequestState.VERIFIED})


class CallState(StrEnum):
    """What a call back came to."""

    VERIFIED = "VERIFIED"
    DENIED = "DENIED"  # the agency knows nothing of it
    UNREACHED = "UNREACHED"
    DOUBTFUL = "DOUBTFUL"  # somebody answered, and something did not fit


class DecisionState(StrEnum):
    PROPOSED = "PROPOSED"
    DONE = "DONE"
    WITHDRAWN = "WITHDRAWN"
    VOID = "VOID"  # what it was about changed, or another was proposed


DECISION_NEXT: dict[DecisionState, frozenset[DecisionState]] = {
    DecisionState.PROPOSED: frozenset({DecisionState.DONE, DecisionState.WITHDRAWN, DecisionState.VOID}),
    DecisionState.DONE: frozenset(),
    DecisionState.WITHDRAWN: frozenset(),
    DecisionState.VOID: frozenset(),
}


class GatheringState(StrEnum):
    WAITING = "WAITING"
    DONE = "DONE"
    STOPPED = "STOPPED"


GATHERING_NEXT: dict[GatheringState, frozenset[GatheringState]] = {
    GatheringState.WAITING: frozenset({GatheringState.DONE, GatheringState.STOPPED}),
    GatheringState.DONE: frozenset(),
    GatheringState.STOPPED: frozenset({GatheringState.WAITING}),
}


class FollowUpState(StrEnum):
    """What must follow: it is waited for, it came, it came late, or it never did."""

    WAITING = "WAITING"
    CAME = "CAME"
    LATE = "LATE"
    MISSING = "MISSING"
    WAIVED = "WAIVED"  # nothing has to follow any more, and a person said why


FOLLOW_UP_NEXT: dict[FollowUpState, frozenset[FollowUpState]] = {
    FollowUpState.WAITING: frozenset({FollowUpState.CAME, FollowUpState.MISSING, FollowUpState.WAIVED}),
    FollowUpState.MISSING: frozenset({FollowUpState.LATE, FollowUpState.WAIVED}),
    FollowUpState.CAME: frozenset(),
    FollowUpState.LATE: frozenset(),
    FollowUpState.WAIVED: frozenset({FollowUpState.WAITING}),  # decided anew, it must follow again
}


def _choices(states: type[StrEnum]) -> list[tuple[str, str]]:
    return [(each.value, each.value.capitalize()) for each in states]


def request_states() -> list[tuple[str, str]]:
    """Return the choices of a request's state; callables, so that a new state writes no migration."""
    return _choices(RequestState)


def call_states() -> list[tuple[str, str]]:
    """Return the choices of what a call came to."""
    return _choices(CallState)


def decision_states() -> list[tuple[str, str]]:
    """Return the choices of a decision's state."""
    return _choices(DecisionState)


def gathering_states() -> list[tuple[str, str]]:
    """Return the choices of a gathering's state."""
    return _choices(GatheringState)


def follow_up_states() -> list[tuple[str, str]]:
    """Return the choices of the state of what must follow."""
    return _choices(FollowUpState)


def end_states() -> list[tuple[str, str]]:
    """Return what a reported end could be, for the migration that made its table; today it is a request to end."""
    return [(each, each.capitalize()) for each in ("WAITING", "OBEYED", "REFUSED")]
