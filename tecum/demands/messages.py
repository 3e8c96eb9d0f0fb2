"""What an agency hears about its demand, and a customer where the guide owes a notice."""

from tecum.guide.model.guide import Guide
from tecum.kernel.refusals import Refused
from tecum.notices.messages import declare

DEMAND_WITHDRAWN = declare(
    "demand_withdrawn",
    "an agency that its demand is withdrawn, and until when that can be undone",
    "case",
    "until",
)
DEMAND_OBJECTION = declare(
    "demand_objection",
    "an agency why its demand cannot be answered as it is, and what would help",
    "case",
    "reasons",
    "proposal",
)
CASE_STANDS = declare(
    "case_stands",
    "somebody on a case's own list how it stands: the promised time and what is still open, never a target",
    "case",
    "stands",
    "promised",
    "points",
)
PRESERVATION_CONFIRMED = declare(
    "preservation_confirmed",
    "an agency until when records are kept for it",
    "case",
    "until",
)
PRESERVATION_ENDS = declare(
    "preservation_ends",
    "an agency that records are kept for it only a little longer",
    "case",
    "until",
)
FEE_QUOTE = declare(
    "fee_quote",
    "an agency what a part of its demand costs, and how to accept it (R-105)",
    "case",
    "quote",
    "amount",
    "until",
    "lines",
)
CUSTOMER_NOTICE = declare(
    "customer_notice",
    "a customer that legal process asks for records about them, once nothing forbids it",
    "case",
    "process",
)


class NoMailbox(Refused):
    """The guide names no mailbox that a letter could come from."""


def has_box(guide: Guide) -> bool:
    """Tell whether the guide has a mailbox that letters about demands can come from."""
    return any(
        each.purpose in {"demands", "portal", "other"} and not each.no_reply for each in guide.mailboxes
    )


def box(guide: Guide) -> str:
    """Return the mailbox that letters about demands come from. :raises NoMailbox: where the guide has none"""
    for purpose in ("demands", "portal", "other"):
        for each in guide.mailboxes:
            if each.purpose == purpose and not each.no_reply:
                return each.id
    raise NoMailbox(
        "The guide names no mailbox that letters about demands could come from; send it by post or fax."
    )
