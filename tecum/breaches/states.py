"""The life of a breach, what its clocks are for, and who is told."""

from enum import StrEnum


class BreachState(StrEnum):
    OPEN = "OPEN"
    CLOSED = "CLOSED"


BREACH_NEXT: dict[BreachState, frozenset[BreachState]] = {
    BreachState.OPEN: frozenset({BreachState.CLOSED}),
    BreachState.CLOSED: frozenset(),
}


class Duty(StrEnum):
    """What a clock is for."""

    AGENCIES_BY = "agencies_by"
    CUSTOMERS_AFTER = "customers_after"
    CUSTOMERS_BY = "customers_by"


class Receiver(StrEnum):
    """Who is told."""

    USSS = "usss"
    FBI = "fbi"
    FCC = "fcc"
    CUSTOMER = "customer"


NAMES = {
    Receiver.USSS: "United States Secret Service",
    Receiver.FBI: "Federal Bureau of Investigation",
    Receiver.FCC: "Federal Communications Commission",
    Receiver.CUSTOMER: "Customer",
}
DUTIES = {
    Duty.AGENCIES_BY: "Agencies are told by",
    Duty.CUSTOMERS_AFTER: "No customer is told before",
    Duty.CUSTOMERS_BY: "Customers are told by",
}


def breach_states() -> list[tuple[str, str]]:
    """Return the choices of a breach's state."""
    return [(each.value, each.value.capitalize()) for each in BreachState]


def duties() -> list[tuple[str, str]]:
    """Return the choices of a clock's duty."""
    return [(each.value, DUTIES[each]) for each in Duty]


def receivers() -> list[tuple[str, str]]:
    """Return the choices of a notice's receiver."""
    return [(each.value, NAMES[each]) for each in Receiver]
