"""Whether the guide lets an agency accept, or pay, the price of a surveillance before it begins."""

from tecum.guide.model.fees import Gate
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question, fitting

MONEY = frozenset({"fee_accepted", "quote_accepted", "paid", "deposit"})


def gate(guide: Guide, question: Question) -> Gate | None:
    """Return the rule by which a price comes first; none where work begins without."""
    fit = fitting(guide.gates, question, guide)
    return next((each for each in fit if each.kind in MONEY and each.before != "release"), None)
