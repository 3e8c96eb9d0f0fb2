"""The price of a court order in a browser: looked at, sent, answered, and only then the authority."""

from dataclasses import replace

import pytest

from tecum.cases import queries as files
from tecum.cases.states import QuoteState
from tecum.guide.model.fees import Gate
from tecum.policy import queries as policy
from tests import make
from tests.make import NOON
from tests.orders import administrator, bill, by_fax, carrier, order_said, sound  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sound_order(bill, freeze, monkeypatch):  # noqa: F811
    freeze(NOON)
    gate = Gate(id="price", kind="quote_accepted", products=("surveillance",), before="activation")
    guide = replace(policy.at(NOON), gates=(gate,))
    monkeypatch.setattr(policy, "at", lambda now: guide)
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
