"""The life of a legal process received."""

from enum import StrEnum

ANSWER, RETURN_DATE = "answer", "return_date"  # the clocks of a case that process starts


class ReceivedState(StrEnum):
    RECEIVED = "RECEIVED"
    SOUND = "SOUND"  # the checklist found nothing missing, or a person accepted it all the same
    DEFICIENT = "DEFICIENT"  # a letter says what to mend
    ELSEWHERE = "ELSEWHERE"  # belongs to another company or partner; a letter says where
    NOT_HONOURED = "NOT_HONOURED"  # a letter says why
    REPEATED = "REPEATED"  # the same as another; worked on there


RECEIVED_NEXT: dict[ReceivedState, frozenset[ReceivedState]] = {
    ReceivedState.RECEIVED: frozenset(
        {
            ReceivedState.SOUND,
            ReceivedState.DEFICIENT,
            ReceivedState.ELSEWHERE,
            ReceivedState.NOT_HONOURED,
            ReceivedState.REPEATED,
        }
    ),
    ReceivedState.SOUND: frozenset({ReceivedState.RECEIVED, ReceivedState.DEFICIENT}),
    ReceivedState.DEFICIENT: frozenset(
        {ReceivedState.RECEIVED, ReceivedState.SOUND, ReceivedState.NOT_HONOURED}
    ),
    ReceivedState.ELSEWHERE: frozenset({ReceivedState.RECEIVED}),
    ReceivedState.NOT_HONOURED: frozenset({ReceivedState.RECEIVED}),
    ReceivedState.REPEATED: frozenset({ReceivedState.RECEIVED}),
}


def received_states() -> list[tuple[str, str]]:
    """Return the choices of a received process's state."""
    return [(each.value, each.value.replace("_", " ").capitalize()) for each in ReceivedState]
