"""The lives of a subscriber list and of a delivery of records, as the application database remembers them."""

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


class DeliveryState(StrEnum):
    LOADING = "LOADING"  # its number is given, its rows are not to be seen
    LOADED = "LOADED"  # in one transaction with the parts that hold its rows
    ABANDONED = "ABANDONED"  # refused, or its process died; nothing of it is in the store


DELIVERY_NEXT: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.LOADING: frozenset({DeliveryState.LOADED, DeliveryState.ABANDONED}),
    DeliveryState.LOADED: frozenset(),
    DeliveryState.ABANDONED: frozenset(),
}


def delivery_states() -> list[tuple[str, str]]:
    """Return the states as choices; a callable, so that a new state writes no migration."""
    return [(state.value, state.value.lower()) for state in DeliveryState]
