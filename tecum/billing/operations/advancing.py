"""Payment in advance: money that names a quote is held for its case, opens the gate once it is enough, and pays the invoice."""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.billing.models import Invoice, Payment
from tecum.billing.operations.allocating import allocate
from tecum.billing.operations.quoting import LAPSES
from tecum.billing.rules.matching import named_quotes
from tecum.billing.states import PaymentState
from tecum.billing.taken import CannotMatch, locked
from tecum.cases import operations as gates
from tecum.cases import queries as cases
from tecum.cases.states import CaseKind
from tecum.deadlines import operations as deadlines
from tecum.demands import operations as demands
from tecum.kernel.actors import Actor

SELF = Actor.system("billing")


@transaction.atomic
def hold(*, payment: str, quote: str, by: Actor, now: datetime) -> None:
    """
    Say that a payment pays a quote in advance, named by its reference: it is held, and the work goes on once it is enough.

    :raises NotYours: without the permission, or for an unknown payment
    :raises CannotMatch: for a quote that does not wait for a payment, or in another currency
    """
    require(by, "billing.pay", now=now)
    accounts.stand(by=by, now=now)
    row = locked(payment, PaymentState.WAITING)
    if not hold_named(row, quote, by=by, now=now):
        raise CannotMatch(f"There is no quote {quote.strip()} that waits for a payment in {row.currency}.")


def hold_named(row: Payment, text: str, *, by: Actor, now: datetime) -> bool:
    """Hold a payment, in the caller's transaction, where a text names one quote that waits for it; tell whether it does."""
    named = named_quotes(text)
    waiting = cases.waiting_quotes(named, now=now) if named else []
    if len(waiting) != 1 or waiting[0][2].currency != row.currency:
        return False
    ((quote, case, amount, kind),) = waiting
    Payment.objects.filter(pk=row.pk).update(state=PaymentState.HELD, quote=quote, case=case)
    audit.record("billing.payment_held", by=by, at=now, payment=row.pk, quote=quote, cents=row.left_cents)
    held = Payment.objects.filter(state=PaymentState.HELD, quote=quote)
    if (held.aggregate(sum=Sum("left_cents"))["sum"] or 0) >= amount.cents:
        _open(quote, case, kind, row.pk, now=now)
    return True


def _open(quote: str, case: str, kind: CaseKind, payment: str, *, now: datetime) -> None:
    """Accept a quote that is paid: of a demand its work goes on by that, of an order its gate opens."""
    if kind is CaseKind.DEMAND:
        demands.fee_paid(quote=quote, payment=payment, by=SELF, now=now)
        return
    deadlines.disarm(LAPSES, subject=quote, now=now)
    (known,) = [each for each in cases.quotes(case=case, by=SELF, now=now) if each.id == quote]
    gates.accept_quote(
        quote=quote, seen=known.digest, how="payment", given="the payment", who=SELF.ref, evidence=payment, by=SELF, now=now
    )  # fmt: skip


@transaction.atomic
def let_go(*, payment: str, by: Actor, now: datetime) -> None:
    """Hold a payment no longer for its quote: it waits for a person again, and may go back. What was let begin goes on."""
    require(by, "billing.pay", now=now)
    accounts.stand(by=by, now=now)
    _free(locked(payment, PaymentState.HELD), by=by, now=now)


def draw(case: str, invoice: Invoice | None, *, by: Actor, now: datetime) -> None:
    """Pay an invoice, in the caller's transaction, from what was paid for its case in advance; the rest waits for a person."""
    rows = (
        Payment.objects.select_for_update()
        .filter(state=PaymentState.HELD, case=case)
        .order_by("received_on", "pk")
    )
    for row in list(rows):
        _free(row, by=by, now=now)
        if invoice is None or invoice.currency != row.currency:
            continue
        invoice.refresh_from_db()
        if invoice.cents > invoice.paid_cents:
            row.refresh_from_db()
            allocate(row, invoice, by=by, now=now)


def _free(row: Payment, *, by: Actor, now: datetime) -> None:
    Payment.objects.filter(pk=row.pk).update(state=PaymentState.WAITING, quote="", case="")
    audit.record("billing.payment_let_go", by=by, at=now, payment=row.pk, quote=row.quote)
