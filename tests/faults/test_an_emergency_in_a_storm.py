"""One sender brings down a storm on our door; an emergency that comes meanwhile is seen within half a minute (T10)."""

import smtplib
import threading
import time
from asyncio import run
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connections

from tecum.inbox import queries
from tecum.inbox.facts import Envelope
from tecum.inbox.models import InboundMessage
from tecum.inbox.states import State
from tecum.mailroom import listener
from tests import mailservers
from tests.conftest import NOON
from tests.letters import DEMANDS, letter
from tests.sizes import size

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LANES = [
    word for lane in ("mail-urgent", "mail", "mail-bulk", "mail-route", "outbox") for word in ("--lane", lane)
]
HOSES = 4  # connections that bring the storm
BAR = 30.0  # seconds from the end of the emergency's data to somebody seeing it


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"


def hose(port: int, numbers: range) -> None:
    """Bring a part of the storm, shouting, over one connection; what is put off is brought again, as mail systems do."""
    with smtplib.LMTP("127.0.0.1", port, timeout=300) as link:
        for number in numbers:
            raw = letter(f"EXIGENT storm {number}", "grand jury subpoena", sender="Storm <storm@x.example>")
            while not taken(link, raw):
                time.sleep(1)


def taken(link: smtplib.LMTP, raw: bytes) -> bool:
    """Hand a message of the storm over; tell whether it was taken and not put off."""
    try:
        link.sendmail("storm@x.example", [DEMANDS], raw)
    except smtplib.SMTPRecipientsRefused:
        return False
    except smtplib.SMTPResponseException as answer:
        if answer.smtp_code >= 500:
            raise
        return False
    return True


def emergency(port: int, number: int) -> float:
    """Bring an emergency and return how many seconds it took until it was read and stood before people."""
    sender = f"officer{number}@police.marrow.example.gov"
    raw = letter(f"EXIGENT: kidnapped child {number}", "life at stake", sender=f"Officer <{sender}>")
    with smtplib.LMTP("127.0.0.1", port, timeout=300) as link:
        began = time.monotonic()
        link.sendmail(sender, [DEMANDS], raw)
    seen = InboundMessage.objects.filter(urgent=True).exclude(state=State.RECEIVED)
    before = seen.exclude(lane="mail-bulk")
    key = queries.sender_key(Envelope(sender, (DEMANDS,)))
    assert mailservers.until(before.filter(sender_key=key).exists, 300)
    return time.monotonic() - began


def test_an_emergency_that_comes_in_a_storm_is_seen_within_half_a_minute(capsys):
    count, port = size(ci=120, proof=50_000), mailservers.free_port()
    parts = [range(start, count, HOSES) for start in range(HOSES)]
    with (
        mailservers.command("mail", "listen", "--bind", f"127.0.0.1:{port}"),
        mailservers.command("jobs", "run", *LANES),
    ):
        assert mailservers.until(lambda: mailservers.answers(port))
        began = time.monotonic()
        hoses = [threading.Thread(target=hose, args=(port, part)) for part in parts]
        for each in hoses:
            each.start()
        took = []
        for number, share in enumerate((0.2, 0.5, 0.8)):
            assert mailservers.until(
                lambda least=share * count: InboundMessage.objects.count() >= least, 7200
            )
            took.append(emergency(port, number))
        for each in hoses:
            each.join()
        stored_in = time.monotonic() - began
    connections.close_all()

    with capsys.disabled():
        words = ", ".join(f"{each:.1f}" for each in took)
        print(f"\nT10 storm of {count:,} stored in {stored_in:.0f} s; emergencies seen after {words} s")
    assert InboundMessage.objects.count() == count + len(took)
    assert queries.tally().holds
    assert max(took) <= BAR


def test_what_presses_is_stored_by_a_hand_of_its_own(monkeypatch):
    names = []

    def take(raw: bytes, **_: object) -> SimpleNamespace:
        names.append((b"EXIGENT" in raw, threading.current_thread().name.partition("_")[0]))
        return SimpleNamespace(reference="ML")

    monkeypatch.setattr(listener.inbox, "receive", take)
    with (
        ThreadPoolExecutor(1, "ordinary") as ordinary,
        ThreadPoolExecutor(1, "express") as express,
        ThreadPoolExecutor(1) as loop,
    ):
        door = listener.Door("lmtp", lambda: NOON, ordinary, express)
        session = SimpleNamespace(peer=("127.0.0.1", 1), host_name="x")
        for subject in ("Subpoena", "EXIGENT: kidnapped child"):
            raw = letter(subject)
            envelope = SimpleNamespace(
                mail_from="a@police.example.gov", rcpt_tos=[DEMANDS], original_content=raw
            )
            # In a thread of its own: a browser of an earlier test keeps its loop in this one.
            said = loop.submit(lambda: run(door.handle_DATA(None, session, envelope))).result()  # noqa: B023
            assert said.startswith("250")
        for pool in (ordinary, express):
            pool.submit(connections.close_all).result()

    assert names == [(False, "ordinary"), (True, "express")]
