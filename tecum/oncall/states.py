"""The life of an escalation, what is written into its record, and what a shift is."""

from enum import StrEnum


class EscalationState(StrEnum):
    CLIMBING = "CLIMBING"  # nobody has taken it
    TAKEN = "TAKEN"  # somebody has; the ladder climbs on until the call-back is recorded
    ENDED = "ENDED"  # somebody called back, or the drill is over


ESCALATION_NEXT: dict[EscalationState, frozenset[EscalationState]] = {
    EscalationState.CLIMBING: frozenset({EscalationState.TAKEN, EscalationState.ENDED}),
    EscalationState.TAKEN: frozenset({EscalationState.ENDED}),
    EscalationState.ENDED: frozenset(),
}


class EntryKind(StrEnum):
    """What the record of an escalation can hold (R-088)."""

    BEGUN = "begun"
    AGAIN = "again"  # the same thing came a second time: by another channel, or because it was not mended
    VOICEMAIL_LEFT = "voicemail_left"
    PAGE_ATTEMPTED = "page_attempted"  # by the caller, who says so
    STEP = "step"
    PAGED = "paged"
    NOBODY = "nobody"  # the step found nobody it could page
    UNDELIVERED = "undelivered"
    TAKEN = "taken"
    CALLED_BACK = "called_back"
    ENDED = "ended"


class ShiftKind(StrEnum):
    ORDINARY = "ordinary"
    COVER = "cover"


ENTRY_WORDS = {
    EntryKind.BEGUN: "The escalation began",
    EntryKind.AGAIN: "The same was reported again",
    EntryKind.VOICEMAIL_LEFT: "The caller says that a voicemail was left",
    EntryKind.PAGE_ATTEMPTED: "The caller says that a page was attempted",
    EntryKind.STEP: "A step of the ladder fired",
    EntryKind.PAGED: "A page left",
    EntryKind.NOBODY: "Nobody could be paged",
    EntryKind.UNDELIVERED: "A page could not be delivered",
    EntryKind.TAKEN: "Somebody took it",
    EntryKind.CALLED_BACK: "A call-back was recorded",
    EntryKind.ENDED: "The escalation ended",
}


def escalation_states() -> list[tuple[str, str]]:
    """Return the choices of an escalation's state; a callable, so that a new state writes no migration."""
    return [(each.value, each.value.lower()) for each in EscalationState]


def entry_kinds() -> list[tuple[str, str]]:
    """Return the choices of an entry's kind."""
    return [(each.value, ENTRY_WORDS[each]) for each in EntryKind]


def shift_kinds() -> list[tuple[str, str]]:
    """Return the choices of a shift's kind."""
    return [(each.value, each.value) for each in ShiftKind]
