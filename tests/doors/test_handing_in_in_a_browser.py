"""An officer hands a demand in in a real browser: checked, mended, handed in by keyboard, numbered."""

from datetime import timedelta
from pathlib import Path

import pytest

from tecum.config import clock
from tecum.models import LegalCase
from tests import make
from tests.letters import a_pdf

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("doors_open"),
]


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")


def test_an_officer_checks_mends_and_hands_a_demand_in(visitor):
    now = clock.now()
    ruiz = make.officer("Ana Ruiz", now=now)
    desk = visitor.sign_in(ruiz)
    page = desk.page

    desk.go("/cases/")
    page.click("text=Hand a legal demand in")
    desk.check("submit")
    page.select_option("#id_process", "subpoena")
    page.fill("#id_number", "GJ-114")
    page.fill("#id_numbers", "292 555-0142\n292 555-014")
    page.click("label:has-text('Call detail records')")
    page.set_input_files(
        "#id_papers", [{"name": "gj114.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}]
    )
    page.click("button:has-text('Hand it in')")
    assert "Line 2" in page.content() and not LegalCase.objects.exists()
    desk.check("submit-mistakes")

    page.fill("#id_numbers", "292 555-0142")
    page.click("button:has-text('Check it against the guide')")
    assert "to mend" in page.content()
    desk.check("submit-checked")
    page.fill("#id_issued_on", (now - timedelta(days=4)).strftime("%Y-%m-%d"))
    page.fill("#id_first", (now - timedelta(days=20)).strftime("%Y-%m-%d"))
    page.fill("#id_last", (now - timedelta(days=10)).strftime("%Y-%m-%d"))
    page.focus("button:has-text('Hand it in')")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=It is handed in")

    case = LegalCase.objects.get()
    assert case.reference in page.content() and ruiz.email in page.content()
    desk.check("submit-done")
