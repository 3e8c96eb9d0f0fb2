"""The lives of an authority, an act of two people, a tap, a technician's work, a mismatch and a request to end."""

from enum import StrEnum


class OrderState(StrEnum):
    RECEIVED = "RECEIVED"
    IN_REVIEW = "IN_REVIEW"
    DEFICIENT = "DEFICIENT"  # a letter says what must be mended or modified
    ELSEWHERE = "ELSEWHERE"  # another company's; a letter says whose
    REFUSED = "REFUSED"
    SOUND = "SOUND"  # an authority can be proposed on it
    AUTHORISED = "AUTHORISED"  # it is an authority, or prolonged one; from here the authority has the life
    ANSWERED = "ANSWERED"  # an inquiry or a cancellation that is settled


class AuthorityState(StrEnum):
    IN_FORCE = "IN_FORCE"  # until its end, which is a time and no state
    REPLACED = "REPLACED"  # an order took an emergency's place
    ENDED = "ENDED"  # by a person, before its time or after it


class ActState(StrEnum):
    PROPOSED = "PROPOSED"
    DONE = "DONE"
    WITHDRAWN = "WITHDRAWN"
    VOID = "VOID"  # what it was about changed before a second person approved


class TapState(StrEnum):
    STARTING = "STARTING"  # desired on; the switch has not shown it yet
    ACTIVE = "ACTIVE"  # desired on, and read back from the switch as ordered
    STOPPING = "STOPPING"  # desired off; the switch has not shown it yet
    ENDED = "ENDED"  # desired off, and no longer on the switch


class WorkOrderState(StrEnum):
    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"  # a named technician will do it
    REPORTED = "REPORTED"  # done, as one technician says
    CONFIRMED = "CONFIRMED"  # another one looked and saw the same
    DIFFERENT = "DIFFERENT"  # what was seen is not what was ordered
    VOID = "VOID"  # what it asked for changed


class MismatchState(StrEnum):
    OPEN = "OPEN"
    SETTLED = "SETTLED"


class CertificationState(StrEnum):
    OPEN = "OPEN"  # what is so waits for the signature of the employee who oversees it
    SIGNED = "SIGNED"  # what is so now is what was signed
    VOID = "VOID"  # of something on a switch that turned out to be no interception


class CompromiseState(StrEnum):
    OPEN = "OPEN"  # the agencies it concerns are not told yet
    TOLD = "TOLD"


class TroubleState(StrEnum):
    REPORTED = (
        "REPORTED"  # the agency lost its capability; account and provisioning are looked at first
    )
    TROUBLESHOOTING = (
        "TROUBLESHOOTING"  # an internal ticket: engineers look up to the demarcation point
    )
    FOUND = "FOUND"  # the finding is written down; the agency is to be told
    WITH_AGENCY = (
        "WITH_AGENCY"  # told; the agency looks from the demarcation point to its own facility
    )
    CLOSED = "CLOSED"


class VisitState(StrEnum):
    ASKED = "ASKED"  # coordinated with the administrator; Security and Fraud agrees date and time
    AGREED = "AGREED"
    INSIDE = "INSIDE"  # somebody was let in
    OVER = "OVER"  # the last one left
    CANCELLED = "CANCELLED"


class WarningState(StrEnum):
    OPEN = "OPEN"
    SETTLED = "SETTLED"


class EndRequestState(StrEnum):
    WAITING = "WAITING"  # for a call back
    OBEYED = "OBEYED"
    REFUSED = "REFUSED"


