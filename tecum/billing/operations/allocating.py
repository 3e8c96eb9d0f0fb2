"""Giving payments to invoices, which payments and advances share."""

from datetime import datetime

from tecum.audit import operations as audit
from tecum.billing.models import Allocation, Invoice, Payment
from tecum.billing.operations.turning import balance
from tecum.billing.states import PaperKind, PaymentState
from tecum.billing.taken import CannotMatch
from tecum.kernel.actors import Actor


def allocate(row: Payment, invoice: Invoice, *, by: Actor, now: datetime) -> None:
    """Give, in the caller's transaction, an invoice as much of a payment as it still owes. :raises CannotMatch: when it owes nothing"""
    if invoice.kind != PaperKind.INVOICE or invoice.currency != row.currency:
        raise CannotMatch(f"The payment is in {row.currency}, the invoice in {invoice.currency}.")
    credited = sum(note.cents for note in invoice.credit_notes.all())
    cents = min(row.left_cents, invoice.cents + credited - invoice.paid_cents)
    if cents <= 0:
        raise CannotMatch(f"Invoice {invoice} owes nothing.")
    Allocation.objects.create(payment=row, invoice=invoice, cents=cents, at=now, by=by.ref)
    Invoice.objects.filter(pk=invoice.pk).update(paid_cents=invoice.paid_cents + cents)
    left = row.left_cents - cents
    ended = {} if left else {"state": PaymentState.MATCHED, "ended_at": now, "ended_by": by.ref}
    Payment.objects.filter(pk=row.pk).update(left_cents=left, **ended)
    told(row, invoice, cents, by=by, now=now)
    balance(invoice, by=by, now=now)


def told(row: Payment, invoice: Invoice, cents: int, *, by: Actor, now: datetime) -> None:
    """Write down that so much of a payment went to an invoice."""
    audit.record(
        "billing.paid",
        by=by,
        at=now,
        matter=invoice.matter,
        case=invoice.case,
        invoice=invoice.pk,
        payment=row.pk,
        cents=cents,
    )
