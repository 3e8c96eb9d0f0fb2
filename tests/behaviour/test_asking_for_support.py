"""Somebody asks for help with the portal: by mail, on its page, by telephone; staff answer, and nothing looked up is told."""

from datetime import timedelta
from pathlib import Path

import pytest

from tecum.access.catalogue import PERMISSIONS
from tecum.audit import queries as trail
from tecum.deadlines import queries as due
from tecum.inbox.facts import Authentication
from tecum.jobs import worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours
from tecum.models import Matter, Notice, SupportEntry, SupportThread
from tecum.policy import queries as policy
from tecum.secrecy import operations as secrecy
from tecum.support import operations as support
from tecum.support import queries
from tecum.support.states import EntryKind, ThreadChannel, ThreadState, Topic
from tests import make
from tests.conftest import NOON
from tests.letters import arrived, letter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
STAFF = Actor(ref="cli:margit", kind=ActorKind.OPERATOR, name="margit", permissions=frozenset(PERMISSIONS))
PORTAL = "portal@meadowlark.example"
LATER = NOON + timedelta(hours=3)


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")


@pytest.fixture
def officer():
    return make.officer("Ines Barrowclough", at=make.agency(domain="marrow.example.gov"))


def mailed(
    text: str = "My link has expired.", *, sender: str = "ruiz@marrow.example.gov", subject: str = "SUPPORT NEEDED",
    headers: str = "", now=NOON,
) -> SupportThread:  # fmt: skip
    message = arrived(
        letter(subject, text, sender=sender, to=PORTAL, headers=headers), to=PORTAL, sender=sender, now=now
    )
    return SupportThread.objects.get(entries__message=message.id)


def events(prefix: str = "support.") -> list[str]:
    return [each.event for each in trail.since(NOON - timedelta(days=1)) if each.event.startswith(prefix)]


@pytest.mark.requirement("R-068")
def test_a_request_by_mail_opens_a_thread_and_is_confirmed_with_its_reference():
    thread = mailed()

    assert (thread.state, thread.channel, thread.topic) == ("WAITING", "MAIL", "QUESTION")
    (answer,) = Notice.objects.all()
    assert (answer.message, answer.recipient, answer.automatic) == (
        "support_received", "ruiz@marrow.example.gov", True,
    )  # fmt: skip
    assert thread.reference in answer.subject
    assert events() == ["support.opened"]


def test_what_was_asked_lies_sealed():
    thread = mailed("My badge is 4471.")

    assert b"4471" not in bytes(thread.entries.get().text)
    assert b"ruiz" not in bytes(thread.opening)
    assert "ruiz" not in thread.address_print


def test_the_person_is_linked_only_where_the_mail_systems_prove_the_sender(officer, monkeypatch):
    forged = mailed(sender=officer.email)
    assert forged.person_id is None

    monkeypatch.setattr(
        "tecum.inbox.drivers.authentication.judge",
        lambda *_, **__: Authentication("aligned", "pass", "pass", "test"),
    )
    assert mailed("Another question", sender=officer.email).person_id == officer.id


def test_an_answer_to_our_answer_joins_the_thread_and_makes_it_wait_again():
    thread = mailed()
    support.answer(thread=thread.pk, text="A new link was sent.", by=STAFF, now=LATER)
    ours = Notice.objects.get(message="support_answer")

    again = mailed(
        "It did not come.", subject="Re: something", headers=f"In-Reply-To: {ours.message_id}\r\n", now=LATER
    )

    assert again.pk == thread.pk
    assert again.state == ThreadState.WAITING
    assert SupportEntry.objects.filter(kind=EntryKind.RECEIVED).count() == 2
    assert Notice.objects.filter(message="support_received").count() == 1, "confirmed once"


def test_naming_the_reference_joins_too_but_never_from_another_address():
    thread = mailed()
    support.close(thread=thread.pk, by=STAFF, now=NOON)

    joined = mailed("More about it", subject=f"Re: ({thread.reference})")
    other = mailed(
        "I read his mail", subject=f"SUPPORT NEEDED {thread.reference}", sender="eve@elsewhere.example"
    )

    assert (joined.pk, joined.state, joined.closed_by) == (thread.pk, "WAITING", "")
    assert other.pk != thread.pk


def test_the_same_message_twice_is_one_entry():
    raw = letter("SUPPORT NEEDED", "Twice", sender="ruiz@marrow.example.gov", to=PORTAL)
    for _ in range(2):
        arrived(raw, to=PORTAL, sender="ruiz@marrow.example.gov")

    assert SupportEntry.objects.count() == 1


