"""Whether the guide lets an agency accept, or pay, the price of a surveillance before it begins; and the price of what."""

from tecum.guide.model.fees import Gate
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question, fitting
from tecum.surveillance.rules.order_facts import OrderSaid

MONEY = frozenset({"fee_accepted", "quote_accepted", "paid", "deposit"})


def gate(guide: Guide, question: Question) -> Gate | None:
    """Return the rule by which a price comes first; none where work begins without."""
    fit = fitting(guide.gates, question, guide)
    return next((each for each in fit if each.kind in MONEY and each.before != "release"), None)


def priced(said: OrderSaid) -> tuple[str, ...]:
    """
    Return, piece by piece, what the price of an order is for: each target, service and type on each switch, and for how long.

    How long is what the order says, not the instant it comes to: that moves by itself while the order waits.
    """
    lines = [
        " ".join((line.number, line.service, line.type, switch))
        for line in said.ordered()
        for switch in line.switches
    ]
    lasts = " ".join(("lasts", said.duration, said.ends, said.start, said.counting)).strip()
    return (*sorted(set(lines)), lasts)
