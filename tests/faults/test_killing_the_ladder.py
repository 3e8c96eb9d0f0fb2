"""kill -9 between the steps of a ladder and in the midst of them: each step fires once, and no page is doubled or lost."""

import os
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.models import Deadline, Escalation, EscalationEntry
from tecum.oncall import operations as oncall
from tests import make
from tests.make import ROOT as KEEPER
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]


def start(folder: Path, shift: timedelta) -> "subprocess.Popen[bytes]":
    """Start the ladder's lane in a process of its own, its clock shifted."""
    name = str(connection.settings_dict["NAME"])
    address = os.environ.get("TECUM_DATABASE_URL", "")
    address = f"{address.rpartition('/')[0]}/{name}" if address.startswith("postgres") else f"sqlite:{name}"
    (folder / "clock").write_text(str(shift.total_seconds()))
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "TECUM_DATABASE_URL": address,
        "TECUM_TEST_CLOCK": str(folder / "clock"), "TECUM_GUIDE": "example", "TECUM_DATA": str(folder),
        "TECUM_EPOCH_KEYS": str(django_settings.TECUM_EPOCH_KEYS),
        "TECUM_SEALING_KEY_FILE": str(django_settings.TECUM_SEALING_KEY_FILE), "TECUM_LOG_LEVEL": "CRITICAL",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "tecum", "jobs", "run", "--lane", "oncall"], env=environment, cwd=ROOT
    )


def steps() -> int:
    return EscalationEntry.objects.filter(kind="step").count()


def moved(lane: "subprocess.Popen[bytes]", seen: int, wanted: int) -> bool:
    """Tell whether a step fired since, or all have, or the lane is gone."""
    return steps() > seen or steps() >= wanted or lane.poll() is not None


@pytest.mark.broken_on_purpose("I9")  # no sender runs in this scene: what it wrote waits
def test_a_lane_killed_again_and_again_fires_every_step_once_and_pages_once_for_each(tmp_path):
    count, kills = size(ci=3, proof=12), size(ci=1, proof=8)
    now = clock.now()
    who = make.person(roles=["on_call_administrator"])
    oncall.add_shift(person=who.ref, period=Period(now, now + timedelta(days=1)), by=KEEPER, now=now)
    for number in range(count):
        oncall.begin(about=f"call:{number}", cause="voicemail", by=Actor.system("tests"), now=now)

    shift, wanted = timedelta(), count
    for rung in (1, 2, 3):
        for _ in range(kills):
            lane, seen = start(tmp_path, shift), steps()
            until(partial(moved, lane, seen, wanted))
            lane.kill()
            lane.wait()
            shift += timedelta(seconds=31)  # its lease runs out
        lane = start(tmp_path, shift)
        until(partial(moved, lane, wanted - 1, wanted))
        lane.kill()
        lane.wait()
        shift = timedelta(minutes=15 * rung, seconds=5)
        wanted = count * (rung + 1)

    fired = Counter(EscalationEntry.objects.filter(kind="step").values_list("escalation", "step", "round"))
    assert {which[1] for which in fired} == {1, 2, 3}
    assert set(fired.values()) == {1}
    paged = Counter(
        EscalationEntry.objects.filter(kind="paged").values_list("escalation", "step", "round", "who")
    )
    assert set(paged.values()) == {1}
    assert all(row.position >= 3 for row in Escalation.objects.all())
    open_ones = Deadline.objects.filter(kind="oncall.step", state__in=["ARMED", "CLAIMED"])
    assert open_ones.count() == count


def until(happens, seconds: float = 120.0) -> None:
    """Wait for what must happen; how long it takes says more about the machine's other work than about ours."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.05)
