"""What a bank, a clerk or a stranger may hand to billing: each gets a sentence with line, value and rule; nothing is half done."""

from dataclasses import replace

import pytest

from tecum.billing import operations as billing
from tecum.billing.operations.paying import COLUMNS
from tecum.billing.queries import papers
from tecum.billing.states import InvoiceState, PaymentState
from tecum.kernel.refusals import NotYours, Refused
from tecum.models import Allocation, FeeWaiver, Invoice, Payment
from tests.behaviour.test_billing_a_case import bill, clerk, example, matter  # noqa: F401
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True)]
HEAD = ",".join(COLUMNS)
GOOD = "B-1,2026-09-10,25.00,USD,Ash County,INV-000001"


@pytest.fixture
def invoice(clerk):  # noqa: F811
    """Return an invoice of $25.00 that waits for its payment."""
    return billing.issue(case=matter().id, by=clerk, now=NOON)


def given(*lines, head=HEAD):
    return "\n".join([head, *lines]).encode()


def untouched(invoice):
    return not Payment.objects.exists() and Invoice.objects.get(pk=invoice.id).paid_cents == 0


WHOLE = {
    "nothing at all": (b"", "lacks the column reference"),
    "only a mark of its encoding": (b"\xef\xbb\xbf", "lacks the column reference"),
    "parted by semicolons": (given(GOOD.replace(",", ";"), head=HEAD.replace(",", ";")), "parted by commas"),
    "in Windows' letters": (given(GOOD.replace("Ash", "Äsh")).decode().encode("cp1252"), "not UTF-8"),
    "in UTF-16": (given(GOOD).decode().encode("utf-16"), "not UTF-8"),
    "a workbook": (b"PK\x03\x04\x14\x00\x06\x00\xff\xfe", "not UTF-8"),
    "without a heading": (GOOD.encode(), "lacks the column reference"),
    "without its currency": (given("B-1,2026-09-10,25.00", head="reference,received_on,amount"), "lacks the column currency"),
    "larger than is read": (given(*[GOOD + "x" * 1000] * 4300), "larger than 4 MB"),
    "with a cell that does not end": (given('B-1,2026-09-10,25.00,USD,"' + "x" * 200_000), "cannot be read from line"),
}  # fmt: skip


@pytest.mark.parametrize("what", WHOLE)
def test_a_file_that_is_none_is_refused_whole(what, clerk, invoice):  # noqa: F811
    content, sentence = WHOLE[what]

    with pytest.raises(billing.BadFile, match=sentence):
        billing.take_payments(content=content, by=clerk, now=NOON)

    assert untouched(invoice)


LINES = {
    "no reference": (",2026-09-10,25.00,USD,Ash,INV-1", "no reference"),
    "an amount in words": ("B-2,2026-09-10,twenty,USD,Ash,INV-1", "'twenty'"),
    "no amount": ("B-2,2026-09-10,,USD,Ash,INV-1", "''"),
    "not a number": ("B-2,2026-09-10,NaN,USD,Ash,INV-1", "'NaN'"),
    "without end": ("B-2,2026-09-10,Infinity,USD,Ash,INV-1", "'Infinity'"),
    "negative": ("B-2,2026-09-10,-25.00,USD,Ash,INV-1", "'-25.00'"),
    "nothing": ("B-2,2026-09-10,0.00,USD,Ash,INV-1", "'0.00'"),
    "a part of a cent": ("B-2,2026-09-10,25.001,USD,Ash,INV-1", "'25.001'"),
    "a comma for the cents": ('B-2,2026-09-10,"25,00",USD,Ash,INV-1', "'25,00'"),
    "more than there is": ("B-2,2026-09-10,99999999999999999999.00,USD,Ash,INV-1", "too much"),
    "by powers of ten": ("B-2,2026-09-10,1e400,USD,Ash,INV-1", "'1e400'"),
    "a formula": ('B-2,2026-09-10,"=HYPERLINK(""https://x.example"")",USD,Ash,INV-1', "HYPERLINK"),
    "a day of another country": ("B-2,10.09.2026,25.00,USD,Ash,INV-1", "'10.09.2026'"),
    "a day that is none": ("B-2,2026-02-30,25.00,USD,Ash,INV-1", "'2026-02-30'"),
    "no day": ("B-2,,25.00,USD,Ash,INV-1", "''"),
    "a day to come": ("B-2,2036-09-10,25.00,USD,Ash,INV-1", "'2036-09-10'"),
    "another currency": ("B-2,2026-09-10,25.00,EUR,Ash,INV-1", "EUR"),
    "no currency": ("B-2,2026-09-10,25.00,,Ash,INV-1", "no currency"),
    "cells it has not": ("B-2,2026-09-10,25.00,USD,Ash,INV-1,more,and more", "more cells"),
}  # fmt: skip


@pytest.mark.parametrize("what", LINES)
def test_a_line_that_cannot_be_read_is_named_with_its_value_and_the_others_are_taken(what, clerk, invoice):  # noqa: F811
    line, value = LINES[what]

    taken = billing.take_payments(content=given(line, GOOD), by=clerk, now=NOON)

    ((number, why),) = taken.rejected
    assert number == 2 and value in why and why.endswith(".")
    assert (taken.matched, Payment.objects.count()) == (1, 1)
    assert papers.invoice(id=invoice.id, by=clerk, now=NOON).state is InvoiceState.PAID


NOBODYS = {
    "a number that there is not": "INV-999999",
    "a number without its series": "000001",
    "a credit note's or a sealed one's": "SIN-000001",
    "a number beyond counting": "INV-99999999999999999999",
    "two invoices": "INV-000001 and INV-000002",
    "words": "for the good work; DROP TABLE",
    "a formula": "=1+1",
    "nothing": "",
}


