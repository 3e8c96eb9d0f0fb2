"""The life of a message, and the classes it can end in."""

from enum import StrEnum


class State(StrEnum):
    RECEIVED = "RECEIVED"  # stored, not read yet
    WAITING = "WAITING"  # read; a person has to say what it is
    CLASSIFIED = "CLASSIFIED"  # in exactly one class, not handed on yet
    RESTING = "RESTING"  # in its class, and nothing here works on it by itself: a person does
    ROUTED = "ROUTED"  # handed on to what its class means


NEXT: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.WAITING, State.CLASSIFIED}),
    State.WAITING: frozenset({State.CLASSIFIED}),
    State.CLASSIFIED: frozenset({State.ROUTED, State.RESTING, State.CLASSIFIED}),
    State.RESTING: frozenset({State.ROUTED, State.CLASSIFIED}),
    State.ROUTED: frozenset({State.CLASSIFIED}),
}


FINAL_STATES = frozenset({State.CLASSIFIED, State.RESTING, State.ROUTED})


class MessageClass(StrEnum):
    """What a message is. Every message ends in exactly one (invariant I6)."""

    APPLICATION = "application"
    SUPPORT = "support"
    LEGAL_DEMAND = "legal_demand"
    STATUS = "status"
    CASE_REPLY = "case_reply"
    MISDIRECTED = "misdirected"
    CIVIL = "civil"
    AUTOMATIC = "automatic"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"


def states() -> list[tuple[str, str]]:
    """Return the choices of a message's state."""
    return [(each.value, each.value.capitalize()) for each in State]


def classes() -> list[tuple[str, str]]:
    """Return the choices of a message's class."""
    return [(each.value, TITLES[each]) for each in MessageClass]


TITLES: dict[MessageClass, str] = {
    MessageClass.APPLICATION: "Application",
    MessageClass.SUPPORT: "Support request",
    MessageClass.LEGAL_DEMAND: "Legal demand",
    MessageClass.STATUS: "Status or withdrawal",
    MessageClass.CASE_REPLY: "Reply to a case",
    MessageClass.MISDIRECTED: "Misdirected",
    MessageClass.CIVIL: "Civil party",
    MessageClass.AUTOMATIC: "Automatic",
    MessageClass.DUPLICATE: "Duplicate",
    MessageClass.QUARANTINED: "Quarantined",
}
