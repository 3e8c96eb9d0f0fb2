"""Hostile, broken and merely odd mail: by its class, never by a crash, and never lost (control 10, T10)."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from django.db import connections

from tecum.inbox import operations as inbox
from tecum.inbox import queries
from tecum.inbox.drivers import copies, reading, wire
from tecum.inbox.drivers import reader as reader_module
from tecum.inbox.drivers.reader import Reader, Unreadable
from tecum.inbox.facts import Envelope
from tecum.inbox.models import InboundMessage
from tecum.inbox.states import MessageClass, State
from tecum.mailroom import sorting
from tecum.notices.models import Notice
from tecum.notices.states import NoticeState
from tests import letters
from tests.conftest import NOON
from tests.corpus import Case, cases, large, seeds
from tests.letters import DEMANDS, RUIZ, letter, receive
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True)]
CASES = list(cases())


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"
    return tmp_path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.odd)
def test_odd_mail_ends_in_its_class(case: Case):
    message = letters.arrived(case.raw, to=case.to, form=case.form)

    assert (message.klass, message.reason) == (case.klass, case.reason)
    facts = queries.content(message.id).facts
    assert set(case.signs) <= set(facts.signs)
    assert [part.name for part in facts.attachments][: len(case.files)] == list(case.files)
    assert not any(ord(c) < 32 or c in "\u202e\u2066" for c in facts.subject + facts.sender.name)
    assert queries.tally().holds


@pytest.mark.slow
def test_an_attachment_of_40_megabytes_is_a_demand_like_any_other():
    message = letters.arrived(large())

    assert (message.klass, message.attachments) == (MessageClass.LEGAL_DEMAND, 1)


def mutated(seed: int, raws: list[bytes]) -> bytes:
    """Return one of the messages with a few bytes, lines or stretches changed, dropped, doubled or swapped."""
    dice = random.Random(seed)
    raw = bytearray(dice.choice(raws))
    for _ in range(dice.randint(1, 12)):
        at = dice.randrange(len(raw) + 1)
        to = min(len(raw), at + dice.choice((1, 1, 4, 40, 400)))
        match dice.randrange(6):
            case 0:
                raw[at:to] = dice.randbytes(to - at)
            case 1:
                del raw[at:to]
            case 2:
                raw[at:at] = raw[at:to] * dice.choice((1, 1, 30))
            case 3:
                raw[at:at] = dice.choice(
                    (b"\r\n", b"\n", b"\0", b"=?", b"?=", b"--x\r\n", b"--x--", b"<", b'"', b";", b"\xff")
                )
            case 4:
                other = dice.choice(raws)
                raw[at:at] = other[: dice.randrange(len(other) + 1)][-400:]
            case _:
                raw[at:to] = bytes(reversed(raw[at:to]))
    return bytes(raw)


def test_mutated_messages_crash_nothing_and_none_is_lost():
    raws, count = seeds(), size(fast=120, ci=1_000, proof=10_000)
    for number in range(count):
        inbox.receive(
            mutated(number, raws) + b"\r\n%d" % number, envelope=Envelope(f"s{number}@x.example", (DEMANDS,)),
            door="lmtp", by=letters.BY, now=NOON,
        )  # fmt: skip

    letters.sort()

    tally, reasons = queries.tally(), Counter(InboundMessage.objects.values_list("reason", flat=True))
    assert (tally.stored, tally.queued, tally.holds) == (count, 0, True)
    assert not [reason for reason in reasons if reason.startswith("unreadable")], reasons


@pytest.mark.sabotage("control 10: the parser's newer policy")
def test_the_librarys_own_accessors_raise_on_such_mail_where_ours_never_do():
    raws = seeds()
    raised = 0
    for number in range(400):
        raw = mutated(number, raws)
        reading.read(raw)
        try:
            message = message_from_bytes(raw, policy=default)
            for name in ("from", "to", "subject", "message-id", "date", "content-type"):
                str(message[name])
        except Exception:
            raised += 1

    assert raised > 0, "if this no longer raises, our accessors may have outlived their reason"


def test_a_message_that_never_ends_is_given_up_and_the_next_one_is_read(monkeypatch):
    real = reader_module._exchange

    def stuck(
        process, question, raw
    ):  # stands for a parser that loops: nothing comes back until it is killed
        if b"KILLER" not in raw:
            return real(process, question, raw)
        return (None, b"") if wire.taken(process.stdout) is None else ({}, b"")

    monkeypatch.setattr(reader_module, "_exchange", stuck)
    with Reader(patience=3) as reader:
        with pytest.raises(Unreadable) as fault:
            reader.facts(letter("KILLER"))

        assert fault.value.reason == "time"
        assert reader.facts(letter("harmless")).subject == "harmless"


def test_a_message_that_computes_too_long_is_ended_by_the_kernel():
    with Reader(seconds=1) as reader, pytest.raises(Unreadable) as fault:
        reader.facts(
            letter(files=tuple((f"{n}.pdf", "application/pdf", letters.a_pdf()) for n in range(290)))
            + large(150 << 20)
        )

    assert fault.value.reason == "time"


def test_memory_and_time_of_a_reader_are_limited_by_the_kernel():
    with Reader() as reader:
        reader.facts(letter())
        assert reader.process is not None
        limits = Path(f"/proc/{reader.process.pid}/limits").read_text()
        environment = Path(f"/proc/{reader.process.pid}/environ").read_bytes()

    assert "1610612736" in next(line for line in limits.splitlines() if line.startswith("Max address space"))
    assert next(line for line in limits.splitlines() if line.startswith("Max file size")).split()[3] == "0"
    assert b"TECUM_" not in environment


def test_a_reader_that_was_killed_from_outside_reads_again_in_a_fresh_process():
    with Reader() as reader:
        reader.facts(letter())
        assert reader.process is not None
        first = reader.process.pid
        reader.process.kill()

        assert reader.facts(letter("again")).subject == "again"
        assert reader.process.pid != first


def test_a_reader_is_replaced_after_so_many_messages(monkeypatch):
    monkeypatch.setattr("tecum.inbox.drivers.reader.MESSAGES_PER_PROCESS", 2)
    with Reader() as reader:
        pids = []
        for _ in range(4):
            reader.facts(letter())
            assert reader.process is not None
            pids.append(reader.process.pid)

    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_a_storm_from_one_sender_drowns_nobody_and_an_emergency_is_read_first():
    count = size(fast=60, ci=500, proof=50_000)
    for number in range(count):
        receive(
            letter(f"EXIGENT storm {number}"),
            sender="storm@x.example",
            now=NOON + timedelta(milliseconds=number),
        )
    later = NOON + timedelta(minutes=1)
    receive(letter("An ordinary subpoena"), sender="a@police.example.gov", now=later)
    exigent = receive(letter("EXIGENT: kidnapped child"), sender="b@police.example.gov", now=later)

    # Whatever the storm brought first is read; the emergency does not wait for the rest of it.
    read = 0
    while queries.message(exigent.id).state is State.RECEIVED:
        assert sorting.sort("mail-urgent", clock=lambda: later, most=1) == 1
        read += 1

    assert read <= 21, "twenty of the storm may be ahead, no more"
    assert queries.message(exigent.id).urgent
    assert queries.unread() == count + 2 - read


@pytest.mark.sabotage("control 10: lanes")
def test_without_lanes_the_emergency_would_wait_for_the_whole_storm(monkeypatch):
    monkeypatch.setattr("tecum.inbox.queries.InboundMessage.sent_lately", lambda *_, **__: 0)
    for number in range(30):
        receive(letter(f"EXIGENT storm {number}"), sender="storm@x.example", now=NOON)
    exigent = receive(letter("EXIGENT: kidnapped child"), sender="b@police.example.gov", now=NOON)

    for _ in range(21):
        sorting.sort("mail-urgent", clock=lambda: NOON, most=1)

    assert queries.message(exigent.id).state is State.RECEIVED


def test_two_auto_responders_facing_each_other_hear_one_answer():
    for number in range(12):
        raw = letter(
            "Re: Your message belongs to another address",
            "I am away",
            to=letters.ACTIVATION,
            sender="away@police.example.gov",
        )
        letters.arrived(
            raw, to=letters.ACTIVATION, sender="away@police.example.gov", now=NOON + timedelta(minutes=number)
        )

    assert Notice.objects.filter(automatic=True).exclude(state=NoticeState.NOT_SENT).count() <= 1


def test_a_copy_for_the_eyes_has_no_script_and_the_original_stays():
    message = letters.arrived(letter(files=(("s.pdf", "application/pdf", letters.a_pdf(active=True)),)))
    (part,) = queries.content(message.id).facts.attachments

    clerk = letters.CLERK
    _, copy = inbox.take_part(message=message.id, part=part.number, original=False, by=clerk, now=NOON)
    _, original = inbox.take_part(message=message.id, part=part.number, original=True, by=clerk, now=NOON)

    assert "active" in part.signs
    assert b"JavaScript" in original
    assert b"JavaScript" not in copy
    assert b"OpenAction" not in copy
    with pytest.raises(copies.NoCopy):
        copies.copy(b"MZ", "application/x-msdownload")


@pytest.mark.both_databases
def test_a_message_from_many_copies_at_once_is_one_message():
    raw = letter()

    def hand_in(_n: int) -> str:
        try:
            return receive(raw, sender=RUIZ).id
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        ids = set(threads.map(hand_in, range(12)))

    assert len(ids) == 1
    assert InboundMessage.objects.count() == 1