def test_an_answer_goes_into_the_thread_of_the_mail_and_ends_the_waiting():
    thread = mailed(headers="", subject="SUPPORT NEEDED")

    support.answer(thread=thread.pk, text="Please try again.\n\nThe desk", by=STAFF, now=LATER)

    sent = Notice.objects.get(message="support_answer")
    assert sent.recipient == "ruiz@marrow.example.gov"
    assert sent.in_reply_to.endswith("@police.marrow.example.gov>")
    assert "Please try again." in sent.text
    assert SupportThread.objects.get().state == ThreadState.ANSWERED
    assert not due.is_armed("support.unanswered", subject=thread.pk)


@pytest.mark.requirement("R-038")
@pytest.mark.parametrize(
    "told", ["It is (292) 555-0142.", "292.555.0142 has a customer", "+1 292 555 0142", "Ask QUILLON   voice, 7 LLC about it"]
)  # fmt: skip
def test_an_answer_that_would_tell_a_number_or_a_customer_is_refused(told):
    make.customer(name="Quillon Voice 7 LLC")
    thread = mailed("Who has this number?")

    with pytest.raises(support.AnswerTells):
        support.answer(thread=thread.pk, text=told, by=STAFF, now=LATER)

    assert not Notice.objects.filter(message="support_answer").exists()
    assert SupportThread.objects.get().state == ThreadState.WAITING


@pytest.mark.sabotage("R-038: an answer that tells")
def test_without_the_guard_an_answer_would_tell_what_was_looked_up(monkeypatch):
    thread = mailed("Who has this number?")
    monkeypatch.setattr("tecum.support.rules.telling_numbers", lambda *_, **__: [])

    support.answer(thread=thread.pk, text="It is (292) 555-0142.", by=STAFF, now=LATER)

    assert "555-0142" in Notice.objects.get(message="support_answer").text


@pytest.mark.requirement("R-038")
def test_a_mail_about_a_non_result_is_answered_with_the_text_of_the_screen_and_nothing_else():
    thread = mailed("My look-up of 292 555 0163 gave no result. Who has this number?")
    assert thread.topic == Topic.NON_RESULT

    support.answer(thread=thread.pk, text="ignored: (292) 555-0163", screen=True, by=STAFF, now=LATER)

    text = Notice.objects.get(message="support_answer").text
    assert queries.screen_text(now=LATER) in text
    assert "0163" not in text
    assert events()[-1] == "support.answered"


@pytest.mark.requirement("R-038")
def test_a_call_about_a_non_result_is_logged_with_the_text_that_was_read():
    thread = support.log_call(
        caller="Detective Ruiz", number="(292) 555-0142", called_at=NOON, by=STAFF, now=LATER
    )

    view = support.open_thread(thread=thread, by=STAFF, now=LATER)
    (entry,) = view.entries
    assert (entry.kind, entry.text, entry.at) == (EntryKind.CALL, queries.screen_text(now=LATER), NOON)
    assert (view.line.name, view.number, view.line.state) == (
        "Detective Ruiz",
        "2925550142",
        ThreadState.CLOSED,
    )
    assert not Notice.objects.exists(), "nothing is sent, nothing is told"
    assert events() == ["support.call_logged", "support.read"]
    with pytest.raises(support.CannotAnswer):
        support.reopen(thread=thread, by=STAFF, now=LATER)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"caller": " "}, "who called"),
        ({"number": "555"}, "caller's number"),
        ({"called_at": LATER + timedelta(days=1)}, "not come yet"),
    ],
)
def test_a_call_without_what_the_log_needs_is_refused(given, why):
    with pytest.raises(support.CannotAsk, match=why):
        support.log_call(
            **{"caller": "Ruiz", "number": "292 555 0142", "called_at": NOON, **given}, by=STAFF, now=LATER
        )

    assert not SupportThread.objects.exists()


def test_an_officer_asks_on_the_page_and_sees_the_answer_but_no_note(officer):
    by = make.acting(officer)
    thread = support.ask(subject="Second factor", text="My telephone is new.", by=by, now=NOON)
    support.note(thread=thread, text="Ask the supervisor first.", by=STAFF, now=NOON)
    support.answer(thread=thread, text="Please let your supervisor write.", by=STAFF, now=LATER)

    mine = queries.own_thread(thread, by=by, now=LATER)

    assert [each.kind for each in mine.entries] == [EntryKind.RECEIVED, EntryKind.ANSWER]
    assert Notice.objects.get(message="support_answer").recipient == officer.email
    support.write_again(thread=thread, text="She has.", by=by, now=LATER)
    assert SupportThread.objects.get().state == ThreadState.WAITING


