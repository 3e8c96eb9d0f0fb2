"""The turns of an invoice's life, which corrections and payments share."""

from datetime import datetime

from django.db.models import Sum

from tecum.audit import operations as audit
from tecum.billing import reminders
from tecum.billing.models import Invoice
from tecum.billing.operations.owing import judge_arrears
from tecum.billing.states import INVOICE_NEXT, InvoiceState
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy

SETTLED = frozenset({InvoiceState.PAID, InvoiceState.CREDITED, InvoiceState.GIVEN_UP})


class CannotCorrect(Refused):
    """An invoice that cannot be corrected like this."""


def balance(row: Invoice, *, by: Actor, now: datetime) -> None:
    """Turn an invoice to what its payments and credit notes make of it."""
    row.refresh_from_db()
    credited = -(row.credit_notes.aggregate(sum=Sum("cents"))["sum"] or 0)
    owed = row.cents - credited - row.paid_cents
    to = InvoiceState(row.state)
    if owed <= 0:
        to = InvoiceState.CREDITED if credited >= row.cents else InvoiceState.PAID
    elif row.state == InvoiceState.PAID:
        to = InvoiceState.OPEN
    if to == row.state:
        return
    turn(row, to, by=by, now=now, why=row.why)
    if to in SETTLED:
        reminders.disarm(row, now=now)
    else:
        reminders.arm(row, policy.at(now), now=now)


def turn(row: Invoice, to: InvoiceState, *, by: Actor, now: datetime, why: str) -> None:
    """Change the state of an invoice, only as its life allows, and record it. :raises CannotCorrect: otherwise"""
    was = InvoiceState(row.state)
    changes: dict[str, object] = {
        "settled_at": now if to in SETTLED else None,
        "settled_by": by.ref if to in SETTLED else "",
    }
    if to is InvoiceState.DISPUTED:
        changes |= {"disputed_at": now, "disputed_by": by.ref}
    rows = Invoice.objects.filter(pk=row.pk, state=was)
    if to not in INVOICE_NEXT[was] or not rows.update(state=to, why=why, **changes):
        raise CannotCorrect(f"Invoice {row} is already {was.lower().replace('_', ' ')}.")
    row.refresh_from_db()
    audit.record(
        "billing.invoice_turned", by=by, at=now, matter=row.matter, case=row.case, invoice=row.pk, was=was.value,
        state=to.value,
    )  # fmt: skip
    if row.agency and row.due_on is not None:
        judge_arrears(agency=row.agency, by=by, now=now)
