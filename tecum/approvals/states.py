"""The life of a proposal."""

from enum import StrEnum


class ApprovalState(StrEnum):
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    WITHDRAWN = "WITHDRAWN"
    VOID = "VOID"  # what it was about changed, or another proposal took its place


APPROVAL_NEXT: dict[ApprovalState, frozenset[ApprovalState]] = {
    ApprovalState.PROPOSED: frozenset({ApprovalState.APPROVED, ApprovalState.WITHDRAWN, ApprovalState.VOID}),
    ApprovalState.APPROVED: frozenset(),
    ApprovalState.WITHDRAWN: frozenset(),
    ApprovalState.VOID: frozenset(),
}


def states() -> list[tuple[str, str]]:
    """Return the choices of a proposal's state."""
    return [(each.value, each.value.capitalize()) for each in ApprovalState]
