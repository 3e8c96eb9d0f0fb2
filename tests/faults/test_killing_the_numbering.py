"""kill -9 while an invoice, a credit note or a payment is written, and many clerks at once: no gap, nothing twice (I10)."""

import importlib
import os
import signal
from datetime import timedelta

import pytest
from django.db import connections

from tecum.billing import operations as billing
from tecum.billing.queries import account, papers, recomputing
from tecum.billing.states import InvoiceState
from tecum.billing.watching import broken
from tecum.models import Invoice, InvoiceSeries, Payment, SettledFact
from tests import make
from tests.behaviour.test_billing_a_case import clerk, example, matter, statement  # noqa: F401
from tests.make import NOON
from tests.race import FORK, PATIENCE, race
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
ISSUING = "tecum.billing.operations.invoicing"
STEPS = [f"{ISSUING}.next_number", f"{ISSUING}._line", f"{ISSUING}._settle", f"{ISSUING}.draw"]


def killed(act, *, after):
    """Run an act in a process that dies by SIGKILL right after a function of ours returned; return its exit code."""

    def run():
        path, name = after.rsplit(".", 1)
        module = importlib.import_module(path)
        whole = getattr(module, name)

        def dies(*words, **more):
            whole(*words, **more)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(module, name, dies)
        act()

    connections.close_all()
    process = FORK.Process(target=run, daemon=True)
    process.start()
    process.join(PATIENCE)
    return process.exitcode


def numbers(series="INV"):
    return list(Invoice.objects.filter(series=series).order_by("number").values_list("number", flat=True))


@pytest.mark.parametrize("step", STEPS, ids=[step.rpartition(".")[2] for step in STEPS])
def test_an_invoice_that_dies_at_any_step_leaves_no_gap_and_nothing_settled(clerk, step):  # noqa: F811
    made = matter()

    code = killed(lambda: billing.issue(case=made.id, by=clerk, now=NOON), after=step)
    left = (
        numbers(),
        SettledFact.objects.count(),
        len(account.bill(case=made.id, by=clerk, now=NOON).to_settle),
    )
    view = billing.issue(case=made.id, by=clerk, now=NOON)

    assert code == -signal.SIGKILL
    assert left == ([], 0, 1)
    assert (view.number, numbers()) == ("INV-000001", [1])
    assert broken() == ()
    assert all(each.agrees for each in recomputing.recompute(case=made.id, by=clerk, now=NOON))


@pytest.mark.parametrize("step", ["next_number", "_taken_back", "_release", "balance"])
def test_a_credit_note_that_dies_takes_nothing_back_and_its_number_is_given_again(clerk, step):  # noqa: F811
    made = matter()
    first = billing.issue(case=made.id, by=clerk, now=NOON)
    told = {
        "invoice": first.id, "lines": [line.id for line in first.lines], "reason": "Wrong agency", "again": True,
        "by": clerk, "now": NOON,
    }  # fmt: skip

    code = killed(lambda: billing.credit(**told), after=f"tecum.billing.operations.correcting.{step}")
    left = (numbers(), papers.invoice(id=first.id, by=clerk, now=NOON).state)
    note = billing.credit(**told)

    assert code == -signal.SIGKILL
    assert left == ([1], InvoiceState.OPEN)
    assert (note.number, numbers()) == ("INV-000002", [1, 2])


@pytest.mark.parametrize("step", ["paying.allocate", "allocating.told", "allocating.balance"])
def test_a_file_of_payments_that_dies_in_the_middle_is_given_again_and_each_counts_once(clerk, step):  # noqa: F811
    made = [billing.issue(case=matter().id, by=clerk, now=NOON) for _ in range(2)]
    file = statement("B-1,2026-09-10,25.00,USD,Ash,INV-1", "B-2,2026-09-10,25.00,USD,Ash,INV-2")

    code = killed(
        lambda: billing.take_payments(content=file, by=clerk, now=NOON),
        after=f"tecum.billing.operations.{step}",
    )
    billing.take_payments(content=file, by=clerk, now=NOON)

    assert code == -signal.SIGKILL
    assert {papers.invoice(id=each.id, by=clerk, now=NOON).state for each in made} == {InvoiceState.PAID}
    assert sorted(Payment.objects.values_list("source", "left_cents")) == [("B-1", 0), ("B-2", 0)]


def test_many_clerks_at_once_number_without_a_gap_and_no_case_twice(clerk):  # noqa: F811
    cases = [matter().id for _ in range(6)]

    def act(place):
        try:
            return billing.issue(case=cases[place % 6], by=clerk, now=NOON).number
        except billing.CannotInvoice as refusal:
            return str(refusal)

    said = race(8, act)

    assert sorted(each for each in said if str(each).startswith("INV-")) == [
        f"INV-{n:06}" for n in range(1, 7)
    ]
    assert numbers() == [1, 2, 3, 4, 5, 6]
    assert InvoiceSeries.objects.get(series="INV").last == 6
    assert broken() == ()


@pytest.mark.slow
def test_on_one_night_every_agency_is_invoiced_once_and_in_order(clerk):  # noqa: F811
    count = size(ci=40, proof=1_000)
    agencies = [make.agency(name=f"County {n} Sheriff").id for n in range(count)]
    made = [matter(agency=agency).id for agency in agencies]

    issued = billing.issue_many(chosen=[*made, *made], by=clerk, now=NOON)
    again = billing.issue_many(chosen=made, by=clerk, now=NOON + timedelta(minutes=1))

    assert [len(issued.invoices), issued.settled_free, len(issued.left)] == [count, 0, 0]
    assert (again.invoices, len(again.left)) == ((), count)
    assert numbers() == list(range(1, count + 1))
    assert {each.agency for each in issued.invoices} == set(agencies)
    assert broken() == ()
