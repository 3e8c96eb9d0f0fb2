"""Overdue invoices change for an agency what the guide says: a door closes, work waits for payment; never for a life."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tecum.agencies import queries as agencies
from tecum.billing import operations as billing
from tecum.billing.queries import papers
from tecum.billing.states import InvoiceState, PaymentState
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Asked, Contact
from tecum.cases.states import CaseKind, GateState, QuoteState
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.states import Outcome
from tecum.guide.model.fees import Arrears
from tecum.guide.values import parse_span
from tecum.jobs import worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.models import Agency, Notice
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.production.operations import releasing
from tests import make
from tests.behaviour.test_accepting_a_fee import AUGUST, HOME, SUBPOENA, gate_states, quote_of, yes
from tests.behaviour.test_billing_a_case import NUMBER, note, statement
from tests.make import NOON, acting

pytestmark = [pytest.mark.django_db(transaction=True)]
SYSTEM, JOBS = Actor.system("tests"), Actor.system("jobs")
DAY = timedelta(days=1)
LATE, VERY_LATE = NOON + 61 * DAY, NOON + 121 * DAY  # invoices of NOON are due after thirty days
RULES = (
    Arrears(id="late", after=parse_span("30 days"), closes_channels=("email",), removes_expedite=True),
    Arrears(
        id="very-late", after=parse_span("90 days"), payment_in_advance=True, withholds_release=True, wording="arrears_words"
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def carrier(settings, monkeypatch):
    """Put the example's guide in force, with rules for agencies that have not paid and a fee for each number."""
    settings.TECUM_GUIDE = "example"
    guide = policy.at(NOON)
    text = replace(
        guide.wording["arrears_begin"], variables=(), subject="", body="We take what you pay first."
    )
    fees = tuple(replace(fee, processes=()) for fee in guide.fees)
    late = replace(
        guide,
        arrears=RULES,
        waivers=(),
        gates=(),
        fees=fees,
        wording={**guide.wording, "arrears_words": text},
    )
    monkeypatch.setattr(policy, "at", lambda now: late)
    monkeypatch.setattr(policy, "version", lambda name, now: late)
    return late


@pytest.fixture
def clerk():
    return acting(make.person("Bess Oduya", roles=["billing"]), stepped_up_at=NOON)


@pytest.fixture
def home():
    return make.agency(domain=HOME)


@pytest.fixture
def analyst():
    return make.analyst()


def owing(home, clerk, *, sent=True):
    """Return an invoice of $25.00 that an agency has not paid."""
    made = make.legal_case(agency=home.id, numbers=[NUMBER])
    (target,) = files.targets(case=made.id, by=SYSTEM, now=NOON)
    note(made, f"cdr-{made.id}", target=target.id)
    cases.close(case=made.id, outcome="produced", by=SYSTEM, now=NOON)
    billing.change(case=made.id, circumstances=(), address="1 Main St", reference="", by=clerk, now=NOON)
    view = billing.issue(case=made.id, by=clerk, now=NOON)
    if sent:
        billing.send(invoice=view.id, to="accounts@marrow.example.gov", by=clerk, now=NOON)
    return view


def days_pass(until):
    worker.run_all(TABLE, lane="ordinary", clock=lambda: until)


def received(home, *people, at, channel="email", **said):
    return demands.receive(
        channel=channel, received_at=at, said=replace(SUBPOENA, **said), contact=Contact(name="Det. Vane", email=f"vane@{HOME}"),
        agency=home.id, targets=[Asked(NUMBER, AUGUST, "cdr", words="item 1")],
        people=tuple(acting(each).ref for each in people), by=SYSTEM, now=at,
    )  # fmt: skip


def confirmed(home, analyst, at, *people, **said):
    got = received(home, *people, at=at, **said)
    demands.take(case=got.case, by=analyst, now=at)
    demands.confirm(case=got.case, said=replace(SUBPOENA, **said), targets=[], by=analyst, now=at)
    return got.case


def pays(clerk, at, *lines):
    return billing.take_payments(content=statement(*lines), by=clerk, now=at)


@pytest.mark.both_databases
def test_an_agency_is_in_arrears_from_the_day_the_guide_says_until_it_has_paid(home, clerk):
    view = owing(home, clerk)

    days_pass(NOON + 31 * DAY)
    early = agencies.arrears(agency=home.id, at=NOON + 31 * DAY)
    days_pass(LATE)
    late = agencies.arrears(agency=home.id, at=LATE)
    days_pass(VERY_LATE)
    worst = agencies.arrears(agency=home.id, at=VERY_LATE)
    pays(clerk, VERY_LATE, f"B-1,2026-12-30,25.00,USD,County,{view.number}")

    assert agencies.overdue_since(home.id) is None
    assert early is None and late.arrears == ("late",) and worst.arrears == ("late", "very-late")
    assert worst.payment_in_advance and worst.release_withheld_until_paid
    assert agencies.arrears(agency=home.id, at=VERY_LATE) is None


