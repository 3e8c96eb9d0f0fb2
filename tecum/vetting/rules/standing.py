"""How an application stands, in the words that the applicant reads: the same by mail and on the page (R-060, C7)."""

from dataclasses import dataclass
from datetime import datetime

from tecum.guide.model.guide import Guide
from tecum.kernel import words
from tecum.vetting.states import OPEN, ApplicationState


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an application and may be told to its applicant."""

    reference: str
    state: ApplicationState
    received_at: datetime
    promised_by: datetime
    decided_at: datetime | None = None
    activated: bool = False
    link_until: datetime | None = None
    link_over: bool = False


def how_it_stands(facts: Facts, guide: Guide, *, now: datetime) -> str:
    """Return it in a sentence or two. Who looks at it, and what was found, stays in the house."""
    if facts.state in OPEN:
        return _in_review(facts, guide, now)
    decided = _day(facts.decided_at, guide)
    if facts.state is ApplicationState.RETURNED:
        return f"It was returned on {decided}. Our message of that day says what to mend; then please send it again."
    if facts.state is ApplicationState.REFUSED:
        return f"It could not be accepted. Our message of {decided} says why."
    if facts.activated:
        return f"It was accepted on {decided}, and your account is in use."
    sender = guide.mailbox(guide.lookup.activation_sender or "portal").address
    if facts.link_over or (facts.link_until is not None and facts.link_until <= now):
        return f"It was accepted on {decided}. The link that sets your password ran out; ask for a new one at {guide.mailbox('portal').address}."
    return f"It was accepted on {decided}. Two messages were sent from {sender}; the link in the second is good for {guide.lookup.vetting.link_life}."


def _in_review(facts: Facts, guide: Guide, now: datetime) -> str:
    received, window = _day(facts.received_at, guide), guide.lookup.vetting.window
    if now <= facts.promised_by:
        return f"It was received on {received} and is being reviewed. The review may take {window}: until {_day(facts.promised_by, guide)}."
    return f"It was received on {received} and is being reviewed. That takes longer than the {window} we promised, and our people know it."


def _day(at: datetime | None, guide: Guide) -> str:
    return words.day(at.astimezone(guide.carrier.zone.tz).date()) if at else "–"
