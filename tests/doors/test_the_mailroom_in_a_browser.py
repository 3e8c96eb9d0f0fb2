"""The mailroom in a real browser: what waits, one message with its files, and saying what it is."""

from pathlib import Path

import pytest

from tecum.audit.models import TrailLeaf
from tecum.config import clock
from tecum.inbox import queries
from tecum.inbox.states import MessageClass, State
from tests import letters, make
from tests.corpus import a_zip
from tests.letters import ACTIVATION, DEMANDS, PORTAL, arrived, letter, receive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def desk(visitor, now):
    administrator = make.person("Margit Okafor-Lund", roles=["portal_administrator"], now=now)
    return visitor.sign_in(administrator)


@pytest.fixture
def civil(now):
    words = "Dear Sirs,\n\nwe represent the plaintiff in Harrow v. Dunmore and ask who holds the number.\n\nHarrow Law Offices"
    raw = letter("Request for information", words, sender="Ada Harrow <harrow@lawfirm.example>", to=PORTAL)
    return arrived(raw, to=PORTAL, sender="harrow@lawfirm.example", now=now)


@pytest.fixture
def full(civil, now):
    """A morning's mail."""
    files = (
        ("subpoena.pdf", "application/pdf", letters.a_pdf(active=True)),
        ("badge.jpg", "image/jpeg", letters.a_picture()),
        ("records.zip", "application/zip", a_zip("list.csv")),
    )
    words = "Please see the attached grand jury subpoena.\n\nDetective Ana Ruiz\nMarrow Police Department"
    demand = arrived(letter("Subpoena 2026-GJ-114", words, files=files), now=now)
    arrived(
        letter("EXIGENT: missing child", "There is imminent danger. Call-back to follow.", to=DEMANDS),
        now=now,
    )
    arrived(letter("Question", "Good morning, a question about the guide.", to=PORTAL), to=PORTAL, now=now)
    arrived(letter("Search warrant", "A search warrant is attached.", to=PORTAL), to=PORTAL, now=now)
    arrived(letter("Re: Welcome", "Thank you", to=ACTIVATION), to=ACTIVATION, now=now)
    arrived(b"From: chief@other.example\r\n" + letter("Two senders"), now=now)
    arrived(letter("Automatic reply: Your demand", headers="Auto-Submitted: auto-replied\r\n"), now=now)
    receive(letter("Just arrived"), now=now)
    return demand


def test_the_pages_of_the_mailroom_are_clean(desk, full, civil):
    for path, name in (
        ("/desk/mailroom/", "mailroom"),
        ("/desk/mailroom/?view=all", "mailroom-all"),
        ("/desk/mailroom/?view=quarantined", ""),
        ("/desk/mailroom/?reference=ML-0000-0000", ""),
        (f"/desk/mailroom/{full.id}/", "message"),
        (f"/desk/mailroom/{civil.id}/", "message-waits"),
        (f"/desk/mailroom/{civil.id}/decide/?to=civil", "message-decide"),
    ):
        desk.go(path)
        desk.check(name)


@pytest.mark.requirement("R-003")
def test_an_administrator_confirms_a_civil_party_and_nobody_is_answered(desk, civil, now):
    page = desk.page
    desk.go("/desk/mailroom/")
    page.get_by_role("link", name="Request for information").click()

    page.get_by_role("link", name="Confirm: civil party").click()
    page.get_by_label("Why").fill("A law firm for a private party.")
    page.get_by_role("button", name="Decide so").click()

    assert page.get_by_text("is decided.").is_visible()
    decided = queries.message(civil.id)
    assert (decided.state, decided.klass) == (State.CLASSIFIED, MessageClass.CIVIL)
    assert "A law firm for a private party." in page.content()


def test_a_decision_that_lacks_something_says_what(desk, civil):
    page = desk.page
    desk.go(f"/desk/mailroom/{civil.id}/decide/?to=misdirected")

    page.get_by_label("Why").fill("It is about a subpoena.")
    page.get_by_role("button", name="Decide so").click()

    assert page.get_by_text("Say which mailbox the message belongs to.").first.is_visible()
    assert page.get_by_label("Why").input_value() == "It is about a subpoena."
    desk.check()


def test_files_come_as_attachments_and_every_look_is_in_the_trail(desk, full):
    page = desk.page
    desk.go(f"/desk/mailroom/{full.id}/")

    with page.expect_download() as copy:
        page.get_by_role("link", name="Take the copy of file 1").click()
    with page.expect_download() as original:
        page.get_by_role("link", name="Take it as it came, file 1").click()

    assert b"JavaScript" not in Path(copy.value.path()).read_bytes()
    assert b"JavaScript" in Path(original.value.path()).read_bytes()
    events = list(
        TrailLeaf.objects.filter(event__startswith="mail.").order_by("pk").values_list("event", flat=True)
    )
    assert events[-3:] == ["mail.opened", "mail.part_taken", "mail.part_taken"]


def test_whoever_may_not_read_mail_finds_no_mailroom(visitor, full, now):
    visitor.sign_in(make.person("N. Auditor", roles=["auditor"], now=now))

    visitor.go("/desk/mailroom/", status=404)
    visitor.go(f"/desk/mailroom/{full.id}/", status=404)
