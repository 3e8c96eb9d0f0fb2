"""What has to be done next with a demand, and by whom."""

from dataclasses import dataclass
from datetime import datetime

from tecum.demands.states import DemandState


@dataclass(frozen=True, slots=True)
class NextAct:
    """The act in words, and whose turn it is: `desk`, `agency` or `nobody`."""

    words: str
    whose: str
    late: bool = False


WORDS = {
    DemandState.RECEIVED: ("Read it and confirm what it says", "desk"),
    DemandState.IN_REVIEW: ("Decide what is granted", "desk"),
    DemandState.DEFICIENT: ("The agency mends its process", "agency"),
    DemandState.OBJECTED: ("The agency answers the objection", "agency"),
    DemandState.SCOPED: ("Search, prepare and release the production", "desk"),
    DemandState.PRODUCED: ("Nothing: produced", "nobody"),
    DemandState.NO_RECORDS: ("Nothing: no records", "nobody"),
    DemandState.WITHDRAWN: ("Nothing: withdrawn", "nobody"),
    DemandState.ROUTED: ("Nothing: another company's", "nobody"),
    DemandState.REFUSED: ("Nothing: not honoured", "nobody"),
}


def next_act(state: DemandState, *, due_at: datetime | None, owner: str, now: datetime) -> NextAct:
    """Return what has to be done next."""
    words, whose = WORDS[state]
    if whose == "desk" and not owner:
        words = "Take it, then: " + words[0].lower() + words[1:]
    return NextAct(words, whose, late=whose == "desk" and due_at is not None and due_at < now)