ORDER_NEXT: dict[OrderState, frozenset[OrderState]] = {
    OrderState.RECEIVED: frozenset({OrderState.IN_REVIEW, OrderState.ANSWERED}),
    OrderState.IN_REVIEW: frozenset(
        {
            OrderState.DEFICIENT,
            OrderState.ELSEWHERE,
            OrderState.REFUSED,
            OrderState.SOUND,
            OrderState.ANSWERED,
        }
    ),
    OrderState.DEFICIENT: frozenset({OrderState.IN_REVIEW}),
    OrderState.ELSEWHERE: frozenset({OrderState.IN_REVIEW}),
    OrderState.REFUSED: frozenset({OrderState.IN_REVIEW}),
    OrderState.SOUND: frozenset({OrderState.IN_REVIEW, OrderState.AUTHORISED}),
    OrderState.AUTHORISED: frozenset(),
    OrderState.ANSWERED: frozenset({OrderState.IN_REVIEW}),
}
ORDER_OPEN = frozenset({OrderState.RECEIVED, OrderState.IN_REVIEW, OrderState.DEFICIENT, OrderState.SOUND})
AUTHORITY_NEXT: dict[AuthorityState, frozenset[AuthorityState]] = {
    AuthorityState.IN_FORCE: frozenset({AuthorityState.REPLACED, AuthorityState.ENDED}),
    AuthorityState.REPLACED: frozenset(),
    AuthorityState.ENDED: frozenset(),
}
ACT_NEXT: dict[ActState, frozenset[ActState]] = {
    ActState.PROPOSED: frozenset({ActState.DONE, ActState.WITHDRAWN, ActState.VOID}),
    ActState.DONE: frozenset(),
    ActState.WITHDRAWN: frozenset(),
    ActState.VOID: frozenset(),
}
TAP_NEXT: dict[TapState, frozenset[TapState]] = {
    TapState.STARTING: frozenset({TapState.ACTIVE, TapState.STOPPING}),
    # Changed to something else that two people approved, it has to be read back again.
    TapState.ACTIVE: frozenset({TapState.STARTING, TapState.STOPPING}),
    TapState.STOPPING: frozenset({TapState.ENDED}),
    # Activated again, by two people, under an authority in force.
    TapState.ENDED: frozenset({TapState.STARTING}),
}
WORK_ORDER_NEXT: dict[WorkOrderState, frozenset[WorkOrderState]] = {
    WorkOrderState.OPEN: frozenset({WorkOrderState.ACCEPTED, WorkOrderState.VOID}),
    WorkOrderState.ACCEPTED: frozenset({WorkOrderState.REPORTED, WorkOrderState.OPEN, WorkOrderState.VOID}),
    WorkOrderState.REPORTED: frozenset(
        {WorkOrderState.CONFIRMED, WorkOrderState.DIFFERENT, WorkOrderState.VOID}
    ),
    WorkOrderState.CONFIRMED: frozenset(),
    WorkOrderState.DIFFERENT: frozenset(),
    WorkOrderState.VOID: frozenset(),
}
MISMATCH_NEXT: dict[MismatchState, frozenset[MismatchState]] = {
    MismatchState.OPEN: frozenset({MismatchState.SETTLED}),
    MismatchState.SETTLED: frozenset(),
}
CERTIFICATION_NEXT: dict[CertificationState, frozenset[CertificationState]] = {
    CertificationState.OPEN: frozenset({CertificationState.SIGNED, CertificationState.VOID}),
    # An extension, another switch, the end: what is so has changed, and is signed again.
    CertificationState.SIGNED: frozenset({CertificationState.OPEN}),
    CertificationState.VOID: frozenset(),
}
COMPROMISE_NEXT: dict[CompromiseState, frozenset[CompromiseState]] = {
    CompromiseState.OPEN: frozenset({CompromiseState.TOLD}),
    CompromiseState.TOLD: frozenset(),
}
TROUBLE_NEXT: dict[TroubleState, frozenset[TroubleState]] = {
    TroubleState.REPORTED: frozenset({TroubleState.TROUBLESHOOTING, TroubleState.FOUND}),
    TroubleState.TROUBLESHOOTING: frozenset({TroubleState.FOUND}),
    TroubleState.FOUND: frozenset({TroubleState.WITH_AGENCY, TroubleState.CLOSED}),
    # The agency found nothing on its side: ours is looked at again.
    TroubleState.WITH_AGENCY: frozenset({TroubleState.TROUBLESHOOTING, TroubleState.CLOSED}),
    TroubleState.CLOSED: frozenset(),
}
TROUBLE_OPEN = frozenset(
    {TroubleState.REPORTED, TroubleState.TROUBLESHOOTING, TroubleState.FOUND, TroubleState.WITH_AGENCY}
)
VISIT_NEXT: dict[VisitState, frozenset[VisitState]] = {
    VisitState.ASKED: frozenset({VisitState.AGREED, VisitState.CANCELLED}),
    # Another time is agreed as often as it takes, before anybody is inside.
    VisitState.AGREED: frozenset({VisitState.AGREED, VisitState.INSIDE, VisitState.CANCELLED}),
    VisitState.INSIDE: frozenset({VisitState.OVER}),
    VisitState.OVER: frozenset(),
    VisitState.CANCELLED: frozenset(),
}
VISIT_OPEN = frozenset({VisitState.ASKED, VisitState.AGREED, VisitState.INSIDE})
WARNING_NEXT: dict[WarningState, frozenset[WarningState]] = {
    WarningState.OPEN: frozenset({WarningState.SETTLED}),
    WarningState.SETTLED: frozenset(),
}
END_REQUEST_NEXT: dict[EndRequestState, frozenset[EndRequestState]] = {
    EndRequestState.WAITING: frozenset({EndRequestState.OBEYED, EndRequestState.REFUSED}),
    EndRequestState.OBEYED: frozenset(),
    EndRequestState.REFUSED: frozenset(),
}
ON = frozenset({TapState.STARTING, TapState.ACTIVE})
OFF = frozenset({TapState.STOPPING, TapState.ENDED})


def _choices(states: type[StrEnum]) -> list[tuple[str, str]]:
    return [(each.value, each.value.replace("_", " ").capitalize()) for each in states]


def order_states() -> list[tuple[str, str]]:
    """Return the choices of a court order's state."""
    return _choices(OrderState)


def authority_states() -> list[tuple[str, str]]:
    """Return the choices of an authority's state; callables, so that a new state writes no migration."""
    return _choices(AuthorityState)


def act_states() -> list[tuple[str, str]]:
    """Return the choices of an act's state."""
    return _choices(ActState)


def tap_states() -> list[tuple[str, str]]:
    """Return the choices of a tap's state."""
    return _choices(TapState)


def work_order_states() -> list[tuple[str, str]]:
    """Return the choices of a technician's work order's state."""
    return _choices(WorkOrderState)


def mismatch_states() -> list[tuple[str, str]]:
    """Return the choices of a mismatch's state."""
    return _choices(MismatchState)


def end_request_states() -> list[tuple[str, str]]:
    """Return the choices of the state of an agency's request to end."""
    return _choices(EndRequestState)


def certification_states() -> list[tuple[str, str]]:
    """Return the choices of a certification's state."""
    return _choices(CertificationState)


def compromise_states() -> list[tuple[str, str]]:
    """Return the choices of the state of a report of compromise."""
    return _choices(CompromiseState)


def trouble_states() -> list[tuple[str, str]]:
    """Return the choices of a trouble ticket's state."""
    return _choices(TroubleState)


def warning_states() -> list[tuple[str, str]]:
    """Return the choices of the state of a warning about an account."""
    return _choices(WarningState)


def visit_states() -> list[tuple[str, str]]:
    """Return the choices of a visit's state."""
    return _choices(VisitState)
