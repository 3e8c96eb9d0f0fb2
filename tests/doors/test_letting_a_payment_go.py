"""A payment that was matched, or is held for a quote, waits for a person again: confirmed on a page, by who may."""

import pytest
import time_machine

from tecum.billing import operations as billing
from tecum.billing.queries import papers
from tecum.billing.states import InvoiceState, PaymentState
from tests import make, people
from tests.behaviour.test_billing_a_case import example, matter, statement  # noqa: F401
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_a_clerk_takes_a_payment_off_its_invoice_and_an_officer_finds_no_such_page():
    bess = make.person("Bess Oduya", roles=["billing"])
    clerk = make.acting(bess, stepped_up_at=NOON)
    invoice = billing.issue(case=matter().id, by=clerk, now=NOON)
    file = statement(f"B-1,2026-09-10,25.00,USD,Ash,{invoice.number}")
    billing.take_payments(content=file, by=clerk, now=NOON)
    (row,) = papers.payments(by=clerk, now=NOON, state="MATCHED")

    with time_machine.travel(NOON, tick=False):
        refused = people.sign_in(make.officer(), at=NOON).post(f"/billing/payments/{row.id}/take-off/")
        visitor = people.sign_in(bess, at=NOON)
        shown = visitor.get(f"/billing/payments/{row.id}/take-off/")
        done = visitor.post(f"/billing/payments/{row.id}/take-off/", follow=True)
        nothing_held = visitor.post(f"/billing/payments/{row.id}/let-go/", follow=True)

    assert refused.status_code == 404
    assert "Take it off its invoices" in shown.content.decode()
    assert "It waits again." in done.content.decode()
    assert nothing_held.status_code == 422 and "This payment is waiting." in nothing_held.content.decode()
    assert papers.payment(id=row.id, by=clerk, now=NOON).state is PaymentState.WAITING
    assert papers.invoice(id=invoice.id, by=clerk, now=NOON).state is InvoiceState.OPEN
