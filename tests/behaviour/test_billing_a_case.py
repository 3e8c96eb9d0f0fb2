"""What a case costs is invoiced once, at its conclusion, numbered without gaps, corrected by credit note, and paid."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tecum.billing import operations as billing
from tecum.billing.queries import account, papers, printing, recomputing
from tecum.billing.states import InvoiceState, Outcome, PaymentState
from tecum.cases import operations as cases
from tecum.cases.states import CaseKind
from tecum.jobs import worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.models import BillableFact, Invoice, InvoiceLine, InvoiceSeries, Notice, SettledFact
from tecum.policy import queries as policy
from tests import make
from tests.make import NOON
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SYSTEM = Actor.system("tests")
DAY = timedelta(days=1)
NUMBER = "2925550142"


@pytest.fixture(autouse=True)
def example(settings):
    settings.TECUM_GUIDE = "example"


@pytest.fixture
def clerk():
    return make.acting(make.person("Bess Oduya", roles=["billing"]), stepped_up_at=NOON)


def matter(
    *, numbers=(NUMBER,), times=1, product="cdr", closed=True, agency=None, kind=CaseKind.DEMAND, **more
):
    """Return a case whose numbers were each searched for some product, some times."""
    agency = make.agency().id if agency is None else agency
    made = make.legal_case(agency=agency, numbers=numbers, kind=kind)
    for target in account.cases.targets(case=made.id, by=SYSTEM, now=NOON):
        for time in range(times):
            at = NOON + time * timedelta(minutes=1)
            note(made, f"{target.id}-{time}", kind=product, target=target.id, happened_at=at, **more)
    if closed:
        cases.close(case=made.id, outcome="produced", by=SYSTEM, now=NOON)
    return made


def note(made, source, *, kind="cdr", happened_at=NOON, **more):
    return cases.note_billable(case=made.id, kind=kind, source=source, happened_at=happened_at, by=SYSTEM, now=NOON, **more)  # fmt: skip


def bill(made, clerk, now=NOON):
    return account.bill(case=made.id, by=clerk, now=now)


@pytest.mark.requirement("R-137")
def test_a_case_is_invoiced_once_at_its_conclusion_with_a_number_and_a_due_day(clerk):
    made = matter(numbers=[NUMBER, "2925550143"])

    view = billing.issue(case=made.id, by=clerk, now=NOON)

    assert (view.number, str(view.total), view.state) == ("INV-000001", "$50.00", InvoiceState.OPEN)
    assert view.due_on == date(2026, 10, 8)
    assert [(line.label, line.quantity, str(line.amount), line.version) for line in view.lines] == [
        ("Call detail records", Decimal(2), "$50.00", view.guide_version)
    ]
    assert {each.outcome for each in bill(made, clerk).facts} == {Outcome.INVOICED}
    with pytest.raises(billing.CannotInvoice, match="Everything in case .* is settled"):
        billing.issue(case=made.id, by=clerk, now=NOON)


@pytest.mark.requirement("R-137")
def test_a_case_that_goes_on_is_not_invoiced_where_the_guide_waits_for_its_conclusion(
    clerk, settings, wireless
):
    made = matter(product="call_dump", closed=False)

    with pytest.raises(billing.CannotInvoice, match="at the conclusion"):
        billing.issue(case=made.id, by=clerk, now=NOON)
    cases.close(case=made.id, outcome="produced", by=SYSTEM, now=NOON)

    assert str(billing.issue(case=made.id, by=clerk, now=NOON).total) == "$125.00"


@pytest.fixture
def wireless(settings):
    settings.TECUM_GUIDE = "wireless-2003"


@pytest.mark.requirement("R-138")
def test_where_the_guide_names_no_day_an_invoice_is_due_on_receipt(clerk, wireless):
    view = billing.issue(case=matter(product="ping", unit="ping").id, by=clerk, now=NOON)

    assert view.due_on is None
    assert printing.due_words(view) == "on receipt"


def test_what_is_waived_by_the_guide_makes_no_invoice_of_zero_and_is_settled(clerk):
    made = matter()
    billing.change(
        case=made.id, circumstances=["child_exploitation"], address="", reference="", by=clerk, now=NOON
    )

    assert billing.issue(case=made.id, by=clerk, now=NOON) is None
    assert papers.balance_of_facts() == {"INVOICED": 0, "WAIVED": 1, "FREE": 0}
    assert not Invoice.objects.exists()


def test_a_circumstance_that_no_fee_asks_for_is_refused(clerk):
    with pytest.raises(billing.UnknownCircumstance, match="full_moon"):
        billing.change(
            case=matter().id, circumstances=["full moon"], address="", reference="", by=clerk, now=NOON
        )


def test_a_waiver_needs_a_reason_is_kept_and_can_be_taken_back_before_the_invoice(clerk):
    made = matter(numbers=[NUMBER, "2925550143"])
    fact = bill(made, clerk).facts[0].fact.id
    told = {"case": made.id, "fact": fact, "fee": "cdr", "by": clerk, "now": NOON}

    with pytest.raises(billing.CannotWaive, match="Say why"):
        billing.waive(reason=" ", **told)
    billing.waive(reason="Wrong interval was searched", **told)
    with pytest.raises(billing.CannotWaive, match="already"):
        billing.waive(reason="Wrong interval was searched", **told)
    assert str(bill(made, clerk).unbilled) == "$25.00"
    billing.charge_again(**told)
    assert str(bill(made, clerk).unbilled) == "$50.00"
    billing.waive(reason="Wrong interval was searched", **told)

    view = billing.issue(case=made.id, by=clerk, now=NOON)

    assert str(view.total) == "$25.00"
    assert [(line.waiver_label, line.full.cents) for line in view.lines if line.waiver] == [
        ("Wrong interval was searched", 2_500)
    ]
    with pytest.raises(billing.CannotWaive, match="credit note"):
        billing.waive(reason="Too late", **{**told, "fact": bill(made, clerk).facts[1].fact.id})


def test_a_fact_that_cannot_be_priced_stops_the_invoice_and_is_named(clerk):
    made = matter(product="faxes_read_aloud")

    with pytest.raises(billing.CannotInvoice, match="faxes_read_aloud"):
        billing.issue(case=made.id, by=clerk, now=NOON)


def test_numbers_have_no_gap_when_an_invoice_fails_halfway(clerk, monkeypatch):
    billing.issue(case=matter().id, by=clerk, now=NOON)
    broken = matter()

    def fails(*words, **more):
        raise RuntimeError("the machine died")

    with monkeypatch.context() as patched:
        patched.setattr("tecum.billing.operations.invoicing._settle", fails)
        with pytest.raises(RuntimeError):
            billing.issue(case=broken.id, by=clerk, now=NOON)
    view = billing.issue(case=broken.id, by=clerk, now=NOON)

    assert view.number == "INV-000002"
    assert InvoiceSeries.objects.get(series="INV").last == 2


def test_a_sealed_case_is_numbered_apart_says_nothing_and_is_not_there_for_those_off_its_list(clerk):
    made, open_case = matter(closed=False), matter()
    keeper = make.analyst("Keeper")
    insider = make.acting(make.person("Ada Quell", roles=["billing"]), stepped_up_at=NOON)
    cases.seal(case=made.id, people=(keeper.ref, insider.ref), by=SYSTEM, now=NOON)
    cases.close(case=made.id, outcome="produced", by=SYSTEM, now=NOON)
    with pytest.raises(NotYours):
        billing.issue(case=made.id, by=clerk, now=NOON)

    sealed = billing.issue(case=made.id, by=insider, now=NOON)
    ordinary = billing.issue(case=open_case.id, by=clerk, now=NOON)

    assert (sealed.number, ordinary.number) == ("SIN-000001", "INV-000001")
    assert [line.label for line in sealed.lines] == ["Service by the schedule of fees: item cdr"]
    assert [row.number for row in papers.invoices(by=clerk, now=NOON).rows] == ["INV-000001"]
    with pytest.raises(NotYours):
        papers.invoice(id=sealed.id, by=clerk, now=NOON)
    figures = papers.figures(by=clerk, now=NOON, since=date(2026, 1, 1), until=date(2027, 1, 1), on=date(2026, 9, 8), currency="USD")  # fmt: skip
    assert str(figures.open) == "$25.00"


def test_a_whole_invoice_is_taken_back_by_a_credit_note_and_its_facts_are_billed_again(clerk):
    made = matter()
    first = billing.issue(case=made.id, by=clerk, now=NOON)

    note = billing.credit(
        invoice=first.id, lines=[line.id for line in first.lines], reason="Wrong agency", again=True, by=clerk, now=NOON
    )  # fmt: skip

    assert (note.number, str(note.total), note.credits) == ("INV-000002", "-$25.00", "INV-000001")
    assert papers.invoice(id=first.id, by=clerk, now=NOON).state is InvoiceState.CREDITED
    assert str(bill(made, clerk).unbilled) == "$25.00"
    assert billing.issue(case=made.id, by=clerk, now=NOON).number == "INV-000003"
    with pytest.raises(billing.CannotCorrect, match="taken back already"):
        billing.credit(
            invoice=first.id, lines=[first.lines[0].id], reason="Again", again=False, by=clerk, now=NOON
        )


def test_a_waiver_after_invoicing_is_a_credit_note_and_never_an_edit(clerk):
    made = matter()
    first = billing.issue(case=made.id, by=clerk, now=NOON)

    billing.credit(
        invoice=first.id, lines=[first.lines[0].id], reason="Goodwill", again=False, by=clerk, now=NOON
    )

    assert papers.balance_of_facts(case=made.id) == {"INVOICED": 0, "WAIVED": 1, "FREE": 0}
    assert papers.invoice(id=first.id, by=clerk, now=NOON).lines[0].amount.cents == 2_500
    with pytest.raises(billing.CannotInvoice):
        billing.issue(case=made.id, by=clerk, now=NOON)


def test_a_part_of_an_invoice_cannot_be_taken_back_to_be_billed_again(clerk, wireless):
    made = matter(product="ping", unit="ping", closed=False)
    note(made, "dump", kind="call_dump")
    cases.close(case=made.id, outcome="produced", by=SYSTEM, now=NOON)
    first = billing.issue(case=made.id, by=clerk, now=NOON)
    told = {"invoice": first.id, "lines": [first.lines[0].id], "reason": "Wrong", "by": clerk, "now": NOON}

    with pytest.raises(billing.CannotCorrect, match="whole invoice"):
        billing.credit(again=True, **told)
    billing.credit(again=False, **told)

    view = papers.invoice(id=first.id, by=clerk, now=NOON)
    assert view.state is InvoiceState.OPEN
    assert view.owed == view.total - first.lines[0].amount
    assert papers.balance_of_facts(case=made.id)["INVOICED"] == 2


def statement(*lines):
    return ("reference,received_on,amount,currency,payer,text\n" + "\n".join(lines) + "\n").encode()


def test_payments_are_matched_by_number_once_and_the_rest_waits_for_a_person(clerk):
    made = [billing.issue(case=matter().id, by=clerk, now=NOON) for _ in range(2)]
    file = statement(
        "B-1,2026-09-10,10.00,USD,County of Ash,INV-000001 part",
        "B-2,2026-09-11,15.00,USD,County of Ash,INV-000001 rest",
        "B-3,2026-09-11,99.00,USD,Somebody,for your kindness",
        "B-4,2026-09-11,25.00,EUR,Agency,INV-000002",
        "B-5,tomorrow,25.00,USD,Agency,INV-000002",
        "B-6,2026-09-11,-5,USD,Agency,INV-000002",
        "B-7,2026-09-12,30.00,USD,Agency,inv 2",
    )

    taken = billing.take_payments(content=file, by=clerk, now=NOON)
    again = billing.take_payments(content=file, by=clerk, now=NOON)

    assert (taken.matched, taken.waiting, taken.again) == (2, 2, 0)
    assert [number for number, _ in taken.rejected] == [5, 6, 7]
    assert "EUR" in taken.rejected[0][1]
    assert (again.matched, again.waiting, again.again) == (0, 0, 4)
    states = [papers.invoice(id=each.id, by=clerk, now=NOON).state for each in made]
    assert states == [InvoiceState.PAID, InvoiceState.PAID]
    waits = papers.payments(by=clerk, now=NOON)
    assert [(str(each.left), each.said) for each in waits] == [
        ("$99.00", "for your kindness"), ("$5.00", "inv 2"),
    ]  # fmt: skip


def test_a_payment_is_matched_by_hand_taken_off_again_and_sent_back(clerk):
    first = billing.issue(case=matter().id, by=clerk, now=NOON)
    billing.take_payments(content=statement("B-1,2026-09-10,25.00,USD,Ash,no number"), by=clerk, now=NOON)
    waits = papers.payments(by=clerk, now=NOON)[0]

    billing.match(payment=waits.id, invoice=first.id, by=clerk, now=NOON)
    assert papers.invoice(id=first.id, by=clerk, now=NOON).state is InvoiceState.PAID
    billing.unmatch(payment=waits.id, by=clerk, now=NOON)
    assert papers.invoice(id=first.id, by=clerk, now=NOON).state is InvoiceState.OPEN
    billing.send_back(payment=waits.id, reason="Paid to us by mistake", by=clerk, now=NOON)

    assert papers.payment(id=waits.id, by=clerk, now=NOON).state is PaymentState.SENT_BACK
    with pytest.raises(billing.CannotMatch, match="sent back"):
        billing.match(payment=waits.id, invoice=first.id, by=clerk, now=NOON)


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"\xff\xfe", "not UTF-8"), (b"amount\n1\n", "lacks the column reference"), (b"", "lacks the column")],
)
def test_a_file_that_is_no_file_of_payments_is_refused_whole(clerk, content, why):
    with pytest.raises(billing.BadFile, match=why):
        billing.take_payments(content=content, by=clerk, now=NOON)


def test_a_reminder_goes_out_on_its_day_and_not_for_what_is_paid_or_disputed(clerk):
    paid, disputed, late = (billing.issue(case=matter().id, by=clerk, now=NOON) for _ in range(3))
    for each in (paid, disputed, late):
        billing.send(invoice=each.id, to="accounts@ash.example", by=clerk, now=NOON)
    billing.dispute(invoice=disputed.id, reason="They say it was another case", by=clerk, now=NOON)
    billing.take_payments(content=statement("B-1,2026-09-10,25.00,USD,Ash,INV-1"), by=clerk, now=NOON)

    worker.run_all(TABLE, lane="ordinary", clock=lambda: NOON + 45 * DAY)

    assert papers.invoice(id=late.id, by=clerk, now=NOON).reminders == 1
    assert papers.invoice(id=disputed.id, by=clerk, now=NOON).reminders == 0
    assert papers.invoice(id=paid.id, by=clerk, now=NOON).reminders == 0
    assert Notice.objects.filter(message="invoice_reminder").count() == 1


def test_a_fact_is_settled_once_by_the_database_itself(clerk):
    made = matter()
    billing.issue(case=made.id, by=clerk, now=NOON)
    fact = BillableFact.objects.get(case=made.id).pk

    with pytest.raises(IntegrityError), transaction.atomic():
        SettledFact.objects.create(
            fact=fact, case=made.id, outcome="WAIVED", settled_at=NOON, settled_by="somebody"
        )


def test_the_trail_alone_gives_every_invoice_again_and_an_edited_one_does_not_agree(clerk):
    made = matter(numbers=[NUMBER, "2925550143"], times=2, closed=False)
    billing.issue(case=made.id, by=clerk, now=NOON)
    note(made, "later", happened_at=NOON + DAY)
    billing.waive(
        case=made.id,
        fact=bill(made, clerk).facts[-1].fact.id,
        fee="cdr",
        reason="Goodwill",
        by=clerk,
        now=NOON,
    )
    note(made, "last", happened_at=NOON + DAY)
    billing.issue(case=made.id, by=clerk, now=NOON)

    again = recomputing.recompute(case=made.id, by=clerk, now=NOON)

    assert [(each.number, str(each.recorded), each.agrees) for each in again] == [
        ("INV-000001", "$50.00", True), ("INV-000002", "$25.00", True),
    ]  # fmt: skip


def test_what_a_fee_of_two_products_includes_is_invoiced_once_and_the_trail_gives_it_again(
    clerk, wireless, monkeypatch
):
    shipped = policy.at(NOON)
    shared = tuple(
        replace(fee, included=Decimal(1)) if fee.id == "calls-to-destination" else fee for fee in shipped.fees
    )
    monkeypatch.setattr(policy, "at", lambda now: replace(shipped, fees=shared))
    monkeypatch.setattr(policy, "version", lambda name, now: replace(shipped, fees=shared))
    made = matter(product="calls_to_destination", closed=False)
    note(
        made, "site", kind="cell_site", happened_at=NOON + DAY, target=bill(made, clerk).facts[0].fact.target
    )
    cases.close(case=made.id, outcome="produced", by=SYSTEM, now=NOON)

    view = billing.issue(case=made.id, by=clerk, now=NOON)

    assert [(line.product, str(line.amount)) for line in view.lines] == [("cell_site", "$125.00")]
    again = recomputing.recompute(case=made.id, by=clerk, now=NOON)
    assert [(each.recorded.cents, each.agrees) for each in again] == [(12_500, True)]


def test_somebody_without_the_permission_sees_and_makes_nothing(clerk):
    made = matter()
    officer = make.acting(make.officer())

    for act in (
        lambda: bill(made, officer),
        lambda: billing.issue(case=made.id, by=officer, now=NOON),
        lambda: papers.invoices(by=officer, now=NOON),
        lambda: billing.take_payments(content=statement(), by=officer, now=NOON),
    ):
        with pytest.raises(NotYours):
            act()


STEPS = some.lists(
    some.tuples(
        some.sampled_from(["fact", "issue", "credit", "credit again", "waive", "pay", "crash"]), some.integers(0, 5)
    ),
    max_size=14,
)  # fmt: skip


@given(steps=STEPS)
@settings(
    max_examples=size(ci=12, proof=400), deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_facts_are_always_invoiced_waived_free_or_unbilled_and_numbers_never_have_a_gap(clerk, steps):
    made = matter(closed=False)
    before = InvoiceSeries.objects.filter(series="INV").values_list("last", flat=True).first() or 0

    for place, (step, which) in enumerate(steps):
        take(step, which, made, clerk, place)

        settled = sum(papers.balance_of_facts(case=made.id).values())
        assert (
            settled + len(bill(made, clerk).to_settle) == BillableFact.objects.filter(case=made.id).count()
        )  # I10
    numbers = list(Invoice.objects.filter(series="INV", number__gt=before).order_by("number").values_list("number", flat=True))  # fmt: skip
    assert numbers == list(range(before + 1, before + 1 + len(numbers)))
    assert all(each.agrees for each in recomputing.recompute(case=made.id, by=clerk, now=NOON))
    charged = sum(line.cents for line in InvoiceLine.objects.filter(invoice__case=made.id))
    standing = SettledFact.objects.filter(case=made.id, outcome="INVOICED", released_at=None).count()
    assert 0 <= charged <= 2_500 * standing  # a number is charged once, and only while it stands invoiced


def take(step, which, made, clerk, place):
    """Do one step of a random history; what the desk refuses changes nothing."""
    open_invoices = list(Invoice.objects.filter(case=made.id, kind="INVOICE").exclude(state="CREDITED"))
    try:
        if step == "fact":
            note(made, f"{made.id}-{place}", happened_at=NOON + which * DAY)
        elif step == "issue":
            billing.issue(case=made.id, by=clerk, now=NOON)
        elif step == "waive":
            fact = bill(made, clerk).facts[which % len(bill(made, clerk).facts)]
            billing.waive(case=made.id, fact=fact.fact.id, fee="cdr", reason="Random", by=clerk, now=NOON)
        elif step == "crash":
            with transaction.atomic():
                billing.issue(case=made.id, by=clerk, now=NOON)
                raise RuntimeError
        elif open_invoices:
            correct(step, open_invoices[which % len(open_invoices)], clerk, f"{made.id}-{place}")
    except (billing.CannotInvoice, billing.CannotWaive, billing.CannotCorrect, NotYours, RuntimeError):
        return


def correct(step, row, clerk, reference):
    lines = [line.pk for line in row.lines.all()]
    if step == "pay":
        file = statement(f"{reference},2026-09-10,5.00,USD,Ash,{row}")
        billing.take_payments(content=file, by=clerk, now=NOON)
    else:
        billing.credit(
            invoice=row.pk, lines=lines, reason="Random", again=step == "credit again", by=clerk, now=NOON
        )