def test_it_is_told_once_for_each_rule_in_the_guides_words_and_without_a_case(home, clerk):
    view = owing(home, clerk)

    for at in (LATE, LATE + DAY, VERY_LATE, VERY_LATE + DAY):
        days_pass(at)

    first, second = Notice.objects.filter(message="arrears_begin")
    told = sorted([first, second], key=lambda each: "pay first" in each.text)
    assert "Requests are not taken by email." in told[0].text and view.number in told[0].text
    assert "We take what you pay first." in told[1].text
    assert all("no surveillance that runs is ended" in each.text and NUMBER not in each.text for each in told)
    assert {each.recipient for each in told} == {"accounts@marrow.example.gov"}


@pytest.mark.both_databases
@pytest.mark.parametrize("how", ["paid", "disputed", "credited", "given up"])
def test_paid_disputed_credited_or_given_up_the_arrears_end_at_once(home, clerk, how):
    view = owing(home, clerk)
    days_pass(LATE)
    counsel = acting(make.person("Noa Brandt", roles=["billing"]), stepped_up_at=LATE)
    told = {"invoice": view.id, "reason": "As agreed", "by": counsel, "now": LATE}

    if how == "paid":
        pays(clerk, LATE, f"B-1,2026-11-01,25.00,USD,County,{view.number}")
    elif how == "disputed":
        billing.dispute(**told)
    elif how == "credited":
        billing.credit(lines=[line.id for line in view.lines], again=False, **told)
    else:
        billing.give_up(**told)

    assert Agency.objects.get(pk=home.id).overdue_since is None


def test_the_closed_channel_is_a_finding_for_the_analyst_and_told_to_the_agency(home, clerk, analyst):
    owing(home, clerk)
    days_pass(LATE)

    by_mail, by_fax = received(home, at=LATE), received(home, at=LATE, channel="fax", number="GJ-26-115")

    def arrears(got):
        found = process.checklist(received=got.id, by=analyst, now=LATE)
        return [(each.met, each.sentence) for each in found if each.code == "arrears"]

    ((met, sentence),) = arrears(by_mail)
    assert met is False and "Requests are not taken by email." in sentence
    assert arrears(by_fax) == []


def test_a_demand_that_came_before_the_channel_closed_is_not_touched(home, clerk, analyst):
    owing(home, clerk)
    got = received(home, at=NOON + 40 * DAY)
    days_pass(LATE)

    found = process.checklist(received=got.id, by=analyst, now=LATE)
    assert "arrears" not in {each.code for each in found}


@pytest.mark.parametrize("fact", ["emergency", "danger_to_life"])
def test_nothing_holds_in_an_emergency_whatever_the_guide_leaves_out(home, clerk, analyst, fact):
    owing(home, clerk)
    days_pass(VERY_LATE)

    case = confirmed(home, analyst, VERY_LATE, facts=(fact,))

    assert agencies.arrears(agency=home.id, at=VERY_LATE, facts=(fact,)) is None
    assert process.arrears_of_case(case, at=VERY_LATE) is None
    assert files.gates(case=case, by=SYSTEM, now=VERY_LATE) == []


def test_orders_and_emergencies_are_never_asked_about_money_by_arrears(home, clerk):
    owing(home, clerk)
    days_pass(VERY_LATE)

    for kind in (CaseKind.ORDER, CaseKind.EMERGENCY):
        made = make.legal_case(agency=home.id, kind=kind)
        assert process.arrears_of_case(made.id, at=VERY_LATE) is None
        assert files.gates_open(made.id) == []


@pytest.mark.both_databases
def test_work_waits_for_the_payment_and_begins_when_it_is_matched_which_pays_the_invoice_later(
    home, clerk, analyst
):
    owing(home, clerk)
    days_pass(VERY_LATE)
    vane = make.person(agency=home, email=f"vane@{HOME}")
    case = confirmed(home, analyst, VERY_LATE, vane)
    quote = quote_of(case)

    assert (str(quote.high), quote.kind) == ("$25.00", "paid")
    with pytest.raises(cases.GateOpen, match="the payment"):
        cases.refuse_while_gated(case)
    with pytest.raises(demands.CannotAnswerFee, match="by paying it"):
        demands.answer_fee(quote=quote.id, answer=yes(quote), by=acting(vane), now=VERY_LATE)
    taken = pays(
        clerk, VERY_LATE,
        f"B-1,2027-01-02,10.00,USD,County,part of {quote.reference}",
        f"B-2,2027-01-02,5.00,EUR,County,{quote.reference}",
    )  # fmt: skip
    half = gate_states(case)
    rest = pays(clerk, VERY_LATE, f"B-3,2027-01-03,20.00,USD,County,{quote.reference.lower()} rest")

    assert (taken.held, len(taken.rejected), half) == (1, 1, [GateState.OPEN])
    assert (rest.held, gate_states(case)) == (1, [GateState.CLOSED])
    assert (quote_of(case).state, quote_of(case).how) == (QuoteState.ACCEPTED, "payment")
    (target,) = files.targets(case=case, by=SYSTEM, now=VERY_LATE)
    cases.note_billable(
        case=case,
        kind="cdr",
        source="answered",
        happened_at=VERY_LATE,
        target=target.id,
        by=SYSTEM,
        now=VERY_LATE,
    )
    cases.close(case=case, outcome="produced", by=SYSTEM, now=VERY_LATE)
    view = billing.issue(case=case, by=clerk, now=VERY_LATE)

    assert (view.state, str(view.paid)) == (InvoiceState.PAID, "$25.00")
    (left,) = papers.payments(by=clerk, now=VERY_LATE)
    assert (str(left.left), left.state) == ("$5.00", PaymentState.WAITING)  # thirty came in


