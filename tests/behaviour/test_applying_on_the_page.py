"""An application on the page: the address is proved, and it goes the way of every message: same rules, same intake."""

from datetime import timedelta
from pathlib import Path

import pytest

from tecum.access.catalogue import PERMISSIONS
from tecum.inbox import queries as inbox
from tecum.inbox.facts import Envelope
from tecum.inbox.operations import receive
from tecum.jobs import worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.models import Application, InboundMessage, MailedCode, Notice
from tecum.vetting import operations as vetting
from tecum.vetting.adapters import Upload
from tecum.vetting.states import SIX, ApplicationState, Check
from tests import make
from tests.applications import CHIEF, RUIZ, TYPED, link_in
from tests.conftest import NOON
from tests.letters import BY, a_picture, hand_on, letter, sort

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
STRANGER = Actor.stranger()
ADMIN = Actor.operator("admin", frozenset(PERMISSIONS))
BADGE = Upload("my badge.jpg", a_picture())
VALUES = {name: value for name, value in TYPED.items() if name not in {"applicant_email", "form_version"}}


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")


def proved(address: str = RUIZ) -> str:
    code = vetting.ask_to_apply(address=address, by=STRANGER, now=NOON)
    worker.run_all(TABLE, lane="ordinary", clock=lambda: NOON)
    text = link_in(Notice.objects.get(message="code_apply")).partition("The code is ")[2][:9]
    vetting.prove(code=code, typed=text, by=STRANGER, now=NOON)
    return code


def sent(code: str, **values: str) -> str:
    return vetting.apply_on_page(
        code=code, values={**VALUES, **values}, credentials=BADGE, by=STRANGER, now=NOON
    )


def view():
    return vetting.open_application(application=Application.objects.get().pk, by=ADMIN, now=NOON)


@pytest.mark.requirement("R-047", "R-056")
def test_it_is_read_and_judged_like_a_mail_and_answered_the_same():
    make.agency("Marrow County Sheriff", domain="agency1.example.gov")

    reference = sent(proved())
    sort()
    hand_on()

    message = inbox.by_reference(reference)
    found = view()
    assert (message.door, message.routed_to) == ("page", found.reference)
    assert {each.check for each in found.answers if not each.met} == set(), (
        "all of the six, and everything else"
    )
    assert (found.form.applicant_email, found.form.supervisor_email) == (RUIZ, CHIEF)
    assert (found.form.agency_country, found.form.applicant_role) == ("US", "investigator")
    answer = Notice.objects.get(message="application_received")
    assert (answer.recipient, answer.automatic) == (RUIZ, True)
    assert "At first sight nothing is missing." in answer.text
    assert vetting.accept(application=found.id, by=ADMIN, now=NOON) is ApplicationState.ACCEPTED


@pytest.mark.requirement("R-051")
def test_the_supervisor_hears_of_it_instead_of_the_copy():
    sent(proved())

    copy = Notice.objects.get(message="application_copied")
    assert copy.recipient == CHIEF
    assert "Marisol Ruiz (Marrow County Sheriff)" in copy.text


@pytest.mark.requirement("R-047")
def test_what_the_rules_find_missing_is_said_by_mail_as_always():
    sent(proved(), attest_purpose="", supervisor_email=RUIZ)
    sort()
    hand_on()

    unmet = {each.check for each in view().answers if not each.met}
    assert {Check.SUPERVISOR, Check.ATTESTED} <= unmet
    assert not unmet & {Check.SUBJECT, Check.SENDER, Check.CREDENTIALS, Check.PROVEN}
    assert len(SIX) == 6


@pytest.mark.requirement("R-050")
def test_nobody_applies_with_an_address_that_was_not_proved():
    code = vetting.ask_to_apply(address=RUIZ, by=STRANGER, now=NOON)
    for wrong in (code, "nothing"):
        with pytest.raises(vetting.CodeWrong):
            sent(wrong)

    assert not InboundMessage.objects.exists()


def test_one_code_is_one_application():
    code = proved()
    sent(code)

    with pytest.raises(vetting.CodeWrong):
        sent(code)

    assert InboundMessage.objects.count() == 1
    assert Notice.objects.filter(message="application_copied").count() == 1


def test_the_form_is_open_for_two_hours_after_the_code():
    code = proved()

    assert vetting.proved_address(code=code, now=NOON + timedelta(minutes=119)) == RUIZ
    with pytest.raises(vetting.CodeWrong):
        vetting.proved_address(code=code, now=NOON + timedelta(hours=2))


@pytest.mark.parametrize(
    "address", ["ruiz@gmail.com", "nobody", "a@b@c", "x@agency.example.gov\r\nBcc: y@z.example"]
)
def test_an_address_that_no_agency_has_gets_no_code(address):
    with pytest.raises(vetting.NoAgencyAddress):
        vetting.ask_to_apply(address=address, by=STRANGER, now=NOON)

    assert not MailedCode.objects.exists()


@pytest.mark.requirement("R-046")
def test_where_the_guide_names_only_the_mailbox_the_page_takes_no_application(settings):
    settings.TECUM_GUIDE = "wholesale-portal"

    with pytest.raises(vetting.DoorClosed, match="LEAportal@sinch.com"):
        vetting.ask_to_apply(address=RUIZ, by=STRANGER, now=NOON)
    with pytest.raises(vetting.DoorClosed):
        sent("any")


@pytest.mark.sabotage("R-050: the sender's proof")
def test_only_our_own_page_proves_a_sender_by_itself():
    raw = letter("Application for portal access", "x", sender=RUIZ, to="portal@meadowlark.example")
    for door in ("lmtp", "page"):
        receive(
            raw + door.encode(),
            envelope=Envelope(RUIZ, ("portal@meadowlark.example",)),
            door=door,
            by=BY,
            now=NOON,
        )
    sort()

    verdicts = {
        row.door: inbox.content(row.pk).authentication.verdict for row in InboundMessage.objects.all()
    }
    assert verdicts == {"lmtp": "none", "page": "aligned"}
