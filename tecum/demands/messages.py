"""What an agency hears about its demand, and a customer where the guide owes a notice."""

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
FEE_IN_ADVANCE = declare(
    "fee_in_advance", "an agency what is paid before its demand is worked on, and how",
    "case", "quote", "amount", "until", "lines", "remit_to",
)  # fmt: skip
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
