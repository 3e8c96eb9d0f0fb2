"""An agency's loss from the administrator's page to the engineer's and back, in a real browser."""

from datetime import timedelta

import pytest

from tecum.models import SiteVisit, TroubleTicket
from tecum.surveillance.operations import accounts
from tests import make, subscribers, taps
from tests.make import NOON
from tests.orders import JONES, SMITH, bill, carrier  # noqa: F401
from tests.subscribers import billing  # noqa: F401
from tests.taps import JOBS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SECOND = timedelta(seconds=1)


@pytest.fixture
def running(bill, carrier, freeze):  # noqa: F811
    freeze(NOON)
    found = taps.running()
    subscribers.load(carrier, [SMITH.replace(",A,ID", ",U,ID"), JONES], now=NOON)
    accounts.watch(by=JOBS, now=NOON)
    return found


def test_from_the_agencys_call_to_what_it_finds_itself(running, visitor):
    ines = taps.technician("Ines Okafor")
    visitor.sign_in(make.again_by_ref(running.proposer.ref)).go("/switches/trouble/")
    page = visitor.page
    visitor.check("trouble-accounts")
    page.click("a:has-text('An agency lost its capability')")
    page.fill("#id_surveillance", running.case.reference)
    page.fill("#id_reporter", "Det. Dana Ruiz")
    page.fill("#id_phone", "(292) 555-0110")
    page.fill("#id_lost_at", "2026-09-08T09:15")
    page.fill("#id_words", "Nothing since a quarter past nine; the line is quiet.")
    visitor.check("trouble-report")
    page.click("button:has-text('Open the ticket')")
    page.get_by_text("The ticket is open.").wait_for()
    visitor.check("trouble-ticket")
    page.click("a:has-text('Ask for a visit to the office')")
    assert page.input_value("#id_contact") == "Det. Dana Ruiz"
    assert page.input_value("#id_found_at").startswith("2026-09-08T09:15")
    page.select_option("#id_switch", "training-1")
    page.fill("#id_agency", "Marrow County Sheriff")
    page.fill("#id_visitors", "Dana Ruiz")
    page.fill("#id_reason", "The receiver at the demarcation point has to be replaced.")
    page.click("button:has-text('Ask for it')")
    page.get_by_text("Asked. Security and Fraud agrees").wait_for()
    visitor.check("visit-of-a-ticket")
    page.click(f"a:has-text('{TroubleTicket.objects.get().reference}')")
    page.get_by_text("Visits that it led to").wait_for()
    assert SiteVisit.objects.get().reference in page.content()

    page.click("a:has-text('Open the internal ticket')")
    visitor.check("trouble-internal")
    page.click("button:has-text('Open it')")
    page.get_by_text("Engineers have it.").wait_for()
    ticket = TroubleTicket.objects.get()

    visitor.sign_in(make.again_by_ref(ines.ref)).go("/switches/work/")
    visitor.check("trouble-work")
    for part in range(3):
        visitor.go(f"/switches/work/trouble/{ticket.pk}/")
        assert taps.NUMBER not in page.content() and "Ruiz" not in page.content()
        page.locator(f"label[for=id_part_{part}]").click()
        page.locator("label[for=id_outcome_0]").click()
        page.fill("#id_said", "As it should be.")
        if part == 2:
            visitor.check("trouble-look")
        page.click("button:has-text('Keep what I saw')")
        page.get_by_text("Kept.").wait_for()
    visitor.go(f"/switches/work/trouble/{ticket.pk}/conclude/")
    page.locator("label[for=id_cause_1]").click()
    page.fill("#id_finding", "Carrier, level and sync are there at the demarcation point.")
    page.click("button:has-text('Conclude')")
    page.get_by_text("Concluded.").wait_for()

    visitor.sign_in(make.again_by_ref(running.proposer.ref)).go(f"/switches/trouble/{ticket.pk}/told/")
    page.locator("label[for=id_how_0]").click()
    visitor.check("trouble-told")
    page.click("button:has-text('Tell them')")
    page.get_by_text("The agency is told.").wait_for()
    visitor.check("trouble-with-agency")
    assert TroubleTicket.objects.get().state == "WITH_AGENCY"
