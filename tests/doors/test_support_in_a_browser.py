"""Support in a real browser: the desk's queue, one request, its answer, a logged call; and the officer's own requests."""

from datetime import timedelta
from pathlib import Path

import pytest

from tecum.config import clock
from tecum.inbox.facts import Authentication
from tecum.models import Notice, SupportThread
from tecum.support import queries
from tests import make
from tests.letters import arrived, letter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PORTAL = "portal@meadowlark.example"


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")


@pytest.fixture
def officer():
    now = clock.now()
    return make.officer("Ines Barrowclough", at=make.agency(domain="marrow.example.gov", now=now), now=now)


@pytest.fixture
def asked(officer, monkeypatch):
    """A morning's requests: one of an officer, one of nobody known, one about a number without result."""
    monkeypatch.setattr(
        "tecum.inbox.drivers.authentication.judge",
        lambda *_, **__: Authentication("aligned", "pass", "pass", "test"),
    )
    now = clock.now() - timedelta(hours=2)
    for sender, subject, text in (
        (
            f"Ines Barrowclough <{officer.email}>",
            "SUPPORT NEEDED: my link",
            "My link has expired.\n\nCould you send a new one?",
        ),
        ("Front Desk <desk@elsewhere.example>", "SUPPORT NEEDED", "Your messages never arrive here."),
        (
            f"Ines Barrowclough <{officer.email}>",
            "SUPPORT NEEDED",
            "I had no result for a number today. Who has this number?",
        ),
    ):
        raw = letter(subject, text, sender=sender, to=PORTAL)
        arrived(raw, to=PORTAL, sender=sender.partition("<")[2].rstrip(">"), now=now)
    return [each.pk for each in SupportThread.objects.order_by("heard_at", "pk")]


def test_staff_answer_a_request_note_take_and_close_it(visitor, asked, officer):
    clerk = make.person("Margit Okafor-Lund", roles=["portal_administrator"], now=clock.now())
    desk = visitor.sign_in(clerk)
    mine = next(each for each in SupportThread.objects.filter(topic="QUESTION", person=officer.id))

    desk.go("/desk/support/")
    desk.check("support")
    desk.go("/desk/support/?view=closed&channel=CALL")
    desk.check()
    desk.go(f"/desk/support/{mine.pk}/give/")
    desk.check()
    desk.page.get_by_role("button", name="Give it").click()
    desk.page.get_by_role("link", name="Note something").click()
    desk.page.get_by_label("Note").fill("Link issued on the person's page.")
    desk.page.get_by_role("button", name="Keep the note").click()
    desk.page.get_by_role("link", name="The link ran out").click()
    assert "Dear Ines Barrowclough" in desk.page.get_by_label("Answer").input_value()
    desk.check("support-answer")
    desk.page.get_by_role("button", name="Send the answer").click()
    desk.page.get_by_text("The answer is on its way.").wait_for()
    desk.check("support-thread")

    assert Notice.objects.get(message="support_answer").recipient == officer.email
    desk.page.get_by_role("link", name="Close it").click()
    desk.page.get_by_role("button", name="Close it").click()
    desk.page.get_by_text("It is closed.").wait_for()


@pytest.mark.requirement("R-038")
def test_an_answer_with_a_number_is_refused_and_what_was_written_is_kept(visitor, asked):
    desk = visitor.sign_in(make.person("Margit", roles=["portal_administrator"], now=clock.now()))
    about = SupportThread.objects.get(topic="NON_RESULT")

    desk.go(f"/desk/support/{about.pk}/answer/")
    desk.page.get_by_label("Answer").fill("It is (292) 555-0142.")
    desk.page.get_by_role("button", name="Send the answer").click()

    desk.page.get_by_text("The answer holds a telephone number.").first.wait_for()
    desk.check()
    assert desk.page.get_by_label("Answer").input_value() == "It is (292) 555-0142."
    desk.go(f"/desk/support/{about.pk}/")
    desk.page.get_by_role("link", name="Answer with the text of the screen").click()
    desk.check("support-screen-text")
    desk.page.get_by_role("button", name="Send this text").click()
    desk.page.get_by_text("The text of the screen is on its way.").wait_for()
    assert queries.screen_text(now=clock.now()) in Notice.objects.get(message="support_answer").text


@pytest.mark.requirement("R-038")
def test_a_call_is_logged_beside_the_text_that_is_read(visitor):
    desk = visitor.sign_in(make.person("Margit", roles=["portal_administrator"], now=clock.now()))

    desk.go("/desk/support/")
    desk.page.get_by_role("link", name="Log a call").click()
    desk.check("support-call")
    desk.page.get_by_label("Who called").fill("Sergeant Alder")
    desk.page.get_by_label("Telephone number of the caller").fill("(292) 555-0142")
    desk.page.get_by_role("button", name="Log the call").click()

    desk.page.get_by_text("The call is logged.").wait_for()
    desk.check("support-call-logged")


def test_an_officer_sees_what_was_answered_and_asks_anew(visitor, asked, officer):
    visitor.sign_in(officer)

    visitor.go("/support/")
    visitor.check("portal-support")
    visitor.page.get_by_role("link", name="Ask something").click()
    visitor.check("portal-support-ask")
    visitor.page.get_by_label("What it is about").fill("Second factor")
    visitor.page.get_by_label("What you need").fill("My telephone is new.")
    visitor.page.get_by_role("button", name="Send the request").click()
    visitor.page.get_by_text("Your request is sent.").wait_for()
    visitor.page.get_by_label("What you want to add").fill("And my old one is gone.")
    visitor.page.get_by_role("button", name="Send it").click()
    visitor.page.get_by_text("It is added.").wait_for()
    visitor.check("portal-support-thread")


@pytest.mark.requirement("R-068")
def test_where_the_guide_names_only_the_mailbox_the_page_says_so(visitor, officer, settings):
    settings.TECUM_GUIDE = "wholesale-portal"
    visitor.sign_in(officer)

    visitor.go("/support/")

    visitor.page.get_by_text("Requests are made by mail").wait_for()
    visitor.check()
    visitor.go("/support/new/", status=409)
