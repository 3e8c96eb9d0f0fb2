"""Whoever writes to the wrong address hears once that it arrived, and where to write next time."""

from pathlib import Path

import pytest

from tecum.inbox.states import MessageClass
from tecum.mailroom import answering, routing
from tecum.models import Application, Notice, SupportThread
from tecum.notices.states import NoticeState
from tests.letters import DEMANDS, PORTAL, RUIZ, STATUS, arrived, letter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"


def answers() -> list[tuple[str, str]]:
    """Return the automatic answers that go out: which, and their text."""
    rows = Notice.objects.filter(automatic=True).exclude(state=NoticeState.NOT_SENT)
    return [(row.message, row.text) for row in rows]


@pytest.mark.requirement("R-069")
@pytest.mark.parametrize(
    ("subject", "to", "right", "message"),
    [
        ("Application Attached for Law Portal Access", DEMANDS, PORTAL, "application_misdirected"),
        ("SUPPORT NEEDED", DEMANDS, PORTAL, "support_misdirected"),
        ("Subpoena", PORTAL, DEMANDS, "demand_misdirected"),
    ],
)
def test_one_answer_says_that_it_arrived_and_which_address_is_right(subject, to, right, message):
    sent = arrived(letter(subject, "Please help us.", to=to), to=to, sender=RUIZ)

    assert sent.klass is MessageClass.MISDIRECTED
    ((kind, text),) = answers()
    assert kind == message
    assert right in text
    assert Application.objects.count() + SupportThread.objects.count() == (message != "demand_misdirected")


def test_a_question_how_an_application_stands_is_answered_once_at_the_wrong_address_too():
    arrived(letter("Status of AP-7Q2M-40VX", "How does it stand?", to=DEMANDS), to=DEMANDS, sender=RUIZ)

    assert len(answers()) == 1


def test_what_means_nothing_to_us_is_told_the_right_address_and_nothing_else():
    sent = arrived(letter("SUPPORT NEEDED", "Please help us.", to=STATUS), to=STATUS, sender=RUIZ)

    assert sent.klass is MessageClass.MISDIRECTED
    assert len(answers()) == 1


@pytest.mark.sabotage("control 11: one answer")
def test_without_asking_what_was_answered_there_would_be_two(monkeypatch):
    monkeypatch.setattr(routing, "SAY_WHERE", set())
    monkeypatch.setattr(answering.sent, "was_answered", lambda letter, *, now: False)

    arrived(letter("SUPPORT NEEDED", "Please help us.", to=DEMANDS), to=DEMANDS, sender=RUIZ)

    assert len(answers()) == 2
