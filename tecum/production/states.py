"""The lives of a production and of one handing over."""

from enum import StrEnum


class ProductionState(StrEnum):
    PREPARING = "PREPARING"  # its inputs are frozen; the package is being made
    STOPPED = "STOPPED"  # it could not be made: a row outside the scope, a file that is not as it was
    MADE = "MADE"  # the package lies sealed; nothing has left
    RELEASED = "RELEASED"  # two people let it go
    VOID = "VOID"  # the scope changed, or somebody withdrew it, before it left
    RECALLED = "RECALLED"  # taken back after its release, before anybody fetched it
    FETCHED = "FETCHED"  # somebody has it
    PURGED = "PURGED"  # its retention is over; what was in it is gone


PRODUCTION_NEXT: dict[ProductionState, frozenset[ProductionState]] = {
    ProductionState.PREPARING: frozenset(
        {ProductionState.MADE, ProductionState.STOPPED, ProductionState.VOID}
    ),
    ProductionState.STOPPED: frozenset(),
    ProductionState.MADE: frozenset({ProductionState.RELEASED, ProductionState.VOID}),
    ProductionState.RELEASED: frozenset(
        {ProductionState.FETCHED, ProductionState.RECALLED, ProductionState.PURGED}
    ),
    ProductionState.VOID: frozenset(),
    ProductionState.RECALLED: frozenset(),
    ProductionState.FETCHED: frozenset({ProductionState.PURGED}),
    ProductionState.PURGED: frozenset(),
}
OUT = (ProductionState.RELEASED, ProductionState.FETCHED)


class HandoverState(StrEnum):
    OPEN = "OPEN"
    USED = "USED"  # fetched as often as the guide allows
    OVER = "OVER"  # its time ran out
    CLOSED = "CLOSED"  # replaced, recalled, or too many wrong codes


HANDOVER_NEXT: dict[HandoverState, frozenset[HandoverState]] = {
    HandoverState.OPEN: frozenset({HandoverState.USED, HandoverState.OVER, HandoverState.CLOSED}),
    HandoverState.USED: frozenset(),
    HandoverState.OVER: frozenset(),
    HandoverState.CLOSED: frozenset(),
}


class Way(StrEnum):
    """How a production is handed over."""

    ACCOUNT = "ACCOUNT"
    ADDRESS = "ADDRESS"


def production_states() -> list[tuple[str, str]]:
    """Return the choices of a production's state."""
    return [(each.value, each.value.capitalize()) for each in ProductionState]


def handover_states() -> list[tuple[str, str]]:
    """Return the choices of a handing over's state."""
    return [(each.value, each.value.capitalize()) for each in HandoverState]


def ways() -> list[tuple[str, str]]:
    """Return the choices of how it is handed over."""
    return [(each.value, each.value.capitalize()) for each in Way]
