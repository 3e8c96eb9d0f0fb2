"""From the message to the account: received and answered, accepted, returned or refused, the pair, the link (R-046 to R-067)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from tecum.access.catalogue import PERMISSIONS
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.audit import queries as trail
from tecum.deadlines import queries as due
from tecum.jobs import worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours
from tecum.models import Application, Notice
from tecum.notices.rules import Incoming
from tecum.secrecy import operations as secrecy
from tecum.vetting import operations as vetting
from tecum.vetting import queries
from tecum.vetting.facts import MailFacts
from tecum.vetting.states import ApplicationState, Check
from tests import make
from tests.applications import CHIEF, FORM, MAIL, RUIZ, link_in, mail, mail_with, token_in
from tests.conftest import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
MAILROOM = Actor.system("mailroom")
ALL = frozenset(PERMISSIONS)
ADMIN, SECOND = Actor.operator("admin", ALL), Actor.operator("second", ALL)
HOUR = timedelta(hours=1)


def receive(
    given: MailFacts = MAIL, *, now: datetime = NOON, message: str = "message1", **incoming: str
) -> str:
    """Let a message bring an application; return its id."""
    letter = Incoming(
        sender=given.sender,
        return_path=given.sender,
        message_id=given.message_id,
        subject=given.subject,
        authenticated=True,
    )
    with transaction.atomic():
        matter = secrecy.open_matter(kind="credentials", by=MAILROOM, now=now)
        reference = vetting.receive(
            message=message,
            matter=matter,
            mail=given,
            incoming=replace(letter, **incoming),
            arrived_at=now,
            by=MAILROOM,
            now=now,
        )
    return Application.objects.get(reference=reference).pk


def sheriff() -> str:
    return make.agency("Marrow County Sheriff", domain="agency1.example.gov").id


def events(prefix: str = "application.") -> list[str]:
    return [entry.event for entry in trail.since(NOON - HOUR) if entry.event.startswith(prefix)]


def last(message: str) -> Notice:
    return Notice.objects.filter(message=message).latest("enqueued_at", "fence")


@pytest.mark.requirement("R-056", "R-059")
def test_an_applicant_hears_at_once_that_it_arrived_and_how_long_it_takes():
    sheriff()

    receive()

    answer = last("application_received")
    assert answer.recipient == RUIZ
    assert answer.automatic
    assert "At first sight nothing is missing." in answer.text
    assert "3-5 business days" in answer.text
    assert events() == ["application.received"]


@pytest.mark.requirement("R-047", "R-052", "R-053")
def test_what_is_missing_is_said_exactly_in_the_first_answer():
    receive(mail(subject="Hello", cc=(), files=(FORM,)))

    text = last("application_received").text
    assert "- The subject line should read “Application for portal access”." in text
    assert "- The supervisor named in the form was not copied (CC) on the message." in text
    assert "- Your credentials (an image or scan of an ID, badge or business card) were not attached" in text


def test_the_same_message_again_makes_no_second_application_and_no_second_answer():
    one = receive()

    assert receive() == one
    assert Notice.objects.count() == 1


def test_what_an_application_says_lies_sealed():
    receive()

    row = Application.objects.get()
    for column in (row.form, row.mail, row.applicant_print.encode()):
        assert b"Ruiz" not in bytes(column)
        assert b"ruiz" not in bytes(column)


@pytest.mark.requirement("R-002", "R-058", "R-061", "R-064", "R-066")
def test_accepted_it_becomes_a_profile_and_the_pair_of_messages_brings_the_link():
    agency = sheriff()
    application = receive()

    assert vetting.accept(application=application, by=ADMIN, now=NOON) is ApplicationState.ACCEPTED

    person = people.person(id=people.id_of(RUIZ), by=ADMIN, now=NOON)
    assert (person.agency, person.roles, person.job_role) == (agency, ("le_user",), "investigator")
    assert not person.has_password
    welcome, link = last("activation_welcome"), last("activation_link")
    assert welcome.sender == link.sender == "accounts@meadowlark.example"
    assert "heron lamp" in welcome.text
    assert "/user-guide/" in welcome.text
    assert "/set-password/" not in welcome.text, "the first holds no secret"
    assert link.subject in welcome.text
    assert RUIZ in link_in(link)
    assert "2026-09-09 16:00 UTC" in link_in(link)
    token = token_in(link)
    assert people.link_good(token=token, now=NOON + timedelta(hours=23, minutes=59))
    assert not people.link_good(token=token, now=NOON + timedelta(hours=24))
    assert events()[-1] == "application.accepted"


@pytest.mark.requirement("R-065")
def test_with_the_password_set_the_account_is_active_at_once():
    sheriff()
    application = receive()
    vetting.accept(application=application, by=ADMIN, now=NOON)
    token = token_in(last("activation_link"))

    accounts.use_link(token=token, password=make.PASSWORD, by=Actor.stranger(), now=NOON + HOUR)

    view = vetting.open_application(application=application, by=ADMIN, now=NOON + HOUR)
    assert view.activated
    with pytest.raises(vetting.CannotDecide.__mro__[1], match="password is set"):
        vetting.issue_again(application=application, by=ADMIN, now=NOON)


@pytest.mark.requirement("R-067")
def test_a_link_that_ran_out_is_seen_and_a_new_one_voids_it():
    sheriff()
    application = receive()
    vetting.accept(application=application, by=ADMIN, now=NOON)
    first = token_in(last("activation_link"))
    later = NOON + timedelta(hours=24)
    again = replace(ADMIN, stepped_up_at=later)

    worker.run_all(TABLE, lane="ordinary", clock=lambda: later)
    assert vetting.open_application(application=application, by=ADMIN, now=later).link_over_at == later
    vetting.issue_again(application=application, by=again, now=later)

    assert not people.link_good(token=first, now=NOON + HOUR)
    view = vetting.open_application(application=application, by=again, now=later)
    assert view.link_over_at is None
    assert view.link_until == later + timedelta(hours=24)
    assert Notice.objects.filter(message="activation_link").count() == 2


def test_a_domain_never_seen_before_takes_two_people():
    application = receive()

    assert vetting.accept(application=application, by=ADMIN, now=NOON) is ApplicationState.PROPOSED
    assert people.id_of(RUIZ) == ""
    with pytest.raises(vetting.SamePerson):
        vetting.accept(application=application, by=ADMIN, now=NOON)
    assert vetting.accept(application=application, by=SECOND, now=NOON) is ApplicationState.ACCEPTED

    (agency,) = agencies.of_domain("agency1.example.gov")
    assert (agency.name, agency.country, agency.subdivision) == ("Marrow County Sheriff", "US", "OH")
    assert events() == ["application.received", "application.proposed", "application.accepted"]


def test_a_second_person_who_chooses_something_else_proposes_and_does_not_confirm():
    other = make.agency("Marrow County Prosecutor", domain="prosecutor.example.gov").id
    application = receive()
    vetting.accept(application=application, by=ADMIN, now=NOON)

    assert (
        vetting.accept(application=application, agency=other, by=SECOND, now=NOON)
        is ApplicationState.PROPOSED
    )
    assert (
        vetting.accept(application=application, agency=other, by=ADMIN, now=NOON) is ApplicationState.ACCEPTED
    )

    assert "agency1.example.gov" in agencies.agency(id=other, by=ADMIN, now=NOON).domains


@pytest.mark.sabotage("control 6")
def test_without_the_hash_of_the_act_a_second_person_would_confirm_something_else(monkeypatch):
    other = make.agency("Marrow County Prosecutor", domain="prosecutor.example.gov").id
    application = receive()
    monkeypatch.setattr("tecum.vetting.rules.act", lambda *_, **__: "0" * 64)
    vetting.accept(application=application, by=ADMIN, now=NOON)

    assert (
        vetting.accept(application=application, agency=other, by=SECOND, now=NOON)
        is ApplicationState.ACCEPTED
    )


def test_a_proposal_can_be_taken_back_by_one_person():
    application = receive()
    vetting.accept(application=application, by=ADMIN, now=NOON)

    vetting.take_proposal_back(application=application, by=ADMIN, now=NOON)

    assert Application.objects.get().state == "RECEIVED"
    with pytest.raises(vetting.CannotDecide):
        vetting.take_proposal_back(application=application, by=ADMIN, now=NOON)


@pytest.mark.requirement("R-058")
def test_returned_with_the_reasons_chosen_in_the_thread_of_the_message():
    application = receive(mail(cc=()))

    letter = queries.letter(
        application,
        decision="return",
        checks=(Check.SUPERVISOR,),
        note="Please use the new form.",
        by=ADMIN,
        now=NOON,
    )
    vetting.return_(
        application=application,
        checks=(Check.SUPERVISOR,),
        note="Please use the new form.",
        by=ADMIN,
        now=NOON,
    )

    sent = last("application_returned")
    assert sent.text == letter.text
    assert (
        "- The supervisor named in the form was not copied (CC) on the message.\n- Please use the new form."
        in sent.text
    )
    assert sent.in_reply_to == MAIL.message_id
    assert not due.open_deadlines(), "nothing is promised any more"


@pytest.mark.requirement("R-001", "R-004", "R-058")
def test_an_agency_of_another_country_is_refused_with_the_rule_and_can_never_be_accepted():
    application = receive(mail_with(agency_country="FR"))

    with pytest.raises(vetting.CannotAccept, match="United States and Canada"):
        vetting.accept(application=application, despite="a friend", by=ADMIN, now=NOON)
    vetting.refuse(application=application, checks=(Check.COUNTRY,), by=ADMIN, now=NOON)

    assert (
        "because applications are accepted only from agencies based in the United States and Canada."
        in last("application_refused").text
    )
    assert people.id_of(RUIZ) == ""


@pytest.mark.requirement("R-005", "R-006")
def test_a_second_account_for_one_address_is_never_made():
    sheriff()
    first = receive()
    second = receive(message="message2")
    vetting.accept(application=first, by=ADMIN, now=NOON)

    with pytest.raises(vetting.CannotAccept, match="There is an account"):
        vetting.accept(application=second, by=ADMIN, now=NOON)


def test_a_rule_is_waived_only_with_a_reason():
    sheriff()
    application = receive(mail(cc=()))

    with pytest.raises(vetting.CannotAccept, match="say why"):
        vetting.accept(application=application, by=ADMIN, now=NOON)
    vetting.accept(
        application=application, despite="The lieutenant confirmed by telephone.", by=ADMIN, now=NOON
    )

    view = vetting.open_application(application=application, by=ADMIN, now=NOON)
    assert view.note == "The lieutenant confirmed by telephone."


def test_a_decision_needs_a_reason_and_is_made_once():
    application = receive()

    with pytest.raises(vetting.CannotDecide, match="reason"):
        vetting.return_(application=application, by=ADMIN, now=NOON)
    with pytest.raises(vetting.CannotDecide, match="reason"):
        vetting.refuse(application=application, by=ADMIN, now=NOON)
    vetting.return_(application=application, note="Illegible.", by=ADMIN, now=NOON)
    with pytest.raises(vetting.CannotDecide, match="already returned"):
        vetting.refuse(application=application, note="x", by=ADMIN, now=NOON)


@pytest.mark.requirement("R-059")
def test_an_application_that_waits_too_long_alerts_the_desk_and_not_the_applicant():
    application = receive()
    friday = datetime(
        2026, 9, 15, 23, 0, tzinfo=UTC
    )  # five business days after Tuesday the 8th, 18:00 in Chicago

    worker.run_all(TABLE, lane="ordinary", clock=lambda: friday - timedelta(seconds=1))
    assert not Notice.objects.filter(message="application_late").exists()
    worker.run_all(TABLE, lane="ordinary", clock=lambda: friday)

    assert last("application_late").recipient == "portal@meadowlark.example"
    assert Notice.objects.filter(recipient=RUIZ).count() == 1
    (line,) = queries.queue(by=ADMIN, now=friday + HOUR)
    assert line.late
    assert queries.waiting(by=ADMIN, now=friday + HOUR) == (1, 1)
    assert line.id == application


def test_the_queue_is_by_age_and_says_what_is_met():
    receive(mail(cc=()), message="older", now=NOON - HOUR)
    receive(mail(senders=(CHIEF,)), message="newer")

    older, newer = queries.queue(by=ADMIN, now=NOON)

    assert (older.applicant, older.agency, older.of_six) == ("Marisol Ruiz", "Marrow County Sheriff", 5)
    assert Check.SUPERVISOR in older.unmet
    assert Check.SENDER in newer.unmet


def test_opening_an_application_is_remembered_before_it_is_shown():
    application = receive()

    vetting.open_application(application=application, by=ADMIN, now=NOON)

    assert events() == ["application.received", "application.opened"]


def test_somebody_without_the_permission_sees_and_decides_nothing():
    application = receive()
    stranger = Actor(ref="person:x", kind=ActorKind.PERSON, permissions=frozenset())

    for act in (
        vetting.accept,
        vetting.return_,
        vetting.refuse,
        vetting.open_application,
        vetting.issue_again,
    ):
        with pytest.raises(NotYours):
            act(application=application, by=stranger, now=NOON)
    with pytest.raises(NotYours):
        queries.queue(by=stranger, now=NOON)
    with pytest.raises(NotYours):
        queries.letter(application, decision="return", by=stranger, now=NOON)


def test_an_unreadable_application_is_received_all_the_same():
    application = receive(mail(files=(), subject=""))

    view = vetting.open_application(application=application, by=ADMIN, now=NOON)

    assert view.form.applicant_name == ""
    assert Check.FORM in {answer.check for answer in view.answers if not answer.met}
    with pytest.raises(vetting.CannotAccept, match="no profile"):
        vetting.accept(application=application, despite="x", by=ADMIN, now=NOON)


def test_what_the_directory_and_the_mail_systems_say_stays_in_the_house():
    application = receive(mail(proven="failed"))

    with pytest.raises(vetting.CannotDecide, match="reason"):
        vetting.return_(
            application=application, checks=(Check.DOMAIN, Check.LOOK_ALIKE, Check.PROVEN), by=ADMIN, now=NOON
        )


def test_somebody_suspended_a_moment_ago_decides_nothing():
    sheriff()
    application = receive()
    clerk = make.person(roles=["portal_administrator"])
    actor = make.acting(clerk)
    accounts.suspend_person(person=clerk.id, reason="left the house", by=make.ROOT, now=NOON)

    for act in (vetting.accept, vetting.return_, vetting.refuse, vetting.issue_again):
        with pytest.raises(accounts.PersonSuspended):
            act(application=application, by=actor, now=NOON)
    assert Application.objects.get().state == "RECEIVED"


@pytest.mark.sabotage("control 12")
def test_without_the_second_look_at_standing_a_suspended_person_would_decide(monkeypatch):
    sheriff()
    application = receive()
    clerk = make.person(roles=["portal_administrator"])
    actor = make.acting(clerk)
    accounts.suspend_person(person=clerk.id, reason="left the house", by=make.ROOT, now=NOON)
    monkeypatch.setattr("tecum.accounts.operations.stand", lambda **_: None)

    assert vetting.accept(application=application, by=actor, now=NOON) is ApplicationState.ACCEPTED
