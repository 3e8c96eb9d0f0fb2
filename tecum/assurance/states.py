"""The lives of a check of the trail, and of what the watcher of the invariants finds."""

from enum import StrEnum


class CheckState(StrEnum):
    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"


CHECK_NEXT: dict[CheckState, frozenset[CheckState]] = {
    CheckState.WAITING: frozenset({CheckState.RUNNING}),
    # A process that died leaves it running; another begins it again.
    CheckState.RUNNING: frozenset({CheckState.RUNNING, CheckState.DONE}),
    CheckState.DONE: frozenset(),
}


def check_states() -> list[tuple[str, str]]:
    """Return the states as choices; a callable, so that a new one writes no migration."""
    return [(state.value, state.value.lower()) for state in CheckState]


class FindingState(StrEnum):
    OPEN = "OPEN"
    CLEARED = "CLEARED"  # the watcher saw that the invariant holds again; broken anew, it is another finding


FINDING_NEXT: dict[FindingState, frozenset[FindingState]] = {
    FindingState.OPEN: frozenset({FindingState.CLEARED}),
    FindingState.CLEARED: frozenset(),
}


def finding_states() -> list[tuple[str, str]]:
    """Return the states of a finding as choices."""
    return [(state.value, state.value.lower()) for state in FindingState]
