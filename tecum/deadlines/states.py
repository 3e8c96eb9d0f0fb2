"""The life of a deadline."""

from enum import StrEnum


class State(StrEnum):
    ARMED = "ARMED"
    CLAIMED = "CLAIMED"
    DONE = "DONE"
    DISARMED = "DISARMED"
    DEAD = "DEAD"


NEXT: dict[State, frozenset[State]] = {
    State.ARMED: frozenset({State.CLAIMED, State.DISARMED}),
    State.CLAIMED: frozenset({State.DONE, State.ARMED, State.CLAIMED, State.DEAD, State.DISARMED}),
    State.DEAD: frozenset({State.ARMED, State.DISARMED}),
    State.DONE: frozenset(),
    State.DISARMED: frozenset(),
}
