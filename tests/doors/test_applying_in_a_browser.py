"""In a real browser: an officer applies on the page, and sees how the application stands."""

from pathlib import Path

import pytest

from tecum.config import clock
from tecum.jobs import worker
from tecum.jobs.table import TABLE
from tecum.models import Application, Notice
from tests import make
from tests.applications import CHIEF, RUIZ, TYPED, link_in
from tests.letters import a_picture, hand_on, sort

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")


def mailed(message: str) -> str:
    """Let the jobs run and return the code that the last mail brought."""
    worker.run_all(TABLE, lane="ordinary", clock=clock.now)
    return link_in(Notice.objects.filter(message=message).latest("enqueued_at")).partition("The code is ")[2][
        :9
    ]


def test_an_officer_applies_on_the_page_and_looks_how_it_stands(visitor, tmp_path):
    make.agency("Marrow County Sheriff", domain="agency1.example.gov", now=clock.now())
    page = visitor.page
    badge = tmp_path / "badge.jpg"
    badge.write_bytes(a_picture())

    visitor.go("/")
    page.get_by_role("link", name="Apply on this page").click()
    visitor.check("apply")
    page.get_by_label("Your agency e-mail address").fill(RUIZ)
    page.get_by_role("button", name="Send me a code").click()
    visitor.check("apply-code")
    page.get_by_label("Code").fill("0000-0000")
    page.get_by_role("button", name="Go on to the form").click()
    page.get_by_text("That is not the code").first.wait_for()
    visitor.check()
    page.get_by_label("Code").fill(mailed("code_apply"))
    page.get_by_role("button", name="Go on to the form").click()
    page.get_by_role("heading", name="Your address").wait_for()
    visitor.check("apply-form")
    page.get_by_role("button", name="Send the application").click()
    page.get_by_role("heading", name="Your address").wait_for()
    visitor.check("apply-form-mistakes")
    for name, value in TYPED.items():
        field = page.locator(f"[name={name}]")
        if name in {"applicant_email", "form_version"}:
            continue
        if name.startswith("attest_"):
            page.locator(f"label[for=id_{name}]").click()
        elif field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator("[name=credentials]").set_input_files(badge)
    page.get_by_role("button", name="Send the application").click()
    page.get_by_role("heading", name="Your application is sent").wait_for()
    visitor.check("applied")

    sort(clock.now())
    hand_on(clock.now())
    reference = Application.objects.get().reference
    assert {each.recipient for each in Notice.objects.filter(message="application_copied")} == {CHIEF}
    visitor.go("/application-status/")
    visitor.check("status")
    page.get_by_label("Reference of the application").fill(reference.lower())
    page.get_by_role("button", name="Send me a code").click()
    visitor.check()
    page.get_by_label("Code").fill(mailed("code_status").lower())
    page.get_by_role("button", name="Show how it stands").click()
    page.get_by_text("is being reviewed").wait_for()
    visitor.check("status-shown")


@pytest.mark.requirement("R-046")
def test_where_the_guide_names_only_the_mailbox_the_page_leads_nowhere(visitor, settings):
    settings.TECUM_GUIDE = "wholesale-portal"

    visitor.go("/")
    assert visitor.page.get_by_role("link", name="Apply on this page").count() == 0
    visitor.go("/apply/", status=409)
    visitor.check()
