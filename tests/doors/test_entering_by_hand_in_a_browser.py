"""The counter in a real browser: a demand is entered from its paper, its number told, a held message settled."""

from datetime import timedelta
from pathlib import Path

import pytest

from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.states import EntryState, Sender
from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.models import CaseEntry, LegalCase, Received
from tests import make
from tests.letters import a_pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "example"


def test_an_analyst_enters_a_fax_finds_its_agency_and_says_how_the_sender_was_told(visitor):
    now = clock.now()
    marrow = make.agency("Marrow Falls Police Department", domain="police.marrow.example.gov", now=now)
    ruiz = make.person("Ana Lysander", roles=["subpoena_analyst"], now=now)
    desk = visitor.sign_in(ruiz)
    page = desk.page

    desk.go("/demands/enter/")
    page.fill("#id_q", "marrow")
    page.click("button:has-text('Filter')")
    page.click(f"text={marrow.name}")
    desk.check("response-enter")
    page.fill("#id_day", (now + timedelta(days=2)).strftime("%Y-%m-%d"))
    page.fill("#id_clock", "09:15")
    page.fill("#id_numbers", "292 555-014")
    page.click("button:has-text('Enter the demand')")
    assert "not come yet" in page.content() and "Line 1" in page.content()
    assert not LegalCase.objects.exists()
    page.fill("#id_day", (now - timedelta(days=2)).strftime("%Y-%m-%d"))
    page.fill("#id_numbers", "292 555-0142")
    page.fill("#id_phone", "(292) 555-0120")
    page.set_input_files(
        "#id_papers",
        [
            {"name": "fax.pdf", "mimeType": "application/pdf", "buffer": a_pdf()},
            {"name": "locked.pdf", "mimeType": "application/pdf", "buffer": a_pdf(password="x")},
        ],
    )
    page.click("button:has-text('Enter the demand')")

    case = LegalCase.objects.get()
    assert case.agency == marrow.id
    assert "locked.pdf: It is locked with a password" in page.content()
    desk.check("response-told")
    desk.go("/demands/waiting/")
    assert case.reference in page.content()
    desk.go(f"/demands/{case.pk}/told/")
    page.click("label:has-text('Telephone')")
    page.click("button:has-text('They know the number')")
    assert Received.objects.get().answered_how == "telephone"
    desk.go(f"/demands/{case.pk}/paper/")
    desk.check("response-add-paper")


def test_a_message_that_names_a_case_and_that_nobody_vouches_for_is_settled_by_a_person(visitor):
    now = clock.now()
    system = Actor.system("tests")
    case = make.legal_case(received_at=now, now=now)
    entry, state = cases.join_message(
        case=case.id, message="m1", sender=Sender.UNPROVEN, at=now, by=system, now=now,
        said={"subject": f"Withdraw {case.reference}", "from": "vane@agency.example.gov", "text": "Please close it."},
    )  # fmt: skip
    assert state is EntryState.HELD
    desk = visitor.sign_in(make.person("Ana Lysander", roles=["subpoena_analyst"], now=now))

    desk.go("/demands/waiting/")
    desk.check("response-waiting")
    desk.page.click("text=Withdraw")
    desk.check("response-settle")
    desk.page.click("label:has-text('does not belong')")
    desk.page.click("button:has-text('Decide so')")

    assert CaseEntry.objects.get(pk=entry).state == "REFUSED"
    assert files.held_entries(by=system, now=now) == []
    desk.go(f"/demands/waiting/{entry}/", 404)
