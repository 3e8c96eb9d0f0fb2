"""The life of a load, as the application database remembers it."""

from enum import StrEnum


class LoadState(StrEnum):
    INTENDED = "INTENDED"  # written before the inventory is touched
    APPLIED = "APPLIED"  # the inventory's own meta says so too
    ABANDONED = "ABANDONED"  # ended without having changed anything


NEXT: dict[LoadState, frozenset[LoadState]] = {
    LoadState.INTENDED: frozenset({LoadState.APPLIED, LoadState.ABANDONED}),
    LoadState.APPLIED: frozenset(),
    LoadState.ABANDONED: frozenset(),
}


def load_states() -> list[tuple[str, str]]:
    """Return the states as choices; a callable, so that a new state writes no migration."""
    return [(state.value, state.value.lower()) for state in LoadState]