def test_by_hand_a_payment_is_held_for_a_quote_and_let_go_again(home, clerk, analyst):
    owing(home, clerk)
    days_pass(VERY_LATE)
    case = confirmed(home, analyst, VERY_LATE)
    quote = quote_of(case)
    pays(clerk, VERY_LATE, "B-1,2027-01-02,25.00,USD,County,no words")
    (row,) = papers.payments(by=clerk, now=VERY_LATE)

    with pytest.raises(billing.CannotMatch, match="no quote"):
        billing.hold(payment=row.id, quote="QUOTE-0000-0000", by=clerk, now=VERY_LATE)
    billing.hold(payment=row.id, quote=quote.reference, by=clerk, now=VERY_LATE)
    held = papers.payment(id=row.id, by=clerk, now=VERY_LATE).state
    billing.let_go(payment=row.id, by=clerk, now=VERY_LATE)

    assert (held, gate_states(case)) == (PaymentState.HELD, [GateState.CLOSED])
    assert papers.payment(id=row.id, by=clerk, now=VERY_LATE).state is PaymentState.WAITING


def test_refused_what_it_is_for_is_left_out_and_the_letter_says_how_to_pay(home, clerk, analyst):
    owing(home, clerk)
    days_pass(VERY_LATE)
    vane = make.person(agency=home, email=f"vane@{HOME}")
    case = confirmed(home, analyst, VERY_LATE, vane)
    quote = quote_of(case)

    demands.answer_fee(
        quote=quote.id, answer=replace(yes(quote), accepts=False), by=acting(vane), now=VERY_LATE
    )

    (letter,) = Notice.objects.filter(message="fee_in_advance")
    assert (
        quote.reference in letter.text and "Accounts Receivable" in letter.text and NUMBER not in letter.text
    )
    assert {line.outcome for line in queries.lines(case=case, by=analyst, now=VERY_LATE)} == {
        Outcome.WITHHELD
    }


def test_nothing_is_released_to_it_until_it_has_paid(home, clerk, analyst):
    view = owing(home, clerk)
    days_pass(VERY_LATE)
    case = confirmed(home, analyst, VERY_LATE)
    row = type("Row", (), {"case": case})()

    with pytest.raises(releasing.CannotRelease, match="overdue"):
        releasing._refuse_in_arrears(row, now=VERY_LATE)
    pays(clerk, VERY_LATE, f"B-1,2026-12-30,25.00,USD,County,{view.number}")

    releasing._refuse_in_arrears(row, now=VERY_LATE)


def test_an_overdue_invoice_of_a_sealed_case_closes_no_door(home, clerk):
    made = make.legal_case(agency=home.id, numbers=[NUMBER])
    (target,) = files.targets(case=made.id, by=SYSTEM, now=NOON)
    note(made, "sealed-cdr", target=target.id)
    keeper = make.analyst("Keeper")
    cases.seal(case=made.id, people=(keeper.ref, clerk.ref), by=SYSTEM, now=NOON)
    cases.close(case=made.id, outcome="produced", by=SYSTEM, now=NOON)
    billing.change(case=made.id, circumstances=(), address="1 Main St", reference="", by=clerk, now=NOON)
    billing.issue(case=made.id, by=clerk, now=NOON)

    days_pass(VERY_LATE)

    assert agencies.overdue_since(home.id) is None


@pytest.mark.sabotage("nothing holds in an emergency")
def test_without_its_own_list_of_emergencies_a_guide_that_forgets_them_would_make_a_life_wait(
    home, clerk, monkeypatch
):
    owing(home, clerk)
    days_pass(VERY_LATE)
    monkeypatch.setattr(agencies, "URGENT", frozenset())

    assert agencies.arrears(agency=home.id, at=VERY_LATE, facts=("emergency",)) is not None
