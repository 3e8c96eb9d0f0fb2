"""
The whole story of an officer: a real Postfix, a real Dovecot, a real browser, and our own commands as they run in a house.

The officer's mail system hands the application to Postfix, which hands it to `tecum mail listen`; `tecum jobs run` reads it,
answers it and sends what the desk decided through the same Postfix; the officer reads the answers in a mailbox of Dovecot.
"""

import email
import imaplib
import io
import re
import shutil
import smtplib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest
from django.test import Client

from tecum.access.catalogue import PERMISSIONS
from tecum.audit import queries as trail
from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.models import Application, Notice
from tecum.vetting import operations as vetting
from tecum.vetting.states import SIX, Check
from tests import mailservers, make
from tests.doors.test_passkeys_in_a_browser import Authenticator
from tests.letters import PORTAL, RUIZ, letter
from tests.mailservers import until
from tests.stories.test_an_officer_applies_by_mail import BADGE, CHIEF, SUBJECT, filled

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
AGENCY = "police.marrow.example.gov"
DESK = Actor.operator("desk", frozenset(PERMISSIONS))
OURS, SILENT = "2925550142", "3925550163"


@dataclass
class House:
    """The carrier's house and the agency's mailboxes, by their ports."""

    smtp: int
    imap: int

    def hand_in(self, raw: bytes, *, sender: str, to: tuple[str, ...] = (PORTAL,)) -> None:
        """Let the agency's mail system hand a message over."""
        with smtplib.SMTP("127.0.0.1", self.smtp) as link:
            link.sendmail(sender, list(to), raw)

    def inbox(self, person: str) -> list[email.message.EmailMessage]:
        """Return what lies in somebody's mailbox, as their mail program reads it."""
        link = imaplib.IMAP4("127.0.0.1", self.imap)
        try:
            link.login(person, "secret")
            link.select("INBOX")
            numbers = link.search(None, "ALL")[1][0].split()
            raws = [link.fetch(number, "(RFC822)")[1][0][1] for number in numbers]
        finally:
            link.logout()
        return [email.message_from_bytes(raw, policy=default) for raw in raws]

    def waits_for(self, person: str, count: int = 1) -> list[email.message.EmailMessage]:
        """Wait until somebody has so many messages, and return them."""
        assert until(lambda: len(self.inbox(person)) >= count, 60), f"{person} waits in vain"
        return self.inbox(person)


