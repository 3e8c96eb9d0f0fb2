"""The life of a subscriber list, as the application database remembers it."""

from enum import StrEnum


class ListState(StrEnum):
    READING = "READING"  # its lines are being compared; nothing of it is seen yet
    APPLIED = "APPLIED"  # all of it is seen, at once
    ABANDONED = "ABANDONED"  # ended without having changed anything


LIST_NEXT: dict[ListState, frozenset[ListState]] = {
    ListState.READING: frozenset({ListState.APPLIED, ListState.ABANDONED}),
    ListState.APPLIED: frozenset(),
    ListState.ABANDONED: frozenset(),
}


def list_states() -> list[tuple[str, str]]:
    """Return the states as choices; a callable, so that a new state writes no migration."""
    return [(state.value, state.value.lower()) for state in ListState]
