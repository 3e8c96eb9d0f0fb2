"""kill -9 at every step of making, releasing, handing over and fetching: nothing half done, nothing leaves twice (T1)."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from tecum.jobs import long
from tecum.models import Download, Handover, Notice, Production, StoredFile, TrailLeaf
from tecum.production import operations as productions
from tecum_verify.bags import opened
from tecum_verify.production import verify
from tests.make import NOON
from tests.productions import case, package, signing  # noqa: F401
from tests.sizes import size

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.slow,
    pytest.mark.usefixtures("signing"),
]
ROOT = Path(__file__).resolve().parents[2]
MAKING = ["hashed", "before_receipt", "receipted", "printed", "packed", "before_made", "made"]
SCRIPT = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from django.conf import settings
from datetime import datetime, timedelta
from tecum.accounts import queries as people
from tecum.production import operations as productions
from tecum.jobs import long
from tests import make
settings.TECUM_SIGNING_FILE = {signing!r}
settings.MEDIA_ROOT = {media!r}
settings.TECUM_SEALING_KEY_FILE = {sealing!r}
settings.TECUM_EPOCH_KEYS = {epochs!r}
now = datetime.fromisoformat({now!r})
def actor(ref):
    return make.acting(make.again_by_ref(ref), stepped_up_at=now)
{act}
"""


def killed(act: str, *, at: str, now=NOON) -> int:
    """Run an act in a process that dies by SIGKILL at a point; return its exit code."""
    name = str(connection.settings_dict["NAME"])
    address = os.environ.get("TECUM_DATABASE_URL", "")
    address = f"{address.rpartition('/')[0]}/{name}" if address.startswith("postgres") else f"sqlite:{name}"
    script = SCRIPT.format(
        signing=str(django_settings.TECUM_SIGNING_FILE), media=str(django_settings.MEDIA_ROOT),
        sealing=str(django_settings.TECUM_SEALING_KEY_FILE), epochs=str(django_settings.TECUM_EPOCH_KEYS),
        now=now.isoformat(), act=act,
    )  # fmt: skip
    environment = {
        **os.environ, "TECUM_DATABASE_URL": address, "TECUM_TEST_FAIL_AT": at, "TECUM_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode in (0, -9), done.stderr[-2000:]
    return done.returncode


def events(name: str) -> int:
    return TrailLeaf.objects.filter(event=name).count()


@pytest.mark.parametrize("point", MAKING)
def test_making_killed_at_any_step_is_resumed_and_gives_one_package_with_one_receipt(point, tmp_path):
    found = case(rows=size(ci=20, proof=2000))
    id = found.prepare()

    code = killed("long.make_all(lambda: now)", at=point)

    assert code == -9
    row = Production.objects.get(pk=id)
    assert row.state == ("MADE" if point == "made" else "PREPARING")
    later = NOON + timedelta(hours=1)  # the lease of the dead worker is over
    long.make_all(lambda: later)
    row.refresh_from_db()
    assert row.state == "MADE"
    assert events("production.assembled") == events("production.made") == 1
    assert StoredFile.objects.filter(purpose="production").count() == 1
    (tmp_path / "answer.zip").write_bytes(package(id))
    assert verify(opened(tmp_path / "answer.zip"))[0] == []


@pytest.mark.parametrize(("point", "released"), [("before_release", False), ("released", True)])
def test_a_release_killed_is_whole_or_was_never(point, released):
    found = case()
    id = found.made()
    proposal = productions.propose_release(
        production=id, receivers=found.receivers, by=found.preparer, now=NOON
    )
    act = (
        f"productions.approve_release(production={id!r}, approval={proposal.id!r}, "
        f"by=actor({found.approver.ref!r}), now=now)"
    )

    assert killed(act, at=point) == -9

    assert Production.objects.get(pk=id).state == ("RELEASED" if released else "MADE")
    assert events("production.released") == events("approval.approved") == int(released)
    if not released:
        productions.approve_release(production=id, approval=proposal.id, by=found.approver, now=NOON)
        assert events("production.released") == 1


@pytest.mark.parametrize(("point", "handed"), [("before_handover", False), ("handed", True)])
def test_handing_over_killed_offers_it_once_and_tells_once(point, handed):
    found = case()
    id = found.released()
    act = (
        f"productions.hand_to_account(production={id!r}, person={found.officer.ref!r}, "
        f"by=actor({found.preparer.ref!r}), now=now)"
    )

    assert killed(act, at=point) == -9

    assert Handover.objects.filter(state="OPEN").count() == int(handed)
    assert Notice.objects.filter(message="production_ready").count() == int(handed)


@pytest.mark.parametrize(("point", "counted"), [("before_fetch", False), ("fetched", True)])
def test_fetching_killed_counts_exactly_what_was_recorded(point, counted):
    found = case()
    handover = found.handed()
    act = f"productions.fetch(handover={handover!r}, by=actor({found.officer.ref!r}), now=now)"

    assert killed(act, at=point) == -9

    row = Handover.objects.get(pk=handover)
    assert row.downloads_left == (2 if counted else 3)
    assert Download.objects.count() == events("production.fetched") == int(counted)
    assert Production.objects.get().state == ("FETCHED" if counted else "RELEASED")
