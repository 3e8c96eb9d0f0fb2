"""The price of a surveillance before the work, where the guide says so: quoted, accepted as a fact, kept for the invoice."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tecum.billing import operations as billing
from tecum.billing.queries import quote_paper, quoting
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Answer
from tecum.cases.states import Direction, GateState, QuoteState
from tecum.guide.model.fees import Gate
from tecum.models import BillableFact, Notice
from tecum.policy import queries as policy
from tecum.surveillance import operations as surveillance
from tecum.surveillance.operations import orders
from tecum.surveillance.rules.ordered import AuthorityKind
from tests import make, taps
from tests.behaviour.test_billing_a_case import statement
from tests.make import NOON, acting
from tests.orders import administrator, bill, by_fax, carrier, in_force, order_said, sound  # noqa: F401
from tests.taps import carried

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bill")]
SECOND = timedelta(seconds=1)
ACCEPT = Gate(id="price", kind="quote_accepted", products=("surveillance",), before="activation")


@pytest.fixture
def ada():
    return administrator()


@pytest.fixture
def demanding(monkeypatch):
    """Let the guide demand something before a surveillance begins."""
    shipped, version = policy.at(NOON), policy.version

    def demand(gate=ACCEPT, **more):
        guide = replace(shipped, gates=(gate,), **more)
        monkeypatch.setattr(policy, "at", lambda now: guide)
        monkeypatch.setattr(
            policy, "version", lambda name, now: guide if name == guide.version else version(name, now)
        )
        return guide

    return demand


def a_sound_order(ada, **changes):
    case = by_fax(ada)
    sound(case, ada, order=order_said(**changes))
    return case


def heard(quote, accepts=True, **more):
    return Answer(accepts, quote.digest, "telephone", "292-555-0110", words="Lt. Marsh agreed.", **more)


def test_where_the_guide_asks_for_nothing_the_price_is_an_estimate_and_the_work_begins_without(ada):
    case = a_sound_order(ada)

    price = quoting.price_of_order(case=case, by=ada, now=NOON)

    # initiation, and October, the month after that of initiation
    assert [(line.fee, line.high) for line in price.offer.lines] == [
        ("install", "1500.00"),
        ("maintenance", "250.00"),
    ]
    assert (price.gate, str(price.offer.high)) == (None, "$1,750.00")
    with pytest.raises(billing.CannotQuote, match="asks for no acceptance"):
        billing.quote_order(case=case, by=ada, now=NOON)
    assert orders.propose(case=case, by=ada, now=NOON)


@pytest.mark.both_databases
def test_no_authority_is_proposed_before_the_agency_accepted_exactly_what_was_shown(ada, demanding):
    demanding()
    case = a_sound_order(ada)

    with pytest.raises(orders.CannotPropose, match="accepts its price first"):
        orders.propose(case=case, by=ada, now=NOON)
    quote = billing.quote_order(case=case, by=ada, now=NOON)
    with pytest.raises(cases.GateOpen, match="acceptance of the quote"):
        orders.propose(case=case, by=ada, now=NOON)
    with pytest.raises(cases.CannotSettleQuote, match="not the one that you saw"):
        billing.answer_order_quote(
            quote=quote.id, answer=replace(heard(quote), seen="x" * 64), by=ada, now=NOON
        )
    done = billing.answer_order_quote(quote=quote.id, answer=heard(quote), by=ada, now=NOON)

    assert (done.state, done.how, done.given) == (
        QuoteState.ACCEPTED,
        "telephone",
        "292-555-0110, by telephone",
    )
    (call,) = [e for e in files.entries(case=case, by=ada, now=NOON) if e.id == done.evidence]
    assert call.direction is Direction.IN and call.said["text"] == "Lt. Marsh agreed."
    assert orders.propose(case=case, by=ada, now=NOON)


def test_what_runs_is_billed_at_the_price_that_was_accepted_and_comes_to_the_quote(ada, demanding):
    guide = demanding()
    case = a_sound_order(ada, switches=("training-1",))
    quote = billing.quote_order(case=case, by=ada, now=NOON)
    billing.answer_order_quote(quote=quote.id, answer=heard(quote), by=ada, now=NOON)
    second = administrator("Bo Farrow")
    authority = in_force(case, ada, second)
    act = surveillance.activate(authority=authority, delivery={taps.NUMBER: taps.DIAL_UP}, by=ada, now=NOON)
    surveillance.approve(act=act, by=second, now=NOON, affirmed_as=second.name)

    carried(NOON + SECOND)

    assert (
        {each.guide_version for each in BillableFact.objects.all()}
        == {quote.guide_version}
        == {guide.version}
    )
    assert quote.high.amount == Decimal(1750)


def test_refused_the_order_waits_and_asked_again_it_can_be_accepted(ada, demanding):
    demanding()
    case = a_sound_order(ada)
    first = billing.quote_order(case=case, by=ada, now=NOON)

    billing.answer_order_quote(quote=first.id, answer=heard(first, accepts=False), by=ada, now=NOON)
    second = billing.quote_order(case=case, by=ada, now=NOON + SECOND)
    states = [each.state for each in files.gates(case=case, by=ada, now=NOON)]

    assert first.id != second.id
    assert sorted(states) == [GateState.DENIED, GateState.OPEN]


def test_what_the_agency_refused_is_not_proposed(ada, demanding):
    demanding()
    case = a_sound_order(ada)
    quote = billing.quote_order(case=case, by=ada, now=NOON)

    billing.answer_order_quote(quote=quote.id, answer=heard(quote, accepts=False), by=ada, now=NOON)

    with pytest.raises(orders.CannotPropose, match="did not accept"):
        orders.propose(case=case, by=ada, now=NOON)


@pytest.mark.parametrize(
    "wrong", [{"how": "portal"}, {"said_by": " "}, {"words": ""}, {"how": "fax", "evidence": ""}, {"how": "fax", "evidence": "elsewhere"}]
)  # fmt: skip
def test_an_answer_without_who_gave_it_and_what_proves_it_is_none(ada, demanding, wrong):
    demanding()
    case = a_sound_order(ada)
    quote = billing.quote_order(case=case, by=ada, now=NOON)

    with pytest.raises(billing.CannotQuote):
        billing.answer_order_quote(quote=quote.id, answer=replace(heard(quote), **wrong), by=ada, now=NOON)

    assert files.quotes(case=case, by=ada, now=NOON)[0].state is QuoteState.OFFERED


@pytest.mark.both_databases
def test_where_it_is_paid_first_the_payment_that_names_the_quote_opens_the_gate(ada, demanding):
    demanding(replace(ACCEPT, kind="paid"))
    case = a_sound_order(ada)
    quote = billing.quote_order(case=case, by=ada, now=NOON)
    clerk = acting(make.person("Bess Oduya", roles=["billing"]), stepped_up_at=NOON)

    with pytest.raises(billing.CannotQuote, match="by paying it"):
        billing.answer_order_quote(quote=quote.id, answer=heard(quote), by=ada, now=NOON)
    billing.take_payments(
        content=statement(f"B-1,2026-09-10,1750.00,USD,County,{quote.reference}"), by=clerk, now=NOON
    )

    assert [each.state for each in files.gates(case=case, by=ada, now=NOON)] == [GateState.CLOSED]
    assert orders.propose(case=case, by=ada, now=NOON)


def test_a_price_that_is_small_enough_is_looked_at_and_asked_of_nobody(ada, demanding):
    demanding(replace(ACCEPT, over=Decimal(2000)))
    case = a_sound_order(ada)

    with pytest.raises(orders.CannotPropose):
        orders.propose(case=case, by=ada, now=NOON)
    assert billing.quote_order(case=case, by=ada, now=NOON) is None

    assert not Notice.objects.filter(message="order_quote").exists()
    assert orders.propose(case=case, by=ada, now=NOON)


@pytest.mark.both_databases
def test_what_runs_is_prolonged_and_an_emergency_gets_its_order_whatever_price_is_open(ada, demanding):
    running = taps.order().authorize().activate()
    carried(NOON + SECOND)
    cases.open_gate(case=running.case.id, kind="quote_accepted", rule="price", by=ada, now=NOON)
    urgent = (
        taps.order().authorize(kind=AuthorityKind.EMERGENCY, ends_at=NOON + timedelta(hours=48)).activate()
    )
    carried(NOON + SECOND)
    cases.open_gate(case=urgent.case.id, kind="paid", rule="price", by=ada, now=NOON)

    running.extend(NOON + timedelta(days=60), NOON + SECOND)
    act = surveillance.replace(
        authority=urgent.authority, case=urgent.case.id, starts_at=NOON, ends_at=NOON + timedelta(days=30), evidence="order-1",
        ordered=[taps.pen()], by=urgent.proposer, now=NOON + SECOND,
    )  # fmt: skip
    urgent.approve(act, NOON + SECOND)

    carried(NOON + 2 * SECOND)

    assert {running.tap.state, urgent.tap.state} == {"ACTIVE"}
    with pytest.raises(cases.GateOpen):
        surveillance.add_switch(
            authority=running.authority, number=taps.NUMBER, service=taps.INTERCONNECT, switch="training-2", evidence="paper-3",
            by=running.proposer,
            now=NOON + SECOND,
        )  # fmt: skip


@pytest.mark.sabotage("the gate of a price")
def test_without_the_gate_a_surveillance_would_be_proposed_before_its_price_was_accepted(
    ada, demanding, monkeypatch
):
    demanding()
    case = a_sound_order(ada)
    monkeypatch.setattr(
        "tecum.surveillance.operations.orders.authorising._refuse_unquoted", lambda *_, **__: None
    )

    assert orders.propose(case=case, by=ada, now=NOON)


def test_the_letter_and_the_paper_say_the_price_and_never_the_target(ada, demanding):
    guide = demanding()
    case = a_sound_order(ada)
    quote = billing.quote_order(case=case, by=ada, now=NOON)

    page = quote_paper.html(quote, guide, files.case(case=case, by=ada, now=NOON))
    (letter,) = Notice.objects.filter(message="order_quote")

    for text in (page, letter.text):
        assert quote.reference in text and "1,750.00" in text
        assert "2925550142" not in text and "555-0142" not in text and "Smith" not in text
