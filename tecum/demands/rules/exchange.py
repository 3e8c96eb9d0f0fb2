"""
How our states are said in the words of ETSI TS 103 120, with which agencies' systems speak of warrants.

What is wanted (`desired_status`) and what is so (`status`) are two things there and here: a program asks for the first
and we alone set the second. docs/reference/etsi-ts-103-120.md repeats these tables; a test compares them.
"""

from collections.abc import Mapping

from tecum.cases.states import TargetState
from tecum.demands.states import DemandState, PreservationState

#: AuthorisationStatus of a demand.
AUTHORISATION: Mapping[DemandState, str] = {
    DemandState.RECEIVED: "AwaitingApproval",
    DemandState.IN_REVIEW: "AwaitingApproval",
    DemandState.DEFICIENT: "Invalid",
    DemandState.OBJECTED: "Invalid",
    DemandState.SCOPED: "Approved",
    DemandState.PRODUCED: "Approved",
    DemandState.NO_RECORDS: "Approved",
    DemandState.WITHDRAWN: "Cancelled",
    DemandState.ROUTED: "Rejected",
    DemandState.REFUSED: "Rejected",
}
#: TaskStatus of a target that still follows its demand.
TASK: Mapping[DemandState, str] = {
    DemandState.RECEIVED: "AwaitingApproval",
    DemandState.IN_REVIEW: "AwaitingApproval",
    DemandState.DEFICIENT: "Invalid",
    DemandState.OBJECTED: "Invalid",
    DemandState.SCOPED: "AwaitingDisclosure",
    DemandState.PRODUCED: "Disclosed",
    DemandState.NO_RECORDS: "DisclosureNotAvailable",
    DemandState.WITHDRAWN: "Cancelled",
    DemandState.ROUTED: "Rejected",
    DemandState.REFUSED: "Rejected",
}
#: TaskStatus of a target that has ended by itself; None: it follows its demand.
OWN_TASK: Mapping[TargetState, str | None] = {
    TargetState.ASKED: None,
    TargetState.ANSWERED: "Disclosed",
    TargetState.WITHDRAWN: "Cancelled",
    TargetState.DECLINED: "DisclosureNotAvailable",
}
#: TaskStatus of a preservation (LP task).
PRESERVATION: Mapping[PreservationState, str] = {
    PreservationState.ACTIVE: "Preserved",
    PreservationState.FOLLOWED: "Preserved",
    PreservationState.LAPSED: "Expired",
    PreservationState.RELEASED: "Cancelled",
}
SUBMITTED, DISCLOSED, CANCELLED = "SubmittedToCSP", "Disclosed", "Cancelled"


def authorisation(state: DemandState) -> tuple[str, str]:
    """Return the status of a demand, and the one that its agency wants."""
    return AUTHORISATION[state], CANCELLED if state is DemandState.WITHDRAWN else SUBMITTED


def task(state: DemandState, target: TargetState) -> tuple[str, str]:
    """Return the status of one target of a demand, and the one that its agency wants."""
    own = OWN_TASK[target]
    if target is TargetState.ANSWERED and state is DemandState.NO_RECORDS:
        own = TASK[state]
    return own or TASK[state], CANCELLED if target is TargetState.WITHDRAWN else DISCLOSED
