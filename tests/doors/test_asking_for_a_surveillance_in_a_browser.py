"""An officer asks for a surveillance in a real browser: a mistake keeps everything, the number comes at once, the desk reads it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tecum.config import clock
from tecum.models import CourtOrder, LegalCase
from tests import make
from tests.letters import a_pdf
from tests.orders import carrier, on_the_page  # noqa: F401

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("on_the_page"),
]


@pytest.mark.requirement("R-188", "R-189", "R-190", "R-191", "R-192", "R-193")
def test_an_officer_fills_the_request_form_in_and_an_administrator_finds_it_read(visitor):
    now = clock.now()
    ruiz = make.officer("Dana Ruiz", now=now)
    desk = visitor.sign_in(ruiz)
    page = desk.page

    desk.go("/surveillances/")
    page.click("text=Ask for a surveillance")
    page.check("label:has-text('Activate') >> nth=0")
    page.check("label:has-text('Interconnect Title III')")
    page.check("label:has-text('ISDN line')")
    page.fill("#id_dial_up_number", "(392) 555-0101")
    page.fill("#id_target_number", "292-555-0142")
    page.fill("#id_activation_date", now.strftime("%Y-%m-%d"))
    page.fill("#id_billing", "Marrow County Sheriff\n1 Main Street")
    page.set_input_files(
        "#id_papers", [{"name": "order.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}]
    )
    desk.check("ask-surveillance")
    page.click("button:has-text('Hand it in')")
    page.get_by_text("Nothing was handed in. What you typed and 1 file").wait_for()
    assert "It is missing; the form requires it" in page.content() and not LegalCase.objects.exists()
    desk.check("ask-surveillance-mistake")

    page.fill("#id_expiration_date", (now + timedelta(days=30)).strftime("%Y-%m-%d"))
    page.focus("button:has-text('Hand it in')")
    page.keyboard.press("Enter")
    page.get_by_text("It is handed in").wait_for()
    row = CourtOrder.objects.select_related("case").get()
    assert row.case.reference in page.content() and "292" not in page.title()
    desk.check("ask-surveillance-done")
    desk.go("/surveillances/")
    desk.check("surveillances")

    ada = visitor.sign_in(make.person("Ada Lindqvist", roles=["order_administrator"], now=now))
    ada.go(reverse("orders:confirm", args=[row.case_id]))
    assert "A request form was typed and read" in page.content()
    assert page.input_value("#id_dial_up_number") == "3925550101"
    assert "(292) 555-0142" in page.input_value("#id_targets")
    assert page.input_value("#id_billing") == "Marrow County Sheriff\n1 Main Street"
    ada.check("confirm-from-the-page")
