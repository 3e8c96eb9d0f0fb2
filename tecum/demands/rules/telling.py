"""How a demand stands, in words for those who sent it: its state, what was promised, what waits for them; never a target."""

from tecum.cases.states import ClockState
from tecum.demands.states import DemandState

STANDS = {
    DemandState.RECEIVED: "It arrived and waits for its review.",
    DemandState.IN_REVIEW: "It is being reviewed.",
    DemandState.DEFICIENT: "It lacks something; we wrote to you what, and which wording to use.",
    DemandState.OBJECTED: "It cannot be answered as it is; we wrote to you why, and what would help.",
    DemandState.SCOPED: "Its review is done; the answer is being made.",
    DemandState.PRODUCED: "It is answered.",
    DemandState.NO_RECORDS: "It is answered: nothing was found.",
    DemandState.WITHDRAWN: "It was withdrawn.",
    DemandState.ROUTED: "It belongs to another company; we wrote to you which.",
    DemandState.REFUSED: "It is not acted on; we wrote to you why.",
}
WRITTEN = {DemandState.DEFICIENT, DemandState.OBJECTED}
GATES = {
    "fee_accepted": "A fee waits for your agreement.",
    "quote_accepted": "A quote waits for your agreement.",
    "consent": "A written consent is waited for.",
    "paid": "A payment is waited for.",
    "form_signed": "A form waits for your signature.",
    "customer_told": "Our guide has the customer told before we answer. If an order forbids that, send it to us now.",
}
OTHER_GATE = "Something is waited for; the desk can say what."


def points(state: DemandState, gates: list[str]) -> tuple[str, ...]:
    """Return what waits for the agency, each as one sentence."""
    found = ["Send what our letter asks for, and name the case."] if state in WRITTEN else []
    return (*found, *dict.fromkeys(GATES.get(each, OTHER_GATE) for each in gates))


def promised(clock: ClockState | None, due: str, *, goal: bool = False) -> str:
    """Return the promise as it runs: `due` is the instant in words, empty where there is none; a goal is no promise."""
    if clock is ClockState.PAUSED:
        return "The time for the answer stands still until we have what our letter asks for."
    if clock is ClockState.RUNNING and due and goal:
        return f"Our goal is an answer by {due}; it is no promise."
    if clock is ClockState.RUNNING and due:
        return f"An answer is promised by {due}."
    if clock is ClockState.ENDED:
        return "Nothing is waited for any more."
    return "Our guide promises no time for this."
