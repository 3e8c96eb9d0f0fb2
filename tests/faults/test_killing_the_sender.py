"""kill -9 between send and mark: nothing is lost, and what arrives twice arrives under one Message-ID (control 11)."""

import os
import signal
import subprocess
import sys
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from tecum.kernel.actors import Actor
from tecum.notices import operations as notices
from tecum.notices import queries, rules
from tecum.notices.models import Notice
from tecum.vetting import messages as _declared  # noqa: F401
from tests.conftest import NOON
from tests.mailpeers import Peer, serving
from tests.mailservers import PATIENCE, until
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
BY = Actor.system("vetting")
ROOT = Path(__file__).resolve().parents[2]


def start(peer: Peer, folder: Path, *, shift: timedelta) -> subprocess.Popen[bytes]:
    """Start the outbox's lane in a process of its own, its clock shifted."""
    name = str(connection.settings_dict["NAME"])
    address = os.environ.get("TECUM_DATABASE_URL", "")
    address = f"{address.rpartition('/')[0]}/{name}" if address.startswith("postgres") else f"sqlite:{name}"
    (folder / "clock").write_text(str(shift.total_seconds()))
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tecum.config.settings",
        "TECUM_DATABASE_URL": address,
        "TECUM_DATA": str(folder),
        "TECUM_SECRET_KEY": "x" * 50,
        "TECUM_SMTP": peer.address,
        "TECUM_TEST_CLOCK": str(folder / "clock"),
        "TECUM_LOG_LEVEL": "ERROR",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tecum", "jobs", "run", "--lane", "outbox"], env=environment, cwd=ROOT
    )


def test_a_sender_killed_between_send_and_mark_loses_nothing_and_doubles_under_one_id(tmp_path):
    """The server takes the message, the sender dies before it can write that down: again and again."""
    count, kills = size(ci=4, proof=40), size(ci=2, proof=20)
    process: list[subprocess.Popen[bytes]] = []
    killed: list[int] = []

    def kill(peer: Peer, _envelope) -> str:
        if len(killed) < kills and len(peer.arrived) % 2 == 1:
            killed.append(len(peer.arrived))
            process[-1].send_signal(signal.SIGKILL)
            process[-1].wait()
        return "250 kept"

    with serving(Peer(answer=kill)) as peer:
        words = {"reference": "AP-1", "window": "3-5 business days", "missing": "-"}
        with transaction.atomic():
            made = [
                notices.enqueue(
                    "application_received", to=f"d{n}@agency1.example.gov", context=words, by=BY, now=NOON
                ).id
                for n in range(count)
            ]
        shift = timedelta()
        for _ in range(kills + 1):
            process.append(start(peer, tmp_path, shift=shift))
            assert until(
                lambda: process[-1].poll() is not None or Notice.objects.filter(state="SENT").count() == count
            )
            shift += rules.LEASE + timedelta(seconds=1)
        process[-1].terminate()
        assert process[-1].wait(PATIENCE) == 0

    assert len(killed) == kills
    assert set(Notice.objects.filter(pk__in=made).values_list("state", flat=True)) == {"SENT"}
    ids = defaultdict(set)
    for mail in peer.arrived:
        ids[mail.to[0]].add(mail.id)
    assert len(ids) == count, "none lost"
    assert all(len(of_one) == 1 for of_one in ids.values()), "a duplicate carries the same Message-ID"
    assert len(peer.arrived) == count + kills
    assert queries.stuck(now=NOON + timedelta(days=3650)) == []
