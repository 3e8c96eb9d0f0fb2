"""The price of an order is answered by the agency's own officer, lapses by itself, and is asked anew for what the order adds."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tecum.access.rules import NotYours
from tecum.billing import operations as billing
from tecum.billing.rules.quoting import beyond
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Answer, Offer, QuoteLine
from tecum.cases.states import GateState, QuoteState
from tecum.jobs import worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.kernel.money import Money
from tecum.models import CourtOrder, Deadline, Notice
from tecum.policy import queries as policy
from tecum.surveillance.operations import orders
from tecum.surveillance.rules.order_facts import Subject
from tests import make, race, taps
from tests.behaviour.test_billing_a_case import statement
from tests.behaviour.test_quoting_a_surveillance import ACCEPT, ada, demanding  # noqa: F401
from tests.make import NOON, acting
from tests.orders import (  # noqa: F401
    OTHER,
    administrator,
    bill,
    carrier,
    in_force,
    of_agency,
    order_said,
    read,
    sound,
)
from tests.taps import carried

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bill")]
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
CLOCKWORK = Actor.system("tests")
MORE = (*order_said().subjects, Subject(OTHER, name="Ann Jones", address="4 Elm Ct, Reston VA 20191"))


@pytest.fixture
def home():
    return make.agency()


@pytest.fixture
def vane(home):
    return make.officer("Cora Vane", at=home)


@pytest.fixture
def asked(ada, demanding, home, vane):  # noqa: F811
    """Ask the agency the price of its order; return the case and the quote."""

    def ask(gate=ACCEPT, **changes):
        demanding(gate)
        case = of_agency(ada, home.id, vane.ref)
        sound(case, ada, order=order_said(**changes))
        return case, billing.quote_order(case=case, by=ada, now=NOON)

    return ask


def on_page(quote, accepts=True):
    return Answer(accepts, quote.digest, "portal")


def quotes_of(case):
    return files.quotes(case=case, by=CLOCKWORK, now=NOON)


def days_pass(until):
    """Let the clockwork do what is due, each at its instant."""
    worker.run_all(TABLE, lane="ordinary", clock=lambda: until)


# answered on the portal


@pytest.mark.requirement("R-105")
@pytest.mark.both_databases
def test_the_agencys_officer_accepts_the_price_and_the_authority_can_be_proposed(asked, ada, vane):  # noqa: F811
    case, quote = asked()

    done = billing.answer_order_quote(quote=quote.id, answer=on_page(quote), by=acting(vane), now=NOON)

    assert (done.state, done.how, done.given) == (
        QuoteState.ACCEPTED,
        "portal",
        "Cora Vane, on the page of the order",
    )
    assert done.settled_by == vane.ref
    assert orders.propose(case=case, by=ada, now=NOON)


def test_refused_by_its_officer_nothing_of_it_is_proposed(asked, ada, vane):  # noqa: F811
    case, quote = asked()

    billing.answer_order_quote(
        quote=quote.id, answer=on_page(quote, accepts=False), by=acting(vane), now=NOON
    )

    assert [each.state for each in quotes_of(case)] == [QuoteState.REFUSED]
    with pytest.raises(orders.CannotPropose, match="did not accept"):
        orders.propose(case=case, by=ada, now=NOON)


def test_strangers_and_people_who_left_the_list_are_told_as_little_as_of_a_quote_that_is_not(asked, home):
    case, quote = asked()
    colleague, elsewhere = make.officer("Not Listed", at=home), make.officer("Of Another Agency")
    clerk = make.person("Bess Oduya", roles=["billing"])

    for who in (colleague, elsewhere, clerk):
        for id in (quote.id, "x" * 26):
            with pytest.raises(NotYours):
                billing.answer_order_quote(quote=id, answer=on_page(quote), by=acting(who), now=NOON)

    assert [each.state for each in quotes_of(case)] == [QuoteState.OFFERED]


@pytest.mark.parametrize("how", ["telephone", "fax", "letter", "mail"])
def test_an_officer_answers_by_the_page_and_does_not_pretend_a_letter(asked, vane, how):
    _, quote = asked()

    with pytest.raises(NotYours):
        billing.answer_order_quote(
            quote=quote.id, answer=replace(on_page(quote), how=how), by=acting(vane), now=NOON
        )


def test_what_was_not_shown_is_not_accepted_and_what_is_paid_first_only_by_paying(asked, vane):
    _, quote = asked(replace(ACCEPT, kind="paid"))

    with pytest.raises(billing.CannotQuote, match="by paying it"):
        billing.answer_order_quote(quote=quote.id, answer=on_page(quote), by=acting(vane), now=NOON)
    with pytest.raises(billing.CannotQuote, match="by paying it"):
        billing.answer_order_quote(
            quote=quote.id, answer=replace(on_page(quote), seen="0" * 64), by=acting(vane), now=NOON
        )


def test_the_quote_of_a_demand_is_not_answered_by_the_door_of_orders(home):
    made = make.legal_case(agency=home.id, numbers=["2925550142"])
    line = QuoteLine("cdr", "Records", "cdr", "1", "number", "50.00", "50.00", "50.00", "USD")
    fifty = Money(Decimal(50), "USD")
    quote = cases.offer_quote(
        case=made.id, kind="fee_accepted", rule="fee", offer=Offer(NOON.date(), "g", fifty, fifty, (line,), ()), asked="",
        ends_at=None, by=CLOCKWORK, now=NOON,
    )  # fmt: skip

    with pytest.raises(NotYours):
        billing.answer_order_quote(quote=quote.id, answer=on_page(quote), by=administrator(), now=NOON)


@pytest.mark.both_databases
def test_of_an_officer_and_the_desk_that_answer_at_once_one_is_heard(asked, ada, vane):  # noqa: F811
    case, quote = asked()
    heard = Answer(False, quote.digest, "telephone", "292-555-0110", words="Not at that price.")

    said = [(acting(vane), on_page(quote)), (ada, heard)]

    def answer(number):
        by, answer = said[number]
        return billing.answer_order_quote(quote=quote.id, answer=answer, by=by, now=NOON).state.value

    told = race.race(2, answer)

    assert sorted(isinstance(each, tuple) for each in told) == [False, True]
    (kept,) = quotes_of(case)
    assert kept.state.value in told


# it lapses by itself


@pytest.mark.both_databases
def test_a_price_that_nobody_accepts_in_time_lapses_by_itself_and_the_agency_is_told(asked, ada, demanding):  # noqa: F811
    week = policy.at(NOON).demands.undo_withdrawal  # a day
    case, quote = asked(replace(ACCEPT, lapses_after=week))

    days_pass(quote.ends_at - SECOND)
    before = quotes_of(case)[0].state
    days_pass(quote.ends_at)
    again = billing.order_quote_lapses(quote=quote.id, by=CLOCKWORK, now=quote.ends_at)

    assert (before, quotes_of(case)[0].state, again) == (QuoteState.OFFERED, QuoteState.LAPSED, False)
    assert [each.state for each in files.gates(case=case, by=ada, now=NOON)] == [GateState.DENIED]
    (letter,) = Notice.objects.filter(message="order_quote_lapsed")
    assert quote.reference in letter.text and "1,750.00" in letter.text and "555" not in letter.text
    assert files.last_answers([case]) == {case: QuoteState.LAPSED}
    with pytest.raises(orders.CannotPropose, match="did not accept"):
        orders.propose(case=case, by=ada, now=quote.ends_at)
    assert billing.quote_order(case=case, by=ada, now=quote.ends_at).state is QuoteState.OFFERED


def test_where_the_guide_has_no_words_for_it_only_the_desk_sees_that_it_lapsed(asked, monkeypatch):
    case, quote = asked(replace(ACCEPT, lapses_after=policy.at(NOON).demands.undo_withdrawal))
    guide = policy.at(NOON)
    wordless = {name: text for name, text in guide.wording.items() if name != "order_quote_lapsed"}
    monkeypatch.setattr(policy, "at", lambda now: replace(guide, wording=wordless))

    days_pass(quote.ends_at)

    assert quotes_of(case)[0].state is QuoteState.LAPSED
    assert not Notice.objects.filter(message="order_quote_lapsed").exists()


@pytest.mark.parametrize("kind", ["quote_accepted", "paid"])
def test_answered_in_time_nothing_lapses(asked, vane, kind):
    case, quote = asked(replace(ACCEPT, kind=kind, lapses_after=policy.at(NOON).demands.undo_withdrawal))
    assert Deadline.objects.filter(kind="order.quote_lapses", subject=quote.id, state="ARMED").exists()

    if kind == "paid":
        clerk = acting(make.person("Bess Oduya", roles=["billing"]), stepped_up_at=NOON)
        billing.take_payments(
            content=statement(f"B-1,2026-09-08,1750.00,USD,County,{quote.reference}"), by=clerk, now=NOON
        )
    else:
        billing.answer_order_quote(quote=quote.id, answer=on_page(quote), by=acting(vane), now=NOON)
    days_pass(quote.ends_at + DAY)

    assert quotes_of(case)[0].state is QuoteState.ACCEPTED
    assert (
        not Deadline.objects.filter(kind="order.quote_lapses", subject=quote.id)
        .exclude(state="DISARMED")
        .exists()
    )


# an order that changes


@pytest.mark.both_databases
def test_what_a_changed_order_adds_is_asked_for_by_itself_and_the_accepted_price_stands(asked, ada, vane):  # noqa: F811
    case, first = asked()
    billing.answer_order_quote(quote=first.id, answer=on_page(first), by=acting(vane), now=NOON)

    sound(case, ada, order=order_said(subjects=MORE), now=NOON + SECOND)
    with pytest.raises(orders.CannotPropose, match="changed since"):
        orders.propose(case=case, by=ada, now=NOON + SECOND)
    days_pass(NOON + SECOND)

    before, after = quotes_of(case)
    assert (before.state, str(before.high)) == (QuoteState.ACCEPTED, "$1,750.00")
    assert (after.state, str(after.high)) == (
        QuoteState.OFFERED,
        "$1,750.00",
    )  # one more target, and its month
    assert before.reference in after.notes[-1] and "$3,500.00 in all" in after.notes[-1]
    with pytest.raises(cases.GateOpen):
        orders.propose(case=case, by=ada, now=NOON + SECOND)
    billing.answer_order_quote(quote=after.id, answer=on_page(after), by=acting(vane), now=NOON + 2 * SECOND)
    assert orders.propose(case=case, by=ada, now=NOON + 2 * SECOND)


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ({"duration": "60 days"}, "$250.00"),  # November too
        ({"switches": ("mso-east", "training-1")}, None),
        ({"subjects": MORE[1:]}, None),  # another number at the same price
    ],
)
def test_longer_costs_more_and_is_asked_what_costs_no_more_is_written_down_and_asked_of_nobody(
    asked, ada, vane, changes, more  # noqa: F811
):  # fmt: skip
    case, first = asked()
    billing.answer_order_quote(quote=first.id, answer=on_page(first), by=acting(vane), now=NOON)

    sound(case, ada, order=order_said(**changes), now=NOON + SECOND)
    days_pass(NOON + SECOND)

    offered = [str(each.high) for each in quotes_of(case) if each.state is QuoteState.OFFERED]
    assert offered == ([more] if more else [])
    if more is None:
        assert orders.propose(case=case, by=ada, now=NOON + SECOND)


def test_a_price_that_nobody_answered_yet_is_replaced_by_that_of_the_order_as_it_is_now(asked, ada, vane):  # noqa: F811
    case, first = asked()

    sound(case, ada, order=order_said(subjects=MORE), now=NOON + SECOND)
    days_pass(NOON + SECOND)

    after = quotes_of(case)[-1]
    assert {each.id: each.state for each in quotes_of(case)} == {
        first.id: QuoteState.REPLACED,
        after.id: QuoteState.OFFERED,
    }
    assert str(after.high) == "$3,500.00"
    with pytest.raises(cases.CannotSettleQuote):
        billing.answer_order_quote(quote=first.id, answer=on_page(first), by=acting(vane), now=NOON + SECOND)


def test_what_is_added_and_refused_is_taken_out_of_the_order_again_and_the_rest_goes_on(asked, ada, vane):  # noqa: F811
    case, first = asked()
    billing.answer_order_quote(quote=first.id, answer=on_page(first), by=acting(vane), now=NOON)
    sound(case, ada, order=order_said(subjects=MORE), now=NOON + SECOND)
    days_pass(NOON + SECOND)
    after = quotes_of(case)[-1]
    billing.answer_order_quote(
        quote=after.id, answer=on_page(after, accepts=False), by=acting(vane), now=NOON + SECOND
    )
    with pytest.raises(orders.CannotPropose):
        orders.propose(case=case, by=ada, now=NOON + SECOND)

    sound(case, ada, now=NOON + 2 * SECOND)
    assert billing.quote_order(case=case, by=ada, now=NOON + 2 * SECOND) is None

    assert orders.propose(case=case, by=ada, now=NOON + 2 * SECOND)


def test_an_order_read_again_in_the_same_words_is_asked_for_nothing(asked, ada, vane):  # noqa: F811
    case, first = asked()
    billing.answer_order_quote(quote=first.id, answer=on_page(first), by=acting(vane), now=NOON)

    sound(case, ada, now=NOON + SECOND)

    assert not Deadline.objects.filter(kind="order.price_again").exists()
    assert orders.propose(case=case, by=ada, now=NOON + SECOND)


def test_of_a_changed_order_without_an_end_nothing_is_asked_and_nothing_is_proposed(asked, ada):  # noqa: F811
    case, _ = asked()

    read(case, ada, order=order_said(subjects=MORE, duration=""), now=NOON + SECOND)

    assert billing.price_order_again(case=case, by=CLOCKWORK, now=NOON + SECOND) is False
    assert len(quotes_of(case)) == 1


def test_what_runs_goes_on_while_a_new_order_waits_for_its_price(asked, ada, vane):  # noqa: F811
    running = taps.order().authorize().activate()
    carried(NOON + SECOND)

    case, quote = asked()
    with pytest.raises(cases.GateOpen):
        orders.propose(case=case, by=ada, now=NOON)
    billing.answer_order_quote(
        quote=quote.id, answer=on_page(quote, accepts=False), by=acting(vane), now=NOON
    )
    carried(NOON + 2 * SECOND)

    assert running.tap.state == "ACTIVE"


def test_the_trail_and_the_table_hold_no_number_of_what_was_priced(asked):
    case, _ = asked()

    assert b"2925550142" not in bytes(CourtOrder.objects.get(case=case).priced)


@pytest.mark.sabotage("the price of what an order adds")
def test_without_the_look_at_what_was_priced_a_changed_order_would_start_at_the_old_price(
    asked, ada, vane, monkeypatch  # noqa: F811
):  # fmt: skip
    case, first = asked()
    billing.answer_order_quote(quote=first.id, answer=on_page(first), by=acting(vane), now=NOON)
    sound(case, ada, order=order_said(subjects=MORE), now=NOON + SECOND)
    monkeypatch.setattr("tecum.surveillance.operations.orders.authorising.new_of", lambda row: frozenset())

    assert orders.propose(case=case, by=ada, now=NOON + SECOND)


# the difference, line by line


def offer(*lines):
    total = Money(sum((Decimal(line.low) for line in lines), Decimal(0)), "USD")
    return Offer(NOON.date(), "g", total, total, lines, ())


def line(fee, number, price):
    amount = f"{number * price:.2f}"
    return QuoteLine(fee, fee, "surveillance", str(number), "target", f"{price}.00", amount, amount, "USD")


def test_beside_what_was_accepted_only_the_difference_is_asked_for():
    accepted = [line("install", 1, 1500), line("month", 1, 250)]

    more = beyond(
        offer(line("install", 2, 1500), line("month", 1, 250), line("outside", 1, 500)), accepted, ["QUOTE-A"]
    )
    less = beyond(offer(line("install", 1, 1500)), accepted, ["QUOTE-A"])
    other = beyond(offer(line("install", 2, 1500)), accepted, ["QUOTE-A"])

    assert [(each.fee, each.quantity, each.low) for each in more.lines] == [
        ("install", "1", "1500.00"),
        ("outside", "1", "500.00"),
    ]
    assert (str(more.high), less) == ("$2,000.00", None)
    assert [(each.fee, each.low) for each in other.lines] == [("install", "1500.00"), ("month", "-250.00")]
    assert str(other.high) == "$1,250.00"
    assert beyond(offer(line("install", 1, 1500)), (), ()) == offer(line("install", 1, 1500))
