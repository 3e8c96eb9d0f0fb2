"""A fee in a real browser: the desk sees that it waits, the officer accepts it with one button, the desk writes one down."""

from datetime import date, timedelta

import pytest

from tecum.cases import queries as files
from tecum.cases.facts import Asked, Contact
from tecum.cases.states import QuoteState
from tecum.config import clock
from tecum.demands import operations as demands
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.process.facts import Said
from tests import make
from tests.make import acting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
SYSTEM = Actor.system("tests")
SAID = Said(
    process="subpoena", number="GJ-26-114", signed=True, signed_by="prosecutor", issued_on=date(2026, 9, 3), country="US",
    entity="Nextel Communications", gag=False,
    words="request to capture the incoming and outgoing call detail records thru the Fraudbuster Database",
)  # fmt: skip


@pytest.fixture(autouse=True)
def carrier(settings):
    settings.TECUM_GUIDE = "wireless-2003"


def quoted(home, vane, analyst, now, *numbers):
    last = Period(now - timedelta(days=20), now - timedelta(days=5))
    got = demands.receive(
        channel="fax", received_at=now, said=SAID, contact=Contact(name="Cora Vane"), agency=home.id,
        targets=[Asked(number, last, "fraudbuster") for number in numbers], people=(acting(vane).ref,), by=SYSTEM, now=now,
    )  # fmt: skip
    demands.take(case=got.case, by=analyst, now=now)
    demands.confirm(case=got.case, said=SAID, targets=[], by=analyst, now=now)
    return got.case


def test_the_officer_accepts_with_one_button_and_the_desk_sees_it(visitors):
    now = clock.now()
    home = make.agency(now=now)
    vane, ana = (
        make.officer("Cora Vane", at=home, now=now),
        make.person("Ana Lysander", roles=["subpoena_analyst"], now=now),
    )
    case = quoted(home, vane, acting(ana, stepped_up_at=now), now, "2925550142", "2925550143")
    (quote,) = files.quotes(case=case, by=SYSTEM, now=now)
    officer, desk = visitors(), visitors()

    desk.sign_in(ana).go(f"/demands/{case}/")
    desk.check("demand-fee-waits")
    officer.sign_in(vane).go(f"/cases/{case}/")
    officer.check("my-case-fee")
    officer.page.get_by_role("link", name="Accept $100.00").click()
    officer.page.get_by_role("button", name="Accept the fee of $100.00").wait_for()
    officer.check("my-case-fee-accept")
    officer.page.get_by_role("button", name="Accept the fee of $100.00").click()
    officer.page.get_by_text("The fee is accepted.").wait_for()
    officer.check("my-case-fee-accepted")

    desk.go(f"/demands/{case}/")
    desk.page.get_by_text("on the page of the case").wait_for()
    desk.check("demand-fee-accepted")
    (kept,) = files.quotes(case=case, by=SYSTEM, now=now)
    assert (kept.id, kept.state, kept.settled_by) == (quote.id, QuoteState.ACCEPTED, acting(vane).ref)


def test_the_desk_writes_down_a_call_and_refuses_an_answer_without_words(visitor):
    now = clock.now()
    home = make.agency(now=now)
    vane, ana = (
        make.officer("Cora Vane", at=home, now=now),
        make.person("Ana Lysander", roles=["subpoena_analyst"], now=now),
    )
    case = quoted(home, vane, acting(ana, stepped_up_at=now), now, "2925550142")
    visitor.sign_in(ana).go(f"/demands/{case}/")

    visitor.page.get_by_role("link", name="Write down its answer").click()
    visitor.page.get_by_text("accepts the fee").click()
    visitor.page.get_by_label("Who said so").fill("292-555-0150")
    visitor.page.get_by_role("button", name="Write it down").click()
    visitor.page.get_by_text("Write down what was said").first.wait_for()
    visitor.check("demand-fee-answer")
    visitor.page.get_by_text("accepts the fee").click()
    visitor.page.get_by_label("What was said").fill("Lt. Marsh agreed to the fee.")
    visitor.page.get_by_role("button", name="Write it down").click()
    visitor.page.get_by_text("Written down.").wait_for()

    (kept,) = files.quotes(case=case, by=SYSTEM, now=now)
    assert (kept.state, kept.how) == (QuoteState.ACCEPTED, "telephone")
