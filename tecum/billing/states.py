"""The life of an invoice and of a payment, and how a fact is settled."""

from enum import StrEnum


class InvoiceState(StrEnum):
    """An invoice is open until it is paid, credited in full, or given up."""

    OPEN = "OPEN"
    DISPUTED = "DISPUTED"
    PAID = "PAID"
    CREDITED = "CREDITED"
    GIVEN_UP = "GIVEN_UP"


INVOICE_NEXT: dict[InvoiceState, frozenset[InvoiceState]] = {
    InvoiceState.OPEN: frozenset(
        {InvoiceState.DISPUTED, InvoiceState.PAID, InvoiceState.CREDITED, InvoiceState.GIVEN_UP}
    ),
    InvoiceState.DISPUTED: frozenset(
        {InvoiceState.OPEN, InvoiceState.PAID, InvoiceState.CREDITED, InvoiceState.GIVEN_UP}
    ),
    InvoiceState.PAID: frozenset({InvoiceState.OPEN, InvoiceState.CREDITED}),
    InvoiceState.CREDITED: frozenset(),
    InvoiceState.GIVEN_UP: frozenset({InvoiceState.OPEN, InvoiceState.PAID}),
}
TITLES: dict[InvoiceState, str] = {
    InvoiceState.OPEN: "Open",
    InvoiceState.DISPUTED: "Disputed",
    InvoiceState.PAID: "Paid",
    InvoiceState.CREDITED: "Credited",
    InvoiceState.GIVEN_UP: "Given up",
}


class PaperKind(StrEnum):
    """An invoice, or the credit note that corrects one."""

    INVOICE = "INVOICE"
    CREDIT = "CREDIT"


class Series(StrEnum):
    """What an invoice is numbered in: sealed cases have numbers of their own, so that a gap tells nobody of them."""

    ORDINARY = "INV"
    SEALED = "SIN"


class Outcome(StrEnum):
    """How a fact was settled (invariant I10: facts = invoiced + waived + free + unbilled)."""

    INVOICED = "INVOICED"
    WAIVED = "WAIVED"
    FREE = "FREE"  # no fee of the guide counts it, or another fact of the same fee included it


class PaymentState(StrEnum):
    """A payment waits for a person until it is matched, held for a quote that is paid in advance, or sent back."""

    WAITING = "WAITING"
    HELD = "HELD"  # paid in advance: kept for the invoice of its case
    MATCHED = "MATCHED"
    SENT_BACK = "SENT_BACK"


PAYMENT_NEXT: dict[PaymentState, frozenset[PaymentState]] = {
    PaymentState.WAITING: frozenset({PaymentState.MATCHED, PaymentState.HELD, PaymentState.SENT_BACK}),
    PaymentState.HELD: frozenset({PaymentState.MATCHED, PaymentState.WAITING}),
    PaymentState.MATCHED: frozenset({PaymentState.WAITING}),
    PaymentState.SENT_BACK: frozenset(),
}


def invoice_states() -> list[tuple[str, str]]:
    """Return the choices of an invoice's state; a callable, so that a new state writes no migration."""
    return [(each.value, TITLES[each]) for each in InvoiceState]


def paper_kinds() -> list[tuple[str, str]]:
    """Return the choices of what a paper is."""
    return [(each.value, each.value.capitalize()) for each in PaperKind]


def all_series() -> list[tuple[str, str]]:
    """Return the choices of a series."""
    return [(each.value, each.name.capitalize()) for each in Series]


def outcomes() -> list[tuple[str, str]]:
    """Return the choices of how a fact was settled."""
    return [(each.value, each.value.capitalize()) for each in Outcome]


def payment_states() -> list[tuple[str, str]]:
    """Return the choices of a payment's state."""
    return [(each.value, each.value.replace("_", " ").capitalize()) for each in PaymentState]
