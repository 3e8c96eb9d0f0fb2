"""The price of a court order in a browser: looked at, sent, answered, and only then the authority."""

from dataclasses import replace

import pytest

from tecum.billing import operations as billing
from tecum.cases import queries as files
from tecum.cases.states import QuoteState
from tecum.guide.model.fees import Gate
from tecum.kernel.actors import Actor
from tecum.models import FeeQuote
from tecum.policy import queries as policy
from tests import make
from tests.make import NOON
from tests.orders import administrator, bill, by_fax, carrier, of_agency, order_said, sound  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def asking(bill, freeze, monkeypatch):  # noqa: F811
    """Put a guide in force that asks for the acceptance of a surveillance's price, which stands for a day."""
    freeze(NOON)
    gate = Gate(
        id="price", kind="quote_accepted", products=("surveillance",), before="activation", lapses_after=policy.at(NOON).demands.undo_withdrawal,
    )  # fmt: skip
    guide = replace(policy.at(NOON), gates=(gate,))
    monkeypatch.setattr(policy, "at", lambda now: guide)


@pytest.fixture
def sound_order(asking):
    ada = administrator()
    case = by_fax(ada)
    sound(case, ada, order=order_said(switches=("training-1",)))
    return case, ada


def test_an_administrator_sends_the_price_and_writes_down_what_the_agency_said(sound_order, visitor):
    case, ada = sound_order
    visitor.sign_in(make.again_by_ref(ada.ref)).go(f"/orders/{case}/")
    page = visitor.page
    page.get_by_role("link", name="What it will cost").click()
    visitor.check("order-price")
    page.click("button:has-text('Send the quote')")
    page.get_by_text("The agency is asked. Nothing starts before it answers.").wait_for()
    visitor.check("order-quoted")

    assert not page.get_by_role("link", name="Propose the authority").count()
    page.get_by_role("link", name="Write down its answer to the price").click()
    page.locator("label[for=id_accepts_0]").click()
    page.select_option("#id_how", "telephone")
    page.fill("#id_said_by", "292-555-0110")
    page.fill("#id_words", "Lt. Marsh agreed.")
    visitor.check("order-answer")
    page.click("button:has-text('Write it down')")
    page.get_by_text("Written down.").wait_for()
    assert page.get_by_role("link", name="Propose the authority").is_visible()

    (quote,) = files.quotes(case=case, by=ada, now=NOON)
    assert quote.state is QuoteState.ACCEPTED


def test_the_agencys_officer_accepts_the_price_on_the_page_and_nobody_elses_sees_it(asking, visitors):
    home, ada = make.agency(), administrator()
    vane, stranger = make.officer("Cora Vane", at=home), make.officer("Nils Ferro")
    case = of_agency(ada, home.id, vane.ref)
    sound(case, ada, order=order_said(switches=("training-1",)))
    quote = billing.quote_order(case=case, by=ada, now=NOON)
    there = f"/surveillances/orders/{case}/"
    officer, other, desk = visitors(), visitors(), visitors()

    other.sign_in(stranger)
    for address in (there, f"{there}fees/{quote.id}/accept/", f"{there}fees/{quote.id}/refuse/"):
        other.go(address, 404)
    officer.sign_in(vane).go(there)
    officer.check("my-order-price")
    officer.page.get_by_role("link", name="Accept $1,750.00").click()
    officer.page.get_by_role("button", name="Accept the fee of $1,750.00").wait_for()
    officer.check("my-order-price-accept")
    officer.page.get_by_role("button", name="Accept the fee of $1,750.00").click()
    officer.page.get_by_text("The price is accepted.").wait_for()
    officer.check("my-order-price-accepted")

    desk.sign_in(make.again_by_ref(ada.ref)).go(f"/orders/{case}/")
    desk.page.get_by_text("on the page of the order").wait_for()
    desk.check("order-price-accepted")
    (kept,) = files.quotes(case=case, by=ada, now=NOON)
    assert (kept.state, kept.settled_by) == (QuoteState.ACCEPTED, vane.ref)
    assert desk.page.get_by_role("link", name="Propose the authority").is_visible()


def test_a_price_that_lapsed_stands_on_the_pages_of_the_desk(sound_order, visitor):
    case, ada = sound_order
    quote = billing.quote_order(case=case, by=ada, now=NOON)
    FeeQuote.objects.filter(pk=quote.id).update(ends_at=NOON)
    billing.order_quote_lapses(quote=quote.id, by=Actor.system("tests"), now=NOON)

    visitor.sign_in(make.again_by_ref(ada.ref)).go("/orders/")
    visitor.page.get_by_text("Its price was not accepted in time").first.wait_for()
    visitor.check("orders-price-lapsed")
    visitor.go(f"/orders/{case}/")
    visitor.page.get_by_text("Nobody accepted it in time.").wait_for()
    visitor.check("order-price-lapsed")
