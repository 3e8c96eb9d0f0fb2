"""A message whose work nothing here does by itself: it is confirmed, rests visibly with a person, and is handed on later."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tecum.inbox import operations as inbox
from tecum.inbox import queries
from tecum.inbox.states import MessageClass, State
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.mailroom import routing
from tecum.mailroom.table import Work, work_of
from tecum.models import Notice
from tecum.policy import queries as policy
from tests import letters
from tests.conftest import NOON
from tests.letters import CLERK, DEMANDS, PORTAL, STATUS, arrived, letter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"
    for work in (Work.LEGAL_DEMAND, Work.CASE_REPLY):  # as a house that does not work on these by itself
        monkeypatch.delitem(routing.TABLE, work)


def test_work_that_nothing_does_yet_rests_with_a_person_and_is_handed_on_when_something_does(monkeypatch):
    message = arrived(letter())
    assert message.state is State.RESTING
    assert inbox.list_messages(view="waiting", by=CLERK, now=NOON).found == 1
    later = NOON + timedelta(minutes=2)
    assert routing.catch_up(lambda: later) == 0
    monkeypatch.setitem(routing.TABLE, Work.LEGAL_DEMAND, lambda *_: "demands")

    assert routing.catch_up(lambda: later) == 1
    letters.hand_on(later)

    assert queries.message(message.id).routed_to == "demands"
    assert routing.catch_up(lambda: later) == 0
    assert [each.message for each in Notice.objects.all()] == ["message_received"], "answered once, not again"


def test_who_writes_what_a_person_works_on_is_told_that_it_arrived_and_nothing_more():
    message = arrived(letter())

    (answer,) = Notice.objects.all()
    assert (answer.message, answer.automatic, answer.sender) == ("message_received", True, DEMANDS)
    assert message.reference in answer.text


def test_a_mailbox_that_does_not_answer_by_itself_confirms_nothing(monkeypatch):
    silent = replace(
        policy.at(NOON), mailboxes=tuple(replace(box, auto_reply="") for box in policy.at(NOON).mailboxes)
    )
    monkeypatch.setattr("tecum.policy.queries.at", lambda now: silent)

    arrived(letter())

    assert not Notice.objects.exists()


def test_a_misdirected_demand_is_told_where_it_belongs_and_rests_with_a_person():
    message = arrived(letter("Search warrant", "A search warrant is attached.", to=PORTAL), to=PORTAL)

    assert (message.klass, message.state) == (MessageClass.MISDIRECTED, State.RESTING)
    assert (message.routed_to, message.arrived_at) == ("legal_demand", NOON)
    assert [each.message for each in Notice.objects.all()] == ["misdirected"]


def test_what_a_person_did_by_hand_is_kept_with_the_message_and_no_longer_waits():
    message = arrived(letter())
    with pytest.raises(inbox.CannotReclassify, match="what was done"):
        inbox.done_by_hand(message=message.id, reason=" ", by=CLERK, now=NOON)

    inbox.done_by_hand(message=message.id, reason="Entered in the old system", by=CLERK, now=NOON)

    opened = inbox.open_message(message=message.id, by=CLERK, now=NOON)
    assert (opened.message.state, opened.message.routed_to) == (State.ROUTED, "by_hand")
    assert opened.decisions[-1].words == "Entered in the old system"
    assert queries.waiting(now=NOON) == (0, 0)
    with pytest.raises(inbox.CannotReclassify, match="does not wait"):
        inbox.done_by_hand(message=message.id, reason="again", by=CLERK, now=NOON)
    with pytest.raises(NotYours):
        inbox.done_by_hand(message=message.id, reason="not mine", by=Actor.stranger(), now=NOON)


@pytest.mark.parametrize(
    ("subject", "text", "work"),
    [
        ("Status of AP-7Q2M-40VX", "How does my application stand?", Work.APPLICATION_STATUS),
        ("Re: Your request (SU-7Q2M-40VX)", "It still does not work.", Work.SUPPORT),
        ("AP-7Q2M-40VX", "Please withdraw my application.", Work.SUPPORT),
        ("L-case", "Please withdraw LD-7Q2M-40VX, no longer needed", Work.WITHDRAWAL),
        ("LD-7Q2M-40VX", "What is the status?", Work.CASE_STATUS),
    ],
)
def test_what_a_reference_means_decides_what_is_done(subject, text, work):
    message = arrived(letter(subject, text, to=STATUS), to=STATUS)

    assert work_of(message) is work
