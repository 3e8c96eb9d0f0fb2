"""An automatic answer goes out once in a conversation, never to a machine, and what is not answered says why."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from tecum.access.catalogue import PERMISSIONS
from tecum.jobs import outbox
from tecum.kernel.actors import Actor, ActorKind
from tecum.notices import operations as notices
from tecum.notices import queries
from tecum.notices.models import Notice
from tecum.notices.rules import Incoming
from tecum.notices.states import NoticeState
from tecum.vetting import messages as _declared  # noqa: F401
from tests.conftest import NOON
from tests.mailpeers import Arrived, Peer, serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
BY = Actor.system("inbox")
ADMIN = Actor(ref="person:admin", kind=ActorKind.PERSON, permissions=frozenset(PERMISSIONS))
WORDS = {"reference": "AP-7Q2M-40VX", "window": "3-5 business days", "missing": "Nothing is missing."}
LETTER = Incoming(
    sender="ruiz@agency1.example.gov",
    return_path="ruiz@agency1.example.gov",
    message_id="<a1@agency1.example.gov>",
    subject="Application for portal access",
)


@pytest.fixture
def peer(settings) -> Iterator[Peer]:
    with serving(Peer()) as server:
        settings.TECUM_SMTP = server.address
        yield server


def answer(letter: Incoming, *, now=NOON, conversation: str = "") -> notices.Queued:
    with transaction.atomic():
        return notices.reply(
            "application_received", to=letter, context=WORDS, by=BY, now=now, conversation=conversation
        )


def test_an_answer_has_a_null_return_path_says_that_it_is_automatic_and_stands_in_the_thread(peer):
    answer(replace(LETTER, references=("<a0@agency1.example.gov>",)))

    outbox.send_all(lambda: NOON)

    (mail,) = peer.arrived
    assert mail.envelope_from == "<>"
    assert mail.to == ["ruiz@agency1.example.gov"]
    assert mail.parsed["Auto-Submitted"] == "auto-replied"
    assert mail.parsed["In-Reply-To"] == "<a1@agency1.example.gov>"
    assert str(mail.parsed["References"]).split() == ["<a0@agency1.example.gov>", "<a1@agency1.example.gov>"]


def test_one_conversation_is_answered_once_and_staff_see_why_the_second_was_not():
    answer(LETTER)

    second = answer(
        replace(LETTER, message_id="<a2@agency1.example.gov>", in_reply_to="<a1@agency1.example.gov>")
    )

    assert second.why == "this conversation has had its automatic answer"
    view = queries.one(second.id, by=ADMIN, now=NOON)
    assert (view.state, view.why) == (NoticeState.NOT_SENT, second.why)


def test_a_person_sends_what_was_not_sent_by_itself(peer):
    kept = answer(replace(LETTER, return_path=""))
    assert kept.why.startswith("it came with a null return path")

    again = notices.send_again(notice=kept.id, to="ruiz@agency1.example.gov", by=ADMIN, now=NOON)
    outbox.send_all(lambda: NOON)

    assert peer.arrived[0].parsed["Auto-Submitted"] == "auto-generated"
    assert queries.one(again.id, by=ADMIN, now=NOON).state is NoticeState.SENT


def test_every_case_is_answered_once_where_the_caller_names_the_conversation(peer):
    first = answer(LETTER, conversation="case:one")
    second = answer(replace(LETTER, message_id="<a9@agency1.example.gov>"), conversation="case:two")
    third = answer(replace(LETTER, message_id="<a1@agency1.example.gov>"), conversation="case:one")

    assert (first.why, second.why) == ("", "")
    assert third.why


def test_a_storm_from_one_address_is_answered_five_times_within_an_hour():
    for number in range(9):
        answer(replace(LETTER, message_id=f"<n{number}@x>"), now=NOON + timedelta(minutes=number))

    assert Notice.objects.filter(state="QUEUED").count() == 5
    later = answer(replace(LETTER, message_id="<later@x>"), now=NOON + timedelta(hours=2))
    assert later.why == ""


MANNERS = {
    "it says that it is automatic": {"auto_submitted": "auto-replied"},
    "it has no header, but the thread": {},
    "it has neither header nor thread, but our subject": {"thread": False},
    "it has a null return path only": {"return_path": "", "thread": False, "subject": "Out of office"},
}


@pytest.mark.parametrize("manner", MANNERS)
def test_two_auto_responders_facing_each_other_stop_after_one_answer(peer, manner):
    odd = MANNERS[manner]

    def their_answer(mail: Arrived, number: int) -> Incoming:
        threaded = odd.get("thread", True)
        return replace(
            LETTER,
            message_id=f"<auto{number}@agency1.example.gov>",
            in_reply_to=mail.id if threaded else "",
            references=(mail.id,) if threaded else (),
            subject=str(odd.get("subject", f"Re: {mail.parsed['Subject']}")),
            auto_submitted=str(odd.get("auto_submitted", "")),
            return_path=str(odd.get("return_path", LETTER.return_path)),
        )

    answer(LETTER)
    for round_ in range(20):
        now = NOON + timedelta(minutes=round_)
        outbox.send_all(lambda at=now: at)
        answer(their_answer(peer.arrived[-1], round_), now=now)

    assert len(peer.arrived) == 1


@pytest.mark.sabotage("control 11")
def test_without_the_manners_two_auto_responders_would_never_stop(peer, monkeypatch):
    monkeypatch.setattr("tecum.notices.rules.why_not", lambda _incoming, *, own: "")
    monkeypatch.setattr("tecum.notices.operations._enough", lambda *_, **__: "")

    answer(LETTER)
    for round_ in range(5):
        outbox.send_all(lambda: NOON)
        answer(replace(LETTER, message_id=f"<auto{round_}@x>", auto_submitted="auto-replied"))

    assert len(peer.arrived) == 5


@pytest.mark.sabotage("control 11")
def test_where_the_question_is_skipped_the_database_still_lets_one_answer_through(monkeypatch):
    monkeypatch.setattr("tecum.notices.operations._enough", lambda *_, **__: "")
    answer(LETTER)

    second = answer(LETTER)

    assert second.why == "this conversation has had its automatic answer"
    assert Notice.objects.filter(state="QUEUED").count() == 1
