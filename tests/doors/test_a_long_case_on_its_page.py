"""A case with hundreds of events opens as fast as a short one: the newest first, and everything at a click (issue D, 10)."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tecum.cases import operations as cases
from tests import make
from tests.behaviour.test_working_on_a_demand import arrived
from tests.make import NOON
from tests.surface.test_every_address_is_open_to_whom_it_says import session_of

pytestmark = [pytest.mark.django_db(transaction=True)]
NOTES = 70


@pytest.mark.parametrize("page", ["response:demand", "desk:case"])
def test_a_page_shows_the_newest_asks_as_often_as_for_a_short_case_and_the_rest_is_one_click_away(
    page, settings
):
    settings.TECUM_GUIDE = "example"
    who = make.person(roles=["subpoena_analyst"])
    case, desk = arrived(numbers=("2925550142", "2925550143", "2925550144")), make.acting(who)
    with time_machine.travel(NOON, tick=False):
        browser, there = session_of(who), reverse(page, args=[case])
        browser.get(there)
        with CaptureQueriesContext(connection) as short:
            browser.get(there)
        for place in range(NOTES):
            cases.add_note(case=case, text=f"Note {place} of a long case.", by=desk, now=NOON)

        with CaptureQueriesContext(connection) as long:
            shown = browser.get(there).content.decode()
        whole = browser.get(f"{there}?history=all").content.decode()

    assert len(long) <= len(short) + 1 and len(short) < 80
    assert shown.count("of a long case.") == 20 and "older ones too" in shown
    assert "Show everything that happened" in shown
    assert whole.count("of a long case.") == NOTES and "older ones too" not in whole
