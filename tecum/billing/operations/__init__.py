"""What is done about money: one function per verb."""

from tecum.billing.operations.advancing import hold, let_go
from tecum.billing.operations.answering import answer_order_quote, order_quote_lapses
from tecum.billing.operations.bills import (
    CannotWaive,
    UnknownCircumstance,
    change,
    charge_again,
    waive,
)
from tecum.billing.operations.correcting import credit, dispute, end_dispute, give_up
from tecum.billing.operations.exporting import ExportFile, export
from tecum.billing.operations.invoicing import CannotInvoice, Issued, issue, issue_many
from tecum.billing.operations.owing import judge_arrears
from tecum.billing.operations.paying import (
    BadFile,
    Taken,
    match,
    send_back,
    take_payments,
    unmatch,
)
from tecum.billing.operations.quoting import CannotQuote, price_order_again, quote_order
from tecum.billing.operations.reminding import CannotSend, remind, send, send_statement
from tecum.billing.operations.turning import CannotCorrect
from tecum.billing.taken import CannotMatch

__all__ = [
    "CannotQuote", "answer_order_quote", "order_quote_lapses", "price_order_again", "quote_order",
    "BadFile", "CannotCorrect", "CannotInvoice", "CannotMatch", "CannotSend", "CannotWaive", "ExportFile", "Issued", "Taken",
    "UnknownCircumstance", "change", "charge_again", "credit", "dispute", "end_dispute", "export", "give_up", "issue", "issue_many",
    "judge_arrears", "hold", "let_go",
    "match", "remind", "send", "send_back", "send_statement", "take_payments", "unmatch", "waive",
]  # fmt: skip