def words(message: email.message.EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


PEOPLE = (
    RUIZ,
    CHIEF,
    *(f"{name}@{AGENCY}" for name in ("ash", "birch", "cedar", "bell", "elm", "fir", "gorse")),
)


@pytest.fixture
def house(tmp_path: Path, settings, live_server) -> Iterator[House]:
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"
    settings.PUBLIC_ADDRESS = live_server.url.replace("127.0.0.1", "localhost")
    store = Path(tempfile.mkdtemp(prefix="tecum-mailboxes-"))
    store.chmod(0o777)
    make.agency("Marrow Police", domain=AGENCY, now=clock.now())
    try:
        with (
            mailservers.listening() as (lmtp, _),
            mailservers.dovecot(store) as imap,
            mailservers.postfix(lmtp, agency=AGENCY, people=PEOPLE, store=store) as smtp,
            mailservers.command("jobs", "run", TECUM_SMTP=f"smtp://127.0.0.1:{smtp}"),
        ):
            yield House(smtp, imap)
    finally:
        shutil.rmtree(store, ignore_errors=True)


def applying(
    person: str = RUIZ, *, subject: str = SUBJECT, cc: str = CHIEF, sender: str = "", badge: bool = True,
    two: bool = False, **typed: str,
) -> bytes:  # fmt: skip
    """An officer's application: the published form typed into, the badge beside it, the supervisor on the copy line."""
    form = filled(applicant_email=person, **typed)
    files = [("application.pdf", "application/pdf", form)]
    files += (
        [("another.pdf", "application/pdf", filled(applicant_email=person, applicant_name="Someone Else"))]
        if two
        else []
    )
    files += [BADGE] if badge else []
    return letter(
        subject, "Please find my application.", sender=f"Officer <{sender or person}>", to=PORTAL, files=tuple(files),
        headers=f"Cc: {cc}\r\n" if cc else "",
    )  # fmt: skip


@pytest.mark.browser
@pytest.mark.requirement("R-046", "R-056", "R-058", "R-061", "R-064", "R-065")
def test_from_the_mail_with_the_form_to_the_first_answer(
    house: House, visitors, numbers, settings, live_server
):
    now = clock.now()
    for id_, name in (("C-XYZ", "XYZ Voice LLC"), ("C-SHY", "Shy Voice LLC")):
        make.customer(id_, name=name, now=now)
    make.consent("C-XYZ", now=now)
    numbers({OURS: ("C-XYZ", date(2022, 6, 1)), SILENT: ("C-SHY", date(2020, 1, 1))}, now=now)

    # The application arrives, and the officer knows within seconds.
    house.hand_in(applying(), sender=RUIZ, to=(PORTAL, CHIEF))
    (answer,) = house.waits_for(RUIZ)
    row = Application.objects.get()
    assert str(answer["From"].addresses[0].addr_spec) == PORTAL
    assert row.reference in words(answer)
    assert "portal_support@inteliquent.com" in words(answer), "the other sender is announced (A6)"
    assert answer["Auto-Submitted"] == "auto-replied"
    assert len(house.waits_for(CHIEF)) == 1, "the supervisor has the copy, and no answer of ours"

    # The desk decides on prepared facts.
    desk = visitors().sign_in(make.person("Margit Okafor-Lund", roles=["portal_administrator"], now=now))
    desk.go("/desk/applications/")
    desk.page.click(f"text={row.reference}")
    assert desk.page.inner_text("h1") == "Marisol Ruiz"
    desk.page.click("text=Accept")
    desk.page.click("button:has-text('Accept the application')")

    # The pair of messages comes through Postfix; the first holds no secret, the second the link.
    first, second = sorted(house.waits_for(RUIZ, 3)[1:], key=lambda one: "/set-password/" in words(one))
    assert {str(one["From"].addresses[0].addr_spec) for one in (first, second)} == {
        "portal_support@inteliquent.com"
    }
    assert "heron lamp" in words(first)
    assert f"{settings.PUBLIC_ADDRESS}/user-guide/" in words(first)
    assert second["Subject"] in words(first)
    assert RUIZ in words(second)
    link = re.search(r"http://localhost:\d+/set-password/[\w-]+/", words(second))
    assert link is not None

    # A scanner follows the link twice; that uses nothing up (A6).
    for _ in range(2):
        assert Client().get(urlsplit(link[0]).path).status_code == 200

    # The officer: password, passkey, terms, first look-up, spreadsheet.
    officer = visitors()
    officer.address = settings.PUBLIC_ADDRESS
    page = officer.page
    Authenticator(officer)
    page.goto(link[0])
    page.get_by_label("New password").fill(make.PASSWORD)
    page.get_by_label("The same again").fill(make.PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    page.wait_for_url("**/sign-in/")
    page.get_by_label("User name").fill(RUIZ)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/account/second-factor/**")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Desk laptop")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/account/recovery-codes/**")
    page.get_by_role("link", name="I have kept them; go on").click()
    page.wait_for_url("**/welcome/")
    assert "25 different numbers per person per day" in page.inner_text("main")
    assert "You have a passkey." in page.inner_text("main")
    page.get_by_role("button", name="Accept the terms and begin").click()
    page.wait_for_url("**/look-up/")
    page.get_by_label("Agency case number").fill("MC-26-004417")
    page.get_by_text("I attest that these numbers").click()
    page.get_by_label("Paste up to 25 numbers").fill(f"{OURS}\n{SILENT}")
    page.get_by_role("button", name="Look up these numbers").click()
    page.get_by_role("heading", name="1 found, 1 without result").wait_for()
    assert "XYZ Voice LLC" in page.inner_text("table")
    assert "Shy Voice" not in page.content()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as spreadsheet (XLSX)").click()
    cells = [
        cell
        for line in openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active.iter_rows(
            values_only=True
        )
        for cell in line
    ]
    assert "XYZ Voice LLC" in cells

    # The link is spent, and the trail knows the day.
    page.goto(link[0])
    page.get_by_role("heading", name="This link no longer works").wait_for()
    told = [entry.event for entry in trail.since(now)]
    steps = [
        "mail.received",
        "mail.judged",
        "application.accepted",
        "link.used",
        "factor.added",
        "terms.accepted",
    ]
    assert list(dict.fromkeys(one for one in told if one in steps)) == steps


@pytest.mark.requirement("R-047", "R-048", "R-049", "R-050", "R-051", "R-052", "R-053")
def test_each_of_the_six_rules_broken_in_turn_is_answered_with_that_rule(house: House):
    at = {name: f"{name}@{AGENCY}" for name in ("ash", "birch", "cedar", "bell", "elm", "fir", "gorse")}
    broken = {
        Check.SUBJECT: (
            at["ash"],
            applying(at["ash"], subject="My application"),
            "The subject line should read",
        ),
        Check.ALONE: (at["birch"], applying(at["birch"], two=True), "one application"),
        Check.SENDER: (at["bell"], applying(at["cedar"], sender=at["bell"]), "came from another address"),
        Check.SUPERVISOR: (at["elm"], applying(at["elm"], cc=""), "CC"),
        Check.FORM: (at["fir"], applying(at["fir"], applicant_badge=""), "your badge or ID number"),
        Check.CREDENTIALS: (at["gorse"], applying(at["gorse"], badge=False), "second file"),
    }

    for sender, raw, _ in broken.values():
        house.hand_in(raw, sender=sender)

    found: dict[Check, str] = {}
    for check, (sender, _, sentence) in broken.items():
        (answer,) = house.waits_for(sender)
        found[check] = words(answer)
        row = Application.objects.get(reference=re.search(r"AP-[0-9A-Z]{4}-[0-9A-Z]{4}", words(answer))[0])
        view = vetting.open_application(application=row.pk, by=DESK, now=clock.now())
        assert {one.check for one in view.answers if not one.met and one.check in SIX} == {check}
        assert sentence.lower() in words(answer).lower(), (check, words(answer))
    assert len(set(found.values())) == len(SIX)
    assert Notice.objects.filter(message="application_received", state="SENT").count() == len(SIX)


@pytest.mark.requirement("R-003")
def test_a_civil_lawyer_hears_nothing_through_the_same_servers(house: House):
    text = "I represent the plaintiff in a civil action and request access to your portal for discovery."
    house.hand_in(letter("Portal access", text, sender=f"Lex <{CHIEF}>", to=PORTAL), sender=CHIEF)
    house.hand_in(applying(), sender=RUIZ)

    house.waits_for(RUIZ)

    # What was sent after it is answered: what is never answered had its turn.
    assert until(lambda: not _unread(), 30)
    assert house.inbox(CHIEF) == []


def _unread() -> int:
    from tecum.inbox import queries

    return queries.unread()
