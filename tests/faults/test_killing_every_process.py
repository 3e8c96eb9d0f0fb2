"""Messages come in while every process of ours is killed at random: none is lost, none is answered twice (T1, T10)."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections

from tecum.inbox import queries
from tecum.inbox.models import InboundMessage
from tecum.models import Notice
from tests import mailservers
from tests.faults.test_killing_the_mailroom import handed_over
from tests.letters import letter
from tests.mailpeers import Peer, serving
from tests.mailservers import free_port
from tests.sizes import size

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LANES = [word for lane in ("mail-urgent", "mail", "mail-route", "outbox") for word in ("--lane", lane)]
LEASE = 300  # seconds: longer than any lease of a worker that died


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"
    return tmp_path


def answered() -> bool:
    """Tell whether everything that came in is read, handed on, and its answer is out."""
    waits = Notice.objects.exclude(state__in=["SENT", "NOT_SENT"]).exists()
    on_its_way = InboundMessage.objects.filter(routed_to="").exists()
    return not (queries.unread() or on_its_way or waits)


class Killer:
    """Keeps a command alive by starting it again and again, and kills it at random once it has done something."""

    def __init__(
        self, *words: str, progress: Callable[[], object], after: Callable[[], None], **more: str
    ) -> None:
        self.words, self.progress, self.after, self.more = words, progress, after, more
        self.stop, self.kills, self.dice = threading.Event(), 0, random.Random(5)
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        while not self.stop.is_set():
            with mailservers.command(*self.words, **self.more) as process:
                before = self.progress()
                mailservers.until(lambda before=before: self.stop.is_set() or self.progress() != before, 20)
                self.stop.wait(self.dice.uniform(0.0, 0.7))
                process.kill()
                self.kills += 1
            self.after()
        connections.close_all()

    def __enter__(self) -> "Killer":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()


def stored() -> int:
    return InboundMessage.objects.count()


def done() -> tuple[int, int]:
    return queries.unread(), Notice.objects.filter(state="SENT").count()


def test_whatever_is_killed_whenever_each_message_is_kept_once_and_answered_once(places: Path):
    count, port = size(ci=8, proof=200), free_port()
    senders = [f"officer{number}@police.marrow.example.gov" for number in range(count)]
    shift = places / "clock"
    shift.write_text("0")

    def past_the_leases() -> None:
        shift.write_text(str(int(shift.read_text()) + LEASE))

    with serving(Peer()) as peer:
        clocked = {"TECUM_TEST_CLOCK": str(shift), "TECUM_SMTP": peer.address}
        listen = ("mail", "listen", "--bind", f"127.0.0.1:{port}")
        with (
            Killer(*listen, progress=stored, after=lambda: None, **clocked) as door,
            Killer("jobs", "run", *LANES, progress=done, after=past_the_leases, **clocked) as jobs,
        ):
            for number, sender in enumerate(senders):
                raw = letter(f"Subpoena {number}", "grand jury subpoena", sender=f"Officer <{sender}>")
                while not handed_over(port, raw, sender=sender):
                    time.sleep(0.1)
        past_the_leases()
        with mailservers.command("jobs", "run", *LANES, **clocked):
            assert mailservers.until(answered, 60 + 3 * count), (
                queries.unread(),
                list(Notice.objects.values_list("message", "state")),
            )

    assert min(door.kills, jobs.kills) >= 1
    assert (stored(), queries.tally().holds) == (count, True)
    told = Counter(Notice.objects.filter(message="demand_received").values_list("recipient", flat=True))
    assert told == dict.fromkeys(senders, 1), "one answer for each, in the outbox"
    heard: dict[str, set[str]] = {}
    for mail in peer.arrived:
        heard.setdefault(mail.to[0], set()).add(mail.id)
    assert {to: len(heard.get(to, ())) for to in senders} == dict.fromkeys(senders, 1), (
        "what the wire carries twice, because its sender died before it could write that down, has one Message-ID"
    )
