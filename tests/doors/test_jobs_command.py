"""`tecum jobs run`: the lanes in a process of their own, stopped in good order, watched from outside."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from tecum.audit import operations as audit
from tecum.audit import queries
from tecum.audit.models import TrailLeaf
from tecum.cli.main import main
from tecum.inventory.models import InventoryLoad
from tecum.jobs import runner
from tecum.jobs.lane import Lane
from tecum.jobs.lanes import all_lanes
from tecum.kernel.actors import Actor
from tests.conftest import NOON

BY = Actor.system("jobs")
pytestmark = pytest.mark.django_db(transaction=True)


def until(happens, seconds: float = 120.0) -> bool:
    """Wait for what must happen; how long it takes says more about the machine's other work than about ours."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.05)
    return False


def remember() -> None:
    with transaction.atomic():
        audit.record("trail.payloads_destroyed", by=BY, at=NOON, epoch="2026", payloads=0)


@pytest.fixture
def jobs(tmp_path) -> Iterator[subprocess.Popen[bytes]]:
    """The command in a process of its own, on the test's own database."""
    name = str(connection.settings_dict["NAME"])
    address = os.environ.get("TECUM_DATABASE_URL", "")
    address = f"{address.rpartition('/')[0]}/{name}" if address.startswith("postgres") else f"sqlite:{name}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tecum.config.settings",
        "TECUM_DATABASE_URL": address,
        "TECUM_DATA": str(tmp_path),
        "TECUM_SECRET_KEY": "x" * 50,
    }
    process = subprocess.Popen([sys.executable, "-m", "tecum", "jobs", "run"], env=environment)
    yield process
    if process.poll() is None:
        process.kill()
        process.wait()


@pytest.mark.both_databases
def test_what_is_recorded_is_sealed_within_seconds_and_the_command_stops_in_good_order(jobs, tmp_path):
    remember()
    remembered = TrailLeaf.objects.filter(
        event="trail.payloads_destroyed"
    )  # beside what the lanes remember themselves

    assert until(remembered.filter(position__isnull=False).exists)
    assert all_lanes()["trail"].rest <= timedelta(seconds=1), "as often as this it is looked at"
    assert until(lambda: (tmp_path / "jobs" / "trail.json").exists())
    assert json.loads((tmp_path / "jobs" / "trail.json").read_text())["faults"] == 0
    jobs.send_signal(signal.SIGTERM)

    assert jobs.wait(120) == 0


def test_once_does_what_there_is_and_ends():
    remember()

    assert main(["jobs", "run", "--once", "--lane", "trail"]) == 0

    assert TrailLeaf.objects.pending().count() == 0


def test_a_lane_that_is_not_there_is_said(capsys):
    assert main(["jobs", "run", "--once", "--lane", "tarmac"]) == 1

    assert "There is no lane tarmac; there are:" in capsys.readouterr().err


def test_a_watcher_outside_is_told_which_lane_is_silent(settings, tmp_path, capsys):
    settings.DATA = tmp_path

    assert main(["jobs", "alive"]) == 1

    assert "trail: has never run." in capsys.readouterr().err


def test_a_lane_that_fails_goes_on_and_says_so_in_its_sign_of_life(tmp_path: Path):
    looks: list[int] = []
    stop = threading.Event()

    def step(_clock) -> int:
        looks.append(1)
        if len(looks) == 4:
            stop.set()
        raise ConnectionError

    runner.keep(
        Lane("broken", "break", step, timedelta(milliseconds=1)),
        clock=lambda: NOON,
        stop=stop,
        folder=tmp_path,
    )

    assert len(looks) == 4
    assert runner.beats(tmp_path)["broken"].faults == 4
    (sentence,) = runner.silent(tmp_path, ["broken"], now=NOON, longest=timedelta(minutes=1))
    assert "fails, 4 times in a row" in sentence


def test_a_lane_that_stands_still_is_noticed(tmp_path: Path):
    runner.beat(tmp_path, runner.Beat("trail", NOON, 0))

    assert runner.silent(tmp_path, ["trail"], now=NOON, longest=timedelta(seconds=90)) == []
    (sentence,) = runner.silent(
        tmp_path, ["trail"], now=NOON + timedelta(minutes=2), longest=timedelta(seconds=90)
    )

    assert "silent since 2026-09-08 16:00:00 UTC" in sentence


def test_every_lane_of_the_due_table_is_run_and_the_trail_twice_a_second():
    lanes = all_lanes()

    assert "ordinary" in lanes
    assert lanes["trail"].rest <= timedelta(seconds=0.5)


@pytest.mark.both_databases
def test_a_load_that_a_crash_left_open_is_finished_when_the_jobs_start(inventory, monkeypatch):
    visits = all_lanes()["visits"]
    monkeypatch.setattr("tecum.cli.jobs.all_lanes", lambda: {"visits": visits})
    InventoryLoad.objects.create(
        id="load-of-yesterday",
        kind="feed",
        file_name="changes.csv",
        sha256="0" * 64,
        as_of=NOON,
        by="cli:op",
        intended_at=NOON,
        lines=1,
        numbers=1,
        added=0,
        removed=0,
        moved=0,
        rejected=0,
    )

    assert main(["jobs", "run", "--once"]) == 0

    assert InventoryLoad.objects.get().state == "ABANDONED"
    assert "load.abandoned" in [entry.event for entry in queries.since(NOON - timedelta(days=9000))]