@pytest.mark.parametrize("what", NOBODYS)
def test_a_payment_for_what_is_not_ours_waits_for_a_person(what, clerk, invoice):  # noqa: F811
    billing.issue(case=matter(numbers=["2925550143"]).id, by=clerk, now=NOON)

    taken = billing.take_payments(
        content=given(f"B-1,2026-09-10,25.00,USD,Ash,{NOBODYS[what]}"), by=clerk, now=NOON
    )

    assert (taken.waiting, taken.matched, taken.rejected) == (1, 0, ())
    assert not Allocation.objects.exists()


def test_with_the_mark_of_its_encoding_and_other_line_ends_it_is_read(clerk, invoice):  # noqa: F811
    taken = billing.take_payments(
        content=b"\xef\xbb\xbf" + given(GOOD).replace(b"\n", b"\r\n"), by=clerk, now=NOON
    )

    assert (taken.matched, taken.rejected) == (1, ())


def test_what_is_paid_beyond_the_invoice_stays_with_the_payer(clerk, invoice):  # noqa: F811
    billing.take_payments(content=given(GOOD.replace("25.00", "100.00")), by=clerk, now=NOON)

    (row,) = papers.payments(by=clerk, now=NOON)
    assert (str(row.left), row.state) == ("$75.00", PaymentState.WAITING)
    assert papers.invoice(id=invoice.id, by=clerk, now=NOON).paid == invoice.total


def corrections(view, clerk):  # noqa: F811
    """Return what may be asked of an invoice that it does not allow: the act, and the rule that it is told."""
    told = {"invoice": view.id, "by": clerk, "now": NOON, "again": False}
    lines = [line.id for line in view.lines]
    return {
        "a credit of nothing": (lambda: billing.credit(lines=[], reason="Wrong agency", **told), "Choose the lines"),
        "a line of somebody else's": (lambda: billing.credit(lines=["x" * 26], reason="Wrong agency", **told), "Choose the lines"),
        "a credit without a reason": (lambda: billing.credit(lines=lines, reason=" ", **told), "Say why"),
        "a dispute without a reason": (lambda: billing.dispute(invoice=view.id, reason="", by=clerk, now=NOON), "Say why"),
        "giving up without a reason": (lambda: billing.give_up(invoice=view.id, reason="?", by=clerk, now=NOON), "Say why"),
        "the end of no dispute": (lambda: billing.end_dispute(invoice=view.id, reason="They agree", by=clerk, now=NOON), "is not disputed"),
    }  # fmt: skip


@pytest.mark.parametrize("what", list(corrections(type("V", (), {"id": "", "lines": ()}), None)))
def test_a_correction_that_is_none_is_refused_and_changes_nothing(what, clerk, invoice):  # noqa: F811
    act, sentence = corrections(invoice, clerk)[what]

    with pytest.raises(billing.CannotCorrect, match=sentence):
        act()

    assert Invoice.objects.count() == 1
    assert papers.invoice(id=invoice.id, by=clerk, now=NOON) == replace(invoice)


def test_a_credit_over_the_invoice_is_no_credit_and_takes_no_number(clerk, invoice):  # noqa: F811
    told = {
        "invoice": invoice.id,
        "lines": [each.id for each in invoice.lines],
        "reason": "Wrong agency",
        "again": False,
    }
    billing.credit(**told, by=clerk, now=NOON)

    with pytest.raises(billing.CannotCorrect, match="taken back already"):
        billing.credit(**told, by=clerk, now=NOON)

    assert sorted(Invoice.objects.values_list("number", flat=True)) == [1, 2]
    with pytest.raises(billing.CannotMatch, match="owes nothing"):
        billing.take_payments(content=given("B-9,2026-09-10,25.00,USD,Ash,no words"), by=clerk, now=NOON)
        (row,) = papers.payments(by=clerk, now=NOON)
        billing.match(payment=row.id, invoice=invoice.id, by=clerk, now=NOON)


@pytest.mark.parametrize("reason", ["", "  ", "ok", "\t\n"])
def test_a_waiver_without_a_reason_is_none(reason, clerk):  # noqa: F811
    made = matter()
    fact = bill(made, clerk).facts[0].fact.id

    with pytest.raises(billing.CannotWaive, match="Say why"):
        billing.waive(case=made.id, fact=fact, fee="cdr", reason=reason, by=clerk, now=NOON)
    with pytest.raises(NotYours):
        billing.waive(case=made.id, fact=fact, fee="no-such-fee", reason="Goodwill", by=clerk, now=NOON)

    assert not FeeWaiver.objects.exists()


@pytest.mark.parametrize(
    "number", ["", "INV", "INV-000099", "QUOTE-0000-0000", "x" * 500, "=1+1", "INV-1; DROP TABLE"]
)
def test_a_payment_is_matched_by_hand_with_what_there_is_only(number, clerk, invoice):  # noqa: F811
    billing.take_payments(content=given("B-9,2026-09-10,25.00,USD,Ash,no words"), by=clerk, now=NOON)
    (row,) = papers.payments(by=clerk, now=NOON)

    with pytest.raises(Refused):
        billing.hold(payment=row.id, quote=number, by=clerk, now=NOON)
    with pytest.raises(NotYours):
        billing.match(payment=row.id, invoice=number, by=clerk, now=NOON)

    assert papers.payment(id=row.id, by=clerk, now=NOON).state is PaymentState.WAITING
