"""An applicant sees how the application stands, without asking anybody; nobody else learns even that there is one (R-060)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tecum.audit import queries as trail
from tecum.jobs import worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.models import Application, MailedCode, Notice
from tecum.notices.rules import Incoming
from tecum.vetting import operations as vetting
from tests.applications import RUIZ, link_in
from tests.behaviour.test_vetting_an_application import ADMIN, MAILROOM, receive, sheriff
from tests.conftest import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
STRANGER = Actor.stranger()
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def nobody_asked_before():
    cache.clear()


def reference() -> str:
    return Application.objects.get().reference


def run_jobs(now=NOON) -> None:
    worker.run_all(TABLE, lane="ordinary", clock=lambda: now)


def asked(which: str, now=NOON) -> tuple[str, str]:
    """Ask for a code and let it be sent; return its id and what stands in the mail, "" where none went."""
    code = vetting.ask_status(reference=which, by=STRANGER, now=now)
    run_jobs(now)
    mail = Notice.objects.filter(message="code_status", enqueued_at=now).first()
    return code, link_in(mail).partition("The code is ")[2][:9] if mail else ""


def letter(sender: str = RUIZ) -> Incoming:
    return Incoming(
        sender=sender, return_path=sender, message_id=f"<s-{sender}>", subject="Status", authenticated=True
    )


@pytest.mark.requirement("R-059", "R-060")
def test_the_applicant_sees_how_it_stands_and_until_when_it_is_promised():
    receive()
    code, text = asked(reference())

    vetting.prove(code=code, typed=text.lower(), by=STRANGER, now=NOON + MINUTE)
    standing = vetting.show_status(code=code, by=STRANGER, now=NOON + MINUTE)

    assert standing.open
    assert standing.ask_after == "7 days"
    assert standing.sentence == (
        "It was received on 8 Sep 2026 and is being reviewed. The review may take 3-5 business days: until 15 Sep 2026."
    )
    events = [each.event for each in trail.since(NOON - MINUTE)]
    assert (
        events[-3:] == ["code.sent", "code.tried", "application.status_seen"]
        or "application.status_seen" in events
    )


def test_the_code_goes_to_the_address_in_the_application_and_to_nobody_else():
    receive()
    asked(reference())

    assert {each.recipient for each in Notice.objects.filter(message="code_status")} == {RUIZ}


def test_for_a_reference_that_there_is_not_nothing_is_sent_and_no_code_fits():
    receive()
    code, text = asked("AP-0000-0000")

    assert text == ""
    with pytest.raises(vetting.CodeWrong):
        vetting.prove(code=code, typed="", by=STRANGER, now=NOON)
    with pytest.raises(vetting.CodeWrong):
        vetting.show_status(code=code, by=STRANGER, now=NOON)


def shape(path: str, data: dict[str, str]) -> tuple[int, str, list[str]]:
    """Return what a stranger sees, with what must differ masked, and the statements that the database was asked."""
    client = Client()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.post(path, data)
    here = path.rstrip("/").rpartition("/")[2]
    return (
        answer.status_code,
        answer.content.decode().replace(here, ""),
        [each["sql"].split(" ")[0] for each in captured],
    )


def test_a_stranger_cannot_tell_a_reference_that_there_is_from_one_that_there_is_not():
    receive()
    known, unknown = reference(), "AP-0000-0000"
    for path in ("/application-status/", "/application-status/none/"):
        shape(
            path, {"reference": "AP-1111-1111", "code": "1"}
        )  # the first request of an address begins its count

    pages = [shape("/application-status/", {"reference": each}) for each in (known, unknown)]
    run_jobs()
    codes = [MailedCode.objects.get(reference=each).pk for each in (known, unknown)]
    tried = [shape(f"/application-status/{each}/", {"code": "0000-0000"}) for each in codes]

    assert pages[0] == pages[1], "one answer, and the same work done for it"
    assert pages[0][0] == 302
    assert tried[0][0] == tried[1][0] == 422
    assert tried[0][2] == tried[1][2], "a wrong code does the same work too"


@pytest.mark.sabotage("R-060: finding out while the stranger waits")
def test_if_the_page_itself_looked_the_reference_up_the_work_would_differ(monkeypatch):
    receive()
    real = vetting.ask_status

    def eager(**given):
        with transaction.atomic():
            made = real(**given)
            vetting.send_code(code=made, by=MAILROOM, now=given["now"])
        return made

    monkeypatch.setattr("tecum.vetting.operations.ask_status", eager)
    known = shape("/application-status/", {"reference": reference()})
    unknown = shape("/application-status/", {"reference": "AP-0000-0000"})

    assert known[2] != unknown[2]


def test_five_wrong_tries_close_a_code_even_for_the_right_one():
    receive()
    code, text = asked(reference())
    for _ in range(5):
        with pytest.raises(vetting.CodeWrong):
            vetting.prove(code=code, typed="0000-0000", by=STRANGER, now=NOON)

    with pytest.raises(vetting.CodeWrong):
        vetting.prove(code=code, typed=text, by=STRANGER, now=NOON)
    assert MailedCode.objects.get().tries == 5


def test_a_code_is_good_for_twenty_minutes_and_opens_the_page_for_fifteen():
    receive()
    code, text = asked(reference())
    with pytest.raises(vetting.CodeWrong):
        vetting.prove(code=code, typed=text, by=STRANGER, now=NOON + 20 * MINUTE)

    vetting.prove(code=code, typed=text, by=STRANGER, now=NOON + 19 * MINUTE)
    vetting.show_status(code=code, by=STRANGER, now=NOON + 33 * MINUTE)
    with pytest.raises(vetting.CodeWrong):
        vetting.show_status(code=code, by=STRANGER, now=NOON + 34 * MINUTE)


def test_nobody_fills_an_applicants_mailbox_with_codes():
    receive()
    for number in range(6):
        asked(reference(), now=NOON + number * MINUTE)

    assert Notice.objects.filter(message="code_status").count() == 3


def test_a_mail_that_asks_from_the_applications_own_address_is_answered():
    receive()

    assert vetting.tell_status(reference=reference(), incoming=letter(), by=MAILROOM, now=NOON) == reference()

    answer = Notice.objects.get(message="application_status")
    assert (answer.recipient, answer.automatic) == (RUIZ, True)
    assert "until 15 Sep 2026" in answer.text


@pytest.mark.parametrize("which", ["known", "AP-0000-0000"])
def test_any_other_address_hears_the_same_sentence_whether_there_is_such_an_application_or_not(which):
    receive()
    given = reference() if which == "known" else which

    done = vetting.tell_status(
        reference=given, incoming=letter("eve@elsewhere.example"), by=MAILROOM, now=NOON
    )

    (answer,) = Notice.objects.exclude(message="application_received")
    assert done == "not_told"
    assert (answer.message, answer.recipient) == ("application_status_own", "eve@elsewhere.example")
    assert reference() not in answer.text


@pytest.mark.parametrize(
    ("act", "says"),
    [
        ("return_", "returned on 8 Sep 2026"),
        ("refuse", "could not be accepted"),
        ("accept", "the link in the second is good for 24 hours"),
    ],
)
def test_a_decision_is_told_without_who_made_it_and_why(act, says):
    sheriff()
    application = receive()
    more = {} if act == "accept" else {"note": "Inner doubts about the badge."}
    getattr(vetting, act)(application=application, by=ADMIN, now=NOON, **more)

    vetting.tell_status(reference=reference(), incoming=letter(), by=MAILROOM, now=NOON)

    text = Notice.objects.get(message="application_status").text
    assert says in text
    assert "badge" not in text
    assert ADMIN.name not in text


def test_a_late_application_is_said_to_be_late_when_the_applicant_looks_and_staff_know():
    receive()
    late = Application.objects.get().promised_by + MINUTE

    vetting.tell_status(reference=reference(), incoming=letter(), by=MAILROOM, now=late)

    assert (
        "longer than the 3-5 business days we promised"
        in Notice.objects.get(message="application_status").text
    )


def test_a_link_that_ran_out_says_where_a_new_one_is_asked_for():
    sheriff()
    application = receive()
    vetting.accept(application=application, by=ADMIN, now=NOON)

    vetting.tell_status(
        reference=reference(), incoming=replace(letter()), by=MAILROOM, now=NOON + timedelta(hours=25)
    )

    assert (
        "ran out; ask for a new one at portal@meadowlark.example"
        in Notice.objects.get(message="application_status").text
    )
