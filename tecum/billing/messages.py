"""What agencies are told about money: by the invoice's number and our words; never a target, never what was asked."""

from tecum.guide.model.guide import Guide
from tecum.notices.messages import declare

INVOICE = declare(
    "invoice_sent", "an agency what a concluded service costs",
    "number", "total", "due", "lines", "remit_to", "reference", money=True,
)  # fmt: skip
CREDIT_NOTE = declare(
    "credit_note_sent",
    "an agency that an invoice was corrected",
    "number",
    "invoice",
    "total",
    "lines",
    money=True,
)
REMINDER = declare(
    "invoice_reminder", "an agency that an invoice is overdue",
    "number", "owed", "due", "remit_to", "reference", money=True,
)  # fmt: skip
STATEMENT = declare(
    "billing_statement",
    "an agency which of its invoices are open",
    "agency",
    "owed",
    "lines",
    "remit_to",
    money=True,
)
ORDER_QUOTE = declare(
    "order_quote", "an agency what its order will cost, and how to accept it",
    "case", "quote", "amount", "until", "lines", "how", money=True,
)  # fmt: skip
QUOTE_LAPSED = declare(
    "order_quote_lapsed",
    "an agency that nobody accepted the price of its order in time",
    "case",
    "quote",
    "amount",
    money=True,
)
ARREARS = declare(
    "arrears_begin", "an agency what its overdue invoices change from now on",
    "agency", "owed", "since", "changes", "invoices", "remit_to", money=True,
)  # fmt: skip


def mailbox(guide: Guide) -> str:
    """Return the mailbox that letters about money come from: billing's own, else that of letters about cases."""
    return next((box.id for box in guide.mailboxes if box.purpose == "billing"), "") or guide.writes_from
