"""The life of a check of the trail."""

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
