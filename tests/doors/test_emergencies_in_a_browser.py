"""An emergency through the real pages: asked on a telephone, called back, proposed and approved by two, released."""

import pytest

from tecum.exigent import queries
from tecum.kernel.actors import Actor
from tecum.models import ExigentRequest
from tests import emergencies, make
from tests.emergencies import wireless  # noqa: F401
from tests.make import NOON
from tests.subscribers import billing  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.usefixtures("wireless"),
]


@pytest.fixture(autouse=True)
def noon(freeze, wireless):  # noqa: F811
    freeze(NOON)


def test_a_dispatcher_asks_on_a_telephone_and_two_people_decide(visitors):
    agency = make.agency("Marrow County 911", domain="marrow.example.gov", now=NOON - emergencies.WEEK)
    emergencies.with_number(agency)
    ada, bo = (make.person(name, roles=["on_call_administrator"]) for name in ("Ada Lindqvist", "Bo Farrow"))
    caller = visitors()
    caller.go("/emergency/")
    caller.check("emergency-start")
    caller.go("/emergency/disclosure/")
    caller.check("emergency-form")
    page = caller.page
    page.locator("label", has_text="A public safety answering point").click()
    for label, text in (
        ("Name", "Adaeze Cole"), ("Title", "Dispatcher"), ("Law Enforcement Agency", "Marrow County 911"),
        ("Phone Number", "492-555-0177"), ("Target numbers, one on a line", "(292) 555-0142"),
    ):  # fmt: skip
        page.get_by_label(label, exact=True).fill(text)
    page.locator("label", has_text="immediate danger of death").click()
    page.locator("label", has_text="subscriber information").click()
    page.get_by_label("What happened, and why it cannot wait").fill(emergencies.STORY)
    page.get_by_role("button", name="Send the request").click()
    page.get_by_role("heading", name="Your request is in").wait_for()
    caller.check("emergency-in")

    first = visitors()
    first.sign_in(ada).go("/emergencies/")
    first.check("emergencies-board")
    page = first.page
    page.locator("th a").first.click()
    page.get_by_role("link", name="Find the agency in the directory").click()
    first.check("emergency-agency")
    page.get_by_role("button", name="It is this agency").click()
    page.get_by_role("heading", name="Call the agency back").wait_for()
    first.check("emergency-request")
    for label, text in (
        ("Who answered", "Sergeant Cole"), ("Badge or employee number", "4471"), ("Supervisor who stands by it", "Lieutenant Brandt"),
        ("What you asked that only the agency knows, and the answer", "the dispatch number of the call"),
        ("The emergency in their words", "a girl was taken from school"),
    ):  # fmt: skip
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Write the call down").click()
    page.get_by_text("The call is written down.").wait_for()
    page.get_by_role("link", name="Propose a disclosure").click()
    page.locator("label", has_text="Basic subscriber information").click()
    first.check("emergency-propose")
    page.get_by_role("button", name="Propose exactly this").click()
    page.get_by_text("It waits for another person.").wait_for()

    second = visitors()
    row = ExigentRequest.objects.get()
    second.sign_in(bo).go(f"/emergencies/{row.case_id}/")
    second.page.get_by_role("link", name="Look at what was proposed, and approve it").click()
    second.check("emergency-approve")
    second.page.get_by_role("button", name="Approve exactly this").click()
    second.page.get_by_text("Approved.", exact=True).wait_for()
    second.check("emergency-decided")
    second.go(f"/emergencies/{row.case_id}/afterwards/")
    second.check("emergency-afterwards")

    seen = queries.of_case(case=row.case_id, by=Actor.system("tests"), now=NOON)
    assert (seen.state, len(seen.decided)) == ("APPROVED", 1)
