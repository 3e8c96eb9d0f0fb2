"""The vetting desk, messages out and what is due, in a real browser: every page clean, every act done."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from tecum.config import clock
from tecum.deadlines import operations as deadlines
from tecum.deadlines.catalogue import KINDS
from tecum.jobs import outbox, worker
from tecum.kernel.actors import Actor
from tecum.models import Application, Notice
from tecum.notices import operations as notices
from tecum.vetting import operations as vetting
from tests import make
from tests.letters import PORTAL, arrived, hand_on, sort
from tests.letters import receive as hand_in
from tests.mailpeers import Peer, serving
from tests.make import acting
from tests.stories.test_an_officer_applies_by_mail import application, filled

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
    return visitor.sign_in(make.person("Margit Okafor-Lund", roles=["portal_administrator"], now=now))


def test_an_administrator_reads_an_application_and_accepts_it(desk, now):
    make.agency("Marrow Police", domain="police.marrow.example.gov", now=now)
    for days, name, changes in (
        (5, "Ines Barrowclough", {"applicant_badge": ""}), (2, "Tobias Renn-Akande", {}), (1, "Ada Quixby", {}),
    ):  # fmt: skip
        sender = f"{name.split()[-1].lower()}@police.marrow.example.gov"
        form = filled(applicant_name=name, applicant_email=sender, **changes)
        raw = application(sender=f"{name} <{sender}>", form=form, badge=name != "Ada Quixby")
        arrived(raw, to=PORTAL, sender=sender, now=now - timedelta(days=days))
    arrived(application(), to=PORTAL, now=now)
    row = Application.objects.latest("received_at")

    desk.go("/desk/applications/")
    desk.check("desk-applications")
    desk.page.click(f"text={row.reference}")
    assert desk.page.inner_text("h1") == "Marisol Ruiz"
    widths = desk.page.locator("img").evaluate_all(
        "images => Promise.all(images.map(image => image.decode().then(() => image.naturalWidth)))"
    )
    assert widths
    assert min(widths) > 100
    desk.check("desk-application")
    assert "Ohio (OH)" in desk.page.inner_text("main")
    desk.page.click("text=Accept")
    desk.check("desk-application-accept")
    desk.page.click("button:has-text('Accept the application')")

    assert "The link is good until" in desk.page.inner_text("aside")
    assert Notice.objects.filter(message="activation_link").count() == 1


def test_the_letter_is_looked_at_before_it_is_sent(desk, now):
    arrived(application(cc="", form=filled(applicant_badge="")), to=PORTAL, now=now)
    row = Application.objects.get()

    desk.go(f"/desk/applications/{row.pk}/")
    desk.page.fill("textarea[name=note]", "Please type your badge number.")
    desk.page.click("text=Look at the letter that returns it")
    desk.check("desk-application-return")
    seen = desk.page.inner_text("main")
    assert "was not copied (CC)" in seen
    desk.page.click("button:has-text('Return the application')")

    letter = Notice.objects.get(message="application_returned")
    assert "Please type your badge number." in letter.text
    assert "your badge or ID number" in letter.text


def test_a_domain_never_seen_before_asks_the_second_person(desk, visitors, now):
    arrived(application(), to=PORTAL, now=now)
    row = Application.objects.get()
    second = acting(make.person("Tove Berg", roles=["portal_administrator"], now=now), stepped_up_at=now)
    vetting.accept(application=row.pk, by=second, now=now)

    desk.go(f"/desk/applications/{row.pk}/")
    assert "Tove Berg proposed to accept it" in desk.page.inner_text("aside")
    desk.check("desk-application-proposed")
    desk.page.click("a:has-text('Confirm')")
    desk.page.click("button:has-text('Accept the application')")

    row.refresh_from_db()
    assert row.state == "ACCEPTED"


def test_what_could_not_be_delivered_is_seen_and_sent_to_the_right_address(desk, settings, now):
    with serving(Peer(rcpt="550 5.1.1 No such user here")) as peer:
        settings.TECUM_SMTP = peer.address
        hand_in(application(), to=PORTAL, now=now)
        sort(now)
        hand_on(now)
        outbox.send_all(lambda: now)

        desk.go("/desk/messages/")
        assert "1 not delivered" in desk.page.inner_text("main")
        desk.check("desk-messages")
        desk.page.click("table a")
        assert "No such user here" in desk.page.inner_text("main")
        desk.check("desk-message")
        desk.page.click("text=Send it again")
        desk.page.fill("input[name=to]", "marisol.ruiz@police.marrow.example.gov")
        desk.page.click("button:has-text('Send it again')")
        peer.rcpt = "250 OK"
        outbox.send_all(lambda: clock.now())

    assert peer.arrived[0].to == ["marisol.ruiz@police.marrow.example.gov"]


def test_what_lies_dead_is_seen_and_tried_again(desk, now):
    kind = "vetting.promised"
    deadlines.arm(kind, subject="application-1", due_at=now - timedelta(days=1), now=now - timedelta(days=2))
    deadlines.arm("account.link_expires", subject="application-2", due_at=now + timedelta(hours=3), now=now)

    def broken(_claim, _now):
        raise RuntimeError

    for attempt in range(KINDS[kind].attempts):
        worker.run_all(
            {kind: broken}, lane="ordinary", clock=lambda at=attempt: now + timedelta(minutes=16 * at - 300)
        )

    desk.go("/desk/due/")
    desk.check("desk-due")
    desk.page.click("text=Lies dead")
    assert "Given up" in desk.page.inner_text("main")
    desk.check("desk-due-dead")
    desk.page.click("text=Try again")
    desk.page.click("button:has-text('Try it again')")

    assert "0 given up" in desk.page.inner_text("main")


def test_a_notice_that_was_not_sent_by_itself_says_why(desk, now):
    from tecum.notices.rules import Incoming

    letter = Incoming(sender="ruiz@police.marrow.example.gov", return_path="", subject="Out of office")
    with transaction.atomic():
        notices.reply(
            "misdirected", to=letter, context={"address": PORTAL}, by=Actor.system("mailroom"), now=now
        )

    desk.go("/desk/messages/")

    assert "because it came with a null return path" in desk.page.inner_text("main")