def test_nobody_sees_or_writes_in_anothers_thread(officer):
    thread = support.ask(subject="Mine", text="Mine", by=make.acting(officer), now=NOON)
    other = make.acting(make.officer("Another"))

    with pytest.raises(NotYours):
        queries.own_thread(thread, by=other, now=NOON)
    with pytest.raises(NotYours):
        support.write_again(thread=thread, text="x", by=other, now=NOON)
    with pytest.raises(NotYours):
        support.open_thread(thread=thread, by=other, now=NOON)
    assert queries.own(by=other, now=NOON) == []


@pytest.mark.requirement("R-068")
def test_where_the_guide_names_only_the_mailbox_the_page_takes_no_request(officer, settings):
    settings.TECUM_GUIDE = "wholesale-portal"

    with pytest.raises(support.DoorClosed, match="LEAportal@sinch.com"):
        support.ask(subject="x", text="x", by=make.acting(officer), now=NOON)

    assert not SupportThread.objects.exists()


def test_an_officer_whose_ten_requests_wait_adds_to_one_of_them(officer):
    by = make.acting(officer)
    for number in range(10):
        support.ask(subject=f"{number}", text="x", by=by, now=NOON)

    with pytest.raises(support.CannotAsk, match="10 requests"):
        support.ask(subject="11", text="x", by=by, now=NOON)


def test_a_request_that_waits_too_long_is_said_to_the_desk_once_and_never_to_who_asked():
    thread = mailed()
    assert due.is_armed("support.unanswered", subject=thread.pk)
    late = thread.due_at + timedelta(minutes=1)

    worker.run_all(TABLE, lane="ordinary", clock=lambda: late)
    support.late(thread=thread.pk, by=STAFF, now=late)

    told = Notice.objects.get(message="support_late")
    assert "meadowlark.example" in told.recipient
    assert [each.message for each in Notice.objects.filter(recipient="ruiz@marrow.example.gov")] == [
        "support_received"
    ]


def test_a_thread_is_given_to_somebody_of_the_staff_and_to_nobody_else(officer):
    thread = mailed()
    clerk = make.person("Margit Okafor-Lund", roles=["portal_administrator"])

    support.assign(thread=thread.pk, to=clerk.ref, by=STAFF, now=NOON)

    assert support.see_list(mine=True, by=make.acting(clerk), now=NOON).found == 1
    with pytest.raises(support.CannotAnswer, match="does not answer"):
        support.assign(thread=thread.pk, to=officer.ref, by=STAFF, now=NOON)
    support.assign(thread=thread.pk, to="", by=STAFF, now=NOON)
    assert support.see_list(mine=True, by=make.acting(clerk), now=NOON).found == 0


def test_a_closed_thread_is_answered_only_after_it_is_opened_again():
    thread = mailed()
    support.close(thread=thread.pk, by=STAFF, now=NOON)

    with pytest.raises(support.CannotAnswer, match="open it again"):
        support.answer(thread=thread.pk, text="x", by=STAFF, now=NOON)
    with pytest.raises(support.CannotAnswer, match="already closed"):
        support.close(thread=thread.pk, by=STAFF, now=NOON)

    support.reopen(thread=thread.pk, by=STAFF, now=LATER)
    assert SupportThread.objects.get().state == ThreadState.WAITING


def test_who_may_not_answer_does_nothing(officer):
    thread, by = mailed(), make.acting(officer)

    for act in (
        lambda: support.answer(thread=thread.pk, text="x", by=by, now=NOON),
        lambda: support.note(thread=thread.pk, text="x", by=by, now=NOON),
        lambda: support.close(thread=thread.pk, by=by, now=NOON),
        lambda: support.assign(thread=thread.pk, to="", by=by, now=NOON),
        lambda: support.see_list(by=by, now=NOON),
        lambda: support.log_call(caller="x", number="292 555 0142", called_at=NOON, by=by, now=NOON),
    ):
        with pytest.raises(NotYours):
            act()


def test_texts_of_the_guide_are_ready_for_an_answer():
    ready = queries.canned(policy.at(NOON), name="Detective Ruiz", reference="SU-0000-0000")

    assert [each.id for each in ready][0] == "support_new_link"
    assert all("Dear Detective Ruiz" in each.text for each in ready)
    assert not any("{" in each.text for each in ready)


def test_a_thread_whose_retention_is_over_is_listed_without_what_it_said():
    thread = mailed()
    epoch = SupportThread.objects.get().matter
    secrecy.destroy_epoch(Matter.objects.get(pk=epoch).epoch_id, by=STAFF, now=LATER)

    (line,) = support.see_list(by=STAFF, now=LATER).lines
    assert (line.gone, line.subject, line.id) == (True, "", thread.pk)
    assert queries.found(view="all").filter(channel=ThreadChannel.MAIL).count() == 1
