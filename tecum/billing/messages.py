"""What agencies are told about money: by the invoice's number and our words; never a target, never what was asked."""

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
