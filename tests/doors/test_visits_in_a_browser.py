"""A visit from the administrator's page over Security and Fraud to the door of the office, in a real browser."""

from datetime import timedelta

import pytest

from tecum.models import SiteVisit
from tests import make, taps
from tests.make import NOON
from tests.taps import wireless  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def running(wireless, freeze):  # noqa: F811
    freeze(NOON)
    return taps.running()


def test_from_the_administrator_to_the_door(running, visitor, freeze):
    security = make.person("Sam Osei", roles=["security_and_fraud"])
    office = make.person("Mo Lund", roles=["mso_staff"])
    visitor.sign_in(make.again_by_ref(running.proposer.ref)).go("/switches/visits/ask/")
    page = visitor.page
    page.fill("#id_surveillance", running.case.reference)
    page.select_option("#id_switch", "training-1")
    page.fill("#id_found_at", "2026-09-08T11:30")
    page.fill("#id_agency", "Marrow County Sheriff")
    page.fill("#id_contact", "Det. Dana Ruiz")
    page.fill("#id_visitors", "Dana Ruiz\nKai Moreno, State Bureau")
    page.fill("#id_reason", "The receiver at the demarcation point has to be replaced.")
    visitor.check("visit-ask")
    page.click("button:has-text('Ask for it')")
    page.get_by_text("Asked. Security and Fraud agrees").wait_for()
    visit = SiteVisit.objects.get().pk

    visitor.sign_in(security).go(f"/switches/visits/{visit}/agree/")
    page.fill("#id_starts_at", "2026-09-08T13:00")
    page.fill("#id_ends_at", "2026-09-08T15:00")
    visitor.check("visit-agree")
    page.click("button:has-text('Agree it')")
    page.get_by_text("Agreed. The office sees it.").wait_for()

    freeze(NOON + timedelta(hours=1, minutes=5))
    visitor.sign_in(office).go(f"/switches/visits/{visit}/visitors/1/")
    page.click("button:has-text('Let them in')")
    page.get_by_text("Nobody enters without a picture identification").first.wait_for()
    visitor.check("visit-no-id")
    page.select_option("#id_identification", "agency_credential")
    page.locator("label[for=id_alike]").click()
    page.click("button:has-text('Let them in')")
    page.get_by_text("In the log.").wait_for()
    visitor.check("visit")
    visitor.go("/switches/visits/turn-away/")
    page.fill("#id_name", "A. Stranger")
    page.locator("label[for=id_why_2]").click()
    visitor.check("visit-turn-away")
    page.click("button:has-text('Write it down')")
    page.get_by_text("In the log.").wait_for()
    visitor.check("visits")
    page.get_by_role("link", name="Visitor log").click()
    page.get_by_text("2 entries").wait_for()
    visitor.check("visits-log")
    assert taps.NUMBER not in page.content()
    assert SiteVisit.objects.get().state == "INSIDE"
