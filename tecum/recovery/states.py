"""The life of a recovery."""

from enum import StrEnum


class RecoveryState(StrEnum):
    UNDER_WAY = "UNDER_WAY"
    LEFT = "LEFT"  # two people said that it is as it was


RECOVERY_NEXT: dict[RecoveryState, frozenset[RecoveryState]] = {
    RecoveryState.UNDER_WAY: frozenset({RecoveryState.LEFT}),
    RecoveryState.LEFT: frozenset(),
}


def recovery_states() -> list[tuple[str, str]]:
    """Return the choices; a callable, so that a new state writes no migration."""
    return [(each.value, each.value.replace("_", " ").capitalize()) for each in RecoveryState]
