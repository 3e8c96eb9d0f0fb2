"""Whatever dies at whatever moment: no message is lost, none is two (control 10, T1)."""

import contextlib
import random
import smtplib
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tecum.audit.models import TrailLeaf
from tecum.documents import operations as documents
from tecum.documents import queries as files
from tecum.inbox import operations as inbox
from tecum.inbox import queries
from tecum.inbox.models import InboundMessage, Judgement
from tecum.inbox.operations import receiving
from tecum.inbox.states import State
from tests import letters, mailservers
from tests.conftest import NOON
from tests.letters import DEMANDS, RUIZ, letter, receive
from tests.mailservers import free_port
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


class Killed(BaseException):
    """Stands for kill -9: nothing that catches exceptions catches it."""


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"
    return tmp_path


def die(*_args: object, **_more: object) -> None:
    raise Killed


POINTS = [
    (receiving.secrecy, "open_matter"),
    (receiving.documents, "put"),
    (receiving.documents, "enter"),
    (receiving, "_deliver"),
    (receiving.deadlines, "arm"),
    (receiving.audit, "record"),
]


@pytest.mark.parametrize(("where", "name"), POINTS, ids=lambda each: getattr(each, "__name__", each))
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_death_at_any_step_of_receiving_leaves_nothing_or_all(monkeypatch, where, name, after):
    raw, real = letter(), getattr(where, name)

    def dying(*args: object, **more: object) -> object:
        if after:
            real(*args, **more)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(where, name, dying)
        with pytest.raises(Killed):
            receive(raw)
    assert InboundMessage.objects.count() == 0, "there was no 250, so there is no message"
    assert queries.tally().holds

    here = receive(raw)  # the other side heard nothing, and sends again

    letters.sort()
    assert here.fresh
    assert queries.tally().holds
    assert InboundMessage.objects.count() == 1
    assert files.damaged() == []


JUDGING = ["_read", "_settle"]


@pytest.mark.parametrize("name", JUDGING)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_death_while_a_message_is_read_leaves_it_queued_and_it_is_read_once(monkeypatch, name, after):
    from tecum.inbox.operations import judging

    here = receive(letter())
    real = getattr(judging, name)

    def dying(*args: object, **more: object) -> object:
        if after:
            real(*args, **more)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(judging, name, dying)
        with pytest.raises(Killed):
            letters.sort()
    done = after and name == "_settle"
    assert queries.message(here.id).state is (State.CLASSIFIED if done else State.RECEIVED)
    assert queries.tally().holds

    letters.sort(NOON + timedelta(minutes=3))  # the lease of the dead worker is over

    assert queries.message(here.id).state is State.CLASSIFIED
    assert Judgement.objects.count() == 1
    assert TrailLeaf.objects.filter(event="mail.judged").count() == 1


@pytest.mark.sabotage("control 10: stored before it is read")
def test_if_a_message_were_read_before_it_is_stored_a_death_would_lose_it(monkeypatch):
    """The wrong order: the door parses first and stores afterwards, and answers 250 in between."""
    promised = []

    def wrong_door(raw: bytes) -> None:
        promised.append("250")
        reading.read(raw)
        die()
        receive(raw)

    from tecum.inbox.drivers import reading

    with pytest.raises(Killed):
        wrong_door(letter())

    assert len(promised) != queries.tally().stored, "the count of what was promised shows the loss"


@pytest.mark.slow
def test_a_listener_killed_again_and_again_loses_and_doubles_nothing():
    letters_in, port = size(fast=25, ci=60, proof=400), free_port()
    raws = [letter(f"Subpoena {number}", text="x" * 20_000) for number in range(letters_in)]
    stop, dice = threading.Event(), random.Random(7)
    kills = []

    def keep_alive() -> None:
        while not stop.is_set():
            with mailservers.command("mail", "listen", "--bind", f"127.0.0.1:{port}") as process:
                assert process.stdout is not None
                process.stdout.readline()  # it listens now
                stop.wait(dice.uniform(0.05, 1.5))
                if not stop.is_set():
                    process.kill()
                    kills.append(1)

    keeper = threading.Thread(target=keep_alive)
    keeper.start()
    try:
        for raw in raws:
            while not handed_over(port, raw):
                time.sleep(0.1)
    finally:
        stop.set()
        keeper.join()
    letters.sort(letters.now() + timedelta(minutes=5))

    tally = queries.tally()
    assert (InboundMessage.objects.count(), tally.stored, tally.queued, tally.holds) == (
        letters_in,
        letters_in,
        0,
        True,
    )
    assert files.damaged() == []
    assert kills


@pytest.mark.slow
def test_readers_killed_while_they_read_leave_every_message_in_one_class():
    count, dice = size(fast=30, ci=80, proof=500), random.Random(11)
    for number in range(count):
        badge = ("s.pdf", "application/pdf", letters.a_pdf(f"page {number}"))
        receive(
            letter(f"Subpoena {number}", files=(badge,) * 4), sender=f"s{number}@x.example", now=letters.now()
        )
    shift, minutes = Path(str(mailservers.settings.DATA)) / "clock", 0
    while queries.unread():
        minutes += 3
        shift.write_text(str(minutes * 60))
        with mailservers.command("jobs", "run", "--lane", "mail", TECUM_TEST_CLOCK=str(shift)) as process:
            before = queries.unread()
            mailservers.until(lambda before=before: queries.unread() < before, 60)  # it reads now
            time.sleep(dice.uniform(0.0, 0.7))
            process.kill()

    tally = queries.tally()
    assert (tally.queued, tally.holds) == (0, True)
    assert Judgement.objects.count() == count
    assert TrailLeaf.objects.filter(event="mail.judged").count() == count


def test_what_is_lost_from_the_disk_is_said_and_the_message_stays_queued(places: Path):
    here = receive(letter())
    for path in (places / "files").rglob("??/??/*"):
        path.unlink()

    for minute in range(0, 200, 16):
        letters.sort(NOON + timedelta(minutes=minute))

    assert queries.message(here.id).state is State.RECEIVED
    with pytest.raises(documents.FileMissing):
        documents.read(InboundMessage.objects.get(pk=here.id).raw)


def test_a_lease_that_passed_on_lets_the_late_reader_change_nothing():
    from tecum.deadlines import operations as deadlines
    from tecum.inbox.drivers.reader import Reader

    here = receive(letter())
    late = deadlines.claim(now=NOON, lane="mail")
    letters.sort(NOON + timedelta(minutes=3))
    assert late is not None
    InboundMessage.objects.filter(pk=here.id).update(
        state="RECEIVED", klass="", judged_at=None, reason="", belongs_to="", twin=""
    )

    with Reader() as reader, pytest.raises(deadlines.LeaseLost):
        inbox.judge(late, reader=reader, by=letters.BY, now=NOON + timedelta(minutes=3))

    assert Judgement.objects.count() == 1


def handed_over(port: int, raw: bytes, *, sender: str = RUIZ) -> bool:
    """Hand a message over as a mail system does: only a 250 counts."""
    with (
        contextlib.suppress(OSError, smtplib.SMTPException),
        smtplib.LMTP("127.0.0.1", port, timeout=10) as link,
    ):
        link.sendmail(sender, [DEMANDS], raw)
        return True
    return False
