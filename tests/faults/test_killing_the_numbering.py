"""kill -9 while an invoice, a credit note or a payment is written, and many clerks at once: no gap, nothing twice (I10)."""

import importlib
import os
import random
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

    connections.close_all()
    process = FORK.Process(target=dies_after, args=(after, act), daemon=True)
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


def issued(case, by):
    try:
        return billing.issue(case=case, by=by, now=NOON).number
    except billing.CannotInvoice as refusal:
        return str(refusal)


def dies_after(name, act):
    """Do an act in this process, which dies by SIGKILL right after a function of ours returned."""
    path, _, last = name.rpartition(".")
    module = importlib.import_module(path)
    whole = getattr(module, last)

    def dies(*words, **more):
        whole(*words, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, last, dies)
    act()


def test_many_clerks_at_once_number_without_a_gap_and_no_case_twice(clerk):  # noqa: F811
    count = size(ci=6, proof=48)
    cases = [matter().id for _ in range(count)]

    said = race(count + count // 3, lambda place: issued(cases[place % count], clerk))

    assert sorted(each for each in said if str(each).startswith("INV-")) == [
        f"INV-{n:06}" for n in range(1, count + 1)
    ]
    assert numbers() == list(range(1, count + 1))
    assert InvoiceSeries.objects.get(series="INV").last == count
    assert broken() == ()


@pytest.mark.slow
def test_clerks_that_die_in_the_middle_of_many_others_leave_no_gap_and_what_they_left_is_invoiced(clerk):  # noqa: F811
    rounds, count = size(ci=1, proof=25), 6
    chance = random.Random(8)
    cases = []

    for _ in range(rounds):
        fresh = [matter().id for _ in range(count)]
        cases += fresh
        ends = [chance.choice([None, *STEPS]) for _ in fresh]
        ends[chance.randrange(count)] = chance.choice(STEPS)  # one dies in every round
        crowd = [
            FORK.Process(target=_one, args=(case, clerk, end), daemon=True)
            for case, end in zip(fresh, ends, strict=True)
        ]
        connections.close_all()
        for each in crowd:
            each.start()
        for each in crowd:
            each.join(PATIENCE)
        assert {each.exitcode for each in crowd} <= {0, -signal.SIGKILL}
        assert sum(each.exitcode == -signal.SIGKILL for each in crowd) == sum(map(bool, ends))
        assert numbers() == list(range(1, len(numbers()) + 1))
    for case in cases:
        issued(case, clerk)

    assert numbers() == list(range(1, len(cases) + 1))
    assert InvoiceSeries.objects.get(series="INV").last == len(cases)
    assert sorted(Invoice.objects.values_list("case", flat=True)) == sorted(cases)
    assert SettledFact.objects.filter(outcome="INVOICED").count() == len(cases)
    assert broken() == ()


def _one(case, by, end):
    """Invoice one case in a process of its own; it dies at its `end`, where it has one."""
    try:
        if end:
            dies_after(end, lambda: issued(case, by))
        else:
            issued(case, by)
    finally:
        connections.close_all()


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
