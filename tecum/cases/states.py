"""The kinds of cases, and the lives of a case, a target, a gate, a clock and a message in a case."""

from enum import StrEnum


class CaseKind(StrEnum):
    DEMAND = "demand"
    ORDER = "order"
    EMERGENCY = "emergency"


class CaseState(StrEnum):
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    JOINED = "JOINED"  # repeats another case, which is worked on


CASE_NEXT: dict[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset({CaseState.CLOSED, CaseState.JOINED}),
    CaseState.CLOSED: frozenset({CaseState.OPEN}),
    CaseState.JOINED: frozenset({CaseState.OPEN}),
}


class TargetState(StrEnum):
    ASKED = "ASKED"
    ANSWERED = "ANSWERED"
    WITHDRAWN = "WITHDRAWN"
    DECLINED = "DECLINED"  # not given, and said so: not ours, not kept, not honoured


TARGET_NEXT: dict[TargetState, frozenset[TargetState]] = {
    TargetState.ASKED: frozenset({TargetState.ANSWERED, TargetState.WITHDRAWN, TargetState.DECLINED}),
    TargetState.ANSWERED: frozenset({TargetState.ASKED}),
    TargetState.WITHDRAWN: frozenset({TargetState.ASKED}),
    TargetState.DECLINED: frozenset({TargetState.ASKED}),
}


class GateState(StrEnum):
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    WAIVED = "WAIVED"
    DENIED = "DENIED"  # the agency said no, or let its time pass: what it was for is left out


GATE_NEXT: dict[GateState, frozenset[GateState]] = {
    GateState.OPEN: frozenset({GateState.CLOSED, GateState.WAIVED, GateState.DENIED}),
    GateState.CLOSED: frozenset(),
    GateState.WAIVED: frozenset(),
    GateState.DENIED: frozenset(),
}


class QuoteState(StrEnum):
    OFFERED = "OFFERED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    LAPSED = "LAPSED"
    REPLACED = "REPLACED"  # what is asked changed before anybody answered, or nothing waits for it any more


QUOTE_NEXT: dict[QuoteState, frozenset[QuoteState]] = {
    QuoteState.OFFERED: frozenset(
        {QuoteState.ACCEPTED, QuoteState.REFUSED, QuoteState.LAPSED, QuoteState.REPLACED}
    ),
    QuoteState.ACCEPTED: frozenset(),
    QuoteState.REFUSED: frozenset(),
    QuoteState.LAPSED: frozenset(),
    QuoteState.REPLACED: frozenset(),
}


class ClockState(StrEnum):
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    ENDED = "ENDED"


CLOCK_NEXT: dict[ClockState, frozenset[ClockState]] = {
    ClockState.RUNNING: frozenset({ClockState.PAUSED, ClockState.ENDED}),
    ClockState.PAUSED: frozenset({ClockState.RUNNING, ClockState.ENDED}),
    ClockState.ENDED: frozenset(),
}


class EntryState(StrEnum):
    """A piece of correspondence: one from a sender who is nobody of the case waits for a person."""

    HELD = "HELD"
    JOINED = "JOINED"
    REFUSED = "REFUSED"


ENTRY_NEXT: dict[EntryState, frozenset[EntryState]] = {
    EntryState.HELD: frozenset({EntryState.JOINED, EntryState.REFUSED}),
    EntryState.JOINED: frozenset(),
    EntryState.REFUSED: frozenset(),
}


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Sender(StrEnum):
    """Who sent what came in, as far as the mail systems and the case prove it. Never an identity by itself."""

    CONTACT = "contact"  # an address of the case, proven by the mail systems
    AGENCY = "agency"  # another address of the agency's verified domain, proven
    UNPROVEN = "unproven"  # an address of the case or the agency, which no mail system vouches for
    STRANGER = "stranger"
    HAND = "hand"  # a person of the carrier received it


class Identifier(StrEnum):
    """What names a target."""

    NUMBER = "number"
    IMSI = "imsi"
    IMEI = "imei"
    ACCOUNT = "account"
    OTHER = "other"


TRUSTED = frozenset({Sender.CONTACT, Sender.AGENCY, Sender.HAND})
KIND_TITLES = {
    CaseKind.DEMAND: "Legal demand",
    CaseKind.ORDER: "Court order",
    CaseKind.EMERGENCY: "Emergency",
}


def case_kinds() -> list[tuple[str, str]]:
    """Return the choices of a case's kind; callables, so that a new value writes no migration."""
    return [(each.value, KIND_TITLES[each]) for each in CaseKind]


def case_states() -> list[tuple[str, str]]:
    """Return the choices of a case's state."""
    return [(each.value, each.value.capitalize()) for each in CaseState]


def target_states() -> list[tuple[str, str]]:
    """Return the choices of a target's state."""
    return [(each.value, each.value.capitalize()) for each in TargetState]


def gate_states() -> list[tuple[str, str]]:
    """Return the choices of a gate's state."""
    return [(each.value, each.value.capitalize()) for each in GateState]


def quote_states() -> list[tuple[str, str]]:
    """Return the choices of a quote's state."""
    return [(each.value, each.value.capitalize()) for each in QuoteState]


def clock_states() -> list[tuple[str, str]]:
    """Return the choices of a clock's state."""
    return [(each.value, each.value.capitalize()) for each in ClockState]


def entry_states() -> list[tuple[str, str]]:
    """Return the choices of a piece of correspondence's state."""
    return [(each.value, each.value.capitalize()) for each in EntryState]
